"""A digest as subject, text and HTML. Jinja2 with autoescape, unknown names are errors, links are http(s) only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.digests.compiled import CompiledTemplates
from tracker.digests.excerpts import excerpt, without_controls
from tracker.digests.figures import Figures, StoryGroup, count_figures, story_groups
from tracker.locale import Wording, wording
from tracker.model import Article, Digest, Entry, Precision, RenderedDigest, SourceTrouble

TITLE_CHARS = 300
NAME_CHARS = 120
MOST_NAMES = 12
"""Outlets named in one sentence; the run's report has them all."""
_COMPILED = CompiledTemplates()


def render_digest(digest: Digest, templates: Path, language: str = "en") -> RenderedDigest:
    """The three forms of a digest from `templates/digest/<kind>/` in one of `locale.LANGUAGES`.

    Text from outside is cleaned, cut and escaped, and never translated or converted to another script.
    """
    words = wording(language)
    environment = _environment(templates, digest, words)
    figures = count_figures(digest.selection)
    values = {
        "digest": digest,
        "figures": figures,
        "countries": _by_country(digest, figures),
        "troubles": _troubles_by_country(digest, words),
        "period": _period(digest, words),
        "outrun_names": _some_names(digest.outrun_names),
        "kosovo_note": words.kosovo_note(digest.kosovo_note) if _names_kosovo(digest) else "",
    }
    folder = f"digest/{digest.kind}"
    subject = " ".join(environment.get_template(f"{folder}/subject.txt").render(values).split())
    text = environment.get_template(f"{folder}/body.txt").render(values)
    html = environment.get_template(f"{folder}/body.html").render({**values, "subject": subject})
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, minify_css=True)
    return RenderedDigest(subject, text, inliner.inline(html))


def _some_names(names: Sequence[str]) -> str:
    """The first of the names on one line; dots where there are more."""
    shown = ", ".join(plain(name, NAME_CHARS) for name in names[:MOST_NAMES])
    return f"{shown}, …" if len(names) > MOST_NAMES else shown


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


def _environment(templates: Path, digest: Digest, words: Wording) -> Environment:
    zone = ZoneInfo(digest.time_zone)
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
        optimized=False,
    )
    environment.filters.update(
        link=safe_link,
        plain=plain,
        name=lambda text: plain(text, NAME_CHARS),
        country=lambda code: words.country(code, digest.kosovo_note),
        language=words.language_name,
        number=words.number,
        quote=words.quote,
        published=lambda article: _published(article, zone, words),
        moment=lambda moment: words.moment(moment, zone),
        unbroken=lambda text: re.sub(r"(\d\d:\d\d) (?=\S+$)", "\\1\u00a0", text),
        weekday=lambda moment: words.weekday(moment.astimezone(zone).date()),
        afflicted=lambda trouble: _afflicted(trouble, words),
        trouble=lambda trouble: _trouble(trouble, digest, words),
        excerpt=lambda entry: excerpt(entry.article, entry.mention.hits),
        excerpt_text=lambda entry: "".join(
            f"[{piece.text}]" if piece.marked else piece.text for piece in excerpt(entry.article, entry.mention.hits)
        ),
        where=lambda entry: words.say(_where(entry)),
    )
    environment.globals.update(
        say=words.say, count=words.count, language=words.language, largest=lambda rows: max((count for _, count in rows), default=1)
    )
    return environment


def _published(article: Article, zone: ZoneInfo, words: Wording) -> str:
    if article.published is None:
        return words.say("date_not_stated")
    if article.published.precision is Precision.DAY:
        return words.day(article.published.at.date())
    return words.moment(article.published.at, zone)


def _afflicted(trouble: SourceTrouble, words: Wording) -> str:
    """Who has the trouble: an outlet, or all of a language, which has the language's code in the place of the source's."""
    if words.knows_language(trouble.source_id):
        return words.say("all_outlets", language=words.language_name(trouble.source_id))
    return trouble.outlet_name


def _trouble(trouble: SourceTrouble, digest: Digest, words: Wording) -> str:
    """Why, and since when where that is not today. English keeps the finding's own sentence, which says more than the outcome alone."""
    if words.language == "en" and trouble.detail:
        return trouble.detail
    why = words.trouble(trouble.outcome)
    zone = ZoneInfo(digest.time_zone)
    since = trouble.since_at and trouble.since_at.astimezone(zone).date()
    if since is None or since >= digest.made_at.astimezone(zone).date():
        return why
    return words.say("since", trouble=why, day=words.day(since))


def _period(digest: Digest, words: Wording) -> str:
    zone = ZoneInfo(digest.time_zone)
    return words.period(digest.window.start_at.astimezone(zone).date(), digest.window.end_at.astimezone(zone).date())


def _names_kosovo(digest: Digest) -> bool:
    """Whether the edition prints the country's name anywhere."""
    shown = digest.selection
    entries = (*shown.counted, *shown.organisation, *shown.context, *shown.own_channels)
    return any(entry.outlet.country == "XK" for entry in entries) or any(trouble.country == "XK" for trouble in digest.troubles)


def _by_country(digest: Digest, figures: Figures) -> list[tuple[str, int, tuple[StoryGroup, ...]]]:
    grouped: dict[str, list[Entry]] = {}
    for entry in digest.selection.counted:
        grouped.setdefault(entry.outlet.country, []).append(entry)
    return [(country, len(entries), story_groups(tuple(entries))) for country, entries in grouped.items()]


def _troubles_by_country(digest: Digest, words: Wording) -> list[tuple[str, Sequence[SourceTrouble]]]:
    grouped: dict[str, list[SourceTrouble]] = {}
    for trouble in sorted(digest.troubles, key=lambda t: (t.country, words.sort_key(t.outlet_name), t.source_id)):
        grouped.setdefault(trouble.country, []).append(trouble)
    order = [*digest.countries, *sorted(set(grouped) - set(digest.countries))]
    return [(country, grouped[country]) for country in order if country in grouped]


def _where(entry: Entry) -> str:
    """The sentence that says how prominent the mention is."""
    fields = {hit.field for hit in entry.mention.hits}
    if "title" in fields:
        return "in_headline"
    first = min((hit.start for hit in entry.mention.hits), default=0)
    return "in_lead" if first < 400 else "in_passing" if len(entry.mention.hits) == 1 else "in_text"
