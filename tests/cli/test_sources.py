"""`tracker sources check | list | health` against outlets on loopback."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, answer, feed
from tracker.cli.main import cli
from tracker.errors import ConfigError, UsageError

HOST = "127.0.0.6"


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as served:
        served.serve(HOST, "/", answer(body=b"<html></html>", Content_Type="text/html"))
        served.serve(HOST, "/feed", feed([served.address(HOST, f"/vijest-{n}") for n in range(3)], dated="Mon, 23 Nov 2026 01:00:00 +0000"))
        served.serve(HOST, "/rss", answer(body=b"<!doctype html><html><body><p>Naslovna</p></body></html>", Content_Type="text/html"))
        served.serve(HOST, "/closed", answer("403 Forbidden", b"no"))
        served.serve(HOST, "/old", answer("301 Moved Permanently", Location=served.address(HOST, "/feed")))
        yield served


@pytest.fixture
def workspace(tmp_path: Path, newsroom: Newsroom) -> Iterator[Workspace]:
    made = Workspace(tmp_path)
    for path in ("/feed", "/rss", "/closed", "/old", "/gone"):
        made.watch(newsroom.address(HOST, path), path.strip("/"))
    made.register()
    yield made
    made.database.close()


def run(workspace: Workspace, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--workspace", str(workspace.folder), "sources", *words], standalone_mode=False)


def test_a_check_words_how_each_source_answers_and_list_keeps_it(workspace: Workspace) -> None:
    told = run(workspace, "check").stdout
    for line in (
        "feed:feed:1    BA       works: 3 items, newest 2026-11-23 01:00 UTC",
        "rss:feed:1     BA       no feed: a web page (HTML) instead of a feed",
        "closed:feed:1  BA       blocked",
        "gone:feed:1    BA       not found",
        "old:feed:1     BA       works: 3 items",
    ):
        assert line in told
    assert "; moved to http://127.0.0.6" in told
    assert "2 of 5 work" in told
    listed = run(workspace, "list").stdout
    assert "works: 3 items" in listed
    assert "blocked since" in listed
    fares = run(workspace, "health", "--all", "--json")
    assert fares.return_value == 0
    states = {one["source"]: one["state"] for one in json.loads(fares.stdout)["sources"]}
    assert states == {
        "feed:feed:1": "works",
        "old:feed:1": "works",
        "rss:feed:1": "failing",
        "closed:feed:1": "blocked",
        "gone:feed:1": "failing",
    }


def test_an_address_outside_the_register_is_checked_and_leaves_nothing_behind(workspace: Workspace, newsroom: Newsroom) -> None:
    newsroom.serve(HOST, "/sitemap.xml", answer(body=b"<urlset><url><loc>http://127.0.0.6/a</loc></url></urlset>"))
    address, sitemap = newsroom.address(HOST, "/feed?all=1"), newsroom.address(HOST, "/sitemap.xml")
    newsroom.serve(HOST, "/feed?all=1", feed([newsroom.address(HOST, "/x")]))
    before = (workspace.polls(), workspace.links())
    told = run(workspace, "check", address, sitemap).stdout
    assert f"{address}" in told
    assert "works: 1 item, without dates" in told
    assert "2 of 2 work" in told
    assert (workspace.polls(), workspace.links()) == before


def test_what_is_no_address_and_no_source_is_refused_in_words(workspace: Workspace) -> None:
    assert isinstance(run(workspace, "check", "no-such-outlet").exception, UsageError)


def test_a_source_that_is_switched_off_is_paused_and_not_checked(workspace: Workspace) -> None:
    run(workspace, "disable", "feed")
    assert isinstance(run(workspace, "check", "feed").exception, UsageError)
    assert "paused: switched off by a person" in run(workspace, "list").stdout


@pytest.mark.parametrize("name", ["outlets.xlsx", "outlets.pdf", "outlets"])
def test_outlets_go_into_no_file_that_says_to_be_of_another_kind(workspace: Workspace, name: str) -> None:
    refused = run(workspace, "export", str(workspace.folder / name)).exception
    assert isinstance(refused, UsageError)
    assert ".csv" in str(refused)
    assert not (workspace.folder / name).exists()


def test_a_register_of_its_own_rules_goes_out_and_in_and_a_wrong_one_names_its_cell(tmp_path: Path) -> None:
    head = "id,name,homepage,country,feeds,script_switch,url_key,lookback_days\n"
    (tmp_path / "a.csv").write_text(head + "lumi,Lumi,https://lumi.example/,RS,https://lumi.example/feed/,/lat/|/cir/,*-{n:7},30\n")
    (tmp_path / "bad.csv").write_text(head + "lumi,Lumi,https://lumi.example/,RS,,,(a+)+,\n")

    def asked(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["--workspace", str(tmp_path), "sources", *arguments])

    assert asked("import", str(tmp_path / "a.csv")).exit_code == 0
    for name in ("b.csv", "b.opml"):
        asked("export", str(tmp_path / name))
        assert asked("import", str(tmp_path / name)).exit_code == 0
    asked("export", str(tmp_path / "c.csv"))
    assert "/lat/|/cir/,*-{n:7},30," in (tmp_path / "c.csv").read_text()
    assert (tmp_path / "c.csv").read_bytes().startswith(codecs.BOM_UTF8), "Excel reads a code page without it"
    assert (tmp_path / "b.opml").read_bytes().startswith(b"<?xml")
    with pytest.raises(ConfigError, match=r"bad\.csv:2:7: url_key: "):
        CliRunner().invoke(
            cli,
            ["--workspace", str(tmp_path), "sources", "import", str(tmp_path / "bad.csv")],
            catch_exceptions=False,
            standalone_mode=False,
        )
    assert "2 sources left out: OPML lists feeds only" not in asked("export", str(tmp_path / "d.opml")).output


HEAD = "id,name,homepage,country,languages,feeds\n"


def outlet_row(name: str, language: str = "sq") -> str:
    return f"{name},{name},https://{name}.example/,AL,{language},https://{name}.example/feed\n"


@pytest.fixture
def importing(tmp_path: Path) -> Callable[..., Result]:
    """Imports rows as CSV into a workspace that watches a, b and c."""

    def run(text: str, *options: str, name: str = "x.csv", answer: str | None = None) -> Result:
        (tmp_path / name).write_text(text)
        return CliRunner().invoke(
            cli, ["--workspace", str(tmp_path), "sources", "import", str(tmp_path / name), *options], input=answer, standalone_mode=False
        )

    assert run(HEAD + "".join(map(outlet_row, "abc"))).return_value == 0
    return run


def watched(folder: Path) -> int:
    listed = CliRunner().invoke(cli, ["--workspace", str(folder), "--json", "sources", "export", str(folder / "out.csv")])
    return int(json.loads(listed.output)["outlets"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HEAD, "x.csv"),
        (HEAD + outlet_row("a"), "x.csv"),
        ('<opml><body><outline text="a" xmlUrl="https://a.example/feed" outletId="a" country="AL"/></body></opml>', "x.opml"),
    ],
)
def test_an_import_after_which_less_is_watched_is_refused_where_nobody_can_be_asked(
    importing: Callable[..., Result], tmp_path: Path, text: str, name: str
) -> None:
    refused = importing(text, name=name)
    assert isinstance(refused.exception, UsageError)
    assert "no longer watched" in str(refused.exception)
    assert "--yes" in str(refused.exception)
    assert watched(tmp_path) == 3
    taken = importing(text, "--yes", name=name)
    assert taken.return_value == 0
    assert "no longer watched: " in taken.output


@pytest.mark.parametrize(("answer", "left", "code"), [("y\n", 1, 0), ("n\n", 3, 1), ("\n", 3, 1)])
def test_at_a_terminal_a_person_is_asked(
    importing: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: int, code: int
) -> None:
    monkeypatch.setattr("tracker.cli.sources.can_ask", lambda: True)
    found = importing(HEAD + outlet_row("b"), answer=answer)
    assert (found.return_value, watched(tmp_path)) == (code, left)
    assert "2 outlets no longer watched: a, c" in found.output


def test_an_import_that_adds_and_changes_says_so_and_warns_of_slips(importing: Callable[..., Result], tmp_path: Path) -> None:
    text = HEAD + "".join(map(outlet_row, "bcd")) + outlet_row("a", "alb") + outlet_row("e").replace("e.example", "d.example")
    found = importing(text)
    assert found.return_value == 0
    assert "2 outlets added: d, e" in found.output
    assert "1 outlet changed: a" in found.output
    assert "'alb' of a is no known language; write sq" in found.output
    assert "homepage: e and d have the same" in found.output
    assert "feed: e:feed:1 and d:feed:1 are the same address" in found.output
    assert watched(tmp_path) == 5


def test_a_check_of_what_does_not_work_exits_1(tmp_path: Path) -> None:
    found = CliRunner().invoke(cli, ["--workspace", str(tmp_path), "sources", "check", "http://127.0.0.1:9/feed"], standalone_mode=False)
    assert (found.return_value, "0 of 1 work" in found.output) == (1, True)
