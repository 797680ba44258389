"""What we say to readers, in eight languages: complete, inflected, dated and ordered as print does it."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

import tracker.locale.wording
from tracker.locale.cyrillic import KEPT_LATIN
from tracker.locale.wording import wording
from tracker.model import LANGUAGES, EditionKind, FetchOutcome, Medium, Prominence, Tone
from tracker.register.catalog import shipped
from tracker.workspace import shipped_folder

FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in Path(tracker.locale.wording.__file__).parent.glob("*.toml")}
SAME_WORD = {"radio", "portal", "online", "neutral", "Link", "Period"}
"""Words that English and a language of the region have in common."""
TIRANE = ZoneInfo("Europe/Tirane")


def texts(table: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of a wording file with its place; the forms of a plural share one."""
    if isinstance(table, str):
        yield path, table
    elif isinstance(table, dict):
        for key, value in table.items():
            yield from texts(value, path if key in ("one", "few", "other") else (*path, key))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_has_a_file_and_every_file_a_language() -> None:
    assert {*LANGUAGES} == {*FILES} | {"sr-Cyrl"}


@pytest.mark.parametrize("language", sorted(FILES))
def test_no_translation_is_missing_or_left_over(language: str) -> None:
    assert {path for path, _ in texts(FILES[language])} == {path for path, _ in texts(FILES["en"])}
    assert all(text.strip() for _, text in texts(FILES[language]))


@pytest.mark.parametrize("language", sorted(FILES))
def test_every_translation_names_the_same_values(language: str) -> None:
    wanted = {path: fields(text) for path, text in texts(FILES["en"])}
    for path, text in texts(FILES[language]):
        if path[0] != "dates":
            assert fields(text) - {"n"} == wanted[path] - {"n"}, path


@pytest.mark.parametrize("language", sorted(FILES))
def test_a_number_that_english_prints_is_printed_in_every_form(language: str) -> None:
    for key, english in FILES["en"]["sentences"].items():
        found = FILES[language]["sentences"][key]
        if isinstance(english, str):
            assert fields(found) == fields(english), key
            continue
        for form, text in found.items():
            assert form == "one" or ("n" in fields(text)) == ("n" in fields(english["other"])), (key, form)


def test_serbian_in_cyrillic_names_the_same_values() -> None:
    cyrillic = dict(texts(wording("sr-Cyrl")._sentences))
    assert {path: fields(text) for path, text in cyrillic.items()} == {
        path: fields(text) for path, text in texts(FILES["sr-Latn"]["sentences"])
    }


SOURCES = [
    *Path(tracker.locale.wording.__file__).parent.rglob("*.py"),
    *(one for one in (shipped_folder("templates") / "digest").rglob("*.*") if one.suffix != ".pyc"),
]


def test_every_sentence_that_is_said_is_written() -> None:
    said = {
        (path.name, key)
        for path in SOURCES
        if path.suffix in (".py", ".txt", ".html")
        for key in re.findall(r"""\b(?:say|words\.count|(?<![\w.])count)\(\s*["'](\w+)["']""", path.read_text("utf-8"))
    }
    assert len(said) > 40
    assert {one for one in said if one[1] not in FILES["en"]["sentences"]} == set()


@pytest.mark.parametrize(
    ("family", "members"),
    [
        ("title", [*EditionKind]),
        ("medium", [*Medium]),
        ("prominence", [*Prominence]),
        ("tone", [*Tone, "none"]),
        ("tier", ["0", "1", "2", "3"]),
        (
            "kind",
            ["agency", "broadcaster", "daily", "weekly", "portal", "investigative", "radio", "local", "specialist", "regional", "other"],
        ),
    ],
)
def test_every_member_of_a_family_has_its_word(family: str, members: list[str]) -> None:
    assert {key.removeprefix(f"{family}_") for key in FILES["en"]["sentences"] if key.startswith(f"{family}_")} == {
        str(one) for one in members
    }


