"""A verdict sheet that came back -> verdicts, in one transaction; every row is told what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.model import CORRECTABLE, Campaign, Fact, ItemState, Mention, Value
from tracker.review.acts import Target
from tracker.review.manual.sheet_rows import Register
from tracker.review.saying import Saying
from tracker.review.values import values_of
from tracker.review.verdict_sheet.columns import DECISION, MENTION, STATE, Typed, columns_for, read_typed, said_by
from tracker.review.verdict_sheet.corrected_cells import corrections_of, facts_of
from tracker.review.verdict_sheet.exporting import BESIDE, verdict_words
from tracker.review.verdict_sheet.row_state import RowState, read_state
from tracker.review.words import said_words, state_words
from tracker.spreadsheets.read import read_sheet
from tracker.spreadsheets.report import RowOutcome, RowResult, SheetReport
from tracker.spreadsheets.rows import Sheet, SheetRow
from tracker.store import digests, events, mentions, registers
from tracker.store.database import Database
from tracker.store.replay import verdict_of
from tracker.visibility import calls_sensitive

if TYPE_CHECKING:
    from sqlalchemy import Connection


_NAMED = (Fact.QUOTES, Fact.TAGS, Fact.PICTURE)


class VerdictReport(SheetReport, frozen=True):
    """`warnings` are what a person must do besides."""

    warnings: tuple[str, ...] = ()


def import_verdicts(
    database: Database, campaigns: Sequence[Campaign], path: Path, now: datetime, *, by: str = "", force: bool = False
) -> VerdictReport:
    """Records what reviewers chose and corrected, as one act. A row that was left as it was says nothing; one of whose item a person has
    said anything since the sheet was written is refused unless `force`. Raises ConfigError for a file that is no such sheet."""
    columns = columns_for(campaigns)
    also = {column.lower(): column for column in columns}
    sheet = read_sheet(path, needed=(MENTION, DECISION, STATE), known=columns, also=also, beside=BESIDE)
    if not sheet.rows:
        raise ConfigError("holds no item", place=path)
    with database.writing() as conn:
        importing = _Importing(conn, campaigns, sheet, now, by, force)
        results = tuple(importing.take(row) for row in sheet.rows)
        warnings = tuple(line for mention in importing.sensitive for line in carried_lines(conn, mention))
    return VerdictReport(results, sheet.notes, warnings)


def carried_lines(conn: Connection, mention: Mention) -> list[str]:
    """What is to be done about editions that hold an item which a person has called sensitive."""
    return [
        f"{mention.id} stands in edition {one.id}, made {one.made_at:%Y-%m-%d %H:%M} UTC: remove its files from outbox/, and tell whoever has them"
        for one in digests.carrying(conn, mention.campaign_id, mention.article_id)
    ]


class _Importing:
    """One sheet on its way in, within one transaction."""

    def __init__(self, conn: Connection, campaigns: Sequence[Campaign], sheet: Sheet, now: datetime, by: str, force: bool) -> None:
        self._sheet, self._conn, self._now, self._force = sheet, conn, now, force
        self._campaigns = {campaign.id: campaign for campaign in campaigns}
        self._mentions = {mention.id: mention for campaign in campaigns for mention in mentions.for_campaign(conn, campaign.id)}
        self._saying = Saying(conn, by=by, now=now, via="sheet", campaigns=campaigns)
        self._register = Register(registers.outlets(conn).values())
        self._rows: dict[str, int] = {}
        self.sensitive: list[Mention] = []

    def take(self, row: SheetRow) -> RowResult:
        """Records what the row says anew; what became of it."""
        mention_id = row.text(MENTION)

        def told(outcome: RowOutcome, detail: str = "") -> RowResult:
            return RowResult(row.number, outcome, detail, mention_id)

        mention, written = self._mentions.get(mention_id), read_state(row.text(STATE))
        if wrong := self._wrong(row, mention_id, mention, written):
            return told(RowOutcome.REFUSED, wrong)
        assert mention is not None
        assert written is not None
        campaign = self._campaigns[mention.campaign_id]
        typed, faults = read_typed(row, self._sheet.columns, campaign)
        facts = facts_of(self._sheet, row, campaign, self._now)
        corrected, unread = corrections_of(facts, written.changed(facts), campaign, self._register)
        if faults or unread:
            return told(RowOutcome.REFUSED, "; ".join([*faults, *unread]))
        chosen = not written.is_as_written(typed)
        if not chosen and not corrected:
            return told(RowOutcome.UNCHANGED)
        if chosen and not typed.decision:
            return told(RowOutcome.REFUSED, "decision: is empty; choose one, or unsure")
        said = (said_by(typed, campaign) if chosen else {}) | corrected
        return told(*self._record(mention, said, typed if chosen else Typed(), written))

    def _record(self, mention: Mention, said: Mapping[Fact, Value], typed: Typed, written: RowState) -> tuple[RowOutcome, str]:
        state = self._state(mention)
        present = verdict_of(state)
        kept = _kept(typed, state)
        stands = values_of(state)
        if all(stands[fact] == value for fact, value in said.items()):
            return RowOutcome.SAID_BEFORE, kept
        words = _words(typed, said)
        now = verdict_words(present) or state_words(state)
        newer = not written.is_still(state, present)
        if newer and not self._force:
            return RowOutcome.REFUSED, f"judged since: {now}; the sheet says: {words}; --force takes the sheet's"
        if refusal := self._saying.say(Target(mention.id), said):
            return RowOutcome.REFUSED, refusal.words
        if Fact.VERDICT in said and calls_sensitive(verdict_of(self._state(mention))):
            self.sensitive.append(mention)
        outcome = RowOutcome.OVERRULED if newer else RowOutcome.RECORDED
        return outcome, "; ".join(filter(None, [words, kept, f"was: {now}" if newer else ""]))

    def _state(self, mention: Mention) -> ItemState:
        return events.states_of(self._conn, mention.campaign_id, [mention.article_id])[mention.article_id]

    def _wrong(self, row: SheetRow, mention_id: str, mention: Mention | None, state: RowState | None) -> str:
        if row.faults:
            return "; ".join(f"{fault.column}: {fault.reason}" if fault.column else fault.reason for fault in row.faults)
        if not mention_id:
            return "mention: is empty; leave this column as it was"
        if (twin := self._rows.setdefault(mention_id, row.number)) != row.number:
            return f"stands in row {twin} already; keep one row an item"
        if mention is None:
            return "mention: there is no such item here; it no longer matches, or the sheet is of another workspace or campaign"
        if state is None:
            return "state: the hidden column was changed; write the sheet anew with --export"
        return ""


def _words(typed: Typed, said: Mapping[Fact, Value]) -> str:
    yes = [message for message, answer in typed.messages if answer == "yes"]
    told = [*([typed.decision] if typed.decision else []), *([f"tone {typed.tone}"] if typed.tone else [])]
    told += [f"prominence {typed.prominence}"] if typed.prominence else []
    told += [f"messages {', '.join(yes) or 'none'}"] if typed.messages else []
    told += [f"headline {typed.headline_en[:80]!r}"] if typed.headline_en else []
    told += [f"note {typed.note[:80]!r}"] if typed.note else []
    named = {fact: value for fact, value in said.items() if fact in _NAMED}
    corrected = {fact: value for fact, value in said.items() if fact in CORRECTABLE}
    told += [said_words(named)] if named else []
    return ", ".join(told + ([f"corrected: {said_words(corrected)}"] if corrected else []))


def _kept(typed: Typed, state: ItemState) -> str:
    """Cells that were emptied take nothing back; that is told."""
    if typed == Typed():
        return ""
    emptied = [
        name
        for name, now, before in (
            ("tone", typed.tone, state.tone),
            ("prominence", typed.prominence, state.prominence),
            ("english headline", typed.headline_en, state.headline_en),
            ("messages", typed.messages, state.key_messages),
            ("quoted", typed.quoted, state.quotes),
            ("tags", typed.tags, state.tags),
        )
        if not now and before
    ]
    return f"an emptied cell takes nothing back: {', '.join(emptied)} as before" if emptied else ""


def report_lines(report: VerdictReport) -> list[str]:
    """The import in words: each row that did or was refused something, then how many of each."""
    return [*report.lines(silent=(RowOutcome.UNCHANGED,)), *report.warnings, report.total()]
