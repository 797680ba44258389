"""The posts interface of a WordPress as a source: what it lists is queued, and nothing that it may answer breaks the crawl."""

from __future__ import annotations

import json
from pathlib import Path

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, answer
from tracker.model import FetchOutcome, SourceKind
from tracker.sources.discovery import judge_posts

HOST = "127.0.24.1"
PATH = "/wp-json/wp/v2/posts"


def post(number: int, **fields: object) -> dict[str, object]:
    return {
        "id": number,
        "link": f"http://{HOST}/vijest-{number}/",
        "date_gmt": "2026-11-22T10:00:00",
        "modified_gmt": "2026-11-22T12:00:00",
        "title": {"rendered": f"Naslov {number}"},
        "excerpt": {"rendered": "<p>Uvod.</p>"},
    } | fields


def test_posts_are_queued_with_headline_and_date_and_wrong_answers_have_their_outcomes(tmp_path: Path) -> None:
    bodies = {
        "127.0.24.1": (json.dumps([post(1), post(2), {"id": 3}, post(4, link="javascript:1")]), FetchOutcome.FETCHED),
        "127.0.24.2": ('{"code":"rest_forbidden","message":"Sorry","data":{"status":401}}', FetchOutcome.NOT_A_FEED),
        "127.0.24.3": ("[" * 100_000, FetchOutcome.PARSE_FAILED),
        "127.0.24.4": ("[]", FetchOutcome.EMPTY),
        "127.0.24.5": ("<html><body>Ulaz</body></html>", FetchOutcome.NOT_A_FEED),
    }
    with Newsroom() as newsroom:
        workspace = Workspace(tmp_path)
        names = {}
        for host, (body, outcome) in bodies.items():
            newsroom.any_path(host, answer(body=body.encode(), Content_Type="application/json"))
            names[workspace.watch(newsroom.serve(host, PATH, answer()), host, SourceKind.WORDPRESS)] = outcome
            newsroom.serve(host, "/robots.txt", answer("404 Not Found"))
        workspace.crawl(articles=False)
        asked = [path for path in newsroom.asked(HOST) if path != "/robots.txt"]
    assert {name: ending.outcome for name, ending in workspace.polls().items()} == names
    assert workspace.links() == [f"http://{HOST}/vijest-1/", f"http://{HOST}/vijest-2/"]
    assert [path.startswith(f"{PATH}?per_page=100&page=1&orderby=date") for path in asked] == [True]


def test_a_list_of_posts_is_told_from_a_feed_in_its_place() -> None:
    posts = json.dumps([post(1)]).encode()
    url = f"http://{HOST}{PATH}"
    assert judge_posts(posts, url=url, content_type="application/json", now=NOW)[0].kind == "wordpress"
    feed = b'<rss version="2.0"><channel><item><title>a</title><link>http://a.example/1</link></item></channel></rss>'
    assert judge_posts(feed, url=url, content_type="text/xml", now=NOW)[0].kind == ""
