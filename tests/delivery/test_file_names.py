"""An edition's files bear its last day; files of older versions, which bore the day after, still count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tracker.delivery.publish import is_published, stem_of, stems_of
from tracker.model import Audience, EditionKind, Window
from tracker.settings import Settings
from tracker.store.digests import Edition

ZONE = "Europe/Tirane"
MONDAY = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # midnight of Monday, 23 November, in Tirana
NIGHT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def an_edition(kind: EditionKind, end_at: datetime) -> Edition:
    return Edition(7, "rivers", str(kind), Window(end_at - timedelta(days=7), end_at), NOW)


@pytest.mark.parametrize(
    ("kind", "end_at", "day"),
    [
        (EditionKind.WEEKLY, MONDAY, "2026-11-22"),
        (EditionKind.MONTHLY, datetime(2026, 11, 30, 23, 0, tzinfo=UTC), "2026-11-30"),
        (EditionKind.QUARTERLY, datetime(2026, 9, 30, 22, 0, tzinfo=UTC), "2026-09-30"),
        (EditionKind.NIGHTLY, NIGHT, "2026-11-23"),
    ],
)
def test_the_name_has_the_last_day_that_is_covered(kind: EditionKind, end_at: datetime, day: str) -> None:
    assert stem_of(an_edition(kind, end_at), ZONE) == f"rivers-{kind}-{day}-7"
    assert stem_of(an_edition(kind, end_at), ZONE, Audience.PARTNERS) == f"rivers-{kind}-{day}-7-partners"


def test_files_of_an_older_version_count_as_written(tmp_path: Path) -> None:
    weekly = an_edition(EditionKind.WEEKLY, MONDAY)
    assert not is_published(weekly, ZONE, Settings(), tmp_path, audience=Audience.STAFF)
    assert stems_of(weekly, ZONE) == ("rivers-weekly-2026-11-22-7", "rivers-weekly-2026-11-23-7")
    for ending in ("html", "txt", "eml"):
        (tmp_path / f"rivers-weekly-2026-11-23-7.{ending}").touch()
    assert is_published(weekly, ZONE, Settings(), tmp_path, audience=Audience.STAFF)
    assert len(stems_of(an_edition(EditionKind.NIGHTLY, NIGHT), ZONE)) == 1
