"""Pages of the corpus served twice: what moves on every page is no edit, planted edits and removals are told for what they are.

A sample in every run; all of them, and more plantings, under the marker `soak`.
"""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.builders import a_page, an_outlet
from tests.conftest import CORPUS, lacking
from tests.quality import revisited
from tracker.extraction.article import extract_article
from tracker.model import Article, FetchedPage, ItemText, Seen
from tracker.revisions.alike import shows_the_same
from tracker.revisions.blocks import open_page
from tracker.revisions.compare import Kept, compare, compare_whole

SETS = ("balkan-pages", "fundus", "article-extraction-benchmark", "mediacloud-dates", "readability-pages", "trafilatura-eval")
FALSE_EDITS, TOLD = 0.01, 0.95
"""Measured on 2026-11-27 over every fourth page: see docs/watch.md."""
QUICK = 0.8
"""Of pages on which only counters, links and scripts changed, those that are told without taking them apart."""
SAMPLE_STEP, SAMPLE_FALSE = 24, 1


@dataclass
class Measured:
    """What came of pages served twice. `quick`: how many with light noise the cheap look told; `misled`: planted edits
    that it took for the same and the whole comparison did not."""

    pages: int = 0
    edited: list[str] = field(default_factory=list)
    planted: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    quick: int = 0
    misled: list[tuple[str, str]] = field(default_factory=list)

    @property
    def told(self) -> float:
        return 1 - self.missed.total() / max(self.planted.total(), 1)


def _page(body: bytes) -> FetchedPage:
    url = "https://zeri-i-lumit.example/lajme/artikulli-1"
    return a_page(body=body, requested_url=url, final_url=url, content_type="text/html; charset=utf-8")


def _readable(step: int) -> Iterator[tuple[str, revisited.Served, Article]]:
    if not CORPUS.exists():
        lacking("the corpus")
    paths: list[Path] = sorted(path for name in SETS for path in (CORPUS / name).glob("*.html.gz"))
    for path in paths[::step]:
        served = revisited.parsed(gzip.decompress(path.read_bytes()))
        article = None if served is None else extract_article(_page(served.page()), an_outlet())
        if served is not None and isinstance(article, Article):
            yield path.name, served, article


def _measure(step: int, edits_each: int) -> Measured:
    measured = Measured()
    for number, (name, served, article) in enumerate(_readable(step)):
        rng = random.Random(name)
        first = _page(revisited.with_noise(served, rng, article).page())
        found = extract_article(first, an_outlet())
        if not isinstance(found, Article):
            continue
        measured.pages += 1
        kept = Kept(open_page(first), ItemText(found.title, found.body), first.final_url)
        again = revisited.with_noise(served, rng, article)
        if compare(kept, open_page(_page(again.page()))).seen is Seen.EDITED:
            measured.edited.append(name)
        light = _page(revisited.with_light_noise(served, rng, article).page())
        quiet = Kept(open_page(light), kept.text, light.final_url)
        measured.quick += _says_the_same(quiet, _page(revisited.with_light_noise(served, rng, article).page()))
        kinds = [*revisited.EDITS, *revisited.REMOVALS]
        for kind in (kinds[(number * edits_each + turn) % len(kinds)] for turn in range(edits_each)):
            _plant(kind, kept, served, rng, article, measured)
            planted = _planted(kind, revisited.with_light_noise(served, rng, article), rng, article)
            if (
                planted is not None
                and _says_the_same(quiet, planted)
                and compare_whole(quiet, open_page(planted)).seen is not Seen.UNCHANGED
            ):
                measured.misled.append((name, kind))
    return measured


def _says_the_same(kept: Kept, served: FetchedPage) -> bool:
    """Whether the look before the comparison tells the page for the same."""
    return kept.page is not None and shows_the_same(kept.page, kept.text, open_page(served))


def _planted(kind: str, served: revisited.Served, rng: random.Random, article: Article) -> FetchedPage | None:
    if kind in revisited.REMOVALS:
        return _page(revisited.REMOVALS[kind](served, rng, article))
    return _page(served.page()) if revisited.EDITS[kind](served.tree, rng, article) else None


def _plant(kind: str, kept: Kept, served: revisited.Served, rng: random.Random, article: Article, measured: Measured) -> None:
    changed = revisited.with_noise(served, rng, article)
    if kind in revisited.REMOVALS and len(revisited.paragraphs(changed.tree, article)) < 3:
        return
    page = _planted(kind, changed, rng, article)
    if page is not None:
        wanted = Seen.GONE if kind in revisited.REMOVALS else Seen.EDITED
        measured.planted[kind] += 1
        measured.missed[kind] += compare(kept, open_page(page)).seen is not wanted


def test_a_sample_of_pages_is_told_from_itself_and_from_its_edits() -> None:
    measured = _measure(SAMPLE_STEP, edits_each=3)
    assert measured.pages >= 30
    assert len(measured.edited) <= SAMPLE_FALSE, measured.edited
    assert measured.told >= TOLD - 0.03, measured.missed  # of a hundred plantings
    assert measured.misled == []
    assert measured.quick >= QUICK * measured.pages


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_all_pages_are_told_from_themselves_and_from_their_edits() -> None:
    measured = _measure(1, edits_each=2)
    assert len(measured.edited) <= FALSE_EDITS * measured.pages, measured.edited
    assert measured.told >= TOLD, measured.missed
    assert measured.misled == []
    assert measured.quick >= QUICK * measured.pages
