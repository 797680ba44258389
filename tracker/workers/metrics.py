"""`/metrics` for Prometheus: figures read from the store when they are asked for, so that every worker and the desk say the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from tracker.store.work.link import Link


class Figures:
    """A collector of prometheus-client. While the database is out of reach it says `tracker_up 0` and nothing else."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def collect(self) -> Iterator[Metric]:
        """All figures of this moment."""
        from prometheus_client.core import GaugeMetricFamily

        try:
            figures = [*self._figures()]
        except StoreError:
            yield GaugeMetricFamily("tracker_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("tracker_up", "Whether the database answers.", value=1)
        yield from figures

    def _figures(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        from tracker.store.work import jobs, rounds, workers

        waiting = GaugeMetricFamily("tracker_jobs", "Jobs by queue and state.", labels=["queue", "state"])
        oldest = GaugeMetricFamily("tracker_oldest_job_seconds", "Since the oldest waiting job was enqueued.", labels=["queue"])
        for one in jobs.queues(self._link):
            for state, count in (("waiting", one.waiting), ("under_way", one.under_way), ("failed", one.failed)):
                waiting.add_metric([one.name, state], count)
            oldest.add_metric([one.name], one.oldest_seconds or 0.0)
        yield from (waiting, oldest)
        seen = GaugeMetricFamily("tracker_worker_seen_seconds", "Since a worker was last seen.", labels=["worker"])
        for worker in workers.every(self._link):
            seen.add_metric([worker.name], worker.seen_seconds_ago)
        yield seen
        pace = rounds.pace(self._link)
        yield GaugeMetricFamily("tracker_pages_per_minute", f"Pages fetched, mean of {pace.minutes} minutes.", value=pace.pages_a_minute)
        yield GaugeMetricFamily(
            "tracker_polls_per_minute", f"Sources polled, mean of {pace.minutes} minutes.", value=pace.polls / pace.minutes
        )
        ended = GaugeMetricFamily("tracker_rounds", f"Rounds that ended in the last {rounds.KEPT_DAYS} days.", labels=["queue", "outcome"])
        for queue, outcome, count in rounds.by_outcome(self._link):
            ended.add_metric([queue, outcome], count)
        yield ended
        given_up = sum(one.given_up for one in workers.troubles(self._link))
        yield GaugeMetricFamily("tracker_jobs_given_up", "Domains and other jobs that are given up for now.", value=given_up)


@contextmanager
def serve_metrics(url: str, host: str, port: int) -> Iterator[None]:
    """Serves `/metrics` as long as the block lasts; port 0: not at all. Raises ConfigError when it cannot listen there."""
    if not port:
        yield
        return
    from prometheus_client import CollectorRegistry, start_http_server

    from tracker.store.work.link import Link

    registry = CollectorRegistry(auto_describe=False)
    link = Link(url)
    figures: Any = Figures(link)
    registry.register(figures)
    try:
        server, thread = start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise ConfigError(f"workers.metrics_port: {host}:{port} cannot be listened on: {error.strerror}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        link.close()
