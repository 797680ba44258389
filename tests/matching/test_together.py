"""Campaigns that look at the same texts together find what each finds alone, in the same order, by the same rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import a_campaign
from tests.matching.test_digital_safety_campaign import CAMPAIGN, CAMPAIGN_TEXTS
from tracker.matching.cache import NO_CACHE, Cache
from tracker.matching.campaigns import read_campaign
from tracker.matching.matcher import Matcher
from tracker.matching.scanning import Scan
from tracker.matching.together import Together
from tracker.model import Campaign, Circle, Label, Term, TermEntry, TermKind

PARTS = (
    "Agim Sopi",
    "A. Sopi",
    "Sopi Agim",
    "ministri i lumit",
    "i lumit ministri",
    "Lumi Drin",
    "lumit të Drinit",
    "DRINI",
    "AMI",
    "A.M.I.",
    "AMI-t",
    "Agjencia e Mjedisit",
    "#LumiDrin",
    "lumi i madh i Drinit",
    "Агим Сопи",
    "tha dje",
    "në Shkodër.",
    "\n",
)


def term(id: str, kind: TermKind, *texts: str, slop: int = 0, order: str = "typed") -> Term:
    return Term(id, kind, tuple(TermEntry(text, "sq") for text in texts), slop, order=order)


def campaign(id: str, query: str, *terms: Term, labels: tuple[Label, ...] = ()) -> Campaign:
    return a_campaign(id=id, circles=(Circle("c", "C", "partners", query),), terms=terms, labels=labels, key_messages=())


PERSON = term("person", TermKind.NAME, "Agim Sopi")
RIVER = term("river", TermKind.PHRASE, "Lumi Drin", "Drini", slop=1)
AGENCY = term("agency", TermKind.ACRONYM, "AMI", "Agjencia e Mjedisit")
CAMPAIGNS = (
    campaign("one", "person or river", PERSON, RIVER, labels=(Label("l", '"ministri i lumit"'),)),
    campaign("same", "person or river", PERSON, RIVER, labels=(Label("l", '"ministri i lumit"'),)),
    campaign("turned", "river and person", RIVER, PERSON, AGENCY),
    campaign("other-entries", "person or river", term("person", TermKind.NAME, "Agim Sopi", "Sopi"), term("river", TermKind.WORD, "lumi")),
    campaign("other-slop", "river", term("river", TermKind.PHRASE, "Lumi Drin", "Drini", slop=4)),
    campaign("any-order", "river", term("river", TermKind.PHRASE, "ministri lumi", order="any")),
    campaign("other-name", "p2 and not agency", term("p2", TermKind.NAME, "Agim Sopi"), AGENCY),
)
ALONE = [Matcher(one) for one in CAMPAIGNS]
TOGETHER = Together(CAMPAIGNS, NO_CACHE)


def read_anew() -> Together:
    """Of campaigns that were compiled and kept before."""
    with TemporaryDirectory() as folder:
        cache = Cache(Path(folder) / "cache")
        Together(CAMPAIGNS, cache)
        return Together(CAMPAIGNS, cache)


READ_ANEW = read_anew()
T = TypeVar("T")


class CountingCache(Cache):
    """Counts what is asked for, and how often it had to be made."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked = self.made = 0

    def value(self, source: bytes, kind: type[T], make: Callable[[], T]) -> T:
        def counted() -> T:
            self.made += 1
            return make()

        self.asked += 1
        return super().value(source, kind, counted)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PARTS), max_size=14), st.lists(st.sampled_from(PARTS), max_size=3))
def test_each_finds_what_it_finds_alone(body: list[str], title: list[str]) -> None:
    text = {"body": " ".join(body), "title": " ".join(title), "language": "sq"}
    alone = [matcher.match(**text) for matcher in ALONE]
    scan = Scan(f"{text['title']}\n{text['body']}")
    screened = tuple(matcher.campaign.id for matcher in ALONE if matcher.screen(scan))
    for together in (TOGETHER, READ_ANEW):
        assert [matcher.match(**text) for matcher in together.matchers] == alone
        assert together.screen(scan) == screened


@pytest.fixture
def cache(tmp_path: Path) -> CountingCache:
    return CountingCache(tmp_path / "cache")


def test_what_campaigns_share_is_kept_once_and_read_as_one(cache: CountingCache) -> None:
    different = len(CAMPAIGNS) - 1  # "same" has nothing of its own
    Together(CAMPAIGNS, cache)
    assert (cache.asked, cache.made) == (1 + different, 1 + different)
    again = Together(CAMPAIGNS, cache)
    assert (cache.asked, cache.made) == (2 + different, 1 + different)
    one, same, turned = again.matchers[:3]
    assert {id(entry) for entry in one.vocabulary.entries} == {id(entry) for entry in same.vocabulary.entries}
    assert {id(entry) for entry in one.vocabulary.entries if entry.term_id} < {id(entry) for entry in turned.vocabulary.entries}


def test_where_one_campaign_changed_it_alone_is_compiled(cache: CountingCache) -> None:
    Together(CAMPAIGNS, cache)
    before = cache.made
    changed = replace(CAMPAIGNS[2], terms=(*CAMPAIGNS[2].terms, term("new", TermKind.WORD, "ura")))
    together = Together([*CAMPAIGNS[:2], changed, *CAMPAIGNS[3:]], cache)
    assert cache.made == before + 2, "the changed campaign, and all together"
    assert [one.text for one in together.matchers[2].vocabulary.entries] == [one.text for one in Matcher(changed).vocabulary.entries]


def test_the_shipped_campaign_beside_one_like_it_finds_the_same() -> None:
    shipped = read_campaign(CAMPAIGN)
    own = term("own", TermKind.NAME, "Altin Hazizaj", "Sofija Todorović")
    like_it = replace(shipped, id="like-it", terms=(own, *shipped.terms[1:], shipped.terms[0]))
    together, alone = Together([shipped, like_it], NO_CACHE).matchers, [Matcher(shipped), Matcher(like_it)]
    found = 0
    for text in CAMPAIGN_TEXTS:
        results = [matcher.match(body=str(text)) for matcher in alone]
        assert [matcher.match(body=str(text)) for matcher in together] == results
        found += results[0].matched
    assert found


def test_one_campaign_together_with_none_is_that_campaign() -> None:
    (matcher,) = Together(CAMPAIGNS[:1], NO_CACHE).matchers
    assert matcher.match(body="Agim Sopi tha") == ALONE[0].match(body="Agim Sopi tha")
