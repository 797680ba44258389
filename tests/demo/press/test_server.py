from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tracker.demo.press.press import read_press
from tracker.demo.press.server import CANARY_ADDRESS, PressServer
from tracker.demo.press.workspace import prepare_workspace
from tracker.register.catalog import read_catalogue
from tracker.settings import read_settings

NIGHT = datetime(2024, 10, 18, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[PressServer]:
    with PressServer(read_press(), NIGHT) as serving:
        yield serving


def ask(server: PressServer, address: str, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address, server.port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_every_outlet_answers_at_its_own_address_but_the_one_that_is_down(server: PressServer) -> None:
    for outlet in server.press.outlets:
        if outlet.fault == "down":
            with pytest.raises(ConnectionRefusedError):
                ask(server, outlet.address, "/")
        else:
            assert ask(server, outlet.address, "/")[0] == (403 if outlet.fault == "blocked" else 200)


def test_the_log_counts_requests_by_host_and_path(server: PressServer) -> None:
    for _ in range(2):
        assert ask(server, "127.77.0.24", "/never?heard=of")[0] == 404
    assert server.log.requests["127.77.0.24", "/never?heard=of"] == 2


def test_the_huge_page_is_sent_in_full_to_who_takes_it(server: PressServer) -> None:
    outlet = next(outlet for outlet in server.press.outlets if outlet.id == "moravska-tribina")
    article = next(article for article in outlet.articles if article.fault == "too_large")
    assert len(ask(server, outlet.address, outlet.path(article))[1]) > 30 * 1024 * 1024


def test_nonsense_on_the_line_closes_the_connection_and_nothing_else(server: PressServer) -> None:
    with socket.create_connection(("127.77.0.24", server.port), timeout=10) as raw:
        raw.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert raw.recv(100) == b""
    assert ask(server, "127.77.0.24", "/")[0] == 200


def test_the_canary_notes_who_asks() -> None:
    with PressServer(read_press(), NIGHT) as server:
        assert server.log.canary == []
        with socket.create_connection((CANARY_ADDRESS, server.port), timeout=10) as raw:
            raw.sendall(b"GET /x HTTP/1.1\r\n\r\n")
            raw.recv(10)
        assert server.log.canary == ["connected", "GET /x HTTP/1.1"]


def test_a_stopped_press_leaves_no_thread_and_no_open_port() -> None:
    with PressServer(read_press(), NIGHT) as server:
        port = server.port
        hanging = socket.create_connection(("127.77.0.24", port), timeout=10)
    hanging.close()
    assert "sample press" not in {thread.name for thread in threading.enumerate() if not thread.is_alive()}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.77.0.24", port), timeout=10)


def test_the_workspace_has_a_catalogue_of_the_whole_press_and_settings_that_are_valid(server: PressServer, tmp_path) -> None:  # type: ignore[no-untyped-def]
    catalogue = read_catalogue(prepare_workspace(tmp_path, server))
    assert {outlet.id for outlet in catalogue.outlets} == {outlet.id for outlet in server.press.outlets}
    kinds = {(source.outlet_id, str(source.kind)) for source in catalogue.sources}
    assert ("primorske-novine", "sitemap") in kinds
    assert ("primorske-novine", "feed") not in kinds
    assert len([source for source in catalogue.sources if source.outlet_id == "dunavski-glasnik"]) == 2
    assert read_settings(tmp_path, {}).fetch.allow_networks == ["127.77.0.0/16"]
