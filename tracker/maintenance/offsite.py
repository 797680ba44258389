"""The operator's own command that takes a backup elsewhere. It is started as a program with its arguments, never through a shell."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tracker.errors import StoreError

FILE, FOLDER = "{file}", "{folder}"
LONGEST_WORDS = 300
"""Characters of what the command said last: three lines of a terminal."""
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
GRACE_SECONDS = 5.0
"""Between the request to end and the kill."""


def take_elsewhere(command: Sequence[str], file: Path, environment: Mapping[str, str], limit_seconds: float) -> None:
    """Runs the command on a backup; FILE and FOLDER in its arguments become paths. It gets the environment without the tracker's own
    settings. Raises StoreError, with its last words, when it cannot be started, fails or takes too long."""
    arguments = [part.replace(FILE, str(file)).replace(FOLDER, str(file.parent)) for part in command]
    told = f"schedule.backup_command ({Path(arguments[0]).name})"
    given = {name: value for name, value in environment.items() if not name.startswith("TRACKER_")}
    try:
        child = subprocess.Popen(  # noqa: S603 - named by the operator, without a shell
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=_dies_with_us(),
            env=given,
            cwd=file.parent,
        )
    except (OSError, ValueError) as error:
        raise StoreError(f"{told} cannot be started: {getattr(error, 'strerror', None) or error}; {file} stays here") from error
    last: deque[bytes] = deque(maxlen=1)
    assert child.stdout is not None  # asked for above
    reader = threading.Thread(target=_listen, args=(child.stdout, last), daemon=True)
    reader.start()
    try:
        code = child.wait(limit_seconds)
    except subprocess.TimeoutExpired:
        raise StoreError(f"{told} was ended after {limit_seconds / 60:g} minutes; {file} stays here") from None
    finally:
        _end(child)
        reader.join(GRACE_SECONDS)
    if code:
        how = f"ended with exit code {code}" if code > 0 else f"was killed by signal {-code}"
        raise StoreError(f"{told} {how}{_words(last)}; {file} stays here")


def _dies_with_us() -> Callable[[], None] | None:
    """On Linux the command is ended with this process, however that ends."""
    if not sys.platform.startswith("linux"):
        return None
    control = ctypes.CDLL(None).prctl
    return lambda: control(_DEATH_SIGNAL, signal.SIGTERM) and None


def _listen(stream: IO[bytes], last: deque[bytes]) -> None:
    """Notes the end of what the command says, however much that is."""
    tail = b""
    with stream, suppress(OSError, ValueError):
        while piece := stream.read1(65536):  # type: ignore[attr-defined]
            tail = (tail + piece)[-4 * LONGEST_WORDS :]
            last.append(tail)


def _words(last: Sequence[bytes]) -> str:
    text = b"".join(last).decode("utf-8", "replace")
    printable = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return f": {printable[-LONGEST_WORDS:]}" if printable else ""


def _end(child: subprocess.Popen[bytes]) -> None:
    """Nothing of what it started is left."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with suppress(subprocess.TimeoutExpired):
            child.wait(GRACE_SECONDS)
