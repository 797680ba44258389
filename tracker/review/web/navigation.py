"""The links at the top of every page: those that the person may open."""

from __future__ import annotations

from flask import request, url_for
from msgspec import Struct

from tracker.model import Role
from tracker.review.web.access import ACCESS, is_open
from tracker.review.web.context import Desk


class Link(Struct, frozen=True):
    """A place in the desk. `key`: its sentence; `letter`: what is typed after g to go there."""

    endpoint: str
    key: str
    letter: str


LINKS = (
    Link("inbox.listing", "inbox", "i"),
    Link("editions.every", "editions_title", "e"),
    Link("adding.every", "add_title", "a"),
    Link("numbers.every", "numbers_title", "n"),
    Link("campaign.every", "campaigns_title", "c"),
    Link("sources.overview", "sources_title", "s"),
    Link("mailbox.listing", "mailbox_title", "m"),
    Link("people.listing", "people", "p"),
)


MAILBOX = "mailbox.listing"


def has_mailbox(desk: Desk) -> bool:
    """Whether a mailbox is read, and the person reviews every campaign: a mail belongs to none."""
    return bool(desk.parts.settings.mailbox.host) and desk.person.may_everywhere(Role.REVIEWER)


def links_for(desk: Desk) -> list[tuple[Link, str, bool]]:
    """(link, address, whether the open page belongs to it)."""
    user = desk.user
    if user is None or user.must_change:
        return []
    here = (request.endpoint or "").partition(".")[0]
    return [
        (link, url_for(link.endpoint), link.endpoint.partition(".")[0] == here)
        for link in LINKS
        if is_open(ACCESS.get(link.endpoint), user) and (link.endpoint != MAILBOX or has_mailbox(desk))
    ]
