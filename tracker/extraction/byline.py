"""Who wrote it: names without roles, addresses and handles; people first, the outlet itself only where nobody else is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from tracker.extraction.document import PageDocument
from tracker.extraction.screen import one_line
from tracker.urls.canonical import registrable_domain

MAX_AUTHORS = 12
"""A bound: gold of the corpus names 5 at most; longer lists are staff pages."""
MAX_NAME_CHARS = 80
"""Gold names of the corpus have up to 88 characters, 99 of 100 under 44."""
MAX_BYLINE_CHARS = 160
"""Two names with their roles and a date; longer elements are texts about the author."""
MAX_LINE_CHARS = 110
"""The longest name that _PATTERN takes, with the words before it."""

_META_NAMES = (
    "author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "article:author",
    "cxenseparse:author",
)
_ROLES = (
    "written by|story by|words by|text by|reported by|posted by|published by|by|author|authors|autor|autori|autorka|autorica|autore|од|аутор|ауторка|"
    "автор|автори|авторка|piše|pišu|pise|пише|пишу|пишува|пишуваат|napisao|napisala|napisali|написао|написала|напишал|pripremio|pripremila|"
    "pripremili|priredio|priredila|припремио|припремила|подготви|подготвил|подготвила|piše i foto|tekst|текст|razgovarao|razgovarala|разговараше|"
    "novinar|novinarka|новинар|новинарка|shkruan|shkruar nga|shkroi|nga|përgatiti|përgatitur nga|autorja|gazetari|gazetarja|"
    "von|text|par|por|di|af|av|door|reporter|correspondent|editor|redaktor|urednik|urednica"
)
_ROLE = re.compile(
    rf"^\W*(?:{_ROLES})\s*(?::|\.|\s-|\s–|(?<=nga)(?=\s)|(?<=by)(?=\s)|(?<=von)(?=\s)|(?<=par)(?=\s)|(?<=por)(?=\s)|\s(?=[A-ZČĆŠŽĐËÇЀ-Я]))\s*",
    re.I,
)
_PATTERN = re.compile(
    r"^\s*(?:piše|pišu|пише|пишу|пишува|autor(?:i|ka|ica)?|аутор(?:ка)?|автор(?:и|ка)?|shkruan|shkruar nga|napisao|napisala|pripremi(?:o|la)|"
    r"подготви(?:л|ла)?|razgovara(?:o|la)|novinar(?:ka)?|new author|by|von|par|nga)\s*(?P<colon>:?)\s*(?P<name>\S.{3,90})$",
    re.I | re.S,
)
_FIRST_LETTERS = frozenset("au by na ne ng no pa pi pr ra sh vo".split())
"""How the words of _PATTERN in Latin letters begin: most lines of a page are told by that alone to be no byline."""
_ADDRESS = re.compile(r"\S+@\S+\.\w+|(?<!\w)@\w+|https?://\S+|www\.\S+|\bfacebook\.com\S*")
_MOMENT = re.compile(r"\s*(?:\b\d{1,2}[.:/-]\d{1,2}(?:[.:/-]\d{2,4})?|\b\d{4}\b|\b\d{1,2}\.?\s+\w+\.?\s+\d{4}).*$", re.S)
_TAIL = re.compile(r"\s*(?:[|•·]|\s[-–—]\s|\s/\s).*$", re.S)
_BRACKETS = re.compile(r"\s*[(\[].*?[)\]]")
_AND = re.compile(r"\s*(?:;|\||\n|\s&\s|\s(?:and|und|dhe|og|och|et|y|ja|en)\s)\s*")
_AND_SHORT = re.compile(r"\s(?:i|и|e)\s|/")
_NAME = re.compile(r"^[^\W\d_][\w'’.\-]*(?:\s+[\w'’.\-]+){0,5}$")
_CAPITALISED = re.compile(r"^(?:[A-ZÀ-ÞĀ-ŽЀ-Я][\w'’.\-]*|de|da|di|van|von|el|al|der|den|la|le|bin)$")
_EASTERN_NAME = re.compile(r"^[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{2,6}$")
_NOBODY = re.compile(
    r"^(?:admin(?:istrator)?|root|user\d*|editor\d*|web\s?(?:master|desk|redakcija)|redaktor|anonymous|unknown|author|autor|null|none|undefined|"
    r"follow|share|view (?:all )?posts.*|read more|more|comments?|subscribe|sign in|log in|(?:facebook|twitter|instagram|linkedin|whatsapp|viber|telegram|print|e-?mail|taboola|outbrain|google)(?:\W.*)?)$",
    re.I,
)
_BYLINE_TOKEN = re.compile(
    r"(?:^|[\s_-])(?:byline?s?|by-line|authors?|authorname|author-?line|autori?|avtori?|autore|writers?|journalists?|reporter|contributors?|gazetari?|"
    r"novinari?|auteur|offerer-author)(?:$|[\s_-])|author-?name|authorlist|authors-container|article-author|post-author|entry-author",
    re.I,
)
_NOT_BYLINE = re.compile(
    r"comment|related|recommend|sidebar|widget|footer|teaser|card|bio\b|about|avatar|image|photo|social|follow|share|promo|menu|popular|latest|"
    r"newsletter|carousel|hidden",
    re.I,
)
_OUTSIDE = frozenset({"nav", "footer", "aside", "figure", "figcaption", "form", "script", "style"})


def article_authors(document: PageDocument) -> tuple[str, ...]:
    """Names in the page's order, each once; empty where the page names nobody."""
    structured = document.structured
    sites = _site_keys(document)
    people = names_in(structured.authors, sites)
    if people:
        return tuple(dict.fromkeys((*people, *names_in(structured.organisations, sites))))
    in_meta = names_in((value for name in _META_NAMES for value in document.metas.get(name, ())[:6]), sites)
    if in_meta and all(_is_full_name(name) for name in in_meta):
        return in_meta
    outlet = names_in((*structured.organisations, *structured.authors), frozenset())
    return _shown(document.tree, sites) or outlet or in_meta or names_in(document.page.hint_authors, frozenset())


