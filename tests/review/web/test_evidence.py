"""Packs of evidence on the desk: reviewers get what is free, administrators protected items for a reason."""

from __future__ import annotations

import io
from html import unescape

from tests.newsdesk import ARTA, CAMPAIGN_ID, HELD
from tests.review.web.test_item import item_of
from tests.review.web.visiting import Staff
from tracker.evidence.verify import verify
from tracker.model import Fact
from tracker.review import decisions


def test_a_reviewer_gets_the_pack_of_an_item_and_a_reader_does_not(staff: Staff) -> None:
    item = item_of(staff, ARTA)
    reviewer = staff.enters("reviewer")
    address = f"/evidence/item/{item}"
    assert address in reviewer.get(f"/item/{item}").text
    answer = reviewer.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert f"evidence-{item}.zip" in answer.headers["Content-Disposition"]
    assert verify(io.BytesIO(answer.data)).faults == []
    reader = staff.enters("reader")
    assert address not in reader.get(f"/item/{item}").text
    assert reader.get(address).status_code == 403


def test_a_protected_item_goes_out_through_an_administrator_for_a_reason(staff: Staff) -> None:
    item = item_of(staff, HELD)
    reviewer, administrator = staff.enters("reviewer"), staff.enters("administrator")
    page, form = f"/item/{item}", f"/evidence/item/{item}/protected"
    assert "/evidence/" not in reviewer.get(page).text
    assert reviewer.get(f"/evidence/item/{item}").status_code == 303
    assert reviewer.send(form, {"reason": "x"}, page=page).status_code == 403
    assert form in administrator.get(page).text
    assert administrator.send(form, {"reason": "  "}, page=page).status_code == 303
    answer = administrator.send(form, {"reason": "the court asks"}, page=page, buffered=True)
    assert (answer.status_code, verify(io.BytesIO(answer.data)).items) == (200, 1)
    noted = [one.event for one in decisions.history(staff.parts.database, item) if one.event.fact is Fact.EVIDENCE]
    assert [str(one.after).endswith("the court asks") for one in noted] == [True]
    assert "the court asks" in unescape(administrator.get(page).text)


def test_an_edition_that_is_not_there_has_no_pack(staff: Staff) -> None:
    assert staff.enters("reviewer").get(f"/evidence/edition/{CAMPAIGN_ID}/999").status_code == 404
