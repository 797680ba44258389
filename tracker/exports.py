"""Exports: articles, mentions, stories, changes, listed items as rows; JSON Lines, CSV, XLSX or lines with links. All of it, or what was asked for.

What `visibility` withholds (a possible child case) is left out of every format and counted for the caller.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tracker.digests.figures import appeared_at
from tracker.digests.forms.plain_text import plain
from tracker.digests.listed_rows import LISTED_COLUMNS, listed_rows
from tracker.digests.scopes import Asked
from tracker.digests.withheld import withheld_articles
from tracker.model import Article, Depth, Entry, StoryRole
from tracker.monitoring.changes import CHANGE_COLUMNS, change_rows
from tracker.spreadsheets.cells import SHEET_ROWS, inert
from tracker.spreadsheets.xlsx_write import open_workbook, sheet_text
from tracker.store import articles, entries, registers, terms, trails
from tracker.store.database import Database
from tracker.urls.reserved import NONE_RESERVED, Reservations
from tracker.visibility import gives_on, is_withheld

if TYPE_CHECKING:
    from sqlalchemy import Connection

ARTICLE_COLUMNS = (
    "requested_url",
    "canonical_url",
    "outlet",
    "country",
    "title",
    "body",
    "published",
    "authors",
    "language",
    "fetched_at",
    "outcome",
)
MENTION_COLUMNS = (
    "mention",
    "campaign",
    "circle",
    "outlet",
    "country",
    "tier",
    "title",
    "url",
    "published",
    "authors",
    "language",
    "forms",
    "labels",
    "key_messages",
    "story",
    "verdict",
    "note",
    "found_by",
    "found_at",
    "medium",
    "programme",
    "place",
    "tone",
    "prominence",
    "messages_confirmed",
    "headline_en",
    "reach",
    "reach_source",
    "reach_on",
    "entered_by",
    "reason",
    "tags",
    "starred",
    "quoted",
    "corrected",
    "role",
    "shared",
    "gives_credit",
)
STORY_COLUMNS = (
    *("story", "campaign", "items", "outlets", "countries", "first_published", "title", "urls"),
    *("first_published_by", "carried_by", "own_words_by"),
)
BATCH = 200
"""Articles read at once: 200 bodies of some 5 KB are 1 MB, and a statement a batch is not what an export waits for."""

Row = dict[str, Any]


class Export(Struct):
    """Rows to write, and how many items were withheld; complete once `rows` is used up."""

    columns: tuple[str, ...]
    rows: Iterable[Row]
    withheld: int = 0


ALL = Asked()


def export_articles(database: Database, campaign_ids: Iterable[str] = (), asked: Asked = ALL) -> Export:
    """One row per address of the crawl: its article, or the outcome where it stopped; then articles that a person entered.
    `campaign_ids` narrow nothing here: what any campaign holds back is left out. Where a language or days are asked for, articles alone."""
    export = Export(ARTICLE_COLUMNS, ())
    export.rows = _article_rows(database, export, asked)
    return export


def export_mentions(database: Database, campaign_ids: Iterable[str], asked: Asked = ALL) -> Export:
    """One row per mention of the campaigns, verdict included."""
    export = Export(MENTION_COLUMNS, ())
    export.rows = _mention_rows(database, campaign_ids, export, asked)
    return export


def export_stories(database: Database, campaign_ids: Iterable[str], asked: Asked = ALL) -> Export:
    """One row per story of the campaigns; of a story that is covered in part, that part."""
    export = Export(STORY_COLUMNS, ())
    export.rows = _story_rows(database, campaign_ids, export, asked)
    return export


def export_listed(database: Database, campaign_ids: Iterable[str], asked: Asked = ALL) -> Export:
    """One row per item that a second net lists and whose text was not read, with the campaigns that it matches. Languages narrow nothing
    here: of what no campaign matches they are not known."""
    export = Export(LISTED_COLUMNS, ())
    export.rows = listed_rows(database, campaign_ids, export, replace(asked, scope=replace(asked.scope, languages=())))
    return export


def export_changes(database: Database, campaign_ids: Iterable[str], asked: Asked = ALL) -> Export:
    """One row per change of an item's page, with both texts."""
    export = Export(CHANGE_COLUMNS, ())
    export.rows = change_rows(database, campaign_ids, export, asked)
    return export


