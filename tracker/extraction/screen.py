"""All text a page shows, cheaply: what a campaign's terms are looked for in before a page is extracted in full.

Promises to hold everything that the full ladder could take for the body, so that no mention is lost. It imports no parser but
selectolax, so that a process that only screens stays small. It does not say what is article and what is menu.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence, Set

from msgspec import Struct, field
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from tracker.extraction.structured import read_structured, script_text
from tracker.text.charsets import decode, repair_text

DROPPED = ("script", "style", "svg", "iframe", "object", "link", "meta", "wbr")
INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd", "mark", "nobr", "q",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
)  # fmt: skip
"""Elements that may begin or end inside a word (drop capitals, highlighted names): their text joins what stands beside it."""
_NAMES = {LexborHTMLParser("").create_node(name).tag_id: name for name in (*INLINE, *DROPPED)}
"""By the parser's number for an element, the same in every document."""
_ASKED = {
    LexborHTMLParser("").create_node(name).tag_id: name
    for name in ("title", "h1", "meta", "script", "link", "article", "iframe", "video", "audio", "input")
}
_OWN_TEXT = "[itemprop~=articleBody]"

MAX_CHARS = 8 * 1024 * 1024
"""A bound on the work: the largest page of the corpus has 2.6 MB."""
DEPTH_LIMIT = 4000
"""Pages nested deeper are read with their tags taken off by a pattern: nesting is then an attack or a broken template."""

SCRIPTED_CHARS = 1000
"""Pages that show less may keep their text in a script, for a browser to show."""

MANY_UNCLOSED = 600
"""More elements left open than this make the exact, slower count worth while; measured with the pages of tests/extraction/test_screen.py."""
FORMATTING_LIMIT = 200
"""Formatting left open is opened again in every following block: a half megabyte with 3,000 of them took 10 s."""

MAX_REFRESH_CHARS = 2000
"""The longest address that browsers and servers take for sure (RFC 9110, section 4.1, asks for 8,000 octets at least)."""
_REFRESH = re.compile(r"\s*[\d.]{1,8}\s*[;,]\s*(?:url\s*=\s*)?(\S.*)$", re.I)
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAKING = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
_TAG = re.compile(r"<[^<>]{0,4000}>")
_NESTING = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|td|tr|th|dd|dt|option)\b)[a-zA-Z]", re.I
)
_FORMATTING = re.compile(r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>])[^<>]*>", re.I)
_FORMATTING_END = re.compile(r"</(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\s*>", re.I)
_META_TEXT = {
    "description": "description",
    "og:description": "description",
    "twitter:description": "description",
    "og:title": "og_title",
    "twitter:title": "og_title",
    "og:type": "og_type",
    "og:site_name": "site_name",
    "og:locale": "locale",
    "og:url": "og_url",
}


_CHALLENGES = {
    "_Incapsula_Resource": "Incapsula",
    "/cdn-cgi/challenge-platform/": "Cloudflare",
    "cf_chl_opt": "Cloudflare",
    "cf-browser-verification": "Cloudflare",
    "ddos-guard/": "DDoS-Guard",
    "sucuri_cloudproxy_js": "Sucuri",
    "captcha-delivery.com": "DataDome",
    "px-captcha": "PerimeterX",
    "awsWafCookieDomainList": "AWS WAF",
    "/aes.js": "a cookie test",
}
HIDDEN_SHARE = 0.4
"""A hidden part with more of the page's text is the page itself (extraction keeps from 0.6 on, so that the screen holds all it reads)."""

MOST_HIDDEN = 300
"""Parts taken out of one page; the corpus has 96 at most. What is left over costs a second look, never a mention."""

CHALLENGE_CHARS = 60_000
"""Longer pages are no challenges: those carry a script and a few sentences; many real pages name the same services."""


class ScreenedPage(Struct, frozen=True):
    """What a cheap look at a page gives. `text` is all of it: visible text, then titles, descriptions, JSON-LD and hints not visible."""

    title: str = ""
    text: str = ""
    visible_chars: int = 0
    link_chars: int = 0
    links: int = 0
    language_attribute: str = ""
    canonical_url: str = ""
    og_type: str = ""
    site_name: str = ""
    heading: str = ""
    page_title: str = ""
    description: str = ""
    structured_types: tuple[str, ...] = ()
    article_chars: int = 0
    articles: int = 0
    frames: int = 0
    has_password_field: bool = False
    challenge: str = ""
    forwards_to: str = ""


def visible_text(body: bytes, content_type: str = "", hint_title: str = "", hint_summary: str = "") -> ScreenedPage:
    """All visible text of a page with titles, descriptions, JSON-LD strings and hints. Never raises; no text gives an empty record."""
    return screened_text(decode(body[: 2 * MAX_CHARS], content_type).text, hint_title, hint_summary, with_links=False)


