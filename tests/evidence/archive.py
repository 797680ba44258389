"""A small archive of three days for tests of evidence; all of it invented."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from tests.builders import NOW, a_link, a_mention, an_article, an_outlet, some_facts
from tests.stored import finish_link
from tracker.evidence.days import seal_and_close
from tracker.evidence.gather import Chosen
from tracker.evidence.pack import Order, Packed, pack_into
from tracker.evidence.witness import Witness
from tracker.model import Exchange
from tracker.store import articles, evidence, frontier, mentions, registers
from tracker.store.database import Database, open_database
from tracker.text.folding import fold
from tracker.workspace import shipped_folder

DAY = timedelta(days=1)
EXCHANGE = Exchange(
    complete=True,
    url="https://zeri-i-lumit.example/lajme/1",
    ip="192.0.2.7",
    redirects=((301, "http://zeri-i-lumit.example/lajme/1"),),
    request_headers=(("User-Agent", "PressCoverageTracker"), ("Accept", "*/*")),
    protocol="HTTP/1.1",
    status=200,
    response_headers=(("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("Set-Cookie", "(left out)")),
)


def add_items(database: Database, numbers: Iterable[int], found_at: datetime, *, body: bytes = b"", title: str = "") -> None:
    """Items of the campaign `rivers`, each with its page; the number is the article's id where they are added in order."""
    with database.writing() as conn:
        for number in numbers:
            url = f"https://zeri-i-lumit.example/lajme/{number}"
            frontier.add(conn, [(f"zeri-i-lumit.example/lajme/{number}", a_link(url))], run_id=1, now=found_at)
            facts = some_facts(requested_url=url, final_url=url, fetched_at=found_at, exchange=EXCHANGE)
            page = body or f"<html><body><h1>Lumi {number}</h1><p>Ujë, вода, voda.</p></body></html>".encode()
            page_id = finish_link(conn, number, facts, run_id=1, body=page, content_type="text/html; charset=utf-8")
            text = f"Lumi numër {number} doli nga shtrati. Вода и блато."
            made = an_article(number, page_id=page_id, body=text, fetched_at=found_at, title=title or f"Lumi {number}")
            (article_id,) = articles.save(conn, [(made, fold(made.title), fold(text))], found_at)
            assert article_id is not None
            mentions.save(conn, [a_mention(article_id)], found_at)


def three_days(folder: Path) -> Database:
    """Items 1-3, 4 and none, 5-9: found on three days, each closed by the night after it."""
    database = open_database(folder)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
    for number, items in enumerate((range(1, 4), range(4, 5), range(0), range(5, 10))):
        add_items(database, items, NOW + number * DAY)
        seal_and_close(database, NOW + (number + 1) * DAY, lambda: "5" * 32)
    return database


def packed(database: Database, ids: Iterable[int], **fields: object) -> bytes:
    """A pack of these items in memory, without what is printed."""
    return packed_with(database, Chosen("item rivers-1", "rivers", tuple(ids)), **fields)[0]


def packed_with(database: Database, chosen: Chosen, **fields: object) -> tuple[bytes, Packed]:
    given = {"made_at": NOW + 9 * DAY, "templates": shipped_folder("templates"), "printed": False} | fields
    stream = io.BytesIO()
    report = pack_into(stream, database, chosen, Order(**given))  # type: ignore[arg-type]
    return stream.getvalue(), report


def line_of(database: Database, day: str) -> Witness:
    """The line that editions printed after that day."""
    with database.reading() as conn:
        return next(Witness(root.day, bytes.fromhex(root.link)) for root in evidence.roots(conn) if root.day == day)
