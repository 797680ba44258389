"""`tracker mail` as a person meets it, and where a secret may never stand."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tarfile
import threading
import time
import traceback
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, quote_plus, urlsplit
from urllib.request import urlopen

import psutil
import pytest

from tests.cli.running import Outcome, run
from tests.conftest import ROOT
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.oauth.token_server import Reply, TokenServer, a_refusal
from tracker.delivery import login
from tracker.oauth.kept import FILE_NAME
from tracker.settings import read_settings
from tracker.store.database import open_database

SECRET, REFRESH = "s3cret~of/the+app", "1//refresh-of-the-app"


@pytest.fixture
def endpoint() -> Iterator[TokenServer]:
    with TokenServer(refresh_token="fresh-refresh") as running:
        yield running


@pytest.fixture
def server(endpoint: TokenServer) -> Iterator[MailServerOnLoopback]:
    with MailServerOnLoopback(takes_token=lambda token: token == endpoint.newest) as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path, server: MailServerOnLoopback, endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As a person sets it up: settings in the file, the address of tokens and the secret in the environment."""
    folder = tmp_path / "coverage"
    folder.mkdir()
    (folder / "tracker.toml").write_text(
        f"""
[digest]
sender = "Press <press@ngo.example>"
[mail]
host = "127.0.0.1"
port = {server.port}
security = "none"
auth = "xoauth2"
username = "press@ngo.example"
timeout_seconds = 5
[mail.oauth]
client_id = "app-1"
""",
        "utf-8",
    )
    monkeypatch.setenv("TRACKER_MAIL__OAUTH__TOKEN_URL", endpoint.url)
    monkeypatch.setenv("TRACKER_MAIL__OAUTH__CLIENT_SECRET", SECRET)
    return folder


def test_the_check_prints_each_step_and_ends_with_zero(workspace: Path, server: MailServerOnLoopback) -> None:
    outcome = run("-w", workspace, "mail", "check")
    assert (outcome.code, outcome.err) == (0, ""), outcome
    assert [line.split()[1] for line in outcome.out.splitlines()[2:]] == ["settings", "token", "server", "sender"]
    assert "AUTH XOAUTH2" in outcome.out
    assert not server.letters
    report = json.loads(run("-w", workspace, "mail", "check", "--json").out)
    assert [step["well"] for step in report["steps"]] == [True] * 4


def test_the_check_needs_a_person_where_a_step_fails(workspace: Path, endpoint: TokenServer) -> None:
    endpoint.replies.append(a_refusal("invalid_client", f"AADSTS7000222: secret {SECRET} is expired"))
    outcome = run("-w", workspace, "mail", "check")
    assert outcome.code == 1
    assert "WRONG" in outcome.out.splitlines()[-1]
    assert "make a new one in the app's Certificates & secrets" in outcome.out
    assert SECRET not in outcome.out


def test_a_sign_in_by_code_is_kept_and_serves(workspace: Path, endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_MAIL__OAUTH__GRANT", "refresh_token")
    assert "tracker mail sign-in" in run("-w", workspace, "mail", "check").out
    code = {
        "verification_uri": "https://login.example/device",
        "user_code": "AB-CD",
        "device_code": "dev-1",
        "interval": 0,
        "expires_in": 60,
    }
    endpoint.replies += [Reply(told=code), a_refusal("authorization_pending")]
    outcome = run("-w", workspace, "mail", "sign-in")
    assert outcome.code == 0, outcome
    assert "https://login.example/device" in outcome.err
    assert "AB-CD" in outcome.err
    assert "fresh-refresh" not in outcome.out + outcome.err
    assert (workspace / FILE_NAME).stat().st_mode & 0o077 == 0
    assert run("-w", workspace, "mail", "check").code == 0


def test_a_sign_in_in_a_browser_is_kept_and_serves(workspace: Path, endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_MAIL__OAUTH__GRANT", "refresh_token")
    monkeypatch.setenv("TRACKER_MAIL__OAUTH__AUTHORIZE_URL", "https://accounts.example/auth")

    def agree(address: str) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        urlopen(f"{asked['redirect_uri']}/?code=c-1&state={asked['state']}", timeout=5).close()

    def said(words: str, err: bool = False) -> None:
        if (address := words.rpartition("\n")[2]).startswith("https://accounts.example/"):
            threading.Thread(target=agree, args=(address,)).start()

    with monkeypatch.context() as patched:
        patched.setattr("tracker.cli.mail.click.echo", said)
        assert run("-w", workspace, "mail", "sign-in", "--browser").code == 0
    assert endpoint.asked[-1]["code"] == "c-1"
    assert run("-w", workspace, "mail", "check").code == 0


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "other grants need no person"),
        ({"GRANT": "refresh_token", "REFRESH_TOKEN": REFRESH}, "goes before a sign-in"),
        ({"GRANT": "refresh_token", "CLIENT_ID": ""}, "mail.oauth.client_id"),
    ],
)
def test_a_sign_in_that_cannot_be_is_refused(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"TRACKER_MAIL__OAUTH__{name}", value)
    outcome = run("-w", workspace, "mail", "sign-in")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1), outcome
    assert words in outcome.err
    assert REFRESH not in outcome.err


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("TRACKER_MAIL__OAUTH__TOKEN_URL", "http://login.example/token", "https://"),
        ("TRACKER_MAIL__OAUTH__TOKEN_URL", "https://user:hunter22@login.example/token", "https://"),
        ("TRACKER_MAIL__OAUTH__GRANT", "password", "client_credentials"),
        ("TRACKER_MAIL__OAUTH__TENANT", "a/b", "tenant"),
        ("TRACKER_MAIL__OAUTH__NONSENSE", "x", "mail.oauth.nonsense, which is no setting"),
        ("TRACKER_MAIL__AUTH", "ntlm", '"password" or "xoauth2"'),
        ("TRACKER_MAIL__RESOLVER", "dns.example", "9.9.9.9"),
    ],
)
def test_a_setting_that_cannot_be_is_named(workspace: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str) -> None:
    monkeypatch.setenv(variable, value)
    outcome = run("-w", workspace, "mail", "check")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1), outcome
    assert outcome.err.startswith(f"tracker: {variable}: ")
    assert words in outcome.err
    assert "hunter22" not in outcome.err


