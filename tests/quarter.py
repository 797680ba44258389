"""A spring's coverage of one campaign in a real database: eleven outlets in six countries and abroad, four languages, every verdict.

What the figures of every form are counted from. All names and texts are invented.

quarter = Quarter(tmp_path)
"""

from __future__ import annotations

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests import newsdesk
from tests.builders import a_hit, a_poll, a_source, some_facts
from tracker.model import (
    Article,
    Decision,
    Depth,
    FetchOutcome,
    HandItem,
    Medium,
    Mention,
    Outlet,
    Precision,
    Prominence,
    Published,
    Story,
    Tone,
    Verdict,
)
from tracker.store import articles, manual_items, mentions, registers, stories, verdicts
from tracker.store.database import open_database
from tracker.text.folding import fold

CAMPAIGN_ID = newsdesk.CAMPAIGN_ID
_HEAD = """review = "required"
kosovo_note = "un"
names.sq = "Lumenj të pastër"
names.mk = "Чисти реки"
"""
_MESSAGES = """
[[key_messages]]
id = "drinkable"
name = "Rivers that can be drunk from"
query = 'river'

[[key_messages]]
id = "together"
name = "Towns along a river act together"
query = 'river'
"""
CAMPAIGN = newsdesk.CAMPAIGN.replace('review = "optional"\n', _HEAD) + _MESSAGES
OUTLETS = (
    Outlet("gazeta-bregu", "Gazeta Bregu", "https://bregu.example/", "AL", ("sq",), kind="daily", tier=1),
    Outlet("portali-deti", "Portali Deti", "https://deti.example/", "AL", ("sq",), kind="portal", tier=2),
    Outlet("koha-e-lumit", "Koha e Lumit", "https://koha.example/", "XK", ("sq",), kind="daily", tier=1),
    Outlet("ibri-net", "Ibri Net", "https://ibri.example/", "XK", ("sq", "sr"), kind="portal", tier=3),
    Outlet("glas-mosta", "Glas Mosta", "https://mosta.example/", "BA", ("bs",), kind="daily", tier=1),
    Outlet("tara-info", "Tara info", "https://tara.example/", "ME", ("cnr",), kind="portal", tier=2),
    Outlet("nov-den", "Нов ден", "https://novden.example/", "MK", ("mk", "sq"), kind="daily", tier=1),
    Outlet("vardar-vesti", "Вардар вести", "https://vardar.example/", "MK", ("mk",), kind="portal", tier=3),
    Outlet("dunav-danas", "Dunav danas", "https://dunav.example/", "RS", ("sr",), kind="daily", tier=1),
    Outlet("balkan-wire", "Balkan Wire", "https://wire.example/", "XB", ("en",), kind="agency", tier=1),
    Outlet("rivers-own", "Clean rivers", "https://rivers.example/", "AL", ("sq",), kind="other", tier=0),
)
FIRST, LAST = datetime(2026, 1, 25, 23, tzinfo=UTC), datetime(2026, 3, 31, 21, tzinfo=UTC)
MADE_AT = datetime(2026, 4, 1, 6, tzinfo=UTC)
COUNT = 150
_DECISIONS = (*[Decision.ACCEPT] * 6, Decision.REJECT, Decision.UNSURE, None, None)


