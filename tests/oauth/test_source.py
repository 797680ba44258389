"""A token serves until shortly before its end; whatever an endpoint does ends in a token or one sentence, and no secret gets out."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from msgspec.structs import replace as changed

from tests.oauth.accounts import SECRET, a_key, a_mailbox, certificate_file, service_account_file, settings_of
from tests.oauth.token_server import Reply, TokenServer, a_jwt, a_refusal
from tracker.errors import ConfigError
from tracker.oauth.endpoint import MAX_ANSWER_BYTES, Endpoint
from tracker.oauth.faults import Fault, TokenTrouble
from tracker.oauth.kept import FILE_NAME, TokenFile
from tracker.oauth.plan import plan_of
from tracker.oauth.source import TokenSource, token_source

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer(now=NOW) as running:
        yield running


def source(folder: Path, server: TokenServer, clock: Clock | None = None, patience_seconds: float = 5, **oauth: Any) -> TokenSource:
    plan = plan_of(a_mailbox(server.url, **oauth))
    return TokenSource(plan, TokenFile(folder), Endpoint(agent="Press", patience_seconds=patience_seconds), clock or Clock())


def fault(of: TokenSource) -> Fault:
    with pytest.raises(TokenTrouble) as caught:
        of.token()
    for secret in (SECRET, "app-secret", "refresh-of-ours"):
        assert secret not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value.fault


def test_a_token_is_fetched_once_and_kept_for_its_owner_alone(tmp_path: Path, server: TokenServer) -> None:
    clock = Clock()
    assert [source(tmp_path, server, clock).token() for _ in range(3)] == ["token-1"] * 3
    assert len(server.asked) == 1
    asked = server.asked[0]
    assert (asked["grant_type"], asked["client_id"], asked["client_secret"]) == ("client_credentials", "app-1", SECRET)
    assert (asked["scope"], asked["agent"]) == ("https://outlook.office365.com/.default", "Press")
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()} == {
        FILE_NAME: "0o600",
        "mail-token.lock": "0o600",
    }


def test_a_token_is_replaced_before_it_ends_and_not_long_before(tmp_path: Path, server: TokenServer) -> None:
    clock = Clock()
    tokens = source(tmp_path, server, clock)
    found = []
    for minutes in (0, 54, 56, 57):
        clock.now = NOW + timedelta(minutes=minutes)
        found.append(tokens.token())
    assert found == ["token-1", "token-1", "token-2", "token-2"]


def test_while_the_endpoint_is_down_a_token_serves_to_its_very_end(tmp_path: Path, server: TokenServer) -> None:
    clock = Clock()
    tokens = source(tmp_path, server, clock)
    tokens.token()
    server.replies += [Reply(503, {}), Reply(503, {})]
    clock.now = NOW + timedelta(minutes=58)
    assert tokens.token() == "token-1"
    clock.now = NOW + timedelta(minutes=61)
    assert fault(tokens) is Fault.DOWN


def test_a_refused_token_is_replaced_and_one_that_another_process_replaced_is_not_fetched_again(
    tmp_path: Path, server: TokenServer
) -> None:
    first, second = (source(tmp_path, server) for _ in range(2))
    old = first.token()
    assert (first.token(refused=old), second.token(refused=old)) == ("token-2", "token-2")
    assert len(server.asked) == 2


def test_many_at_once_fetch_one_token(tmp_path: Path, server: TokenServer) -> None:
    server.replies.append(Reply(told={"access_token": "only-one", "expires_in": 3600}, hang_seconds=0.1))
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(source(tmp_path, server).token())) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)
    assert (found, len(server.asked)) == (["only-one"] * 5, 1)


def test_a_clock_that_was_set_back_fetches_anew(tmp_path: Path, server: TokenServer) -> None:
    clock = Clock()
    tokens = source(tmp_path, server, clock)
    tokens.token()
    clock.now = NOW - timedelta(days=400)
    assert tokens.token() == "token-2"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b'{"identity": 3}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_as_none(tmp_path: Path, server: TokenServer, damage: bytes) -> None:
    tokens = source(tmp_path, server)
    tokens.token()
    (tmp_path / FILE_NAME).write_bytes(damage)
    assert tokens.token() == "token-2"


def test_other_settings_take_no_token_of_before(tmp_path: Path, server: TokenServer) -> None:
    changes: list[dict[str, Any]] = [{}, {"client_id": "app-2"}, {"scope": "https://mail.example/x"}, {}]
    assert [source(tmp_path, server, **change).token() for change in changes] == [f"token-{number}" for number in (1, 2, 3, 4)]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, server: TokenServer) -> None:
    assert fault(source(tmp_path / "missing", server)) is Fault.FILE


# --- grants


def test_a_refresh_token_that_changes_is_kept_for_the_next_time(tmp_path: Path, server: TokenServer) -> None:
    server.refresh_token, clock = "newer", Clock()
    tokens = source(tmp_path, server, clock, grant="refresh_token", refresh_token="refresh-of-ours")
    tokens.token()
    clock.now += timedelta(hours=2)
    tokens.token()
    assert [asked["refresh_token"] for asked in server.asked] == ["refresh-of-ours", "newer-1"]


def test_without_a_sign_in_nobody_is_asked(tmp_path: Path, server: TokenServer) -> None:
    assert fault(source(tmp_path, server, grant="refresh_token", client_secret="")) is Fault.NOT_SIGNED_IN
    assert not server.asked


def test_an_app_with_a_certificate_signs_who_it_is(tmp_path: Path, server: TokenServer) -> None:
    source(tmp_path, server, client_secret="", key_file=certificate_file(tmp_path)).token()
    (asked,) = server.asked
    assert "client_secret" not in asked
    assert asked["client_assertion_type"].endswith(":jwt-bearer")
    told = jwt.decode(
        asked["client_assertion"],
        a_key().public_key(),
        ["PS256"],
        audience=server.url,
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert (told["iss"], told["sub"], told["iat"]) == ("app-1", "app-1", int(NOW.timestamp()))
    assert jwt.get_unverified_header(asked["client_assertion"]).keys() >= {"x5t#S256"}


def test_a_service_account_signs_for_a_mailbox(tmp_path: Path, server: TokenServer) -> None:
    source(tmp_path, server, grant="service_account", key_file=service_account_file(tmp_path)).token()
    (asked,) = server.asked
    assert asked["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    told = jwt.decode(
        asked["assertion"],
        a_key().public_key(),
        ["RS256"],
        audience=server.url,
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert (told["iss"], told["sub"], told["scope"]) == ("bot@project.example", "press@ngo.example", "https://mail.google.com/")


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{}", b"[]", b'{"private_key": "x", "client_email": "y"}', b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----"],
)
@pytest.mark.parametrize("grant", ["service_account", "client_credentials"])
def test_a_key_file_that_is_none_is_a_clear_error(tmp_path: Path, server: TokenServer, grant: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(ConfigError, match=r"mail\.oauth\.key_file"):
        source(tmp_path, server, grant=grant, client_secret="", key_file=str(tmp_path / "key")).token()


@pytest.mark.parametrize(
    ("oauth", "missing"),
    [
        ({"client_id": ""}, "client_id"),
        ({"client_secret": ""}, "client_secret"),
        ({"token_url": ""}, "token_url"),
        ({"grant": "service_account"}, "key_file"),
        ({"grant": "refresh_token", "client_id": ""}, "client_id"),
    ],
)
def test_a_setting_that_is_missing_is_named(server: TokenServer, oauth: dict[str, Any], missing: str) -> None:
    with pytest.raises(ConfigError, match=rf"mail\.oauth\.{missing}"):
        plan_of(a_mailbox(**{"token_url": server.url} | oauth))


@pytest.mark.parametrize(
    ("host", "oauth", "token_url", "scope"),
    [
        (
            "smtp.office365.com",
            {"tenant": "ngo.example"},
            "https://login.microsoftonline.com/ngo.example/oauth2/v2.0/token",
            "https://outlook.office365.com/.default",
        ),
        (
            "smtp.office365.com",
            {"grant": "refresh_token"},
            "https://login.microsoftonline.com/organizations/oauth2/v2.0/token",
            "https://outlook.office.com/SMTP.Send",
        ),
        ("smtp.gmail.com", {"grant": "refresh_token"}, "https://oauth2.googleapis.com/token", "https://mail.google.com/"),
        (
            "smtp-relay.gmail.com",
            {"grant": "service_account", "key_file": "k"},
            "https://oauth2.googleapis.com/token",
            "https://mail.google.com/",
        ),
    ],
)
def test_the_providers_addresses_need_not_be_given(host: str, oauth: dict[str, Any], token_url: str, scope: str) -> None:
    plan = plan_of(changed(a_mailbox("", **oauth), host=host, security="starttls"))
    assert (plan.token_url, plan.scope.split()[0]) == (token_url, scope)
    assert SECRET not in repr(plan)


# --- what an endpoint may do


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        (Reply(hang_seconds=2, told={}), Fault.SLOW),
        (Reply(raw=b" " * 300, drip_seconds=0.05), Fault.SLOW),
        (Reply(drop=True), Fault.UNREACHABLE),
        (Reply(200, raw=b"<html><p>Sign in to the wireless network</p></html>"), Fault.NOT_JSON),
        (Reply(200, raw=b""), Fault.NOT_JSON),
        (Reply(200, raw=b"[" * 100_000), Fault.NOT_JSON),
        (Reply(200, raw=b" " * (MAX_ANSWER_BYTES + 1)), Fault.NOT_JSON),
        (Reply(200, told=["access_token"]), Fault.NOT_JSON),
        (Reply(200, told={"access_token": 7}), Fault.NOT_JSON),
        (Reply(200, told={"access_token": "two\r\nlines"}), Fault.NOT_JSON),
        (Reply(200, told={"access_token": "x" * 20_000}), Fault.NOT_JSON),
        (Reply(200, told={"access_token": "t", "token_type": "mac"}), Fault.NOT_JSON),
        (Reply(302, told={}, headers={"Location": "http://127.0.0.1:9/elsewhere"}), Fault.NOT_JSON),
        (Reply(404, raw=b"not here"), Fault.NO_SUCH_ADDRESS),
        (Reply(503, raw=b"<html>busy</html>"), Fault.DOWN),
        (Reply(200, told={"access_token": "t", "expires_in": 0}), Fault.EXPIRED_ALREADY),
        (Reply(200, told={"access_token": "t", "expires_in": -3600}), Fault.EXPIRED_ALREADY),
        (Reply(200, told={"access_token": a_jwt(exp=NOW.timestamp() - 60), "expires_in": 3600}), Fault.EXPIRED_ALREADY),
        (Reply(200, told={"access_token": a_jwt(aud="https://graph.microsoft.com"), "expires_in": 3600}), Fault.ANOTHER_AUDIENCE),
        (a_refusal("invalid_client", f"AADSTS7000215: Invalid secret {SECRET} of client app-1"), Fault.WRONG_SECRET),
        (a_refusal("invalid_client", "the secret s3cret~of%2Fthe%2Bapp is wrong", 401), Fault.WRONG_SECRET),
        (Reply(400, told={"error": {"status": "INVALID_ARGUMENT", "message": "no"}}), Fault.REFUSED),
    ],
)
def test_whatever_an_endpoint_does_ends_in_one_sentence(tmp_path: Path, server: TokenServer, reply: Reply, wanted: Fault) -> None:
    server.replies.append(replace(reply))
    assert fault(source(tmp_path, server, patience_seconds=0.3 if wanted is Fault.SLOW else 5)) is wanted
    assert not (tmp_path / FILE_NAME).exists()
    server.replies.clear()
    assert source(tmp_path, server).token() == "token-1"


def test_a_wrong_clock_is_named_when_the_endpoint_tells_the_time(tmp_path: Path, server: TokenServer) -> None:
    server.now = NOW + timedelta(hours=5)
    server.replies += [a_refusal("invalid_grant"), Reply(told={"access_token": a_jwt(exp=(NOW - timedelta(hours=1)).timestamp())})]
    tokens = source(tmp_path, server)
    assert [fault(tokens), fault(tokens)] == [Fault.CLOCK, Fault.CLOCK]


def test_an_address_where_nobody_listens_is_out_of_reach(tmp_path: Path) -> None:
    with TokenServer() as server:
        tokens = source(tmp_path, server)
    assert fault(tokens) is Fault.UNREACHABLE


@pytest.mark.parametrize("life", ["3599", None, "soon", float("nan"), 1e300, True])
def test_a_life_that_is_odd_or_not_told_is_at_most_a_day(tmp_path: Path, server: TokenServer, life: object) -> None:
    server.replies.append(Reply(raw=json.dumps({"access_token": "t", "expires_in": life}).encode()))
    tokens = source(tmp_path, server)
    tokens.token()
    assert tokens.kept is not None
    assert timedelta(0) < tokens.kept.expires_at - NOW <= timedelta(days=1)


OUTLOOK = "https://outlook.office365.com/.default"


@pytest.mark.parametrize(
    ("scope", "audience", "is_for_mail"),
    [
        (OUTLOOK, "https://outlook.office365.com", True),
        (OUTLOOK, "https://outlook.office.com", True),
        (OUTLOOK, "00000002-0000-0ff1-ce00-000000000000", True),
        (OUTLOOK, "00000003-0000-0000-c000-000000000000", False),
        (OUTLOOK, "https://graph.microsoft.com", False),
        (OUTLOOK, "mail", True),
        (OUTLOOK, "", True),
        ("https://mail.google.com/", "https://mail.google.com/", True),
        ("https://mail.google.com/", "https://www.googleapis.com/drive", False),
        ("https://graph.microsoft.com/.default", "https://graph.microsoft.com", True),  # as asked for: the mail server has the last word
        ("mail.send", "https://anything.example", True),
    ],
)
def test_a_token_for_another_service_is_known_by_its_audience(server: TokenServer, scope: str, audience: str, is_for_mail: bool) -> None:
    assert plan_of(a_mailbox(server.url, scope=scope)).is_for_mail(audience) is is_for_mail


def test_the_settings_alone_make_a_source(tmp_path: Path, server: TokenServer) -> None:
    assert token_source(settings_of(a_mailbox(server.url)), tmp_path, Clock()).token() == "token-1"
