"""An outlet's own search: what to ask it, at which address, and what its answer lists. Pure.

Three ways are known: the posts interface of WordPress, its search as a feed, and an address of the register with `{term}`.
The last may have a `{page}` and answer with a feed, JSON or a page. A news search service is one more such address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from msgspec import Struct

from tracker.model import HBS, FetchOutcome, Published
from tracker.sources.article_links import NO_SHAPES, Shapes, article_links
from tracker.sources.feeds.feed import read_feed
from tracker.sources.feeds.records import FeedEntry
from tracker.text.folding import fold

WORDPRESS_FIELDS = "id,link,date,date_gmt,modified_gmt,title,excerpt"
"""Of each post: its text is read on its page, under the outlet's own rules for readers."""
POSTS_A_PAGE = 100
"""What WordPress gives at most."""
MAX_SEARCH_PAGES = 100
"""Of one query: at 100 posts a page more than any outlet writes on one term in a year."""
MAX_QUERIES = 60
"""Per outlet; at a second each, a minute. The first campaign needs 10 to 30."""
TERM, PAGE = "{term}", "{page}"

_CYRILLIC = str.maketrans(
    dict(
        zip("abcčćdđefghijklmnoprsštuvzžABCČĆDĐEFGHIJKLMNOPRSŠTUVZŽ", "абцчћдђефгхијклмнопрсштувзжАБЦЧЋДЂЕФГХИЈКЛМНОПРСШТУВЗЖ", strict=True)
    )
)
_DIGRAPHS = {"lj": "љ", "nj": "њ", "dž": "џ", "Lj": "Љ", "Nj": "Њ", "Dž": "Џ", "LJ": "Љ", "NJ": "Њ", "DŽ": "Џ"}
_LATIN = {cyrillic: latin for latin, cyrillic in _DIGRAPHS.items() if not latin.isupper() or len(latin) == 1}
_LATIN |= {chr(cyrillic): latin for latin, cyrillic in ((chr(key), ord(value)) for key, value in _CYRILLIC.items())}
_LATIN |= {"ѓ": "gj", "ќ": "kj", "ѕ": "dz", "Ѓ": "Gj", "Ќ": "Kj", "Ѕ": "Dz"}
_BARE = str.maketrans("ëçčćšžđËÇČĆŠŽĐłŁ", "eccсszdECCCSZDlL".replace("с", "c"))
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ENDING = re.compile(r"(?:[aeiouyëáéíóúаеиоу]|ës|ut|it|ve|om|og|ih|im)$", re.I)
_FOLDED_ENDING = 4  # letters that must be left of a word without its ending


class SearchPage(Struct, frozen=True):
    """What one page of an answer lists. EMPTY: the search works and found nothing."""

    outcome: FetchOutcome
    entries: tuple[FeedEntry, ...] = ()
    detail: str = ""


def spellings(term: str, scripts: Sequence[str]) -> tuple[str, ...]:
    """The ways a term may stand on a site that writes in these scripts: as typed, without diacritics, in the other script."""
    typed = " ".join(_WORD.findall(term))
    cyrillic = any("Ѐ" <= letter <= "ӿ" for letter in typed)
    latin = "".join(_LATIN.get(letter, letter) for letter in typed) if cyrillic else typed
    ways = [typed] if not cyrillic or "Cyrl" in scripts or not scripts else []
    if not cyrillic and "Cyrl" in scripts and not re.search(r"[qwxyëç]", typed, re.I):
        ways.append(_in_cyrillic(typed))
    if "Latn" in scripts or not cyrillic:
        ways += [latin, latin.translate(_BARE)]
    return tuple(dict.fromkeys(way for way in ways if way))


def search_queries(terms: Iterable[tuple[str, str]], languages: Sequence[str], scripts: Sequence[str], *, stems: bool = True) -> list[str]:
    """What to type into the search of an outlet of these languages and scripts: the fewest queries that find all terms, which are pairs
    of language (or `any`) and text. A search wants every word of a query, so a query whose words contain another's finds nothing new.
    `stems`: words without their endings, for searches that look inside words (WordPress); that finds inflected forms too."""
    wanted: dict[frozenset[str], str] = {}
    spoken = {"any", "en", *languages} | (HBS if HBS & {*languages} else frozenset())
    for language, term in terms:
        if language not in spoken and languages:
            continue
        for way in spellings(term, scripts if language != "en" else ("Latn",)):
            words = _WORD.findall(way)
            long = [word for word in words if len(word) > 3 or word.isupper() or word.isdigit()] or words
            typed = [_stem(word) for word in long] if stems and len(long) > 1 else long
            if key := frozenset(word.casefold() for word in typed):
                wanted.setdefault(key, " ".join(typed))
    kept = [key for key in wanted if not any(_finds(other, key) for other in wanted if other != key)]
    return [wanted[key] for key in kept][:MAX_QUERIES]


def wordpress_posts(homepage: str, term: str, since: date, until: date | None = None, page: int = 1) -> str:
    """The posts interface: a hundred a page, the newest first, the days as asked."""
    days = {"after": f"{since - timedelta(days=1)}T23:59:59"} | ({"before": f"{until + timedelta(days=1)}T00:00:00"} if until else {})
    asked = {"search": term, **days, "per_page": POSTS_A_PAGE, "page": page, "orderby": "date", "order": "desc"}
    return urljoin(homepage, "/wp-json/wp/v2/posts") + "?" + urlencode(asked | {"_fields": WORDPRESS_FIELDS}, quote_via=quote)


