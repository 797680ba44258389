"""Items visited again by a real crawl of a press on loopback: what each visit shows, what is kept of it, and what goes out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.builders import NOW, a_link, a_verdict, some_facts
from tests.newsdesk import A_MINOR, ABOUT_ARTA, ABOUT_THE_RIVER, CAMPAIGN_ID, Newsdesk, outcomes, story_page
from tests.newsroom.press import Asked, Newsroom, Way, answer
from tests.stored import finish_link
from tracker.exports import export_changes, write_jsonl
from tracker.model import ChangeKind, Decision, Revision, RunReport
from tracker.store import frontier, revisions, revisits, verdicts
from tracker.store.schema.revisions import visits
from tracker.urls.canonical import normalise

HOST = "127.0.19.1"
SETTINGS = 'fetch.allow_networks = ["127.0.0.0/8"]\nfetch.delay_seconds = 0\nfetch.retries = 0\nextract.workers = 1\n'
PLACES = ("whole", "edited", "gone", "soft", "late", "refused", "front", "minor", "arta", "tagged", "empty", "circle")
TITLES = {place: f"Nisma e {number} për lumin {place}" for number, place in enumerate(PLACES)} | {"arta": "Arta Lumaj hap panairin"}


def served(body: bytes, **headers: str) -> Way:
    return answer(body=body, Content_Type="text/html; charset=utf-8", **headers)


def tagged(body: bytes) -> Way:
    """A page with a validator: whoever has it gets 304."""

    async def way(asked: Asked, out: asyncio.StreamWriter) -> None:
        given = {"ETag": '"one"'}
        same = asked.headers.get("if-none-match") == '"one"'
        await (answer("304 Not Modified", **given) if same else served(body, **given))(asked, out)

    return way


class WatchedDesk(Newsdesk):
    """A desk whose articles came from the newsroom."""

    newsroom: Newsroom

    def publish_at(self, place: str, page: bytes) -> None:
        self.serve(place, served(page))
        url = self.address(place)
        with self.parts.database.writing() as conn:
            frontier.add(conn, [(normalise(url) or url, a_link(url))], run_id=None, now=NOW)
            (taken,) = frontier.take(conn, limit=1, now=NOW + timedelta(seconds=1))
            facts = some_facts(requested_url=url, final_url=url, fetched_at=NOW)
            finish_link(conn, taken.id, facts, run_id=None, body=page, content_type="text/html; charset=utf-8")

    def address(self, place: str) -> str:
        return self.newsroom.address(HOST, f"/lajme/{place}-artikulli-12345")

    def serve(self, place: str, way: Way) -> None:
        self.newsroom.serve(HOST, f"/lajme/{place}-artikulli-12345", way)

    def page_of(self, place: str, *more: str) -> bytes:
        said = {"minor": (ABOUT_THE_RIVER, A_MINOR), "arta": (ABOUT_ARTA,)}.get(place, (ABOUT_THE_RIVER,))
        return story_page(TITLES[place], *said, *more)

    def changes(self) -> Mapping[str, list[Revision]]:
        by_id = {article.id: article.requested_url for article in self.articles()}
        with self.parts.database.reading() as conn:
            found = revisions.of_articles(conn, by_id)
        return {by_id[number].split("/")[-1].split("-")[0]: changes for number, changes in found.items()}

    def visit(self, days: float, **options: object) -> RunReport:
        return self.night("watch", as_of=NOW + timedelta(days=days), **options)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedDesk]:
    """Twelve items found, and visited on the first and the third day."""
    folder: Path = tmp_path_factory.mktemp("watch")
    (folder / "tracker.toml").write_text(SETTINGS, "utf-8")
    with Newsroom() as newsroom:
        made = WatchedDesk(folder)
        made.newsroom = newsroom
        for place in PLACES:
            made.publish_at(place, made.page_of(place))
        made.night("extract", "match", "group", "watch")
        made.first, made.third = _first_day(made), _third_day(made)  # type: ignore[attr-defined]
        yield made
        made.close()


def _first_day(desk: WatchedDesk) -> RunReport:
    desk.serve("edited", served(desk.page_of("edited").replace("lumë të pastër".encode(), "lumë të ndotur".encode())))
    desk.serve("gone", answer("410 Gone"))
    desk.serve("soft", served(b"<html><head><title>Faqja nuk u gjet</title></head><body><h1>Faqja nuk u gjet</h1><p>404</p></body></html>"))
    desk.serve("late", answer("503 Service Unavailable"))
    desk.serve("refused", answer("403 Forbidden"))
    desk.serve("front", answer("302 Found", Location="/"))
    desk.newsroom.serve(
        HOST, "/", served(b"<html><head><title>Portal</title></head><body><h2>Lajmet</h2><p>Te gjitha lajmet e dites.</p></body></html>")
    )
    desk.serve("minor", answer("404 Not Found"))
    desk.serve("arta", served(desk.page_of("arta").replace(b"hap panairin", b"mbyll panairin")))
    desk.serve("tagged", tagged(desk.page_of("tagged")))
    desk.serve("empty", served(b"  "))
    desk.serve("circle", served(desk.page_of("circle", "Korrigjim: emri i lumit u shkrua gabim.")))
    return desk.visit(1)


def _third_day(desk: WatchedDesk) -> RunReport:
    desk.serve("gone", served(desk.page_of("gone")))
    desk.serve("late", served(desk.page_of("late")))
    desk.serve("circle", answer("302 Found", Location="/lajme/circle-artikulli-12345"))
    return desk.visit(3)


def test_every_visit_of_a_day_has_one_outcome(desk: WatchedDesk) -> None:
    told = outcomes(desk.first, "watch")  # type: ignore[attr-defined]
    assert told == {"unchanged": 2, "edited": 3, "gone": 4, "not looked at": 3}


def test_what_changed_is_kept_with_both_texts(desk: WatchedDesk) -> None:
    (change,) = desk.changes()["edited"]
    assert change.kind is ChangeKind.EDITED
    assert change.before is not None
    assert change.after is not None
    assert "lumë të pastër" in change.before.body
    assert "lumë të ndotur" in change.after.body
    assert change.changes_for(CAMPAIGN_ID) == ("name_gone",)


def test_a_page_is_gone_by_its_status_its_words_or_where_it_leads(desk: WatchedDesk) -> None:
    kinds = {place: [change.kind for change in found] for place, found in desk.changes().items()}
    assert kinds["gone"] == [ChangeKind.GONE, ChangeKind.BACK]
    assert kinds["soft"] == kinds["front"] == kinds["minor"] == [ChangeKind.GONE]


def test_a_fault_or_a_refusal_is_no_removal_and_is_tried_again(desk: WatchedDesk) -> None:
    assert {"late", "refused", "empty", "whole", "tagged"}.isdisjoint(desk.changes())
    asked = [one.path for one in desk.newsroom.requests if "late-" in one.path]
    assert len(asked) == 2


def test_a_page_that_leads_to_itself_on_a_later_visit_is_not_looked_at(desk: WatchedDesk) -> None:
    assert [change.kind for change in desk.changes()["circle"]] == [ChangeKind.EDITED]
    assert outcomes(desk.third, "watch")["not looked at"] >= 1  # type: ignore[attr-defined]


def test_a_correction_and_a_changed_headline_are_told_for_what_they_are(desk: WatchedDesk) -> None:
    assert "correction" in desk.changes()["circle"][0].changes_for(CAMPAIGN_ID)
    assert "headline" in desk.changes()["arta"][0].changes_for(CAMPAIGN_ID)
    said = " ".join(desk.first.needs_a_person)  # type: ignore[attr-defined]
    assert "headline that names the organisation" in said
    assert "4 items are gone" in said
    assert "Arta" not in said


def test_an_unchanged_page_is_asked_for_on_a_condition(desk: WatchedDesk) -> None:
    asked = [one.headers.get("if-none-match") for one in desk.newsroom.requests if "tagged-" in one.path]
    assert asked == [None, '"one"']


def test_the_export_has_a_line_a_change_and_nothing_of_what_is_held_back(desk: WatchedDesk) -> None:
    out = BytesIO()
    export = export_changes(desk.parts.database, [CAMPAIGN_ID])
    count = write_jsonl(export, out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert count == len(rows) == 7
    assert all(list(row) == ["mention", "url", "kind", "seen_at", "before", "after"] for row in rows)
    assert export.withheld == 1
    assert not any("minor" in row["url"] for row in rows)
    assert {(row["before"] is None, row["after"] is None) for row in rows if row["kind"] == "back"} == {(True, False)}


def test_nothing_is_visited_before_its_day_and_a_run_that_is_repeated_visits_nothing(desk: WatchedDesk) -> None:
    asked = len(desk.newsroom.requests)
    assert outcomes(desk.visit(3), "watch") == {}
    assert len(desk.newsroom.requests) == asked


def test_visits_that_a_killed_night_did_not_compare_are_compared_by_the_next(desk: WatchedDesk) -> None:
    with desk.parts.database.writing() as conn:
        last = conn.execute(select(func.max(visits.c.id))).scalar_one()
        conn.execute(visits.update().where(visits.c.id == last).values(seen=None))
    assert sum(outcomes(desk.visit(3), "watch").values()) == 1
    assert outcomes(desk.visit(3), "watch") == {}


def test_what_a_person_rejected_is_visited_no_more(desk: WatchedDesk) -> None:
    with desk.parts.database.writing() as conn:
        before = len(revisits.wanted(conn, NOW, only_due=False))
        (article,) = (one for one in desk.articles() if "whole" in one.requested_url)
        verdicts.record(conn, a_verdict(article.id, Decision.REJECT))
        assert len(revisits.wanted(conn, NOW, only_due=False)) == before - 1


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, 18), (18, 66), (24, 66), (66, 162), (162, 714), (720, 2154), (2154, None), (9000, None)]
)
def test_the_next_visit_is_the_first_day_still_to_come(hours: int, expected: int | None) -> None:
    found = revisits.next_visit(NOW, NOW + timedelta(hours=hours), (1, 3, 7, 30, 90))
    assert found == (None if expected is None else NOW + timedelta(hours=expected))
