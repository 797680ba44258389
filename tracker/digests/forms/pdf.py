"""A report as PDF. WeasyPrint reads the page and nothing else: no file, no address, only pictures that the page itself holds."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import warnings
from typing import Any

from tracker.errors import TrackerError

SYSTEM_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
"""Debian's names of the libraries that lay text out; any fonts with Cyrillic will do, `fonts-noto-core` has all."""

_NOWHERE = "https://nowhere.invalid/"
"""What an address without a host is resolved against, and refused: without it WeasyPrint stops at one."""


class MissingLibraries(TrackerError):
    """No PDF can be made on this machine until a system package is installed; every other form can."""


def render_pdf(html: str) -> bytes:
    """The page on paper, tagged for screen readers; the same page is the same bytes. Raises MissingLibraries."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():  # it prints a page of advice where a library is missing
            warnings.simplefilter("ignore", DeprecationWarning)  # without HarfBuzz's subsetter fontTools takes its place
            import weasyprint
            from weasyprint.urls import URLFetcher
    except OSError as error:  # what cffi raises when a shared library is not there
        raise MissingLibraries(f"PDF is left out: the system packages {', '.join(SYSTEM_PACKAGES)} are not installed") from error

    class OwnPictures(URLFetcher):  # type: ignore[misc]
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
