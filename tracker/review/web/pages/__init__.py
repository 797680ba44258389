"""The pages, a module each. `BLUEPRINTS` names them; `access.ACCESS` has a row for every endpoint."""

from __future__ import annotations

from tracker.review.web.pages import (
    health,
    inbox,
    item,
    login,
    people,
    sources,
)

BLUEPRINTS = (
    health.blueprint,
    inbox.blueprint,
    item.blueprint,
    login.blueprint,
    people.blueprint,
    sources.blueprint,
)
