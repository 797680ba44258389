from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select

from tests.builders import NOW, a_link, a_mention, a_verdict, an_article, some_facts
from tests.stored import fetched_page, finish_link, opened_again
from tracker.model import Depth, Precision, Published, Skipped, SkipReason
from tracker.store import articles, frontier, mentions, pages, trails, verdicts
from tracker.store.database import Database
from tracker.store.schema.crawl import pages as pages_table


def _fetched(conn: Connection, number: int, **fields: object) -> int:
    frontier.add(conn, [(f"k{number}", a_link(f"u{number}", **fields))], run_id=1, now=NOW)
    (link,) = frontier.take(conn, limit=1, now=NOW)
    page_id = finish_link(conn, link.id, some_facts(), run_id=1, body=b"page %d" % number)
    assert page_id is not None
    return page_id


def test_pages_nobody_judged_survive_and_come_in_order(database: Database) -> None:
    with database.writing() as conn:
        ids = [_fetched(conn, number) for number in range(4)]
        pages.mark_skipped(conn, ids[1], Skipped(SkipReason.LISTING, "12 headlines"), NOW)
    again = opened_again(database)
    with again.reading() as conn:
        assert [page.id for page in pages.unscreened(conn, limit=2)] == [ids[0], ids[2]]
        assert [page.id for page in pages.unscreened(conn, limit=2, after_id=ids[2])] == [ids[3]]
    again.close()


def test_a_packed_page_opens_to_what_was_fetched_with_the_sources_hints(conn: Connection) -> None:
    published = Published(NOW.astimezone(), Precision.DAY)
    page_id = _fetched(conn, 1, title="Lumi", published=published)
    (stored,) = pages.unscreened(conn, limit=1)
    assert stored.opened() == fetched_page(conn, page_id)
    assert stored.opened().hint_published == published


def test_a_skipped_page_keeps_its_reason_in_words(conn: Connection) -> None:
    page_id = _fetched(conn, 1)
    pages.mark_skipped(conn, page_id, Skipped(SkipReason.COOKIE_WALL, "asks for consent"), NOW)
    (trail,) = trails.find(conn, ["k1"])
    assert trail.page is not None
    assert trail.page.skipped == Skipped(SkipReason.COOKIE_WALL, "asks for consent")


def test_pruning_gives_up_old_bytes_but_never_those_of_a_mention_a_verdict_or_an_unjudged_page(conn: Connection) -> None:
    kinds = {name: _fetched(conn, number) for number, name in enumerate(("nothing", "skipped", "mention", "verdict", "unjudged"))}
    for number, name in enumerate(("nothing", "mention", "verdict"), 1):
        articles.save(conn, [(an_article(number, page_id=kinds[name], depth=Depth.SCREENED), "", "")], NOW)
    pages.mark_skipped(conn, kinds["skipped"], Skipped(SkipReason.LISTING), NOW)
    mentions.save(conn, [a_mention(2)], NOW)
    verdicts.record(conn, a_verdict(3))
    assert pages.prune(conn, NOW) == (0, 0)
    rows, size = pages.prune(conn, NOW + timedelta(seconds=1))
    assert rows == 2
    assert size > 0
    assert {name for name, page_id in kinds.items() if fetched_page(conn, page_id)} == {"mention", "verdict", "unjudged"}
    assert pages.prune(conn, NOW + timedelta(days=1)) == (0, 0)


def test_a_page_that_does_not_exist_is_none(conn: Connection) -> None:
    assert fetched_page(conn, 99) is None


def test_pruned_space_goes_back_to_the_disk(file_database: Database) -> None:
    with file_database.writing() as conn:
        for number in range(40):
            frontier.add(conn, [(f"k{number}", a_link(f"u{number}"))], run_id=1, now=NOW)
            body = b"".join(b"%d " % (each * 2654435761 % 4294967296) for each in range(number, number + 9000))
            page_id = finish_link(conn, number + 1, some_facts(), run_id=1, body=body)
            assert page_id is not None
            pages.mark_skipped(conn, page_id, Skipped(SkipReason.LISTING), NOW)
        pages.prune(conn, NOW + timedelta(days=1))
    with file_database.writing() as conn:
        before = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        pages.free_space(conn)
    with file_database.reading() as conn:
        assert conn.exec_driver_sql("PRAGMA page_count").scalar_one() < before / 2


def test_pages_that_lie_elsewhere_are_told_from_others_and_brought_home(database: Database) -> None:
    reference = b"@5:file:///shared/2026-03-14/abc"
    with database.writing() as conn:
        ids = [_fetched(conn, number) for number in range(3)]
        made = [an_article(number, page_id=page_id) for number, page_id in enumerate(ids)]
        saved = [one for one in articles.save(conn, [(one, "", "") for one in made], NOW) if one is not None]
        pages.bring_home(
            conn, {ids[1]: (conn.execute(select(pages_table.c.body).where(pages_table.c.id == ids[1])).scalar_one(), reference)}
        )
        assert pages.referring(conn, saved) == {ids[1]: reference}
        assert pages.references_of(conn, NOW.date()) == [reference]
        assert pages.references_of(conn, NOW.date() - timedelta(days=1)) == []
        pages.bring_home(conn, {ids[1]: (reference, b"packed")})
        assert pages.referring(conn, saved) == {}
        assert pages.ask_again(conn, ids[:1], NOW) == ["u0"]
        assert frontier.pending(conn, NOW + timedelta(hours=1)) == 1
