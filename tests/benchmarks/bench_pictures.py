"""What lead pictures add to a night: the same site with and without, the processor time of all processes, in one run.

Limit: 5 % of a night in which every hundredth page mentions the campaign. The site has three in a hundred, so that the cost of one picture
(and of the crawl of their own, which starts once) is measured well; it is taken for that share.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench_night import night, write_catalogue
from tests.benchmarks.measuring import Usage, site

OUTLETS, PAGES = 25, 80
SHARE = 0.01
MOST = 0.05


def main() -> list[str]:
    """Prints the ratio; returns the limit where it was missed."""
    pages = OUTLETS * int(os.environ.get("BENCH_PAGES", PAGES))
    with tempfile.TemporaryDirectory() as folder, site(OUTLETS, pages // OUTLETS) as port:
        catalogue = Path(folder) / "site.csv"
        write_catalogue(catalogue, OUTLETS, port)
        without, shown = (_night(Path(folder) / pictures, catalogue, pictures) for pictures in ("none", "staff"))
    steps = {step["step"]: dict(step["outcomes"]) for step in json.loads(shown.output)["steps"]}
    kept = steps["pictures"]["kept"]
    each = max(0.0, shown.cpu_seconds - without.cpu_seconds) / kept
    by_page = without.cpu_seconds / pages
    added = each * SHARE / by_page
    print(f"pictures: {kept} kept, {each * 1000:.0f} ms of processor time each; a page takes {by_page * 1000:.0f} ms")
    print(
        f"pictures: a night with a picture to every {1 / SHARE:.0f} pages takes {added:.3f} more (limit {MOST}); in this one {kept / pages:.1%} of pages"
    )
    return [f"pictures {added:.3f} > {MOST}"] if added > MOST else []


def _night(workspace: Path, catalogue: Path, pictures: str) -> Usage:
    workspace.mkdir()
    return night(workspace, catalogue, pictures)


if __name__ == "__main__":
    sys.exit("; ".join(main()))
