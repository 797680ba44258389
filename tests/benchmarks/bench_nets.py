"""A day of GDELT's lists, 300,000 lines: read, decided and matched, in processor time of one core and memory of the process."""

from __future__ import annotations

import gzip
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.matching.campaigns import read_campaign
from tracker.matching.matcher import Matcher
from tracker.nets.gdelt_list import read_list
from tracker.nets.listed import Fate, Known, decide, hosts_of
from tracker.register import catalog
from tracker.urls.rulebook import rules_of

LINES, FILES, OURS = 300_000, 96, 0.03
"""As the world's press and the register's share of it: some 9,000 articles a day."""
MOST_SECONDS, MOST_MB = 60.0, 200.0
NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def lists() -> Iterator[bytes]:
    """The day's files, one after the other."""
    chance = random.Random(18)
    homes = [outlet.homepage.rstrip("/") for outlet in catalog.shipped().outlets]
    words = "vlada općina fëmijët siguria škola деца безбедност internet ministria qyteti grad news council budget".split()
    for number in range(FILES):
        lines = []
        for line in range(LINES // FILES):
            home = chance.choice(homes) if chance.random() < OURS else f"https://news{chance.randrange(50_000)}.example.com"
            record = {
                "date": f"{NOW - timedelta(minutes=15 * number):%Y-%m-%dT%H:%M:%SZ}",
                "url": f"{home}/vijesti/{number}{line:05d}/{'-'.join(chance.choices(words, k=6))}",
                "title": " ".join(chance.choices(words, k=9)),
                "desc": " ".join(chance.choices(words, k=25)) + ". " + " ".join(chance.choices(words, k=20)),
                "image": "https://img.example/a.jpg",
                "outletName": "News",
                "lang": "bs",
            }
            lines.append(json.dumps(record))
        yield gzip.compress("\n".join(lines).encode(), 1)


def main() -> list[str]:
    """Prints the figures; gives what missed its limit."""
    outlets = catalog.shipped().outlets
    rules = rules_of(outlets)
    known = Known({one.id: one for one in outlets}, rules, {one.id for one in outlets if one.refuses}, NOW, NOW - timedelta(days=7))
    hosts = hosts_of(outlets, rules)
    matcher = Matcher(read_campaign(ROOT / "campaigns" / "digital-safety.toml"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, total, kept, listed = 0.0, 0, 0, 0
    for body in lists():
        started = time.process_time()
        reading = read_list(body, hosts)
        decided = [decide(one, known) for one in reading.listings]
        apart = [one.listing for one in decided if one.fate is Fate.LISTED]
        for one in apart:
            matcher.match(body=one.sentence, title=one.title)
        seconds += time.process_time() - started
        total, kept, listed = total + reading.total, kept + len(decided), listed + len(apart)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    told = f"{total} lines, {kept} of our outlets, {listed} matched: {seconds:.1f} s of one core, {grown:.0f} MB more"
    print(f"second nets: {told} (limits {MOST_SECONDS:.0f} s, {MOST_MB:.0f} MB)")
    return [f"second nets: {told}"] if seconds > MOST_SECONDS or grown > MOST_MB else []


if __name__ == "__main__":
    sys.exit(bool(main()))
