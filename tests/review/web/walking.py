"""Every page of the desk, with something to show on each: what tests and benchmarks of all pages open.

The pages come from the application itself, so that a new one is among them by itself; one whose address names something new fails until
EXAMPLES says what that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.review.web.visiting import PASSWORD, Visitor
from tracker.delivery.person_key import person_key
from tracker.delivery.recipients import FILE_NAME
from tracker.model import Grant, Role
from tracker.review import accounts
from tracker.store import users
from tracker.workspace import Parts

NAME, RECIPIENT = "Walker", "reader0@example.org"
LISTED = f'[[recipients]]\nname = "Reader"\nemail = "{RECIPIENT}"\nrole = "partner"\nlanguage = "en"\nedition = "weekly"\n'
SEARCHES = {
    "a Latin word": "TikTok",
    "an inflected form": "bezbednostima",
    "in Cyrillic": "безбедност",
    "with diacritics": "shkollë",
    "a short word": "djeca",
    "three words": "TikTok CRCA ECPAT",
    "half a word": "Tik",
    "nothing anywhere": "qwertzuiop",
}
ASKED: dict[str, Sequence[dict[str, str]]] = {
    "inbox.listing": (
        {},
        {"state": "all"},
        {"state": "reject"},
        {"state": "held"},
        {"state": "all", "country": "RS", "tier": "1"},
        {"state": "all", "language": "sr"},
        {"state": "all", "from": "2026-01-01", "to": "2026-06-30"},
        *({"state": "all", "text": words} for words in SEARCHES.values()),
    ),
    "numbers.overview": (
        *({"period": preset} for preset in ("last_quarter", "this_quarter", "last_month", "last_year", "all")),
        {"period": "all", "audience": "staff"},
        {"period": "all", "country": "XK", "language": "sq"},
        {"period": "days", "from": "2024-01-01", "to": "2024-03-31"},
        {"period": "days", "from": "2024-01-01", "to": "2024-03-31", "missed": "1"},
    ),
    "numbers.as_csv": ({"period": "all"},),
    "numbers.as_xlsx": ({"period": "all"},),
    "numbers.as_picture": ({"period": "all"},),
    "sources.overview": ({}, {"state": "silent"}, {"q": "radio"}),
    "adding.overview": ({}, {"url": "https://a2news.com/never/1"}, {"url": "https://nowhere.example/1"}),
    "corrections.letter": ({"language": "en", "sentence_en": "It was in May."},),
    "campaign.term": ({}, {"forms": "sq"}),
    "campaign.overview": ({}, {"q": "tik"}),
    "editions.overview": ({}, {"audience": "staff"}),
    "api.mentions": ({}, {"limit": "200"}, {"country": "RS", "language": "sr"}),
}
"""Queries of a page beside its bare address. Addresses of the archive's own items are added by `pages`."""

NOTHING_TO_SHOW = {"corrections.letter": 400}
"""What a page answers in an archive of which nobody was sent a letter."""


@dataclass(frozen=True, slots=True)
class Page:
    """An address of the desk and the endpoint that answers it."""

    endpoint: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_search(self) -> bool:
        """Whether words are looked for in all texts."""
        return "text=" in self.address


@dataclass(frozen=True, slots=True)
class Walker:
    """An administrator who opens every page."""

    visitor: Visitor
    pages: tuple[Page, ...]

    def open(self, page: Page) -> TestResponse:
        return self.visitor.get(page.address, headers=page.headers)


def walker(app: Flask, parts: Parts, now: datetime) -> Walker:
    """Somebody who is logged in and may see everything, with all pages of the desk."""
    with parts.database.writing() as conn:
        if users.named(conn, NAME) is None:
            users.add(conn, NAME, accounts.hash_password(PASSWORD), [Grant(Role.ADMINISTRATOR)], now, must_change=False)
    visitor = Visitor(app)
    assert visitor.log_in(NAME).status_code == 303
    if not (parts.workspace / FILE_NAME).exists():
        (parts.workspace / FILE_NAME).write_text(LISTED, "utf-8")
    token = accounts.make_token(parts.database, NAME, now)
    return Walker(visitor, tuple(pages(app, parts, token)))


def pages(app: Flask, parts: Parts, token: str) -> Iterator[Page]:
    """Every page that is opened by its address, with all that ASKED says of it. Raises KeyError for an address that names something new."""
    examples, seen = _examples(parts), _one(parts, "SELECT canonical_url FROM articles ORDER BY id DESC LIMIT 1")
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        headers = {"Authorization": f"Bearer {token}"} if rule.rule.startswith(("/api/", "/metrics")) else {}
        questions = [*ASKED.get(rule.endpoint, ({},)), *([{"url": seen}] if rule.endpoint == "adding.overview" else [])]
        places = max((len(examples[name]) for name in rule.arguments), default=1)
        for place in range(places):
            named = {name: examples[name][min(place, len(examples[name]) - 1)] for name in rule.arguments}
            bare = adapter.build(rule.endpoint, named)
            for query in questions:
                yield Page(rule.endpoint, f"{bare}?{urlencode(query)}" if query else bare, headers)


def _examples(parts: Parts) -> dict[str, list[str]]:
    """What stands for each part of an address: of items the newest and the oldest, of editions the newest and the fullest."""
    items = [_one(parts, f"SELECT id FROM mentions WHERE decision = 'accept' ORDER BY article_id {way} LIMIT 1") for way in ("DESC", "ASC")]
    campaign = _one(parts, "SELECT campaign_id FROM mentions LIMIT 1")
    return {
        "campaign_id": [campaign],
        "edition_id": [
            _one(parts, "SELECT max(id) FROM editions"),
            _one(parts, "SELECT edition_id FROM edition_entries GROUP BY edition_id ORDER BY count(*) DESC LIMIT 1"),
        ],
        "mention_id": items,
        "term_id": ["organisation"],
        "key": ["country"],
        "token": [person_key(parts.workspace).token(RECIPIENT)],
        "filename": ["desk.css"],
        "name": ["right.toml"],
    }


def _one(parts: Parts, question: str) -> str:
    with parts.database.reading() as conn:
        return str(conn.execute(text(question)).scalar_one())
