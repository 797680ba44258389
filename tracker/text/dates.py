"""Dates and times as people write them: ISO, RFC 822, and the region's own ways in Albanian, Bosnian, Croatian, Macedonian,
Montenegrin, Serbian (both scripts, any case) and the languages of its minorities.

A time without a zone is local time of the outlet; a date without a time stays a day; what lies in the future or before 1990
is no publication date and comes out as None.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker.model import Precision, Published

EARLIEST_YEAR = 1990
AHEAD = timedelta(days=1)  # clocks and zones of outlets are off by hours, not by days
MAX_CHARS = 160

_ZONES = {
    "AL": "Europe/Tirane",
    "BA": "Europe/Sarajevo",
    "XK": "Europe/Belgrade",
    "ME": "Europe/Podgorica",
    "MK": "Europe/Skopje",
    "RS": "Europe/Belgrade",
    "XB": "Europe/Belgrade",
}
_STEMS = (
    "januar janar sijec enero ocak",
    "februar fevruar febru shkurt veljac subat",
    "mart mars march ozuj marc",
    "april prill travanj travnj apr nisan",
    "maj may svibanj svibnj",
    "jun qershor lipanj lipnj haziran",
    "jul korrik srpanj srpnj temmuz",
    "avgust august gusht kolovoz agustos",
    "septem shtator rujan rujn szeptem eylul",
    "oktob oktomvr octob tetor listopad ekim",
    "novem noemvr nentor nendor studen kasim",
    "decem dekem dhjetor dhetor prosin aralik",
)
_SHORT = (
    "jan sij",
    "feb fev shk velj vel",
    "mar ozu",
    "apr pri tra",
    "maj may svi",
    "jun qer qersh lip",
    "jul kor korr srp",
    "avg aug gus gush gsh kol",
    "sep sept sht shta ruj",
    "okt oct tet lis",
    "nov noe nen stu",
    "dec dek dhj dhje pro",
)
_MONTH_OF_SHORT = {name: number for number, names in enumerate(_SHORT, 1) for name in names.split()}
_MONTH_OF_STEM = {name: number for number, names in enumerate(_STEMS, 1) for name in names.split()}
_LONGEST_ENDING = 5  # "korrik" + "ut", "septem" + "bra", "august" + "us"

_CYRILLIC = dict(zip("абвгдежзијклмнопрстћуфхцчшђѓќйыэ", "abvgdezzijklmnoprstcufhccsdgkjie", strict=True)) | {
    "љ": "lj", "њ": "nj", "џ": "dz", "ѕ": "dz", "щ": "st", "ъ": "", "ь": "", "ю": "ju", "я": "ja", "ё": "e",
}  # fmt: skip
_FOLDS = str.maketrans(_CYRILLIC | {"đ": "d", "ł": "l", "ı": "i", "\u00a0": " ", "\u202f": " ", "–": "-", "—": "-", "−": "-"})

_OFFSETS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "cet": 1, "cest": 2, "met": 1, "mest": 2, "bst": 1, "west": 1, "eet": 2, "eest": 3,
    "msk": 3, "trt": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_OFFSET = rf"(?P<offset>(?:utc|gmt)?\s?[+-]\d{{1,2}}(?::?\d{{2}})?|\b(?:{'|'.join(_OFFSETS)})\b)"
_ISO = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.]?)(?P<m>\d{2})(?P=sep)(?P<d>\d{2})"
    r"(?:(?:[T ]|\s+)(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?\s*"
    r"(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$",
    re.I,
)
_NAME = r"(?P<name>[a-z]{3,14})\b"
_DAY_NAME = rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|-?og|-?ti)?[\s.,/-]*(?:of |de |i )?{_NAME}"
_DATES = (
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s*[-./]\s*(?P<m>\d{1,2})\s*[-./]\s*(?P<y>\d{4}|\d{2})(?![\d:])\.?"),
    re.compile(rf"{_DAY_NAME}[\s.,/-]*(?P<y>\d{{4}}|\d{{2}}(?![\d:.]))(?!\d)\.?"),
    re.compile(rf"(?<!\d)(?P<y>\d{{4}})[\s.,-]*{_NAME}[\s.,-]*(?P<d>\d{{1,2}})(?!\d)\.?"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s*[-./]\s*(?P<m>\d{1,2})\s*[-./]\s*(?P<d>\d{1,2})(?!\d)\.?"),
    re.compile(rf"\b{_NAME}[\s.,-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)[\s.,-]+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"{_DAY_NAME}(?P<y>(?!))?"),
)
_TIME = re.compile(
    r"(?<![\d.:+-])(?P<hour>\d{1,2})\s?[:.h]\s?(?P<minute>\d{2})(?!\d)(?::(?P<second>\d{2}))?(?:[.,]\d+)?"
    rf"\s*(?P<half>am|pm|a\.m|p\.m|pd|md|paradite|pasdite)?\b\.?\s*(?:h|sati|casova|cas[ao]t?)?\s*\(?{_OFFSET}?"
)
_NUMBER_WORDS = {
    "jedan": 1,
    "jednog": 1,
    "jedne": 1,
    "jednu": 1,
    "nje": 1,
    "eden": 1,
    "edna": 1,
    "edno": 1,
    "an": 1,
    "a": 1,
    "dva": 2,
    "dvije": 2,
    "dve": 2,
    "dy": 2,
}
_UNIT = (
    r"(?P<unit>sek\w*|sec\w*|min\w*|sat\w*|h|ore\w*|cas\w*|hour\w*|dan\w*|dit\w*|den\w*|day\w*|"
    r"sedmic\w*|nedjelj\w*|nedelj\w*|nedel\w*|tjed\w*|jav\w*|week\w*|mjesec\w*|mesec\w*|muaj\w*|month\w*)"
)
_RELATIVE = (
    re.compile(rf"\b(?:prije|pre|para|pred)\s+(?:oko\s+)?(?P<n>\d{{1,3}}|[a-z]+)?\s*{_UNIT}\b"),
    re.compile(rf"\b(?P<n>\d{{1,3}}|an?|nje|dy)\s*{_UNIT}\s+(?:ago|me pare)\b"),
)
_UNITS = (
    (("sek", "sec"), timedelta(seconds=1)),
    (("min",), timedelta(minutes=1)),
    (("sat", "ore", "cas", "hour", "h"), timedelta(hours=1)),
    (("dan", "dit", "den", "day"), timedelta(days=1)),
    (("sedmic", "ned", "tjed", "jav", "week"), timedelta(days=7)),
    (("mjesec", "mesec", "muaj", "month"), timedelta(days=30)),
)
_NAMED_DAYS = re.compile(r"\b(?:(?P<today>danas|sot|denes|deneska|today|bugun)|(?P<yesterday>jucer?|dje|vcera|yesterday|dun))\b")


def zone_of(country: str) -> str:
    """The IANA zone of one of the six countries or of XB; UTC for any other."""
    return _ZONES.get(country, "UTC")


def parse_moment(text: str, *, zone: str, now: datetime) -> Published | None:
    """When `text` says something was published; None when it says nothing believable. `now` anchors relative and yearless dates."""
    text = text.strip()
    if not text or len(text) > MAX_CHARS:
        return None
    local = _zone(zone)
    try:
        return _within(_read(text, local, now), now)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return UTC


def _within(found: Published | None, now: datetime) -> Published | None:
    if found is None or found.at.year < EARLIEST_YEAR or found.at > now + AHEAD:
        return None
    return found


def _read(text: str, local: tzinfo, now: datetime) -> Published | None:
    if iso := _ISO.match(text):
        return _published(date(int(iso["y"]), int(iso["m"]), int(iso["d"])), iso, local)
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return Published(datetime.fromtimestamp(int(text[:10]), UTC))
    folded = _fold(text)
    for pattern in _DATES:
        for found in pattern.finditer(folded):
            if (day := _day(found, now.astimezone(local))) is not None:
                rest = f"{folded[: found.start()]} | {folded[found.end() :]}"
                return _published(day, _TIME.search(rest), local)
    return _relative(folded, local, now)


@lru_cache(maxsize=1024)
def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_FOLDS))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_FOLDS)


def _day(found: re.Match[str], today: datetime) -> date | None:
    parts = found.groupdict()
    month = _month(parts["name"]) if parts.get("name") else int(parts["m"])
    day = int(parts["d"])
    if not month:
        return None
    if month > 12 >= day and parts["y"] and len(parts["y"]) == 4 and "m" in parts:
        day, month = month, day
    try:
        if parts["y"] is None:
            this_year = date(today.year, month, day)
            return this_year if this_year <= (today + AHEAD).date() else date(today.year - 1, month, day)
        return date(_year(parts["y"]), month, day)
    except ValueError:
        return None


def _year(digits: str) -> int:
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (2000 if number < 69 else 1900)


def _month(name: str) -> int:
    if short := _MONTH_OF_SHORT.get(name):
        return short
    for length in range(len(name), max(2, len(name) - _LONGEST_ENDING - 1), -1):
        if found := _MONTH_OF_STEM.get(name[:length]):
            return found
    return 0


def _published(day: date, time: re.Match[str] | None, local: tzinfo) -> Published:
    parts = time.groupdict() if time is not None else {}
    if not parts.get("hour") or int(parts["hour"]) > 24 or int(parts["minute"]) > 59:
        return Published(_fixed(datetime(day.year, day.month, day.day, tzinfo=local)), Precision.DAY)
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), min(int(parts["second"] or 0), 59)
    half = (parts.get("half") or "").replace(".", "")
    if half in ("pm", "md", "pasdite") and hour < 12:
        hour += 12
    elif half in ("am", "pd", "paradite") and hour == 12:
        hour = 0
    zone = _offset(parts["offset"]) if parts["offset"] else local
    at = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour, minutes=minute, seconds=second)
    return Published(_fixed(at))


def _offset(text: str) -> tzinfo:
    text = text.lower()
    if text in _OFFSETS:
        return timezone(timedelta(hours=_OFFSETS[text]))
    sign, digits = re.sub(r"^(?:utc|gmt)\s?", "", text)[:1], re.sub(r"\D", "", text)
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    return timezone((-1 if sign == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _fixed(at: datetime) -> datetime:
    """The same moment with its offset as a plain number: a record must not depend on a zone file."""
    offset = at.utcoffset() or timedelta(0)
    return at.replace(tzinfo=timezone(offset) if offset else UTC)


def _relative(folded: str, local: tzinfo, now: datetime) -> Published | None:
    here = now.astimezone(local)
    for pattern in _RELATIVE:
        if found := pattern.search(folded):
            count = found["n"] or "1"
            number = int(count) if count.isdigit() else _NUMBER_WORDS.get(count, 0)
            unit = next(length for names, length in _UNITS if found["unit"].startswith(names))
            if number:
                at = _fixed((now - number * unit).astimezone(local).replace(microsecond=0))
                return Published(at) if unit < timedelta(days=1) else _published(at.date(), None, local)
    if found := _NAMED_DAYS.search(folded):
        day = here.date() - timedelta(days=0 if found["today"] else 1)
        return _published(day, _TIME.search(folded), local)
    return None
