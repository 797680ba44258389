"""The page in the outbox that links the files of an edition: a row a language, a column a form, each with its size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.digests.forms.compiled_templates import CompiledTemplates
from tracker.digests.forms.view import read_digest
from tracker.model import Digest
from tracker.text.sizes import size_in_words

FORMS = {
    "html": "Mail",
    "report.html": "Report",
    "pdf": "PDF",
    "docx": "DOCX",
    "xlsx": "XLSX",
    "csv": "CSV",
    "txt": "Text",
    "eml": "Mail file",
}
"""Endings of files in the order of the columns; what people open most comes first."""
Row = tuple[str, str, dict[str, int]]
"""A language's code and own name, and the bytes of each of its files by ending."""


def render_index(digest: Digest, templates: Path, stem: str, rows: Sequence[Row]) -> str:
    """The page. The files `<stem>.<language>.<ending>` stand beside it."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        bytecode_cache=CompiledTemplates("index"),
    )
    forms = [(ending, name) for ending, name in FORMS.items() if any(ending in sizes for _, _, sizes in rows)]
    reading = read_digest(digest, "en")
    return environment.get_template("digest/index.html").render(reading=reading, stem=stem, rows=rows, forms=forms, size=size_in_words)
