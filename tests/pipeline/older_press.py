"""An invented press with old dates: outlets that can be looked back at, each in a way of its own, and some that cannot."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path

from tests.newsroom.press import Newsroom, Way, answer, page, silence
from tracker.matching.campaigns import read_campaign
from tracker.matching.searchterms import search_terms
from tracker.sources.searches import search_address, search_queries, wordpress_feed, wordpress_posts

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
