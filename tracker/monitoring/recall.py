"""How much of the coverage that is known to exist was found, and for the rest the stage where it stopped and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.errors import ConfigError
from tracker.store import entries, known_items, registers, trails
from tracker.store.database import Database
from tracker.store.trails import Trail
from tracker.urls import canonical
from tracker.urls.rulebook import NO_RULES
from tracker.visibility import is_rejected, is_withheld, newest, rejects

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_ROWS = 100_000
"""Ten years of a campaign with thirty items a day."""
MOST_BYTES = 32 * 1024 * 1024
"""So many rows of 300 bytes."""
COLUMNS = ("url", "link", "address")


class Stage(StrEnum):
    """How far a known item came, in the order of the flow."""

    NOT_WATCHED = "outlet not in the register"
    NOT_NAMED = "named by no source"
    NOT_FETCHED = "not fetched"
    NO_ARTICLE = "no article"
    NO_MENTION = "no mention"
    REJECTED = "rejected by a person"
    BY_HAND = "found by a person only"
    HELD = "held back"
    FOUND = "found"


class KnownItem(Struct, frozen=True):
    """One row of a file: `line` is 0 where it comes from the store."""

    url: str
    line: int = 0


class BadRow(Struct, frozen=True):
    line: int
    reason: str


class Recalled(Struct, frozen=True):
    """A known item and where it stopped; `why` is empty when it was found. `cause`: the outcome of the fetch that brought no page, or
    the reason why a page was no article; empty where it is another."""

    url: str
    stage: Stage
    why: str = ""
    line: int = 0
    cause: str = ""


class Recall(Struct, frozen=True):
    """`found` of `known` items; an item that is held back was found too."""

    campaign_id: str
    found: int
    known: int
    items: tuple[Recalled, ...] = ()
    bad_rows: tuple[BadRow, ...] = ()


def read_known(path: Path) -> tuple[list[KnownItem], list[BadRow]]:
    """Addresses of a file: one a line, or CSV with a column `url`. Blank lines and lines that begin with # say nothing.
    Raises ConfigError for a file that cannot be read or names no address at all."""
    items: list[KnownItem] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    for line, cell in _cells(_text(path), path):
        key = canonical.normalise(cell)
        if not key:
            bad.append(BadRow(line, f"{cell[:80]!r} is no web address"))
        elif key in seen:
            bad.append(BadRow(line, f"the same item as line {seen[key]}"))
        else:
            seen[key] = line
            items.append(KnownItem(canonical.without_tracking(cell), line))
    if not items:
        raise ConfigError("names no web address; write one a line, or CSV with a column `url`", place=path)
    return items, bad


def remember(database: Database, campaign_id: str, items: Sequence[KnownItem], now: datetime) -> None:
    """Makes these the campaign's known coverage, so that every digest says how much of it is found."""
    with database.writing() as conn:
        known_items.replace(conn, campaign_id, [(canonical.normalise(item.url) or item.url, item.url) for item in items], now)


def recall(database: Database, campaign_id: str, items: Sequence[KnownItem], bad_rows: Sequence[BadRow] = ()) -> Recall:
    """Where each item stands in the archive now."""
    with database.reading() as conn:
        outlets = registers.outlets(conn).values()
        watched = {canonical.registrable_domain(outlet.homepage): outlet.name for outlet in outlets}
        addresses = _addresses(conn, [item.url for item in items])
        articles = {one for found in trails.articles_at(conn, chain.from_iterable(addresses.values())).values() for one in found}
        standing = entries.standings(conn, campaign_id, article_ids=articles)
        withheld = frozenset(entry.article.id for entry in standing if is_withheld(entry))
        recalled = [_recalled(trails.find(conn, addresses[item.url]), campaign_id, item, watched, withheld) for item in items]
    count = sum(one.stage in (Stage.FOUND, Stage.HELD) for one in recalled)
    return Recall(campaign_id, count, len(recalled), tuple(recalled), tuple(bad_rows))


def recall_remembered(database: Database, campaign_id: str) -> Recall:
    """How much of the coverage that was last given by file is found now, without its items; `known` is 0 when none ever was. The counts
    are those of `recall`, in a number of statements that does not grow with the archive: every edition asks."""
    with database.reading() as conn:
        listed = known_items.addresses(conn, campaign_id)
        known_as = _addresses(conn, listed)
        at = trails.articles_at(conn, chain.from_iterable(known_as.values()))
        by_url = {url: {one for address in addresses for one in at.get(address, ())} for url, addresses in known_as.items()}
        standing = entries.standings(conn, campaign_id, article_ids={one for found in by_url.values() for one in found})
    found = {entry.article.id for entry in standing if entry.hand is None and not is_rejected(entry)}
    return Recall(campaign_id, sum(not found.isdisjoint(articles) for articles in by_url.values()), len(listed))


