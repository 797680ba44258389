"""Memory that a workbook of 100,000 items takes beside what the program has already: under 50 MB."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tests.benchmarks.measuring import ROOT

SMALL, LARGE = 10_000, 100_000
LIMIT_MB = 50
"""The file itself and the links that can be clicked are in memory in the end; rows are not."""


def main() -> list[str]:
    """Prints both increases; returns the limits that were missed."""
    (small, _), (large, seconds) = _increase(SMALL), _increase(LARGE)
    print(f"sheets: {large:.0f} MB for {LARGE} rows in {seconds:.0f} s, {small:.0f} MB for {SMALL} (limit {LIMIT_MB} MB)")
    return [f"sheets: a workbook of {LARGE} rows takes {large:.0f} MB > {LIMIT_MB}"] if large > LIMIT_MB else []


def _increase(rows: int) -> tuple[float, float]:
    """MB by which the peak of a process of its own grows while it writes, and the seconds it takes."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_sheets", str(rows)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def _write(rows: int) -> None:
    import io
    import time
    from datetime import UTC

    import psutil
    import xlsxwriter  # noqa: F401 - what is loaded is no part of the increase

    from tests.digests import samples
    from tracker.digests.forms.view import read_digest
    from tracker.digests.forms.xlsx import Cover, write_xlsx
    from tracker.digests.forms.xlsx_tables import Cell, Table, item_table

    table = item_table(read_digest(samples.a_week(), "en"), whole=True)
    patterns = [list(row) for row in table.rows()]

    def made() -> Iterator[Sequence[Cell]]:
        for number in range(rows):
            row = list(patterns[number % len(patterns)])
            row[0] = f"{row[0]} ({number})"
            row[4] = datetime(2026, 1, 1) + timedelta(minutes=number)  # noqa: DTZ001 - a cell has no zone
            row[15] = f"https://outlet-{number % 500}.example/2026/11/{number}"
            yield row

    assert table.columns[15].kind == "link"
    assert table.columns[4].kind == "moment"
    cover = Cover("A year", "A year", datetime(2026, 1, 1, tzinfo=UTC))
    before, began = psutil.Process().memory_info().rss, time.perf_counter()
    write_xlsx(io.BytesIO(), [Table("Items", table.columns, made)], cover, before=("Summary", []), after=("Method", []))
    print((_peak() - before) / 1e6, time.perf_counter() - began)


def _peak() -> int:
    """The most memory this process had, in bytes: `ru_maxrss` begins with that of the process which started it (getrusage(2))."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _write(int(sys.argv[1]))
    else:
        sys.exit("; ".join(main()))
