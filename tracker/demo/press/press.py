"""Reads the sample press: outlets, their articles, and what each author meant the tracker to make of a text.

An outlet is one file: a TOML head between `+++` lines, then articles. An article begins with

    @@ slug | days before the night and hour | author | section | expectation

The next line is its headline, a line beginning with `> ` its lead, every other line a paragraph. `{copy other-outlet/slug 1-3}`
stands for paragraphs of another article; `latin` or `plain` after the numbers says in which spelling. The expectation is a
circle (none if left out), then words such as `held`, `story=NAME`, `original`,
`credits` (it names whose text it carries), `fault=NAME`, `plain`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from tracker.demo.press.scripts import latin, plain
from tracker.errors import ConfigError

ZONES = {
    "AL": "Europe/Tirane",
    "BA": "Europe/Sarajevo",
    "XK": "Europe/Belgrade",
    "ME": "Europe/Podgorica",
    "MK": "Europe/Skopje",
    "RS": "Europe/Belgrade",
}
PICTURES = "/media/"
CIRCLES = ("none", "campaign", "organisation", "context")
SPELLINGS = {"": lambda text: text, "latin": latin, "plain": plain}
_COPY = re.compile(r"\{copy (?P<key>[\w/-]+) (?P<first>\d+)-(?P<last>\d+)(?: (?P<spelling>\w+))?\}$")


def published_on(as_of: datetime, days_before: int, zone: str = "Europe/Belgrade") -> date:
    """The day that many days before the last one that ended before the night. All six countries keep the same time."""
    return as_of.astimezone(ZoneInfo(zone)).date() - timedelta(days=days_before + 1)


class PressArticle(Struct, frozen=True):
    """An article as published, and what its author expects: a circle, a hold, a story it shares, or a fault of its page."""

    outlet_id: str
    slug: str
    days_before: int
    hour: str
    author: str
    section: str
    headline: str
    lead: str
    paragraphs: tuple[str, ...]
    circle: str = "none"
    held: bool = False
    story: str = ""
    original: bool = False
    credits: bool = False
    fault: str = ""

    @property
    def key(self) -> str:
        """Unique in the whole press: `outlet/slug`."""
        return f"{self.outlet_id}/{self.slug}"

    def published_at(self, as_of: datetime, zone: str) -> datetime:
        """The local moment of publication; day 0 is the last one that ended before the night."""
        day = published_on(as_of, self.days_before, zone)
        return datetime.combine(day, time.fromisoformat(self.hour), ZoneInfo(zone))


class PressOutlet(Struct, frozen=True):
    """An invented outlet, how it publishes and what is wrong with it."""

    id: str
    name: str
    country: str
    languages: tuple[str, ...]
    scripts: tuple[str, ...]
    kind: str
    tier: int
    address: str
    feed: str = "rss"
    feed_path: str = "/feed/"
    sitemap: bool = False
    markup: str = "structured"
    charset: str = "utf-8"
    declared: bool = True
    link: str = "/{section}/{slug}"
    relative_links: bool = False
    tracking: str = ""
    both_scripts: bool = False
    plain: bool = False
    picture: str = "photo"  # what its pages name as their picture: photo | webp | logo | missing
    words: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    articles: tuple[PressArticle, ...] = ()

    @property
    def zone(self) -> str:
        """The time zone of the outlet's country."""
        return ZONES[self.country]

    def path(self, article: PressArticle) -> str:
        """The article's path on the outlet's site."""
        return self.link.format(section=article.section, slug=article.slug)

    def picture_path(self, article: PressArticle) -> str:
        """The path of the picture that the article's page names."""
        if self.picture == "logo":
            return f"{PICTURES}logo.png"
        return f"{PICTURES}{article.slug}.{'webp' if self.picture == 'webp' else 'jpg'}"


