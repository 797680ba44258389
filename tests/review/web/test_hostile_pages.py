"""Every text that an outlet, a mail, a net or a colleague can put into the database, hostile at once; then every page of the desk."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import Connection

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN_ID, HELD, RIVER
from tests.review.web.test_hostile_texts import EVIL, faults
from tests.review.web.test_item import changed, item_of
from tests.review.web.test_mailbox import LISTED
from tests.review.web.visiting import PASSWORD, Staff, Visitor
from tests.review.web.walking import pages
from tracker.delivery.recipients import FILE_NAME
from tracker.model import Fact
from tracker.model.mailbox import LetterBounce, MailTask, MailTaskKind
from tracker.review import accounts
from tracker.store import mailbox, mentions, proofs
from tracker.store.events import Act, Subject
from tracker.store.schema.watching import outlet_terms

FREE = {
    "articles": ("title", "lead"),
    "revisions": ("title_before", "title_after"),
    "visits": ("detail", "why", "final_url"),
    "outlets": ("name", "notes"),
    "sources": ("last_detail", "failing_detail", "etag"),
    "fetches": ("detail", "final_url"),
    "pages": ("skip_detail", "content_type"),
    "links": ("title", "summary", "found_by"),
    "sightings": ("found_by",),
    "item_states": ("note", "headline", "headline_en", "decided_by"),
    "editions": ("approved_by",),
    "proofs": ("detail", "asked_by"),
    "poll_days": ("detail",),
    "gaps": ("detail",),
    "lookbacks": ("detail",),
    "mail_tasks": ("sender", "words"),
    "letter_bounces": ("code",),
    "outlet_terms": ("policy",),
    "alerts": ("subject", "text", "detail"),
    "jobs": ("detail",),
}
"""Columns of free text. What is a word of ours, an id or a name to log in with is none."""
REASONS = (Fact.EVIDENCE, Fact.ERASED)
"""What a person gives a reason for in words of their own; an estimate that is refused gives a word of ours."""
NO_PAGES = (".xlsx", ".csv", ".png", "/static/", "/evidence/")


@pytest.fixture
def hostile(office: Staff) -> Staff:
    """An office with one of everything, and hostile text in all of it."""
    (office.parts.workspace / FILE_NAME).write_text(LISTED.replace("Arta", "<script>alert(1)</script>"), "utf-8")
    changed(office, RIVER)
    with office.parts.database.writing() as conn:
        link = "javascript:alert(1)"
        mailbox.add_tasks(conn, [MailTask(kind, kind, EVIL, False, link, EVIL, NOW) for kind in MailTaskKind])
        mailbox.save_bounces(conn, [LetterBounce("d", EVIL, EVIL, "hard", EVIL, True, NOW)])
        (edition,) = conn.exec_driver_sql("SELECT id FROM editions").scalars()
        proofs.ask(conn, edition, "arta@staff.example", "en", EVIL, NOW)
        (outlet,) = conn.exec_driver_sql("SELECT id FROM outlets LIMIT 1").scalars()
        conn.execute(outlet_terms.insert().values(outlet_id=outlet, via="header", asked_at=NOW, said="reserved", rules=[], policy=EVIL))
        for mention in mentions.for_campaign(conn, CAMPAIGN_ID):
            said = Act(conn, at=NOW, by=EVIL, via="desk")
            for fact in REASONS:
                said.say(Subject(CAMPAIGN_ID, mention.article_id), {fact: f"2026-10-02 08:00:00 {EVIL}"})
        poison(conn)
    return office


def poison(conn: Connection) -> None:
    for table, columns in FREE.items():
        for column in columns:
            conn.exec_driver_sql(f"UPDATE {table} SET {column} = ?", (EVIL,))


def test_no_text_from_anywhere_becomes_markup_on_any_page(hostile: Staff) -> None:
    visitor = hostile.enters("administrator")
    token = accounts.make_token(hostile.parts.database, "administrator", NOW)
    opened = 0
    for page in pages(hostile.app, hostile.parts, token):
        if any(part in page.address for part in NO_PAGES):
            continue
        answer = visitor.get(page.address, headers=page.headers, follow_redirects=True)
        assert answer.status_code < 500, page.address
        if answer.mimetype in ("text/html", "image/svg+xml"):
            opened += 1
            assert faults_of(visitor, page.address, answer.text) == [], page.address
            assert "<script>alert" not in answer.text, page.address
    assert opened > 30
    assert PASSWORD not in EVIL


@pytest.mark.parametrize("name", [RIVER, HELD])
def test_the_reasons_for_evidence_and_erasure_are_shown_as_they_were_written_and_are_no_markup(office: Staff, name: str) -> None:
    item, visitor = item_of(office, name), office.enters("administrator")
    before = unescape(visitor.get(f"/item/{item}").text).count(EVIL)
    with office.parts.database.writing() as conn:
        (article,) = (one.article_id for one in mentions.for_campaign(conn, CAMPAIGN_ID) if one.id == item)
        subject = Subject(CAMPAIGN_ID, article)
        for fact in REASONS:
            Act(conn, at=NOW, by="administrator", via="desk").say(subject, {fact: EVIL})
    page = visitor.get(f"/item/{item}").text
    assert unescape(page).count(EVIL) >= before + len(REASONS)
    assert faults(page) == []


def faults_of(visitor: Visitor, address: str, text: str) -> list[str]:
    """What a browser would run of it. A mail styles its elements, as mail programs need it, and is shown in a frame where nothing runs."""
    styled = address.partition("?")[0].endswith(("/mail", "/correction/letter"))
    return [one for one in faults(text) if not (styled and " style=" in one)]
