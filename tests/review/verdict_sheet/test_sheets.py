"""The review in a spreadsheet: out, filled in, back; what was left alone says nothing, and nobody is overruled in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.builders import a_verdict
from tests.cli.running import run
from tests.newsdesk import ABOUT_THE_RIVER, ARTA, HELD, RIVER, Addresses, Newsdesk, story_page
from tests.review.verdict_sheet.reviewing import REVIEWED_CAMPAIGN, back, entry_of, export, fill, recorded, said, sheet_rows
from tests.sheets import table
from tracker.model import Decision
from tracker.review.verdict_sheet import exporting
from tracker.spreadsheets import rows as limits
from tracker.store import verdicts


def test_the_sheet_has_one_row_an_item_with_held_ones_marked_at_the_top(review: Newsdesk) -> None:
    path = export(review)
    book = load_workbook(path)
    page = book["review"]
    assert str(page["A1"].value).startswith("INTERNAL: for the campaign's own staff only")
    assert str(page["A3"].value).startswith("HELD: 1 items at the top may identify a child")
    rows = sheet_rows(path)
    assert [row["held"] for row in rows] == ["HELD", None, None, None]
    assert {row["headline"] for row in rows} == {HELD, RIVER, ARTA}
    held = rows[0]
    assert (held["mention"], held["circle"], held["country"], held["link"] is not None) == (
        review.mention_of(HELD).id,
        "campaign",
        "AL",
        True,
    )
    assert "[lumë të pastër]" in held["excerpt"]
    assert held["why it matched"].startswith("river: lumë të pastër; minor: i mitur") or "marked child_case" in held["why it matched"]
    assert held["published"].isoformat() == "2026-03-13T10:00:00"
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in page.iter_rows() for cell in row)
    assert (page.freeze_panes, page.auto_filter.ref.startswith("A4:")) == ("B5", True)
    assert page.column_dimensions[page.cell(4, len(held)).column_letter].hidden
    lists = {rule.formula1 for rule in page.data_validations.dataValidation}
    assert lists == {
        '"accept,reject,unsure,sensitive"',
        '"positive,neutral,negative,mixed"',
        '"headline,lead,text,passing"',
        '"yes,no"',
        '"on,off"',
    }
    assert [row[2].value for row in book["key messages"].iter_rows(min_row=2)] == ["Clean water for all", "Schools take part"]


def test_a_filled_sheet_is_recorded_and_told_row_by_row(review: Newsdesk) -> None:
    river, arta = review.mention_of(HELD), review.mention_of(ARTA)
    filled = fill(
        export(review),
        review.folder / "filled.xlsx",
        {
            river.id: {
                "decision": "Accept",
                "tone": "positive",
                "prominence": "lead",
                "message: clean-water": "yes",
                "message: Schools": "no",
                "english headline": "The  river\nrose",
                "note": "safe to show",
            },
            arta.id: {"decision": "reject"},
        },
    )
    told = back(review, filled)
    assert told.code == 0, told
    assert told.out.splitlines() == [
        f"row 5: {river.id}: recorded: accept, tone positive, prominence lead, messages clean-water, headline 'The river rose', note 'safe to show'",
        f"row {row_of(filled, arta.id)}: {arta.id}: recorded: reject",
        "2 recorded, 2 left as it was",
    ]
    verdict = said(review)[river.article_id]
    assert (verdict.decision, verdict.tone, verdict.key_messages, verdict.headline_en, verdict.by) == (
        Decision.ACCEPT,
        "positive",
        ("clean-water",),
        "The river rose",
        "Mira",
    )
    assert said(review)[arta.article_id].key_messages is None
    again = back(review, filled)
    assert (again.code, again.out.splitlines()[-1], len(recorded(review))) == (0, "2 recorded before, 2 left as it was", 2)


def row_of(path: Path, mention_id: str) -> int:
    return 5 + next(number for number, row in enumerate(sheet_rows(path)) if row["mention"] == mention_id)


def test_only_what_is_open_is_written_unless_all_is_asked_for(review: Newsdesk) -> None:
    run("-w", review.folder, "verdict", review.mention_of(ARTA).id, "accept", "--tone", "mixed", "--message", "none", "--by", "Mira")
    run("-w", review.folder, "verdict", review.mention_of(HELD).id, "unsure")
    assert len(sheet_rows(export(review))) == 3
    rows = {row["mention"]: row for row in sheet_rows(export(review, "--all"))}
    assert len(rows) == 4
    arta = rows[review.mention_of(ARTA).id]
    assert (arta["decision"], arta["tone"], arta["message: clean-water"], arta["message: Schools"]) == ("accept", "mixed", "no", "no")
    assert arta["present verdict"].startswith("accept, tone mixed, messages none (2")
    assert arta["present verdict"].endswith("by Mira)")
    assert sheet_rows(export(review, "--since", "2026-03-15")) == []
    assert len(sheet_rows(export(review, "--since", "2026-03-14", "--campaign", "rivers"))) == 3


def test_a_verdict_given_since_is_never_overruled_in_silence(review: Newsdesk) -> None:
    mention = review.mention_of(ARTA)
    filled = fill(export(review), review.folder / "filled.xlsx", {mention.id: {"decision": "accept", "tone": "positive"}})
    run("-w", review.folder, "verdict", mention.id, "reject", "--note", "another Arta", "--by", "Bojan")
    told = back(review, filled)
    assert told.code == 1
    assert "refused: judged since: reject, note 'another Arta' (" in told.out
    assert "by Bojan); the sheet says: accept, tone positive; --force takes the sheet's" in told.out
    assert said(review)[mention.article_id].decision is Decision.REJECT
    forced = back(review, filled, "--force")
    assert forced.code == 0
    assert "recorded over a newer verdict: accept, tone positive; was: reject" in forced.out
    assert recorded(review) == [Decision.REJECT, Decision.ACCEPT]


def test_a_row_left_alone_says_nothing_even_when_others_judged_since(review: Newsdesk) -> None:
    mention = review.mention_of(ARTA)
    path = export(review)
    run("-w", review.folder, "verdict", mention.id, "reject")
    told = back(review, path)
    assert (told.code, told.out.splitlines()) == (0, ["4 left as it was"])


def test_emptied_cells_take_nothing_back(review: Newsdesk) -> None:
    mention = review.mention_of(ARTA)
    run(
        "-w",
        review.folder,
        "verdict",
        mention.id,
        "accept",
        "--tone",
        "mixed",
        "--headline",
        "A year",
        "--message",
        "Schools",
        "--note",
        "n",
    )
    emptied = {"tone": None, "english headline": None, "message: Schools": None, "message: clean-water": None}
    told = back(review, fill(export(review, "--all"), review.folder / "filled.xlsx", {mention.id: {**emptied, "note": "changed"}}))
    assert "an emptied cell takes nothing back: tone, english headline, messages as before" in told.out
    verdict = said(review)[mention.article_id]
    assert (verdict.tone, verdict.headline_en, verdict.key_messages, verdict.note) == ("mixed", "A year", ("Schools",), "changed")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"decision": "maybe"}, "decision: 'maybe' is none of accept, reject, unsure, sensitive"),
        ({"decision": "accept", "tone": "great", "prominence": "big"}, "tone: 'great' is none of positive"),
        ({"tone": "positive"}, "decision: is empty; choose one, or unsure"),
        ({"decision": "accept", "message: Schools": "perhaps"}, "message: Schools: 'perhaps' is neither yes nor no"),
        ({"decision": "accept", "note": "x" * 1001}, "note: has 1001 characters; 1000 at most"),
        ({"decision": "accept", "state": "abc"}, "state: the hidden column was changed; write the sheet anew"),
        ({"decision": "accept", "state": None}, "state: the hidden column was changed"),
        ({"decision": "accept", "mention": "rivers-999"}, "mention: there is no such item here"),
        ({"decision": "accept", "mention": None}, "mention: is empty; leave this column as it was"),
        ({"decision": "=A1"}, "decision: holds a formula without a stored value"),
    ],
)
def test_a_row_that_is_wrong_is_refused_whole_and_the_others_are_recorded(review: Newsdesk, cells: dict[str, Any], words: str) -> None:
    wrong, right = review.mention_of(ARTA), review.mention_of(HELD)
    told = back(review, fill(export(review), review.folder / "filled.xlsx", {wrong.id: cells, right.id: {"decision": "sensitive"}}))
    assert told.code == 1
    assert words in told.out
    assert {article: verdict.decision for article, verdict in said(review).items()} == {right.article_id: Decision.SENSITIVE}


def test_a_row_twice_and_a_merged_row_are_refused(review: Newsdesk) -> None:
    path = export(review)
    mention = review.mention_of(HELD)

    book = load_workbook(path)
    page = book["review"]
    page.append([cell.value for cell in page[5]])
    page.cell(5, 8, "accept")
    page.merge_cells("A7:B8")
    book.save(path)
    told = back(review, path)
    assert f"row 9: {mention.id}: refused: stands in row 5 already; keep one row an item" in told.out
    assert told.out.count("is merged with other cells") == 2
    assert len(said(review)) == 1


def test_a_sheet_may_come_back_as_csv(review: Newsdesk, tmp_path: Path) -> None:
    mention = review.mention_of(ARTA)
    filled = fill(export(review), tmp_path / "f.xlsx", {mention.id: {"decision": "accept", "note": "=1+1"}})
    values = [["" if cell is None else cell for cell in row] for row in load_workbook(filled)["review"].values]
    told = back(review, table(tmp_path / "f.csv", values, delimiter=";", encoding="utf-8-sig"))
    assert (told.code, told.out.splitlines()[-1]) == (0, "1 recorded, 3 left as it was"), told
    assert said(review)[mention.article_id].note == "=1+1"


def test_what_is_called_sensitive_is_named_with_the_editions_that_hold_it(desk: Newsdesk) -> None:
    desk.night("match", "group", "digest")
    mention = desk.mention_of(ARTA)
    told = back(desk, fill(export(desk), desk.folder / "f.xlsx", {mention.id: {"decision": "sensitive"}}))
    assert told.code == 1
    assert f"{mention.id} stands in edition 1" in told.out
    assert "held" not in {row["held"] for row in sheet_rows(export(desk, "--all"))}
    assert sorted(filter(None, (row["held"] for row in sheet_rows(export(desk, "--all"))))) == ["HELD", "SENSITIVE"]


def test_hostile_words_survive_the_way_out_and_back_as_text(review: Newsdesk) -> None:
    mention = review.mention_of(ARTA)
    hostile = "=cmd|' /C calc'!A0 \x01\x07 _x0041_ \u202eevil <b>"
    with review.parts.database.writing() as conn:
        verdicts.record(conn, a_verdict(mention.article_id, Decision.UNSURE, note=hostile, headline_en=hostile))
    path = export(review)
    assert back(review, path).out.splitlines() == ["4 left as it was"]
    told = back(review, fill(path, review.folder / "f.xlsx", {mention.id: {"tone": "mixed"}}))
    assert told.code == 0
    assert said(review)[mention.article_id].headline_en == "=cmd|' /C calc'!A0 _x0041_ evil <b>"


def test_a_sheet_that_would_not_come_back_is_not_written(review: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)
    told = run("-w", review.folder, "verdict", "--export", review.folder / "week.xlsx")
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "4 items are more than a sheet may have (3); narrow them with --from and --to (days found) or --campaign" in told.err
    assert [*review.folder.glob("*week*")] == []
    assert limits.MOST_ROWS > 10_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "give a mention and a decision, or --export FILE, or --import FILE"),
        (("m-1",), "say what you decide of m-1: accept, reject, unsure, sensitive"),
        (("m-1", "accept", "--export", "a.xlsx"), "give a mention and a decision"),
        (("--export", "a.xlsx", "--import", "a.xlsx"), "give a mention and a decision"),
        (("m-1", "accept", "--tone", "great"), "'positive'"),
        (("--import", "nowhere.xlsx"), "nowhere.xlsx: does not exist"),
        (("--export", "a.xlsx", "--campaign", "hills"), "no campaign 'hills'"),
        (("--export", "a.xlsx", "--since", "soon"), "'soon' is no day"),
    ],
)
def test_a_bad_argument_is_refused_in_one_line(review: Newsdesk, arguments: tuple[str, ...], words: str) -> None:
    told = run("-w", review.folder, "verdict", *arguments)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1), told
    assert words in told.err


def test_a_message_that_the_campaign_has_not_is_refused(review: Newsdesk) -> None:
    told = run("-w", review.folder, "verdict", review.mention_of(ARTA).id, "accept", "--message", "peace")
    assert (told.code, "no key message 'peace'; there are clean-water, Schools" in told.err) == (2, True)


def test_a_sheet_of_another_kind_is_refused_and_the_trace_shows_the_details(review: Newsdesk, addresses: Addresses) -> None:
    path = review.folder / "empty.xlsx"
    run("-w", review.folder, "add", "--template", path)
    refused = back(review, path)
    assert (refused.code, "lacks the columns mention, decision, state" in refused.err) == (2, True)
    report = json.loads(run("-w", review.folder, "verdict", review.mention_of(ARTA).id, "accept", "--tone", "mixed", "--json").out)
    assert (report["decision"], report["tone"]) == ("accept", "mixed")
    run(
        "-w",
        review.folder,
        "verdict",
        review.mention_of(ARTA).id,
        "accept",
        "--prominence",
        "lead",
        "--message",
        "Schools",
        "--headline",
        "A year",
    )
    told = run("-w", review.folder, "trace", addresses.arta).out
    assert '(tone mixed; prominence lead; key messages Schools; in English "A year")' in told


@pytest.mark.parametrize("since", [("--star",), ("--tag", "front page"), ("accept", "--tone", "mixed")])
def test_a_sheet_that_was_written_before_the_last_word_is_refused_with_both_versions(review: Newsdesk, since: tuple[str, ...]) -> None:
    mention = review.mention_of(ARTA)
    filled = fill(export(review), review.folder / "filled.xlsx", {mention.id: {"decision": "reject", "headline": "Another"}})
    assert run("-w", review.folder, "verdict", mention.id, *since, "--by", "Bojan").code == 0
    told = back(review, filled)
    assert told.code == 1
    assert "refused: judged since: " in told.out
    assert "the sheet says: reject, corrected: headline 'Another'" in told.out
    assert entry_of(review, mention).as_found is None
    assert back(review, filled, "--force").code == 0
    assert (said(review)[mention.article_id].decision, entry_of(review, mention).article.title) == (Decision.REJECT, "Another")


def test_sheets_of_older_versions_are_read_by_what_they_bear(review: Newsdesk) -> None:
    """Without a version: the verdict itself tells whether somebody has judged since; without facts: no cell is a correction."""
    mention = review.mention_of(ARTA)
    path = export(review)
    states = {row["mention"]: row["state"].split(".") for row in sheet_rows(path)}
    older = {name: {"state": ".".join([*state[:2], state[2][:32]])} for name, state in states.items()}
    oldest = {name: {"state": ".".join(state[:2])} for name, state in states.items()}
    assert back(review, fill(path, review.folder / "a.xlsx", older)).out.splitlines() == ["4 left as it was"]
    assert back(review, fill(path, review.folder / "b.xlsx", oldest)).out.splitlines() == ["4 left as it was"]
    older[mention.id] |= {"decision": "accept"}
    filled = fill(path, review.folder / "c.xlsx", older)
    assert back(review, filled).out.splitlines()[-1] == "1 recorded, 3 left as it was"
    run("-w", review.folder, "verdict", mention.id, "reject")
    assert "refused: judged since: reject" in back(review, filled).out


def test_tags_a_picture_and_who_was_quoted_are_said_in_the_sheet(review: Newsdesk) -> None:
    spoken = '[[spokespeople]]\nname = "Arta Hoxha"\nrole = "Director"\nterms = ["river"]\n'
    review.write_campaign(REVIEWED_CAMPAIGN.replace("[terms.river]", f"{spoken}\n[terms.river]", 1))
    review.night("match", "group")
    mention = review.mention_of(ARTA)
    cells = {"decision": "accept", "quoted": "arta hoxha", "tags": "front page; Youth; youth", "picture": "off"}
    assert back(review, fill(export(review), review.folder / "a.xlsx", {mention.id: cells})).code == 0
    verdict = said(review)[mention.article_id]
    assert (verdict.quotes, verdict.tags, verdict.picture) == (("Arta Hoxha",), ("front page", "Youth"), "off")
    path = export(review, "--all")
    row = next(row for row in sheet_rows(path) if row["mention"] == mention.id)
    assert (row["quoted"], row["tags"], row["picture"]) == ("Arta Hoxha", "front page; Youth", "off")
    assert back(review, path).out.splitlines() == ["4 left as it was"]
    told = back(review, fill(path, review.folder / "b.xlsx", {mention.id: {"quoted": "Nobody Known"}}))
    assert "quoted: 'Nobody Known' is no spokesperson of campaign rivers" in told.out
    assert back(review, fill(path, review.folder / "c.xlsx", {mention.id: {"quoted": "none", "picture": "on"}})).code == 0
    verdict = said(review)[mention.article_id]
    assert (verdict.quotes, verdict.picture) == ((), "")


def test_a_reviewer_reads_what_was_found_in_quotation_marks_beside_who_is_quoted(review: Newsdesk) -> None:
    spoken = '[[spokespeople]]\nname = "Arta Lumaj"\nrole = "Director"\nterms = ["spokesperson"]\n'
    review.write_campaign(REVIEWED_CAMPAIGN.replace("[terms.river]", f"{spoken}\n[terms.river]", 1))
    review.published = 100  # the desk is a copy of one that has published before
    review.publish(story_page("Takim me banorët", ABOUT_THE_RIVER, "“Lumi duhet të jetë i pastër për të gjithë”, tha Arta Lumaj dje."))
    review.night("extract", "match", "group")
    rows = {row["headline"]: row["quote found"] for row in sheet_rows(export(review))}
    assert rows["Takim me banorët"] == "Arta Lumaj: “Lumi duhet të jetë i pastër për të gjithë”"
    assert rows[ARTA] is None
