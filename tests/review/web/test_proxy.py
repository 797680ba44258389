"""Behind a proxy that is told of: the desk believes its headers, for the cookie and the throttle; otherwise none of them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as changed

from tests.review.web.visiting import Staff, Visitor
from tracker.review.web.app import make_app

SENT = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "localhost", "X-Forwarded-For": "203.0.113.7"}


def behind(staff: Staff, *, proxy: bool) -> Visitor:
    settings = changed(staff.parts.settings, review=changed(staff.parts.settings.review, behind_proxy=proxy))
    return Visitor(make_app(replace(staff.parts, settings=settings), lambda _: None))


@pytest.mark.parametrize("proxy", [True, False])
def test_a_login_over_tls_at_the_proxy_gets_a_secure_cookie_only_where_the_proxy_is_told_of(staff: Staff, proxy: bool) -> None:
    answer = behind(staff, proxy=proxy).get("/login", headers=SENT)
    assert answer.status_code == 200
    assert ("Secure" in answer.headers["Set-Cookie"]) == proxy


@pytest.mark.parametrize(("proxy", "status"), [(True, 401), (False, 429)])
def test_failures_count_against_the_address_that_the_proxy_names_only_where_it_is_told_of(staff: Staff, proxy: bool, status: int) -> None:
    visitor = behind(staff, proxy=proxy)
    for number in range(6):
        headers = {**SENT, "X-Forwarded-Proto": "http", "X-Forwarded-For": f"203.0.113.{number}"}
        answer = visitor.send("/login", {"name": "reader", "password": "wrong"}, headers=headers)
    assert answer.status_code == status
