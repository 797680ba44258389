"""Mentions as RSS and JSON Feed, for the partners' own sites: items that a person has accepted, and nothing that is held back.

Sites put what they read into their pages, often without a look: no text of an item bears an angle bracket.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from tracker.digests.figures import appeared_at
from tracker.digests.forms.compiled_templates import CompiledTemplates
from tracker.digests.forms.excerpts import excerpt
from tracker.digests.forms.plain_text import NAME_CHARS, article_link, plain, safe_link
from tracker.digests.selection import with_decisive_hits
from tracker.locale.wording import Wording, wording
from tracker.model import Campaign, Entry
from tracker.spreadsheets.cells import legal
from tracker.visibility import is_accepted, is_own_channel

MOST_ITEMS = 100
"""A partner's site shows the newest ten or twenty; readers that poll once a week miss none."""
EXCERPT_CHARS = 200
"""Readers of feeds show two to three lines, about 200 characters."""
_NO_MARKUP = str.maketrans("<>", "‹›")


class FeedItem(Struct, frozen=True):
    """An accepted mention as a feed tells it. Empty text: not known. `language` is a code, `country` a name, `homepage` the outlet's."""

    id: str
    title: str
    link: str
    published_at: datetime | None
    outlet: str
    homepage: str
    country: str
    language: str
    excerpt: str


def feed_items(campaign: Campaign, entries: Sequence[Entry], words: Wording) -> list[FeedItem]:
    """The newest accepted items of the campaign's counted circles, the newest first."""
    return [_item(with_decisive_hits(campaign, entry), campaign, words) for entry in newest_accepted(campaign, entries)]


def newest_accepted(campaign: Campaign, entries: Sequence[Entry]) -> list[Entry]:
    """Those of the entries that stand in a feed, the newest first; entries without their texts will do."""
    counted = {circle.id for circle in campaign.circles if circle.audience == "partners"}
    shown = [entry for entry in entries if is_accepted(entry) and entry.mention.circle in counted and not is_own_channel(campaign, entry)]
    return sorted(shown, key=lambda entry: (appeared_at(entry), entry.article.id), reverse=True)[:MOST_ITEMS]


def render_rss(campaign: Campaign, entries: Sequence[Entry], templates: Path, language: str = "en") -> bytes:
    """The feed as RSS 2.0."""
    words = wording(language)
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        bytecode_cache=CompiledTemplates("feeds"),
    )
    environment.filters["rfc822"] = format_datetime
    text = environment.get_template("feeds/rss.xml").render(
        title=_title(campaign, words),
        description=_description(campaign, entries, words),
        language=words.language,
        home=_home(campaign),
        items=feed_items(campaign, entries, words),
    )
    return text.encode()


def render_json_feed(campaign: Campaign, entries: Sequence[Entry], language: str = "en") -> bytes:
    """The feed as JSON Feed 1.1."""
    words = wording(language)
    items = [
        {
            "id": item.id,
            **({"url": item.link} if item.link else {}),
            "title": item.title,
            "content_text": item.excerpt,
            **({"date_published": item.published_at.isoformat()} if item.published_at else {}),
            "authors": [{"name": item.outlet, **({"url": item.homepage} if item.homepage else {})}],
            "tags": [item.country],
            **({"language": item.language} if item.language else {}),
        }
        for item in feed_items(campaign, entries, words)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(campaign, words),
        "description": _description(campaign, entries, words),
        "language": words.language,
        **({"home_page_url": _home(campaign)} if campaign.own_domains else {}),
        "items": items,
    }
    return msgspec.json.format(msgspec.json.encode(feed), indent=1)


def _item(entry: Entry, campaign: Campaign, words: Wording) -> FeedItem:
    article = entry.article
    quoted = "".join(piece.text for piece in excerpt(article, entry.mention.hits, length=EXCERPT_CHARS))
    return FeedItem(
        id=f"urn:tracker:mention:{entry.mention.id}",
        title=_inert(plain(article.title)),
        link=article_link(article.canonical_url),
        published_at=article.published.at if article.published else None,
        outlet=_inert(plain(entry.outlet.name, NAME_CHARS)),
        homepage=safe_link(entry.outlet.homepage),
        country=words.country(entry.outlet.country, campaign.kosovo_note),
        language=article.language if article.language.isalpha() else "",
        excerpt=_inert(quoted),
    )


def _title(campaign: Campaign, words: Wording) -> str:
    return f"{legal(plain(words.name_in(campaign.names, campaign.name), NAME_CHARS))}: {words.say('press_coverage')}"


def _description(campaign: Campaign, entries: Sequence[Entry], words: Wording) -> str:
    """What the excerpts are, and the note on Kosovo where an item may be from there and the campaign prints one."""
    from_kosovo = any(entry.outlet.country == "XK" for entry in entries)
    return " ".join(filter(None, [words.say("excerpt_note"), words.kosovo_note(campaign.kosovo_note) if from_kosovo else ""]))


def _home(campaign: Campaign) -> str:
    return f"https://{campaign.own_domains[0]}/" if campaign.own_domains else ""


def _inert(text: str) -> str:
    return legal(text).translate(_NO_MARKUP)
