"""Front pages as sources: from the catalogue's row to the pages fetched."""

from __future__ import annotations

from pathlib import Path

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, answer, page
from tracker.model import FetchOutcome, SourceKind

HOST = "127.0.12.1"


def front(*links: str) -> bytes:
    listed = "".join(f'<h2><a href="{link}">Most kod starog grada se zatvara</a></h2>' for link in links)
    return f'<!doctype html><html><body><nav><a href="/kontakt">Kontakt</a></nav><main>{listed}</main></body></html>'.encode()


def test_a_front_page_is_polled_like_a_feed_and_asked_only_for_changes(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        articles = [newsroom.serve(HOST, f"/vijesti/{7000 + n}/most-se-zatvara", page()) for n in range(3)]
        full = answer(body=front(*articles, "/sport", "/tag/most"), Content_Type="text/html", ETag='"1"')
        unchanged = answer("304 Not Modified", ETag='"1"')

        async def way(asked, out) -> None:  # type: ignore[no-untyped-def]
            await (unchanged if "if-none-match" in asked.headers else full)(asked, out)

        workspace.watch(newsroom.serve(HOST, "/", way), "outlet", SourceKind.SECTION)
        workspace.crawl()
        assert sorted(workspace.stored()) == sorted(articles)
        assert workspace.polls()["outlet:section:1"].listed == 3
        assert workspace.crawl().polls == {"unchanged": 1}


def test_a_page_without_articles_and_a_page_that_is_gone_are_counted_as_such(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        empty = newsroom.serve(HOST, "/prazno", answer(body=front(), Content_Type="text/html"))
        workspace.watch(empty, "empty", SourceKind.SECTION)
        workspace.watch(newsroom.address(HOST, "/nema"), "gone", SourceKind.SECTION)
        workspace.crawl()
    polls = workspace.polls()
    assert polls["empty:section:1"].outcome is FetchOutcome.EMPTY
    assert "looks like an article" in polls["empty:section:1"].detail
    assert polls["gone:section:1"].outcome is FetchOutcome.NOT_FOUND
