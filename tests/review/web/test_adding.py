"""Add and ask on the desk: every miss is explained with its remedy, sheets are looked at first, nothing outside is reached but by the guard."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.builders import NOW
from tests.crawl.crawling import Workspace
from tests.newsdesk import ABOUT_THE_RIVER, CAMPAIGN, CAMPAIGN_ID, Addresses, Newsdesk, story_page
from tests.newsroom.press import Newsroom, answer
from tests.review.web.visiting import Clock, Staff, Visitor
from tracker.locale.wording import desk_wording
from tracker.model import InboxState, Role
from tracker.review.decisions import take_back_last
from tracker.review.web import uploads
from tracker.review.web.app import make_app
from tracker.store import entries, inbox
from tracker.visibility import is_accepted
from tracker.workspace import open_parts, shipped_folder

BASE = f"/add/{CAMPAIGN_ID}"
ITEM = {
    "medium": "print",
    "outlet": "Gazeta e Re",
    "country": "AL",
    "date": "2026-03-10",
    "time or page": "3",
    "headline": "Lumi në gazetë",
    "text": "Për një lumë të pastër.",
}
SHEET = "medium,outlet,country,date,headline\nprint,Gazeta e Re,AL,2026-03-10,Lumi në gazetë\nprint,Gazeta e Re,AL,yesterday,Pa datë\n"


def send(visitor: Visitor, path: str, **fields: object) -> TestResponse:
    return visitor.send(f"{BASE}{path}", dict(fields), page="/password", follow_redirects=True)


def titles(staff: Staff) -> list[str]:
    with staff.parts.database.reading() as conn:
        return sorted(entry.article.title for entry in entries.for_campaign(conn, CAMPAIGN_ID) if entry.hand)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("river", "It was found."),
        ("held", "is held back until a person decides"),
        ("weather", "the campaign does not match it"),
        ("nothing", "no article could be read in it"),
        ("blocked", "could not be fetched"),
    ],
)
def test_where_an_address_stopped_is_said_with_what_to_do(staff: Staff, addresses: Addresses, name: str, words: str) -> None:
    page = staff.enters("reviewer").get(BASE, query_string={"url": getattr(addresses, name)})
    assert words in page.text
    assert re.search(r"Open the item|Fetch it and count it|Type it in", page.text)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "nonsense", "file:///etc/passwd", "x" * 3000])
def test_what_is_no_address_is_refused_in_words(staff: Staff, url: str) -> None:
    assert staff.enters("reviewer").get(BASE, query_string={"url": url}).status_code == 400


def test_a_nearly_found_word_leads_an_administrator_to_its_effect(staff: Staff, desk: Newsdesk) -> None:
    desk.published = 100
    (url,) = desk.publish(story_page("Tjetra", "Fjalën e mori Arta Llumaj, e cila foli gjatë."))
    desk.night("extract", "match")
    assert "An administrator can take “Llumaj” in" in staff.enters("reviewer").get(BASE, query_string={"url": url}).text
    assert "Take “Llumaj” in as a spelling of Arta Lumaj" in staff.enters("administrator").get(BASE, query_string={"url": url}).text


@pytest.mark.parametrize("path", ["/page", "/typed", "/watch", "/sheet", f"/sheet/{'0' * 32}.csv"])
def test_an_address_that_only_takes_forms_leads_to_the_page_above_it_with_what_was_asked(
    staff: Staff, addresses: Addresses, path: str
) -> None:
    page = staff.enters("reviewer").get(f"{BASE}{path}", query_string={"url": addresses.weather}, follow_redirects=True)
    assert (page.status_code, page.request.path) == (200, BASE)
    assert "the campaign does not match it" in page.text


@pytest.mark.parametrize("path", ["/page", "/typed", "/sheet"])
def test_the_next_address_can_be_asked_on_the_page_that_answered_a_form(staff: Staff, path: str) -> None:
    answered = send(staff.enters("reviewer"), path, url="nonsense")
    assert re.search(rf'<form method="get" action="{BASE}" class="row filters">', answered.text)


def test_every_form_names_where_it_goes() -> None:
    for template in (shipped_folder("templates") / "review").glob("*.html"):
        for form in re.findall(r"<form[^>]*>", template.read_text("utf-8")):
            assert "action=" in form or 'method="dialog"' in form, f"{template.name}: {form}"


FAULTS = [
    ({"date": "1.1.1"}, "date"),
    ({"outlet": ""}, "empty"),
    ({"country": ""}, "country"),
    ({"medium": "online"}, "link"),
    ({"medium": "online", "link": "nowhere"}, "address"),
    ({"headline": "x" * 1001}, "long"),
    ({"medium": "carrier pigeon"}, "choice"),
]


@pytest.mark.parametrize(("given", "fault"), FAULTS)
def test_what_is_wrong_stands_at_its_field_in_the_readers_words(staff: Staff, given: dict[str, str], fault: str) -> None:
    reviewer = staff.enters("reviewer")
    reviewer.send("/language", {"language": "sq"})
    answered = send(reviewer, "/typed", **{**ITEM, **given})
    sentence = desk_wording("sq").say(f"fault_{fault}")
    assert answered.status_code == 400
    assert sentence in html.unescape(answered.text)
    assert "write one of" not in answered.text
    assert " is empty" not in answered.text


def test_why_an_address_was_not_found_names_no_command_and_has_no_english(staff: Staff, addresses: Addresses) -> None:
    reviewer = staff.enters("reviewer")
    reviewer.send("/language", {"language": "sq"})
    for name in ("weather", "nothing", "blocked"):
        page = reviewer.get(BASE, query_string={"url": getattr(addresses, name)}).text
        section = page[page.index('<section class="card answer">') : page.index("</section>")]
        assert "tracker " not in section
        assert 'lang="en"' not in section
        assert section.count('class="meta"') >= 1


def test_an_entered_item_is_accepted_by_name_and_waits_everywhere_once_that_is_taken_back(staff: Staff) -> None:
    reviewer = staff.enters("reviewer")
    send(reviewer, "/typed", **ITEM)
    database = staff.parts.database

    def standing() -> tuple[str, bool, int]:
        with database.reading() as conn:
            (entry,) = (one for one in entries.for_campaign(conn, CAMPAIGN_ID) if one.hand)
            return entry.verdict.by if entry.verdict else "", is_accepted(entry), inbox.counts(conn, CAMPAIGN_ID)[InboxState.OPEN]

    by, accepted, waiting = standing()
    assert (by, accepted) == ("reviewer", True)
    take_back_last(database, by="reviewer", now=staff.clock())
    assert standing() == ("", False, waiting + 1)


def test_an_item_is_typed_in_once_and_what_is_wrong_is_said_with_the_form_as_it_was(staff: Staff) -> None:
    reviewer = staff.enters("reviewer")
    wrong = send(reviewer, "/typed", **{**ITEM, "date": "1.1.1"})
    assert (wrong.status_code, titles(staff)) == (400, [])
    assert 'value="Lumi në gazetë"' in wrong.text
    for _ in range(2):
        assert send(reviewer, "/typed", **ITEM).status_code == 200
    assert titles(staff) == ["Lumi në gazetë"]


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A0", "<script>alert(1)</script>", 'a","b', "x\ny"])
def test_whatever_is_typed_stays_text(staff: Staff, cell: str) -> None:
    answer = send(staff.enters("reviewer"), "/typed", **{**ITEM, "headline": cell, "note": cell})
    assert "<script>alert(1)" not in answer.text
    assert len(titles(staff)) <= 1


def upload(visitor: Visitor, content: bytes, name: str) -> TestResponse:
    return send(visitor, "/sheet", sheet=(io.BytesIO(content), name))


def test_a_sheet_is_looked_at_row_by_row_before_it_is_entered(staff: Staff) -> None:
    reviewer = staff.enters("reviewer")
    seen = upload(reviewer, SHEET.encode(), "found.csv")
    assert "Nothing is entered yet. 1 row is wrong and stays out." in seen.text
    assert titles(staff) == []
    (action,) = re.findall(rf'action="({BASE}/sheet/[^"]+)"', seen.text)
    send(reviewer, action.removeprefix(BASE))
    assert titles(staff) == ["Lumi në gazetë"]
    assert send(reviewer, action.removeprefix(BASE)).status_code == 404, "a sheet is entered once"


def bomb() -> bytes:
    """Under half a megabyte, above which the test client leaves a temporary file open."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.writestr("[Content_Types].xml", "<a/>")
        file.writestr("xl/workbook.xml", b"0" * 200_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "x.csv"),
        (b"PK\x03\x04 broken", "x.xlsx"),
        (b"\x00" * 5000, "x.csv"),
        (SHEET.encode(), "../../../campaigns/evil.toml"),
        (b"a,b\n1,2\n", "x.csv"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_and_nothing_is_left_of_it(staff: Staff, content: bytes, name: str) -> None:
    answer = upload(staff.enters("reviewer"), content, name)
    assert answer.status_code in (200, 400)
    assert [path.name for path in staff.parts.workspace.rglob("*evil*")] == []
    left = [*(staff.parts.workspace / uploads.FOLDER).glob("*")]
    assert len(left) == (answer.status_code == 200)


def test_a_bomb_is_refused(staff: Staff) -> None:
    assert upload(staff.enters("reviewer"), bomb(), "found.xlsx").status_code == 400


def test_what_is_too_large_is_refused(staff: Staff) -> None:
    large = {"CONTENT_LENGTH": str(17 * 1024 * 1024)}
    form = {"content_type": "multipart/form-data; boundary=x", "environ_overrides": large}
    assert staff.enters("reviewer").client.post(f"{BASE}/sheet", data=b"--x--", **form).status_code == 413


@pytest.mark.parametrize("name", ["..", "../coverage.db", "%2e%2e%2fcoverage.db", "a" * 32, "0" * 32 + ".xlsx", "0" * 32 + ".toml"])
def test_no_other_file_of_the_workspace_can_be_entered(staff: Staff, name: str) -> None:
    assert send(staff.enters("reviewer"), f"/sheet/{name}").status_code in (404, 405)


def test_a_sheet_that_was_left_is_gone_after_a_day(tmp_path: Path) -> None:
    first = uploads.keep(tmp_path, FileStorage(io.BytesIO(b"x"), "a.csv"), NOW, 1)
    uploads.keep(tmp_path, FileStorage(io.BytesIO(b"x"), "b.csv"), NOW.replace(year=2126) + timedelta(days=2), 1)
    assert not first.exists()


def test_a_person_keeps_a_few_sheets_and_opens_no_one_elses(tmp_path: Path) -> None:
    def send_up(owner: int) -> Path:
        return uploads.keep(tmp_path, FileStorage(io.BytesIO(b"x"), "a.csv"), datetime.now(UTC), owner)

    other = send_up(11)
    mine = [send_up(1) for _ in range(uploads.MOST_OF_ONE + 3)]
    assert sum(path.exists() for path in mine) == uploads.MOST_OF_ONE
    assert uploads.kept(tmp_path, mine[-1].name, 1) == mine[-1]
    for owner in (2, 11):
        assert uploads.kept(tmp_path, mine[-1].name, owner) is None
    assert uploads.kept(tmp_path, other.name, 1) is None
    assert other.exists()


def test_all_sheets_together_are_bounded_and_whoever_comes_too_late_is_told(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_TOGETHER_BYTES", 2 * len(SHEET.encode()) + 1)
    reviewer = staff.enters("reviewer")
    assert [upload(reviewer, SHEET.encode(), "x.csv").status_code for _ in range(3)] == [200, 200, 503]
    assert "Too many sheets" in upload(reviewer, SHEET.encode(), "x.csv").text
    assert len([*(staff.parts.workspace / uploads.FOLDER).iterdir()]) == 2


def test_known_coverage_is_kept_and_each_miss_explained(staff: Staff, addresses: Addresses) -> None:
    reviewer = staff.enters("reviewer")
    kept = send(reviewer, "/known", urls=f"{addresses.river}\n{addresses.weather}\nhttps://elsewhere.example/1\nno address\n")
    for words in (
        "1 of 3 known items are found.",
        "1 line is no address",
        "Its outlet is not in the register.",
        "the campaign does not match it",
    ):
        assert words in kept.text
    assert send(reviewer, "/known", urls="nothing here").status_code == 400


@pytest.mark.parametrize("path", ["", "/known", "/template.xlsx"])
def test_only_reviewers_of_the_campaign_add_and_ask(staff: Staff, path: str) -> None:
    staff.add("Other", Role.ADMINISTRATOR, ["lakes"])
    assert staff.enters("Other").get(f"{BASE}{path}").status_code == 404
    assert staff.enters("reader").get(f"{BASE}{path}").status_code == 403


HOST, STRANGER = "127.0.14.1", "127.0.14.2"


@pytest.fixture
def online(tmp_path: Path) -> Iterator[tuple[Staff, Newsroom]]:
    """A desk whose guard lets loopback through, as the sample press needs it."""
    with Newsroom() as room:
        room.serve(HOST, "/lajme/lumi-i-ri", answer(body=story_page("Nisma", ABOUT_THE_RIVER), Content_Type="text/html"))
        made = Workspace(tmp_path / "w")
        made.watch(room.address(HOST, "/"), "gazeta")
        made.register()
        (made.folder / "campaigns").mkdir()
        (made.folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
        with open_parts(made.folder) as parts:
            opened = replace(parts, clock=Clock(NOW))
            staff = Staff(make_app(opened), opened, Clock(NOW))
            for role in Role:
                staff.add(str(role), role)
            yield staff, room
            opened.close()


def test_a_pasted_page_is_fetched_and_counted_by_name(online: tuple[Staff, Newsroom]) -> None:
    staff, room = online
    added = send(staff.enters("reviewer"), "/page", url=room.address(HOST, "/lajme/lumi-i-ri"))
    assert "It is entered." in added.text
    with staff.parts.database.reading() as conn:
        (entry,) = entries.for_campaign(conn, CAMPAIGN_ID)
    assert entry.hand is not None
    assert entry.hand.entered_by == "reviewer"


@pytest.mark.parametrize("path", ["/page", "/watch"])
def test_an_address_of_an_inner_network_is_not_asked(staff: Staff, path: str) -> None:
    """The guard stands: nothing listens for the desk on loopback unless the settings allow it."""
    with Newsroom() as room:
        room.serve(STRANGER, "/lajme/lumi-i-ri", answer(body=story_page("Nisma", ABOUT_THE_RIVER), Content_Type="text/html"))
        url = room.address(STRANGER, "/lajme/lumi-i-ri")
        answered = send(staff.enters("administrator"), path, url=url, site=url, outlet="E re", country="AL")
        assert room.asked(STRANGER) == []
    assert "is watched from" not in answered.text
    assert "It is entered." not in answered.text
