"""Workers that died: named until another has taken their place."""

from __future__ import annotations

from pathlib import Path

from tests.workers.desk import WorkDesk
from tracker.cli.status import status_lines
from tracker.maintenance.work_status import WorkStatus, work_status
from tracker.store.work import workers
from tracker.workspace import open_parts


def _status(desk: WorkDesk) -> WorkStatus:
    with open_parts(desk.folder) as parts:
        return work_status(parts)


def test_a_worker_that_died_is_named_until_one_on_its_machine_has_taken_its_place(postgres_url: str, tmp_path: Path) -> None:
    desk = WorkDesk(tmp_path / "desk", postgres_url)
    for name in ("north:1", "south:1"):
        workers.seen(desk.link, name, ["polls", "reading"], "1")
    desk.link.rows("UPDATE workers SET started_at = started_at - interval '1 hour', seen_at = seen_at - interval '10 minutes'")
    assert [line.split()[1] for line in _status(desk).needs_a_person] == ["north:1", "south:1"]
    workers.seen(desk.link, "north:2", ["polls"], "1")
    assert len(_status(desk).needs_a_person) == 2, "nobody reads in its place"
    workers.seen(desk.link, "north:3", ["polls", "reading", "editions"], "1")
    found = _status(desk)
    assert [line.split()[1] for line in found.needs_a_person] == ["south:1"]
    shown = "\n".join(status_lines(found, "Europe/Tirane"))
    assert "north:3" in shown
    assert "south:1" in shown
    assert "north:1 " not in shown
    desk.close()
