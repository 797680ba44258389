"""A digest as subject, text and HTML. Jinja2 with autoescape, unknown names are errors, links are http(s) only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import css_inline
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.digests.excerpts import excerpt, without_controls
from tracker.digests.figures import Figures, StoryGroup, count_figures, story_groups
from tracker.model import Article, Digest, Entry, Precision, RenderedDigest, SourceTrouble

LOCALE = "en_GB"
TITLE_CHARS = 300
NAME_CHARS = 120
COUNTRY_NAMES = {
    "AL": "Albania", "BA": "Bosnia and Herzegovina", "XK": "Kosovo", "ME": "Montenegro", "MK": "North Macedonia", "RS": "Serbia",
    "XB": "Regional and international",
}  # fmt: skip
LANGUAGE_NAMES = {
    "sq": "Albanian", "sr": "Serbian", "bs": "Bosnian", "hr": "Croatian", "cnr": "Montenegrin", "mk": "Macedonian", "en": "English",
    "bg": "Bulgarian", "sl": "Slovenian",
}  # fmt: skip
TIER_NAMES = {1: "national, leading", 2: "national", 3: "local or specialist"}


def render_digest(digest: Digest, templates: Path) -> RenderedDigest:
    """The three forms of a digest from `templates/digest/<kind>/`. Text from outside is cleaned, cut and escaped."""
    environment = _environment(templates, digest.time_zone)
    figures = count_figures(digest.selection)
    values = {
        "digest": digest,
        "figures": figures,
        "countries": _by_country(digest, figures),
        "troubles": _troubles_by_country(digest),
        "period": _period(digest),
    }
    folder = f"digest/{digest.kind}"
    subject = " ".join(environment.get_template(f"{folder}/subject.txt").render(values).split())
    text = environment.get_template(f"{folder}/body.txt").render(values)
    html = environment.get_template(f"{folder}/body.html").render({**values, "subject": subject})
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
    return RenderedDigest(subject, text, inliner.inline(html))


def safe_link(url: str) -> str:
    """The address where it is absolute http(s), else an empty text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(url, safe="/:?#[]@!$&'()*+,;=%~-._")


def plain(text: str, limit: int = TITLE_CHARS) -> str:
    """Text from outside on one line: no control or direction characters, at most `limit` characters."""
    line = " ".join(without_controls(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _environment(templates: Path, time_zone: str) -> Environment:
    zone = ZoneInfo(time_zone)
    environment = Environment(
        loader=FileSystemLoader(templates), autoescape=lambda name: bool(name and name.endswith(".html")), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        link=safe_link,
        plain=plain,
        name=lambda text: plain(text, NAME_CHARS),
        country=lambda code: COUNTRY_NAMES.get(code, code),
        language=lambda code: LANGUAGE_NAMES.get(code, code or "unknown"),
        tier=lambda tier: TIER_NAMES.get(tier, str(tier)),
        published=lambda article: _published(article, zone),
        day=lambda moment: format_date(moment.astimezone(zone).date(), "d MMMM yyyy", locale=LOCALE),
        moment=lambda moment: _moment(moment, zone),
        excerpt=lambda entry: excerpt(entry.article, entry.mention.hits),
        excerpt_text=lambda entry: "".join(
            f"[{piece.text}]" if piece.marked else piece.text for piece in excerpt(entry.article, entry.mention.hits)
        ),
        where=_where,
    )
    environment.globals["largest"] = lambda rows: max((count for _, count in rows), default=1)
    environment.globals["plural"] = lambda count, one, many: f"{count} {one if count == 1 else many}"
    return environment


def _published(article: Article, zone: ZoneInfo) -> str:
    if article.published is None:
        return "date not stated"
    if article.published.precision is Precision.DAY:
        return str(format_date(article.published.at.date(), "d MMMM yyyy", locale=LOCALE))
    return _moment(article.published.at, zone)


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{format_date(local.date(), 'd MMMM yyyy', locale=LOCALE)}, {format_time(local, 'HH:mm', locale=LOCALE)} {local.tzname()}"


def _period(digest: Digest) -> str:
    zone = ZoneInfo(digest.time_zone)
    first, last = (moment.astimezone(zone).date() for moment in (digest.window.start_at, digest.window.end_at))
    end = str(format_date(last, "d MMMM yyyy", locale=LOCALE))
    if first == last:
        return end
    pattern = "d MMMM yyyy" if first.year != last.year else "d MMMM" if first.month != last.month else "d"
    return f"{format_date(first, pattern, locale=LOCALE)} – {end}"


def _by_country(digest: Digest, figures: Figures) -> list[tuple[str, int, tuple[StoryGroup, ...]]]:
    grouped: dict[str, list[Entry]] = {}
    for entry in digest.selection.counted:
        grouped.setdefault(entry.outlet.country, []).append(entry)
    return [(country, len(entries), story_groups(tuple(entries))) for country, entries in grouped.items()]


def _troubles_by_country(digest: Digest) -> list[tuple[str, Sequence[SourceTrouble]]]:
    grouped: dict[str, list[SourceTrouble]] = {}
    for trouble in sorted(digest.troubles, key=lambda t: (t.country, t.outlet_name, t.source_id)):
        grouped.setdefault(trouble.country, []).append(trouble)
    order = [*digest.countries, *sorted(set(grouped) - set(digest.countries))]
    return [(country, grouped[country]) for country in order if country in grouped]


def _where(entry: Entry) -> str:
    fields = {hit.field for hit in entry.mention.hits}
    if "title" in fields:
        return "in the headline"
    first = min((hit.start for hit in entry.mention.hits), default=0)
    return "in the lead" if first < 400 else "in passing" if len(entry.mention.hits) == 1 else "in the text"
