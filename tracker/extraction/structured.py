"""JSON-LD as pages write it: whole, in pieces, or broken. Standard library only, so that screening may use it."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

ARTICLE_TYPES = frozenset(
    {
        "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "backgroundnewsarticle",
        "reviewnewsarticle", "askpublicnewsarticle", "advertisercontentarticle", "satiricalarticle", "scholarlyarticle", "techarticle",
        "report", "blogposting", "liveblogposting", "socialmediaposting", "discussionforumposting", "interview",
    }
)  # fmt: skip
LISTING_TYPES = frozenset({"collectionpage", "searchresultspage", "profilepage", "itemlist", "aboutpage", "contactpage"})
GALLERY_TYPES = frozenset({"imagegallery", "mediagallery", "videogallery"})
PAGE_TYPES = frozenset({"webpage", "itempage"})
FOREIGN_KEYS = frozenset(
    (
        "itemlistelement haspart mentions citation isbasedon comment comments review reviews video liveblogupdate blogpost blogposts "
        "relatedlink significantlink associatedmedia about subjectof isrelatedto issimilarto suggestedanswer acceptedanswer workexample "
        "exampleofwork offers publisher author image nextitem previousitem event events subevent dataset datafeedelement"
    ).split()
)
"""Properties whose value is something else than the thing described (schema.org): an article below one of them is never the page's."""

FOREIGN_TYPES = frozenset({"itemlist", "listitem", "comment", "review", "event", "videoobject", "breadcrumblist"})
MAX_NODES = 5000
"""A bound on the work. Measure with a page of so many nodes and `tracker try extract`."""
MAX_SCRIPT_CHARS = 2_000_000
"""A bound on the work: larger than most whole pages of the corpus (the largest has 2.6 MB)."""
_TEXT_KEYS = frozenset(
    {
        "headline",
        "alternativeheadline",
        "alternateheadline",
        "name",
        "description",
        "articlebody",
        "text",
        "abstract",
        "keywords",
        "caption",
    }
)
MIN_SCRIPT_TEXT = 250
"""As SHORT_CHARS in bodies.py: less is a teaser."""
_SCRIPT_START = re.compile(r"<script\b", re.I)
_PARAGRAPH_START = re.compile(r"<(?:p|h[2-4]|li)\b[^<>]*>", re.I)
_PARAGRAPH_END = re.compile(r"</(?:p|h[2-4]|li)\b", re.I)
_COMMENT_WRAP = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_STRING_FIELD = re.compile(
    r'"(@type|@id|url|headline|description|articleBody|datePublished|dateCreated|dateModified)"\s*:\s*"((?:[^"\\]|\\.)*)"', re.S
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.S)
_TAGS = re.compile(r"</?[a-zA-Z!][^<>]*>")
_BREAKS = re.compile(r"</?(?:p|div|br|h\d|li|tr|blockquote)\b[^<>]*>", re.I)


class StructuredArticle(Struct, frozen=True):
    """What a page's own JSON-LD says of the article. Empty where it says nothing."""

    headline: str = ""
    alternative: str = ""
    description: str = ""
    body: str = ""
    published: tuple[str, ...] = ()
    modified: str = ""
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    publisher: str = ""
    image: str = ""
    language: str = ""
    types: tuple[str, ...] = ()


