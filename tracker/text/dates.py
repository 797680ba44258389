"""Dates and times as people write them: ISO, RFC 822, and the region's own ways in Albanian, Bosnian, Croatian, Macedonian,
Montenegrin, Serbian (both scripts, any case) and the languages of its minorities.

A time without a zone is local time of the outlet; a date without a time stays a day; what lies in the future or before 1990
is no publication date and comes out as None. Of several dates in one text the one with a label of publication counts, then
one without a label; that of an update only where nothing else stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import IntEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.model import Precision, Published
from tracker.text.date_words import FOLDS, LONGEST_ENDING, MONTH_OF_SHORT, MONTH_OF_STEM, NAMED_DAYS, NUMBER_WORDS, OFFSETS, RELATIVE, UNITS

EARLIEST_YEAR = 1990
"""No outlet of the register published on the web before; an older year is a mistake or a memory."""
AHEAD = timedelta(days=1)  # clocks and zones of outlets are off by hours, not by days
MAX_CHARS = 160
"""The longest written date of the corpus has under 80 characters; what is longer is a text."""

_ZONES = {
    "AL": "Europe/Tirane",
    "BA": "Europe/Sarajevo",
    "XK": "Europe/Belgrade",
    "ME": "Europe/Podgorica",
    "MK": "Europe/Skopje",
    "RS": "Europe/Belgrade",
    "XB": "Europe/Belgrade",
}
_NAMED_ZONE = r"[a-z]{2,12}/[a-z_]{2,20}(?:/[a-z_]{2,20})?"
_OFFSET = rf"(?P<offset>(?:utc|gmt)?\s?[+-]\d{{1,2}}(?::?\d{{2}})?|\b(?:{'|'.join(OFFSETS)})\b|\[?{_NAMED_ZONE}\]?)"
_ISO = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.]?)(?P<m>\d{2})(?P=sep)(?P<d>\d{2})"
    r"(?:(?:[T ]|\s+)(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?\s*"
    rf"(?P<offset>Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}}|[+-]\d{{2}}|\[?{_NAMED_ZONE}\]?)?(?:\s*\[{_NAMED_ZONE}\])?)?$",
    re.I,
)
_NAME = r"(?P<name>[a-z]{3,14})\b"
_DAY_NAME = rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|-?og|-?ti)?[\s.,/-]*(?:of |de |i )?{_NAME}"
_CLOCK_WITHIN = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?\s*(?:[a-z]{1,5}\b|(?:gmt|utc)?[+-]\d{2}:?\d{2})?)"
_DATES = (
    re.compile(
        r"(?<!\d)(?P<d>\d{1,2})\s*(?P<sep>[-./])\s*(?P<m>\d{1,2})\s*(?:[-./]\s*(?P<y>\d{4})|(?P=sep)\s*(?:['’‘`´]\s?)?(?P<yy>\d{2}))(?![\d:])(?![./-]\d)\.?"
    ),
    re.compile(rf"\b{_NAME}[\s.,-]+(?P<d>\d{{1,2}})\s+{_CLOCK_WITHIN}\s*(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})[\s.-]*{_NAME}[\s.,-]+{_CLOCK_WITHIN}\s*(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"{_DAY_NAME}[\s.,/-]*(?P<y>\d{{4}}|['’‘`´]?\d{{2}}(?![\d:.]))(?!\d)\.?"),
    re.compile(rf"(?<!\d)(?P<y>\d{{4}})[\s.,-]*{_NAME}[\s.,-]*(?P<d>\d{{1,2}})(?!\d)\.?"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s*[-./]\s*(?P<m>\d{1,2})\s*[-./]\s*(?P<d>\d{1,2})(?!\d)\.?"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日"),
    re.compile(rf"\b{_NAME}[\s.,-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)[\s.,-]+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"{_DAY_NAME}(?P<y>(?!))?"),
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?![\d:])")
MAX_APART = 20
"""Characters after a day and month within which their year stands: "4 de mayo de 2022", "13 март, понеделник, 2024"."""

_RFC_822 = re.compile(
    r"(?:[a-z]{2,10},?\s+)?(?P<d>\d{1,2})\s+(?P<name>[a-z]{3,14})\s+(?P<y>\d{4})(?P<time>\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[a-z]{1,4}|[+-]\d{4}))?)?"
)
"""What nearly all feeds write: one date, read without a look at labels."""
_HALF_OF_DAY = re.compile(r"\d\s?(?:am|pm|a\.m|p\.m)\b")
"""English clock time, by which the month stands first where the parts are parted by a stroke or a hyphen."""

_PUBLICATION = re.compile(
    r"\b(?:publi[cks]|objav|postuar|posted|postovan|postiran|postav|botuar|botim|shpallur|shtuar|krijuar|kreiran|created|issued|released|"
    r"izdat|izdan|dodat|dodan|dobav|veroffentl|yayin|eklen|megjelen|kozze|pubblic|publicat)\w*"
)
_UPDATE = re.compile(
    r"\b(?:updat|modif|edited|edituar|editovan|revis|revid|amended|corrected|changed|perditesu|perditesi|azhurn|ndryshu|ndryshi|rifresk|"
    r"freskuar|azurir|osvjez|osvez|izmen|izmjen|izmijen|promen|promijen|dopun|nadopun|dopoln|nadopoln|posodob|spremen|sprememb|obnov|"
    r"aktualiz|aktualis|actualiz|redaktir|guncel|duzenle|frissit|modosit|aggiorn|geandert)\w*"
)
"""Stems of the labels that pages of the region and its neighbours set beside their dates, folded (seen on outlets' pages and in the
interface texts of the publishing systems they use)."""

_AFTER_CLOCK = (
    r"(?:[.,]\d+)?\s*(?:(?P<half>am|pm|a\.m|p\.m|pd|md|paradite|pasdite)\b)?\.?\s*(?:h|sati|casova|cas[ao]t?)?"
    rf"\s*\(?{_OFFSET}?"
)
_TIME = re.compile(rf"(?<![\d.:+-])(?P<hour>\d{{1,2}})\s?[:h]\s?(?P<minute>\d{{2}})(?!\d)(?::(?P<second>\d{{2}}))?{_AFTER_CLOCK}")
_DOTTED_TIME = re.compile(rf"(?<![\d.:+-])(?P<hour>\d{{1,2}})\s?\.\s?(?P<minute>\d{{2}})(?!\d)(?!\.\s*\d)(?P<second>(?!))?{_AFTER_CLOCK}")
_HOUR_ONLY = re.compile(rf"(?<![\d.:/+-])(?P<hour>\d{{1,2}})(?P<minute>)(?P<second>(?!))?\s?(?P<half>am|pm)\b\.?\s*\(?{_OFFSET}?")


def zone_of(country: str) -> str:
    """The IANA zone of one of the six countries or of XB; UTC for any other."""
    return _ZONES.get(country, "UTC")


class DateLabel(IntEnum):
    """What a text says a date is of. Ordered by how well it serves as the date of publication."""

    PUBLICATION = 0
    NONE = 1
    UPDATE = 2


class StatedDate(Struct, frozen=True):
    """A date as a text states it, and by which label."""

    published: Published
    label: DateLabel


class _Place(Struct, frozen=True):
    """Where a date stands in a folded text; `clock` is the time of day that stands within the date itself."""

    start: int
    end: int
    day: date
    clock: str = ""


def parse_moment(text: str, *, zone: str, now: datetime) -> Published | None:
    """When `text` says something was published; None when it says nothing believable. `now` anchors relative and yearless dates."""
    stated = parse_stated(text, zone=zone, now=now)
    return stated.published if stated else None


def parse_stated(text: str, *, zone: str, now: datetime) -> StatedDate | None:
    """The same with the label of the date: an update's is given only where the text has no other date."""
    text = text.strip()
    if not text or len(text) > MAX_CHARS:
        return None
    try:
        found = _read(text, _zone(zone), now)
    except (ValueError, OverflowError):
        return None
    return found if found and found.published.at.year >= EARLIEST_YEAR and found.published.at <= now + AHEAD else None


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return UTC


