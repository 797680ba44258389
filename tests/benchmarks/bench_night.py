"""A night over many pages against bare Scrapy, and against Scrapy with inline trafilatura, on the same site in the same run.

Limits: at least 0.6 of bare Scrapy's pages a second and 4 x inline trafilatura's; at most 4 x the processor time of bare Scrapy, which a
busy machine bends less (2.5 x is 0.8 of its pages a second on two cores; two thirds of it screen pages, the crawl itself takes less than
bare Scrapy); under 700 MB for all processes together; an unchanged night (the least of three) under 3 % of the first one's
processor time.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import Usage, run, site
from tests.benchmarks.site import address

OUTLETS, PAGES = 25, 200
INLINE_OUTLETS = 2
MOST_TIMES = 4.0
"""Inline trafilatura is slow and its speed does not depend on the number of pages: a tenth is enough."""


def write_catalogue(path: Path, outlets: int, port: int) -> None:
    """A register of the benchmark site."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("id name homepage country languages scripts kind tier feeds feed_evidence sitemap platform notes".split())
        for n in range(outlets):
            base = f"http://{address(n)}:{port}"
            writer.writerow(
                [f"o{n}", f"Outlet {n}", base + "/", "RS", "sr", "Latn", "portal", 2, "", "none", base + "/sitemap-news.xml", "custom", ""]
            )


def night(workspace: Path, catalogue: Path, pictures: str = "none") -> Usage:
    """One `tracker nightly` over the site; `pictures`: as `digest.pictures`."""
    environment = {"TRACKER_FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]', "TRACKER_FETCH__DELAY_SECONDS": "0"}
    environment["TRACKER_DIGEST__PICTURES"] = pictures
    command = [
        sys.executable,
        "-m",
        "tracker",
        "--workspace",
        str(workspace),
        "--json",
        "nightly",
        "--catalogue",
        str(catalogue),
        "--since",
        "2000-01-01",
    ]
    return run(command, environment=environment)


def main() -> list[str]:
    """Prints the ratios; returns the limits that were missed."""
    pages = OUTLETS * int(os.environ.get("BENCH_PAGES", PAGES))
    short: list[str] = []
    with tempfile.TemporaryDirectory() as folder, site(OUTLETS, pages // OUTLETS) as port:
        workspace = Path(folder)
        catalogue = workspace / "site.csv"
        write_catalogue(catalogue, OUTLETS, port)
        alone = run([sys.executable, "-m", "tests.benchmarks.bare", str(port), str(OUTLETS)])
        bare = json.loads(alone.output)
        inline = json.loads(run([sys.executable, "-m", "tests.benchmarks.bare", str(port), str(INLINE_OUTLETS), "trafilatura"]).output)
        ours = night(workspace, catalogue)
        again = min((night(workspace, catalogue) for _ in range(3)), key=lambda usage: usage.cpu_seconds)
    assert bare["pages"] == pages, bare
    report = json.loads(ours.output)
    outcomes = {step["step"]: dict(step["outcomes"]) for step in report["steps"]}
    assert sum(outcomes["extract"].values()) == pages, outcomes
    rate, bare_rate, inline_rate = pages / ours.seconds, bare["pages"] / bare["seconds"], inline["pages"] / inline["seconds"]
    print(f"night: {pages} pages, {rate:.0f}/s; bare Scrapy {bare_rate:.0f}/s: ratio {rate / bare_rate:.2f} (limit 0.60)")
    print(f"night: Scrapy with inline trafilatura {inline_rate:.0f}/s: ratio {rate / inline_rate:.1f} (limit 4.0)")
    print(f"night: peak memory of all processes {ours.peak_mb:.0f} MB (limit 700)")
    print(
        f"night: unchanged night {again.cpu_seconds:.1f} s of processor time against {ours.cpu_seconds:.1f}: {again.cpu_seconds / ours.cpu_seconds:.3f} (limit 0.03)"
    )
    times = ours.cpu_seconds / alone.cpu_seconds
    print(f"night: processor time {ours.cpu_seconds:.1f} s, bare Scrapy {alone.cpu_seconds:.1f}: {times:.2f} x (limit {MOST_TIMES:g})")
    if times > MOST_TIMES:
        short.append(f"night takes {times:.2f} x bare Scrapy's processor time")
    if rate / bare_rate < 0.6:
        short.append(f"night ratio {rate / bare_rate:.2f} < 0.60")
    if rate / inline_rate < 4:
        short.append(f"night against inline {rate / inline_rate:.1f} < 4.0")
    if ours.peak_mb > 700:
        short.append(f"peak {ours.peak_mb:.0f} MB > 700")
    if again.cpu_seconds / ours.cpu_seconds > 0.03:
        short.append(f"unchanged night {again.cpu_seconds / ours.cpu_seconds:.3f} > 0.03")
    return short


if __name__ == "__main__":
    sys.exit("; ".join(main()))
