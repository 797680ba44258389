from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.demo.press.press import PressOutlet, read_press
from tracker.demo.press.scripts import latin
from tracker.demo.press.shares import FEED, SHARES, SITEMAP, names
from tracker.demo.press.site import HUGE_BYTES, Answer, Site
from tracker.extraction.pictures import read_picture
from tracker.sources.feeds.feed import read_feed
from tracker.sources.sitemaps.sitemap import read_sitemap
from tracker.text.charsets import decode

NIGHT = datetime(2024, 10, 18, 1, 0, tzinfo=UTC)
PRESS = read_press()
OUTLETS = {outlet.id: outlet for outlet in PRESS.outlets}
READABLE = [outlet.id for outlet in PRESS.outlets if outlet.fault in ("", "silent") and outlet.feed != "none"]


def a_site(outlet_id: str) -> Site:
    return Site(OUTLETS[outlet_id], NIGHT, 8080, "http://127.78.0.1:8080")


def page_of(outlet: PressOutlet, fault: str) -> Answer:
    article = next(article for article in outlet.articles if article.fault == fault)
    return a_site(outlet.id).answer(outlet.path(article), {})


def where(fault: str) -> PressOutlet:
    return next(outlet for outlet in PRESS.outlets if fault in {article.fault for article in outlet.articles})


@pytest.mark.parametrize("outlet_id", READABLE)
def test_a_feed_lists_its_articles_with_headline_and_moment(outlet_id: str) -> None:
    outlet, site = OUTLETS[outlet_id], a_site(outlet_id)
    answer = site.answer(outlet.feed_path, {})
    feed = read_feed(answer.body, url=site.base + outlet.feed_path, now=NIGHT, content_type=answer.content_type, zone=outlet.zone)
    read = {PRESS.identify(entry.url): (entry.title, entry.published.at if entry.published else None) for entry in feed.entries}
    listed = [article for article in outlet.articles if names(FEED, outlet, article)]
    assert read == {article.key: (article.headline, article.published_at(NIGHT, outlet.zone)) for article in listed}
    assert outlet.sitemap or len(listed) == len(outlet.articles)


def test_each_list_leaves_some_out_and_no_article_of_an_outlet_is_in_none() -> None:
    both = [(outlet, article) for outlet in PRESS.outlets if outlet.sitemap and outlet.feed != "none" for article in outlet.articles]
    counts = {net: sum(names(net, outlet, article) for outlet, article in both) / len(both) for net in SHARES}
    assert all(abs(counts[net] - share) < 0.12 for net, share in SHARES.items())
    assert all(names(FEED, outlet, article) or names(SITEMAP, outlet, article) for outlet, article in both)


def test_the_same_feed_in_the_other_script_names_the_same_pages() -> None:
    outlet, site = OUTLETS["dunavski-glasnik"], a_site("dunavski-glasnik")
    answer = site.answer(f"{outlet.feed_path}?script=lat", {})
    feed = read_feed(answer.body, url=site.base, now=NIGHT, content_type=answer.content_type, zone=outlet.zone)
    assert {entry.title for entry in feed.entries} == {latin(article.headline) for article in outlet.articles}
    assert all(entry.url.endswith("?script=lat") for entry in feed.entries)


def test_a_page_and_its_twin_name_one_canonical_address() -> None:
    outlet, site = OUTLETS["dunavski-glasnik"], a_site("dunavski-glasnik")
    path = outlet.path(outlet.articles[0])
    cyrillic, twin = site.answer(path, {}).body.decode(), site.answer(f"{path}?script=lat", {}).body.decode()
    assert outlet.articles[0].headline in cyrillic
    assert latin(outlet.articles[0].headline) in twin
    assert f'<link rel="canonical" href="{site.base}{path}">' in cyrillic
    assert f'<link rel="canonical" href="{site.base}{path}">' in twin


def test_an_outlet_without_a_feed_has_a_sitemap() -> None:
    outlet, site = OUTLETS["primorske-novine"], a_site("primorske-novine")
    sitemap = read_sitemap(site.answer("/sitemap-news.xml", {}).body, url=site.base, now=NIGHT, zone=outlet.zone, max_bytes=10**7)
    assert {PRESS.identify(page.url) for page in sitemap.pages} == {article.key for article in outlet.articles}
    assert site.answer("/feed/", {}).status == 404