def test_every_kind_of_outlet_in_the_register_has_its_word() -> None:
    kinds = {outlet.kind for outlet in shipped().outlets}
    for language in LANGUAGES:
        assert wording(language).say("kind_other") not in {wording(language).kind(kind) for kind in kinds}
        assert wording(language).kind("steam radio") == wording(language).say("kind_other")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_a_workbooks_sheets_can_be_used(language: str) -> None:
    names = [wording(language).say(key) for key in FILES["en"]["sentences"] if key.startswith("sheet_")]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)


@pytest.mark.parametrize("language", sorted(FILES))
def test_every_plural_has_the_forms_that_the_language_asks_for(language: str) -> None:
    tags = Locale.parse(FILES[language]["babel"]).plural_form.tags | {"other"}
    for key, english in FILES["en"]["sentences"].items():
        found = FILES[language]["sentences"][key]
        assert isinstance(found, dict) == isinstance(english, dict), key
        if isinstance(found, dict):
            assert {*found} == tags, key


@pytest.mark.parametrize("language", sorted({*FILES} - {"en"}))
def test_nothing_is_left_in_english(language: str) -> None:
    english = {text for _, text in texts({part: FILES["en"][part] for part in ("sentences", "troubles", "languages")})}
    for path, text in texts({part: FILES[language][part] for part in ("sentences", "troubles", "languages")}):
        assert text not in english - SAME_WORD, path
        assert not re.search(r"\b(the|of|and|not|was|is|source|outlet)\b", re.sub(r"\{\w+\}", " ", text)), path


@pytest.mark.parametrize("outcome", [*(str(one) for one in FetchOutcome if not one.succeeded), "silent", "lost", "outrun"])
def test_every_way_a_source_can_fail_has_words_of_its_own(outcome: str) -> None:
    for language, table in FILES.items():
        assert outcome in table["troubles"], language
        assert list(table["troubles"].values()).count(table["troubles"][outcome]) == 1, language


@pytest.mark.parametrize("language", ["sr-Cyrl", "mk"])
def test_cyrillic_wording_has_latin_letters_in_names_alone(language: str) -> None:
    words = wording(language)
    kept = re.compile("|".join([r"\{\w+\}", r"robots\.txt", *(re.escape(name) for name in KEPT_LATIN)]))
    parts = [words._sentences, words._countries, words._languages, words._troubles, {str(n): words.month(n) for n in range(1, 13)}]
    for part in parts:
        for path, text in texts(part):
            assert not re.search("[A-Za-zčćžšđë]", kept.sub("", text)), path


@pytest.mark.parametrize("language", ["sq", "sr-Latn", "bs", "hr", "cnr", "en"])
def test_latin_wording_has_no_cyrillic_letters(language: str) -> None:
    for path, text in texts(FILES[language]):
        assert not re.search("[\u0400-\u04ff]", text), path


def test_montenegrin_is_a_language_of_its_own() -> None:
    words = wording("cnr")
    assert [words.weekday(date(2026, 6, day)) for day in (22, 24, 28)] == ["ponedjeljak", "srijeda", "nedjelja"]
    assert words.country("MK") == "Sjeverna Makedonija"
    assert words.language_name("cnr") == "crnogorski"
    assert "nijesmo" in words.say("could_not_follow")
    assert wording("sr-Latn").weekday(date(2026, 6, 22)) == "ponedeljak"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("sq", "Shqipëria, Bosnjë-Hercegovina, Kosova, Mali i Zi, Maqedonia e Veriut, Serbia"),
        ("sr-Latn", "Albanija, Bosna i Hercegovina, Kosovo, Crna Gora, Severna Makedonija, Srbija"),
        ("sr-Cyrl", "Албанија, Босна и Херцеговина, Косово, Црна Гора, Северна Македонија, Србија"),
        ("hr", "Albanija, Bosna i Hercegovina, Kosovo, Crna Gora, Sjeverna Makedonija, Srbija"),
        ("mk", "Албанија, Босна и Херцеговина, Косово, Црна Гора, Северна Македонија, Србија"),
    ],
)
def test_countries_are_named_as_in_a_heading(language: str, names: str) -> None:
    assert ", ".join(wording(language).country(code) for code in ("AL", "BA", "XK", "ME", "MK", "RS")) == names
    assert wording(language).country("SI") == "SI"


