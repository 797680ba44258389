"""Which of the region's languages a text is in: letters and small words first, lingua where they leave it open.

Bosnian, Croatian, Montenegrin and Serbian are one group for matching; between them the outlet's own languages decide, then
words that only one of them uses. Lingua is loaded when first needed (+75 MB in low-accuracy mode) and never while screening.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.model import HBS

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("sq", "bs", "hr", "sr", "mk", "bg", "sl", "en")
MAX_CHARS = 4000
"""A bound on the work: 600 words tell the languages of the region apart."""

PRIOR_WEIGHT = 3.0
"""What an outlet's own language counts for, in small words. At 3 a headline of eight words in another language still wins
(measured by tests/quality/test_language_floor.py)."""

CLEAR_LEAD = 2.0
"""By how many small words a language must lead for lingua not to be asked."""

NO_EVIDENCE = 1.5
"""Below it hardly more than the outlet's habit speaks for the language."""

SURE = 0.95
"""Lingua's confidence from which it may contradict an outlet's habit."""

SMALL_WORD_SHARE = 0.1
"""Texts of a language hold 25 to 40 small words in a hundred; a foreign one shares a few by chance."""

NEVER_GUESSED = frozenset({"sl", "bg"})
"""No outlet of the six countries writes in them, and short headlines of its languages look like them."""

_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")

_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "sq": frozenset(
        "dhe në të që për me nga është një nuk do ka më kjo ky së edhe janë ishte por tha kanë duke si pas ne te qe per nje eshte me tij saj këtë kete tek te "
        "sipas gjatë ndërsa kur çfarë cfare kush pse ja i u e s’ka e mund duhet prej këto keto cili cila derisa ose jo po shkak video lajmi ditës dites vetëm vetem "
        "para mbi deri rreth kundër ndaj shqipëri shqiperi kosovë kosove tiranë prishtinë ndodhi".split()
    ),
    "hbs": frozenset(
        "je u i na da se su za od sa iz o po do koji koja koje nije će ce što šta sta kako ali bi kao ili ne biti bio bila bilo samo još jos već vec sve ovo to "
        "nakon prije pre zbog protiv pod pri kod između dok jer gdje gde kad kada ima nema može moze smo ste sam njegov njena ovaj ova ako bez uz treba danas "
        "jedan jedna dva tri protiv novi nova novo foto iznad ispod tko ko a li evo svi mu joj ga ih nam vam".split()
    ),
    "sl": frozenset(
        "je v in na da se so za ki z pa tudi ne bo kot ter pri po od do iz ali če bi ni še že jih ga mu med zaradi kaj kdo kako smo sem bodo bil bila bilo več "
        "lahko vse samo ob brez čez nad pod proti ko kjer zdaj danes leta let slovenije".split()
    ),
    "en": frozenset(
        "the of and to in a is that for on with as was by at from it be are this have has not but or an will he she his her they we you who what how why when "
        "after over about more says new up out its their been were which can could would should than into against amid".split()
    ),
    "mk": frozenset(
        "и на во се од за да е со што не ќе го ги ја ќе дека но или како по до при кој која кои тоа овој оваа беше има нема само уште веќе ние биде поради меѓу "
        "според денес му ѝ им ни ве сум сме сте си многу може треба пред после кога каде бидејќи нови нова".split()
    ),
    "sr_cyrl": frozenset(
        "је у и на да се су за од са из о по до који која које није ће што шта како али би као или не бити био била било само још већ све ово то након прије "
        "пре због против под при код између док јер гдје где кад када има нема може смо сте сам ако без уз треба данас ко а ли ево сви му јој га их нам вам".split()
    ),
    "bg": frozenset(
        "и на в се от за да е с че не ще по до при са като но или това който която които има няма само още вече беше бе след преди срещу между според днес му им "
        "си ли съм сме сте как какво кой къде когато защото тази този тези може трябва".split()
    ),
}
_ALPHABETS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("sq", re.compile("[ëËçÇ]")),
    ("hbs", re.compile("[ćđĆĐ]")),
    ("mk", re.compile("[ѓќѕЃЌЅѝ]")),
    ("sr_cyrl", re.compile("[ђћЂЋ]")),
    ("bg", re.compile("[йщъьюяЙЩЪЬЮЯ]")),
)
_ALPHABETS_SHARED: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("hbs", "sl"), re.compile("[čšžČŠŽ]")),
    (("mk", "sr_cyrl"), re.compile("[јљњџЈЉЊЏ]")),
)
_WITHIN_HBS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("cnr", re.compile(r"[śźŚŹ]|\b(?:nijesam|nijesi|nije?smo|nijesu|sjutra|đed\w*|crnogorsk\w+|podgori\w+)\b", re.I)),
    (
        "hr",
        re.compile(
            r"\b(?:tko|netko|nitko|svatko|tjed(?:an|na|nu|nom|ni|no)|uopće|općin\w*|siječnja|veljače|ožujka|travnja|svibnja|lipnja|srpnja|kolovoza|rujna|listopada|"
            r"studenog\w*|prosinca|tisuć\w+|vlak\w*|nogomet\w*|kazališt\w*|zrakoplov\w*|tijekom|glede|poput|također|sveučiliš\w+|znanstven\w+|glazb\w+|sustav\w*|"
            r"priopćen\w+|izvješć\w*|povijes\w+|ministric\w+|ravnatelj\w*|bolnič\w+|hrvatsk\w+|zagreb\w*|europ\w+|točn\w+|postotak|postotk\w+|ured\w*|promet\w*)\b",
            re.I,
        ),
    ),
    (
        "bs",
        re.compile(
            r"\b(?:sedmic\w+|općin\w*|također|kahv\w+|lahk\w+|mehk\w+|historij\w+|saopć\w+|saopšt\w+|hiljad\w+|januar\w*|februar\w*|april\w*|juli?|august\w*|"
            r"bosn\w+|bosans\w+|sarajev\w*|bih|fbih|tuzl\w+|zenic\w+|mostar\w*|kanton\w*|federacij\w+|uposleni\w+|općinsk\w+|vijest\w*|bošnja\w+|historijsk\w+)\b",
            re.I,
        ),
    ),
    (
        "sr",
        re.compile(
            r"\b(?:nedelj\w+|opštin\w*|uopšte|takođe|dec[ae]|deci|vest\w*|vreme\w*|mest[ao]\w*|lep\w+|rek(?:ao|la)|gde|pre|posle|sled\w+|predsednik\w*|"
            r"videl\w*|vide[ot]\w*|bezbednos\w+|srbij\w+|srpsk\w+|beograd\w*|vučić\w*|hiljad\w+|evrop\w+|voz\w*|fudbal\w*|istorij\w+|januara|jula|avgusta|"
            r"uvek|ovde|čovek\w*|devojk\w*|potpredsednik\w*|primer\w*|zahtev\w*|cel[aoiu]\w*|hteo|trebalo)\b",
            re.I,
        ),
    ),
)


