"""Prints which optional system packages are missing: `make demo` shows it, nothing fails."""

from __future__ import annotations

import shutil

OPTIONAL = {"chromium": "screenshots of digests in tests", "pdftoppm": "looking at PDF pages in tests (Debian: poppler-utils)"}

if __name__ == "__main__":
    for program, purpose in OPTIONAL.items():
        if shutil.which(program) is None:
            print(f"Not installed, and not needed for the demo: {program} ({purpose})")
