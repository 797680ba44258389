"""The inbox's filters as they stand in its address: what is shown can be sent on, and Back finds it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from tracker.model import InboxFilter, InboxPlace, InboxState

MOST_TEXT = 200
FIRST_YEAR, LAST_YEAR = 2, 9998
_SEPARATOR = "~"


def read_filter(given: Mapping[str, str], campaign_id: str) -> InboxFilter:
    """The filter of an address. What cannot be read is as if it were not there: an address is typed and cut by hand."""
    tier = given.get("tier", "")
    return InboxFilter(
        campaign_id,
        state=_state(given.get("state", "")),
        country=given.get("country", "")[:8],
        language=given.get("language", "")[:8],
        outlet_id=given.get("outlet", "")[:100],
        tier=int(tier) if tier in ("0", "1", "2", "3") else None,
        circle=given.get("circle", "")[:100],
        from_on=_day(given.get("from", "")),
        to_on=_day(given.get("to", "")),
        text=" ".join(given.get("text", "").split())[:MOST_TEXT],
    )


def written(wanted: InboxFilter) -> dict[str, str]:
    """The filter as parameters of an address, without those that leave all in."""
    values = {
        "campaign": wanted.campaign_id,
        "state": "" if wanted.state is InboxState.OPEN else str(wanted.state),
        "country": wanted.country,
        "language": wanted.language,
        "outlet": wanted.outlet_id,
        "tier": "" if wanted.tier is None else str(wanted.tier),
        "circle": wanted.circle,
        "from": wanted.from_on.isoformat() if wanted.from_on else "",
        "to": wanted.to_on.isoformat() if wanted.to_on else "",
        "text": wanted.text,
    }
    return {name: value for name, value in values.items() if value}


def read_place(given: str) -> InboxPlace | None:
    """Where a page begins; None for the first one and for what is no place."""
    moment, _, key = given.partition(_SEPARATOR)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return InboxPlace(at, key[:200]) if at.tzinfo and key and _is_of_our_time(at) else None


def write_place(place: InboxPlace) -> str:
    """The place as a parameter of an address."""
    return f"{place.newest_at.isoformat()}{_SEPARATOR}{place.key}"


def _state(given: str) -> InboxState:
    return InboxState(given) if given in [*InboxState] else InboxState.OPEN


def _day(given: str) -> date | None:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if _is_of_our_time(day) else None


def _is_of_our_time(day: date) -> bool:
    """Days at either end of the calendar cannot be put into another zone."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
