"""Sources polled at a person's word, by the stack of every crawl: those of the register, and addresses that it does not have."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from tracker.errors import UsageError
from tracker.model import Outlet, Source, SourceKind
from tracker.sources.answers import answer_words, is_working
from tracker.store import registers, trails
from tracker.urls.canonical import normalise
from tracker.workspace import Parts, open_parts

if TYPE_CHECKING:
    from tracker.pipeline.run import Progress


class Checked(Struct, frozen=True):
    """One source as it answered now."""

    source: str
    country: str
    address: str
    finding: str
    works: bool


def check_sources(parts: Parts, source_ids: Sequence[str], progress: Progress) -> list[Checked]:
    """Polls sources of the register, keeps the result, and says how each answered."""
    from tracker.pipeline.nightly import NightOptions, run_night

    run_night(parts, NightOptions(source_ids=tuple(source_ids), steps=frozenset({"poll"})), progress=progress)
    return _answers(parts, source_ids)


def check_addresses(parts: Parts, addresses: Sequence[str], progress: Progress) -> list[Checked]:
    """Polls addresses that no source of the register has, in a workspace of their own that is thrown away."""
    outlets: list[Outlet] = []
    sources: list[Source] = []
    for address in addresses:
        host = urlsplit(address).hostname or ""
        if not normalise(address):
            raise UsageError(f"{address!r} is no source, outlet or web address; `tracker sources list` names what is watched")
        kind = SourceKind.SITEMAP if "sitemap" in address.lower() else SourceKind.FEED
        outlet_id = f"address-{len(outlets) + 1}"
        outlets.append(Outlet(outlet_id, host, address, "XB", ("en",)))
        sources.append(Source(f"{outlet_id}:{kind}:1", outlet_id, kind, address))
    with tempfile.TemporaryDirectory(prefix="tracker-check-") as folder:
        _copy_settings(parts, Path(folder))
        with open_parts(Path(folder), clock=parts.clock) as temporary:
            with temporary.database.writing() as conn:
                registers.replace(conn, outlets, sources, parts.clock())
            found = check_sources(temporary, [source.id for source in sources], progress)
    return [replace(one, source=one.address, country="") for one in found]


def _answers(parts: Parts, source_ids: Sequence[str]) -> list[Checked]:
    found: list[Checked] = []
    wanted = set(source_ids)
    with parts.database.reading() as conn:
        for state in registers.states(conn):
            last = trails.polls(conn, state.source.id, limit=1) if state.source.id in wanted else []
            if last:
                found.append(_checked(state, last[0], parts.clock()))
    return found


def _checked(state: registers.SourceState, poll: trails.Poll, now: datetime) -> Checked:
    facts = poll.facts
    words = answer_words(
        facts.outcome,
        now=now,
        detail=facts.detail,
        listed=poll.listed,
        newest_at=poll.newest_at,
        oldest_at=poll.oldest_at,
        asked=facts.requested_url,
        answered=facts.final_url,
        status=facts.status,
    )
    works = is_working(facts.outcome, now=now, newest_at=poll.newest_at) and state.failing_since_at is None
    if facts.outcome.succeeded and state.failing_since_at is not None:
        words = f"failing since {state.failing_since_at:%Y-%m-%d}: {state.failing_detail or state.failing_outcome}; unchanged since"
    return Checked(state.source.id, state.outlet.country, state.source.address, words, works)


def _copy_settings(parts: Parts, folder: Path) -> None:
    """Only what concerns fetching: the database must be the folder's own."""
    if os.environ.get("TRACKER_DATABASE__URL") or parts.settings.database.url:
        raise UsageError("an address that is not in the register can be checked only where the database is the workspace's own file")
    settings = parts.workspace / "tracker.toml"
    if settings.exists():
        (folder / "tracker.toml").write_bytes(settings.read_bytes())
