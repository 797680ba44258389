"""Figures for Prometheus, read from the store when they are asked for: every worker and the desk say the same."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError, StoreError
from tracker.maintenance.work_status import Shared, WorkStatus, work_status
from tracker.queue.jobs import QUEUES, SCHEDULE
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
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    late = 0.0 if found.oldest_due_at is None else max((found.now - found.oldest_due_at).total_seconds(), 0.0)
    night = None if found.night is None else found.night.ended_at
    yield GaugeMetricFamily("tracker_outlets_due", "Outlets with a source whose time has come.", value=found.outlets_due)
    yield GaugeMetricFamily("tracker_oldest_due_seconds", "Since when the longest overdue source is due; 0: none is.", value=late)
    yield GaugeMetricFamily("tracker_links_waiting", "Links that could be fetched now.", value=found.links_waiting)
    yield GaugeMetricFamily("tracker_pages_unread", "Pages that wait to be read.", value=found.pages_unread)
    yield CounterMetricFamily("tracker_polls_total", "Polls of sources.", value=found.polls)
    yield CounterMetricFamily("tracker_requests_total", "Requests to outlets, of sources and of pages.", value=found.requests)
    if found.last_polled_at is not None:
        last = found.last_polled_at.timestamp()
        yield GaugeMetricFamily("tracker_last_poll_timestamp_seconds", "When a source was last polled.", value=last)
    if night is not None:
        yield GaugeMetricFamily("tracker_last_night_ended_timestamp_seconds", "When the last night ended.", value=night.timestamp())


def _of_workers(found: WorkStatus) -> Iterator[Metric]:
    """Without a label of a worker or a domain: each would be a new series that never ends."""
    from prometheus_client.core import GaugeMetricFamily

    shared = found.shared
    if shared is None:
        return
    yield from _of_queues(shared)
    yield GaugeMetricFamily(
        "tracker_workers_dead", "Workers that ended without a word and were not replaced.", value=len(found.dead_workers)
    )
    longest = max((one.pause_seconds for one in shared.waits), default=0.0)
    yield GaugeMetricFamily("tracker_domains_held", "Domains at which a worker is.", value=shared.held)
    yield GaugeMetricFamily("tracker_longest_pause_seconds", "The longest pause between two requests to one of them.", value=longest)
    pace = shared.pace
    within = f"in rounds that ended in the last {pace.minutes} minutes"
    yield GaugeMetricFamily("tracker_recent_pages", f"Pages fetched {within}.", value=pace.pages)
    yield GaugeMetricFamily("tracker_recent_polls", f"Sources polled {within}.", value=pace.polls)
    recent = GaugeMetricFamily("tracker_recent_rounds", f"Rounds that ended in the last {pace.minutes} minutes.", labels=["state"])
    recent.add_metric(["ended"], pace.rounds - pace.failed)
    recent.add_metric(["failed"], pace.failed)
    yield recent
    given_up = sum(one.given_up for one in shared.troubles)
    yield GaugeMetricFamily("tracker_jobs_given_up", "Domains and other jobs that are given up for now.", value=given_up)


def _of_queues(shared: Shared) -> Iterator[Metric]:
    """Of every queue, also of one that is empty: a figure that is not there alarms nobody."""
    from prometheus_client.core import GaugeMetricFamily

    from tracker.store.work.jobs import QueueState

    jobs = GaugeMetricFamily("tracker_jobs", "Jobs by queue and state.", labels=["queue", "state"])
    oldest = GaugeMetricFamily("tracker_oldest_job_seconds", "Since the oldest waiting job was enqueued; 0: none waits.", labels=["queue"])
    serving = GaugeMetricFamily("tracker_workers", "Workers that are alive and serve a queue.", labels=["queue"])
    standing = {one.name: one for one in shared.queues}
    for name in dict.fromkeys((*QUEUES, *standing)):
        one = standing.get(name) or QueueState(name, 0, 0, 0, None)
        for state, count in (("waiting", one.waiting), ("under_way", one.under_way), ("failed", one.failed)):
            jobs.add_metric([name, state], count)
        oldest.add_metric([name], one.oldest_seconds or 0.0)
    for name in (*QUEUES, SCHEDULE):
        serving.add_metric([name], sum(worker.is_alive and name in worker.queues for worker in shared.workers))
    yield from (jobs, oldest, serving)


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
def serve_metrics(parts: Parts, host: str, port: int, on_taken: Callable[[str], None]) -> Iterator[None]:
    """Serves `/metrics` as long as the block lasts; port 0: not at all. Where another program does at this port, which may be a worker
    with the same settings, `on_taken` is told so and nothing is served. Raises ConfigError when it cannot listen there at all."""
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
        if error.errno == errno.EADDRINUSE:
            on_taken(f"workers.metrics_port: {host}:{port} is taken; this worker serves no figures, those of another one here are the same")
            yield
            return
        raise ConfigError(f"workers.metrics_port: {host}:{port} cannot be listened on: {error.strerror}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
