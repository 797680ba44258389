"""`python -m tracker.demo.press` writes the expectation anew from the authors' marks, after a text was changed."""

from __future__ import annotations

from pathlib import Path

from tracker.demo.press.expectation import as_json, expectation_of
from tracker.demo.press.press import read_press

if __name__ == "__main__":
    (Path(__file__).parent / "expectation.json").write_text(as_json(expectation_of(read_press())), "utf-8")
