"""Which net saw which address: the capture histories that an estimate of what was missed rests on."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Net(StrEnum):
    """A way in which an article comes to be known. A net catches independently of the others only as far as an estimate finds so."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    SEARCH = "search"
    CHANNEL = "channel"
    WORDPRESS = "wordpress"  # the REST list of a WordPress site
    LOOK_BACK = "backfill"  # sitemaps, archives and searches asked for a past period
    GDELT = "gdelt"
    MEDIA_CLOUD = "mediacloud"
    WAYBACK = "wayback"
    NEWSLETTER = "newsletter"
    PEOPLE = "person"  # staff, or partners who wrote of a missed link
    KNOWN = "known"  # a list of coverage that is known to exist


class NetSighting(Struct, frozen=True):
    """A net named an address, by its normalised `key`, of a watched outlet."""

    key: str
    outlet_id: str


class Caught(Struct, frozen=True):
    """So many articles of an outlet were named by exactly these nets."""

    outlet_id: str
    nets: frozenset[Net]
    articles: int
