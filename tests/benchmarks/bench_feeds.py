"""Reading feeds against bare feedparser: the same 200 invented feeds of 50 items, processor time, best of alternating rounds."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape

import feedparser

from tracker.sources.feeds.feed import read_feed

FEEDS, ITEMS, ROUNDS = 200, 50, 3
LIMIT = 1.3
NOW = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)
WORDS = (
    "qeveria fëmijët siguria në internet shkolla mësuesit prindërit vlada škola učitelji roditelji djeca bezbjednost mreža "
    "владата децата училиште наставници родители безбедност интернет новости град општина министерство ministarstvo općina"
).split()


def feed(seed: int) -> bytes:
    """A feed as WordPress writes it: escaped markup in the description, the whole text in CDATA."""
    chance = random.Random(seed)

    def sentence(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."

    items = []
    for number in range(ITEMS):
        day = NOW - timedelta(minutes=37 * number)
        paragraphs = "".join(f'<p>{sentence(25)} <a href="/tema/{chance.randrange(99)}">{sentence(3)}</a></p>' for _ in range(4))
        items.append(
            f"<item><title>{escape(sentence(9))}</title><link>https://outlet-{seed}.example/{seed}-{number}/</link>"
            f"<dc:creator><![CDATA[{sentence(2)}]]></dc:creator><pubDate>{day:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
            f"<category><![CDATA[{sentence(1)}]]></category><guid isPermaLink='false'>https://outlet-{seed}.example/?p={number}</guid>"
            f"<description>{escape(f'<p>{sentence(30)}</p>')}</description><content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>"
        )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Outlet</title><link>https://outlet.example/</link>'
    )
    return f"{head}{''.join(items)}</channel></rss>".encode()


def _ours(body: bytes) -> int:
    return len(read_feed(body, url="https://outlet.example/feed/", now=NOW, zone="Europe/Tirane").entries)


def _bare(body: bytes) -> int:
    return len(feedparser.parse(io.BytesIO(body)).entries)


def _cpu_seconds(read: Callable[[bytes], int], feeds: list[bytes]) -> float:
    started = time.process_time()
    assert sum(map(read, feeds)) == FEEDS * ITEMS
    return time.process_time() - started


def main() -> list[str]:
    """Prints the ratio; returns what missed its limit."""
    feeds = [feed(seed) for seed in range(FEEDS)]
    _ours(feeds[0]), _bare(feeds[0])
    rounds = [(_cpu_seconds(_ours, feeds), _cpu_seconds(_bare, feeds)) for _ in range(ROUNDS)]
    ours, bare = min(one for one, _ in rounds), min(other for _, other in rounds)
    ratio = ours / bare
    print(
        f"feeds: {FEEDS} x {ITEMS} items: {1000 * ours / FEEDS:.1f} ms a feed, bare feedparser {1000 * bare / FEEDS:.1f}: ratio {ratio:.2f} (limit {LIMIT})"
    )
    return [] if ratio <= LIMIT else [f"feeds take {ratio:.2f} x bare feedparser, limit {LIMIT}"]


if __name__ == "__main__":
    main()
