"""A stored page on paper: in a process of its own, which may be killed, takes bounded memory and opens nothing.

`python -m tracker.evidence.print_page CONTENT_TYPE` reads bytes from standard input and writes a PDF to standard output. No script runs, no
address is opened: pictures and styles that lay elsewhere are missing on it.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

import tracker

PROCESSOR_SECONDS = 40
"""Of one page: 3-8 s for news pages of 20-440 KB; one of 5 MB of text is given up."""
WAIT_SECONDS = 90
MEMORY_BYTES = 2 * 2**30
"""Of address space, most of which no page touches: hostile ones end here."""
MOST_PRINTED_BYTES = 5 * 2**20
MOST_PDF_BYTES = 40 * 2**20
NO_LIBRARIES = 3
_SCRIPTS = re.compile(
    r"<(script|style|noscript|iframe|object|embed|template)\b.*?</\1\s*>|<(?:script|iframe|object|embed)\b[^>]*>", re.I | re.S
)


class NotPrinted(Exception):
    """Why there is no PDF of a page, in words."""


def print_page(page: bytes, content_type: str, *, seconds: float = WAIT_SECONDS) -> bytes:
    """The page as PDF. Raises NotPrinted."""
    if len(page) > MOST_PRINTED_BYTES:
        raise NotPrinted("the page is larger than what is printed")
    root = str(Path(tracker.__file__).resolve().parent.parent)
    command = [
        sys.executable,
        "-P",
        "-c",
        f"import sys; sys.path.insert(0, {root!r}); from {__name__} import main; main()",
        content_type[:200],
    ]
    try:
        done = subprocess.run(command, input=page, capture_output=True, timeout=seconds, check=False)  # noqa: S603 (our own interpreter)
    except subprocess.TimeoutExpired as error:
        raise NotPrinted("printing took too long") from error
    except (OSError, ValueError) as error:
        raise NotPrinted("no process could be started") from error
    if done.returncode == NO_LIBRARIES:
        raise NotPrinted("the libraries that lay text out are not installed")
    if done.returncode or not done.stdout.startswith(b"%PDF") or len(done.stdout) > MOST_PDF_BYTES:
        raise NotPrinted("the page cannot be printed within its limits")
    return done.stdout


def main() -> None:
    """The process: limits first, then the page."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    from tracker.digests.forms.pdf import MissingLibraries, render_pdf
    from tracker.text.charsets import decode

    text = decode(sys.stdin.buffer.read(), sys.argv[1] if len(sys.argv) > 1 else "").text
    try:
        sys.stdout.buffer.write(render_pdf(_SCRIPTS.sub("", text) or " "))
    except MissingLibraries:
        raise SystemExit(NO_LIBRARIES) from None
