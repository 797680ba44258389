"""An outlet can neither take nor hide another's articles by naming them: crawls of two outlets on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import a_mention
from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, answer, feed, page
from tracker.evidence.days import seal_and_close
from tracker.extraction.article import extract_article
from tracker.model import Article, SourceKind
from tracker.store import articles, evidence, mentions, pages
from tracker.store.schema import crawl as tables
from tracker.text.folding import fold
from tracker.urls.canonical import normalise

OWNER, OTHER = "127.0.41.1", "127.0.41.2"
NUMBERED = {"url_key": "*/{n}"}


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as served:
        yield served


class Press:
    """Two outlets that know each other's addresses; `lists` sets what a feed names, `night` crawls."""

    def __init__(self, folder: Path, newsroom: Newsroom, **about: str) -> None:
        self.newsroom, self.workspace = newsroom, Workspace(folder)
        self.lists(OWNER)
        self.lists(OTHER)
        self.workspace.watch(newsroom.address(OWNER, "/feed"), "owner", SourceKind.FEED, **about)
        self.workspace.watch(newsroom.address(OTHER, "/feed"), "other")

    def lists(self, host: str, *addresses: str) -> None:
        self.newsroom.serve(host, "/feed", feed(addresses))

    def night(self) -> None:
        self.workspace.crawl()

    def pages(self) -> list[tuple[str, str]]:
        """Outlet and requested address of every stored page."""
        with self.workspace.database.reading() as conn:
            rows = conn.execute(select(tables.pages.c.outlet_id, tables.pages.c.requested_url).order_by(tables.pages.c.id))
            return [(row.outlet_id, row.requested_url) for row in rows]

    def links(self) -> list[tuple[str, str, bool]]:
        with self.workspace.database.reading() as conn:
            rows = conn.execute(select(tables.links).order_by(tables.links.c.id)).all()
        return [(row.outlet_id, row.url, row.named_by_owner) for row in rows]


def test_an_article_that_another_lists_first_is_its_owners(newsroom: Newsroom, tmp_path: Path) -> None:
    press = Press(tmp_path, newsroom)
    article = newsroom.serve(OWNER, "/most", page("Most"))
    press.lists(OTHER, article)
    press.night()
    assert press.pages() == [("owner", article)]
    assert press.links() == [("owner", article, False)]
    press.lists(OWNER, article)
    press.night()
    assert press.links() == [("owner", article, True)]
    assert newsroom.asked(OWNER).count("/most") == 1


def test_an_article_named_before_it_exists_is_fetched_when_its_owner_names_it(newsroom: Newsroom, tmp_path: Path) -> None:
    press = Press(tmp_path, newsroom)
    article = newsroom.address(OWNER, "/most")
    press.lists(OTHER, article)
    press.night()
    assert press.pages() == []
    newsroom.serve(OWNER, "/most", page("Most"))
    press.lists(OWNER, article)
    press.night()
    assert press.pages() == [("owner", article)]


def test_a_redirect_of_another_host_does_not_take_the_article(newsroom: Newsroom, tmp_path: Path) -> None:
    press = Press(tmp_path, newsroom)
    article = newsroom.serve(OWNER, "/most", page("Most"))
    through = newsroom.serve(OTHER, "/go", answer("302 Found", Location=article))
    press.lists(OTHER, through)
    press.night()
    assert press.pages() == [("owner", through)]
    press.lists(OWNER, article)
    press.night()
    assert press.pages() == [("owner", through), ("owner", article)]


@pytest.mark.parametrize(
    "form", ["/vijesti/most/261126001/amp", "/vijesti/most/261126001?mode=amp", "/?url_key=261126001", "/bilo/sta/261126001", "/261126001"]
)
def test_another_form_of_the_address_does_not_hide_it(newsroom: Newsroom, tmp_path: Path, form: str) -> None:
    press = Press(tmp_path, newsroom, **NUMBERED)
    article = newsroom.serve(OWNER, "/vijesti/most/261126001", page("Most"))
    newsroom.serve(OWNER, form, page("Nesto drugo"))
    press.lists(OTHER, newsroom.address(OWNER, form))
    press.night()
    press.lists(OWNER, article)
    press.night()
    assert press.pages()[-1] == ("owner", article)
    assert press.links()[-1] == ("owner", article, True)


