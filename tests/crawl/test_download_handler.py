"""Certificates, proxies, and a database that somebody else is writing to."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.crawl.crawling import Workspace
from tests.newsroom.certificate import self_signed
from tests.newsroom.press import Newsroom, answer, feed, in_turn, page
from tracker.model import FetchOutcome
from tracker.store import registers


def test_certificates_are_verified_except_for_lenient_outlets(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    with Newsroom(self_signed(tmp_path, "127.0.5.1", "127.0.5.2")) as newsroom:
        for number, lenient in ((1, False), (2, True)):
            host = f"127.0.5.{number}"
            links = [newsroom.serve(host, "/a", page())]
            workspace.watch(newsroom.serve(host, "/feed", feed(links)), f"outlet-{number}", lenient_tls=lenient)
        workspace.crawl()
    strict = workspace.polls()["outlet-1:feed:1"]
    assert (strict.outcome, strict.detail) == (FetchOutcome.CERTIFICATE, "the certificate cannot be trusted")
    assert workspace.polls()["outlet-2:feed:1"].outcome is FetchOutcome.FETCHED
    assert len(workspace.stored()) == 1


def test_an_expired_certificate_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path / "workspace")
    with Newsroom(self_signed(tmp_path, "127.0.5.1", ended_days_ago=2)) as newsroom:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))  # else nobody vouches for it in the first place
        workspace.watch(newsroom.serve("127.0.5.1", "/feed", feed([])), "outlet")
        workspace.crawl()
    ended = workspace.polls()["outlet:feed:1"]
    assert (ended.outcome, ended.detail) == (FetchOutcome.CERTIFICATE, "the certificate has expired")


def test_a_host_that_no_name_server_knows_is_called_so(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        workspace.watch("http://gone.invalid/feed", "gone")
        workspace.watch(newsroom.serve("127.0.5.1", "/feed", feed([])), "outlet")
        workspace.crawl()
    assert workspace.polls()["gone:feed:1"].outcome is FetchOutcome.DNS_FAILED
    assert workspace.polls()["outlet:feed:1"].outcome is FetchOutcome.EMPTY


def test_an_outlet_that_refuses_us_every_other_time_is_blocked_now_and_works_then(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        link = newsroom.serve("127.0.5.1", "/a", in_turn(answer("403 Forbidden"), page()))
        refuses, lists = answer("403 Forbidden"), feed([link])
        source = workspace.watch(newsroom.serve("127.0.5.1", "/feed", in_turn(refuses, lists, refuses, lists)), "outlet")
        fares = []
        for _ in range(4):
            workspace.crawl(articles=False)
            with workspace.database.reading() as conn:
                state = registers.states(conn)[0]
            fares.append((workspace.polls()[source].outcome, state.failures, state.failing_since_at is not None))
    blocked, works = (FetchOutcome.BLOCKED, 1, True), (FetchOutcome.FETCHED, 0, False)
    assert fares == [blocked, works, blocked, works]


def test_a_proxy_of_the_environment_is_ignored_and_one_of_the_settings_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        workspace.watch(newsroom.serve("127.0.5.1", "/feed", feed([])), "outlet")
        proxy = newsroom.serve("127.0.5.3", "/", answer("502 No"))
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("HTTP_PROXY", proxy)
        workspace.crawl()
        assert newsroom.asked("127.0.5.3") == []
        workspace.set(fetch__proxy=proxy.rstrip("/"))
        workspace.crawl()
        assert newsroom.asked("127.0.5.3")[0] == newsroom.address("127.0.5.1", "/robots.txt")


def test_a_database_locked_for_a_while_delays_the_crawl_and_loses_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, database__busy_timeout_seconds=1)
    with Newsroom() as newsroom:
        links = [newsroom.serve("127.0.5.1", f"/{n}", page()) for n in range(30)]
        workspace.watch(newsroom.serve("127.0.5.1", "/feed", feed(links)), "outlet")
        with workspace.start() as crawl:
            with workspace.database.writing():
                time.sleep(2.5)
            assert crawl.wait(30) == 0
    assert len(workspace.stored()) == 30


def test_a_database_locked_for_good_ends_the_crawl_with_a_reason(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, database__busy_timeout_seconds=0.3)
    with Newsroom() as newsroom:
        workspace.watch(newsroom.serve("127.0.5.1", "/feed", feed([])), "outlet")
        with workspace.start() as crawl:
            with workspace.database.writing():
                assert crawl.wait(30) == 3
            assert "tracker" in crawl.progress().ended or "database" in crawl.progress().ended
            assert crawl.progress().lost > 0


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_an_outlet_with_an_ipv6_address_only_is_read(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, fetch__allow_networks=["::1/128"])
    with Newsroom() as newsroom:
        newsroom.serve("::1", "/a", page())
        workspace.watch(newsroom.serve("::1", "/feed", feed([newsroom.address("::1", "/a")])), "outlet")
        workspace.crawl()
    assert len(workspace.stored()) == 1
