"""The cheap look before two pages are compared: what it calls the same the whole comparison never calls edited or gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.revisions.test_compare import PARAGRAPHS, TITLE, URL, kept, markup, opened
from tracker.model import ItemText, Seen
from tracker.revisions.alike import shows_the_same
from tracker.revisions.compare import Kept, compare_whole

LINKS = "<ul><li><a href=/1>Nova pijaca u centru</a></li><li><a href=/2>Most zatvoren do petka</a></li></ul>"
OTHER_LINKS = "<ul><li><a href=/3>Autobus menja trasu</a></li><li><a href=/1>Nova pijaca u centru</a></li><li><a href=/4>Kiša</a></li></ul>"
CARD = "<div class=card><a href=/1><img src=a.jpg><h4>Nova pijaca u centru grada od petka</h4></a></div>"
BOX = "<div class=meta><span>1.204 pregleda</span> <time>pre 3 sata</time></div>"


def same(first: str, second: str) -> bool:
    held = kept(first)
    assert held.page is not None
    return shows_the_same(held.page, held.text, opened(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (markup(), markup()),
        (markup(head=BOX), markup(head=BOX.replace("1.204", "18.930").replace("3 sata", "2 dana"))),
        (markup(beside=LINKS), markup(beside=OTHER_LINKS)),
        (markup(beside=LINKS), markup()),
        (markup(beside=CARD), markup(beside=CARD.replace("Nova pijaca u centru grada od petka", "Most preko reke zatvoren zbog radova"))),
        (markup(), markup(within="<p>Pročitajte još: <a href=/2>Nova pijaca u centru</a></p>")),
        (markup(), markup(within="<!-- ad 17 --><script>show(7 < 8)</script>")),
        (markup(), markup().replace("<body>", "<body class='day' data-x=\"1 > 2\">", 1).replace(' data-x="1 > 2"', "")),
        (markup(head="<img src=a.jpg alt=''>"), markup(head="<img src=b.jpg alt='' data-lazy=1>")),
        (markup(beside="<a href=/1?utm_source=a>Nova pijaca</a>"), markup(beside="<a href=/1?utm_source=b>Nova pijaca</a>")),
        (markup().replace("<head>", "<head><meta name=token content=1>"), markup().replace("<head>", "<head><meta name=token content=2>")),
    ],
)  # fmt: skip
def test_counters_dates_links_and_scripts_are_told_without_taking_the_page_apart(first: str, second: str) -> None:
    assert same(first, second)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 kilometara", "15 kilometara"),
        ("Marko Lukić", "Petar Ilić"),
        (f"<p>{PARAGRAPHS[2]}</p>", ""),
        ("<h1>Opština otvorila", "<h1>Opština zatvorila"),
        (f"<title>{TITLE}", "<title>Sasvim drugi naslov"),
        ("</h1>", "</h1><p class=napomena>Ispravka: pogrešan broj.</p>"),
        ("đaka.</p>", "đaka.</p><p>Ispravka</p>"),
        ("đaka.</p>", "đaka.</p><p>Gradonačelnik je kasnije podneo ostavku na funkciju.</p>"),
        ("<div class='tekst'>", "<div class='tekst' hidden>"),
        ("<div class='tekst'>", "<div class='tekst'><div style='display: none'>"),
        ("<div class='tekst'>", "<div class='tekst'><!-- "),
        ("<div class='tekst'>", "<div class='tekst'><noscript>"),
        ("<div class='tekst'>", "<div class='tekst' title=\"<script>\">"),
        ("<p>Radovi", "<p><a href=/1>Radovi"),
        (PARAGRAPHS[0], f"<a href=/1>Vest</a> {PARAGRAPHS[0]} Dodato je posle"),
        (f"<p>{PARAGRAPHS[1]}", f"<a href=/1><p></p></a><p>{PARAGRAPHS[1]} Roditelji su to odavno tražili od opštine."),
        (f"<p>{PARAGRAPHS[1]}", f"<div><a href=/1></div><p>{PARAGRAPHS[1]} Roditelji su to odavno tražili od opštine"),
    ],
)  # fmt: skip
def test_whatever_may_be_an_edit_is_left_to_the_whole_comparison(old: str, new: str) -> None:
    assert old in markup()
    assert not same(markup(), markup().replace(old, new, 1))


def test_a_text_that_a_script_puts_on_the_page_is_left_to_the_whole_comparison() -> None:
    page = f"<html><body><h1>{TITLE}</h1><div id=root></div><script>text = {list(PARAGRAPHS)!r}</script></body></html>"
    assert not same(page, page.replace("12 kilometara", "15 kilometara"))


PIECES = markup(head=BOX, beside=LINKS).split("<")[1:]
STRAY = ("<div>", "</div>", "<p hidden>x</p>", "<a href=/9>", "</a>", "<b>", "</p>", "<p>", "<script>", "</script>", "<!--", "-->", "7", "<li>Kiša</li>",
         "<span style='display:none'>", "<p>Ispravka: pogrešan broj.</p>", "<textarea>", "</h1>", "\"", "'", ">", "<svg>", "<template>")  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, len(PIECES) - 1), st.integers(0, len(PIECES) - 1), st.sampled_from(("out", "twice", "swap", *STRAY))),
        min_size=1,
        max_size=4,
    )
)
def test_no_change_of_markup_makes_the_cheap_look_miss_an_edit(changes: list[tuple[int, int, str]]) -> None:
    pieces = [f"<{piece}" for piece in PIECES]
    for at, other, change in changes:
        match change:
            case "out":
                pieces[at] = ""
            case "twice":
                pieces[at] += pieces[other]
            case "swap":
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case stray:
                pieces[at] += stray
    held, now = Kept(opened(markup(head=BOX, beside=LINKS)), ItemText(TITLE, "\n".join(PARAGRAPHS)), URL), opened("".join(pieces))
    assert held.page is not None
    if shows_the_same(held.page, held.text, now):
        assert compare_whole(held, now).seen in (Seen.UNCHANGED, Seen.NOT_LOOKED_AT)
