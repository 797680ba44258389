"""What the sample press changes between two nights: one article gets a correction, one is taken down."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from tracker.demo.press.press import Press, PressArticle
from tracker.model import ChangeKind

CORRECTION = "Correction: an earlier version of this article named the wrong day for the first workshop in Elbasan."
CHANGES: Mapping[str, str] = {
    "adriatic-ledger/agenda-opens-in-tirana": str(ChangeKind.EDITED),
    "dnevni-most/bez-dijakritika-tuzla": str(ChangeKind.GONE),
}
"""By the article's key, what the next night must tell of it."""


def press_of_second_night(press: Press) -> Press:
    """The press with those changes."""
    return replace(press, outlets=tuple(replace(outlet, articles=_changed(outlet.articles)) for outlet in press.outlets))


def _changed(articles: tuple[PressArticle, ...]) -> tuple[PressArticle, ...]:
    kept = [one for one in articles if CHANGES.get(one.key) != ChangeKind.GONE]
    return tuple(replace(one, paragraphs=(*one.paragraphs, CORRECTION)) if one.key in CHANGES else one for one in kept)