def label_of(text: str) -> DateLabel:
    """What a text that stands beside a date says it is of: the last label counts."""
    folded = _fold(text[-MAX_CHARS:])
    publication = max((found.start() for found in _PUBLICATION.finditer(folded)), default=-1)
    update = max((found.start() for found in _UPDATE.finditer(folded)), default=-1)
    if publication == update:
        return DateLabel.NONE
    return DateLabel.PUBLICATION if publication > update else DateLabel.UPDATE


def _read(text: str, local: tzinfo, now: datetime) -> StatedDate | None:
    if iso := _ISO.match(text):
        return StatedDate(_published(date(int(iso["y"]), int(iso["m"]), int(iso["d"])), iso, local), DateLabel.NONE)
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return StatedDate(Published(datetime.fromtimestamp(int(text[:10]), UTC)), DateLabel.NONE)
    folded = _fold(text)
    if (plain := _RFC_822.fullmatch(folded)) and (day := _day(plain, now, month_first=False)):
        return StatedDate(_published(day, _TIME.search(plain["time"] or ""), local), DateLabel.NONE)
    places = _places(folded, now.astimezone(local))
    labels = sorted(
        [(found.start(), found.end(), DateLabel.PUBLICATION) for found in _PUBLICATION.finditer(folded)]
        + [(found.start(), found.end(), DateLabel.UPDATE) for found in _UPDATE.finditer(folded)]
    )
    if not places:
        relative = _relative(folded, local, now)
        return StatedDate(relative, min((label for _, _, label in labels), default=DateLabel.NONE)) if relative else None
    number, label = _publication_of(folded, places, labels)
    return StatedDate(_published(places[number].day, _clock_of(folded, places, labels, number), local), label)


