"""Figures for Prometheus, read from the store when they are asked for: every worker and the desk say the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError, StoreError
from tracker.maintenance.work_status import WorkStatus, work_status
from tracker.workspace import Parts

if TYPE_CHECKING:
    from prometheus_client.core import Metric

NEEDS_PACKAGE = "/metrics needs a further package: pip install '.[postgres]'"


class Figures:
    """A collector of prometheus-client. While the database is out of reach it says `tracker_up 0` and nothing else."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        """All figures of this moment."""
        from prometheus_client.core import GaugeMetricFamily

        try:
            found = work_status(self._parts)
        except StoreError:
            yield GaugeMetricFamily("tracker_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("tracker_up", "Whether the database answers.", value=1)
        yield from _of_store(found)
        yield from _of_workers(found)


def _of_store(found: WorkStatus) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    late = 0.0 if found.oldest_due_at is None else max((found.now - found.oldest_due_at).total_seconds(), 0.0)
    night = None if found.night is None else found.night.ended_at
    yield GaugeMetricFamily("tracker_outlets_due", "Outlets with a source whose time has come.", value=found.outlets_due)
    yield GaugeMetricFamily("tracker_oldest_due_seconds", "Since when the longest overdue source is due.", value=late)
    yield GaugeMetricFamily("tracker_links_waiting", "Links that could be fetched now.", value=found.links_waiting)
    yield GaugeMetricFamily("tracker_pages_unread", "Pages that wait to be read.", value=found.pages_unread)
    if night is not None:
        yield GaugeMetricFamily("tracker_last_night_ended_timestamp_seconds", "When the last night ended.", value=night.timestamp())


def _of_workers(found: WorkStatus) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    shared = found.shared
    if shared is None:
        return
    jobs = GaugeMetricFamily("tracker_jobs", "Jobs by queue and state.", labels=["queue", "state"])
    oldest = GaugeMetricFamily("tracker_oldest_job_seconds", "Since the oldest waiting job was enqueued.", labels=["queue"])
    for one in shared.queues:
        for state, count in (("waiting", one.waiting), ("under_way", one.under_way), ("failed", one.failed)):
            jobs.add_metric([one.name, state], count)
        oldest.add_metric([one.name], one.oldest_seconds or 0.0)
    seen = GaugeMetricFamily("tracker_worker_seen_seconds", "Since a worker was last seen.", labels=["worker"])
    for worker in shared.workers:
        seen.add_metric([worker.name], worker.seen_seconds_ago)
    waits = GaugeMetricFamily(
        "tracker_domain_pause_seconds", "The pause between two requests to a domain that is being asked.", labels=["domain"]
    )
    for wait in shared.waits:
        waits.add_metric([wait.domain], wait.pause_seconds)
    yield from (jobs, oldest, seen, waits)
    pace = shared.pace
    yield GaugeMetricFamily("tracker_pages_per_minute", f"Pages fetched, mean of {pace.minutes} minutes.", value=pace.pages_a_minute)
    yield GaugeMetricFamily("tracker_polls_per_minute", f"Sources polled, mean of {pace.minutes} minutes.", value=pace.polls / pace.minutes)
    yield GaugeMetricFamily("tracker_rounds", f"Rounds that ended in {pace.minutes} minutes.", value=pace.rounds)
    yield GaugeMetricFamily("tracker_rounds_failed", f"Those of them that broke off, in {pace.minutes} minutes.", value=pace.failed)
    given_up = sum(one.given_up for one in shared.troubles)
    yield GaugeMetricFamily("tracker_jobs_given_up", "Domains and other jobs that are given up for now.", value=given_up)


def exposition(parts: Parts) -> tuple[bytes, str]:
    """The figures as Prometheus reads them, and their content type. Raises ConfigError where prometheus-client is not installed."""
    try:
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
    except ImportError as error:
        raise ConfigError(NEEDS_PACKAGE) from error
    return generate_latest(_registry(parts)), CONTENT_TYPE_LATEST


def _registry(parts: Parts) -> Any:
    from prometheus_client import CollectorRegistry

    registry, figures = CollectorRegistry(auto_describe=False), Figures(parts)
    registry.register(figures)
    return registry


@contextmanager
def serve_metrics(parts: Parts, host: str, port: int) -> Iterator[None]:
    """Serves `/metrics` as long as the block lasts; port 0: not at all. Raises ConfigError when it cannot listen there."""
    if not port:
        yield
        return
    try:
        from prometheus_client import start_http_server
    except ImportError as error:
        raise ConfigError(NEEDS_PACKAGE) from error
    try:
        server, thread = start_http_server(port, addr=host, registry=_registry(parts))
    except OSError as error:
        raise ConfigError(f"workers.metrics_port: {host}:{port} cannot be listened on: {error.strerror}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
