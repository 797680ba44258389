"""What we found in articles, what people say of it, and which articles are one story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence: `text[start:end] == form` in the named field (`title` or `body`), and the rule that made the form."""

    term_id: str
    start: int
    end: int
    form: str
    field: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding of ours, recomputed at will. `id` derives from (campaign, article), so a verdict outlives any re-run."""

    id: str
    campaign_id: str
    article_id: int
    circle: str
    hits: tuple[Hit, ...]
    labels: tuple[str, ...] = ()
    key_messages: tuple[str, ...] = ()
    held: bool = False
    campaign_version: str = ""


class Decision(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    UNSURE = "unsure"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's word on a mention. Kept for ever; the newest one counts."""

    campaign_id: str
    article_id: int
    decision: Decision
    decided_at: datetime
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class StoryText:
    """What grouping needs of an article."""

    article_id: int
    outlet_id: str
    title: str
    body: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """The same news in one or more outlets. `key` derives from its members, so arrival order does not show."""

    key: str
    article_ids: tuple[int, ...]
