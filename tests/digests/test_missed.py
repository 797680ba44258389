"""An edition's estimate of what was missed: from the night's own sightings, and in words."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from tests.builders import NOW, an_outlet
from tests.digests.samples import a_week
from tracker.digests.forms.estimate import estimate_lines, estimate_sentence, staff_lines
from tracker.digests.missed import Articles, judge_articles
from tracker.estimate.total import Total
from tracker.locale.wording import wording
from tracker.model import LANGUAGES, Audience, Basis, Caught, Estimate, Net, NoEstimate, Scope, Window
from tracker.store import registers, sightings
from tracker.store.database import open_database

FOUND = Estimate(61, 62, 61, 65, ("feed", "gdelt", "sitemap"), "", str(Basis.ARTICLES), 61, ("a", "b", "c"))


def test_the_sentence_says_found_missed_and_unreadable() -> None:
    assert estimate_sentence(FOUND, wording("en"), shown=2) == (
        "Found: 61 items; estimated missed: 0 to 4; 3 leading outlets could not be read, 2 of their headlines stand above."
    )
    alone = replace(FOUND, found=1, estimated=1, low=1, high=1, unreadable=("a",))
    assert estimate_sentence(alone, wording("en"), shown=1) == (
        "Found: 1 item; estimated missed: 0; 1 leading outlet could not be read, 1 of their headlines stands above."
    )
    assert estimate_sentence(replace(alone, days=7, unreadable=()), wording("en"), narrowed=True) == (
        "All countries, languages and outlets together, Last 7 days: found: 1 item; estimated missed: 0."
    )


@pytest.mark.parametrize("reason", NoEstimate)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_its_words_in_every_language(language: str, reason: NoEstimate) -> None:
    sentence = estimate_sentence(Estimate(5, reason=str(reason)), wording(language))
    assert str(reason) not in sentence
    assert "{" not in sentence
    assert staff_lines(Estimate(5, reason=str(reason)), wording(language)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2, 5, 11, 21, 22])
def test_plurals_are_formed_in_every_language(language: str, count: int) -> None:
    estimate = replace(FOUND, unreadable=tuple(map(str, range(count))))
    words = wording(language)
    sentence = estimate_sentence(estimate, words, shown=count)
    assert sentence.count(f" {count} ") >= 2
    assert len(sentence.split()) <= 36
    for line in staff_lines(replace(FOUND, nets=tuple(map(str, Net))), words):
        assert "{" not in line
        assert "net_" not in line


def test_partners_read_the_sentence_and_staff_what_it_rests_on() -> None:
    digest = a_week()
    digest = replace(digest, facts=replace(digest.facts, estimate=FOUND))
    partners = estimate_lines(replace(digest, audience=Audience.PARTNERS), wording("en"))
    staff = estimate_lines(replace(digest, audience=Audience.STAFF), wording("en"))
    assert partners == staff[:1]
    assert "feeds" in staff[2]
    assert "GDELT" in staff[2]
    assert estimate_lines(replace(digest, facts=replace(digest.facts, estimate=None)), wording("en")) == ()
    narrowed = estimate_lines(replace(digest, scope=Scope(countries=("AL",))), wording("en"))
    assert narrowed[0].startswith("All countries")


def test_articles_are_judged_by_tier_and_by_the_nets_that_an_outlet_has() -> None:
    three = (Net.FEED, Net.SITEMAP, Net.GDELT)
    nets = [frozenset(named) for size in (1, 2, 3) for named in combinations(three, size)]
    both = [Caught("a", one, 50) for one in nets] + [Caught("b", frozenset({Net.FEED, Net.GDELT}), 90), Caught("b", nets[0], 60)]
    whole = judge_articles([*both, Caught("c", frozenset({Net.LOOK_BACK}), 9)], {"a": 1, "b": 1, "c": 2})
    assert whole.stratum == {"a": "1:feed+sitemap", "b": "1:feed", "c": "2:"}
    assert isinstance(whole.total, Total)
    assert whole.total.nets == ("feed", "gdelt", "sitemap")
    assert whole.total.found == 500


def test_campaigns_of_several_countries_read_a_period_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nets = [frozenset(named) for size in (1, 2) for named in combinations((Net.FEED, Net.SITEMAP), size)]
    reads: list[datetime] = []

    def of_period(_conn: Connection, since: datetime, _until: datetime) -> list[Caught]:
        reads.append(since)
        return [Caught(outlet, one, 50) for outlet in ("serbian", "albanian") for one in nets]

    monkeypatch.setattr(sightings, "of_period", of_period)
    window = Window(NOW - timedelta(days=7), NOW)
    with closing(open_database(tmp_path)) as database:
        with database.writing() as conn:
            registers.replace(conn, [an_outlet("serbian", country="RS"), an_outlet("albanian", country="AL")], [], NOW)
        articles = Articles(database)
        found = [set(articles.judge(window, countries).stratum) for countries in (("RS",), ("AL",), ("RS",), ())]
        assert found == [{"serbian"}, {"albanian"}, {"serbian"}, {"serbian", "albanian"}]
        articles.judge(Window(NOW - timedelta(days=14), NOW), ("RS",))
    assert reads == [window.start_at, NOW - timedelta(days=14)]
