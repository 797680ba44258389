"""Prints which optional system packages are missing: `make demo` shows it, nothing fails."""

from __future__ import annotations

import shutil
from ctypes.util import find_library

OPTIONAL = {
    "chromium": "screenshots of digests in tests",
    "pdftoppm": "looking at PDF pages in tests (Debian: poppler-utils)",
    "systemd-analyze": "checking the service's unit in tests (Debian: systemd)",
}
LIBRARIES = {
    "pangoft2-1.0": "digests as PDF (Debian: libpango-1.0-0 libpangoft2-1.0-0, and fonts-noto-core)",
    "harfbuzz-subset": "smaller PDFs, made by HarfBuzz (Debian: libharfbuzz-subset0)",
}

if __name__ == "__main__":
    for program, purpose in OPTIONAL.items():
        if shutil.which(program) is None:
            print(f"Not installed, and not needed for the demo: {program} ({purpose})")
    for library, purpose in LIBRARIES.items():
        if find_library(library) is None:
            print(f"Not installed, and left out of the demo without it: {library} ({purpose})")
