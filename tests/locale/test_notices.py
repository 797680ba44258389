"""What staff and the operator are told at once: every message in all eight languages, in the forms and alphabet of each."""

from __future__ import annotations

import ast
import json
import pickle
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

import tracker.locale.wording
from tests.builders import a_campaign
from tests.locale.test_wording import FILES, SAME_WORD, fields, texts
from tracker.alerts.words import HEADLINE, HELD, SPIKE, Line, alert_words, check_line, morning_words, plain_line
from tracker.locale.said import Said, from_plain, in_language, to_plain
from tracker.locale.wording import notice_wording
from tracker.model import LANGUAGES, EditionKind

FOLDER = Path(tracker.locale.wording.__file__).parent / "notices"
NOTICES: dict[str, dict[str, Any]] = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}
SAME_EVERYWHERE = {"disk", "[{campaign}] {subject}", "{outlet}"}
OTHERS_WORDS = {"words", "how"}
"""What a server, the system or an error said: it stands in English alone. The other languages name the place instead, or the command that
shows it."""
BESIDE = {"place", "doctor", "command", "file", "code", "watched", "read"}
FACTS = {
    HEADLINE: {"name": "Lumi", "title": "T", "outlet": "O", "country": "AL", "published": "1", "link": "https://a.example", "more": "2"},
    HELD: {"name": "Lumi", "mention": "rivers-1"},
    SPIKE: {"items": "22", "begin": "a", "end": "b", "usual": "0.3", "outlets": "O"},
}
LINES = (
    Line("morning_letter_unknown", {"letter": "1", "to": "a@x", "arrived": "A", "again": "B"}),
    Line("morning_letter_refused", {"letter": "1", "to": "a@x", "words": "550", "code": "550"}),
    Line("morning_alert_uncertain", {"subject": "S", "whom": "a@x"}),
    Line("morning_alert_not_told", {"subject": "S", "words": "W"}),
    *(Line("morning_edition_waits", {"edition": "7", "kind": str(kind), "command": "C"}) for kind in EditionKind),
    Line("morning_failed", {"words": "W", "log": "jobs.log"}, 3),
    check_line("disk", "1 GB free", "make room"),
    check_line("job nightly", "failed", ""),
    check_line("of a kind that nobody translated", "failed", ""),
    plain_line("silent: Zëri i Lumit"),
)


def test_every_language_has_every_message() -> None:
    assert NOTICES.keys() == FILES.keys()
    for language, own in NOTICES.items():
        assert own.keys() == NOTICES["en"].keys(), language
    assert not NOTICES["en"].keys() & FILES["en"]["sentences"].keys()


@pytest.mark.parametrize("language", sorted(FILES))
def test_every_message_names_the_same_values_in_the_forms_of_its_language(language: str) -> None:
    tags = Locale.parse(FILES[language]["babel"]).plural_form.tags | {"other"}
    for key, english in NOTICES["en"].items():
        own = NOTICES[language][key]
        assert isinstance(own, dict) == isinstance(english, dict), key
        if isinstance(own, dict):
            assert {*own} == tags, key
            assert all(_names_the_same(text, english["other"], language) for text in own.values()), key
        else:
            assert _names_the_same(own, english, language), key


def _names_the_same(own: str, english: str, language: str) -> bool:
    given, wanted = fields(own) - {"n"}, fields(english) - {"n"}
    if language == "en" or not wanted & OTHERS_WORDS:
        return given == wanted
    return not given & OTHERS_WORDS and wanted - OTHERS_WORDS <= given <= wanted | BESIDE


@pytest.mark.parametrize("language", sorted({*FILES} - {"en"}))
def test_nothing_is_left_in_english(language: str) -> None:
    english = {text for _, text in texts(NOTICES["en"])}
    for path, text in texts(NOTICES[language]):
        assert text not in english - SAME_WORD - SAME_EVERYWHERE, path
        assert not re.search(r"\b(the|of|and|not|was|is|source|outlet)\b", re.sub(r"\{\w+\}", " ", text)), path


