"""What items took of the campaign's own texts: sentences, shares, quotes, languages, scripts, and what says nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.newsdesk import news_of
from tracker.locale.cyrillic import to_cyrillic
from tracker.model import PressRelease, TakeUp, Use
from tracker.stories.takeup import Reader, measure_take_up

QUOTE = "Lumenjtë tanë nuk janë kanale dhe ne do t'i mbrojmë të gjithë bashkë"
SQ = [
    "Gjashtë shoqata nisën sot në Lumas një nismë për mbrojtjen e lumenjve të vegjël të rajonit.",
    "Nisma parashikon matje të ujit çdo muaj dhe një hartë që mund ta shohë kushdo.",
    f"“{QUOTE}”, tha drejtuesja e shoqatës Bregu i Lumit në hapjen e takimit.",
    "Në takim morën pjesë mbi dyzet mësues, peshkatarë dhe banorë nga tri bashki.",
    "Takimi tjetër mbahet në pranverë, kur do të publikohen edhe matjet e para.",
]
SR = [
    "Šest udruženja pokrenulo je danas u Lumasu inicijativu za zaštitu malih reka u regionu.",
    "Inicijativa predviđa merenje vode svakog meseca i mapu koju može da pogleda svako.",
    "Na sastanku je učestvovalo više od četrdeset učitelja, ribara i stanovnika iz tri opštine.",
    "Sledeći sastanak je na proleće, kada će biti objavljena i prva merenja.",
]
SENT = date(2026, 3, 10)
RELEASE = PressRelease("Hapja", (("sq", "\n\n".join(SQ)), ("sr", " ".join(SR))), SENT)
OWN = ". ".join(news_of("lajm krejt tjetër për rrugën e fshatit")) + "."


def measured(text: str, language: str = "sq", on: date | None = SENT, *, release: PressRelease = RELEASE) -> TakeUp | None:
    return measure_take_up([Reader(text, language, on)], [release], ["Nisma për lumenjtë e vegjël të rajonit tonë"])[0]


def use(text: str, language: str = "sq", **given: object) -> Use | None:
    found = measured(text, language, **given)  # type: ignore[arg-type]
    return found.use if found else None


def test_a_release_printed_whole_is_told_with_its_shares_and_quotes() -> None:
    assert measured(" ".join(SQ)) == TakeUp(Use.PUBLISHED, "Hapja", 1.0, 1.0, (QUOTE,))


def test_shares_are_of_the_items_sentences_and_of_the_releases() -> None:
    own = "Redaksia jonë pyeti edhe kryetarin e bashkisë, i cili nuk pranoi të komentonte. Shifrat i kemi kërkuar me shkrim."
    found = measured(f"{SQ[0]} {SQ[1]} {own}")
    assert found == TakeUp(Use.PUBLISHED, "Hapja", 0.5, 0.4)
    found = measured(f"{SQ[0]} {SQ[1]} {own} {own.replace('Redaksia jonë', 'Gazeta').replace('Shifrat', 'Pyetjet')}")
    assert found
    assert (found.use, found.of_item, found.of_release) == (Use.PARTS, 0.3333, 0.4)


def test_a_sentence_with_a_word_changed_is_still_the_releases() -> None:
    edited = [sentence.replace("sot në Lumas", "të martën në Lumas").replace("mbi dyzet", "rreth dyzet") for sentence in SQ]
    found = measured(" ".join(edited))
    assert found
    assert (found.use, found.of_item) == (Use.PUBLISHED, 1.0)


def test_a_quote_alone_is_a_part_whatever_marks_stand_around_it() -> None:
    for opening, closing in (("«", "»"), ("„", "“"), ('"', '"'), ("", "")):
        found = measured(f"{OWN} Drejtuesja ka një mesazh të qartë: {opening}{QUOTE}{closing}.")
        assert found
        assert (found.use, found.quotes) == (Use.PARTS, (QUOTE,))


def test_a_brief_of_a_sentence_or_two_used_parts_and_published_nothing() -> None:
    assert use(f"{SQ[0]} Më shumë hollësi pritet të bëhen të ditura gjatë ditës së nesërme.") is Use.PARTS
    assert use(f"{SQ[4]} Më shumë hollësi pritet të bëhen të ditura gjatë ditës së nesërme.") is Use.PARTS


def test_own_reporting_is_own_and_takes_nothing() -> None:
    assert measured(OWN) == TakeUp(Use.OWN, "Hapja")


def test_names_and_short_sentences_that_all_use_make_no_release() -> None:
    """The campaign's long name would be half of many a sentence."""
    named = (
        "Flitet për «Nisma për lumenjtë e vegjël të rajonit tonë». Mbrëmë u fol sërish për «Nisma për lumenjtë e vegjël të rajonit tonë»."
    )
    release = PressRelease("x", (("sq", f"Sot nis «Nisma për lumenjtë e vegjël të rajonit tonë». {' '.join(SQ)}"),))
    assert use(f"{named} {OWN}", release=release) is Use.OWN
    assert use(f"{OWN} Takimi tjetër mbahet në pranverë.") is Use.OWN


