from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.crawl.middlewares.retries import LONGEST_ASKED_SECONDS, answered_at, retry_after_seconds

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"Mon, 23 Nov 2026 02:01:00 GMT", 60.0),
        (b"Mon, 23 Nov 2026 02:01:00", 60.0),
        (b"Mon, 23 Nov 2020 02:01:00 GMT", 0.0),
        (None, None),
        (b"", None),
        (b"soon", None),
        (b"-5", None),
        (b"99999999999999999999", LONGEST_ASKED_SECONDS),
        (b"9" * 5000, LONGEST_ASKED_SECONDS),
        (b"Fri, 27 Nov 9999 12:00:00 GMT", LONGEST_ASKED_SECONDS),
        (b"1.5", 1.5),
        (b"nan", None),
        (b"inf", None),
        (b"1e9", None),
        (b"0x10", None),
        (b"1_000", None),
        (b"30, 60", None),
        (b"\xd9\xa1\xd9\xa2", None),
        (b"Fri, 99 Nov 2026", None),
        (b"\xff\xfe", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_moment(header: bytes | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(st.binary(max_size=40))
def test_retry_after_of_any_kind_never_raises(header: bytes) -> None:
    found = retry_after_seconds(header, NOW)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        (b"Mon, 23 Nov 2026 02:00:30 GMT", 30.0),
        (b"Mon, 23 Nov 2026 01:58:00 GMT", 180.0),
        (b"Mon, 23 Nov 2026 02:02:00 GMT", 0.0),
        (b"Tue, 24 Nov 2020", 60.0),
        (b"yesterday", 60.0),
        (b"", 60.0),
        (None, 60.0),
    ],
)
def test_a_moment_to_come_back_at_is_counted_from_the_servers_own_clock(date: bytes | None, seconds: float) -> None:
    assert retry_after_seconds(b"Mon, 23 Nov 2026 02:01:00 GMT", answered_at(date, NOW)) == seconds


@given(st.binary(max_size=40))
def test_a_date_of_any_kind_never_raises(header: bytes) -> None:
    assert answered_at(header, NOW).tzinfo is not None
