"""The settings `nets.*`: which second nets are asked, where, and how often. All of them are off until somebody switches them on."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from tracker.config.sections import Section

NetAddress = Annotated[str, Meta(pattern=r"^https?://[!-~]+\Z", description="an http:// or https:// address")]
Pause = Annotated[float, Meta(ge=0, le=3600)]


class Gdelt(Section, frozen=True):
    """GDELT's Article List: files of every minute, matched here."""

    table: ClassVar[str] = "nets.gdelt"

    enabled: bool = False
    base_url: NetAddress = "http://data.gdeltproject.org/gdeltv3/gal/"
    hours_back: Annotated[int, Meta(ge=1, le=168)] = 26  # what a file that came a day late needs


class GdeltDoc(Section, frozen=True):
    """GDELT's DOC 2.0, asked when looking back."""

    table: ClassVar[str] = "nets.gdelt_doc"

    enabled: bool = False
    base_url: NetAddress = "https://api.gdeltproject.org/api/v2/doc/doc"
    delay_seconds: Pause = 5.0


class MediaCloud(Section, frozen=True):
    """Media Cloud's search."""

    table: ClassVar[str] = "nets.mediacloud"

    enabled: bool = False
    base_url: NetAddress = "https://search.mediacloud.org/api/"
    key: str = ""
    collections: tuple[Annotated[int, Meta(ge=1)], ...] = ()
    delay_seconds: Pause = 31.0  # two requests a minute

    def __post_init__(self) -> None:
        self._must(
            "collections", bool(self.collections) or not self.enabled, "numbers of collections: its server takes no question without one"
        )
        self._must("key", self.key.isascii() and self.key.isprintable() and self.key == self.key.strip(), "one line of ASCII text")


class Wayback(Section, frozen=True):
    """The index of the Internet Archive, asked when looking back."""

    table: ClassVar[str] = "nets.wayback"

    enabled: bool = False
    base_url: NetAddress = "https://web.archive.org/cdx/search/cdx"
    delay_seconds: Pause = 2.5  # 24 requests a minute


class SearchFeed(Section, frozen=True):
    """A search engine's news as a feed, where its terms allow that. None is shipped."""

    table: ClassVar[str] = "nets.search_feed"

    enabled: bool = False
    address: str = ""  # with {domain}
    delay_seconds: Pause = 10.0

    def __post_init__(self) -> None:
        fits = self.address.startswith(("http://", "https://")) and self.address.isprintable() and "{domain}" in self.address
        self._must("address", fits or not (self.address or self.enabled), "an http:// or https:// address with {domain} in it")


class Nets(Section, frozen=True):
    """Second nets."""

    gdelt: Gdelt = msgspec.field(default_factory=Gdelt)
    gdelt_doc: GdeltDoc = msgspec.field(default_factory=GdeltDoc)
    mediacloud: MediaCloud = msgspec.field(default_factory=MediaCloud)
    wayback: Wayback = msgspec.field(default_factory=Wayback)
    search_feed: SearchFeed = msgspec.field(default_factory=SearchFeed)

    @property
    def any_by_night(self) -> bool:
        """Whether a net is switched on that nights and polls ask."""
        return self.gdelt.enabled or self.mediacloud.enabled or self.search_feed.enabled
