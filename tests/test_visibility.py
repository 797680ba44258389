"""Who may see an item, as a table of every case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, a_campaign, a_hand_item, a_mention, a_verdict, an_article, an_outlet
from tracker.model import Decision, Entry, Verdict
from tracker.visibility import (
    is_accepted,
    is_called_sensitive,
    is_cleared,
    is_own_channel,
    is_rejected,
    is_sensitive_copy,
    is_undecided,
    is_withheld,
    newest,
)

ALL = (None, *Decision)


def entry(decision: Decision | None = None, *, held: bool = False, sensitive: bool = False, url: str = "") -> Entry:
    article = an_article(**({"canonical_url": url} if url else {}))
    return Entry(
        a_mention(held=held),
        article,
        an_outlet(),
        "",
        verdict=decision and a_verdict(decision=decision),
        sensitive=sensitive,
    )


@pytest.mark.parametrize("decision", ALL)
def test_an_item_sensitive_anywhere_is_withheld_whatever_this_campaign_says(decision: Decision | None) -> None:
    assert is_withheld(entry(decision, sensitive=True))
    assert is_called_sensitive(entry(decision, sensitive=True))


@pytest.mark.parametrize(
    ("decision", "withheld"), [(None, True), ("accept", False), ("reject", True), ("unsure", True), ("sensitive", True)]
)
def test_what_a_label_holds_back_is_free_by_acceptance_alone(decision: str | None, withheld: bool) -> None:
    assert is_withheld(entry(decision and Decision(decision), held=True)) is withheld


@pytest.mark.parametrize("decision", ALL)
def test_what_nothing_marks_is_withheld_only_when_called_sensitive(decision: Decision | None) -> None:
    assert is_withheld(entry(decision)) is (decision is Decision.SENSITIVE) is is_called_sensitive(entry(decision))
    assert is_rejected(entry(decision)) is (decision is Decision.REJECT)
    assert is_undecided(decision and a_verdict(decision=decision)) is (decision in (None, Decision.UNSURE))


@given(decision=st.sampled_from(ALL), held=st.booleans(), sensitive=st.booleans())
def test_what_is_accepted_for_partners_is_never_withheld(decision: Decision | None, held: bool, sensitive: bool) -> None:
    one = entry(decision, held=held, sensitive=sensitive)
    assert not (is_accepted(one) and is_withheld(one))
    assert is_accepted(one) is (decision is Decision.ACCEPT and not sensitive)


@pytest.mark.parametrize("review", ["required", "optional"])
@pytest.mark.parametrize("decision", ALL)
def test_partners_see_what_a_person_accepted_or_nobody_doubts(decision: Decision | None, review: str) -> None:
    cleared = is_cleared(a_campaign(review=review), entry(decision))
    assert cleared is (review == "optional" if decision is None else decision is Decision.ACCEPT)


@pytest.mark.parametrize(
    ("verdict", "sensitive"),
    [
        (None, True),
        (a_verdict(decided_at=NOW - timedelta(seconds=1)), True),
        (a_verdict(decided_at=NOW), True),
        (a_verdict(decided_at=NOW + timedelta(seconds=1)), False),
        (a_verdict(decision=Decision.REJECT, decided_at=NOW + timedelta(days=1)), True),
        (a_verdict(decision=Decision.UNSURE, decided_at=NOW + timedelta(days=1)), True),
    ],
)
def test_a_copy_of_a_sensitive_item_is_free_by_a_later_acceptance_alone(verdict: Verdict | None, sensitive: bool) -> None:
    assert is_sensitive_copy(verdict, NOW) is sensitive
    assert not is_sensitive_copy(verdict, None)


@pytest.mark.parametrize(
    ("verdict", "sensitive"),
    [
        (None, True),
        (a_verdict(decided_at=NOW), True),
        (a_verdict(decision=Decision.UNSURE, decided_at=NOW), True),
        (a_verdict(decided_at=NOW + timedelta(seconds=1)), False),
        (a_verdict(decision=Decision.REJECT, decided_at=NOW + timedelta(seconds=1)), True),
    ],
)
def test_the_acceptance_made_on_entry_does_not_free_a_copy_of_a_sensitive_item(verdict: Verdict | None, sensitive: bool) -> None:
    entered = a_hand_item(entered_at=NOW)
    assert is_sensitive_copy(verdict, NOW - timedelta(days=1), entered) is sensitive
    assert not is_sensitive_copy(verdict, None, entered)


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://rivers.example/news/1", True),
        ("https://WWW.Rivers.Example/news/1", True),
        ("https://notrivers.example/news/1", False),
        ("https://rivers.example.evil.test/", False),
        ("urn:tracker:entered:1", False),
        ("https://[rivers.example/", False),
    ],
)
def test_the_campaigns_own_site_and_what_lies_under_it_are_its_own_channels(url: str, own: bool) -> None:
    assert is_own_channel(a_campaign(own_domains=("rivers.example",)), entry(url=url)) is own


def test_the_newest_of_no_verdicts_is_none() -> None:
    assert newest([]) is None
    assert newest([a_verdict(), last := a_verdict(decision=Decision.REJECT)]) is last
