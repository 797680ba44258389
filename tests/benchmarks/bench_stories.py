"""Grouping against bare rensa over the same texts in the same run, and one more text into a large archive; processor time.

Bare rensa hashes the shingles of whole words, makes a MinHash each of as many permutations, puts them into its own LSH of as many bands and
asks it for each text: no folding, nothing compared, nothing joined. `STORY_TEXTS` and `STORY_ARCHIVE` set the sizes.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from tracker.model import StoryText

TEXTS, ARCHIVE = int(os.environ.get("STORY_TEXTS", "100000")), int(os.environ.get("STORY_ARCHIVE", "1000000"))
WORDS = 300
LIMIT_RATIO, LIMIT_MB, LIMIT_ONE_MORE_MS = 1.3, 400, 20
OUTLETS, COPIES, DAYS = 150, 4, 28
AT = datetime(2024, 10, 1, tzinfo=UTC)


def main() -> list[str]:
    """Prints the figures; returns what is short of its limit."""
    bare, _, _ = _apart("bare")
    ours, megabytes, stories = _apart("ours")
    added = _one_more()
    print(f"stories: {TEXTS:,} texts of {WORDS} words, {stories:,} stories; bare rensa {bare:.1f} s")
    print(
        f"  grouped in {ours:.1f} s, ratio {ours / bare:.2f} (limit {LIMIT_RATIO}); {megabytes:.0f} MB beside the texts (limit {LIMIT_MB})"
    )
    print(f"  one more text into an archive of {ARCHIVE:,}: {added:.1f} ms (limit {LIMIT_ONE_MORE_MS})")
    short = {
        f"grouping took {ours / bare:.2f} of bare rensa": ours > LIMIT_RATIO * bare,
        f"grouping took {megabytes:.0f} MB": megabytes > LIMIT_MB,
        f"one more text took {added:.0f} ms": added > LIMIT_ONE_MORE_MS,
    }
    return [f"stories: {what}" for what, missed in short.items() if missed]


def texts(count: int) -> Iterator[StoryText]:
    """Invented prose; every fourth is a copy of an earlier one with a sentence more."""
    chance = random.Random(3)
    vocabulary = ["".join(chance.choices("bdfgklmnprstvz aeiou".replace(" ", ""), k=chance.randint(2, 9))) for _ in range(30_000)]
    weights = [*accumulate(1 / (rank + 10) for rank in range(len(vocabulary)))]
    bodies: list[str] = []
    for number in range(count):
        if number % COPIES == COPIES - 1:
            body = f"{bodies[number // 2]} {' '.join(chance.choices(vocabulary, cum_weights=weights, k=12))}"
        else:
            body = " ".join(chance.choices(vocabulary, cum_weights=weights, k=WORDS))
        bodies.append(body)
        title = " ".join(chance.choices(vocabulary, k=8))
        yield StoryText(number + 1, f"outlet-{number % OUTLETS}", title, body, AT + timedelta(minutes=DAYS * 1440 * number / count))


def _apart(which: str) -> tuple[float, float, int]:
    """Processor seconds, megabytes beyond the texts, and stories, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_stories", which]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout.split()
    return float(answer[0]), float(answer[1]), int(answer[2])


def _grouped(given: list[StoryText]) -> int:
    from tracker.stories.grouping import group_texts

    return len(group_texts(given))


def _bare(given: list[StoryText]) -> int:
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]

    lsh = RMinHashLSH(threshold=0.3, num_perm=128, num_bands=64)
    kept = []
    for number, text in enumerate(given):
        words = text.body.split()
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update([" ".join(words[at : at + 3]) for at in range(len(words) - 2)])
        lsh.insert(number, sketch)
        kept.append(sketch)
    return sum(len(lsh.query(sketch)) > 1 for sketch in kept)


def _one_more() -> float:
    """Milliseconds to look a text up and enter it, in an archive filled with prints of as many texts."""
    from tests.builders import an_article, an_outlet
    from tracker.pipeline import earlier_texts
    from tracker.store import articles, registers, text_prints
    from tracker.store.database import open_database
    from tracker.stories.prints import prints_of

    rounds, given = 100, [*texts(200)]
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder))
        with database.writing() as conn:
            registers.replace(conn, [an_outlet()], [], AT)
            for text in given[:100]:
                articles.save(conn, [(an_article(text.article_id, body=text.body, title=text.title), "", text.body)], AT)
            chance = random.Random(4)
            rows = sorted((chance.getrandbits(31), number) for number in range(1, ARCHIVE) for _ in range(8))  # in order: made in a moment
            conn.exec_driver_sql("INSERT OR IGNORE INTO text_prints VALUES (?, ?)", rows)
            text_prints.add(conn, dict(zip(range(1, 101), prints_of([text.body for text in given[:100]]), strict=True)))
        began = time.process_time()
        for number, text in enumerate(given[100:], ARCHIVE):
            with database.reading() as conn:
                earlier_texts.look_up(conn, "c", text, prints_of([text.body])[0])
            with database.writing() as conn:
                earlier_texts.enter(conn, {number: text})
        took = time.process_time() - began
        database.close()
    return 1000 * took / rounds


if __name__ == "__main__":
    if sys.argv[1:]:
        held = [*texts(TEXTS)]
        job = {"ours": _grouped, "bare": _bare}[sys.argv[1]]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()
        found = job(held)
        spent = time.process_time() - started
        print(spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, found)
    else:
        print(main())
