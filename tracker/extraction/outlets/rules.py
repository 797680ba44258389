"""What an outlet rule is, which one holds for a page, and what it reads from it (BeautifulSoup)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote")


@dataclass(frozen=True, slots=True)
class OutletRule:
    """CSS selectors of one outlet's article pages, in force from `valid_from` to `valid_until` (both days included).

    `hosts` are names without `www.`; subdomains count. `published` reads the `datetime` or `content` attribute, else the text.
    """

    hosts: tuple[str, ...]
    valid_from: date
    valid_until: date
    title: str = ""
    lead: str = ""
    body: str = ""
    published: str = ""
    authors: str = ""
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleReading:
    """What a rule found; empty fields are the next rung's."""

    title: str = ""
    lead: str = ""
    body: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()


def rule_for(url: str, on: date, rules: Sequence[OutletRule]) -> OutletRule | None:
    """The rule in force for an address on a day; None where there is none."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return None
    return next(
        (
            rule
            for rule in rules
            if rule.valid_from <= on <= rule.valid_until and any(host == name or host.endswith(f".{name}") for name in rule.hosts)
        ),
        None,
    )


def read_by_rule(rule: OutletRule, source: str) -> RuleReading:
    """What a rule's selectors find in a page."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(source, "lxml")
    for selector in ("script", "style", *rule.remove):
        for node in soup.select(selector):
            node.decompose()
    return RuleReading(
        title=_text(soup, rule.title),
        lead=_text(soup, rule.lead),
        body="\n".join(line for node in _found(soup, rule.body) for line in _lines(node)),
        published=_moment(soup, rule.published),
        authors=tuple(text for node in _found(soup, rule.authors) if (text := _flat(node))),
    )


def _found(soup: BeautifulSoup, selector: str) -> list[Tag]:
    return list(soup.select(selector)) if selector else []


def _text(soup: BeautifulSoup, selector: str) -> str:
    return next((text for node in _found(soup, selector) if (text := _flat(node))), "")


def _moment(soup: BeautifulSoup, selector: str) -> str:
    for node in _found(soup, selector):
        stated = node.get("datetime") or node.get("content") or _flat(node)
        if isinstance(stated, str) and stated.strip():
            return stated.strip()
    return ""


def _lines(node: Tag) -> list[str]:
    blocks = [block for block in node.find_all(BLOCKS) if not block.find_parent(BLOCKS)] if node.name not in BLOCKS else [node]
    if blocks:
        return [text for block in blocks if (text := _flat(block))]
    return [text for piece in node.get_text("\n").split("\n") if (text := " ".join(piece.split()))]


def _flat(node: Tag) -> str:
    return " ".join(node.get_text(" ").split()) if node.find(("p", "div", "br")) else " ".join(node.get_text().split())
