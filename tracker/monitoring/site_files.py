"""What the files of an outlet's site say of us, in words for staff: robots.txt and tdmrep.json. Deciding only."""

from __future__ import annotations

from collections import Counter

from tracker.model import SiteFile, SiteFileOutcome, TermsSaid, TermsVia

NAMES = {TermsVia.TDMREP: "tdmrep.json", TermsVia.ROBOTS: "robots.txt"}
ABOUT_MACHINES = ("content-signal", "content-usage")
MOST_NAMED = 3
ANSWERED = frozenset(map(str, SiteFileOutcome))


def asked_words(file: SiteFile) -> str:
    """When it was asked for, how that ended where it was not read, and since when it says what it says."""
    told = [f"asked {file.asked_at:%Y-%m-%d}"]
    if file.outcome not in (SiteFileOutcome.READ, SiteFileOutcome.UNCHANGED):
        told.append(file.outcome.replace("_", " "))
    if file.changed_at is not None and file.rules:
        told.append(f"says so since {file.changed_at:%Y-%m-%d}")
    return ", ".join(told)


def says_words(file: SiteFile, *, whole: bool = False) -> list[str]:
    """What is worth telling of it; nothing where it says nothing of us or of mining. `whole`: also what a robots.txt closes to everybody."""
    return _of_tdmrep(file) if file.via is TermsVia.TDMREP else _of_robots(file, whole)


def _of_tdmrep(file: SiteFile) -> list[str]:
    told = []
    for said, words in ((TermsSaid.RESERVED, "reserved against text and data mining"), (TermsSaid.OPEN, "not reserved")):
        if patterns := [pattern for pattern, one, _ in file.rules if one == said]:
            told.append(f"{words}: {_listed(patterns)}")
    policies = dict.fromkeys(policy for _, _, policy in file.rules if policy)
    told += [f"licence: {_listed([*policies])}"] if policies else []
    return [*told, *([f"{file.wrong} entries are no rules"] if file.wrong else [])]


def _of_robots(file: SiteFile, whole: bool) -> list[str]:
    fields = Counter(field for field, _, _ in file.rules)
    told = ["keeps us away"] if file.said is TermsSaid.REFUSED else []
    told += [
        f"{field}: {value}" for field, value, _ in file.rules if field in ("crawl-delay", "request-rate", "visit-time", *ABOUT_MACHINES)
    ]
    if (told or whole) and fields["disallow"]:
        told.append(f"disallowed: {_listed([value for field, value, _ in file.rules if field == 'disallow' and value])}")
    return told


def _listed(values: list[str]) -> str:
    more = len(values) - MOST_NAMED
    return ", ".join(values[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