def screened_text(source: str, hint_title: str = "", hint_summary: str = "", *, with_links: bool = True) -> ScreenedPage:
    """The same for a page that has been decoded already. `with_links`: its links are counted, which only the full ladder asks for."""
    source = source[:MAX_CHARS].replace("\0", " ")
    unclosed = _unclosed(source)
    if unclosed > DEPTH_LIMIT and len(_NESTING.findall(source)) - source.count("</") > DEPTH_LIMIT:
        return _without_tree(source, hint_title, hint_summary)
    if unclosed > MANY_UNCLOSED and len(_FORMATTING.findall(source)) - len(_FORMATTING_END.findall(source)) > FORMATTING_LIMIT:
        source = _FORMATTING_END.sub("", _FORMATTING.sub("", source))
    try:
        tree = LexborHTMLParser(source)
    except (SelectolaxError, ValueError, RuntimeError):
        return _without_tree(source, hint_title, hint_summary)
    challenge = next((name for mark, name in _CHALLENGES.items() if mark in source), "") if len(source) < CHALLENGE_CHARS else ""
    parts = _Parts.of(tree, may_mark_text="articleBody" in source)
    screened = _read(tree, parts, challenge, hint_title, hint_summary, with_links=with_links)
    if screened.visible_chars < SCRIPTED_CHARS and (hidden := script_text(source)):
        return replace(screened, text=f"{screened.text}\n{hidden}")
    return screened


def one_line(text: str | None) -> str:
    """Text as one line: entities resolved, control and zero-width characters out, white space folded, mojibake repaired."""
    if not text:
        return ""
    if "&" in text:
        text = html.unescape(text)
    return " ".join(_UNWANTED.sub("", _BREAKING.sub(" ", repair_text(text))).split())


