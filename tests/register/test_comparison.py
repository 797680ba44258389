"""What an import of a register adds, changes and removes, and when a person is asked."""

from __future__ import annotations

from msgspec.structs import replace

from tests.builders import a_source, an_outlet
from tracker.model import Outlet, Source, SourceKind
from tracker.register.catalog import Catalogue, shipped
from tracker.register.comparison import compare


def register(*outlets: Outlet, sources: tuple[Source, ...] = ()) -> Catalogue:
    named = sources or tuple(a_source(f"{outlet.id}:feed:1", outlet_id=outlet.id) for outlet in outlets)
    return Catalogue(outlets, named)


A, B, C = (an_outlet(name) for name in "abc")


def test_what_is_only_added_or_changed_asks_nobody() -> None:
    found = compare(register(A, B), register(replace(A, tier=1), B, C))
    assert (found.added, found.changed, found.removed, found.reduced, found.watches_less) == (("c",), ("a",), (), (), False)


def test_another_address_in_place_of_one_is_a_change() -> None:
    moved = a_source("a:feed:1", outlet_id="a", address="https://a.example/rss.xml")
    found = compare(register(A), register(A, sources=(moved,)))
    assert (found.changed, found.watches_less, found.sources_added, found.sources_removed) == (("a",), False, 1, 1)


def test_an_outlet_that_is_gone_asks() -> None:
    found = compare(register(A, B, C), register(B))
    assert (found.removed, found.watches_less) == (("a", "c"), True)
    assert found.lines() == ["2 outlets no longer watched: a, c", "addresses: 0 added, 2 no longer watched"]


def test_an_outlet_with_fewer_addresses_asks() -> None:
    both = (
        a_source("a:feed:1", outlet_id="a"),
        a_source("a:sitemap:1", outlet_id="a", kind=SourceKind.SITEMAP, address="https://a.example/s"),
    )
    assert compare(register(A, sources=both), register(A, sources=both[:1])).reduced == ("a",)
    switched_off = (both[0], replace(both[1], enabled=False))
    assert compare(register(A, sources=both), register(A, sources=switched_off)).watches_less
    assert not compare(register(A, sources=switched_off), register(A, sources=both[:1])).watches_less


def test_an_empty_register_asks_also_where_nothing_is_watched_yet() -> None:
    found = compare(Catalogue(), Catalogue())
    assert found.watches_less
    assert found.lines() == ["nothing would be watched"]


def test_the_same_register_again_changes_nothing() -> None:
    assert compare(shipped(), shipped()).lines() == ["nothing changes"]
    assert not compare(shipped(), shipped()).watches_less


def test_long_lists_are_named_in_part() -> None:
    (line, _, _) = compare(shipped(), Catalogue()).lines()
    assert line.startswith("576 outlets no longer watched: ")
    assert line.endswith(" and 571 more")
