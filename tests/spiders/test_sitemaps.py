"""Which documents of an index are opened, and what a crawl finds through them."""

from __future__ import annotations

import gzip
from asyncio import StreamWriter
from datetime import UTC, date, datetime
from pathlib import Path

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Asked, Newsroom, Way, answer, in_turn, page
from tracker.model import FetchOutcome, Published, SourceKind
from tracker.sources.sitemaps.index_choice import MAX_CHILDREN, newest_children
from tracker.sources.sitemaps.sitemap import ChildSitemap


def child(name: str, on: str = "") -> ChildSitemap:
    moment = Published(datetime.fromisoformat(on).replace(tzinfo=UTC)) if on else None
    return ChildSitemap(f"https://example.al/{name}", moment)


def names(children: list[ChildSitemap]) -> list[str]:
    return [one.url.rsplit("/", 1)[-1] for one in children]


def test_documents_that_changed_lately_are_opened_newest_first() -> None:
    children = (child("a", "2026-11-01"), child("b", "2026-11-20"), child("c", "2026-11-22"))
    assert names(newest_children(children, date(2026, 11, 15))) == ["c", "b"]


def test_without_dates_the_news_document_or_the_last_ones_are_opened() -> None:
    assert names(newest_children((child("post-1"), child("news"), child("post-2")), None)) == ["news"]
    many = tuple(child(f"post-{number}") for number in range(20))
    assert names(newest_children(many, None)) == [f"post-{number}" for number in range(19, 19 - MAX_CHILDREN, -1)]


def urlset(*addresses: str, changed: str = "2026-11-22") -> bytes:
    urls = "".join(f"<url><loc>{address}</loc><lastmod>{changed}</lastmod></url>" for address in addresses)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def index(*addresses: str) -> bytes:
    maps = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode()


def xml(body: bytes) -> Way:
    return answer(body=body, Content_Type="application/xml")


def test_a_crawl_finds_articles_through_sitemaps_of_every_shape(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        host = "127.0.6.1"
        pages = [newsroom.serve(host, f"/vijest-{n}", page()) for n in range(5)]
        front = newsroom.serve(host, "/", page())
        zipped = newsroom.serve(host, "/b.xml.gz", answer(body=gzip.compress(urlset(pages[2])), Content_Type="application/gzip"))
        inner = newsroom.serve(host, "/c.xml", xml(urlset(pages[3], pages[4])))
        shapes = {
            "plain": xml(urlset(front, pages[0])),
            "text": answer(body=pages[1].encode(), Content_Type="text/plain"),
            "index": xml(index(zipped, newsroom.serve(host, "/inner.xml", xml(index(inner))), newsroom.address(host, "/gone.xml"))),
            "loop": xml(index(newsroom.address(host, "/loop"))),
            "page": page(),
            "bomb": answer(body=gzip.compress(b"<urlset>" + b" " * 200_000_000), Content_Type="application/gzip"),
        }
        for name, way in shapes.items():
            workspace.watch(newsroom.serve(host, f"/{name}", way), name, SourceKind.SITEMAP)
        workspace.crawl()
    assert sorted(workspace.stored()) == sorted(pages)
    polls = {name.split(":")[0]: ending for name, ending in workspace.polls().items()}
    assert {name: ending.outcome for name, ending in polls.items()} == {
        "plain": FetchOutcome.FETCHED,
        "text": FetchOutcome.FETCHED,
        "index": FetchOutcome.FETCHED,
        "loop": FetchOutcome.EMPTY,
        "page": FetchOutcome.NOT_A_FEED,
        "bomb": FetchOutcome.TOO_LARGE,
    }
    assert "gone.xml could not be had" in polls["index"].detail


def test_an_index_that_never_changes_does_not_hide_what_its_documents_list(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        host = "127.0.6.2"
        pages = [newsroom.serve(host, f"/vijest-{n}", page()) for n in range(2)]
        inner = newsroom.serve(host, "/inner.xml", in_turn(xml(urlset(pages[0])), xml(urlset(*pages))))
        same = index(inner)
        workspace.watch(newsroom.serve(host, "/index", unchanging(same)), "outlet", SourceKind.SITEMAP)
        workspace.crawl()
        workspace.crawl()
    assert sorted(workspace.stored()) == sorted(pages)


def unchanging(body: bytes) -> Way:
    full, short = answer(body=body, Content_Type="application/xml", ETag='"1"'), answer("304 Not Modified", ETag='"1"')

    async def way(asked: Asked, out: StreamWriter) -> None:
        await (short if "if-none-match" in asked.headers else full)(asked, out)

    return way
