"""`tracker move`."""

from __future__ import annotations

import click

from tracker.cli.invocation import Invocation, table, workspace_options
from tracker.cli.nightly import progress
from tracker.maintenance import move as moving
from tracker.workspace import workspace_settings


@click.command("move")
@click.option("--to", "url", required=True, help="postgresql+psycopg://USER:PASSWORD@HOST/NAME or sqlite:///PATH: an empty database.")
@click.option("--dry-run", is_flag=True, help="Say what would be copied, and change nothing.")
@workspace_options
def move(invocation: Invocation, url: str, dry_run: bool) -> int:
    """Copy the database to a PostgreSQL server, or from one into a file. Every row is read back and compared.

    The database of now stays as it is: name the new one in database.url afterwards. Interrupted, say the same again: it goes on. Stop
    the scheduler and the review desk first.

    Example: tracker move --to postgresql+psycopg://tracker@db.example.org/coverage
    """
    settings = workspace_settings(invocation.workspace)
    if dry_run:
        planned = moving.plan(invocation.workspace, settings, url)
        state = "is a database of the tracker already" if planned.target_is_there else "would be made"
        lines = [*table([(str(rows), name) for name, rows in planned.rows.items()], ("rows", "table")), "", f"{planned.target} {state}"]
        invocation.show(lines, {"rows": planned.rows, "to": planned.target, "is_there": planned.target_is_there})
        return 0
    with progress(invocation.as_json) as show:
        done = moving.move(invocation.workspace, settings, url, show)
    total = sum(done.rows.values())
    lines = [f"{total} rows copied, read back and compared; {done.there_before} of them were there before"]
    if done.texts_changed:
        lines.append(
            f"{done.texts_changed} texts hold a NUL, which PostgreSQL cannot; a replacement character (U+FFFD) stands in its place"
        )
    lines.append("name the new database in database.url of tracker.toml, or in TRACKER_DATABASE__URL of secrets.env")
    report = {"rows": done.rows, "there_before": done.there_before, "texts_changed": done.texts_changed}
    invocation.show(lines, report)
    return 0