def write_jsonl(export: Export, out: IO[bytes]) -> int:
    """One JSON object a line; returns how many."""
    count = 0
    for count, row in enumerate(export.rows, 1):  # noqa: B007
        out.write(msgspec.json.encode(row) + b"\n")
    return count


def write_csv(export: Export, out: IO[bytes]) -> int:
    """CSV in UTF-8 with a byte order mark, so that spreadsheets read the letters; no cell is taken for a formula."""
    writer = csv.writer(codecs.getwriter("utf-8-sig")(out))  # which leaves `out` open, also where its reader goes away
    writer.writerow(export.columns)
    count = 0
    for count, row in enumerate(export.rows, 1):  # noqa: B007
        writer.writerow([inert(_cell(row[column])) for column in export.columns])
    return count


def write_xlsx(export: Export, out: IO[bytes]) -> int:
    """A heading row and a filter; cells are text, never formulas. What does not fit on one sheet goes on on the next."""
    rows, count, number = iter(export.rows), 0, 1
    with open_workbook(out, row_by_row=True) as book:
        full = True
        while full:
            written = _write_sheet(book, f"export {number}" if number > 1 else "export", export.columns, islice(rows, SHEET_ROWS))
            count, number, full = count + written, number + 1, written == SHEET_ROWS
    return count


def write_links(export: Export, out: IO[bytes]) -> int:
    """A line for an item: its day, outlet, headline and link, the earliest first; for a letter to a donor."""
    rows = sorted(export.rows, key=lambda row: row.get("published") or row.get("first_published") or "")
    for row in rows:
        outlets = row["outlets"] if "outlets" in row else [row["outlet"]]
        links = row["urls"] if "urls" in row else [row.get("url") or row.get("canonical_url") or row.get("requested_url")]
        day = (row.get("published") or row.get("first_published") or "")[:10]
        told = filter(None, (day, plain("; ".join(outlets)), plain(row["title"] or ""), *links))
        out.write(f"{' | '.join(told)}\n".encode())
    return len(rows)


def _write_sheet(book: Any, name: str, columns: tuple[str, ...], rows: Iterator[Row]) -> int:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    heading = book.add_format({"bold": True})
    for column, title in enumerate(columns):
        sheet.write_string(0, column, title, heading)
    count = 0
    for count, row in enumerate(rows, 1):
        for column, title in enumerate(columns):
            value = row[title]
            if isinstance(value, int):
                sheet.write_number(count, column, value)
            else:
                sheet.write_string(count, column, sheet_text(_cell(value)))
    sheet.autofilter(0, 0, count, len(columns) - 1)
    return count


WRITERS: dict[str, Callable[[Export, IO[bytes]], int]] = {"jsonl": write_jsonl, "csv": write_csv, "xlsx": write_xlsx}


def writer(ending: str) -> Callable[[Export, IO[bytes]], int]:
    """What writes a form: one of `WRITERS`, or lines with links."""
    return write_links if ending == "links" else WRITERS[ending]


EXPORTS: dict[str, Callable[..., Export]] = {
    each.__name__.removeprefix("export_"): each
    for each in (export_articles, export_mentions, export_stories, export_changes, export_listed)
}


