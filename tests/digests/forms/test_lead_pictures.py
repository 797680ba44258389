"""Lead pictures as forms show them: words in their place, a budget for a mail, addresses that hold them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.digests import samples
from tests.digests.full_samples import a_photo
from tracker.digests.forms.docx_parts import WordDocument
from tracker.digests.forms.html import render_report
from tracker.digests.forms.letter import letter_of
from tracker.digests.forms.palette import palette
from tracker.digests.forms.pictures import (
    MOST_MAIL_PICTURE_BYTES,
    THUMB_WIDTH,
    ClipPicture,
    attached,
    best_of,
    content_id,
    named_in,
    standing_alone,
    thumbnail,
    within,
)
from tracker.digests.forms.view import read_digest
from tracker.model import LANGUAGES, Digest, Picture
from tracker.workspace import shipped_folder


def a_picture(number: int = 1, size: int = 100) -> Picture:
    return Picture(f"{number:032x}", 600, 400, b"\xff\xd8\xff" + b"x" * (size - 3))


def pictured(digest: Digest, size: int = 40_000) -> Digest:
    shown = [entry.article.id for entry in digest.selection.shown]
    return replace(digest, lead_pictures=tuple((one, a_picture(one, size)) for one in shown))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Picture with the item: Gazeta Korabi, “"),
        ("sq", "Fotografia e publikimit: Gazeta Korabi, “"),
        ("sr-Latn", "Slika uz objavu: Gazeta Korabi, „"),
        ("sr-Cyrl", "Слика уз објаву: Gazeta Korabi, „"),
        ("mk", "Слика кон објавата: Gazeta Korabi, „"),
    ],
)
def test_words_of_the_readers_language_stand_where_pictures_are_off(language: str, words: str) -> None:
    reading = read_digest(pictured(samples.a_week()), language)
    clip = next(clip for clip in reading.clips if clip.outlet == "Gazeta Korabi")
    assert clip.lead_picture is not None
    assert clip.lead_picture.alt.startswith(words)
    assert clip.headline in clip.lead_picture.alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_outlet_and_headline(language: str) -> None:
    for clip in read_digest(pictured(samples.a_week()), language).clips:
        assert clip.lead_picture is not None
        assert clip.outlet in clip.lead_picture.alt
        assert clip.headline in clip.lead_picture.alt


def test_an_item_without_a_picture_has_none() -> None:
    assert {clip.lead_picture for clip in read_digest(samples.a_week()).clips} == {None}


def test_a_mail_holds_one_picture_that_of_the_top_story() -> None:
    digest = pictured(samples.a_week())
    top = read_digest(digest).ranked[0].first
    assert letter_of(read_digest(digest)).picture == top.lead_picture
    others = tuple(one for one in digest.lead_pictures if one[0] != digest.selection.counted[0].article.id and str(one[0]) not in top.id)
    other = letter_of(read_digest(replace(digest, lead_pictures=others))).picture
    assert other is not None
    assert other != top.lead_picture
    assert letter_of(read_digest(samples.a_week())).picture is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.integers(10, 400))), st.integers(0, 1000))
def test_a_budget_is_kept_and_what_is_shared_counts_once(rows: list[tuple[int, int, int]], budget: int) -> None:
    sizes = {number: size for _, number, size in rows}
    chosen = within([(key, a_picture(number, sizes[number])) for key, number, _ in rows], budget)
    assert sum({picture.digest: len(picture.content) for _, picture in chosen}.values()) <= budget
    assert len({key for key, _ in chosen}) == len(chosen)


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 30), st.integers(1, 40_000)), max_size=60),
    st.lists(st.sampled_from(["report", "pdf", "docx", "xlsx", "csv"]), unique=True),
    st.integers(0, 60_000),
)
def test_mail_and_all_its_documents_share_one_bound(rows: list[tuple[int, int, int]], forms: list[str], in_mail: int) -> None:
    sizes = {number: size for _, number, size in rows}
    given_ = [(key, a_picture(number, max(4, sizes[number]))) for key, number, _ in rows]
    held = sum({one.digest: len(one.content) for _, one in attached(given_, forms, in_mail)}.values())
    copies = held * (("report" in forms) * 4 / 3 + ("pdf" in forms) + ("docx" in forms))
    assert in_mail + copies <= MOST_MAIL_PICTURE_BYTES


def test_a_clipping_shows_a_small_picture_of_the_same_shape() -> None:
    large = Picture("a" * 32, 600, 400, a_photo())
    small = thumbnail(large)
    assert (small.width, small.height) == (THUMB_WIDTH, 176)
    assert small.digest != large.digest  # a mail names the large one
    assert len(small.content) < len(large.content)
    assert thumbnail(small) == small
    assert thumbnail(a_picture()) == a_picture()  # what cannot be read stays as it is


@pytest.mark.parametrize(
    ("sizes", "best"),
    [
        ([(300, 200), (600, 400)], 1),
        ([(400, 600), (300, 200)], 1),  # upright ones fill a phone
        ([(600, 200), (300, 200)], 1),  # so do strips
        ([(600, 400), (600, 400)], 0),
        ([(400, 600)], 0),
    ],
)
def test_the_best_picture_stands_for_a_story(sizes: list[tuple[int, int]], best: int) -> None:
    pictures = [ClipPicture(Picture(f"{number:032x}", *size, b"x"), "") for number, size in enumerate(sizes)]
    assert best_of(pictures) == pictures[best]


def test_a_story_shows_the_best_picture_of_all_that_carried_it() -> None:
    week = samples.a_week()
    story = read_digest(week).ranked[0]
    last = next(entry.article.id for entry in week.selection.counted if entry.mention.id == story.clips[-1].id)
    digest = replace(week, lead_pictures=((last, replace(a_picture(7), content=a_photo())),))
    shown = read_digest(digest).ranked[0].picture
    assert shown is not None
    assert letter_of(read_digest(digest)).picture == shown
    assert render_report(digest, shipped_folder("templates")).count(f'class="lead-picture" src="{shown.data}"') == 1


def test_a_mail_names_its_pictures_and_says_when_one_is_not_there_any_more() -> None:
    one, other = a_picture(1), a_picture(2)
    html = f'<img src="cid:{content_id(other)}"><img src="cid:{content_id(one)}"><img src="cid:{content_id(other)}">'
    assert named_in(html, [(1, one), (2, other), (3, a_picture(3))]) == (other, one)
    assert named_in(html, [(1, one)]) is None
    assert named_in("<p>none</p>", []) == ()
    assert named_in('<img src="cid:somebody@else.example">', []) == ()


def test_a_mail_as_a_file_holds_its_pictures() -> None:
    one = a_picture(1)
    held = standing_alone(f'<img src="cid:{content_id(one)}" alt="">', [one])
    assert held == f'<img src="data:image/jpeg;base64,{base64.b64encode(one.content).decode()}" alt="">'
    assert ClipPicture(one, "").data in held


def test_a_picture_in_a_document_has_words_in_its_place() -> None:
    from tests.extraction.test_pictures import encoded, scene

    paper = WordDocument("sq", palette(""))
    paper.lead_picture(encoded(scene(600, 400), "JPEG"), 'Fotografia: "Korabi" <i>')
    (shown,) = paper.document.inline_shapes
    assert shown._inline.docPr.get("descr") == 'Fotografia: "Korabi" <i>'
    assert paper.content() == paper.content()
