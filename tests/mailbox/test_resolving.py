"""Shortened addresses: their own host is asked and nobody else; what carries its target is unwrapped without asking anybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mailbox.office import MARKO, a_mail, an_office
from tracker.mailbox.links import MOST_OF_MAIL, missed_links, unwrapped
from tracker.mailbox.mail import read_mail
from tracker.store import mailbox as stored
from tracker.urls import redirectors
from tracker.urls.canonical import without_tracking

HOST = "127.77.9.1"
WRAPPED = {
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fura.example%2Flajme%2F1%3Futm_source%3Dx&data=05%7C02": "https://ura.example/lajme/1",
    "https://www.google.com/url?q=https://ura.example/lajme/1&sa=D&usg=AO": "https://ura.example/lajme/1",
    "https://www.google.com/amp/s/ura.example/lajme/1": "https://ura.example/lajme/1",
    "https://ura-example.cdn.ampproject.org/c/s/ura.example/lajme/1": "https://ura.example/lajme/1",
    "https://urldefense.com/v3/__https://ura.example/lajme/1__;!!abc!def$": "https://ura.example/lajme/1",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__ura.example_lajme_1&d=Dw&c=x": "https://ura.example/lajme/1",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fura.example%2Flajme%2F1%3Ffbclid%3DIwAR0&h=AT0": "https://ura.example/lajme/1",
    "https://www.facebook.com/flx/warn/?u=https%3A%2F%2Fura.example%2Flajme%2F1": "https://ura.example/lajme/1",
    "https://ura.example/lajme/1?utm_campaign=nl&mc_eid=1234": "https://ura.example/lajme/1",
    "https://ura.example/lajme?id=1&redirect=https://ura.example/login": "https://ura.example/lajme?id=1&redirect=https://ura.example/login",
    "https://www.google.com/url?q=https%3A%2F%2Feur01.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F%252Fura.example%252F1": "https://ura.example/1",
}


@pytest.mark.parametrize(("url", "target"), WRAPPED.items())
def test_an_address_that_carries_its_target_gives_it(url: str, target: str) -> None:
    assert unwrapped(url) == target


@given(st.text(max_size=200))
def test_unwrapping_never_fails_and_never_leaves_the_web(text: str) -> None:
    for url in (text, f"https://a.example/?url={text}", f"https://a.example/?url=https://b.example/{text}"):
        assert unwrapped(url) == unwrapped(without_tracking(url)) or unwrapped(url).startswith(("http://", "https://"))


def _links(body: str, subject: str = "x") -> list[str]:
    return missed_links(read_mail(a_mail(MARKO, subject, body)), ("ngo.example", "desk.ngo.example"))


def test_links_are_those_of_the_writers_own_words() -> None:
    assert _links("Look: https://ura.example/lajme/1.\n\nOn Mon x <c@ngo.example> wrote:\n> https://ura.example/lajme/2") == [
        "https://ura.example/lajme/1"
    ]
    assert _links("www.ura.example/lajme/1, (https://ura.example/lajme/2)") == [
        "https://www.ura.example/lajme/1",
        "https://ura.example/lajme/2",
    ]
    assert _links("---------- Forwarded message ---------\nFrom: a <a@b.example>\nhttps://ura.example/lajme/3", "Fwd: news") == [
        "https://ura.example/lajme/3"
    ]


def test_signatures_ours_and_more_than_a_few_are_left_out() -> None:
    assert _links("Thanks\n--\nMarko\nhttps://partner.example/team/marko") == []
    assert _links("See https://partner.example/ and https://desk.ngo.example/item/1 and mailto:x@y.example") == []
    assert len(_links(" ".join(f"https://ura.example/lajme/{n}" for n in range(40)))) == MOST_OF_MAIL


@pytest.fixture
def shortener() -> Iterator[tuple[str, list[str]]]:
    """(its front, what it was asked)."""
    asked: list[str] = []

    class Sends(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            target = {
                "/a": "https://ura.example/lajme/9?utm_source=x",
                "/b": "/a",
                "/loop": "/loop",
                "/inside": "http://127.0.0.9/secret",
            }.get(self.path)
            self.send_response(302 if target else 404)
            if target:
                self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer((HOST, 0), Sends)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def test_a_partners_short_link_is_resolved_and_its_target_is_not_asked(
    tmp_path: Path, shortener: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    front, asked = shortener
    monkeypatch.setattr(redirectors, "SHORTENERS", frozenset({HOST}))
    with an_office(tmp_path, more='[fetch]\nallow_networks = ["127.77.9.1/32"]\ndelay_seconds = 0.01\n') as office:
        stranger = a_mail("stranger@x.example", "Look", f"{front}/a")
        outcomes = office.outcomes(a_mail(MARKO, "Missing", f"{front}/b and {front}/loop and {front}/inside"), stranger)
        assert outcomes == {"missed_link": 1, "missed_link_unknown": 1}
        with office.parts.database.reading() as conn:
            found = {one.url for one in stored.tasks(conn) if one.is_known}
    assert found == {"https://ura.example/lajme/9", f"{front}/loop", "http://127.0.0.9/secret"}
    assert asked.count("/b") == 1
    assert set(asked) <= {"/robots.txt", "/a", "/b", "/loop", "/inside"}
