"""What an outlet says machines may do with its pages beyond reading them (TDM Reservation Protocol, W3C community group report of 2024),
and which files of its site say what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class TermsVia(StrEnum):
    """Where an outlet says it."""

    HEADER = "header"  # tdm-reservation of an answer
    META = "meta"  # the element of that name in a page
    TDMREP = "tdmrep"  # /.well-known/tdmrep.json of its site
    ROBOTS = "robots"  # /robots.txt of its site


class TermsSaid(StrEnum):
    """What is said there."""

    OPEN = "open"  # 0; of robots.txt: we may ask for the front page
    RESERVED = "reserved"  # 1; of a file: of some paths at least
    NOTHING = "nothing"  # it said something once and does no more; of a file: it has none that says anything
    REFUSED = "refused"  # robots.txt keeps us from the front page


class SiteFileOutcome(StrEnum):
    """How asking for a file of a site ended, where it was answered; exactly one each. Any other end is a FetchOutcome."""

    READ = "read"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    NOT_JSON = "not_json"
    NOT_A_LIST = "not_a_list"
    NO_RULES = "no_rules"  # a list that holds no rule


Rule = tuple[str, str, str]
"""Of tdmrep.json: a path's pattern, a TermsSaid, a policy's address or nothing. Of robots.txt: a field, its value, nothing."""


class Terms(Struct, frozen=True):
    """What one page says, with the address of a licence; empty: none."""

    via: TermsVia
    said: TermsSaid
    policy: str = ""


class SiteFile(Struct, frozen=True):
    """A file of an outlet's site as it was last answered. `outcome`: how the last request ended; a request that failed leaves the rest as it
    was. `changed_at`: when what it says was first seen so. `wrong`: entries of tdmrep.json that are no rules."""

    via: TermsVia
    outcome: str
    asked_at: datetime
    said: TermsSaid = TermsSaid.NOTHING
    rules: tuple[Rule, ...] = ()
    changed_at: datetime | None = None
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    wrong: int = 0
