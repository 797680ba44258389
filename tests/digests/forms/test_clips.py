"""One item as a clip card says it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.builders import NOW, a_hit, a_mention, a_verdict, an_article, an_outlet
from tracker.digests.figures import count_figures
from tracker.digests.forms.clips import Clip, ClipReader
from tracker.digests.ranking import prominence
from tracker.locale.wording import wording
from tracker.model import Digest, EditionFacts, Entry, Medium, Prominence, Selection, Window

DIGEST = Digest("rivers", "1", "weekly", "partners", Window(NOW, NOW), NOW, Selection(), EditionFacts(time_zone="Europe/Tirane"))


def an_entry(language: str = "sq", headline_en: str = "", **fields: object) -> Entry:
    verdict = a_verdict(headline_en=headline_en)
    return replace(Entry(a_mention(), an_article(language=language), an_outlet(), "", verdict), **fields)  # type: ignore[arg-type]


def clip_of(entry: Entry, language: str = "en") -> Clip:
    return ClipReader(DIGEST, wording(language)).one(entry)


@pytest.mark.parametrize(
    ("article", "reader", "is_shown"),
    [
        ("sq", "en", True),
        ("sr", "sq", True),
        ("mk", "sr-Cyrl", True),
        ("sq", "sq", False),
        ("bs", "sr-Cyrl", False),
        ("sr", "hr", False),
        ("en", "en", False),
        ("en", "mk", False),
    ],
)
def test_the_reviewers_english_headline_is_for_readers_in_whose_language_the_item_is_not(article: str, reader: str, is_shown: bool) -> None:
    assert clip_of(an_entry(article, "Rivers rise"), reader).translation == ("Rivers rise" if is_shown else "")


@pytest.mark.parametrize(
    ("known_as", "printed"),
    [
        ("https://zeri.example/lajme/1?utm_campaign=rss&fbclid=IwAR0sample", "https://zeri.example/lajme/1"),
        ("https://zeri.example/a.php?id=7&utm_source=rss#komente", "https://zeri.example/a.php?id=7#komente"),
        ("https://zeri.example/a.php?id=7&faqe=2", "https://zeri.example/a.php?id=7&faqe=2"),
    ],
)
def test_readers_get_an_address_without_what_a_feed_adds_to_count_its_readers(known_as: str, printed: str) -> None:
    assert clip_of(an_entry(article=replace(an_article(), canonical_url=known_as))).link == printed


@pytest.mark.parametrize("typed", ["“Rivers rise”", '"Rivers rise"', "Rivers rise"])
def test_a_translation_is_quoted_once(typed: str) -> None:
    assert clip_of(an_entry(headline_en=typed)).translation == "Rivers rise"


def test_an_item_of_a_video_channel_is_counted_as_television() -> None:
    entry = an_entry(found_by="channel")
    assert entry.medium is Medium.TELEVISION
    assert clip_of(entry).medium == wording("en").say("medium_television")
    assert count_figures(Selection(counted=(entry, an_entry()))).by_medium == (("television", 1), ("online", 1))


@pytest.mark.parametrize(
    ("hits", "where"),
    [
        ((a_hit(),), Prominence.HEADLINE),
        ((a_hit(field="body", start=10, end=14),), Prominence.LEAD),
        ((a_hit(field="body", start=900, end=904),), Prominence.PASSING),
        ((a_hit(field="body", start=900, end=904), a_hit(field="body", start=950, end=954)), Prominence.TEXT),
        ((), None),
    ],
)
def test_where_an_item_names_the_campaign_follows_from_the_words_found(hits: tuple[object, ...], where: Prominence | None) -> None:
    entry = an_entry(mention=replace(a_mention(), hits=hits))
    assert prominence(entry) is where
    said = replace(entry, verdict=a_verdict(prominence="lead"))
    assert prominence(said) is Prominence.LEAD