def recall_lines(result: Recall) -> list[str]:
    """The recall in words, what is missing first."""
    lines = [f"found {result.found} of {result.known} known items"]
    for stage in Stage:
        listed = [item for item in result.items if item.stage is stage and stage is not Stage.FOUND]
        lines += ["", f"{stage}: {len(listed)}"] if listed else []
        lines += [f"  {f'line {item.line}: ' if item.line else ''}{item.url}{f' ({item.why})' if item.why else ''}" for item in listed]
    return lines


def _addresses(conn: Connection, urls: Sequence[str]) -> dict[str, list[str]]:
    """Each address as it was typed and as the register's rules know it."""
    rules = registers.address_rules(conn) if urls else NO_RULES
    return {url: [url, *canonical.keys_of(url, rules)] for url in urls}


def _recalled(found: Sequence[Trail], campaign_id: str, item: KnownItem, watched: dict[str, str], withheld: frozenset[int]) -> Recalled:
    if not found:
        outlet = watched.get(canonical.registrable_domain(item.url))
        if outlet:
            return Recalled(item.url, Stage.NOT_NAMED, f"{outlet} is watched, but no source of it listed this address", item.line)
        return Recalled(item.url, Stage.NOT_WATCHED, "no outlet of the register has this domain", item.line)
    stages = list(Stage)
    came = [(trail, *_stage(trail, campaign_id, withheld)) for trail in found]
    trail, stage, why = max(came, key=lambda one: stages.index(one[1]))
    return Recalled(item.url, stage, why, item.line, _cause(trail, stage))


def _cause(trail: Trail, stage: Stage) -> str:
    if stage is Stage.NO_ARTICLE and trail.page and trail.page.skipped:
        return str(trail.page.skipped.reason)
    return str(trail.link.outcome or "") if stage is Stage.NOT_FETCHED and trail.link else ""


def _stage(trail: Trail, campaign_id: str, withheld: frozenset[int]) -> tuple[Stage, str]:
    if trail.article is None:
        return _before_article(trail)
    mention = next((mention for mention in trail.mentions if mention.campaign_id == campaign_id), None)
    if rejects(newest([verdict for verdict in trail.verdicts if verdict.campaign_id == campaign_id])):
        return Stage.REJECTED, ""
    if any(item.campaign_id == campaign_id for item in trail.hand):
        return Stage.BY_HAND, "a person entered it; the tracker had not found it"
    if mention is None:
        depth = "" if trail.article.title else "; it has no headline"
        return Stage.NO_MENTION, f"the article does not match the campaign; `tracker campaign explain {campaign_id}` says why{depth}"
    if trail.article.id in withheld:
        return Stage.HELD, "it may identify a child or was called sensitive; decide with `tracker verdict`"
    return Stage.FOUND, ""


def _before_article(trail: Trail) -> tuple[Stage, str]:
    page, link = trail.page, trail.link
    if page is not None:
        if page.skipped:
            return Stage.NO_ARTICLE, f"{page.skipped.reason}{f': {page.skipped.remark}' if page.skipped.remark else ''}"
        return Stage.NO_ARTICLE, "the page was fetched and waits to be read"
    if link is None or link.outcome is None:
        return Stage.NOT_FETCHED, "it waits to be fetched"
    detail = next((facts.detail for facts in reversed(trail.fetches) if facts.detail), "")
    again = "; it will be tried again" if link.pending else ""
    return Stage.NOT_FETCHED, f"{link.outcome}{f': {detail}' if detail else ''}{again}"


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError(f"is larger than {MOST_BYTES // 2**20} MB; give a list of addresses", place=path)
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", place=path) from error
    except UnicodeDecodeError as error:
        raise ConfigError("is not UTF-8 text; save it as CSV or text in UTF-8", place=path) from error


def _cells(text: str, path: Path) -> Iterator[tuple[int, str]]:
    """Line number and address of each row that says something."""
    lines = text.splitlines()
    if len(lines) > MOST_ROWS:
        raise ConfigError(f"has more than {MOST_ROWS} lines", place=path)
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    header = [cell.strip().lower() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    column = next((header.index(name) for name in COLUMNS if name in header), None)
    if column is None:
        yield from ((number, line.strip()) for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#"))
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begun = False
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ConfigError(f"is not valid CSV: {error}; is a quote missing?", place=path, line=number) from error
        if not any(cell.strip() for cell in row):
            continue
        if begun:
            yield number, (row[column].strip() if column < len(row) else "")
        begun = True
