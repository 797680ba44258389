from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from tracker.demo.press.expectation import Expectation, ExpectedArticle, Observed, ObservedArticle, check

NIGHT = datetime(2024, 10, 18, 1, 0, tzinfo=UTC)
WANTED = Expectation(
    articles={
        "a/mention": ExpectedArticle("fetched", circle="campaign", titles=("Naslov", "Наслов"), days_before=2),
        "a/plain": ExpectedArticle("fetched", titles=("Vreme",)),
        "a/gone": ExpectedArticle("not_found"),
        "a/wall": ExpectedArticle("fetched", skipped="bot_wall"),
        "a/old": ExpectedArticle("too_old"),
        "b/copy": ExpectedArticle("fetched", circle="campaign", titles=("Naslov",), days_before=0),
    },
    stories=(("a/mention", "b/copy"),),
    troubles={"c": "connection_failed"},
)
SEEN = Observed(
    articles={
        "a/mention": ObservedArticle("fetched", circle="campaign", title="Наслов", published_on=date(2024, 10, 15)),
        "a/plain": ObservedArticle("fetched"),
        "a/gone": ObservedArticle("not_found"),
        "a/wall": ObservedArticle("fetched", skipped="bot_wall"),
        "b/copy": ObservedArticle("fetched", circle="campaign", title="Naslov", published_on=date(2024, 10, 17)),
    },
    stories=(("b/copy", "a/mention"),),
    troubles={"c": "connection_failed"},
)


def with_article(key: str, **fields: Any) -> Observed:
    return replace(SEEN, articles={**SEEN.articles, key: replace(SEEN.articles.get(key, ObservedArticle("fetched")), **fields)})


def test_a_night_as_expected_has_no_differences() -> None:
    assert check(WANTED, SEEN, NIGHT) == []


@pytest.mark.parametrize(
    ("observed", "sentence"),
    [
        (with_article("a/plain", circle="context"), "a/plain: circle is context, expected none"),
        (with_article("a/mention", circle=""), "a/mention: circle is none, expected campaign"),
        (with_article("a/mention", held=True), "a/mention: held is True, expected none"),
        (with_article("a/mention", title="NaÅ¡lov"), "a/mention: its headline was read as 'NaÅ¡lov', expected 'Naslov'"),
        (with_article("a/mention", published_on=None), "a/mention: it was dated None, expected 2024-10-15"),
        (with_article("a/gone", fetch="fetched"), "a/gone: fetch is fetched, expected not_found"),
        (with_article("a/wall", skipped=""), "a/wall: skipped is none, expected bot_wall"),
        (with_article("a/old"), "a/old is too old for this night, yet it was fetched: fetched"),
        (
            replace(SEEN, articles={k: v for k, v in SEEN.articles.items() if k != "a/plain"}),
            "a/plain was never found; expected fetched",
        ),
        (replace(SEEN, troubles={}), "c: trouble is none, expected connection_failed"),
        (replace(SEEN, strangers=("file:///x",)), "file:///x is no article of the sample press, or was stored twice"),
        (replace(SEEN, canary=("GET /x",)), "the canary outside the allowed network was asked: GET /x"),
        (replace(SEEN, unbalanced_steps=("fetch",)), "the outcomes of step fetch do not add up to its inputs"),
    ],
)
def test_every_difference_is_said_in_one_sentence(observed: Observed, sentence: str) -> None:
    assert check(WANTED, observed, NIGHT) == [sentence]


def test_a_torn_and_a_glued_story_are_both_named() -> None:
    observed = replace(SEEN, stories=(("a/mention", "a/plain"),))
    assert check(WANTED, observed, NIGHT) == [
        "these were to be one story: a/mention, b/copy",
        "these were put into one story: a/mention, a/plain",
    ]


def test_the_counts_tell_mentions_stories_and_troubles() -> None:
    assert WANTED.counts == {
        "articles": 6,
        "mentions": 2,
        "mentions in circle campaign": 2,
        "mentions held": 0,
        "stories": 1,
        "outlets in trouble": 1,
    }
