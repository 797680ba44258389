"""The register as OPML, the feed readers' format: read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from tracker.errors import ConfigError
from tracker.model import OUTLET_COUNTRIES, Outlet, Source, SourceKind
from tracker.register.catalog import Catalogue, source_id
from tracker.register.catalog_rows import ID, KINDS, OVERRIDES, WrongCell, override_cells, overrides
from tracker.text.charsets import decode
from tracker.text.doctype import without_doctype
from tracker.text.references import mend_references
from tracker.urls.links import web_address

MAX_FILE_BYTES = 32 * 1024 * 1024
"""As of a CSV: 60,000 outlines with all attributes take 20 MB."""
MAX_DEPTH = 50
"""Of folders. Readers write two; each level costs a stack of open elements."""

_LOCALE = re.compile(r"[-_][a-z]{2,8}(?=$|[|,_-])|\s")  # `sq-AL` is Albanian
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_opml(catalogue: Catalogue, title: str = "Outlets") -> bytes:
    """A folder per country, an outline per feed; other readers understand it, `read_opml` gets outlets (their overrides too) and feeds back."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _writable(title)
    body = etree.SubElement(root, "body")
    feeds: dict[str, list[Source]] = {}
    for source in catalogue.sources:
        if source.kind is SourceKind.FEED:
            feeds.setdefault(source.outlet_id, []).append(source)
    folders: dict[str, etree._Element] = {}
    for outlet in catalogue.outlets:
        for source in feeds.get(outlet.id, ()):
            if outlet.country not in folders:
                folders[outlet.country] = etree.SubElement(body, "outline", text=outlet.country, title=outlet.country)
            etree.SubElement(folders[outlet.country], "outline", _attributes(outlet, source))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def read_opml(path: Path, *, country: str = "XB") -> Catalogue:
    """Outlets and feeds of an OPML file. `country` is for feeds that neither say their own nor lie in a folder named after one."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= MAX_FILE_BYTES else None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", place=path) from error
    if raw is None:
        raise ConfigError(f"is larger than {MAX_FILE_BYTES // 2**20} MB; an OPML file lists feeds", place=path)
    reader = _Reader(path)
    for outline, folder in _outlines(_root(raw, path), country, path):
        reader.add(outline, folder)
    if not reader.sources:
        raise ConfigError("lists no feed; outlines with an xmlUrl are wanted", place=path)
    return Catalogue(tuple(reader.outlets.values()), tuple(reader.sources))


def _attributes(outlet: Outlet, source: Source) -> dict[str, str]:
    attributes = {
        "type": "rss",
        "text": outlet.name,
        "title": outlet.name,
        "xmlUrl": source.address,
        "htmlUrl": outlet.homepage,
        "language": "|".join(outlet.languages),
        "outletId": outlet.id,
        "country": outlet.country,
        "kind": outlet.kind,
        "tier": str(outlet.tier),
        "scripts": "|".join(outlet.scripts),
    } | {_camel(column): cell for column, cell in override_cells(outlet).items() if cell}
    return {name: _writable(value) for name, value in attributes.items()}


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _root(raw: bytes, path: Path) -> etree._Element:
    text = _DECLARATION.sub("", decode(raw).text, count=1).strip()
    undressed = without_doctype(text)
    text = mend_references(undressed.text, undressed.entities)
    if re.search(r"<!ENTITY", text, re.I):
        raise ConfigError("declares entities (<!ENTITY) outside a DOCTYPE, which is refused as unsafe; save it as plain OPML", place=path)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise ConfigError(f"is not valid XML: {str(error).split(', line')[0]}", place=path, line=line) from error
    for element in root.iter("*"):
        element.tag = etree.QName(element).localname.lower()  # some readers write a namespace, or capitals
    if root.tag != "opml":
        raise ConfigError(f"is XML of another kind (<{str(root.tag)[:40]}>); an OPML file begins with <opml>", place=path, line=_line(root))
    return root


def _outlines(root: etree._Element, country: str, path: Path) -> Iterator[tuple[_Outline, str]]:
    """Outlines that are feeds, in order, each with the country of the folders it lies in."""
    waiting = [(outline, country, 0) for outline in reversed(list(root.iterfind("body/outline")))]
    while waiting:
        element, folder, depth = waiting.pop()
        outline = _Outline(element)
        if depth > MAX_DEPTH:
            raise ConfigError(f"has folders nested more than {MAX_DEPTH} deep", place=path, line=outline.line)
        if outline("xmlUrl"):
            yield outline, folder
        name = outline("text") or outline("title")
        inner = name.upper() if name.upper() in OUTLET_COUNTRIES else folder
        waiting += [(child, inner, depth + 1) for child in reversed(list(element.iterfind("outline")))]


class _Reader:
    """Collects outlets and their feeds, each address of an outlet once."""

    def __init__(self, path: Path) -> None:
        self.outlets: dict[str, Outlet] = {}
        self.sources: list[Source] = []
        self._path = path
        self._addresses: dict[str, set[str]] = {}

    def add(self, outline: _Outline, folder: str) -> None:
        """Takes one outline with an xmlUrl in. Raises ConfigError."""
        address = web_address(outline("xmlUrl"))
        if not address:
            words = f"xmlUrl: {outline('xmlUrl')[:80]!r} must be an address that begins with http:// or https://"
            raise ConfigError(words, place=self._path, line=outline.line)
        homepage = web_address(outline("htmlUrl")) or "{0.scheme}://{0.netloc}/".format(urlsplit(address))
        named = outline("outletId")
        identity = named if ID.fullmatch(named) else _slug(homepage)
        if identity not in self.outlets:
            self.outlets[identity] = self._outlet(outline, identity, homepage, folder)
        own = self._addresses.setdefault(identity, set())
        if address not in own:
            own.add(address)
            self.sources.append(Source(source_id(identity, SourceKind.FEED, len(own)), identity, SourceKind.FEED, address, "seen"))

    def _outlet(self, outline: _Outline, identity: str, homepage: str, folder: str) -> Outlet:
        try:
            given = overrides({column: outline(_camel(column)) for column in OVERRIDES})
        except WrongCell as wrong:
            raise ConfigError(f"{_camel(wrong.column)}: {wrong}", place=self._path, line=outline.line) from wrong
        return Outlet(
            id=identity,
            name=outline("title") or outline("text") or identity,
            homepage=homepage,
            country=_known(outline("country").upper(), OUTLET_COUNTRIES, folder),
            languages=tuple(dict.fromkeys(_parts(_LOCALE.sub("", outline("language").lower()).replace(",", "|"), r"[a-z]{2,3}"))),
            scripts=tuple(_parts(outline("scripts"), "Latn|Cyrl")) or ("Latn",),
            kind=_known(outline("kind"), KINDS, "portal"),
            tier=int(_known(outline("tier"), ("1", "2", "3"), "3")),
            **given,
        )


def _camel(column: str) -> str:
    """`url_key` -> `urlKey`, as OPML writes its attributes."""
    first, *others = column.split("_")
    return first + "".join(map(str.capitalize, others))


class _Outline:
    """An outline's attributes whatever their capitals: readers differ."""

    def __init__(self, element: etree._Element) -> None:
        self.line = _line(element)
        self._given = {str(name).lower(): str(value) for name, value in reversed(element.attrib.items())}

    def __call__(self, name: str) -> str:
        return " ".join(self._given.get(name.lower(), "").split())


def _known(value: str, known: Iterable[str], otherwise: str) -> str:
    return value if value in known else otherwise


def _parts(value: str, pattern: str) -> list[str]:
    return [part for part in value.split("|") if re.fullmatch(pattern, part)]


def _slug(homepage: str) -> str:
    host = (urlsplit(homepage).hostname or "").removeprefix("www.")
    return re.sub(r"[^a-z0-9]+", "-", host)[:80].strip("-") or "outlet"


def _line(element: etree._Element) -> int | None:
    line: Any = element.sourceline
    return line if isinstance(line, int) else None
