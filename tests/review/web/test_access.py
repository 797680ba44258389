"""Every route x every role x not logged in: what has no row is closed, what has one opens for whom it says."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.newsdesk import CAMPAIGN_ID
from tests.review.web.visiting import Staff
from tracker.model import Grant, Role, User
from tracker.review.web import protection
from tracker.review.web.access import ACCESS, Need, is_open
from tracker.review.web.app import make_app

OPENS_FOR = {
    Need.NOTHING: {"", "reader", "reviewer", "administrator"},
    Need.LOGIN: {"reader", "reviewer", "administrator"},
    Need.READER: {"reader", "reviewer", "administrator"},
    Need.REVIEWER: {"reviewer", "administrator"},
    Need.ADMINISTRATOR: {"administrator"},
    Need.EVERYTHING: {"administrator"},
    Need.TOKEN: set[str](),
}
ENDS_THE_LOGIN = {"login.leave"}


def address_of(rule: Rule) -> str:
    """An address of the route; what it names need not be there: whoever may not open it must not learn that."""
    named = {
        "user_id": "1",
        "task_id": "1",
        "edition_id": "1",
        "event_id": "1",
        "act_id": "1",
        "number": "1",
        "letter_id": "1",
        "filename": "desk.css",
    }
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda found: named.get(found[1], "none"), rule.rule)


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of all there is."""
    return [
        (rule.endpoint, method, address_of(rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.mark.parametrize("role", ["", *Role])
def test_every_route_opens_for_the_roles_of_its_row_and_for_nobody_else(staff: Staff, role: str) -> None:
    visitor = staff.enters(str(role)) if role else staff.visitor()
    wrong = []
    for endpoint, method, address in routes(staff.app):
        if endpoint in ENDS_THE_LOGIN and role:
            continue
        answer = visitor.client.open(address, method=method, buffered=True)  # a form without its key: who may open it is told that
        may = str(role) in OPENS_FOR[ACCESS[endpoint]]
        to_login = answer.status_code == 303 and answer.headers["Location"].startswith("/login")
        refused = answer.status_code in (401, 403) or to_login
        if (may == refused and endpoint != "login.enter") or (answer.status_code >= 500 and endpoint != "health.ready"):
            wrong.append((endpoint, method, address, answer.status))
    assert not wrong


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.ADMINISTRATOR])
def test_a_role_in_one_campaign_opens_nothing_of_the_whole_workspace(role: Role) -> None:
    user = User(1, "Arta", (Grant(role, CAMPAIGN_ID),))
    assert not is_open(Need.EVERYTHING, user)
    assert is_open(Need(str(role)), user)


def test_a_user_without_a_role_sees_nothing_but_the_own_password(staff: Staff) -> None:
    staff.add("Nobody", Role.READER, campaigns=())
    visitor = staff.enters("Nobody")
    assert visitor.get("/password").status_code == 200
    open_routes = {
        endpoint
        for endpoint, method, address in routes(staff.app)
        if visitor.client.open(address, method=method, buffered=True).status_code < 300
    }
    assert {ACCESS[endpoint] for endpoint in open_routes} <= {Need.NOTHING, Need.LOGIN}


def test_a_route_without_a_row_stops_the_start(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    without = {endpoint: need for endpoint, need in ACCESS.items() if endpoint != "people.listing"}
    monkeypatch.setattr(protection, "ACCESS", without)
    with pytest.raises(ValueError, match=r"people\.listing"):
        make_app(staff.parts)


def test_every_row_has_its_route(staff: Staff) -> None:
    assert ACCESS.keys() == {rule.endpoint for rule in staff.app.url_map.iter_rules()}


def test_what_a_role_includes() -> None:
    order = [*Role]
    for low, one in enumerate(order):
        for high, other in enumerate(order):
            assert other.includes(one) == (high >= low)
