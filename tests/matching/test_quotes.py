"""Who is quoted, in passages as the region's press writes them. All names and texts are invented."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import a_campaign
from tests.linear import grows_linearly
from tracker.matching.matcher import Matcher
from tracker.matching.quotes import find_quotes
from tracker.model import Quote, Spokesperson, Term, TermEntry, TermKind
from tracker.text.quotation_marks import quoted_spans

DUSHKU = Spokesperson(
    "Arben Dushku",
    ("dushku",),
    "Executive Director, Lumi Foundation",
    (
        ("sq", "drejtor ekzekutiv, Fondacioni Lumi"),
        ("sr-Latn", "izvršni direktor, Fondacija Lumi"),
        ("mk", "извршен директор, Фондација Луми"),
    ),
)
NOWIK = Spokesperson(
    "Katarzyna Nowik",
    ("nowik", "nowik_surname"),
    "Public Policy Manager, Okolo",
    (("sr-Latn", "menadžerka za javne politike, Okolo"),),
)


def _term(identity: str, *texts: str, kind: TermKind = TermKind.NAME) -> Term:
    return Term(identity, kind, tuple(TermEntry(text) for text in texts))


@cache
def matcher() -> Matcher:
    terms = (
        _term("dushku", "Arben Dushku"),
        _term("dushku_surname", "Dushku"),
        _term("nowik", "Katarzyna Nowik", "Katažina Novik"),
        _term("nowik_surname", "Nowik", "Novik"),
        _term("campaign", "Agjenda e Sigurisë Digjitale në Rajon", "Agenda digitalne bezbednosti za region", kind=TermKind.PHRASE),
    )
    return Matcher(a_campaign(terms=terms, spokespeople=(DUSHKU, NOWIK), circles=a_campaign().circles))


def quotes(text: str) -> tuple[Quote, ...]:
    hits, _ = matcher().look(body=text)
    return find_quotes(text, [hit for hit in hits if hit.term_id != "dushku_surname"], (DUSHKU, NOWIK))


def said(text: str) -> list[tuple[str, str]]:
    return [(quote.speaker.split()[-1], quote.text) for quote in quotes(text)]


SPOKEN = {
    # Albanian
    "sq: verb behind": '"Fëmijët duhet të jenë të sigurt në internet", tha Arben Dushku në Tiranë.',
    "sq: office between": '"Fëmijët duhet të jenë të sigurt në internet", tha drejtori ekzekutiv i Fondacionit Lumi, Arben Dushku.',
    "sq: reflexive": "“Fëmijët duhet të jenë të sigurt në internet”, u shpreh Arben Dushku, drejtor ekzekutiv.",
    "sq: perfect": "„Fëmijët duhet të jenë të sigurt në internet“, ka deklaruar Arben Dushku për mediat.",
    "sq: colon": "Arben Dushku tha: «Fëmijët duhet të jenë të sigurt në internet».",
    "sq: colon without a verb": "Arben Dushku, drejtor ekzekutiv: “Fëmijët duhet të jenë të sigurt në internet.”",
    "sq: that-clause": "Arben Dushku theksoi se “fëmijët duhet të jenë të sigurt në internet” dhe u largua.",
    "sq: according to": "Sipas Arben Dushkut, “fëmijët duhet të jenë të sigurt në internet”.",
    "sq: pronoun": "Takimin e hapi Arben Dushku. “Fëmijët duhet të jenë të sigurt në internet”, tha ai.",
    "sq: surname once the name was said": "Arben Dushku mori pjesë në takim. Salla ishte plot. “Fëmijët duhet të jenë të sigurt në internet”, shtoi Dushku.",
    "sq: dash": "– Fëmijët duhet të jenë të sigurt në internet, – tha Arben Dushku.",
    "sq: elision": "“S'ka dyshim se fëmijët duhet t'i mbrojmë në internet”, tha Arben Dushku.",
    # Serbian, both scripts
    "sr: verb behind": "„Deca moraju da budu bezbedna na internetu“, rekao je Arben Dushku u Tirani.",
    "sr: office between": "„Deca moraju da budu bezbedna na internetu“, izjavio je izvršni direktor Fondacije Lumi Arben Dushku.",
    "sr: present": "„Deca moraju da budu bezbedna na internetu“, kaže za naš portal Arben Dushku.",
    "sr: colon": "Arben Dushku je poručio: „Deca moraju da budu bezbedna na internetu.“",
    "sr: straight marks": '"Deca moraju da budu bezbedna na internetu", istakao je Arben Dushku.',
    "sr: guillemets": "»Deca moraju da budu bezbedna na internetu«, naglasio je Arben Dushku.",
    "sr: dash": "– Deca moraju da budu bezbedna na internetu – rekao je Arben Dushku.",
    "sr: long dash": "— Deca moraju da budu bezbedna na internetu — kaže Arben Dushku.",
    "sr: dash and comma": "- Deca moraju da budu bezbedna na internetu, rekao je Arben Dushku.",
    "sr: by the words of": "Prema rečima Arbena Dushkua, „deca moraju da budu bezbedna na internetu“.",
    "sr: adds": "Skup je otvorio Arben Dushku. „Deca moraju da budu bezbedna na internetu“, dodao je.",
    "sr: foreign first": "„Deca moraju da budu bezbedna na internetu“, rekla je Katarzyna Nowik, menadžerka za javne politike.",
    "sr-Cyrl: verb behind": "„Деца морају да буду безбедна на интернету“, рекао је Арбен Душку у Тирани.",
    "sr-Cyrl: colon": "Арбен Душку је изјавио: „Деца морају да буду безбедна на интернету.“",
    "sr-Cyrl: dash": "– Деца морају да буду безбедна на интернету – рекао је Арбен Душку.",
    "sr-Cyrl: foreign": "„Деца морају да буду безбедна на интернету“, навела је Катажина Новик.",
    # Bosnian, Croatian, Montenegrin
    "bs: verb behind": "„Djeca moraju biti sigurna na internetu“, kazao je Arben Dushku u Sarajevu.",
    "bs: mid-sentence": "Arben Dushku je rekao da „djeca moraju biti sigurna na internetu“ i pozvao roditelje na razgovor.",
    "bs: doubled marks": ",,Djeca moraju biti sigurna na internetu'', rekao je Arben Dushku.",
    "hr: verb behind": "»Djeca moraju biti sigurna na internetu«, poručio je Arben Dushku.",
    "hr: noted": "“Djeca moraju biti sigurna na internetu”, napomenuo je i zaključio Arben Dushku.",
    "hr: according": "“Djeca moraju biti sigurna na internetu”, prema riječima Arbena Dushkua.",
    "hr: priopćila": "„Djeca moraju biti sigurna na internetu”, priopćila je Katarzyna Nowik.",
    "cnr: verb behind": "„Djeca moraju da budu bezbjedna na internetu“, saopštio je Arben Dushku.",
    "cnr: colon": "Izvršni direktor Arben Dushku kazao je: „Djeca moraju da budu bezbjedna na internetu“.",
    "cnr: dash": "- Djeca moraju da budu bezbjedna na internetu - kazao je Arben Dushku.",
    # Macedonian
    "mk: verb behind": "„Децата мора да бидат безбедни на интернет“, рече Арбен Душку во Охрид.",
    "mk: declared": "„Децата мора да бидат безбедни на интернет“, изјави извршниот директор на Фондацијата Луми Арбен Душку.",
    "mk: colon": "Арбен Душку нагласи: „Децата мора да бидат безбедни на интернет“.",
    "mk: according": "Според Арбен Душку, „децата мора да бидат безбедни на интернет“.",
    "mk: dash": "– Децата мора да бидат безбедни на интернет – вели Арбен Душку.",
    "mk: foreign": "„Децата мора да бидат безбедни на интернет“, додаде Катажина Новик.",
    # English
    "en: said behind": "“Children have to be safe on the internet,” said Arben Dushku in Tirana.",
    "en: name first": "“Children have to be safe on the internet,” Arben Dushku said.",
    "en: office": "“Children have to be safe on the internet,” said the executive director of the Lumi Foundation, Arben Dushku.",
    "en: before": "Arben Dushku told reporters: “Children have to be safe on the internet.”",
    "en: straight": '"Children have to be safe on the internet," Arben Dushku told the audience.',
    "en: single": "'Children have to be safe on the internet, don't they,' said Arben Dushku.",
    "en: according to": "“Children have to be safe on the internet”, according to Arben Dushku.",
    "en: adds": "Arben Dushku opened the meeting. “Children have to be safe on the internet,” he added.",
    "en: pronoun and a place": "Arben Dushku opened the meeting. It was full. “Children have to be safe on the internet,” he told the first session.",
    "sr: pronoun and a place": "Skup je otvorio Arben Dushku. „Deca moraju da budu bezbedna na internetu“, rekao je on okupljenim nastavnicima.",
    "sq: no blank behind the full stop": "Takimin e hapi Arben Dushku.“Fëmijët duhet të jenë të sigurt në internet”, tha Dushku.Pastaj u largua.",
    "sq: a closing mark that opens": "Arben Dushku tha:”Fëmijët duhet të jenë të sigurt në internet”.",
    "sr: a blank inside the marks": "„ Deca moraju da budu bezbedna na internetu “, rekao je Arben Dushku.",
    "en: question": "“Who keeps our children safe on the internet?” asked Arben Dushku.",
    # the office in place of the name
    "sq: by office": '"Fëmijët duhet të jenë të sigurt në internet", tha drejtori ekzekutiv i Fondacionit Lumi.',
    "sr: by office": "„Deca moraju da budu bezbedna na internetu“, izjavio je izvršni direktor Fondacije Lumi.",
    "mk: by office": "„Децата мора да бидат безбедни на интернет“, изјави извршниот директор на Фондацијата Луми.",
    "en: by office": "“Children have to be safe on the internet,” said the executive director of the Lumi Foundation.",
    # nested marks
    "nested, German and English": "„Deca kažu da je ‚mreža igra‘ i moraju da budu bezbedna“, rekao je Arben Dushku.",
    "nested, the same marks": "„Deca kažu da je „mreža igra“ i moraju da budu bezbedna“, rekao je Arben Dushku.",
    "nested, straight": '„Deca kažu da je "mreža igra" i moraju da budu bezbedna“, rekao je Arben Dushku.',
    # headlines
    "headline": "Dushku: „Deca moraju da budu bezbedna na internetu“\nSkup je otvorio Arben Dushku.",
}


@pytest.mark.parametrize("name", SPOKEN)
def test_a_spokesperson_is_found_to_be_quoted(name: str) -> None:
    found = quotes(SPOKEN[name])
    assert len(found) == 1, found
    assert found[0].speaker == ("Katarzyna Nowik" if "foreign" in name or "priopćila" in name else "Arben Dushku")
    assert SPOKEN[name][found[0].start : found[0].end].strip() == found[0].text
    assert found[0].text[0] not in "„“”\"'«»–—-"
    assert found[0].text[-1] not in "„“”\"'«»–—-"


NOT_SPOKEN = {
    "sq: scare quotes": 'Arben Dushku tha se "siguria digjitale" është punë e të gjithëve.',
    "sr: scare quotes": "Arben Dushku je rekao da „lajkovi“ i „ekrani“ nisu cela priča.",
    "en: irony": "Arben Dushku said the “friends” of children are often strangers.",
    "mk: scare quotes": "Арбен Душку рече дека „дигиталната писменост“ е за сите.",
    "sq: the campaign's name": 'Arben Dushku tha në hapjen e fushatës "Agjenda e Sigurisë Digjitale në Rajon" se mësuesit duan ndihmë.',
    "sr: the campaign's name": "„Agenda digitalne bezbednosti za region“, rekao je Arben Dushku, traje godinu dana.",
    "sr: a film": "O tome govori film „Deca koja žive na internetu“, rekao je Arben Dushku.",
    "en: a book": "Arben Dushku said he had read the book “Children who live on the internet” twice.",
    "sq: a title": 'Në panelin "Si t\'i mbrojmë fëmijët në internet" foli dhe tha fjalën e tij Arben Dushku.',
    "mk: a title": "На панелот „Како да ги заштитиме децата на интернет“ зборуваше и рече збор-два Арбен Душку.",
    "en: a title in capitals": "Arben Dushku said that “Safer Children Online: Regional Report Series” was out.",
    "sq: another speaks": '"Fëmijët duhet të jenë të sigurt në internet", tha ministrja Elona Guri pas takimit me Arben Dushkun.',
    "sr: another speaks": "„Deca moraju da budu bezbedna na internetu“, rekla je ministarka Ana Perić nakon susreta sa Arbenom Dushkuom.",
    "sr: another speaks, surname alone": "Skupu je prisustvovao Arben Dushku. „Deca moraju da budu bezbedna na internetu“, rekla je Perić.",
    "mk: another speaks": "„Децата мора да бидат безбедни на интернет“, рече министерката Ана Петрова по средбата со Арбен Душку.",
    "en: another speaks": "“Children have to be safe on the internet,” said minister Ana Peric after meeting Arben Dushku.",
    "en: another speaks of him": "“Children have to be safe on the internet,” Ana Peric told Arben Dushku.",
    "sr: a mother speaks": "Arben Dushku je razgovarao sa roditeljima. „Moja deca nisu bezbedna na internetu“, rekla je jedna majka.",
    "sq: a mother speaks": "Arben Dushku u takua me prindër. “Fëmijët e mi nuk janë të sigurt në internet”, tha një nënë.",
    "sr: relative clause": "Arben Dushku je razgovarao sa ministarkom Anom Perić, koja je rekla: „Deca moraju da budu bezbedna na internetu.“",
    "sq: relative clause": "Arben Dushku përshëndeti ministren Elona Guri, e cila tha: “Fëmijët duhet të jenë të sigurt në internet.”",
    "sr: said to him": "„Deca moraju da budu bezbedna na internetu“, poručila je Arbenu Dushkuu ministarka.",
    "sr: only present": "„Deca moraju da budu bezbedna na internetu“, pisalo je na panou. U sali je bio Arben Dushku.",
    "en: a slogan": "Arben Dushku spoke under the slogan “Children have to be safe on the internet” for an hour.",
    "sr: nothing closes": "Arben Dushku je rekao: „Deca moraju da budu bezbedna na internetu i to je sve.",
    "sq: nothing opens": "Fëmijët duhet të jenë të sigurt në internet”, tha Arben Dushku.",
    "en: without marks": "Children have to be safe on the internet, said Arben Dushku.",
    "sr: headline without marks": "Dushku: Deca moraju da budu bezbedna na internetu\nSkup je otvorio Arben Dushku.",
    "sr: a list": "- Deca moraju da budu bezbedna na internetu\n- Roditelji uče\nArben Dushku je to rekao.",
    "sr: the next sentence is his": "„Deca moraju da budu bezbedna na internetu.“ Arben Dushku je rekao da se slaže.",
    "en: she is somebody else": "Arben Dushku met minister Ana Peric. “Children have to be safe on the internet,” she told reporters.",
    "sq: he is somebody else": "Arben Dushku foli i pari. Pas tij foli Genti Kola. “Fëmijët duhet të jenë të sigurt në internet”, tha ai.",
    "sq: he speaks of him": "Foli Genti Kola. “Fëmijët duhet të jenë të sigurt në internet”, ka thënë ai, duke iu referuar drejtorit Arben Dushku.",
    "sq: somebody of the same surname": "Foli Arben Dushku. “Fëmijët duhet të jenë të sigurt në internet”, tha më pas Gent Dushku.",
    "sr: somebody of the same surname": "Govorio je Arben Dushku. „Deca moraju da budu bezbedna na internetu“, rekla je Mira Dushku.",
    "mk: agency speaks": "„Децата мора да бидат безбедни на интернет“, соопшти Агенцијата. Арбен Душку не беше таму.",
}


@pytest.mark.parametrize("name", NOT_SPOKEN)
def test_what_a_spokesperson_did_not_say_is_not_found(name: str) -> None:
    assert said(NOT_SPOKEN[name]) == []


def test_two_speakers_of_one_text_have_their_own_words() -> None:
    text = (
        "„Deca moraju da budu bezbedna na internetu“, rekao je Arben Dushku. "
        "„Platforma uči i zajedno sa roditeljima“, kazala je Katarzyna Nowik.\n"
        "„Nastavnici traže još više pomoći“, rekla je Ana Perić."
    )
    assert said(text) == [
        ("Dushku", "Deca moraju da budu bezbedna na internetu"),
        ("Nowik", "Platforma uči i zajedno sa roditeljima"),
    ]


def test_a_speech_goes_on_behind_its_speaker() -> None:
    text = "“Children have to be safe on the internet,” said Arben Dushku. “Parents have to learn with them.”\n“Schools need help now,” he added."
    assert [words for _, words in said(text)] == [
        "Children have to be safe on the internet,",
        "Parents have to learn with them.",
        "Schools need help now,",
    ]


@given(st.text(alphabet="„“”\"'«»‚‘’–- \nabč.,:Ж", max_size=80))
def test_marks_of_any_sort_give_spans_in_order_that_lie_apart(text: str) -> None:
    spans = quoted_spans(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(span.start < span.first <= span.last <= span.end for span in spans)
    quotes(text)


HOSTILE = {
    "marks that open": "„",
    "marks that open words": " „a b c d",
    "pairs": "„a b c d e“ ",
    "speeches": "„Deca moraju da budu bezbedna“, rekao je Arben Dushku. ",
    "dashes": "– a b c, d\n",
    "names": "Arben Dushku ",
    "verbs": "rekao je: ",
    "apostrophes": "a'b 'c ",
    "one long sentence in marks": "a b, „c d e f g“, ",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_time_grows_with_the_text_and_not_faster(name: str) -> None:
    piece = HOSTILE[name]
    hits = matcher().look(body=piece * 3)[0]

    def repeated(text: str) -> None:
        step = len(piece)
        places = [replace(hit, start=hit.start + at, end=hit.end + at) for at in range(0, len(text), step * 3) for hit in hits]
        find_quotes(text, places, (DUSHKU, NOWIK))

    assert grows_linearly(repeated, lambda chars: piece * (chars // len(piece)), chars=200_000)
