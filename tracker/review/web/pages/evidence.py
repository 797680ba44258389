"""Packs of evidence, to be kept: of an item and of an edition. Protected items go out through administrators alone, for a reason."""

from __future__ import annotations

import re
import tempfile

from flask import Blueprint, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import UsageError
from tracker.evidence import gather
from tracker.evidence.gather import Chosen
from tracker.evidence.order import Wish, order_into
from tracker.model import Role
from tracker.review.web.acts import Told, tell
from tracker.review.web.context import desk
from tracker.review.web.pages.editions import found_edition
from tracker.review.web.pages.item import found_item
from tracker.workspace import shipped_folder

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")
MOST_PRINTED_HERE = 1
"""Pages put on paper while a person waits: each takes 1-10 s. `tracker evidence` prints more."""
MOST_REASON_CHARS = 600


@blueprint.get("/item/<mention_id>")
def item(mention_id: str) -> ResponseReturnValue:
    """The pack of an item that nothing protects."""
    _, mention = found_item(mention_id, Role.REVIEWER)
    with desk().reading() as conn:
        chosen = gather.of_item(conn, mention.id)
    return _download(chosen, Wish(), mention.id) or redirect(url_for("item.page", mention_id=mention.id), 303)


@blueprint.post("/item/<mention_id>/protected")
def protected(mention_id: str) -> ResponseReturnValue:
    """The pack of a protected item: name and reason stand in its history."""
    here = desk()
    _, mention = found_item(mention_id, Role.ADMINISTRATOR)
    reason = " ".join(request.form.get("reason", "").split())[:MOST_REASON_CHARS]
    back = redirect(url_for("item.page", mention_id=mention.id), 303)
    if not reason:
        tell(Told(here.words.say("evidence_why")))
        return back
    with here.reading() as conn:
        chosen = gather.of_item(conn, mention.id)
    return _download(chosen, Wish(by=here.person.name, reason=reason, via="desk"), mention.id) or back


@blueprint.get("/edition/<campaign_id>/<int:edition_id>")
def edition(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """The pack of all that an edition shows, but for what is protected."""
    campaign = desk().campaign(campaign_id, Role.REVIEWER)
    found = found_edition(campaign, edition_id)
    with desk().reading() as conn:
        chosen = gather.of_edition(conn, found.id)
    back = redirect(url_for("editions.overview", campaign_id=campaign.id, edition_id=found.id), 303)
    return _download(chosen, Wish(), f"edition-{found.id}") or back


def _download(chosen: Chosen, wish: Wish, name: str) -> ResponseReturnValue | None:
    """The pack in a file that is gone when it was sent; None, and a word to the person, where there is nothing to put in."""
    here = desk()
    file_name = f"evidence-{re.sub(r'[^A-Za-z0-9.-]', '-', name)[:80]}.zip"
    few = len(chosen.open) + len(chosen.protected) <= MOST_PRINTED_HERE
    made = Wish(here.language, wish.by, wish.reason, wish.via, few)
    stream = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the answer)
    try:
        order_into(stream, here.parts, chosen, shipped_folder("templates"), made, file_name)
    except UsageError:
        stream.close()
        tell(Told(here.words.say("evidence_none")))
        return None
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    return send_file(stream, mimetype="application/zip", as_attachment=True, download_name=file_name)