# --- secrets


def spelled(*secrets: str) -> set[str]:
    """What a secret looks like in a form, an address, JSON and Base64."""
    plain = {form for one in secrets for form in (one, quote(one, safe=""), quote_plus(one), json.dumps(one)[1:-1])}
    return plain | {b64encode(one.encode()).decode() for one in secrets}


def test_no_secret_stands_in_a_report_a_log_a_traceback_the_process_list_or_a_backup(
    workspace: Path, server: MailServerOnLoopback, endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # of the server in this test, which may know its visitors' tokens
    toml = workspace / "tracker.toml"
    toml.write_text(toml.read_text("utf-8") + f'client_secret = "{SECRET}"  # ours\nrefresh_token = "{REFRESH}"\n', "utf-8")
    toml.chmod(0o600)
    monkeypatch.setenv("TRACKER_MAIL__PASSWORD", "pass-of-the-mailbox")
    token = "token-1"
    secrets = spelled(SECRET, REFRESH, token, "pass-of-the-mailbox") | {login.xoauth2("press@ngo.example", token)}
    echoed = f"is {SECRET} {quote(SECRET, safe='')} {REFRESH} yours?"
    open_database(workspace).close()
    said: list[Outcome] = []
    for refusal in (a_refusal("invalid_client", echoed), a_refusal("invalid_grant", echoed), Reply(500, {"error": echoed}), None):
        endpoint.replies[:] = [refusal] * 2 if refusal else []
        said.append(run("-w", workspace, "mail", "check"))
    server.orders.append(Order("AUTH", f"554 5.7.8 {login.xoauth2('press@ngo.example', token)} {token}", times=9))
    said += [run("-w", workspace, "mail", "check"), run("-w", workspace, "doctor", "--json")]
    pack = workspace.parent / "pack.tar.gz"
    said.append(run("-w", workspace, "backup", "--all", pack))
    settings = read_settings(workspace, os.environ)
    try:
        raise RuntimeError(f"{settings!r} {settings.mail!r} {settings.mail.oauth!r}")
    except RuntimeError as error:
        told = "".join(traceback.format_exception(error))
    with tarfile.open(pack) as tar:
        packed = {member.name: found.read() for member in tar if (found := tar.extractfile(member))}
    assert FILE_NAME not in packed
    assert b"# ours" in packed["tracker.toml"]
    assert any("554" in outcome.out for outcome in said)
    everything = [*(outcome.out + outcome.err for outcome in said), told, caplog.text, *(one.decode("latin-1") for one in packed.values())]
    assert [secret for secret in secrets if any(secret in text for text in everything)] == []


def test_no_secret_stands_in_the_process_list(workspace: Path, endpoint: TokenServer) -> None:
    endpoint.replies.append(Reply(hang_seconds=3, told={}))
    running = subprocess.Popen([sys.executable, "-m", "tracker", "-w", workspace, "mail", "check"], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not endpoint.asked and time.monotonic() < until:
            time.sleep(0.02)
        listed = [" ".join(one.cmdline()) for one in (psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True))]
    finally:
        running.kill()
        running.wait(10)
    assert endpoint.asked[0]["client_secret"] == SECRET
    assert all(SECRET not in line for line in listed)
