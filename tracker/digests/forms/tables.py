"""Rows of a digest's tables and charts, in words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tracker.digests import history
from tracker.digests.figures import Figures, MessageCount
from tracker.digests.forms.plain_text import NAME_CHARS, plain
from tracker.digests.quoting import confirmed_speakers
from tracker.locale.wording import Wording
from tracker.model import Audience, Digest


class Bar(Struct, frozen=True):
    """A labelled number. `of_largest` and `of_all` are fractions from 0 to 1; `shown` is the number as the language writes it. `percent`
    is its share in whole numbers, which add up to 100 over all rows. `partial`: it stands for a part of its week or month only."""

    label: str
    value: int
    shown: str
    of_largest: float
    of_all: float
    percent: int = 0
    partial: bool = False


class MessageLine(Struct, frozen=True):
    """A key message: items in which its words were found (for staff; else 0), and of the items assessed by a person those in which it
    came through. `shown` is that as "3 of 9", `sentence` in a whole sentence; both empty where no item was assessed. `share` is the
    fraction, for a bar. `since_start`: "since the start: 12 of 40", empty where that is not known or says the same."""

    name: str
    found: int
    confirmed: int
    assessed: int = 0
    shown: str = ""
    sentence: str = ""
    share: float = 0.0
    since_start: str = ""


class QuotedLine(Struct, frozen=True):
    """A spokesperson, in how many items the program found the name, and in how many a person found words of theirs quoted. `counted`
    says both."""

    name: str
    role: str
    items: int
    counted: str
    quoted: int = 0


class ObjectiveLine(Struct, frozen=True):
    """An objective, its target beside our figures, and outcomes that a person entered. `share`: how much of the target is reached since
    the start, from 0 to 1; None where nothing measures it."""

    name: str
    target: str
    outcomes: tuple[str, ...]
    share: float | None = None


def bars(rows: Sequence[tuple[str, int]], words: Wording, partial: Sequence[bool] = ()) -> tuple[Bar, ...]:
    """The rows in their order, each beside the largest and beside the sum. `partial` says which rows bear that mark."""
    counts = [count for _, count in rows]
    largest, total = max(counts, default=0) or 1, sum(counts) or 1
    numbers = {count: words.number(count) for count in {*counts}}
    return tuple(
        Bar(f"{label}*" if part else label, count, numbers[count], count / largest, count / total, percent, part)
        for (label, count), percent, part in zip(rows, shares(counts), partial or [False] * len(rows), strict=True)
    )


def shares(counts: Sequence[int]) -> list[int]:
    """The counts as whole per cent that add up to 100, by the largest remainder; all 0 where there is nothing."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    whole = [count * 100 // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: (-(counts[place] * 100 % total), place))
    for place in by_remainder[: 100 - sum(whole)]:
        whole[place] += 1
    return whole


def message_lines(digest: Digest, figures: Figures, words: Wording) -> tuple[MessageLine, ...]:
    """Key messages that came through in an item; for staff also those whose words alone were found."""
    for_staff = digest.audience == Audience.STAFF
    names = {message.id: words.name_in(message.names, message.name) for message in digest.facts.key_messages}
    whole = history.added(digest.since_start.cells) if digest.since_start else None

    def since_start(one: MessageCount) -> str:
        if whole is None or whole.assessed <= one.assessed:
            return ""
        return words.say("since_start", value=words.say("n_of", whole.messages.get(one.id, 0), total=whole.assessed))

    return tuple(
        MessageLine(
            plain(names[one.id], NAME_CHARS),
            one.found if for_staff else 0,
            one.confirmed,
            one.assessed,
            words.say("n_of", one.confirmed, total=one.assessed) if one.assessed else "",
            words.say("confirmed_in", one.confirmed, assessed=one.assessed) if one.assessed else "",
            one.confirmed / one.assessed if one.assessed else 0.0,
            since_start(one),
        )
        for one in figures.by_message
        if one.confirmed or (for_staff and one.found)
    )


def quoted_lines(digest: Digest, words: Wording) -> tuple[QuotedLine, ...]:
    """Spokespeople of counted items, the most often quoted first, then the most often named. A machine finds the name; that somebody is
    quoted, a person says."""
    found = []
    for person in digest.facts.spokespeople:
        wanted = frozenset(person.terms)
        named = sum(any(hit.term_id in wanted for hit in entry.mention.hits) for entry in digest.selection.counted)
        quoted = sum(person.name in confirmed_speakers(entry) for entry in digest.selection.counted)
        if named or quoted:
            told = [words.say("quoted_in", quoted)] * bool(quoted) + [words.say("named_in", named)] * bool(named)
            role = plain(words.name_in(person.roles, person.role), NAME_CHARS)
            found.append(QuotedLine(plain(person.name, NAME_CHARS), role, named, "; ".join(told), quoted))
    return tuple(sorted(found, key=lambda line: (-line.quoted, -line.items)))


def objective_lines(digest: Digest, figures: Figures, words: Wording) -> tuple[ObjectiveLine, ...]:
    """The campaign's objectives beside the figures; nothing is summed. None in a narrowed digest: they are of the whole campaign."""
    if digest.scope:
        return ()
    lines = []
    for objective in digest.facts.objectives:
        target, share, whole = "", None, None
        if objective.measure and objective.target:
            now = figures.measure(objective.measure)
            whole = history.measure(digest.since_start, objective.measure) if digest.since_start else None
            reached = now if whole is None else whole
            target, share = words.say("objective_target", target=objective.target, value=reached), min(1.0, reached / objective.target)
            if whole is not None and whole != now:
                target = f"{target} ({words.say('in_this_period', value=words.number(now))})"
        outcomes = tuple(
            words.say("outcome", name=plain(one.name), value=plain(one.value), source=plain(one.source), day=words.iso_day(one.on))
            for one in objective.outcomes
        )
        lines.append(ObjectiveLine(plain(words.name_in(objective.names, objective.name)), target, outcomes, share))
    return tuple(lines)


def topped(rows: Sequence[Bar], most: int, words: Wording) -> tuple[Bar, ...]:
    """The first outlets, and a row without a bar that sums up the others, so that the rows still add up."""
    rest = rows[most - 1 :]
    if len(rest) < 2:
        return tuple(rows)
    value = sum(bar.value for bar in rest)
    label, percent = f"+ {words.count('outlet', len(rest))}", sum(bar.percent for bar in rest)
    summed = Bar(label, value, words.number(value), 0, sum(bar.of_all for bar in rest), percent)
    return (*rows[: most - 1], summed)
