"""A digest as a DOCX: the same tables, for a donor's annex. The same digest gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tracker.digests.clips import Clip
from tracker.digests.palette import palette
from tracker.digests.reading import Reading
from tracker.digests.sheettables import Table, figure_tables, message_table, stories_of, trouble_table

LANGUAGES = {
    "sq": "sq-AL", "sr-Latn": "sr-Latn-RS", "sr-Cyrl": "sr-Cyrl-RS", "bs": "bs-Latn-BA", "hr": "hr-HR", "cnr": "sr-Latn-ME", "mk": "mk-MK",
    "en": "en-GB",
}  # fmt: skip
"""As word processors call them: they check spelling by it."""
_DATED = (1980, 1, 1, 0, 0, 0)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


def render_docx(reading: Reading) -> bytes:
    """The document: summary, stories, items by country, figures, key messages, what was not followed, how it was made."""
    writer = _Writer(reading)
    writer.cover()
    writer.stories()
    writer.items()
    writer.figures()
    writer.context()
    writer.method()
    out = io.BytesIO()
    writer.document.save(out)
    return _undated(out.getvalue())


class _Writer:
    """One document, from the top down."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._ink = RGBColor.from_string(palette(reading.digest.facts.branding.colour).brand.lstrip("#").upper())
        self.document = docx.Document()
        self._set_up()

    def cover(self) -> None:
        """Title, period, the sentences that sum it up, and the numbers."""
        reading = self._reading
        self._paragraph(reading.title, "Subtitle")
        self._paragraph(reading.campaign, "Title")
        for line in (reading.period, reading.made, reading.approved):
            if line:
                self._paragraph(line)
        self._heading(reading.say("in_brief"))
        for sentence in reading.summary:
            self._paragraph(sentence)
        if reading.figures.items:
            self._grid([number.label for number in reading.numbers], [[number.value for number in reading.numbers]])
        if reading.hidden:
            self._paragraph(reading.hidden)
        for objective in reading.objectives:
            self._paragraph(" · ".join(filter(None, [objective.name, objective.target])), "List Bullet")
            for outcome in objective.outcomes:
                self._paragraph(outcome, "List Bullet 2")

    def stories(self) -> None:
        """Stories that several outlets carried."""
        reading = self._reading
        shared = [story for story in stories_of(reading) if len(story.clips) > 1]
        if not shared:
            return
        self._heading(reading.say("main_stories"))
        headings = [reading.say(key) for key in ("col_story", "col_items", "first_published_by", "carried_by")]
        self._table(headings, [60, 14, 46, 50])
        for story in shared:
            later = "; ".join(dict.fromkeys(clip.outlet for clip in story.carried_by))
            cells = self._row([_named(story.first), str(len(story.clips)), f"{story.first.outlet}, {story.first.published}", later])
            self._link(cells[0], story.first)

    def items(self) -> None:
        """Every item by country, print and broadcasts in their own part."""
        reading = self._reading
        parts = [(country.name, [clip for story in country.stories for clip in story.clips]) for country in reading.countries]
        parts += [(reading.say("other_media"), list(reading.broadcast)), (reading.say("social_media"), list(reading.social))]
        if not any(clips for _, clips in parts):
            return
        self._heading(reading.say("coverage_by_country"))
        headings = [reading.say(key) for key in ("col_headline", "col_outlet", "col_published", "col_excerpt")]
        for name, clips in parts:
            if not clips:
                continue
            self._heading(name, 2)
            self._table(headings, [48, 32, 28, 62])
            for clip in clips:
                cells = self._row([_named(clip), self._outlet(clip), clip.published, clip.excerpt_text])
                self._link(cells[0], clip)

    def figures(self) -> None:
        """The numbers by country, outlet, tier, language, medium and week; key messages; who was named."""
        reading = self._reading
        if not reading.figures.items:
            return
        self._heading(reading.say("in_figures"))
        for table in figure_tables(reading):
            self._heading(table.name, 2)
            self._whole(table, [110, 30, 30])
        if reading.messages:
            self._heading(reading.say("key_messages"))
            self._paragraph(reading.say("machine_note"))
            self._whole(message_table(reading), [110, 30, 30])
        if reading.quoted:
            self._heading(reading.say("who_was_quoted"))
            for person in reading.quoted:
                self._paragraph(", ".join(filter(None, [person.name, person.role, person.counted])), "List Bullet")

    def context(self) -> None:
        """Parts that are not counted, and what changed since the last digest."""
        reading = self._reading
        for heading, clips in (
            ("organisation", reading.organisation), ("context_counted", reading.context), ("own_channels", reading.own_channels),
        ):  # fmt: skip
            if clips:
                self._heading(reading.say(heading))
                for clip in clips:
                    self._paragraph(f"{clip.outlet}: {clip.headline} ({clip.published})", "List Bullet")
        if reading.changed:
            self._heading(reading.say("changed_since"))
            for line in reading.changed:
                self._paragraph(line, "List Bullet")

    def method(self) -> None:
        """What could not be followed, and how the digest was made."""
        reading = self._reading
        self._heading(reading.say("could_not_follow"))
        for line in reading.not_followed:
            self._paragraph(line)
        if reading.troubles:
            self._whole(trouble_table(reading), [34, 46, 90])
        self._heading(reading.say("how_prepared"))
        for line in reading.method:
            self._paragraph(line)
        for line in (reading.kosovo_note, reading.funding, reading.contact):
            if line:
                self._paragraph(line)

    # --- pieces

    def _set_up(self) -> None:
        document, reading = self.document, self._reading
        section = document.sections[0]
        section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
        normal = document.styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(10.5)
        normal.element.rPr.append(_element("w:lang", {"w:val": LANGUAGES[reading.language], "w:eastAsia": LANGUAGES[reading.language]}))
        for name in ("Title", "Subtitle", "Heading 1", "Heading 2"):
            style = document.styles[name]
            style.font.name, style.font.color.rgb = "Calibri", self._ink
            style.element.rPr.rFonts.attrib.clear()
            style.font.name = "Calibri"
        properties = document.core_properties
        properties.title, properties.subject = _legal(f"{reading.campaign}: {reading.title}")[:200], _legal(reading.period)
        properties.author = properties.last_modified_by = ""
        properties.language = LANGUAGES[reading.language]
        properties.created = properties.modified = reading.digest.made_at.astimezone(UTC).replace(tzinfo=None)
        properties.comments = ""
        footer = section.footer.paragraphs[0]
        footer.add_run(_legal(f"{reading.campaign} · {reading.period} · "))
        for name in ("PAGE", " / ", "NUMPAGES"):
            footer.add_run(name) if name == " / " else _field(footer, name)

    def _paragraph(self, text: str, style: str | None = None) -> None:
        self.document.add_paragraph(_legal(text), style)

    def _heading(self, text: str, level: int = 1) -> None:
        self.document.add_heading(_legal(text), level)

    def _outlet(self, clip: Clip) -> str:
        return "\n".join(filter(None, [clip.outlet, clip.tier, clip.programme, clip.place, clip.by_hand, clip.tone, clip.reach]))

    def _whole(self, table: Table, widths: Sequence[int]) -> None:
        self._table([column.heading for column in table.columns], widths)
        shares = [column.kind == "share" for column in table.columns]
        for values in table.rows():
            self._row([_shown(value, share) for value, share in zip(values, shares, strict=True)])

    def _grid(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        self._table(headings, [170 // len(headings)] * len(headings))
        for row in rows:
            self._row(row)

    def _table(self, headings: Sequence[str], widths: Sequence[int]) -> None:
        table = self.document.add_table(rows=1, cols=len(headings), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        self._widths = [Mm(width) for width in widths]
        for column, width in zip(table.columns, self._widths, strict=True):
            column.width = width
        self._current = table
        table._tbl.tblPr.append(_borders())
        self._fill(table.rows[0].cells, headings, is_heading=True)
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(_element("w:tblHeader", {"w:val": "true"}))
        self.document.add_paragraph().paragraph_format.space_after = Pt(2)

    def _row(self, texts: Sequence[str]) -> Any:
        row = self._current.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", {"w:val": "true"}))
        cells = row.cells
        self._fill(cells, texts)
        return cells

    def _fill(self, cells: Sequence[Any], texts: Sequence[str], *, is_heading: bool = False) -> None:
        for cell, text, width in zip(cells, texts, self._widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(_legal(text))
            run.font.size, run.font.bold = Pt(9), is_heading
            if is_heading:
                cell._tc.get_or_add_tcPr().append(_element("w:shd", {"w:val": "clear", "w:fill": "E3EEF2"}))

    def _link(self, cell: Any, clip: Clip) -> None:
        """Makes the cell's first run a link to the article."""
        if not clip.link:
            return
        paragraph = cell.paragraphs[0]
        target = paragraph.part.relate_to(clip.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _element("w:hyperlink", {"r:id": target})
        run = paragraph.runs[0]
        run.font.color.rgb, run.font.underline = self._ink, True
        link.append(run._r)
        paragraph._p.append(link)


def _named(clip: Clip) -> str:
    return f"{clip.headline}\n({clip.translation})" if clip.translation else clip.headline


def _shown(value: object, is_share: bool) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if is_share and isinstance(value, float):
        return f"{value:.0%}"
    return "" if value is None else str(value)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _element(name: str, attributes: dict[str, str]) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _borders() -> Any:
    """Thin pale lines."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{side}", {"w:val": "single", "w:sz": "4", "w:color": "C5D3DA"}))
    return borders


def _field(paragraph: Any, name: str) -> None:
    """A number that the word processor counts: PAGE, NUMPAGES."""
    field = _element("w:fldSimple", {"w:instr": name})
    run = _element("w:r", {})
    run.append(OxmlElement("w:t"))
    field.append(run)
    paragraph._p.append(field)


def _undated(content: bytes) -> bytes:
    """The package with one date for all its parts, in the order they stand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as undated:
        for name in package.namelist():
            undated.writestr(zipfile.ZipInfo(name, _DATED), package.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
