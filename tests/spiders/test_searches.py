"""A search among the sources: asked every night for the campaigns' terms, and never without any."""

from __future__ import annotations

from pathlib import Path

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, answer, feed, page, rss
from tracker.model import FetchOutcome, SourceKind

HOST = "127.0.14.1"
TERMS = (("any", "Agjencia Lumi"), ("any", "TikTok"))


def test_every_query_is_one_poll_and_an_article_that_two_of_them_name_is_one_link(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        articles = [newsroom.serve(HOST, f"/a-{n}", page()) for n in range(3)]
        newsroom.serve(HOST, "/s?q=Agjencia%20Lumi", feed(articles[:2]))
        newsroom.serve(HOST, "/s?q=TikTok", feed(articles[1:]))
        workspace.watch(newsroom.address(HOST, "/s?q={term}"), "outlet", SourceKind.SEARCH)
        progress = workspace.crawl(terms=TERMS)
        assert sorted(workspace.stored()) == sorted(articles)
        assert (progress.polls, progress.links_listed) == ({"fetched": 1}, 3)
        newsroom.requests.clear()
        assert workspace.crawl().sources == 0
        assert newsroom.requests == []


def test_a_search_that_finds_nothing_and_one_that_is_none_are_told_apart(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        for name, way in {"empty": answer(body=rss([]), Content_Type="application/rss+xml"), "gone": answer("410 Gone", b"x")}.items():
            for query in ("Agjencia%20Lumi", "TikTok"):
                newsroom.serve(HOST, f"/{name}?q={query}", way)
            workspace.watch(newsroom.address(HOST, f"/{name}?q={{term}}"), name, SourceKind.SEARCH)
        workspace.crawl(terms=TERMS)
    outcomes = {name.split(":")[0]: ending.outcome for name, ending in workspace.polls().items()}
    assert outcomes == {"empty": FetchOutcome.EMPTY, "gone": FetchOutcome.NOT_FOUND}
