"""Dates that a page shows its readers: beside the headline, in its address, and, last, anywhere in its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.html import HtmlElement

from tracker.extraction.document import PageDocument
from tracker.extraction.own_node import agrees
from tracker.extraction.unseen import is_in_own_scope
from tracker.model import Precision
from tracker.text.dates import EARLIEST_YEAR, DateLabel, StatedDate, label_of

Reader = Callable[[str], StatedDate | None]

ELEMENTS_BELOW = 60
"""Elements after the headline among which a dated byline is looked for: on the corpus it is among the first 40."""

MAX_SCANNED = 600
"""Elements looked at for those: lists beside the article (`aside`, `nav`) do not count. A bound on the work, 10 times the above."""

ELEMENTS_ABOVE = 12
"""Elements before the headline among which its date is looked for: a kicker, a section and a date with their wrappers."""
MAX_LINES = 3000
"""A bound on the work of the search of last resort."""
MAX_PARTS = 6
"""A dated line has few parts: labels, day, clock time, icons."""
LEVELS_ABOVE = 3
"""Wrappers around a headline that still belong to it; tests/quality/test_extraction_floor.py measures a change."""
MAX_BYLINE_CHARS = 80
""""Published: Wednesday, 14 September 2022 at 18:20 | Updated: 15 September 2022, 10:05" has 82."""
MAX_LABEL_CHARS = 60
"""What stands before a date as its label, such as "Publikuar më"; longer is a sentence."""
SPREAD = timedelta(days=2)
"""Dates on a page further apart than this are those of several articles; as AGREEING in dates.py."""

_DATE_TOKEN = re.compile(
    r"(?:^|[\s_-])(?:date|datum|time|timestamp|published|datepublished|pubdate|posted|objavljeno|publikuar|data|koha|vreme|vrijeme|meta|byline)"
    r"(?:$|[\s_-])|date|datum",
    re.I,
)
_OTHER_TOKEN = re.compile(
    r"comment|koment|коментар|card|teaser|related|lidhur|povezan|sidebar|widget|recommend|latest|"
    r"popular|list-?item|breaking|ticker|event|weather|copyright|footer|reviews?\b|player|caption",
    re.I,
)
_UPDATE_TOKEN = re.compile(r"updat|modif|izmen|izmjen|azurir|ažurir|perditesi", re.I)
_PUBLICATION_TOKEN = re.compile(r"publish|entry-date|post-date|objavljen|publikuar", re.I)
"""WordPress marks the date of an article never changed `published updated`, or `entry-date updated`."""

_OTHER_PROPERTY = re.compile(
    r"startdate|enddate|uploaddate|datemodified|foundingdate|birthdate|validfrom|validthrough|availab|expires", re.I
)
_OTHER_WORDS = re.compile(
    r"©|\(c\)|copyright|themelu|osnovan|основан|founded|established|since|lindur|rođen|роден|born\b|fillon|mbahet|počinje|održava|започнува|starts|"
    r"koment|comment|коментар",
    re.I,
)
_LINES = frozenset({"p", "span", "div", "b", "strong", "em", "i", "h3", "h4", "h5", "h6", "td", "li", "a", "label"})
MAX_PLACE_CHARS = 16
"""What may stand before the date of a dated line: "Tirana, ", "Sarajevo, ", "Datum: ", "Publikuar më "."""

_FULL_DATE = re.compile(
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d|\d{1,2}(?:\.|th|st|nd|rd)?\s[^\W\d]{3,12}\.?,?\s(?:19|20)\d\d|[^\W\d]{3,12}\s\d{1,2}(?:th|st|nd|rd)?,?\s(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|(?P<short>\d{1,2}[./]\d{1,2}[./]\d\d(?!\d))"
)
_CLOCK = re.compile(r"(?<![\d.])\d{1,2}[:.]\d{2}(?![\d.])")
_SKIPPED = frozenset({"script", "style", "form", "select", "option", "noscript"})
_DAY_IN_ADDRESS = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[/_.-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)")
_PACKED_DAY = re.compile(r"(?<=[/_-])(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=[/_-]|$)")
_NO_DATES = (
    ".//nav|.//footer|.//aside|.//link|.//script|.//style|.//form|.//p|.//blockquote|.//li|.//*[@itemscope and not(contains(@itemtype, 'Article'))"
    " and not(contains(@itemtype, 'Page'))]|.//*[contains(@class, 'comment') or contains(@id, 'comment') or contains(@class, 'koment') or"
    " contains(@class, 'related') or contains(@class, 'sidebar') or contains(@class, 'widget') or contains(@class, 'copyright') or"
    " contains(@class, 'event') or contains(@class, 'review') or contains(@class, 'footer') or contains(@id, 'footer')]"
)


def day_in_address(url: str) -> date | None:
    """The day that an article's address names, as `/2024/12/21/` or `-20241221-`."""
    try:
        path = urlsplit(url).path
        found = _DAY_IN_ADDRESS.search(path) or _PACKED_DAY.search(path)
        return date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        return None


