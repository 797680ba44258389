"""The sign of life after a night, against real servers on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.newsdesk import CAMPAIGN
from tracker.alerts.ping import NightOutcome, ping
from tracker.errors import ConfigError
from tracker.settings import Fetch, Schedule, Settings, read_settings


class _Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.server.agents.append(self.headers["User-Agent"])  # type: ignore[attr-defined]
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        else:
            self.send_response(500 if "broken" in self.path else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        server.asked, server.agents = [], []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def asked(service: ThreadingHTTPServer) -> list[str]:
    return service.asked  # type: ignore[attr-defined, no-any-return]


def at(address: str) -> Settings:
    return Settings(schedule=Schedule(ping_url=address))


def test_a_good_night_asks_and_a_failed_one_only_where_the_address_bears_its_outcome(service: ThreadingHTTPServer) -> None:
    base = f"http://127.0.0.1:{service.server_port}"
    for outcome in NightOutcome:
        assert ping(at(f"{base}/plain"), outcome) == ""
        assert ping(at(f"{base}/with/{{outcome}}"), outcome) == ""
    assert asked(service) == ["/plain", "/with/done", "/plain", "/with/needs_person", "/with/failed"]
    assert ping(Settings(), NightOutcome.DONE) == ""


def test_a_service_that_fails_is_named_without_its_address(service: ThreadingHTTPServer) -> None:
    told = ping(at(f"http://127.0.0.1:{service.server_port}/broken-t0ken"), NightOutcome.DONE)
    assert told == "schedule.ping_url could not be asked: it answered with status 500"
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        told = ping(at(f"http://127.0.0.1:{free.getsockname()[1]}/t0ken"), NightOutcome.DONE)
    assert "refused" in told
    assert "t0ken" not in told


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("ftp://127.0.0.1/x", "status 302"),
        ("file:///etc/passwd", "status 302"),
        ("gopher://x/", "status 302"),
        ("/to//to//to/", ""),
        ("http://[bad/", "could not be asked"),
        ("/broken", "status 500"),
    ],
)
def test_a_redirect_leads_to_web_addresses_only_and_never_in_circles(service: ThreadingHTTPServer, target: str, words: str) -> None:
    told = ping(at(f"http://127.0.0.1:{service.server_port}/to/{target}"), NightOutcome.DONE, 3)
    assert words in told
    assert "/to/" not in told
    assert len(asked(service)) < 20


def test_a_redirect_is_followed_and_any_agent_can_ask(service: ThreadingHTTPServer) -> None:
    given = Settings(schedule=at(f"http://127.0.0.1:{service.server_port}/to//there").schedule, fetch=Fetch(user_agent="Праћење č"))
    assert ping(given, NightOutcome.DONE) == ""
    assert asked(service) == ["/to//there", "/there"]
    assert service.agents[0] == "??????? ?"  # type: ignore[attr-defined]


def test_a_service_that_answers_a_byte_at_a_time_is_not_waited_for() -> None:
    enough = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with closing(connection):
            while not enough.wait(0.05):
                connection.sendall(b"H")

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=drip, args=(listener,), daemon=True).start()
        told = ping(at(f"http://127.0.0.1:{listener.getsockname()[1]}/x"), NightOutcome.DONE, patience_seconds=0.5)
        enough.set()
    assert told.startswith("schedule.ping_url could not be asked: ")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x.example/", "x.example", "http://"])
def test_only_web_addresses_are_asked(tmp_path: Path, address: str) -> None:
    (tmp_path / "tracker.toml").write_text(f'[schedule]\nping_url = "{address}"\n', "utf-8")
    with pytest.raises(ConfigError, match="empty or an http"):
        read_settings(tmp_path, {})


def test_the_address_is_never_printed() -> None:
    settings = at("https://ping.example/s3cret-token")
    assert settings.shown()["schedule"]["ping_url"] == "(set)"
    assert "s3cret" not in settings.masked("asked https://ping.example/s3cret-token")


def test_a_night_asks_when_it_has_ended(service: ThreadingHTTPServer, tmp_path: Path) -> None:
    (tmp_path / "campaigns").mkdir()
    campaign = tmp_path / "campaigns" / "rivers.toml"
    campaign.write_text(CAMPAIGN, "utf-8")
    (tmp_path / "tracker.toml").write_text(f'[schedule]\nping_url = "http://127.0.0.1:{service.server_port}/{{outcome}}"\n', "utf-8")
    refused = run("nightly", "--source", "nobody", "--workspace", tmp_path)
    assert refused.code == 2
    assert asked(service) == ["/failed"]
