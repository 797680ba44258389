"""One article's whole way through the tracker, or where it stopped and why, as lines a press officer can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from tracker.model import CORRECTABLE, Article, DateSource, Event, FetchFacts, HandItem, Verdict
from tracker.store import articles, entries, mentions, pictures, registers, trails
from tracker.store.database import Database
from tracker.store.replay import counting
from tracker.store.trails import Trail
from tracker.text.dates import zone_of
from tracker.text.local_time import in_words, in_zone
from tracker.urls import canonical
from tracker.visibility import is_withheld

Clock = Callable[[datetime], str]
"""Writes a moment for people."""

_SOURCES = {
    DateSource.RULE: "the outlet's rule says",
    DateSource.JSON_LD: "the page's JSON-LD says",
    DateSource.META: "a meta field says",
    DateSource.LISTING: "the feed or sitemap says",
    DateSource.ADDRESS: "the address says",
    DateSource.BYLINE: "the line by the headline says",
    DateSource.UPDATE: "the page names only an update,",
    DateSource.TEXT: "a search of the text found",
}


def trace(database: Database, url: str) -> list[Trail]:
    """Everything stored under an address, however it is spelt, or of the article of a mention's id; empty when it was never seen."""
    with database.reading() as conn:
        if (mention := mentions.get(conn, url)) and (article := articles.get(conn, mention.article_id)):
            return trails.find(conn, [article.canonical_url, article.requested_url])
        return trails.find(conn, [url, *canonical.keys_of(url, registers.address_rules(conn))])


def trace_lines(database: Database, url: str, found: Sequence[Trail], zone: str = "UTC") -> list[str]:
    """The trails of an address in words, times in this zone."""
    if not found and "." not in url:
        return [f"{url}: never seen. It is neither an address nor the id of a mention (`tracker export mentions` lists those)."]
    if not found:
        with database.reading() as conn:
            outlets = registers.outlets(conn)
        domain = canonical.registrable_domain(url)
        watched = sorted({outlet.name for outlet in outlets.values() if domain and canonical.registrable_domain(outlet.homepage) == domain})
        known = (
            f"Its outlet is watched ({', '.join(watched)}), but no source named this address."
            if watched
            else "No outlet of the register has this domain."
        )
        return [f"{url}: never seen. {known}"]
    with database.reading() as conn:
        zones = {outlet.id: outlet.time_zone or zone_of(outlet.country) for outlet in registers.outlets(conn).values()}
    at = partial(in_zone, zone=zone)
    lines = []
    for trail in found:
        lines += [*_trail_lines(trail, _withheld_in(database, trail), at, zones), *_picture_lines(database, trail, at)]
    return lines


def _picture_lines(database: Database, trail: Trail, at: Clock) -> list[str]:
    """How asking for the article's lead picture ended."""
    if trail.article is None:
        return []
    with database.reading() as conn:
        asked = pictures.asked(conn, [trail.article.id]).get(trail.article.id)
    if asked is None:
        return []
    tries = f", try {asked.attempts}" if asked.attempts > 1 else ""
    return [
        f"  picture   {at(asked.asked_at)}: {asked.outcome}{f' ({asked.detail})' if asked.detail else ''}{tries}",
        f"            {asked.url}",
    ]


def _withheld_in(database: Database, trail: Trail) -> frozenset[str]:
    """The campaigns in which nobody outside the staff's tools may see the article."""
    if trail.article is None or not trail.mentions:
        return frozenset()
    with database.reading() as conn:
        shown = [entry for one in trail.mentions for entry in entries.for_campaign(conn, one.campaign_id, article_ids=[one.article_id])]
    return frozenset(entry.mention.campaign_id for entry in shown if is_withheld(entry))