def own_heading(document: PageDocument) -> HtmlElement | None:
    """The heading of the page's article: one that agrees with a title of the page, else the first main heading."""
    titles = (document.structured.headline, document.meta("og:title"), document.screened.page_title, document.page.hint_title)
    headings = [*islice(document.tree.iter("h1"), 5), *islice(document.tree.iter("h2"), 10)]
    for node in headings:
        text = node.text_content()
        if any(agrees(text, title) for title in titles if title):
            return node
    return headings[0] if headings else None


def beside_headline(document: PageDocument, read: Reader) -> list[StatedDate]:
    """Dates shown below the headline in the page's order, then those above it; those of updates last, other things' left out."""
    heading = own_heading(document)
    if heading is None:
        return []
    around = frozenset(heading.iterancestors())
    found = [stated for node in _below(heading) if (stated := _stated(node, around, read))]
    today = document.page.fetched_at.date()
    for node in _above(heading):
        stated = _stated(node, around, read)
        if stated and (stated.published.precision is Precision.MINUTE or stated.published.at.date() != today):
            found.append(stated)  # today's day alone, above the headline, is the calendar in the page's head
    return sorted(found, key=lambda stated: stated.label is DateLabel.UPDATE)


def marked_for_machines(document: PageDocument, read: Reader) -> list[StatedDate]:
    """Elements that microdata calls the publication date of an article, those of the headline's own scope first."""
    heading = own_heading(document)
    nodes = document.whole_tree.xpath('//*[contains(translate(@itemprop, "DP", "dp"), "datepublished")]')
    found: list[tuple[bool, StatedDate]] = []
    for node in nodes[:20]:
        stated = read(_machine_text(node)) if is_in_own_scope(node) and not _is_in_list(node) else None
        if stated:
            found.append((heading is None or not _shares_scope(node, heading, document), stated))
    return [stated for _, stated in sorted(found, key=lambda one: one[0])]


def anywhere(document: PageDocument, read: Reader) -> StatedDate | None:
    """The date of the dated lines anywhere on the page, else one that htmldate finds outside of sentences; None where two contradict
    each other, and where only a year stands."""
    heading = own_heading(document)
    around = frozenset(heading.iterancestors()) if heading is not None else frozenset()
    found: list[StatedDate] = []
    for node in islice(document.tree.iter(*_LINES, "time", "small"), MAX_LINES):
        if len(node) <= MAX_PARTS and (stated := _stated(node, around, read)) and stated.label is not DateLabel.UPDATE:
            found.append(stated)
    days = [stated.published.at.date() for stated in found]
    today = document.page.fetched_at.date()  # a calendar on the page says the same on all pages
    if days:
        return found[0] if max(days) - min(days) <= SPREAD and found[0].published.at.date() != today else None
    day = _searched(document.tree, document.page.fetched_at)
    return read(day.isoformat()) if day and day != today and day.day != 1 else None  # a year or a month alone comes out as its first day


def _searched(seen: HtmlElement, now: datetime) -> date | None:
    """The day that htmldate takes for the page's, of the parts that are no sentences, menus, comments or data of scripts."""
    tree = deepcopy(seen)
    for node in tree.xpath(_NO_DATES):
        if node.getparent() is not None and (node.tag != "p" or len(node.text_content()) > MAX_BYLINE_CHARS):
            node.drop_tree()
    latest = (now + timedelta(days=1)).replace(tzinfo=None)  # htmldate compares naive moments
    earliest = latest.replace(year=EARLIEST_YEAR, month=1, day=1)
    try:
        found = find_date(tree, original_date=True, extensive_search=True, min_date=earliest, max_date=latest)
        return date.fromisoformat(found) if found else None
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError):
        return None


def _below(heading: HtmlElement) -> Iterator[HtmlElement]:
    count, beside = 0, None
    for node in islice(heading.xpath("following::*"), MAX_SCANNED):
        if node.tag == "h1" and not agrees(node.text_content(), heading.text_content()):
            return
        if beside is not None and beside in node.iterancestors():
            continue
        beside = node if node.tag in ("aside", "nav") else None
        count += 1
        yield node
        if count == ELEMENTS_BELOW:
            return


