"""Which links of a front or section page are articles. Pure: an address, its anchor and the place where it stands decide, and
what an outlet's known articles look like, once some are known.

    shapes = learn_shapes(addresses of the outlet's articles)
    links = article_links(body, url="https://gazeta.example/", shapes=shapes)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from tracker.sources.plain_text import plain_title
from tracker.text.folding import fold
from tracker.urls.canonical import is_front_page, normalise, registrable_domain
from tracker.urls.links import web_address
from tracker.urls.rulebook import NO_RULES, AddressRules

MIN_KNOWN = 12
"""Known articles from which shapes are learnt: a front page's worth."""
MIN_SHARE = 0.03
"""A shape that fewer of the known articles have is chance: a redirect, a gallery."""
ARTICLE_SCORE = 2.5
"""Where invented addresses in the style of 60 outlets of the register are told apart best; `tests/sources/test_article_links.py`."""
UNKNOWN_SHAPE_SCORE = 5.0
"""An outlet whose shapes are known rarely has another one; a new one must be beyond doubt."""
MAX_LINKS = 3000
"""Of a page: one of the corpus's 835 pages has more, an archive with 3,861."""
SLUG_WORDS = 4
"""Words of a segment from which it is a headline and no section; measured with `ARTICLE_SCORE`."""

_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|docx?|xlsx?|zip|rar|mp[34]|m4a|m3u8|webm|css|js|json|xml|rss|atom|txt|apk|woff2?)$", re.I
)
_EXTENSION = re.compile(r"\.(?:html?|php|aspx?|jsp|shtml|xhtml)$", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(
    r"(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-_.](?:0?[1-9]|1[0-2])[-_.](?:19|20)\d\d"
)
_CODE = re.compile(r"(?=[a-z]{0,40}\d)[a-z0-9]{5,40}", re.I)
_NUMBER_AT_AN_END = re.compile(r"^[a-z]?\d{4,}(?=[-_,])|(?<=[-_,])[a-z]{0,2}\d{4,}$", re.I)
_WORDS = re.compile(r"[^\W_]+", re.UNICODE)
_ID_PARAMETERS = frozenset(
    "id p nid newsid news_id article article_id articleid idnews idvest vest vijest lajm aid itemid nav_id idclanak clanak post".split()
)

_NEVER = frozenset(
    "tag tags tagovi etiketa etiketi oznaka oznake author authors autor autori autoret autoret-tane user users korisnik profil profile "
    "search kerko kerkim pretraga trazi prebaruvaj prebaruvanje login prijava register registracija logout account nalog hyr identifikohu "
    "feed rss atom sitemap page faqe stranica strana wp-admin wp-login wp-content wp-json wp-includes cdn-cgi xmlrpc embed amp print stampa shtyp share sharer "
    "kontakt kontakti kontakto kontaktet na-kontaktoni contact contact-us about about-us rreth-nesh o-nama za-nas impressum impresum marketing oglasavanje reklamo reklamiranje advertise "
    "privacy privacy-policy politika-privatnosti politika-e-privatesise uslovi-koriscenja uvjeti-koristenja kushtet-e-perdorimit terms terms-of-use cookies kolacici pravila-koriscenja "
    "newsletter pretplata subscribe abonim shop cart korpa oglasi njoftime smrtovnice osmrtnice citulje vrijeme vremenska-prognoza moti horoskop horoskopi kursna-lista "
    "tv-program program programi-tv programska-sema live uzivo livestream e-paper epaper arkiva arhiva archive arhiv galerija galerije gallery podcast podkasti".split()
)
"""First or last segments of what is no article, in the languages of the region (folded)."""

_TOPICS = frozenset("tema teme temat topic topics".split())
"""First segments of lists, except where a date or number follows."""

_SECTIONS = frozenset(
    "category categories kategori kategoria kategorija kategorii rubrika rubrike rubriki sekcija section seksioni sections ndarja cat lajme lajmet vesti vijesti najnovije te-fundit "
    "sport sporti kultura kulture ekonomi ekonomija ekonomia biznis politika politike svet svijet bota bote region rajon hronika crna-hronika kronika showbiz magazin lifestyle "
    "zabava tehnologija teknologji zdravlje shendet opinion opinione kolumne video foto".split()
)

_CATEGORIES = frozenset("category kategori kategoria kategorija kategorii rubrika rubrike rubriki".split())

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_FRAME = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|footer|breadcrumb|breadcrumbs|social|share|pagination|pager|tags?|cookie|lang|jezik)(?:$|[-_ ])",
    re.I,
)


class PageLink(Struct, frozen=True):
    """A link as it stands on a page. `framed`: in a menu, a footer, a row of tags; `heading`: in or around a headline."""

    url: str
    text: str = ""
    heading: bool = False
    framed: bool = False


