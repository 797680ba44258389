"""An item's whole way through the tracker as a page tells it: who named its address, what its outlet answered, what was found in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from tracker.model import Campaign, FetchFacts, FetchOutcome, Mention, PictureOutcome, SourceKind
from tracker.review.inbox import reasons
from tracker.review.item import ItemPage
from tracker.review.web.context import Desk
from tracker.store import pictures
from tracker.store.trails import Trail

MOST_FORMS = 12
"""Of a term that are named."""


class Step(Struct, frozen=True):
    """A sentence, when that was, and what is told of it besides. `address`: where it happened, empty for the program's own work."""

    sentence: str
    at: datetime | None = None
    details: tuple[str, ...] = ()
    address: str = ""


def whole_way(here: Desk, campaign: Campaign, found: ItemPage, trails: Sequence[Trail]) -> list[Step]:
    """The steps in the order of the flow. What another campaign found in the same page is not told."""
    steps = [step for trail in trails for step in _fetched(here, campaign, trail)]
    steps += _read(here, found, trails)
    steps.append(_matched(here, campaign, found.entry.mention))
    steps.append(Step(here.words.say("trace_story", len(found.story.items))))
    return [*steps, *_picture(here, found)]


def _fetched(here: Desk, campaign: Campaign, trail: Trail) -> Iterator[Step]:
    say = here.words.say
    if link := trail.link:
        by = f"source_kind_{link.found_by}" if link.found_by in {*map(str, SourceKind)} else "trace_by_other"
        yield Step(say("trace_found", by=say(by)), link.found_at, (link.title,) if link.title else (), link.url)
        if len(trail.sightings) > 1:
            yield Step(say("trace_named", len(trail.sightings)), trail.sightings[-1].seen_at)
    for facts in trail.fetches:
        yield Step(say("trace_asked", answer=_answer(here, facts)), facts.fetched_at, address=facts.final_url)
    if trail.link and trail.link.pending:
        yield Step(say("trace_waits"), trail.link.not_before_at)
    if trail.page:
        yield Step(say("trace_kept" if trail.page.kept else "trace_kept_no_more"))
        if trail.page.skipped:
            yield Step(say("trace_no_article"))
    for item in (one for one in trail.hand if one.campaign_id == campaign.id):
        yield Step(say("trace_entered", name=item.entered_by or say("trace_a_person")), item.entered_at)


def _answer(here: Desk, facts: FetchFacts) -> str:
    if facts.outcome is FetchOutcome.FETCHED:
        return here.words.say("trace_answered")
    if facts.outcome is FetchOutcome.UNCHANGED:
        return here.words.say("source_unchanged")
    return here.words.trouble(str(facts.outcome))


def _read(here: Desk, found: ItemPage, trails: Sequence[Trail]) -> Iterator[Step]:
    article, say = found.entry.article, here.words.say
    said = found.entry.as_found or article  # the outlet's own words: this is before anybody corrected them
    language = here.words.language_name(article.language) if here.words.knows_language(article.language) else ""
    yield Step(say("trace_read"), article.fetched_at, tuple(one for one in (said.title, language) if one))
    if said.published:
        yield Step(say("trace_published"), said.published.at)
    for trail in trails:
        if trail.text_given_up_at:
            yield Step(say("trace_text_gone"), trail.text_given_up_at)


def _matched(here: Desk, campaign: Campaign, mention: Mention) -> Step:
    circle = here.circle_names(campaign).get(mention.circle, mention.circle)
    labels = [here.label_name(campaign, label) for label in mention.labels]
    terms = [f"{here.term_name(campaign, one.term_id)}: {', '.join(one.forms)}" for one in reasons(mention.hits, MOST_FORMS)]
    return Step(here.words.say("trace_matched", circle=circle), None, (*terms, *labels))


def _picture(here: Desk, found: ItemPage) -> Iterator[Step]:
    article_id = found.entry.article.id
    with here.reading() as conn:
        asked = pictures.asked(conn, [article_id]).get(article_id)
    if asked is not None:
        kept = asked.outcome == PictureOutcome.KEPT
        yield Step(here.words.say("trace_picture" if kept else "trace_no_picture"), asked.asked_at)
