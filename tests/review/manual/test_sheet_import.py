"""Sheets of coverage found by people: entered once, as a whole or not at all, and counted like the rest."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cli.running import Outcome, run
from tests.newsdesk import A_MINOR, ABOUT_THE_RIVER, CAMPAIGN, RIVER, Addresses, Newsdesk
from tests.sheets import changed, table, workbook
from tracker import exports
from tracker.digests.selection import select_entries
from tracker.model import Audience, Decision, Depth, Medium
from tracker.store import articles, entries, mentions, registers, stories
from tracker.workspace import read_campaigns

HEAD = (
    "medium",
    "outlet",
    "country",
    "date",
    "time/page",
    "programme",
    "headline",
    "text",
    "link",
    "tone",
    "note",
    "reach",
    "reach source",
    "reach date",
)
TV = (
    "television",
    "RTV Bregu",
    "ME",
    "2026-03-12",
    "19:30",
    "Dnevnik",
    "O rijeci",
    "Prilog o rijeci.",
    "",
    "positive",
    "lijepo",
    40000,
    "Ipsos",
    "2026-01-31",
)
PRINT = ("print", "Zëri i Lumit", "", "12.3.2026", "5", "", "Lumi në shtyp", ABOUT_THE_RIVER)
SOCIAL = ("social", "Zëri i Lumit", "", "2026-03-13", "", "", "Një postim", "", "https://social.example/p/1")
MINOR = ("radio", "Zëri i Lumit", "", "2026-03-13", "8:00", "Mëngjesi", "Në breg", A_MINOR, "", "neutral")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return workbook(tmp_path / "found.xlsx", [HEAD, TV, PRINT, SOCIAL])


def enter(desk: Newsdesk, path: Path, *arguments: str) -> Outcome:
    return run("-w", desk.folder, "add", "--import", path, "--by", "Mira", *arguments)


def found(desk: Newsdesk) -> list[Any]:
    with desk.parts.database.reading() as conn:
        return [entry for entry in entries.for_campaign(conn, "rivers") if entry.hand]


def test_a_sheet_is_entered_counted_and_marked(desk: Newsdesk, sheet: Path) -> None:
    told = enter(desk, sheet)
    assert (told.code, told.out.splitlines()[-1]) == (0, "3 entered"), told
    assert re.search(r"row 2: rivers-\d+: entered: ", told.out)
    assert "RTV Bregu (ME) is new and not watched" in told.out
    tv, paper, post = found(desk)
    assert (tv.medium, tv.hand.programme, tv.hand.place, tv.hand.reach, tv.hand.entered_by) == (
        Medium.TELEVISION,
        "Dnevnik",
        "19:30",
        40000,
        "Mira",
    )
    assert (tv.verdict.decision, tv.verdict.tone, tv.verdict.note, tv.outlet.tier) == (Decision.ACCEPT, "positive", "lijepo", 0)
    assert (tv.article.page_id, tv.article.depth, tv.article.published.iso()) == (0, Depth.EXTRACTED, "2026-03-12")
    assert tv.article.canonical_url.startswith("urn:tracker:hand:")
    assert [hit.form for hit in paper.mention.hits] == ["lumë të pastër"]
    assert (paper.article.language, post.article.canonical_url) == ("sq", "https://social.example/p/1")
    assert all(entry.story_key and entry.mention.circle == "campaign" for entry in (tv, paper, post))
    (campaign,) = read_campaigns(desk.folder)
    shown = select_entries(campaign, found(desk), audience=Audience.PARTNERS)
    assert len(shown.counted) == 3


def test_the_same_sheet_again_adds_nothing(desk: Newsdesk, sheet: Path) -> None:
    enter(desk, sheet)
    before = found(desk)
    again = enter(desk, sheet)
    assert (again.code, again.out.splitlines()[-1]) == (0, "3 entered before")
    assert found(desk) == before
    more = workbook(sheet, [HEAD, TV, TV, (*PRINT, "", "", "", 900, "Ipsos", "2026-02-01")])
    told = enter(desk, more)
    assert "row 3: entered before: the same as row 2" in told.out
    assert re.search(r"row 4: rivers-\d+: picture or reach taken over\n", told.out)
    assert [entry.hand.reach for entry in found(desk)] == [40000, 900, None]


def test_what_people_entered_outlives_a_campaign_that_finds_nothing_in_it(desk: Newsdesk, sheet: Path) -> None:
    enter(desk, sheet, "--circle", "organisation")
    desk.night("match", "group")
    desk.write_campaign(CAMPAIGN.replace("lumë i pastër", "mal i lartë").replace('sq = ["i mitur"]', 'sq = ["postim"]'))
    report = desk.night("match", "group")
    assert [entry.mention.circle for entry in found(desk)] == ["organisation"] * 3
    assert [entry.mention.hits for entry in found(desk)][:2] == [(), ()]
    assert found(desk)[2].mention.held  # a label that the campaign has since holds for it too
    assert all(step.adds_up for step in report.steps)
    with desk.parts.database.reading() as conn:
        assert len(stories.for_campaign(conn, "rivers")) == len(mentions.for_campaign(conn, "rivers")) == 4


def test_with_a_wrong_row_nothing_is_entered_unless_bad_rows_are_skipped(desk: Newsdesk, sheet: Path) -> None:
    bad = workbook(sheet, [HEAD, TV, ("print", "", "", "never"), PRINT])
    told = enter(desk, bad)
    assert told.code == 1
    assert told.out.splitlines() == [
        "row 2: right, but not imported: 2026-03-12, circle campaign; RTV Bregu (ME) is new and not watched",
        "row 3: refused: outlet: is empty; date: 'never' is no day of the past; write it as 2026-11-23 or 23.11.2026; headline: is empty",
        "row 4: right, but not imported: 2026-03-12, circle campaign",
        "1 refused, 2 right, but not imported. Nothing was imported: mend the refused rows, or give --skip-bad to enter the others",
    ]
    assert found(desk) == []
    with desk.parts.database.reading() as conn:
        assert "hand-rtv-bregu-me" not in registers.outlets(conn)
    skipped = enter(desk, bad, "--skip-bad")
    assert (skipped.code, skipped.out.splitlines()[-1], len(found(desk))) == (1, "2 entered, 1 refused", 2)


def test_a_dry_run_says_all_and_writes_nothing(desk: Newsdesk, sheet: Path) -> None:
    told = enter(desk, sheet, "--dry-run", "--json")
    report = json.loads(told.out)
    assert (told.code, [result["outcome"] for result in report["results"]], report["imported"]) == (0, ["entered"] * 3, False)
    assert found(desk) == []


def test_an_item_that_may_identify_a_child_is_held_whoever_entered_it(desk: Newsdesk, tmp_path: Path) -> None:
    told = enter(desk, workbook(tmp_path / "a.xlsx", [HEAD, MINOR]))
    assert told.code == 1
    assert "held back to protect a child until a person has decided" in told.out
    (entry,) = found(desk)
    assert (entry.mention.held, entry.verdict.decision, entry.verdict.tone) == (True, Decision.UNSURE, "neutral")
    for what in ("mentions", "articles", "stories"):
        assert "Në breg" not in run("-w", desk.folder, "export", what).out
    assert run("-w", desk.folder, "verdict", entry.mention.id, "accept").code == 0
    for what in ("mentions", "articles", "stories"):
        assert "Në breg" in run("-w", desk.folder, "export", what).out, what


def test_a_copy_of_a_sensitive_item_entered_with_a_note_is_hidden_until_a_person_accepts_it(desk: Newsdesk, tmp_path: Path) -> None:
    enter(desk, workbook(tmp_path / "first.xlsx", [HEAD, PRINT]))
    (first,) = found(desk)
    assert run("-w", desk.folder, "verdict", first.mention.id, "sensitive").code == 0
    copy = ("print", "RTV Bregu", "ME", *PRINT[3:], "", "", "e pashë sot")
    enter(desk, workbook(tmp_path / "second.xlsx", [HEAD, copy]))
    desk.night("match", "group")
    second = found(desk)[1]
    assert (second.story_key, second.verdict.decision, second.sensitive) == (first.story_key, Decision.ACCEPT, True)
    assert run("-w", desk.folder, "verdict", second.mention.id, "accept").code == 0
    assert not found(desk)[1].sensitive


def test_a_page_that_the_tracker_knows_is_not_entered_beside_it(desk: Newsdesk, addresses: Addresses, tmp_path: Path) -> None:
    desk.night("match")
    rows = [
        HEAD,
        *[
            ("online", "Zëri i Lumit", "", "2026-03-13", "", "", "X", "", url)
            for url in (addresses.river + "?utm_source=a", addresses.weather)
        ],
    ]
    known = next(f"rivers-{article.id}" for article in desk.articles() if article.canonical_url == addresses.river)
    told = enter(desk, workbook(tmp_path / "a.xlsx", rows))
    assert f"row 2: {known}: found by the tracker itself: judge it" in told.out
    (entry,) = found(desk)
    assert (entry.article.title, entry.article.page_id != 0, entry.found_by) == ("Moti i së dielës", True, "feed")
    assert RIVER in {article.title for article in desk.articles()}


def test_items_may_share_a_link(desk: Newsdesk, tmp_path: Path) -> None:
    link = "https://scans.example/issue.pdf"
    rows = [(*PRINT[:6], title, "", link) for title in ("A", "B")]
    told = enter(
        desk, workbook(tmp_path / "a.xlsx", [HEAD, *rows, ("online", *PRINT[1:6], "C", "", link), ("online", *PRINT[1:6], "D", "", link)])
    )
    assert told.code == 0, told
    assert "row 5: entered before: the same as row 4" in told.out
    assert [entry.article.canonical_url == link for entry in found(desk)] == [True, False, False]
    assert {entry.article.requested_url for entry in found(desk)} == {link}


def test_a_sheet_with_more_rows_than_people_enter_is_refused(desk: Newsdesk, tmp_path: Path) -> None:
    told = enter(desk, table(tmp_path / "a.csv", [HEAD[:7], *[PRINT[:7]] * 2001]))
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "has more than 2000 rows; split the sheet" in told.err


def test_hostile_text_is_kept_as_text(desk: Newsdesk, tmp_path: Path) -> None:
    hostile = "=cmd|' /C calc'!A0 <script>alert(1)</script> \u202eevil"
    told = enter(
        desk, table(tmp_path / "a.csv", [HEAD[:7], ("print", hostile, "AL", "2026-03-01", hostile, hostile, hostile)], delimiter=";")
    )
    assert told.code == 0
    (entry,) = found(desk)
    assert entry.article.title == hostile == entry.outlet.name
    path = tmp_path / "out.xlsx"
    run("-w", desk.folder, "export", "mentions", "--format", "xlsx", "-o", path)
    assert all(cell.data_type != "f" for row in load_workbook(path).active.iter_rows() for cell in row)


def test_the_exports_bear_what_was_entered_and_never_print_what_is_no_link(desk: Newsdesk, sheet: Path) -> None:
    enter(desk, sheet)
    row = next(iter(exports.export_mentions(desk.parts.database, ["rivers"]).rows))
    told = {"medium": "television", "programme": "Dnevnik", "place": "19:30", "tone": "positive", "entered_by": "Mira", "url": None}
    assert {name: row[name] for name in told} == told
    (listed,) = [row for row in exports.export_articles(desk.parts.database).rows if row["title"] == "O rijeci"]
    assert (listed["canonical_url"], listed["requested_url"], listed["outcome"], listed["outlet"]) == (None, None, "article", "RTV Bregu")
    for what in ("mentions", "articles", "stories"):
        assert "urn:tracker" not in run("-w", desk.folder, "export", what).out
    tracing = run("-w", desk.folder, "trace", "https://social.example/p/1").out
    assert "entered   2026-" in tracing
    assert "by Mira: social" in tracing


def test_a_csv_template_is_csv(desk: Newsdesk, tmp_path: Path) -> None:
    path = tmp_path / "found.CSV"
    assert run("-w", desk.folder, "add", "--template", path).code == 0
    assert path.read_text("utf-8-sig").startswith("medium,")
    assert "example" in run("-w", desk.folder, "add", "--import", path, "--dry-run").out


def test_a_template_of_another_kind_is_refused(desk: Newsdesk, tmp_path: Path) -> None:
    refused = run("-w", desk.folder, "add", "--template", tmp_path / "found.ods")
    assert (refused.code, (tmp_path / "found.ods").exists()) == (2, False)
    assert ".xlsx" in refused.err


@pytest.mark.parametrize("name", ["found.xlsx", "found.csv"])
def test_the_template_is_read_back_with_its_example_skipped(desk: Newsdesk, tmp_path: Path, name: str) -> None:
    path = tmp_path / "empty.xlsx"
    assert run("-w", desk.folder, "add", "--template", path).code == 0
    book = load_workbook(path)
    lists = [str(rule.sqref) for rule in book["coverage"].data_validations.dataValidation]
    assert len(lists) == 6
    filled = tmp_path / name

    def fill(page: Any) -> None:
        heads = {str(cell.value): cell.column for cell in page[3]}
        for column, value in {"medium": "radio", "outlet": "Fjala e Malit", "date": "2026-03-02", "headline": "Në radio"}.items():
            page.cell(5, heads[column], value)

    changed(path, tmp_path / "filled.xlsx", fill)
    if name.endswith(".csv"):
        table(
            filled, [["" if cell is None else cell for cell in row] for row in load_workbook(tmp_path / "filled.xlsx")["coverage"].values]
        )
    told = enter(desk, filled if name.endswith(".csv") else tmp_path / "filled.xlsx")
    assert (told.code, told.out.splitlines()[-1]) == (0, "1 entered, 1 example, skipped"), told
    assert found(desk)[0].outlet.country == "XK"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name one of: an address, --import FILE, --template FILE"),
        (["https://a.example/1", "--template", "a.xlsx"], "name one of"),
        (["--import", "nowhere.xlsx"], "nowhere.xlsx: does not exist"),
        (["--import", "nowhere.xlsx", "--campaign", "hills"], "no campaign 'hills'"),
        (["--import", "nowhere.xlsx", "--circle", "square"], "campaign rivers has no circle 'square'; there are campaign, organisation"),
    ],
)
def test_a_bad_argument_is_refused_in_one_line(desk: Newsdesk, arguments: Sequence[str], words: str) -> None:
    told = run("-w", desk.folder, "add", *arguments)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1), told
    assert words in told.err


def test_of_several_campaigns_one_must_be_named(desk: Newsdesk, sheet: Path) -> None:
    (desk.folder / "campaigns" / "hills.toml").write_text(CAMPAIGN.replace('id = "rivers"', 'id = "hills"'), "utf-8")
    assert "name one with --campaign: hills, rivers" in enter(desk, sheet).err
    assert enter(desk, sheet, "--campaign", "rivers").code == 0
    assert "3 entered" in enter(desk, sheet, "--campaign", "hills").out
    with desk.parts.database.reading() as conn:
        assert len(articles.without_page(conn)) == 3
        assert [len(mentions.for_campaign(conn, name)) for name in ("rivers", "hills")] == [3, 3]


def test_a_kill_during_an_import_leaves_all_of_it_or_nothing(desk: Newsdesk, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [HEAD[:7], *[(*PRINT[:6], f"Titulli {number}") for number in range(400)]])
    command = [sys.executable, "-m", "tracker", "-w", str(desk.folder), "add", "--import", str(path)]
    for pause in (0.9, 1.2, 1.5):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert len(found(desk)) in (0, 400)
    assert enter(desk, path).code == 0
    assert len(found(desk)) == 400


@pytest.mark.parametrize("other", [{"headline": "O rijecima"}, {"headline": "O rijeci!"}])
def test_a_correction_of_an_entered_item_is_no_second_item(desk: Newsdesk, sheet: Path, tmp_path: Path, other: dict[str, str]) -> None:
    assert enter(desk, sheet).code == 0
    before = len(desk.mentions())
    corrected = tuple(other.get(name, cell) for name, cell in zip(HEAD, TV, strict=True))
    told = enter(desk, workbook(tmp_path / "again.xlsx", [HEAD, corrected]))
    assert told.code == 1, told.out
    assert "seems to correct this item" in told.out
    assert len(desk.mentions()) == before


def test_another_broadcast_with_a_like_headline_and_a_corrected_item_that_was_rejected_are_entered(
    desk: Newsdesk, sheet: Path, tmp_path: Path
) -> None:
    assert enter(desk, sheet).code == 0
    before = len(desk.mentions())
    later = ("television", "RTV Bregu", "ME", "2026-03-12", "22:00", "Dnevnik", "O rijekama")
    assert enter(desk, workbook(tmp_path / "later.xlsx", [HEAD, later])).code == 0
    assert len(desk.mentions()) == before + 1
    run("-w", desk.folder, "verdict", desk.mention_of("O rijeci").id, "reject")
    corrected = ("television", "RTV Bregu", "ME", "2026-03-12", "19:30", "Dnevnik", "O rijekama i jezerima")
    assert enter(desk, workbook(tmp_path / "again.xlsx", [HEAD, corrected])).code == 0