def _article_rows(database: Database, export: Export, asked: Asked) -> Iterator[Row]:
    withheld = withheld_articles(database)
    of_articles = bool(asked.scope.languages or asked.first_on or asked.last_on)
    everywhere = replace(asked.scope, languages=())
    with database.reading() as conn:
        outlets = registers.outlets(conn)
        reserved = NONE_RESERVED if asked.texts_of_all else terms.reserved(conn)
        outcomes = trails.link_outcomes(conn)
        while batch := list(islice(outcomes, BATCH)):
            read = {article.id: article for article in articles.get_many(conn, [e.article_id for e in batch if e.article_id])}
            for one in batch:
                outlet = outlets[one.link.outlet_id]
                article = read[one.article_id] if one.article_id else None
                if not everywhere.covers(outlet.country, "", outlet.id) or (of_articles and not (article and _is_asked(article, asked))):
                    continue
                if withheld.covers(one):
                    export.withheld += 1
                    continue
                where = {"requested_url": one.link.url, "outlet": outlet.name, "country": outlet.country}
                if article:
                    yield {**_article_row(article, reserved), **where}
                    continue
                stopped = str(one.skipped.reason) if one.skipped else str(one.link.outcome or ("waiting" if one.link.pending else "listed"))
                yield {**dict.fromkeys(ARTICLE_COLUMNS), "authors": [], **where, "title": one.link.title or None, "outcome": stopped}
        for article in articles.without_page(conn):
            outlet = outlets[article.outlet_id]
            if article.depth is Depth.LISTED:  # its link is among the others
                continue
            if not everywhere.covers(outlet.country, "", outlet.id) or (of_articles and not _is_asked(article, asked)):
                continue
            if article.id in withheld.article_ids:
                export.withheld += 1
                continue
            yield {**_article_row(article, reserved), "outlet": outlet.name, "country": outlet.country}


def _is_asked(article: Article, asked: Asked) -> bool:
    start_at, end_at = asked.bounds()
    at = article.published.at if article.published else article.fetched_at
    in_language = not asked.scope.languages or article.language in asked.scope.languages
    return in_language and _is_between(at, start_at, end_at)


def _is_between(at: datetime, start_at: datetime | None, end_at: datetime | None) -> bool:
    return (start_at is None or at >= start_at) and (end_at is None or at < end_at)


def _article_row(article: Article, reserved: Reservations = NONE_RESERVED) -> Row:
    return {
        "requested_url": _link(article.requested_url),
        "canonical_url": _link(article.canonical_url),
        "outlet": "",
        "country": "",
        "title": article.title,
        "body": article.body if gives_on(article.outlet_id, article.canonical_url or article.requested_url, reserved) else "",
        "published": article.published.iso() if article.published else None,
        "authors": list(article.authors),
        "language": article.language or None,
        "fetched_at": article.fetched_at.isoformat(),
        "outcome": "article" if article.depth is Depth.EXTRACTED else "screened",
    }


def _mention_rows(database: Database, campaign_ids: Iterable[str], export: Export, asked: Asked) -> Iterator[Row]:
    with database.reading() as conn:
        for entry in chain.from_iterable(_asked_entries(conn, name, asked) for name in campaign_ids):
            if is_withheld(entry):
                export.withheld += 1
            elif asked.counts(entry):
                yield _mention_row(entry)


def _asked_entries(conn: Connection, campaign_id: str, asked: Asked) -> Iterator[Entry]:
    if asked.is_all:
        return entries.iterate(conn, campaign_id)
    start_at, end_at = asked.bounds(campaign_id)
    standing = entries.iterate_standings(conn, campaign_id, appeared_from=start_at, appeared_before=end_at)
    return entries.iterate(conn, campaign_id, article_ids=[entry.article.id for entry in standing if asked.covers(entry)])


