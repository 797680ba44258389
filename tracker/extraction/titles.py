"""The headline, without kicker, site name or section: what the page says of itself, checked against its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.extraction.document import PageDocument
from tracker.extraction.screen import one_line
from tracker.urls.canonical import registrable_domain

MAX_TITLE_CHARS = 400
"""The longest headline of the corpus has 214 characters; what is longer is a paragraph in a heading's place."""

MAX_READ_CHARS = 1000
SITE_WORDS = 4
"""A last part after a bar with at most so many words is taken for a site's name even when nothing confirms it."""

NAME_WORDS = 6
"""Longer parts of a title are subtitles, not names of sites, sections or authors."""

_SEPARATOR = re.compile(r"\s+[-–—|•·»›/:_~*]{1,2}\s+|\s*[|｜ㅣ]\s*|\s+[_»›]\s*|\s*::\s*")
_BAR = re.compile(r"\s*[|｜ㅣ]\s*")
_KICKER = re.compile(r"^(?P<kicker>[^:|]{2,40}?)\s*(?::|\||\s[-–—])\s+(?P<rest>.{15,})$", re.S)
_TRUNCATED = re.compile(r"\s*(?:\.\.\.|…|\[…\])\s*$")
_WORDS = re.compile(r"\w+")


def article_title(document: PageDocument) -> str:
    """The headline as the outlet prints it; "" when the page has none."""
    screened, structured = document.screened, document.structured
    sites = _site_names(document)
    headings = _headings(document)
    page_title = screened.page_title[:MAX_READ_CHARS]
    stated = [
        line[:MAX_READ_CHARS]
        for text in (document.meta("og:title"), structured.headline, document.meta("twitter:title"))
        if (line := one_line(text))
    ]
    if len(stated) == 3 and _key(stated[1]) == _key(stated[2]) == _key(screened.heading):
        stated = stated[1:]  # og:title alone differs: shortened for sharing
    others = [*stated, *headings, page_title]
    for candidate in stated:
        if _key(candidate) in sites:
            continue
        return bounded(without_kicker(without_site(_completed(candidate, others), others, sites), stated, headings))
    return bounded(_by_headings(page_title, headings, sites) or one_line(document.page.hint_title))


def without_site(title: str, others: Iterable[str], sites: frozenset[str]) -> str:
    """The title less a site's or section's name at its end or beginning, where the name or another title of the page shows it."""
    known = {_key(other) for other in others} - {_key(title)}
    while parts := list(_SEPARATOR.finditer(title)):
        last, first = parts[-1], parts[0]
        if _key(title[last.end() :]) in sites or (_key(title[: last.start()]) in known and _is_short(title[last.end() :], title)):
            title = title[: last.start()]
        elif _key(title[: first.start()]) in sites:
            title = title[first.end() :]
        elif earlier := next((part for part in parts if _key(title[: part.start()]) in known and len(title[: part.start()]) > 15), None):
            return title[: earlier.start()].strip() if _are_names(_SEPARATOR.split(title[earlier.end() :])) else title
        elif _BAR.fullmatch(last[0]) and len(_words(title[last.end() :])) <= SITE_WORDS < len(_words(title[: last.start()])):
            title = title[: last.start()]
        else:
            break
    return title.strip()


def without_kicker(title: str, stated: list[str], headings: tuple[str, ...]) -> str:
    """The title less the words above it, where every other title of the page does without them."""
    found = _KICKER.match(title)
    if not found:
        return title
    rest, whole = _key(found["rest"]), _key(title)
    others = [_key(other) for other in (*stated, *headings)]
    return found["rest"].strip() if others.count(rest) >= 2 and others.count(whole) < 2 else title


def bounded(title: str) -> str:
    """The title cut at a word where it is no headline any more."""
    return title if len(title) <= MAX_TITLE_CHARS else title[:MAX_TITLE_CHARS].rsplit(" ", 1)[0] + "…"


def _by_headings(page_title: str, headings: tuple[str, ...], sites: frozenset[str]) -> str:
    """A heading that the window title repeats, else the window title without the site's name, else the first heading."""
    words = set(_words(page_title))
    for heading in headings:
        own = _words(heading)
        if own and _key(heading) not in sites and len(words.intersection(own)) >= 0.6 * len(set(own)) and 3 * len(set(own)) >= len(words):
            return heading
    plain = without_site(page_title, headings, sites)
    if plain and _key(plain) not in sites:
        return _without_short_tail(plain)
    return next((heading for heading in headings if _key(heading) not in sites), "") or plain


def _without_short_tail(title: str) -> str:
    parts = list(_SEPARATOR.finditer(title))
    if parts and len(_words(title[parts[-1].end() :])) <= SITE_WORDS < len(_words(title[: parts[-1].start()])):
        return title[: parts[-1].start()].strip()
    return title


def _completed(title: str, others: list[str]) -> str:
    """A title cut with dots, whole again where another place of the page has all of it."""
    cut = _TRUNCATED.search(title)
    if not cut:
        return title
    start = title[: cut.start()]
    return next((other for other in others if _continues(other, start, title)), title)


def _continues(other: str, start: str, title: str) -> bool:
    return len(other) > len(title) and other.startswith(start) and not other.startswith(title) and not _TRUNCATED.search(other)


def _headings(document: PageDocument) -> tuple[str, ...]:
    nodes = document.tree.xpath("//h1") + document.tree.xpath("//h2")[:10]
    lines = (one_line(" ".join(node.itertext())) for node in nodes[:20])
    return tuple(dict.fromkeys(line for line in lines if line and len(line) <= MAX_TITLE_CHARS))


def _site_names(document: PageDocument) -> frozenset[str]:
    domain = registrable_domain(document.page.final_url)
    names = [
        document.meta("og:site_name"), document.meta("application-name", "apple-mobile-web-app-title"), document.structured.publisher,
        document.meta("twitter:site").removeprefix("@"), domain, domain.split(".")[0], f"www.{domain}" if domain else "",
    ]  # fmt: skip
    return frozenset(key for name in names if (key := _key(name)) and len(_words(name)) <= NAME_WORDS)


def _is_short(tail: str, title: str) -> bool:
    return len(tail) < 0.5 * len(title) or len(_words(tail)) <= NAME_WORDS


def _are_names(parts: list[str]) -> bool:
    return all(len(_words(part)) <= NAME_WORDS for part in parts)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(text)]


def _key(text: str) -> str:
    return "".join(_words(text))
