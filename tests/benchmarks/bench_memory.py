"""Peak memory of a night over 1,000 and over 20,000 pages, all processes together (PSS): under 700 MB, and no more for more pages."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench_night import OUTLETS, night, write_catalogue
from tests.benchmarks.measuring import site

SMALL, LARGE = 1_000, 20_000
LIMIT_MB = 700
FLAT = 1.3
"""A night of 1,000 pages ends before the bounded queues are full: it was 324 MB, against 374 to 410 at 5,000 and 389 at 20,000."""


def peak(pages: int) -> float:
    """MB at the highest sample of a night over so many pages."""
    with tempfile.TemporaryDirectory() as folder, site(OUTLETS, pages // OUTLETS) as port:
        catalogue = Path(folder) / "site.csv"
        write_catalogue(catalogue, OUTLETS, port)
        return night(Path(folder), catalogue).peak_mb


def main() -> list[str]:
    """Prints both peaks; returns the limits that were missed."""
    small, large = peak(SMALL), peak(LARGE)
    print(
        f"memory: {small:.0f} MB over {SMALL} pages, {large:.0f} MB over {LARGE}: ratio {large / small:.2f} (limits {LIMIT_MB} MB, {FLAT})"
    )
    short = [f"peak {large:.0f} MB > {LIMIT_MB}"] if large > LIMIT_MB else []
    return short + ([f"memory grows with the number of pages: {large / small:.2f} > {FLAT}"] if large / small > FLAT else [])


if __name__ == "__main__":
    sys.exit("; ".join(main()))
