"""Storing new articles with the search index, against a bare `executemany` of the same rows without one."""

from __future__ import annotations

import itertools
import random
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.builders import an_article, an_outlet
from tracker.model import Article, Depth
from tracker.store import articles, registers
from tracker.store.database import open_database
from tracker.text.folding import fold

LIMIT = 0.25
ARTICLES = 5_000
BATCH = 250
ROUNDS = 5
NOW = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)


def invented_articles(count: int = ARTICLES, seed: int = 7) -> list[Article]:
    """Articles of about 3 KB whose words are as unevenly frequent as those of a language: invented, some with accents."""
    chance = random.Random(seed)
    syllables = [
        a + b
        for a in ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "š", "č"]
        for b in ["a", "e", "i", "o", "u", "ë"]
    ]
    words = ["".join(chance.choices(syllables, k=1 + int(chance.random() * 4))) for _ in range(40_000)]
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    made = []
    for number in range(1, count + 1):
        sentences = [" ".join(chance.choices(words, cum_weights=weights, k=14)).capitalize() + "." for _ in range(40)]
        title = " ".join(chance.choices(words, cum_weights=weights, k=9)).capitalize()
        made.append(an_article(number, title=title, body=" ".join(sentences)[:3000], depth=Depth.EXTRACTED))
    return made


def seconds_bare(folder: Path, made: list[Article]) -> float:
    """The rows that `save` is given (article and folded text), in batches of the same size, into a table with the same unique
    address and no more."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    columns = "outlet, requested_url, canonical_url UNIQUE, title, lead, authors, published, image, fetched_at, language, depth, stored_at, body, folded"
    connection.execute(f"CREATE TABLE articles (id INTEGER PRIMARY KEY, {columns})")
    rows = [
        (
            number,
            article.outlet_id,
            article.requested_url,
            article.canonical_url,
            article.title,
            article.lead,
            "[]",
            None,
            article.image,
            article.fetched_at.isoformat(),
            article.language,
            str(article.depth),
            NOW.isoformat(),
            article.body,
            fold(article.title) + fold(article.body),
        )
        for number, article in enumerate(made, 1)
    ]
    statement = f"INSERT INTO articles VALUES ({', '.join('?' * 15)})"
    started = time.perf_counter()
    for start in range(0, len(rows), BATCH):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, rows[start : start + BATCH])
        connection.execute("COMMIT")
    took = time.perf_counter() - started
    connection.close()
    return took


def seconds_stored(folder: Path, made: list[Article]) -> float:
    """Through the store: compressed, indexed, checked for addresses that are known."""
    rows = [(article, fold(article.title), fold(article.body)) for article in made]
    database = open_database(folder)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
    started = time.perf_counter()
    for start in range(0, len(rows), BATCH):
        with database.writing() as conn:
            articles.save(conn, rows[start : start + BATCH], NOW)
    took = time.perf_counter() - started
    database.close()
    return took


def main() -> list[str]:
    """Prints the figures; returns what fell short. The best of several rounds counts, as other programs only ever add time."""
    made = invented_articles()
    bare, stored = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            bare.append(seconds_bare(Path(folder), made))
            stored.append(seconds_stored(Path(folder), made))
    ratio = min(bare) / min(stored)
    print(
        f"store: {len(made) / min(stored):,.0f} articles/s with the search index, {len(made) / min(bare):,.0f} in a bare executemany"
        f" without it ({BATCH} a transaction): ratio {ratio:.2f}, limit {LIMIT}"
    )
    return [] if ratio >= LIMIT else [f"storing articles: {ratio:.2f} of a bare executemany, limit {LIMIT}"]


if __name__ == "__main__":
    raise SystemExit(bool(main()))
