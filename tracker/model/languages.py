"""Codes of languages and countries, and letters of two alphabets, as people mistake them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MEANT_LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "alb": "sq",
        "sqi": "sq",
        "al": "sq",
        "alban": "sq",
        "ks": "sq",
        "srp": "sr",
        "scc": "sr",
        "rs": "sr",
        "bos": "bs",
        "ba": "bs",
        "hrv": "hr",
        "scr": "hr",
        "mac": "mk",
        "mkd": "mk",
        "mne": "cnr",
        "me": "cnr",
        "si": "sl",
        "slv": "sl",
        "eng": "en",
        "gb": "en",
        "tur": "tr",
        "hun": "hu",
        "ger": "de",
        "deu": "de",
    }
)
"""Codes of countries and of ISO 639-2 that are written for a language -> its code."""

MEANT_COUNTRIES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("ks", "kv", "rks", "xkx", "kosovo", "kosova"), "XK")
    | {"alb": "AL", "bih": "BA", "mne": "ME", "cg": "ME", "mkd": "MK", "srb": "RS", "sr": "RS"}
)
"""What is written for a country of the region -> its code here."""

LOOKS_CYRILLIC: Mapping[str, str] = MappingProxyType(
    dict(zip("aceopxyjisëçhABCEHKMOPTXYJISËÇ", "асеорхујіѕёҫһАВСЕНКМОРТХУЈІЅЁҪ", strict=True))
)
"""A Latin letter -> the Cyrillic one that looks like it."""
_LOOKS_LATIN = {ord(cyrillic): latin for latin, cyrillic in LOOKS_CYRILLIC.items()}


def latin_look(text: str) -> str:
    """The text with Latin letters in place of the Cyrillic ones that look like them."""
    return text.translate(_LOOKS_LATIN)
