"""Whether the rules of outlets still read their pages: none is past its last day, and each finds something in the newest pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from sqlalchemy import Connection

from tracker.extraction.outlets.rules import OutletRule, is_of_outlet, read_by_rule, rule_for
from tracker.locale.said import Said
from tracker.maintenance.checks import Check
from tracker.model import Outlet
from tracker.store import pages, registers

NAME = "outlet rules"
WARNED_BEFORE = timedelta(days=45)
"""Time to look at the outlet's pages and to bring the program up to date."""
PAGES_A_RULE = 3
"""Pages in which a rule finds nothing before it is named: one may be a gallery or a live blog."""
OUTLETS_A_RULE = 10
"""Outlets of a platform that are looked at for its rule."""


def check_outlet_rules(conn: Connection, today: date, rules: Sequence[OutletRule] | None = None) -> Iterator[Check]:
    """Rules of outlets that are watched: near or past their last day, or without a find in the newest pages. Nothing where all is well."""
    outlets = {state.outlet.id: state.outlet for state in registers.states(conn) if state.watched}.values()
    old, blind = [], []
    for rule in _shipped() if rules is None else rules:
        mine = [outlet for outlet in outlets if is_of_outlet(rule, outlet)]
        if mine and rule.valid_until - today < WARNED_BEFORE:
            old.append(f"{_name(rule)} ({rule.valid_until})")
        elif mine and rule.valid_from <= today and _finds_nothing(conn, rule, mine[:OUTLETS_A_RULE], today):
            blind.append(_name(rule))
    advice = Said("do_look_at_rules")
    if old:
        yield Check(NAME, False, Said("found_rules_old", names=", ".join(old)), advice)
    if blind:
        yield Check(NAME, False, Said("found_rules_blind", names=", ".join(blind)), advice)


def _shipped() -> Sequence[OutletRule]:
    from tracker.extraction.outlets import shipped_rules

    return shipped_rules()


def _finds_nothing(conn: Connection, rule: OutletRule, outlets: Iterable[Outlet], today: date) -> bool:
    read = list(islice(_readings(conn, rule, outlets, today), PAGES_A_RULE))
    return len(read) == PAGES_A_RULE and not any(read)


def _readings(conn: Connection, rule: OutletRule, outlets: Iterable[Outlet], today: date) -> Iterator[bool]:
    """For the newest pages that the rule is for: whether it finds a text, or the headline where it reads no text."""
    from tracker.extraction.document import open_document

    for outlet in outlets:
        for stored in pages.newest_of_articles(conn, outlet.id, PAGES_A_RULE):
            document = open_document(stored.opened())
            if rule_for(stored.final_url, document.source, outlet, today, (rule,)):
                found = read_by_rule(rule, document.source)
                yield bool(found.body if rule.body else found.title or found.published or found.authors)


def _name(rule: OutletRule) -> str:
    return rule.hosts[0] if rule.hosts else f"the platform {rule.platforms[0]}" if rule.platforms else "a rule without outlets"
