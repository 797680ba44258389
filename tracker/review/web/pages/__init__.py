"""The pages, a module each. `BLUEPRINTS` names them; `access.ACCESS` has a row for every endpoint."""

from __future__ import annotations

from tracker.review.web.pages import (
    adding,
    api,
    campaign,
    corrections,
    edition_items,
    editions,
    evidence,
    health,
    inbox,
    item,
    letters,
    login,
    mailbox,
    mending,
    numbers,
    people,
    sources,
)

BLUEPRINTS = (
    adding.blueprint,
    api.blueprint,
    campaign.blueprint,
    corrections.blueprint,
    edition_items.blueprint,
    editions.blueprint,
    evidence.blueprint,
    health.blueprint,
    inbox.blueprint,
    item.blueprint,
    letters.blueprint,
    login.blueprint,
    mailbox.blueprint,
    mending.blueprint,
    numbers.blueprint,
    people.blueprint,
    sources.blueprint,
)