class Press(Struct, frozen=True):
    """All outlets of the sample press."""

    outlets: tuple[PressOutlet, ...]

    @property
    def articles(self) -> tuple[PressArticle, ...]:
        """Every article of every outlet."""
        return tuple(article for outlet in self.outlets for article in outlet.articles)

    def identify(self, url: str) -> str:
        """The key of the article that an address of this press leads to; empty for any other address. The port does not matter."""
        parts = urlsplit(url)
        for outlet in self.outlets:
            if outlet.address == parts.hostname:
                for article in outlet.articles:
                    if parts.path == outlet.path(article):
                        return article.key
        return ""


def read_press(folder: Traversable | None = None) -> Press:
    """The press shipped with the package, or that of another folder. Raises ConfigError naming file and line."""
    folder = folder if folder is not None else files("tracker.demo.press") / "outlets"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".md"))
    outlets = [_read_outlet(name.removesuffix(".md"), (folder / name).read_text("utf-8"), name) for name in names]
    by_key = {article.key: article for outlet in outlets for article in outlet.articles}
    return Press(tuple(_finished(outlet, by_key) for outlet in outlets))


def _read_outlet(outlet_id: str, source: str, place: str) -> PressOutlet:
    _, head, rest = source.split("+++\n", 2)
    values = {"id": outlet_id, **tomllib.loads(head)}
    if unknown := set(values) - set(PressOutlet.__struct_fields__):
        raise ConfigError(f"unknown entry {min(unknown)!r} in the head", place=place, line=1)
    offset = head.count("\n") + 3
    articles: list[PressArticle] = []
    lines: list[str] = []
    start = offset
    for number, line in enumerate([*rest.splitlines(), "@@"], offset):
        if line.startswith("@@"):
            if lines:
                articles.append(_read_article(outlet_id, lines, place, start))
            lines, start = [line], number
        elif line.strip() and lines:
            lines.append(line.strip())
    return replace(msgspec.convert(values, PressOutlet), articles=tuple(articles))


def _read_article(outlet_id: str, lines: list[str], place: str, line: int) -> PressArticle:
    parts = [part.strip() for part in lines[0].removeprefix("@@").split("|")]
    try:
        slug, when, author, section = parts[:4]
        days, hour = when.split()
        marks = dict(_mark(word) for word in (parts[4].split() if len(parts) > 4 else []))
        lead = next((text[2:] for text in lines[2:] if text.startswith("> ")), "")
        paragraphs = tuple(text for text in lines[2:] if not text.startswith("> "))
        article = PressArticle(outlet_id, slug, int(days), hour, author, section, lines[1], lead, paragraphs)
        return replace(article, **marks)
    except (ValueError, IndexError, TypeError, StopIteration) as error:
        raise ConfigError(f"article cannot be read: {error}", place=place, line=line) from error


def _mark(word: str) -> tuple[str, str | bool]:
    name, _, value = word.partition("=")
    if name in CIRCLES:
        return "circle", name
    if name in ("held", "original", "credits"):
        return name, True
    if name in ("story", "fault") and value:
        return name, value
    raise ValueError(f"unknown expectation {word!r}")


def _finished(outlet: PressOutlet, by_key: Mapping[str, PressArticle]) -> PressOutlet:
    spell = plain if outlet.plain else SPELLINGS[""]
    articles = []
    for article in outlet.articles:
        paragraphs = [text for line in article.paragraphs for text in _with_copies(line, by_key)]
        articles.append(
            replace(
                article, headline=spell(article.headline), lead=spell(article.lead), paragraphs=tuple(spell(text) for text in paragraphs)
            )
        )
    return replace(outlet, articles=tuple(articles))


def _with_copies(line: str, by_key: Mapping[str, PressArticle]) -> list[str]:
    found = _COPY.match(line)
    if found is None:
        return [line]
    spell = SPELLINGS[found["spelling"] or ""]
    source = by_key[found["key"]].paragraphs
    return [spell(text) for text in source[int(found["first"]) - 1 : int(found["last"])]]
