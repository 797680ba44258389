"""Bytes of pages outside of the database: in a bucket of an S3-compatible server, or in a folder that all machines share.

A page's row then holds a reference in place of its bytes: a mark, the length, and the object's whole address, so that whoever reads it
needs no setting. An object is written before its row is committed, under a name that nobody else uses: what is killed between leaves an
object without a row, which `sweep` removes, and never a row without bytes. Access to the bucket comes from the environment or the
machine's role, as the library has it (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL, ...).
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tracker.config.secrets import masked, parameters
from tracker.errors import PagesOutOfReach
from tracker.store.batches import chunks

if TYPE_CHECKING:
    from tracker.store.packing import StoredPage

MARK = b"@"
"""No packed bytes begin so: their first byte is 0x28."""
PLACE_FILE = "press-coverage-tracker.txt"
"""Lies beside the pages. Where it is missing, pages are not lost: the place is another one, or not mounted."""
PLACE_TEXT = b"Pages of the press coverage tracker, on their way between its machines. See docs/scaling.md.\n"
AGAIN_SECONDS = 60.0
"""After a failed write pages go through the database for so long."""
UNREFERENCED_FOR = timedelta(days=2)
"""An object whose row is not there after so long has none: a crawl ends within a day."""
AT_ONCE = 200
S3_LIMITS = {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 2}}
_log = logging.getLogger(__name__)
_systems: dict[tuple[int, str], Any] = {}


class PageFiles:
    """Where new pages are written. `url`: of `pages.url`."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._not_before = 0.0
        self._is_marked = False

    def keep(self, bodies: Sequence[tuple[datetime, bytes]]) -> list[bytes]:
        """Packed bytes with the moment they were fetched, written; their references. What cannot be written is given back as it came, for
        the database: a bucket that is out of reach stops no crawl."""
        if not bodies or time.monotonic() < self._not_before:
            return [body for _, body in bodies]
        addresses = [f"{self._url}/{fetched_at.date()}/{uuid.uuid4().hex}" for fetched_at, _ in bodies]
        try:
            self._mark_place()
            _ask(self._url, lambda system: system.pipe({_path(name): body for name, (_, body) in zip(addresses, bodies, strict=True)}))
        except PagesOutOfReach as error:
            self._not_before = time.monotonic() + AGAIN_SECONDS
            _log.warning("%s; pages go through the database meanwhile", error)
            return [body for _, body in bodies]
        return [MARK + f"{len(body)}:{name}".encode() for name, (_, body) in zip(addresses, bodies, strict=True)]

    def days(self) -> list[date]:
        """Days of which there are pages. Raises PagesOutOfReach."""
        names = _ask(self._url, lambda system: system.ls(_path(self._url), detail=False, refresh=True) if _is_place(self._url) else [])
        return sorted(found for name in names if (found := _as_day(name.rstrip("/").rsplit("/", 1)[-1])) is not None)

    def sweep(self, day: date, referenced: Collection[bytes]) -> int:
        """Removes the day's objects without a reference; how many. Raises PagesOutOfReach."""
        known = {_path(address_of(reference)) for reference in referenced}
        folder = _path(f"{self._url}/{day}")
        gone = [name for name in _ask(self._url, lambda system: system.find(folder, refresh=True)) if name not in known]
        for some in chunks(gone, 1000):
            _remove(self._url, [*some])
        if gone and not known and self._url.startswith("file:"):
            _ask(self._url, lambda system: system.rmdir(folder))
        return len(gone)

    def _mark_place(self) -> None:
        if not self._is_marked:
            _ask(self._url, lambda system: system.pipe_file(_path(f"{self._url}/{PLACE_FILE}"), PLACE_TEXT))
            self._is_marked = True


def page_files(url: str) -> PageFiles | None:
    """Where new pages are written by `pages.url`; None: into the database."""
    return PageFiles(url) if url else None


def is_swept(day: date, now: datetime) -> bool:
    """Whether what is without a row by now stays so."""
    return day < (now - UNREFERENCED_FOR).date()


def is_reference(body: bytes) -> bool:
    """Whether a row's bytes lie elsewhere."""
    return body.startswith(MARK)


def address_of(reference: bytes) -> str:
    """Where they lie."""
    return reference.split(b":", 1)[1].decode()


