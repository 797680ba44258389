"""Kept sums of nights say exactly what the rows say, whatever becomes of the rows after they were counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from tests.builders import NOW, a_link, an_article, an_outlet, some_facts
from tests.conftest import some_of_them
from tests.stored import finish_link
from tracker.model import FetchOutcome
from tracker.monitoring import assess
from tracker.store import articles, frontier, night_counts, registers
from tracker.store.database import Database
from tracker.store.packing import pack_text
from tracker.store.schema.articles import articles as article_rows
from tracker.store.schema.crawl import links, pages
from tracker.store.schema.nights import counted_nights
from tracker.store.schema.nights import night_counts as sums

OUTLETS = ("lumi", "mali")
NIGHTS = 3
ENDS = [NOW + timedelta(days=back) for back in range(1 - NIGHTS, 1)]
HOURS = st.integers(-24 * NIGHTS - 1, 2)
CHANGES = (
    ("fetch", None, None),
    ("read", None, None),
    ("keep", None, None),
    ("lay a page", None, None),
    ("remove", article_rows, None),
    ("remove", pages, None),
    (article_rows.c.outlet_id, article_rows, OUTLETS),
    (article_rows.c.depth, article_rows, ("extracted", "listed", "screened")),
    (article_rows.c.authors, article_rows, ((), ("Mira",))),
    (article_rows.c.published_at, article_rows, (None, NOW)),
    (article_rows.c.page_id, article_rows, (None,)),
    (article_rows.c.body, article_rows, (pack_text("a"), pack_text("a longer text of another size"))),
    (article_rows.c.fetched_at, article_rows, "moment"),
    (pages.c.outlet_id, pages, OUTLETS),
    (pages.c.state, pages, ("unscreened", "skipped", "article")),
    (pages.c.skip_reason, pages, (None, "too_short", "same_page", "bot_wall")),
    (pages.c.fetched_at, pages, "moment"),
    (links.c.outlet_id, links, OUTLETS),
    (links.c.state, links, ("pending", "done")),
    (links.c.attempted_at, links, "moment"),
)
STEPS = st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 7), st.integers(0, 5), HOURS), max_size=25)


def at(hour: int) -> datetime:
    return NOW + timedelta(hours=hour)


def fetch(conn: Connection, number: int, choice: int, hour: int) -> None:
    """A link that was fetched, most often with a page."""
    url = f"https://lumi.example/{number}-{choice}-{hour}"
    frontier.add(conn, [(url, a_link(url, outlet_id=OUTLETS[number % 2]))], run_id=None, now=at(hour))
    for link in frontier.take(conn, limit=1, now=at(10_000)):
        outcome = FetchOutcome.FETCHED if choice else FetchOutcome.NOT_FOUND
        facts = some_facts(outcome, requested_url=link.url, final_url=link.url, fetched_at=at(hour))
        finish_link(conn, link.id, facts, run_id=None, body=b"<p>x</p>" if choice else None, content_type="text/html")


def read(conn: Connection, number: int) -> None:
    """A page that became an article."""
    rows = conn.execute(select(pages).where(pages.c.state == "unscreened").order_by(pages.c.id)).all()
    for row in rows[number : number + 1]:
        named = {"requested_url": row.final_url, "canonical_url": row.final_url, "fetched_at": row.fetched_at}
        articles.save(conn, [(an_article(row.id, outlet_id=row.outlet_id, page_id=row.id, **named), "", "")], row.fetched_at)


def lay_page(conn: Connection, number: int) -> None:
    """A page beside a link that has none, by whoever."""
    bare = select(links.c.id).outerjoin(pages, pages.c.link_id == links.c.id).where(pages.c.id.is_(None)).order_by(links.c.id)
    like = conn.execute(select(pages)).first()
    for link_id in conn.execute(bare).scalars().all()[number : number + 1]:
        if like is not None:
            values = {**like._mapping, "id": 1000 + link_id, "link_id": link_id, "state": "unscreened"}
            conn.execute(pages.insert().values(values))


def change(conn: Connection, what: Any, table: Any, values: Any, number: int, choice: int, hour: int) -> None:
    if what == "fetch":
        fetch(conn, number, choice, hour)
    elif what == "read":
        read(conn, number % 2)
    elif what == "keep":
        night_counts.keep(conn, ENDS[number % NIGHTS])
    elif what == "lay a page":
        lay_page(conn, number % 2)
    else:
        wanted = select(table.c.id).order_by(table.c.id)
        if (what, table) == ("remove", pages):
            wanted = wanted.where(pages.c.id.not_in(select(article_rows.c.page_id).where(article_rows.c.page_id.is_not(None))))
        ids = conn.execute(wanted).scalars().all()
        for row_id in ids[number : number + 1]:
            if what == "remove":
                conn.execute(table.delete().where(table.c.id == row_id))
            else:
                value = at(hour) if values == "moment" else values[choice % len(values)]
                conn.execute(table.update().where(table.c.id == row_id).values({what: value}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=some_of_them(0.6))
@given(STEPS)
def test_kept_sums_say_what_the_rows_say(conn: Connection, steps: Sequence[Any]) -> None:
    outside = conn.begin_nested()
    registers.replace(conn, [an_outlet(name) for name in OUTLETS], [], NOW)
    for number in range(9):
        fetch(conn, number, number % 3, -8 * number)
        if number < 5:
            read(conn, 0)
    for end_at in ENDS:
        night_counts.keep(conn, end_at)
    for (what, table, values), *given_ in steps:
        change(conn, what, table, values, *given_)
        assert night_counts.of_nights(conn, ENDS) == [night_counts.count(conn, end_at) for end_at in ENDS]
    outside.rollback()


def test_a_night_that_nothing_changed_is_not_counted_again(conn: Connection) -> None:
    registers.replace(conn, [an_outlet(name) for name in OUTLETS], [], NOW)
    fetch(conn, 0, 1, -5)
    read(conn, 0)
    for end_at in ENDS:
        night_counts.keep(conn, end_at)
    fetch(conn, 1, 1, 5)  # the night that is at work
    assert night_counts.uncounted(conn, ENDS) == []
    fetch(conn, 1, 0, -30)
    assert night_counts.uncounted(conn, ENDS) == [ENDS[-2]]
    conn.execute(sums.update().where(sums.c.end_at == ENDS[-1]).values(letters=77))
    assert night_counts.of_nights(conn, ENDS)[-1]["lumi"].letters == 77


def test_sums_are_given_up_with_the_nights_that_nothing_is_judged_by(conn: Connection) -> None:
    registers.replace(conn, [an_outlet(name) for name in OUTLETS], [], NOW)
    for hour in (-5, -30, -60):
        fetch(conn, 0, 1, hour)
    for end_at in ENDS:
        night_counts.keep(conn, end_at)
    night_counts.forget(conn, ENDS[1])
    for table in (sums, counted_nights):
        assert sorted({*conn.execute(select(table.c.end_at)).scalars()}) == ENDS[1:]
    assert conn.execute(select(func.count()).select_from(sums)).scalar() == 2


def test_what_a_night_counts_is_counted_once(database: Database) -> None:
    with database.writing() as conn:
        registers.replace(conn, [an_outlet(name) for name in OUTLETS], [], NOW)
        for hour in (-5, -30, -60):
            fetch(conn, 0, 1, hour)
            read(conn, 0)
    assess.keep_counts(database, NOW)
    ends = [NOW.replace(minute=0) + assess.NIGHT_ENDS - timedelta(days=back) for back in range(assess.NIGHTS_BACK, -1, -1)]
    with database.reading() as conn:
        assert night_counts.uncounted(conn, ends) == (ends[-1:] if database.on_server else [])
        assert night_counts.of_nights(conn, ends) == [night_counts.count(conn, end_at) for end_at in ends]
    state = database.state()
    assess.keep_counts(database, NOW + timedelta(minutes=1))
    assert database.state() == state
