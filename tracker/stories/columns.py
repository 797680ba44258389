"""Columns that an outlet prints day after day under like words: weather, horoscope, lottery. What is of another day is another text,
however alike the two are."""

from __future__ import annotations

import re
from datetime import date

from tracker.model import StoryText
from tracker.text.folding import fold

_COLUMN = re.compile(
    r"\b(?:"
    # weather: Slavic languages of the region (folded, Cyrillic too), Albanian, English
    r"(?:vremensk\w+|kratkorocn\w+|dugorocn\w+) (?:prognoz\w+|slika\w*)|prognoz\w+ (?:vremen\w*|za (?:danas|sutra|denes|utre|naredn\w+|sledn\w+|vikend\w*))|"
    r"(?:kakvo|kako) (?:ce |nas |e |ke )*(?:vrijeme|vreme|vremeto)|(?:vrijeme|vreme) (?:danas|sutra|za vikend)|vremeto (?:denes|utre)|"
    r"(?:vrijeme|vreme|vremeto) (?:nas )?(?:danas |sutra |u \w+ )?(?:ocekuje|ceka)|(?:danas|sutra|denes|utre|pretezno|uglavnom|promenlivo|promjenljivo|promenljivo) "
    r"(?:\w+ )?(?:soncevo|suncano|oblacno|vedro|toplo|hladno)|(?:suncano|oblacno|vedro|soncevo) (?:i|sa|s|so|vrijeme|vreme)|"
    r"moti (?:sot|neser|per|i dites)|parashikimi i motit|si do te jete moti|weather (?:forecast|today|tomorrow)|forecast for (?:today|tomorrow)|"
    # horoscope
    r"(?:dnevni |sedmicni |nedjeljni |nedeljni |mjesecni |mesecni |ljubavni |dneven )?horoskop\w*|horoscope\w*|yjet sot|"
    # lottery
    r"loto\w*|lutrij\w*|lotari\w*|llotari\w*|bingo|eurojackpot|lottery|izvucen\w* (?:brojevi|kombinacij\w+)|numrat fitues"
    r")\b"
)


def column_day(text: StoryText) -> date | None:
    """The day of a column by its headline; None for everything else, and for what has no day."""
    if text.published_at is None or not text.title:
        return None
    return text.published_at.date() if _COLUMN.search(fold(text.title)) else None