@pytest.mark.parametrize("language", ["sr-Cyrl", "mk"])
def test_cyrillic_messages_have_no_latin_letters(language: str) -> None:
    words = notice_wording(language)
    for key in NOTICES["en"]:
        for path, text in texts({key: words._sentences[key]}):
            assert not re.search("[A-Za-zčćžšđë]", re.sub(r"\{\w+\}|\b(GB|MB|TXT)\b", "", text)), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alert_and_every_line_can_be_said(language: str) -> None:
    for kind, facts in FACTS.items():
        subject, text = alert_words(kind, facts, a_campaign(), language)
        assert "{" not in subject + text
        assert "$" not in subject + text
    subject, text = morning_words("2026-03-14", LINES, language)
    assert "2026-03-14" in subject
    assert text.count("\n- ") == len(LINES) - 1
    assert "{" not in text


# --- what the doctor and a night found

ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|not|was|were|is|are|see|run|make|mend|look|wait|set|could|night|outlets?|pages?|file|line|again|none|since|times)\b",
    re.IGNORECASE,
)


def all_findings() -> list[Said]:
    """Every sentence of a finding, an advice or a need, with values that are no words."""
    found = []
    for key, text in NOTICES["en"].items():
        if key.startswith(("found_", "do_", "need_", "count_")):
            text = text["other"] if isinstance(text, dict) else text
            named = {name for language in FILES for one in _forms(NOTICES[language][key]) for name in fields(one)} - {"n"}
            found.append(Said(key, 3, **dict.fromkeys(named | fields(text) - {"n"}, "7")))
    return found


def _forms(text: str | dict[str, str]) -> list[str]:
    return [*text.values()] if isinstance(text, dict) else [text]


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
def test_a_finding_is_said_in_each_language_without_a_word_of_english(language: str) -> None:
    assert len(all_findings()) > 70
    for said in all_findings():
        told = said.in_language(language)
        assert "{" not in told, said.key
        assert told != str(said) or not re.search("[a-z]", told), said.key
        assert not ENGLISH_WORDS.search(told), (said.key, told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_stand_within_sentences_in_the_same_language(language: str) -> None:
    said = Said("found_and_more", 2, first=Said("found_night_old", when="1.1."))
    assert said.in_language(language) == notice_wording(language).say(
        "found_and_more", 2, first=notice_wording(language).say("found_night_old", when="1.1.")
    )
    assert in_language("550 no", language) == "550 no"


def test_a_sentence_stays_one_when_it_is_stored_pickled_or_stripped_of_secrets() -> None:
    said = Said("need_crawl_ended", words="proxy s3cret", more=Said("need_crawl_again", log="crawl.log"))
    for again in (from_plain(json.loads(json.dumps(to_plain(said)))), pickle.loads(pickle.dumps(said))):
        assert again == said
        assert isinstance(again, Said)
        assert again.in_language("sq") == said.in_language("sq")
    masked = said.changed(lambda text: text.replace("s3cret", "(set)"))
    assert str(masked) == "the crawl ended early (proxy (set)); see crawl.log, and run the night again to go on"
    assert from_plain("as it was noted before") == "as it was noted before"
    assert from_plain(["found_of_another_version", None, [["names", "Klik"]]]) == "found of another version Klik"


@pytest.mark.parametrize("folder", ["maintenance", "pipeline"])
def test_no_check_that_is_not_well_and_no_need_of_a_night_is_left_in_english(folder: str) -> None:
    """A literal text beside `False` in a `Check`, or given to `needs`, would stand in English in every morning line."""
    for path in sorted((Path(tracker.locale.wording.__file__).parents[1] / folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name == "Check" and len(node.args) > 2 and isinstance(node.args[1], ast.Constant) and node.args[1].value is False:
                literal = [arg for arg in node.args[2:] if isinstance(arg, ast.Constant | ast.JoinedStr) and not _is_command(arg)]
                assert not literal, f"{path.name}:{node.lineno}"
            if (
                name == "append"
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func.value).endswith("needs")
                and path.name in NIGHT
            ):
                assert not isinstance(node.args[0], ast.Constant | ast.JoinedStr), f"{path.name}:{node.lineno}"


NIGHT = {"nightly.py", "judgement.py", "run.py", "given_back.py", "crawl_end.py"}
"""What a night runs: backfill and `tracker add` are read by whoever typed the command."""


def _is_command(node: ast.expr) -> bool:
    return ast.unparse(node).strip("f'\"").startswith("chmod ")
