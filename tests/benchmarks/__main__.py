"""`make bench`: every benchmark beside its peer; ends with 1 when a limit is missed."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

_LAST = "short of a limit: "


def main(names: list[str]) -> int:
    """Runs the named benchmarks, or all of them; returns how many missed a limit or failed."""
    if len(names) == 1:
        short = importlib.import_module(f"tests.benchmarks.{names[0]}").main() or []
        print(_LAST + "; ".join(short) if short else "all limits held", flush=True)
        return bool(short)
    # each in a process of its own: the peak memory of a child is never below what its parent holds
    missed = [
        name
        for name in names or sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
        if subprocess.run([sys.executable, "-m", "tests.benchmarks", name], check=False).returncode
    ]
    print(_LAST + ", ".join(missed) if missed else "all limits held")
    return len(missed)


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
