"""A label that holds an item back, found while its letter is on the way to the server: the letter goes without the item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.builders import NOW, a_campaign
from tests.delivery.letters import a_recipient
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.mailing import ZONES
from tests.newsdesk import RIVER, Newsdesk
from tracker.delivery.letters import LetterWriter, PublishedComposer
from tracker.delivery.mailing import Mailing
from tracker.delivery.recipients import Role, read_send_on
from tracker.model import EditionKind
from tracker.settings import Digest, Mail, Settings
from tracker.store import mentions


@pytest.fixture
def server() -> Iterator[MailServerOnLoopback]:
    with MailServerOnLoopback() as running:
        yield running


@pytest.mark.parametrize("role", [Role.PARTNER, Role.DONOR])
@pytest.mark.parametrize("stage", ["CONNECT", "MAIL", "RCPT", "CONTENT"])
def test_a_label_that_a_match_sets_while_the_server_is_asked_is_heeded(
    desk: Newsdesk, server: MailServerOnLoopback, stage: str, role: Role
) -> None:
    desk.night("match", "group", "digest")
    kind = EditionKind.NIGHTLY
    recipient = a_recipient(role=role, edition=kind, send_on=read_send_on("07:00", kind), formats=("html", "csv"))
    settings = Settings(
        digest=Digest(sender="Press <press@ngo.example>"),
        mail=Mail(host="127.0.0.1", port=server.port, security="none", timeout_seconds=2, per_minute=100_000),
    )
    database = desk.parts.database
    letters = LetterWriter(database, settings, ZONES, PublishedComposer(database))
    mailing = Mailing(database, desk.folder / "outbox", settings, [a_campaign()], [recipient], letters, lambda: NOW + timedelta(days=1))

    def matched_anew() -> None:
        with database.writing() as conn:
            held = [replace(one, held=True) for one in mentions.for_campaign(conn, "rivers")]
            mentions.save(conn, held, NOW)

    server.orders.append(Order(stage, call=matched_anew))
    assert dict(mailing.run().step.outcomes) == {"sent": 1}
    (letter,) = server.letters
    assert RIVER not in "".join(part.get_content() for part in letter.message.walk() if part.get_content_maintype() == "text")
    server.orders.clear()
