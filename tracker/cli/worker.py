"""`tracker worker`: work on several machines."""

from __future__ import annotations

import click

from tracker.cli.invocation import Invocation, say_begun, workspace_options
from tracker.errors import ConfigError, UsageError
from tracker.queue.jobs import QUEUES
from tracker.text.log_lines import log_line
from tracker.workspace import open_parts

NEEDS_SERVER = "`tracker worker` needs a PostgreSQL database (database.url) that all machines share; on one machine with SQLite `tracker schedule` does everything"


@click.command("worker")
@click.option("--queues", default=",".join(QUEUES), show_default=True, help="Which jobs this worker takes, separated by commas.")
@click.option("--once", is_flag=True, help="End when nothing is due or under way.")
@workspace_options
def worker(invocation: Invocation, queues: str, once: bool) -> int:
    """Take jobs from the queue in PostgreSQL and do them; on any number of machines, beside one `tracker schedule`.

    SIGTERM, Ctrl-C or a closed terminal ends it: requests under way end, the rest goes back. One line an outcome on standard error.

    Example: tracker worker --queues polls,pages
    """
    wanted = tuple(dict.fromkeys(name.strip() for name in queues.split(",") if name.strip()))
    if unknown := [name for name in wanted if name not in QUEUES]:
        raise UsageError(f"no queue {unknown[0]!r}; there are {', '.join(QUEUES)}")
    if not wanted:
        raise UsageError(f"--queues names none; there are {', '.join(QUEUES)}")
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        require_server(parts.settings.database.url)
        from tracker.maintenance.metrics import serve_metrics
        from tracker.workers.worker import Options, run_worker

        given = parts.settings.workers
        with serve_metrics(parts, given.metrics_host, given.metrics_port, lambda line: say(log_line(line, "warning"))):
            say(log_line(f"at work: {', '.join(wanted)}", queues=wanted))
            run_worker(parts, Options(wanted, say, once))
        say(log_line("nothing is left to do" if once else "ended as it was asked to"))
    return 0


def require_server(url: str) -> None:
    """Raises ConfigError for a store on SQLite, and where the packages of the extra are missing."""
    from tracker.store.server_url import is_server

    if not is_server(url):
        raise ConfigError(NEEDS_SERVER)
    try:
        import procrastinate  # noqa: F401
        import psycopg  # noqa: F401
    except ImportError as error:
        raise ConfigError("`tracker worker` needs further packages: pip install '.[postgres]'") from error


def say(line: str) -> None:
    """One line an outcome."""
    click.echo(line, err=True)
