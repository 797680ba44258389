"""A correction: an item that was sent turned out wrong, and everybody who got it is told, once, when a person has approved the words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.delivery import calendar
from tracker.delivery.recipients import Recipient
from tracker.digests.forms.correction import CorrectionNotice
from tracker.errors import UsageError
from tracker.model import Entry, Mention
from tracker.store import articles, corrections, digests, entries, mentions, verdicts
from tracker.store.corrections import Correction, Received
from tracker.store.database import Database
from tracker.store.digests import Edition
from tracker.visibility import is_rejected, is_withheld

if TYPE_CHECKING:
    from sqlalchemy import Connection

PLANNED_WITHIN = timedelta(days=30)
"""A letter that goes out so long after the correction and still has the item as it was is followed by it; later nobody reads that edition."""
MOST_SENTENCE_CHARS = 600
"""Of a sentence: a paragraph."""


class Addressee(Struct, frozen=True):
    """Who is told, of the editions in which that person got the item, the newest last."""

    recipient: Recipient
    editions: tuple[Edition, ...]


class Draft(Struct, frozen=True):
    """A correction before it is approved. `withheld`: its letters name nothing of the item and leave the sentences out. `gone`: those
    who got the item and are on the list no more, or want no letters."""

    mention: Mention
    sentences: tuple[tuple[str, str], ...]
    addressees: tuple[Addressee, ...]
    withheld: bool
    gone: int

    @property
    def in_other_languages(self) -> tuple[str, ...]:
        """Languages of readers that have no sentence of their own."""
        return tuple(sorted({one.recipient.language for one in self.addressees} - dict(self.sentences).keys()))


def draft(
    database: Database, recipients: Sequence[Recipient], mention_id: str, sentences: Sequence[tuple[str, str]], now: datetime
) -> Draft:
    """What a correction would do. Raises UsageError where there is no such item, nobody got it, or nothing is said of it."""
    if not sentences:
        raise UsageError('a correction says what was wrong: --sentence en="..."')
    if long := [language for language, sentence in sentences if len(sentence) > MOST_SENTENCE_CHARS]:
        raise UsageError(f"the sentence in {long[0]} is too long; {MOST_SENTENCE_CHARS} characters are read")
    with database.reading() as conn:
        mention = mentions.get(conn, mention_id)
        if mention is None:
            raise UsageError(f"no item {mention_id}; `tracker export mentions` shows them")
        got = corrections.received(conn, mention.campaign_id, mention.article_id, now)
        withheld = _withheld(conn, mention.campaign_id, mention.article_id)
    if not got:
        raise UsageError(f"nobody has got item {mention_id} in an edition, so there is nothing to correct")
    told = tuple(addressees(got, recipients, now))
    people = {one.recipient for one in got}
    return Draft(mention, tuple(dict(sentences).items()), told, withheld, len(people - {one.recipient.address.key for one in told}))


def approve(database: Database, drafted: Draft, now: datetime, by: str) -> Correction:
    """Notes the correction, which goes out with the next mailing. Raises UsageError when the same was made before."""
    mention = drafted.mention
    with database.writing() as conn:
        (article,) = articles.get_many(conn, [mention.article_id])
        told = json.dumps(sorted(drafted.sentences), ensure_ascii=True)
        key = hashlib.sha256("\0".join([mention.campaign_id, article.canonical_url, told]).encode("utf-8", "replace")).hexdigest()
        made = corrections.add(conn, mention.campaign_id, mention.article_id, key, drafted.sentences, now, by)
    if made is None:
        raise UsageError(f"item {mention.id} was corrected in these words before; whoever got it has been told, or is being told")
    return made


def addressees(got: Sequence[Received], recipients: Sequence[Recipient], now: datetime) -> Iterator[Addressee]:
    """Everybody of the list who got the item and wants letters, once each, in the order of the list."""
    served: set[str] = set()
    for one in recipients:
        key = one.address.key
        theirs = [row for row in got if row.recipient == key and row.audience is one.role.audience and _covers(one, row.entry)]
        if theirs and key not in served and not one.away(now):
            served.add(key)
            yield Addressee(one, tuple({row.edition.id: row.edition for row in theirs}.values()))


def _covers(recipient: Recipient, entry: Entry) -> bool:
    return not recipient.countries or entry.outlet.country in recipient.countries


class CorrectingLetter(Struct, frozen=True):
    """A letter of a correction that should be in the ledger. `edition_id`: the newest in which its reader got the item."""

    correction_id: int
    edition_id: int
    recipient: Recipient
    identity: str
    due_at: datetime


def wanted_letters(
    database: Database, recipients: Sequence[Recipient], campaign_ids: Collection[str], now: datetime
) -> list[CorrectingLetter]:
    """Every letter of a correction that should be in the ledger by now; also to those whose letter with the item went out since."""
    letters = []
    with database.reading() as conn:
        for made in corrections.since(conn, now - PLANNED_WITHIN):
            if made.campaign_id in campaign_ids:
                got = corrections.received(conn, made.campaign_id, made.article_id, made.approved_at)
                letters += [_letter(made, one) for one in addressees(got, recipients, now)]
    return letters


def _letter(made: Correction, one: Addressee) -> CorrectingLetter:
    reader = one.recipient
    told = "\0".join(["correction", made.key, reader.address.key])
    identity = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:40]
    due_at = calendar.after_night(made.approved_at, reader.time_zone)
    return CorrectingLetter(made.id, one.editions[-1].id, reader, identity, due_at)


def notice(database: Database, correction_id: int, recipient: Recipient, write_to: str) -> CorrectionNotice:
    """What the letter of a correction says to this reader as of now. Raises UsageError where there is none."""
    with database.reading() as conn:
        made = corrections.get(conn, correction_id)
        if made is None:
            raise UsageError(f"no correction {correction_id}")
        got = corrections.received(conn, made.campaign_id, made.article_id, made.approved_at)
        theirs = [row for row in got if row.recipient == recipient.address.key and row.audience is recipient.role.audience]
        if not theirs:
            raise UsageError(f"{recipient.address} has not got the item of correction {correction_id}")
        return _notice(conn, made, theirs, write_to)


def preview(database: Database, drafted: Draft, now: datetime, by: str, write_to: str) -> CorrectionNotice:
    """What a letter of the draft would say, of all editions that had the item. Raises UsageError where nobody got it."""
    mention = drafted.mention
    made = Correction(0, mention.campaign_id, mention.article_id, "", drafted.sentences, now, by)
    with database.reading() as conn:
        got = corrections.received(conn, mention.campaign_id, mention.article_id, now)
        if not got:
            raise UsageError(f"nobody has got item {mention.id} in an edition")
        return _notice(conn, made, got, write_to)


def _notice(conn: Connection, made: Correction, got: Sequence[Received], write_to: str) -> CorrectionNotice:
    now = entries.for_campaign(conn, made.campaign_id, article_ids=[made.article_id])
    withheld = _withheld(conn, made.campaign_id, made.article_id)
    return CorrectionNotice(
        campaign_id=made.campaign_id,
        editions=tuple({row.edition.id: (row.edition.kind, row.edition.window) for row in got}.values()),
        facts=digests.facts_of(conn, got[-1].edition.id),
        printed=None if withheld else got[-1].entry,
        now=None if withheld or not now else now[0],
        rejected=not now or is_rejected(now[0]),
        sentences=() if withheld else made.sentences,
        approved_at=made.approved_at,
        approved_by=made.approved_by,
        write_to=write_to,
    )


def _withheld(conn: Connection, campaign_id: str, article_id: int) -> bool:
    standing = entries.standings(conn, campaign_id, article_ids=[article_id])
    return any(map(is_withheld, standing)) or article_id in verdicts.sensitive_articles(conn)