def test_https_named_by_another_where_only_http_answers_does_not_hide_it(newsroom: Newsroom, tmp_path: Path) -> None:
    press = Press(tmp_path, newsroom)
    article = newsroom.serve(OWNER, "/most", page("Most"))
    secure = article.replace("http://", "https://")
    assert normalise(secure) == normalise(article)
    press.lists(OTHER, secure)
    press.night()
    assert press.pages() == []
    press.lists(OWNER, article)
    press.night()
    assert press.pages() == [("owner", article)]


def test_sister_portals_that_list_each_other_each_keep_their_own(newsroom: Newsroom, tmp_path: Path) -> None:
    press = Press(tmp_path, newsroom)
    own = newsroom.serve(OWNER, "/a", page("A"))
    theirs = newsroom.serve(OTHER, "/b", page("B"))
    press.lists(OWNER, own, theirs)
    press.lists(OTHER, theirs, own)
    press.night()
    assert sorted(press.pages()) == [("other", theirs), ("owner", own)]
    assert sorted(press.links()) == [("other", theirs, True), ("owner", own, True)]
    press.night()
    assert newsroom.asked(OWNER).count("/a") == newsroom.asked(OTHER).count("/b") == 1


@pytest.mark.parametrize("door", ["https://{host}:{port}/{n}", "http://{host}:9/{n}", "https://{host}/{n}"])
def test_a_dead_door_that_another_names_does_not_keep_an_outlet_from_being_asked(newsroom: Newsroom, tmp_path: Path, door: str) -> None:
    workspace = Workspace(tmp_path, fetch__retries=0)
    workspace.watch(newsroom.address(OWNER, "/feed"), "owner")
    article = newsroom.serve(OWNER, "/most", page("Most"))
    workspace.queue("owner", [*(door.format(host=OWNER, port=newsroom.port, n=number) for number in range(40)), article])
    workspace.crawl(poll=False)
    assert workspace.stored() == [article]
    workspace.database.close()


def seal(press: Press) -> int:
    """What the night brought becomes an article that a campaign mentions and that is sealed; its id."""
    with press.workspace.database.writing() as conn:
        made = [extract_article(each.opened(), press.workspace.outlets[each.outlet_id]) for each in pages.unscreened(conn, limit=9)]
        found = [article for article in made if isinstance(article, Article)]
        (item,) = articles.save(conn, [(one, fold(one.title), fold(one.body)) for one in found], NOW)
        assert item is not None
        mentions.save(conn, [a_mention(item)], NOW)
    seal_and_close(press.workspace.database, NOW + timedelta(days=1))
    return item


def shown(press: Press) -> list[tuple[int, str, str]]:
    """Page, outlet and shown address of every article, those of unread pages read first."""
    with press.workspace.database.writing() as conn:
        for each in pages.unscreened(conn, limit=9):
            made = extract_article(each.opened(), press.workspace.outlets[each.outlet_id])
            assert isinstance(made, Article)
            articles.save(conn, [(made, fold(made.title), fold(made.body))], NOW)
        return [(one.page_id, one.outlet_id, one.canonical_url) for one in articles.get_many(conn, range(9))]


STORY = "Most preko rijeke otvoren je jutros, javljaju iz grada. " * 12


@pytest.mark.parametrize("form", ["/vijesti/most/261126001/amp", "/261126001"])
@pytest.mark.parametrize("other_text", [False, True])
def test_what_was_sealed_as_another_named_it_is_shown_as_its_owner_does(
    newsroom: Newsroom, tmp_path: Path, form: str, other_text: bool
) -> None:
    press = Press(tmp_path, newsroom, **NUMBERED)
    article = newsroom.serve(OWNER, "/vijesti/most/261126001", page("Most", STORY))
    foreign = newsroom.serve(OWNER, form, page("Nesto drugo", STORY.replace("Most", "Put")) if other_text else page("Most", STORY))
    press.lists(OTHER, foreign)
    press.night()
    item = seal(press)
    press.lists(OWNER, article)
    press.night()
    beside = [(1, "owner", foreign), (2, "owner", article)]
    assert shown(press) == (beside if other_text else [(1, "owner", article)])
    with press.workspace.database.reading() as conn:
        assert [one.article_id for one in evidence.sealed(conn, [item])] == [item]
    assert press.pages() == [("owner", foreign), ("owner", article)]
