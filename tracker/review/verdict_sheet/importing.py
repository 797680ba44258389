"""A verdict sheet that came back -> verdicts, in one transaction; every row is told what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.model import Campaign, Decision, Mention, Verdict
from tracker.review.verdict_sheet.columns import (
    DECISION,
    FACTS,
    MENTION,
    STATE,
    Typed,
    as_typed,
    changed_facts,
    columns_for,
    is_as_written,
    is_still,
    read_typed,
    split_state,
)
from tracker.review.verdict_sheet.exporting import BESIDE, verdict_words
from tracker.spreadsheets.read import read_sheet
from tracker.spreadsheets.report import RowOutcome, RowResult, SheetReport
from tracker.spreadsheets.rows import Sheet, SheetRow
from tracker.store import digests, mentions, verdicts
from tracker.store.database import Database
from tracker.text.dates import parse_moment
from tracker.visibility import calls_sensitive

if TYPE_CHECKING:
    from sqlalchemy import Connection


CORRECTED = (
    "{names}: was changed, and a verdict cannot correct it; put the cell back as it was and write the correction into the note,"
    " or reject the item and enter it anew with `tracker add`"
)


@dataclass(frozen=True, slots=True)
class VerdictReport(SheetReport):
    """`warnings` are what a person must do besides."""

    warnings: tuple[str, ...] = ()


def import_verdicts(
    database: Database, campaigns: Sequence[Campaign], path: Path, now: datetime, *, by: str = "", force: bool = False
) -> VerdictReport:
    """Records what reviewers chose. A row that was left as it was says nothing; one whose item a person has judged since the sheet
    was written is refused unless `force`. Raises ConfigError for a file that is no such sheet."""
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
        self._sheet = sheet
        self._conn, self._columns, self._now, self._by, self._force = conn, sheet.columns, now, by, force
        self._campaigns = {campaign.id: campaign for campaign in campaigns}
        self._mentions = {mention.id: mention for campaign in campaigns for mention in mentions.for_campaign(conn, campaign.id)}
        self._said: dict[str, Mapping[int, Verdict]] = {campaign.id: verdicts.latest(conn, campaign.id) for campaign in campaigns}
        self._rows: dict[str, int] = {}
        self.sensitive: list[Mention] = []

    def take(self, row: SheetRow) -> RowResult:
        """Records the row's verdict where it says a new one; what became of it."""
        mention_id = row.text(MENTION)

        def told(outcome: RowOutcome, detail: str = "") -> RowResult:
            return RowResult(row.number, outcome, detail, mention_id)

        mention = self._mentions.get(mention_id)
        state = split_state(row.text(STATE))
        if wrong := self._wrong(row, mention_id, mention, state):
            return told(RowOutcome.REFUSED, wrong)
        assert mention is not None
        assert state is not None
        campaign = self._campaigns[mention.campaign_id]
        if corrected := changed_facts(self._facts(row, campaign), row.text(STATE)):
            return told(RowOutcome.REFUSED, CORRECTED.format(names=" and ".join(corrected)))
        typed, faults = read_typed(row, self._columns, campaign)
        if faults:
            return told(RowOutcome.REFUSED, "; ".join(faults))
        if is_as_written(typed, state):
            return told(RowOutcome.UNCHANGED)
        present = self._said[campaign.id].get(mention.article_id)
        if not typed.decision:
            return told(RowOutcome.REFUSED, "decision: is empty; choose one, or unsure")
        wanted = self._verdict(mention, typed, present)
        if present is not None and as_typed(wanted, campaign) == as_typed(present, campaign):
            return told(RowOutcome.SAID_BEFORE, _kept(typed, present))
        newer = not is_still(present, state)
        if newer and not self._force:
            said = f"judged since: {verdict_words(present)}; the sheet says: {_words(typed)}; --force takes the sheet's"
            return told(RowOutcome.REFUSED, said)
        verdicts.record(self._conn, wanted)
        if calls_sensitive(wanted):
            self.sensitive.append(mention)
        overruled = f"was: {verdict_words(present)}" if newer else ""
        return told(
            RowOutcome.OVERRULED if newer else RowOutcome.RECORDED,
            "; ".join(filter(None, [_words(typed), _kept(typed, present), overruled])),
        )

    def _facts(self, row: SheetRow, campaign: Campaign) -> dict[str, str]:
        """What the row says of its item; a date as its day, in whatever form a program has left it."""
        facts = {name: row.text(name) for name in FACTS}
        cell = row.values.get("published", "")
        day = self._sheet.day(cell)
        if day is None and facts["published"]:
            read = parse_moment(facts["published"], zone=campaign.time_zone, now=self._now)
            day = read.at.date() if read else None
        return facts | ({"published": day.isoformat()} if day else {})

    def _wrong(self, row: SheetRow, mention_id: str, mention: Mention | None, state: tuple[str, str] | None) -> str:
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

    def _verdict(self, mention: Mention, typed: Typed, present: Verdict | None) -> Verdict:
        """As it will stand: what the row leaves empty stays as it was said."""
        said = Verdict(
            mention.campaign_id,
            mention.article_id,
            Decision(typed.decision),
            self._now,
            typed.note,
            self._by,
            tone=typed.tone,
            prominence=typed.prominence,
            key_messages=typed.key_messages,
            headline_en=typed.headline_en,
        )
        return said if present is None else verdicts.with_details(said, present)


def _words(typed: Typed) -> str:
    yes = [message for message, said in typed.messages if said == "yes"]
    told = [typed.decision, *([f"tone {typed.tone}"] if typed.tone else [])]
    told += [f"prominence {typed.prominence}"] if typed.prominence else []
    told += [f"messages {', '.join(yes) or 'none'}"] if typed.messages else []
    told += [f"headline {typed.headline_en[:80]!r}"] if typed.headline_en else []
    return ", ".join(told + ([f"note {typed.note[:80]!r}"] if typed.note else []))


def _kept(typed: Typed, present: Verdict | None) -> str:
    """Cells that were emptied take nothing back; that is told."""
    if present is None:
        return ""
    emptied = [
        name
        for name, now, before in (
            ("tone", typed.tone, present.tone),
            ("prominence", typed.prominence, present.prominence),
            ("english headline", typed.headline_en, present.headline_en),
            ("messages", typed.messages, present.key_messages),
        )
        if not now and before
    ]
    return f"an emptied cell takes nothing back: {', '.join(emptied)} as before" if emptied else ""


def report_lines(report: VerdictReport) -> list[str]:
    """The import in words: each row that did or was refused something, then how many of each."""
    return [*report.lines(silent=(RowOutcome.UNCHANGED,)), *report.warnings, report.total()]