def test_languages_name_themselves() -> None:
    assert list(LANGUAGES.values()) == ["shqip", "srpski", "српски", "bosanski", "hrvatski", "crnogorski", "македонски", "English"]
    for language, name in LANGUAGES.items():
        assert wording(language).language_name(language.split("-")[0]) == name


@pytest.mark.parametrize("kind", ["eu", "un"])
def test_the_note_on_kosovo_has_an_asterisk_on_both_ends(kind: str) -> None:
    for language in LANGUAGES:
        words = wording(language)
        assert words.country("XK", kind).endswith("*")
        assert words.kosovo_note(kind).startswith("* ")
        assert "1244" in words.kosovo_note(kind)
        assert not words.country("AL", kind).endswith("*")


def test_a_campaign_without_the_note_prints_the_plain_name() -> None:
    assert wording("en").country("XK", "none") == "Kosovo"
    assert wording("en").kosovo_note("none") == ""


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("sq", "Dita Dhimarku Ekspres Ëndrra Gazeta Gjirafa Neps Njoftime Shqip Zëri"),
        ("sr-Latn", "Avaz Cetinje Čas Ćirilica Dan Džep Đorđe Luka Ljuba Nada Njuz Sat Šumadija Zona Žurnal"),
        ("sr-Cyrl", "Блиц Време Данас Ђорђе Политика Радио Ћирилица Џеп"),
        ("mk", "Вечер Гледач Ѓавато Зоом Ѕвезда Канал Ќуп"),
        ("en", "Alpha beta Gamma"),
    ],
)
def test_names_are_ordered_by_the_readers_alphabet(language: str, ordered: str) -> None:
    shuffled = ordered.split()[::-1]
    assert sorted(shuffled, key=wording(language).sort_key) == ordered.split()


@pytest.mark.parametrize(
    ("language", "quoted"), [("sq", "“a”"), ("sr-Latn", "„a“"), ("sr-Cyrl", "„a“"), ("hr", "„a”"), ("mk", "„a“"), ("en", "“a”")]
)
def test_quotations_have_the_languages_own_marks(language: str, quoted: str) -> None:
    assert wording(language).quote("a") == quoted


def test_media_that_carried_a_story_are_never_said_to_have_copied_it() -> None:
    for language, table in FILES.items():
        for _, text in texts(table):
            assert not re.search(r"cop(y|ied)|recycl|kopj|kopir|копир|prepis|препиш", text, re.IGNORECASE), language


def test_a_language_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(KeyError):
        wording("de")


@pytest.mark.parametrize(
    ("language", "october", "august"),
    [
        ("sq", "tetor 2024", "gusht 2024"),
        ("sr-Latn", "oktobar 2024.", "avgust 2024."),
        ("sr-Cyrl", "октобар 2024.", "август 2024."),
        ("bs", "oktobar 2024.", "august 2024."),
        ("hr", "listopad 2024.", "kolovoz 2024."),
        ("cnr", "oktobar 2024.", "avgust 2024."),
        ("mk", "октомври 2024", "август 2024"),
        ("en", "October 2024", "August 2024"),
    ],
)
def test_a_month_in_a_heading_stands_in_the_nominative(language: str, october: str, august: str) -> None:
    assert wording(language).month_year(date(2024, 10, 31)) == october
    assert wording(language).month_year(date(2024, 8, 1)) == august


@pytest.mark.parametrize(
    ("language", "shown"), [("sq", "38%"), ("sr-Cyrl", "38%"), ("hr", "38\u00a0%"), ("mk", "38\u00a0%"), ("en", "38%")]
)
def test_shares_are_whole_per_cents(language: str, shown: str) -> None:
    words = wording(language)
    assert words.percent(0.375) == shown
    assert words.percent(0.001).startswith("<1")
    assert (words.percent(0)[0], words.percent(1)[:3]) == ("0", "100")


