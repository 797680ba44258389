"""Weeks in which everything that may stand in a mail stands in it: marks and pictures, a trend, headlines and names of any length."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache

from msgspec.structs import replace
from PIL import Image, ImageDraw

from tests.digests import samples
from tests.digests.forms.test_tiles import BEFORE, START
from tracker.model import Audience, Digest, Picture, Reach, ReachCell

LONG = (
    "Ministarka je povodom početka regionalne kampanje za digitalnu bezbednost dece i mladih najavila obuke za roditelje, nastavnike i "
    "stručne službe u šest zemalja regiona, a stručnjaci upozoravaju da je potrebno mnogo više od jednokratnih mera i da se bez stalnog rada ništa neće promeniti",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 4,
    "https://www.example.com/some/very/long/path/that/never/ends/" + "abcdefgh" * 30,
    "ДОЛГ НАСЛОВ СО ГОЛЕМИ БУКВИ " * 9,
)
LONG_OUTLET = "Udruženje novinara i medijskih radnika regionalnog portala za društvena pitanja, obrazovanje i kulturu mladih"


@lru_cache
def a_photo(width: int = 600, height: int = 400) -> bytes:
    """A JPEG of some hills."""
    drawn, out = Image.new("RGB", (width, height), (159, 195, 232)), io.BytesIO()
    ImageDraw.Draw(drawn).polygon([(0, height), (width // 3, height // 2), (width, height * 2 // 3), (width, height)], (104, 166, 76))
    drawn.save(out, "JPEG")
    return out.getvalue()


@lru_cache
def a_mark(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def pictured(digest: Digest, *, portrait: bool = False) -> Digest:
    """Every item with a picture of its own, a logo and two donors' marks."""
    width, height = (400, 600) if portrait else (600, 400)
    shown = tuple(
        (entry.article.id, Picture(f"{entry.article.id:032x}", width, height, a_photo(width, height))) for entry in digest.selection.shown
    )
    marks = (("logo.png", 300, 90, (200, 60, 40)), ("a.png", 90, 60, (0, 51, 153)), ("b.png", 160, 60, (30, 120, 70)))
    branding = replace(digest.facts.branding, logo="logo.png", marks=("a.png", "b.png"))
    facts = replace(digest.facts, branding=branding, pictures=tuple((name, a_mark(*size, colour)) for name, *size, colour in marks))
    return replace(digest, lead_pictures=shown, facts=facts)


def a_full_week(audience: Audience = Audience.PARTNERS) -> Digest:
    """Every section, the trend of eight weeks too."""
    trend = tuple(replace(BEFORE, items=items) for items in (3, 9, 0, 12, 20, 11, 17))
    return replace(samples.a_week(audience=audience), before=BEFORE, trend=trend, since_start=START)


def with_long_words(digest: Digest) -> Digest:
    """Headlines that fill half a phone, words without an end, names of outlets of 100 letters."""
    counted = tuple(
        replace(
            entry,
            article=replace(entry.article, title=LONG[place % len(LONG)]),
            verdict=entry.verdict and replace(entry.verdict, headline_en=LONG[(place + 1) % 2]),
            outlet=replace(entry.outlet, name=entry.outlet.name if place % 3 else LONG_OUTLET),
        )
        for place, entry in enumerate(digest.selection.counted)
    )
    return replace(digest, selection=replace(digest.selection, counted=counted))


def of_nine_countries() -> Digest:
    """A campaign beyond the region: 60 items in ten places."""
    huge, places = samples.huge(60), ("AL", "BA", "XK", "ME", "MK", "RS", "XB", "HR", "SI", "BG")
    counted = tuple(
        replace(entry, outlet=replace(entry.outlet, country=places[number % len(places)]))
        for number, entry in enumerate(huge.selection.counted)
    )
    return replace(huge, trend=a_full_week().trend, selection=replace(huge.selection, counted=counted))


def an_outage() -> Digest:
    """A full week in which nearly nothing could be read."""
    week = a_full_week(Audience.STAFF)
    return replace(week, facts=replace(week.facts, reach=Reach((ReachCell("AL", 1, "sq", 10, 1), ReachCell("RS", 1, "sr", 10, 0)))))


WEEKS: dict[str, Callable[[], Digest]] = {
    "partners": a_full_week,
    "staff": lambda: a_full_week(Audience.STAFF),
    "pictures": lambda: pictured(a_full_week()),
    "staff with pictures": lambda: pictured(a_full_week(Audience.STAFF)),
    "long words": lambda: with_long_words(a_full_week()),
    "long words, staff, pictures": lambda: pictured(with_long_words(a_full_week(Audience.STAFF))),
    "portraits": lambda: pictured(a_full_week(), portrait=True),
    "hostile": lambda: pictured(samples.hostile()),
    "300 items": lambda: samples.huge(300),
    "nine countries": of_nine_countries,
    "an outage": lambda: pictured(an_outage()),
    "a quarter": lambda: pictured(samples.huge(120, "quarterly")),
    "one item": lambda: replace(samples.a_week(), selection=replace(samples.a_week().selection, counted=samples.week_entries()[:1])),
    "empty": samples.empty,
}
"""By name, to be looked at in every language."""
