"""A PostgreSQL cluster for tests: made in a temporary folder, reached over a unix socket, shared by all processes of a test run.

The server refuses to run as root, so that as root it is started as the user `postgres`. A guard process ends the cluster and removes its
folder as soon as no process of the run is left, however they ended. Use the fixtures `postgres` and `postgres_url` of `tests/conftest.py`.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import pytest

OWNER = "postgres"
"""Whom root starts the server as, and the server's first role."""
START_SECONDS = 60.0
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "1GB",
    "autovacuum_naptime": "10s",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}
_names = itertools.count()

WITHOUT_ROWS = """
DO $$ DECLARE named regclass; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR named IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' LOOP
    EXECUTE 'DELETE FROM ' || named;
  END LOOP;
  FOR named IN SELECT oid FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace LOOP
    PERFORM setval(named, 1, false);
  END LOOP;
END $$"""
"""Takes all rows out of a database of ours; its tables stay. Faster than another copy of it."""


@dataclass(frozen=True)
class Cluster:
    """A running cluster. `folder` holds its socket."""

    folder: Path

    def url(self, database: str, role: str = OWNER, password: str = "") -> str:
        """The address of a database for `database.url`."""
        login = f"{role}:{quote(password, safe='')}" if password else role
        return f"postgresql+psycopg://{login}@/{database}?host={quote(str(self.folder), safe='')}"

    def conninfo(self, database: str = "postgres") -> str:
        """The same for psycopg."""
        return f"host={self.folder} user={OWNER} dbname={database}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """A statement outside of a transaction; its rows."""
        import psycopg

        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def new_database(self, template: str = "template0") -> str:
        """A database of its own, empty or a copy of `template`; its name."""
        name = f"t{os.getpid()}_{next(_names)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING UTF8')
        return name

    def drop(self, database: str) -> None:
        """Removes a database with all its connections."""
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def programs() -> Path | None:
    """The folder of `initdb` and `postgres` of the newest installed version, None without a server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3])) if os.name == "posix" else []
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def required() -> Path:
    """The programs; skips the test by name where there is no server (a failure where TRACKER_REQUIRE_ALL is set)."""
    folder = programs()
    if folder is None:
        pytest.skip("needs PostgreSQL (Debian: apt-get install postgresql)")
    return folder


@cache
def shared_cluster() -> Cluster:
    """The cluster of this test run, started by whoever needs it first."""
    binaries = required()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"p{os.getpid()}")[:16]
    folder = Path(tempfile.gettempdir()) / f"tracker-pg-{run}"
    folder.mkdir(mode=0o755, exist_ok=True)
    users = (folder / "users").open("a")
    os.set_inheritable(users.fileno(), False)
    with (folder / "start.lock").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        _users.append(users)
        if not (folder / "ready").exists():
            start(binaries, folder)
            watching = [sys.executable, "-m", "tests.postgres", str(folder)]
            guardian = subprocess.Popen(watching, cwd=Path(__file__).parent.parent, start_new_session=True)
            guardian.returncode = 0  # it outlives this process, and is not waited for
            (folder / "ready").touch()
    return Cluster(folder)


_users: list[IO[str]] = []
"""Held open, and so locked, for as long as this process lives."""


def start(binaries: Path, folder: Path) -> None:
    """Makes a cluster in the folder and starts its server."""
    owner = pwd.getpwnam(OWNER) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    for path in (folder, data):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    as_owner: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    made = [str(binaries / "initdb"), "-D", str(data), "-U", OWNER, "-A", "trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    environment = {**os.environ, "TZ": "UTC"}
    quiet: dict[str, Any] = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL, **as_owner}
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **quiet)
    settings = "\n".join(f"{name} = '{value}'" for name, value in {**SETTINGS, "unix_socket_directories": str(folder)}.items())
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write(f"\n{settings}\n")
    serve(binaries, folder)


def serve(binaries: Path, folder: Path, *, wait: bool = True) -> None:
    """Starts the server of a cluster that is there already."""
    owner = (folder / "data").stat()
    as_owner: dict[str, Any] = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    log = folder / "server.log"
    command = [
        str(binaries / "pg_ctl"),
        "-D",
        str(folder / "data"),
        "-l",
        str(log),
        "-s",
        "-w" if wait else "-W",
        "-t",
        f"{START_SECONDS:.0f}",
        "start",
    ]
    subprocess.run(command, check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **as_owner)


def stop(binaries: Path, folder: Path, mode: str = "immediate") -> None:
    """Ends the server of a cluster."""
    owner = (folder / "data").stat()
    as_owner: dict[str, Any] = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-s", "-m", mode, "-w", "stop"]
    subprocess.run(command, check=False, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **as_owner)


@contextmanager
def own_cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that a test may stop and start (`stop`, `serve`). The folder's path must be short: it holds the socket."""
    binaries = required()
    folder.mkdir(mode=0o755, exist_ok=True)
    start(binaries, folder)
    try:
        yield Cluster(folder)
    finally:
        stop(binaries, folder)


def guard(folder: Path) -> None:
    """Waits until nobody uses the cluster, then ends it."""
    binaries = programs()
    assert binaries is not None
    with (folder / "users").open("a") as users:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.5)
    stop(binaries, folder)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
