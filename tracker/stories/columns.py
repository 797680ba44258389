"""Columns that an outlet prints day after day under like words: weather, horoscope, lottery, exchange rates, television, duty pharmacies,
obituaries, traffic, power cuts. What is of another day is another text, however alike the two are.

Common ones are known by the words of their headlines, an outlet's own by their coming back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import chain

from tracker.model import StoryText
from tracker.text.date_words import MONTH_OF_STEM
from tracker.text.folding import fold

LEARNED_DAYS = 3
"""On so many days an outlet prints a headline, apart from its numbers and dates, when it heads a column. Two may be a story and its update."""
FORM_WORDS = 2
"""A headline with fewer words beside its numbers and dates ("VIDEO 2") has no form to know it by."""

_DAY = r"(?:danas|veceras|nocas|sutra|prekosutra|denes|vecer(?:va|ta)|utre|zadutre|sot|sonte|neser|today|tonight|tomorrow)"
_SKY = r"(?:soncev\w*|suncan\w*|oblacn\w*|vedr[oai]|kisa|kise|kisovit\w*|snijeg|sneg|vrnez\w*|promjenljiv\w*|promenliv\w*|toplo|toplije|hladno|hladnije|svjeze)"
_CUT_OFF = r"(?:struj\w*|el|elektricn\w*|elektroenerg\w*|energij\w*|vod[aeu]|vodom|vodosnabd\w*|snabduvanj\w*|napajanj\w*|gas\w*)"
_WEATHER = (
    r"(?:vremensk\w+|kratkorocn\w+|dugorocn\w+|biometeorolosk\w+) (?:prognoz\w+|slika\w*|prilik\w+)|"
    rf"prognoz\w+ (?:vremen\w*|(?:za|na) (?:vremeto|{_DAY}|naredn\w+|sledn\w+|vikend\w*))|"
    r"(?:kakvo|kako) (?:ce |nas |e |ke |je )*(?:vrijeme|vreme|vremeto)|(?:vrijeme|vreme) (?:danas|sutra|za vikend)|vremeto (?:denes|utre)|"
    r"(?:vrijeme|vreme|vremeto) (?:nas )?(?:danas |sutra |u \w+ )?(?:ocekuje|ceka)|"
    rf"{_DAY} (?:\w+ ){{0,5}}{_SKY}|(?:pretezno|uglavnom|umjereno|umereno) (?:\w+ )?{_SKY}|(?:suncano|oblacno|vedro|soncevo) (?:i|sa|s|so|vrijeme|vreme)|"
    r"(?:dnevna|jutarnja|maksimalna|najvisa) temperatur\w+|moti (?:sot|neser|per|i dites)|parashikim\w* (?:i )?motit|si do te jete moti|"
    r"weather (?:forecast|today|tomorrow)|forecast for (?:today|tomorrow|the weekend)|vodostaj\w*"
)
_CHANCE = (
    r"horoskop\w*|horoscope\w*|yjet sot|astro (?:prognoz\w+|savjet\w*)|cka thone yjet|"
    r"loto\w*|lutrij\w*|lotari\w*|llotari\w*|bingo|eurojackpot\w*|evrodzekpot\w*|lottery|izvucen\w* (?:brojevi|kombinacij\w+)|izvleceni broevi|"
    r"numrat fitues|winning numbers|(?:rezultat\w*|brojev\w*|kol[oau]|izvlacenj\w*) (?:\w+ ){0,3}lot[aou]\w*"
)
_MONEY = (
    r"kursn\w+ list\w+|tecajn\w+ list\w+|devizen \w+|(?:srednji|zvanicni|srednji|oficijalen|danasnji) (?:kurs|tecaj)\w*|"
    r"(?:kurs|tecaj)\w* (?:na )?(?:evr\w*|eur\w*|dinar\w*|denar\w*|dolar\w*|kun[ea]|valut\w*)|kurs(?:i|et) (?:i |e )?(?:kembimit|valutor\w*|zyrtar)|kembim\w+ valutor\w*|"
    r"me sa (?:po )?kembehe\w+|exchange rates?|(?:cijen[ae]|cena|ceni(?:te)?|cmim(?:i|et)) (?:na |i |e )?(?:goriv\w*|nafte|karburant\w*)"
    rf" (?:{_DAY}|po|per daten)"
)
_SCREEN = (
    r"tv (?:program\w*|vodic\w*|raspored\w*|guide|listings)|televizisk\w+ program\w*|(?:program\w*|orari) (?:televiziv\w*|i televizionit|tv)|television (?:guide|listings)|"
    rf"(?:sta|sto|cka|cfare) (?:da )?(?:gledat[ie]|gledame|gledaj\w*|te shihni) {_DAY}|bioskopsk\w+ repertoar\w*|repertoar kin[ao]|kino repertoar\w*"
)
_SERVICE = (
    r"dezurn\w+ (?:\w+ ){0,2}(?:apotek\w*|ljekarn\w*|lekarn\w*|aptek\w*|sluzb\w*|ambulant\w*)|(?:apotek\w*|ljekarn\w*|aptek\w*) (?:koje )?(?:dezur\w+|na dezurstvu)|"
    r"farmaci\w+ (?:kujdestar\w*|roje|e rojes|ne roje|e nates)|duty pharmac\w+|pharmac\w+ on duty|"
    r"osmrtnic\w*|smrtovnic\w*|citulj\w*|citulk\w*|umrlic\w*|tazni vesti|posledni pozdravi|posljednj\w+ ispracaj\w*|sahrane (?:i ispracaji|danas|sutra)|"
    r"(?:lajmerim\w*|njoftim\w*) (?:mortor\w*|vdekj\w*)|death notices|obituaries|"
    r"(?:stanje|sostojba\w*|guzve) (?:na|u|vo|po) (?:\w+ ){0,2}(?:put\w*|cest\w*|pat\w*|saobracaj\w*|soobrakaj\w*|promet\w*|granic\w*)|patnata sostojba|bihamk|"
    rf"(?:saobracaj|soobrakaj\w*|promet) {_DAY}|prometn\w+ (?:izvjest\w*|prognoz\w*)|gjendja (?:e |ne )(?:rruge\w*|trafik\w*|akset)|trafiku {_DAY}|traffic (?:report|update)|"
    rf"iskljucenj\w* {_CUT_OFF}|(?:isklucuvanj\w*|prekin\w*|iskljucenj\w*) (?:na |vo |so |u )?(?:isporu\w+ |snabdij?evanj\w* |snabduvanj\w* |napajanj\w* )?(?:na |so |sa )?{_CUT_OFF}|"
    rf"(?:planiran\w+|najavljen\w+) (?:iskljucenj\w*|isklucuvanj\w*|prekid\w*|prekin\w*|radov\w*)|(?:bez|nema) (?:struj\w*|vod[ae]|elektricne|napajanj\w*)|"
    r"(?:nderprerj\w*|reduktim\w*|ndalj\w*|kufizim\w*) (?:\w+ ){0,2}(?:energji\w*|rrym\w*|elektri\w*|uj\w*)|pa (?:drita|rryme|energji|uje)|"
    r"power (?:cuts?|outages?)|planned outages?|water cuts?|vaktij\w*|(?:oret|koha|kohet|vaktet) e namaz\w*|takvim\w*"
)
_OF_THE_DAY = (
    r"(?:vic|misao|citat|fotografija|foto|slika|jelo|recept|shaka|thenia|misla|sega) (?:dana|na denot|e dites)|(?:na|ne) (?:danasnji|deneshen|denesen|sot|kete) (?:dan|den|dite)|on this day|"
    r"pregled (?:stampe|tiska|na pecat\w*)|(?:jutarnj\w+|dnevn\w+) (?:pregled|vijesti|vesti|brifing)|naslovn\w+ (?:strane|stranice)|naslovnice|(?:gazetat|ballinat|shtypi) (?:e|i) dites|press review|"
    r"(?:vijesti|vesti|lajmet) (?:dana|na denot|e dites)|rodjen\w* (?:je |su |jos )*(?:\d+|\w+) beb\w*|"
    r"\d+ (?:raste|nov\w+ (?:slucaj\w*|sluca\w*|zarazen\w*|obolel\w*|obolj\w*)|new (?:cases|infections))"
)
_COLUMN = re.compile(rf"\b(?=\w)(?:{'|'.join((_WEATHER, _CHANCE, _MONEY, _SCREEN, _SERVICE, _OF_THE_DAY))})\b")
_WEEKDAYS = frozenset(
    "poned ponje ponde utora utoro vtorn srije sreda sredu cetvr petak petka petok subot sabot nedje nedel "
    "hene henen marte marten merku enjte enjten premt shtun diele monda tuesd wedne thurs frida satur sunda".split()
)
"""First five letters of the days of the week."""


def column_day(text: StoryText) -> date | None:
    """The day of a column by its headline; None for everything else, and for what has no day."""
    if text.published_at is None or not text.title:
        return None
    return text.published_at.date() if _COLUMN.search(fold(text.title)) else None


def column_days(texts: Sequence[StoryText], headlines: Sequence[Sequence[str]], bodies: Sequence[str]) -> list[date | None]:
    """For each text the day of the column that it is; None for everything else.

    `headlines`: the folded words of each headline. `bodies`: of each text what is equal for equal texts, empty where it has no words.
    """
    days = [column_day(text) for text in texts]
    forms: dict[tuple[str, ...], list[int]] = defaultdict(list)
    of_a_date = {word for word in {*chain.from_iterable(headlines)} if _is_of_a_date(word)}
    for position, (text, words) in enumerate(zip(texts, headlines, strict=True)):
        form = tuple(words) if of_a_date.isdisjoint(words) else tuple(word for word in words if word not in of_a_date)
        if text.published_at is not None and days[position] is None and len(form) >= FORM_WORDS:
            forms[text.outlet_id, *form].append(position)
    for positions in forms.values():
        if len(positions) >= LEARNED_DAYS and _comes_back(texts, headlines, bodies, positions):
            for position in positions:
                moment = texts[position].published_at
                days[position] = moment.date() if moment else None
    return days


def _comes_back(texts: Sequence[StoryText], headlines: Sequence[Sequence[str]], bodies: Sequence[str], positions: Sequence[int]) -> bool:
    """Whether these texts of one headline are a column's: of several days, and not one article shown again and again."""
    days = {moment.date() for position in positions if (moment := texts[position].published_at)}
    shown = {(*headlines[position], "", bodies[position]) for position in positions}
    return len(days) >= LEARNED_DAYS and (len(shown) > 1 or not bodies[positions[0]])


def _is_of_a_date(word: str) -> bool:
    """A number, a day of the week or a month: what a column's headline has otherwise each time."""
    return word[:5] in _WEEKDAYS or word.startswith(_MONTHS) or (not word.isalpha() and any(sign.isdigit() for sign in word))


_MONTHS = tuple(stem for stem in MONTH_OF_STEM if len(stem) > 3)
