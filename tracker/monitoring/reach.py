"""How much of what we watch answered, and whether that is enough to say what was published. Pure.

A failed night must never read as "nothing was published". So an outlet is the unit: what matters to a reader is whether anybody could
look, not which of an outlet's addresses answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct

from tracker.locale.said import Said
from tracker.model import FetchOutcome, SourceKind
from tracker.model.reach import Reach, ReachCell
from tracker.urls.canonical import registrable_domain

MOST = 0.5
"""More than half unread: what is not known outweighs what is. A definition, not a measurement: "most of what was watched"."""
LEAST_OF_GROUP = 3
"""Outlets of a tier or a language before it is judged apart: of two, one dead address is half."""
LEADING_TIERS = (1, 2)
"""National outlets, two thirds of the register: what is carried widely is carried there. The loss of all of tier 3 is named besides."""
LEAST_PAGES = 20
"""Article pages before a share of them says anything: with 20, a true share of 80 % falls below one half once in 1,700 nights."""
ALIKE = 0.6
"""Unread outlets that share a cause before it is named as the cause of all: an ordinary night has a tail of dead addresses besides."""
LEAST_ALIKE = 3
"""Outlets of different owners that sent the same page: two may share a provider's "account suspended" page."""
LOGIN_PAGE = "login_page"
NOT_POLLED = "not_polled"


class Standing(StrEnum):
    """What a run's reach allows to say."""

    WHOLE = "whole"
    PARTLY = "partly"  # a country, a tier or a language could not be read at all
    FAILED = "failed"  # most could not be read
    NOTHING = "nothing"  # no outlet could be read


class SourcePoll(Struct, frozen=True):
    """How the last poll of a watched source ended in a run; `outcome` None: it was not asked."""

    outlet_id: str
    country: str
    tier: int
    language: str
    kind: SourceKind
    outcome: FetchOutcome | None = None
    requested_url: str = ""
    final_url: str = ""
    status: int | None = None
    size_bytes: int | None = None

    @property
    def was_read(self) -> bool:
        """Whether it said what there is. An answer that lists nothing counts where there was one: a search may find nothing, a news
        sitemap holds two days; a page of links without any link is no such answer."""
        if self.outcome is FetchOutcome.EMPTY:
            return bool(self.size_bytes) and self.kind is not SourceKind.SECTION
        return self.outcome is not None and self.outcome.succeeded


def measure(polls: Iterable[SourcePoll], *, pages_asked: int = 0, pages_read: int = 0) -> Reach:
    """The reach of a run by its polls, one a source. A search that was not asked says nothing of its outlet."""
    by_outlet: dict[str, list[SourcePoll]] = {}
    for poll in polls:
        if poll.outcome is not None or poll.kind is not SourceKind.SEARCH:
            by_outlet.setdefault(poll.outlet_id, []).append(poll)
    gated = outlets_behind_a_login_page([poll for listed in by_outlet.values() for poll in listed])
    watched, read, causes = Counter[tuple[str, int, str]](), Counter[tuple[str, int, str]](), Counter[str]()
    for outlet_id, listed in by_outlet.items():
        first = listed[0]
        key = (first.country, first.tier, first.language)
        watched[key] += 1
        if outlet_id not in gated and any(poll.was_read for poll in listed):
            read[key] += 1
        else:
            causes[LOGIN_PAGE if outlet_id in gated else _cause(listed)] += 1
    cells = tuple(ReachCell(*key, watched[key], read[key]) for key in sorted(watched))
    return Reach(cells, tuple(causes.most_common()), pages_asked, pages_read)


def outlets_behind_a_login_page(polls: Sequence[SourcePoll]) -> frozenset[str]:
    """Outlets of which every answer was one and the same page that others sent too: they all led to one foreign host, or all bodies
    have one size to the byte. A feed that was read is a feed, wherever it lies."""
    answered: dict[str, list[SourcePoll]] = {}
    for poll in polls:
        if poll.outcome is not None and poll.status is not None and 200 <= poll.status < 300:
            answered.setdefault(poll.outlet_id, []).append(poll)
    same: dict[object, dict[str, str]] = {}
    for outlet_id, listed in answered.items():
        marks = [set() if _is_content(poll) else _marks(poll) for poll in listed]
        for mark in set.intersection(*marks):
            same.setdefault(mark, {})[outlet_id] = site(listed[0].requested_url)
    shared = (outlets for outlets in same.values() if len(set(outlets.values())) >= LEAST_ALIKE)
    return frozenset(outlet_id for outlets in shared for outlet_id in outlets)


