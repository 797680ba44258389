"""Quotes as the forms print them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tracker.digests.forms.plain_text import NAME_CHARS, plain
from tracker.digests.quoting import confirmed_speakers, found_quotes, is_assessed
from tracker.locale.wording import Wording
from tracker.model import Entry, Spokesperson

QUOTE_CHARS = 320
"""Four lines of a mail; what is longer is cut, and says so by its dots."""


class ClipQuote(Struct, frozen=True):
    """Words of a spokesperson, without quotation marks, in the item's own language. `confirmed`: by a person; else only staff see it."""

    speaker: str
    role: str
    text: str
    language: str
    confirmed: bool


def clip_quotes(entry: Entry, spokespeople: Sequence[Spokesperson], words: Wording, *, for_staff: bool) -> tuple[ClipQuote, ...]:
    """One quote a spokesperson, the longest: those that a person confirmed and, for staff, those of items in which nobody has looked
    for quotes yet."""
    confirmed, by_speaker = confirmed_speakers(entry), dict[str, str]()
    if not confirmed and (is_assessed(entry) or not for_staff):
        return ()
    for quote in found_quotes(entry, spokespeople):
        if len(quote.text) > len(by_speaker.get(quote.speaker, "")):
            by_speaker[quote.speaker] = quote.text
    language = entry.article.language if entry.article.language.isalpha() else ""
    return tuple(
        ClipQuote(
            plain(person.name, NAME_CHARS),
            plain(words.name_in(person.roles, person.role), NAME_CHARS),
            plain(by_speaker[person.name].rstrip(" ,–—-"), QUOTE_CHARS),
            language,
            person.name in confirmed,
        )
        for person in spokespeople
        if person.name in by_speaker and (person.name in confirmed or not is_assessed(entry))
    )
