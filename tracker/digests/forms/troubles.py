"""What could not be followed, in words: a digest says so itself, so that silence is never taken for absence."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests.forms.plain_text import NAME_CHARS, plain
from tracker.digests.forms.unread import reach_line
from tracker.locale.wording import Wording
from tracker.model import Digest, SourceTrouble

WITH_RESULTS = ("lost", "outrun")
"""Troubles of sources that gave some results all the same."""
MOST_NAMES = 12
"""Outlets named in one sentence; the run's report has them all."""


class TroubleLine(Struct, frozen=True):
    """A source that was not followed as it should be."""

    country_code: str
    country: str
    who: str
    why: str


def could_not_follow(digest: Digest, words: Wording) -> tuple[str, ...]:
    """Sentences on how well the sources answered, what was outrun, and what of the known coverage was found."""
    facts, lines = digest.facts, list(filter(None, [reach_line(digest, words)]))
    named = sum(
        trouble.outcome not in WITH_RESULTS for trouble in facts.troubles
    )  # one that fell silent answered, and is named all the same
    without = min(max(facts.sources_watched - facts.sources_answered, named), facts.sources_watched)
    if not knows_sources(digest):
        # the whole campaign's figure would mislead
        lines += [words.say("sources_by_country_alone")] if digest.scope.languages or digest.scope.outlets else []
    elif not facts.sources_watched:
        lines.append(words.say("none_polled"))
    elif without > 0:
        lines.append(words.say("without_results", without, watched=facts.sources_watched))
    else:
        lines.append(words.say("all_answered", facts.sources_watched))
    if facts.windows_outrun:
        lines.append(words.say("outrun", facts.windows_outrun, repaired=facts.windows_repaired))
    if facts.outrun_names:
        lines.append(words.say("may_be_missing", names=_some_names(facts.outrun_names)))
    if facts.known_items:
        lines.append(words.say("known_found", found=facts.known_found, known=facts.known_items))
    return tuple(lines)


def knows_sources(digest: Digest) -> bool:
    """Whether the edition knows how many sources were polled for its readers: of old ones the figure by country was not stored."""
    return not digest.scope or bool(digest.facts.by_country)


def trouble_lines(digest: Digest, words: Wording) -> tuple[TroubleLine, ...]:
    """The troubles by country as the campaign lists them, then by outlet as the language sorts."""
    facts = digest.facts
    rank = {code: place for place, code in enumerate(facts.countries)}
    ordered = sorted(
        facts.troubles,
        key=lambda t: (rank.get(t.country, len(rank)), t.country, words.sort_key(t.outlet_name), t.source_id),
    )
    return tuple(
        TroubleLine(
            trouble.country,
            words.country(trouble.country, facts.kosovo_note),
            plain(_who(trouble, words), NAME_CHARS),
            plain(_why(trouble, digest, words)),
        )
        for trouble in ordered
    )


def _who(trouble: SourceTrouble, words: Wording) -> str:
    """An outlet, or all of a language, which has the language's code in the place of the source's."""
    if words.knows_language(trouble.source_id):
        return words.say("all_outlets", language=words.language_name(trouble.source_id))
    return trouble.outlet_name


def _why(trouble: SourceTrouble, digest: Digest, words: Wording) -> str:
    """Why, and since when where that is not today: in closed wordings, as a finding's own sentence may hold what a server said. That
    sentence is in the run's report, in `tracker sources health` and in `tracker trace`."""
    why = words.trouble(trouble.outcome)
    zone = ZoneInfo(digest.facts.time_zone)
    since = trouble.since_at and trouble.since_at.astimezone(zone).date()
    if since is None or since >= digest.made_at.astimezone(zone).date():
        return why
    return words.say("since", trouble=why, day=words.day(since))


def _some_names(names: Sequence[str]) -> str:
    shown = ", ".join(plain(name, NAME_CHARS) for name in names[:MOST_NAMES])
    return f"{shown}, …" if len(names) > MOST_NAMES else shown