def standing(reach: Reach) -> Standing:
    """What may be said after a run with this reach. One that watches nothing is whole: there was nothing to read."""
    if not reach.watched:
        return Standing.WHOLE
    if not reach.read:
        return Standing.NOTHING
    if failing(reach):
        return Standing.FAILED
    return Standing.PARTLY if any(unread_groups(reach).values()) else Standing.WHOLE


def failing(reach: Reach) -> tuple[str, ...]:
    """By what measure most could not be read: of `outlets`, `tier N`, `countries`, `languages`, `pages`; empty where most was read."""
    found = ["outlets"] if _mostly_unread(reach.watched, reach.read) else []
    for tier, (watched, read) in by(reach, "tier").items():
        if tier in LEADING_TIERS and watched >= LEAST_OF_GROUP and _mostly_unread(watched, read):
            found.append(f"tier {tier}")
    for name, least, plural in (("country", 1, "countries"), ("language", LEAST_OF_GROUP, "languages")):
        groups = [counts for counts in by(reach, name).values() if counts[0] >= least]
        if len(groups) > 1 and sum(_mostly_unread(*counts) for counts in groups) > MOST * len(groups):
            found.append(plural)
    if reach.pages_asked >= LEAST_PAGES and _mostly_unread(reach.pages_asked, reach.pages_read):
        found.append("pages")
    return tuple(found)


def unread_groups(reach: Reach) -> dict[str, tuple[str, ...]]:
    """Countries, tiers and languages of which not one outlet was read; a country however few its outlets are."""
    found: dict[str, tuple[str, ...]] = {}
    for name, least in (("country", 1), ("tier", LEAST_OF_GROUP), ("language", LEAST_OF_GROUP)):
        found[name] = tuple(str(value) for value, (watched, read) in by(reach, name).items() if watched >= least and not read)
    return found


def by(reach: Reach, name: str) -> Mapping[str | int, tuple[int, int]]:
    """(watched, read) by `country`, `tier` or `language`, in order."""
    counted: dict[str | int, tuple[int, int]] = {}
    for cell in reach.cells:
        watched, read = counted.get(getattr(cell, name), (0, 0))
        counted[getattr(cell, name)] = (watched + cell.watched, read + cell.read)
    return dict(sorted(counted.items(), key=lambda item: str(item[0])))


def is_outage(reach: Reach | None, countries: Collection[str] = ()) -> bool:
    """Whether most could not be read, of all that is watched or of these countries (empty: all alone)."""
    if reach is None:
        return False
    parts = [reach, reach.of_countries(countries)] if countries else [reach]
    return any(standing(part) in (Standing.FAILED, Standing.NOTHING) for part in parts)


def leading_cause(reach: Reach) -> str:
    """Why most unread outlets could not be read; empty where they share no cause. Failures of one connection go together: a dead
    network shows as refused here and as a timeout there."""
    families = Counter[str]()
    for cause, count in reach.causes:
        families[_FAMILIES.get(cause, cause)] += count
    for cause, count in families.most_common(1):
        return cause if count >= ALIKE * families.total() else ""
    return ""


def advice(reach: Reach) -> str:
    """What to look at first, in English, for whoever runs the tracker."""
    return _ADVICE.get(leading_cause(reach), "see `tracker sources health`")


_UNREAD = {Standing.NOTHING: "nothing", Standing.FAILED: "failed", Standing.PARTLY: "partly"}


def headline(reach: Reach) -> str:
    """The run's reach in one sentence with what to do, for the report, the doctor and the morning line; empty where all is well."""
    stands = standing(reach)
    if stands is Standing.WHOLE:
        return ""
    if stands is Standing.NOTHING:
        words = f"this night FAILED: none of the {_outlets(reach.watched)} watched could be read; {advice(reach)}"
    elif stands is Standing.FAILED:
        words = f"this night FAILED: {_shares(reach)}; {advice(reach)}"
    else:
        words = f"{_named_groups(reach)}; {advice(reach)}"
    counted = {"read": str(reach.read), "watched": str(reach.watched), "command": "`tracker sources health`"}
    return Said(f"need_unread_{_UNREAD[stands]}", words=words, **counted)


