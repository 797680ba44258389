"""What a night, a poll and the commands of a day ask of the database, in all their processes: no statement reads a table that grows for
years from its first row on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.bench_night import write_catalogue
from tests.benchmarks.filled_archive import Filling, fill
from tests.benchmarks.measuring import ROOT, site
from tracker.store.index_rows import COUNT_OF, IDS_OF, SMALLEST_OF

PROGRAM = """
import json, os, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tracker.cli.main import main

LOG, seen = sys.argv.pop(1), set()

def note(conn, cursor, statement, parameters, context, executemany):
    if statement in seen or not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH", "INSERT")):
        return
    seen.add(statement)
    given = parameters[0] if executemany else parameters
    plan = [row[3] for row in cursor.connection.execute("EXPLAIN QUERY PLAN " + statement, given)]
    with open(LOG, "a") as log:
        log.write(json.dumps([os.getpid(), statement, plan]) + "\\n")

event.listen(Engine, "before_cursor_execute", note)  # the crawl's process is forked from this one and has it too
main()
"""
GROWING = re.compile(
    r"^SCAN (?:articles|mentions|links|fetches|pages|sightings|net_sightings|events|item_states|edition_entries|deliveries|releases"
    r"|story_members|poll_days|runs|run_steps|visits|revisits)\b"
)
FEW = re.compile(r"ix_(?:links_pending|pages_unscreened|item_states_sensitive|visits_waiting|runs_open|runs_nights)\b")
"""Indexes that hold the rows asked for and no others."""
FROM_THE_END = re.compile(r"SELECT EXISTS \(|ORDER BY (?:runs\.id|run_steps\.run_id) DESC\s+LIMIT")
"""Statements that end at the first row they look for."""

COMMANDS = (
    ["nightly", "--since", "2000-01-01"],
    ["nightly", "--since", "2000-01-01"],  # all sources answer that they have not changed
    ["crawl"],
    ["prune"],
    ["status"],
    ["sources", "health"],
    ["digest", "make", "--kind", "weekly"],
    ["alert"],
    ["estimate", "--campaign", "digital-safety"],
)


@pytest.mark.skipif(sys.platform != "linux", reason="the crawl's process is forked on Linux alone")
def test_no_command_of_a_day_reads_a_growing_table_from_its_first_row(tmp_path: Path) -> None:
    workspace, catalogue, log = tmp_path / "workspace", tmp_path / "site.csv", tmp_path / "plans"
    workspace.mkdir()
    fill(workspace, Filling(600, months=14, known=20))
    surroundings = {
        **os.environ,
        "TRACKER_FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]',
        "TRACKER_FETCH__DELAY_SECONDS": "0",
        "TRACKER_DIGEST__PICTURES": "none",
    }
    scans: list[str] = []
    with site(3, 5) as port:
        write_catalogue(catalogue, 3, port)
        for command in COMMANDS:
            log.unlink(missing_ok=True)
            where = ["--catalogue", str(catalogue)] if command[0] in ("nightly", "crawl") else []
            line = [sys.executable, "-c", PROGRAM, str(log), "-w", str(workspace), *command, *where]
            ended = subprocess.run(line, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=300)
            assert ended.returncode in (0, 1), (command, ended.stderr)
            asked = [json.loads(noted) for noted in log.read_text().splitlines()] if log.exists() else []
            if command[0] == "nightly":
                assert len({process for process, _, _ in asked}) == 2  # the night's and the crawl's
            scans += [
                f"{' '.join(command)}: {step}: {statement}"
                for _, statement, plan in asked
                for step in plan
                if GROWING.search(step)
                and not FEW.search(step)
                and not FROM_THE_END.search(statement)
                and not statement.startswith((IDS_OF, COUNT_OF, SMALLEST_OF))
            ]
    assert scans == []