def read_structured(scripts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Types named on the page (lower case), and every string a reader may be meant to see; of broken JSON, all its text."""
    types: dict[str, None] = {}
    strings: list[str] = []
    for script in scripts:
        parsed = _parsed(script)
        if parsed is None:
            types.update(dict.fromkeys(kind.lower() for name, kind in _STRING_FIELD.findall(script[:MAX_SCRIPT_CHARS]) if name == "@type"))
            strings.append(plain(unescaped(script[:MAX_SCRIPT_CHARS])))
            continue
        for node in _nodes(parsed):
            types.update(dict.fromkeys(_types(node)))
            for key, value in node.items():
                if key.lower() in _TEXT_KEYS:
                    strings += [
                        _TAGS.sub(" ", html.unescape(text))
                        for text in (value if isinstance(value, list) else [value])
                        if isinstance(text, str)
                    ]
    return tuple(types), tuple(strings)


class Description(Struct, frozen=True):
    """What a page's JSON-LD describes: article nodes that may be the page's own, page nodes, all nodes by id, all types."""

    articles: tuple[dict[str, Any], ...] = ()
    pages: tuple[dict[str, Any], ...] = ()
    by_id: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    types: tuple[str, ...] = ()


def described(scripts: Iterable[str]) -> Description:
    """All that a page's JSON-LD describes. Articles within lists, parts, comments and the like are left out of `articles`."""
    articles: list[dict[str, Any]] = []
    pages: list[dict[str, Any]] = []
    types: dict[str, None] = {}
    by_id: dict[str, dict[str, Any]] = {}
    listed: set[str] = set()
    for script in scripts:
        parsed = _parsed(script)
        for node, is_foreign in _placed_nodes(parsed) if parsed is not None else ((node, False) for node in _broken_nodes(script)):
            kinds = _types(node)
            types.update(dict.fromkeys(kinds))
            identity = node.get("@id")
            if isinstance(identity, str) and len(node) > 2:
                by_id.setdefault(identity, node)
            elif isinstance(identity, str) and is_foreign:
                listed.add(identity)
            if is_foreign:
                continue
            if ARTICLE_TYPES.intersection(kinds) and _text(node, "headline", "name", "datePublished", "articleBody"):
                articles.append(node)
            elif PAGE_TYPES.intersection(kinds):
                pages.append(node)
    own = [node for node in articles if node.get("@id") not in listed] or articles
    return Description(tuple(own), tuple(pages), by_id, tuple(types))


def read_article(nodes: Sequence[dict[str, Any]], description: Description, page: dict[str, Any] | None = None) -> StructuredArticle:
    """The record of nodes that describe one article; a field that the first lacks is taken from the next, a date from the page's node."""
    whole: dict[str, Any] = {}
    for node in nodes:
        whole |= {name: value for name, value in node.items() if value and name not in whole}
    stated = [date for name in ("datePublished", "dateCreated") if (date := _text(whole, name))]
    stated += [date for date in (_text(page or {}, "datePublished"),) if date]
    people, bodies = _authors(whole, description.by_id)
    return StructuredArticle(
        headline=_text(whole, "headline") or _text(whole, "name"),
        alternative=_text(whole, "alternativeHeadline", "alternateHeadline", "alternateName"),
        description=_text(whole, "description", "abstract"),
        body=_text(whole, "articleBody", "text"),
        published=tuple(dict.fromkeys(stated)),
        modified=_text(whole, "dateModified"),
        authors=people,
        organisations=bodies,
        publisher=_name(whole.get("publisher"), description.by_id),
        image=_image(whole.get("image"), description.by_id) or _image(whole.get("thumbnailUrl"), description.by_id),
        language=_text(whole, "inLanguage"),
        types=description.types,
    )


def script_text(source: str) -> str:
    """The paragraphs that a page keeps as markup in a script, to be shown by a browser: the longest such text, "" when there is none."""
    best = ""
    for piece in _SCRIPT_START.split(source)[1:]:
        script = piece.partition(">")[2].partition("</script")[0]
        if "<p" in script or "u003cp" in script.lower():
            text = script[:MAX_SCRIPT_CHARS]
            for _ in range(3):
                text = unescaped(text) if "\\u" in text else text
            ends = (_PARAGRAPH_END.split(part, maxsplit=1) for part in _PARAGRAPH_START.split(text)[1:])
            lines = (" ".join(plain(parts[0]).split()) for parts in ends if len(parts) == 2)
            best = max(best, "\n".join(line for line in lines if line), key=len)
    return best if len(best) >= MIN_SCRIPT_TEXT else ""


def plain(text: str) -> str:
    """A text without the markup and the entities that some outlets put into JSON-LD, twice escaped at times; its paragraphs as lines."""
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    if "<" in text:
        text = _TAGS.sub("", _BREAKS.sub("\n", text))
    return text


def unescaped(text: str) -> str:
    """JSON escapes resolved in text that is no valid JSON; surrogate pairs joined, lone ones dropped."""
    plain = _ESCAPE.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else {"n": "\n", "t": "\t", "r": "\n", "b": "", "f": ""}.get(found[2], found[2]),
        text,
    )
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _parsed(script: str) -> Any | None:
    text = _COMMENT_WRAP.sub("", script[:MAX_SCRIPT_CHARS]).strip().rstrip(";")
    for candidate in (text, re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(parsed: Any) -> Iterator[dict[str, Any]]:
    """All objects, outermost first; walked with a stack, so that depth costs nothing."""
    waiting = [parsed]
    seen = 0
    while waiting and seen < MAX_NODES:
        node = waiting.pop(0) if len(waiting) < 500 else waiting.pop()
        seen += 1
        if isinstance(node, dict):
            yield node
            waiting += [value for value in node.values() if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += [value for value in node if isinstance(value, dict | list)]


def _placed_nodes(parsed: Any) -> Iterator[tuple[dict[str, Any], bool]]:
    """All objects, outermost first, and whether each lies within a list or another thing than the page's article."""
    waiting: deque[tuple[Any, bool]] = deque([(parsed, False)])
    seen = 0
    while waiting and seen < MAX_NODES:
        node, is_foreign = waiting.popleft()
        seen += 1
        if isinstance(node, dict):
            yield node, is_foreign
            below = is_foreign or not FOREIGN_TYPES.isdisjoint(_types(node))
            waiting += [(value, below or key.lower() in FOREIGN_KEYS) for key, value in node.items() if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += [(value, is_foreign) for value in node if isinstance(value, dict | list)]


def _broken_nodes(script: str) -> list[dict[str, Any]]:
    """Objects of the fields we know, from text that is no JSON: an article's fields go on until the next article or another thing begins."""
    nodes: list[dict[str, Any]] = [{}]
    is_foreign = False
    for name, value in _STRING_FIELD.findall(script[:MAX_SCRIPT_CHARS]):
        if name == "@type":
            kind = value.rsplit("/", 1)[-1].lower()
            is_foreign = kind in FOREIGN_TYPES or (is_foreign and kind not in ARTICLE_TYPES)
            if kind in ARTICLE_TYPES:
                nodes = [*nodes, {}] if "@type" in nodes[-1] else nodes
            else:
                continue
        if not is_foreign:
            nodes[-1].setdefault(name, unescaped(value))
    return [node for node in nodes[:MAX_NODES] if node]


def _types(node: dict[str, Any]) -> tuple[str, ...]:
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return tuple(kind.rsplit("/", 1)[-1].lower() for kind in listed if isinstance(kind, str))


def _text(node: dict[str, Any], *names: str) -> str:
    for name in names:
        value = node.get(name)
        if isinstance(value, list):
            value = "\n\n".join(part for part in value if isinstance(part, str))
        if isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _authors(node: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    people: dict[str, None] = {}
    bodies: dict[str, None] = {}
    value = node.get("author") or node.get("creator") or []
    for author in value if isinstance(value, list) else [value]:
        name = _name(author, by_id)
        if name:
            kinds = _types(_resolved(author, by_id)) if isinstance(author, dict) else ()
            (bodies if any(kind.endswith("organization") for kind in kinds) else people).setdefault(name)
    return tuple(people), tuple(bodies)


def _resolved(value: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    identity = value.get("@id")
    return by_id.get(identity, value) if isinstance(identity, str) and "name" not in value else value


def _name(value: Any, by_id: Mapping[str, dict[str, Any]]) -> str:
    if isinstance(value, list):
        return ", ".join(name for item in value if (name := _name(item, by_id)))
    if isinstance(value, dict):
        value = _resolved(value, by_id)
        name = value.get("name")
        if isinstance(name, list):
            name = ", ".join(part for part in name if isinstance(part, str))
        if not name and ("givenName" in value or "familyName" in value):
            name = " ".join(part for key in ("givenName", "familyName") if isinstance(part := value.get(key), str))
        return name.strip() if isinstance(name, str) else ""
    return value.strip() if isinstance(value, str) else ""


def _image(value: Any, by_id: Mapping[str, dict[str, Any]]) -> str:
    if isinstance(value, list):
        return next((url for item in value if (url := _image(item, by_id))), "")
    if isinstance(value, dict):
        resolved = _resolved(value, by_id) if "url" not in value else value
        address = resolved.get("url") or resolved.get("contentUrl")
        return address if isinstance(address, str) else ""
    return value if isinstance(value, str) else ""
