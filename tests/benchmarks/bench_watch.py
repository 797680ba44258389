"""Comparing 5,000 pages that were visited again, against a night that reads new ones; processor time of whole commands.

Every page came with 20 other times and links beside the article and another script, and with the same article. What is compared is
`tracker watch --due` over visits that were stored before: it reads, compares and closes them. Fetching them is not in it; that costs what
fetching any page costs. The shipped register publishes 32,000 articles a day (`docs/scaling.md`), so its night is the measured one times
32,000 : BENCH_PAGES. Limit: 5 % of that night.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.bench_night import OUTLETS, PAGES, night, write_catalogue
from tests.benchmarks.measuring import run, site
from tests.benchmarks.site import page
from tests.builders import some_facts
from tracker.model import RevisitResult
from tracker.store import revisits
from tracker.store.database import open_database

VISITS, DAILY_ARTICLES, LIMIT = 5_000, 32_000, 0.05
CARDS = 20
_TIME, _FLOAT, _CARD = re.compile(r"10:\d\d"), re.compile(r"0\.\d{6,}"), re.compile(r"<h4>[^<]+</h4>")


def served_again(outlet: int, number: int, chance: random.Random) -> bytes:
    """A page of the site with what moves on every page."""
    html = page(outlet, number).decode()
    cards = _CARD.findall(html)[:CARDS]
    chance.shuffle(cards)
    html = _CARD.sub(lambda _: cards.pop(), html, count=CARDS)
    html = _TIME.sub(lambda _: f"11:{chance.randint(0, 59):02d}", html, count=CARDS)
    return _FLOAT.sub(lambda _: str(chance.random()), html).encode()


def add_visits(workspace: Path) -> int:
    """Visits of the night's items, one round after the other until there are enough; how many."""
    chance, count, now = random.Random(5), 0, datetime.now(UTC)
    database = open_database(workspace)
    with database.reading() as conn:
        wanted = revisits.wanted(conn, now, only_due=False)
    assert wanted, "the night found no items"
    while count < VISITS:
        results = []
        for one in wanted:
            outlet, number = int(one.outlet_id[1:]), int(one.url.rpartition("/")[2])
            facts = some_facts(requested_url=one.url, final_url=one.url, fetched_at=now)
            results.append(RevisitResult(one, facts, served_again(outlet, number, chance), "text/html; charset=utf-8"))
        with database.writing() as conn:
            revisits.note(conn, revisits.prepare(results, run_id=None))
        count += len(results)
    database.close()
    return count


def main() -> list[str]:
    """Prints the ratio; returns the limit where it was missed."""
    pages = OUTLETS * int(os.environ.get("BENCH_PAGES", PAGES))
    with tempfile.TemporaryDirectory() as folder, site(OUTLETS, pages // OUTLETS) as port:
        workspace = Path(folder)
        write_catalogue(workspace / "site.csv", OUTLETS, port)
        whole = night(workspace, workspace / "site.csv")
        count = add_visits(workspace)
        watch = run([sys.executable, "-m", "tracker", "--workspace", str(workspace), "--json", "watch", "--due"])
    assert f'["unchanged", {count}]' in watch.output.replace("\n", "") or f'"unchanged",{count}' in "".join(watch.output.split()), (
        watch.output
    )
    a_night = whole.cpu_seconds * DAILY_ARTICLES / pages
    share = watch.cpu_seconds / a_night
    print(f"watch: {count:,} pages compared in {watch.cpu_seconds:.1f} s of processor time, {1000 * watch.cpu_seconds / count:.1f} ms each")
    print(f"watch: {watch.cpu_seconds / whole.cpu_seconds:.3f} of the night over {pages:,} pages, {whole.cpu_seconds:.1f} s")
    print(f"watch: {share:.3f} of a night over {DAILY_ARTICLES:,} (limit {LIMIT:g})")
    return [f"watch takes {share:.3f} of a night > {LIMIT:g}"] if share > LIMIT else []


if __name__ == "__main__":
    sys.exit("; ".join(main()))
