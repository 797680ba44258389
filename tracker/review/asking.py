"""Why was this not found? The stage at which an address stopped, in words, and what a person can do about it at once."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from tracker.errors import UsageError
from tracker.matching.explain import Explanation, explain
from tracker.matching.matcher import Matcher
from tracker.model import Article, Campaign
from tracker.monitoring import recall
from tracker.monitoring.recall import KnownItem, Stage
from tracker.monitoring.trace import trace
from tracker.pipeline.discover import Proposal
from tracker.pipeline.run import seed_register, watched_catalogue
from tracker.register.catalog import Catalogue
from tracker.store import registers
from tracker.store.database import Database
from tracker.store.trails import Trail
from tracker.urls.canonical import normalise, registrable_domain, without_tracking
from tracker.urls.links import web_address
from tracker.workspace import Parts

MOST_SPELLINGS = 5
"""Offered for one text: what came nearest, the first of each term."""


class Remedy(StrEnum):
    """What a person can do."""

    WATCH = "watch"  # the site has no outlet in the register: look it over and watch it
    SWITCH_ON = "switch_on"  # its outlet's sources are switched off
    ADD = "add"  # fetch the page and count it on the person's word
    TYPE_IN = "type_in"  # it cannot be fetched: enter it by hand
    SPELLING = "spelling"  # a word of its text nearly is a term: take it in as a spelling
    LOOK = "look"  # it is there: open the item
    WAIT = "wait"  # the next run does it


class Special(StrEnum):
    """What the stage alone does not tell."""

    OLDER = "older"  # it matches, and is older than the campaign
    NEXT_RUN = "next_run"  # the campaign as it is now matches it
    SWITCHED_OFF = "switched_off"  # its outlet's sources are


class Offer(Struct, frozen=True):
    """A remedy and what it concerns: an address, an outlet, an item; of a spelling its term."""

    remedy: Remedy
    target: str = ""
    term_id: str = ""


class Answer(Struct, frozen=True):
    """Where an address stopped. `why` is in the program's words; a page says `special` and `cause` in the reader's. `explanation`: what
    the campaign makes of its text, where it has one."""

    url: str
    stage: Stage
    why: str
    offers: tuple[Offer, ...]
    outlet: str = ""
    title: str = ""
    mention_id: str = ""
    explanation: Explanation | None = None
    special: Special | None = None
    cause: str = ""

    @property
    def found_terms(self) -> tuple[str, ...]:
        """The campaign's terms that stand in the text, though no query holds."""
        return tuple(dict.fromkeys(hit.term_id for hit in self.explanation.hits if hit.term_id)) if self.explanation else ()


def why_not_found(database: Database, campaign: Campaign, url: str) -> Answer:
    """The answer for an address as a person pasted it. Raises UsageError for what is none."""
    address = without_tracking(web_address(url.strip()))
    if not address or not normalise(address):
        raise UsageError(f"{url[:100]!r} is no web address; write it as https://example.al/news/1")
    (found,) = recall.recall(database, campaign.id, [KnownItem(address)]).items
    trails = trace(database, address)
    trail = max(trails, key=_reached, default=None)
    article = trail.article if trail else None
    answer = Answer(
        address, found.stage, found.why, (), title=article.title if article else "", mention_id=_mention(trail, campaign), cause=found.cause
    )
    if found.stage is Stage.NO_MENTION and article is not None:
        return _no_mention(campaign, answer, article)
    if found.stage is Stage.NOT_WATCHED:
        return _with(answer, [Offer(Remedy.WATCH, _site(address)), Offer(Remedy.ADD, address), Offer(Remedy.TYPE_IN)])
    if found.stage is Stage.NOT_NAMED:
        return _not_named(database, answer)
    if found.stage is Stage.NOT_FETCHED:
        waits = trail is not None and trail.link is not None and trail.link.pending
        again = [Offer(Remedy.WAIT)] if waits else []
        return _with(answer, [*again, Offer(Remedy.ADD, address), Offer(Remedy.TYPE_IN)])
    if found.stage is Stage.NO_ARTICLE:
        unread = trail is not None and trail.page is not None and trail.page.skipped is None
        return _with(answer, [Offer(Remedy.WAIT)] if unread else [Offer(Remedy.TYPE_IN)])
    return _with(answer, [Offer(Remedy.LOOK, answer.mention_id)] if answer.mention_id else [])


def watch(parts: Parts, proposal: Proposal) -> int:
    """Watches a site that was looked over, from the next run on, beside all that is watched. Returns how many sources that adds.
    Raises UsageError where nothing of it can be followed or it is watched already."""
    if not proposal.worth_watching:
        raise UsageError(f"{proposal.outlet.homepage} has nothing by which it could be followed")
    seed_register(parts)
    with parts.database.writing() as conn:
        states = registers.states(conn)
        domain = registrable_domain(proposal.outlet.homepage)
        if any(state.watched and registrable_domain(state.outlet.homepage) == domain for state in states):
            raise UsageError(f"{domain} is watched already")
        now = watched_catalogue(states)
        merged = Catalogue((*now.outlets, proposal.outlet), (*now.sources, *proposal.sources))
        registers.replace(conn, merged.outlets, merged.sources, parts.clock())
    return len(proposal.sources)


def _reached(trail: Trail) -> tuple[bool, bool, bool]:
    return bool(trail.mentions), trail.article is not None, trail.page is not None


def _mention(trail: Trail | None, campaign: Campaign) -> str:
    return next((one.id for one in trail.mentions if one.campaign_id == campaign.id), "") if trail else ""


def _with(answer: Answer, offers: Sequence[Offer], *, outlet: str = "", why: str = "") -> Answer:
    return replace(answer, offers=tuple(offers), outlet=outlet or answer.outlet, why=why or answer.why)


def _no_mention(campaign: Campaign, answer: Answer, article: Article) -> Answer:
    explanation = explain(Matcher(campaign), article.body, article.language, article.title)
    offers = [Offer(Remedy.ADD, answer.url)]
    why, special = answer.why, None
    if explanation.circle and not article.may_be_from(campaign.since):
        why, special = f"it is older than the campaign, which begins on {campaign.since.isoformat()}", Special.OLDER
    elif explanation.circle:
        why, offers = "the campaign as it is now finds it; the next run takes it in", [Offer(Remedy.WAIT), *offers]
        special = Special.NEXT_RUN
    else:
        nearest = dict.fromkeys((miss.term_id, miss.found) for miss in explanation.misses if miss.may_be_spelling)
        offers += [Offer(Remedy.SPELLING, found, term_id) for term_id, found in [*nearest][:MOST_SPELLINGS]]
    return replace(answer, why=why, offers=tuple(offers), explanation=explanation, special=special)


def _not_named(database: Database, answer: Answer) -> Answer:
    domain = registrable_domain(answer.url)
    with database.reading() as conn:
        outlets = [one.id for one in registers.outlets(conn).values() if registrable_domain(one.homepage) == domain]
        here = [state for state in registers.states(conn, outlets) if state.watched]
    on = [state for state in here if state.enabled]
    name = here[0].outlet.name if here else ""
    add = [Offer(Remedy.ADD, answer.url), Offer(Remedy.TYPE_IN)]
    if here and not on:
        off = _with(answer, [Offer(Remedy.SWITCH_ON, here[0].outlet.id), *add], outlet=name, why=f"all sources of {name} are switched off")
        return replace(off, special=Special.SWITCHED_OFF)
    if not here:
        return _with(answer, [Offer(Remedy.WATCH, _site(answer.url)), *add], why="its outlet has no source that is watched")
    return _with(answer, add, outlet=name)


def _site(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"
