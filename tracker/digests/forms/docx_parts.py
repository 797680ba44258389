"""Pieces of a DOCX: styles, tables with repeated headings, links, page numbers, and a package that is the same file each time.

It knows words and paragraphs, not digests. Every text passes `legal`; a link leads to http(s) or is no link.
"""

from __future__ import annotations

import contextlib
import io
import re
import struct
import zipfile
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor
from msgspec import Struct

from tracker.digests.forms.palette import Palette
from tracker.spreadsheets.cells import legal

TEXT_WIDTH_MM = 170
LETTER_MM = 2.05
"""A letter of a table's heading, on average; of Cyrillic capitals and m some are wider."""
CELL_MARGINS_MM = 4.2
MOST_LETTERS = 14
"""Of a word that no column is widened for any further: an address may be broken."""
"""A4 (210 mm) less two margins of 20 mm."""
LANGUAGES = {
    "sq": "sq-AL",
    "sr-Latn": "sr-Latn-RS",
    "sr-Cyrl": "sr-Cyrl-RS",
    "bs": "bs-Latn-BA",
    "hr": "hr-HR",
    "cnr": "sr-Latn-ME",
    "mk": "mk-MK",
    "en": "en-GB",
}
"""As word processors call them: they check spelling by it."""
LEAD_WIDTH_MM, CARD_WIDTH_MM = 84, 32
"""Width of the first story's picture, and of an item's."""
FONT, MUTED = "Calibri", "505A61"
_DATED = (1980, 1, 1, 0, 0, 0)
_TABLE_STYLE = "Digest Table"
_TEXT, _SMALL, _HEADING = "TableText", "TableSmall", "TableHeading"
"""Ids of styles, for cells."""
_TABLE_STYLE_XML = """<w:style {namespaces} w:type="table" w:customStyle="1" w:styleId="DigestTable"><w:name w:val="{name}"/>
<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>
<w:top w:val="single" w:sz="4" w:space="0" w:color="C5D3DA"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{brand}"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="C5D3DA"/></w:tblBorders><w:tblCellMar><w:top w:w="45" w:type="dxa"/>
<w:left w:w="85" w:type="dxa"/><w:bottom w:w="45" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="FFFFFF"/></w:rPr><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{brand}"/>
<w:vAlign w:val="center"/></w:tcPr></w:tblStylePr></w:style>"""
_COMPATIBLE = """<w:compat {namespaces}><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>"""
"""Without it the word processor opens the file as one of 2007."""


class Words(Struct, frozen=True):
    """A stretch of text in one look. `language` is an article's code where it is not the reader's."""

    text: str
    bold: bool = False
    italic: bool = False
    muted: bool = False
    link: str = ""
    language: str = ""


class Line(Struct, frozen=True):
    """A paragraph of a cell; a JPEG stands before its words, `alt` is what it shows."""

    words: tuple[Words, ...]
    small: bool = False
    picture: bytes = b""
    alt: str = ""


Paragraphs = Sequence[Line]


def line(text: str, *, small: bool = False, **look: Any) -> tuple[Line, ...]:
    """A paragraph in one look; none for an empty text."""
    return (Line((Words(text, **look),), small),) if text else ()


