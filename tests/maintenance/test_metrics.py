"""Figures for Prometheus: of any store; without its database one figure says so. They are read here as Prometheus reads them."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.conftest import ROOT
from tests.newsroom.press import Newsroom
from tests.workers.desk import WorkDesk, ended
from tracker.errors import ConfigError
from tracker.maintenance.metrics import exposition, serve_metrics
from tracker.queue import enqueue
from tracker.queue.jobs import POLLS, QUEUES, READING, SCHEDULE, Visit
from tracker.store.work import rounds, turns, workers
from tracker.store.work.rounds import RoundEnd
from tracker.workspace import open_parts

parser = pytest.importorskip("prometheus_client.parser")
LABELS = {"queue": {*QUEUES, SCHEDULE}, "state": {"waiting", "under_way", "failed", "ended"}}
"""All values of each label: a series that stands for a worker or a domain would be one more each week."""
OF_ANY_STORE = {
    "tracker_up",
    "tracker_outlets_due",
    "tracker_oldest_due_seconds",
    "tracker_links_waiting",
    "tracker_pages_unread",
    "tracker_polls_total",
    "tracker_requests_total",
}


def read(text: str) -> dict[str, float]:
    """Each series, as `name` or `name of its labels' values`, of figures that are as Prometheus' conventions ask."""
    found: dict[str, float] = {}
    for family in parser.text_string_to_metric_families(text):
        assert re.fullmatch("tracker_[a-z]+(_[a-z]+)*", family.name), family
        assert "_per_" not in family.name
        assert not re.search("_(minutes|hours|days|milliseconds|ms|count|sum|gauge)$", family.name), "base units alone"
        assert family.type in ("gauge", "counter")
        assert family.documentation.endswith(".")
        for sample in family.samples:
            assert sample.name.endswith("_total") is (family.type == "counter")
            assert all(value in LABELS[label] for label, value in sample.labels.items()), sample
            name = " ".join((sample.name, *(sample.labels[label] for label in sorted(sample.labels))))
            assert name not in found
            found[name] = sample.value
    return found


def figures(workspace: Path) -> dict[str, float]:
    with open_parts(workspace) as parts:
        text, content_type = exposition(parts)
    assert content_type.startswith("text/plain")
    return read(text.decode())


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        yield opened


def test_a_store_in_a_file_has_figures_of_what_is_due(tmp_path: Path) -> None:
    assert figures(tmp_path) == {name: float(name == "tracker_up") for name in OF_ANY_STORE}


def test_a_database_out_of_reach_is_one_figure(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text('[database]\nurl = "postgresql+psycopg://me@127.0.0.1:1/none"\n', "utf-8")
    assert figures(tmp_path) == {"tracker_up": 0}


def test_without_a_port_nothing_listens(tmp_path: Path) -> None:
    with open_parts(tmp_path) as parts, serve_metrics(parts, "127.0.0.1", 0, pytest.fail):
        assert not parts.database_exists


def test_what_a_worker_serves_is_what_the_desk_says(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open_parts(tmp_path) as parts, serve_metrics(parts, "127.0.0.1", port, pytest.fail):
        served = build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/metrics", timeout=30).read().decode()
    assert read(served) == figures(tmp_path)


def test_a_second_worker_with_the_same_port_works_without_it(tmp_path: Path) -> None:
    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as first, open_parts(tmp_path) as parts:
        port = first.getsockname()[1]
        with serve_metrics(parts, "127.0.0.1", port, told.append):
            assert [line.partition(";")[0] for line in told] == [f"workers.metrics_port: 127.0.0.1:{port} is taken"]
        with pytest.raises(ConfigError, match="cannot be listened on"), serve_metrics(parts, "192.0.2.1", port, pytest.fail):
            pass


def test_figures_follow_the_work_of_a_worker(newsroom: Newsroom, postgres_url: str, tmp_path: Path) -> None:
    outlets, articles = 3, 2
    desk = WorkDesk(tmp_path / "desk", postgres_url)
    desk.watch(newsroom, outlets, articles)
    before = figures(desk.folder)
    worker = desk.start("--once")
    with ended([worker]):
        assert worker.wait(500) == 0, desk.log()
    after = figures(desk.folder)
    assert before.keys() <= after.keys()
    moved = {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}
    assert moved.pop("tracker_last_poll_timestamp_seconds") > 1.7e9
    assert moved.pop("tracker_requests_total") >= outlets * (1 + articles)
    assert moved.pop("tracker_recent_rounds ended") >= 2
    assert moved == {
        "tracker_outlets_due": -outlets,
        "tracker_polls_total": outlets,
        "tracker_recent_polls": outlets,
        "tracker_recent_pages": outlets * articles,
    }
    desk.close()


def test_figures_of_queues_and_workers_move_as_these_do(postgres_url: str, tmp_path: Path) -> None:
    desk = WorkDesk(tmp_path / "desk", postgres_url)
    link = desk.link
    idle = figures(desk.folder)
    assert {name for name in idle if name.startswith("tracker_jobs ")} == {
        f"tracker_jobs {queue} {state}" for queue in QUEUES for state in ("waiting", "under_way", "failed")
    }
    with enqueue.opened(postgres_url) as app:
        enqueue.visits(app, [Visit("a.ba", ("one",), 256, polls=True), Visit("b.ba", ("two",), 256, polls=True)])
    link.rows("UPDATE procrastinate_events SET at = at - interval '1 hour'")
    for name, queues in (("one:1", [POLLS, READING]), ("two:1", [POLLS]), ("three:1", [POLLS])):
        workers.seen(link, name, queues, "1.0")
    link.rows("UPDATE workers SET seen_at = seen_at - interval '5 minutes' WHERE name = 'three:1'")
    turns.take(link, "one:1", ["a.ba", "b.ba", "(reading 1)"], seconds=60, delay_seconds=0)
    link.rows("UPDATE turns SET delay_seconds = 7 WHERE domain = 'b.ba'")
    workers.note_failure(link, "c.ba", "it broke", wait=timedelta(), most=1, long_wait=timedelta(days=1))
    workers.note_failure(link, "c.ba", "it broke", wait=timedelta(), most=1, long_wait=timedelta(days=1))
    rounds.note(link, RoundEnd("one:1", POLLS, "failed", 1, 0.5, "it broke"))
    at_work = figures(desk.folder)
    assert at_work.keys() == idle.keys()
    moved = {name: value for name, value in at_work.items() if value != idle[name]}
    assert 3600 <= moved.pop("tracker_oldest_job_seconds polls") < 5000
    assert moved == {
        "tracker_jobs polls waiting": 2,
        "tracker_workers polls": 2,
        "tracker_workers reading": 1,
        "tracker_workers_dead": 1,
        "tracker_domains_held": 2,
        "tracker_longest_pause_seconds": 7,
        "tracker_jobs_given_up": 1,
        "tracker_recent_rounds failed": 1,
    }
    told = {name.partition(" ")[0] for name in at_work} | {
        "tracker_last_poll_timestamp_seconds",
        "tracker_last_night_ended_timestamp_seconds",
    }
    assert set(re.findall(r"`(tracker_\w+)", (ROOT / "docs" / "scaling.md").read_text("utf-8"))) == told
    desk.close()
