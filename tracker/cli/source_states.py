"""What `tracker sources list | health` print of the register's sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.model import SourceTrouble, Terms, TermsSaid
from tracker.monitoring.assess import Fares
from tracker.monitoring.platforms import PlatformFault
from tracker.monitoring.site_files import NAMES, asked_words, says_words
from tracker.monitoring.source_listing import MOST_URGENT
from tracker.store.second_looks import GivenUp
from tracker.store.terms import Files


def fare_rows(fares: Sequence[Fares]) -> list[tuple[str, ...]]:
    """Source, country, tier, state in words, polls that failed in a row, when it is due."""
    return [
        (
            one.state.source.id,
            one.state.outlet.country,
            str(one.state.outlet.tier),
            one.finding.words,
            str(one.state.failures),
            _moment(one.state.next_due_at) if one.state.enabled else "",
        )
        for one in sorted(fares, key=lambda one: (MOST_URGENT.index(one.finding.health), one.state.source.id))
    ]


def fare_report(fares: Sequence[Fares], lost: Sequence[SourceTrouble], given_up: Sequence[GivenUp] = ()) -> dict[str, object]:
    """The same for --json."""
    listed = [
        {
            "source": one.state.source.id,
            "outlet": one.state.outlet.id,
            "country": one.state.outlet.country,
            "state": str(one.finding.health),
            "words": one.finding.words,
            "since": one.finding.since_at,
            "failures": one.state.failures,
            "gaps": one.state.gaps,
            "next_due_at": one.state.next_due_at,
        }
        for one in fares
    ]
    return {"sources": listed, "lost": [*lost], "given_up": [*given_up]}


def platform_lines(platforms: Sequence[PlatformFault]) -> list[str]:
    """Each platform whose channels fail together, in one line in place of one a channel."""
    return [
        f"{one.platform}: {one.failing} of {one.watched} channels fail together"
        f"{f' since {one.since_at:%Y-%m-%d}' if one.since_at else ''}, a fault of the platform: {one.detail} (--all names them)"
        for one in platforms
    ]


def terms_lines(said: Mapping[str, Sequence[Terms]]) -> list[str]:
    """Outlets whose pages reserve themselves against text and data mining, and where they say so."""
    reserving = {outlet: [one for one in each if one.said is TermsSaid.RESERVED] for outlet, each in sorted(said.items())}
    return [
        f"reserved against text and data mining: {outlet} ({', '.join(' '.join(filter(None, (str(one.via), one.policy))) for one in each)})"
        for outlet, each in reserving.items()
        if each
    ]


def file_lines(files: Files, *, everything: bool = False) -> list[str]:
    """What outlets' tdmrep.json and robots.txt say of us and of mining. A file that says nothing of it is named with `everything` alone."""
    return [
        f"{NAMES[via]} of {outlet} ({asked_words(file)}): {'; '.join(says_words(file, whole=everything)) or 'nothing'}"
        for (outlet, via), file in sorted(files.items())
        if everything or says_words(file)
    ]


def file_report(files: Files) -> dict[str, dict[str, object]]:
    """The same for --json, by outlet and file."""
    found: dict[str, dict[str, object]] = {}
    for (outlet, via), file in sorted(files.items()):
        found.setdefault(outlet, {})[str(via)] = file
    return found


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "now"
