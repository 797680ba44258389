"""What an edition leaves out has a reason, and what has none is in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import NOW
from tests.digests.test_editions import campaign_of, make, matched, say
from tests.digests.test_selection import CAMPAIGN, HAND, an_entry
from tests.newsdesk import ARTA, HELD, RIVER, Newsdesk
from tracker.digests import editions
from tracker.digests.left_out import Reason, left_out
from tracker.digests.selection import select_entries
from tracker.model import DATE_UNCERTAIN, Audience, Decision, Entry

__all__ = ["matched"]


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    entry = an_entry(
        decision=draw(st.sampled_from([None, *Decision])),
        held=draw(st.booleans()),
        circle=draw(st.sampled_from(["campaign", "organisation", "gone"])),
        sensitive=draw(st.booleans()),
        hand=draw(st.sampled_from([None, HAND])),
    )
    if draw(st.booleans()):
        entry = replace(entry, article=replace(entry.article, canonical_url="https://own.example/lajme/1"))
    labels = draw(st.sampled_from([(), (DATE_UNCERTAIN,)]))
    return replace(entry, mention=replace(entry.mention, labels=labels))


@given(entry=entries(), review=st.sampled_from(["required", "optional"]), audience=st.sampled_from([*Audience]), reported=st.booleans())
def test_an_item_is_in_the_edition_or_left_out_with_a_reason(entry: Entry, review: str, audience: Audience, reported: bool) -> None:
    campaign, before = replace(CAMPAIGN, review=review), [entry.article.id] if reported else []
    shown = select_entries(campaign, [entry], reported=before, audience=audience).shown
    out = left_out(campaign, [entry], reported=before, audience=audience)
    assert len(shown) + len(out) == 1


@pytest.mark.parametrize(
    ("entry", "review", "reason"),
    [
        (an_entry(), "required", Reason.UNDECIDED),
        (an_entry(decision=Decision.UNSURE), "optional", Reason.UNDECIDED),
        (an_entry(decision=Decision.REJECT), "required", Reason.REJECTED),
        (an_entry(decision=Decision.SENSITIVE), "required", Reason.SENSITIVE),
        (an_entry(held=True), "optional", Reason.MAY_BE_CHILD),
        (an_entry(circle="organisation", decision=Decision.ACCEPT), "required", Reason.OTHER_CIRCLE),
    ],
)
def test_the_reason_is_the_one_that_a_person_can_do_something_about(entry: Entry, review: str, reason: Reason) -> None:
    assert [one.reason for one in left_out(replace(CAMPAIGN, review=review), [entry])] == [reason]


def test_a_waiting_edition_is_previewed_as_it_is_once_approved_and_nothing_is_kept(matched: Newsdesk) -> None:
    campaign, at = campaign_of(matched), NOW + timedelta(hours=2)
    edition = make(matched, campaign)
    say(matched, RIVER, Decision.ACCEPT, timedelta(hours=1))
    database, sentences = matched.parts.database, (("sq", "Java ishte e mirë."),)
    before = editions.as_if_approved(database, campaign, edition, at, "Arta", sentences)
    assert editions.digest_of(database, edition.id, Audience.PARTNERS) is None
    editions.approve_edition(database, campaign, edition.id, at, "Arta", sentences)
    assert before == editions.digest_of(database, edition.id, Audience.PARTNERS)


def test_what_is_left_of_its_period_is_named_item_by_item(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    edition = make(matched, campaign)
    say(matched, RIVER, Decision.ACCEPT, timedelta(hours=1))
    inside, reported = editions.of_its_period(matched.parts.database, campaign, edition, Audience.PARTNERS)
    told = {(one.entry.article.title, one.reason) for one in left_out(campaign, inside, reported=reported)}
    assert told == {(HELD, Reason.MAY_BE_CHILD), (ARTA, Reason.OTHER_CIRCLE)}
    assert len(inside) == len(matched.mentions())