class Shapes(Struct, frozen=True):
    """What the addresses of an outlet's known articles look like."""

    known: int = 0
    shares: tuple[tuple[str, float], ...] = ()
    prefixes: frozenset[str] = frozenset()

    @property
    def learnt(self) -> bool:
        return self.known >= MIN_KNOWN

    def share(self, shape: str) -> float:
        """The share of known articles with this shape, 0 to 1."""
        return dict(self.shares).get(shape, 0.0)


NO_SHAPES = Shapes()


class Judgement(Struct, frozen=True):
    """Whether a link is an article, and why, in words."""

    article: bool
    reason: str
    score: float = 0.0


def article_links(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    shapes: Shapes = NO_SHAPES,
    moved_hosts: tuple[str, ...] = (),
    rules: AddressRules = NO_RULES,
) -> tuple[PageLink, ...]:
    """The articles a page links to, in its order, each once with its longest anchor as title. `rules`: of the outlet's addresses."""
    found: dict[str, PageLink] = {}
    for link in page_links(body, url=url, content_type=content_type):
        key = normalise(link.url, rules)
        seen = found.get(key)
        if seen is not None:
            link = PageLink(seen.url, max(seen.text, link.text, key=len), seen.heading or link.heading, seen.framed and link.framed)
        if key:
            found[key] = link
    return tuple(link for link in found.values() if judge_link(link, url, shapes, moved_hosts, rules).article)


def judge_link(
    link: PageLink, page_url: str, shapes: Shapes = NO_SHAPES, moved_hosts: tuple[str, ...] = (), rules: AddressRules = NO_RULES
) -> Judgement:
    """Whether a link leads to an article of the outlet whose page this is."""
    if reason := _excluded(link.url, page_url, moved_hosts, rules):
        return Judgement(False, reason)
    shape = url_shape(link.url)
    score, why = _score(link)
    if not shapes.learnt:
        return Judgement(score >= ARTICLE_SCORE, why, score)
    if shapes.share(shape) >= MIN_SHARE:
        if _is_telling(shape):
            return Judgement(True, f"has the shape of known articles ({shape})", score)
        known_place = _prefix(link.url) in shapes.prefixes and not link.framed
        return Judgement(known_place and _is_headline(link.text), f"the shape of known articles ({shape}) could be a section's too", score)
    return Judgement(score >= UNKNOWN_SHAPE_SCORE, f"none of the known articles has its shape ({shape})", score)


def may_be_listed(url: str, page_url: str, moved_hosts: tuple[str, ...] = ()) -> bool:
    """Whether a link leads to an article or a list of articles of the outlet: to no other site, no file, no page about the site."""
    return not _excluded(url, page_url, moved_hosts)


def learn_shapes(addresses: Iterable[str]) -> Shapes:
    """What known articles of one outlet have in common."""
    counted: Counter[str] = Counter()
    prefixes: Counter[str] = Counter()
    for address in {*addresses}:
        counted[url_shape(address)] += 1
        prefixes[_prefix(address)] += 1
    known = counted.total()
    shares = tuple((shape, count / known) for shape, count in counted.most_common() if count / known >= MIN_SHARE)
    return Shapes(known, shares, frozenset(prefix for prefix, count in prefixes.items() if count > 1 or known < 50))


