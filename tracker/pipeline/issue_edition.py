"""Editions that a person or the scheduler asks for: made, approved, and laid into the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.delivery import publish
from tracker.delivery.recipients import FILE_NAME as RECIPIENTS
from tracker.delivery.recipients import read_recipients
from tracker.delivery.reconcile import settle_interrupted, settle_recorded
from tracker.delivery.sent_log import SendingRecord
from tracker.digests import editions, periods
from tracker.digests import facts as editionfacts
from tracker.digests.narrowing import narrowed
from tracker.errors import UsageError
from tracker.evidence.days import seal_and_close
from tracker.model import Audience, Campaign, EditionKind, Scope, Selection, StepReport, Window
from tracker.monitoring import reach
from tracker.pipeline import edition_files, steps
from tracker.pipeline.partners_files import partners_files, remove_partners_files
from tracker.pipeline.run import held_back, waits_for_approval
from tracker.store import deliveries, digests
from tracker.store.deliveries import DeliveryState
from tracker.store.digests import Edition
from tracker.store.lock import SendingLock
from tracker.text.local_time import in_zone
from tracker.workspace import Parts

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_DAYS = 10
"""Days named in one line, as in the digest's sentence."""


WHOLE = Scope()
UP_TO_NOW = frozenset({EditionKind.LIFETIME, EditionKind.SITUATION})
"""Kinds whose period ends when they are asked for, so that the period does not tell one from another."""
TAKEN_UP_WITHIN = timedelta(hours=6)
"""An edition that was killed longer ago says too little of now: a new one is made."""


class Doubt(StrEnum):
    """What speaks against letting an edition go."""

    EMPTY = "empty"
    UNREAD = "unread"  # most could not be read when it was made
    NIGHTS = "nights"  # in some of its nights most could not be read
    NOT_OVER = "not_over"  # its period goes on


class IssueOptions(Struct, frozen=True):
    """What was asked for. `first_on` and `last_on` are days of the campaign's zone, both included; empty: as the kind has it."""

    kind: EditionKind
    as_of: datetime | None = None
    first_on: date | None = None
    last_on: date | None = None
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    scope: Scope = WHOLE


class Issued(Struct, frozen=True):
    """An edition and where its files lie. `was_there`: it had been made before. `counted`: items in the figures of those files that were
    written first. `needs_a_person` turns the exit code to 1."""

    edition: Edition
    report: StepReport
    paths: tuple[str, ...]
    was_there: bool = False
    left_out: tuple[str, ...] = ()
    needs_a_person: tuple[str, ...] = ()
    counted: int = 0


def issue(parts: Parts, campaign: Campaign, options: IssueOptions) -> Issued:
    """Makes the edition of the period, or finds it, and writes its files. Raises UsageError for a period that is none."""
    now = options.as_of or parts.clock()
    window = _unfinished(parts, campaign, options, now) or _window(campaign, options, now)
    with parts.database.reading() as conn:
        was_there = digests.find(conn, campaign.id, options.kind, window) is not None
    seal_and_close(parts.database, min(now, parts.clock()))
    facts = editionfacts.facts_of_period(parts.database, campaign, window, now)
    formats = options.formats or parts.settings.digest.formats
    composed = steps.compose_edition(
        parts, campaign, options.kind, window, facts, now, languages=options.languages, formats=formats, scope=options.scope
    )
    return Issued(
        composed.edition,
        composed.report,
        tuple(str(path) for published in composed.published for path in ([published.first] if formats else published.mails)),
        was_there,
        tuple(dict.fromkeys(reason for published in composed.published for reason in published.left_out)),
        tuple(_needs(campaign, composed)),
        _counted(parts, composed, options.scope),
    )


def _counted(parts: Parts, composed: steps.Composed, scope: Scope) -> int:
    digest = editions.digest_of(parts.database, composed.edition.id, Audience.STAFF)
    return 0 if digest is None else len(narrowed(digest, scope).selection.counted)


