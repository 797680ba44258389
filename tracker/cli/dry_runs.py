"""`tracker try ...`: JSON Lines in, JSON Lines out, no database touched."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tracker.pipeline import dry_runs


@click.group("try")
def try_group() -> None:
    """Dry runs: one JSON object a line in, one a line out, same order, same id. They touch no database.

    Example: tracker try feed < feeds.jsonl
    """


@try_group.command("match")
@click.option("--campaign", "campaign_file", required=True, type=click.Path(path_type=Path), help="Campaign file (TOML).")
def match_command(campaign_file: Path) -> None:
    """Match texts: id, text, title?, language? -> id, matched, language, terms.

    Example: echo '{"id": 1, "text": "..."}' | tracker try match --campaign campaigns/digital-safety.toml
    """
    dry_runs.match_lines(campaign_file, sys.stdin.buffer, sys.stdout.buffer)


@try_group.command("extract")
def extract_command() -> None:
    """Extract pages: id, url, path or html -> id, outcome, reason?, title, body, published, authors, language, canonical_url, image.

    Example: echo '{"id": 1, "url": "https://example.org/a", "path": "page.html.gz"}' | tracker try extract
    """
    dry_runs.extract_lines(sys.stdin.buffer, sys.stdout.buffer)


@try_group.command("feed")
def feed_command() -> None:
    """Read feeds: id, path, url? -> id, outcome, reason?, title, entries.

    Example: echo '{"id": 1, "path": "feed.xml"}' | tracker try feed
    """
    dry_runs.feed_lines(sys.stdin.buffer, sys.stdout.buffer)


@try_group.command("group")
def group_command() -> None:
    """Group texts into stories: id, outlet, title, body, published -> id, story, role, copied_from, shared.

    Example: tracker try group < articles.jsonl
    """
    dry_runs.group_lines(sys.stdin.buffer, sys.stdout.buffer)
