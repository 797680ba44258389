"""Items that published the campaign's own text."""

from __future__ import annotations

from tests.newsdesk import news_of
from tracker.model import PressRelease
from tracker.stories.releases import published_releases

RELEASE = PressRelease("Hapja në Tiranë", " ".join(news_of("njoftim për shtyp")))
OTHER = PressRelease("Punëtoria", " ".join(news_of("njoftimi i dytë")))


def test_an_item_that_is_largely_a_release_bears_its_title() -> None:
    paragraphs = news_of("njoftim për shtyp")
    whole = " ".join(paragraphs)
    own_lead = "Redaksia jonë ishte e pranishme në sallë dhe pa gjithçka me sytë e vet. " + " ".join(paragraphs[:4])
    quoted = " ".join(news_of("lajm tjetër")) + " " + paragraphs[0]
    found = published_releases([whole, own_lead, quoted, "", " ".join(news_of("njoftimi i dytë"))], [RELEASE, OTHER])
    assert found == [RELEASE.title, RELEASE.title, "", "", OTHER.title]


def test_a_release_is_known_in_the_other_script_and_without_accents() -> None:
    latin = "Učitelji i roditelji iz šest zemalja učiće zajedno kako da deca bezbedno koriste društvene mreže. " * 6
    release = PressRelease("Početak", latin)
    bare = latin.replace("č", "c").replace("š", "s").replace("ć", "c")
    words = [f"{word}{number}" for number, word in enumerate(latin.split())]
    assert published_releases([bare], [release]) == [""]  # one sentence over and over is too few shingles
    longer = PressRelease("Početak", " ".join(words))
    assert published_releases([" ".join(words).replace("č", "c").replace("š", "s")], [longer]) == ["Početak"]


def test_without_a_release_nothing_is_one() -> None:
    assert published_releases(["tekst"], []) == [""]