def doubts(parts: Parts, campaign: Campaign, edition_id: int) -> tuple[str, ...]:
    """Why a person should think twice before partners get this edition, a sentence each; empty where nothing speaks against it, and
    for an edition that `approve` refuses. Nothing is changed."""
    return tuple(words for _, words in doubts_by_kind(parts, campaign, edition_id))


def doubts_by_kind(parts: Parts, campaign: Campaign, edition_id: int) -> tuple[tuple[Doubt, str], ...]:
    """The same, each with what it is about."""
    with parts.database.reading() as conn:
        edition, facts = digests.get(conn, edition_id), digests.facts_of(conn, edition_id)
    if edition is None or edition.campaign_id != campaign.id or edition.approved_at is not None:
        return ()
    now, found = parts.clock(), []
    selection = editions.preview(parts.database, campaign, edition)
    if not selection.shown:
        waiting = selection.unreviewed + selection.undecided
        found.append((Doubt.EMPTY, "it holds no item" + (f"; {waiting} wait for a verdict (`tracker verdict`)" if waiting else "")))
    if facts is not None and facts.reach is not None and editions.is_unread(facts):
        found.append((Doubt.UNREAD, f"when it was made, only {reach.figures(facts.reach)}"))
    if facts is not None and facts.unread_nights:
        days = ", ".join(night.on for night in facts.unread_nights[:MOST_DAYS])
        words = f"in {len(facts.unread_nights)} of {facts.nights} nights most outlets could not be read ({days})"
        found.append((Doubt.NIGHTS, words))
    if edition.window.end_at > now:
        found.append((Doubt.NOT_OVER, f"its period is not over: it ends on {in_zone(edition.window.end_at, campaign.time_zone)}"))
    return tuple(found)


def approve(
    parts: Parts,
    campaign: Campaign,
    edition_id: int,
    *,
    by: str = "",
    sentences: Sequence[tuple[str, str]] = (),
    languages: Sequence[str] = (),
    formats: Sequence[str] = (),
) -> tuple[Edition, int, publish.Published]:
    """Lets an edition go to partners: (edition, how many of its items were not cleared, files of the partners' form)."""
    edition, selection = _unpublished(parts, campaign, edition_id, languages, formats) or editions.approve_edition(
        parts.database, campaign, edition_id, parts.clock(), by, sentences
    )
    published = publish.publish(
        parts.database,
        edition,
        campaign.time_zone,
        parts.settings,
        parts.workspace / "outbox",
        audience=Audience.PARTNERS,
        languages=languages,
        formats=formats or parts.settings.digest.formats,
    )
    return edition, selection.unreviewed + selection.undecided, published


def take_back_approval(parts: Parts, campaign: Campaign, edition_id: int, *, by: str = "") -> Edition:
    """Takes an approval back, as long as no letter of the edition went to a partner or may have. It waits for a person again, and the
    partners' files of it are removed.

    Raises UsageError when there is no such approval or a letter went out, RunLocked while a mailing is at work.
    """
    outbox = parts.workspace / "outbox"
    with SendingLock(outbox, parts.settings.database.url).acquire():
        settle_interrupted(parts.database, SendingRecord(outbox), parts.clock())
        settle_recorded(parts.database, SendingRecord(outbox), parts.clock())
        with parts.database.writing() as conn:
            edition = digests.get(conn, edition_id)
            if edition is None or edition.campaign_id != campaign.id:
                raise UsageError(f"no edition {edition_id} of {campaign.id}; `tracker digest list` shows them")
            if edition.approved_at is not None:
                _refuse_sent(conn, edition_id, _staff_of(parts))
                editions.take_back_approval(conn, edition, parts.clock(), by)
            elif not partners_files(outbox, edition, campaign) or Audience.PARTNERS in digests.released_at(conn, edition_id):
                raise UsageError(f"edition {edition_id} was not approved: there is nothing to take back")
            edition = digests.get(conn, edition_id)
        assert edition is not None
        edition_files.forget(outbox, edition_id)
        remove_partners_files(outbox, edition, campaign)  # also what an earlier command left that was killed here
    return edition


