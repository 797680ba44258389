"""What a morning costs after years: each command on a full archive, against the same command on a small one.

Both archives have as many items in the latest periods (`filled_archive`). Processor time and peak memory of a fresh process, the best of
ROUNDS in turns. GROWTH_ARTICLES=1000000 measures the size of the limits in the documents; the default fills in a quarter of a minute.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.benchmarks.measuring import ROOT

SMALL = 1_000
LARGE = int(os.environ.get("GROWTH_ARTICLES", "100000"))
ROUNDS = 3
EDITION, LOOK, ALL = 1.5, 3.0, None
"""Limits of processor time, large : small. An edition has as many items in both; a look at what is open may have more of it; what gives
out or groups the whole archive takes as long as it has items, and is held by its memory."""
MEMORY_MB = {"group": 300, "export mentions": 100, "export stories": 100}
COMMANDS: dict[str, tuple[list[str], float | None]] = {
    "nightly edition": (["digest", "make"], EDITION),
    "weekly edition": (["digest", "make", "--kind", "weekly"], EDITION),
    "quarterly edition": (["digest", "make", "--kind", "quarterly"], EDITION),
    "campaign recall": (["campaign", "recall", "digital-safety", "known.txt"], LOOK),
    "doctor": (["doctor"], LOOK),
    "sources health": (["sources", "health"], LOOK),
    "verdict --export": (["verdict", "--export", "review.xlsx"], ALL),
    "send --dry-run": (["send", "--dry-run"], EDITION),
    "schedule --list": (["schedule", "--list"], EDITION),
    "alert": (["alert"], EDITION),
    "group": (["group"], ALL),
    "export mentions": (["export", "mentions", "-o", "mentions.jsonl"], ALL),
    "export stories": (["export", "stories", "-o", "stories.jsonl"], ALL),
}
_RECIPIENTS = '[[recipients]]\nname = "Staff"\nemail = "staff@example.org"\nrole = "staff"\nlanguage = "en"\nedition = "nightly"\n'
_OF_EDITION = ("edition_entries", "releases", "renderings", "deliveries")


def main() -> list[str]:
    """Prints the table; returns what is short of its limit."""
    short: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_archive(Path(folder) / str(size), size) for size in (SMALL, LARGE))
        print(f"growth: {SMALL:,} and {LARGE:,} articles; processor seconds, peak MB")
        for name, (words, limit) in COMMANDS.items():
            measured = [[_measure(workspace, words) for workspace in (small, large)] for _ in range(ROUNDS)]
            (before, _), (after, peak) = (min(each) for each in zip(*measured, strict=True))
            print(
                f"  {name:18} {before:6.2f} {after:7.2f}  {after / before:6.2f} x{f' (limit {limit:g})' if limit else '':14} {peak:5.0f} MB"
            )
            if limit and after > limit * before:
                short.append(f"growth: {name} at {after / before:.2f} x its time on a small archive, limit {limit:g}")
            if peak > MEMORY_MB.get(name, peak):
                short.append(f"growth: {name} takes {peak:.0f} MB, limit {MEMORY_MB[name]}")
    return short


def _archive(workspace: Path, articles: int) -> Path:
    # by a process of its own: a child's peak memory is never below what its parent holds
    subprocess.run([sys.executable, "-m", "tests.benchmarks.filled_archive", str(workspace), str(articles)], cwd=ROOT, check=True)
    (workspace / "recipients.toml").write_text(_RECIPIENTS)
    with closing(sqlite3.connect(workspace / "coverage.db")) as conn:
        (workspace / "known.txt").write_text("\n".join(row[0] for row in conn.execute("SELECT url FROM known_items")))
    return workspace


def _measure(workspace: Path, words: list[str]) -> tuple[float, float]:
    """Processor seconds and peak MB of the command; what it made is taken out again."""
    with closing(sqlite3.connect(workspace / "coverage.db")) as conn:
        last = conn.execute("SELECT max(id) FROM editions").fetchone()[0]
        if words == ["group"]:
            for table in ("story_members", "stories", "story_joins"):
                conn.execute(f"DELETE FROM {table}")
            conn.commit()
        surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tracker", "--workspace", str(workspace), *words]
        process = subprocess.Popen(command, cwd=workspace, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise RuntimeError(f"tracker {' '.join(words)} ended with {process.returncode}: {said}")
        if words == ["group"] and not conn.execute("SELECT 1 FROM story_joins LIMIT 1").fetchone():
            raise RuntimeError("nothing was grouped: the round would be taken for a fast one")
        for table in _OF_EDITION:
            conn.execute(f"DELETE FROM {table} WHERE edition_id > ?", (last,))
        conn.execute("DELETE FROM editions WHERE id > ?", (last,))
        conn.commit()
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


if __name__ == "__main__":
    print(main())
