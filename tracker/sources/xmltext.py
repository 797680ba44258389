"""XML as text before any parser builds something of it: what it is, whether it is safe, and mended where it is broken."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

MAX_DEPTH = 500
MAX_ELEMENTS = 300_000
MAX_ENTRIES = 5_000
MAX_PREFIXES = 200  # feedparser compares every element with every namespace
ITEMS = frozenset({"item", "entry"})

_ENTITY = re.compile(r"<!ENTITY", re.I)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"<([A-Za-z_][\w.:-]{0,80})")
_FEED_ROOT = re.compile(r"<\?xml|<(?:\w{1,20}:)?(?:rss|feed|RDF)[\s>]")
_REFERENCE = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIX = re.compile(r"xmlns:([^=\s]{1,60})")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be parsed, or why it is `refused`. `remark` says what was mended."""

    text: str = ""
    refused: str = ""
    remark: str = ""


def root_name(text: str) -> str:
    """The name of the first element in lower case without prefix, "" when there is none near the start."""
    found = _NAME.match(text, _after_prolog(text))
    return found[1].rpartition(":")[2].lower() if found else ""


def from_feed_root(text: str) -> str:
    """The document from its feed on, when junk (a warning of the server's, say) stands before it; "" when there is no feed in it."""
    if root_name(text) in ("html", "head", "body", "urlset", "sitemapindex"):
        return ""
    found = _FEED_ROOT.search(text, 0, 64 * 1024)
    if found is None or (found.start() == 0 and found[0] == "<?xml"):
        found = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|RDF)[\s>]").search(text, 0, 64 * 1024)
    return text[found.start() :] if found is not None else ""


def prepare(text: str, *, tolerant_chars: int) -> Prepared:
    """`text` well-formed where that can be had; otherwise short enough for a tolerant parser."""
    if _declares_entities(text):
        return Prepared(refused="the document declares entities (<!ENTITY), which is refused as unsafe")
    if text.count("xmlns:") > MAX_PREFIXES and len(set(_PREFIX.findall(text))) > MAX_PREFIXES:
        return Prepared(refused=f"more than {MAX_PREFIXES} namespaces")
    text = _UNWRITABLE.sub("", text)
    scan = _scan(text)
    if scan.refused:
        return Prepared(refused=scan.refused)
    if scan.complete:
        return Prepared(text) if not scan.overflow else Prepared(scan.cut(), remark=f"only the first {MAX_ENTRIES} entries were read")
    mended = mend_references(text)
    again = _scan(mended)
    if again.refused:
        return Prepared(refused=again.refused)
    if again.complete:
        return Prepared(again.cut() if again.overflow else mended, remark="not well-formed XML, mended")
    if len(text) <= tolerant_chars:
        return Prepared(text, remark=f"not well-formed XML ({again.error})")
    return Prepared(_recovered(mended), remark=f"not well-formed XML ({again.error})")


def _after_prolog(text: str) -> int:
    at, limit = 0, len(text)
    while at < limit:
        while at < limit and text[at] in "\ufeff \t\r\n":
            at += 1
        if text.startswith("<!--", at):
            end, length = text.find("-->", at + 4), 3
        elif text.startswith("<?", at):
            end, length = text.find("?>", at + 2), 2
        elif text.startswith("<!", at):
            subset, close = text.find("[", at, at + 2000), text.find(">", at)
            end, length = (text.find("]", subset), 1) if 0 <= subset < close else (close, 1)
            if 0 <= subset < close and end >= 0:
                end = text.find(">", end)
        else:
            return at
        if end < 0:
            return limit
        at = end + length
    return limit


def _declares_entities(text: str) -> bool:
    for count, found in enumerate(_ENTITY.finditer(text)):
        at = found.start()
        quoted = text.rfind("<![CDATA[", 0, at) > text.rfind("]]>", 0, at) or text.rfind("<!--", 0, at) > text.rfind("-->", 0, at)
        if not quoted or count > 50:
            return True
    return False


class _Refused(Exception):
    """Ends a scan at once."""


class _Enough(Exception):
    """Ends a scan after MAX_ENTRIES entries."""


class _Scan:
    """One pass of expat over the document, building nothing: well-formed or not, safe or not, and where it could be cut."""

    def __init__(self) -> None:
        self.refused = self.error = ""
        self.complete = self.overflow = False
        self._open: list[str] = []
        self._elements = self._entries = 0
        self._cut_at, self._cut_open, self._document = -1, "", b""
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity

    def over(self, document: bytes) -> _Scan:
        self._document = document
        try:
            self._parser.Parse(document, True)
            self.complete = True
        except _Enough:
            self.complete = self.overflow = True
        except _Refused as reason:
            self.refused = str(reason)
        except expat.ExpatError as error:
            self.error = f"{expat.ErrorString(error.code)}, line {error.lineno}"
        return self

    def cut(self) -> str:
        """The document up to the last entry that fits, closed again."""
        return self._document[: self._cut_at].decode("utf-8", "replace") + self._cut_open

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if name in ITEMS:
            self._entries += 1
            if self._entries > MAX_ENTRIES:
                self._cut_at, self._cut_open = self._parser.CurrentByteIndex, "".join(f"</{name}>" for name in reversed(self._open))
                raise _Enough
        self._open.append(name)
        if len(self._open) > MAX_DEPTH:
            raise _Refused(f"elements nested more than {MAX_DEPTH} deep")
        if self._elements > MAX_ELEMENTS:
            raise _Refused(f"more than {MAX_ELEMENTS} elements")

    def _end(self, _: str) -> None:
        self._open.pop()

    def _entity(self, *_: object) -> None:
        raise _Refused("the document declares entities (<!ENTITY), which is refused as unsafe")


def _scan(text: str) -> _Scan:
    return _Scan().over(re.sub(r"^<\?xml[^>]{0,300}\?>", "", text, count=1).lstrip().encode("utf-8", "replace"))


def mend_references(text: str) -> str:
    """XML text with bare ampersands escaped, HTML's entity names spelt out, references to characters XML cannot hold dropped; CDATA untouched."""
    parts, at = [], 0
    while True:
        start = text.find("<![CDATA[", at)
        if start < 0:
            parts.append(_REFERENCE.sub(_reference, text[at:]))
            return "".join(parts)
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end + 3
        parts += [_REFERENCE.sub(_reference, text[at:start]), text[start:end]]
        at = end


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        if name in _XML_NAMES:
            return found[0]
        known = html.unescape(found[0])
        return html.escape(known) if known != found[0] else f"&amp;{name};"
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        writable = number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
        return found[0] if writable else ""
    return "&amp;"


def _recovered(text: str) -> str:
    """The document as libxml2 makes sense of it: linear in time, at the price of some text around the damage."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(re.sub(r"^<\?xml[^>]{0,300}\?>", "", text, count=1).encode("utf-8", "replace"), parser)
    if root is None:
        return ""
    recovered: str = etree.tostring(root, encoding="unicode")
    return recovered
