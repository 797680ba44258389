"""Items for review -> a sheet with lists to choose from. An internal form: it shows what is held back to protect a child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests.forms.excerpts import excerpt, without_controls
from tracker.digests.quoting import found_quotes
from tracker.digests.selection import with_decisive_hits
from tracker.errors import UsageError
from tracker.model import Campaign, Entry, ItemState, Precision, Verdict
from tracker.review.verdict_sheet.columns import (
    CHOICES,
    DECISION,
    HEADLINE_EN,
    HELD,
    MENTION,
    NOTE,
    PICTURE,
    PROMINENCE,
    QUOTE_FOUND,
    QUOTED,
    STATE,
    TAGS,
    TONE,
    YES_NO,
    Typed,
    as_typed,
    columns_for,
    message_of,
)
from tracker.review.verdict_sheet.row_state import FACTS, write_state
from tracker.spreadsheets.cells import fitting
from tracker.spreadsheets.rows import MOST_ROWS
from tracker.spreadsheets.xlsx_write import HEADING, ISO_DAY, ISO_MINUTE, TO_FILL, open_workbook, sheet_text, write_list
from tracker.store import entries, events
from tracker.store.database import Database
from tracker.visibility import is_called_sensitive, is_undecided, is_withheld

TITLE = "INTERNAL: for the campaign's own staff only. Do not pass it on: it shows items that are held back to protect a child."
HOW = (
    "Choose in the yellow columns; a row that you leave as it is says nothing. Outlet, country, date, author and headline may be corrected."
    " Save as .xlsx, then: tracker verdict --import THIS-FILE.xlsx"
)
HEADING_ROW = 3  # counted from 0, below title, instructions and the line on held items
LEGEND = "key messages"
BESIDE = (LEGEND,)
ITEMS_AT_ONCE = 500
"""Items whose texts are in memory at once: 5 MB with texts of 5 KB and their hits."""
EXCERPT_CHARS = 400
"""Seven lines of its column of 60 characters; a row shows MOST_LINES."""
LINE_POINTS, MOST_LINES = 15, 8
"""Programs that open the file do not all make rows as high as their text."""
WIDTHS = {
    MENTION: 14,
    HELD: 11,
    "outlet": 20,
    "country": 8,
    "published": 16,
    "author": 18,
    "headline": 46,
    "excerpt": 60,
    DECISION: 11,
    TONE: 10,
    PROMINENCE: 12,
    QUOTE_FOUND: 44,
    HEADLINE_EN: 36,
    NOTE: 28,
    QUOTED: 24,
    TAGS: 18,
    PICTURE: 9,
    "why it matched": 36,
    "link": 34,
    "circle": 13,
    "campaign": 14,
    "medium": 10,
    "present verdict": 34,
    STATE: 10,
}
_GIVEN = (DECISION, TONE, PROMINENCE, HEADLINE_EN, NOTE, QUOTED, TAGS, PICTURE)

Item = tuple[Campaign, Entry, ItemState]


class Exported(Struct, frozen=True):
    """How many items the sheet holds, and how many of them are held back."""

    items: int
    held: int


def items_for_review(
    database: Database, campaigns: Sequence[Campaign], since: date | None, until: date | None = None, *, decided: bool
) -> list[tuple[Campaign, Entry]]:
    """The campaigns' items found from `since` to `until` (both included; None: unbounded) on which no person has decided (`decided`:
    those too), held ones first. Without their texts, which `write_verdict_sheet` reads a few at a time."""
    found: list[tuple[Campaign, Entry]] = []
    with database.reading() as conn:
        for campaign in campaigns:
            zone = ZoneInfo(campaign.time_zone)
            begun = datetime.combine(since, time(), zone) if since else None
            ended = datetime.combine(until + timedelta(days=1), time(), zone) if until else None
            listed = entries.standings(conn, campaign.id, found_from=begun, found_before=ended, undecided=not decided)
            found += [(campaign, entry) for entry in listed if decided or is_undecided(entry.verdict)]
    return sorted(found, key=lambda item: (not is_withheld(item[1]), item[0].id, item[1].outlet.country, item[1].article.id))


def write_verdict_sheet(
    out: IO[bytes], database: Database, campaigns: Sequence[Campaign], items: Sequence[tuple[Campaign, Entry]]
) -> Exported:
    """One row an item. Raises UsageError for more items than a sheet that comes back may have."""
    if len(items) > MOST_ROWS:
        raise UsageError(
            f"{len(items)} items are more than a sheet may have ({MOST_ROWS}); narrow them with --from and --to (days found) or --campaign"
        )
    held = sum(is_withheld(entry) for _, entry in items)
    messages = [(campaign.id, message.id, message.name) for campaign in campaigns for message in campaign.key_messages]
    with open_workbook(out) as book:
        _SheetWriter(book, columns_for(campaigns)).write(_with_texts(database, items), len(items), held)
        write_list(book, LEGEND, (("of campaign", 20), ("its id", 24), ("what it says", 90)), messages)
    return Exported(len(items), held)


def _with_texts(database: Database, items: Sequence[tuple[Campaign, Entry]]) -> Iterator[Item]:
    """The items in their order, as they stand now; one that matches no more since it was listed is passed over."""
    with database.reading() as conn:
        for batch in (items[start : start + ITEMS_AT_ONCE] for start in range(0, len(items), ITEMS_AT_ONCE)):
            asked: dict[str, list[int]] = {}
            for campaign, entry in batch:
                asked.setdefault(campaign.id, []).append(entry.article.id)
            read = {
                (name, entry.article.id): entry
                for name, article_ids in asked.items()
                for entry in entries.for_campaign(conn, name, article_ids=article_ids)
            }
            states = {name: events.states_of(conn, name, article_ids) for name, article_ids in asked.items()}
            for campaign, bare in batch:
                if full := read.get((campaign.id, bare.article.id)):
                    yield campaign, with_decisive_hits(campaign, full, narrowing=True), states[campaign.id][bare.article.id]


class _SheetWriter:
    """The sheet of items."""

    def __init__(self, book: Any, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._sheet = book.add_worksheet("review")
        self._warning = book.add_format({"bold": True, "font_color": "#B00020"})
        self._heading = book.add_format(HEADING)
        self._to_fill = book.add_format(TO_FILL)
        top: dict[str, Any] = {"valign": "top", "text_wrap": True}
        self._cell, self._given = book.add_format(top), book.add_format({**top, "bg_color": "#FFF8E1"})
        self._red = book.add_format({**top, "bold": True, "font_color": "#B00020"})
        self._day = book.add_format({**top, "num_format": ISO_DAY, "align": "left"})
        self._moment = book.add_format({**top, "num_format": ISO_MINUTE, "align": "left"})

    def write(self, items: Iterable[Item], count: int, held: int) -> None:
        """`count`: how many items there are."""
        self._write_head(held)
        for number, item in enumerate(items, HEADING_ROW + 1):
            self._write_row(number, *item)
        last = HEADING_ROW + max(count, 1)
        for column, name in enumerate(self._columns):
            choices = CHOICES.get(name, YES_NO if message_of(name) else ())
            if choices:
                error = {"error_title": "Not in the list", "error_message": f"Choose {', '.join(choices)}, or leave the cell empty."}
                self._sheet.data_validation(HEADING_ROW + 1, column, last, column, {"validate": "list", "source": [*choices], **error})
        self._sheet.autofilter(HEADING_ROW, 0, last, len(self._columns) - 1)
        self._sheet.freeze_panes(HEADING_ROW + 1, 1)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(HEADING_ROW)

    def _write_head(self, held: int) -> None:
        self._sheet.write_string(0, 0, TITLE, self._warning)
        self._sheet.write_string(1, 0, HOW)
        if held:
            words = f"HELD: {held} items at the top may identify a child. Accept one only when it is safe to show; else choose sensitive."
            self._sheet.write_string(2, 0, words, self._warning)
        for column, name in enumerate(self._columns):
            given = name in _GIVEN or message_of(name)
            self._sheet.write_string(HEADING_ROW, column, name, self._to_fill if given else self._heading)
            width = WIDTHS.get(name) or min(len(name) + 3, 30)
            self._sheet.set_column(column, column, width, None, {"hidden": name == STATE})

    def _write_row(self, number: int, campaign: Campaign, entry: Entry, state: ItemState) -> None:
        typed = as_typed(state, campaign)
        context = _context(campaign, entry)
        facts = {name: " ".join(context.get(name, "").split()) for name in FACTS} | _published(campaign, entry)
        cells = {**context, **_given(typed), STATE: write_state(state, entry.verdict, typed, facts)}
        lines = max(-(-len(cells[name]) // WIDTHS[name]) for name in ("headline", "excerpt", "why it matched"))
        self._sheet.set_row(number, LINE_POINTS * min(max(lines, 1), MOST_LINES))
        for column, name in enumerate(self._columns):
            if name == "published":
                self._write_published(number, column, campaign, entry)
                continue
            given = name in _GIVEN or message_of(name)
            form = self._red if name == HELD else self._given if given else self._cell
            if text := cells.get(name, ""):
                self._sheet.write_string(number, column, fitting(text), form)
            else:
                self._sheet.write_blank(number, column, None, form)

    def _write_published(self, number: int, column: int, campaign: Campaign, entry: Entry) -> None:
        published = entry.article.published
        if published is None:
            self._sheet.write_blank(number, column, None, self._cell)
        elif published.precision is Precision.DAY:
            self._sheet.write_datetime(number, column, published.at.date(), self._day)
        else:
            local = published.at.astimezone(ZoneInfo(campaign.time_zone)).replace(tzinfo=None, microsecond=0)
            self._sheet.write_datetime(number, column, local, self._moment)


def _published(campaign: Campaign, entry: Entry) -> dict[str, str]:
    """The day in the cell, ISO, and its time of day; empty for none."""
    published = entry.article.published
    if published is None:
        return {}
    if published.precision is Precision.DAY:
        return {"published": published.at.date().isoformat()}
    local = published.at.astimezone(ZoneInfo(campaign.time_zone))
    return {"published": local.date().isoformat(), "time": f"{local:%H:%M}"}


def _given(typed: Typed) -> dict[str, str]:
    said = (typed.decision, typed.tone, typed.prominence, typed.headline_en, typed.note, typed.quoted, typed.tags, typed.picture)
    told = dict(zip(_GIVEN, said, strict=True))
    return told | {f"message: {message}": said for message, said in typed.messages}


def _context(campaign: Campaign, entry: Entry) -> dict[str, str]:
    address = entry.article.canonical_url
    pieces = excerpt(entry.article, entry.mention.hits, length=EXCERPT_CHARS)
    return {
        MENTION: entry.mention.id,
        HELD: ("SENSITIVE" if is_called_sensitive(entry) else "HELD") if is_withheld(entry) else "",
        "outlet": sheet_text(without_controls(entry.outlet.name)),
        "country": entry.outlet.country,
        "author": sheet_text(without_controls("; ".join(entry.article.authors))[:1000]),
        "headline": sheet_text(without_controls(entry.article.title)[:1000]),
        "excerpt": sheet_text("".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)),
        "why it matched": sheet_text(without_controls(_why(entry))[:1000]),
        QUOTE_FOUND: sheet_text(without_controls(_quotes(campaign, entry))[:1000]),
        "link": address if address.startswith("http") else "",
        "circle": entry.mention.circle,
        "campaign": campaign.id,
        "medium": str(entry.medium),
        "present verdict": verdict_words(entry.verdict),
    }


def _quotes(campaign: Campaign, entry: Entry) -> str:
    return " ".join(f"{quote.speaker}: “{quote.text}”" for quote in found_quotes(entry, campaign.spokespeople))


def _why(entry: Entry) -> str:
    told = [f"entered by {entry.hand.entered_by or 'a person'}"] if entry.hand else []
    told += [f"corrected by hand: {', '.join(entry.corrected)}"] if entry.corrected else []
    forms: dict[str, list[str]] = {}
    for hit in entry.mention.hits:
        if hit.form not in forms.setdefault(hit.term_id, []):
            forms[hit.term_id].append(hit.form)
    told += [f"{term}: {', '.join(found[:4])}" for term, found in forms.items()]
    if entry.mention.labels:
        told.append(f"marked {', '.join(entry.mention.labels)}")
    if entry.mention.key_messages:
        told.append(f"words of {', '.join(entry.mention.key_messages)}")
    return "; ".join(told)


def verdict_words(verdict: Verdict | None) -> str:
    """A verdict in one line; empty for none."""
    if verdict is None:
        return ""
    told = [str(verdict.decision), *([f"tone {verdict.tone}"] if verdict.tone else [])]
    told += [f"prominence {verdict.prominence}"] if verdict.prominence else []
    if verdict.key_messages is not None:
        told.append(f"messages {', '.join(verdict.key_messages) or 'none'}")
    told += [f"headline {verdict.headline_en[:80]!r}"] if verdict.headline_en else []
    told += [f"note {verdict.note[:80]!r}"] if verdict.note else []
    return f"{', '.join(told)} ({verdict.decided_at:%Y-%m-%d %H:%M} UTC{f' by {verdict.by}' if verdict.by else ''})"
