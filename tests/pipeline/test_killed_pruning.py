"""Pruning beside letters that are not sent yet, and pruning that is killed: nothing a letter needs goes, nothing is half-removed."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update

from tests.builders import NOW, a_source, an_outlet, some_facts
from tests.delivery.letters import RENDERED
from tests.newsdesk import RIVER, WEATHER, Newsdesk
from tracker.delivery.person_key import person_key
from tracker.delivery.sent_log import Event, SendingRecord
from tracker.model import Audience, Picture, PictureOutcome, PictureResult, PollResult, WantedPicture
from tracker.pipeline import pruning
from tracker.store import deliveries, digests, page_files, pictures, registers
from tracker.store.deliveries import UNSENT, DeliveryState
from tracker.store.page_files import PageFiles
from tracker.store.schema.crawl import pages
from tracker.store.schema.editions import deliveries as ledger
from tracker.store.schema.pictures import picture_files
from tracker.workspace import open_parts

LATER = NOW + timedelta(days=500)
"""Everything is older than all settings of `keep` by then."""


@pytest.fixture(scope="module")
def full(ordinary_night: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Something of each kind that is given up, and an edition whose letters are due, sent, under way, and of unknown outcome."""
    folder = tmp_path_factory.mktemp("full") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    (folder / "tracker.toml").write_text(f'pages.url = "file://{folder.parent.parent}/shared"\n', "utf-8")
    desk = Newsdesk(folder)
    desk.night("match", "group", "digest")
    river, weather = (next(one for one in desk.articles() if one.title == title) for title in (RIVER, WEATHER))
    person_key(folder)
    record = SendingRecord(folder / "outbox")
    record.begin()
    with desk.parts.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source("zeri-i-lumit:feed:1")], NOW)
        for hours in range(6):
            registers.record_poll(conn, None, PollResult("zeri-i-lumit:feed:1", some_facts(fetched_at=NOW - timedelta(minutes=hours))))
        pictures.save(conn, [picture(river.id, river.outlet_id), picture(weather.id, weather.outlet_id)])
        edition = next(iter(digests.every(conn, "rivers")))
        digests.save_rendering(conn, edition.id, Audience.PARTNERS, "sq", RENDERED)
        for number, state in enumerate(("due", "sending", "unknown", "sent", "refused"), 1):
            deliveries.plan(conn, edition.id, f"{state}@example.org", "sq", message_id=f"<letter-{number}@x>", due_at=NOW)
            conn.execute(update(ledger).where(ledger.c.id == number).values(state=state, attempted_at=NOW, settled_at=NOW))
            if state != "due":
                told = Event.SENT if state == "sent" else Event.NOT_SENT if state == "refused" else Event.BEGUN
                record.add(f"letter-{number}", told, NOW, to=f"{state}@example.org", edition="1", words="")
        rows = conn.execute(select(pages.c.id, pages.c.body).where(pages.c.body.is_not(None)).order_by(pages.c.id)).all()
        kept = PageFiles(desk.parts.settings.pages.url).keep([(NOW, row.body) for row in rows])
        for row, reference in zip(rows, kept, strict=True):
            conn.execute(update(pages).where(pages.c.id == row.id).values(body=reference))
    desk.close()
    for path in (folder / "outbox").rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return folder


def picture(article_id: int, outlet_id: str) -> PictureResult:
    name = f"picture of {article_id}"
    wanted = WantedPicture(article_id, outlet_id, f"https://{outlet_id}.example/{article_id}.jpg", 0)
    return PictureResult(wanted, PictureOutcome.KEPT, NOW, digest=name, picture=Picture(name, 2, 2, name.encode()))


@contextmanager
def copied(full: Path, place: Path) -> Iterator[Path]:
    """The workspace with its page files, at their own address as rows name it: those of before come back at the end."""
    shared = full.parent.parent / "shared"
    shutil.copytree(shared, place / "shared-before")
    yield shutil.copytree(full, place / "desk")
    shutil.rmtree(shared)
    shutil.copytree(place / "shared-before", shared)


