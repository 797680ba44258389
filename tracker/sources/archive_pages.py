"""Section pages and archives that go back page by page: the articles of one page with their days, and the address of the next. Pure.

The next page is what the page itself names (`rel=next`, its numbered links); where it names none, a page that was reached by its number
is followed by the next number, and WordPress is asked for `/page/2/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from lxml import etree
from msgspec import Struct

from tracker.model import Published
from tracker.sources.article_links import NO_SHAPES, PageLink, Shapes, article_links
from tracker.sources.sitemaps.index_choice import days_in_name
from tracker.text.charsets import decode
from tracker.text.dates import parse_moment
from tracker.urls.canonical import normalise, registrable_domain
from tracker.urls.links import web_address
from tracker.urls.rulebook import NO_RULES, AddressRules

MAX_PAGES = 150
"""Of one section: at twenty articles a page and twenty a day, five months."""
LINKS_OF_ONE_ITEM = 2
"""Addresses next to a date that it can be the date of: picture and headline lead to one, a comment link makes two."""
MAX_DATES = 500
"""Of one page, in its order: the most `<time>` elements on one of the corpus's 835 pages are 81."""
LONGEST_DATE = 60
"""Characters: weekday, day, month in words, year, clock and zone, with room for "published on"."""

_WORDS = r"page|paged|pg|pagina|faqe|faqja|strana|stranica|stranica-broj|str|стр|страница|страна"
_IN_PATH = re.compile(rf"^(.*?)/(?:{_WORDS}|p)[/_-]?(\d{{1,4}})(?:\.html?)?$", re.I)
_BARE = re.compile(r"^(.+)/(\d{1,3})$")
_IN_QUERY = re.compile(rf"(?:^|&)(?:{_WORDS})=(\d{{1,4}})(?=&|$)", re.I)
_DIGIT = re.compile(r"\d")
_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")
_DATE_CLASS = re.compile(r"date|datum|time|koha|vreme|vrijeme", re.I)


class ListedLink(Struct, frozen=True):
    """An article that a list page names; `published` as the list says, if it does."""

    url: str
    text: str = ""
    published: Published | None = None

    @property
    def days(self) -> tuple[date, date] | None:
        """The days on which it may have been published; None when nothing tells."""
        if self.published is not None:
            return self.published.at.date(), self.published.at.date()
        return days_in_name(self.url)


class ListPage(Struct, frozen=True):
    """The articles of one page in its order, and the address of the next page, "" when there is none."""

    links: tuple[ListedLink, ...] = ()
    following: str = ""


class _Numbered(NamedTuple):
    number: int
    text: str
    address: str


def read_list_page(
    body: bytes,
    *,
    url: str,
    now: datetime,
    content_type: str = "",
    zone: str = "UTC",
    shapes: Shapes = NO_SHAPES,
    moved_hosts: tuple[str, ...] = (),
    rules: AddressRules = NO_RULES,
    wordpress: bool = False,
) -> ListPage:
    """What one page lists and which page comes after it, "" when none does. Never raises for any bytes."""
    root = _tree(decode(body, content_type).text)
    days = _days(root, url, now, zone)
    articles = article_links(body, url=url, content_type=content_type, shapes=shapes, moved_hosts=moved_hosts, rules=rules)
    links = tuple(_listed(link, days.get(normalise(link.url))) for link in articles)
    return ListPage(links, _following(root, url, wordpress=wordpress or b"/wp-content/" in body))


def page_of(url: str, *, bare: bool = False) -> tuple[str, int]:
    """The list that an address is a page of, as a key, and the page's number; 0: the address has no number.
    `bare`: a number by itself counts as a page's, `/vijesti/2`."""
    parts = urlsplit(normalise(url))
    path, query = unquote(parts.path), parts.query
    parts = parts._replace(path=path)
    if found := _IN_QUERY.search(query):
        rest = (query[: found.start()] + query[found.end() :]).strip("&")
        return urlunsplit(parts._replace(query=rest)), int(found[1])
    if found := _IN_PATH.fullmatch(path) or (_BARE.fullmatch(path) if bare else None):
        return urlunsplit(parts._replace(path=found[1] or "/")), int(found[2])
    return urlunsplit(parts), 0