def _above(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Elements shortly before the headline within its own part of the page, nearest first."""
    top = heading
    for _ in range(LEVELS_ABOVE):
        parent = top.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        top = parent
    if top is heading:
        return
    before = [node for node in islice(heading.xpath("preceding::*"), 400) if isinstance(node.tag, str)]
    yield from [one for one in before if top in one.iterancestors()][-ELEMENTS_ABOVE:][::-1]


def _stated(node: HtmlElement, around: frozenset[HtmlElement], read: Reader) -> StatedDate | None:
    """The date that an element shows as that of an article; None for any other element."""
    if not isinstance(node.tag, str) or node.tag in _SKIPPED:
        return None
    text = _short_text(node)
    if text is None:
        return None
    is_time = node.tag == "time"
    is_marked = is_time or node.tag == "small" or _DATE_TOKEN.search(_names_of(node)) is not None
    if not is_marked and (node.tag not in _LINES or not re.search(r"\d", text)):
        return None
    if not is_time and len(node) and node.find(".//time[@datetime]") is not None:
        return None
    if (not is_marked and not _is_dated_line(text)) or _OTHER_WORDS.search(text) or _is_other(node, around):
        return None
    beside = _text_before(node)
    if _OTHER_WORDS.search(beside):
        return None
    stated = (read(node.get("datetime")) if is_time and node.get("datetime") else None) or (read(text) if len(text) > 5 else None)
    if stated is None:
        return None
    labels = (DateLabel.UPDATE if _is_marked_update(node, around) else DateLabel.NONE, stated.label, label_of(text), label_of(beside))
    return StatedDate(stated.published, next((label for label in labels if label is not DateLabel.NONE), DateLabel.NONE))


def _short_text(node: HtmlElement) -> str | None:
    """An element's text; None where it is longer than a byline."""
    pieces: list[str] = []
    length = -1
    for piece in node.itertext():
        words = piece.split()
        pieces += words
        length += sum(map(len, words)) + len(words)
        if length > MAX_BYLINE_CHARS:
            return None
    return " ".join(pieces)


def _is_dated_line(text: str) -> bool:
    """Whether a line that no class marks is a date with little beside it: a place, a label, a source, a clock time."""
    found = _FULL_DATE.search(text)
    if found is None:
        return False
    has_clock = _CLOCK.search(text) is not None
    if found["short"]:
        return has_clock
    return has_clock or found.start() <= MAX_PLACE_CHARS or 2 * len(found[0]) >= len(text)


def _text_before(node: HtmlElement) -> str:
    """What stands directly before an element, in its parent: a label as in "Updated: <time>"."""
    previous = node.getprevious()
    if previous is None:
        parent = node.getparent()
        return ((parent.text if parent is not None else "") or "")[-MAX_LABEL_CHARS:]
    tail = (previous.tail or "").strip()
    if tail or not isinstance(previous.tag, str):
        return tail[-MAX_LABEL_CHARS:]
    text = previous.text_content().strip()
    return text if len(text) <= MAX_LABEL_CHARS and not re.search(r"\d", text) else ""


def _machine_text(node: HtmlElement) -> str:
    stated = node.get("content") or node.get("datetime") or (node.get("title") if node.tag == "abbr" else "")
    return (stated or " ".join(node.text_content().split()))[:160]


def _names_of(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemprop') or ''}"


def _is_other(node: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Whether a date is that of an update, a comment, an event, another article or the site's head."""
    if not is_in_own_scope(node) or _OTHER_PROPERTY.search(node.get("itemprop") or ""):
        return True
    for above in (node, *node.iterancestors()):
        if above in around:
            return False
        if above.tag in ("aside", "footer", "nav", "header") or _OTHER_TOKEN.search(_names_of(above)):
            return True
        if above.tag == "li" and _is_of_a_list(above):
            return True
    return False


def _is_marked_update(node: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Whether a class on a date or above it, below the headline's own ancestors, names an update and no publication."""
    for above in (node, *node.iterancestors()):
        if above in around:
            return False
        if _UPDATE_TOKEN.search(names := _names_of(above)):
            return _PUBLICATION_TOKEN.search(names) is None
    return False


def _is_of_a_list(item: HtmlElement) -> bool:
    """Whether an item is of a list of articles, and not of the few facts under a headline."""
    whole = item.getparent()
    if whole is None:
        return True
    texts = whole.xpath(".//text()[not(parent::script or parent::style)]")
    return len(" ".join(" ".join(texts).split())) > 2 * MAX_BYLINE_CHARS


def _is_in_list(node: HtmlElement) -> bool:
    return any(above.tag == "aside" or (above.tag == "li" and _is_of_a_list(above)) for above in islice(node.iterancestors(), 8))


def _shares_scope(node: HtmlElement, heading: HtmlElement, document: PageDocument) -> bool:
    """Whether the nearest scope around a machine's date holds the headline too."""
    scope = next((above for above in node.iterancestors() if above.get("itemscope") is not None), None)
    return scope is None or any(one.text_content() == heading.text_content() for one in scope.iter(heading.tag))
