"""What an edition holds, item by item: each leads to its own page; it can be taken out before the approval, and corrected after it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.model import Audience, Role
from tracker.review.web.context import desk
from tracker.review.web.edition_contents import contents_of, rows_of
from tracker.review.web.pages.editions import asked_audience, found_edition, show_of, waits_for_approval
from tracker.review.web.paging import page_of
from tracker.store import digests

blueprint = Blueprint("edition_items", __name__)
ITEMS_AT_ONCE = 25


@blueprint.get("/editions/<campaign_id>/<int:edition_id>/items")
def listing(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """The items in the order of the edition. One that matches no more is named all the same."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    edition, audience = found_edition(campaign, edition_id), asked_audience()
    with here.reading() as conn:
        released = digests.released_at(conn, edition_id)
    inside = contents_of(campaign, edition, audience, released).inside
    page = page_of(inside, {"audience": str(audience)}, ITEMS_AT_ONCE)
    return show_of(
        "edition_items.html",
        campaign,
        edition=edition,
        audience=audience,
        released=audience in released,
        is_open=waits_for_approval(edition, released) and audience is Audience.PARTNERS,
        page=page,
        rows=rows_of(campaign_id, page.rows),
    )
