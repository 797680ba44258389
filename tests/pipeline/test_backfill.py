"""Looking back over an invented press with old dates: every mention is found, whatever way the outlet lets itself be searched, and
killing the command at any point loses nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from tests.newsroom.press import Asked, Newsroom, Way, answer, page, silence
from tracker.errors import UsageError
from tracker.matching.campaigns import read_campaign
from tracker.matching.searchterms import search_terms
from tracker.model import RunReport
from tracker.pipeline.backfill import BackfillOptions, run_backfill
from tracker.sources.searches import search_address, search_queries, wordpress_feed, wordpress_posts
from tracker.store import entries, frontier
from tracker.store.database import open_database
from tracker.store.schema import watching as watching_tables
from tracker.workspace import open_parts

SINCE, UNTIL = date(2024, 10, 1), date(2024, 12, 31)
CAMPAIGN = """
id = "rivers"
name = "Clean rivers"
review = "optional"
countries = ["AL", "BA"]
since = 2024-10-01
time_zone = "Europe/Sarajevo"
query = 'pact or (ministry and pact_short)'
[terms.pact]
kind = "phrase"
bs = ["Pakt za čiste rijeke"]
sq = ["Pakti për lumenj të pastër"]
[terms.pact_short]
kind = "phrase"
bs = ["čiste rijeke"]
[terms.ministry]
kind = "word"
bs = ["ministarstvo"]
"""
HEAD = "id,name,homepage,country,languages,scripts,feeds,sitemap,platform,search\n"
TEXT = "Stanovnici tri sela pokraj rijeke traže da se most popravi prije zime, a općina kaže da novca nema dovoljno. " * 6
MENTION = "Općina je potpisala Pakt za čiste rijeke i obećala da će očistiti obalu. "


@dataclass
class Press:
    """What the invented outlets published: addresses of articles that mention the campaign, within the days and outside of them."""

    newsroom: Newsroom
    rows: list[str] = field(default_factory=list)
    wanted: set[str] = field(default_factory=set)
    beyond: set[str] = field(default_factory=set)
    noise: set[str] = field(default_factory=set)

    def article(self, host: str, path: str, *, mention: bool, beyond: bool = False) -> str:
        text = (
            f"{MENTION if mention else ''}{TEXT}Oznaka teksta je {path[1:].replace('/', ' ')}."  # one headline and text would be one item
        )
        address = self.newsroom.serve(host, path, page(f"Most kod sela {path[-3:]}", text))
        (self.beyond if beyond else self.wanted if mention else self.noise).add(address)
        return address

    def outlet(self, name: str, host: str, *, feed: str = "", sitemap: str = "", platform: str = "custom", search: str = "") -> None:
        self.newsroom.serve(host, "/", page("Naslovna"))
        home = self.newsroom.address(host, "/")
        self.rows.append(f"{name},{name},{home},BA,bs,Latn,{feed},{sitemap},{platform},{search}")


def xml(body: str) -> Way:
    return answer(body=f'<?xml version="1.0"?>{body}'.encode(), Content_Type="application/xml")


def urlset(*listed: tuple[str, str]) -> Way:
    urls = "".join(f"<url><loc>{escape(address)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for address, day in listed)
    return xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')


def index(*listed: tuple[str, str]) -> Way:
    maps = "".join(f"<sitemap><loc>{address}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>" for address, day in listed)
    return xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>')


def rss(*listed: tuple[str, str]) -> Way:
    items = "".join(
        f"<item><title>Most kod sela</title><link>{a}</link><guid>{a}</guid><pubDate>{day}</pubDate></item>" for a, day in listed
    )
    return xml(f'<rss version="2.0"><channel><title>Portal</title>{items}</channel></rss>')


def posts(*listed: tuple[str, str]) -> Way:
    found = [{"id": n, "link": a, "date": day, "title": {"rendered": "Most kod sela"}} for n, (a, day) in enumerate(listed)]
    return answer(body=json.dumps(found).encode(), Content_Type="application/json")


OCTOBER, NOVEMBER, JANUARY = "Fri, 11 Oct 2024 10:00:00 +0200", "Mon, 11 Nov 2024 10:00:00 +0100", "Fri, 10 Jan 2025 10:00:00 +0100"


def queries(folder: Path, *, stems: bool = True) -> list[str]:
    terms = search_terms([read_campaign(folder / "campaigns" / "rivers.toml")])
    return search_queries(terms, ("bs",), ("Latn",), stems=stems)


def build(newsroom: Newsroom, folder: Path) -> Press:
    """Ten outlets, each found in a way of its own; two that cannot be looked back at."""
    press = Press(newsroom)
    typed = queries(folder)

    host = "127.0.9.1"  # the posts interface; a sitemap adds what bears the words in its address
    hits = [press.article(host, f"/most-kod-sela-se-zatvara-{n}", mention=True) for n in range(3)]
    slug = press.article(host, "/opcina-potpisala-pakt-za-ciste-rijeke-77", mention=True)
    hidden = press.article(host, "/neka-druga-vijest-o-mostu-55", mention=False)
    newsroom.ways.pop((host, "/neka-druga-vijest-o-mostu-55"))
    for query in typed:
        address = wordpress_posts(newsroom.address(host, "/"), query, SINCE, UNTIL)
        newsroom.serve(host, address.split(str(newsroom.port), 1)[1], posts(*[(a, "2024-10-11T10:00:00") for a in hits]))
    sitemap = newsroom.serve(host, "/sitemap.xml", urlset((slug, "2024-11-02"), (hidden, "2024-11-02")))
    press.outlet("posts", host, sitemap=sitemap, platform="wordpress")

    host = "127.0.9.2"  # its search as a feed, two pages
    hits = [press.article(host, f"/vijesti/most-kod-sela-se-zatvara-{n}", mention=True) for n in range(4)]
    late = press.article(host, "/vijesti/novi-most-kod-sela-9", mention=True, beyond=True)
    for number, listed in enumerate(
        (((late, JANUARY), (hits[0], NOVEMBER), (hits[1], NOVEMBER)), ((hits[2], OCTOBER), (hits[3], OCTOBER))), 1
    ):
        address = wordpress_feed(newsroom.address(host, "/"), typed[0], number)
        newsroom.serve(host, address.split(str(newsroom.port), 1)[1], rss(*listed))
    press.outlet("searchfeed", host, platform="unknown")

    host = "127.0.9.3"  # a sitemap of months
    monthly = []
    for month, day in ((9, "2024-09-20"), (10, "2024-10-11"), (11, "2024-11-03"), (12, "2024-12-30")):
        beyond = month == 9
        listed = [press.article(host, f"/2024/{month:02}/most-{n}", mention=n % 2 == 0, beyond=beyond) for n in range(4)]
        monthly.append((newsroom.serve(host, f"/sitemap-2024-{month:02}.xml", urlset(*[(a, day) for a in listed])), ""))
    press.outlet("months", host, sitemap=newsroom.serve(host, "/index.xml", index(*monthly)))

    host = "127.0.9.4"  # robots.txt alone names its sitemap
    listed = [press.article(host, f"/clanak/{n}/most", mention=True) for n in (1001, 1002)]
    sitemap = newsroom.serve(host, "/mapa-sajta", urlset(*[(a, "2024-10-11") for a in listed]))
    newsroom.serve(
        host, "/robots.txt", answer(body=f"User-agent: *\nDisallow: /x\nSitemap: {sitemap}\n".encode(), Content_Type="text/plain")
    )
    press.outlet("robots", host)

    host = "127.0.9.5"  # only its feed has pages
    listed = [press.article(host, f"/a/most-{n}", mention=True) for n in range(4)]
    newsroom.serve(host, "/feed?paged=1", rss((listed[0], NOVEMBER), (listed[1], NOVEMBER)))
    newsroom.serve(host, "/feed?paged=2", rss((listed[2], OCTOBER), (listed[3], OCTOBER)))
    newsroom.serve(host, "/feed?paged=3", rss((listed[2], OCTOBER), (listed[3], OCTOBER)))
    press.outlet("paged", host, feed=newsroom.serve(host, "/feed", rss()))

    host = "127.0.9.6"  # a search page that the register names
    listed = [press.article(host, f"/vijest/{70000 + n}/most-kod-sela", mention=True) for n in range(2)]
    template = newsroom.address(host, "/trazi?upit={term}")
    links = "".join(f'<h2><a href="{a}">Most kod sela se opet zatvara</a></h2>' for a in listed)
    html = f'<!doctype html><html><body><nav><a href="/o-nama">O nama</a></nav><main>{links}</main></body></html>'
    for query in queries(folder, stems=False):
        newsroom.serve(host, search_address("/trazi?upit={term}", query), answer(body=html.encode(), Content_Type="text/html"))
    press.outlet("template", host, search=template)

    build_by_section_pages(press)
    build_the_useless(press, typed)
    press.noise.discard(hidden)
    (folder / "catalogue.csv").write_text(HEAD + "\n".join(press.rows) + "\n", "utf-8")
    return press


def section(listed: list[tuple[str, str]], *, menu: str = "", pager: str = "") -> Way:
    """A page of a section: a box that is on every page, then articles with their days."""
    items = "".join(
        f'<li><h2><a href="{a}">Most kod sela se opet zatvara za sav promet</a></h2><span class="datum">{d}</span></li>' for a, d in listed
    )
    html = f"<!doctype html><html><body><nav>{menu}</nav><main><ul>{items}</ul></main><div>{pager}</div></body></html>"
    return answer(body=html.encode(), Content_Type="text/html; charset=utf-8")


def build_by_section_pages(press: Press) -> None:
    """One whose sections have pages and end before the days wanted; one that shows the same page under every number."""
    newsroom, host = press.newsroom, "127.0.9.10"
    days = ["11.01.2025.", "30.12.2024.", "20. novembar 2024.", "11.10.2024. 08:00", "20.09.2024.", "01.08.2024."]
    for number, day in enumerate(days, 1):
        listed = [
            press.article(host, f"/novosti/most-kod-sela-se-zatvara-{number}{n}", mention=n == 0, beyond=number in (1, 5, 6))
            for n in range(3)
        ]
        if number == 6:
            press.beyond.update(listed)
        pager = f'<a href="/novosti/strana/{number + 1}">»</a>'
        newsroom.serve(host, f"/novosti/strana/{number}" if number > 1 else "/novosti", section([(a, day) for a in listed], pager=pager))
    press.outlet("sections", host)
    newsroom.serve(host, "/", section([], menu='<a href="/novosti">Novosti</a><a href="/kontakt">Kontakt</a>'))

    host = "127.0.9.11"
    listed = [press.article(host, f"/vest/{6000 + n}/most-kod-sela", mention=n == 0) for n in range(3)]
    for number in range(1, 9):
        newsroom.serve(
            host,
            f"/?page={number}" if number > 1 else "/",
            section([(a, "11.10.2024.") for a in listed], pager=f'<a href="/?page={number + 1}">{number + 1}</a>'),
        )
    home = newsroom.address(host, "/")
    press.rows.append(f"endless,endless,{home},BA,bs,Latn,,,custom,")


def build_the_useless(press: Press, typed: list[str]) -> None:
    """One whose search is none, one that says nothing, one that is broken."""
    newsroom = press.newsroom
    host = "127.0.9.9"  # answers every query with its newest items: that is no search
    listed = [press.article(host, f"/v/{8000 + n}/most-kod-sela", mention=n == 3) for n in range(7)]
    for query in typed:
        address = wordpress_feed(newsroom.address(host, "/"), query)
        newsroom.serve(
            host, address.split(str(newsroom.port), 1)[1], rss(*[(a, NOVEMBER) for a in listed[:3]], *[(a, NOVEMBER) for a in listed[4:6]])
        )
    sitemap = newsroom.serve(host, "/map.xml", urlset(*[(a, "2024-11-11") for a in listed]))
    press.outlet("alike", host, sitemap=sitemap, platform="unknown")

    newsroom.serve("127.0.9.7", "/map.xml", silence)
    press.outlet("silent", "127.0.9.7", sitemap=newsroom.address("127.0.9.7", "/map.xml"))
    broken = answer("500 Internal Server Error", b"greska", Content_Type="text/html")
    press.outlet("broken", "127.0.9.8", sitemap=newsroom.serve("127.0.9.8", "/map.xml", broken))


def workspace(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    settings = 'fetch.allow_networks = ["127.0.0.0/8"]\nfetch.delay_seconds = 0\nfetch.timeout_seconds = 0.5\nfetch.retries = 0\nextract.workers = 1\n'
    (folder / "tracker.toml").write_text(settings, "utf-8")
    return folder


def register(folder: Path) -> None:
    from tracker.register.catalog import read_catalogue
    from tracker.store import registers

    catalogue = read_catalogue(folder / "catalogue.csv")
    with open_parts(folder) as parts, parts.database.writing() as conn:
        registers.replace(conn, catalogue.outlets, catalogue.sources, parts.clock())


def look_back(folder: Path, **options: Any) -> RunReport:
    with open_parts(folder) as parts:
        return run_backfill(parts, BackfillOptions(SINCE, UNTIL, **options))


def mentioned(folder: Path) -> dict[str, str]:
    database = open_database(folder)
    try:
        with database.reading() as conn:
            return {entry.article.requested_url: entry.found_by for entry in entries.for_campaign(conn, "rivers")}
    finally:
        database.close()


@dataclass
class Looked:
    folder: Path
    press: Press
    report: RunReport
    asked_again: list[Asked]


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    folder = workspace(tmp_path_factory.mktemp("back") / "w")
    with Newsroom() as newsroom:
        press = build(newsroom, folder)
        register(folder)
        report = look_back(folder)
        before = len(newsroom.requests)
        look_back(folder, source_ids=("posts", "months", "robots", "paged", "broken"))
        yield Looked(folder, press, report, newsroom.requests[before:])


def test_every_mention_of_the_days_is_found_in_whatever_way_the_outlet_allows(looked: Looked) -> None:
    found = mentioned(looked.folder)
    assert set(found) == looked.press.wanted
    assert set(found.values()) == {"backfill"}


def test_nothing_from_other_days_is_asked_for(looked: Looked) -> None:
    asked = {looked.press.newsroom.address(request.host, request.path) for request in looked.press.newsroom.requests}
    assert not asked & looked.press.beyond


def test_where_a_search_answers_a_sitemap_adds_only_what_bears_a_term(looked: Looked) -> None:
    assert "/neka-druga-vijest-o-mostu-55" not in looked.press.newsroom.asked("127.0.9.1")
    assert "/opcina-potpisala-pakt-za-ciste-rijeke-77" in looked.press.newsroom.asked("127.0.9.1")


def test_section_pages_are_followed_until_they_are_older_than_the_days_wanted(looked: Looked) -> None:
    asked = looked.press.newsroom.asked("127.0.9.10")
    assert [path for path in asked if path.startswith("/novosti/strana/")] == [f"/novosti/strana/{n}" for n in range(2, 6)]
    assert "/kontakt" not in asked


def test_a_section_that_shows_the_same_page_again_and_again_is_left(looked: Looked) -> None:
    assert [path for path in looked.press.newsroom.asked("127.0.9.11") if path.startswith("/?page=")] == ["/?page=2"]


def test_an_outlet_with_a_search_or_a_sitemap_is_asked_for_no_section(looked: Looked) -> None:
    for host in ("127.0.9.1", "127.0.9.2", "127.0.9.3", "127.0.9.4", "127.0.9.5", "127.0.9.6"):
        assert "/" not in looked.press.newsroom.asked(host)


def test_every_page_asked_ends_in_an_outcome_and_what_failed_for_now_needs_a_person(looked: Looked) -> None:
    step = looked.report.steps[0]
    assert step.step == "look back"
    assert step.adds_up
    outcomes = dict(step.outcomes)
    assert "pending" not in outcomes
    assert outcomes["timeout"] >= 1
    assert outcomes["server_error"] >= 1
    assert any("run the same command again" in line for line in looked.report.needs_a_person)


def test_a_second_start_asks_only_what_was_not_answered(looked: Looked) -> None:
    assert mentioned(looked.folder).keys() == looked.press.wanted
    assert {request.host for request in looked.asked_again} <= {"127.0.9.8", "127.0.9.5"}  # the broken one; a page of robots.txt


def test_an_estimate_is_told_before_anything_is_fetched_and_list_only_stops_there(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w")
    with Newsroom() as newsroom:
        press = build(newsroom, folder)
        register(folder)
        told: list[str] = []
        with open_parts(folder) as parts:
            run_backfill(parts, BackfillOptions(SINCE, UNTIL, source_ids=("months", "robots"), listing_only=True), say=told.append)
        assert told == ["14 older articles to fetch from 2 outlets; about 1 seconds"]
        assert not any(request.path.startswith("/2024/") for request in newsroom.requests)
        assert press.wanted


def test_the_night_does_not_fetch_what_only_looking_back_has_found(tmp_path: Path) -> None:
    from tracker.pipeline.nightly import NightOptions, run_night

    folder = workspace(tmp_path / "w")
    with Newsroom() as newsroom:
        build(newsroom, folder)
        register(folder)
        look_back(folder, source_ids=("robots",), listing_only=True)
        with open_parts(folder) as parts:
            run_night(parts, NightOptions(source_ids=("robots", "paged"), steps=frozenset({"crawl"})))
            with parts.database.reading() as conn:
                assert frontier.pending_of_backfill(conn) == {"robots": 2}
        assert not [path for path in newsroom.asked("127.0.9.4") if path.startswith("/clanak")]


def killed_after(newsroom: Newsroom, folder: Path, requests: int) -> None:
    """Starts the command and kills it with all its children once the press has been asked so many times more."""
    command = [sys.executable, "-m", "tracker", "-w", str(folder), "backfill", "--since", str(SINCE), "--until", str(UNTIL), "--json"]
    root, wanted, until = str(Path(__file__).parents[2]), len(newsroom.requests) + requests, time.monotonic() + 60
    with subprocess.Popen(
        command, cwd=root, env=os.environ | {"PYTHONPATH": root}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while len(newsroom.requests) < wanted and time.monotonic() < until:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.002)
        tree = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        for one in tree:
            one.kill()
        psutil.wait_procs(tree[:-1], 10)


def test_killing_it_at_any_point_loses_nothing(tmp_path: Path) -> None:
    """Killed while it asks searches, while it reads sitemaps, while it fetches articles; then left to finish."""
    folder = workspace(tmp_path / "w")
    with Newsroom() as newsroom:
        press = build(newsroom, folder)
        register(folder)
        for requests in (6, 20, 22):
            killed_after(newsroom, folder, requests)
        look_back(folder)
        assert mentioned(folder).keys() == press.wanted


def test_days_in_the_wrong_order_and_unknown_outlets_are_refused(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w")
    with Newsroom() as newsroom:
        build(newsroom, folder)
        register(folder)
        with open_parts(folder) as parts:
            with pytest.raises(UsageError, match="lies before"):
                run_backfill(parts, BackfillOptions(UNTIL, SINCE))
            with pytest.raises(UsageError, match="no watched source"):
                run_backfill(parts, BackfillOptions(SINCE, source_ids=("nobody",)))
        assert newsroom.requests == []


def test_the_pages_asked_are_kept_with_their_outcome(looked: Looked) -> None:
    database = open_database(looked.folder)
    with database.reading() as conn:
        rows = conn.execute(
            select(watching_tables.lookbacks.c.outcome, watching_tables.lookbacks.c.detail).where(
                watching_tables.lookbacks.c.outlet_id == "broken"
            )
        ).all()
    database.close()
    assert rows
    assert all(row.outcome for row in rows)