class Quarter:
    """A workspace with the archive; what is in it is the same each time."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        (folder / "campaigns").mkdir(parents=True)
        (folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
        self._dice = random.Random(13)
        with closing(open_database(folder, url)) as database, database.writing() as conn:
            registers.replace(conn, OUTLETS, [a_source(f"{outlet.id}:feed:1") for outlet in OUTLETS], FIRST)
            for number, outlet in enumerate(OUTLETS):  # one of them never answers
                outcome = FetchOutcome.TIMEOUT if number == 5 else FetchOutcome.FETCHED
                facts = some_facts(outcome, fetched_at=datetime(2026, 3, 20, tzinfo=UTC), status=None if number == 5 else 200)
                registers.record_poll(conn, None, a_poll(source_id=f"{outlet.id}:feed:1", facts=facts))
            saved = articles.save(conn, [(one, fold(one.title), fold(one.body)) for one in map(self._article, range(COUNT))], MADE_AT)
            assert None not in saved
            ids = [identity for identity in saved if identity is not None]
            for number, article_id in enumerate(ids):
                if number % 11 == 7:
                    manual_items.add(conn, self._hand_item(number, article_id), f"hand-{number}")
            mentions.save(conn, [self._mention(number, article_id) for number, article_id in enumerate(ids)], MADE_AT)
            stories.replace(conn, CAMPAIGN_ID, self._stories(ids), MADE_AT)
            for number, article_id in enumerate(ids):
                if verdict := self._verdict(number, article_id) or self._entering(number, article_id):
                    verdicts.record(conn, verdict)

    def _article(self, number: int) -> Article:
        outlet = OUTLETS[number * 7 % len(OUTLETS)]
        at = FIRST + (LAST - FIRST) * number / COUNT
        url = f"{outlet.homepage}lajme/{number}"
        known_to = (Precision.DAY, Precision.MINUTE, Precision.MINUTE)[number % 3]
        if known_to is Precision.DAY:
            at = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return Article(
            outlet.id,
            url,
            url,
            f"Lumi numër {number}",
            f"Nisma për një lumë të pastër u prezantua dje, herën e {number}.",
            at + timedelta(hours=26),
            Depth.EXTRACTED,
            None if number % 29 == 3 else Published(at, known_to),
            language=outlet.languages[number % len(outlet.languages)],
        )

    def _mention(self, number: int, article_id: int) -> Mention:
        return Mention(
            f"rivers-{article_id}",
            CAMPAIGN_ID,
            article_id,
            "organisation" if number % 17 == 4 else "campaign",
            (a_hit("Lumi", term_id="river"),),
            labels=(("child_case",) if number % 13 == 5 else ()) + (("date_uncertain",) if number % 31 == 9 else ()),
            key_messages=("drinkable",) if number % 3 == 0 else (),
            held=number % 13 == 5,
        )

    def _stories(self, ids: list[int]) -> list[Story]:
        """Every other story is of two neighbours, every tenth of four."""
        found, place = [], 0
        while place < len(ids):
            size = 4 if len(found) % 10 == 9 else 2 if len(found) % 2 else 1
            found.append(Story(f"story-{place}", tuple(ids[place : place + size])))
            place += size
        return found

    def _verdict(self, number: int, article_id: int) -> Verdict | None:
        decision = Decision.SENSITIVE if number % 41 == 20 else self._dice.choice(_DECISIONS)
        if decision is None or number % 11 == 7:
            return None
        said = self._dice.choice([None, (), ("drinkable",), ("drinkable", "together")])
        tone = self._dice.choice(["", *map(str, Tone)])
        prominence = self._dice.choice(["", str(Prominence.HEADLINE), str(Prominence.PASSING)])
        at = MADE_AT - timedelta(hours=5)
        return Verdict(CAMPAIGN_ID, article_id, decision, at, by="Arta", tone=tone, prominence=prominence, key_messages=said)

    def _entering(self, number: int, article_id: int) -> Verdict | None:
        """Entering an item accepts it, unless a label holds it."""
        if number % 11 != 7 or number % 13 == 5:
            return None
        return Verdict(CAMPAIGN_ID, article_id, Decision.ACCEPT, MADE_AT - timedelta(hours=9), by="Arta")

    def _hand_item(self, number: int, article_id: int) -> HandItem:
        medium = (Medium.TELEVISION, Medium.PRINT, Medium.RADIO)[number % 3]
        return HandItem(CAMPAIGN_ID, article_id, medium, "campaign", MADE_AT - timedelta(hours=9), entered_by="Arta")
