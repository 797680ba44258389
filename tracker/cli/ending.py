"""What asks a command to end: a service manager, `kill`, a terminal that is closed. It ends as by Ctrl-C, in order."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)
AGAIN_SECONDS = 2.0
"""`timeout` and a closing terminal send a signal twice at once; who sends it again after that does not want to wait."""


@contextmanager
def ends_in_order() -> Iterator[None]:
    """Inside, these signals raise KeyboardInterrupt, so that what was begun is ended and what was opened closed. Sent again later they end
    the process at once. A signal that is passed over (`nohup`), or that somebody else answers, is left as it is."""
    asked_at: list[float] = []

    def end(number: int, _frame: FrameType | None) -> None:
        if not asked_at:
            asked_at.append(time.monotonic())
            raise KeyboardInterrupt
        if time.monotonic() - asked_at[0] > AGAIN_SECONDS:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    ours = [number for number in ENDING if signal.getsignal(number) == signal.SIG_DFL and _is_first_thread()]
    for number in ours:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ours:
            if signal.getsignal(number) is end:
                signal.signal(number, signal.SIG_DFL)


def _is_first_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
