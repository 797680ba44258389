"""A digest of 500 items in eight languages beside a bare Jinja2 rendering of the same data; its PDF beside bare WeasyPrint on the same
page; and the PDFs of eight languages side by side on the cores beside one after the other, in processor time: what the processes cost.
The clock's ratio is printed and judges nothing, as other work on the machine falsifies it.

The bare template prints what an item has, as it is: no cleaning, cutting, excerpt, plural, date, story, colour, inlining or limit of
size. Processor time, best of alternating rounds in one process; of the PDFs side by side the clock's.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import weasyprint
from jinja2 import Environment
from msgspec.structs import replace

from tests.digests import samples
from tracker.digests.forms import excerpts
from tracker.digests.forms.html import render_digest, render_report
from tracker.digests.forms.pdf import render_pdf, render_pdfs
from tracker.model import LANGUAGES, Digest
from tracker.workspace import shipped_folder

ITEMS, ROUNDS = 500, 3
LIMIT_MAIL, LIMIT_PDF = 3.0, 1.2
LIMIT_SIDE_BY_SIDE = 1.15
"""Processor time of languages side by side, of one after the other: processes start, and each reads the fonts for itself."""
_HTML = """<!doctype html><html lang="{{ language }}"><title>{{ digest.facts.campaign_name }}</title><body><h1>{{ digest.facts.campaign_name }}</h1>
{% for entry in digest.selection.counted %}<h3 lang="{{ entry.article.language }}"><a href="{{ entry.article.canonical_url }}">{{ entry.article.title }}</a></h3>
<p><strong>{{ entry.outlet.name }}</strong> · {{ entry.outlet.country }} · {{ entry.outlet.kind }} · {{ entry.outlet.tier }} · {{ entry.article.language }} ·
{{ entry.article.authors|join(", ") }} · {{ entry.article.published.at.strftime("%d %B %Y, %H:%M") }}</p><blockquote>{{ entry.article.body[:260] }}</blockquote>
<p>{{ entry.verdict.tone if entry.verdict }} · {{ entry.verdict.headline_en if entry.verdict }} · {{ entry.mention.key_messages|join(", ") }}</p>{% endfor %}
<ul>{% for trouble in digest.facts.troubles %}<li>{{ trouble.outlet_name }}, {{ trouble.country }}: {{ trouble.outcome }}</li>{% endfor %}</ul></body></html>"""
_TEXT = """{{ digest.facts.campaign_name }}
{% for entry in digest.selection.counted %}
{{ entry.article.title }}
{{ entry.outlet.name }}, {{ entry.outlet.country }}, {{ entry.outlet.kind }}, {{ entry.outlet.tier }}, {{ entry.article.language }}, {{ entry.article.authors|join(", ") }}, {{ entry.article.published.at.strftime("%d %B %Y, %H:%M") }}
{{ entry.article.body[:260] }}
{{ entry.verdict.tone if entry.verdict }} {{ entry.verdict.headline_en if entry.verdict }} {{ entry.mention.key_messages|join(", ") }}
{{ entry.article.canonical_url }}
{% endfor %}{% for trouble in digest.facts.troubles %}{{ trouble.outlet_name }}, {{ trouble.country }}: {{ trouble.outcome }}
{% endfor %}"""


def main() -> list[str]:
    """Prints the ratios; returns what is short of its limit."""
    digest, templates = samples.huge(ITEMS), shipped_folder("templates")
    html, text = Environment(autoescape=True).from_string(_HTML), Environment(autoescape=False).from_string(_TEXT)
    bare, ours, reports = _best(
        lambda: [form.render(digest=digest, language=language) for language in LANGUAGES for form in (html, text)],
        lambda: [render_digest(one, templates, language) for one in [_another(digest)] for language in LANGUAGES],
        lambda: [render_report(one, templates, language) for one in [_another(digest)] for language in LANGUAGES],
    )
    size = len(render_digest(digest, templates, "mk").html.encode())
    print(f"digest: {ITEMS} items in {len(LANGUAGES)} languages; bare Jinja2 {bare:.2f} s")
    print(
        f"  HTML and text {ours:.2f} s, {ours / bare:.2f} x (limit {LIMIT_MAIL:g}), {size / 1000:.0f} kB; reports with all items {reports / bare:.2f} x",
        flush=True,
    )
    pages = [render_report(digest, templates, language) for language in LANGUAGES]
    pairs = [
        _best(lambda: weasyprint.HTML(string=page).write_pdf(), lambda: render_pdf(page), rounds=1)  # noqa: B023  # called at once
        for page in pages
    ]
    bare_pdf, our_pdf = (sum(one) for one in zip(*pairs, strict=True))
    print(
        f"  PDF of {ITEMS} items in {len(LANGUAGES)} languages {our_pdf:.1f} s, {our_pdf / bare_pdf:.2f} x bare WeasyPrint (limit {LIMIT_PDF:g})",
        flush=True,
    )
    together, clock = _side_by_side(pages)
    print(
        f"  side by side {together:.1f} s, {together / our_pdf:.2f} x one after the other (limit {LIMIT_SIDE_BY_SIDE:g});"
        f" by the clock {clock:.1f} s with {os.cpu_count()} cores and {os.getloadavg()[0]:.0f} at work"
    )
    short = {
        f"HTML and text at {ours / bare:.2f} x bare Jinja2": ours / bare > LIMIT_MAIL,
        f"PDF at {our_pdf / bare_pdf:.2f} x bare WeasyPrint": our_pdf / bare_pdf > LIMIT_PDF,
        f"PDFs side by side at {together / our_pdf:.2f} x one after the other": together / our_pdf > LIMIT_SIDE_BY_SIDE,
    }
    return [f"digest: {what}" for what, missed in short.items() if missed]


def _another(digest: Digest) -> Digest:
    """The digest as it is read from the database: nothing is known of it from the round before. It is read once for all languages, as
    publishing does; read anew for each language the same mails take 2.8 x bare Jinja2 and more."""
    excerpts._excerpt.cache_clear()
    return replace(digest, selection=replace(digest.selection))


def _side_by_side(pages: list[str]) -> tuple[float, float]:
    """Processor time of all processes that make the pages side by side, and the clock's."""
    began, before = time.perf_counter(), os.times()
    render_pdfs(pages)
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    return spent, time.perf_counter() - began


def _best(*jobs: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    best = [float("inf")] * len(jobs)
    for _ in range(rounds):
        for number, job in enumerate(jobs):
            began = time.process_time()
            job()
            best[number] = min(best[number], time.process_time() - began)
    return best


if __name__ == "__main__":
    print(main())
