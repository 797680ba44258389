"""Who gets which edition, and what an attempt comes to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.delivery.letters import a_recipient, a_released_edition
from tracker.delivery.planning import (
    BACK_OFF,
    MAX_WORDS,
    Attempt,
    Result,
    Settlement,
    Stage,
    clean_words,
    identity_of,
    judge_loss,
    judge_reply,
    plan_letters,
    settle,
)
from tracker.delivery.recipients import Role, read_send_on
from tracker.model import Audience, EditionKind

ANA, BORA = a_recipient("ana@example.org"), a_recipient("bora@example.org", role=Role.STAFF)
HOUR = timedelta(hours=1)


def planned(*editions: object, recipients: object = (ANA, BORA), after: timedelta = HOUR, **asked: object) -> list[tuple[int, str]]:
    letters = plan_letters(editions, recipients, NOW + after, **asked)  # type: ignore[arg-type]
    return [(letter.edition.edition_id, letter.recipient.address.local) for letter in letters]


def test_an_edition_goes_to_those_who_read_its_kind_and_may_read_it() -> None:
    assert planned(a_released_edition()) == [(1, "ana")]
    assert planned(a_released_edition(audience=Audience.STAFF)) == [(1, "bora")]
    assert planned(a_released_edition(kind=EditionKind.MONTHLY)) == []


def test_a_donor_reads_what_partners_read_and_of_the_campaigns_named() -> None:
    donor = a_recipient(role=Role.DONOR, campaigns=("lakes",))
    assert planned(a_released_edition(), recipients=[donor]) == []
    assert planned(a_released_edition(campaign_id="lakes"), recipients=[donor]) == [(1, "ana")]


def test_an_old_edition_goes_to_nobody_new_unless_it_is_asked_for() -> None:
    assert planned(a_released_edition(), after=timedelta(days=7)) == [(1, "ana")]
    assert planned(a_released_edition(), after=timedelta(days=7, seconds=1)) == []
    assert planned(a_released_edition(), after=timedelta(days=700), asked_id=1) == [(1, "ana")]
    nightly = a_recipient(edition=EditionKind.NIGHTLY, send_on=read_send_on("07:00", EditionKind.NIGHTLY))
    assert planned(a_released_edition(kind=EditionKind.NIGHTLY), recipients=[nightly], after=timedelta(days=4)) == []


def test_a_report_goes_out_only_when_asked_for_and_once_to_each_address() -> None:
    report = a_released_edition(kind=EditionKind.REPORT)
    monthly = a_recipient(edition=EditionKind.MONTHLY)
    assert planned(report) == []
    assert planned(report, recipients=[ANA, monthly, BORA], asked_id=1) == [(1, "ana")]
    assert planned(report, a_released_edition(edition_id=2), asked_id=2) == [(2, "ana")]


def test_an_edition_in_which_nothing_was_found_goes_to_partners_by_setting() -> None:
    empty, for_staff = a_released_edition(items=0), a_released_edition(items=0, audience=Audience.STAFF)
    assert planned(empty, for_staff) == [(1, "ana"), (1, "bora")]
    assert planned(empty, for_staff, send_empty=False) == [(1, "bora")]


def test_a_letter_is_the_same_letter_under_another_number_and_in_other_capitals() -> None:
    edition = a_released_edition()
    assert identity_of(edition, ANA) == identity_of(a_released_edition(edition_id=99), a_recipient("ANA@example.org"))
    others = [a_released_edition(campaign_id="lakes"), a_released_edition(kind=EditionKind.MONTHLY), a_released_edition(end_at=NOW + HOUR)]
    assert len({identity_of(one, ANA) for one in [edition, *others]} | {identity_of(edition, BORA)}) == 5


@pytest.mark.parametrize("stage", list(Stage))
def test_a_yes_that_was_lost_is_unknown_only_after_the_letter(stage: Stage) -> None:
    attempt = judge_loss(stage, "reset")
    assert attempt.result is (Result.UNKNOWN if stage is Stage.END else Result.TRY_LATER)
    assert attempt.whole_server is stage.of_server


@pytest.mark.parametrize(("code", "wanted"), [(451, Result.TRY_LATER), (550, Result.REFUSED), (354, Result.UNKNOWN), (-1, Result.UNKNOWN)])
def test_the_last_answer_decides(code: int, wanted: Result) -> None:
    assert judge_reply(Stage.END, code, "words").result is wanted
    assert judge_reply(Stage.RCPT, code, "words").result is (wanted if wanted is not Result.UNKNOWN else Result.TRY_LATER)


def test_what_is_put_off_is_tried_for_a_day_and_then_refused_with_the_servers_words() -> None:
    attempt = Attempt(Result.TRY_LATER, "450 greylisted")
    now, waits = NOW, []
    for number in range(1, len(BACK_OFF) + 1):
        settled = settle(attempt, number, now, NOW)
        assert settled.result is Result.TRY_LATER
        assert settled.due_at is not None
        waits.append(settled.due_at - now)
        now = settled.due_at
    assert waits == sorted(waits)
    assert timedelta(hours=20) < now - NOW < timedelta(hours=25)
    last = settle(attempt, len(BACK_OFF) + 1, now, NOW)
    assert last == Settlement(Result.REFUSED, "given up after 8 attempts; 450 greylisted")


def test_a_server_out_of_reach_is_never_held_against_a_letter() -> None:
    attempt = Attempt(Result.TRY_LATER, "connection refused", whole_server=True)
    assert settle(attempt, 99, NOW + HOUR, NOW) == Settlement(Result.TRY_LATER, "connection refused", NOW)


@pytest.mark.parametrize("result", [Result.SENT, Result.REFUSED, Result.UNKNOWN])
def test_what_has_ended_is_not_due_again(result: Result) -> None:
    assert settle(Attempt(result, "words"), 1, NOW, NOW) == Settlement(result, "words")


def test_a_servers_words_are_one_line_without_secrets_and_not_for_ever() -> None:
    assert clean_words("550 \x1b[2J\r\nhunter2\u202e is  wrong", ["hunter2", ""]) == "550 [2J *** is wrong"
    assert len(clean_words("x" * 5000)) == MAX_WORDS
