"""A digest as mail (subject, text, HTML) and as a report that stands alone. The templates print a Reading and nothing else.

Jinja2 with autoescape; unknown names are errors. Nothing that is made here is fetched when it is read.
"""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from msgspec.structs import replace

from tracker.digests.forms.branding import mail_marks
from tracker.digests.forms.charts import COLUMN, NARROW, WIDE, column_chart, message_chart, row_chart
from tracker.digests.forms.compiled_templates import CompiledTemplates
from tracker.digests.forms.letter import letter_of
from tracker.digests.forms.palette import palette
from tracker.digests.forms.pictures import ClipPicture
from tracker.digests.forms.plain_text import plain
from tracker.digests.forms.tables import topped
from tracker.digests.forms.view import Reading, read_digest
from tracker.locale.wording import wording
from tracker.model import Digest, RenderedDigest

MOST_MAIL_BYTES = 60_000
"""Gmail cuts a mail's HTML at 102 kB; a forwarded mail grows, and a phone's loads slowly. What a mail shows is bounded (`letter`)."""
LINE_CHARS = 78
"""RFC 5322, 2.1.1: lines of plain text should have 78 characters at most."""
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"<svg": "image/svg+xml", b"<?xml": "image/svg+xml"}
_FOLDER = "digest/edition"


def render_digest(digest: Digest, templates: Path, language: str = "en") -> RenderedDigest:
    """The mail forms of a digest in one of `locale.LANGUAGES`. HTML and text say the same; what they leave to the report is said."""
    forms, reading = environment(templates), read_digest(digest, language)
    letter, (logo, marks) = letter_of(reading), mail_marks(digest)
    values = {**_values(reading), "letter": letter}
    values |= {"logo": logo and ClipPicture(logo, ""), "marks": [ClipPicture(mark, "") for mark in marks]}
    subject = " ".join(forms.get_template(f"{_FOLDER}/subject.txt").render(values).split())
    html = inlined(forms.get_template(f"{_FOLDER}/body.html").render({**values, "subject": subject}))
    text = forms.get_template(f"{_FOLDER}/body.txt").render(values)
    return RenderedDigest(subject, text.strip() + "\n", html, letter.open_report)


def with_page(rendered: RenderedDigest, page: str, templates: Path, language: str) -> RenderedDigest:
    """The mail with a last line that leads to its reader's own page; as it is where there is none."""
    if not page:
        return rendered
    words = wording(language)
    text = f"{rendered.text.rstrip()}\n\n{words.say('preferences_link', address=page)}\n"
    label = words.say("preferences_link", address="").rstrip(" :")
    html = environment(templates).get_template("digest/parts/page-link.html").render(html=rendered.html, address=page, label=label)
    return replace(rendered, text=text, html=html)


def render_report(digest: Digest, templates: Path, language: str = "en", pictures: Mapping[str, bytes] | None = None) -> str:
    """The whole digest as one page for a screen or for paper. `pictures`: files that the branding names; one that is not there or is
    neither PNG, JPEG nor SVG is left out."""
    values = _values(read_digest(digest, language))
    branding = digest.facts.branding
    shown = {name: address for name in (branding.logo, *branding.marks) if (address := _data_address((pictures or {}).get(name, b"")))}
    values |= {"logo": shown.get(branding.logo, ""), "marks": [shown[name] for name in branding.marks if name in shown]}
    return environment(templates).get_template(f"{_FOLDER}/report.html").render(values)


def _values(reading: Reading) -> dict[str, Any]:
    return {
        "reading": reading,
        "say": reading.say,
        "kind": reading.digest.kind,
        "whole": reading.digest.kind not in ("nightly", "situation"),
        "colours": palette(reading.digest.facts.branding.colour),
    }


def inlined(html: str) -> str:
    """The page with its styles on each element, as mail programs need them."""
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)
    return inliner.inline(html)


def _data_address(content: bytes) -> str:
    media_type = next((name for start, name in _PICTURES.items() if content.lstrip().startswith(start)), "")
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}" if media_type else ""


@lru_cache(maxsize=4)
def environment(templates: Path) -> Environment:
    """The templates, with the filters that forms of a digest use."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(["html", "svg"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        bytecode_cache=CompiledTemplates("digest"),
    )
    environment.filters.update(wrapped=_wrapped, unbroken=_unbroken, capped=_capped, cut=plain, page_counter=_page_counter)
    environment.globals.update(
        topped=topped, row_chart=row_chart, message_chart=message_chart, column_chart=column_chart, WIDE=WIDE, NARROW=NARROW, COLUMN=COLUMN
    )
    return environment


def _wrapped(text: str, indent: str = "") -> str:
    """Lines of a text part; a word that is longer than a line, such as an address, stays whole."""
    if len(indent) + len(text) <= LINE_CHARS:
        return f"{indent}{text}"
    hanging = f"{indent}  " if text.startswith("- ") else indent
    lines = textwrap.wrap(
        text, LINE_CHARS, initial_indent=indent, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def _unbroken(text: str) -> str:
    """Times and their zone on one line: `08:10 CET`."""
    head, _, zone = text.rpartition(" ")
    return f"{head}\u00a0{zone}" if head[-3:-2] == ":" else text


def _capped(words: str) -> str:
    """Words that begin a line as a sentence begins."""
    return words[:1].upper() + words[1:]


def _page_counter(sentence: str) -> str:
    """`Page \0 of \1` as the content of a style sheet's margin box, which counts the pages."""
    counters = {"\0": "counter(page)", "\1": "counter(pages)"}
    parts = (counters.get(part) or '"' + re.sub(r"[^\w .,/-]", "", part) + '"' for part in re.split("([\0\1])", sentence) if part)
    return " ".join(parts)
