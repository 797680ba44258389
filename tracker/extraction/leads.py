"""The lead, which many outlets print outside of what extractors take for the article, and the text of very short news."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from tracker.extraction.document import PageDocument
from tracker.extraction.screen import one_line

MIN_LEAD_CHARS = 40
"""19 of 20 gold leads of the corpus have 68 characters and more; shorter lines between headline and text are labels."""
MAX_LEAD_CHARS = 900
"""The longest gold lead of the corpus has 532 characters; longer elements are the text itself."""
MIN_SHORT_CHARS = 15
"""Shorter lines of a short news page are buttons and labels."""

_LEAD_TOKEN = re.compile(
    r"(?:^|[\s_-])(?:leads?|lede|standfirst|stand-first|dek|perex|podnaslov|uvod|subtitle|sub-title|subheadline|sub-headline|subhead|sapo|"
    r"intro|introduction|summary|excerpt|abstract|vorspann|chapo|nadpis|hyrje|nentitull|n[eë]ntitulli|воведен|preamble|ingress|sottotitolo|entradilla|"
    r"article-?lead|article-?intro|post-?excerpt|entry-?summary)(?:$|[\s_-])",
    re.I,
)
_ELSEWHERE = re.compile(
    r"related|recommend|teaser|card|sidebar|widget|footer|comment|promo|newsletter|popular|latest|menu|nav|author|caption|gallery|cookie|consent|bio\b|list-?item|feed",
    re.I,
)
_OUTSIDE = frozenset({"nav", "footer", "aside", "figure", "figcaption", "form", "script", "style", "li", "a", "header"})
_CREDIT = re.compile(
    r"getty|shutterstock|reuters\)|\bafp\b\W*$|(?:foto|photo|image|bild|picture|фото|slika|credit)\w*\s?(?:[:©/]|by\b|credit)|©|cookie|kolačić|subscribe|sign (?:in|up)|"
    r"log in|newsletter|pretplat|prijavi|abonoh|\b(?:19|20)\d\d,? \d{1,2}[:.]\d\d|updated:|share on|sale price",
    re.I,
)
HELD = 0.2
"""A lead that shares so much with the body is the body's own first paragraph, shortened."""

MAX_CANDIDATES = 600
"""Elements among which a lead is looked for: beyond lie other articles."""

_CONTAINERS = frozenset({"p", "div", "ul", "ol", "section", "table", "article", "h1", "h2", "h3"})
_WORDS = re.compile(r"\w+")
_BLOCKS = ("p", "div", "h2", "h3", "h4", "section", "span", "strong", "blockquote")


def missing_leads(document: PageDocument, body: str, title: str) -> list[str]:
    """Leads that the page shows between headline and text and the body lacks, in the page's order."""
    descriptions = {
        _key(text)
        for text in (*document.metas.get("og:description", ()), *document.metas.get("description", ()), document.structured.description)
    }
    descriptions.discard("")
    found: list[str] = []
    have = _shingles(body)
    first = _key(body[:200].split("\n", 1)[0])[:60]
    beside = False
    for node in _blocks(document.tree):
        beside = node.tag == "h1" or beside
        text = " ".join(" ".join(node.itertext()).split())
        key = _key(text)
        if beside and len(first) >= 20 and key.startswith(first):
            break
        if not MIN_LEAD_CHARS <= len(text) <= MAX_LEAD_CHARS or _CREDIT.search(text) or _is_title(key, _key(title)):
            continue
        marked = beside and (node.get("itemprop") == "description" or _LEAD_TOKEN.search(node.get("class") or "") is not None)
        own = _shingles(text)
        if (
            (marked or any(_says(key, description) for description in descriptions))
            and not _is_outside(node)
            and len(own & have) < HELD * len(own)
        ):
            found.append(one_line(text))
            have |= own
            if len(found) == 2:
                break
    return found


def short_text(document: PageDocument, title: str) -> str:
    """The text beside the headline of a page so short that extractors see no article; "" when there is none."""
    for heading in document.tree.xpath("//h1|//h2")[:12]:
        if _key(one_line(heading.text_content())) != _key(title) and title:
            continue
        above = heading
        for _ in range(4):
            above = above.getparent()
            if above is None or above.tag in ("body", "html"):
                break
            if text := _text_below(above, heading):
                return text
    for article in document.tree.xpath('//article|//main|//*[@itemprop="articleBody"]')[:3]:
        if text := _text_below(article, None):
            return text
    return ""


def _text_below(above: HtmlElement, heading: HtmlElement | None) -> str:
    """Paragraphs of an element after the heading, menus and link lists left out."""
    lines: list[str] = []
    begun = heading is None
    for node in above.iter():
        if node is heading:
            begun = True
            continue
        if not begun or node.tag not in ("p", "div", "blockquote", "td", "section", "li") or _is_outside(node):
            continue
        own = (
            node
            if node.tag in ("p", "li", "blockquote")
            or not any(child.tag in _BLOCKS or child.tag in ("ul", "ol", "table") for child in node)
            else None
        )
        if own is not None:
            linked = sum(len(link.text_content()) for link in own.iter("a"))
            pieces = [" ".join(piece.split()) for piece in "\n".join(own.itertext()).split("\n")]
            text = " ".join(piece for piece in pieces if piece)
            if len(text) >= MIN_SHORT_CHARS and linked < 0.5 * len(text):
                lines.append(text)
    return "\n".join(dict.fromkeys(lines))


def _blocks(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Main headings, and elements without blocks of their own, up to a bound."""
    seen = 0
    for node in tree.iter("h1", *_BLOCKS):
        if node.tag == "h1" or not any(child.tag in _CONTAINERS for child in node):
            seen += 1
            if seen > MAX_CANDIDATES:
                return
            yield node


def _is_title(key: str, title: str) -> bool:
    return bool(title) and (key in title or (title in key and len(key) < len(title) + 30))


def _says(key: str, description: str) -> bool:
    return (
        key == description
        or (len(description) >= 60 and key.startswith(description[:-3]))
        or (len(key) >= 60 and description.startswith(key))
    )


def _is_outside(node: HtmlElement) -> bool:
    for depth, above in enumerate((node, *node.iterancestors())):
        if above.tag in _OUTSIDE and above.tag != "header":
            return True
        if (
            0 < depth < 5
            and above.tag not in ("body", "html", "main", "article")
            and _ELSEWHERE.search(f"{above.get('class') or ''} {above.get('id') or ''}")
        ):
            return True
    return False


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORDS.findall(text.lower())
    return {tuple(words[n : n + 3]) for n in range(max(1, len(words) - 2))} if words else set()


def _key(text: str) -> str:
    return "".join(_WORDS.findall(text.casefold()))