def figures(reach: Reach) -> str:
    """`560 of 576 outlets were read`."""
    return f"{reach.read} of {_outlets(reach.watched)} {'was' if reach.watched == 1 else 'were'} read"


def table_lines(reach: Reach) -> list[str]:
    """The figures by country, tier and language, for a report."""
    lines = [figures(reach)]
    for name in ("country", "tier", "language"):
        parts = [f"{value or 'unknown'} {read}/{watched}" for value, (watched, read) in by(reach, name).items()]
        lines.append(f"by {name}: {', '.join(parts)}")
    return lines


def _shares(reach: Reach) -> str:
    told = [f"only {figures(reach)}"]
    measures = failing(reach)
    told += [f"most of the {name} could not be read" for name in measures if name in ("countries", "languages")]
    told += [f"most outlets of {name} could not be read" for name in measures if name.startswith("tier")]
    if "pages" in measures:
        told.append(f"only {reach.pages_read} of {reach.pages_asked} article pages could be read")
    return "; ".join(told if "outlets" in measures else [figures(reach), *told[1:]])


def _named_groups(reach: Reach) -> str:
    groups = unread_groups(reach)
    told = [f"no outlet of {', '.join(groups['country'])} could be read"] if groups["country"] else []
    told += [f"no outlet of tier {', '.join(groups['tier'])} could be read"] if groups["tier"] else []
    told += [f"no outlet in the language {', '.join(groups['language'])} could be read"] if groups["language"] else []
    return "; ".join(told)


def _outlets(count: int) -> str:
    return "1 outlet" if count == 1 else f"{count} outlets"


def _mostly_unread(watched: int, read: int) -> bool:
    return watched - read > MOST * watched


def _cause(polls: Sequence[SourcePoll]) -> str:
    """Of an outlet's failures the most frequent; of equals the first."""
    outcomes = Counter(NOT_POLLED if poll.outcome is None else str(poll.outcome) for poll in polls)
    return outcomes.most_common(1)[0][0]


def _is_content(poll: SourcePoll) -> bool:
    return poll.outcome is FetchOutcome.UNCHANGED or (poll.outcome is FetchOutcome.FETCHED and poll.kind is not SourceKind.SECTION)


def _marks(poll: SourcePoll) -> set[object]:
    """What an answer may share with those of other outlets: the foreign host that it came from, and its size."""
    marks: set[object] = {("size", poll.size_bytes)} if poll.size_bytes else set()
    final, asked = site(poll.final_url), site(poll.requested_url)
    return marks | ({("host", final)} if final and final != asked else set())


def site(url: str) -> str:
    """What somebody registered; for addresses in numbers the port too, as several sites may stand on one machine."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    site = registrable_domain(url)
    return f"{site}:{port}" if site and port and site.replace(".", "").isdigit() else site


_FAMILIES: Mapping[str, str] = {
    str(FetchOutcome.TIMEOUT): str(FetchOutcome.CONNECTION_FAILED),
    str(FetchOutcome.EMPTY): LOGIN_PAGE,
    str(FetchOutcome.NOT_A_FEED): LOGIN_PAGE,
    str(FetchOutcome.NOT_HTML): LOGIN_PAGE,
    str(FetchOutcome.RATE_LIMITED): str(FetchOutcome.BLOCKED),
}

_ADVICE: Mapping[str, str] = {
    str(FetchOutcome.DNS_FAILED): "host names cannot be resolved: see whether this machine has a network and a DNS server that answers",
    str(FetchOutcome.CONNECTION_FAILED): "connections fail: see the network, the firewall and the proxy (fetch.proxy, if one is set)",
    str(
        FetchOutcome.CERTIFICATE
    ): "certificates are refused everywhere: check the clock of this machine, then whether a proxy breaks TLS open",
    str(
        FetchOutcome.REFUSED_ADDRESS
    ): "host names lead into a private network: a login page or a filter stands between this machine and the internet",
    str(FetchOutcome.ROBOTS_REFUSED): "robots.txt refuses everywhere: a filter or proxy may answer in the outlets' place",
    str(FetchOutcome.BLOCKED): "outlets refuse this machine: its address may be on a block list, or a proxy asks for a login",
    str(FetchOutcome.SERVER_ERROR): "everything answers with an error: a proxy may answer in the outlets' place",
    LOGIN_PAGE: "a page stands in the place of feeds: a login page or a filter may answer in the outlets' place",
    NOT_POLLED: "they were not asked before the crawl ended: see crawl.log, and run the night again",
}
