"""A workspace on PostgreSQL with a loopback press, and worker processes that can be stopped and killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.conftest import ROOT
from tests.crawl.crawling import NOW
from tests.newsroom.press import Newsroom, after, feed, page
from tracker.model import Outlet, Source, SourceKind
from tracker.store import registers
from tracker.store.database import Database, open_database
from tracker.store.work import schema
from tracker.store.work.link import Link

SETTINGS = """
[database]
url = "{url}"

[fetch]
allow_networks = ["127.0.0.0/8"]
delay_seconds = {delay}
timeout_seconds = 30
retries = 0

[extract]
workers = 1

[workers]
plan_seconds = 1
domains = {domains}
crawls = 1
"""


opened: list[WorkDesk] = []
"""Those of the test that runs: one that fails does not come to its last line."""


class WorkDesk:
    """`folder` is the workspace; `workers` starts processes in it."""

    def __init__(self, folder: Path, url: str, *, delay: float = 0, domains: int = 64) -> None:
        self.folder, self.url = folder, url
        folder.mkdir(exist_ok=True)
        (folder / "tracker.toml").write_text(SETTINGS.format(url=url, delay=delay, domains=domains), "utf-8")
        self.database: Database = open_database(folder, url)
        self.link = Link(url)
        schema.prepare(self.link)
        self._log: IO[bytes] = (folder / "workers.log").open("ab")
        opened.append(self)

    def watch(self, newsroom: Newsroom, outlets: int, articles: int, *, seconds: float = 0) -> None:
        """So many outlets, each at an address of its own, with a feed that names so many articles; a page takes so long."""
        made, sources = [], []
        for number in range(outlets):
            host, name = host_of(number), f"portal-{number}"
            pages = [
                page(f"Vijest {count} portala {number}", f"Tekst {count} portala {number} koji se čita. " * 9) for count in range(articles)
            ]
            listed = [newsroom.serve(host, f"/vijest-{count}-o-djeci", after(seconds, each)) for count, each in enumerate(pages)]
            address = newsroom.serve(host, "/feed", feed(listed))
            made.append(Outlet(name, name, newsroom.address(host), "BA", ("bs",)))
            sources.append(Source(f"{name}:feed:1", name, SourceKind.FEED, address))
        with self.database.writing() as conn:
            registers.replace(conn, made, sources, NOW)

    def start(self, *options: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """A worker process, perhaps with more in its environment."""
        command = [sys.executable, "-P", "-m", "tracker", "--workspace", str(self.folder), "worker", *options]
        given = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, env=given)

    def log(self) -> str:
        """What the workers said, and the end of what their crawls did."""
        self._log.flush()
        crawl = self.folder / "crawl.log"
        return (self.folder / "workers.log").read_text("utf-8") + (crawl.read_text("utf-8")[-3000:] if crawl.exists() else "")

    def close(self) -> None:
        self._log.close()
        self.link.close()
        self.database.close()


def host_of(number: int) -> str:
    """The address of an outlet."""
    return f"127.0.{80 + number // 250}.{number % 250 + 1}"


@contextmanager
def ended(processes: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    """None of the processes is left after the block."""
    try:
        yield
    finally:
        for one in processes:
            if one.poll() is None:
                one.kill()
            one.wait(30)


def most_at_once(newsroom: Newsroom, outlets: int) -> int:
    """The most requests that any of the outlets had open at the same time."""
    return max(newsroom.most_at_once(host_of(number)) for number in range(outlets))
