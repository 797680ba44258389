"""Which addresses outlets reserve against text and data mining, from all places where they say so. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from tracker.model import Terms, TermsSaid, TermsVia
from tracker.model.terms import Rule
from tracker.urls.path_patterns import matches, path_of


class Reservations(Struct, frozen=True):
    """`pages`: what outlets' pages last said of themselves, True: reserved; `files`: the rules of their tdmrep.json, in order.

    As the report's "processing priority" has it: what a page says stands before what the file says of it, and of the file the first rule
    that fits counts. An address that no rule fits is not reserved."""

    pages: Mapping[str, bool] = field(default_factory=dict)
    files: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    def holds(self, outlet_id: str, url: str) -> bool:
        """Whether the outlet reserves what lies at the address."""
        if outlet_id in self.pages:
            return self.pages[outlet_id]
        rules = self.files.get(outlet_id, ())
        return bool(rules) and said_of(rules, url) is TermsSaid.RESERVED


NONE_RESERVED = Reservations()


def said_of(rules: Iterable[Rule], url: str) -> TermsSaid:
    """What the rules of a tdmrep.json say of an address."""
    path = path_of(url)
    return next((TermsSaid(said) for pattern, said, _ in rules if matches(pattern, path)), TermsSaid.NOTHING)


def said_by_pages(terms: Iterable[Terms]) -> bool | None:
    """Whether an outlet's pages say that they are reserved; None: they say nothing. An element of a page stands before a header."""
    said = {one.via: one.said for one in terms if one.said is not TermsSaid.NOTHING}
    found = said.get(TermsVia.META) or said.get(TermsVia.HEADER)
    return None if found is None else found is TermsSaid.RESERVED