def _trail_lines(trail: Trail, withheld: frozenset[str], at: Clock, zones: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    if link := trail.link:
        lines.append(link.url)
        lines.append(
            f"  found     {at(link.found_at)} by {link.found_by} of {link.outlet_id}" + (f': "{link.title}"' if link.title else "")
        )
        lines += [f"  named     {at(sighting.seen_at)} by {sighting.source_id or 'a person'}" for sighting in trail.sightings]
        lines += [f"  asked     {_fetch(facts, at)}" for facts in trail.fetches]
        if not (link.pending or link.outcome):
            lines.append("  listed    elsewhere; its outlet refuses automated visitors, so its text is not read")
        if link.pending:
            again = f"not before {at(link.not_before_at)}" if link.not_before_at else "in the next crawl"
            lines.append(f"  waiting   to be fetched {'again ' if link.attempts else ''}{again}")
    if page := trail.page:
        kept = f"{page.size_bytes} bytes, SHA-256 {page.sha256[:16]}…" + ("" if page.kept else ", given up since")
        lines.append(f"  kept      {kept}")
        if page.skipped:
            lines.append(f"  stopped   no article: {page.skipped.reason}" + (f" ({page.skipped.remark})" if page.skipped.remark else ""))
        elif page.judged_at is None:
            lines.append("  waiting   to be read")
    return lines + (_article_lines(trail.article, trail, zones) + _beyond_article(trail, withheld, at) if trail.article else [])


def _article_lines(article: Article, trail: Trail, zones: Mapping[str, str]) -> list[str]:
    zone = zones.get(article.outlet_id, "UTC")
    lines = [f"  article   {article.title or '(no headline)'} [{article.depth}, {article.language or 'language unknown'}]"]
    if trail.link or article.canonical_url.startswith("http"):
        lines.append(f"            {article.canonical_url}")
    lines.append(f"  published {in_words(article.published, zone) if article.published else 'no date'}")
    if article.date_readings:
        said = "; ".join(f"{_SOURCES[reading.source]} {in_words(reading.published, zone)}" for reading in article.date_readings)
        lines.append(f"            date uncertain: {said}")
    return lines


def _beyond_article(trail: Trail, withheld: frozenset[str], at: Clock) -> list[str]:
    lines: list[str] = []
    if trail.text_given_up_at:
        lines.append(
            f"  given up  its text, {at(trail.text_given_up_at)}, as no campaign had matched it (keep.texts_days); headline and date stay"
        )
    if not trail.mentions:
        lines.append("  stopped   no campaign matches it; `tracker campaign explain` says why")
    lines += [f"  entered   {_entered(item, at)}" for item in trail.hand]
    stories = dict(trail.story_keys)
    for mention in trail.mentions:
        marks = ", ".join([*mention.labels, *(["held back"] if mention.campaign_id in withheld else [])])
        lines.append(f"  mention   {mention.id}: {mention.campaign_id}, circle {mention.circle}" + (f" [{marks}]" if marks else ""))
        for hit in mention.hits[:8]:
            lines.append(f'              {hit.term_id}: "{hit.form}" in the {hit.field}, {hit.rule or "as typed"}')
        if len(mention.hits) > 8:
            lines.append(f"              and {len(mention.hits) - 8} more")
        if mention.campaign_id in stories:
            lines.append(f"  story     {stories[mention.campaign_id]}")
    lines += [f"  verdict   {_verdict(verdict, at)}" for verdict in trail.verdicts]
    return lines + _corrected(trail.said, at) + _taken_back(trail.said, at)


def _corrected(said: Sequence[Event], at: Clock) -> list[str]:
    """What persons say in place of the outlet, by campaign."""
    words = [one for one in counting(said) if one.fact in CORRECTABLE]
    standing = {(one.campaign_id, one.fact): one for one in words}
    return [f"  corrected {_said(one)} {_when(one, at)} ({one.campaign_id})" for one in standing.values() if one.after is not None]


def _taken_back(said: Sequence[Event], at: Clock) -> list[str]:
    known = {one.id: one for one in said}
    back = [(one, known[one.takes_back]) for one in said if one.takes_back in known]
    return [f"  undone    {_when(one, at)}: {_said(target)} of {_when(target, at)}" for one, target in back]


def _said(event: Event) -> str:
    value = ", ".join(event.after) if isinstance(event.after, tuple) else event.after
    return f"{event.fact} {value if value is not None else 'nothing'}"


def _when(event: Event, at: Clock) -> str:
    return f"{at(event.said_at)}{f' by {event.by}' if event.by else ''}"


def _fetch(facts: FetchFacts, at: Clock) -> str:
    status = f", status {facts.status}" if facts.status else ""
    moved = f" -> {facts.final_url}" if facts.final_url and facts.final_url != facts.requested_url else ""
    return f"{at(facts.fetched_at)}: {facts.outcome}{status}{f' ({facts.detail})' if facts.detail else ''}{moved}"


def _entered(item: HandItem, at: Clock) -> str:
    where = ", ".join(part for part in (str(item.medium), item.programme, item.place) if part)
    reach = f"; reach {item.reach} ({item.reach_source}, {item.reach_on})" if item.reach is not None else ""
    return f"{at(item.entered_at)} by {item.entered_by or 'a person'}: {where}{f'; picture {item.picture}' if item.picture else ''}{reach}"


def _verdict(verdict: Verdict, at: Clock) -> str:
    said = f"{verdict.decision} {at(verdict.decided_at)}{f' by {verdict.by}' if verdict.by else ''}"
    details = [f"tone {verdict.tone}"] if verdict.tone else []
    details += [f"prominence {verdict.prominence}"] if verdict.prominence else []
    if verdict.key_messages is not None:
        details.append(f"key messages {', '.join(verdict.key_messages) or 'none'}")
    details += [f'in English "{verdict.headline_en}"'] if verdict.headline_en else []
    said = f"{said} ({'; '.join(details)})" if details else said
    return f"{said}: {verdict.note}" if verdict.note else said
