"""Whose work goes first where people wait for pages of the desk on the machine that runs a night."""

from __future__ import annotations

import os

BEHIND_PEOPLE = 10
"""Niceness of what works while people may be waiting: alone on a machine it takes all there is."""


def give_way() -> None:
    """From now on this process, and those it begins, give way to people. Said twice it is the same; an operator's own, higher niceness stays."""
    if hasattr(os, "setpriority") and os.getpriority(os.PRIO_PROCESS, 0) < BEHIND_PEOPLE:
        os.setpriority(os.PRIO_PROCESS, 0, BEHIND_PEOPLE)
