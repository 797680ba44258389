"""Imports of a command, without a search for garbage: what they make is kept to its end. That search took a tenth of the time of a start."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """For imports alone: what is made inside is not looked over for garbage, then or later. Nothing changes where all was there already."""
    collecting, before = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > before:
            gc.freeze()
        if collecting:
            gc.enable()
