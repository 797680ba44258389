"""What a reader takes in first: four figures beside those of the period before, the tone of what was assessed, the trend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests import history
from tracker.digests.figures import Figures, appeared_at
from tracker.digests.forms.summaries import COMPARED, period_before
from tracker.digests.forms.tables import Bar, bars, shares
from tracker.digests.once import once
from tracker.locale.wording import Wording
from tracker.model import Digest, EditionKind, Entry, Tone

TONES = (Tone.POSITIVE, Tone.NEUTRAL, Tone.MIXED, Tone.NEGATIVE)
"""In the order of a bar, from good to bad."""


class Tile(Struct, frozen=True):
    """A figure with its noun; `before` says what it was in the period before, empty where there is nothing to compare with. `key` is
    `items`, `outlets`, `leading` or `tone`."""

    key: str
    value: str
    label: str
    before: str = ""


class ToneSegment(Struct, frozen=True):
    """Assessed items of one tone. `code` is a Tone; `percent` are whole numbers that add up to 100, `shown` says both in words."""

    code: str
    label: str
    count: int
    percent: int
    shown: str


class ToneBar(Struct, frozen=True):
    """The tone of the items that a person assessed, tones without an item left out. `base`: "11 of 61 assessed"; `sentence` says all of
    it in one line. No segment where nothing was assessed."""

    segments: tuple[ToneSegment, ...]
    base: str
    sentence: str


class Trend(Struct, frozen=True):
    """Items of up to eight periods, the edition's own last; empty where there is nothing to compare with. A bar's `partial` marks a
    period that the campaign did not fill; `note` explains the mark, empty where none bears it."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""


def tiles(digest: Digest, figures: Figures, words: Wording) -> tuple[Tile, ...]:
    """Items, outlets, share in leading outlets, tone; none where there is no item."""
    if not figures.items:
        return ()
    now = _counts(digest)
    inside = once(digest.selection, ("counts", digest.window), lambda: _added(_in_period(digest)))
    old = history.added(digest.before.cells) if digest.before and history.is_counted(digest.before) else None
    items_before = digest.before.items if digest.before else None

    def tile(key: str, label: str, value: str, within: str, earlier: str | None) -> Tile:
        parts = []
        if earlier is not None and digest.kind in COMPARED:
            parts = [words.say("in_this_period", value=within)] if within != value else []
            parts.append(f"{period_before(digest, words)}: {earlier}")
        return Tile(key, value, label, "; ".join(parts))

    return (
        tile(
            "items",
            words.say("item", now.items),
            words.number(now.items),
            words.number(inside.items),
            None if items_before is None else words.number(items_before),
        ),
        tile(
            "outlets",
            words.say("outlet", now.outlets),
            words.number(now.outlets),
            words.number(inside.outlets),
            words.number(old.outlets) if old else None,
        ),
        tile("leading", words.say("leading_share"), _leading(now, words), _leading(inside, words), _leading(old, words) if old else None),
        tile("tone", words.say("positive_share"), _positive(now, words), _positive(inside, words), _positive(old, words) if old else None),
    )


def tone_bar(digest: Digest, words: Wording) -> ToneBar:
    """The tone of the counted items, as a person judged it."""
    entries = digest.selection.counted
    tones = _counts(digest).tones
    found = [(tone, tones[tone]) for tone in TONES if tones.get(tone)]
    assessed = sum(count for _, count in found)
    base = words.say("assessed_of", assessed=assessed, items=len(entries))
    segments = tuple(
        ToneSegment(
            str(tone),
            words.say(f"tone_{tone}"),
            count,
            percent,
            f"{words.say(f'tone_{tone}')}: {words.number(count)} ({words.percent(percent / 100)})",
        )
        for (tone, count), percent in zip(found, shares([count for _, count in found]), strict=True)
    )
    told = ", ".join(f"{segment.label} {words.number(segment.count)}" for segment in segments)
    return ToneBar(segments, base, f"{base}: {told}." if told else f"{base}.")


def trend(digest: Digest, figures: Figures, words: Wording) -> Trend:
    """The items by period, each by its day of publication."""
    if digest.kind not in history.WITH_TREND or not digest.trend:
        return Trend("", ())
    zone, first = ZoneInfo(digest.facts.time_zone), digest.facts.since_on
    periods = [(one.window, one.items) for one in digest.trend] + [(digest.window, figures.in_period)]
    starts = [window.start_at.astimezone(zone).date() for window, _ in periods]
    partial = [window.end_at > _midnight(first, zone) > window.start_at if first else False for window, _ in periods]
    rows = bars([(_named(digest.kind, start, words), count) for start, (_, count) in zip(starts, periods, strict=True)], words, partial)
    return Trend(words.say(f"trend_{digest.kind}"), rows, words.say("partial_note") if any(partial) else "")


def _counts(digest: Digest) -> history.Counts:
    return once(digest.selection, "counts", lambda: _added(digest.selection.counted))


def _added(entries: Sequence[Entry]) -> history.Counts:
    return history.added(history.count_cells(entries))


def _in_period(digest: Digest) -> list[Entry]:
    return [entry for entry in digest.selection.counted if appeared_at(entry) >= digest.window.start_at]


def _leading(counts: history.Counts, words: Wording) -> str:
    return words.percent(counts.leading / counts.items) if counts.items else "–"


def _positive(counts: history.Counts, words: Wording) -> str:
    return words.say("n_of", counts.tones.get(Tone.POSITIVE, 0), total=counts.judged) if counts.judged else "–"


def _named(kind: str, first: date, words: Wording) -> str:
    """A period as a chart names it: a week by its days, a month by its name, a quarter by its months."""
    match kind:
        case EditionKind.WEEKLY:
            return words.period(first, first + timedelta(days=6))
        case EditionKind.MONTHLY:
            return words.month_year(first)
        case _:
            return f"{words.month_year(first)} – {words.month_year(first + timedelta(days=70))}"


def _midnight(day: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), zone)