GIVEN = (("sr-Latn", "Poruka sa TikTok-a"), ("sq", "Mesazh"), ("hr", "Priopćenje"))


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("sq", "Mesazh"),
        ("sr-Latn", "Poruka sa TikTok-a"),
        ("sr-Cyrl", "Порука са TikTok-а"),
        ("bs", "Poruka sa TikTok-a"),
        ("cnr", "Poruka sa TikTok-a"),
        ("hr", "Priopćenje"),
        ("mk", "A message"),
        ("en", "A message"),
    ],
)
def test_a_name_of_the_campaign_file_comes_in_the_readers_language(language: str, name: str) -> None:
    assert wording(language).name_in(GIVEN, "A message") == name


def test_a_funding_statement_is_never_lost_for_want_of_a_translation() -> None:
    assert wording("mk").name_in((("sq", "Financuar nga"), ("en", "Funded by"))) == "Funded by"
    assert wording("mk").name_in((("sq", "Financuar nga"),)) == "Financuar nga"
    assert wording("mk").name_in(()) == ""
    assert wording("sr-Cyrl").name_in((("sr-Cyrl", "Наше"), ("sr-Latn", "Naše"))) == "Наше"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n", [1, 2, 5, 21])
def test_the_summary_reads_with_any_numbers(language: str, n: int) -> None:
    words = wording(language)
    counted = {f"{noun}s": words.count(plural, n) for noun, plural in (("item", "item"), ("outlet", "outlet"))}
    said = words.say("summary_counts", countries=words.count("country", n), stories=words.count("story", n), **counted)
    assert said.count(str(n)) == 4
    assert "{" not in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("language", "n", "key", "sentence"),
    [
        ("sr-Latn", 1, "attention_unreviewed", "1 objava čeka odluku"),
        ("sr-Latn", 3, "attention_unreviewed", "3 objave čekaju odluku"),
        ("sr-Cyrl", 5, "hidden_children", "5 објава изостављено ради заштите детета"),
        ("cnr", 2, "attention_failed", "2 pregleda nijesu isporučena"),
        ("mk", 21, "attention_unreviewed", "21 објава чека одлука"),
        ("mk", 2, "named_in", "се споменува во 2 објави"),
        ("sq", 21, "more_items", "dhe 21 publikime të tjera"),
        ("hr", 22, "named_in", "spominje se u 22 objave"),
        ("en", 1, "attention_held", "1 item may identify a child and is held back until someone on the team has decided"),
    ],
)
def test_sentences_about_numbers_agree_with_them(language: str, n: int, key: str, sentence: str) -> None:
    assert wording(language).say(key, n) == sentence


def test_an_address_stays_in_latin() -> None:
    assert wording("sr-Cyrl").say("missed_link", address="press@example.org").endswith("на press@example.org")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_leaves_the_house_names_a_command_a_version_or_a_file(language: str) -> None:
    words = wording(language)
    for key, text in [*texts(words._sentences), *texts(words._troubles)]:
        assert not re.search(r"tracker |robots\.txt|\b[45]\d\d\b|--\w", text), key
        assert "version" not in fields(text) or key == ("query_version",), key


@pytest.mark.parametrize(
    ("language", "stories", "sentence"),
    [
        ("en", 1, "1 story, published as 1 item by 1 outlet in 1 country."),
        ("sq", 2, "Gjithsej 1 publikim në 1 media nga 1 vend, për 2 lajme."),
        ("sr-Latn", 5, "Ukupno u ovom periodu: 1 objava (5 vesti), 1 medij, 1 zemlja."),
        ("mk", 21, "Вкупно 1 објава во 1 медиум од 1 земја, за 21 вест."),
    ],
)
def test_a_story_is_news_and_no_topic(language: str, stories: int, sentence: str) -> None:
    words = wording(language)
    counted = {f"{noun}s": words.count(noun, 1) for noun in ("item", "outlet")}
    assert words.say("summary_counts", countries=words.count("country", 1), stories=words.count("story", stories), **counted) == sentence
