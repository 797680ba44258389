"""What an edition holds, item by item: each leads to its own page, and to the letter that corrects it where it went out."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.model import Role
from tracker.review.web.context import desk
from tracker.review.web.pages.editions import asked_audience, found_edition, show_of
from tracker.review.web.paging import page_of
from tracker.store import articles, digests, mentions, registers

blueprint = Blueprint("edition_items", __name__)
ITEMS_AT_ONCE = 25


@blueprint.get("/editions/<campaign_id>/<int:edition_id>/items")
def listing(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """The items in the order of the edition. One that matches no more is named all the same."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    edition, audience = found_edition(campaign, edition_id), asked_audience()
    with here.reading() as conn:
        released = audience in digests.released_at(conn, edition_id)
        page = page_of(digests.in_order(conn, edition_id, audience), {"audience": str(audience)}, ITEMS_AT_ONCE)
        found = {one.id: one for one in articles.get_many(conn, page.rows)}
        names = mentions.ids_of(conn, campaign_id, page.rows)
        outlets = registers.outlets(conn)
    items = [(found[one], outlets[found[one].outlet_id], names.get(one, "")) for one in page.rows if one in found]
    return show_of("edition_items.html", campaign, edition=edition, audience=audience, released=released, page=page, items=items)
