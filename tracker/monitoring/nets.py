"""The second nets as people read of them: terms, cost, what leaves the house, state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.nets.listing import Net
from tracker.store import listings

if TYPE_CHECKING:
    from tracker.net_settings import Nets
    from tracker.store.database import Database


class NetState(Struct, frozen=True):
    """One net. `state`: what was read last and how much it listed, in words."""

    name: str
    enabled: bool
    setting: str
    what: str
    terms: str
    cost: str
    leaves: str
    state: str = "never asked"


ABOUT = (
    (
        Net.GDELT,
        "GDELT Article List: files of every minute with headline and first sentence of the world's press, matched here",
        "open for any use; name the GDELT Project and link to it (gdeltproject.org/about.html)",
        "free; some 1,500 requests and 150 MB a day",
        "the names of files: which minutes are read; no word, outlet or campaign",
    ),
    (
        Net.GDELT_DOC,
        "GDELT DOC 2.0: headlines of an outlet in the last three months, for looking back",
        "as above; one request in five seconds",
        "free; a dozen requests an outlet and look back",
        "the domains of outlets that refuse us, and days; no word of a campaign",
    ),
    (
        Net.MEDIACLOUD,
        "Media Cloud: headlines of an outlet",
        "an account of one's own; for research and non-profit use, see its terms",
        "free within the account's weekly quota; some requests a night",
        "the account's key, the domains of outlets that refuse us, and days; no word of a campaign",
    ),
    (
        Net.WAYBACK,
        "Wayback CDX: which pages of an outlet the Internet Archive captured, for looking back; it knows no headlines",
        "the Internet Archive's terms of use; at most 24 requests a minute",
        "free; one request an outlet and look back",
        "the domains of watched outlets, and days; no word of a campaign",
    ),
    (
        Net.SEARCH_FEED,
        "A search engine's news as a feed, by an address of your own; none is shipped",
        "only where the engine's terms allow it: read them before you switch it on",
        "as the engine says; one request an outlet that refuses us and night",
        "the domains of outlets that refuse us; no word of a campaign",
    ),
    (
        Net.NEWSLETTER,
        "Newsletters of outlets, by `tracker mailbox`: a copy that the outlet itself sends",
        "the outlet's",
        "free",
        "the subscription, which somebody makes by hand",
    ),
)


def net_states(database: Database | None, nets: Nets) -> list[NetState]:
    """Every net that there is, switched on or off; without a database none was asked."""
    files, counts = {}, {}
    if database is not None:
        with database.reading() as conn:
            files, counts = listings.last_files(conn), listings.counts(conn)
    found = []
    for net, what, terms, cost, leaves in ABOUT:
        own = getattr(nets, str(net), None)
        setting = f"nets.{net}.enabled" if own is not None else "mailbox.host"
        words = []
        if net in files:
            read, asked = files[net]
            words.append(f"last asked {asked.asked_at:%Y-%m-%d %H:%M} UTC: {asked.outcome}")
            words += [f"last read {read.name}"] if read is not None else ["nothing was read yet"]
        if net in counts:
            number, last_at = counts[net]
            words.append(f"{number} listed elsewhere, the last on {last_at:%Y-%m-%d}")
        found.append(NetState(str(net), bool(own and own.enabled), setting, what, terms, cost, leaves, "; ".join(words) or "never asked"))
    return found
