"""Sources on the desk: what needs a person first; only what the register has can be asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, a_poll, an_outlet, some_facts
from tests.review.web.visiting import Staff
from tracker.model import FetchOutcome, SiteFile, Source, SourceKind, TermsSaid, TermsVia
from tracker.review.web import waiting
from tracker.review.web.pages import sources
from tracker.store import registers, terms

FEED = "zeri-i-lumit:feed:1"


def refused(staff: Staff) -> None:
    facts = some_facts(FetchOutcome.BLOCKED, fetched_at=NOW - timedelta(hours=1))
    with staff.parts.database.writing() as conn:
        registers.record_poll(conn, None, a_poll(source_id="fjala-e-malit:feed:1", facts=facts))
        registers.record_poll(conn, None, a_poll(listed=7, facts=some_facts(fetched_at=NOW - timedelta(hours=1))), new_links=3)


def test_what_needs_a_person_stands_first_with_the_answer_in_the_reader_s_words(staff: Staff) -> None:
    refused(staff)
    text = staff.enters("reader").get("/sources").text
    assert text.index("Fjala e Malit") < text.index("Zëri i Lumit")
    assert "the outlet refuses automated visitors" in text
    assert "7 items listed" in text
    assert "3 items in 30 days, at most 3 a day" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [("country=XK", {"Fjala e Malit"}), ("state=blocked", {"Fjala e Malit"}), ("q=zeri", {"Zëri i Lumit"}), ("q=nobody", set[str]())],
)
def test_filters_stand_in_the_address(staff: Staff, query: str, shown: set[str]) -> None:
    refused(staff)
    text = staff.enters("reader").get(f"/sources?{query}").text
    assert {name for name in ("Fjala e Malit", "Zëri i Lumit") if name in text} == shown


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "x", "1e3", "²"])
def test_a_page_that_is_none_is_the_nearest(staff: Staff, page: str) -> None:
    assert staff.enters("reader").get("/sources", query_string={"page": page}).status_code == 200


def test_a_source_is_switched_off_and_on_by_an_administrator(staff: Staff) -> None:
    boss = staff.enters("administrator")
    for on in ("0", "1"):
        answer = boss.send("/sources/switch", {"source": FEED, "on": on, "back": "/sources?country=AL"}, page="/sources")
        assert (answer.status_code, answer.location) == (303, "/sources?country=AL")
        with staff.parts.database.reading() as conn:
            (state,) = (one for one in registers.states(conn) if one.source.id == FEED)
        assert state.enabled == (on == "1")
    assert "is watched from now on" in boss.get("/sources").text


@pytest.mark.parametrize("source", ["", "https://169.254.169.254/latest", "file:///etc/passwd", "nobody:feed:1"])
def test_nothing_but_the_register_s_sources_can_be_asked(staff: Staff, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(sources, "check_sources", lambda *given: asked.append(given))
    answer = staff.enters("administrator").send("/sources/check", {"source": source}, page="/sources")
    assert (answer.status_code, asked) == (404, [])


def test_a_second_check_at_the_same_time_is_told_to_wait(staff: Staff) -> None:
    boss = staff.enters("administrator")
    with waiting.alone():
        boss.send("/sources/check", {"source": FEED}, page="/sources")
    assert "Something is being fetched at the moment" in boss.get("/sources").text


def test_back_leads_nowhere_but_to_the_desk(staff: Staff) -> None:
    answer = staff.enters("administrator").send(
        "/sources/switch", {"source": FEED, "on": "1", "back": "https://evil.example/"}, page="/sources"
    )
    assert answer.location == "/sources"


def test_a_reader_sees_no_buttons(staff: Staff) -> None:
    assert "sources/switch" not in staff.enters("reader").get("/sources").text


def test_channels_that_fail_together_are_one_line_that_leads_to_them(staff: Staff) -> None:
    outlets = [an_outlet(id=f"tv{n}", name=f"Televizija {n}", homepage=f"https://tv{n}.example/") for n in range(4)]
    channels = [
        Source(f"tv{n}:channel:1", f"tv{n}", SourceKind.CHANNEL, f"https://www.youtube.com/feeds/videos.xml?channel_id={n}")
        for n in range(4)
    ]
    facts = some_facts(FetchOutcome.SERVER_ERROR, fetched_at=NOW - timedelta(hours=1))
    with staff.parts.database.writing() as conn:
        registers.replace(conn, outlets, channels, NOW)
        for one in channels:
            registers.record_poll(conn, None, a_poll(source_id=one.id, facts=facts))
    visitor = staff.enters("reader")
    text = visitor.get("/sources").text
    assert "4 of 4 channels of youtube.com fail together" in text
    assert "Televizija" not in text
    assert visitor.get("/sources?q=youtube.com").text.count("Televizija") >= 4


def test_what_a_site_says_to_machines_stands_with_its_sources(staff: Staff) -> None:
    reserves = SiteFile(TermsVia.TDMREP, "read", NOW, TermsSaid.RESERVED, (("/arkiva/<b>", "reserved", ""),))
    robots = SiteFile(TermsVia.ROBOTS, "read", NOW, TermsSaid.REFUSED, (("crawl-delay", "30", ""),))
    with staff.parts.database.writing() as conn:
        terms.note_file(conn, "zeri-i-lumit", reserves, None)
        terms.note_file(conn, "zeri-i-lumit", robots, None)
    text = staff.enters("reader").get("/sources?q=zeri").text
    assert "reserves pages against text and data mining" in text
    assert "keeps us away" in text
    assert "/arkiva/&lt;b&gt;" in text
    assert "crawl-delay: 30" in text
