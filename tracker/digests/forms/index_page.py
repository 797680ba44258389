"""The page in the outbox that links the files of an edition, by language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.digests.forms.view import read_digest
from tracker.model import Digest


def render_index(digest: Digest, templates: Path, stem: str, rows: Sequence[tuple[str, str, Sequence[str]]]) -> str:
    """The page. `rows` are (language code, its own name, endings of the files `<stem>.<language>.<ending>` beside the page)."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    reading = read_digest(digest, "en")
    return environment.get_template("digest/index.html").render(reading=reading, stem=stem, rows=rows)
