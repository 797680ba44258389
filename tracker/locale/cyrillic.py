"""Serbian Latin -> Serbian Cyrillic by rule. Foreign names and brands stay as they are written, with a Serbian ending after a hyphen.

Only this direction is safe for wording of our own. Text from outside (headlines, names) is never converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SINGLE = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))
_DOUBLE = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS = frozenset("".join(_SINGLE))

BRANDS = (
    "TikTok",
    "Facebook",
    "Instagram",
    "YouTube",
    "WhatsApp",
    "Google",
    "Snapchat",
    "Viber",
    "Discord",
    "Microsoft",
    "LinkedIn",
    "Reuters",
)
"""Names that Serbian text declines: `TikToka` and `TikTok-a` are both `TikTok-а`."""
KEPT_LATIN = (
    *BRANDS,
    "CRCA/ECPAT",
    "CRCA",
    "ECPAT",
    "INHOPE",
    "Save the Children",
    "online",
    "Online",
    "sitemap",
    "CET",
    "CEST",
    "UTC",
    "PDF",
    "XLSX",
    "DOCX",
    "CSV",
    "RSS",
    "JSON",
    "HTML",
)
"""Names and signs that stay in Latin in Cyrillic text too. `online` has no agreed Cyrillic form beside `онлајн`."""

_SEAM = re.compile(
    # a prefix or a first part ends before the second letter: in+jekcija, kon+junktura, nad+živeti
    r"(?<!\w)(?:ne|re|dez|mikro|makro)?(?:in(?=jek|jic)|kon(?=ju[nkg]|jekt)|van(?=jezi)|tan(?=jug)|an(?=jon)|pan(?=jevr|jug)"
    r"|nad(?=žnj|žir|živ|žup|žel)|od(?=živ|žal|žub|žvak|žmir)|pod(?=žan|žup|žar|žvak|žig|žeć|žeg)|pred(?=živ|žet))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S*[\w/]|\w[\w-]*(?:\.[\w-]+)+(?:/\S*\w)?", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
_FIELD = r"\{\w*\}"
_ENDING = r"-?(?:ov(?:[aeiu]|og[a]?|om[e]?|oj|ih|im[a]?)?|om|em|[aeiu])"
"""Case endings and the possessive of a masculine name (Pravopis srpskoga jezika 2010: foreign names take the ending)."""
_ROMAN = re.compile(r"[IVX]{2,}")
_SHORT = 4
"""Letters of a first word that still belongs to the foreign name after it: Al, San, Tim, Mark. A longer one may be Serbian."""
_FOREIGN = re.compile(
    # pairs that Serbian does not write, less the seams of prefixes where it does
    r"ch|ph|gh|kh|zh|(?<!s)(?<!ka)tion"
    r"|(?<!pre)(?<!po)(?<!na)th|sh(?!v|od|ođ|ran|em|la|lo|itr)"
    r"|(?<!\bmikr)(?<!\bmakr)(?<!\bsam)(?<!\bradi)(?<!\bfot)(?<!\baut)(?<!\belektr)(?<!\bhidr)(?<!\bbi)(?<!\bge)(?<!\bek)(?<!\bdv)"
    r"(?<!\bprv)oo(?<!\bzoo(?=[ltvpfn]))(?<!\bkoo(?=[rp]))(?<!\bpoo(?=[dšpčbt]))(?<!\bdoo(?=\b))"
    r"|ee(?<!\bnee(?=[fkltgvmn]))(?<!\bree(?=[mkvg]))(?<!\bpree(?=[kmlg]))(?<!\bdee(?=[sm]))(?<!\bsvee)(?<!\btelee)"
    r"|aa(?<!\bzaa)(?<!\bnaa)(?<!\bultraa)(?<!\bkontraa)(?<!\bekstraa)|ii(?<!\bantii)(?<!\bpolii)(?<!\bmultii)(?<!\bminii)"
    r"|bb(?<!\bbb(?=\b))|cc|ff|gg|hh|kk|ll|mm|pp|vv|zz|nn(?<!\bvann)|ss(?<!\btranss)(?<!\bekss)|tt(?<!\bpostt)"
    r"|rr(?<!\bsuperr)(?<!\binterr)(?<!\bhiperr)|dd(?<!\bpodd)(?<!\bnadd)(?<!\bpredd)|(?<!\bna)jj|\bdj(?=[aeiou])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[„“”«»\"]([^„“”«»\"]{1,200})[„“”«»\"]")
_SERBIAN_WORDS = frozenset("i u na za se su je od da sa s o iz do po nije koji koja koje kao što".split())
"""Small words that show a quotation to be Serbian, whatever name stands in it."""
_FOREIGN_SHARE = 3
"""One word in three that Serbian does not write makes a quotation without any of these words a foreign title."""


def to_cyrillic(text: str, *, keep: Iterable[str] = ()) -> str:
    """The text in Cyrillic. Addresses, `{fields}`, Roman numerals and the names of `KEPT_LATIN` and `keep` stay as they are. So do words
    with letters or pairs of letters that Serbian does not write (`the`), and the words of a name around those."""
    names = sorted({*KEPT_LATIN, *keep}, key=len, reverse=True)
    brands = "|".join(map(re.escape, BRANDS))
    kept = re.compile(
        "|".join(
            [
                _FIELD,
                _ADDRESS.pattern,
                rf"(?<!\w)(?P<brand>{brands})(?P<ending>{_ENDING})(?!\w)",
                *(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names if name),
            ]
        )
    )
    protected = list(kept.finditer(text))
    words = [word for word in _WORD.finditer(text) if not any(one.start() < word.end() and word.start() < one.end() for one in protected)]
    stays = _foreign(text, words, [one for one in protected if not one[0].startswith(BRANDS)])
    new = {word.span(): word[0] if stay else _letters(word[0]) for word, stay in zip(words, stays, strict=True)}
    new |= {one.span(): f"{one['brand']}-{_letters(one['ending'].lstrip('-'))}" if one["brand"] else one[0] for one in protected}
    pieces, at = [], 0
    for start, end in sorted(new):
        pieces += [text[at:start], new[start, end]]
        at = end
    return "".join([*pieces, text[at:]])


def latin_words(text: str, *, keep: Iterable[str] = ()) -> list[str]:
    """Words that `to_cyrillic` leaves in Latin, each once: what a person looks at before the text is frozen."""
    converted = re.sub(f"{_FIELD}|{_ADDRESS.pattern}", " ", to_cyrillic(text, keep=keep))
    return list(dict.fromkeys(word for word in _WORD.findall(converted) if not "Ѐ" <= word[0] <= "ӿ"))


def _foreign(text: str, words: Sequence[re.Match[str]], kept: Sequence[re.Match[str]]) -> list[bool]:
    """Which of the words stay in Latin: foreign by their letters, and those that belong to a foreign name with them. `kept`: names and
    signs in the text that stay anyhow."""
    sure = [_is_foreign(word[0]) for word in words]
    stays = [*sure]
    for place, word in enumerate(words):
        joined = place > 0 and text[words[place - 1].end() : word.start()] == " "
        if joined and stays[place - 1] and word[0][0].isupper() and not _ROMAN.fullmatch(words[place - 1][0]):
            stays[place] = True  # Łukasz Gabler, Children International
        if joined and sure[place] and not sure[place - 1]:
            before = words[place - 1]
            begins = not text[: before.start()].rstrip() or text[: before.start()].rstrip()[-1] in ".!?:"
            if before[0][0].isupper() and (word[0][0].islower() or (len(before[0]) <= _SHORT and not begins)):
                stays[place - 1] = True  # Save the Children, Al Jazeera
    for quotation in _QUOTED.finditer(text):
        inside = [place for place, word in enumerate(words) if quotation.start(1) <= word.start() < quotation.end(1)]
        is_serbian = any((low := words[place][0].lower()) in _SERBIAN_WORDS or (not low.isascii() and not sure[place]) for place in inside)
        beside = sum(quotation.start(1) <= one.start() < quotation.end(1) for one in kept)
        if not is_serbian and 0 < len(inside) <= (sum(sure[place] for place in inside) + beside) * _FOREIGN_SHARE - beside:
            for place in inside:
                stays[place] = True
    return stays


def _is_foreign(word: str) -> bool:
    return not _LETTERS.issuperset(word.lower()) or bool(_ROMAN.fullmatch(word)) or bool(_FOREIGN.search(word))


def _letters(word: str) -> str:
    """A word letter by letter; one with a letter that Serbian does not have stays as it is."""
    if not _LETTERS.issuperset(word.lower()):
        return word
    seams = {match.end() for match in _SEAM.finditer(word)}
    letters, at = [], 0
    while at < len(word):
        pair = word[at : at + 2]
        width = 2 if pair.lower() in _DOUBLE and at + 1 not in seams else 1
        piece = word[at : at + width]
        letter = _DOUBLE[piece.lower()] if width == 2 else _SINGLE[piece.lower()]
        letters.append(letter.upper() if piece[0].isupper() else letter)
        at += width
    return "".join(letters)
