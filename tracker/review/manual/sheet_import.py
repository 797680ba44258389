"""A sheet of hand-entered items -> articles, items and mentions, in one transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from tracker.errors import UsageError
from tracker.extraction.language import detect
from tracker.matching.cache import NO_CACHE, Cache
from tracker.matching.compiled import compiled_matcher
from tracker.matching.matcher import Matcher, find_entered
from tracker.model import Article, Campaign, Decision, Depth, HandItem, Medium, Mention, Verdict
from tracker.pipeline import steps
from tracker.review.manual.corrections import corrected_item
from tracker.review.manual.sheet_rows import ALSO, COLUMNS, NEEDED, CheckedRows, HandRow, check_rows
from tracker.review.manual.sheet_template import BESIDE
from tracker.spreadsheets.read import read_sheet
from tracker.spreadsheets.report import RowOutcome, RowResult, SheetReport
from tracker.spreadsheets.rows import Fault
from tracker.store import articles, manual_items, mentions, registers, verdicts
from tracker.store.database import Database
from tracker.text.folding import fold
from tracker.urls.canonical import normalise
from tracker.urls.rulebook import rule_of
from tracker.visibility import is_held, rejects

if TYPE_CHECKING:
    from sqlalchemy import Connection

URN = "urn:tracker:hand:"
"""How an item without an address of its own is known; never printed as a link."""
MOST_ITEMS = 2000
"""Of one sheet: a month of clippings. Grouping compares texts that are alike with each other."""
OWN_PAGE = (Medium.ONLINE, Medium.SOCIAL)
"""Media whose link is the item itself; that of the others may lead to a whole issue or broadcast."""


class HandReport(SheetReport, frozen=True):
    """`held` items may identify a child and wait for a person."""

    campaign_id: str = ""
    held: tuple[str, ...] = ()
    imported: bool = True


class ImportOptions(Struct, frozen=True):
    """`circle` empty: the one that the text itself matches, else the first that partners see. `skip_bad`: enter the right rows
    although others are wrong. `dry_run`: tell what would be done."""

    circle: str = ""
    by: str = ""
    skip_bad: bool = False
    dry_run: bool = False


def import_items(
    database: Database, campaign: Campaign, path: Path, options: ImportOptions, now: datetime, cache: Cache = NO_CACHE
) -> HandReport:
    """Enters a sheet's items. With any row wrong nothing is entered, unless bad rows shall be skipped; a sheet given twice adds
    nothing. Raises ConfigError for a file that is no such sheet, UsageError for an unknown circle."""
    check_circle(campaign, options.circle)
    sheet = read_sheet(path, needed=NEEDED, known=COLUMNS, also=ALSO, beside=BESIDE, most_rows=MOST_ITEMS)
    with database.reading() as conn:
        outlets = registers.outlets(conn)
    checked = check_rows(sheet, outlets.values(), now)
    stopped = bool(checked.faults) and not options.skip_bad
    entering = _Entering(campaign, options, now, cache)
    if stopped or options.dry_run:
        with database.reading() as conn:
            entering.decide(conn, checked.items)
    else:
        with database.writing() as conn:
            entering.decide(conn, checked.items)
            entering.save(conn)
        if entering.new:
            steps.group_stories(database, campaign, now)
    results = entering.results if not stopped else [_undone(result) for result in entering.results]
    told = sorted([*results, *_unread(checked)], key=lambda result: result.row)
    held = () if stopped else tuple(mention.id for _, mention in entering.new if is_held(mention))
    return HandReport(tuple(told), sheet.notes, campaign.id, held, imported=not (stopped or options.dry_run))


def check_circle(campaign: Campaign, circle: str) -> None:
    """Raises UsageError for a circle that the campaign has not."""
    if circle and circle not in {one.id for one in campaign.circles}:
        raise UsageError(f"campaign {campaign.id} has no circle {circle!r}; there are {', '.join(one.id for one in campaign.circles)}")


def circle_for(campaign: Campaign, matcher: Matcher, article: Article, asked: str) -> str:
    """Where a person's item belongs: as asked, else as its text matches, else in the first circle that partners see."""
    if asked:
        return asked
    found = matcher.match(body=article.body, title=article.title, language=article.language)
    return found.circle or next((one.id for one in campaign.circles if one.audience == "partners"), campaign.circles[0].id)


