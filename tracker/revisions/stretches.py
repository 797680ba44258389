"""Two sources without most of what stands equally in both, found by comparing long stretches at once and not tag by tag."""

from __future__ import annotations

import re

AHEAD, FURTHER = 400, 4000
"""Characters behind a difference at which the sources are first looked for to agree again, ever twice as many; and so many further on in the
other source than that."""
PROBE = 120
"""Characters that must be equal, once, where they agree again: a whole card's markup with its text, not a closing tag."""
MOST_MEETINGS = 40
"""A bound on the work: after so many differences the rest is compared tag by tag."""
TAGS_BEFORE = 32
"""Tags of an equal stretch that are kept before a difference, for who asks whether it stands inside a link."""
_BLOCK = re.compile(r"</?(?:p|div|li|ul|ol|h[1-6]|section|article|aside|nav|main|header|footer|table|tr|td|figure)[\s>]")


def without_equal_stretches(one: str, other: str) -> tuple[str, str]:
    """Both sources with the inner parts of long equal stretches left out, a declaration that is none (`<!1>`) in place of each. Around it
    stand tags at which a block begins, so every block in which something differs is whole."""
    tail = _equal_end(one, len(one), other, len(other), min(len(one), len(other)))
    end, other_end = len(one) - tail, len(other) - tail
    kept: list[str] = []
    other_kept: list[str] = []
    at = other_at = 0
    for number in range(MOST_MEETINGS):
        equal = _equal_start(one, at, other, other_at, min(end - at, other_end - other_at))
        frame = _frame(one, at, at + equal, f"<!{number}>")
        kept += frame
        other_kept += frame
        at, other_at = at + equal, other_at + equal
        meeting = _meeting(one, at, end, other, other_at, other_end)
        if meeting is None:
            break
        kept.append(one[at : meeting[0]])
        other_kept.append(other[other_at : meeting[1]])
        at, other_at = meeting
    last = one[end : _end_of_blocks(one, end, len(one))]
    return "".join((*kept, one[at:end], last)), "".join((*other_kept, other[other_at:other_end], last))


def _end_of_blocks(source: str, start: int, end: int) -> int:
    """Where a tag begins behind the second one that begins a block; the first may be taken for one of what was put in before it."""
    for _ in range(2):
        found = _BLOCK.search(source, start, end)
        if found is None:
            return end
        start = source.find("<", found.start() + 1, end)
        if start < 0:
            return end
    return start


def _frame(source: str, start: int, end: int, gap: str) -> tuple[str, ...]:
    """What is kept of an equal stretch: to the second tag that begins a block, and from one that has enough tags behind it."""
    before = end
    for _ in range(TAGS_BEFORE):
        before = source.rfind("<", start, before)
        if before < 0:
            return (source[start:end],)
    first = _end_of_blocks(source, start, before)
    while before >= first and not _BLOCK.match(source, before, end):
        before = source.rfind("<", start, before)
    if before < first:
        return (source[start:end],)
    return source[start:first], gap, source[before:end]


def _meeting(one: str, at: int, end: int, other: str, other_at: int, other_end: int) -> tuple[int, int] | None:
    """Where both sources are equal again; None where that is not found."""
    ahead = AHEAD
    while (place := one.find("<", at + ahead, end - PROBE)) >= 0:
        probe = one[place : place + PROBE]
        limit = min(other_end, other_at + 2 * ahead + FURTHER)
        there = other.find(probe, other_at, limit)
        if there >= 0 and other.find(probe, there + 1, limit) < 0:
            back = _equal_end(one, place, other, there, min(place - at, there - other_at))
            return place - back, there - back
        ahead *= 2
    return None


def _equal_start(one: str, at: int, other: str, other_at: int, most: int) -> int:
    """How many characters are equal from these places on."""
    done, step = 0, PROBE
    while step and done < most:
        step = min(step, most - done)
        if other.startswith(one[at + done : at + done + step], other_at + done):
            done += step
            step *= 2
        else:
            step //= 2
    return done


def _equal_end(one: str, end: int, other: str, other_end: int, most: int) -> int:
    """How many characters are equal before these places."""
    done, step = 0, PROBE
    while step and done < most:
        step = min(step, most - done)
        if other.endswith(one[end - done - step : end - done], 0, other_end - done):
            done += step
            step *= 2
        else:
            step //= 2
    return done
