"""Who is shown what: staff all but the rejected and the held, partners what is cleared for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.builders import NOW, a_campaign, a_hit, a_mention, a_verdict, an_article, an_outlet
from tracker.digests.selection import changed_since, select_entries, with_decisive_hits, withdrawn_since
from tracker.model import (
    Audience,
    ChangeKind,
    Circle,
    Decision,
    Entry,
    HandItem,
    ItemText,
    Medium,
    MentionChange,
    Revision,
    Spokesperson,
    Term,
    TermEntry,
    TermKind,
    Window,
)

CIRCLES = (
    Circle("campaign", "The campaign", "partners", "river"),
    Circle("organisation", "The organisation", "staff", "arta"),
    Circle("context", "Context", "staff", "ban"),
)
TERMS = tuple(Term(name, TermKind.WORD, (TermEntry(name, "sq"),)) for name in ("river", "arta", "ban"))
CAMPAIGN = a_campaign(review="required", circles=CIRCLES, terms=TERMS, own_domains=("own.example",))


def an_entry(number: int = 1, *, decision: Decision | None = None, held: bool = False, circle: str = "campaign", **fields: object) -> Entry:
    verdict = a_verdict(number, decision) if decision else None
    mention = a_mention(number, held=held, circle=circle)
    return replace(Entry(mention, an_article(number, id=number), an_outlet(), f"story-{number}", verdict), **fields)  # type: ignore[arg-type]


HAND = HandItem("rivers", 1, Medium.PRINT, "campaign", NOW)


@pytest.mark.parametrize(
    ("entry", "review", "staff", "partners"),
    [
        (an_entry(), "required", "counted", "unreviewed"),
        (an_entry(), "optional", "counted", "counted"),
        (an_entry(decision=Decision.ACCEPT), "required", "counted", "counted"),
        (an_entry(decision=Decision.UNSURE), "optional", "counted", "unreviewed"),
        (an_entry(decision=Decision.REJECT), "optional", "rejected", "rejected"),
        (an_entry(decision=Decision.SENSITIVE), "optional", "held", "held"),
        (an_entry(sensitive=True, decision=Decision.ACCEPT), "optional", "held", "held"),
        (an_entry(held=True), "optional", "held", "held"),
        (an_entry(held=True, decision=Decision.UNSURE), "optional", "held", "held"),
        (an_entry(held=True, decision=Decision.ACCEPT), "required", "counted", "counted"),
        (an_entry(hand=HAND, decision=Decision.ACCEPT), "required", "counted", "counted"),
        (an_entry(hand=HAND), "required", "counted", "unreviewed"),
        (an_entry(hand=HAND, held=True), "required", "held", "held"),
        (an_entry(hand=HAND, decision=Decision.UNSURE), "required", "counted", "unreviewed"),
        (an_entry(circle="organisation", decision=Decision.ACCEPT), "optional", "organisation", ""),
        (an_entry(circle="context", decision=Decision.ACCEPT), "optional", "context", ""),
    ],
)
def test_each_audience_is_shown_what_it_may_see(entry: Entry, review: str, staff: str, partners: str) -> None:
    for audience, wanted in ((Audience.STAFF, staff), (Audience.PARTNERS, partners)):
        selection = select_entries(replace(CAMPAIGN, review=review), [entry], audience=audience)
        told = {
            **{part: len(getattr(selection, part)) for part in ("counted", "organisation", "context", "own_channels")},
            **{count: getattr(selection, count) for count in ("held", "rejected", "unreviewed")},
        }
        assert {name: count for name, count in told.items() if count} == ({wanted: 1} if wanted else {}), audience


def test_own_channels_stand_apart_and_are_never_counted() -> None:
    entry = an_entry(decision=Decision.ACCEPT)
    own = replace(entry, article=replace(entry.article, canonical_url="https://www.own.example/lajme/1"))
    selection = select_entries(CAMPAIGN, [own], audience=Audience.PARTNERS)
    assert selection.own_channels
    assert not selection.counted


def test_what_was_reported_is_not_shown_again() -> None:
    assert select_entries(CAMPAIGN, [an_entry(1), an_entry(2)], reported=[1]).counted == (an_entry(2),)


def test_names_of_spokespeople_stay_with_an_item_that_the_campaigns_terms_found() -> None:
    campaign = replace(CAMPAIGN, spokespeople=(Spokesperson("Arta Lumaj", ("arta",)),))
    hits = tuple(a_hit(term_id=term) for term in ("river", "arta", "ban"))
    entry = an_entry()
    entry = replace(entry, mention=replace(entry.mention, hits=hits))
    assert [hit.term_id for hit in with_decisive_hits(campaign, entry).mention.hits] == ["river", "arta"]


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("decision", "decided", "title"),
    [
        (Decision.REJECT, NOW + HOUR, "Lumi doli nga shtrati 1"),
        (Decision.SENSITIVE, NOW + HOUR, ""),
        (Decision.ACCEPT, NOW + HOUR, None),
        (Decision.REJECT, NOW - HOUR, None),  # told in an earlier edition
        (Decision.REJECT, NOW + 3 * HOUR, None),  # to be told in the next one
    ],
)
def test_what_a_person_took_back_since_the_last_edition_is_told_once_and_a_child_never_named(
    decision: Decision, decided: object, title: str | None
) -> None:
    before = an_entry(decision=Decision.ACCEPT)
    now = replace(before, verdict=replace(a_verdict(1, decision), decided_at=decided))
    found = withdrawn_since([(before, "weekly", NOW - 2 * HOUR)], [now], Window(NOW, NOW + 2 * HOUR))
    assert [one.title for one in found] == ([] if title is None else [title])


def a_revision(kind: ChangeKind, *means: MentionChange, title: str = "") -> Revision:
    before = None if kind is ChangeKind.BACK else ItemText(an_article(1).title, "x")
    after = None if kind is ChangeKind.GONE else ItemText(title or an_article(1).title, "y")
    return Revision(1, 1, kind, NOW, before, after, mention_changes=tuple(("rivers", str(one)) for one in means))


EDITED, GONE, BACK = ChangeKind.EDITED, ChangeKind.GONE, ChangeKind.BACK


@pytest.mark.parametrize(
    ("changes", "told", "new_title"),
    [
        ([a_revision(EDITED)], "edited", ""),
        ([a_revision(EDITED, title="Lumi ra")], "edited", "Lumi ra"),
        ([a_revision(EDITED, MentionChange.HELD, title="Emri i fëmijës")], "edited", ""),
        ([a_revision(EDITED, MentionChange.CORRECTION)], "correction", ""),
        ([a_revision(EDITED, MentionChange.CORRECTION, MentionChange.NAME_GONE)], "name_gone", ""),
        ([a_revision(EDITED), a_revision(GONE)], "gone", ""),
        ([a_revision(BACK)], "back", ""),
        ([a_revision(GONE), a_revision(BACK)], None, ""),
        ([a_revision(GONE), a_revision(BACK), a_revision(EDITED)], "edited", ""),
        ([], None, ""),
    ],
)
def test_an_item_that_changed_since_is_named_once_with_what_stands_now(changes: list[Revision], told: str | None, new_title: str) -> None:
    found = changed_since([an_entry(), an_entry()], [an_entry()], {1: changes})
    assert [(one.change, one.new_title) for one in found] == ([] if told is None else [(told, new_title)])


@pytest.mark.parametrize("now", [an_entry(decision=Decision.SENSITIVE), an_entry(held=True), an_entry(decision=Decision.REJECT)])
def test_a_change_of_what_is_withheld_or_taken_back_is_not_named(now: Entry) -> None:
    assert changed_since([an_entry()], [now], {1: [a_revision(GONE)]}) == ()