def word_of_entry(mention: Mention, now: datetime, by: str) -> Verdict:
    """What entering an item says of it. Entering one that may identify a child does not clear it."""
    decision = Decision.UNSURE if is_held(mention) else Decision.ACCEPT
    return Verdict(mention.campaign_id, mention.article_id, decision, now, by=by)


def _undone(result: RowResult) -> RowResult:
    return replace(result, outcome=RowOutcome.NOT_IMPORTED) if result.outcome in (RowOutcome.ENTERED, RowOutcome.CHANGED) else result


def _unread(checked: CheckedRows) -> list[RowResult]:
    by_row: dict[int, list[Fault]] = {}
    for fault in checked.faults:
        by_row.setdefault(fault.row, []).append(fault)
    refused = [
        RowResult(
            row,
            RowOutcome.REFUSED,
            "; ".join(f"{f'{fault.column}: ' if fault.column else ''}{fault.reason}" for fault in faults),
            faults=tuple(faults),
        )
        for row, faults in by_row.items()
    ]
    return refused + [RowResult(row, RowOutcome.EXAMPLE) for row in checked.examples]


CORRECTS = (
    "seems to correct this item, which was entered before; to correct it, reject it with `tracker verdict` and import the row again,"
    " else give the row its own programme or place"
)


class _Known(Struct):
    """What the store knows of the sheet's items."""

    entered: dict[str, HandItem]
    at: dict[str, int]
    mentioned: frozenset[int]
    by_hand: tuple[tuple[HandItem, Article], ...] = ()


