"""Crawls through a proxy on loopback: http, https by CONNECT, with a login; and the login is nowhere to be read."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crawl.crawling import Workspace
from tests.newsroom.certificate import self_signed
from tests.newsroom.press import Newsroom, feed, page
from tests.newsroom.proxy import Proxy
from tracker.crawl.masking import MaskingFormatter
from tracker.crawl.proxy import read_proxy
from tracker.errors import ConfigError
from tracker.model import FetchOutcome
from tracker.settings import Fetch, Mail, Settings, read_settings

HOST = "127.0.51.1"
WORD = "g3h@im/w0rt"
LOGIN, WRITTEN = f"urednik:{WORD}", "urednik:g3h%40im%2Fw0rt"


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(LOGIN) as served:
        yield served


def through(proxy: Proxy, folder: Path, login: str = WRITTEN, **settings: object) -> Workspace:
    return Workspace(folder, fetch__proxy=f"http://{login}@127.0.0.1:{proxy.port}", fetch__retries=0, **settings)


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "tracker.toml")


def assert_hidden(folder: Path) -> None:
    written = everything_written(folder)
    coded = (b64encode(one.encode()).decode() for one in (LOGIN, WORD))
    for form in (WRITTEN, LOGIN, WORD, WRITTEN.partition(":")[2], quote(WRITTEN, safe=""), *coded):
        assert form.encode() not in written, form


def test_pages_come_through_the_proxy_with_a_login(proxy: Proxy, tmp_path: Path) -> None:
    workspace = through(proxy, tmp_path)
    with Newsroom() as newsroom:
        article = newsroom.serve(HOST, "/most", page("Most"))
        workspace.watch(newsroom.serve(HOST, "/feed", feed([article])), "portal")
        progress = workspace.crawl()
        assert (progress.polls, progress.pages) == ({"fetched": 1}, {"fetched": 1})
        assert all("proxy-authorization" not in request.headers for request in newsroom.requests)
        first, *others = (f"GET {newsroom.address(HOST, path)}" for path in ("/robots.txt", "/feed", "/most", "/.well-known/tdmrep.json"))
        assert (proxy.asked[0], sorted(proxy.asked[1:])) == (first, sorted(others))
    workspace.database.close()
    assert_hidden(tmp_path)


def test_https_goes_through_it_by_connect(proxy: Proxy, tmp_path: Path) -> None:
    workspace = through(proxy, tmp_path)
    with Newsroom(tls=self_signed(tmp_path, HOST)) as newsroom:
        article = newsroom.serve(HOST, "/most", page("Most"))
        workspace.watch(newsroom.serve(HOST, "/feed", feed([article])), "portal", lenient_tls=True)
        progress = workspace.crawl()
        assert (progress.polls, progress.pages) == ({"fetched": 1}, {"fetched": 1})
        assert {*proxy.asked} == {f"CONNECT {HOST}:{newsroom.port}"}
        assert all("proxy-authorization" not in request.headers for request in newsroom.requests)
    workspace.database.close()
    assert_hidden(tmp_path)


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_wrong_login_is_an_outcome_that_does_not_show_it(proxy: Proxy, tmp_path: Path, tls: bool) -> None:
    workspace = through(proxy, tmp_path, "urednik:falsch-w0rt")
    with Newsroom(tls=self_signed(tmp_path, HOST) if tls else None) as newsroom:
        workspace.watch(newsroom.serve(HOST, "/feed", feed([])), "portal", lenient_tls=True)
        workspace.crawl()
        assert newsroom.requests == []
    poll = workspace.polls()["portal:feed:1"]
    assert poll.outcome is FetchOutcome.CONNECTION_FAILED
    assert "proxy" in poll.detail
    workspace.database.close()
    assert b"falsch" not in everything_written(tmp_path)


def test_the_proxy_is_asked_for_no_address_inside_a_closed_network(proxy: Proxy, tmp_path: Path) -> None:
    workspace = through(proxy, tmp_path, fetch__allow_networks=[])
    with Newsroom() as newsroom:
        workspace.watch(newsroom.serve(HOST, "/feed", feed([])), "portal")
        workspace.crawl()
        assert (newsroom.requests, proxy.asked) == ([], [])
    assert workspace.polls()["portal:feed:1"].outcome is FetchOutcome.REFUSED_ADDRESS
    workspace.database.close()


@pytest.mark.parametrize(
    "address",
    [
        "user:g3heim@proxy.example:8080",
        "ftp://user:g3heim@proxy.example",
        "https://user:g3heim@proxy.example",
        "http://user:g3heim@",
        "http://u:g3heim@h:0",
        "http://u:g3heim@h:x",
        "http://u:g3heim@h/path",
        "http://u:g3h eim@h",
    ],
)
def test_what_is_no_proxy_is_refused_without_its_password(tmp_path: Path, address: str) -> None:
    (tmp_path / "tracker.toml").write_text(f'fetch.proxy = "{address}"\n')
    with pytest.raises(ConfigError, match=r"fetch\.proxy must be empty or http://") as refused:
        read_settings(tmp_path, {})
    assert "g3h" not in str(refused.value)


def test_a_proxy_is_shown_without_its_login() -> None:
    proxy = read_proxy(Settings(fetch=Fetch(proxy=f"http://{WRITTEN}@[::1]:3128")))
    assert proxy is not None
    assert (proxy.address, proxy.host) == ("http://[::1]:3128", "::1")
    assert "g3h" not in repr(proxy)
    assert read_proxy(Settings()) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_form_of_a_secret_outlives_the_mask(before: str, after: str) -> None:
    settings = Settings(fetch=Fetch(proxy=f"http://{WRITTEN}@proxy.example:3128"), mail=Mail(password="pošta-7"))
    for form in (WRITTEN, LOGIN, WORD, "pošta-7", "po%C5%A1ta-7", "dXJlZG5pazpnM2hAaW0vdzBydA=="):
        assert form not in settings.masked(f"{before}{form}{after}")
    assert Settings().masked(before) == before


def test_a_traceback_in_the_log_is_masked() -> None:
    mask = Settings(mail=Mail(password="pošta-7")).masked
    try:
        raise ValueError("invalid hostname: user:pošta-7@mail")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "broken with %s", ("pošta-7",), (ValueError, error, error.__traceback__))
    text = MaskingFormatter(logging.Formatter(), mask).format(record)
    assert "pošta-7" not in text
    assert "invalid hostname" in text