def _refuse_sent(conn: Connection, edition_id: int, staff: Collection[str]) -> None:
    gone = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN)
    sent = [one for one in deliveries.of_editions(conn, [edition_id]) if one.state in gone and one.recipient not in staff]
    if sent:
        others = f" and {len(sent) - 1} others" if len(sent) > 1 else ""
        raise UsageError(f"edition {edition_id} cannot be taken back: a letter of it went to {sent[0].recipient}{others} ({sent[0].state})")


def _staff_of(parts: Parts) -> frozenset[str]:
    """Addresses that get what staff read; who is in no list any more may have been a partner."""
    path = parts.workspace / RECIPIENTS
    known = read_recipients(path) if path.exists() else ()
    partners = {one.address.key for one in known if one.role.audience is not Audience.STAFF}
    return frozenset(one.address.key for one in known) - partners


def _unpublished(
    parts: Parts, campaign: Campaign, edition_id: int, languages: Sequence[str], formats: Sequence[str]
) -> tuple[Edition, Selection] | None:
    """An edition that was approved by a command that was killed before it had written the files: the same command finishes it."""
    with parts.database.reading() as conn:
        edition = digests.get(conn, edition_id)
    if edition is None or edition.campaign_id != campaign.id or edition.approved_at is None:
        return None
    if _is_published(parts, campaign, edition, Audience.PARTNERS, languages, formats):
        return None
    digest = editions.digest_of(parts.database, edition_id, Audience.PARTNERS)
    return None if digest is None else (edition, digest.selection)


def _unfinished(parts: Parts, campaign: Campaign, options: IssueOptions, now: datetime) -> Window | None:
    """The period of an edition up to the moment it was asked for, by a command that was killed before it had written the files: asked
    for again, that edition is finished, and no second one made."""
    if options.kind not in UP_TO_NOW or options.as_of is not None:
        return None
    with parts.database.reading() as conn:
        made = [one for one in digests.every(conn, campaign.id) if one.kind == options.kind and now - one.made_at < TAKEN_UP_WITHIN]
    for edition in made[:1]:
        if not _is_published(parts, campaign, edition, Audience.STAFF, options.languages, options.formats, options.scope):
            return edition.window
    return None


def _is_published(
    parts: Parts,
    campaign: Campaign,
    edition: Edition,
    audience: Audience,
    languages: Sequence[str],
    formats: Sequence[str],
    scope: Scope = WHOLE,
) -> bool:
    settings = parts.settings
    return publish.is_published(
        edition,
        campaign.time_zone,
        settings,
        parts.workspace / "outbox",
        audience=audience,
        languages=languages,
        formats=formats or settings.digest.formats,
        scope=scope,
    )


def _needs(campaign: Campaign, composed: steps.Composed) -> list[str]:
    needs, edition = [], composed.edition
    if held := dict(composed.report.outcomes).get("held"):
        needs.append(held_back(campaign.id, held))
    if Audience.PARTNERS not in composed.audiences and EditionKind(edition.kind) not in editions.FOR_STAFF_ONLY:
        needs.append(waits_for_approval(edition.id))
    return needs


def _window(campaign: Campaign, options: IssueOptions, now: datetime) -> Window:
    zone = ZoneInfo(campaign.time_zone)
    if options.first_on is None and options.last_on is None and options.kind is not EditionKind.REPORT:
        return periods.window_of(options.kind, now, campaign.time_zone, campaign.since)
    if options.kind is not EditionKind.REPORT:
        raise UsageError(f"a {options.kind} edition has its own period; ask for --kind report to choose the days")
    first, last = options.first_on or campaign.since, options.last_on or now.astimezone(zone).date()
    if first > last:
        raise UsageError(f"the period ends ({last}) before it begins ({first})")
    return periods.days(first, last + timedelta(days=1), zone)