_IJEKAVIAN = re.compile(
    r"\b\w*(?:ijek|ijel|ijed|ijep|ijet|ijes|ijen|ijem|ijev|ijeć|vjer|vjet|mjes|mjer|mjen|djel|djec|djev|sjed|sjev|ljet|rješ|uspje|htje|vidje|cjel|sljed|tjer|ovjek|prije|gdje|ovdje|poslije)\w*",
    re.I,
)
_EKAVIAN = re.compile(
    r"\b(?:pre|posle|gde|ovde|svet\w*|mest\w*|vreme\w*|dve|deo|delov\w*|delu|rešen\w*|reši\w*|ceo|cel[aeiou]\w*|uspe\w*|det\w*|dec\w*|reč\w*|sled\w*|uvek|čovek\w*|"
    r"vest\w*|primen\w*|promen\w*|izmen\w*|zamen\w*|human\w*et|potpredsed\w*|predsed\w*|bezbed\w*|ned[ej]lj\w*|obezbe\w*|devoj\w*|leto|leta|veruj\w*|mer[aeiou]|"
    r"zahtev\w*|trebalo|hteo|želeo|video|umreo|smeo|voleo|razume\w*|odel\w*|vek\w*|bel\w*|lep\w*|rek[aeiou])\b",
    re.I,
)


