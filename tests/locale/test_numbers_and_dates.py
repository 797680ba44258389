"""Numbers, nouns that go with them, dates and times as each language prints them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.numbers import format_decimal

from tracker.locale.wording import wording
from tracker.model import LANGUAGES

TIRANE = ZoneInfo("Europe/Tirane")


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("sq", {0: "0 publikime", 1: "1 publikim", 2: "2 publikime", 5: "5 publikime", 21: "21 publikime"}),
        (
            "sr-Latn",
            {
                0: "0 objava",
                1: "1 objava",
                2: "2 objave",
                4: "4 objave",
                5: "5 objava",
                11: "11 objava",
                12: "12 objava",
                21: "21 objava",
                22: "22 objave",
                112: "112 objava",
            },
        ),
        ("sr-Cyrl", {1: "1 објава", 3: "3 објаве", 5: "5 објава", 21: "21 објава", 1322: "1.322 објаве"}),
        ("bs", {1: "1 objava", 2: "2 objave", 14: "14 objava"}),
        ("hr", {1: "1 objava", 2: "2 objave", 25: "25 objava"}),
        ("cnr", {1: "1 objava", 2: "2 objave", 25: "25 objava", 1320: "1.320 objava"}),
        ("mk", {1: "1 објава", 2: "2 објави", 11: "11 објави", 21: "21 објава", 111: "111 објави"}),
        ("en", {0: "0 items", 1: "1 item", 21: "21 items", 1320: "1,320 items"}),
    ],
)
def test_nouns_take_the_form_that_their_number_asks_for(language: str, forms: dict[int, str]) -> None:
    assert {n: wording(language).count("item", n) for n in forms} == forms


@pytest.mark.parametrize(
    ("language", "n", "sentence"),
    [
        ("sr-Latn", 1, "Odgovorio je 1 od 30 izvora."),
        ("sr-Latn", 22, "Odgovorila su 22 od 30 izvora."),
        ("sr-Latn", 25, "Odgovorilo je 25 od 30 izvora."),
        ("mk", 21, "Одговори 21 од 30 извори."),
        ("sq", 1, "U përgjigj 1 nga 30 burime."),
        ("en", 1, "1 of 30 sources answered."),
    ],
)
def test_a_whole_sentence_agrees_with_its_number(language: str, n: int, sentence: str) -> None:
    assert wording(language).say("answered", n, watched=30) == sentence


@pytest.mark.parametrize(
    ("language", "june", "august", "moment"),
    [
        ("sq", "22 qershor 2026", "gusht", "22 qershor 2026, ora 06:00 CEST"),
        ("sr-Latn", "22. juna 2026.", "avgusta", "22. juna 2026. u 06:00 CEST"),
        ("sr-Cyrl", "22. јуна 2026.", "августа", "22. јуна 2026. у 06:00 CEST"),
        ("bs", "22. juna 2026.", "augusta", "22. juna 2026. u 06:00 CEST"),
        ("hr", "22. lipnja 2026.", "kolovoza", "22. lipnja 2026. u 06:00 CEST"),
        ("cnr", "22. juna 2026.", "avgusta", "22. juna 2026. u 06:00 CEST"),
        ("mk", "22 јуни 2026", "август", "22 јуни 2026, 06:00 CEST"),
        ("en", "22 June 2026", "August", "22 June 2026, 06:00 CEST"),
    ],
)
def test_dates_stand_as_they_are_printed(language: str, june: str, august: str, moment: str) -> None:
    words = wording(language)
    assert words.day(date(2026, 6, 22)) == june
    assert words.month(8) == august
    assert words.moment(datetime(2026, 6, 22, 4, 0, tzinfo=UTC), TIRANE) == moment


@pytest.mark.parametrize(
    ("zone", "month", "printed"), [("Europe/Tirane", 7, "CEST"), ("Europe/Belgrade", 1, "CET"), ("Europe/Skopje", 7, "CEST")]
)
def test_times_say_cet_or_cest_and_never_the_name_of_a_zone(zone: str, month: int, printed: str) -> None:
    for language in LANGUAGES:
        assert wording(language).moment(datetime(2026, month, 2, 9, 5, tzinfo=UTC), ZoneInfo(zone)).endswith(f" {printed}")


@pytest.mark.parametrize(
    ("language", "one_month", "two_months", "two_years"),
    [
        ("sq", "16–22 qershor 2026", "30 maj – 2 gusht 2026", "28 dhjetor 2026 – 3 janar 2027"),
        ("sr-Latn", "16–22. juna 2026.", "30. maja – 2. avgusta 2026.", "28. decembra 2026. – 3. januara 2027."),
        ("hr", "16. – 22. lipnja 2026.", "30. svibnja – 2. kolovoza 2026.", "28. prosinca 2026. – 3. siječnja 2027."),
        ("mk", "16–22 јуни 2026", "30 мај – 2 август 2026", "28 декември 2026 – 3 јануари 2027"),
        ("en", "16–22 June 2026", "30 May – 2 August 2026", "28 December 2026 – 3 January 2027"),
    ],
)
def test_a_period_says_once_what_its_ends_share(language: str, one_month: str, two_months: str, two_years: str) -> None:
    words = wording(language)
    assert words.period(date(2026, 6, 16), date(2026, 6, 22)) == one_month
    assert words.period(date(2026, 5, 30), date(2026, 8, 2)) == two_months
    assert words.period(date(2026, 12, 28), date(2027, 1, 3)) == two_years
    assert words.period(date(2026, 6, 22), date(2026, 6, 22)) == words.day(date(2026, 6, 22))


BABEL = {"sq": "sq", "sr-Latn": "sr_Latn", "sr-Cyrl": "sr_Cyrl", "bs": "bs", "hr": "hr", "cnr": "sr_Latn_ME", "mk": "mk", "en": "en_GB"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_and_numbers_are_those_of_the_unicode_tables(language: str) -> None:
    locale, words = Locale.parse(BABEL[language]), wording(language)
    numbers = [*range(1300), 1_000_000, 21_000_021, -1, -999, -1000]
    forms = {form: form for form in ("one", "few", "other")}
    assert [words.form_of(forms, n) for n in numbers] == [locale.plural_form(abs(n)) for n in numbers]
    assert [words.number(n) for n in numbers] == [format_decimal(n, locale=locale) for n in numbers]


@pytest.mark.parametrize("language", ["sq", "hr", "mk", "en"])
def test_months_are_those_of_the_unicode_tables(language: str) -> None:
    """The others' stand in the genitive, which those tables lack."""
    wide = Locale.parse(BABEL[language]).months["format"]["wide"]
    assert [wording(language).month(n) for n in range(1, 13)] == [wide[n] for n in range(1, 13)]


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"cnr"}))
def test_days_of_the_week_are_those_of_the_unicode_tables(language: str) -> None:
    """The table of Montenegro has those of Serbia, which are written otherwise."""
    wide = Locale.parse(BABEL[language]).days["format"]["wide"]
    assert [wording(language).weekday(date(2026, 11, 23 + n)) for n in range(7)] == [wide[n] for n in range(7)]
