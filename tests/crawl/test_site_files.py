"""tdmrep.json and robots.txt of outlets, over loopback: asked for once a week, told as they were answered, obeyed when texts are given on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Asked, Newsroom, answer, feed, page
from tracker.model import SiteFile, TermsSaid, TermsVia
from tracker.store import terms
from tracker.visibility import gives_on

PATH = "/.well-known/tdmrep.json"
RULES = json.dumps([{"location": "/free/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]).encode()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


def _files(workspace: Workspace) -> dict[str, tuple[str, str]]:
    with workspace.database.reading() as conn:
        found = terms.files(conn)
    return {f"{outlet} {via}": (file.outcome, str(file.said)) for (outlet, via), file in found.items()}


def _tdmrep(workspace: Workspace, outlet: str) -> SiteFile:
    with workspace.database.reading() as conn:
        return terms.files(conn)[outlet, TermsVia.TDMREP]


def test_the_files_of_every_kind_of_site_are_noted(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    ways = {
        "reserves": answer(body=RULES, Content_Type="application/json"),
        "html": page("Faqja nuk u gjet"),
        "object": answer(body=b'{"location": "/", "tdm-reservation": 1}'),
        "huge": answer(body=b"[" + b" " * 5_000_000 + b"]"),
        "down": answer("500 Oops"),
        "refuses-file": answer("403 No"),
        "none": answer("404 No"),
    }
    for number, (name, way) in enumerate(ways.items()):
        host = f"127.0.3.{number + 1}"
        newsroom.serve(host, PATH, way)
        newsroom.serve(host, "/robots.txt", answer(body=b"User-agent: *\nCrawl-delay: 0.1\nContent-Signal: ai-train=no\n"))
        workspace.watch(newsroom.serve(host, "/feed", feed(["/vijest/1"])), name)
    newsroom.serve("127.0.3.99", "/robots.txt", answer(body=b"User-agent: *\nDisallow: /\n"))
    workspace.watch(newsroom.serve("127.0.3.99", "/feed", feed(["/vijest/1"])), "refuses")
    progress = workspace.crawl()
    found = _files(workspace)
    assert {name: found[f"{name} tdmrep"] for name in ways} == {
        "reserves": ("read", "reserved"),
        "html": ("not_json", "nothing"),
        "object": ("not_a_list", "nothing"),
        "huge": ("too_large", "nothing"),
        "down": ("server_error", "nothing"),
        "refuses-file": ("blocked", "nothing"),
        "none": ("missing", "nothing"),
    }
    assert sum(progress.site_files.values()) == len(ways)
    assert found["refuses robots"] == ("read", "refused")
    assert "refuses tdmrep" not in found
    assert PATH not in newsroom.asked("127.0.3.99")
    with workspace.database.reading() as conn:
        assert terms.files(conn)["none", TermsVia.ROBOTS].rules == (("crawl-delay", "0.1", ""), ("content-signal", "ai-train=no", ""))
        reserved = terms.reserved(conn)
    home = newsroom.address("127.0.3.1", "/")
    assert [gives_on("reserves", f"{home}{path}", reserved) for path in ("a.html", "free/a.html")] == [False, True]


def test_a_week_later_it_is_asked_whether_it_changed(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    seen: list[str] = []
    full = answer(body=RULES, ETag='"one"')

    async def conditional(asked: Asked, out: object) -> None:
        seen.append(asked.headers.get("if-none-match", ""))
        await (answer("304 Not Modified") if asked.headers.get("if-none-match") == '"one"' else full)(asked, out)  # type: ignore[arg-type]

    newsroom.serve("127.0.3.1", PATH, conditional)
    workspace.watch(newsroom.serve("127.0.3.1", "/feed", feed(["/vijest/1"])), "reserves")
    for days in (0, 3, 8):
        with workspace.start(as_of=NOW + timedelta(days=days)) as crawl:
            assert crawl.wait(60) == 0
    file = _tdmrep(workspace, "reserves")
    assert seen == ["", '"one"']
    assert (file.outcome, file.said, len(file.rules)) == ("unchanged", TermsSaid.RESERVED, 2)
    assert file.changed_at is not None
    assert file.asked_at - file.changed_at > timedelta(days=7)
    newsroom.serve("127.0.3.1", PATH, answer("500 Oops"))
    with workspace.start(as_of=NOW + timedelta(days=16)) as crawl:
        assert crawl.wait(60) == 0
    assert _tdmrep(workspace, "reserves").said is TermsSaid.RESERVED  # a server in trouble takes nothing back
    newsroom.serve("127.0.3.1", PATH, answer("404 No"))
    with workspace.start(as_of=NOW + timedelta(days=24)) as crawl:
        assert crawl.wait(60) == 0
    assert _tdmrep(workspace, "reserves").said is TermsSaid.NOTHING
