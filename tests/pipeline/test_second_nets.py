"""Nights with second nets: what an outlet lets us read is fetched, what it refuses is listed apart, and nobody is asked twice."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.builders import a_source, an_outlet
from tests.newsdesk import ABOUT_THE_RIVER, CAMPAIGN, CAMPAIGN_ID, RIVER, story_page, unbalanced
from tests.newsroom.press import Newsroom, answer, feed
from tracker.model import RunReport
from tracker.nets.gdelt_list import name_of
from tracker.pipeline import shared_crawl
from tracker.pipeline.backfill import BackfillOptions, run_backfill
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.store import entries, frontier, listings, mentions, registers
from tracker.workspace import Parts, open_parts

NET, OPEN, CLOSED, SHUT = "127.0.23.1", "127.0.23.2", "127.0.23.3", "127.0.23.4"
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SETTINGS = """fetch.allow_networks = ["127.0.0.0/8"]
fetch.delay_seconds = 0
fetch.timeout_seconds = 20
extract.workers = 1
nets.gdelt.enabled = true
nets.gdelt.hours_back = 1
nets.gdelt.base_url = "{net}"
"""


def line(url: str, title: str, desc: str = "", **fields: Any) -> str:
    return json.dumps({"date": "2026-11-23T00:30:00Z", "url": url, "title": title, "desc": desc, "domain": "x", "lang": "sq"} | fields)


def packed(*lines: str) -> bytes:
    return gzip.compress("\n".join(lines).encode())


@dataclass
class Press:
    """Outlets on loopback: one lets us in, one answers 403 to everything, one refuses by robots.txt; and a net that lists all three."""

    newsroom: Newsroom
    parts: Parts
    reports: list[RunReport] = field(default_factory=list)

    def night(self, at: datetime = AT, **options: Any) -> RunReport:
        report = run_night(self.parts, NightOptions(as_of=at, **options))
        self.reports.append(report)
        return report

    def lists(self, *lines: str, minute: datetime = AT - timedelta(minutes=20), body: bytes | None = None) -> None:
        self.newsroom.serve(NET, f"/gal/{name_of(minute)}", answer(body=packed(*lines) if body is None else body))

    def listed(self) -> list[listings.Listed]:
        with self.parts.database.reading() as conn:
            return [*listings.every(conn)]


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / f"{CAMPAIGN_ID}.toml").write_text(CAMPAIGN.replace("2026-01-01", "2020-01-01"), "utf-8")
    with Newsroom() as newsroom:
        net = newsroom.serve(NET, "/gal/", answer())
        (tmp_path / "tracker.toml").write_text(SETTINGS.format(net=net), "utf-8")
        newsroom.serve(OPEN, "/feed", feed([]))
        newsroom.serve(OPEN, "/lajme/1-nje", answer(body=story_page(RIVER, ABOUT_THE_RIVER), Content_Type="text/html"))
        newsroom.serve(CLOSED, "/feed", answer("403 Forbidden"))
        newsroom.serve(CLOSED, "/robots.txt", answer(body=b"User-agent: *\nAllow: /\n"))
        newsroom.serve(SHUT, "/robots.txt", answer(body=b"User-agent: *\nDisallow: /\n"))
        hosts = {"open": OPEN, "closed": CLOSED, "shut": SHUT}
        outlets = [an_outlet(name, name=name, homepage=newsroom.address(host, "/")) for name, host in hosts.items()]
        sources = [a_source(f"{name}:feed:1", address=newsroom.address(host, "/feed")) for name, host in hosts.items()]
        sources.append(a_source("closed:feed:2", address=newsroom.address(CLOSED, "/rss")))
        newsroom.serve(CLOSED, "/rss", answer("403 Forbidden"))
        with open_parts(tmp_path) as parts:
            with parts.database.writing() as conn:
                registers.replace(conn, outlets, sources, AT)
            yield Press(newsroom, parts)


def outcomes(report: RunReport, step: str) -> dict[str, int]:
    return dict(next(one.outcomes for one in report.steps if one.step == step))


def test_a_listing_is_fetched_where_we_may_and_kept_apart_where_we_may_not(press: Press) -> None:
    here = press.newsroom.address
    press.lists(
        line(here(OPEN, "/lajme/1-nje"), RIVER),
        line(here(CLOSED, "/lajme/2-dy"), f"{RIVER} | closed", "Lumë i pastër në qytet. Dy fjali.", outletName="closed"),
        line(here(SHUT, "/lajme/3-tre"), "Një lajm tjetër"),
        line("https://elsewhere.example/1-a-b-c", RIVER),
        "{broken",
    )
    report = press.night()
    assert outcomes(report, "net gdelt") == {"read": 1, "missing": 59}
    assert outcomes(report, "listed by gdelt") == {
        "its page is fetched": 1,
        "listed elsewhere": 2,
        "of no outlet of the register": 1,
        "not a record": 1,
    }
    assert not [*unbalanced(report)]
    assert {(one.outlet_id, one.title, one.sentence) for one in press.listed()} == {
        ("closed", RIVER, "Lumë i pastër në qytet."),
        ("shut", "Një lajm tjetër", ""),
    }
    with press.parts.database.reading() as conn:
        found = {mention.article_id: mention.labels for mention in mentions.for_campaign(conn, CAMPAIGN_ID)}
        shown = [*entries.iterate(conn, CAMPAIGN_ID)]
    assert sorted(found.values()) == [(), ("listed_elsewhere",)]
    assert {(entry.outlet.id, entry.found_by) for entry in shown} == {("open", "gdelt"), ("closed", "gdelt")}


def test_a_refusing_outlet_gets_one_probe_a_week_and_its_robots_txt(press: Press) -> None:
    for day in (0, 1, 6, 8, 9, 14, 16):
        at = AT + timedelta(days=day, minutes=-10)
        press.lists(line(press.newsroom.address(CLOSED, f"/lajme/{day}-dy"), RIVER, date=at.isoformat()), minute=at)
        press.night(AT + timedelta(days=day), steps=frozenset({"crawl"}))
    asked = Counter(path for host in (CLOSED, SHUT) for path in press.newsroom.asked(host))
    assert set(asked) <= {"/feed", "/rss", "/robots.txt"}
    assert asked["/feed"] + asked["/rss"] == 3 + 2  # as usual while it may be a bad hour; then one in each further week
    assert len(press.listed()) == 7


def test_when_an_outlet_lets_us_in_its_listed_pages_are_read_and_the_mark_goes(press: Press) -> None:
    address = press.newsroom.address(CLOSED, "/lajme/2-dy")
    press.lists(line(address, RIVER))
    press.night()
    press.newsroom.serve(CLOSED, "/feed", feed([]))
    press.newsroom.serve(CLOSED, "/rss", feed([]))
    press.newsroom.serve(CLOSED, "/lajme/2-dy", answer(body=story_page(RIVER, ABOUT_THE_RIVER), Content_Type="text/html"))
    press.night(AT + timedelta(days=7, minutes=5))
    press.night(AT + timedelta(days=7, hours=2))
    with press.parts.database.reading() as conn:
        (mention,) = mentions.for_campaign(conn, CAMPAIGN_ID)
        (entry,) = entries.iterate(conn, CAMPAIGN_ID)
    assert (mention.labels, press.listed()) == ((), [])
    assert ABOUT_THE_RIVER in entry.article.body


def test_a_page_that_refuses_when_it_is_asked_for_is_listed(press: Press) -> None:
    press.newsroom.serve(OPEN, "/lajme/9-refuzuar", answer("403 Forbidden"))
    press.lists(line(press.newsroom.address(OPEN, "/lajme/9-refuzuar"), RIVER))
    press.night()
    assert [one.outlet_id for one in press.listed()] == ["open"]
    press.night(AT + timedelta(days=1))
    assert press.newsroom.asked(OPEN).count("/lajme/9-refuzuar") == 1


def test_what_is_wrong_with_a_net_is_named_and_costs_nothing_else(press: Press) -> None:
    whole = packed(line(press.newsroom.address(CLOSED, "/lajme/2-dy"), RIVER))
    bodies = {5: whole[: len(whole) // 2], 6: b"", 7: b"<html>gone</html>", 8: whole, 9: whole, 10: gzip.compress(b"")}
    for back, body in bodies.items():
        press.lists(minute=AT - timedelta(minutes=back), body=body)
    report = press.night()
    counted = outcomes(report, "net gdelt")
    assert counted.pop("missing") == 54
    assert counted == {"broken": 1, "empty": 2, "not_a_list": 1, "read": 2}
    assert len(press.listed()) == 1


def test_a_net_that_does_not_answer_is_asked_no_further_and_told_of(press: Press) -> None:
    for back in range(1, 61):
        press.newsroom.serve(NET, f"/gal/{name_of(AT - timedelta(minutes=back))}", answer("429 Too Many Requests"))
    report = press.night()
    assert outcomes(report, "net gdelt") == {"rate_limited": 1, "not asked": 59}
    assert any("gdelt" in need for need in report.needs_a_person)


def test_looking_back_asks_of_refusing_outlets_by_their_domain_alone(press: Press) -> None:
    press.night(steps=frozenset({"crawl"}))
    serve, address = press.newsroom.serve, press.newsroom.address
    found = {"articles": [{"url": address(CLOSED, "/lajme/5-pese"), "title": RIVER, "seendate": "20261101T060000Z"}]}
    asked: list[str] = []

    async def doc(request: Any, out: Any) -> None:
        asked.append(request.path)
        body = json.dumps(found if CLOSED in request.path and len(asked) < 3 else {}).encode()
        await answer(body=body, Content_Type="application/json")(request, out)

    net = serve(NET, "/doc", answer())
    settings = press.parts.workspace / "tracker.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("nets.gdelt.enabled = true", "nets.gdelt.enabled = false")
        + f'nets.gdelt_doc.enabled = true\nnets.gdelt_doc.delay_seconds = 0\nnets.gdelt_doc.base_url = "{net}"\n',
        "utf-8",
    )
    press.newsroom.any_path(NET, doc)
    with open_parts(press.parts.workspace, clock=lambda: AT + timedelta(hours=3)) as parts:
        report = run_backfill(parts, BackfillOptions(since=(AT - timedelta(days=25)).date()))
    assert outcomes(report, "listed by gdelt_doc") == {"listed elsewhere": 1}
    assert all("domainis" in path and "lum" not in path for path in asked if path != "/robots.txt")
    assert {one.net for one in press.listed()} == {"gdelt_doc"}
    assert not set(press.newsroom.asked(CLOSED)) - {"/feed", "/rss", "/robots.txt"}


def test_old_listings_that_matched_nothing_are_given_up(press: Press) -> None:
    press.lists(
        line(press.newsroom.address(SHUT, "/lajme/3-tre"), "Një lajm tjetër"),
        line(press.newsroom.address(SHUT, "/lajme/4"), RIVER, "Lumë i pastër."),
    )
    press.night()
    with press.parts.database.writing() as conn:
        assert listings.forget(conn, AT + timedelta(days=1)) == 1
    assert [one.title for one in press.listed()] == [RIVER]


def _nets(press: Press, *lines: str) -> None:
    settings = press.parts.workspace / "tracker.toml"
    off = settings.read_text("utf-8").replace("nets.gdelt.enabled = true", "nets.gdelt.enabled = false")
    settings.write_text("\n".join((off, *lines)) + "\n", "utf-8")


def test_media_cloud_is_asked_page_after_page_once_a_night_and_its_refusals_are_named(press: Press) -> None:
    asked: list[tuple[str, str]] = []
    here = press.newsroom.address
    stories = [{"url": here(CLOSED, f"/lajme/{n}"), "title": RIVER, "publish_date": "2026-11-22"} for n in (1, 2, 2)]
    bodies = {"": {"stories": stories[:2], "pagination_token": "p2/+"}, "p2%2F%2B": {"stories": stories[1:], "pagination_token": None}}
    says: list[tuple[str, bytes]] = []

    async def cloud(request: Any, out: Any) -> None:
        if request.path != "/robots.txt":
            asked.append((request.path, request.headers.get("authorization", "")))
        status, body = says[0] if says else ("200 OK", json.dumps(bodies[request.path.partition("pagination_token=")[2]]).encode())
        await answer("404 Not Found" if request.path == "/robots.txt" else status, body=body, Content_Type="application/json")(request, out)

    net = press.newsroom.serve(NET, "/api/", answer())
    press.newsroom.any_path(NET, cloud)
    on = "nets.mediacloud."
    _nets(press, f"{on}enabled = true", f'{on}base_url = "{net}"', f"{on}delay_seconds = 0", f'{on}key = "k3y"', f"{on}collections = [7]")
    with open_parts(press.parts.workspace) as parts:

        def night(days: int) -> RunReport:
            return run_night(parts, NightOptions(as_of=AT + timedelta(days=days), steps=frozenset({"crawl"})))

        first = night(0)
        night_again = run_night(parts, NightOptions(as_of=AT + timedelta(hours=2), steps=frozenset({"crawl"})))
        refused = []
        for number, (status, body) in enumerate(
            [
                ("429 Too Many", b'{"status": "error", "note": "ratelimited"}'),
                ("400 Bad", b'{"status": "error", "note": "cs"}'),
                ("200 OK", b'{"stories": ['),
            ]
        ):
            says[:] = [(status, body)]
            refused.append(outcomes(night(number + 1), "net mediacloud"))
    assert outcomes(first, "net mediacloud") == {"read": 2}
    assert [len([path for path, _ in asked if "cs=7" in path]), len({key for _, key in asked})] == [5, 1]
    assert asked[0][1] == "Token k3y"
    assert not any("lum" in path.lower() for path, _ in asked)
    assert outcomes(night_again, "net mediacloud") == {}
    assert refused == [{"limited": 1}, {"refused": 1}, {"broken": 1}]
    assert sorted(one.url for one in press.listed()) == sorted({story["url"] for story in stories})


def test_looking_back_goes_on_where_the_index_of_captures_was_cut(press: Press) -> None:
    asked: list[str] = []
    here = press.newsroom.address
    head = ["original", "timestamp"]
    pages = {
        False: [head, [here(OPEN, "/lajme/111111"), "20261115060000"], [here(OPEN, "/tag/x"), "20261115060000"], [], ["open%29%2F+1"]],
        True: [head, [here(OPEN, "/lajme/222222"), "20261116060000"]],
    }

    async def index(request: Any, out: Any) -> None:
        if request.path == "/robots.txt":
            return await answer("404 Not Found")(request, out)
        asked.append(request.path)
        rows = pages["resumeKey=open%29%2F+1" in request.path] if OPEN in request.path else []
        await answer(body=json.dumps(rows).encode(), Content_Type="application/json")(request, out)

    net = press.newsroom.serve(NET, "/cdx", answer())
    press.newsroom.any_path(NET, index)
    _nets(press, "nets.wayback.enabled = true", f'nets.wayback.base_url = "{net}"', "nets.wayback.delay_seconds = 0")
    with open_parts(press.parts.workspace, clock=lambda: AT + timedelta(hours=3)) as parts:
        run_night(parts, NightOptions(as_of=AT, steps=frozenset({"crawl"})))
        report = run_backfill(parts, BackfillOptions(since=(AT - timedelta(days=25)).date()))
        with parts.database.reading() as conn:
            found = {row[0] for row in conn.exec_driver_sql("SELECT url FROM links").all()}
    assert {here(OPEN, "/lajme/111111"), here(OPEN, "/lajme/222222")} <= found
    assert here(OPEN, "/tag/x") not in found
    assert len([path for path in asked if OPEN in path]) == 2
    assert outcomes(report, "net wayback")["read"] == 2


def test_on_a_server_with_workers_the_periodic_poll_asks_the_nets_and_leaves_their_pages_to_the_workers(
    press: Press, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_crawl, "workers_serve", lambda parts: True)
    settings = press.parts.workspace / "tracker.toml"
    settings.write_text(f'{settings.read_text("utf-8")}database.url = "{postgres_url}"\n', "utf-8")
    press.lists(
        line(press.newsroom.address(OPEN, "/lajme/1-nje"), RIVER),
        line(press.newsroom.address(CLOSED, "/lajme/2-dy"), RIVER, "Lumë i pastër në qytet."),
    )
    with press.parts.database.reading() as conn:
        states = registers.states(conn)
    with open_parts(press.parts.workspace) as parts:
        with parts.database.writing() as conn:
            registers.replace(
                conn,
                {state.outlet.id: replace(state.outlet, refuses=state.outlet.id != "open") for state in states}.values(),
                [state.source for state in states],
                AT,
            )
        report = run_night(parts, NightOptions(as_of=AT, only_due=True, steps=frozenset({"crawl", "extract", "match"})))
        with parts.database.reading() as conn:
            waiting = [one.url for one in frontier.take(conn, limit=9, now=AT)]
            listed = [one.outlet_id for one in listings.every(conn)]
            found = [mention.labels for mention in mentions.for_campaign(conn, CAMPAIGN_ID)]
    assert outcomes(report, "net gdelt") == {"read": 1, "missing": 59}
    assert [url.rpartition("/")[2] for url in waiting] == ["1-nje"]
    assert (listed, found) == (["closed"], [("listed_elsewhere",)])
    assert press.newsroom.asked(OPEN) == []  # this machine polls and fetches nothing: workers do
