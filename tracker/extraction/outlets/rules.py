"""What an outlet rule is, which one holds for a page, and what it reads from it (BeautifulSoup)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

    from tracker.model import Outlet

_SPACE = re.compile(r"\s+")
BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote")
"""Elements of a body that are paragraphs of their own."""

EDGES = frozenset({"br", "div", "section", "article", "figure", "table", "tr", "ul", "ol", "header", "footer"})
"""Elements whose beginning and end break a line of text."""

MAX_FOUND = 500
"""Elements that one selector may find: a long article has under 300 paragraphs."""


class OutletRule(Struct, frozen=True):
    """CSS selectors of article pages of one outlet or one platform, in force from `valid_from` to `valid_until` (both included).

    Whose pages: those on `hosts` (names without `www.`; subdomains count), and those of outlets whose platform in the register is
    one of `platforms`. `mark`, where given, is text that the page's source must hold: it shows the theme or the design meant.
    `published` reads the `datetime` or `content` attribute, else the text.
    """

    valid_from: date
    valid_until: date
    hosts: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    mark: str = ""
    title: str = ""
    lead: str = ""
    body: str = ""
    published: str = ""
    authors: str = ""
    remove: tuple[str, ...] = ()


class RuleReading(Struct, frozen=True):
    """What a rule found; empty fields are left to the general methods."""

    title: str = ""
    lead: str = ""
    body: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()


def rule_for(url: str, source: str, outlet: Outlet, on: date, rules: Sequence[OutletRule]) -> OutletRule | None:
    """The first rule in force on a day for a page of an outlet; None where there is none. Rules for the host precede those for a platform."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return None
    in_force = [rule for rule in rules if rule.valid_from <= on <= rule.valid_until and rule.mark in source]
    by_host = (rule for rule in in_force if any(host == name or host.endswith(f".{name}") for name in rule.hosts))
    by_platform = (rule for rule in in_force if outlet.platform in rule.platforms)
    return next(by_host, None) or next(by_platform, None)


def is_of_outlet(rule: OutletRule, outlet: Outlet) -> bool:
    """Whether the rule may be for pages of the outlet, whatever their day and mark."""
    try:
        host = (urlsplit(outlet.homepage).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return False
    return outlet.platform in rule.platforms or any(host == name or host.endswith(f".{name}") for name in rule.hosts)


def read_by_rule(rule: OutletRule, source: str) -> RuleReading:
    """What a rule's selectors find in a page; an empty reading where the page cannot be searched."""
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    try:
        soup = BeautifulSoup(source, "lxml")
        for node in soup.select(", ".join(("script", "style", *rule.remove))):
            if not node.decomposed:
                node.decompose()
        return RuleReading(
            title=_text(soup, rule.title),
            lead=_text(soup, rule.lead),
            body="\n".join(line for node in _outermost(_found(soup, rule.body)) for line in _lines(node)),
            published=_moment(soup, rule.published),
            authors=tuple(text for node in _found(soup, rule.authors) if (text := _flat(node))),
        )
    except (ParserRejectedMarkup, RecursionError):
        return RuleReading()


def _found(soup: BeautifulSoup, selector: str) -> list[Tag]:
    return list(soup.select(selector, limit=MAX_FOUND)) if selector else []


def _outermost(nodes: list[Tag]) -> list[Tag]:
    """The elements that lie in none of the others: each text counts once."""
    known = {id(node) for node in nodes}
    return [node for node in nodes if not any(id(above) in known for above in node.parents)]


def _text(soup: BeautifulSoup, selector: str) -> str:
    return next((text for node in _found(soup, selector) if (text := _flat(node))), "")


def _moment(soup: BeautifulSoup, selector: str) -> str:
    for node in _found(soup, selector):
        stated = node.get("datetime") or node.get("content") or _flat(node)
        if isinstance(stated, str) and stated.strip():
            return stated.strip()
    return ""


def _lines(node: Tag) -> list[str]:
    """The lines of a body: its paragraphs, and the text that stands between them."""
    from bs4 import Tag

    if node.name in BLOCKS:
        return [text] if (text := _flat(node)) else []
    return _folded([f"\n{_flat(piece)}\n" if isinstance(piece, Tag) else piece for piece in _pieces(node)])


def _pieces(node: Tag) -> list[Tag | str]:
    """An element's paragraphs as elements, other text as strings, line breaks and edges of other blocks as line feeds."""
    from bs4 import NavigableString, Tag
    from bs4.element import PreformattedString

    found: list[Tag | str] = []
    open_elements = [(node, iter(node.children))]
    while open_elements:
        element, children = open_elements[-1]
        part = next(children, None)
        if part is None:
            open_elements.pop()
            found += ["\n"] if element.name in EDGES else []
        elif isinstance(part, Tag) and part.name in BLOCKS:
            found.append(part)
        elif isinstance(part, Tag):
            found += ["\n"] if part.name in EDGES else []
            open_elements.append((part, iter(part.children)))
        elif isinstance(part, NavigableString) and not isinstance(part, PreformattedString):
            found.append(_SPACE.sub(" ", part))
    return found


def _folded(pieces: list[str]) -> list[str]:
    """The lines that pieces of text make, without empty ones."""
    return [line for piece in "".join(pieces).split("\n") if (line := " ".join(piece.split()))]


def _flat(node: Tag) -> str:
    return " ".join(node.get_text(" ").split()) if node.find(("p", "div", "br")) else " ".join(node.get_text().split())
