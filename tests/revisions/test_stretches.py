"""What stands equally in two sources is left out before they are compared tag by tag; an edit anywhere in a long page is never left out."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.revisions.test_compare import PARAGRAPHS, TITLE, URL, opened
from tracker.model import ItemText, Seen
from tracker.revisions.alike import shows_the_same
from tracker.revisions.compare import Kept, compare, compare_whole
from tracker.revisions.stretches import MOST_MEETINGS, without_equal_stretches

HEADING, CAPTION = "Gde su otvorene nove škole u dolini", "Učenici u novoj zgradi na prvom času, fotografisao Petar Ilić"
ITEMS = (
    "Osnovna škola u Gornjem Polju, u koju je upisano 210 đaka",
    "Osnovna škola u Donjem Polju, u koju je upisano 180 đaka",
    "Gimnazija u Varošu, u koju je upisano dve stotine đaka",
)
CELLS = (
    "Gornje Polje, radovi završeni u martu",
    "Donje Polje, radovi završeni u maju",
    "Varoš, radovi završeni u junu",
    "Za sve radove zajedno potrošeno je do danas 4,5 miliona",
)
TEXT = ItemText(TITLE, "\n".join((*PARAGRAPHS[:2], HEADING, *ITEMS, *CELLS, CAPTION, *PARAGRAPHS[2:])))


def article() -> str:
    first, last = ("".join(f"<p>{one}</p>" for one in some) for some in (PARAGRAPHS[:2], PARAGRAPHS[2:]))
    items = "".join(f"<li>{one}</li>" for one in ITEMS)
    rows = "".join(f"<tr><td>{one}</td><td>{other}</td></tr>" for one, other in (CELLS[:2], CELLS[2:]))
    return (
        f"<article><h1>{TITLE}</h1><div class=tekst>{first}<h2>{HEADING}</h2><ul>{items}</ul><table><tbody>{rows}</tbody></table>"
        f"<figure><img src=a.jpg><figcaption>{CAPTION}</figcaption></figure>{last}</div></article>"
    )


def page(chance: random.Random, shown: str) -> str:
    """A page of 30 KB whose menus, times and cards are others each time."""
    menu = [f"<li class=menu-item><a href=/rubrika/{n}>Rubrika broj {n} u meniju</a></li>" for n in range(60)]
    cards = [
        f"<div class=card><a href=/a/{n}><h4>Vest broj {n} o saobraćaju u gradu</h4></a><div class=meta><span class=time>"
        for n in range(60)
    ]
    at = chance.randrange(len(menu))
    chance.shuffle(cards)
    below = "".join(f"{card}{chance.randint(0, 23)}:{chance.randint(10, 59)}</span></div></div>" for card in cards[:40])
    head = f"<div class=sada>{chance.randint(10, 23)}:{chance.randint(10, 59)}</div><script>var seen = {chance.random()};</script>"
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{TITLE} | Glas</title></head><body>{head}<nav><ul>{''.join(menu[at:] + menu[:at])}</ul></nav>"
        f"<main>{shown}</main><aside>{below}</aside><footer><ul>{''.join(menu)}</ul></footer></body></html>"
    )


KEPT = Kept(opened(page(random.Random(1), article())), TEXT, URL)


def test_a_page_whose_menus_times_and_cards_moved_is_told_for_the_same() -> None:
    assert KEPT.page is not None
    for number in range(20):
        assert shows_the_same(KEPT.page, TEXT, opened(page(random.Random(number), article()))), number


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("upisano 210 đaka", "upisano 120 đaka"),  # in a list
        (f"<li>{ITEMS[1]}</li>", ""),
        (f"<li>{ITEMS[2]}</li>", f"<li>{ITEMS[2]}</li><li>Srednja škola u Varošu sa 90 đaka, otvorena prošle godine</li>"),
        ("radovi završeni u maju", "radovi nisu završeni u maju"),  # in a table
        ("danas 4,5 miliona", "danas 6,1 miliona"),
        ("fotografisao Petar Ilić", "fotografisao Jovan Perić"),  # in a caption
        (f"<h2>{HEADING}</h2>", "<h2>Gde nisu otvorene nove škole u dolini</h2>"),  # in a heading
        (f"<h1>{TITLE}", "<h1>Opština zatvorila tri stare škole"),
        ("12 kilometara", "15 kilometara"),
        ("trajali dve godine", "trajali tri godine"),
        (", saopštio je gradonačelnik Marko Lukić", ", saopšteno je"),  # a name went
        ("đaka.</p></div>", "đaka.</p><p>Ispravka: u ranijoj verziji stajao je pogrešan broj đaka.</p></div>"),
        ("đaka.</p></div>", "đaka.</p></div><p>Ispravka: u ranijoj verziji stajao je pogrešan broj đaka.</p>"),
        (f"<p>{PARAGRAPHS[2]}</p>", f"<p>{PARAGRAPHS[2]} Nadzor je koštao još 300.000 evra, piše u izveštaju.</p>"),
    ],
)  # fmt: skip
def test_an_edit_among_menus_times_and_cards_that_moved_is_told(old: str, new: str) -> None:
    assert KEPT.page is not None
    assert article().count(old) == 1
    for number in range(5):
        now = opened(page(random.Random(number), article().replace(old, new)))
        assert not shows_the_same(KEPT.page, TEXT, now)
        assert compare(KEPT, now).seen is Seen.EDITED


@pytest.mark.parametrize(
    "shown",
    [
        article().replace(f"<p>{PARAGRAPHS[2]}</p>", "").replace("<h2>", f"<p>{PARAGRAPHS[2]}</p><h2>"),
        article().replace(f"<li>{ITEMS[0]}</li>", "").replace(f"{ITEMS[2]}</li>", f"{ITEMS[2]}</li><li>{ITEMS[0]}</li>"),
    ],
)
def test_text_that_moved_is_told_as_the_whole_comparison_tells_it(shown: str) -> None:
    now = opened(page(random.Random(2), shown))
    assert compare(KEPT, now).seen is compare_whole(KEPT, now).seen


def test_another_prompt_behind_another_paragraph_moves_neither() -> None:
    """Its line end went with it, so both paragraphs differ as they are written, and stand in ranges of their own."""
    prompt = "<p><strong>Pročitajte još:</strong> <a href=/9>Nova pijaca u centru</a></p>\n"
    first, second, last = (f"<p>{one}</p>" for one in PARAGRAPHS[:3])
    above, below = f"{first}{prompt}{second}\n{last}", f"{first}\n{second}{prompt.replace('9', '7').replace('Nova', 'Stara')}{last}"
    turned = f"{first}\n{last}{prompt}{second}"
    text = ItemText(TITLE, "\n".join(PARAGRAPHS[:3]))
    pages = [opened(f"<html><body><h1>{TITLE}</h1><div>{shown}</div></body></html>") for shown in (above, below, turned)]
    assert shows_the_same(pages[0], text, pages[1])
    assert not shows_the_same(pages[0], text, pages[2])


PIECES = page(random.Random(3), article()).split("<")[1:]
STRAY = ("", "<div>", "</div>", "<a href=/9>", "</a>", "<b>", "</p>", "<p>", "<script>", "</script>", "<!--", "-->", "<!1>", "7", "<li>Kiša</li>",
         "<span>", "<p>Ispravka: pogrešan broj.</p>", "<div hidden>", "<a href=/8><h4>Sasvim nova vest o gradu</h4></a>", '"')  # fmt: skip
CHANGES = st.lists(st.tuples(st.integers(0, len(PIECES) - 1), st.booleans(), st.sampled_from(STRAY)), min_size=1, max_size=6)


def changed(changes: list[tuple[int, bool, str]]) -> str:
    pieces = [f"<{piece}" for piece in PIECES]
    for at, is_kept, stray in changes:
        pieces[at] = pieces[at] + stray if is_kept else stray
    return "".join(pieces)


@given(CHANGES, CHANGES)
def test_all_that_differs_stays_and_only_what_is_equal_goes(
    first: list[tuple[int, bool, str]], second: list[tuple[int, bool, str]]
) -> None:
    one, other = changed(first), changed(second)
    short, other_short = without_equal_stretches(one, other)
    assert len(short) < len(one) / 2
    whole, left = ([Counter(source.split("<")) for source in pair] for pair in ((one, other), (short, other_short)))
    assert whole[0] - whole[1] == left[0] - left[1]
    assert whole[1] - whole[0] == left[1] - left[0]


@given(CHANGES)
def test_no_change_of_a_long_page_makes_the_cheap_look_miss_an_edit(changes: list[tuple[int, bool, str]]) -> None:
    assert KEPT.page is not None
    now = opened(changed(changes))
    if shows_the_same(KEPT.page, TEXT, now):
        assert compare_whole(KEPT, now).seen in (Seen.UNCHANGED, Seen.NOT_LOOKED_AT)


@pytest.mark.parametrize(
    ("one", "other"),
    [("", ""), ("", "<p>a"), ("<p>a", "<p>a"), ("<p>a</p>" * 900, "<p>a</p>" * 901), ("<p>b" + "x" * 5000, "<p>c" + "x" * 5000)],
)
def test_sources_without_a_difference_or_without_an_end_are_read_too(one: str, other: str) -> None:
    short, other_short = without_equal_stretches(one, other)
    assert len(other_short) - len(short) == len(other) - len(one)


def test_of_a_page_that_differs_everywhere_the_rest_is_left_as_it_is() -> None:
    one, other = ("".join(f"<p>{number}{sign}{'x' * 3000}</p>" for number in range(2 * MOST_MEETINGS)) for sign in "ab")
    short, other_short = without_equal_stretches(one, other)
    assert one[-40_000:-5_000] in short
    assert other[-40_000:-5_000] in other_short