@pytest.mark.parametrize("language", ["sr", "bs", "hr", "cnr"])
def test_the_other_script_and_missing_accents_are_the_same_text(language: str) -> None:
    text = " ".join(SR)
    bare = text.translate(str.maketrans("šđčćžŠ", "sdccžS"))
    for written in (text, to_cyrillic(text), bare):
        assert measured(written, language) == TakeUp(Use.PUBLISHED, "Hapja", 1.0, 1.0)


@pytest.mark.parametrize("language", ["mk", "en", "", "bg", "de"])
def test_a_language_without_a_text_is_not_measured_and_never_nothing(language: str) -> None:
    assert measured(OWN, language) == TakeUp(Use.NOT_MEASURED, "Hapja")


@pytest.mark.parametrize("text", ["", "Nisma për lumenjtë", "Një titull.", "\n\n", "???"])
def test_an_item_without_a_text_is_not_measured(text: str) -> None:
    assert use(text) is Use.NOT_MEASURED


def test_a_text_whose_language_nobody_said_is_found_and_else_not_measured() -> None:
    release = PressRelease("Hapja", (("", " ".join(SQ)),))
    assert use(" ".join(SQ), "sq", release=release) is Use.PUBLISHED
    assert use(OWN, "sq", release=release) is Use.NOT_MEASURED


def test_items_before_a_release_and_long_after_it_say_nothing_of_it() -> None:
    assert measured(" ".join(SQ), on=date(2026, 3, 8)) is None
    assert use(" ".join(SQ), on=date(2026, 3, 9)) is Use.PUBLISHED
    assert use(OWN, on=date(2026, 4, 9)) is Use.OWN
    assert measured(OWN, on=date(2026, 4, 10)) is None
    assert measured(OWN, "mk", on=date(2026, 4, 10)) is None
    assert use(" ".join(SQ), on=date(2026, 8, 1)) is Use.PUBLISHED
    assert use(OWN, on=None) is Use.OWN


def test_of_several_releases_the_one_is_named_of_which_most_was_taken() -> None:
    other = PressRelease("Punëtoria", (("sq", ". ".join(news_of("njoftimi i dytë")) + "."),))
    for text, title in ((SQ, "Hapja"), (news_of("njoftimi i dytë"), "Punëtoria")):
        (found,) = measure_take_up([Reader(". ".join(text), "sq")], [RELEASE, other])
        assert found
        assert (found.use, found.release) == (Use.PUBLISHED, title)


def test_without_a_release_nothing_is_measured() -> None:
    assert measure_take_up([Reader("tekst", "sq")], []) == [None]


@given(st.lists(st.sampled_from([*SQ, *OWN.split(". ")]), max_size=12), st.sampled_from(["sq", "sr", "mk", ""]))
def test_shares_are_shares_and_more_of_the_release_is_never_less_of_it(sentences: list[str], language: str) -> None:
    text = ". ".join(sentences)
    found, more = measured(text, language), measured(f"{text}. {' '.join(SQ)}", language)
    assert found
    assert more
    for one in (found, more):
        assert 0 <= one.of_item <= 1
        assert 0 <= one.of_release <= 1
        assert (one.of_item > 0) <= (one.use in (Use.PUBLISHED, Use.PARTS))
    assert more.of_release >= found.of_release
