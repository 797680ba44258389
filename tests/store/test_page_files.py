"""Pages outside of the database, in a folder and in a bucket: never a row without bytes, never a page lost without a count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import NOW, some_facts
from tests.newsdesk import ABOUT_THE_RIVER, Newsdesk, story_page
from tests.s3 import access, bucket, server
from tracker.errors import PagesOutOfReach
from tracker.model import FrontierLink, SkipReason
from tracker.pipeline import pruning
from tracker.store import frontier, page_files, pages
from tracker.store.fetch_results import FetchResult, prepare
from tracker.store.packing import pack
from tracker.store.page_files import PageFiles, address_of, is_reference, read
from tracker.store.schema.crawl import pages as pages_table

BODIES = [(NOW + timedelta(seconds=number), pack(b"page %d" % number)) for number in range(5)]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "folder":
        yield f"file://{tmp_path}/shared"
    else:
        with bucket(request.getfixturevalue("endpoint"), monkeypatch) as url:
            yield url


def test_what_is_written_is_read_back_by_its_reference_alone(place: str) -> None:
    references = PageFiles(place).keep(BODIES)
    assert all(map(is_reference, references))
    assert len(set(references)) == len(BODIES)
    assert read(references) == [body for _, body in BODIES]
    assert read([references[2], BODIES[0][1]]) == [BODIES[2][1], BODIES[0][1]]
    assert PageFiles(place).days() == [NOW.date()]


def test_an_object_that_is_gone_or_cut_off_is_missing_and_the_others_are_read(place: str) -> None:
    references = PageFiles(place).keep(BODIES)
    page_files.remove([references[0]])
    page_files._system(place).pipe_file(address_of(references[1]).split("://")[1], b"(\xb5/")
    assert read(references) == [None, None, *(body for _, body in BODIES[2:])]


def test_a_place_that_was_never_written_to_is_no_loss_of_pages(place: str) -> None:
    (reference,) = PageFiles(place).keep(BODIES[:1])
    elsewhere = reference.replace(b"shared", b"other").replace(b"folder", b"other")
    assert elsewhere != reference
    with pytest.raises(PagesOutOfReach, match="is it mounted"):
        read([elsewhere])


def test_sweeping_removes_what_no_row_names_and_nothing_else(place: str) -> None:
    files = PageFiles(place)
    references = files.keep(BODIES)
    assert files.sweep(NOW.date(), references[:2]) == 3
    assert read(references) == [BODIES[0][1], BODIES[1][1], None, None, None]
    assert files.sweep(date(2020, 1, 1), []) == 0
    assert files.sweep(NOW.date(), []) == 2
    assert page_files.is_swept(NOW.date(), NOW + timedelta(days=3))
    assert not page_files.is_swept(NOW.date(), NOW + timedelta(days=1))


def test_a_server_that_does_not_answer_sends_pages_through_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in access("http://127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(page_files, "_systems", {})
    files = PageFiles("s3://pages")
    result = FetchResult(FrontierLink(1, "k", "u", "o"), some_facts(), b"page", "text/html")
    assert [row["body"] for row in prepare([result], run_id=1, files=files).pages] == [pack(b"page")]
    with pytest.raises(PagesOutOfReach, match=r"127\.0\.0\.1"):
        read([b"@5:s3://pages/2026-03-14/abc"])


def elsewhere(desk: Newsdesk, place: str) -> dict[int, bytes]:
    """Moves the bytes of all pages out of the desk's database; references by page."""
    files = PageFiles(place)
    with desk.parts.database.writing() as conn:
        rows = conn.execute(select(pages_table.c.id, pages_table.c.fetched_at, pages_table.c.body).order_by(pages_table.c.id)).all()
        references = files.keep([(row.fetched_at, row.body) for row in rows])
        for row, reference in zip(rows, references, strict=True):
            conn.execute(pages_table.update().where(pages_table.c.id == row.id).values(body=reference))
    return dict(zip([row.id for row in rows], references, strict=True))


def test_a_night_reads_pages_that_lie_elsewhere_and_brings_those_of_mentions_home(tmp_path: Path, place: str) -> None:
    desk = Newsdesk(tmp_path / "desk")
    desk.publish(story_page("Lumi i qytetit", ABOUT_THE_RIVER), story_page("Panairi i librit"), story_page("Ura e re"))
    references = elsewhere(desk, place)
    page_files.remove([references[3]])
    desk.night("extract", "match")
    (mention,) = desk.mentions()
    mentioned = next(article.page_id for article in desk.articles() if article.id == mention.article_id)
    with desk.parts.database.reading() as conn:
        assert pages.skip_reasons(conn, [*references]) == {3: str(SkipReason.BYTES_LOST)}
        assert frontier.pending(conn, NOW) == 0
        assert frontier.pending(conn, NOW + timedelta(days=2)) == 1, "its address is asked again"
        bodies = {row.id: row.body for row in conn.execute(select(pages_table.c.id, pages_table.c.body))}
    assert {number for number, body in bodies.items() if not is_reference(body)} == {mentioned}
    assert read([references[mentioned]]) == [None], "at home, and so no longer there"
    desk.close()


def test_pruning_sweeps_the_place(tmp_path: Path) -> None:
    place = f"file://{tmp_path}/shared"
    desk = Newsdesk(tmp_path / "desk")
    desk.publish(story_page("Ura e re"), story_page("Panairi i librit"))
    references = elsewhere(desk, place)
    desk.night("extract")
    later = NOW + timedelta(days=9)
    database = desk.parts.database
    assert pruning.sweep_pages(database, PageFiles(place), later).outcomes == ()
    assert pruning.prune_pages(database, later).outcomes == (("pruned", 2),)
    assert pruning.sweep_pages(database, PageFiles(place), later).outcomes == (("removed", 2),)
    assert read([*references.values()]) == [None, None]
    desk.close()


def test_sweeping_a_place_that_is_out_of_reach_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in access("http://127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(page_files, "_systems", {})
    desk = Newsdesk(tmp_path / "desk")
    report = pruning.sweep_pages(desk.parts.database, PageFiles("s3://pages"), NOW)
    assert report.outcomes == ()
    assert "s3://pages" in report.remarks[0]
    desk.close()


@pytest.mark.parametrize(
    "said", ["key S3k/7sT is wrong", "key S3k%2F7sT is wrong", "cannot reach http://ana:Ep7sK@s3.example/b", f"{'x' * 192} S3k/7sT"]
)
def test_a_key_of_the_bucket_is_in_no_words_about_it(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    def refuses(_: str) -> object:
        raise OSError(said)

    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "S3k/7sT")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://ana:Ep7sK@s3.example")
    monkeypatch.setattr(page_files, "_system", refuses)
    with pytest.raises(PagesOutOfReach) as refused:
        PageFiles("s3://bucket").days()
    assert "pages.url" in str(refused.value)
    assert not [part for part in ("S3k", "7sT", "Ep7sK") if part in str(refused.value)]
