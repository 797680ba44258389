from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tracker.demo.press.expectation import OUTLET_FAULTS, PAGE_FAULTS, as_json, expectation_of, written_expectation
from tracker.demo.press.press import PressArticle, read_press
from tracker.demo.press.scripts import latin, plain
from tracker.errors import ConfigError

PRESS = read_press()
HEAD = '+++\nname = "X"\ncountry = "AL"\nlanguages = ["sq"]\nscripts = ["Latn"]\nkind = "portal"\ntier = 1\naddress = "127.77.0.99"\n+++\n'
LETTERS = {
    "sr-Cyrl": set("абвгдђежзијклљмнњопрстћуфхцчџш"),
    "mk": set("абвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ"),
    "hbs": set("abcčćdđefghijklmnoprsštuvzžqwxyłéë"),
    "sq": set("abcçdeëfghijklmnopqrstuvxyzwł"),
}
FOREIGN_WORDS = {
    "hr": r"hiljad\w*|nedjelj(?:a|i) dana|opštin\w*|uopšte|saobraćaj\w*|sedmic\w*|vijesti|takođe|ko|decembr\w*|budžet\w*|hleb\w*|šta",
    "bs": r"istorij\w*|hiljada i|nedelj\w*|opštin\w*|tjed\w+|tisuć\w*|tko|uopće|vlak\w*|dete\w*|mleko",
    "sr-Latn": r"tjed\w+|tisuć\w*|tko|uopće|prije|dijete|djec\w+|vrijeme|nijesu|sjutra|mlijeko|povijest\w*|gdje|ovdje|lijep\w*|mjesec\w*",
    "cnr": r"tjed\w+|tisuć\w*|tko|uopće|deca|dete|pre|vreme|nedelj\w*|mleko|gde|sutra|nisu|sedmici dana|mesec\w*",
}


def texts(article: PressArticle) -> str:
    return "\n".join((article.headline, article.lead, *article.paragraphs))


def of_outlets(chosen: str) -> list[PressArticle]:
    """Articles of outlets that write this language (and script)."""
    language, _, script = chosen.partition("-")
    outlets = [outlet for outlet in PRESS.outlets if outlet.languages[0] == language and (not script or outlet.scripts[0] == script)]
    return [article for outlet in outlets for article in outlet.articles if not article.fault]


def test_the_press_is_as_large_and_as_varied_as_the_demo_promises() -> None:
    whole = [article for article in PRESS.articles if not article.fault]
    languages = {"-".join((outlet.languages[0], *outlet.scripts)) for outlet in PRESS.outlets}
    assert len(PRESS.outlets) >= 16
    assert len(whole) >= 200
    assert {outlet.country for outlet in PRESS.outlets} == {"AL", "BA", "XK", "ME", "MK", "RS"}
    assert languages >= {"sq-Latn", "sr-Latn", "sr-Cyrl", "sr-Cyrl-Latn", "bs-Latn", "hr-Latn", "cnr-Latn", "mk-Cyrl", "en-Latn"}
    assert Counter(article.circle for article in whole)["campaign"] >= 40
    assert {article.circle for article in whole} == {"none", "campaign", "organisation", "context"}
    assert sum(article.held for article in whole) >= 2


def test_every_kind_of_feed_and_fault_occurs() -> None:
    assert {outlet.feed for outlet in PRESS.outlets} == {"rss", "rdf", "atom", "json", "none"}
    assert {outlet.markup for outlet in PRESS.outlets} == {"structured", "opengraph", "divisions", "tables", "microdata"}
    assert {outlet.charset for outlet in PRESS.outlets} == {"utf-8", "windows-1250", "windows-1251"}
    assert {outlet.fault for outlet in PRESS.outlets} - {""} == set(OUTLET_FAULTS)
    faults = {article.fault for article in PRESS.articles} - {""}
    assert faults == {*PAGE_FAULTS, "bot_wall", "cookie_wall", "listing", "login_wall", "soft_404"}


def test_three_stories_and_more_are_carried_by_several_outlets() -> None:
    carried = Counter(article.story for article in PRESS.articles if article.story)
    assert len([story for story, times in carried.items() if times >= 3]) >= 3


def test_addresses_articles_and_headlines_are_all_different() -> None:
    assert len({outlet.address for outlet in PRESS.outlets}) == len(PRESS.outlets)
    assert len({article.key for article in PRESS.articles}) == len(PRESS.articles)
    assert len({article.headline for article in PRESS.articles}) == len(PRESS.articles)


