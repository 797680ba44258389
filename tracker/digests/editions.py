"""Editions: made and frozen for staff, released to partners, read again in any language and form. Load -> decide -> save.

An edition is the same for ever: made twice it is the first one. Only what identifies a child is taken out of it later: what a
person called sensitive since stands in no form that is given out after that, also not in one that was kept.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.digests import history
from tracker.digests.numbers import count_periods
from tracker.digests.periods import reach_of
from tracker.digests.selection import changed_since, place_of, regrouped_since, select_entries, withdrawn_since
from tracker.errors import UsageError
from tracker.model import (
    Audience,
    Campaign,
    ChangedItem,
    Digest,
    EditionFacts,
    EditionKind,
    Entry,
    Fact,
    KeptBack,
    Period,
    Regrouped,
    ReleaseFacts,
    Selection,
    StepReport,
    Use,
    Window,
    Withdrawn,
)
from tracker.monitoring.reach import is_outage
from tracker.store import digests, entries, events, inbox, revisions, stories, verdicts
from tracker.store.database import Database
from tracker.store.digests import Edition, Release
from tracker.store.events import Act, Subject
from tracker.store.replay import counting
from tracker.text.local_time import in_zone
from tracker.visibility import is_withheld

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOR_STAFF_ONLY = frozenset({EditionKind.SITUATION})


def make_edition(
    database: Database, campaign: Campaign, kind: EditionKind, window: Window, facts: EditionFacts, made_at: datetime
) -> tuple[Edition, StepReport]:
    """Mentions -> a frozen edition. Staff may read it at once; partners too, unless the campaign demands a review or most of what is
    watched could not be read. One that exists for the period is given back as it was made. Raises StoreError for damaged tables."""
    started = time.monotonic()
    database.refuse_damaged(digests.READ_FOR_EDITIONS)
    with database.reading() as conn:
        existing = digests.find(conn, campaign.id, kind, window)
        inputs = entries.count(conn, campaign.id)
        selection, release_facts = _shown_to(conn, campaign, kind, window, Audience.STAFF, made_at)
        at_once = campaign.review == "optional" and kind not in FOR_STAFF_ONLY and not lacks_coverage(facts)
        partners = _shown_to(conn, campaign, kind, window, Audience.PARTNERS, made_at) if at_once else None
    if existing is None:
        with database.writing() as conn:
            existing = digests.freeze(conn, campaign.id, kind, window, made_at=made_at, campaign_version=campaign.version, facts=facts)
            digests.release(conn, existing.id, Audience.STAFF, selection, release_facts, made_at)
            if partners is not None:
                digests.release(conn, existing.id, Audience.PARTNERS, *partners, made_at)
    counted = {
        "counted": len(selection.counted),
        "for staff": len(selection.shown) - len(selection.counted),
        "held": selection.undecided,
        "sensitive": selection.sensitive,
        "rejected": selection.rejected,
    }
    outcomes = Counter(counted)
    outcomes["reported or rejected before" if kind is EditionKind.NIGHTLY else "of another period"] = inputs - outcomes.total()
    name = f"digest {campaign.id}" if kind is EditionKind.NIGHTLY else f"{kind} {campaign.id}"
    told = tuple((outcome, count) for outcome, count in outcomes.items() if count)
    return existing, StepReport(name, inputs, told, time.monotonic() - started)


def is_unread(facts: EditionFacts) -> bool:
    """Whether most of what is watched, or of the campaign's countries, could not be read in the edition's period."""
    return is_outage(facts.reach, facts.countries)


def lacks_coverage(facts: EditionFacts) -> bool:
    """Whether most could not be read in the period or in one of its nights: a person decides then whether partners get it."""
    return is_unread(facts) or bool(facts.unread_nights)


def preview(database: Database, campaign: Campaign, edition: Edition) -> Selection:
    """What partners would see of an edition that waits, if it was approved now: without texts."""
    with database.reading() as conn:
        return _decided(conn, campaign, EditionKind(edition.kind), edition.window, Audience.PARTNERS)[0]


def approve_edition(
    database: Database, campaign: Campaign, edition_id: int, at: datetime, by: str = "", sentences: Sequence[tuple[str, str]] = ()
) -> tuple[Edition, Selection]:
    """A person lets an edition go to partners, with the items that are accepted by now. Gives the edition and what partners see.

    Raises UsageError when there is no such edition of the campaign, it is for staff only, or it was approved before.
    """
    with database.reading() as conn:
        edition = digests.get(conn, edition_id)
    if edition is None or edition.campaign_id != campaign.id:
        raise UsageError(f"no edition {edition_id} of {campaign.id}; `tracker digest list` shows them")
    if edition.approved_at is not None:
        who = f" by {edition.approved_by}" if edition.approved_by else ""
        raise UsageError(
            f"edition {edition_id} was approved{who} on {in_zone(edition.approved_at, campaign.time_zone)}; it is frozen since"
            f" (`tracker digest write {edition_id} --audience partners` writes its files again)"
        )
    kind = EditionKind(edition.kind)
    if kind in FOR_STAFF_ONLY:
        raise UsageError(f"edition {edition_id} is a {kind} list, for staff only")
    with database.reading() as conn:
        selection, facts = _shown_to(conn, campaign, kind, edition.window, Audience.PARTNERS, at)
    with database.writing() as conn:
        if not digests.approve(conn, edition_id, at, by, sentences):
            raise UsageError(f"edition {edition_id} was approved by somebody else just now")
        digests.release(conn, edition_id, Audience.PARTNERS, selection, facts, at)
        approved = digests.get(conn, edition_id)
        assert approved is not None
        _note_approval(conn, approved)
    return approved, selection


def take_back_approval(conn: Connection, edition: Edition, at: datetime, by: str) -> None:
    """Takes an approval back: the edition waits for a person again, and nothing that partners would have read of it is kept. Whether any
    of it was sent is for the caller to know."""
    subject = Subject(edition.campaign_id, edition_id=edition.id)
    if not counting(events.of_subject(conn, subject)):  # approved before there were events
        _note_approval(conn, edition)
    Act(conn, at=at, by=by).take_back([one for one in counting(events.of_subject(conn, subject)) if one.fact is Fact.APPROVAL])
    digests.unapprove(conn, edition.id)


def _note_approval(conn: Connection, edition: Edition) -> None:
    assert edition.approved_at is not None
    said = tuple(f"{language}={sentence}" for language, sentence in edition.sentences)
    Act(conn, at=edition.approved_at, by=edition.approved_by).say(
        Subject(edition.campaign_id, edition_id=edition.id), {Fact.APPROVAL: said}
    )


def digest_of(database: Database, edition_id: int, audience: Audience) -> Digest | None:
    """The edition as the audience was shown it, less what a person has called sensitive since; None while it waits for a person."""
    return read_edition(database, edition_id, audience)[0]


def read_edition(database: Database, edition_id: int, audience: Audience) -> tuple[Digest | None, frozenset[int]]:
    """What `digest_of` gives, and the articles that were taken out since it was frozen."""
    with database.reading() as conn:
        release = digests.released(conn, edition_id, audience)
        if release is None:
            return None, frozenset()
        facts = digests.facts_of(conn, edition_id) or EditionFacts(campaign_name=release.edition.campaign_id)
        shown = {entry.article.id for _, entry in release.entries}
        hidden = _hidden(conn, release.edition.campaign_id, shown | {one.article_id for one in release.facts.changed})
    return _digest(release, facts, hidden), hidden


def hidden_in(database: Database, edition: Edition, audience: Audience) -> frozenset[int]:
    """The articles of an edition that stand in no form of it as of now: a verdict, a label or their story withholds them."""
    with database.reading() as conn:
        named = digests.articles_of(conn, edition.id, audience) | digests.named_as_changed(conn, edition.id, audience)
        return _hidden(conn, edition.campaign_id, named)


def _hidden(conn: Connection, campaign_id: str, shown: Collection[int]) -> frozenset[int]:
    if not shown:
        return frozenset()
    there = frozenset(shown)
    doubted = entries.standings_in_doubt(conn, campaign_id, there, inbox.held_articles(conn, campaign_id, there))
    withheld = {entry.article.id for entry in doubted if is_withheld(entry)}
    return (there & verdicts.sensitive_articles(conn)) | withheld


def _digest(release: Release, facts: EditionFacts, hidden: Collection[int]) -> Digest:
    edition, said = release.edition, release.facts
    named_as_changed = tuple(one for one in said.changed if one.article_id not in hidden)
    hidden = frozenset(hidden) & {entry.article.id for _, entry in release.entries}
    parts: dict[str, list[Entry]] = {}
    for part, entry in release.entries:
        if entry.article.id not in hidden:
            parts.setdefault(part or "organisation", []).append(entry)
    selection = Selection(
        **{part: tuple(kept) for part, kept in parts.items()},
        held=said.held + len(hidden),
        rejected=said.rejected,
        unreviewed=said.unreviewed,
        kept_back=_with_hidden(said.kept_back, [entry for _, entry in release.entries if entry.article.id in hidden]),
        for_partners=said.for_partners,
        sensitive=said.sensitive + len(hidden),
        partners_see=said.partners_see,
    )
    return Digest(
        campaign_id=edition.campaign_id,
        campaign_version=edition.campaign_version,
        kind=edition.kind,
        audience=str(release.audience),
        window=edition.window,
        made_at=edition.made_at,
        selection=selection,
        facts=facts,
        edition_id=edition.id,
        approved_at=edition.approved_at,
        approved_by=edition.approved_by,
        sentences=edition.sentences,
        withdrawn=said.withdrawn,
        regrouped=said.regrouped,
        changed=named_as_changed,
        before=said.before,
        trend=said.trend,
        since_start=said.since_start,
    )


def _with_hidden(kept_back: Sequence[KeptBack], hidden: Sequence[Entry]) -> tuple[KeptBack, ...]:
    """What was kept back, with what was taken out of the edition since."""
    counted = Counter(map(place_of, hidden))
    added = (KeptBack(country, held, 0, 0, language, outlet_id, held) for (country, language, outlet_id), held in sorted(counted.items()))
    return (*kept_back, *added)


def _shown_to(
    conn: Connection, campaign: Campaign, kind: EditionKind, window: Window, audience: Audience, now: datetime
) -> tuple[Selection, ReleaseFacts]:
    """What the audience is shown of the period, and what is said beside it. Decided without the texts, which are read of what is shown."""
    decided, shown_at = _decided(conn, campaign, kind, window, audience)
    in_full = entries.for_campaign(conn, campaign.id, article_ids=[entry.article.id for entry in decided.shown])
    selection = replace(
        select_entries(campaign, _with_releases(campaign, in_full), audience=audience),
        held=decided.held,
        rejected=decided.rejected,
        unreviewed=decided.unreviewed,
        kept_back=decided.kept_back,
        sensitive=decided.sensitive,
    )
    before, trend, whole = _history(conn, campaign, kind, window, audience)
    facts = ReleaseFacts(
        held=selection.held,
        rejected=selection.rejected,
        unreviewed=selection.unreviewed,
        kept_back=selection.kept_back,
        for_partners=selection.for_partners,
        sensitive=selection.sensitive,
        partners_see=selection.partners_see,
        withdrawn=_withdrawn(conn, campaign, kind, window, audience, Window(shown_at or now, now)),
        regrouped=_regrouped(conn, campaign, kind, window, audience, Window(shown_at or now, now)),
        changed=_changed(conn, campaign, kind, window, audience, Window(shown_at or now, now)),
        before=before,
        trend=trend,
        since_start=whole,
    )
    return selection, facts


def _decided(
    conn: Connection, campaign: Campaign, kind: EditionKind, window: Window, audience: Audience
) -> tuple[Selection, datetime | None]:
    """What the audience is shown of the period, without texts; and when it was last shown an edition of the kind."""
    shown_at = digests.last_release(conn, campaign.id, kind, audience, window.start_at) if kind.is_serial else None
    since = shown_at if kind is EditionKind.NIGHTLY else None
    unreported = entries.Unreported(kind, audience, since) if kind.is_serial else None
    reach = reach_of(kind, window, is_first=shown_at is None)
    return select_entries(campaign, _standing(conn, campaign, reach, unreported), audience=audience), shown_at


def _standing(conn: Connection, campaign: Campaign, reach: Window | None, unreported: entries.Unreported | None = None) -> list[Entry]:
    if reach is None:
        return entries.standings(conn, campaign.id, unreported=unreported)
    start_at, end_at = reach.start_at, reach.end_at
    return entries.standings(conn, campaign.id, appeared_from=start_at, appeared_before=end_at, unreported=unreported)


def _withdrawn(
    conn: Connection, campaign: Campaign, kind: EditionKind, window: Window, audience: Audience, since: Window
) -> tuple[Withdrawn, ...]:
    """What a person took back of earlier editions of the kind since the last of them was released."""
    judged = verdicts.decided_between(conn, campaign.id, since.start_at, since.end_at) if kind.is_serial else {}
    earlier = digests.shown_before(conn, campaign.id, kind, audience, window.start_at, judged) if judged else []
    current = entries.for_campaign(conn, campaign.id, article_ids={entry.article.id for entry, _ in earlier}) if earlier else []
    return withdrawn_since([(entry, str(kind), released_at) for entry, released_at in earlier], current, since, judged)


def _regrouped(
    conn: Connection, campaign: Campaign, kind: EditionKind, window: Window, audience: Audience, since: Window
) -> tuple[Regrouped, ...]:
    """Stories of earlier editions of the kind that a person merged or split since the last of them was released."""
    moved = events.moved_between(conn, campaign.id, since.start_at, since.end_at) if kind.is_serial else {}
    earlier = digests.shown_before(conn, campaign.id, kind, audience, window.start_at, moved) if moved else []
    keys = stories.keys_of(conn, campaign.id, moved) if earlier else {}
    return regrouped_since([entry for entry, _ in earlier if entry.article.id in keys], keys)


def _changed(
    conn: Connection, campaign: Campaign, kind: EditionKind, window: Window, audience: Audience, since: Window
) -> tuple[ChangedItem, ...]:
    """Items of earlier editions of the kind whose pages changed since the last of them was released, up to this moment."""
    found = revisions.noted_after(conn, campaign.id, since.start_at, since.end_at) if kind.is_serial else {}
    earlier = digests.shown_before(conn, campaign.id, kind, audience, window.start_at, found) if found else []
    current = entries.for_campaign(conn, campaign.id, article_ids={entry.article.id for entry, _ in earlier}) if earlier else []
    return changed_since([entry for entry, _ in earlier], current, found)


def _with_releases(campaign: Campaign, found: Sequence[Entry]) -> list[Entry]:
    """The entries, with what each took of the texts that the campaign sent to the media."""
    if not campaign.releases:
        return list(found)
    from tracker.stories.takeup import Reader, measure_take_up

    read = [
        Reader(entry.article.body, entry.article.language, entry.article.published.at.date() if entry.article.published else None)
        for entry in found
    ]
    names = (campaign.name, *(name for _, name in campaign.names))
    taken = measure_take_up(read, campaign.releases, names)
    return [
        replace(entry, take_up=one, release=one.release if one and one.use is Use.PUBLISHED else "")
        for entry, one in zip(found, taken, strict=True)
    ]


def _history(
    conn: Connection, campaign: Campaign, kind: EditionKind, window: Window, audience: Audience
) -> tuple[Period | None, tuple[Period, ...], Period | None]:
    """The period before, the trend, and the campaign since its start. A period in which nobody watched, and of which nothing was looked
    up since, is none: what was not looked for must not read as growth."""
    whole = None if kind in history.WITHOUT_START else history.since_start(campaign, window)
    watched = [one for one in history.windows_before(kind, window, campaign.time_zone) if _was_watched(conn, campaign, one)]
    if whole is None and not watched:
        return None, (), None
    periods = tuple(count_periods(conn, campaign, audience, [*watched, *([whole] if whole else [])]))
    earlier, since_start = periods[: len(watched)], periods[-1] if whole else None
    before = earlier[-1] if earlier and earlier[-1].window.end_at == window.start_at else None
    return before, earlier if kind in history.WITH_TREND else (), since_start


def _was_watched(conn: Connection, campaign: Campaign, window: Window) -> bool:
    return entries.any_before(conn, campaign.id, fetched_before=window.end_at, appeared_before=window.start_at)


def as_if_approved(
    database: Database, campaign: Campaign, edition: Edition, at: datetime, by: str = "", sentences: Sequence[tuple[str, str]] = ()
) -> Digest:
    """What partners get of an edition that waits, if it was approved at this moment with these sentences. Nothing is kept."""
    with database.reading() as conn:
        selection, facts = _shown_to(conn, campaign, EditionKind(edition.kind), edition.window, Audience.PARTNERS, at)
        period = digests.facts_of(conn, edition.id) or EditionFacts(campaign_name=edition.campaign_id)
    parts = ("counted", "organisation", "context", "own_channels")
    shown = tuple((part, entry) for part in parts for entry in getattr(selection, part))
    approved = replace(edition, approved_at=at, approved_by=by, sentences=tuple(sentences))
    return _digest(Release(approved, Audience.PARTNERS, at, facts, shown), period, ())


def of_its_period(database: Database, campaign: Campaign, edition: Edition, audience: Audience) -> tuple[list[Entry], frozenset[int]]:
    """The items of the edition's period, and of its late finds, as far as decisions need them; and those of them that an earlier edition
    of the kind has shown the audience. A nightly edition may hold older ones besides."""
    kind, window = EditionKind(edition.kind), edition.window
    with database.reading() as conn:
        is_first = not kind.is_serial or digests.last_release(conn, campaign.id, kind, audience, window.start_at) is None
        reach = reach_of(kind, window, is_first=is_first) or window
        inside = _standing(conn, campaign, reach)
        there = frozenset(entry.article.id for entry in inside)
        fresh = entries.unreported(conn, campaign.id, entries.Unreported(kind, audience), there) if kind.is_serial else there
        own = digests.articles_of(conn, edition.id, audience)
    return inside, there - fresh - own