def names_in(texts: Iterable[str], unwanted: frozenset[str]) -> tuple[str, ...]:
    """The names in texts such as "By Ana Anić and Bo Bić", each once, without those whose key is unwanted."""
    found: dict[str, str] = {}
    for text in texts:
        for name in _names(one_line(text) if "\n" not in text else text):
            key = _key(name)
            if key and key not in unwanted and not _NOBODY.match(name):
                found.setdefault(key, name)
    return tuple(found.values())[:MAX_AUTHORS]


def _names(text: str) -> Iterator[str]:
    if text.startswith(("http://", "https://", "/")) or len(text) > 600:
        return
    text = _ADDRESS.sub(" ", text)
    for part in _AND.split(text):
        part = _TAIL.sub("", _BRACKETS.sub("", _without_role(part)))
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        if len(pieces) > 1 and not all(_is_full_name(piece) for piece in pieces):
            pieces = pieces[:1] if _is_full_name(pieces[0]) else [", ".join(pieces)]
        for piece in pieces:
            both = [half.strip() for half in _AND_SHORT.split(piece)]
            yield from (_tidy(half) for half in (both if len(both) > 1 and all(_is_full_name(half) for half in both) else [piece]))


def _without_role(text: str) -> str:
    text = text.strip()
    shorter = _ROLE.sub("", text, count=1)
    return shorter if shorter.strip() else text


def _tidy(name: str) -> str:
    name = " ".join(_MOMENT.sub("", name).split()).strip(" ,;:.|-–—•·/\"'“”„")
    return name if 1 < len(name) <= MAX_NAME_CHARS else ""


def _is_full_name(text: str) -> bool:
    if _EASTERN_NAME.match(text):
        return True
    words = text.split()
    return 2 <= len(words) <= 5 and bool(_NAME.match(text)) and all(_CAPITALISED.match(word) for word in words) and words[-1][0].isupper()


def _shown(tree: HtmlElement, sites: frozenset[str]) -> tuple[str, ...]:
    """Names in the page's byline: elements marked as such first, then a line such as "Piše: Ime Prezime"."""
    for nodes in _marked_by_standard(tree):
        names = names_in((_text_of(node) for node in nodes), sites)
        if any(_is_full_name(name) for name in names) or (names and all(len(name.split()) <= 3 for name in names)):
            return names
    for nodes in _marked_by_class(tree):
        names = names_in((_text_of(node) for node in nodes), sites)
        if any(_is_full_name(name) for name in names):
            return names
    return _written(tree, sites)


