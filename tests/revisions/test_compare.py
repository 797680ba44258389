"""Two readings of one page, by tables: what is no edit, what is one, and what has become of a page that shows something else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_hit, a_page
from tracker.model import ItemText, MentionChange, Seen
from tracker.revisions.blocks import Page, key_of, open_page
from tracker.revisions.compare import Kept, Verdict, compare
from tracker.revisions.difference import Side, changed_sentences, difference
from tracker.revisions.furniture import Known, learn
from tracker.revisions.meaning import Look, adds_correction, meaning
from tracker.revisions.words import is_moving_line, says_correction, says_passing, says_paywall, says_removed
from tracker.text.folding import fold

TITLE = "Opština otvorila tri nove škole"
PARAGRAPHS = (
    "Opština je juče otvorila tri nove škole u dolini, saopštio je gradonačelnik Marko Lukić.",
    "„Deca više neće putovati 12 kilometara do učionice“, rekao je on na otvaranju.",
    "Radovi su trajali dve godine i koštali 4,5 miliona evra, a nadzor je vodilo ministarstvo.",
    "Nastava u novim zgradama počinje prvog septembra za više od 600 đaka.",
)
URL = "https://zeri-i-lumit.example/lajme/skole-1"


def markup(title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS, beside: str = "", within: str = "", head: str = "") -> str:
    text = "".join(f"<p>{one}</p>" for one in paragraphs[:2]) + within + "".join(f"<p>{one}</p>" for one in paragraphs[2:])
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title} | Glas</title></head><body><nav><a href='/'>Glas</a></nav>"
        f"<h1>{title}</h1>{head}<div class='tekst'>{text}</div><div class='strana'>{beside}</div></body></html>"
    )


def opened(html: str, url: str = URL) -> Page:
    return open_page(a_page(body=html.encode(), requested_url=URL, final_url=url, content_type="text/html; charset=utf-8"))


def kept(html: str = "") -> Kept:
    return Kept(opened(html or markup()), ItemText(TITLE, "\n".join(PARAGRAPHS)), URL)


def seen(html: str, url: str = URL) -> Verdict:
    return compare(kept(), opened(html, url))


CYRILLIC = {
    TITLE: "Општина отворила три нове школе",
    PARAGRAPHS[0]: "Општина је јуче отворила три нове школе у долини, саопштио је градоначелник Марко Лукић.",
    PARAGRAPHS[1]: "„Деца више неће путовати 12 километара до учионице“, рекао је он на отварању.",
    PARAGRAPHS[2]: "Радови су трајали две године и коштали 4,5 милиона евра, а надзор је водило министарство.",
    PARAGRAPHS[3]: "Настава у новим зградама почиње првог септембра за више од 600 ђака.",
}


@pytest.mark.parametrize(
    "html",
    [
        markup(),
        markup(title=CYRILLIC[TITLE], paragraphs=tuple(CYRILLIC[one] for one in PARAGRAPHS)),
        markup(paragraphs=tuple(one.replace("„", '"').replace("“", '"').replace(", ", ",\u00a0") for one in PARAGRAPHS)),
        markup(paragraphs=tuple(one.replace(" ", "\n  ") for one in PARAGRAPHS)),
        markup(title=TITLE.upper()),
        markup(beside="<h4>Najčitanije</h4><ul><li><a href=/1>Nova pijaca</a></li></ul><p class=comment>Bravo!</p>"),
        markup(within="<div class='ad-slot'>Naruči odmah, dostava besplatna do petka u ponoć.</div>"),
        markup(within="<p>Pročitajte još: <a href=/2>Nova pijaca u centru</a></p>"),
        markup(within="<p>Lexo edhe: Tregu i ri hapet të premten</p>"),
        markup(head="<div class=info>Pregleda: 10.294 | pre 3 sata</div>"),
        markup(within="<p>Lexuar 1.290 herë</p>"),
        markup().replace("<body>", "<body><div class=cookie>Ova stranica koristi kolačiće.</div>"),
        markup().replace("<div class='tekst'>", "<main><div class='tekst novi'>").replace("<div class='strana'>", "</main><div class='strana'>"),
        markup().replace("</p><p>", "<br><br>"),
    ],
)  # fmt: skip
def test_what_moves_on_every_page_and_what_is_written_otherwise_is_no_edit(html: str) -> None:
    assert seen(html).seen is Seen.UNCHANGED


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("12 kilometara", "15 kilometara", "15 kilometara"),
        ("4,5 miliona", "5,4 miliona", "5,4 miliona"),
        ("600 đaka", "60 đaka", "60 đaka"),
        ("Marko Lukić", "Petar Ilić", "Petar Ilić"),
        ("tri nove škole u dolini", "dve nove škole u dolini", "dve nove škole"),
        (f"<p>{PARAGRAPHS[2]}</p>", "", ""),
        ("otvaranju.", "otvaranju. Roditelji su to tražili od 2019. godine.", "Roditelji"),
        ("đaka.</p>", "đaka.</p><p>Ispravka: u ranijoj verziji stajao je pogrešan broj đaka.</p>", "Ispravka"),
        ("</h1>", "</h1><p class=napomena>Исправка: у ранијој верзији стајао је погрешан број.</p>", "Исправка"),
        ("đaka.</p></div>", "đaka.</p></div><div class=note>Correction: an earlier version named the wrong month.</div>", "Correction"),
        ("neće putovati", "hoće putovati", "hoće"),
        ("<h1>Opština otvorila", "<h1>Opština zatvorila", "zatvorila"),
    ],
)  # fmt: skip
def test_the_smallest_edit_is_told_with_its_sentence(old: str, new: str, told: str) -> None:
    assert old in markup()
    verdict = seen(markup().replace(old, new))
    assert verdict.seen is Seen.EDITED
    changed = [one.text for one in changed_sentences(verdict.before, verdict.after) if one.side is Side.AFTER]
    assert not told or any(told in text for text in changed)
    assert len(changed_sentences(verdict.before, verdict.after)) <= 2


EMPTY = markup().replace("".join(f"<p>{one}</p>" for one in PARAGRAPHS), "<p>{}</p>")


@pytest.mark.parametrize(
    ("html", "url", "expected"),
    [
        (EMPTY.replace(TITLE, "Stranica nije pronađena").format("Tražena stranica ne postoji."), URL, Seen.GONE),
        (EMPTY.replace(TITLE, "Faqja nuk u gjet").format("Na vjen keq."), URL, Seen.GONE),
        (EMPTY.replace(TITLE, "Страницата не е пронајдена").format("Жалиме."), URL, Seen.GONE),
        (EMPTY.format("Članak je uklonjen na zahtev autora."), URL, Seen.GONE),
        (EMPTY.format("Статијата е избришана од порталот."), URL, Seen.GONE),
        (EMPTY.replace(TITLE, "Lajme").format("Zgjidhni një rubrikë nga lista e lajmeve të ditës në portal."), "https://zeri-i-lumit.example/lajme/", Seen.GONE),
        (EMPTY.format("Ostatak teksta dostupan je samo za pretplatnike. Prijavite se."), URL, Seen.GONE),
        (markup(paragraphs=(PARAGRAPHS[0], "Sadržaj je dostupan samo za pretplatnike. Prijavite se.")), URL, Seen.GONE),
        (EMPTY.replace(TITLE, "503 Service Unavailable").format("Try again later."), URL, Seen.NOT_LOOKED_AT),
        (EMPTY.replace(TITLE, "Sajt je u izradi").format("Vraćamo se uskoro."), URL, Seen.NOT_LOOKED_AT),
        ("<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>", URL, Seen.NOT_LOOKED_AT),
        ("", URL, Seen.NOT_LOOKED_AT),
        ("<html><body><p>x</p></body></html>", URL, Seen.NOT_LOOKED_AT),
    ],
)  # fmt: skip
def test_a_page_that_shows_something_else_is_gone_or_was_not_looked_at(html: str, url: str, expected: Seen) -> None:
    assert seen(html, url).seen is expected


def another(number: int, added: str) -> Known:
    title = f"Most broj {number} zatvoren do petka"
    lines = tuple(f"{one} Most {number}." for one in reversed(PARAGRAPHS))
    page = markup(title, lines)
    return Known(opened(page), ItemText(title, "\n".join(lines)), opened(page.replace("</div><div", f"{added}</div><div")))


def test_what_an_outlet_adds_to_all_its_pages_is_no_edit() -> None:
    added = "<p>Naša redakcija od danas radi i nedeljom, od sedam ujutru do ponoći.</p>"
    now = opened(markup().replace("</div><div", f"{added}</div><div"))
    assert compare(kept(), now).seen is Seen.EDITED
    assert compare(kept(), now, lambda: learn([another(number, added) for number in range(3)])).seen is Seen.UNCHANGED


def test_the_same_notice_on_some_pages_is_an_edit_of_each() -> None:
    added = "<p>Ispravka: u ranijoj verziji stajao je pogrešan broj.</p>"
    others = [another(number, added if number < 3 else "") for number in range(8)]
    assert compare(kept(), opened(markup().replace("</div><div", f"{added}</div><div")), lambda: learn(others)).seen is Seen.EDITED
    assert compare(kept(), opened(markup().replace("600", "60")), lambda: learn(others)).seen is Seen.EDITED


def test_a_second_edit_is_told_from_the_first() -> None:
    first = seen(markup().replace("12 kilometara", "15 kilometara"))
    assert first.after is not None
    base = Kept(opened(markup().replace("12 kilometara", "15 kilometara")), first.after, URL)
    assert compare(base, opened(markup().replace("12 kilometara", "15 kilometara"))).seen is Seen.UNCHANGED
    assert compare(base, opened(markup())).seen is Seen.EDITED


@given(st.binary(max_size=3000))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    page = open_page(a_page(body=body, requested_url=URL, final_url=URL, content_type="text/html"))
    assert compare(kept(), page).seen in Seen
    assert compare(Kept(page, ItemText("a", "b"), URL), opened(markup())).seen in Seen


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_difference_holds_every_sentence_of_both_texts(before: str, after: str) -> None:
    told = difference(ItemText("x", before), ItemText("x", after))
    assert sum(one.side is not Side.AFTER for one in told) >= 1
    same = difference(ItemText("x", before), ItemText("x", before))
    assert all(one.side is Side.BOTH for one in same)


@given(st.text(max_size=200))
def test_a_key_is_its_own_key(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("CRCA hap panairin", "Panairi u hap", {MentionChange.NAME_GONE, MentionChange.ORGANISATION_GONE, MentionChange.HEADLINE}),
        ("CRCA hap panairin", "CRCA mbyll panairin", {MentionChange.HEADLINE}),
        ("Panairi", "CRCA në panair", {MentionChange.ORGANISATION_NEW, MentionChange.HEADLINE}),
        ("Panairi", "Panairi i ri", set()),
    ],
)  # fmt: skip
def test_what_an_edit_means_for_the_mention(old: str, new: str, expected: set[MentionChange]) -> None:
    def look(text: ItemText) -> Look:
        hits = (a_hit("CRCA", term_id="org", field="title"),) if "CRCA" in text.title else ()
        return Look(bool(hits), hits)

    assert set(meaning(ItemText(old, "x"), ItemText(new, "x"), look, {"org"})) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Ispravka: pogrešno je naveden broj.", "Korrigjim: emri u shkrua gabim.", "Исправка: погрешна година.", "ISPRAVAK: kriva funkcija.",
        "Demant ministarstva na tekst", "Përgënjeshtrim nga ministria.", "Деманти: ова не е точно.", "Correction: the year was wrong.",
        "Redakcija se izvinjava, izvinjenje čitaocima.", "Sqarim i redaksisë", "Editor's note: clarified.", "Извинување до читателите.",
    ],
)  # fmt: skip
def test_a_notice_of_a_correction_is_known_in_every_language(line: str) -> None:
    assert says_correction(line)
    assert adds_correction(ItemText("x", "y"), ItemText("x", f"y\n{line}"))
    assert not adds_correction(ItemText("x", f"y\n{line}"), ItemText("x", f"y\n{line}"))


def test_words_of_faults_walls_and_counters_are_told_apart() -> None:
    assert says_removed("Vijest je obrisana")
    assert says_removed("This article is no longer available")
    assert not says_removed("Škola je otvorena")
    assert says_passing("Faqja është në mirëmbajtje")
    assert says_paywall("Vetëm për abonentë")
    assert is_moving_line("Pregleda: 1.204 | pre 3 sata")
    assert not is_moving_line("U nesreći je poginulo 12 ljudi.")


@given(st.one_of(st.text(max_size=40), st.text(alphabet="ab_ž%$€£°9.,-–\n\t\x1f čЂљ²", max_size=40)))
def test_a_key_is_the_folded_words_and_signs_of_a_text(text: str) -> None:
    assert key_of(text) == " ".join(re.findall(r"\w+|[%€$£°]", fold(text)))
