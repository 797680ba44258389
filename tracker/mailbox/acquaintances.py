"""Whom and what the mailbox knows in one reading, from recipients, ledger and register: loaded at the first need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cached_property
from urllib.parse import urlsplit

from sqlalchemy import Connection

from tracker.crawl.refusing import refusing_outlets
from tracker.delivery.letter_tokens import letters_by_token
from tracker.delivery.recipients import FILE_NAME, read_recipients
from tracker.mailbox.mail import Link
from tracker.mailbox.newsletters import SenderRule
from tracker.mailbox.triage import Known, Letter
from tracker.model import Net as CaughtBy
from tracker.model import NetSighting
from tracker.nets import listed as nets
from tracker.nets.listing import Net
from tracker.store import frontier, listings, registers, sightings
from tracker.store import mailbox as stored
from tracker.urls.canonical import normalise
from tracker.urls.rulebook import AddressRules
from tracker.workspace import Parts

LOOKBACK = timedelta(days=7)
"""As a night looks: a newsletter names no older article."""


class Acquaintances:
    """Of one reading. Each property raises ConfigError or StoreError where what it rests on cannot be read."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._doors: nets.Known | None = None

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
        """What a newsletter names joins the frontier, or is listed where the outlet refuses us; how many of its links are the outlet's."""
        if self._doors is None:
            outlets, rules = registers.outlets(conn), registers.address_rules(conn)
            refusing = refusing_outlets(registers.states(conn), now)
            self._doors = nets.Known(outlets, rules, refusing, now, now - LOOKBACK)
        decided = [nets.list_elsewhere(one.words, "", one.url, None, Net.NEWSLETTER, self._doors) for one in links]
        own = [(one.fate, one.key, one.link) for one in decided if one.link is not None and one.link.outlet_id == outlet_id]
        frontier.add(conn, [(key, link) for fate, key, link in own if fate is nets.Fate.QUEUED], run_id=None, now=now)
        listings.add(conn, [(key, link) for fate, key, link in own if fate is nets.Fate.LISTED], now)
        sightings.record(conn, CaughtBy.NEWSLETTER, [NetSighting(key, outlet_id) for _, key, _ in own], now)
        return len(own)

    def note_partners(self, conn: Connection, urls: Sequence[str], now: datetime) -> None:
        """Notes that partners named these addresses, where the register knows the outlet: how much we miss is estimated from it."""
        named = [(normalise(url, self._rules), self._rules.owner(url)) for url in urls]
        sightings.record(conn, CaughtBy.PEOPLE, [NetSighting(key, owner) for key, owner in named if key and owner], now)

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
