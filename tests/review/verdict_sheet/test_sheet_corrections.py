"""Corrections in the sheet: kept beside what the outlet had, refused by name where they cannot be kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.builders import an_outlet
from tests.newsdesk import ARTA, Newsdesk
from tests.review.verdict_sheet.reviewing import back, entry_of, export, fill, said, sheet_rows
from tracker.model import Decision
from tracker.store import registers


@pytest.mark.parametrize(
    ("cells", "printed"),
    [
        ({"headline": "Another  headline"}, ("Another headline", "2026-03-13T10:00:00+01:00", "AL", ())),
        ({"outlet": "Beta", "country": "RS"}, (ARTA, "2026-03-13T10:00:00+01:00", "RS", ())),
        ({"outlet": "BETA"}, (ARTA, "2026-03-13T10:00:00+01:00", "RS", ())),
        ({"published": datetime(2026, 3, 12, 10, 0)}, (ARTA, "2026-03-12T10:00:00+01:00", "AL", ())),  # noqa: DTZ001  # a moment in a sheet has no zone
        ({"published": date(2026, 3, 12)}, (ARTA, "2026-03-12", "AL", ())),
        ({"published": "12.3.2026"}, (ARTA, "2026-03-12", "AL", ())),
        ({"published": "12.3.2026 09:05"}, (ARTA, "2026-03-12T09:05:00+01:00", "AL", ())),
        ({"author": "Arta Hoxha; Bora Leka"}, (ARTA, "2026-03-13T10:00:00+01:00", "AL", ("Arta Hoxha", "Bora Leka"))),
    ],
)
@pytest.mark.parametrize("decision", [None, "accept"])
def test_a_corrected_cell_is_kept_beside_what_was_found_and_printed(
    review: Newsdesk, cells: dict[str, Any], printed: tuple[str, str, str, tuple[str, ...]], decision: str | None
) -> None:
    mention = review.mention_of(ARTA)
    with review.parts.database.writing() as conn:
        registers.add_unwatched(conn, an_outlet("beta", name="Beta", country="RS"))
    filled = fill(export(review), review.folder / "filled.xlsx", {mention.id: {"decision": decision, **cells}})
    told = back(review, filled)
    assert (told.code, "corrected: " in told.out) == (0, True), told
    entry = entry_of(review, mention)
    published = entry.article.published
    assert (entry.article.title, published and published.iso(), entry.outlet.country, entry.article.authors) == printed
    assert entry.as_found is not None
    assert (entry.verdict is not None) is (decision is not None)
    assert back(review, filled).out.splitlines()[-1] == "1 recorded before, 3 left as it was"
    row = next(row for row in sheet_rows(export(review, "--all")) if row["mention"] == mention.id)
    assert "corrected by hand" in row["why it matched"]
    assert row["headline"] == printed[0]
    again = export(review, "--all", name="again.xlsx")
    restored = fill(again, review.folder / "restored.xlsx", {mention.id: {"headline": ARTA}})
    if "headline" in cells:
        assert back(review, restored).code == 0
        assert entry_of(review, mention).as_found is None


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"outlet": "No such paper"}, "outlet: the register has no 'No such paper'"),
        ({"country": "MK"}, "not in MK"),
        ({"published": "soon"}, "published: 'soon' is no date"),
        ({"published": date(2027, 1, 1)}, "lies in the future"),
        ({"headline": "x" * 1001}, "headline: has 1001 characters"),
    ],
)
def test_a_correction_that_cannot_be_kept_is_refused_by_name(review: Newsdesk, cells: dict[str, Any], words: str) -> None:
    mention = review.mention_of(ARTA)
    told = back(review, fill(export(review), review.folder / "filled.xlsx", {mention.id: {"decision": "accept", **cells}}))
    assert told.code == 1
    assert words in told.out
    assert said(review) == {}


@pytest.mark.parametrize("cells", [{"headline": ""}, {"published": "13.03.2026 10:00"}, {"headline": f"  {ARTA} "}, {"published": None}])
def test_a_cell_that_a_program_wrote_in_another_way_is_no_correction(review: Newsdesk, cells: dict[str, Any]) -> None:
    mention = review.mention_of(ARTA)
    filled = fill(export(review), review.folder / "filled.xlsx", {mention.id: {"decision": "accept", **cells}})
    told = back(review, filled)
    assert told.code == 0, told.out
    assert [verdict.decision for verdict in said(review).values()] == [Decision.ACCEPT]