def detect(text: str, prior: tuple[str, ...] = ()) -> str:
    """The code of a text's language among those of the region and English; "" for a text without words.

    `prior` names the languages its outlet writes; one that is none of ours stays unless the text is clearly in one of ours.
    """
    text = text[:MAX_CHARS]
    if not _LETTER.search(text):
        return ""
    foreign = next((code for code in prior if code not in LANGUAGES and code not in HBS), "")
    group, lead, evidence = _group(text, prior)
    if foreign and lead < CLEAR_LEAD + SMALL_WORD_SHARE * len(_WORDS.findall(text)):
        return foreign
    if evidence < NO_EVIDENCE if _prior_groups(prior, text) else lead < CLEAR_LEAD:
        asked, confidence = _by_lingua(text)
        if not prior or (confidence >= SURE and asked not in NEVER_GUESSED and len(_WORDS.findall(text)) >= 5):
            group = ("hbs" if asked in HBS else asked) or group
    return _within_hbs(text, prior) if group in ("hbs", "sr_cyrl") else group


def _group(text: str, prior: tuple[str, ...]) -> tuple[str, float, float]:
    """The best group, by how much it leads the next, and what speaks for it besides the outlet's habit."""
    scores = dict.fromkeys(_SMALL_WORDS, 0.0)
    cyrillic = len(_CYRILLIC.findall(text)) > 0.5 * len(_LETTER.findall(text))
    words = Counter(_WORDS.findall(text.lower()))
    for group, small in _SMALL_WORDS.items():
        if (group in ("mk", "sr_cyrl", "bg")) != cyrillic:
            scores[group] = -100.0
            continue
        scores[group] += sum(min(count, 5) for word, count in words.items() if word in small)
    for group, letters in _ALPHABETS:
        scores[group] += min(6.0, 1.5 * len(letters.findall(text)))
    for groups, letters in _ALPHABETS_SHARED:
        for group in groups:
            scores[group] += min(4.0, len(letters.findall(text)))
    own = dict(scores)
    for group in _prior_groups(prior, text):
        scores[group] += PRIOR_WEIGHT
    best, second = sorted(scores, key=lambda group: -scores[group])[:2]
    return best, scores[best] - scores[second], own[best]


def _prior_groups(prior: tuple[str, ...], text: str) -> set[str]:
    cyrillic = len(_CYRILLIC.findall(text)) > 0.5 * len(_LETTER.findall(text))
    groups = {("sr_cyrl" if cyrillic else "hbs") if code in HBS else code for code in prior}
    return {group for group in groups if group in _SMALL_WORDS and (group in ("mk", "sr_cyrl", "bg")) == cyrillic}


def _within_hbs(text: str, prior: tuple[str, ...]) -> str:
    own = [code for code in prior if code in HBS]
    if len(own) == 1:
        return own[0]
    latin = text.translate(_TO_LATIN) if _CYRILLIC.search(text) else text
    scores = {code: len(words.findall(latin)) for code, words in _WITHIN_HBS if not own or code in own}
    ijekavian, ekavian = len(_IJEKAVIAN.findall(latin)), len(_EKAVIAN.findall(latin))
    for code in scores:
        scores[code] += 2 * (ekavian > ijekavian) if code == "sr" else (ijekavian > ekavian and (code != "cnr" or bool(own)))
    if latin is not text and "sr" in scores:
        scores["sr"] += 1
    best = [code for code in scores if scores[code] == max(scores.values())]
    if len(best) == 1 or (own and max(scores.values()) == 0):
        return best[0] if len(best) == 1 else own[0]
    asked, _ = _by_lingua(latin)
    return asked if asked in best else next((code for code in (*own, "sr", "bs", "hr") if code in best), best[0])


_TO_LATIN = {
    ord(letter): latin
    for letter, latin in zip("абвгдђежзијклмнопрстћуфхцчшљњџ", [*"abvgdđežzijklmnoprstćufhcčš", "lj", "nj", "dž"], strict=True)
}
_TO_LATIN |= {ord(chr(letter).upper()): latin.capitalize() for letter, latin in list(_TO_LATIN.items())}


def _by_lingua(text: str) -> tuple[str, float]:
    """Lingua's language and its confidence; confidences of Bosnian, Croatian and Serbian count together."""
    values = _detector().compute_language_confidence_values(text[:600])
    shares = {value.language.iso_code_639_1.name.lower(): value.value for value in values}
    best = max(shares, key=lambda code: shares[code], default="")
    together = sum(share for code, share in shares.items() if code in HBS)
    return best, (together if best in HBS else shares.get(best, 0.0))


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper()) for code in LANGUAGES]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
