"""Whose work goes first where people wait for pages of the desk on the machine that runs a night."""

from __future__ import annotations

import os
import sys

TURN_SECONDS = 0.0005
"""How long a thread keeps the interpreter while another one waits for it. SQLite gives it away with every row: beside a busy thread 500
links held the write lock for 1 s at Python's own 0.005, and hold it for 0.13 s; the busy thread loses a tenth."""
BEHIND_PEOPLE = 10
"""Niceness of what works while people may be waiting: alone on a machine it takes all there is."""


def give_way() -> None:
    """From now on this process, and those it begins, give way to people. Said twice it is the same; an operator's own, higher niceness stays."""
    take_short_turns()
    if hasattr(os, "setpriority") and os.getpriority(os.PRIO_PROCESS, 0) < BEHIND_PEOPLE:
        os.setpriority(os.PRIO_PROCESS, 0, BEHIND_PEOPLE)


def take_short_turns() -> None:
    """From now on the threads of this process take shorter turns: whoever writes to the database is done sooner."""
    sys.setswitchinterval(TURN_SECONDS)