def test_every_article_is_found_again_by_its_address_whatever_the_port_and_parameters() -> None:
    for outlet in PRESS.outlets:
        for article in outlet.articles:
            assert PRESS.identify(f"http://{outlet.address}:4711{outlet.path(article)}?utm_source=x&script=lat") == article.key
    assert PRESS.identify("http://127.77.0.11:4711/") == ""
    assert PRESS.identify("file:///etc/hostname") == ""


def test_no_word_mixes_two_alphabets() -> None:
    mixed = re.compile(r"[^\W\d_]*(?:[a-zčćšžđëç][\u0400-\u04ff]|[\u0400-\u04ff][a-zčćšžđëç])[^\W\d_]*", re.I)
    assert [(article.key, word) for article in PRESS.articles for word in mixed.findall(texts(article))] == []


@pytest.mark.parametrize(
    ("chosen", "alphabet"),
    [("sr-Cyrl", "sr-Cyrl"), ("mk", "mk"), ("hr", "hbs"), ("bs", "hbs"), ("cnr", "hbs"), ("sr-Latn", "hbs"), ("sq", "sq")],
)
def test_texts_use_the_letters_of_their_language(chosen: str, alphabet: str) -> None:
    allowed = LETTERS[alphabet]
    for article in of_outlets(chosen):
        letters = set(re.sub(r"[A-Za-z]", "", texts(article)) if "Cyrl" in alphabet or alphabet == "mk" else texts(article))
        assert {letter for letter in letters if letter.isalpha() and letter.lower() not in allowed} == set(), article.key


@pytest.mark.parametrize("chosen", list(FOREIGN_WORDS))
def test_texts_keep_the_words_of_their_standard(chosen: str) -> None:
    foreign = re.compile(rf"\b(?:{FOREIGN_WORDS[chosen]})\b", re.I)
    copied = {article.key for article in PRESS.articles if article.story}
    found = [(article.key, foreign.findall(texts(article))) for article in of_outlets(chosen) if article.key not in copied]
    assert [(key, words) for key, words in found if words] == []


def test_the_written_expectation_is_what_the_authors_marked() -> None:
    assert written_expectation() == expectation_of(PRESS), "write it anew: python -m tracker.demo.press"
    assert as_json(written_expectation()) == as_json(expectation_of(PRESS))


def test_an_agency_text_stands_in_other_outlets_word_for_word() -> None:
    by_key = {article.key: article for article in PRESS.articles}
    source = by_key["glas-ibra/agenda-tirana-tisa"].paragraphs
    assert by_key["dunavski-glasnik/tirana-kampanja"].paragraphs == source
    assert by_key["agencija-tisa/pocela-regionalna-kampanja"].paragraphs == tuple(latin(text) for text in source)


@pytest.mark.parametrize(
    ("cyrillic", "expected"),
    [
        ("Љубав и Његош", "Ljubav i Njegoš"),
        ("ЉУБАВ, ЊЕГОШ, ЏЕП", "LJUBAV, NJEGOŠ, DŽEP"),
        ("Ђаци, ћерка и џем", "Đaci, ćerka i džem"),
        ("TikTok и CRCA/ECPAT", "TikTok i CRCA/ECPAT"),
    ],
)
def test_serbian_cyrillic_is_written_in_latin_letters(cyrillic: str, expected: str) -> None:
    assert latin(cyrillic) == expected


def test_hurried_spelling_loses_every_mark() -> None:
    assert plain("Fëmijët çelën; đaci žure, šuti Łukasz") == "Femijet celen; djaci zure, suti Lukasz"


@pytest.mark.parametrize(
    ("article", "reason"),
    [
        ("@@ a | 0 10:00 | B | c | campagne\nHeadline\nText\n", "unknown expectation 'campagne'"),
        ("@@ a | yesterday | B | c\nHeadline\nText\n", "not enough values"),
        ("@@ a | 0 10:00 | B\nHeadline\nText\n", "not enough values"),
        ("@@ a | 0 10:00 | B | c\n", "index out of range"),
    ],
)
def test_a_bad_article_is_refused_with_its_line(tmp_path: Path, article: str, reason: str) -> None:
    (tmp_path / "x.md").write_text(HEAD + article, "utf-8")
    with pytest.raises(ConfigError, match=reason) as refused:
        read_press(tmp_path)
    assert (refused.value.place, refused.value.line) == ("x.md", 10)


def test_an_unknown_entry_in_a_head_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(HEAD.replace("tier", "rank"), "utf-8")
    with pytest.raises(ConfigError, match="unknown entry 'rank'"):
        read_press(tmp_path)
