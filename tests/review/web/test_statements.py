"""What a page of the desk asks of the database: as many questions in an archive of years as in a small one, none of which reads a large
table from its first row."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.benchmarks.filled_archive import Filling, fill
from tests.review.web.walking import NOTHING_TO_SHOW, Page, Walker, walker
from tests.store.test_plans import FILLING, watching
from tracker.evidence.days import seal_items
from tracker.review.web.app import make_app
from tracker.workspace import Parts, workspace_settings

FEW, MANY = 400, 2_000
"""Mentions. The smaller archive has an item of every state, so that no list is empty."""
FOR_EACH_LISTED = {"adding.known": 25 * 20, "evidence.edition": 60}
"""Pages that follow each address they list through the whole archive, and a pack that is written some items at a time: at most so many
questions."""
Asked = dict[str, tuple[int, list[str]]]
"""By address: how many statements a page ran when it was first opened, and which of them scan a table."""


def asked_by_every_page(folder: Path, mentions: int) -> tuple[tuple[Page, ...], Asked]:
    folder.mkdir()
    fill(folder, Filling(2 * mentions, mentions, months=FILLING.months, known=FILLING.known))
    with ExitStack() as stack:
        parts = Parts(folder, workspace_settings(folder), lambda: FILLING.end_at)
        stack.callback(parts.close)
        seal_items(parts.database, FILLING.end_at)  # as every night does
        somebody = walker(make_app(parts), parts, FILLING.end_at)
        return somebody.pages, {_name(number, page): _asked(parts, somebody, page) for number, page in enumerate(somebody.pages)}


def _name(number: int, page: Page) -> str:
    """Pages by their place: an item or an edition has another name in the other archive."""
    return f"{number} {page.endpoint}"


def _asked(parts: Parts, somebody: Walker, page: Page) -> tuple[int, list[str]]:
    with watching(parts) as asked:
        answer = somebody.open(page)
    assert answer.status_code < 400 or answer.status_code == NOTHING_TO_SHOW.get(page.endpoint), (
        page.address,
        answer.status,
        answer.text[:300],
    )
    return len(asked.statements), asked.scans()


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[Page, ...], Asked, Asked]:
    folder = tmp_path_factory.mktemp("desks")
    pages, few = asked_by_every_page(folder / "few", FEW)
    _, many = asked_by_every_page(folder / "many", MANY)
    return pages, few, many


def test_every_page_that_is_opened_by_its_address_is_measured(archives: tuple[tuple[Page, ...], Asked, Asked], tmp_path: Path) -> None:
    opened = {page.endpoint for page in archives[0]}
    parts = Parts(tmp_path, workspace_settings(tmp_path), lambda: FILLING.end_at)
    with ExitStack() as stack:
        stack.callback(parts.close)
        routes = {rule.endpoint for rule in make_app(parts).url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert opened == routes
    assert len(archives[0]) > len(routes) + 20  # filters, periods and words are looked for as well


def test_a_page_asks_as_many_questions_however_many_items_there_are(archives: tuple[tuple[Page, ...], Asked, Asked]) -> None:
    pages, few, many = archives
    grown = {
        pages[number].address: (count, many[name][0])
        for number, (name, (count, _)) in enumerate(few.items())
        if many[name][0] > FOR_EACH_LISTED.get(pages[number].endpoint, count)
    }
    assert grown == {}


def test_no_page_reads_a_growing_table_from_its_first_row(archives: tuple[tuple[Page, ...], Asked, Asked]) -> None:
    pages, _, many = archives
    scanning = {pages[number].address: left for number, (_, scans) in enumerate(many.values()) if (left := _growing(scans))}
    assert scanning == {}


def _growing(scans: list[str]) -> list[str]:
    """Without those over an index of what is open alone: it holds no more than is still to be done."""
    return [scan for scan in scans if not re.match(r"SCAN \w+ USING (?:COVERING )?INDEX (?:ix_links_pending|ix_pages_unscreened)\b", scan)]
