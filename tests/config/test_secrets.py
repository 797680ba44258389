"""A secret is taken out of a text in every form in which a library or a server may write it."""

from __future__ import annotations

import html
import json
import os
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.running import run
from tracker.alerts.ping import NightOutcome, ping
from tracker.config.secrets import HIDDEN, MIN_SECRET_CHARS, masked
from tracker.settings import read_settings

SECRET = "Zx9/p+q r'7\"š\\w<9"
WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in a path": quote,
    "in a part of a path": lambda text: quote(text, safe=""),
    "in a form": quote_plus,
    "with small letters": lambda text: quote(text, safe="").lower().replace("zx", "Zx"),
    "twice quoted": lambda text: quote(quote(text, safe=""), safe=""),
    "some of it quoted": lambda text: quote(text, safe="/+' \"<"),
    "in JSON": lambda text: json.dumps(text)[1:-1],
    "in JSON with its letters": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "in Python": lambda text: repr(text)[1:-1],
    "in HTML": html.escape,
    "in HTML, apostrophes alone": lambda text: text.replace("'", "&#39;"),
    "in Base64": lambda text: b64encode(text.encode()).decode(),
    "in Base64 of addresses": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "in Base64 without its end": lambda text: b64encode(text.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_hidden_however_it_is_written(way: str) -> None:
    written = WAYS[way](SECRET)
    assert masked(f"before {written}", [SECRET]).rstrip("=") == f"before {HIDDEN}"


@given(
    secret=st.text(st.characters(codec="utf-8"), min_size=MIN_SECRET_CHARS), way=st.sampled_from(sorted({*WAYS} - {"with small letters"}))
)
def test_any_secret_is_hidden_however_it_is_written(secret: str, way: str) -> None:
    written = WAYS[way](secret)
    told = masked(f"<{written}>", [secret])
    assert HIDDEN in told
    assert written not in told or written in HIDDEN


@pytest.mark.parametrize(
    ("settings", "said", "hidden"),
    [
        ('[fetch]\nproxy = "http://ana:p%2Fw7x@proxy.example:3128"', "407 for ana:p/w7x", "p/w7x"),
        ('[fetch]\nproxy = "http://ana:p%2fw7x@proxy.example:3128"', f"Basic {b64encode(b'ana:p/w7x').decode()}", "YW5hOnAvdzd4"),
        ('[database]\nurl = "postgresql://u:Hg7sT@db.example/press?sslmode=require"', "password Hg7sT", "Hg7sT"),
        ('[database]\nurl = "postgresql://u@db.example/press?sslpassword=Hg7sT"', "sslpassword=Hg7sT", "Hg7sT"),
        ('[schedule]\nping_url = "https://hc.example/ping/0f2c-77aa-91"', "no such check: 0f2c-77aa-91", "0f2c-77aa-91"),
        ('[alerts]\napprise_url = "json://host.example/T024BE7LH/hook"', "unknown hook /T024BE7LH/", "T024BE7LH"),
        ('[nets.mediacloud]\nkey = "Mc7sK/q"', "Authorization: Token Mc7sK%2Fq", "Mc7sK"),
        ('[nets.search_feed]\naddress = "https://s.example/feed?q={domain}&api_key=Sf7k%2Bz"', "GET /feed?q=a.al&api_key=Sf7k%2bz", "Sf7k"),
        ('[nets.wayback]\nbase_url = "https://ana:Wb7sK@wayback.example/cdx"', "ana:Wb7sK", "Wb7sK"),
        ('[mail]\nhost = "m.example"\nusername = "ana"\npassword = "Ml\'7s"', r"'Ml\'7s'", "7s"),
        ('[mailbox]\nhost = "m.example"\nusername = "ana"\npassword = "Mb7s"', "LOGIN ana Mb7s", "Mb7s"),
    ],
)
def test_a_secret_of_the_settings_is_in_nothing_that_is_said(tmp_path: Path, settings: str, said: str, hidden: str) -> None:
    (tmp_path / "tracker.toml").write_text(f"{settings}\n", "utf-8")
    read = read_settings(tmp_path, {})
    assert hidden not in read.masked(said)
    assert hidden not in repr(read.shown())


@pytest.mark.parametrize(
    "url", ["postgresql://u:Hg7sT@9qq@127.0.0.1:1/press", "postgresql://u:Hg7sT9qq@127.0.0.1:1/press", "postgresql://u:Hg/7sT9qq@h:x/d"]
)
@pytest.mark.parametrize("command", [("status",), ("--json", "doctor"), ("nightly",), ("mailbox", "--once"), ("backup", "b.db")])
def test_a_password_of_the_database_is_in_no_words_of_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tracker.toml").write_text(f'[database]\nurl = "{url}"\nbusy_timeout_seconds = 0\n', "utf-8")
    (tmp_path / "tracker.toml").chmod(0o600)
    outcome = run("-w", tmp_path, *command)
    assert outcome.code in (1, 2, 3)
    assert not [part for part in ("Hg7sT", "9qq", "7sT9") if part in outcome.out + outcome.err]


@pytest.mark.parametrize(
    "address", ["http://u:Pg7s#x@host.example/p", "http://u:Pg7s:y@host.example:z/p", "http://127.0.0.1:1/ping/Pg7sT-11"]
)
def test_an_address_that_cannot_be_asked_is_in_no_words_of_the_sign_of_life(tmp_path: Path, address: str) -> None:
    (tmp_path / "tracker.toml").write_text(f'[schedule]\nping_url = "{address}"\n', "utf-8")
    trouble = ping(read_settings(tmp_path, os.environ), NightOutcome.DONE, 5.0)
    assert trouble
    assert "Pg7s" not in trouble
