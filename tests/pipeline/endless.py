"""A page that is never read to its end. In a module of its own, as worker processes import it."""

from __future__ import annotations

import threading

from tracker.model import Outlet
from tracker.pipeline import page_pool
from tracker.pipeline.page_pool import _Read
from tracker.store.packing import StoredPage

ENDLESS = "https://zeri-i-lumit.example/lajme/pa-fund"


def extract_pages(batch: list[tuple[StoredPage, Outlet]]) -> list[_Read]:
    """As the real one, which a parser without an end never comes back from."""
    if any(page.requested_url == ENDLESS for page, _ in batch):
        threading.Event().wait()
    return page_pool._extract_pages(batch)
