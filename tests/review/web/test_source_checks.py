"""A source asked from the desk reaches nothing of the machine and its network, whatever the register, a name or an outlet's answer says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.builders import NOW, a_source, an_outlet
from tests.review.web.visiting import Staff
from tracker.model import FetchOutcome, Source, SourceKind
from tracker.pipeline.source_checks import check_sources
from tracker.store import registers

OUTLET = "127.0.0.2"
"""The one address that the settings permit."""
SETTINGS = f'fetch.allow_networks = ["{OUTLET}/32"]\nfetch.delay_seconds = 0\nfetch.retries = 0\nfetch.timeout_seconds = 5\n'


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    """A service of the machine itself that nobody may ask."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@contextmanager
def outlet_that_leads_to(elsewhere: str) -> Iterator[str]:
    """The address of a feed at the permitted outlet that answers with a redirect."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404 if self.path == "/robots.txt" else 302)
            self.send_header("Location", elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = HTTPServer((OUTLET, 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{OUTLET}:{server.server_port}/feed"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def watch(staff: Staff, addresses: dict[str, str]) -> list[str]:
    """Puts outlets with one feed each into the register, as if somebody had written them there."""
    (staff.parts.workspace / "tracker.toml").write_text(SETTINGS, "utf-8")
    sources = [Source(f"{name}:feed:1", name, SourceKind.FEED, address) for name, address in addresses.items()]
    with staff.parts.database.writing() as conn:
        registers.replace(conn, [*(an_outlet(name) for name in addresses), an_outlet()], [*sources, a_source()], NOW)
    return [source.id for source in sources]


def outcomes(staff: Staff) -> dict[str, FetchOutcome | None]:
    with staff.parts.database.reading() as conn:
        return {state.outlet.id: state.last_outcome for state in registers.states(conn)}


def was_asked(canary: socket.socket) -> bool:
    try:
        canary.accept()
    except BlockingIOError:
        return False
    return True


def test_check_now_follows_no_redirect_into_the_own_network(staff: Staff, canary: socket.socket) -> None:
    port = canary.getsockname()[1]
    with outlet_that_leads_to(f"http://127.0.0.1:{port}/secret") as address:
        (source,) = watch(staff, {"leads": address})
        answer = staff.enters("administrator").send("/sources/check", {"source": source}, page="/sources", follow_redirects=True)
    assert answer.status_code == 200
    assert outcomes(staff)["leads"] is FetchOutcome.REFUSED_ADDRESS
    assert not was_asked(canary)


def test_no_address_of_the_register_reaches_the_machine_itself_or_a_file(staff: Staff, canary: socket.socket) -> None:
    port = canary.getsockname()[1]
    addresses = {
        "number": f"http://127.0.0.1:{port}/",
        "name": f"http://localhost:{port}/",
        "six": f"http://[::ffff:127.0.0.1]:{port}/",
        "short": f"http://127.1:{port}/",
        "decimal": f"http://2130706433:{port}/",
        "metadata": "http://169.254.169.254/latest/meta-data/",
        "file": "file:///etc/passwd",
        "gopher": f"gopher://127.0.0.1:{port}/_x",
        "ftp": f"ftp://127.0.0.1:{port}/",
        "data": "data:text/xml,<rss/>",
    }
    check_sources(staff.parts, watch(staff, addresses), lambda step, done, known: None)
    found = outcomes(staff)
    assert {name for name in addresses if (outcome := found[name]) is not None and outcome.succeeded} == set()
    assert {name for name in addresses if found[name] is None} == set(), "each one has its counted outcome"
    assert not was_asked(canary)
