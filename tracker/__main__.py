"""`python -m tracker` is `tracker`."""

from __future__ import annotations

import atexit
import os
import signal
import sys

INTERRUPTED = 128 + signal.SIGINT
UNWRITTEN = 120
"""As Python ends where the last output could not be written."""


def main() -> None:
    """Runs the command line. Interrupted while it is still being loaded, it ends without a word: nothing was begun."""
    codes: list[int] = []
    atexit.register(_leave, codes)  # the first to be registered is the last that runs
    interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if interruptible:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from tracker.loading import loading

    with loading():
        from tracker.cli.main import main as command_line

    if interruptible:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        command_line()
    except SystemExit as end:
        if isinstance(end.code, int):
            codes.append(end.code)
        raise


def _leave(codes: list[int]) -> None:
    """Ends the process when all else is done. To take its modules apart, as Python does next, is a tenth of a short command's time. What
    nobody expected ends as Python ends it."""
    if not codes:
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        os._exit(UNWRITTEN)
    os._exit(codes[0])


if __name__ == "__main__":
    main()
