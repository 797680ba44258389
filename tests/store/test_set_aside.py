"""What was sealed as another outlet named it, and what its owner named since, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import select, update

from tests.builders import NOW, a_mention, a_verdict, an_article, an_outlet, some_facts
from tests.evidence.archive import EXCHANGE
from tracker.evidence.days import seal_and_close
from tracker.model import Decision, FoundLink
from tracker.store import articles, evidence, frontier, mentions, pages, registers, sightings, verdicts
from tracker.store.database import Database
from tracker.store.fetch_results import FetchResult, finish_many
from tracker.store.schema import crawl as tables
from tracker.text.folding import fold

KEY = "zeri-i-lumit.example/261126001"
OWN = "https://zeri-i-lumit.example/lajme/lumi/261126001"
FORMS = (
    "https://m.zeri-i-lumit.example/lajme/lumi/261126001",
    f"{OWN}/amp",
    "https://zeri-i-lumit.example:80/lajme/lumi/261126001",
    "https://zeri-i-lumit.example./lajme/lumi/261126001",
    "https://zeri-i-lumit.example/261126001",
)
LATER = NOW + timedelta(days=1)
TEXT = "Lumi doli nga shtrati. Вода и блато. " * 9


class Stored(NamedTuple):
    """What came of a page."""

    article_id: int | None
    page_id: int


def fetch(database: Database, link: FoundLink, *, text: str = TEXT, canonical: str = "", owner: str = "zeri-i-lumit") -> Stored:
    """A naming, its fetch and its article, which the outlet `owner` answered."""
    at = NOW if not link.named_by_owner else LATER
    with database.writing() as conn:
        frontier.add(conn, [(KEY, link)], run_id=1, now=at)
        (due,) = frontier.take(conn, limit=5, now=at)
        assert due.url == link.url
        facts = some_facts(requested_url=link.url, final_url=link.url, fetched_at=at, exchange=EXCHANGE)
        finish_many(conn, [FetchResult(due, facts, f"<h1>{text}</h1>".encode(), "text/html")], run_id=1)
        conn.execute(update(tables.pages).where(tables.pages.c.requested_url == link.url).values(outlet_id=owner))
        (page,) = pages.unscreened(conn, limit=5)
        made = an_article(
            page_id=page.id,
            outlet_id=owner,
            requested_url=link.url,
            canonical_url=canonical or link.url,
            title="Lumi",
            body=text,
            fetched_at=at,
        )
        (article_id,) = articles.save(conn, [(made, fold("Lumi"), fold(text))], at)
        return Stored(article_id, page.id)


def seal_foreign(database: Database, form: str, **about: str) -> Stored:
    """An item whose page was first fetched as another named it: found, judged by a person, sealed."""
    with database.writing() as conn:
        registers.replace(conn, [an_outlet(), an_outlet("another")], [], NOW)
    foreign = fetch(database, FoundLink(form, "another:feed:1", about.get("owner", "zeri-i-lumit"), "feed", named_by_owner=False), **about)
    assert foreign.article_id is not None
    with database.writing() as conn:
        mentions.save(conn, [a_mention(foreign.article_id)], NOW)
        verdicts.record(conn, a_verdict(foreign.article_id, Decision.ACCEPT))
    seal_and_close(database, LATER)
    return foreign


def of_owner() -> FoundLink:
    return FoundLink(OWN, "zeri-i-lumit:feed:1", "zeri-i-lumit", "feed")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("owner", ["zeri-i-lumit", "another"])
def test_a_sealed_item_takes_address_and_outlet_of_its_owners_naming(database: Database, form: str, owner: str) -> None:
    foreign = seal_foreign(database, form, owner=owner)
    item = foreign.article_id or 0
    with database.reading() as conn:
        before = ([*evidence.sealed(conn, [item])], evidence.page_bytes(conn, item), evidence.material(conn, item, NOW))
    assert fetch(database, of_owner()).article_id is None
    with database.reading() as conn:
        (shown,) = articles.get_many(conn, [1, 2])
        assert (shown.outlet_id, shown.requested_url, shown.canonical_url, shown.body) == ("zeri-i-lumit", OWN, OWN, TEXT)
        assert ([*evidence.sealed(conn, [item])], evidence.page_bytes(conn, item)) == before[:2]
        held = evidence.material(conn, item, NOW)
        assert held is not None
        assert before[2] is not None
        assert held.page == before[2].page
        assert [(mention.article_id, mention.outlet_id) for mention in conn.execute(select(mentions.mentions))] == [(item, "zeri-i-lumit")]
        assert verdicts.latest(conn, "rivers")[item].decision is Decision.ACCEPT
        assert sightings.of_articles(conn, [item], "rivers")[item]
        assert articles.at_addresses(conn, [OWN]) == {OWN: item}


@pytest.mark.parametrize("form", FORMS)
def test_an_owners_other_page_under_the_key_comes_in_beside_the_sealed_item(database: Database, form: str) -> None:
    foreign = seal_foreign(database, form, text="Diçka tjetër. " * 30)
    own = fetch(database, of_owner())
    assert own.article_id not in (None, foreign.article_id)
    with database.reading() as conn:
        both = [(article.canonical_url, article.page_id) for article in articles.get_many(conn, [1, 2])]
    assert both == [(form, foreign.page_id), (OWN, own.page_id)]


def test_an_item_whose_page_named_the_owners_address_stays_one(database: Database) -> None:
    foreign = seal_foreign(database, FORMS[1], text="Shkurt: lumi. " * 30, canonical=OWN)
    assert fetch(database, of_owner()).article_id is None
    with database.reading() as conn:
        (shown,) = articles.get_many(conn, [1, 2])
    assert (shown.requested_url, shown.canonical_url, shown.page_id) == (OWN, OWN, foreign.page_id)