def _story_rows(database: Database, campaign_ids: Iterable[str], export: Export, asked: Asked) -> Iterator[Row]:
    with database.reading() as conn:
        for campaign_id in campaign_ids:
            start_at, end_at = asked.bounds(campaign_id)
            for members in entries.iterate_stories(conn, campaign_id):
                mine = [entry for entry in members if asked.covers(entry) and _is_between(appeared_at(entry), start_at, end_at)]
                unheld = [entry for entry in mine if not is_withheld(entry)]
                cleared = [entry for entry in unheld if asked.counts(entry)]
                export.withheld += len(mine) - len(unheld)
                if cleared:
                    yield _story_row((campaign_id, cleared[0].story_key or cleared[0].mention.id), cleared)


def _mention_row(entry: Entry) -> Row:
    article, mention, verdict, hand = entry.article, entry.mention, entry.verdict, entry.hand
    return {
        "mention": mention.id,
        "campaign": mention.campaign_id,
        "circle": mention.circle,
        "outlet": entry.outlet.name,
        "country": entry.outlet.country,
        "tier": entry.outlet.tier,
        "title": article.title,
        "url": _link(article.canonical_url),
        "published": article.published.iso() if article.published else None,
        "authors": list(article.authors),
        "language": article.language or None,
        "forms": sorted({hit.form for hit in mention.hits}),
        "labels": list(mention.labels),
        "key_messages": list(mention.key_messages),
        "story": entry.story_key or None,
        "verdict": str(verdict.decision) if verdict else None,
        "note": verdict.note if verdict else None,
        "found_by": entry.found_by,
        "found_at": entry.found_at.isoformat() if entry.found_at else None,
        "medium": str(entry.medium),
        "programme": hand.programme or None if hand else None,
        "place": hand.place or None if hand else None,
        "tone": verdict.tone or None if verdict else None,
        "prominence": verdict.prominence or None if verdict else None,
        "messages_confirmed": None if verdict is None or verdict.key_messages is None else list(verdict.key_messages),
        "headline_en": verdict.headline_en or None if verdict else None,
        "reach": hand.reach if hand else None,
        "reach_source": hand.reach_source or None if hand else None,
        "reach_on": hand.reach_on or None if hand else None,
        "entered_by": (hand.entered_by or "a person") if hand else None,
        "reason": verdict.reason or None if verdict else None,
        "tags": list(verdict.tags) if verdict else [],
        "starred": "yes" if verdict and verdict.starred else None,
        "quoted": None if verdict is None or verdict.quotes is None else list(verdict.quotes),
        "corrected": list(entry.corrected),
        "role": str(entry.part.role) if entry.part else None,
        "shared": entry.part.shared if entry.part else None,
        "gives_credit": ("yes" if entry.part.gives_credit else "no") if entry.part and entry.part.carried_from else None,
    }


def _story_row(key: tuple[str, str], members: list[Entry]) -> Row:
    ordered = sorted(members, key=lambda e: (e.article.published.at if e.article.published else e.article.fetched_at, e.article.id))
    first = ordered[0].article
    return {
        "story": key[1],
        "campaign": key[0],
        "items": len(members),
        "outlets": sorted({entry.outlet.name for entry in members}),
        "countries": sorted({entry.outlet.country for entry in members}),
        "first_published": first.published.iso() if first.published else None,
        "title": first.title,
        "first_published_by": next(iter(_outlets_with(StoryRole.ORIGINAL, ordered)), None),
        "carried_by": _outlets_with(StoryRole.CARRIED, ordered),
        "own_words_by": _outlets_with(StoryRole.OWN_WORDS, ordered),
        "urls": [link for entry in ordered if (link := _link(entry.article.canonical_url))],
    }


def _outlets_with(role: StoryRole, entries: Iterable[Entry]) -> list[str]:
    """Names of the outlets with an item of this role, each once."""
    return [*dict.fromkeys(entry.outlet.name for entry in entries if entry.part is not None and entry.part.role is role)]


def _link(address: str) -> str | None:
    """Nothing for what was entered by hand and has no address: its own name is no link."""
    return address if address.startswith(("http://", "https://")) else None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return "; ".join(value) if isinstance(value, list) else str(value)