def _marked_by_standard(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    marked = tree.xpath('//*[contains(@itemprop, "author") or contains(@rel, "author")]')
    nodes = [node for node in marked if any(" author " in f" {node.get(name) or ''} " for name in ("itemprop", "rel"))]
    for node in nodes[:30]:
        if not _is_outside(node):
            inner = node.xpath('.//*[@itemprop="name"]')
            yield [*(inner or [node]), *(other for other in nodes[:30] if _are_neighbours(node, other))]


def _marked_by_class(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    found, told = 0, dict[str, bool]()  # a page repeats its classes
    for node in tree.xpath("//*[@class or @id or self::author]"):  # a union would be put in order
        names = f"{node.get('class') or ''} {node.get('id') or ''}"
        if names not in told:
            told[names] = _BYLINE_TOKEN.search(names) is not None
        if node.tag == "author" or told[names]:
            found += 1
            if found > 60:
                return
            if not _is_outside(node) and 2 < len(_text_of(node)) <= MAX_BYLINE_CHARS:
                links = [link for link in node.iter("a") if link is not node and _is_full_name(_text_of(link))]
                yield links or [node, *(other for other in node.itersiblings(node.tag) if other.get("class") == node.get("class"))]


def _written(tree: HtmlElement, sites: frozenset[str]) -> tuple[str, ...]:
    for node in tree.iter("p", "div", "span", "strong", "em", "b", "i", "h4", "h5", "small", "td"):
        line = one_line(_text_of(node)) if len(node) < 4 and _may_be_byline(node) else ""
        found = _PATTERN.match(line) if line else None
        if found and not _is_outside(node):
            names = tuple(name for name in names_in([found["name"]], sites) if _is_full_name(name))
            if names and (found["colon"] or _key(found["name"]) == _key(names[0])):
                return names
    return _signed(tree, sites)


def _may_be_byline(node: HtmlElement) -> bool:
    """Whether _PATTERN may match an element's text. What folding white space or mending letters would change is let through."""
    first = (node.text or "").lstrip()[:2]
    if len(first) < 2:
        first = node.text_content().lstrip()[:2]
    may_begin = not (first.isascii() and first.isalnum()) or first.lower() in _FIRST_LETTERS
    return may_begin and len(node.text_content()) <= MAX_LINE_CHARS


def _signed(tree: HtmlElement, sites: frozenset[str]) -> tuple[str, ...]:
    """Names alone in bold in an article's first or last paragraph."""
    for node in tree.xpath("//p[strong or b or em or i]"):
        line = _text_of(node)
        if 5 < len(line) <= MAX_NAME_CHARS and line == " ".join(_text_of(part) for part in node.iterchildren("strong", "b", "em", "i")):
            siblings = list(node.getparent().iterchildren("p"))
            place = siblings.index(node)
            names = names_in([line], sites)
            if (
                len(siblings) >= 4
                and (place < 2 or place >= len(siblings) - 2)
                and names
                and all(map(_is_full_name, names))
                and not _is_outside(node)
            ):
                return names
    return ()


def _text_of(node: HtmlElement) -> str:
    return " ".join(" ".join(node.itertext()).split())


def _are_neighbours(node: HtmlElement, other: HtmlElement) -> bool:
    if node is other:
        return False
    mine, theirs = node.getparent(), other.getparent()
    return (
        mine is not None
        and theirs is not None
        and (mine is theirs or (mine.getparent() is theirs.getparent() and mine.getparent() is not None))
    )


def _is_outside(node: HtmlElement) -> bool:
    """Whether an element belongs to other parts of the page than the article's head."""
    for depth, above in enumerate((node, *node.iterancestors())):
        if above.tag in _OUTSIDE:
            return True
        if depth < 6 and above.tag not in ("body", "html") and _NOT_BYLINE.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            return True
    return False


def _site_keys(document: PageDocument) -> frozenset[str]:
    domain = registrable_domain(document.page.final_url)
    names = [
        document.meta("og:site_name"), document.structured.publisher, domain, domain.split(".")[0], f"www.{domain}",
        document.meta("twitter:site").removeprefix("@"),
    ]  # fmt: skip
    return frozenset(key for name in names if (key := _key(name)))


def _key(name: str) -> str:
    return "".join(re.findall(r"\w+", name.casefold()))
