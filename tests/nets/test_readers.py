"""Files and answers of second nets, whole and wrong: each ends in one outcome, and no bytes raise."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nets import gdelt_doc, mediacloud, wayback
from tracker.nets.answers import AnswerOutcome
from tracker.nets.gdelt_list import FileOutcome, LineOutcome, name_of, read_list
from tracker.nets.listing import MAX_SENTENCE_CHARS, Net, listing, moment_of
from tracker.nets.minutes import Before, due, is_due

HOSTS = frozenset({"lumi.example", "old-lumi.example"})
NOW = datetime(2026, 11, 27, 2, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def record(url: str = "https://lumi.example/lajme/1-a-b-c", **fields: object) -> bytes:
    return json.dumps({"date": "2026-11-27T01:00:00Z", "url": url, "title": "Lumi doli", "desc": "Fjali. Tjetër."} | fields).encode()


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://www.lumi.example/1", True),
        ("http://SPORT.lumi.example:8080/1", True),
        ("https://m.old-lumi.example/1", True),
        ("https://notlumi.example/1", False),
        ("https://lumi.example.evil.test/1", False),
        ("https://evil.test/?u=https://lumi.example/1", False),
    ],
)
def test_a_line_is_ours_by_its_own_host(url: str, ours: bool) -> None:
    reading = read_list(record(url), HOSTS)
    assert (len(reading.listings), dict(reading.lines)) == ((1, {}) if ours else (0, {LineOutcome.ELSEWHERE: 1}))


def test_escaped_slashes_and_all_members_of_an_archive_are_read() -> None:
    escaped = record().replace(b"/", b"\\/")
    body = gzip.compress(escaped + b"\n") + gzip.compress(record("https://lumi.example/2"))
    reading = read_list(body, HOSTS)
    assert (reading.outcome, len(reading.listings)) == (FileOutcome.READ, 2)


@pytest.mark.parametrize(
    ("body", "outcome", "listed"),
    [
        (b"", FileOutcome.EMPTY, 0),
        (gzip.compress(b"\n \n", mtime=0), FileOutcome.EMPTY, 0),
        (b"<html>not here</html>", FileOutcome.NOT_A_LIST, 0),
        (gzip.compress(b"{broken\n[]", mtime=0), FileOutcome.NOT_A_LIST, 0),
        (b"\x1f\x8bgarbage", FileOutcome.BROKEN, 0),
        (gzip.compress(record() + b"\nnonsense\n" + record("https://lumi.example/2"), mtime=0), FileOutcome.READ, 2),
        (record(), FileOutcome.READ, 1),
    ],
)
def test_a_file_ends_in_one_outcome(body: bytes, outcome: FileOutcome, listed: int) -> None:
    reading = read_list(body, HOSTS)
    assert (reading.outcome, len(reading.listings)) == (outcome, listed)


def test_half_an_archive_gives_what_came_before_its_end() -> None:
    whole = gzip.compress(b"\n".join(record(f"https://lumi.example/{hash(str(n))}-{n}") for n in range(3000)))
    reading = read_list(whole[: len(whole) // 2], HOSTS)
    assert reading.outcome is FileOutcome.BROKEN
    assert 500 < len(reading.listings) < 3000


def test_a_bomb_ends_at_the_bound_and_a_line_without_end_is_one_wrong_line() -> None:
    bomb = gzip.compress(b"0" * (40 << 20))
    reading = read_list(bomb, HOSTS, max_bytes=8 << 20)
    assert (reading.outcome, reading.listings, reading.total) == (FileOutcome.TOO_LARGE, (), 1)


@given(body=st.binary(max_size=400) | st.binary(max_size=300).map(gzip.compress))
def test_no_bytes_raise(body: bytes) -> None:
    read_list(body, HOSTS)
    for status in (200, 403, 429, None):
        gdelt_doc.read_answer(body, status)
        mediacloud.read_answer(body, status)
        wayback.read_answer(body, status)


@given(
    lines=st.lists(
        st.dictionaries(st.sampled_from(["url", "title", "desc", "date", "lang", "outletName"]), st.none() | st.text() | st.integers())
    )
)
def test_every_line_of_any_records_is_counted(lines: list[dict[str, object]]) -> None:
    body = b"\n".join(json.dumps(one).encode() for one in lines)
    assert read_list(body, HOSTS).total == len(lines)


@given(title=st.text(), text=st.text(max_size=3000))
def test_at_most_a_headline_and_a_sentence_are_kept_without_markup(title: str, text: str) -> None:
    made = listing(Net.GDELT, "https://lumi.example/1", f"<b>{title}</b>", text)
    assert len(made.title) <= 300
    assert len(made.sentence) <= MAX_SENTENCE_CHARS + 1
    assert "<b>" not in made.title
    assert made.title.isprintable() or not made.title.isascii()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20261127010000", datetime(2026, 11, 27, 1, tzinfo=UTC)),
        ("20261127T010000Z", datetime(2026, 11, 27, 1, tzinfo=UTC)),
        ("2026-11-27T01:00:00Z", datetime(2026, 11, 27, 1, tzinfo=UTC)),
        ("2026-11-27 01:00:00.123", datetime(2026, 11, 27, 1, tzinfo=UTC)),
        ("2026-11-27", datetime(2026, 11, 27, tzinfo=UTC)),
        ("2026-13-27", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments_are_read_as_the_nets_write_them(text: str, moment: datetime | None) -> None:
    assert moment_of(text) == moment


def doc(*articles: object) -> bytes:
    return json.dumps({"articles": articles}).encode()


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        (b"{}", 200, AnswerOutcome.EMPTY),
        (b"", 200, AnswerOutcome.EMPTY),
        (b"Please limit requests to one every 5 seconds or contact us for larger queries.", 200, AnswerOutcome.LIMITED),
        (b"Please limit requests to one every 5 seconds.", 429, AnswerOutcome.LIMITED),
        (b"The specified phrase is too short.", 200, AnswerOutcome.REFUSED),
        (b'{"articles": [', 200, AnswerOutcome.BROKEN),
        (doc({"url": "javascript:1"}), 200, AnswerOutcome.BROKEN),
        (doc({"url": "https://lumi.example/1", "title": "Lumi", "seendate": "20261101T060000Z"}, 3), 200, AnswerOutcome.READ),
    ],
)
def test_answers_of_doc_in_data_and_in_words(body: bytes, status: int, outcome: AnswerOutcome) -> None:
    assert gdelt_doc.read_answer(body, status).outcome is outcome


def test_doc_is_asked_for_three_months_at_most_and_by_domain_alone() -> None:
    spans = [*gdelt_doc.slices(NOW - timedelta(days=400), NOW, NOW)]
    assert (spans[0][1], spans[-1][0]) == (NOW, NOW - gdelt_doc.REACHES_BACK)
    assert all(earlier[0] == later[1] for earlier, later in pairwise(spans))
    assert "query=domainis%3Alumi.example&" in gdelt_doc.address("https://d.example/doc", "lumi.example", *spans[0])
    full = doc(*({"url": f"https://lumi.example/{n}", "title": "Lumi"} for n in range(250)))
    assert gdelt_doc.read_answer(full).is_full


def test_stories_come_page_after_page_and_the_key_stands_in_no_address() -> None:
    body = json.dumps(
        {"stories": [{"url": "https://lumi.example/1", "title": "Lumi | Zëri", "media_name": "Zëri"}], "pagination_token": "t"}
    )
    answer = mediacloud.read_answer(body.encode())
    assert (answer.outcome, answer.following, answer.listings[0].title) == (AnswerOutcome.READ, "t", "Lumi")
    assert mediacloud.read_answer(b'{"detail": "Invalid token."}', 401).outcome is AnswerOutcome.REFUSED
    assert mediacloud.read_answer(b'{"detail": "Request was throttled."}', 429).outcome is AnswerOutcome.LIMITED
    asked = mediacloud.address("https://m.example/api", ["lumi.example"], date(2026, 11, 1), date(2026, 11, 2), (38379429,), "t")
    assert asked.startswith("https://m.example/api/search/story-list?q=canonical_domain")
    assert asked.endswith("cs=38379429&pagination_token=t")


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        (b'{"status": "error", "note": "Must have at least one of \'ss\' or \'cs\' parameters"}', 400, AnswerOutcome.REFUSED),
        (b'{"status": "error", "note": "Over quota"}', 422, AnswerOutcome.REFUSED),
        (b'{"status": "error", "note": "Over quota"}', 200, AnswerOutcome.REFUSED),
        (b'{"status": "error", "note": "ratelimited"}', 429, AnswerOutcome.LIMITED),
        (b'{"stories": []}', 200, AnswerOutcome.EMPTY),
        (b'{"stories": [1, {"url": 5}, {"title": "x"}]}', 200, AnswerOutcome.BROKEN),
        (b'{"stories": {}}', 200, AnswerOutcome.BROKEN),
        (b'{"stories": [', 200, AnswerOutcome.BROKEN),
        (b"", 200, AnswerOutcome.EMPTY),
        (b"<html>Gateway</html>", 200, AnswerOutcome.REFUSED),
    ],
)
def test_media_clouds_own_ways_to_say_no_are_told_apart(body: bytes, status: int, outcome: AnswerOutcome) -> None:
    assert mediacloud.read_answer(body, status).outcome is outcome


def test_a_list_of_captures_that_was_cut_says_how_to_go_on() -> None:
    rows = [["original", "timestamp"], ["http://lumi.example/lajme/123456", "20261101060000"], [], ["example%2Clumi%29%2Fb+20261101%21"]]
    answer = wayback.read_answer(json.dumps(rows).encode())
    assert (len(answer.listings), answer.wrong, answer.following) == (1, 0, "example,lumi)/b 20261101!")
    asked = wayback.address("https://cdx.example/cdx", "lumi.example", date(2026, 11, 1), date(2026, 11, 2), answer.following)
    assert asked.endswith("&showResumeKey=true&resumeKey=example%2Clumi%29%2Fb+20261101%21")
    for odd in ([["original", "timestamp"], [], ["x" * 9999]], [[], ["x", "y"]], [["x"], ["y"]], [[]], [[], []]):
        assert wayback.read_answer(json.dumps(odd).encode()).following == ""


def test_200_000_lines_are_read_within_the_bounds_of_memory_and_each_is_counted() -> None:
    lines = b"\n".join([record("https://elsewhere.example/1")] * 199_998 + [record()] * 2)
    reading = read_list(gzip.compress(lines, 1), HOSTS)
    assert (reading.outcome, len(reading.listings), reading.total) == (FileOutcome.READ, 2, 200_000)
    stories = b'{"stories": [' + b",".join([b'{"url": "https://lumi.example/1", "title": "Lumi"}'] * 200_000) + b"]}"
    assert len(mediacloud.read_answer(stories).listings) <= 5000
    captures = b'[["original","timestamp"]' + b',["http://lumi.example/lajme/123456","20261101060000"]' * 200_000 + b"]"
    assert len(wayback.read_answer(captures).listings) <= wayback.MOST_ROWS


def test_captures_are_addresses_of_articles_without_headlines() -> None:
    rows = [["original", "timestamp"], ["http://lumi.example:80/lajme/uji-u-ngrit-mbi-shtrat", "20261101060000"], ["bad"], ["x", 3]]
    answer = wayback.read_answer(json.dumps(rows).encode())
    assert ([one.url for one in answer.listings], answer.wrong) == (["http://lumi.example/lajme/uji-u-ngrit-mbi-shtrat"], 2)
    assert [
        wayback.may_be_article(f"https://lumi.example{path}") for path in ("/lajme/123456", "/tag/a-b-c-d/", "/lajme", "/a-b-c-d.jpg")
    ] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (Before(NOW - 30 * MINUTE, 1, is_read=True, is_missing=False), False),
        (Before(NOW - 118 * MINUTE, 1, is_read=False, is_missing=True), True),
        (Before(NOW - 90 * MINUTE, 2, is_read=False, is_missing=True), True),
        (Before(NOW, 1, is_read=False, is_missing=True), False),
        (Before(NOW - 10 * MINUTE, 3, is_read=False, is_missing=False), True),
        (Before(NOW - 10 * MINUTE, 8, is_read=False, is_missing=False), False),
    ],
)
def test_a_file_that_is_missing_is_asked_for_again_and_one_that_was_read_is_not(before: Before, again: bool) -> None:
    assert is_due((NOW - 120 * MINUTE).replace(second=0), before, NOW) is again


@pytest.mark.parametrize("every", [11, 47, 90, 24 * 60])
def test_a_file_that_comes_within_a_day_is_found_and_none_is_asked_for_often(every: int) -> None:
    minute, late = NOW.replace(second=0) + MINUTE, timedelta(hours=20)
    known: dict[str, Before] = {}
    at, tries = minute, 0
    while at < minute + timedelta(hours=50):
        at += every * MINUTE
        if minute in due(at, timedelta(hours=25), known, name_of):
            tries += 1
            known[name_of(minute)] = Before(at, tries, is_read=at >= minute + late, is_missing=at < minute + late)
    assert known[name_of(minute)].is_read
    assert tries <= 5
