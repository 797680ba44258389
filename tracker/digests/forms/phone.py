"""How high a mail stands on a phone, reckoned from its words before it is laid out, so that it can be kept to three screens.

Sizes are those of `templates/shared/mail.css` and `mail-responsive.css`. `tests/digests/forms/test_mail_looks.py` holds the reckoning against
a browser's.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.digests.forms.branding import mail_marks
from tracker.digests.forms.foot import evidence_line
from tracker.digests.forms.pictures import ClipPicture
from tracker.digests.forms.plain_text import KEPT
from tracker.digests.forms.tables import MessageLine, ObjectiveLine

if TYPE_CHECKING:
    from tracker.digests.forms.letter import Letter, Line
    from tracker.digests.forms.view import Reading

WIDTH = 358
"""Pixels of a line of text: a phone of 390 without the margins."""
PICTURE_HEIGHT = 170
"""Of the picture at most, as the style sheet for phones has it."""
BLOCK = 11
"""Above each part."""
TITLE = BLOCK + 28
"""A part's heading."""
SMALL = 18.2
"""A line of small print."""
_FILLED = 0.93
"""Of a line, on average: the word that would not fit stands on the next one."""
_NARROW, _WIDE = frozenset("iljtfrI.,:;'’‘|!()[]„“”·-/ѓі "), frozenset("mwMW@%—…жшщмфюЖШЩМФЮ")


@lru_cache(maxsize=KEPT)
def _ems(text: str) -> float:
    """Width of the text in its own size."""
    return sum(map(_em, text))


@lru_cache(maxsize=1024)
def _em(letter: str) -> float:
    if letter in _NARROW:
        return 0.29
    if letter in _WIDE:
        return 0.86
    if unicodedata.combining(letter):
        return 0.0
    if letter > "\u2e7f":
        return 1.2
    return 0.68 if letter.isupper() else 0.58


def lines(text: str, size: float, width: float = WIDTH) -> int:
    """Lines that a text of this size takes."""
    return max(1, math.ceil(_ems(text) * size / (width * _FILLED))) if text else 0


def _small(text: str, width: float = WIDTH) -> float:
    return lines(text, 13, width) * SMALL + 4 if text else 0


def line_height(line: Line, *, country: bool = False) -> float:
    """One headline with its outlet, and its translation."""
    clip = line.clip
    small = " · ".join(
        filter(
            None,
            (
                f"{clip.outlet}, {clip.country}" if country else clip.outlet,
                clip.medium if clip.medium_code != "online" else "",
                line.also,
                clip.by_hand,
                clip.listed,
                clip.corrected,
                clip.release,
            ),
        )
    )
    dot = 1.2 if clip.tone_code else 0.0
    rows = math.ceil((_ems(clip.headline) * 15 + dot * 15 + _ems(small) * 13) / (WIDTH * _FILLED))
    decide = lines(line.decide, 13) * 19.8 if line.decide else 0
    translated = lines(clip.translation, 14) * 18.9 + 3 if clip.translation else 0
    return rows * 19.8 + 4 + decide + translated


def height(letter: Letter, reading: Reading) -> float:
    """Pixels of the mail at 390 wide."""
    return (
        _head(reading)
        + _summary(letter, reading)
        + _top(letter, reading)
        + _titled(line_height(line, country=True) for line in letter.answers)
        + _titled(
            30 + (_small(country.unread) if country.unread else 0) + sum(map(line_height, country.lines)) for country in letter.countries
        )
        + _rest(letter, reading)
        + _foot(letter, reading)
    )


def _titled(heights: Iterable[float]) -> float:
    found = [*heights]
    return TITLE + sum(found) if found else 0.0


def _head(reading: Reading) -> float:
    mark, _ = mail_marks(reading.digest)
    logo = mark.height / 2 + 24 if mark else 0
    dated = f"{reading.period} · {reading.scope}" if reading.scope else reading.period
    made = f"{reading.made} · {reading.approved}" if reading.approved else reading.made
    told = sum(lines(text, 14) * 19.6 for text in (dated, reading.title, made))
    alert = 39 + sum(lines(text, 14) * 18.9 + 2 for text in reading.attention) if reading.attention else 0
    return 30 + logo + lines(reading.campaign, 21) * 25 + told + alert


def _summary(letter: Letter, reading: Reading) -> float:
    lead = BLOCK + sum(lines(text, 16) * 22.4 + 4 for text in letter.lead)
    tall = [38 + (lines(tile.label, 13, 161) + lines(tile.before, 13, 161)) * 16.3 for tile in reading.tiles]
    tiles = BLOCK + sum(max(tall[place : place + 2]) for place in range(0, len(tall), 2)) if tall else 0
    remarks = BLOCK + sum(map(_small, letter.remarks)) if letter.remarks else 0
    segments = " · ".join(f"● {one.shown}" for one in reading.tone.segments)
    tone = BLOCK + 36 + _small(segments) if reading.tiles else 0
    return lead + tiles + remarks + tone


def _picture(picture: ClipPicture | None) -> float:
    return min(PICTURE_HEIGHT, WIDTH * picture.height / picture.width) if picture else 0.0


def _top(letter: Letter, reading: Reading) -> float:
    if letter.top is None:
        return 0.0
    clip = letter.top.first
    first = f"{clip.first_label}: {clip.outlet}, {clip.country}, {clip.published}"
    carried = ", ".join(f"{one.outlet} ({one.country})" for one in letter.carriers)
    told = (letter.top.reason, first, f"{reading.say('carried_by')}: {carried} {letter.more_carriers}" if carried else "")
    translated = lines(f"{clip.translation} {reading.say('translation')}", 14, 330) * 18.9 + 3 if clip.translation else 0
    text = 20 + lines(clip.headline, 18, 320) * 22.1 + translated + sum(lines(one, 13, 330) * 17.6 + 3 for one in told)
    return TITLE + _picture(letter.picture) + text


def _rest(letter: Letter, reading: Reading) -> float:
    more = BLOCK + sum(map(_small, letter.more)) + 46 if letter.more or letter.open_report else 0
    quote = 0.0
    if letter.quote:
        clip, said = letter.quote
        quote = BLOCK + lines(said.text, 16, 343) * 23.2 + _small(f"{said.speaker}, {said.role} · {clip.outlet}")
    trend = TITLE + 70 + _small(reading.trend.title) if letter.has_trend else 0
    changed = BLOCK + 22 + sum(map(_small, letter.changed)) if letter.changed else 0
    return more + quote + _titled(map(_message, letter.messages)) + _titled(map(_objective, letter.objectives)) + trend + changed


def _message(line: MessageLine) -> float:
    return lines(line.name, 15, 290 if line.shown else WIDTH) * 19.5 + 10 + _small(line.since_start)


def _objective(line: ObjectiveLine) -> float:
    return lines(line.name, 15) * 19.5 + 10 + _small(line.target) + sum(map(_small, line.outcomes))


def _foot(letter: Letter, reading: Reading) -> float:
    told = [letter.sources, *letter.troubles, reading.funding, reading.kosovo_note, evidence_line(reading)]
    told += [reading.say("missed_link", address=reading.contact) if reading.contact else ""]
    told += [reading.say("unsubscribe", address=reading.unsubscribe) if reading.unsubscribe else ""]
    marks = max((mark.height / 2 for mark in mail_marks(reading.digest)[1]), default=-12) + 12
    return 33 + marks + sum(lines(text, 12) * 17.4 + 4 for text in told if text)
