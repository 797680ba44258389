"""The nightly digest in eight languages: the same facts, each in its reader's words and script."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import assets
from tracker.bootstrap import open_parts
from tracker.digests.rendering import render_digest
from tracker.locale import LANGUAGES, wording
from tracker.model import (
    Article,
    Decision,
    Depth,
    Digest,
    Entry,
    FetchOutcome,
    Hit,
    Mention,
    Outlet,
    Published,
    Selection,
    SourceTrouble,
    Verdict,
    Window,
)  # fmt: skip
from tracker.nightly import NightOptions, run_night

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
TEMPLATES = assets.folder("templates")
COUNTRIES = ("AL", "BA", "XK", "ME", "MK", "RS")
OUTCOMES = [*(str(one) for one in FetchOutcome if not one.succeeded), "silent", "lost", "outrun"]


def an_entry(number: int, country: str = "AL", *, title: str = "12345", story: str = "", reviewed: bool = False) -> Entry:
    """An item whose own words are digits, so that any letter of the digest is ours."""
    address = f"https://news.example/{number}"
    return Entry(
        mention=Mention(f"m{number}", "c", number, "campaign", (Hit("t", 0, 3, "123", "body"),)),
        article=Article("o", address, address, title, "123 456 789", NOW, Depth.EXTRACTED, Published(NOW - timedelta(hours=number)), (), "sq", id=number),
        outlet=Outlet(f"o{number}", f"№{number}", "https://news.example/", country, ("sq",)),
        story_key=story or f"s{number}",
        verdict=Verdict("c", number, Decision.ACCEPT, NOW) if reviewed else None,
    )  # fmt: skip


def a_digest(
    entries: tuple[Entry, ...] = (), *, troubles: tuple[SourceTrouble, ...] = (), held: int = 0, watched: int = 1320, note: str = "none"
) -> Digest:
    staff = tuple(replace(entry, article=replace(entry.article, id=entry.article.id + 1000)) for entry in entries[:1])
    return Digest(
        "c", "123", "0" * 16, COUNTRIES, "Europe/Tirane", "nightly", Window(NOW - timedelta(days=1), NOW), NOW,
        Selection(counted=entries, organisation=staff, context=staff, own_channels=staff, held=held), troubles,
        sources_watched=watched, sources_answered=watched - len(troubles), items_looked_at=20450, kosovo_note=note,
    )  # fmt: skip


def a_full_digest(note: str = "none") -> Digest:
    entries = tuple(an_entry(n, country, story=f"s{n // 2}") for n, country in enumerate((*COUNTRIES, "XB", "AL"), 1))
    troubles = tuple(SourceTrouble(f"x{n}", f"№{n}", "RS", outcome, "the English words", NOW) for n, outcome in enumerate(OUTCOMES))
    return a_digest(entries, troubles=troubles, held=3, note=note)


class _Reader(HTMLParser):
    """What a browser shows of a page, its links, and the language it declares."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.language, self._hidden = "", [], "", 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._hidden += tag in ("style", "title")
        if tag == "html":
            self.language = found["lang"] or ""
        if tag == "a":
            self.links.append(found["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")
        self.text += " " if tag not in ("mark", "strong", "a", "span") else ""

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_which_language_and_script_it_is_in(language: str) -> None:
    assert _Reader(render_digest(a_full_digest(), TEMPLATES, language).html).language == language


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([*COUNTRIES, "XB"]), st.integers(1, 5), st.booleans()), max_size=12),
    st.lists(st.sampled_from(OUTCOMES), max_size=4), st.integers(0, 22), st.integers(4, 2000),
)  # fmt: skip
def test_all_languages_have_the_same_figures_and_links(
    rows: list[tuple[str, int, bool]], failed: list[str], held: int, watched: int
) -> None:
    entries = tuple(an_entry(n, country, story=f"s{story}", reviewed=done) for n, (country, story, done) in enumerate(rows, 1))
    troubles = tuple(SourceTrouble(f"x{n}", f"№{n}", "RS", outcome) for n, outcome in enumerate(failed))
    digest = a_digest(entries, troubles=troubles, held=held, watched=watched)
    made = {language: render_digest(digest, TEMPLATES, language) for language in LANGUAGES}
    english = made.pop("en")
    for language, other in made.items():
        assert _Reader(other.html).links == _Reader(english.html).links, language
        assert re.findall(r"https?://\S+", other.text) == re.findall(r"https?://\S+", english.text), language
        for form in ("html", "text"):
            ours, theirs = (_Reader(one.html).text if form == "html" else one.text for one in (other, english))
            assert figures(ours, language) == figures(theirs, "en"), (language, form)


def figures(text: str, language: str) -> list[int]:
    """The numbers that are left when every date, which languages write differently, is taken out."""
    months = "|".join(wording(language).month(number) for number in range(1, 13))
    dates = rf"(?:\d{{1,2}}\.?\s*–\s*)?\d{{1,2}}\.? (?:{months})(?: 2026\.?)?|\d\d:\d\d"
    bare = re.sub(dates, " ", text)
    return sorted(int(re.sub(r"\D", "", found)) for found in re.findall(r"\d+(?:[.,\u00a0\u202f]\d{3})*", bare))


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
@pytest.mark.parametrize("digest", [a_full_digest("eu"), a_full_digest("un"), a_digest()], ids=["eu", "un", "empty"])
def test_no_english_is_left_in_another_language(language: str, digest: Digest) -> None:
    made = render_digest(digest, TEMPLATES, language)
    for text in (made.subject, made.text, _Reader(made.html).text):
        bare = re.sub(r"https?://\S+|robots\.txt", " ", text)
        assert not re.search(
            r"\b(the|of|and|not|items?|outlets?|stor(y|ies)|sources?|digest|English|unknown|in brief)\b", bare, re.IGNORECASE
        )