def url_shape(url: str) -> str:
    """The form of an address with its content taken out: `/vijesti/2024/10/opasan-put-ka-gradu.html` -> `/word/year/number/slug.html`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    ending = ""
    if segments and (found := _EXTENSION.search(segments[-1])):
        ending, segments[-1] = found[0].lower(), segments[-1][: found.start()]
    query = sorted(
        name.lower() for name, value in parse_qsl(parts.query) if name.lower() in _ID_PARAMETERS and any(map(str.isdigit, value))
    )
    return "".join(f"/{kind}" for kind in _classes(segments)) + ending + "".join(f"?{name}" for name in query)


def _classes(segments: Iterable[str]) -> Iterator[str]:
    """After a number, words of any length are the headline."""
    numbered = False
    for segment in segments:
        kind = _segment_class(segment)
        yield "slug" if numbered and kind in ("word", "words", "code") else kind
        numbered = numbered or kind in ("number", "number-slug", "date")


@lru_cache(maxsize=20_000)
def _segment_class(segment: str) -> str:
    if segment.isdigit():
        return "year" if _YEAR.fullmatch(segment) else "day" if len(segment) <= 2 else "number"
    if _DATE.fullmatch(segment):
        return "date"
    numbered = "number-" if _NUMBER_AT_AN_END.search(segment) else ""
    words = [word for word in _WORDS.findall(segment) if not word.isdigit()]
    if len(words) >= SLUG_WORDS:
        return numbered + "slug"
    if numbered:
        return "number-slug" if words else "number"
    if len(words) == 1 and _CODE.fullmatch(segment):
        return "code"
    return "words" if len(words) > 1 else "word"


def _is_telling(shape: str) -> bool:
    """Whether no section page has this shape."""
    return any(part in shape for part in ("slug", "number", "date", "year", "?"))


def _prefix(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    segments = [segment for segment in path.split("/") if segment]
    return segments[0].lower() if len(segments) > 1 else ""


def _excluded(url: str, page_url: str, moved_hosts: tuple[str, ...], rules: AddressRules = NO_RULES) -> str:
    key = normalise(url, rules)
    if not key or is_front_page(url, rules):
        return "no article's address"
    if key == normalise(page_url, rules):
        return "the page itself"
    domain = registrable_domain(url)
    if domain != registrable_domain(page_url) and domain not in {registrable_domain(f"https://{host}/") for host in moved_hosts}:
        return "another site"
    parts = urlsplit(url)
    if _FILE.search(parts.path):
        return "a file"
    segments = [fold(unquote(segment)).lower() for segment in parts.path.split("/") if segment]
    edges = {segments[0], segments[-1]} if segments else set()
    if edges & _NEVER or any(segment in ("tag", "tags", "author", "autor", "wp-content", "wp-json") for segment in segments[:-1]):
        return "a page about the site, a list or a tag"
    if edges & _TOPICS and not re.search("date|year|number", url_shape(url)):
        return "a list of a topic"
    if len(segments) > 1 and segments[-2] in ("page", "faqe", "strana", "stranica") and segments[-1].isdigit():
        return "a further page of a list"
    names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if names & {"s", "q", "share", "replytocom", "search", "print", "page", "paged", "filter"}:
        return "a search, a list or a share link"
    return ""


def _score(link: PageLink) -> tuple[float, str]:
    marks = [*_marks_of_address(link.url), *_marks_of_anchor(link)]
    return sum(weight for weight, _ in marks), ", ".join(words for _, words in marks) or "nothing that tells of an article"


def _marks_of_address(url: str) -> Iterator[tuple[float, str]]:
    shape = url_shape(url)
    segments = [fold(unquote(segment)).lower() for segment in urlsplit(url).path.split("/") if segment]
    last = _EXTENSION.sub("", segments[-1]) if segments else ""
    numbered = "number" in shape or "?" in shape
    if "slug" in shape:
        yield 3.0, "a headline in the address"
    elif len(_WORDS.findall(last)) == SLUG_WORDS - 1:
        yield 1.5, "some words in the address"
    if "/date" in shape or ("/year" in shape and ("/day" in shape or "/number" in shape)):
        yield 2.5, "a date in the address"
    if numbered:
        yield 2.0, "a number in the address"
    elif shape.endswith("/code"):
        yield 1.5, "a code in the address"
    if len(segments) <= 2 and "slug" not in shape and not numbered:
        yield -1.5, "a short address"
    if last in _SECTIONS:
        yield -4.0, "ends in a section's name"
    if 1 < len(segments) <= 3 and segments[0] in _CATEGORIES and not numbered:
        yield -3.0, "under a category"


def _marks_of_anchor(link: PageLink) -> Iterator[tuple[float, str]]:
    if _is_headline(link.text):
        yield 1.5, "a headline for a text"
    if link.heading:
        yield 1.0, "stands in a headline"
    if link.framed:
        yield -1.5, "stands in a menu or footer"


def _is_headline(text: str) -> bool:
    return len(text) >= 22 and len(_WORDS.findall(text)) >= 4


def page_links(body: bytes, *, url: str, content_type: str = "") -> Iterator[PageLink]:
    """Every http(s) link of a page with what can be seen of it."""
    from bs4 import BeautifulSoup  # here: only crawls with front pages need it

    from tracker.text.charsets import decode

    soup = BeautifulSoup(decode(body, content_type).text, "lxml")
    root = base_address(soup, url)
    for anchor in soup.find_all("a", href=True, limit=MAX_LINKS):
        address = web_address(str(anchor["href"]), root)
        if not address:
            continue
        heading, framed = _place(anchor)
        text = plain_title(anchor.get_text(" ", strip=True)) or plain_title(str(anchor.get("title") or ""))
        yield PageLink(address.partition("#")[0], text, heading or anchor.find(_HEADINGS) is not None, framed)


def base_address(soup: Any, url: str) -> str:
    """What a page's relative links are relative to: its first `<base href>`, else its own address."""
    base = soup.find("base", href=True)
    return (web_address(str(base["href"]), url) if base is not None else "") or url


def _place(anchor: object) -> tuple[bool, bool]:
    heading = framed = False
    for depth, parent in enumerate(anchor.parents):  # type: ignore[attr-defined]
        if depth > 12 or parent.name in ("body", "html", "[document]"):
            break
        heading = heading or (depth < 3 and parent.name in _HEADINGS)
        named = " ".join([*(parent.get("class") or ()), str(parent.get("id") or "")]) if depth < 6 else ""
        framed = framed or parent.name in ("nav", "footer") or (bool(named) and _FRAME.search(named) is not None)
        if parent.name in ("article", "main"):
            break
    return heading, framed
