"""Where one sentence ends and the next begins, in news of the region."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.peers import times_of
from tracker.text.sentences import sentence_breaks


def sentences(text: str) -> list[str]:
    breaks = [0, *sentence_breaks(text), len(text)]
    return [text[start:end].strip() for start, end in itertools.pairwise(breaks)]


WHOLE = [
    "CRCA, sipas Av. Gashi, dhe TikTok.",
    "Na pl. Ivana Franje i u op. Dragaš je mirno.",
    "Više od 100 mil. Eura i 5 mlrd. Evra.",
    "Rreth 3 mln. Euro dhe dt. 5.11.2026 janë shënuar.",
    "Sa mr. sc. Anom i prim. dr. sci. Ivićem.",
    "Над 20 мил. Евра и чл. Пет од законот.",
    "Dr. Petrović, mr. Ilić i prof. Marić su rekli",
    "Z. Rama dhe znj. Kryemadhi u takuan",
    "G. Ilić, gđa Marić i gđa. Perić",
    "Firma Alfa d.o.o. Beograd i Beta d.d. Sarajevo",
    "Shoqëria Gama sh.p.k. Tiranë, p.sh. Durrës",
    "U ul. Maršala Tita br. 5. Sarajevo",
    "U ulici 11. Oktobra održan je 3. Kongres",
    "Na kraju XX. Vijeka",
    "A. Hazizaj, Dž. Bijedić, Sh. Hoxha",
    "Господин г. Петровић и др. Марковић, ул. Цара Душана",
    "Red koji je prelomljen na kraju stranice pa\nPredsednik ide dalje u istoj rečenici.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_shortenings_ordinals_and_initials_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


SEVERAL = [
    ("Došao je. Otišao je.", ["Došao je.", "Otišao je."]),
    ("Ja sam tu. Ti si tamo.", ["Ja sam tu.", "Ti si tamo."]),
    ("Bilo je to 2024. Posle toga ništa.", ["Bilo je to 2024.", "Posle toga ništa."]),
    ("Hyri në BE. Pastaj doli.", ["Hyri në BE.", "Pastaj doli."]),
    ("Тој дојде. Таа си отиде.", ["Тој дојде.", "Таа си отиде."]),
    (
        "Naslov o deci\nAgencija je objavila izveštaj o deci i mladima.",
        ["Naslov o deci", "Agencija je objavila izveštaj o deci i mladima."],
    ),
    ("Prvi pasus\n\ndrugi pasus", ["Prvi pasus", "drugi pasus"]),
    ("Šta?! „Ništa.“ Onda…  Kraj.", ["Šta?! „", "Ništa.“", "Onda…", "Kraj."]),
]


@pytest.mark.parametrize(("text", "parts"), SEVERAL)
def test_sentences_end_at_their_full_stop_and_after_a_heading(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet='aA1.. \n"„dr', max_size=80))
def test_breaks_lie_inside_the_text_in_order(text: str) -> None:
    breaks = sentence_breaks(text)
    assert breaks == sorted(set(breaks))
    assert all(0 < at <= len(text) for at in breaks)


@pytest.mark.parametrize(
    "text", ["a. " * 100_000, "A.\n" * 100_000, "." * 300_000, "x\n" * 100_000, "d.o.o." * 60_000, "." + " " * 200_000, '. "' * 90_000]
)
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    ordinary = "A sentence of seven words stands here. " * (len(text) // 39 + 1)
    assert times_of(lambda: sentence_breaks(text), lambda: sentence_breaks(ordinary)) < 50
