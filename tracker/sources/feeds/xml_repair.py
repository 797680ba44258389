"""XML as text before any parser builds something of it: what it is, whether it is safe, and mended where it is broken."""

from __future__ import annotations

import re

from lxml import etree
from msgspec import Struct

from tracker.sources.feeds.xml_limits import Scan
from tracker.text.doctype import without_doctype
from tracker.text.references import mend_references

MAX_PREFIXES = 200  # feedparser compares every element with every namespace
MAX_REFERENCES = 1_000_000  # each ends a piece of text: about 2 s for this many

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"<([A-Za-z_][\w.:-]{0,80})")
_FEED_ROOT = re.compile(r"<\?xml|<(?:\w{1,20}:)?(?:rss|feed|RDF)[\s>]")
_PREFIX = re.compile(r"xmlns:([^=\s]{1,60})")


_USED_PREFIX = re.compile(r"[<\s]([A-Za-z_][\w.-]{0,30}):[\w.-]{1,60}[\s=/>]")
_DECLARATION = re.compile(r"^<\?xml[^>]{0,300}\?>")
SAMPLE_CHARS = 512 * 1024
"""Of a document, read for prefixes: an entry that uses one that no other uses is rare."""
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}


class Prepared(Struct, frozen=True):
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


def prepare(text: str) -> Prepared:
    """`text` as well-formed XML that is safe to parse: as it is, mended, or as far as it can be understood."""
    undressed = without_doctype(text)
    text = undressed.text
    if text.count("&") > MAX_REFERENCES:
        return Prepared(refused=f"more than {MAX_REFERENCES} ampersands")
    if text.count("xmlns:") > MAX_PREFIXES and len(set(_PREFIX.findall(text))) > MAX_PREFIXES:
        return Prepared(refused=f"more than {MAX_PREFIXES} namespaces")
    if undressed.entities:
        text = mend_references(text, undressed.entities)
    text = _UNWRITABLE.sub("", text)
    scan = Scan(text)
    if not scan.complete and not scan.refused:
        text = _declare_prefixes(mend_references(text))
        error, scan = scan.error, Scan(text)
        if not scan.complete and not scan.refused:
            text = _recovered(text)
            scan = Scan(text)
        remark = f"not well-formed XML ({error}), mended"
    else:
        remark = ""
    if scan.refused or not scan.complete:
        return Prepared(refused=scan.refused or f"not XML that could be mended ({scan.error})")
    if scan.overflow:
        return Prepared(scan.cut(), remark=f"only the first {scan.entries} entries were read")
    return Prepared(text, remark=remark)


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


def _declare_prefixes(text: str) -> str:
    """Namespaces that are used and nowhere declared, declared in the root: feeds are often pasted together."""
    used = set(_USED_PREFIX.findall(text[:SAMPLE_CHARS])) - set(_PREFIX.findall(text)) - {"xml", "xmlns"}
    root = _NAME.match(text, _after_prolog(text))
    if not used or root is None or len(used) > MAX_PREFIXES:
        return text
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"' for prefix in sorted(used))
    return text[: root.end()] + declared + text[root.end() :]


def _recovered(text: str) -> str:
    """The document as libxml2 makes sense of it: linear in time, at the price of some text around the damage."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_DECLARATION.sub("", text, count=1).lstrip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return ""
    if root is None:
        return ""
    recovered: str = etree.tostring(root, encoding="unicode")
    return recovered
