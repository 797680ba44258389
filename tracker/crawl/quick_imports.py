"""Imports of Scrapy without a search for source files.

Scrapy names the module of each deprecated class by `inspect.stack()`. That searches the source of every frame among all modules loaded:
a quarter of the time of a crawl's imports (`make bench`, night). Here frames are listed as they are, and a frame's module is looked up by
its name.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any

from tracker.loading import loading


@contextlib.contextmanager
def quick_imports() -> Iterator[None]:
    """For imports in a process with one thread: `inspect.stack` lists frames alone, and cycles are not looked for, then or later."""
    stack, module_of = inspect.stack, inspect.getmodule
    inspect.stack = _frames  # type: ignore[assignment]
    inspect.getmodule = _module  # type: ignore[assignment]
    try:
        with loading():
            yield
    finally:
        inspect.stack, inspect.getmodule = stack, module_of


def _frames(context: int = 1) -> list[tuple[FrameType]]:
    """As `inspect.stack`, from the caller outwards, each entry with its frame alone."""
    found: list[tuple[FrameType]] = []
    here = inspect.currentframe()
    frame: FrameType | None = here.f_back if here else None
    while frame is not None:
        found.append((frame,))
        frame = frame.f_back
    return found


def _module(of: Any, _filename: str | None = None) -> ModuleType | None:
    """As `inspect.getmodule`, by the name that a frame, a class or a function bears."""
    if isinstance(of, ModuleType):
        return of
    name = of.f_globals.get("__name__") if isinstance(of, FrameType) else getattr(of, "__module__", None)
    return sys.modules.get(name or "")
