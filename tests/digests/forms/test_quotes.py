"""Quotes as readers see them: confirmed ones for all, what the program found for staff."""

from __future__ import annotations

import io

import docx
import pytest
from msgspec.structs import replace

from tests.builders import NOW, a_mention, a_verdict, an_article, an_outlet
from tests.digests.forms.printed import Page
from tracker.digests.forms.docx import render_docx
from tracker.digests.forms.html import render_report
from tracker.digests.forms.view import Reading, read_digest
from tracker.model import LANGUAGES, Audience, Digest, EditionFacts, Entry, Hit, Selection, Spokesperson, Window
from tracker.workspace import shipped_folder

ARBEN = Spokesperson("Arben Dushku", ("dushku",), "Director, Lumi Foundation", (("sq", "drejtor, Fondacioni Lumi"),))
TEXT = "Takimi u hap dje. “Fëmijët duhet të jenë të sigurt në internet”, tha Arben Dushku në Tiranë."


def an_entry(
    number: int = 1, quotes: tuple[str, ...] | None = None, *, judged: bool = True, body: str = TEXT, title: str = "Takim"
) -> Entry:
    hits = tuple(
        Hit("dushku", text.index("Arben Dushku"), text.index("Arben Dushku") + 12, "Arben Dushku", field, "as typed")
        for field, text in (("title", title), ("body", body))
        if "Arben Dushku" in text
    )
    address = f"https://press.example/{number}"
    article = an_article(number, id=number, language="sq", title=title, body=body, canonical_url=address)
    verdict = replace(a_verdict(number), quotes=quotes) if judged else None
    return Entry(replace(a_mention(number), hits=hits), article, an_outlet(), f"s{number}", verdict)


def reading(*entries: Entry, audience: Audience = Audience.PARTNERS, language: str = "en") -> Reading:
    facts = EditionFacts(time_zone="Europe/Tirane", spokespeople=(ARBEN,))
    return read_digest(Digest("rivers", "1", "weekly", str(audience), Window(NOW, NOW), NOW, Selection(counted=entries), facts), language)


CONFIRMED = ("Arben Dushku",)


@pytest.mark.parametrize(
    ("quotes", "audience", "seen"),
    [
        (CONFIRMED, Audience.PARTNERS, [True]),
        (CONFIRMED, Audience.STAFF, [True]),
        ((), Audience.PARTNERS, []),
        ((), Audience.STAFF, []),
        (None, Audience.PARTNERS, []),
        (None, Audience.STAFF, [False]),
    ],
)
def test_partners_read_what_a_person_confirmed_and_staff_what_waits_for_one(
    quotes: tuple[str, ...] | None, audience: Audience, seen: list[bool]
) -> None:
    made = reading(an_entry(quotes=quotes), audience=audience)
    assert [quote.confirmed for _, quote in made.quotes] == seen
    assert all(quote.text == "Fëmijët duhet të jenë të sigurt në internet" and quote.language == "sq" for _, quote in made.quotes)
    assert (made.confirmed_quote is not None) == (True in seen)


def test_an_item_that_nobody_judged_is_quoted_to_staff_only() -> None:
    assert len(reading(an_entry(judged=False), audience=Audience.STAFF).quotes) == 1
    assert reading(an_entry(judged=False)).quotes == ()


def test_a_person_who_confirms_what_the_program_did_not_find_is_believed_and_no_words_are_made_up() -> None:
    made = reading(an_entry(quotes=CONFIRMED, body="Foli Arben Dushku, pa u cituar."))
    assert made.quotes == ()
    assert [(line.quoted, line.items) for line in made.quoted] == [(1, 1)]


def test_lines_of_spokespeople_tell_quoted_from_named() -> None:
    made = reading(an_entry(1, CONFIRMED), an_entry(2), an_entry(3, ()))
    assert [(line.name, line.counted) for line in made.quoted] == [("Arben Dushku", "quoted in 1 item; named in 3 items")]
    assert [line.counted for line in reading(an_entry(2)).quoted] == ["named in 1 item"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_words(language: str) -> None:
    made = reading(an_entry(1, CONFIRMED), an_entry(2, CONFIRMED), an_entry(5), language=language)
    (line,) = made.quoted
    assert "2" in line.counted
    assert "3" in line.counted
    assert made.say("quote_title") != made.say("quote_found")


def test_confirmed_quotes_come_first_and_a_headline_is_read_too() -> None:
    staff = reading(
        an_entry(1),
        an_entry(2, CONFIRMED, body="Pa citim.", title="Arben Dushku: “Fëmijët duhet të jenë të sigurt”"),
        audience=Audience.STAFF,
    )
    assert [(clip.id, quote.confirmed, quote.text) for clip, quote in staff.quotes] == [
        (staff.clips[1].id, True, "Fëmijët duhet të jenë të sigurt"),
        (staff.clips[0].id, False, "Fëmijët duhet të jenë të sigurt në internet"),
    ]


def test_words_from_outside_are_cut_and_cleaned() -> None:
    long = "Fëmijët " + "duhet të jenë të sigurt " * 30
    made = reading(an_entry(quotes=CONFIRMED, body=f"“{long}\u202e”, tha Arben Dushku."))
    ((_, quote),) = made.quotes
    assert len(quote.text) <= 320
    assert "\u202e" not in quote.text


@pytest.mark.parametrize(
    ("audience", "quotes", "shown"),
    [(Audience.PARTNERS, ("Arben Dushku",), True), (Audience.PARTNERS, None, False), (Audience.STAFF, None, True)],
)
def test_report_and_document_print_a_quote_with_its_speaker_and_say_when_nobody_confirmed_it(
    audience: Audience, quotes: tuple[str, ...] | None, shown: bool
) -> None:
    made = reading(an_entry(quotes=quotes), audience=audience)
    page = Page(render_report(made.digest, shipped_folder("templates"))).text
    words = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(render_docx(made))).paragraphs)
    for text in (page, words):
        assert ("Director, Lumi Foundation · Zëri i Lumit, " in text) is shown
        assert ("not yet confirmed" in text) is (shown and quotes is None)
    assert ("Quote" in page.splitlines()) is (quotes is not None)


@pytest.mark.parametrize(("language", "number"), [("en", 1), ("sq", 1), ("hr", 2), ("sr-Cyrl", 2), ("mk", 1)])
def test_the_quote_of_the_mail_is_in_a_language_of_its_readers_where_there_is_one(language: str, number: int) -> None:
    bosnian = an_entry(2, CONFIRMED, body="„Deca moraju da budu bezbedna na internetu“, rekao je Arben Dushku.")
    bosnian = replace(bosnian, article=replace(bosnian.article, language="bs"))
    chosen = reading(an_entry(1, CONFIRMED), bosnian, language=language).confirmed_quote
    assert chosen is not None
    assert chosen[0].link == f"https://press.example/{number}"
