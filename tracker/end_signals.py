"""Which signals ask this process to end: every program of ours heeds the same."""

from __future__ import annotations

import signal


def signals_heeded() -> tuple[signal.Signals, ...]:
    """What asks to end: a service manager, Ctrl-C, and a terminal that is closed, unless that is passed over here (`nohup`)."""
    closed = () if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else (signal.SIGHUP,)
    return (signal.SIGTERM, signal.SIGINT, *closed)
