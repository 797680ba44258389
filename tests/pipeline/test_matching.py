"""Several campaigns are one pass over what is new: each finds what it finds alone, and each text is laid out once."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.builders import NOW
from tests.newsdesk import Addresses
from tracker.matching.scanning import Scan
from tracker.model import Campaign, Mention, StepReport
from tracker.pipeline.matching import MatchStep
from tracker.pipeline.page_pool import PagePool
from tracker.store import articles, mentions, registers
from tracker.workspace import Parts, open_parts, read_campaigns

ALIKE = 6


@pytest.fixture
def folder(ordinary_night: tuple[Path, Addresses], tmp_path: Path) -> Path:
    return tmp_path


def desk_in(folder: Path, night: tuple[Path, Addresses]) -> Path:
    shutil.copytree(night[0], folder)
    return folder


def campaigns_of(folder: Path) -> list[Campaign]:
    """The desk's campaign, the same with other circles, with nothing to find, and one that begins after all articles."""
    (own,) = read_campaigns(folder)
    circles = own.circles
    others = (
        replace(own, id="organisation", circles=circles[1:]),
        replace(own, id="held", circles=(replace(circles[0], query="minor or spokesperson"),)),
        replace(own, id="nothing", circles=(replace(circles[0], query='"no such words anywhere"'),)),
        replace(own, id="later", since=NOW.date().replace(year=NOW.year + 1)),
    )
    return [own, *others]


def match(parts: Parts, campaigns: Sequence[Campaign]) -> list[StepReport]:
    with parts.database.reading() as conn:
        outlets = registers.outlets(conn)
    with PagePool(campaigns, outlets, workers=1, page_timeout_seconds=30) as pool:
        return MatchStep(parts.database, campaigns, NOW, lambda: pool).run()


def told(reports: Sequence[StepReport]) -> list[tuple[Any, ...]]:
    return [(one.step, one.inputs, one.outcomes, one.remarks) for one in reports]


def stored(parts: Parts, campaign: Campaign) -> list[Mention]:
    with parts.database.reading() as conn:
        return mentions.for_campaign(conn, campaign.id)


def test_campaigns_side_by_side_find_what_each_finds_alone(folder: Path, ordinary_night: tuple[Path, Addresses]) -> None:
    together, alone = (desk_in(folder / name, ordinary_night) for name in ("together", "alone"))
    campaigns = campaigns_of(together)
    with open_parts(together) as parts, open_parts(alone) as others:
        reports = match(parts, campaigns)
        assert told(reports) == told([match(others, [campaign])[0] for campaign in campaigns])
        for campaign in campaigns:
            assert stored(parts, campaign) == stored(others, campaign)
        assert stored(parts, campaigns[0])
        assert stored(parts, campaigns[1])
        assert not stored(parts, campaigns[3])
        assert [one.inputs for one in match(parts, campaigns)] == [0] * len(campaigns)


def test_a_campaign_that_comes_later_looks_at_everything_and_the_others_at_nothing(
    folder: Path, ordinary_night: tuple[Path, Addresses]
) -> None:
    with open_parts(desk_in(folder / "desk", ordinary_night)) as parts:
        own, second, *_ = campaigns_of(folder / "desk")
        match(parts, [own])
        before = stored(parts, own)
        first, other = match(parts, [own, second])
        assert first.inputs == 0
        assert other.inputs > 0
        assert stored(parts, own) == before
        assert stored(parts, second)


def test_a_text_is_laid_out_and_unpacked_once_however_many_campaigns_look(
    folder: Path, ordinary_night: tuple[Path, Addresses], monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[str] = []
    unpacked: list[int] = []
    real_scan, real_many = Scan.__init__, articles.get_many

    def scan(self: Scan, text: str) -> None:
        laid_out.append(text)
        real_scan(self, text)

    def many(conn: Any, ids: Any) -> Any:
        unpacked.extend(ids)
        return real_many(conn, ids)

    monkeypatch.setattr(Scan, "__init__", scan)
    monkeypatch.setattr(articles, "get_many", many)
    counts = []
    for number in (1, ALIKE):
        with open_parts(desk_in(folder / str(number), ordinary_night)) as parts:
            own, *_ = campaigns_of(folder / str(number))
            match(parts, [replace(own, id=f"c{one}") for one in range(number)])
        counts.append((len(laid_out), len(unpacked)))
        laid_out.clear()
        unpacked.clear()
    assert counts[0] == counts[1]
    assert counts[0][0] > 0
