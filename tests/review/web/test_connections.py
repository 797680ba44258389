"""Slow and many connections on real sockets: whoever holds them takes no one else's place."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.review.web.visiting import Staff
from tracker.review.web import connections, serving
from tracker.review.web.serving import MOST_REQUEST_BYTES, MOST_TOGETHER, server_of

ASKED = b"GET / HTTP/1.1\r\nHost: desk\r\n\r\n"
Answering = Callable[..., tuple[str, int]]


def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start(
        "413 Request Entity Too Large" if environ.get(connections.TOO_LARGE) else "200 OK",
        [("Content-Type", "text/plain"), ("Content-Length", str(len(body) + 2))],
    )
    return [b"ok" + body]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    """Starts a server as the desk's is, and gives its address."""
    ends: list[Callable[[], None]] = []
    monkeypatch.setitem(serving.LIMITS, "threads", 2)
    monkeypatch.setitem(serving.LIMITS, "asyncore_loop_timeout", 0.02)

    def start(*, behind_proxy: bool = False, application: Any = app) -> tuple[str, int]:
        listening = socket.create_server(("127.0.0.1", 0))
        address: tuple[str, int] = listening.getsockname()
        server = server_of(application, listening, behind_proxy=behind_proxy)
        stopping = threading.Event()

        def run() -> None:
            while not stopping.is_set():
                server.asyncore.loop(timeout=0.02, map=server._map, use_poll=True, count=1)

        thread = threading.Thread(target=run)
        thread.start()

        def end() -> None:
            stopping.set()
            thread.join()
            server.task_dispatcher.shutdown()
            server.asyncore.close_all(server._map)
            listening.close()

        ends.append(end)
        return address

    yield start
    for end in ends:
        end()


def connect(address: tuple[str, int]) -> socket.socket:
    return socket.create_connection(address, timeout=20)


def asks(address: tuple[str, int], sent: bytes = ASKED) -> bytes:
    """All that comes back until the server has nothing more to say."""
    with connect(address) as found:
        found.sendall(sent.replace(b"Host: desk\r\n", b"Host: desk\r\nConnection: close\r\n"))
        return b"".join(iter(lambda: found.recv(65536), b""))


def is_closed(one: socket.socket) -> bool:
    try:
        return one.recv(100) == b""
    except ConnectionError:
        return True


def test_a_silent_connection_of_an_address_makes_room_for_its_next(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.LimitedChannel, "most_of_one", 3)
    address = answering()
    held = [connect(address) for _ in range(3)]
    for one in held:
        one.sendall(b"GET / HTTP/1.1\r\n")  # and nothing more
    assert asks(address).endswith(b"ok")
    ended, *_ = select.select(held, [], [], 60)  # the oldest by whole seconds: of three begun in the turn of one it may be another
    assert [is_closed(one) for one in ended] == [True]
    for one in held:
        one.close()


def test_behind_a_proxy_one_address_may_hold_many(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.LimitedChannel, "most_of_one", 3)
    address = answering(behind_proxy=True)
    held = [connect(address) for _ in range(8)]
    for one in held:
        one.sendall(ASKED)
        assert one.recv(4096).startswith(b"HTTP/1.1 200")
        one.close()


@pytest.mark.parametrize(
    "begun", [b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 100\r\n\r\nab"], ids=["headers", "body"]
)
def test_a_request_that_comes_a_letter_at_a_time_has_a_deadline(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    passed = [0.0]
    monkeypatch.setattr(connections.DeskChannel, "clock", staticmethod(lambda: passed[0]))
    address = answering()
    with closing(connect(address)) as slow:
        slow.sendall(begun)
        for _ in range(3):
            passed[0] += connections.REQUEST_WITHIN_SECONDS / 4
            slow.sendall(b"x")
            assert asks(address).endswith(b"ok")
        passed[0] += connections.REQUEST_WITHIN_SECONDS
        assert is_closed(slow)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: desk\r\nX: " + b"y" * 300_000 + b"\r\n\r\n", (431,)),
        (b"GET /" + b"y" * 300_000 + b" HTTP/1.1\r\nHost: desk\r\n\r\n", (400, 414, 431)),
        (b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 99999999999\r\n\r\n", (413,)),
        (b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: -1\r\n\r\n", (400,)),
        (b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", (400,)),
        (b"POST / HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", (400, 501)),
        (b"POST / HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", (400,)),
        (b"GET / HTTP/1.1\r\nHost: desk\r\n X: folded\r\nB\x00d: 1\r\n\r\n", (400,)),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", (400,)),
    ],
)
def test_a_malformed_or_oversized_request_is_refused_and_the_next_one_answered(
    answering: Answering, sent: bytes, status: tuple[int, ...]
) -> None:
    address = answering()
    try:
        answer = asks(address, sent)
    except ConnectionError:
        answer = b"HTTP/1.1 431 "  # refused and closed while the rest of it was still on its way
    assert int(answer.split(b" ", 2)[1]) in status, answer[:200]
    assert b"Traceback" not in answer
    assert asks(address).endswith(b"ok")


def test_a_chunked_request_with_a_length_hides_no_second_one(answering: Answering) -> None:
    hidden = b"0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: desk\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n" % len(hidden)
    assert asks(answering(), head + hidden).count(b"HTTP/1.1 ") == 1


def test_there_is_room_for_several_full_offices() -> None:
    assert MOST_TOGETHER > 4 * connections.MOST_OF_ONE
    assert serving.LIMITS["connection_limit"] == MOST_TOGETHER


@pytest.mark.parametrize(
    ("language", "words"), [("en", b"That is too large: a sheet may have 16 MB"), ("hr", b"To je preveliko: tablica smije imati 16 MB")]
)
def test_a_request_that_is_too_large_is_refused_by_a_page_of_the_desk(
    answering: Answering, staff: Staff, language: str, words: bytes
) -> None:
    address = answering(application=staff.app)
    head = f"POST /add/rivers/sheet HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: {language}\r\nContent-Length: {MOST_REQUEST_BYTES + 1}\r\n\r\n"
    with connect(address) as one:
        one.sendall(head.encode())
        answer = b"".join(iter(lambda: one.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Content-Security-Policy: default-src 'none'" in answer
    assert words in answer
    assert b"waitress" not in answer


def test_what_is_no_request_at_all_is_refused_without_the_desk(answering: Answering, staff: Staff) -> None:
    answer = asks(answering(application=staff.app), b"GET / HTTP/1.1\r\nHost: desk\r\nContent-Length: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
