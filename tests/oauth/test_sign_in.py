"""A person signs in by a code or in a browser; what comes back that is not theirs is refused."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.oauth.accounts import a_mailbox
from tests.oauth.token_server import Reply, TokenServer, a_refusal
from tracker.errors import ConfigError, UsageError
from tracker.oauth.endpoint import Endpoint
from tracker.oauth.faults import Fault, TokenTrouble
from tracker.oauth.plan import OAuthPlan, plan_of
from tracker.oauth.sign_in import BrowserSignIn, ask_device_code, wait_for_device

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ASK = Endpoint(patience_seconds=5)
CODE = {"verification_uri": "https://login.example/device", "user_code": "AB-CD", "device_code": "dev-1", "interval": 5, "expires_in": 30}
WAIT = a_refusal("authorization_pending")


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer(now=NOW, refresh_token="kept") as running:
        yield running


def plan(server: TokenServer, **oauth: Any) -> OAuthPlan:
    return plan_of(a_mailbox(server.url, grant="refresh_token", client_secret="", **oauth))


def by_code(server: TokenServer, *replies: Reply) -> tuple[Any, list[float]]:
    server.replies += [Reply(told=CODE), *replies]
    pauses: list[float] = []
    code = ask_device_code(plan(server), ASK, NOW)
    return wait_for_device(plan(server), code, ASK, lambda: NOW, pauses.append), pauses


def test_a_code_is_waited_for_at_the_pace_that_the_provider_asks_for(server: TokenServer) -> None:
    granted, pauses = by_code(server, WAIT, a_refusal("slow_down"), Reply(503, {"error": "authorization_pending"}))
    assert (granted.access_token, granted.refresh_token) == ("token-1", "kept-1")
    assert pauses == [5, 5, 10, 10]
    assert server.asked[0]["path"] == "/tenant/oauth2/v2.0/devicecode"
    assert {asked.get("device_code") for asked in server.asked[1:]} == {"dev-1"}
    assert "dev-1" not in repr(granted) + repr(CODE | {"device_code": ""})


@pytest.mark.parametrize(
    ("replies", "wanted"),
    [
        ([a_refusal("authorization_declined")], Fault.DENIED),
        ([a_refusal("access_denied")], Fault.DENIED),
        ([WAIT, a_refusal("expired_token")], Fault.CODE_EXPIRED),
        ([WAIT] * 6, Fault.CODE_EXPIRED),
        ([a_refusal("invalid_client", "AADSTS7000218: The request body must contain 'client_secret'")], Fault.PUBLIC_CLIENT),
        ([Reply(told={"access_token": "t", "expires_in": 3600})], Fault.NO_REFRESH_TOKEN),
    ],
)
def test_a_code_that_leads_nowhere_ends_in_its_sentence(server: TokenServer, replies: list[Reply], wanted: Fault) -> None:
    with pytest.raises(TokenTrouble) as caught:
        by_code(server, *replies)
    assert caught.value.fault is wanted


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        CODE | {"user_code": 7},
        CODE | {"verification_uri": "javascript:alert(1)"},
        CODE | {"user_code": "\x1b[31m"},
        CODE | {"user_code": "x" * 999},
    ],
)
def test_a_code_that_cannot_be_shown_is_refused(server: TokenServer, told: Any) -> None:
    server.replies.append(Reply(told=told))
    with pytest.raises(TokenTrouble):
        ask_device_code(plan(server), ASK, NOW)


def test_where_a_provider_has_no_such_way_it_is_said(server: TokenServer) -> None:
    with pytest.raises(ConfigError, match="device_url"):
        ask_device_code(plan_of(a_mailbox("https://oauth2.googleapis.com/token", grant="refresh_token")), ASK, NOW)
    with pytest.raises(ConfigError, match="authorize_url"):
        BrowserSignIn(plan(server))


def test_a_browser_comes_back_with_a_code_that_is_exchanged(server: TokenServer) -> None:
    with BrowserSignIn(plan(server, authorize_url="https://accounts.example/auth")) as browser:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(browser.address).query).items()}
        assert (asked["client_id"], asked["login_hint"], asked["code_challenge_method"]) == ("app-1", "press@ngo.example", "S256")
        with pytest.raises(HTTPError, match="404") as caught:
            urllib.request.urlopen(f"{asked['redirect_uri']}/?code=theirs&state=other", timeout=5)
        caught.value.close()
        with urllib.request.urlopen(f"{asked['redirect_uri']}/?code=c-1&state={asked['state']}", timeout=5) as page:
            assert b"close this page" in page.read()
        granted = browser.finish(browser.wait(5), ASK, NOW)
    assert granted.refresh_token == "kept-1"
    assert (server.asked[0]["code"], server.asked[0]["grant_type"]) == ("c-1", "authorization_code")
    assert len(server.asked[0]["code_verifier"]) >= 43


@pytest.mark.parametrize(
    "back", ["", "nonsense", "http://127.0.0.1/?code=c", "http://127.0.0.1/?code=c&state=other", "http://[::1/?state=x"]
)
def test_an_address_of_another_sign_in_is_refused(server: TokenServer, back: str) -> None:
    with BrowserSignIn(plan(server, authorize_url="https://accounts.example/auth")) as browser, pytest.raises(UsageError):
        browser.finish(back, ASK, NOW)
    assert not server.asked


def test_a_person_who_declines_is_understood(server: TokenServer) -> None:
    with BrowserSignIn(plan(server, authorize_url="https://accounts.example/auth")) as browser:
        state = parse_qs(urlsplit(browser.address).query)["state"][0]
        with pytest.raises(TokenTrouble) as caught:
            browser.finish(f"http://127.0.0.1/?error=access_denied&state={state}", ASK, NOW)
    assert caught.value.fault is Fault.DENIED


def test_nobody_coming_back_is_no_hang(server: TokenServer) -> None:
    with (
        BrowserSignIn(plan(server, authorize_url="https://accounts.example/auth")) as browser,
        pytest.raises(TokenTrouble, match="in time"),
    ):
        browser.wait(0.01)
