"""A workspace and a crawl in it, for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from sqlalchemy import select

from tracker.crawl.parent import Crawl, CrawlPlan, CrawlProgress, run_crawl
from tracker.model import FetchOutcome, FoundLink, Outlet, Source, SourceKind
from tracker.store import frontier, registers, runs
from tracker.store.database import Database, open_database
from tracker.store.schema import crawl as crawl_tables
from tracker.urls.canonical import normalise

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
QUICK = {"fetch.allow_networks": ["127.0.0.0/8"], "fetch.delay_seconds": 0, "fetch.timeout_seconds": 2, "fetch.max_bytes": 300_000}


@dataclass
class Ending:
    """How a source or a page ended."""

    outcome: FetchOutcome
    detail: str
    status: int | None
    times: int = 1
    final_url: str = ""
    listed: int | None = None


class Workspace:
    """A workspace with a register of loopback outlets: one outlet per host."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.set(**settings)
        self.database: Database = open_database(folder)
        self.outlets: dict[str, Outlet] = {}
        self.sources: list[Source] = []

    def set(self, **settings: Any) -> None:
        values = QUICK | {name.replace("__", "."): value for name, value in settings.items()}
        lines = [f"{name} = {_toml(value)}" for name, value in values.items()]
        (self.folder / "tracker.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def watch(self, address: str, outlet: str, kind: SourceKind = SourceKind.FEED, **about: Any) -> str:
        self.outlets[outlet] = Outlet(outlet, outlet, urljoin(address, "/"), "BA", ("bs",), **about)
        number = sum(source.outlet_id == outlet for source in self.sources) + 1
        source = Source(f"{outlet}:{kind}:{number}", outlet, kind, address)
        self.sources.append(source)
        return source.id

    def register(self) -> None:
        with self.database.writing() as conn:
            registers.replace(conn, self.outlets.values(), self.sources, NOW)

    def queue(self, outlet: str, addresses: Iterable[str]) -> None:
        """Links as if a feed had named them."""
        self.register()
        links = [(normalise(a) or a, FoundLink(a, f"{outlet}:feed:1", outlet, "feed")) for a in addresses]
        with self.database.writing() as conn:
            frontier.add(conn, links, run_id=None, now=NOW)

    def start(self, on_progress: Callable[[CrawlProgress], None] | None = None, as_of: datetime = NOW, **plan: Any) -> Crawl:
        self.register()
        with self.database.writing() as conn:
            run = runs.start(conn, NOW, ())
        return run_crawl(CrawlPlan(str(self.folder), run, as_of, **plan), on_progress=on_progress)

    def crawl(self, **plan: Any) -> CrawlProgress:
        with self.start(**plan) as crawl:
            code = crawl.wait(60)
            assert code == 0, f"{code}: {crawl.progress()} {crawl.last_words()} {self.log()}"
            return crawl.progress()

    def polls(self) -> dict[str, Ending]:
        with self.database.reading() as conn:
            table = crawl_tables.fetches
            rows = conn.execute(select(table).where(table.c.source_id.is_not(None)).order_by(table.c.id)).all()
        return _endings((row.source_id, row) for row in rows)

    def pages(self) -> dict[str, Ending]:
        """Endings of pages by requested address."""
        with self.database.reading() as conn:
            table = crawl_tables.fetches
            rows = conn.execute(select(table).where(table.c.link_id.is_not(None)).order_by(table.c.id)).all()
        return _endings((row.requested_url, row) for row in rows)

    def stored(self) -> list[str]:
        with self.database.reading() as conn:
            return list(conn.execute(select(crawl_tables.pages.c.requested_url)).scalars())

    def links(self) -> list[str]:
        with self.database.reading() as conn:
            return list(conn.execute(select(crawl_tables.links.c.url)).scalars())

    def log(self) -> str:
        path = self.folder / "crawl.log"
        return path.read_text("utf-8")[-3000:] if path.exists() else ""


def _endings(rows: Iterable[tuple[str, Any]]) -> dict[str, Ending]:
    found: dict[str, Ending] = {}
    for name, row in rows:
        times = found[name].times + 1 if name in found else 1
        found[name] = Ending(FetchOutcome(row.outcome), row.detail, row.status, times, row.final_url, row.listed)
    return found


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).replace("'", '"') if isinstance(value, list | str) else str(value)
