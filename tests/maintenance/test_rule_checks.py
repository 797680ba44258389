"""Rules of outlets that run out or find nothing are told to whoever runs the tracker."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.builders import NOW, a_source, an_outlet
from tests.newsdesk import Newsdesk
from tracker.extraction.outlets import shipped_rules
from tracker.extraction.outlets.rules import OutletRule
from tracker.maintenance import doctor, rule_checks
from tracker.maintenance.rule_checks import check_outlet_rules
from tracker.store import registers

TODAY = NOW.date()
HOST = "zeri-i-lumit.example"


def a_rule(until: date = TODAY + timedelta(days=400), **fields: object) -> OutletRule:
    return OutletRule(TODAY - timedelta(days=400), until, **{"hosts": (HOST,), "body": "article"} | fields)  # type: ignore[arg-type]


def told(desk: Newsdesk, *rules: OutletRule) -> list[str]:
    with desk.parts.database.reading() as conn:
        return [check.finding for check in check_outlet_rules(conn, TODAY, rules)]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (a_rule(), ""),
        (a_rule(TODAY + timedelta(days=30)), f"{HOST} (2026-04-13)"),
        (a_rule(TODAY - timedelta(days=1)), f"{HOST} (2026-03-13)"),
        (a_rule(TODAY - timedelta(days=1), hosts=("nobody.example",)), ""),
        (a_rule(body=".gone"), f"find nothing in the newest pages: {HOST}"),
        (a_rule(body="", title="h9"), f"find nothing in the newest pages: {HOST}"),
        (a_rule(body="", title="h1"), ""),
        (a_rule(body=".gone", mark="a theme that no page has"), ""),
        (
            a_rule(body=".gone", hosts=(), platforms=("wordpress",), mark="article"),
            "find nothing in the newest pages: the platform wordpress",
        ),
    ],
)
def test_a_rule_that_ends_or_finds_nothing_is_named(desk: Newsdesk, rule: OutletRule, words: str) -> None:
    with desk.parts.database.writing() as conn:
        outlets = [an_outlet(platform="wordpress"), an_outlet("fjala-e-malit", country="XK")]
        registers.replace(conn, outlets, [a_source(), a_source("fjala-e-malit:feed:1")], NOW)
    found = told(desk, rule)
    assert (words in found[0]) if words else not found


def test_one_page_without_a_find_says_nothing(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_checks, "PAGES_A_RULE", 99)
    assert told(desk, a_rule(body=".gone")) == []


def test_the_doctor_tells_in_time(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_checks, "_shipped", lambda: (a_rule(date(2026, 12, 20)),))
    asked = NOW.replace(month=12)
    assert [check.well for check in doctor.examine(desk.folder, asked) if check.name == rule_checks.NAME] == [False]


def test_shipped_rules_hold_for_a_while() -> None:
    assert min(rule.valid_until for rule in shipped_rules()) > date(2027, 6, 1)
