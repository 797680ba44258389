"""Records on their way to another process and back."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from tests.builders import NOW, an_article
from tracker.model import DateReading, DateSource, Precision, Published
from tracker.store.packing import StoredPage

PUBLISHED = Published(NOW, Precision.DAY)


@pytest.mark.parametrize(
    "record",
    [
        an_article(published=PUBLISHED, date_readings=(DateReading(next(iter(DateSource)), PUBLISHED),)),
        PUBLISHED,
        StoredPage(1, 2, "o", "u", "f", "t", b"x", NOW, hint_published=PUBLISHED, hint_authors=("A",)),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_record_arrives_as_it_was_sent(record: Any) -> None:
    for again in (pickle.loads(pickle.dumps(record)), copy.deepcopy(record)):
        assert (type(again), again) == (type(record), record)