@pytest.mark.parametrize("language", ["sr-Cyrl", "mk"])
@pytest.mark.parametrize("digest", [a_full_digest("eu"), a_full_digest("un"), a_digest()], ids=["eu", "un", "empty"])
def test_a_cyrillic_digest_has_no_latin_letters_of_ours(language: str, digest: Digest) -> None:
    made = render_digest(digest, TEMPLATES, language)
    for text in (made.subject, made.text, _Reader(made.html).text):
        assert re.findall("[A-Za-zčćžšđë]+", re.sub(r"https?://\S+|robots\.txt|\bCES?T\b", " ", text)) == []


def test_sixty_items_stay_below_what_mail_programs_cut_off() -> None:
    body = "Тимот на кампањата зборуваше за безбедноста. " * 20
    entries = [an_entry(n, title="Кампања за дигитална безбедност во училиштата") for n in range(1, 61)]
    entries = [replace(entry, article=replace(entry.article, body=body)) for entry in entries]
    assert len(render_digest(a_digest(tuple(entries)), TEMPLATES, "mk").html.encode()) < 90_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_headlines_and_names_stay_as_published(language: str) -> None:
    titles = ("Nadživeti injekciju", "Косово и Метохија", "Kosovë, Maqedoni", "Македонија")
    made = render_digest(a_digest(tuple(an_entry(n, title=title) for n, title in enumerate(titles, 1))), TEMPLATES, language)
    for title in titles:
        assert title in made.html
        assert title in made.text


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
def test_a_trouble_is_told_by_its_outcome_and_since_when(language: str) -> None:
    trouble = SourceTrouble("x", "№1", "RS", "blocked", "the outlet refuses automated visitors (403)", datetime(2026, 6, 22, 4, tzinfo=UTC))
    made = render_digest(a_digest(troubles=(trouble,)), TEMPLATES, language)
    words = wording(language)
    assert "2026" not in render_digest(a_digest(troubles=(replace(trouble, since_at=NOW),)), TEMPLATES, language).text.split("№1")[1]
    told = words.say("since", trouble=words.trouble("blocked"), day=words.day(trouble.since_at.date()))  # type: ignore[union-attr]
    assert told in made.text
    assert told in _Reader(made.html).text


def test_a_loss_of_a_whole_language_names_it_in_the_readers_words() -> None:
    trouble = SourceTrouble("sq", "All outlets in Albanian", "XB", "lost", "3 articles; 200 a night are usual")
    shown = {language: render_digest(a_digest(troubles=(trouble,)), TEMPLATES, language).text for language in LANGUAGES}
    assert "- All outlets in Albanian: 3 articles" in shown["en"]
    assert "- Сви медији (језик: албански): мање чланака" in shown["sr-Cyrl"]
    assert "- Të gjitha mediat (gjuha: shqip): më pak artikuj" in shown["sq"]


def test_english_keeps_the_findings_own_sentence() -> None:
    trouble = SourceTrouble("x", "№1", "RS", "blocked", "the outlet refuses automated visitors (403)", NOW)
    assert "№1: the outlet refuses automated visitors (403)\n" in render_digest(a_digest(troubles=(trouble,)), TEMPLATES).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_on_kosovo_stands_where_the_name_is_printed(language: str) -> None:
    note = wording(language).kosovo_note("eu")
    with_name = render_digest(a_digest((an_entry(1, "XK"),), note="eu"), TEMPLATES, language)
    for text in (_Reader(with_name.html).text, " ".join(with_name.text.split())):
        assert note in text
        assert wording(language).country("XK", "eu").upper() in text.upper()
    for without in (a_digest((an_entry(1, "XK"),)), a_digest((an_entry(1, "AL"),), note="eu")):
        assert "1244" not in render_digest(without, TEMPLATES, language).html


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_inert_in_every_language(language: str) -> None:
    made = render_digest(a_digest((an_entry(1, title='"><script>alert(1)</script>{n}{{ 7*7 }}'),)), TEMPLATES, language)
    assert "<script>" not in made.html
    assert "{n}{{ 7*7 }}" in made.text


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
    assert "Në këtë periudhë nuk u gjet asnjë publikim." in made[f"{stem}.sq.txt"].decode()
    assert "У овом периоду није пронађена ниједна објава." in made[f"{stem}.sr-Cyrl.txt"].decode()
    mails = [message_from_bytes(content, policy=policy.default) for name, content in sorted(made.items()) if name.endswith(".eml")]
    assert [str(mail["Message-ID"]) for mail in mails] == [f"<{stem}.{language}@ngo.example>" for language in ("cnr", "sq", "sr-Cyrl")]
    assert [str(mail["Content-Language"]) for mail in mails] == ["cnr", "sq", "sr-Cyrl"]
    assert make_edition(workspace) == made


def test_a_language_set_later_comes_with_the_next_edition(workspace: Path) -> None:
    made = make_edition(workspace)
    (workspace / "tracker.toml").write_text('[digest]\nlanguages = ["sq", "mk"]\nsender = "P <p@ngo.example>"\n', "utf-8")
    assert make_edition(workspace) == made


def test_an_edition_from_the_archive_does_not_claim_that_sources_answered(workspace: Path) -> None:
    text = make_edition(workspace)["digital-safety-nightly-2026-11-23-1.sq.txt"].decode()
    assert "Për këtë botim nuk u kontrollua asnjë burim" in text


def test_one_language_alone_keeps_the_plain_name(tmp_path: Path) -> None:
    assert {*make_edition(tmp_path)} == {f"digital-safety-nightly-2026-11-23-1.{ending}" for ending in ("html", "txt", "eml")}
