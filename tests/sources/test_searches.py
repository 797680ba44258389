from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import FetchOutcome
from tracker.sources.searches import (
    MAX_SEARCH_PAGES,
    bears_a_term,
    have_nothing_in_common,
    next_page,
    page_number,
    query_of,
    read_search,
    read_search_page,
    search_address,
    search_queries,
    spellings,
    wordpress_feed,
    wordpress_posts,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("term", "scripts", "expected"),
    [
        ("čiste rijeke", ("Latn",), ("čiste rijeke", "ciste rijeke")),
        ("čiste rijeke", ("Cyrl",), ("čiste rijeke", "чисте ријеке", "ciste rijeke")),
        ("ljubav i njiva", ("Cyrl", "Latn"), ("ljubav i njiva", "љубав и њива")),
        ("чисти реки", ("Cyrl",), ("чисти реки",)),
        ("чисти реки", ("Latn",), ("čisti reki", "cisti reki")),
        ("чисте ријеке", ("Cyrl", "Latn"), ("чисте ријеке", "čiste rijeke", "ciste rijeke")),
        ("lumenj të pastër", ("Latn",), ("lumenj të pastër", "lumenj te paster")),
        ("lumenj të pastër", ("Cyrl",), ("lumenj të pastër", "lumenj te paster")),
        ("CRCA/ECPAT Albania", ("Latn",), ("CRCA ECPAT Albania",)),
        ("", ("Latn",), ()),
    ],
)
def test_a_term_is_searched_in_every_spelling_the_site_may_use(term: str, scripts: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert spellings(term, scripts) == expected


def test_words_lose_their_endings_where_a_search_looks_inside_words() -> None:
    assert search_queries([("bs", "Pakt za čiste rijeke")], ("bs",), ("Latn",)) == ["Pakt čist rijek", "Pakt cist rijek"]
    assert search_queries([("bs", "Pakt za čiste rijeke")], ("bs",), ("Latn",), stems=False) == ["Pakt čiste rijeke", "Pakt ciste rijeke"]


def test_a_query_that_finds_nothing_new_is_not_asked() -> None:
    terms = [("any", "Agjencia e Lumenjve"), ("any", "Lumenj"), ("any", "Agjencia e Lumenjve Kukës")]
    assert search_queries(terms, ("sq",), ("Latn",)) == ["Lumenj"]


def test_terms_of_languages_the_outlet_does_not_write_are_left_and_its_group_is_one() -> None:
    terms = [("mk", "чисти реки"), ("sr", "čiste reke"), ("en", "clean rivers"), ("sq", "lumenj të pastër")]
    assert search_queries(terms, ("bs",), ("Latn",), stems=False) == ["čiste reke", "ciste reke", "clean rivers"]
    assert search_queries(terms, ("mk",), ("Cyrl",), stems=False) == ["чисти реки", "clean rivers"]


def test_the_posts_interface_is_asked_for_the_days_whole() -> None:
    address = wordpress_posts("https://gazeta.example/sq/", "ujë i pastër", date(2024, 10, 1), date(2024, 12, 31))
    assert address.startswith(
        "https://gazeta.example/wp-json/wp/v2/posts?search=uj%C3%AB%20i%20past%C3%ABr&after=2024-09-30T23%3A59%3A59&before=2025-01-01T00"
    )
    assert page_number(address) == 1
    assert page_number(next_page(address)) == 2


def test_pages_follow_each_other_up_to_a_bound() -> None:
    address = wordpress_feed("https://gazeta.example/", "a&b", 3)
    assert next_page(address) == wordpress_feed("https://gazeta.example/", "a&b", 4)
    assert next_page(wordpress_feed("https://gazeta.example/", "a", MAX_SEARCH_PAGES)) == ""
    assert next_page("https://gazeta.example/?s=a") == ""
    template = "https://gazeta.example/trazi/{term}/{page}"
    assert search_address(template, "č/d", 2) == "https://gazeta.example/trazi/%C4%8D%2Fd/2"
    assert next_page(search_address(template, "č/d", 2), template) == search_address(template, "č/d", 3)
    assert next_page("https://gazeta.example/trazi?q=a", "https://gazeta.example/trazi?q={term}") == ""


RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>%s</channel></rss>'
ITEM = b"<item><title>A</title><link>https://gazeta.example/a</link></item>"


@pytest.mark.parametrize(
    ("body", "outcome", "found"),
    [
        (RSS % ITEM, FetchOutcome.FETCHED, 1),
        (RSS % b"", FetchOutcome.EMPTY, 0),
        (b'[{"id":1,"link":"https://gazeta.example/a","title":{"rendered":"A"}}]', FetchOutcome.FETCHED, 1),
        (b"[]", FetchOutcome.EMPTY, 0),
        (b'{"code":"rest_no_route","message":"x","data":{"status":404}}', FetchOutcome.NOT_A_FEED, 0),
        (b"<!doctype html><html><body><a href='/a-b-c-d-e-f'>x</a></body></html>", FetchOutcome.NOT_A_FEED, 0),
    ],
)
def test_an_answer_of_a_search_is_read_whatever_its_form(body: bytes, outcome: FetchOutcome, found: int) -> None:
    page = read_search(body, url="https://gazeta.example/?s=a", now=NOW)
    assert (page.outcome, len(page.entries)) == (outcome, found)


def test_a_page_counts_where_the_register_names_it_as_the_search() -> None:
    body = b"<!doctype html><html><body><main><a href='/lajm/ura-e-vjeter-mbyllet-sot'>Ura e vjeter mbyllet sot</a></main></body></html>"
    page = read_search_page(body, url="https://gazeta.example/kerko?q=ura", now=NOW)
    assert [entry.url for entry in page.entries] == ["https://gazeta.example/lajm/ura-e-vjeter-mbyllet-sot"]
    assert read_search_page(b"<!doctype html><html></html>", url="https://gazeta.example/", now=NOW).outcome is FetchOutcome.EMPTY


@pytest.mark.parametrize(
    ("address", "title", "bears"),
    [
        ("https://gazeta.example/potpisan-pakt-za-ciste-rijeke", "", True),
        ("https://gazeta.example/77", "Потписан Пакт за чисте ријеке", True),
        ("https://gazeta.example/ciste-rijeke", "", False),
    ],
)
def test_a_title_or_an_address_tells_of_a_term_in_any_script(address: str, title: str, bears: bool) -> None:
    assert bears_a_term(address, title, ["Pakt čist rijek"]) is bears


@given(st.lists(st.tuples(st.sampled_from(["any", "bs", "sq", "mk"]), st.text(max_size=40)), max_size=12))
def test_any_terms_make_queries_with_words_in_them(terms: list[tuple[str, str]]) -> None:
    queries = search_queries(terms, ("bs",), ("Latn", "Cyrl"))
    assert all(query.strip() for query in queries)
    assert len({*queries}) == len(queries)


@given(st.text(max_size=80))
def test_any_address_has_a_next_page_or_none(address: str) -> None:
    following = next_page(f"https://gazeta.example/{address}")
    assert following == "" or page_number(following) > 1


@pytest.mark.parametrize(
    ("address", "template", "query"),
    [
        (wordpress_feed("https://gazeta.example/", "ujë & urë", 2), "", "ujë & urë"),
        (wordpress_posts("https://gazeta.example/", "ujë", date(2024, 10, 1)), "", "ujë"),
        ("https://gazeta.example/trazi/%C4%8Dist%20zrak/3", "https://gazeta.example/trazi/{term}/{page}", "čist zrak"),
        ("https://gazeta.example/", "", ""),
    ],
)
def test_the_query_can_be_read_from_its_address(address: str, template: str, query: str) -> None:
    assert query_of(address, template) == query


@pytest.mark.parametrize(
    ("query", "other", "unlike"),
    [
        ("Pakt čist", "Pakt cist", False),
        ("čist rijek", "чист ријек", False),
        ("ECPAT Albani", "TikTok", True),
        ("sigurn", "sigurnost", False),
        ("", "a", False),
    ],
)
def test_queries_without_a_common_word_are_unlike(query: str, other: str, unlike: bool) -> None:
    assert have_nothing_in_common(query, other) is unlike
