"""What becomes of a listing: a table, and what holds of any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Outlet
from tracker.nets.listed import Fate, Known, decide, hosts_of, list_elsewhere
from tracker.nets.listing import Net, listing
from tracker.urls.rulebook import rules_of

NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)
OPEN = Outlet("open", "Open", "https://www.open.example/", "AL", ("sq",))
SHUT = Outlet("shut", "Shut", "https://shut.example/", "RS", ("sr",), moved_hosts=("old-shut.example",))
PART = Outlet("part", "Part", "https://house.example/serbian", "XB", ("sr",))
OUTLETS = (OPEN, SHUT, PART)
KNOWN = Known({one.id: one for one in OUTLETS}, rules_of(OUTLETS), {"shut"}, NOW, NOW - timedelta(days=7))


@pytest.mark.parametrize(
    ("url", "fields", "fate", "outlet"),
    [
        ("https://open.example/lajme/1?utm_source=x", {}, Fate.QUEUED, "open"),
        ("https://m.shut.example/vesti/1", {}, Fate.LISTED, "shut"),
        ("http://www.old-shut.example/vesti/1", {}, Fate.LISTED, "shut"),
        ("https://house.example/serbian/1", {}, Fate.QUEUED, "part"),
        ("https://elsewhere.example/1", {}, Fate.ELSEWHERE, ""),
        ("https://shut.example/", {}, Fate.NO_ARTICLE, ""),
        ("javascript:alert(1)", {}, Fate.NO_ARTICLE, ""),
        ("https://shut.example/vesti/1", {"title": ""}, Fate.NO_HEADLINE, ""),
        ("https://open.example/lajme/1", {"title": ""}, Fate.QUEUED, "open"),
        ("https://shut.example/vesti/1", {"at": NOW - timedelta(days=8)}, Fate.TOO_OLD, ""),
        ("https://shut.example/vesti/1", {"at": NOW + timedelta(days=300)}, Fate.LISTED, "shut"),
    ],
)
def test_every_listing_has_one_fate(url: str, fields: dict[str, Any], fate: Fate, outlet: str) -> None:
    given = {"title": "Naslov", "at": NOW} | fields
    decided = decide(listing(Net.GDELT, url, given["title"], at=given["at"]), KNOWN)
    assert (decided.fate, decided.link.outlet_id if decided.link else "") == (fate, outlet)
    if decided.link and given["at"] > NOW + timedelta(days=1):
        assert decided.link.published is None


def test_newsletters_go_through_the_same_door() -> None:
    decided = list_elsewhere("Naslov", "Prva rečenica. Druga.", "https://shut.example/vesti/1?utm_medium=email", NOW, Net.NEWSLETTER, KNOWN)
    assert decided.link is not None
    assert (decided.fate, decided.link.url, decided.link.summary) == (Fate.LISTED, "https://shut.example/vesti/1", "Prva rečenica.")
    assert not decided.link.named_by_owner


def test_present_and_moved_hosts_are_looked_for() -> None:
    assert hosts_of(OUTLETS, KNOWN.rules) == {"open.example", "shut.example", "old-shut.example", "house.example"}


@given(url=st.text() | st.from_regex(r"https?://[a-z.]{0,20}(/.{0,20})?", fullmatch=True), title=st.text())
def test_no_address_raises_and_nothing_of_a_refusing_outlet_is_ever_queued(url: str, title: str) -> None:
    decided = decide(listing(Net.GDELT, url, title), KNOWN)
    assert (decided.link is not None) == decided.fate.is_stored
    assert not (decided.fate is Fate.QUEUED and decided.link and decided.link.outlet_id == "shut")