class _Parts(Struct):
    """What is asked of a page's elements."""

    root: LexborNode | None = None
    canonical: LexborNode | None = None
    titles: list[LexborNode] = field(default_factory=list)
    headings: list[LexborNode] = field(default_factory=list)
    metas: list[LexborNode] = field(default_factory=list)
    scripts: list[LexborNode] = field(default_factory=list)
    articles: list[LexborNode] = field(default_factory=list)
    frames: int = 0
    has_password_field: bool = False
    elements: set[str] = field(default_factory=set)
    """Those of the page that are looked for. A selector costs a fortieth of parsing: of the others none is asked."""

    @classmethod
    def of(cls, tree: LexborHTMLParser, *, may_mark_text: bool) -> _Parts:
        """In one walk over the tree, which costs as much as three selectors. `may_mark_text`: the selector for it takes as long as the walk."""
        parts, root, there = cls(tree.css_first("html")), tree.root, set[int]()
        for node in root.traverse() if root is not None else ():
            number = node.tag_id
            there.add(number)
            if number in _ASKED:
                parts._take(_ASKED[number], node)
        parts.elements = {name for number, name in _NAMES.items() if number in there}
        if may_mark_text and tree.css_first(_OWN_TEXT) is not None:
            parts._take_own_text(tree)
        return parts

    def _take(self, name: str, node: LexborNode) -> None:
        if name in ("title", "h1"):
            (self.titles if name == "title" else self.headings).append(node)
        elif name == "article":
            self.articles.append(node)
        elif name in ("iframe", "video", "audio"):
            self.frames += 1
        else:
            self._take_by_attributes(name, node, node.attributes)

    def _take_by_attributes(self, name: str, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
        if name == "meta" and "content" in attributes:
            self.metas.append(node)
        elif name == "script" and "ld+json" in (attributes.get("type") or "").lower():
            self.scripts.append(node)
        elif name == "link" and "canonical" in (attributes.get("rel") or "").lower().split():
            self.canonical = self.canonical or node
        elif name == "input" and (attributes.get("type") or "").lower() == "password":
            self.has_password_field = True

    def _take_own_text(self, tree: LexborHTMLParser) -> None:
        """Elements marked as the text count as articles do, in the page's order; an article that is marked counts twice."""
        self.articles, last = [], 0
        for node in tree.css(f"article, {_OWN_TEXT}"):
            if node.mem_id == last:  # a node that two selectors name comes twice in a row
                continue
            last = node.mem_id
            marked = "articleBody" in (node.attributes.get("itemprop") or "").split()
            self.articles += [node] * ((node.tag == "article") + marked)


def _read(tree: LexborHTMLParser, parts: _Parts, challenge: str, hint_title: str, hint_summary: str, *, with_links: bool) -> ScreenedPage:
    metas = _metas(parts.metas)
    types, strings = read_structured(script.text() for script in parts.scripts)
    links = tree.css("a") if with_links else []
    link_chars = sum(len(link.text().strip()) for link in links)
    page_title, heading = _first_text(parts.titles), _first_text(parts.headings)
    facts = ScreenedPage(
        title=metas.get("og_title") or heading or page_title or one_line(hint_title),
        link_chars=link_chars,
        links=len(links),
        language_attribute=((parts.root.attributes.get("lang") or "") if parts.root is not None else "") or metas.get("locale", ""),
        canonical_url=(one_line(parts.canonical.attributes.get("href")) if parts.canonical is not None else "") or metas.get("og_url", ""),
        og_type=metas.get("og_type", "").lower(),
        site_name=metas.get("site_name", ""),
        heading=heading,
        page_title=page_title,
        description=metas.get("description", ""),
        structured_types=types,
        article_chars=max((len(article.text()) for article in parts.articles[:20]), default=0),
        articles=len(parts.articles),
        frames=parts.frames,
        has_password_field=parts.has_password_field,
        challenge=challenge,
        forwards_to=_forward(metas.get("refresh", "")),
    )
    for node in _all(tree, DROPPED, parts.elements):
        node.decompose()
    _drop_hidden(tree)
    for node in _all(tree, INLINE, parts.elements):
        node.unwrap()
    visible = _visible(tree)
    extras = (page_title, *(value for name, value in metas.items() if name in ("og_title", "description")), *strings)
    return _with_text(facts, visible, (*extras, hint_title, hint_summary))


def _drop_hidden(tree: LexborHTMLParser) -> None:
    """Takes out what the `hidden` attribute hides, unless it is most of the page, shown later by a script."""
    root, whole = tree.body, 0
    for _ in range(MOST_HIDDEN):
        node = tree.css_first("body [hidden]")
        if node is None or root is None:
            return
        whole = whole or len(root.text())
        if len(node.text()) > HIDDEN_SHARE * whole:
            del node.attrs["hidden"]
        else:
            node.decompose()


def _all(tree: LexborHTMLParser, names: Sequence[str], elements: Set[str]) -> list[LexborNode]:
    """All elements of these names, in one walk over the tree; `elements`: those that there may be."""
    there = [name for name in names if name in elements]
    return tree.css(", ".join(there)) if there else []


def _visible(tree: LexborHTMLParser) -> str:
    root = tree.root
    if root is None:
        return ""
    root.merge_text_nodes()
    words = " ".join(tree.text(separator="\0", skip_empty=True).split())  # no text has the character: the tree has another for it
    lines = [*filter(None, map(str.strip, words.split("\0")))]
    if all(map(str.isprintable, lines)):  # nothing that is unwanted is printable
        return "\n".join(lines)
    return _UNWANTED.sub("", "\n".join(lines))


def _with_text(facts: ScreenedPage, visible: str, extras: tuple[str, ...]) -> ScreenedPage:
    text = visible
    for extra in extras:
        line = one_line(extra)
        if line and line not in text:
            text = f"{text}\n{line}"
    return replace(facts, text=text, visible_chars=len(visible))


def _metas(nodes: Sequence[LexborNode]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in nodes:
        attributes = meta.attributes
        name = _META_TEXT.get((attributes.get("property") or attributes.get("name") or "").strip().lower())
        if not name and (attributes.get("http-equiv") or "").lower() == "refresh":
            found.setdefault("refresh", one_line(attributes.get("content")))
        elif name and (value := one_line(attributes.get("content"))):
            if name == "description" and name in found and value not in found[name]:
                value = f"{found[name]} {value}"
            elif name in found and name != "description":
                continue
            found[name] = value
    return found


def _forward(refresh: str) -> str:
    """Where `<meta http-equiv=refresh>` sends a browser, as it is written; "" where it only loads the page anew."""
    found = _REFRESH.match(refresh[:MAX_REFRESH_CHARS])
    return found[1].strip("'\" ") if found else ""


def _first_text(nodes: Sequence[LexborNode]) -> str:
    return next((text for node in nodes[:5] if (text := one_line(node.text()))), "")


def _unclosed(source: str) -> int:
    """At most so many elements stay open: a count cheap enough for every page, once (on 300 KB it takes as long as a third of parsing)."""
    return source.count("<") - 2 * source.count("</")


def _without_tree(source: str, hint_title: str, hint_summary: str) -> ScreenedPage:
    visible = one_line(_TAG.sub(" ", source))
    return _with_text(ScreenedPage(title=one_line(hint_title) or visible[:120]), visible, (hint_title, hint_summary))