def wordpress_list(address: str, since: date | None = None, until: date | None = None) -> str:
    """The posts of an interface at this address, a hundred, the newest first; of these days where they are given."""
    days = {"after": f"{since - timedelta(days=1)}T23:59:59"} if since else {}
    days |= {"before": f"{until + timedelta(days=1)}T00:00:00"} if until else {}
    asked = {"per_page": POSTS_A_PAGE, "page": 1, "orderby": "date", "order": "desc", **days, "_fields": WORDPRESS_FIELDS}
    return f"{address.partition('?')[0]}?{urlencode(asked, quote_via=quote)}"


def wordpress_feed(homepage: str, term: str, page: int = 1) -> str:
    """The search as a feed: ten a page, the newest first."""
    asked = {"s": term, "feed": "rss2", "orderby": "date", "order": "desc", "paged": page}
    return urljoin(homepage, "/") + "?" + urlencode(asked, quote_via=quote)


def search_address(template: str, term: str, page: int = 1) -> str:
    """An address of the register with `{term}` and, if it has pages, `{page}` filled in."""
    return template.replace(TERM, quote(term, safe="")).replace(PAGE, str(page))


def next_page(address: str, template: str = "") -> str:
    """The page after this one; "" when there is none to ask for."""
    if template:
        return _next_of_template(address, template)
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for place, (name, value) in enumerate(pairs):
        if name in ("paged", "page") and value.isdigit():
            number = int(value) + 1
            pairs[place] = (name, str(number))
            return urlunsplit(parts._replace(query=urlencode(pairs, quote_via=quote))) if number <= MAX_SEARCH_PAGES else ""
    return ""


def page_number(address: str) -> int:
    """Which page of an answer an address asks for."""
    numbers = [value for name, value in parse_qsl(urlsplit(address).query) if name in ("paged", "page") and value.isdigit()]
    return int(numbers[0]) if numbers else 1


def query_of(address: str, template: str = "") -> str:
    """The query that an address asks for; "" when it cannot be told."""
    if template:
        pattern = re.escape(template).replace(re.escape(TERM), "(?P<term>.*?)", 1).replace(re.escape(PAGE), r"\d+", 1)
        found = re.fullmatch(pattern, address)
        return unquote(found["term"]) if found else ""
    asked = dict(parse_qsl(urlsplit(address).query))
    return asked.get("s") or asked.get("search", "")


def have_nothing_in_common(query: str, other: str) -> bool:
    """Whether two queries share no word, in any spelling: the same answer to both is then no search's."""
    words, others = ({fold(word).lower() for word in one.split()} for one in (query, other))
    return bool(words and others) and not any(word.startswith(mine) or mine.startswith(word) for word in words for mine in others)


def read_search(
    body: bytes, *, url: str, now: datetime, content_type: str = "", zone: str = "UTC", shapes: Shapes = NO_SHAPES
) -> SearchPage:
    """The articles an answer lists. A page (HTML) counts only where the register names it as the outlet's search: `read_search_page`."""
    document = read_feed(body, url=url, now=now, content_type=content_type, zone=zone)
    return SearchPage(document.outcome, tuple(entry for entry in document.entries if entry.url), document.detail)


def read_search_page(
    body: bytes, *, url: str, now: datetime, content_type: str = "", zone: str = "UTC", shapes: Shapes = NO_SHAPES
) -> SearchPage:
    """As `read_search`, for an answer that may be a web page."""
    found = read_search(body, url=url, now=now, content_type=content_type, zone=zone)
    if found.outcome is not FetchOutcome.NOT_A_FEED:
        return found
    links = article_links(body, url=url, content_type=content_type, shapes=shapes)
    entries = tuple(FeedEntry(link.url, link.url, link.text) for link in links if not link.framed)
    return SearchPage(FetchOutcome.FETCHED if entries else FetchOutcome.EMPTY, entries, "" if entries else "the search found nothing")


def bears_a_term(address: str, title: str, queries: Iterable[str]) -> bool:
    """Whether an address or a title holds all words of one of the queries."""
    text = fold(f"{title} {address}").lower()
    return any(all(fold(word).lower() in text for word in query.split()) for query in queries)


def oldest(moments: Iterable[Published | None]) -> date | None:
    """The earliest day; None when none is known."""
    days = [moment.at.date() for moment in moments if moment is not None]
    return min(days, default=None)


def _finds(other: frozenset[str], key: frozenset[str]) -> bool:
    """Whether whatever the query `key` finds, `other` finds too: each of its words is part of one of `key`'s."""
    return (
        len(other) <= len(key)
        and other != key
        and all(any(word == mine or (len(word) > 4 and word in mine) for mine in key) for word in other)
    )


def _stem(word: str) -> str:
    """Without an ending that inflection changes."""
    if word.isupper() or any(map(str.isdigit, word)):
        return word
    shorter = _ENDING.sub("", word)
    return shorter if len(shorter) >= _FOLDED_ENDING else word


def _in_cyrillic(text: str) -> str:
    for latin, cyrillic in _DIGRAPHS.items():
        text = text.replace(latin, cyrillic)
    return text.translate(_CYRILLIC)


def _next_of_template(address: str, template: str) -> str:
    if PAGE not in template:
        return ""
    pattern = re.escape(template).replace(re.escape(TERM), "(?P<term>.*?)", 1).replace(re.escape(PAGE), r"(?P<page>\d+)", 1)
    found = re.fullmatch(pattern, address)
    if found is None or int(found["page"]) >= MAX_SEARCH_PAGES:
        return ""
    return template.replace(TERM, found["term"]).replace(PAGE, str(int(found["page"]) + 1))
