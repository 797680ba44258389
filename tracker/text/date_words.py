"""Words of dates in every language that the region's press prints: months, days, units, zones. All are folded as `dates` folds a text."""

from __future__ import annotations

import re
from datetime import timedelta

_STEMS = (
    "januar janar sijec enero ocak",
    "februar fevruar febru shkurt veljac subat",
    "mart mars march ozuj marc",
    "april prill travanj travnj apr nisan",
    "maj may svibanj svibnj",
    "jun qershor lipanj lipnj haziran",
    "jul korrik srpanj srpnj temmuz",
    "avgust august gusht kolovoz agustos",
    "septem shtator rujan rujn szeptem eylul",
    "oktob oktomvr octob tetor listopad ekim",
    "novem noemvr nentor nendor studen kasim",
    "decem dekem dhjetor dhetor prosin aralik",
)
_SHORT = (
    "jan sij",
    "feb fev shk velj vel",
    "mar ozu",
    "apr pri tra",
    "maj may svi",
    "jun qer qersh lip",
    "jul kor korr srp",
    "avg aug gus gush gsh kol",
    "sep sept sht shta ruj",
    "okt oct tet lis",
    "nov noe nen stu",
    "dec dek dhj dhje pro",
)
MONTH_OF_SHORT = {name: number for number, names in enumerate(_SHORT, 1) for name in names.split()}
MONTH_OF_STEM = {name: number for number, names in enumerate(_STEMS, 1) for name in names.split()}
LONGEST_ENDING = 5  # "korrik" + "ut", "septem" + "bra", "august" + "us"

_CYRILLIC = dict(zip("абвгдежзијклмнопрстћуфхцчшђѓќйыэ", "abvgdezzijklmnoprstcufhccsdgkjie", strict=True)) | {
    "љ": "lj",
    "њ": "nj",
    "џ": "dz",
    "ѕ": "dz",
    "щ": "st",
    "ъ": "",
    "ь": "",
    "ю": "ju",
    "я": "ja",
    "ё": "e",
}
FOLDS = str.maketrans(_CYRILLIC | {"đ": "d", "ł": "l", "ı": "i", "\u00a0": " ", "\u202f": " ", "–": "-", "—": "-", "−": "-"})

OFFSETS = {
    "z": 0,
    "ut": 0,
    "utc": 0,
    "gmt": 0,
    "wet": 0,
    "cet": 1,
    "cest": 2,
    "met": 1,
    "mest": 2,
    "bst": 1,
    "west": 1,
    "eet": 2,
    "eest": 3,
    "msk": 3,
    "trt": 3,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
}

NUMBER_WORDS = {
    "jedan": 1,
    "jednog": 1,
    "jedne": 1,
    "jednu": 1,
    "nje": 1,
    "eden": 1,
    "edna": 1,
    "edno": 1,
    "an": 1,
    "a": 1,
    "dva": 2,
    "dvije": 2,
    "dve": 2,
    "dy": 2,
}
_UNIT = (
    r"(?P<unit>sek\w*|sec\w*|min\w*|sat\w*|h|ore\w*|cas\w*|hour\w*|dan\w*|dit\w*|den\w*|day\w*|"
    r"sedmic\w*|nedjelj\w*|nedelj\w*|nedel\w*|tjed\w*|jav\w*|week\w*|mjesec\w*|mesec\w*|muaj\w*|month\w*)"
)
RELATIVE = (
    re.compile(rf"\b(?:prije|pre|para|pred)\s+(?:oko\s+)?(?P<n>\d{{1,3}}|[a-z]+)?\s*{_UNIT}\b"),
    re.compile(rf"\b(?P<n>\d{{1,3}}|an?|nje|dy)\s*{_UNIT}\s+(?:ago|me pare)\b"),
)
UNITS = (
    (("sek", "sec"), timedelta(seconds=1)),
    (("min",), timedelta(minutes=1)),
    (("sat", "ore", "cas", "hour", "h"), timedelta(hours=1)),
    (("dan", "dit", "den", "day"), timedelta(days=1)),
    (("sedmic", "ned", "tjed", "jav", "week"), timedelta(days=7)),
    (("mjesec", "mesec", "muaj", "month"), timedelta(days=30)),
)
NAMED_DAYS = re.compile(r"\b(?:(?P<today>danas|sot|denes|deneska|today|bugun)|(?P<yesterday>jucer?|dje|vcera|yesterday|dun))\b")
