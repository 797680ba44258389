"""What a new register adds, changes and removes, against what is watched now. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from tracker.model import Outlet, Source
from tracker.register.catalog import Catalogue

NAMED = 5
"""Names in one line; the rest is counted."""


class Comparison(Struct, frozen=True):
    """Ids of outlets, in the order of their register. `reduced`: they stay, with fewer addresses watched."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    reduced: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    sources_added: int = 0
    sources_removed: int = 0
    leaves_nothing: bool = False

    @property
    def watches_less(self) -> bool:
        """Whether a person should say yes first: something that is watched now would not be any more, or nothing at all would be."""
        return bool(self.removed or self.reduced or self.leaves_nothing)

    def lines(self) -> list[str]:
        """In words, a line for each kind of change that there is."""
        told = [
            f"{_outlets(ids)} {what}: {_names(ids)}"
            for ids, what in (
                (self.added, "added"),
                (self.changed, "changed"),
                (self.reduced, "watched by fewer addresses"),
                (self.removed, "no longer watched"),
            )
            if ids
        ]
        if self.sources_added or self.sources_removed:
            told.append(f"addresses: {self.sources_added} added, {self.sources_removed} no longer watched")
        return [*told, *(["nothing would be watched"] if self.leaves_nothing else [])] or ["nothing changes"]


def compare(before: Catalogue, after: Catalogue) -> Comparison:
    """From the register that is watched to a new one. An outlet is the same by its id, an address of it by its kind and text; switched-off
    addresses are not watched."""
    old, new = {outlet.id: outlet for outlet in before.outlets}, {outlet.id: outlet for outlet in after.outlets}
    watched, wanted = _addresses(before.sources), _addresses(after.sources)
    stay = [outlet_id for outlet_id in new if outlet_id in old]
    fewer = tuple(one for one in stay if len(wanted.get(one, ())) < len(watched.get(one, ())))
    return Comparison(
        added=tuple(one for one in new if one not in old),
        changed=tuple(
            one
            for one in stay
            if one not in fewer and (_said(old[one]) != _said(new[one]) or watched.get(one, set()) != wanted.get(one, set()))
        ),
        reduced=fewer,
        removed=tuple(one for one in old if one not in new),
        sources_added=sum(len(addresses - watched.get(one, set())) for one, addresses in wanted.items()),
        sources_removed=sum(len(addresses - wanted.get(one, set())) for one, addresses in watched.items()),
        leaves_nothing=not any(wanted.values()),
    )


def _addresses(sources: Iterable[Source]) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for source in sources:
        if source.enabled:
            found.setdefault(source.outlet_id, set()).add((source.kind, source.address))
    return found


def _said(outlet: Outlet) -> Outlet:
    """Without what says nothing about watching: OPML has no room for it."""
    return replace(outlet, notes="", platform="unknown")


def _outlets(ids: tuple[str, ...]) -> str:
    return "1 outlet" if len(ids) == 1 else f"{len(ids)} outlets"


def _names(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more
