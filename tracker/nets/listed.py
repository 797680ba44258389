"""What becomes of a listing: its page is fetched as any link, or, where the outlet refuses, it is kept as *listed elsewhere, text not read*.

The one door for every net, newsletters too. Decides only: what it gives is stored by `store.listings`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from tracker.model import FoundLink, Outlet, Published
from tracker.nets.listing import Listing, Net, listing
from tracker.urls.canonical import is_front_page, normalise, without_tracking
from tracker.urls.rulebook import AddressRules

AHEAD = timedelta(days=1)
"""A clock that is wrong by more says nothing of when an article appeared."""


class Fate(StrEnum):
    """What becomes of a listing. Exactly one each; only the first two are stored."""

    QUEUED = "its page is fetched"
    LISTED = "listed elsewhere"
    ELSEWHERE = "of no outlet of the register"
    NO_ARTICLE = "no article's address"
    NO_HEADLINE = "no headline"
    TOO_OLD = "too old"

    @property
    def is_stored(self) -> bool:
        """Whether a link comes of it."""
        return self in (Fate.QUEUED, Fate.LISTED)


class Known(Struct, frozen=True):
    """What decides: the watched outlets by id, what the register says of addresses, the outlets that refuse us, and the first day wanted."""

    outlets: Mapping[str, Outlet]
    rules: AddressRules
    refusing: Collection[str]
    now: datetime
    since: datetime


class Decided(Struct, frozen=True):
    """A listing with its fate; with `link`, the link and its key. The owner's own naming later takes the place of a net's."""

    fate: Fate
    listing: Listing
    key: str = ""
    link: FoundLink | None = None


def decide(one: Listing, known: Known) -> Decided:
    """The fate of one listing. A moment in the future is no moment; without one the listing counts as of now."""
    outlet = known.outlets.get(known.rules.owner(one.url)) if one.url else None
    if outlet is None:
        return Decided(Fate.ELSEWHERE if one.url else Fate.NO_ARTICLE, one)
    url = without_tracking(one.url)
    key = normalise(url, known.rules)
    if not key or is_front_page(url, known.rules):
        return Decided(Fate.NO_ARTICLE, one)
    at = one.at if one.at is not None and one.at <= known.now + AHEAD else None
    if at is not None and at < known.since:
        return Decided(Fate.TOO_OLD, one)
    refuses = outlet.id in known.refusing
    if refuses and not one.title:
        return Decided(Fate.NO_HEADLINE, one)
    published = None if at is None or one.net is Net.WAYBACK else Published(at)
    link = FoundLink(
        url, source_of(one.net), outlet.id, str(one.net), title=one.title, summary=one.sentence, published=published, named_by_owner=False
    )
    return Decided(Fate.LISTED if refuses else Fate.QUEUED, one, key, link)


def list_elsewhere(headline: str, sentence: str, address: str, at: datetime | None, net: Net, known: Known) -> Decided:
    """The door for who has a headline, a sentence, an address and a time, and no file of a net: the mailbox's newsletters."""
    return decide(listing(net, address, headline, sentence, at), known)


def source_of(net: Net) -> str:
    """The id under which a net's sightings are noted beside those of sources."""
    return f"net:{net}"


def hosts_of(outlets: Collection[Outlet], rules: AddressRules) -> frozenset[str]:
    """Every host, as a key, under which one of the outlets may be listed: present and moved ones."""
    wanted = {outlet.id for outlet in outlets}
    own = {host for host, places in rules.places.items() if any(place.outlet_id in wanted for place in places)}
    return frozenset(own | {old for old, new in rules.moved.items() if new in own})
