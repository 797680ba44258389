"""The readers' languages: wording, plurals, numbers, dates, countries and order, in the script each reader asked for.

One file a language in `wording/`; Serbian in Cyrillic is made from Serbian in Latin by rule. Babel gives plural rules,
numbers and names of months and days; a wording file overrides what Babel has in a form that is wrong in print.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.plural import PluralRule

from tracker.model import LANGUAGES

KOSOVO_NOTES = ("eu", "un")
"""Campaign settings that put an asterisk after the name of Kosovo and a note below."""

_NAMES_FROM: Mapping[str, str] = {"sr-Cyrl": "sr-Latn", "bs": "sr-Latn", "hr": "sr-Latn", "cnr": "sr-Latn"}
_WORDING = Path(__file__).parent
_BABEL_CYRILLIC = "sr_Cyrl"
_HBS = "a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž"
_ALPHABETS = {
    "sq": "a b c ç d dh e ë f g gj h i j k l ll m n nj o p q r rr s sh t th u v x xh y z zh",
    "sr-Latn": _HBS,
    "bs": _HBS,
    "hr": _HBS,
    "cnr": _HBS.replace("s š", "s š ś").replace("z ž", "z ž ź"),
    "sr-Cyrl": "а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш",
    "mk": "а б в г д ѓ е ж з ѕ и ј к л љ м н њ о п р с т ќ у ф х ц ч џ ш",
    "en": "",
}


KEPT_NUMBERS = 1024
"""Numbers kept as a language writes them: an edition prints the same small ones again and again."""

KEPT_NAMES = 2048
"""Names kept with their place in the alphabet: lists of outlets are sorted again for every page."""


class Wording:
    """What we say to readers of one language. Ask `wording` for it."""

    def __init__(self, language: str, table: Mapping[str, Any], babel: str) -> None:
        self.language = language
        self.quotes: tuple[str, str] = tuple(table["quotes"])
        self._locale = locale = Locale.parse(babel)
        self._plural = PluralRule(table["plurals"])
        self._number = lru_cache(maxsize=KEPT_NUMBERS)(lambda value: str(format_decimal(value, locale=locale)))
        self._sentences: Mapping[str, str | Mapping[str, str]] = table["sentences"]
        self._countries: Mapping[str, str] = table["countries"]
        self._languages: Mapping[str, str] = table["languages"]
        self._troubles: Mapping[str, str] = table["troubles"]
        self._dates: Mapping[str, Any] = table["dates"]
        self._letters = {letter: rank for rank, letter in enumerate(_ALPHABETS[language].split())}
        self._sort_key = lru_cache(maxsize=KEPT_NAMES)(self._made_sort_key)

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        """A fixed sentence with its values, in the form that the number `n` asks for. Numbers are printed as the language writes them."""
        sentence = self._sentences[key]
        if not isinstance(sentence, str):
            sentence = self.form_of(sentence, n or 0)
        shown = {"n": n, **values}
        return sentence.format(**{name: self.number(value) if isinstance(value, int) else value for name, value in shown.items()})

    def form_of(self, forms: Mapping[str, str], n: int) -> str:
        """Of a sentence's forms the one that the number asks for."""
        return forms[self._plural(abs(n))]

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._sentences

    def count(self, noun: str, n: int) -> str:
        """A number and its noun: `5 objava`, `21 publikime`."""
        return f"{self.number(n)} {self.say(noun, n)}"

    def number(self, value: int) -> str:
        """The number with the language's signs between thousands."""
        whole = int(value)
        return str(whole) if 0 <= whole < 1000 else self._number(whole)  # a night's few numbers need no table of the language

    def percent(self, share: float) -> str:
        """A share from 0 to 1 in whole per cent; one that would round to nothing is said to be below one."""
        shown = str(format_percent(max(share, 0.01) if share > 0 else 0, locale=self._locale))
        return f"<{shown}" if 0 < share < 0.005 else shown

    def list_of(self, names: Sequence[str]) -> str:
        """The names in one line, the last two joined by the language's `and`."""
        return str(format_list(list(names), locale=self._locale))

    def name_in(self, names: Iterable[tuple[str, str]], default: str = "", *, keep: Iterable[str] = ()) -> str:
        """Of (language, text) pairs of a campaign file, the one for these readers.

        Serbian in Cyrillic is made from Serbian in Latin; Bosnian, Croatian and Montenegrin readers get the Serbian text where none
        is theirs; `keep` are names that stay in Latin. After that comes `default`, and where it is empty the English text or the first there is.
        """
        given = dict(names)
        if own := given.get(self.language):
            return own
        if near := given.get(_NAMES_FROM.get(self.language, "")):
            if self.language != "sr-Cyrl":
                return near
            from tracker.locale.cyrillic import to_cyrillic

            return to_cyrillic(near, keep=keep)
        return default or given.get("en") or next(iter(given.values()), "")

    def quote(self, text: str) -> str:
        """The text between the language's quotation marks."""
        return f"{self.quotes[0]}{text}{self.quotes[1]}"

    def country(self, code: str, kosovo_note: str = "none") -> str:
        """The country's name; that of Kosovo with an asterisk where the campaign prints a note. An unknown code stays as it is."""
        name = self._countries.get(code, code)
        return f"{name}*" if code == "XK" and kosovo_note in KOSOVO_NOTES else name

    def kosovo_note(self, kind: str) -> str:
        """The note that the asterisk points to; empty for a campaign without one."""
        return self.say(f"kosovo_{kind}") if kind in KOSOVO_NOTES else ""

    def language_name(self, code: str) -> str:
        """An article's language as these readers call it."""
        return self._languages.get(code) or code or self._languages["unknown"]

    def knows_language(self, code: str) -> bool:
        """Whether these readers have a name for the language."""
        return code in self._languages

    def trouble(self, outcome: str) -> str:
        """Why a source was not followed, by a FetchOutcome's value, `silent`, `lost` or `outrun`."""
        return self._troubles.get(outcome) or self._troubles["failed"]

    def kind(self, kind: str) -> str:
        """What sort of outlet it is: `kind_daily`; any other word is `kind_other`."""
        sentence = self._sentences.get(f"kind_{kind}")
        return sentence if isinstance(sentence, str) else self.say("kind_other")

    def leading(self, kind: str) -> str:
        """The same of a leading outlet: `leading_daily`, in the gender that the noun asks for; any other word is `leading_other`."""
        sentence = self._sentences.get(f"leading_{kind}")
        return sentence if isinstance(sentence, str) else self.say("leading_other")

    def iso_day(self, text: str) -> str:
        """A day that was typed as 2026-11-23, as the language writes it; any other text as it is."""
        try:
            return self.day(date.fromisoformat(text))
        except ValueError:
            return text

    def month(self, number: int) -> str:
        """The month as it stands after a day: `juna`, `lipnja`, `qershor`."""
        return str(self._dates["months"][number - 1])

    def weekday(self, day: date) -> str:
        """The day of the week, for the start of a date."""
        return str(self._dates["weekdays"][day.weekday()])

    def day(self, day: date) -> str:
        """A date: `22. juna 2026.`, `22 qershor 2026`."""
        return str(self._dates["day"].format(day=day.day, month=self.month(day.month), year=day.year))

    def month_year(self, day: date) -> str:
        """The month of a day as a heading names it: `oktobar 2024.`, `listopad 2024.`, `tetor 2024`."""
        return str(self._dates["month_year"].format(month=self._locale.months["stand-alone"]["wide"][day.month], year=day.year))

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """A date and time of the zone, as CET or CEST."""
        local = moment.astimezone(zone)
        return str(self._dates["moment"].format(date=self.day(local.date()), time=f"{local:%H:%M}", zone=local.tzname()))

    def period(self, first: date, last: date) -> str:
        """Days from first to last, saying once what they share."""
        if first == last:
            return self.day(first)
        if first.year != last.year:
            return f"{self.day(first)} – {self.day(last)}"
        pattern = self._dates["within_month" if first.month == last.month else "within_year"]
        return str(
            pattern.format(
                first=first.day, first_month=self.month(first.month), last=last.day, month=self.month(last.month), year=last.year
            )
        )

    def sort_key(self, text: str) -> tuple[tuple[int, str], ...]:
        """Orders text by the language's alphabet, where letters such as č, ë, dh and nj stand in places of their own."""
        return self._sort_key(text)

    def _made_sort_key(self, text: str) -> tuple[tuple[int, str], ...]:
        folded, at, key = text.casefold(), 0, []
        while at < len(folded):
            width = 2 if folded[at : at + 2] in self._letters else 1
            letter = folded[at : at + width]
            key.append((self._letters.get(letter, -1 if not letter.isalpha() else len(self._letters)), letter))
            at += width
        return tuple(key)


