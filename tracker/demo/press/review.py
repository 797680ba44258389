"""What the demo's reviewer says of the sample press's items."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.resources import files
from typing import Any

from msgspec import Struct

from tracker.model import Decision, Mention, Verdict


class Review(Struct, frozen=True):
    """A reviewer, the sentences for the summary, and what is said of articles by their keys."""

    by: str
    sentences: tuple[tuple[str, str], ...]
    said: dict[str, dict[str, Any]]


def written_review() -> Review:
    """The review that is shipped with the sample press."""
    data = tomllib.loads((files(__package__) / "review.toml").read_text("utf-8"))
    return Review(data.pop("by"), tuple(data.pop("sentences").items()), data)


def verdicts_of(review: Review, mentions: Iterable[tuple[str, Mention]], at: datetime) -> Iterator[Verdict]:
    """The verdicts on (key of the article, mention): those of the first circle that nothing holds back are accepted."""
    for key, mention in mentions:
        if mention.circle != "campaign" or mention.held:
            continue
        said = dict(review.said.get(key, {}))
        messages, quotes = said.pop("key_messages", None), said.pop("quotes", None)
        decision = Decision(said.pop("decision", Decision.ACCEPT))
        yield Verdict(
            mention.campaign_id,
            mention.article_id,
            decision,
            at,
            by=review.by,
            key_messages=None if messages is None else tuple(messages),
            quotes=None if quotes is None else tuple(quotes),
            **said,
        )