class _Entering(Struct):
    """One import: what each row becomes, then the writing of it."""

    campaign: Campaign
    options: ImportOptions
    now: datetime
    cache: Cache
    results: list[RowResult] = field(default_factory=list)
    new: list[tuple[HandRow, Mention]] = field(default_factory=list)
    _articles: list[Article] = field(default_factory=list)
    _changed: list[HandItem] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _matcher: Matcher | None = None

    def decide(self, conn: Connection, items: Sequence[HandRow]) -> None:
        """What is new, what is known, what is told beside it."""
        known = self._known(conn, items)
        self._taken = {*known.at}
        seen: dict[str, int] = {}
        for item in items:
            page = normalise(item.link) if item.medium in OWN_PAGE else ""
            if twin := seen.get(item.identity) or seen.get(page):
                self._tell(item, RowOutcome.KNOWN, f"the same as row {twin}")
                continue
            seen |= {item.identity: item.number, **({page: item.number} if page else {})}
            if before := known.entered.get(item.identity):
                self._decide_again(item, before)
            elif (article_id := self._article_of(item, known.at)) in known.mentioned:
                self._tell(item, RowOutcome.FOUND, "judge it with `tracker verdict`", f"{self.campaign.id}-{article_id}")
            elif corrected := corrected_item(item, known.by_hand):
                self._tell(item, RowOutcome.REFUSED, CORRECTS, f"{self.campaign.id}-{corrected}")
            else:
                stored = articles.get(conn, article_id) if article_id else None
                self._decide_new(item, stored or self._article(item))

    def save(self, conn: Connection) -> None:
        """Writes what was decided."""
        for item, _ in self.new:
            if item.outlet_is_new:
                registers.add_unwatched(conn, item.outlet)
        fresh = [article for article in self._articles if not article.id]
        ids = iter(articles.save(conn, [(article, fold(article.title), fold(article.body)) for article in fresh], self.now))
        for index, ((item, mention), article) in enumerate(zip(self.new, self._articles, strict=True)):
            article_id = article.id or next(ids)
            assert article_id is not None, "an address that nobody had was taken"
            named = replace(mention, id=f"{self.campaign.id}-{article_id}", article_id=article_id)
            self.new[index] = (item, named)
            manual_items.add(conn, self._hand_item(item, article_id, mention.circle), item.identity)
            if item.tone or item.note or not is_held(named):
                verdicts.record(conn, self._verdict(item, named), via="entry")
        mentions.save(conn, [mention for _, mention in self.new], self.now)
        for changed in self._changed:
            manual_items.change(conn, changed)
        named_by_row = {item.number: mention.id for item, mention in self.new}
        self.results = [replace(result, mention_id=named_by_row.get(result.row, result.mention_id)) for result in self.results]

    def _known(self, conn: Connection, items: Sequence[HandRow]) -> _Known:
        wanted = {address for item in items for address in _addresses(item)}
        return _Known(
            manual_items.by_identity(conn, self.campaign.id, {item.identity for item in items}),
            articles.at_addresses(conn, wanted),
            frozenset(mention.article_id for mention in mentions.for_campaign(conn, self.campaign.id)),
            self._by_hand(conn),
        )

    def _by_hand(self, conn: Connection) -> tuple[tuple[HandItem, Article], ...]:
        """Items entered before, less those that a person has rejected: a correction is entered anew after that."""
        entered = manual_items.for_campaign(conn, self.campaign.id)
        said = verdicts.latest(conn, self.campaign.id)
        stored = articles.get_many(conn, [article_id for article_id in entered if not rejects(said.get(article_id))])
        return tuple((entered[article.id], article) for article in stored)

    def _article_of(self, item: HandRow, at: Mapping[str, int]) -> int:
        """The article that this is, 0 for none: of another medium's link nothing follows."""
        own = _addresses(item) if item.medium in OWN_PAGE else (URN + item.identity,)
        return next((at[address] for address in own if address in at), 0)

    def _decide_again(self, item: HandRow, before: HandItem) -> None:
        told = replace(before, picture=item.picture or before.picture)
        if item.reach is not None:
            told = replace(told, reach=item.reach, reach_source=item.reach_source, reach_on=item.reach_on)
        mention_id = f"{self.campaign.id}-{before.article_id}"
        if told == before:
            self._tell(item, RowOutcome.KNOWN, "", mention_id)
        else:
            self._changed.append(told)
            self._tell(item, RowOutcome.CHANGED, "", mention_id)

    def _decide_new(self, item: HandRow, article: Article) -> None:
        matcher = self._matcher = self._matcher or compiled_matcher(self.campaign, self.cache)
        mention = find_entered(article, matcher, circle_for(self.campaign, matcher, article, self.options.circle))
        self._articles.append(article)
        self.new.append((item, mention))
        new_outlet = f"; {item.outlet.name} ({item.outlet.country}) is new and not watched" if item.outlet_is_new else ""
        held = "; held back: it may identify a child" if is_held(mention) else ""
        self._tell(item, RowOutcome.ENTERED, f"{item.published.iso()}, circle {mention.circle}{new_outlet}{held}")

    def _article(self, item: HandRow) -> Article:
        """An article of its own; the first item of a link gets it as its address."""
        free = bool(item.link) and not {item.link, normalise(item.link)} & self._taken
        address = item.link if free else URN + item.identity
        self._taken |= {item.link, normalise(item.link)}
        language = item.language or detect(f"{item.headline}\n{item.text}", item.outlet.languages)
        return Article(
            outlet_id=item.outlet.id,
            requested_url=item.link or address,
            canonical_url=address,
            title=item.headline,
            body=item.text,
            fetched_at=self.now,
            depth=Depth.EXTRACTED,
            published=item.published,
            authors=item.authors,
            language=language,
        )

    def _hand_item(self, item: HandRow, article_id: int, circle: str) -> HandItem:
        return HandItem(
            campaign_id=self.campaign.id,
            article_id=article_id,
            medium=item.medium,
            circle=circle,
            entered_at=self.now,
            entered_by=self.options.by,
            programme=item.programme,
            place=item.place,
            picture=item.picture,
            reach=item.reach,
            reach_source=item.reach_source,
            reach_on=item.reach_on,
        )

    def _verdict(self, item: HandRow, mention: Mention) -> Verdict:
        """The word of whoever enters it, with what the row says beside the item."""
        return replace(word_of_entry(mention, self.now, self.options.by), note=item.note, tone=item.tone)

    def _tell(self, item: HandRow, outcome: RowOutcome, detail: str = "", mention_id: str = "") -> None:
        self.results.append(RowResult(item.number, outcome, detail, mention_id))


def _addresses(item: HandRow) -> tuple[str, ...]:
    """Where the store may know the item from."""
    keys = (normalise(item.link), normalise(item.link, rule_of(item.outlet)))
    return tuple(dict.fromkeys(address for address in (item.link, *keys, URN + item.identity) if address))


def report_lines(report: HandReport, *, dry_run: bool = False) -> list[str]:
    """The import in words, row by row; what needs nothing of the reader is counted only."""
    lines, counted = report.lines(silent=(RowOutcome.KNOWN, RowOutcome.EXAMPLE)), report.total()
    if dry_run:
        return [*lines, f"{counted} (nothing was written: --dry-run)"]
    if not report.imported:
        return [*lines, f"{counted}. Nothing was imported: mend the refused rows, or give --skip-bad to enter the others"]
    return [*lines, counted]
