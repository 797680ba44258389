"""Who is quoted in an item: as a person said, and what the program found in its text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from tracker.model import Entry, Hit, Quote, Spokesperson

_BETWEEN = "\n\n"


def confirmed_speakers(entry: Entry) -> tuple[str, ...]:
    """Names of the spokespeople whom a person found quoted in the item."""
    return (entry.verdict.quotes if entry.verdict else None) or ()


def is_assessed(entry: Entry) -> bool:
    """Whether a person said who is quoted in the item, nobody included."""
    return entry.verdict is not None and entry.verdict.quotes is not None


def found_quotes(entry: Entry, spokespeople: Sequence[Spokesperson]) -> tuple[Quote, ...]:
    """The quotes of spokespeople that the program finds in headline and text, in that order; `start` and `end` are those in both joined."""
    named = {term for person in spokespeople for term in person.terms}
    if not any(hit.term_id in named for hit in entry.mention.hits):
        return ()
    return _found(entry.article.title, entry.article.body, entry.mention.hits, tuple(spokespeople))


@lru_cache(maxsize=2048)
def _found(title: str, body: str, hits: tuple[Hit, ...], spokespeople: tuple[Spokesperson, ...]) -> tuple[Quote, ...]:
    """Kept, as an edition in eight languages asks eight times."""
    from tracker.matching.quotes import find_quotes  # with the words of speech, which an edition without items need not

    ahead = len(title) + len(_BETWEEN)
    moved = [replace(hit, start=hit.start + ahead, end=hit.end + ahead) if hit.field == "body" else hit for hit in hits]
    return find_quotes(f"{title}{_BETWEEN}{body}", moved, spokespeople)