@pytest.mark.parametrize(("outlet_id", "charset"), [("moravska-tribina", "windows-1250"), ("glas-vrbasa", "windows-1251")])
def test_old_encodings_are_served_as_such_and_readable(outlet_id: str, charset: str) -> None:
    outlet = OUTLETS[outlet_id]
    answer = a_site(outlet_id).answer(outlet.path(outlet.articles[0]), {})
    assert outlet.articles[0].headline.encode(charset) in answer.body
    assert ("charset" in answer.content_type) == outlet.declared
    assert outlet.articles[0].headline in decode(answer.body, answer.content_type).text


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("not_found", 404),
        ("server_error", 500),
        ("redirect_outside", 302),
        ("redirect_loop", 302),
        ("not_html", 200),
        ("soft_404", 200),
        ("bot_wall", 200),
        ("cookie_wall", 200),
        ("login_wall", 200),
        ("listing", 200),
    ],
)
def test_a_fault_answers_with_its_status(fault: str, status: int) -> None:
    assert page_of(where(fault), fault).status == status


def test_a_redirect_leads_outside_the_allowed_network() -> None:
    assert dict(page_of(where("redirect_outside"), "redirect_outside").headers)["Location"].startswith("http://127.78.0.1:8080/")


def test_a_huge_page_is_thirty_megabytes_and_a_silent_one_never_answers() -> None:
    assert page_of(where("too_large"), "too_large").body_bytes == HUGE_BYTES
    assert page_of(where("timeout"), "timeout").never


def test_a_closed_section_is_named_in_robots_and_nowhere_else() -> None:
    outlet = where("closed_section")
    robots = a_site(outlet.id).answer("/robots.txt", {}).body.decode()
    closed = robots.split("Disallow: ")[1].strip()
    assert [article.fault for article in outlet.articles if outlet.path(article).startswith(closed)] == ["closed_section"]


def test_an_outlet_that_blocks_refuses_everything_and_one_lost_its_feed() -> None:
    assert {a_site("zatvoreni-krug").answer(path, {}).status for path in ("/", "/feed", "/robots.txt")} == {403}
    answer = a_site("porta-e-re").answer("/feed/", {})
    assert (answer.status, answer.content_type) == (200, "text/html; charset=utf-8")


def test_an_unchanged_feed_answers_304() -> None:
    outlet, site = OUTLETS["vardarski-vesnik"], a_site("vardarski-vesnik")
    tag = dict(site.answer(outlet.feed_path, {}).headers)["ETag"]
    again = site.answer(outlet.feed_path, {"if-none-match": tag})
    assert (again.status, again.body) == (304, b"")


def test_other_headlines_stand_beside_an_article_without_its_own() -> None:
    outlet = OUTLETS["gazeta-e-liqenit"]
    for article in outlet.articles[:3]:
        page = a_site(outlet.id).answer(outlet.path(article), {}).body.decode()
        aside = page[page.index("<aside>") :]
        assert article.headline not in aside
        assert sum(other.headline in aside for other in outlet.articles) == 5


@pytest.mark.parametrize(
    ("outlet_id", "outcome"),
    [("gazeta-e-liqenit", "kept"), ("lovcenski-list", "kept"), ("jehona-e-sharrit", "kept"), ("pristina-review", "not_a_picture")],
)
def test_a_page_names_a_picture_that_is_drawn_for_its_story_or_is_the_outlets_logo(outlet_id: str, outcome: str) -> None:
    outlet, site = OUTLETS[outlet_id], a_site(outlet_id)
    articles = [article for article in outlet.articles if not article.fault][:3]
    pages = [decode(site.answer(outlet.path(article), {}).body, "text/html").text for article in articles]
    assert all(site.base + outlet.picture_path(article) in page for article, page in zip(articles, pages, strict=True))
    served = [site.answer(outlet.picture_path(article), {}).body for article in articles]
    assert {str(read_picture(content).outcome) for content in served} == {outcome}
    assert len({*served}) == (1 if outlet.picture in ("logo", "missing") else 3)
