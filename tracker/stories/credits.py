"""Whom a text names as its source: agency tags, bylines, "source:" lines and phrases such as "prenosi", "raporton", "пренесува".

Two strengths are told apart. A tag, a byline or a "source:" line says it of the whole text. A phrase may speak of one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from tracker.stories.newsrooms import Newsrooms, Word, words_of
from tracker.text.folding import fold

HEAD_CHARS = 160
"""A dateline: the place, the day and the agency before the first sentence."""
TAIL_LINES = 4
TAIL_CHARS = 320
"""Of the end: a tag, a source line, and the initials of who typed it."""
MOST_CHARS = 60_000
"""Of a text that are looked through for phrases, from both ends; 50 times the usual article."""
NAME_WITHIN = 4
"""Words between a phrase and the name it speaks of: "prenosi novinska agencija Tanjug"."""
MOST_SHOWN_CHARS = 40

_TELLING = frozenset(
    "prenosi prenose prenijela prenijeli prenio prenela preneli preneo prenelo prenijelo prenosimo javlja javljaju javio javila javili javljeno pise pisu pisao "
    "objavio objavila objavili objavilo objavljuje objavljeno navodi navode navela naveo saznaje saznali doznaje izvjestava izvestava "
    "izvjestavaju izvestavaju izvijestio izvijestila izvestio izvestila prenesuva prenesuvaat prenese javuva javuvaat javi pisuva pisuvaat "
    "objavi objavuva izvestuva izvestuvaat doznava raporton raportojne raportoi raportuar shkruan shkruajne shkroi njofton njoftoi "
    "transmeton transmetoi percjell percolli citon citojne publikoi meson reports reported writes according citing via "
    "preuzeto prevzemeno marre sipas spored pisanju pisanje navodima izvjestaju izvestaju".split()
)
_BEFORE_NAME = frozenset("za per vo nga od sa iz by to from dhene".split())
"""Prepositions that lead to a name only where a word of speech or of taking stands near."""
_NEWS_AGENCY = frozenset(("news", "agency"))
_SPEECH = frozenset(
    "izjavio izjavila izjavili izjavilo rekao rekla rekli receno kazao kazala kazali kazano kaze porucio porucila potvrdio potvrdila objasnio objasnila otkrio "
    "otkrila saopstio saopstila saopsteno saopceno priopceno izjavi izjava izjavu izjavata izjavija izjavuva kaza kazaa kazuva rece rekoa veli potvrdi objasni "
    "tha thane thote thene deklaroi deklaron deklaruan deklarate shprehet shprehur konfirmoi rrefeu intervju interviste intervistë tekst "
    "told tells said says spoke speaking statement interview preuzeto preuzet prevzemeno marre originally first published appeared reported prema pisanju navodima "
    "prenese raportuar publikuar objavljeno objaveno dhene deklaruar".split()
)
_OF_AGENCY = frozenset(
    "agencija agencije agenciju agenciji agencijata agjencia agjencise agjencine agency portal portali portalu portalot portalin novinska".split()
)
_PLACES = frozenset("u na o po pri vo kod".split())
"""Prepositions after which a form in -u or -i says where somebody is, not whom somebody told."""
_SAID_NEAR = 4
"""Words between a word of speech and whom it was said to: "za Tanjug je u petak izjavio"."""
_LABELS = re.compile(
    r"(?:^|[\s(\[/|.])(?P<label>izvor(?:i|ot)?|burim(?:i|et)?|извор(?:и|от)?|sources?|autor(?:i|ka)?|аутор|автор|preuzeto|преузето|преземено|"
    r"pripremi(?:o|la)|priredi(?:o|la)|marrë|via|credit|first published|originally (?:published|appeared))\s*(?P<sep>[:/–-]|\s)\s*"
    r"(?:(?P<from>sa|od|nga|iz|со|од|са|by|on|in):?\s+)?(?P<name>[^\n]{2,60})",
    re.I,
)
_SOURCE_LABEL = re.compile("izvor|burim|source|preuzeto|prevzemeno")
_PICTURE = re.compile(r"(?:foto|photo|fotografij\w*|фото|фотографиј\w*|video|видео|slika|pamje|ilustracija|image|picture)\W{0,4}$", re.I)
_TAG = re.compile(r"[(\[/](?P<name>[^()\[\]/\n]{2,60}(?:/[^()\[\]/\n]{2,30})?)[)\]/]")
_AFTER_DATELINE = re.compile(r"\s*(?:[-–—:,.]|$)", re.M)
_UNKNOWN = re.compile(r"\s*(?P<name>[^\W\d_a-zа-я][\w.’'-]+(?:\s+[^\W\d_a-zа-я][\w.’'-]+){0,3})\s*(?:[/|,.;)]|$)")
_OF_PICTURE = re.compile(r"\s*(?:foto|photo|фото|video|видео)", re.I)
_SENTENCE_END = re.compile(r"[.!?”“\"»)]\s*[-–—/]?\s*$")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_PLAIN_WORD = re.compile(r"\w+")
_CLOSING = re.compile(r"[\W_]*$")


class Credit(Struct, frozen=True):
    """A newsroom that a text names as its source: its key in `Newsrooms`, or its name as printed where nobody knows it. `whole`: of the
    whole text, as a tag or a byline says it."""

    key: str
    whole: bool


class Sources(Struct, frozen=True):
    """What a text says of where it is from. `credits`: each newsroom once, those of the whole text first. `signed`: it bears the tag or the
    dateline of its own newsroom."""

    credits: tuple[Credit, ...] = ()
    signed: bool = False


def sources_of(body: str, own: str, newsrooms: Newsrooms, authors: Sequence[str] = ()) -> Sources:
    """What the text says of where it is from. `own` is its newsroom: naming that is no credit."""
    found: dict[str, bool] = {}
    for key in _whole(body, newsrooms, authors):
        found[key] = True
    for key in _phrases(body, newsrooms):
        found.setdefault(key, False)
    others = {key: whole for key, whole in found.items() if not newsrooms.may_be(key, own)}
    credits = tuple(Credit(key, whole) for key, whole in sorted(others.items(), key=lambda item: not item[1]))
    return Sources(credits, any(whole and key not in others for key, whole in found.items()))


def _whole(body: str, newsrooms: Newsrooms, authors: Sequence[str]) -> Iterator[str]:
    for author in authors:
        yield from _named(author[:200], newsrooms, most_words=6)
    lines = [line.strip() for line in (*body[:2000].split("\n"),) if line.strip()]
    ends = [line.strip() for line in body[-2000:].split("\n") if line.strip()][-TAIL_LINES:]
    if lines:
        yield from _dateline(lines[0], newsrooms)
    for line in dict.fromkeys((*lines[:2], *ends)):
        if len(line) <= 60 and not _PICTURE.search(line.split(":")[0]):
            yield from _line_of_names(line, newsrooms)
    for line in dict.fromkeys((*(line[:HEAD_CHARS] for line in lines[:3]), *(line[-TAIL_CHARS:] for line in ends))):
        yield from _labelled(line, newsrooms)
    for line in ends:
        yield from _closing_tag(line[-TAIL_CHARS:], newsrooms)


def _dateline(line: str, newsrooms: Newsrooms) -> Iterator[str]:
    """`SARAJEVO, 11. oktobra (FENA) -`, `BEOGRAD, Tanjug -`, `/ATSH/`, at the beginning of the text."""
    head = line[:HEAD_CHARS]
    for tag in _TAG.finditer(head):
        before = head[: tag.start()]
        if _OF_PICTURE.match(tag["name"]):
            continue
        if (_is_place_and_day(before) and (not before.strip() or _AFTER_DATELINE.match(head[tag.end() :]))) and not _PICTURE.search(before):
            yield from _named(tag["name"], newsrooms, most_words=5)
    words = words_of(head)[:8]
    for place in range(len(words)):
        named = newsrooms.at(words, place)
        if named is None or not _is_place_and_day(head[: words[place].start]) or place == 0:
            continue
        if re.match(r"\s*[-–—]\s", head[words[place + named[1] - 1].end :]):
            yield named[0]
    if words and (named := newsrooms.at(words, 0)) and re.match(r"\s+[-–—]\s|\s*/", head[words[named[1] - 1].end :]):
        yield named[0]


def _is_place_and_day(text: str) -> bool:
    """Whether no more than a place and a day stand there: few words, none of them an ordinary small one but months."""
    words = text.split()
    small = [word for word in words if word[:1].islower()]
    return len(words) <= 7 and len(small) <= 2 and len(text) <= 60 and not re.search(r"[^\d\s][.!?]\s", text)


def _closing_tag(line: str, newsrooms: Newsrooms) -> Iterator[str]:
    """`... (FENA)`, `... /ATSH/`, and `... u saopštenju. FENA`, at the end of a paragraph."""
    for tag in _TAG.finditer(line):
        rest, before = line[tag.end() :], line[: tag.start()]
        of_picture = _PICTURE.search(before) or _OF_PICTURE.match(tag["name"])
        if not of_picture and (_CLOSING.fullmatch(rest) or len(rest.split()) <= 2):
            yield from _named(tag["name"], newsrooms, most_words=6)
    words = words_of(line)
    for length in range(min(3, len(words) - 1), 0, -1):
        named = newsrooms.at(words, len(words) - length)
        before = line[: words[-length].start]
        if named and named[1] == length and _SENTENCE_END.search(before) and not _PICTURE.search(before):
            yield named[0]
            return


def _line_of_names(line: str, newsrooms: Newsrooms) -> Iterator[str]:
    """A line of its own: `FENA`, `Tanjug / Danas`, `V. K., FENA`, `Agencija Beta`."""
    words = words_of(line)
    if not 0 < len(words) <= 6:
        return
    taken, place, keys = 0, 0, []
    while place < len(words):
        named = newsrooms.at(words, place)
        if named:
            keys.append(named[0])
            taken += named[1]
            place += named[1]
        else:
            taken += len(words[place].printed) <= 2 or words[place].folded in _OF_AGENCY
            place += 1
    if keys and taken == len(words):
        yield from keys


def _labelled(line: str, newsrooms: Newsrooms) -> Iterator[str]:
    """`Izvor: FENA`, `Burimi: ATSH`, `Извор: МИА`, `Preuzeto sa Klix.ba`."""
    for found in _LABELS.finditer(line):
        if _PICTURE.search(line[: found.start("name")].rstrip(": ")) or _PICTURE.search(line[: found.start()].rstrip()):
            continue
        if found["sep"].isspace() and not found["from"] and fold(found["label"]) != "via":
            continue
        keys = [*_named(found["name"], newsrooms, most_words=8)]
        yield from keys
        printed = _UNKNOWN.match(found["name"])
        if not keys and printed and found["sep"] == ":" and _SOURCE_LABEL.match(fold(found["label"])):
            yield printed["name"].strip()[:MOST_SHOWN_CHARS]


def _named(text: str, newsrooms: Newsrooms, *, most_words: int) -> Iterator[str]:
    """Every newsroom named in a few words that hold little else."""
    words = words_of(text)[:most_words]
    place = 0
    while place < len(words):
        named = newsrooms.at(words, place)
        if named:
            yield named[0]
        place += named[1] if named else 1


def _phrases(body: str, newsrooms: Newsrooms) -> Iterator[str]:
    text = body if len(body) <= MOST_CHARS else f"{body[: MOST_CHARS // 2]}\n{body[-MOST_CHARS // 2 :]}"
    for sentence in _SENTENCES.split(text):
        said = _PLAIN_WORD.findall(fold(sentence))
        if not (_TELLING.isdisjoint(said) and _SPEECH.isdisjoint(said)):
            yield from _phrases_in(sentence, newsrooms)


def _phrases_in(text: str, newsrooms: Newsrooms) -> Iterator[str]:
    words = words_of(text)
    for place, word in enumerate(words):
        if word.folded in _TELLING:
            yield from _after(words, place, text, newsrooms)
            yield from _before(words, place, text, newsrooms)
        elif word.folded in _BEFORE_NAME and (at := _past_agency(words, place + 1)) < len(words) and words[at].printed[:1].isupper():
            near = {one.folded for one in (*words[max(0, place - 6) : place], *words[at + 1 : at + 2 + _SAID_NEAR])}
            if near & _SPEECH:
                yield from _after(words, at - 1, text, newsrooms, within=2)
        elif _is_told(words, place):
            yield from _inflected(words, place, newsrooms)


def _inflected(words: Sequence[Word], place: int, newsrooms: Newsrooms) -> Iterator[str]:
    """The newsroom of a word in the dative; Vijesti and Telegrafi only look so."""
    named = newsrooms.at(words, place)
    if named and named[1] == 1 and (_after_agency(words, place) or newsrooms.key_of(words[place].printed) != named[0]):
        yield named[0]


def _past_agency(words: Sequence[Word], place: int) -> int:
    """Where the name stands in "za novinsku agenciju Fena"."""
    while (
        place < len(words)
        and not words[place].printed[:1].isupper()
        and words[place].folded.startswith(("agen", "agjen", "port", "novinsk"))
    ):
        place += 1
    return place


def _after_agency(words: Sequence[Word], place: int) -> bool:
    return place > 0 and words[place - 1].folded in ("agenciji", "portalu", "agjencise", "portalit")


def _is_told(words: Sequence[Word], place: int) -> bool:
    """Whether a word in the dative is whom somebody told something: "rekao je Tanjugu", "saopšteno je agenciji Mina", "i tha ATSH-së"."""
    word, before = words[place], words[place - 1].folded if place else ""
    is_dative = word.folded.endswith(("u", "i", "-se", "-it")) or _after_agency(words, place)
    if not word.printed[:1].isupper() or not is_dative or before in _PLACES:
        return False
    near = (*words[max(0, place - _SAID_NEAR) : place], *words[place + 1 : place + 1 + _SAID_NEAR])
    return any(one.folded in _SPEECH for one in near)


def _after(words: Sequence[Word], place: int, text: str, newsrooms: Newsrooms, within: int = NAME_WITHIN) -> Iterator[str]:
    for at in range(place + 1, min(place + 1 + within, len(words))):
        if _ends_between(text, words[at - 1].end, words[at].start):
            return
        if named := newsrooms.at(words, at):
            yield named[0]
            return


def _before(words: Sequence[Word], place: int, text: str, newsrooms: Newsrooms) -> Iterator[str]:
    """`Tanjug javlja`, `Klix.ba je objavio`: the name ends right before the phrase, or one small word before it; "FENA news agency reported" too."""
    while place and words[place - 1].folded in _NEWS_AGENCY:
        place -= 1
    for length in (3, 2, 1):
        for gap in (0, 1):
            start = place - length - gap
            if start < 0 or (gap and len(words[place - 1].folded) > 3):
                continue
            named = newsrooms.at(words, start)
            if named and named[1] == length and not _ends_between(text, words[start + length - 1].end, words[place].start):
                yield named[0]
                return


def _ends_between(text: str, end: int, start: int) -> bool:
    """Whether a sentence ends between two words; a colon may stand before a name."""
    return any(mark in text[end:start] for mark in ".!?\n;")
