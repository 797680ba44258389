"""`tracker review` that notes how long each answer took and what it waited for; run as a program by the soak test.

python -m tests.review.web.timed_desk FILE OPTIONS...
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.review.web import app as desk_app
from tracker.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

_waited = threading.local()


def _queued() -> float:
    """Seconds that this thread was ready to run while others had the processors, as Linux counts them."""
    return int(Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text("ascii").split()[1]) / 1e9


def _waiting(writing: Callable[[Database], AbstractContextManager[Connection]]) -> Callable[[Database], AbstractContextManager[Connection]]:
    """`Database.writing`, with the wait for the write lock counted."""

    @contextmanager
    def counted(database: Database) -> Iterator[Connection]:
        begun = time.monotonic()
        with writing(database) as conn:
            _waited.lock = getattr(_waited, "lock", 0.0) + time.monotonic() - begun
            yield conn

    return counted


def _noting(answer: Any, path: Path) -> Any:
    """The application, with a line for each answer: seconds in all, of a processor, waiting for one, for the write lock; method and path."""

    def noted(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        _waited.lock = 0.0
        begun, worked, queued = time.monotonic(), time.thread_time(), _queued()
        body = list(answer(environ, start_response))
        took = f"{time.monotonic() - begun:.3f} {time.thread_time() - worked:.3f} {_queued() - queued:.3f} {_waited.lock:.3f}"
        with path.open("a", encoding="utf-8") as lines:
            lines.write(f"{took} {environ['REQUEST_METHOD']} {environ['PATH_INFO']}\n")
        return body

    return noted


def main(path: Path, options: list[str]) -> None:
    """Serves the desk as the command does."""
    make = desk_app.make_app

    def made(*given: Any, **more: Any) -> Any:
        app = make(*given, **more)
        app.wsgi_app = _noting(app.wsgi_app, path)  # type: ignore[method-assign]
        return app

    Database.writing = _waiting(Database.writing)  # type: ignore[method-assign]
    desk_app.make_app = made
    sys.argv = ["tracker", "review", *options]
    from tracker.cli import main as command

    command()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
