"""What an edition says of the coverage that was missed: one sentence for everybody, and for staff what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.locale.wording import Wording
from tracker.model import Audience, Digest, Entry, Estimate

PROPER_NAMES = {"gdelt": "GDELT", "mediacloud": "Media Cloud", "wayback": "Wayback Machine"}


def estimate_lines(digest: Digest, words: Wording) -> tuple[str, ...]:
    """The sentences; none in editions made before there was an estimate."""
    estimate = digest.facts.estimate
    if estimate is None:
        return ()
    shown = named_elsewhere(estimate, digest.selection.counted)
    sentence = estimate_sentence(estimate, words, shown=shown, narrowed=bool(digest.scope))
    return (sentence, *(staff_lines(estimate, words) if digest.audience == Audience.STAFF else ()))


def estimate_sentence(estimate: Estimate, words: Wording, *, shown: int = 0, narrowed: bool = False) -> str:
    """`Found: 61 items; estimated missed: 0 to 4; ...`. `shown`: items of unreadable outlets that the edition has; `narrowed`: the
    reader gets a part of the edition, which the estimate is not of."""
    found = f"{words.say('estimate_found')}: {words.count('item', estimate.found)}"
    parts = [found, _missed(estimate, words)]
    if estimate.unreadable:
        unread = words.say("estimate_unreadable", len(estimate.unreadable))
        parts.append(f"{unread}, {words.say('estimate_headlines', shown)}" if shown else unread)
    sentence = f"{'; '.join(filter(None, parts))}."
    of = [words.say("estimate_all")] if narrowed else []
    of += [words.say("estimate_days", estimate.days)] if estimate.days else []
    return f"{', '.join(of)}: {sentence[:1].lower()}{sentence[1:]}" if of else sentence


def staff_lines(estimate: Estimate, words: Wording) -> tuple[str, ...]:
    """What the number rests on, for staff; nothing beside a refusal, which has its reason already."""
    if estimate.low is None or estimate.high is None or estimate.estimated is None:
        return ()
    nets = words.list_of([PROPER_NAMES[net] if net in PROPER_NAMES else words.say(f"net_{net}") for net in estimate.nets])
    interval = words.say("estimate_interval", estimated=estimate.estimated, low=estimate.low, high=estimate.high)
    basis = words.say(f"estimate_on_{estimate.basis}")
    naive = [words.say("estimate_naive", naive=estimate.naive)] if estimate.naive is not None else []
    return (" ".join([interval, basis, *naive]), f"{words.say('estimate_nets')}: {nets}. {words.say('estimate_limit')}")


def _missed(estimate: Estimate, words: Wording) -> str:
    missed = estimate.missed
    if missed is None:
        return "" if estimate.reason == "nothing_found" else words.say(f"estimate_no_{estimate.reason}")
    low, high = missed
    if low == high:
        return f"{words.say('estimate_missed')}: {words.number(low)}"
    return f"{words.say('estimate_missed')}: {words.say('estimate_from_to', low=low, high=high)}"


def named_elsewhere(estimate: Estimate, shown: Iterable[Entry]) -> int:
    """How many of the shown items are of the leading outlets that could not be read."""
    return sum(entry.outlet.id in estimate.unreadable for entry in shown)
