"""How the press writes a name beside its full and proper form: brands in small letters or apart, institutions, acronyms, people."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from tracker.matching.forms import GROUPS, stop_forms
from tracker.text.folding import fold, hashtag_seams, latin

MIN_TAG_CHARS = 4
"""Of a name or acronym that counts in any case behind # or @; shorter ones are words of many languages (#rak, #ama, #sad)."""

MIN_PART_CHARS = 3
"""Of the parts of a brand that may stand apart; iSigurt and LinkedIn would be found in "i sigurt" and "linked in"."""

MIN_SPOKEN_CHARS = 4
"""Of an acronym written as a word (Unicef, Kfor). Three letters are a word more often than not (Rak, Ama, Sad, Rem)."""

INSTITUTION_STEM_CHARS = 6
"""Of a noun for an institution: what its cases share."""

BRANDS = (
    "tik tok|you tube|face book|whats app|snap chat|linkedin|pay pal|play station|insta gram|instagram|twitter|tviter|fejsbuk|fejs buk|jutjub|jutub|"
    "gugl|google|gmail|netflix|netfliks|viber|vajber|messenger|roblox|spotify|spotifaj|microsoft|majkrosoft|huawei|samsung|xiaomi|wikipedia|vikipedija|"
    "chatgpt|openai|reddit|pinterest|tumblr|skype|skajp|airbnb|uber|bytedance|minecraft|fortnite|android|iphone|nokia|toyota|ikea|mozilla|firefox|zoom"
).split("|")
"""Names whose small letters are no word of the region's languages; a space stands where a brand is written apart. Written by hand."""

_WORDS_TOO = frozenset(
    "nasa sida aman mira care save hope data iris vera una sara dona gora luka zara mars arka lora rama osa tema lena dora kesh fama alba info sipas alfa beta gama delta sigma omega".split()
)
"""Acronyms of four letters and more, and forms of such, that are a word or a first name when written as one. Written by hand."""

_INSTITUTIONS = frozenset(
    """
    agencija agencije agencija agjencia agjenci agjencise agencijata agency autoritet autoriteti autoritetit authority avokat avokati avokatit akademija akademia
    banka banke bank bolnica spitali bashkia bordi board centar centar centri centralna centre center departamenti department direkcija direktorat drejtoria
    directorate dhoma fakultet fakulteti faculty federata federacija fond fondi fund fondacija fondacioni foundation gjykata gjykate inspekcija inspektorat
    inspektorati institut instituti institute kancelarija kabinet keshilli keshill komisija komisioni komision komisionit komisionari commission komitet
    komiteti committee council koordinator komora kuvendi kuvend lidhja ministarstvo ministarstva ministria ministri ministerstvo ministry ministar
    muzej muzeu museum nadzor odbor office ombudsman ombudsmani opstina opcina organizacija organizata organization parlament parlamenti parliament
    policia policija policise police predsednistvo predsjednistvo presidenca predstavnik perfaqesues perfaqesuesi pravobranilac prokuroria prokurori
    poverenik povjerenik povjerenistvo pretseda qendra qender qeveria qeveri regulator regulatori representative savet savjet savez sekretarijat sekretariati
    sherbimi sherbim shoqata skola shkolla skupstina sluzba sobranie stranka partia partija sud suda court spital tuzilastvo tuziteljstvo tuzilac tribunal
    tribunali udruzenje udruga unija union univerzitet universiteti sveuciliste university uprava ured urad vijece vlada vlade zavod zajednica zastitnik zyra zyre
    arhiv arkivi biblioteka teatar teatri assembly service instituicioni institucija institucion mreza rrjeti network forum forumi koalicija koalicioni
    """.split()
)
"""Nouns that name a kind of institution or office, folded: with one of them, the press writes the whole name in small letters too."""

_INITIAL_PAIRS = ("dž", "dz", "lj", "nj", "sh", "zh", "gj", "th", "xh", "ch")
_VOWELS = frozenset("aeiouy")


def seams_of(word: str) -> tuple[str, ...]:
    """The parts of a word by its inner capitals, as a hashtag's are told apart: TikTok, CRCAShqiperi."""
    seams = [seam - 1 for seam in hashtag_seams(f"#{word}")]
    return tuple(word[start:end] for start, end in pairwise([0, *seams, len(word)]))


def is_brand(word: str) -> bool:
    """Whether a name of one word has small letters that are no word: a listed brand, or one with a capital inside (TikTok)."""
    return fold(word) in _known_brands() or any(one.islower() and other.isupper() for one, other in pairwise(word))


def is_listed(word: str) -> bool:
    """Whether a brand is so well known that its parts count in small letters too: you tube, tik tok."""
    return " " in _known_brands().get(fold(word), "")


def apart(word: str) -> tuple[str, ...]:
    """The two or more parts that a brand is written in when it is written apart; empty where the parts are words themselves."""
    known = _known_brands().get(fold(word), "")
    if " " in known:
        lengths = [len(part) for part in known.split()]
        return (word[: lengths[0]], word[lengths[0] :]) if len(word) == sum(lengths) else ()
    parts = seams_of(word)
    if len(parts) < 2 or any(len(part) < MIN_PART_CHARS or latin(part) in _common() for part in parts):
        return ()
    return parts


def is_institution(words: list[str]) -> bool:
    """Whether a name of several words says what kind of institution or office it is."""
    return len(words) > 1 and any(fold(word) in _INSTITUTIONS for word in words)


def is_of_institution(word: str) -> bool:
    """Whether a word, in any of its cases, says what kind of institution is named: Fondacije, Agencijom, Ministrisë."""
    return fold(word)[:INSTITUTION_STEM_CHARS] in _institution_stems()


def is_person(words: list[str], gaps: list[str]) -> bool:
    """Whether a name may be a first name and a surname: two words with capitals, neither of them a common one."""
    return (
        len(words) == 2
        and gaps[1] == " "
        and all(len(word) > 2 and word.isalpha() and word[0].isupper() and not word.isupper() for word in words)
        and not any(latin(word) in _common() or fold(word) in _INSTITUTIONS for word in words)
    )


def initials_of(first_name: str) -> tuple[str, ...]:
    """What a first name is shortened to before its full stop: A., Dž., Xh."""
    spelled = latin(first_name)
    pair = next((pair for pair in _INITIAL_PAIRS if spelled.startswith(pair)), "")
    return (spelled[0], pair) if pair else (spelled[0],)


def is_spoken(acronym: str) -> bool:
    """Whether an acronym is said as a word, and so written as one: Unicef, Kfor, Uefa; not Crca, Hdz, Rak."""
    spelled = latin(acronym)
    if len(spelled) < MIN_SPOKEN_CHARS or not spelled.isalpha() or is_common(spelled):
        return False
    return any(letter in _VOWELS for letter in spelled[:-1])


def is_common(word: str) -> bool:
    """Whether a word, in Latin letters and small, is known to be one of the languages' own frequent words."""
    return word in _common() or fold(word) in _WORDS_TOO


@lru_cache(maxsize=1)
def _institution_stems() -> frozenset[str]:
    return frozenset(word[:INSTITUTION_STEM_CHARS] for word in _INSTITUTIONS if len(word) >= INSTITUTION_STEM_CHARS)


@lru_cache(maxsize=1)
def _known_brands() -> dict[str, str]:
    return {brand.replace(" ", ""): brand for brand in reversed(BRANDS)}


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(latin(word) for group in GROUPS for word in stop_forms(group))
