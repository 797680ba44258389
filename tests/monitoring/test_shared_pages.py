"""One page for articles of several outlets is none of theirs; what sister outlets share is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.newsdesk import Newsdesk
from tracker.monitoring.shared_pages import shared_by_outlets
from tracker.store import frontier, pages, shared_pages
from tracker.store.shared_pages import ASKED_AGAIN_FOR, AnsweredPage


def answered(number: int, site: int, path: str = "", final: str = "", mark: str = "") -> AnsweredPage:
    url = f"https://outlet-{site}.example/{path or number}"
    return AnsweredPage(number, url, final or url, mark or f"bytes {number}")


@pytest.mark.parametrize(
    ("pages", "shared"),
    [
        ([answered(n, n, mark="same") for n in range(3)], 3),
        ([answered(n, n, mark="same") for n in range(2)], 0),
        ([answered(n, 1, mark="same") for n in range(9)], 0),  # one outlet's own wall
        ([answered(n, n, path="vest", mark="same") for n in range(9)], 0),  # sister outlets
        ([answered(n, n, final=f"https://login.example/in?to={n}") for n in range(3)], 3),
        ([answered(n, n, final=f"https://sister.example/{n}") for n in range(9)], 0),  # a house that moved its outlets together
        ([answered(n, n) for n in range(9)], 0),
        ([AnsweredPage(n, f"http://[{n}/", "::", "same") for n in range(4)], 0),
        ([answered(n, n, mark="same") for n in range(3)] + [answered(9, 1)], 3),
    ],
)
def test_which_pages_came_in_the_place_of_articles(pages: list[AnsweredPage], shared: int) -> None:
    assert len(shared_by_outlets(pages)) == shared


def test_a_page_with_a_mention_stays_and_an_old_link_is_given_back_no_more(desk: Newsdesk) -> None:
    desk.night("extract", "match")
    with desk.parts.database.writing() as conn:
        fetched = [one.page_id for one in shared_pages.fetched_since(conn, NOW - timedelta(days=1))]
        assert len(fetched) > 3
        mentioned = {article.page_id for article in desk.articles() if article.id in {one.article_id for one in desk.mentions()}}
        done = shared_pages.give_back(conn, fetched, NOW)
        assert done.left == len(mentioned) > 0
        assert len(done.urls) == len(fetched) - len(mentioned)
        assert frontier.pending(conn, NOW + timedelta(days=2)) == len(done.urls)
        late = shared_pages.give_back(conn, fetched, NOW + ASKED_AGAIN_FOR + timedelta(days=1))
        assert (late.urls, late.left) == ((), len(fetched))
        assert pages.unscreened(conn, limit=10) == []
