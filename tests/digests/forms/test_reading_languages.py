"""What all forms print, in eight languages: the same numbers and links, and no word of ours left in another language or script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from tests import builders
from tracker.digests.figures import Figures
from tracker.digests.forms.view import Reading, read_digest
from tracker.locale.cyrillic import KEPT_LATIN
from tracker.locale.wording import Wording, wording
from tracker.model import (
    LANGUAGES,
    Article,
    Branding,
    Cell,
    Depth,
    Digest,
    EditionFacts,
    EditionKind,
    Entry,
    FetchOutcome,
    Hit,
    KeyMessage,
    Medium,
    Mention,
    Objective,
    Outcome,
    Outlet,
    Period,
    Prominence,
    Published,
    Selection,
    SourceTrouble,
    Spokesperson,
    Tone,
    Window,
    Withdrawn,
)

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
COUNTRIES = ("AL", "BA", "XK", "ME", "MK", "RS")
KINDS = ("agency", "broadcaster", "daily", "weekly", "portal", "investigative", "radio", "local", "specialist", "regional")
OUTCOMES = [*(str(one) for one in FetchOutcome if not one.succeeded), "silent", "lost", "outrun"]

CELL = Cell("AL", "sq", "o", 3, True, (("mixed", 1), ("positive", 1)), (("1", 30),), 40)
PERIODS = tuple(
    Period(Window(NOW - timedelta(days=37 + 7 * n), NOW - timedelta(days=30 + 7 * n)), 3, (("AL", 3),), (CELL,), 2) for n in (2, 1, 0)
)


def an_entry(number: int) -> Entry:
    """An item whose own words are digits, so that any letter of the reading is ours."""
    address = f"https://news.example/{number}"
    media, places = [Medium.ONLINE, Medium.ONLINE, *Medium], ["", *Prominence]
    medium = media[number % len(media)]
    hits = (Hit("t", 0, 3, "123", "title" if number % 2 else "body"),)
    return Entry(
        mention=Mention(f"m{number}", "c", number, "campaign", hits, key_messages=("1",)),
        article=Article(
            "o", address, address, "123", "123 456", NOW, Depth.EXTRACTED, Published(NOW - timedelta(days=number)), ("77",), "sq", id=number
        ),
        outlet=Outlet(
            f"o{number}", f"№{number}", address, (*COUNTRIES, "XB")[number % 7], ("sq",), kind=KINDS[number % 10], tier=number % 4
        ),
        story_key=f"s{number // 2}",
        verdict=builders.a_verdict(number, tone=[*Tone][number % 4], prominence=places[number % 5], key_messages=("1",))
        if number % 3
        else None,
        hand=None
        if medium is Medium.ONLINE
        else builders.a_hand_item(number, medium=medium, reach=1200, reach_source="55", reach_on="2026-11-01"),
    )


def a_digest(kind: str = "weekly", *, empty: bool = False) -> Digest:
    entries = () if empty else tuple(an_entry(number) for number in range(1, 23))
    facts = EditionFacts(
        troubles=()
        if empty
        else tuple(SourceTrouble(f"x{n}", f"№{n}", "RS", outcome, "", NOW - timedelta(days=9)) for n, outcome in enumerate(OUTCOMES)),
        sources_watched=0 if empty else 1320,
        sources_answered=1299,
        items_looked_at=20450,
        sources_unseen=0 if empty else 3,
        windows_outrun=0 if empty else 2,
        windows_repaired=1,
        outrun_names=() if empty else ("№1",),
        known_items=0 if empty else 20,
        known_found=17,
        campaign_name="2026",
        countries=COUNTRIES,
        time_zone="Europe/Tirane",
        kosovo_note="eu",
        key_messages=(KeyMessage("1", "111", "q"),),
        spokespeople=(Spokesperson("88", ("t",), "99"),),
        objectives=(Objective("44", (), "countries", 6, (Outcome("45", "46", "47", "2026-10-01"),)),),
        branding=Branding(funding=(("en", "66"),), contact="press@ngo.example"),
        failed_deliveries=2,
    )
    return Digest(
        "c",
        "0" * 16,
        kind,
        "staff",
        Window(NOW - timedelta(days=30), NOW),
        NOW,
        facts=facts,
        edition_id=7,
        approved_by="31",
        selection=Selection(counted=entries, organisation=entries[:1], context=entries[:1], own_channels=entries[:1], held=3),
        withdrawn=() if empty else (Withdrawn("33", "34", "weekly", NOW), Withdrawn("", "", "weekly", NOW)),
        before=None if empty else PERIODS[-1],
        trend=() if empty else PERIODS,
        since_start=None if empty else PERIODS[0],
    )


def texts(value: Any) -> Iterator[str]:
    """Every text that a form may print of a reading."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif isinstance(value, Struct) and not isinstance(value, Digest | Figures | Wording):
        for field in fields(value):
            if field.name not in (
                "digest",
                "figures",
                "words",
                "language",
                "code",
                "tone_code",
                "medium_code",
                "rank",
                "country_code",
                "headline_language",
                "id",
                "key",
                "story",
                "link",
            ):
                yield from texts(getattr(value, field.name))


