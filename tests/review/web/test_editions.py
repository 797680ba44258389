"""Editions on the desk: previewed as they go, approved once, proofs to known people, letters settled by a person's word."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.builders import NOW
from tests.digests.test_editions import say
from tests.newsdesk import ARTA, CAMPAIGN_ID, HELD, RIVER, Newsdesk
from tests.review.web.conftest import RECIPIENTS
from tests.review.web.visiting import Staff, Visitor
from tracker.delivery import publish
from tracker.delivery.proof_jobs import send_all
from tracker.delivery.transport import NOT_MAILED
from tracker.errors import StoreError
from tracker.model import Audience, Decision, Role
from tracker.pipeline.edition_files import make_all
from tracker.review.web.app import make_app
from tracker.review.web.pages.editions import MOST_PROOFS_AN_HOUR
from tracker.review.web.proofs import EXTENSION as PROOFS
from tracker.review.web.protection import INERT_POLICY
from tracker.store import deliveries, digests, item_states, proofs
from tracker.store.deliveries import DeliveryState
from tracker.store.proofs import ProofState


def address(staff: Staff, path: str = "") -> str:
    with staff.parts.database.reading() as conn:
        (edition,) = digests.every(conn, CAMPAIGN_ID)
    return f"/editions/{CAMPAIGN_ID}/{edition.id}{path}"


def edition_id(staff: Staff) -> int:
    return int(address(staff).rpartition("/")[2])


def send(visitor: Visitor, staff: Staff, path: str, **fields: str) -> TestResponse:
    return visitor.send(address(staff, path), fields, page="/password", follow_redirects=True)


def body(html: str) -> str:
    """Without the day and hour that a preview and the mail itself may differ in."""
    return re.sub(r"\s+", " ", html)


def test_an_edition_is_previewed_as_partners_get_it_with_the_own_sentence(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    query = {"audience": "partners", "language": "en", "sentence_en": "A good week <b>indeed</b>."}
    before = reviewer.get(address(office, "/mail"), query_string=query)
    assert before.headers["Content-Security-Policy"] == INERT_POLICY
    assert "A good week &lt;b&gt;indeed" in before.text
    send(reviewer, office, "/approve", sentence_en="A good week <b>indeed</b>.")
    sent, _ = publish.compose(
        office.parts.database, edition_id(office), Audience.PARTNERS, "en", **publish.composing(office.parts.settings)
    )
    assert "Approved by" not in before.text
    assert body(before.text) == body(sent.html).replace(" · Approved by reviewer", "")
    assert body(reviewer.get(address(office, "/mail"), query_string={"language": "en"}).text) == body(sent.html)


def test_an_item_of_a_released_edition_leads_to_its_page_and_to_its_correction(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    assert "have not got it yet" in reviewer.get(address(office, "/items?audience=partners")).text
    assert "/correction" not in reviewer.get(address(office)).text
    send(reviewer, office, "/approve")
    assert "/correction" in reviewer.get(address(office)).text
    page = reviewer.get(address(office, "/items")).text
    assert RIVER in page
    assert HELD not in page
    corrections = re.findall(r'href="(/item/[^"]+/correction)"', page)
    assert len(corrections) == len(re.findall('class="card"', page)) > 0
    assert all(reviewer.get(one).status_code == 200 for one in corrections)
    assert reviewer.get(address(office, "/items").replace(CAMPAIGN_ID, "other")).status_code == 404


def test_what_is_left_out_is_named_with_its_reason_for_staff_and_for_partners(office: Staff) -> None:
    page = office.enters("reviewer").get(address(office)).text
    assert "2 items are in it" in page
    for words in ("it may identify a child", "its circle is for staff alone", HELD, ARTA):
        assert words in page
    assert "its circle is for staff alone" not in office.enters("reviewer").get(address(office, "?audience=staff")).text


def test_an_edition_is_approved_once_and_by_name(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    assert "Approved. Partners get it" in send(reviewer, office, "/approve").text
    again = send(office.enters("administrator"), office, "/approve")
    assert "was approved by reviewer" in unescape(again.text)
    assert "Approved by reviewer" in reviewer.get(f"/editions/{CAMPAIGN_ID}").text
    with office.parts.database.reading() as conn:
        assert digests.released_at(conn, edition_id(office)).keys() == {Audience.STAFF, Audience.PARTNERS}


def fields_of(page: str, form: str) -> str:
    """The form with this id, as the page has it."""
    found = re.search(rf'<form[^>]*id="{form}".*?</form>', page, re.DOTALL)
    assert found is not None
    return unescape(found[0])


def test_approving_asks_first_with_who_gets_it_when_and_the_sentences_that_were_typed(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    overview = reviewer.get(address(office)).text
    fields = re.search(r'<form method="get".*?</form>', overview, re.DOTALL)
    assert fields is not None
    assert f'formaction="{address(office, "/approve")}"' in fields[0]
    assert fields[0].index("sentence_en") < fields[0].index("sentence_sq")
    question = reviewer.get(address(office, "/approve"), query_string={"sentence_sq": "Javë <e> mirë."}).text
    for words in ("1 letter goes out", "partner@partner.example", "Javë &lt;e&gt; mirë.", "16 March 2026"):
        assert words in question
    assert "arta@staff.example" not in question
    assert 'name="sentence_sq" value="Javë <e> mirë."' in fields_of(question, "sure")
    with office.parts.database.reading() as conn:
        assert digests.released_at(conn, edition_id(office)).keys() == {Audience.STAFF}
    send(reviewer, office, "/approve", sentence_sq="Javë e mirë.")
    assert reviewer.get(address(office, "/approve")).status_code == 303


def test_an_approval_is_taken_back_while_nothing_went_to_a_partner(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    send(reviewer, office, "/approve")
    assert "The edition waits again" in send(reviewer, office, "/wait").text
    with office.parts.database.reading() as conn:
        assert Audience.PARTNERS not in digests.released_at(conn, edition_id(office))
    assert "This did not work" in send(reviewer, office, "/wait").text


def test_a_proof_goes_to_staff_or_to_a_typed_address_and_to_no_partner(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    assert "partner@partner.example" not in reviewer.get(address(office)).text
    for stranger, told in (("Partner@partner.example", "gets the edition once it is approved"), ("me@", "is no mail address")):
        assert told in send(reviewer, office, "/proof", to=stranger).text
    for to in ("arta@staff.example", "Colleague@elsewhere.example"):
        page = send(reviewer, office, "/proof", to=to, language="sq").text
        assert f"The proof to {to} is on its way" in page
        rows = page[page.index("<tbody>") :]
        assert "kept as a file, not sent" in rows.partition(to.lower())[2].partition("</tr>")[0]
    assert len([*(office.parts.workspace / "outbox").glob("*proof*.eml")]) == 2
    assert "hx-get" not in page[page.index('id="letters"') :][:300]


def test_a_proof_that_was_asked_for_outlives_the_desk_and_one_that_was_interrupted_is_unknown(office: Staff) -> None:
    app = make_app(office.parts, send=lambda _: None)  # a desk that dies before anything is sent
    reviewer = Visitor(app)
    reviewer.log_in("reviewer")
    for to in ("arta@staff.example", "besa@staff.example"):
        send(reviewer, office, "/proof", to=to)
    page = reviewer.get(address(office)).text
    assert page[page.index("<tbody>") :].count("planned") == 2
    assert 'hx-trigger="every 2s"' in page
    with office.parts.database.writing() as conn:
        first, second = proofs.under_way(conn)
        assert proofs.begin(conn, first.id)
        assert not proofs.begin(conn, first.id)
    again = make_app(office.parts, send=lambda _: send_all(office.parts))
    again.extensions[PROOFS].take_up()
    with office.parts.database.reading() as conn:
        assert {one.id: one.state for one in proofs.of_edition(conn, edition_id(office))} == {first.id: "unknown", second.id: "filed"}
    assert len([*(office.parts.workspace / "outbox").glob("*proof*.eml")]) == 1


def test_a_proof_that_a_mail_server_refuses_says_why(office: Staff) -> None:
    send(office.enters("reviewer"), office, "/approve")
    (office.parts.workspace / "recipients.toml").write_text("recipients = 1", "utf-8")
    with office.parts.database.writing() as conn:
        proofs.ask(conn, edition_id(office), "arta@staff.example", "en", "reviewer", NOW)
    send_all(office.parts)
    with office.parts.database.reading() as conn:
        (one,) = proofs.of_edition(conn, edition_id(office))
    assert one.state == "refused"
    assert "recipients" in one.detail


def test_the_desk_is_no_way_to_mail_many(office: Staff) -> None:
    with office.parts.database.writing() as conn:
        for number in range(MOST_PROOFS_AN_HOUR):
            proofs.settle(conn, proofs.ask(conn, edition_id(office), f"{number}@x.example", "en", "", NOW), ProofState.SENT, "", NOW)
    office.clock.now = NOW + timedelta(minutes=30)
    reviewer = office.enters("reviewer")
    assert "Wait before you send more" in send(reviewer, office, "/proof", to="arta@staff.example").text
    office.clock.passes(timedelta(hours=1))
    assert "on its way" in send(reviewer, office, "/proof", to="arta@staff.example").text
    office.clock.passes(timedelta(days=91))
    send(office.enters("reviewer"), office, "/proof", to="arta@staff.example")
    with office.parts.database.reading() as conn:
        assert len(proofs.of_edition(conn, edition_id(office))) == 1  # of the others the addresses are given up


def test_whoever_asks_for_a_proof_is_offered_first(office: Staff) -> None:
    other = '[[recipients]]\nname = "Reviewer"\nemail = "me@staff.example"\nrole = "staff"\nlanguage = "en"\nedition = "weekly"\n'
    (office.parts.workspace / "recipients.toml").write_text(RECIPIENTS + other, "utf-8")
    page = office.enters("reviewer").get(address(office)).text
    assert 'name="to" list="staff" value="me@staff.example"' in page
    assert page.index('<option value="me@staff.example"') < page.index('<option value="arta@staff.example"')


def test_a_letter_that_is_a_file_does_not_read_as_sent_and_a_final_approval_says_so(office: Staff) -> None:
    reviewer, number = office.enters("reviewer"), edition_id(office)
    send(reviewer, office, "/approve")
    filed = f"written to outbox/x.eml: {NOT_MAILED}"
    settled = {"arta@staff.example": "250 ok", "partner@partner.example": filed}
    for to, words in settled.items():
        assert ("cannot be taken back" in reviewer.get(address(office)).text) is False
        with office.parts.database.writing() as conn:
            deliveries.plan(conn, number, to, "en", message_id=f"<{to}>", due_at=NOW)
            (letter,) = (one for one in deliveries.of_editions(conn, [number]) if one.recipient == to)
            deliveries.settle(conn, letter.id, DeliveryState.SENT, NOW, words)
    page = reviewer.get(address(office)).text
    assert page.count("kept as a file, not sent") == 1
    assert "cannot be taken back" in page
    assert "1 letter kept as a file · 1 letter sent" in reviewer.get(f"/editions/{CAMPAIGN_ID}").text


def test_what_an_approved_edition_holds_is_not_called_left_out_after_another_verdict(office: Staff, desk: Newsdesk) -> None:
    reviewer = office.enters("reviewer")
    send(reviewer, office, "/approve")
    before = reviewer.get(address(office)).text
    say(desk, RIVER, Decision.REJECT, timedelta(hours=3))
    after = reviewer.get(address(office)).text
    for words in ("2 items are in it", "items of its period are not in it"):
        assert [line for line in before.splitlines() if words in line] == [line for line in after.splitlines() if words in line]


@pytest.mark.parametrize(("what", "state"), [("arrived", DeliveryState.SENT), ("again", DeliveryState.DUE)])
def test_an_unknown_letter_is_settled_by_a_person(office: Staff, what: str, state: DeliveryState) -> None:
    number = edition_id(office)
    with office.parts.database.writing() as conn:
        deliveries.plan(conn, number, "partner@partner.example", "en", message_id="<a@x>", due_at=NOW)
        (letter,) = deliveries.of_editions(conn, [number])
        deliveries.settle(conn, letter.id, DeliveryState.UNKNOWN, NOW, "the line broke")
    reviewer = office.enters("reviewer")
    assert "unknown: it may have arrived" in reviewer.get(address(office)).text
    send(reviewer, office, f"/letters/{letter.id}", what=what)
    with office.parts.database.reading() as conn:
        (letter,) = deliveries.of_editions(conn, [number])
    assert letter.state is state
    assert send(reviewer, office, "/letters/999", what=what).status_code == 404


@pytest.mark.parametrize("path", ["", "/mail", "/text"])
def test_an_edition_of_another_campaign_is_not_to_be_had(office: Staff, path: str) -> None:
    office.add("Other", Role.ADMINISTRATOR, ["lakes"])
    other = office.enters("Other")
    assert other.get(address(office, path)).status_code == 404
    assert other.get(address(office, path).replace(CAMPAIGN_ID, "lakes")).status_code == 404
    assert office.enters("reader").get(address(office, path)).status_code == 403


def test_a_headline_that_is_a_script_stays_text(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    text = reviewer.get(address(office), query_string={"sentence_sq": "</textarea><script>alert(1)</script>"}).text
    assert "<script>alert(1)" not in text
    assert RIVER in reviewer.get(address(office, "/text"), query_string={"language": "sq"}).text


def test_files_are_made_by_another_process_and_the_page_says_so_until_they_are_there(office: Staff) -> None:
    begun: list[Path] = []
    app = make_app(office.parts, begun.append)
    reviewer = Visitor(app)
    reviewer.log_in("reviewer")
    refreshed, outbox = 'http-equiv="refresh"', office.parts.workspace / "outbox"
    assert refreshed not in reviewer.get(address(office)).text
    page = send(reviewer, office, "/approve").text
    assert begun == [office.parts.workspace]
    assert f"<noscript><meta {refreshed}" in page
    looks = re.search(r'<div id="files" hx-get="([^"]+)" hx-trigger="every 5s" hx-select="#files"', page)
    assert looks is not None
    assert 'id="files"' in reviewer.get(unescape(looks[1])).text
    assert "The files for partners are being made" in page
    make_all(office.parts)
    page = reviewer.get(address(office)).text
    assert refreshed not in page
    assert "The files for partners" not in page
    assert [path for path in outbox.iterdir() if "-partners" in path.name]


def test_files_that_could_not_be_made_are_asked_for_again(office: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewer = office.enters("reviewer")
    with monkeypatch.context() as full:
        full.setattr(publish, "publish", cannot)
        assert "could not all be made" in send(reviewer, office, "/approve").text
    assert "could not all be made" not in send(reviewer, office, "/files").text
    assert [path for path in (office.parts.workspace / "outbox").iterdir() if "-partners" in path.name]


def test_nobody_makes_files_of_an_edition_that_waits(office: Staff) -> None:
    assert send(office.enters("reviewer"), office, "/files").status_code == 400


def cannot(*_: object, **__: object) -> None:
    raise StoreError("the disk is full")


def test_approving_says_how_many_items_of_the_period_still_wait_for_a_decision(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    question = reviewer.get(address(office, "/approve")).text
    assert "1 item of its period waits for a decision and stays out." in question
    outside = reviewer.get(address(office)).text.partition('id="outside"')[2]
    assert HELD in unescape(outside)
    (held,) = re.findall(r'id="s-([^"]+)"', outside.partition("</details>")[0])
    with office.parts.database.reading() as conn:
        version = item_states.many(conn, CAMPAIGN_ID, [int(held.rpartition("-")[2])])
    pick = f"{held}:{next((one.version for one in version.values()), 0)}"
    reviewer.send("/inbox/say", {"campaign": CAMPAIGN_ID, "pick": pick, "say": "reject:namesake", "sure": "1"}, page="/password")
    assert "of its period wait" not in reviewer.get(address(office, "/approve")).text