def _following(root: etree._Element, url: str, *, wordpress: bool) -> str:
    named = [address for node in root.iter("link", "a") if _is_next(node) and (address := _on_this_site(node, url))]
    if named:
        return named[0]
    base, number = page_of(url)
    numbered = list(_numbered(root, url, base))
    if number:
        further = next((one.address for one in numbered if one.number == number + 1), "")
        return further or ("" if any(one.number > 1 for one in numbered) else _counted_up(url, number))
    if further := _second(numbered) or _after_bare(root, url):
        return further
    return urljoin(url if urlsplit(url).path.endswith("/") else f"{url}/", "page/2/") if wordpress and not urlsplit(url).query else ""


def _second(numbered: list[_Numbered]) -> str:
    """What a reader knows as page 2: some sites count from nought."""
    best = sorted((one for one in numbered if one.number <= 2), key=lambda one: (one.text != "2", -one.number))
    return best[0].address if best else ""


def _after_bare(root: etree._Element, url: str) -> str:
    """The next of `/vijesti/2`, which is a page's number only where the page links to `/vijesti/3` as 3."""
    base, number = page_of(url, bare=True)
    return next((one.address for one in _numbered(root, url, base) if number and one.number == number + 1), "")


def _numbered(root: etree._Element, url: str, base: str) -> Iterator[_Numbered]:
    """Further pages of the same list that the page links to."""
    for anchor in root.iter("a"):
        text = _text(anchor)[:12]
        if not _DIGIT.search(str(anchor.get("href") or "")) or not (address := _on_this_site(anchor, url)):
            continue
        own, number = page_of(address)
        if not number and text.isdecimal():
            own, number = page_of(address, bare=True)
            number = number if str(number) == text else 0
        if number and own == base:
            yield _Numbered(number, text, address)


def _on_this_site(node: etree._Element, url: str) -> str:
    """Where a link leads, if to another page of the same site."""
    address = _href(node, url)
    if not address or normalise(address) == normalise(url) or registrable_domain(address) != registrable_domain(url):
        return ""
    return address


def _counted_up(url: str, number: int) -> str:
    parts = urlsplit(url)
    if _IN_QUERY.search(parts.query):
        query = _IN_QUERY.sub(lambda found: _LAST_NUMBER.sub(str(number + 1), found[0]), parts.query, count=1)
        return urlunsplit(parts._replace(query=query))
    return urlunsplit(parts._replace(path=_LAST_NUMBER.sub(str(number + 1), parts.path)))


def _days(root: etree._Element, url: str, now: datetime, zone: str) -> dict[str, Published]:
    """Days printed next to a link, by the link's key."""
    found: dict[str, Published] = {}
    for node in islice(filter(_names_a_date, root.iter(etree.Element)), MAX_DATES):
        printed = str(node.get("datetime") or "") or _text(node)
        moment = parse_moment(printed, zone=zone, now=now) if printed and len(printed) <= LONGEST_DATE else None
        if moment is not None:
            for key in _beside(node, url):
                found.setdefault(key, moment)
    return found


def _names_a_date(node: etree._Element) -> bool:
    return node.tag == "time" or (node.tag not in ("html", "body") and _DATE_CLASS.search(str(node.get("class") or "")) is not None)


def _beside(node: etree._Element, url: str) -> set[str]:
    """The addresses in the smallest part of the page around a date that has any; none when that is a whole list."""
    place: etree._Element | None = node
    for _ in range(6):
        if place is None or place.tag in ("body", "html"):
            break
        if hrefs := list(islice((href for anchor in place.iter("a") if (href := _href(anchor, url))), 4 * LINKS_OF_ONE_ITEM)):
            keys = set(map(normalise, hrefs))
            return keys if len(keys) <= LINKS_OF_ONE_ITEM else set()
        place = place.getparent()
    return set()


def _tree(text: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    return etree.Element("html") if root is None else root


def _href(node: etree._Element, url: str) -> str:
    return web_address(str(node.get("href") or ""), url).partition("#")[0]


def _is_next(node: etree._Element) -> bool:
    return "next" in str(node.get("rel") or "").lower().split()


def _text(node: etree._Element) -> str:
    return " ".join("".join(islice(map(str, node.itertext()), 50)).split())


def _listed(link: PageLink, published: Published | None) -> ListedLink:
    return ListedLink(link.url, link.text, published)
