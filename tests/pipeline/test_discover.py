"""Sites of every kind looked over: the feed, the sitemap, the search or the front page of each page-serving host is found."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.newsroom.press import Newsroom, Way, answer, rss, silence
from tracker.errors import UsageError
from tracker.model import SourceKind
from tracker.pipeline.discover import Proposal, discover, propose_words, spoken
from tracker.register.catalog import read_catalogue
from tracker.workspace import open_parts

HEADLINES = [
    "Most kod starog grada zatvoren je do kraja sedmice",
    "Općina traži novac za popravku puta prema selu",
    "Učenici škole očistili su obalu rijeke",
    "Novi autobus vozi od ponedjeljka svakog jutra",
    "Koncert na trgu okupio je veliki broj građana",
]


def html(head: str = "", body: str = "", lang: str = "bs") -> Way:
    page = f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Portal - vijesti</title>{head}</head><body>{body}</body></html>'
    return answer(body=page.encode(), Content_Type="text/html; charset=utf-8")


def front(head: str = "", body: str = "") -> Way:
    nav = '<nav><a href="/vijesti/">Vijesti</a><a href="/sport/">Sport</a><a href="/kontakt">Kontakt</a></nav>'
    links = "".join(
        f'<h2><a href="/vijesti/{7100 + n}/{"-".join(line.lower().split()[:5])}">{line}</a></h2>' for n, line in enumerate(HEADLINES)
    )
    return html(head, f"{nav}<main>{links}</main>{body}")


def feed_of(newsroom: Newsroom, host: str) -> Way:
    items = "".join(
        f"<item><title>{line}</title><link>{newsroom.address(host, f'/vijesti/{7100 + n}/a')}</link><pubDate>Sun, 22 Nov 2026 10:0{n}:00 +0100</pubDate></item>"
        for n, line in enumerate(HEADLINES)
    )
    return answer(
        body=f'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>{items}</channel></rss>'.encode(),
        Content_Type="application/rss+xml",
    )


def map_of(newsroom: Newsroom, host: str) -> bytes:
    urls = "".join(f"<url><loc>{newsroom.address(host, f'/vijesti/{n}/a')}</loc><lastmod>2026-11-22</lastmod></url>" for n in range(3))
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def xml(body: bytes) -> Way:
    return answer(body=body, Content_Type="application/xml")


@dataclass
class Sites:
    newsroom: Newsroom
    workspace: Path
    proposals: dict[str, Proposal] = field(default_factory=dict)

    def of(self, host: str) -> Proposal:
        if host not in self.proposals:
            with open_parts(self.workspace) as parts:
                self.proposals[host] = discover(parts, self.newsroom.address(host, "/"))
        return self.proposals[host]

    def addresses(self, host: str, kind: SourceKind) -> list[str]:
        return [source.address.split(f":{self.newsroom.port}", 1)[1] for source in self.of(host).sources if source.kind is kind]


LINKED, COMMON, RDF, JSON, ROBOTS, INDEX, ZIPPED, WORDPRESS, OPENSEARCH, FORM, BARE, HTML_AS_FEED, ELSEWHERE = (
    f"127.0.11.{n}" for n in range(1, 14)
)
BLOCKED, SILENT, REFUSING = "127.0.11.20", "127.0.11.21", "127.0.11.22"


def build(room: Newsroom) -> None:
    links = '<link rel="alternate" type="application/rss+xml" href="/najnovije"><link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
    room.serve(LINKED, "/", front(links))
    room.serve(LINKED, "/najnovije", feed_of(room, LINKED))
    room.serve(COMMON, "/", front())
    room.serve(COMMON, "/rss.xml", feed_of(room, COMMON))
    rdf = '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    items = "".join(
        f'<item rdf:about="/v/{n}"><title>{line}</title><link>{room.address("127.0.0.1", f"/v/{n}")}</link></item>'
        for n, line in enumerate(HEADLINES)
    )
    room.serve(RDF, "/", front())
    room.serve(RDF, "/index.rdf", xml(f"{rdf}<channel><title>P</title></channel>{items}</rdf:RDF>".encode()))
    room.serve(JSON, "/", front('<link rel="alternate" type="application/feed+json" href="/vijesti.json">'))
    entries = [{"id": str(n), "url": f"/v/{n}", "title": line} for n, line in enumerate(HEADLINES)]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": entries}).encode()
    room.serve(JSON, "/vijesti.json", answer(body=feed, Content_Type="application/feed+json"))
    room.serve(ROBOTS, "/", front())
    room.serve(
        ROBOTS, "/robots.txt", answer(body=f"User-agent: *\nSitemap: {room.address(ROBOTS, '/mapa')}\n".encode(), Content_Type="text/plain")
    )
    room.serve(ROBOTS, "/mapa", xml(map_of(room, ROBOTS)))
    room.serve(INDEX, "/", front())
    child = f"<sitemap><loc>{room.address(INDEX, '/wp-sitemap-posts-post-1.xml')}</loc></sitemap>"
    room.serve(
        INDEX, "/wp-sitemap.xml", xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{child}</sitemapindex>'.encode())
    )
    room.serve(ZIPPED, "/", front())
    room.serve(ZIPPED, "/sitemap.xml.gz", answer(body=gzip.compress(map_of(room, ZIPPED)), Content_Type="application/gzip"))
    room.serve(WORDPRESS, "/", front('<meta name="generator" content="WordPress 6.6"><link href="/wp-content/a.css" rel="stylesheet">'))
    room.serve(WORDPRESS, "/feed/", feed_of(room, WORDPRESS))
    room.serve(WORDPRESS, "/?s=ponedjeljka&feed=rss2&orderby=date&order=desc&paged=1", feed_of(room, WORDPRESS))
    room.serve(OPENSEARCH, "/", front('<link rel="search" type="application/opensearchdescription+xml" href="/os.xml">'))
    template = room.address(OPENSEARCH, "/trazi?rijec={searchTerms}&amp;od={startIndex?}")
    url = f'<Url type="text/html" template="{template}"/><Url type="application/x-suggestions+json" template="{template}"/>'
    room.serve(OPENSEARCH, "/os.xml", xml(f'<?xml version="1.0"?><OpenSearchDescription>{url}</OpenSearchDescription>'.encode()))
    room.serve(OPENSEARCH, "/trazi?rijec=ponedjeljka", front())
    room.serve(FORM, "/", front(body='<form action="/pretraga"><input type="search" name="pojam"><input type="submit"></form>'))
    room.serve(FORM, "/pretraga?pojam=ponedjeljka", front())
    room.serve(BARE, "/", front())
    room.serve(BARE, "/vijesti/", front())
    room.serve(BARE, "/sport/", html(body="<p>Uskoro.</p>"))
    room.serve(HTML_AS_FEED, "/", front('<link rel="alternate" type="application/rss+xml" href="/rss">'))
    room.serve(HTML_AS_FEED, "/rss", front())
    room.serve(HTML_AS_FEED, "/atom.xml", xml(rss([room.address(HTML_AS_FEED, "/v/1")])))
    room.serve(ELSEWHERE, "/", answer("301 Moved Permanently", Location=room.address(LINKED, "/")))
    room.serve(BLOCKED, "/", answer("403 Forbidden", b"nein", Content_Type="text/html"))
    room.serve(SILENT, "/", silence)
    room.serve(REFUSING, "/", front())
    room.serve(REFUSING, "/robots.txt", answer(body=b"User-agent: *\nDisallow: /\n", Content_Type="text/plain"))


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    workspace = tmp_path_factory.mktemp("discover")
    settings = 'fetch.allow_networks = ["127.0.0.0/8"]\nfetch.delay_seconds = 0\nfetch.timeout_seconds = 1\nfetch.retries = 0\n'
    (workspace / "tracker.toml").write_text(settings, "utf-8")
    with Newsroom() as newsroom:
        build(newsroom)
        yield Sites(newsroom, workspace)


@pytest.mark.parametrize(
    ("host", "kind", "expected"),
    [
        pytest.param(LINKED, SourceKind.FEED, ["/najnovije"], id="a link tag"),
        pytest.param(COMMON, SourceKind.FEED, ["/rss.xml"], id="a common address"),
        pytest.param(RDF, SourceKind.FEED, ["/index.rdf"], id="RDF"),
        pytest.param(JSON, SourceKind.FEED, ["/vijesti.json"], id="JSON Feed"),
        pytest.param(ROBOTS, SourceKind.SITEMAP, ["/mapa"], id="named by robots.txt"),
        pytest.param(INDEX, SourceKind.SITEMAP, ["/wp-sitemap.xml"], id="WordPress index"),
        pytest.param(ZIPPED, SourceKind.SITEMAP, ["/sitemap.xml.gz"], id="zipped"),
        pytest.param(WORDPRESS, SourceKind.SEARCH, ["/?s={term}&feed=rss2&orderby=date&order=desc&paged={page}"], id="WordPress search"),
        pytest.param(OPENSEARCH, SourceKind.SEARCH, ["/trazi?rijec={term}"], id="OpenSearch"),
        pytest.param(FORM, SourceKind.SEARCH, ["/pretraga?pojam={term}"], id="a search form"),
        pytest.param(BARE, SourceKind.SECTION, ["/", "/vijesti/"], id="nothing but a front page and sections"),
        pytest.param(HTML_AS_FEED, SourceKind.FEED, ["/atom.xml"], id="HTML where a feed is promised"),
        pytest.param(ELSEWHERE, SourceKind.FEED, ["/najnovije"], id="moved"),
    ],
)
def test_every_page_serving_host_is_found_a_way_to_be_followed(sites: Sites, host: str, kind: SourceKind, expected: list[str]) -> None:
    assert sites.addresses(host, kind) == expected, propose_words(sites.of(host), everything=True)


@pytest.mark.parametrize(("host", "words"), [(BLOCKED, "refuses us"), (SILENT, "in time"), (REFUSING, "robots.txt asks us to stay away")])
def test_a_site_that_does_not_let_itself_be_followed_says_why(sites: Sites, host: str, words: str) -> None:
    proposal = sites.of(host)
    assert not proposal.worth_watching
    assert words in "\n".join(propose_words(proposal))


def test_the_proposed_row_can_be_read_as_a_catalogue(sites: Sites, tmp_path: Path) -> None:
    proposal = sites.of(WORDPRESS)
    (tmp_path / "row.csv").write_text(f"{proposal.header}\n{proposal.row}\n", "utf-8")
    catalogue = read_catalogue(tmp_path / "row.csv")
    assert catalogue.outlets == (proposal.outlet,)
    assert [(source.kind, source.address) for source in catalogue.sources] == [(source.kind, source.address) for source in proposal.sources]
    assert (proposal.outlet.languages, proposal.outlet.scripts, proposal.outlet.platform) == (("bs",), ("Latn",), "wordpress")


def test_a_host_that_refuses_is_asked_for_nothing_but_its_rules(sites: Sites) -> None:
    sites.of(REFUSING)
    assert set(sites.newsroom.asked(REFUSING)) == {"/robots.txt"}


def test_a_host_that_does_not_answer_is_asked_once(sites: Sites) -> None:
    sites.of(SILENT)
    assert set(sites.newsroom.asked(SILENT)) <= {"/", "/robots.txt"}


def test_languages_and_scripts_are_those_of_the_headlines() -> None:
    macedonian = ["Мостот се затвора на три недели", "Општината бара пари за патот", "Учениците го исчистија брегот"]
    albanian = ["Ura e vjetër mbyllet për tri javë", "Bashkia kërkon para për rrugën e fshatit"]
    assert spoken(macedonian * 3) == (("mk",), ("Cyrl",))
    assert spoken(macedonian * 3 + albanian * 2) == (("mk", "sq"), ("Cyrl", "Latn"))
    assert spoken([], "sq-AL") == (("sq",), ("Latn",))


def test_what_is_no_address_is_refused_before_anything_is_asked(sites: Sites) -> None:
    with open_parts(sites.workspace) as parts, pytest.raises(UsageError, match="no web address"):
        discover(parts, "file:///etc/passwd")
