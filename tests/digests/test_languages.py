"""Every form in eight languages: the same facts, each in its reader's words and script, headlines as they were published."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tests.digests.forms.printed import Page
from tests.digests.forms.test_reading_languages import NOW, a_digest
from tracker.digests.forms.html import render_digest, render_report
from tracker.locale.wording import wording
from tracker.model import LANGUAGES, Selection
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.workspace import open_parts, shipped_folder

TEMPLATES = shipped_folder("templates")
KINDS = ("weekly", "nightly", "situation")
KEPT = r"PressCoverageTracker|sitemap|https?://\S+|\S+@\S+|\bCES?T\b"
"""What stays as it is in every language and script."""


def forms(language: str, kind: str = "weekly", *, empty: bool = False) -> tuple[str, ...]:
    """All that a reader sees of a digest whose own words are digits, so that any letter is ours."""
    digest = a_digest(kind, empty=empty)
    mail = render_digest(digest, TEMPLATES, language)
    return mail.subject, mail.text, Page(mail.html).text, Page(render_report(digest, TEMPLATES, language)).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_which_language_and_script_it_is_in(language: str) -> None:
    digest = a_digest()
    for html in (render_digest(digest, TEMPLATES, language).html, render_report(digest, TEMPLATES, language)):
        assert Page(html).language == language


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
def test_no_english_is_left_in_another_language(language: str, kind: str) -> None:
    for text in (*forms(language, kind), *forms(language, kind, empty=True)):
        bare = re.sub(KEPT, " ", text)
        assert not re.findall(
            r"\b(the|of|and|not|by|items?|outlets?|stor(?:y|ies)|sources?|digest|English|unknown|in brief|more)\b", bare, re.IGNORECASE
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["sr-Cyrl", "mk"])
def test_a_cyrillic_form_has_no_latin_letters_of_ours(language: str, kind: str) -> None:
    for text in (*forms(language, kind), *forms(language, kind, empty=True)):
        assert re.findall("[A-Za-zčćžšđë]+", re.sub(KEPT, " ", text)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_links(language: str) -> None:
    other, english = (render_digest(samples.a_week(), TEMPLATES, one) for one in (language, "en"))
    assert Page(other.html).links == Page(english.html).links
    assert re.findall(r"https?://\S+", other.text) == re.findall(r"https?://\S+", english.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headlines_and_names_stay_as_published(language: str) -> None:
    titles = ("Nadživeti injekciju", "Косово и Метохија", "Kosovë, Maqedoni", "Македонија")
    week = samples.a_week()
    entries = tuple(
        replace(one, article=replace(one.article, title=title), story_key=title)
        for one, title in zip(week.selection.counted, titles, strict=False)
    )
    digest = replace(week, selection=Selection(entries))
    mail = render_digest(digest, TEMPLATES, language)
    for title in titles:
        assert title in mail.text
        assert title in mail.html
        assert title in render_report(digest, TEMPLATES, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_on_kosovo_stands_where_the_name_is_printed(language: str) -> None:
    note, name = wording(language).kosovo_note("eu"), wording(language).country("XK", "eu")
    digest = samples.a_week()
    mail = render_digest(digest, TEMPLATES, language)
    for text in (Page(mail.html).text, mail.text, Page(render_report(digest, TEMPLATES, language)).text):
        assert note in " ".join(text.split())
        assert name.upper() in text.upper()
    without = replace(digest, facts=replace(digest.facts, kosovo_note="none"))
    assert "1244" not in render_digest(without, TEMPLATES, language).html


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "tracker.toml").write_text('[digest]\nlanguages = ["sq", "sr-Cyrl", "cnr"]\nsender = "P <p@ngo.example>"\n', "utf-8")
    return tmp_path


def make_edition(workspace: Path) -> dict[str, bytes]:
    with open_parts(workspace) as parts:
        run_night(parts, NightOptions(as_of=NOW, campaign_ids=("digital-safety",), steps=frozenset({"digest"})))
    return {path.name: path.read_bytes() for path in (workspace / "outbox").iterdir()}


def test_an_edition_lies_in_the_outbox_once_a_language_and_stays_as_it_was_made(workspace: Path) -> None:
    made = make_edition(workspace)
    stem = "digital-safety-nightly-2026-11-23-1"
    assert {*made} == {f"{stem}.{language}.{ending}" for language in ("sq", "sr-Cyrl", "cnr") for ending in ("html", "txt", "eml")}
    assert "Për këtë periudhë nuk u kontrollua asnjë burim" in made[f"{stem}.sq.txt"].decode()
    assert "За овај период није проверен ниједан извор" in made[f"{stem}.sr-Cyrl.txt"].decode()
    mails = [message_from_bytes(content, policy=policy.default) for name, content in sorted(made.items()) if name.endswith(".eml")]
    assert [str(mail["Message-ID"]) for mail in mails] == [f"<{stem}.{language}@ngo.example>" for language in ("cnr", "sq", "sr-Cyrl")]
    assert [str(mail["Content-Language"]) for mail in mails] == ["cnr", "sq", "sr-Cyrl"]
    assert make_edition(workspace) == made


def test_an_edition_from_the_archive_does_not_claim_that_sources_answered(workspace: Path) -> None:
    text = make_edition(workspace)["digital-safety-nightly-2026-11-23-1.sq.txt"].decode()
    assert "Për këtë botim nuk u kontrollua asnjë burim" in text


def test_one_language_alone_keeps_the_plain_name(tmp_path: Path) -> None:
    assert {*make_edition(tmp_path)} == {f"digital-safety-nightly-2026-11-23-1.{ending}" for ending in ("html", "txt", "eml")}
