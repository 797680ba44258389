"""A PostgreSQL server of the tests' own: one for all test processes, on a socket in a temporary folder, begun by the first who asks.

Where no server is installed its tests are skipped by name.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FOLDER_VARIABLE = "TRACKER_TEST_POSTGRES"
OLDEST = 15
SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
"""


def programs() -> Path | None:
    """The folder of the newest server's programs that is installed; None where there is none that is new enough."""
    found = {int(path.parent.parent.name): path.parent for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")}
    newest = max(found, default=0)
    if newest >= OLDEST:
        return found[newest]
    known = shutil.which("initdb")
    return Path(known).resolve().parent if known else None


def _other_user() -> str | None:
    """Whom the server runs as: it refuses root. None: as the tests do."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None


class Server:
    """The server in a folder, begun when it is first asked for."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self._bin, self._user = folder, bin_folder, _other_user()

    def begin(self) -> None:
        """Starts it, unless another test process has."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (self.folder / "data" / "postmaster.pid").exists():
                return
            if self._user:
                shutil.chown(self.folder, self._user)
            self.run("initdb", "--no-sync", "-D", str(self.folder / "data"), "-U", "tracker", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
            with (self.folder / "data" / "postgresql.conf").open("a") as settings:
                settings.write(f"{SETTINGS}unix_socket_directories = '{self.folder}'\n")
            self.start()

    def start(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", "start")

    def stop(self, how: str = "immediate") -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop")

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._bin / program), *arguments],
            user=self._user,
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            check=True,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )

    def url(self, name: str, user: str = "tracker", password: str = "") -> str:
        """For `database.url`."""
        return f"postgresql+psycopg://{user}{password and f':{password}'}@/{name}?host={self.folder}"

    @contextmanager
    def connection(self, name: str = "postgres") -> Iterator[Any]:
        """As the server's owner; each statement is a transaction."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="tracker", dbname=name, autocommit=True) as connection:
            yield connection

    def create(self, name: str, template: str = "template0", options: str = "") -> str:
        """A database of its own, made anew; returns its address."""
        with self.connection() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {options}")
        return self.url(name)

    def drop(self, name: str) -> None:
        with self.connection() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def empty(self, name: str) -> None:
        """All rows out of the database; its schema stays. Faster than a copy of it."""
        with self.connection(name) as connection:
            connection.execute(_EMPTY)


_EMPTY = """
DO $$ DECLARE named regclass; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR named IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' LOOP
    EXECUTE 'DELETE FROM ' || named;
  END LOOP;
  FOR named IN SELECT oid FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace LOOP
    PERFORM setval(named, 1, false);
  END LOOP;
END $$"""


def prepare(config: pytest.Config) -> None:
    """Names the folder for all test processes; ends the server with the last of them."""
    if FOLDER_VARIABLE in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    os.environ[FOLDER_VARIABLE] = str(folder)

    def end() -> None:
        os.environ.pop(FOLDER_VARIABLE, None)
        if (bin_folder := programs()) is not None:
            Server(folder, bin_folder).stop()
        shutil.rmtree(folder, ignore_errors=True)

    config.add_cleanup(end)


def server() -> Server | None:
    """The server, begun; None where none is installed."""
    bin_folder = programs()
    if bin_folder is None:
        return None
    found = Server(Path(os.environ[FOLDER_VARIABLE]), bin_folder)
    found.begin()
    return found
