"""An archive of years, invented and written in minutes: what every command is measured on, and what query plans are tested on.

Written by the driver itself, in few large transactions. The latest quarters hold as many mentions at any size, so that an edition of
them has the same items to report; all that is older grows with the archive.

    python -m tests.benchmarks.filled_archive FOLDER ARTICLES
"""

from __future__ import annotations

import itertools
import random
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from tracker.model import Article, Campaign, Decision, Depth, Entry, Hit, Mention, Outlet, Published, Verdict
from tracker.store import registers
from tracker.store.database import FILE_NAME, open_database
from tracker.store.migrations.versions.rev_0016_days_of_polls import FILL
from tracker.store.packing import pack_text
from tracker.store.schema.columns import to_json
from tracker.text.folding import fold
from tracker.workspace import read_campaigns, read_catalogues

RECENT = ((timedelta(hours=20), 13), (timedelta(days=11), 20), (timedelta(days=330), 60))
"""Mentions that any archive has since so long before its end, from the newest: of the last night, the last full week, and the last
full quarter with the one before, which its figures are compared with."""
MENTIONS_A_MILLION = 50_000
COPIES = 3
"""Every so many mentions one repeats the text of one a few hours before it, at another outlet."""
RECIPIENTS = 5
BATCH = 5_000
_PACKED_TEXTS = 200
"""Distinct texts of the articles that match nothing: only their size counts. The index has a few other words for each, which fills it in a
sixth of the time: a night that gives texts up finds it damaged."""
_POLLED_DAILY_DAYS = 100
"""The latest quarter: what an edition says of its sources is read of as many polls in a small archive as in a large one."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What the archive holds. `mentions` 0: in proportion to the articles, as MENTIONS_A_MILLION."""

    articles: int
    mentions: int = 0
    months: int = 36
    end_at: datetime = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
    known: int = 400

    @property
    def mentioned(self) -> int:
        return max(self.mentions or self.articles * MENTIONS_A_MILLION // 1_000_000, sum(count for _, count in RECENT))

    @property
    def begin_at(self) -> datetime:
        return self.end_at - timedelta(days=self.months * 365 / 12)


def fill(workspace: Path, filling: Filling) -> Path:
    """Makes the workspace's database, which must not exist yet, and fills it. Returns its path."""
    campaign, catalogue = read_campaigns(workspace)[0], read_catalogues(())
    database = open_database(workspace)
    with closing(database), database.writing() as conn:
        registers.replace(conn, catalogue.outlets, catalogue.sources, filling.begin_at)
    with closing(sqlite3.connect(workspace / FILE_NAME, isolation_level=None)) as connection:
        for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        writer = _Writer(connection, filling, campaign, catalogue.outlets, [source.id for source in catalogue.sources])
        for part in (writer.articles, writer.mentions, writer.polls, writer.editions, writer.known):
            connection.execute("BEGIN")
            part()
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return workspace / FILE_NAME


class _Writer:
    """Rows of one archive, table after table."""

    def __init__(
        self, connection: sqlite3.Connection, filling: Filling, campaign: Campaign, outlets: Sequence[Outlet], sources: Sequence[str]
    ) -> None:
        self._connection, self._filling, self._campaign = connection, filling, campaign
        self._outlets, self._sources = outlets, sources
        self._chance = random.Random(filling.articles)
        self._sentence = _sentences(self._chance)
        self._step = (filling.end_at - filling.begin_at) / filling.articles
        self._mentioned = self._spread()
        self._entries: list[Entry] = []

    def articles(self) -> None:
        """Links, who named them, their fetches, pages and articles, one each."""
        packed = [pack_text(body) for body in (self._sentence(400) for _ in range(_PACKED_TEXTS))]
        words = [fold(self._sentence(60)) for _ in range(_PACKED_TEXTS)]
        bodies = self._mention_bodies()
        self._put("links", _LINKS, (self._link(number) for number in self._numbers()))
        self._put("sightings", _SIGHTINGS, ((n, self._source(n), "feed", self._url(n), _at(self._moment(n))) for n in self._numbers()))
        self._put("fetches", _FETCHES, (self._fetch(number) for number in self._numbers()))
        self._put("pages", _PAGES, (self._page(number) for number in self._numbers()))
        self._put(
            "articles", _ARTICLES, (self._article(number, bodies.get(number), packed[number % _PACKED_TEXTS]) for number in self._numbers())
        )
        rows = ((n, fold(bodies[n]) if n in bodies else words[n % _PACKED_TEXTS]) for n in self._numbers())
        self._put("article_search", ("rowid", "words"), rows)
        self._bodies = bodies

    def mentions(self) -> None:
        """Mentions, their stories, and what persons said of most of them."""
        campaign, version = self._campaign.id, self._campaign.version
        circles = [circle.id for circle in self._campaign.circles]
        for place, number in enumerate(sorted(self._bodies)):
            body = self._bodies[number]
            start = body.index("TikTok")
            mention = Mention(
                f"m-{number}",
                campaign,
                number,
                circles[place % len(circles)],
                (Hit("platform", start, start + 6, "TikTok", "body", "as typed"),),
                held=place % 97 == 5,
                campaign_version=version,
            )
            verdict = self._verdict(place, number)
            self._entries.append(self._entry(mention, verdict, self._leaders[number]))
        moments = {entry.article.id: _at(entry.article.fetched_at) for entry in self._entries}
        self._put("mentions", _MENTIONS, (_mention_row(entry.mention, moments[entry.article.id]) for entry in self._entries))
        leaders = sorted(set(self._leaders.values()))
        now = _at(self._filling.end_at - timedelta(hours=1))
        self._put("stories", ("campaign_id", "key", "grouped_at"), ((campaign, f"story-{leader}", now) for leader in leaders))
        members = ((campaign, number, f"story-{leader}") for number, leader in self._leaders.items())
        self._put("story_members", ("campaign_id", "article_id", "story_key"), members)
        said = list(enumerate((entry.verdict for entry in self._entries if entry.verdict), 1))
        self._put("events", _EVENTS, (_event_row(*one) for one in said))
        self._put("item_states", _STATES, (_state_row(*one) for one in said))
        looked = ((campaign, version, self._filling.articles),)
        self._put("campaign_versions", ("campaign_id", "version", "looked_through_id"), looked)

    def polls(self) -> None:
        """As many polls as articles, but in the latest days one of each source a day, whatever the size of the archive; most of them
        unchanged. And a night's run a day."""
        recent_at = self._filling.end_at - timedelta(days=_POLLED_DAILY_DAYS)
        earlier = (number for number in self._numbers() if self._polled_at(number) < recent_at)
        self._put("fetches", _FETCHES, (self._poll(number, self._polled_at(number)) for number in earlier))
        daily = itertools.product(range(_POLLED_DAILY_DAYS), range(len(self._sources)))
        self._put("fetches", _FETCHES, (self._poll(day + place, recent_at + timedelta(days=day, minutes=place)) for day, place in daily))
        self._connection.execute(FILL)
        days = (self._filling.end_at - self._filling.begin_at).days
        runs = []
        for day in range(days):
            begun = self._filling.begin_at + timedelta(days=day, hours=1)
            runs.append((day + 1, _at(begun), _at(begun + timedelta(hours=1)), "[]", 1, 0, "[]", "[]"))
        self._put("runs", ("id", "started_at", "ended_at", "arguments", "is_night", "exit_code", "needs_a_person", "digest_paths"), runs)
        steps = [
            (run[0], step, at, 100, "[]", 1.0, "[]")
            for run in runs
            for at, step in enumerate(("poll", "fetch", "extract", "match", "group"))
        ]
        self._put("run_steps", ("run_id", "step", "position", "inputs", "outcomes", "seconds", "remarks"), steps)
        self._connection.execute(
            "UPDATE sources SET polls = 100, last_polled_at = ?1, last_outcome = 'unchanged', last_succeeded_at = ?1, last_listed = 20",
            (_at(self._filling.end_at - timedelta(hours=1)),),
        )

    def editions(self) -> None:
        """A nightly edition a day, but the last, and a weekly one a week, but the last two; released to both audiences, and sent."""
        days = (self._filling.end_at - self._filling.begin_at).days
        first = self._filling.end_at - timedelta(days=days)
        found = iter(sorted(self._entries, key=lambda entry: entry.article.fetched_at))
        by_day: dict[int, list[Entry]] = {}
        for entry in found:
            by_day.setdefault((entry.article.fetched_at - first).days, []).append(entry)
        number = itertools.count(1)
        for day in range(days - 1):
            self._edition(next(number), "nightly", first + timedelta(days=day), timedelta(days=1), by_day.get(day, []))
        monday = first + timedelta(days=-first.weekday(), hours=-first.hour)
        for week in range((days - 15) // 7):
            inside = [entry for day in range(week * 7, week * 7 + 7) for entry in by_day.get(day, [])]
            self._edition(next(number), "weekly", monday + timedelta(days=week * 7), timedelta(days=7), inside)

    def known(self) -> None:
        """Known coverage: half of it found, a quarter seen without a mention, a quarter never seen."""
        mentioned = sorted(self._bodies)
        step = max(self._filling.articles // max(self._filling.known // 4, 1), 1)
        found = [self._url(number) for number in mentioned[:: max(len(mentioned) * 2 // self._filling.known, 1)]]
        seen = [self._url(number) for number in range(1, self._filling.articles + 1, step)]
        never = [f"https://{self._outlets[n].homepage.split('/')[2]}/never/{n}" for n in range(self._filling.known // 4)]
        urls = dict.fromkeys((*found, *seen, *never))
        rows = [(self._campaign.id, url, url, _at(self._filling.begin_at)) for url in itertools.islice(urls, self._filling.known)]
        self._put("known_items", ("campaign_id", "key", "url", "said_at"), rows)

    def _numbers(self) -> range:
        return range(1, self._filling.articles + 1)

    def _moment(self, number: int) -> datetime:
        return self._mentioned.get(number) or self._filling.begin_at + number * self._step

    def _spread(self) -> dict[int, datetime]:
        """The articles with a mention, and when they were found: as RECENT says, the others evenly before."""
        end_at, total = self._filling.end_at, self._filling.mentioned
        numbers = [round(place) for place in _evenly(1, self._filling.articles, total)]
        moments: list[datetime] = []
        after = timedelta(minutes=90)
        for ago, count in RECENT:
            moments += [end_at - after - (ago - after) * place / count for place in range(count)]
            after = ago
        older = total - len(moments)
        span = end_at - RECENT[-1][0] - timedelta(days=15) - self._filling.begin_at
        moments += [self._filling.begin_at + span * place / max(older, 1) for place in range(older)]
        return dict(zip(numbers, sorted(moments), strict=True))

    def _mention_bodies(self) -> dict[int, str]:
        bodies: dict[int, str] = {}
        self._leaders: dict[int, int] = {}
        for place, number in enumerate(sorted(self._mentioned)):
            before = next(reversed(bodies), None)
            if place % COPIES == COPIES - 1 and before is not None:
                bodies[number] = f"{bodies[before]} {self._sentence(12)}"
                self._leaders[number] = self._leaders[before]
            else:
                words = self._sentence(250)
                bodies[number] = f"{words[:200]} TikTok, CRCA ECPAT {words[200:]}"
                self._leaders[number] = number
        return bodies

    def _outlet(self, number: int) -> Outlet:
        return self._outlets[number * 7 % len(self._outlets)]

    def _source(self, number: int) -> str:
        return self._sources[number * 7 % len(self._sources)]

    def _url(self, number: int) -> str:
        return f"https://{self._outlet(number).homepage.split('/')[2].removeprefix('www.')}/vijesti/{number}-o-bezbednosti"

    def _link(self, number: int) -> tuple[Any, ...]:
        at, url = _at(self._moment(number)), self._url(number)
        state = "pending" if number > self._filling.articles - 20 else "done"
        outlet = self._outlet(number).id
        return (number, url, url, outlet, f"Headline {number}", "", at, 0, "minute", "[]", "feed", at, 1, state, "fetched", 1, at, 1)

    def _fetch(self, number: int) -> tuple[Any, ...]:
        at, url = _at(self._moment(number)), self._url(number)
        return (number, None, 1, url, url, 200, "[]", 20_000, None, "fetched", "", at, 0.3, None)

    def _polled_at(self, number: int) -> datetime:
        return self._filling.begin_at + number * self._step - timedelta(hours=1)

    def _poll(self, number: int, at: datetime) -> tuple[Any, ...]:
        outcome = "fetched" if number % 5 == 0 else "not_found" if number % 50 == 1 else "unchanged"
        new = 3 if outcome == "fetched" else 0
        return (
            None,
            self._source(number),
            1,
            "https://feed.example/",
            "https://feed.example/",
            200,
            "[]",
            9_000,
            20,
            outcome,
            "",
            _at(at),
            0.2,
            new,
        )

    def _page(self, number: int) -> tuple[Any, ...]:
        at, url = _at(self._moment(number)), self._url(number)
        return (number, number, self._outlet(number).id, url, url, "text/html", 20_000, "0" * 64, at, "article", "", at)

    def _article(self, number: int, body: str | None, packed: bytes) -> tuple[Any, ...]:
        at, url = _at(self._moment(number)), self._url(number)
        depth = "screened" if body is None else "extracted"
        text = packed if body is None else pack_text(body)
        head = (number, number, self._outlet(number).id, url, url, f"Headline {number} of this outlet", "", "[]", at, 0, "minute", "[]")
        return (*head, "", at, "sr-Latn", depth, at, None, number, text)

    def _verdict(self, place: int, number: int) -> Verdict | None:
        if place % 10 == 9 or place >= self._filling.mentioned - 30:
            return None
        decision = Decision.REJECT if place % 8 == 3 else Decision.SENSITIVE if place % 400 == 1 else Decision.ACCEPT
        return Verdict(self._campaign.id, number, decision, self._moment(number) + timedelta(hours=5), by="Arta")

    def _entry(self, mention: Mention, verdict: Verdict | None, leader: int) -> Entry:
        number = mention.article_id
        at, url = self._moment(number), self._url(number)
        article = Article(
            self._outlet(number).id,
            url,
            url,
            f"Headline {number} of this outlet",
            self._bodies[number],
            at,
            Depth.EXTRACTED,
            Published(at),
            id=number,
            page_id=number,
            language="sr-Latn",
        )
        return Entry(mention, article, self._outlet(number), f"story-{leader}", verdict, "feed", at)

    def _edition(self, number: int, kind: str, start_at: datetime, length: timedelta, inside: Sequence[Entry]) -> None:
        made = _at(start_at + length)
        facts = pack_text("{}")
        row = (number, self._campaign.id, kind, _at(start_at), made, made, self._campaign.version, facts, "[]")
        self._put("editions", _EDITIONS, [row])
        self._put(
            "releases", ("edition_id", "audience", "released_at", "facts"), [(number, who, made, facts) for who in ("staff", "partners")]
        )
        shown = [entry for entry in inside if entry.verdict is None or entry.verdict.decision is not Decision.REJECT]
        packed = [pack_text(to_json(msgspec.to_builtins(entry))) for entry in shown]
        entries = [
            (number, audience, entry.article.id, at, "counted", blob)
            for audience in ("staff", "partners")
            for at, (entry, blob) in enumerate(zip(shown, packed, strict=True))
        ]
        self._put("edition_entries", ("edition_id", "audience", "article_id", "position", "part", "entry"), entries)
        sent = [
            (number, f"reader{one}@example.org", "en", f"<{number}.{one}@example.org>", "sent", 1, made, made, made, "")
            for one in range(RECIPIENTS)
        ]
        self._put("deliveries", _DELIVERIES, sent)

    def _put(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        self._connection.executemany(statement, rows)


_LINKS = (
    "id key url outlet_id title summary published_at published_offset_seconds published_precision authors found_by found_at found_run_id"
    " state outcome attempts attempted_at attempted_run_id"
).split()
_SIGHTINGS = "link_id source_id found_by url seen_at".split()
_FETCHES = (
    "link_id source_id run_id requested_url final_url status headers size_bytes listed outcome detail fetched_at elapsed_seconds new_links"
).split()
_PAGES = "id link_id outlet_id requested_url final_url content_type size_bytes sha256 fetched_at state skip_detail judged_at".split()
_ARTICLES = (
    "id page_id outlet_id requested_url canonical_url title lead authors published_at published_offset_seconds published_precision"
    " date_readings image fetched_at language depth stored_at text_key search_id body"
).split()
_MENTIONS = "id campaign_id article_id circle hits labels key_messages held campaign_version found_at appeared_at".split()
_EVENTS = "id act campaign_id article_id fact after said_at said_by via".split()
_STATES = (
    "campaign_id article_id version decision decided_at decided_by reason note tone prominence starred headline_en picture_off headline"
).split()
_EDITIONS = "id campaign_id kind start_at end_at made_at campaign_version facts sentences".split()
_DELIVERIES = "edition_id recipient language message_id state attempts due_at attempted_at settled_at detail".split()


def _mention_row(mention: Mention, at: str) -> tuple[Any, ...]:
    hits = to_json([(hit.term_id, hit.start, hit.end, hit.form, hit.field, hit.rule) for hit in mention.hits])
    return (
        mention.id,
        mention.campaign_id,
        mention.article_id,
        mention.circle,
        hits,
        "[]",
        "[]",
        mention.held,
        mention.campaign_version,
        at,
        at,
    )


def _event_row(number: int, verdict: Verdict) -> tuple[Any, ...]:
    said = f'"{verdict.decision}"'
    return (number, number, verdict.campaign_id, verdict.article_id, "verdict", said, _at(verdict.decided_at), verdict.by, "sheet")


def _state_row(number: int, verdict: Verdict) -> tuple[Any, ...]:
    head = (verdict.campaign_id, verdict.article_id, number, str(verdict.decision), _at(verdict.decided_at), verdict.by)
    return (*head, "", "", "", "", 0, "", 0, "")


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def _evenly(first: int, last: int, count: int) -> Iterator[float]:
    return (first + (last - first) * place / max(count - 1, 1) for place in range(count))


def _sentences(chance: random.Random) -> Callable[[int], str]:
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    words = ["".join(chance.choices(syllables, k=1 + int(chance.random() * 4))) for _ in range(20_000)]
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    return lambda count: " ".join(chance.choices(words, cum_weights=weights, k=count)).capitalize() + "."


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    made_at = datetime.now(UTC).replace(microsecond=0)
    print(fill(folder, Filling(int(sys.argv[2]), end_at=made_at)))
