"""What became of an item after it was found: visits to its page, and the changes they showed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from tracker.model.fetching import FetchFacts


class ChangeKind(StrEnum):
    """How a page differs from what it was."""

    EDITED = "edited"
    GONE = "gone"
    BACK = "back"


class Seen(StrEnum):
    """What one visit showed. Exactly one each; NOT_LOOKED_AT says nothing of the page and is tried again."""

    UNCHANGED = "unchanged"
    EDITED = "edited"
    GONE = "gone"
    BACK = "back"
    NOT_LOOKED_AT = "not_looked_at"


class MentionChange(StrEnum):
    """What a new text means for the mention of a campaign."""

    NAME_GONE = "name_gone"  # the campaign's query holds no more
    ORGANISATION_GONE = "organisation_gone"  # the text named the organisation and does no more
    ORGANISATION_NEW = "organisation_new"
    CORRECTION = "correction"  # the outlet added a notice of a correction
    HELD = "held"  # a label that holds items back marks the new text: its words may identify a child
    HEADLINE = "headline"  # a headline that names the organisation changed, before or after


class WantedRevisit(Struct, frozen=True):
    """An item's page to visit again. `etag`, `last_modified`: of the answer that the kept page came with, empty where it had none.
    `sha256`: of the kept page's bytes."""

    article_id: int
    outlet_id: str
    url: str
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


class RevisitResult(Struct, frozen=True):
    """How one visit was answered. `body`: the page's bytes; None where none came."""

    wanted: WantedRevisit
    facts: FetchFacts
    body: bytes | None = None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


class ItemText(Struct, frozen=True):
    """An item's headline and text, paragraphs on lines of their own."""

    title: str
    body: str

    @property
    def whole(self) -> str:
        """Both in one."""
        return f"{self.title}\n{self.body}".strip()


class Revision(Struct, frozen=True):
    """One change of an item's page. `before`: None with BACK; `after`: None with GONE. `why`: in words for staff.
    `mention_changes`: (campaign id, MentionChange)."""

    id: int
    article_id: int
    kind: ChangeKind
    seen_at: datetime
    before: ItemText | None
    after: ItemText | None
    why: str = ""
    mention_changes: tuple[tuple[str, str], ...] = ()

    def changes_for(self, campaign_id: str) -> tuple[str, ...]:
        """What the change means for the mention of one campaign."""
        return tuple(change for campaign, change in self.mention_changes if campaign == campaign_id)


class ChangedItem(Struct, frozen=True):
    """An item that an earlier edition reported and whose page changed since. `change`: a ChangeKind or, of an edit, what it means: a
    MentionChange. `new_title`: the headline as the outlet has it now, empty where it is the same or may not be printed."""

    article_id: int
    title: str
    outlet_name: str
    change: str
    new_title: str = ""
    country: str = ""
    language: str = ""
    outlet_id: str = ""
