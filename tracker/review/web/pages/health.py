"""Whether the desk is alive, and whether it can work, for whatever watches it."""

from __future__ import annotations

from flask import Blueprint, Response

from tracker.errors import ConfigError, TrackerError
from tracker.maintenance.metrics import exposition
from tracker.review.web.context import desk
from tracker.store import users

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> dict[str, str]:
    """The server answers; nothing is looked at."""
    return {"status": "alive"}


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, str], int]:
    """The database can be read, and a campaign: files that are wrong close their own campaigns alone."""
    here = desk()
    try:
        with here.reading() as conn:
            users.count(conn)
        unready = bool(here.shelf.faults()) and not here.shelf.every()
    except (TrackerError, OSError):
        unready = True
    return ({"status": "not ready"}, 503) if unready else ({"status": "ready"}, 200)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus, with a token of the desk."""
    try:
        text, content_type = exposition(desk().parts)
    except ConfigError as error:
        return Response(f"{error}\n", 501, content_type="text/plain; charset=utf-8")
    return Response(text, content_type=content_type)
