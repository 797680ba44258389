"""Codes of languages as people mistake them."""

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
