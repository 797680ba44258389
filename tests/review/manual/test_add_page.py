"""A page that a person found: fetched by the same stack, counted on the person's word, or refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import NOW, an_outlet
from tests.cli.running import Outcome, run
from tests.crawl.crawling import Workspace
from tests.newsdesk import A_MINOR, ABOUT_THE_RIVER, ARTA, CAMPAIGN, RIVER, Addresses, Newsdesk, story_page
from tests.newsroom.press import Newsroom, answer
from tracker.errors import UsageError
from tracker.model import Outlet
from tracker.review.manual.add_page import PageOptions, outlet_of
from tracker.store import entries, frontier, mentions, runs

WATCHED, UNKNOWN, REFUSING = "127.0.12.1", "127.0.12.2", "127.0.12.3"


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        for host in (WATCHED, UNKNOWN):
            room.serve(host, "/lajme/lumi-i-ri", answer(body=story_page("Nisma", ABOUT_THE_RIVER), Content_Type="text/html"))
            room.serve(host, "/lajme/moti-i-ri", answer(body=story_page("Moti", A_MINOR), Content_Type="text/html"))
            room.serve(host, "/lajme/e-tjera", answer(body=story_page("Tjetër"), Content_Type="text/html"))
        room.serve(REFUSING, "/robots.txt", answer(body=b"User-agent: *\nDisallow: /", Content_Type="text/plain"))
        yield room


@pytest.fixture
def workspace(tmp_path: Path, newsroom: Newsroom) -> Workspace:
    made = Workspace(tmp_path / "w")
    for host, name in ((WATCHED, "gazeta"), (REFUSING, "mbyllur")):
        made.watch(newsroom.address(host, "/"), name)
    made.register()
    (made.folder / "campaigns").mkdir()
    (made.folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    return made


def add(workspace: Workspace, *arguments: str) -> Outcome:
    return run("-w", workspace.folder, "add", *arguments)


def test_a_page_is_fetched_alone_entered_once_and_outlives_a_campaign_that_finds_nothing_in_it(
    workspace: Workspace, newsroom: Newsroom
) -> None:
    workspace.queue("gazeta", [newsroom.address(WATCHED, "/lajme/e-tjera")])
    url = newsroom.address(WATCHED, "/lajme/lumi-i-ri")
    added = add(workspace, url, "--by", "Mira")
    assert (added.code, added.err.count("Traceback")) == (0, 0), added
    assert "entered as rivers-1 in circle campaign" in added.out
    assert "lumë të pastër" in added.out
    assert newsroom.asked(WATCHED).count("/lajme/e-tjera") == 0
    again = add(workspace, url + "?utm_source=mail")
    assert (again.code, newsroom.asked(WATCHED).count("/lajme/lumi-i-ri")) == (0, 1)
    assert "entered by Mira on" in again.out
    text = CAMPAIGN.replace('sq = ["lumë i pastër"]', 'sq = ["mal i lartë"]')
    (workspace.folder / "campaigns" / "rivers.toml").write_text(text, "utf-8")
    assert run("-w", workspace.folder, "match").code == 0
    with workspace.database.reading() as conn:
        (entry,) = entries.for_campaign(conn, "rivers")
    assert (entry.mention.circle, entry.mention.hits, entry.found_by, entry.story_key != "") == ("campaign", (), "person", True)
    assert entry.hand is not None
    assert entry.hand.entered_by == "Mira"


def test_a_page_of_an_outlet_that_nobody_watches_counts_on_a_person_s_word(workspace: Workspace, newsroom: Newsroom) -> None:
    url = newsroom.address(UNKNOWN, "/lajme/moti-i-ri")
    unknown = add(workspace, url)
    assert (unknown.code, unknown.out) == (2, "")
    assert f"no outlet of the register is at {UNKNOWN}; give --outlet ID, or --country" in unknown.err
    added = add(workspace, url, "--country", "me", "--outlet", "Radio Bregu", "--circle", "organisation", "--json")
    assert added.code == 1, added  # a label holds it back
    report = json.loads(added.out)
    assert report["mention_id"] == "rivers-1"
    assert any("none of the campaign's words" in line for line in report["lines"]) or any("i mitur" in line for line in report["lines"])
    assert "held back" in report["lines"][-1]
    with workspace.database.reading() as conn:
        (entry,) = entries.for_campaign(conn, "rivers")
    assert (entry.outlet.name, entry.outlet.country, entry.outlet.tier, entry.mention.circle, entry.mention.held) == (
        "Radio Bregu",
        "ME",
        0,
        "organisation",
        True,
    )
    for form in ("export mentions", "export articles"):
        assert "Moti" not in run("-w", workspace.folder, *form.split()).out


@pytest.mark.parametrize(
    ("host", "path", "words"),
    [(REFUSING, "/lajme/1", "robots_refused"), (WATCHED, "/lajme/nuk-ka", "not_found")],
)
def test_what_cannot_be_fetched_is_told_with_the_way_by_sheet(
    workspace: Workspace, newsroom: Newsroom, host: str, path: str, words: str
) -> None:
    refused = add(workspace, newsroom.address(host, path))
    assert refused.code == 1
    assert f"could not be fetched: {words}" in refused.out
    assert "tracker add --template" in refused.out
    with workspace.database.reading() as conn:
        assert mentions.for_campaign(conn, "rivers") == []
        assert runs.interrupted(conn) == []


def test_a_private_address_is_refused_by_the_same_guard(workspace: Workspace, newsroom: Newsroom) -> None:
    workspace.set(fetch__allow_networks=[])
    refused = add(workspace, newsroom.address(WATCHED, "/lajme/lumi-i-ri"))
    assert refused.code == 1
    assert "could not be fetched: refused_address" in refused.out


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("ftp://a.example/x", "no web address"),
        ("https://u:p@a.example/x", "no web address"),
        ("news", "no web address"),
        ("https://a.example/", "front page"),
    ],
)
def test_what_is_no_page_s_address_is_refused_before_anything_is_asked(desk: Newsdesk, url: str, words: str) -> None:
    outcome = run("-w", desk.folder, "add", url)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert words in outcome.err


def test_an_address_that_is_known_is_not_added_twice_and_not_fetched_again(desk: Newsdesk, addresses: Addresses) -> None:
    desk.night("match", "group")
    found = run("-w", desk.folder, "add", addresses.river)
    assert found.code == 0
    assert "found by the tracker already" in found.out
    assert "nothing was added" in run("-w", desk.folder, "add", addresses.held_again).out
    added = run("-w", desk.folder, "add", addresses.weather)
    assert (added.code, "none of the campaign's words" in added.out) == (0, True)
    assert len(desk.mentions()) == 5
    with desk.parts.database.reading() as conn:
        assert frontier.pending(conn, NOW) == 0
        by_title = {entry.article.title: entry for entry in entries.for_campaign(conn, "rivers")}
    assert by_title[RIVER].hand is None is by_title[ARTA].hand
    unread = run("-w", desk.folder, "add", addresses.nothing)
    assert (unread.code, "no article that can be read: unreadable" in unread.out) == (1, True)


def outlets(*homepages: str) -> list[Outlet]:
    return [an_outlet(f"o{number}", homepage=home, country="AL" if number else "XK") for number, home in enumerate(homepages)]


@pytest.mark.parametrize(
    ("url", "options", "found"),
    [
        ("https://sport.avaz.ba/a/1", {}, "o0"),
        ("https://free.example/sq/a/1", {}, "o2"),
        ("https://free.example/mk/a/1", {"country": "XK", "outlet_id": "Free MK"}, "hand-free-mk-xk"),
        ("https://new.example/a/1", {"country": "RS"}, "hand-new-example-rs"),
        ("https://new.example/a/1", {"outlet_id": "o1"}, "o1"),
        ("https://new.example/a/1", {"outlet_id": "Гласник", "country": "RS"}, "hand-glasnik-rs"),
    ],
)
def test_an_outlet_is_told_by_its_domain_or_by_the_person(url: str, options: dict[str, str], found: str) -> None:
    register = outlets("https://avaz.ba/", "https://free.example/", "https://free.example/sq/")
    assert outlet_of(url, register, PageOptions(**options)).id == found


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "--outlet ID, or --country"),
        ({"outlet_id": "nobody"}, "no outlet 'nobody'"),
        ({"country": "DE"}, "--country DE is none of AL"),
        ({"country": "RS", "url": "https://avaz.ba/a/1"}, "the register has Zëri i Lumit in XK; leave --country out"),
    ],
)
def test_a_country_is_never_guessed(options: dict[str, str], words: str) -> None:
    asked = {**options}
    url = asked.pop("url", "https://new.example/a/1")
    with pytest.raises(UsageError, match=words):
        outlet_of(url, outlets("https://avaz.ba/"), PageOptions(**asked))


def test_two_outlets_of_one_domain_must_be_told_apart() -> None:
    with pytest.raises(UsageError, match=r"several outlets are at free.example: give --outlet o0 or o1"):
        outlet_of("https://free.example/a/1", outlets("https://free.example/", "https://free.example/"), PageOptions())
