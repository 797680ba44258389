"""`make bench`: every benchmark beside its peer; ends with 1 when a limit is missed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    names = sys.argv[1:] or sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    short: list[str] = []
    for name in names:
        short += importlib.import_module(f"tests.benchmarks.{name}").main() or []
    print("short of a limit: " + "; ".join(short) if short else "all limits held")
    sys.exit(bool(short))
