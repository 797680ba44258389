"""Commands, one file a group: parse arguments, call, print. No logic."""

from __future__ import annotations

from tracker.cli.main import main

__all__ = ["main"]