def _places(folded: str, today: datetime) -> list[_Place]:
    """The dates of a text in its order. Where two readings overlap, the more explicit pattern wins."""
    month_first = _HALF_OF_DAY.search(folded) is not None
    places: list[_Place] = []
    for pattern in _DATES:
        for found in _searched(pattern, folded):
            if any(found.start() < place.end and place.start < found.end() for place in places):
                continue
            if (day := _day(found, today, month_first)) is not None:
                places.append(_Place(found.start(), found.end(), day, found.groupdict().get("clock") or ""))
    return sorted(places, key=lambda place: place.start)


def _searched(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches from every start, overlapping ones too: "10.30 - 21" must not hide "21.12.2024". Texts have at most MAX_CHARS."""
    found = pattern.search(text)
    while found:
        yield found
        found = pattern.search(text, found.start() + 1)


def _publication_of(folded: str, places: list[_Place], labels: list[tuple[int, int, DateLabel]]) -> tuple[int, DateLabel]:
    """Which date is that of publication, and its label: labels stand before their dates, or all behind them."""
    behind = _stand_behind(folded, places, labels)
    named: list[tuple[DateLabel, date, int]] = []
    for number, place in enumerate(places):
        start, end = (place.end, _start_of(places, number + 1)) if behind else (_end_of(places, number - 1), place.start)
        label = min((kind for at, _, kind in labels if start <= at < end), default=DateLabel.NONE)
        named.append((label, place.day if label is DateLabel.UPDATE else date.min, number))
    label, _, number = min(named)
    return number, label


def _stand_behind(folded: str, places: list[_Place], labels: list[tuple[int, int, DateLabel]]) -> bool:
    """Whether labels follow their dates: the first stands behind the first date, and no number behind the last label."""
    return bool(labels) and labels[0][0] > places[0].start and not re.search(r"\d", folded[labels[-1][1] :])


def _clock_of(folded: str, places: list[_Place], labels: list[tuple[int, int, DateLabel]], number: int) -> re.Match[str] | None:
    """The time of day that belongs to one of the dates: never one beyond a label or another date."""
    place = places[number]
    if place.clock:
        return _time_in(place.clock)
    start, end = _end_of(places, number - 1), _start_of(places, number + 1)
    if not _stand_behind(folded, places, labels):
        start = max([start, *(stop for _, stop, _ in labels if stop <= place.start)])
        end = min([end, *(at for at, _, _ in labels if at >= place.end)])
    before, after = folded[start : place.start], folded[place.end : end]
    if len(places) > 1 and number and _time_in(folded[places[-1].end :]):
        before = ""  # clock times follow their dates, so what stands before belongs to the date before
    elif len(places) > 1 and number == 0 and _time_in(before):
        after = ""
    return _time_in(f"{before} | {after}")


def _time_in(text: str) -> re.Match[str] | None:
    return _TIME.search(text) or _DOTTED_TIME.search(text) or _HOUR_ONLY.search(text)


def _end_of(places: list[_Place], number: int) -> int:
    return places[number].end if number >= 0 else 0


def _start_of(places: list[_Place], number: int) -> int:
    return places[number].start if number < len(places) else MAX_CHARS + 1


@lru_cache(maxsize=1024)
def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().translate(FOLDS))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(FOLDS)


def _day(found: re.Match[str], today: datetime, month_first: bool) -> date | None:
    parts = found.groupdict()
    month = _month(parts["name"]) if parts.get("name") else int(parts["m"])
    day = int(parts["d"])
    year = parts["y"] or parts.get("yy")
    if year is None and (apart := _YEAR.search(found.string, found.end(), found.end() + MAX_APART)):
        year = apart[0]
    if not month:
        return None
    swapped = month_first and parts.get("sep") in ("/", "-") and day <= 12
    if swapped or (month > 12 >= day and parts["y"] and len(parts["y"]) == 4 and "m" in parts):
        day, month = month, day
    try:
        if year is None:
            this_year = date(today.year, month, day)
            return this_year if this_year <= (today + AHEAD).date() else date(today.year - 1, month, day)
        return date(_year(year), month, day)
    except ValueError:
        return None


def _year(digits: str) -> int:
    digits = digits.lstrip("'’‘`´")
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (2000 if number < 69 else 1900)


def _month(name: str) -> int:
    if short := MONTH_OF_SHORT.get(name):
        return short
    for length in range(len(name), max(2, len(name) - LONGEST_ENDING - 1), -1):
        if found := MONTH_OF_STEM.get(name[:length]):
            return found
    return 0


def _published(day: date, time: re.Match[str] | None, local: tzinfo) -> Published:
    parts = time.groupdict() if time is not None else {}
    clock = (int(parts["hour"]), int(parts["minute"] or 0)) if parts.get("hour") else (25, 0)
    if clock > (24, 0) or clock[1] > 59:
        return Published(_fixed(datetime(day.year, day.month, day.day, tzinfo=local)), Precision.DAY)
    (hour, minute), second = clock, min(int(parts["second"] or 0), 59)
    half = (parts.get("half") or "").replace(".", "")
    if half in ("pm", "md", "pasdite") and hour < 12:
        hour += 12
    elif half in ("am", "pd", "paradite") and hour == 12:
        hour = 0
    zone = _offset(parts["offset"], local) if parts["offset"] else local
    at = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour, minutes=minute, seconds=second)
    return Published(_fixed(at))


def _offset(text: str, local: tzinfo) -> tzinfo:
    text = text.lower().strip("[]")
    if "/" in text:
        return _named_zone(text) or local
    if text in OFFSETS:
        return timezone(timedelta(hours=OFFSETS[text]))
    sign, digits = re.sub(r"^(?:utc|gmt)\s?", "", text)[:1], re.sub(r"\D", "", text)
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    return timezone((-1 if sign == "-" else 1) * timedelta(hours=hours, minutes=minutes))


@lru_cache(maxsize=64)
def _named_zone(folded: str) -> tzinfo | None:
    """The IANA zone of a name in small letters, such as europe/belgrade; None for a name that is none."""
    try:
        return ZoneInfo("/".join("_".join(word.capitalize() for word in part.split("_")) for part in folded.split("/")))
    except (OSError, ValueError, KeyError):
        return None


def _fixed(at: datetime) -> datetime:
    """The same moment with its offset as a plain number: a record must not depend on a zone file."""
    offset = at.utcoffset() or timedelta(0)
    return at.replace(tzinfo=timezone(offset) if offset else UTC)


def _relative(folded: str, local: tzinfo, now: datetime) -> Published | None:
    here = now.astimezone(local)
    for pattern in RELATIVE:
        if found := pattern.search(folded):
            count = found["n"] or "1"
            number = int(count) if count.isdigit() else NUMBER_WORDS.get(count, 0)
            unit = next(length for names, length in UNITS if found["unit"].startswith(names))
            if number:
                at = _fixed((now - number * unit).astimezone(local).replace(microsecond=0))
                return Published(at) if unit < timedelta(days=1) else _published(at.date(), None, local)
    if found := NAMED_DAYS.search(folded):
        day = here.date() - timedelta(days=0 if found["today"] else 1)
        return _published(day, _time_in(folded), local)
    return None
