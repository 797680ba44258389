"""The interface for programs: accepted mentions as JSON, read only, with a token."""

from __future__ import annotations

import base64
import binascii
from datetime import date

import msgspec
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from msgspec.structs import replace

from tracker.errors import UsageError
from tracker.model import ARTICLE_LANGUAGES, OUTLET_COUNTRIES, Scope
from tracker.review.accepted import MOST_ITEMS, Query, as_row, page
from tracker.review.web.context import desk
from tracker.review.web.openapi import DOCUMENT, MOST_VALUES
from tracker.store import registers

PARAMETERS = ("campaign", "country", "language", "outlet", "from", "to", "limit", "after")
CHOICES = {"country": OUTLET_COUNTRIES, "language": ARTICLE_LANGUAGES}
"""Codes alone: programs do not guess."""
blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
def document() -> ResponseReturnValue:
    """What the interface is."""
    return _json(DOCUMENT)


@blueprint.get("/mentions")
def mentions() -> ResponseReturnValue:
    """A page of accepted items of the campaigns that the token's owner may see."""
    here = desk()
    with here.reading() as conn:
        outlets = registers.outlets(conn)
    try:
        asked, named = _several("campaign"), _several("outlet")
        query = _query()
    except UsageError as error:
        return _json({"error": str(error)}, 400)
    if any(one not in here.campaigns for one in asked) or any(one not in outlets for one in named):
        return _json({"error": here.words.say("error_404")}, 404)
    query = replace(query, scope=replace(query.scope, outlets=tuple((one, outlets[one].name) for one in named)))
    campaigns = {name: one for name, one in here.campaigns.items() if not asked or name in asked}
    found = page(here.database, [*campaigns.values()], query)
    items = [as_row(entry, campaigns[entry.mention.campaign_id]) for entry in found.entries]
    return _json({"items": items, "next": _after(found.next) if found.next else None})


def _query() -> Query:
    if unknown := [name for name in request.args if name not in PARAMETERS]:
        raise UsageError(f"no parameter {unknown[0][:40]!r}; there are {', '.join(PARAMETERS)}")
    if twice := [name for name in ("from", "to", "limit", "after") if len(request.args.getlist(name)) > 1]:
        raise UsageError(f"{twice[0]} may be given once")
    scope = Scope(tuple(_several("country")), tuple(_several("language")))
    limit = request.args.get("limit", "50")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and 1 <= int(limit) <= MOST_ITEMS):
        raise UsageError(f"limit must be a whole number from 1 to {MOST_ITEMS}")
    first, last = _day("from"), _day("to")
    if first and last and first > last:
        raise UsageError("the period ends before it begins")
    return Query(scope, first, last, int(limit), _read_after(request.args.get("after")))


def _several(name: str) -> list[str]:
    given = request.args.getlist(name)
    if len(given) > MOST_VALUES:
        raise UsageError(f"{name} may be given {MOST_VALUES} times at most")
    if "" in given:
        raise UsageError(f"{name} is empty")
    if unknown := [value for value in given if name in CHOICES and value not in CHOICES[name]]:
        raise UsageError(f"no {name} {unknown[0][:40]!r}; there are {', '.join(CHOICES[name])}")
    return given


def _day(name: str) -> date | None:
    given = request.args.get(name)
    if given is None:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise UsageError(f"{name} must be a day such as 2026-10-31") from error
    if len(given) != len("2026-10-31") or not 1990 <= day.year < 2200:
        raise UsageError(f"{name} must be a day such as 2026-10-31")
    return day


def _after(place: tuple[str, int]) -> str:
    return base64.urlsafe_b64encode(f"{place[1]}:{place[0]}".encode()).decode().rstrip("=")


def _read_after(given: str | None) -> tuple[str, int]:
    if given is None:
        return "", 0
    try:
        number, _, campaign_id = base64.urlsafe_b64decode(f"{given}{'=' * (-len(given) % 4)}").decode().partition(":")
        if number.isascii() and number.isdigit() and len(number) < 18 and campaign_id and _after((campaign_id, int(number))) == given:
            return campaign_id, int(number)
    except (ValueError, binascii.Error):
        pass
    raise UsageError("after is not the `next` of a page")


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, mimetype="application/json")