def read(bodies: Sequence[bytes]) -> list[bytes | None]:
    """Packed bytes for what rows hold, references followed; None where an object is gone or damaged. Raises PagesOutOfReach when the place is
    out of reach, or is not the one where pages were written."""
    found: dict[bytes, bytes | None] = {}
    for some in chunks({body for body in bodies if is_reference(body)}, AT_ONCE):
        by_place: dict[str, list[bytes]] = {}
        for body in some:
            by_place.setdefault(_place_of(body), []).append(body)
        for place, references in by_place.items():
            found |= _fetched(place, references)
    return [found[body] if is_reference(body) else body for body in bodies]


def filled(pages: Sequence[StoredPage]) -> tuple[list[StoredPage], list[StoredPage]]:
    """The pages with their bytes, which may be read through references, and those whose bytes are gone. Raises PagesOutOfReach like `read`."""
    if not any(is_reference(page.packed) for page in pages):
        return [*pages], []
    there, gone = [], []
    for page, packed in zip(pages, read([page.packed for page in pages]), strict=True):
        if packed is None:
            gone.append(page)
        else:
            there.append(replace(page, packed=packed))
    return there, gone


def remove(references: Collection[bytes]) -> None:
    """Removes objects that no row names any more. What cannot be removed now is swept later."""
    by_place: dict[str, list[str]] = {}
    for reference in references:
        by_place.setdefault(_place_of(reference), []).append(_path(address_of(reference)))
    for place, paths in by_place.items():
        try:
            _remove(place, paths)
        except PagesOutOfReach as error:
            _log.warning("read pages are removed later: %s", error)


def _fetched(place: str, references: Sequence[bytes]) -> dict[bytes, bytes | None]:
    paths = {reference: _path(address_of(reference)) for reference in references}
    answers = _ask(place, lambda system: system.cat([*paths.values()], on_error="return"))
    found: dict[bytes, bytes | None] = {}
    for reference, path in paths.items():
        answer = answers.get(path)
        if isinstance(answer, Exception) and not isinstance(answer, FileNotFoundError):
            raise _explained(place, answer) from answer
        is_whole = isinstance(answer, bytes) and len(answer) == int(reference[1:].split(b":", 1)[0])
        found[reference] = answer if is_whole else None
    if None in found.values() and not _is_place(place):
        raise PagesOutOfReach(f"{place} holds no pages of this program; is it mounted, and is pages.url the same on every machine?")
    return found


def _is_place(place: str) -> bool:
    return bool(_ask(place, lambda system: system.exists(_path(f"{place}/{PLACE_FILE}"))))


def _remove(place: str, paths: Sequence[str]) -> None:
    def each(system: Any) -> None:
        try:
            system.rm([*paths])
        except FileNotFoundError:
            for path in paths:
                if system.exists(path):
                    system.rm(path)

    _ask(place, each)


def _place_of(reference: bytes) -> str:
    return address_of(reference).rsplit("/", 2)[0]


def _path(address: str) -> str:
    return address.split("://", 1)[1]


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


SECRET_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "FSSPEC_S3_SECRET", "FSSPEC_S3_TOKEN")
ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "FSSPEC_S3_ENDPOINT_URL")
"""Their addresses may bear a login, and servers and libraries repeat them."""


def _ask(place: str, question: Callable[[Any], Any]) -> Any:
    try:
        return question(_system(place))
    except PagesOutOfReach:
        raise
    except Exception as error:  # the library passes on what sockets, signatures and servers raise
        raise _explained(place, error) from error


def _explained(place: str, error: Exception) -> PagesOutOfReach:
    given = [os.environ.get(name, "") for name in SECRET_VARIABLES]
    addresses = [one for name in ENDPOINT_VARIABLES for one in parameters(os.environ.get(name, ""))]
    said = " ".join(masked(str(error), [*given, *addresses]).split())[:200] or type(error).__name__
    return PagesOutOfReach(f"pages cannot be reached at {place} ({said}); see pages.url and the access to it in the environment")


def _system(place: str) -> Any:
    """The library's file system of this process; its connections do not outlive a fork."""
    protocol = place.split(":", 1)[0]
    key = os.getpid(), protocol
    if key not in _systems:
        try:
            import fsspec

            if protocol == "file":
                _systems[key] = fsspec.filesystem("file", auto_mkdir=True, skip_instance_cache=True)
            else:
                options = {"use_listings_cache": False, "config_kwargs": S3_LIMITS}
                _systems[key] = fsspec.filesystem("s3", skip_instance_cache=True, **options)
        except ImportError as error:
            raise PagesOutOfReach("pages.url needs the extra `pages`: pip install '.[pages]'") from error
    return _systems[key]
