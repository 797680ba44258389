"""Sources: how each fares, what needs a person first; asked now, switched on and off by administrators of the whole workspace."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import TrackerError
from tracker.model import OUTLET_COUNTRIES, FetchOutcome, Role
from tracker.monitoring.platforms import faults
from tracker.monitoring.site_files import NAMES, says_words
from tracker.monitoring.source_listing import MOST_URGENT, SourceRow
from tracker.pipeline.source_checks import check_sources
from tracker.review.web import warming
from tracker.review.web.addresses import own_path
from tracker.review.web.context import desk, show
from tracker.review.web.paging import page_of
from tracker.review.web.remembered import remembered
from tracker.review.web.waiting import alone, tell_failure
from tracker.store import registers
from tracker.store.registers import SourceState
from tracker.text.folding import fold

blueprint = Blueprint("sources", __name__)
CHART_WIDTH, CHART_HEIGHT = 120, 28


@blueprint.get("/sources")
def overview() -> ResponseReturnValue:
    """All watched sources that fit the filter, as they were within the last minutes."""
    here = desk()
    country, state, words = (request.args.get(name, "") for name in ("country", "state", "q"))
    everything = warming.sources(here.parts, here.now)
    filters = {"country": country, "state": state, "q": words}
    platforms = () if any(filters.values()) else faults((row.state.source, row.finding) for row in everything)
    together = {name for fault in platforms for name in fault.source_ids}
    fitting = [row for row in everything if row.state.source.id not in together and _fits(row, country, state, fold(words))]
    return show(
        "sources.html",
        page=page_of(fitting, filters),
        watched=len(everything),
        filters=filters,
        countries=OUTLET_COUNTRIES,
        states=[_key(str(health)) for health in MOST_URGENT],
        bars=chart_path,
        state_key=_key,
        answer=answer_of,
        says=says_words,
        platforms=platforms,
        file_name=NAMES.get,
        may_change=here.person.may_everywhere(Role.ADMINISTRATOR),
    )


@blueprint.post("/sources/check")
def check() -> ResponseReturnValue:
    """Asks a source of the register now; nothing else can be asked from here."""
    here, state = desk(), _named()
    try:
        with alone():
            check_sources(here.parts, [state.source.id], lambda step, done, known: None)
    except TrackerError as error:
        tell_failure(error)
    else:
        remembered().forget("sources")
        here.told("source_checked", name=state.outlet.name, answer=answer_of(_named(), here.now))
    return _back()


@blueprint.post("/sources/switch")
def switch() -> ResponseReturnValue:
    """Switches a source of the register on or off."""
    here, state = desk(), _named()
    on = request.form.get("on") == "1"
    with here.database.writing() as conn:
        registers.set_enabled(conn, state.source.id, on, here.now)
    remembered().forget("sources")
    here.told("source_is_on" if on else "source_is_off", name=state.outlet.name)
    return _back()


def answer_of(state: SourceState, now: datetime) -> str:
    """The last answer in the language of the page."""
    words = desk().words
    if state.last_outcome is None:
        return words.say("source_never")
    if state.last_outcome is FetchOutcome.UNCHANGED:
        return words.say("source_unchanged")
    if state.last_outcome is not FetchOutcome.FETCHED:
        return words.trouble(str(state.last_outcome))
    told = [words.say("source_listed", state.last_listed or 0)]
    if state.newest_at is not None and state.newest_at <= now:
        told.append(words.say("source_newest", moment=words.moment(state.newest_at, desk().zone)))
    return ", ".join(told)


def chart_path(days: tuple[int | None, ...], most: int) -> str:
    """A column for each day, as the data of one path; a day without a visit has none, one that brought nothing a line."""
    width = CHART_WIDTH / max(len(days), 1)
    columns = []
    for place, count in enumerate(days):
        if count is not None:
            high = max(1.0, (CHART_HEIGHT - 2) * min(count / most, 1.0))
            columns.append(f"M{place * width:.1f} {CHART_HEIGHT - high:.1f}h{width * 0.8:.1f}v{high:.1f}h-{width * 0.8:.1f}z")
    return "".join(columns)


def _fits(row: SourceRow, country: str, state: str, words: str) -> bool:
    outlet = row.state.outlet
    named = fold(f"{outlet.name} {outlet.id} {row.state.source.address}")
    return (
        (not country or outlet.country == country)
        and (not state or _key(str(row.finding.health)) == state)
        and (not words or words in named)
    )


def _key(health: str) -> str:
    """The end of the sentence's key."""
    return "not_polled" if health.startswith("not ") else health


def _named() -> SourceState:
    source_id = request.form.get("source", "")
    with desk().reading() as conn:
        return registers.state(conn, source_id) or abort(404)


def _back() -> ResponseReturnValue:
    return redirect(own_path(request.form.get("back", ""), url_for("sources.overview")), 303)
