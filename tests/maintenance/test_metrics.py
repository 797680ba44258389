"""Figures for Prometheus: of any store; without its database one figure says so."""

from __future__ import annotations

from pathlib import Path

from tracker.maintenance.metrics import exposition, serve_metrics
from tracker.workspace import open_parts


def figures(workspace: Path) -> dict[str, float]:
    with open_parts(workspace) as parts:
        text, content_type = exposition(parts)
    assert content_type.startswith("text/plain")
    lines = [line.rsplit(" ", 1) for line in text.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_a_store_in_a_file_has_figures_of_what_is_due(tmp_path: Path) -> None:
    found = figures(tmp_path)
    assert found["tracker_up"] == 1
    assert (found["tracker_outlets_due"], found["tracker_links_waiting"], found["tracker_pages_unread"]) == (0, 0, 0)


def test_a_database_out_of_reach_is_one_figure(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text('[database]\nurl = "postgresql+psycopg://me@127.0.0.1:1/none"\n', "utf-8")
    assert figures(tmp_path) == {"tracker_up": 0}


def test_without_a_port_nothing_listens(tmp_path: Path) -> None:
    with open_parts(tmp_path) as parts, serve_metrics(parts, "127.0.0.1", 0):
        assert not parts.database_exists
