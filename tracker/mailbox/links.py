"""Addresses of articles in a mail: without tracking, taken out of the redirects that carry them. Pure, nothing is asked.

What only a server can resolve is told apart (`urls.redirectors`); `resolving.py` asks, through the crawl's guarded stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from tracker.mailbox.mail import Link, Mail
from tracker.mailbox.reply_text import is_forwarded, own_words
from tracker.urls.amp_caches import own_address
from tracker.urls.canonical import is_front_page, normalise, registrable_domain, without_tracking
from tracker.urls.redirectors import needs_resolving

MOST_OF_MAIL = 5
"""Missed links of one mail: who sends more sends a list, which a person should see as a whole."""
LONGEST = 1_800
"""Characters of an address that is kept: four bytes each fit an index."""
MOST_ROUNDS = 4
"""Redirects within redirects: a mail filter around a newsletter's counter around a search engine."""
MOST_SEEN = 2_000
_ADDRESS = re.compile(r"(?:https?://|(?<![\w@./])www\.)[^\s<>\"'`|\\^{}]{4,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?)]}>'\"*_»”’…"
_CARRIERS = (
    "url",
    "u",
    "q",
    "target",
    "to",
    "dest",
    "destination",
    "redirect",
    "redirect_url",
    "redirecturl",
    "link",
    "href",
    "goto",
    "out",
    "z",
    "r",
    "murl",
    "p",
)
_PROOFPOINT = re.compile(r"^https://urldefense(?:\.proofpoint)?\.com/v3/__(.+?)__;")
_NO_ARTICLES = frozenset(
    "aka.ms outlook.com live.com office.com google.com apple.com mozilla.org microsoft.com w3.org schema.org zoom.us".split()
)


def missed_links(mail: Mail, own_hosts: Iterable[str]) -> list[str]:
    """Addresses that somebody hands us, each once, `MOST_OF_MAIL` at most: of their own words, and where a mail is forwarded, of that.
    Front pages (as in signatures), mail programs' own pages and ours are none."""
    text = mail.everything if is_forwarded(mail.subject, mail.text) else own_words(mail.text)
    hrefs = [link.url for link in mail.links if link.url in text or (link.words and link.words in text)]
    ours = {registrable_domain(f"https://{host}/") for host in own_hosts}
    found: dict[str, str] = {}
    for url in [*addresses_in(text), *hrefs]:
        clean = unwrapped(url)
        key = normalise(clean)
        if key and key not in found and _may_be_article(clean, ours):
            found[key] = clean
    return [*found.values()][:MOST_OF_MAIL]


def addresses_in(text: str) -> Iterator[str]:
    """Web addresses in a text, in their order."""
    for number, found in enumerate(_ADDRESS.finditer(text)):
        if number >= MOST_SEEN:
            return
        url = found[0]
        while url and (url[-1] in _TRAILING and not (url[-1] == ")" and "(" in url)):
            url = url[:-1]
        yield url if "://" in url else f"https://{url}"


def unwrapped(url: str) -> str:
    """The address that a redirect carries within itself, without tracking; the address itself where it carries none."""
    for _ in range(MOST_ROUNDS):
        inner = _carried(url)
        if not inner or inner == url:
            break
        url = inner
    return without_tracking(url.strip())[:LONGEST]


def newsletter_links(mail: Mail, is_outlets: Callable[[str], bool], *, most: int) -> Iterator[Link]:
    """Links of a newsletter with the headline that each stands under, each once: those at the outlet, and those that only a server can
    resolve. Pages without a headline of three words (logos, menus, signing off) are none."""
    seen: dict[str, Link] = {}
    for link in mail.links:
        clean = unwrapped(link.url)
        key = normalise(clean)
        words = " ".join(link.words.split())
        if not key or is_front_page(clean) or not (is_outlets(clean) or needs_resolving(clean)):
            continue
        if len(words.split()) >= 3 and len(words) > len(seen.get(key, Link("")).words):
            seen[key] = Link(clean, words)
    yield from [*seen.values()][:most]


def _may_be_article(url: str, ours: set[str]) -> bool:
    domain = registrable_domain(url)
    return bool(domain) and "." in domain and domain not in ours and domain not in _NO_ARTICLES and not is_front_page(url)


def _carried(url: str) -> str:
    if found := _PROOFPOINT.match(url):
        return _whole(unquote(found[1]))
    if (own := own_address(url)) != url:
        return own
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return ""
    if parts.hostname and parts.hostname.endswith("urldefense.proofpoint.com"):
        pairs = [(name, value.replace("-", "%").replace("_", "/")) if name == "u" else (name, value) for name, value in pairs]
        pairs = [(name, unquote(value)) for name, value in pairs]
    for name in _CARRIERS:
        for given, value in pairs:
            inner = _whole(value) if given.lower() == name else ""
            if inner and registrable_domain(inner) != registrable_domain(url):
                return inner
    return ""


def _whole(text: str) -> str:
    return text if text.lower().startswith(("http://", "https://")) and normalise(text) else ""
