"""`python -m tracker.samplepress` writes the expectation anew from the authors' marks, after a text was changed."""

from __future__ import annotations

from pathlib import Path

from tracker.samplepress.expectation import as_json, expectation_of
from tracker.samplepress.press import read_press

if __name__ == "__main__":
    (Path(__file__).parent / "expectation.json").write_text(as_json(expectation_of(read_press())), "utf-8")
