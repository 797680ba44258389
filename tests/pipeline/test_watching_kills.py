"""A watch that is killed, or that a full disk stops: run again, nothing is lost, half-written or told twice."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import NOW, some_facts
from tests.cli.running import run
from tests.conftest import ROOT
from tests.newsdesk import ABOUT_ARTA, ABOUT_THE_RIVER, Newsdesk, story_page
from tests.store.test_storage_faults import with_small_files
from tracker.model import ChangeKind, FetchOutcome, RevisitResult
from tracker.store import revisions, revisits
from tracker.store.schema.revisions import visits

DAY = NOW + timedelta(days=1)
AGAIN = ["watch", "--due", "--as-of", DAY.isoformat(), "--json"]
KILLED = """
import importlib, os, signal, sys
module, name, count, before = {point!r}
owner = importlib.import_module(module)
real, seen = getattr(owner, name), []
def dies(*given, **named):
    seen.append(1)
    if before and len(seen) == count:
        os.kill(os.getpid(), signal.SIGKILL)
    found = real(*given, **named)
    if not before and len(seen) == count:
        os.kill(os.getpid(), signal.SIGKILL)
    return found
setattr(owner, name, dies)
sys.argv = ["tracker", *{arguments!r}]
from tracker.cli.main import main
main()
"""
POINTS = [
    ("tracker.revisions.compare", "compare", 2, True),
    ("tracker.store.revisions", "add", 4, False),
    ("tracker.store.revisions", "to_tell", 1, True),
    ("tracker.store.runs", "finish", 1, True),
    pytest.param(("tracker.store.revisits", "outlets_waiting", 1, False), marks=pytest.mark.soak),
    pytest.param(("tracker.store.revisits", "settle", 1, True), marks=pytest.mark.soak),
    pytest.param(("tracker.store.revisits", "settle", 3, False), marks=pytest.mark.soak),
    pytest.param(("tracker.store.runs", "save_step", 1, False), marks=pytest.mark.soak),
]
"""(module, function, at its so manieth call, before or after it): before, within and after the saving, and after it until the run's end."""


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with five visits that wait to be compared: one unchanged, two edited (one headline), two gone."""
    desk = Newsdesk(tmp_path_factory.mktemp("kills"))
    (desk.folder / "tracker.toml").write_text("extract.workers = 1\n", "utf-8")
    titles = ("Nisma e parë për ujin", "Nisma e dytë për bregun", "Arta Lumaj hap panairin", "Nisma e tretë për urën", "Nisma e fundit")
    shown = [story_page(title, ABOUT_ARTA if "Arta" in title else ABOUT_THE_RIVER) for title in titles]
    desk.publish(*shown)
    desk.night("extract", "match", "group", "watch")
    now: dict[int, tuple[FetchOutcome, bytes | None]] = {
        0: (FetchOutcome.FETCHED, shown[0].replace(b"</body>", b"<p>17</p></body>")),
        1: (FetchOutcome.FETCHED, shown[1].replace("lumë të pastër".encode(), "lumë të ndotur".encode())),
        2: (FetchOutcome.FETCHED, shown[2].replace(b"hap panairin", b"mbyll panairin")),
        3: (FetchOutcome.NOT_FOUND, None),
        4: (FetchOutcome.NOT_FOUND, None),
    }
    with desk.parts.database.writing() as conn:
        wanted = sorted(revisits.wanted(conn, DAY, only_due=True), key=lambda one: one.article_id)
        results = [
            RevisitResult(
                one, some_facts(outcome, requested_url=one.url, final_url=one.url, fetched_at=DAY), body, "text/html; charset=utf-8"
            )
            for one, (outcome, body) in zip(wanted, now.values(), strict=True)
        ]
        revisits.note(conn, revisits.prepare(results, run_id=2))  # the run that is killed: the first one found the items
    desk.close()
    return desk.folder


def copied(folder: Path, place: Path) -> Path:
    return shutil.copytree(folder, place / "workspace")


def watch(folder: Path) -> dict[str, object]:
    """The command as it is, to its end."""
    report = json.loads(run(*AGAIN, "-w", folder).out)
    return {"needs": report["needs_a_person"], "outcomes": {step["step"]: step["outcomes"] for step in report["steps"]}.get("watch")}


def kept(folder: Path) -> list[tuple[int, str, str, str]]:
    """Every change, with both texts."""
    desk = Newsdesk(folder)
    with desk.parts.database.reading() as conn:
        found = [(one.article_id, str(one.kind), str(one.before), str(one.after)) for one in revisions.iterate(conn)]
        assert conn.execute(select(visits.c.id).where(visits.c.seen.is_(None))).all() == []
    desk.close()
    return sorted(found)


@pytest.fixture(scope="module")
def whole(waiting: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], list[tuple[int, str, str, str]]]:
    """What a watch tells and keeps that nothing stops."""
    folder = copied(waiting, tmp_path_factory.mktemp("whole"))
    told = watch(folder)
    assert [kind for _, kind, *_ in kept(folder)] == [ChangeKind.EDITED, ChangeKind.EDITED, ChangeKind.GONE, ChangeKind.GONE]
    assert "2 items are gone" in str(told["needs"])
    assert "1 headline" in str(told["needs"])
    return told, kept(folder)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point[1]} {point[2]}")
def test_a_killed_watch_goes_on_and_tells_everything_once(
    waiting: Path, whole: tuple[dict[str, object], list[tuple[int, str, str, str]]], tmp_path: Path, point: tuple[object, ...]
) -> None:
    folder = copied(waiting, tmp_path)
    code = KILLED.format(point=point, arguments=[*AGAIN, "-w", str(folder)])
    died = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert (watch(folder), kept(folder)) == whole
    if point[1] in ("add", "finish"):
        assert watch(folder) == {"needs": [], "outcomes": []}
        assert kept(folder) == whole[1]


def test_a_full_disk_stops_the_watch_in_one_line_and_loses_no_visit(
    waiting: Path, whole: tuple[dict[str, object], list[tuple[int, str, str, str]]], tmp_path: Path
) -> None:
    folder = copied(waiting, tmp_path)
    ended = with_small_files(20_000, *AGAIN, "-w", folder)
    assert (ended.returncode, len(ended.stderr.strip().splitlines())) == (3, 1), ended.stderr
    assert "Traceback" not in ended.stderr
    assert watch(folder)["needs"] == whole[0]["needs"]
    assert kept(folder) == whole[1]
