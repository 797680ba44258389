"""Items of a video channel become articles as their feed describes them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, answer, in_turn
from tracker.model import Depth, SourceKind
from tracker.store import articles
from tracker.store.schema import crawl as crawl_tables

HOST = "127.0.13.1"


def channel(*items: tuple[str, str, str]) -> bytes:
    entries = "".join(
        f'<entry><id>yt:video:{name}</id><title>{title}</title><link rel="alternate" href="http://{HOST}:9/watch?v={name}"/>'
        f"<author><name>TV Lumi</name></author><published>2026-11-22T17:00:00+00:00</published>"
        f"<media:group><media:title>{title}</media:title><media:description>{text}</media:description></media:group></entry>"
        for name, title, text in items
    )
    spaces = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom"'
    return f'<?xml version="1.0"?><feed {spaces}><title>TV Lumi</title>{entries}</feed>'.encode()


def test_items_are_articles_with_title_and_description_and_no_film_is_asked_for(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first = channel(("a", "Ura e vjetër", "Banorët presin urën."), ("b", "Moti &amp; rruga", ""))
    second = channel(("c", "Lajmet e mbrëmjes", "Uji mungon."), ("a", "Ura e vjetër, rishikuar", "Tjetër tekst."))
    with Newsroom() as newsroom:
        ways = (answer(body=body, Content_Type="application/atom+xml") for body in (first, second))
        workspace.watch(newsroom.serve(HOST, "/feeds", in_turn(*ways)), "tv-lumi", SourceKind.CHANNEL)
        progress = workspace.crawl()
        assert (progress.polls, progress.pages, progress.links_new) == ({"fetched": 1}, {}, 2)
        workspace.crawl()
        assert set(newsroom.asked(HOST)) == {"/robots.txt", "/feeds", "/.well-known/tdmrep.json"}
    with workspace.database.reading() as conn:
        stored = list(articles.iterate(conn))
        links = conn.execute(select(crawl_tables.links.c.state, crawl_tables.links.c.found_by, crawl_tables.links.c.outcome)).all()
        states = conn.execute(select(crawl_tables.pages.c.state)).scalars().all()
        assert articles.search(conn, ["uren"]) == [stored[[a.title for a in stored].index("Ura e vjetër")].id]
    assert {(article.title, article.body) for article in stored} == {
        ("Ura e vjetër", "Banorët presin urën."),
        ("Moti & rruga", ""),
        ("Lajmet e mbrëmjes", "Uji mungon."),
    }
    assert {article.depth for article in stored} == {Depth.EXTRACTED}
    assert {tuple(link) for link in links} == {("done", "channel", "fetched")}
    assert set(states) == {"article"}