class WordDocument:
    """A document from the top down, in the language and colours of its readers."""

    def __init__(self, language: str, colours: Palette) -> None:
        self.document = docx.Document()
        self._brand = colours.brand.lstrip("#").upper()
        self._tint = colours.tint.lstrip("#").upper()
        self._page()
        self._styles(LANGUAGES[language])
        self._ids = {style.name: style.style_id for style in self.document.styles}
        """python-docx reads all styles for each that is asked for by its name."""

    def paragraph(self, *words: Words, style: str = "Normal") -> None:
        """A paragraph of the text."""
        self._write(self._paragraph(self.document, style), words)

    def _paragraph(self, parent: Any, style: str) -> Any:
        """A new paragraph of the text or of a cell."""
        paragraph = parent.add_paragraph()
        if style != "Normal":
            paragraph._p.style = self._ids[style]
        return paragraph

    def heading(self, text: str, level: int = 1) -> None:
        """A heading of the document's outline."""
        self.document.add_heading(legal(text), level)

    def bullets(self, texts: Iterable[str], style: str = "List Bullet") -> None:
        """A list."""
        for text in texts:
            self.paragraph(Words(text), style=style)

    def table(
        self, headings: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[Paragraphs]], *, numbers: Collection[int] = ()
    ) -> None:
        """A table whose heading is repeated on every page and whose rows stay whole. Widths are shares of the text's width; the columns
        in `numbers` stand at the right."""
        table = self._grid(len(headings), widths, _TABLE_STYLE)
        self._row(table, [line(heading) for heading in headings], numbers, _HEADING)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cells in rows:
            self._row(table, cells, numbers)
        self._paragraph(self.document, "Table End")

    def tiles(self, figures: Sequence[tuple[str, str, str]]) -> None:
        """Large numbers beside each other, each over its noun and what it was before."""
        table = self._grid(len(figures), [1] * len(figures), "Normal Table")
        row = table.add_row()
        for cell, (value, label, before) in zip(row.cells, figures, strict=True):
            cell.paragraphs[0]._p.style = self._ids["Figure"]
            cell.paragraphs[0].add_run(legal(value))
            self._write(self._paragraph(cell, "Table Small"), [Words(label)])
            if before:
                self._write(self._paragraph(cell, "Table Small"), [Words(before, muted=True)])
            cell._tc.get_or_add_tcPr().append(_element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": self._tint}))
        self._paragraph(self.document, "Table End")

    def box(self, title: str, texts: Sequence[str]) -> None:
        """A framed notice that comes before everything else."""
        table = self._grid(1, [1], "Table Grid")
        cell = table.add_row().cells[0]
        cell._tc.get_or_add_tcPr().append(_element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": "FFF4D6"}))
        self._write(cell.paragraphs[0], [Words(title, bold=True)])
        for text in texts:
            self._write(self._paragraph(cell, "List Bullet"), [Words(text)])
        self._paragraph(self.document, "Table End")

    def pictures(self, contents: Iterable[bytes], height_mm: int = 14, most_width_mm: int = 55) -> None:
        """Pictures in a row. What is neither PNG nor JPEG is left out: word processors of an older age show no other."""
        wanted = [content for content in contents if content.startswith((b"\x89PNG", b"\xff\xd8\xff"))]
        if not wanted:
            return
        paragraph = self.document.add_paragraph()
        for content in wanted:
            with contextlib.suppress(
                UnrecognizedImageError,
                InvalidImageStreamError,
                UnexpectedEndOfFileError,
                struct.error,
                KeyError,
                ValueError,
                ZeroDivisionError,
            ):
                shown = paragraph.add_run().add_picture(io.BytesIO(content), height=Mm(height_mm))
                if shown.width > Mm(most_width_mm):
                    shown.height, shown.width = Length(shown.height * Mm(most_width_mm) // shown.width), Mm(most_width_mm)
                paragraph.add_run("   ")

    def lead_picture(self, content: bytes, alt: str) -> None:
        """The picture of the story that stands first."""
        self._draw(self.document.add_paragraph(), content, alt, LEAD_WIDTH_MM)

    def _draw(self, paragraph: Any, content: bytes, alt: str, width_mm: int) -> None:
        shown = paragraph.add_run().add_picture(io.BytesIO(content), width=Mm(width_mm))
        shown._inline.docPr.set("descr", legal(alt))

    def foot(self, text: str, page_of: str) -> None:
        """The line at the foot of every page. In `page_of` NUL stands for the page and SOH for the number of pages."""
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.style = "Footer"
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{legal(text)}\t")
        for piece in re.split("([\0\1])", page_of):
            if piece in ("\0", "\1"):
                field = _element("w:fldSimple", {"w:instr": "PAGE" if piece == "\0" else "NUMPAGES"})
                field.append(paragraph.add_run("1")._r)
                paragraph._p.append(field)
            elif piece:
                paragraph.add_run(legal(piece))

    def content(self) -> bytes:
        """The file. The same document is the same bytes on any day."""
        package = self.document.part.package
        for identity in [identity for identity, one in package.rels.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
            package.rels.pop(identity)
        out, undated = io.BytesIO(), io.BytesIO()
        self.document.save(out)
        with zipfile.ZipFile(out) as dated, zipfile.ZipFile(undated, "w") as written:
            for name in dated.namelist():
                written.writestr(zipfile.ZipInfo(name, _DATED), dated.read(name), zipfile.ZIP_DEFLATED)
        return undated.getvalue()

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
        section.footer_distance = Mm(10)
        settings = self.document.settings.element
        for old in settings.findall(qn("w:compat")):
            settings.remove(old)
        after = next(
            (
                child
                for name in ("w:rsids", "w:mathPr", "w:themeFontLang", "w:clrSchemeMapping")
                if (child := settings.find(_qn(name))) is not None
            ),
            None,
        )
        compatible = parse_xml(_COMPATIBLE.format(namespaces=nsdecls("w")))
        settings.append(compatible) if after is None else after.addprevious(compatible)

    def _styles(self, language: str) -> None:
        styles = self.document.styles
        for spoken in styles.element.iter(qn("w:lang")):
            spoken.set(qn("w:val"), language)
        styles.element.append(parse_xml(_TABLE_STYLE_XML.format(namespaces=nsdecls("w"), name=_TABLE_STYLE, brand=self._brand)))
        self._style("Normal", 10.5, after=5)
        self._style("Title", 24, bold=True, coloured=True, after=4)
        self._style("Subtitle", 11, bold=True, coloured=True, after=0)
        self._style("Heading 1", 15, bold=True, coloured=True, before=16, after=5)
        self._style("Heading 2", 11.5, bold=True, coloured=True, before=9, after=4)
        self._style("Footer", 8)
        for name, size, after in (
            ("Table Text", 9, 1),
            ("Table Small", 8, 1),
            ("Table Heading", 9, 0),
            ("Table End", 4, 2),
            ("Small", 9, 3),
        ):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
            self._style(name, size, after=after)
        styles["Table Heading"].paragraph_format.keep_with_next = True
        styles.add_style("Figure", WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        self._style("Figure", 22, bold=True, coloured=True, after=0)
        linked = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
        linked.font.color.rgb, linked.font.underline = RGBColor.from_string(self._brand), True
        for name in ("List Bullet", "List Bullet 2"):
            styles[name].paragraph_format.space_after = Pt(2)

    def _style(self, name: str, size: float, *, bold: bool = False, coloured: bool = False, before: float = 0, after: float = 0) -> None:
        style = self.document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        style.font.name, style.font.size, style.font.italic = FONT, Pt(size), False
        fonts.set(qn("w:cs"), FONT)
        if coloured:
            style.font.color.rgb, style.font.bold = RGBColor.from_string(self._brand), bold
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.0 if name.startswith(("Table", "Figure")) else 1.1
        for frame in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
            frame.getparent().remove(frame)

    def _grid(self, columns: int, widths: Sequence[float], style: str) -> Any:
        table = self.document.add_table(rows=0, cols=columns)
        table.style = style
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(TEXT_WIDTH_MM * width / sum(widths))
        return table

    def _row(self, table: Any, cells: Sequence[Paragraphs], numbers: Collection[int], style: str = "") -> None:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for number, (cell, lines) in enumerate(zip(row.cells, cells, strict=True)):
            paragraph = cell.paragraphs[0]
            for first, one in enumerate(lines):
                paragraph = cell.add_paragraph() if first else paragraph
                if one.picture:
                    self._draw(paragraph, one.picture, one.alt, CARD_WIDTH_MM)
                self._write(paragraph, one.words)
                paragraph._p.style = style or (_SMALL if one.small else _TEXT)
                if number in numbers:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if not lines:
                paragraph._p.style = _TEXT

    def _write(self, paragraph: Any, words: Iterable[Words]) -> None:
        for one in words:
            run = paragraph.add_run(legal(one.text))
            if one.bold:
                run.bold = True
            if one.italic:
                run.italic = True
            if one.muted:
                run.font.color.rgb = RGBColor.from_string(MUTED)
            if one.language and (spoken := _spoken(one)):
                run._r.get_or_add_rPr().append(_element("w:lang", {"w:val": spoken}))
            if one.link.startswith(("https://", "http://")):
                run._r.style = "Hyperlink"
                target = paragraph.part.relate_to(one.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                link = _element("w:hyperlink", {"r:id": target, "w:history": "1"})
                link.append(run._r)
                paragraph._p.append(link)


def _spoken(words: Words) -> str:
    """The language of a text as a word processor calls it."""
    if words.language == "sr":
        return LANGUAGES["sr-Cyrl" if re.search("[\u0400-\u04ff]", words.text) else "sr-Latn"]
    return LANGUAGES.get(words.language, words.language)


def _qn(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/officeDocument/2006/math}}{name[2:]}" if name == "w:mathPr" else qn(name)


def _element(name: str, attributes: dict[str, str]) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def longest_word(texts: Iterable[str]) -> int:
    """Letters of the longest word; a hyphen ends one."""
    return max((len(word) for text in texts for word in text.replace("-", "- ").split()), default=0)


def fits(letters: Sequence[int]) -> bool:
    """Whether columns whose longest words have so many letters stand beside each other."""
    return sum(_least(letters)) <= TEXT_WIDTH_MM


def _least(letters: Sequence[int]) -> list[float]:
    return [min(count, MOST_LETTERS) * LETTER_MM + CELL_MARGINS_MM for count in letters]


def fitted(shares: Sequence[float], letters: Sequence[int]) -> list[float]:
    """Widths in millimetres near these shares of the text's width, in which no column breaks a word of so many letters where all fit."""
    least = _least(letters)
    if not fits(letters):
        return [TEXT_WIDTH_MM * width / sum(least) for width in least]
    kept: set[int] = set()
    while True:
        left = TEXT_WIDTH_MM - sum(least[at] for at in kept)
        others = sum(share for at, share in enumerate(shares) if at not in kept)
        widths = [least[at] if at in kept else left * share / others for at, share in enumerate(shares)]
        short = {at for at, width in enumerate(widths) if width < least[at]}
        if not short:
            return widths
        kept |= short
