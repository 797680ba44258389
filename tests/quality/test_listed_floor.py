"""Of headlines that name the campaign, planted at outlets that refuse us, how many a list of a second net puts before staff.

From the net's line to the matcher, as a night goes. The headlines are our own, in the languages and scripts of the region, inflected and
respelt as outlets write; what must not be found are headlines of the sample press whose authors meant them for no circle.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.demo.press.press import read_press
from tracker.matching.campaigns import read_campaign
from tracker.matching.matcher import Matcher
from tracker.model import Outlet
from tracker.nets.gdelt_list import read_list
from tracker.nets.listed import Fate, Known, decide, hosts_of
from tracker.urls.rulebook import rules_of

CAMPAIGN = Path(__file__).resolve().parents[2] / "campaigns" / "digital-safety.toml"
NOW = datetime(2024, 10, 18, 2, tzinfo=UTC)
FLOOR = 0.95
FALSE = 0.02
PLANTED = (
    "Nis Agjenda e Sigurisë Digjitale për Ballkanin Perëndimor: çfarë ndryshon për fëmijët",
    "Agjendës së Sigurisë Digjitale për Ballkanin Perëndimor i bashkohen gjashtë vende",
    "Altin Hazizaj: Fëmijët nuk mund të presin",
    "Altin Hazizajt iu përgjigj drejtoria e platformës",
    "CRCA/ECPAT Albania: Raporti i ri për rrezikun në rrjet",
    "Raporti i CRCA-së tregon rritje të rasteve",
    "Altin Hazizajn e priti ministrja në Tiranë",
    "Predstavljena Agenda digitalne bezbednosti za Zapadni Balkan",
    "Шта доноси Агенда дигиталне безбедности за Западни Балкан",
    "U Beogradu o Agendi digitalne bezbednosti za Zapadni Balkan",
    "Altin Hazizaj za naš list: Deca ne mogu da čekaju",
    "Алтин Хазизај: Деца не могу да чекају",
    "Sastanak sa Altinom Hazizajem u Novom Sadu",
    "Agenda digitalne sigurnosti za Zapadni Balkan stigla u Sarajevo",
    "Škole uvode Agendu digitalne sigurnosti za Zapadni Balkan",
    "Altin Hazizaj u Zenici: Roditelji su prvi filter",
    "Podgorica: Agenda digitalne bezbjednosti za Zapadni Balkan na stolu",
    "O Agendi digitalne bezbjednosti za Zapadni Balkan u Nikšiću",
    "Агендата за дигитална безбедност на Западен Балкан во Скопје",
    "Потпишана Агенда за дигитална безбедност за Западен Балкан",
    "Алтин Хазизај: Децата се прашуваат последни",
    "Digital Safety Agenda for the Western Balkans opens in Tirana",
    "ECPAT Albania warns of new risks",
    "Western Balkans Digital Safety Agenda: six countries sign",
)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(read_campaign(CAMPAIGN))


def found_of(headlines: list[str], matcher: Matcher) -> list[str]:
    """Those of the headlines that would stand before staff, each at a refusing outlet of its own host."""
    outlet = Outlet("shut", "Zatvoreni list", "https://shut.example/", "BA", ("bs",), moved_hosts=("old-shut.example",))
    rules = rules_of((outlet,))
    hosts = ("shut.example", "www.shut.example", "old-shut.example")
    lines = [
        json.dumps(
            {
                "date": f"{NOW - timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}",
                "url": f"https://{hosts[number % 3]}/vijesti/{number}-a-b-c-d",
                "title": f"{headline} | Zatvoreni list" if number % 2 else headline,
                "outletName": "Zatvoreni list",
            },
            ensure_ascii=bool(number % 4),
        )
        for number, headline in enumerate(headlines)
    ]
    known = Known({"shut": outlet}, rules, {"shut"}, NOW, NOW - timedelta(days=7))
    reading = read_list(gzip.compress("\n".join(lines).encode()), hosts_of((outlet,), rules))
    decided = [one for one in (decide(listing, known) for listing in reading.listings) if one.fate is Fate.LISTED]
    assert len(decided) == len(headlines)
    return [one.listing.title for one in decided if matcher.match(body=one.listing.sentence, title=one.listing.title).matched]


def test_planted_headlines_stand_before_staff(matcher: Matcher) -> None:
    found = found_of([*PLANTED], matcher)
    missed = sorted({*PLANTED} - {*found})
    assert len(found) / len(PLANTED) >= FLOOR, missed


def test_headlines_of_other_news_do_not(matcher: Matcher) -> None:
    others = [article.headline for article in read_press().articles if article.circle == "none"]
    assert len(others) > 100
    assert len(found_of(others, matcher)) / len(others) <= FALSE
