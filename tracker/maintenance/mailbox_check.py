"""What the doctor says of the mailbox, by its last reading; it asks no server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tracker.locale.said import Said
from tracker.mailbox.faults import advice_for, said_of
from tracker.mailbox.folder import folder_of
from tracker.maintenance.checks import Check
from tracker.settings import Settings
from tracker.store import mailbox
from tracker.text.local_time import in_zone

NAME = "mailbox"
LONG_UNREAD = timedelta(hours=36)
"""A night and a half: every night reads it."""


def check_mailbox(conn: Connection, settings: Settings, now: datetime, zone: str) -> Iterator[Check]:
    """Whether it was read lately and well, and whether its newsletters can be; nothing where none is named."""
    if not settings.mailbox.host:
        return
    state = mailbox.state_of(conn, folder_of(settings))
    read = Said("do_mailbox_read", command="`tracker mailbox --once`")
    if state is None:
        yield Check(NAME, False, Said("found_mailbox_unread"), read)
    elif state.fault:
        yield Check(NAME, False, said_of(state.fault), advice_for(state.fault))
    elif state.read_at is None or now - state.read_at > LONG_UNREAD:
        when = in_zone(state.read_at, zone) if state.read_at else "–"
        yield Check(NAME, False, Said("found_mailbox_old", when=when), read)
    elif settings.mailbox.newsletters and not settings.mailbox.authserv_id:
        setting = "mailbox.authserv_id"
        found = Said("found_mailbox_nobody_vouches", setting=setting)
        yield Check(NAME, False, found, Said("do_mailbox_vouch", setting=setting, header="Authentication-Results"))
    else:
        yield Check(NAME, True, f"read {in_zone(state.read_at, zone)}")
