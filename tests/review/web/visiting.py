"""People at the review desk: a browser without scripts, as Werkzeug's test client is one. It keeps cookies and sends forms as they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import TestResponse

from tests.newsdesk import Newsdesk
from tracker.delivery.proof_jobs import send_all
from tracker.model import EVERY_CAMPAIGN, Grant, Role
from tracker.pipeline.edition_files import make_all
from tracker.review import accounts
from tracker.review.web.app import make_app
from tracker.store import users
from tracker.workspace import Parts

PASSWORD = "kodra me qershi"


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


class Visitor:
    """A browser. `get` and `send` return what the server answered; forms get the page's own hidden fields."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.client.get(address, buffered=True, **options)

    def key(self, page: str = "/login") -> str:
        """The hidden field of a page's forms."""
        answer = self.client.get(page, follow_redirects=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        assert found is not None, answer.text[:400]
        return found[1]

    def send(self, address: str, fields: dict[str, Any] | None = None, *, page: str = "/login", **options: Any) -> TestResponse:
        """A form of `page`, sent."""
        return self.client.post(address, data={"csrf_token": self.key(page), **(fields or {})}, **options)

    def log_in(self, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.send("/login", {"name": name, "password": password, **fields})

    def cookie(self) -> str:
        found = self.client.get_cookie("desk")
        return "" if found is None else found.value


@dataclass
class Staff:
    """The desk of a workspace, its clock, and people who can log in with PASSWORD."""

    app: Flask
    parts: Parts
    clock: Clock

    def add(self, name: str, role: Role, campaigns: Sequence[str] = (EVERY_CAMPAIGN,)) -> None:
        """A person whose one-time password is changed already. Hashing costs 50 ms: all of them share one digest."""
        with self.parts.database.writing() as conn:
            users.add(conn, name, _digest(), [Grant(role, one) for one in campaigns], self.clock(), must_change=False)

    def visitor(self, address: str = "127.0.0.1") -> Visitor:
        return Visitor(self.app, address)

    def enters(self, name: str) -> Visitor:
        visitor = self.visitor()
        answer = visitor.log_in(name)
        assert answer.status_code == 303, answer.text
        return visitor


_DIGESTS: list[str] = []


def _digest() -> str:
    if not _DIGESTS:
        _DIGESTS.append(accounts.hash_password(PASSWORD))
    return _DIGESTS[0]


def open_desk(newsdesk: Newsdesk, now: datetime) -> Staff:
    """The review desk of this workspace. Files of approved editions are made and proofs sent at once, in this process."""
    clock = Clock(now)
    parts = replace(newsdesk.parts, clock=clock)
    return Staff(make_app(parts, lambda _: make_all(parts), lambda _: send_all(parts)), parts, clock)