def prune(folder: Path) -> None:
    with open_parts(folder, clock=lambda: LATER) as parts:
        for _ in pruning.prune(parts, LATER):
            pass


def prune_and_die(folder: str, at: int) -> None:
    """Ends at the so manieth commit or removal of a file, before it. In a process of its own."""
    seen = 0

    def count(*_: Any, **__: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "commit", count)
    real_unlink, real_remove = Path.unlink, page_files.PageFiles.sweep

    def unlink(path: Path, *given: Any, **named: Any) -> None:
        count()
        real_unlink(path, *given, **named)

    def sweep(files: PageFiles, *given: Any) -> int:
        count()
        return real_remove(files, *given)

    Path.unlink, PageFiles.sweep = unlink, sweep  # type: ignore[method-assign, assignment]
    prune(Path(folder))


def state(folder: Path, shared: Path) -> dict[str, object]:
    """All rows, and all files with what they hold."""
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [
            row[0]
            for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'article_search%' ORDER BY name")
        ]
        rows = {name: sorted(map(repr, conn.execute(f'SELECT * FROM "{name}"'))) for name in names}
        found = conn.execute("SELECT count(*) FROM article_search WHERE article_search MATCH 'lum*'").fetchone()
    files = {str(path.relative_to(folder)): path.read_bytes() for path in (folder / "outbox").rglob("[!.]*") if path.is_file()}
    stored = sorted(str(path.relative_to(shared)) for path in shared.rglob("*") if path.is_file())
    return {"rows": rows, "files": files, "stored": stored, "found": found}


@pytest.fixture(scope="module")
def whole(full: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What is left by a run that nothing stops."""
    with copied(full, tmp_path_factory.mktemp("whole")) as folder:
        before = state(folder, full.parent.parent / "shared")
        prune(folder)
        after = state(folder, full.parent.parent / "shared")
    assert before["stored"] != after["stored"]
    assert before["files"] != after["files"]
    return after


def test_what_a_letter_that_may_still_go_is_made_from_is_not_given_up(full: Path, tmp_path: Path) -> None:
    with copied(full, tmp_path) as folder:
        prune(folder)
        with open_parts(folder) as parts, parts.database.reading() as conn:
            (edition,) = digests.every(conn, "rivers")
            assert digests.released(conn, edition.id, Audience.PARTNERS) is not None
            assert digests.rendering(conn, edition.id, Audience.PARTNERS, "sq") is not None
            shown = set(conn.execute(select(picture_files.c.digest)).scalars())
            letters = {row.state: row.recipient for row in conn.execute(select(ledger.c.state, ledger.c.recipient))}
            record = (folder / "outbox" / "sent.jsonl").read_text("utf-8")
    assert shown == {f"picture of {next(iter(full_article(full, RIVER)))}"}
    assert {one for one, whom in letters.items() if "@" in whom} == {str(one) for one in UNSENT}
    for name in ("sending", "unknown"):
        assert f"{name}@example.org" in record
    assert "@" not in letters[DeliveryState.SENT]


def full_article(folder: Path, title: str) -> list[int]:
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        return [row[0] for row in conn.execute("SELECT id FROM articles WHERE title = ? ORDER BY id LIMIT 1", (title,))]


def test_a_pruning_that_is_killed_anywhere_is_ended_by_the_next_one(full: Path, whole: dict[str, object], tmp_path: Path) -> None:
    shared, at, context = full.parent.parent / "shared", 0, multiprocessing.get_context("fork")
    while True:
        at += 1
        (tmp_path / str(at)).mkdir()
        with copied(full, tmp_path / str(at)) as folder:
            process = context.Process(target=prune_and_die, args=(str(folder), at))
            process.start()
            process.join(60)
            with closing(sqlite3.connect(folder / "coverage.db")) as conn:
                named = [row[0] for row in conn.execute("SELECT body FROM pages WHERE body IS NOT NULL")]
            assert None not in page_files.read(named), at
            prune(folder)
            assert state(folder, shared) == whole, at
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL, at
    assert at > 12  # each commit and each file that goes