@lru_cache(maxsize=32)
def a_reading(language: str, kind: str = "weekly", *, empty: bool = False) -> Reading:
    return read_digest(a_digest(kind, empty=empty), language)


def shown(language: str, *, empty: bool = False) -> str:
    return "\n".join(texts(a_reading(language, empty=empty)))


def numbers(language: str, *, empty: bool = False) -> list[int]:
    """The numbers that are left when every date, which languages write differently, is taken out."""
    months = "|".join(wording(language).month(number) for number in range(1, 13))
    dates = rf"(?:\d{{1,2}}\.?\s*–\s*)?\d{{1,2}}\.? (?:{months})(?: 2026\.?)?|\d\d:\d\d"
    bare = re.sub(dates, " ", shown(language, empty=empty))
    return sorted(int(re.sub(r"\D", "", found)) for found in re.findall(r"\d+(?:[.,\u00a0\u202f]\d{3})*", bare))


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
@pytest.mark.parametrize("empty", [False, True])
def test_all_languages_say_the_same_numbers(language: str, empty: bool) -> None:
    assert numbers(language, empty=empty) == numbers("en", empty=empty)


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
@pytest.mark.parametrize("empty", [False, True])
def test_no_english_is_left(language: str, empty: bool) -> None:
    bare = re.sub(r"press@ngo\.example", " ", shown(language, empty=empty))
    assert not re.search(r"\b(the|of|and|not|items?|outlets?|stor(y|ies)|sources?|digest|English|unknown|week)\b", bare, re.IGNORECASE)


@pytest.mark.parametrize("language", ["sr-Cyrl", "mk"])
def test_cyrillic_has_latin_letters_in_kept_names_alone(language: str) -> None:
    kept = "|".join(["PressCoverageTracker", r"press@ngo\.example", *map(re.escape, KEPT_LATIN)])
    assert re.findall("[A-Za-zčćžšđëç]+", re.sub(kept, " ", shown(language))) == []


@pytest.mark.parametrize("kind", EditionKind)
def test_every_kind_of_edition_has_a_title_of_its_own_in_every_language(kind: EditionKind) -> None:
    for language in LANGUAGES:
        titles = {a_reading(language, other).title for other in EditionKind}
        assert len(titles) == len(EditionKind), language
        assert a_reading(language, kind).title == wording(language).say(f"title_{kind}")


def test_the_facts_of_a_full_edition_are_all_told() -> None:
    said = shown("sr-Latn")
    for sentence in (
        "3 objave možda otkrivaju identitet deteta",
        "2 pregleda nisu isporučena",
        "Objavljeno u ovom periodu: 22; prethodne sedmice: 3.",
        "Povučeno: „33“, 34",
        "Jedna objava povučena je radi zaštite deteta",
        "cilj: 6; do sada: 1 (u ovom periodu: 6)",
        "45: 46 (izvor: 47, 1. oktobra 2026.)",
        "Doseg: 1.200 (55, 1. novembra 2026.)",
        "pominje se u 22 objave",
        "Odobrenje: 31",
        "Pronađeno poznatih objava: 17 od 20.",
        "66",
    ):
        assert sentence in said, sentence


def test_a_campaign_bears_its_name_in_the_readers_language() -> None:
    names = (("sq", "Lumenj të pastër"), ("sr-Latn", "Čiste reke uz Google"))
    digest = a_digest()
    named = replace(digest, facts=replace(digest.facts, campaign_name="Clean rivers", campaign_names=names))
    assert {language: read_digest(named, language).campaign for language in LANGUAGES} == {
        "en": "Clean rivers",
        "sq": "Lumenj të pastër",
        "sr-Latn": "Čiste reke uz Google",
        "sr-Cyrl": "Чисте реке уз Google",
        "bs": "Čiste reke uz Google",
        "hr": "Čiste reke uz Google",
        "cnr": "Čiste reke uz Google",
        "mk": "Clean rivers",
    }