def language_shown(given: Collection[str], language: str) -> str:
    """In which of the languages that a text is given in readers see it, as `Wording.name_in` chooses; their own where it is made of a near one."""
    if language in given or _NAMES_FROM.get(language) in given:
        return language
    return "en" if "en" in given else next(iter(given), language)


@lru_cache(maxsize=len(LANGUAGES))
def wording(language: str) -> Wording:
    """The wording of one of `LANGUAGES`. Raises KeyError for any other."""
    if language not in LANGUAGES:
        raise KeyError(language)
    cyrillic = language == "sr-Cyrl"
    return _made(language, tomllib.loads((_WORDING / f"{'sr-Latn' if cyrillic else language}.toml").read_text("utf-8")))


@lru_cache(maxsize=len(LANGUAGES))
def desk_wording(language: str) -> Wording:
    """The wording of the review desk: what editions say and, beside it, the files of the language's folder in `review/`. Raises
    KeyError for no language of ours."""
    return _with_parts(language, "review")


@lru_cache(maxsize=len(LANGUAGES))
def notice_wording(language: str) -> Wording:
    """The wording of what staff and the operator are told at once: what editions say and, beside it, the language's file in `notices/`.
    Raises KeyError for no language of ours."""
    return _with_parts(language, "notices")


def _with_parts(language: str, folder: str) -> Wording:
    if language not in LANGUAGES:
        raise KeyError(language)
    cyrillic = language == "sr-Cyrl"
    name = "sr-Latn" if cyrillic else language
    table = tomllib.loads((_WORDING / f"{name}.toml").read_text("utf-8"))
    parts = _WORDING / folder
    for path in [*sorted((parts / name).glob("*.toml")), *sorted(parts.glob(f"{name}.toml"))]:
        table["sentences"] |= tomllib.loads(path.read_text("utf-8"))
    return _made(language, table)


def _made(language: str, table: Mapping[str, Any]) -> Wording:
    """Serbian in Cyrillic from the table of Serbian in Latin."""
    if language != "sr-Cyrl":
        return Wording(language, table, table["babel"])
    return Wording(language, {**_in_cyrillic(table), "plurals": table["plurals"]}, _BABEL_CYRILLIC)


def _in_cyrillic(value: Any) -> Any:
    from tracker.locale.cyrillic import to_cyrillic  # with its expressions, for the readers who need them

    if isinstance(value, str):
        return to_cyrillic(value)
    if isinstance(value, list):
        return [_in_cyrillic(item) for item in value]
    return {key: _in_cyrillic(item) for key, item in value.items()}
