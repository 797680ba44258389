"""What staff and the operator are told at once: every message in all eight languages, in the forms and alphabet of each."""

from __future__ import annotations

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
from tracker.locale.wording import notice_wording
from tracker.model import LANGUAGES, EditionKind

FOLDER = Path(tracker.locale.wording.__file__).parent / "notices"
NOTICES: dict[str, dict[str, Any]] = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}
SAME_EVERYWHERE = {"disk"}
FACTS = {
    HEADLINE: {"name": "Lumi", "title": "T", "outlet": "O", "country": "AL", "published": "1", "link": "https://a.example", "more": "2"},
    HELD: {"name": "Lumi", "mention": "rivers-1"},
    SPIKE: {"items": "22", "begin": "a", "end": "b", "usual": "0.3", "outlets": "O"},
}
LINES = (
    Line("morning_letter_unknown", {"letter": "1", "to": "a@x", "arrived": "A", "again": "B"}),
    Line("morning_letter_refused", {"letter": "1", "to": "a@x", "words": "550"}),
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
            assert all(fields(text) == fields(english["other"]) for text in own.values()), key
        else:
            assert fields(own) == fields(english), key


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
            assert not re.search("[A-Za-zčćžšđë]", re.sub(r"\{\w+\}", "", text)), path


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
