"""Whom and what the mailbox knows in one reading, from recipients, ledger and register: loaded at the first need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr
from functools import cached_property
from urllib.parse import urlsplit

from sqlalchemy import Connection

from tracker.delivery.letter_tokens import letters_by_token
from tracker.delivery.recipients import FILE_NAME, read_recipients
from tracker.mailbox.mail import Link
from tracker.mailbox.newsletters import SenderRule
from tracker.mailbox.triage import Known, Letter
from tracker.model import FoundLink
from tracker.store import frontier, registers
from tracker.store import mailbox as stored
from tracker.urls.canonical import normalise
from tracker.urls.rulebook import AddressRules
from tracker.workspace import Parts

NEWSLETTER = "newsletter"
"""`found_by` of a link that a newsletter brought."""


class Acquaintances:
    """Of one reading. Each property raises ConfigError or StoreError where what it rests on cannot be read."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @cached_property
    def known(self) -> Known:
        """All that `triage.decide` is told."""
        settings = self._parts.settings
        path = self._parts.workspace / FILE_NAME
        recipients = read_recipients(path) if path.exists() else ()
        own = (settings.digest.sender, settings.mail.unsubscribe_to, settings.mailbox.return_address, settings.mailbox.username)
        return Known(
            recipients=frozenset(one.address.key for one in recipients),
            own=frozenset(address for one in own if (address := parseaddr(one)[1].casefold())),
            hosts=tuple(self._hosts()),
            authserv_id=settings.mailbox.authserv_id,
            rules=tuple(SenderRule(one.outlet, one.senders) for one in settings.mailbox.newsletters),
            letter_of_token=lambda token: self._by_token.get(token),
            letter_of_message=lambda message_id: self._by_message.get(message_id),
            is_outlets=lambda outlet, url: self._rules.owner(url) == outlet,
        )

    def take_newsletter(self, conn: Connection, outlet_id: str, links: Sequence[Link], now: datetime) -> int:
        """What a newsletter names joins the frontier; how many of its links are the outlet's. Whoever named them first stays named."""
        named = [(normalise(link.url, self._rules), link) for link in links if self._rules.owner(link.url) == outlet_id]
        found = [
            (key, FoundLink(url=link.url, source_id="", outlet_id=outlet_id, found_by=NEWSLETTER, title=link.words))
            for key, link in named
            if key
        ]
        frontier.add(conn, found, run_id=None, now=now)
        return len(found)

    def _hosts(self) -> Iterator[str]:
        settings = self._parts.settings
        yield urlsplit(settings.review.public_url).hostname or ""
        for one in (settings.digest.sender, settings.mailbox.return_address):
            yield parseaddr(one)[1].rpartition("@")[2]

    @cached_property
    def _letters(self) -> list[Letter]:
        with self._parts.database.reading() as conn:
            return stored.letters(conn)

    @cached_property
    def _by_token(self) -> Mapping[str, Letter]:
        return letters_by_token(self._parts.workspace, self._letters)

    @cached_property
    def _by_message(self) -> Mapping[str, Letter]:
        return {message_id: (message_id, recipient) for message_id, recipient in self._letters}

    @cached_property
    def _rules(self) -> AddressRules:
        with self._parts.database.reading() as conn:
            return registers.address_rules(conn)
