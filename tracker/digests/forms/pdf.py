"""A report as PDF. WeasyPrint reads the page and nothing else: no file, no address, only pictures that the page itself holds."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import multiprocessing
import os
import threading
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from tracker.errors import TrackerError

SYSTEM_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
"""Debian's names of the libraries that lay text out; any fonts with Cyrillic will do, `fonts-noto-core` has all."""

WORTH_PROCESSES = 250_000
"""Characters of all pages from which on processes are worth their start of 1 s each: they take about 8 s one after the other."""
_NOWHERE = "https://nowhere.invalid/"
"""What an address without a host is resolved against, and refused: without it WeasyPrint stops at one."""


class MissingLibraries(TrackerError):
    """No PDF can be made on this machine until a system package is installed; every other form can."""


def render_pdfs(pages: Sequence[str]) -> list[bytes]:
    """Each page as `render_pdf` makes it; side by side on the machine's cores where they are many. Raises MissingLibraries."""
    workers = min(os.cpu_count() or 1, len(pages))
    if workers < 2 or sum(map(len, pages)) < WORTH_PROCESSES:
        return [render_pdf(page) for page in pages]
    _weasyprint()  # what is missing is said here, not by each worker
    try:
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _end_with_parent) as pool:
            return list(pool.map(render_pdf, pages))
    except BrokenProcessPool:  # one was killed, most likely for want of memory
        return [render_pdf(page) for page in pages]


def _end_with_parent() -> None:
    """A worker whose parent was killed ends too: nobody waits for its page."""

    def wait() -> None:
        if (parent := multiprocessing.parent_process()) is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _weasyprint() -> Any:
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():  # it prints a page of advice where a library is missing
            warnings.simplefilter("ignore", DeprecationWarning)  # without HarfBuzz's subsetter fontTools takes its place
            import weasyprint
            import weasyprint.urls
    except OSError as error:  # what cffi raises when a shared library is not there
        raise MissingLibraries(f"PDF is left out: the system packages {', '.join(SYSTEM_PACKAGES)} are not installed") from error
    return weasyprint


def render_pdf(html: str) -> bytes:
    """The page on paper, tagged for screen readers; the same page is the same bytes. Raises MissingLibraries."""
    weasyprint = _weasyprint()

    class OwnPictures(weasyprint.urls.URLFetcher):  # type: ignore[misc,name-defined]
        """Opens `data:` addresses of pictures alone; everything else that a page names stays unread."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:image/"):
                raise ValueError("not part of the page")
            return super().fetch(url, headers)

    # a refused address is no fault of ours to report: it came from outside, and the page is whole without it
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fetcher = OwnPictures(allowed_protocols=("data",), allow_redirects=False)
    page = weasyprint.HTML(string=html, base_url=_NOWHERE, url_fetcher=fetcher)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    pdf: bytes = page.write_pdf(pdf_identifier=identifier, pdf_tags=True)
    return pdf
