"""For all tests: no address but loopback answers; corpus and system packages are used where present, skipped by name where not."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.longest import SECONDS
from tests.newsdesk import Addresses, Newsdesk, publish_ordinary_night
from tests.postgres import Cluster, shared_cluster
from tests.shortcuts import Shortcuts
from tracker.workspace import CACHE_VARIABLE

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
CORPUS = ROOT.parent / "shared" / "corpus"
COLLECTED_AFTER = (50_000, 20, 50)
"""New objects before garbage is looked for: Python's own 700 took an eighth of the time of the collection of tests."""

# no deadline: it measures how busy the machine is, and what is imported first
settings.register_profile("suite", deadline=None, max_examples=50)
settings.register_profile("soak", deadline=None, max_examples=1000)
settings.load_profile("suite")


def some_of_them(share: float) -> int:
    """Of the profile's examples, where each takes long."""
    examples: int = settings.default.max_examples
    return max(1, round(share * examples))


def pytest_xdist_auto_num_workers() -> int:
    """One a core: with one more, processes that tests begin miss their time limits."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In random order, and what takes longest first: at the end all workers are through at the same time."""
    items.sort(key=lambda item: -SECONDS.get(item.path.relative_to(TESTS).as_posix(), 0))


def pytest_collection_finish() -> None:
    """What was imported stays to the end: nothing is gained by looking through it for garbage."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """One folder of compiled campaigns for all tests and their processes: each workspace would compile the shipped one anew."""
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # under nohup: it is passed over here as before, and not by what tests begin
        signal.signal(signal.SIGHUP, lambda *_: None)
    # what the first command of a process sets for the rest of its life holds from the start: no test depends on one before it
    os.umask(0o077)
    os.environ.setdefault("TRACKER_LOG_FORMAT", "text")
    gc.set_threshold(*COLLECTED_AFTER)
    if CACHE_VARIABLE not in os.environ:
        os.environ[CACHE_VARIABLE] = tempfile.mkdtemp(prefix="campaigns-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(CACHE_VARIABLE), ignore_errors=True))


class _Loopback(list[str]):
    """Every address of 127.0.0.0/8 and ::1, for pytest-socket's allow list."""

    def __contains__(self, address: object) -> bool:
        return isinstance(address, str) and (address.startswith("127.") or address in ("::1", "localhost"))


def lacking(name: str) -> None:
    """Skips the test by name; a failure where TRACKER_REQUIRE_ALL is set."""
    if os.environ.get("TRACKER_REQUIRE_ALL"):
        pytest.fail(f"needs {name}, and TRACKER_REQUIRE_ALL is set")
    pytest.skip(f"needs {name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where TRACKER_REQUIRE_ALL is set, a skip is a failure, whoever asked for it."""
    report = yield
    if report.skipped and os.environ.get("TRACKER_REQUIRE_ALL"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and TRACKER_REQUIRE_ALL is set: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: object, real: Any = real) -> Any:
            host = address[0] if isinstance(address, tuple) else None
            if host is not None and host not in _Loopback():
                raise AssertionError(f"a test tried to reach {host}: tests talk to loopback only")
            return real(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)


@pytest.fixture(scope="session", autouse=True)
def shortcuts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shortcuts]:
    """Taken for the whole session."""
    shortcuts = Shortcuts(tmp_path_factory.mktemp("empty"))
    shortcuts.take()
    yield shortcuts
    shortcuts.leave()


@pytest.fixture
def unabridged(shortcuts: Shortcuts) -> Iterator[None]:
    """For this test everything is as in the product."""
    shortcuts.leave()
    yield
    shortcuts.take()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real pages and texts beside the project; tests that need it are skipped by name without it."""
    if not (CORPUS / "README.md").exists():
        lacking("the corpus beside the project (../shared/corpus)")
    return CORPUS


@pytest.fixture(scope="session")
def ordinary_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Addresses]:
    """A workspace whose pages of every sort are read into articles, and their addresses. Tests take copies: reading starts processes."""
    folder = tmp_path_factory.mktemp("ordinary")
    desk = Newsdesk(folder)
    addresses = publish_ordinary_night(desk)
    desk.night("extract")
    desk.close()
    return folder, addresses


@pytest.fixture
def addresses(ordinary_night: tuple[Path, Addresses]) -> Addresses:
    """The addresses in `desk`."""
    return ordinary_night[1]


@pytest.fixture
def desk(ordinary_night: tuple[Path, Addresses], tmp_path: Path) -> Iterator[Newsdesk]:
    """The ordinary night, read and not yet matched, for this test alone."""
    shutil.copytree(ordinary_night[0], tmp_path / "desk")
    opened = Newsdesk(tmp_path / "desk")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def grouped_night(ordinary_night: tuple[Path, Addresses], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ordinary night, matched and grouped. Tests take copies."""
    folder = tmp_path_factory.mktemp("grouped") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    desk = Newsdesk(folder)
    desk.night("match", "group")
    desk.close()
    return folder


@pytest.fixture
def grouped(grouped_night: Path, tmp_path: Path) -> Iterator[Newsdesk]:
    """The ordinary night, matched and grouped, for this test alone."""
    shutil.copytree(grouped_night, tmp_path / "desk")
    opened = Newsdesk(tmp_path / "desk")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres() -> Cluster:
    """A running PostgreSQL cluster, shared by the run's processes; tests that need it are skipped by name without a server."""
    return shared_cluster()


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """`database.url` of an empty database for this test alone."""
    name = postgres.new_database()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        lacking("chromium")
    assert path is not None
    return path
