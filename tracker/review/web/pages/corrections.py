"""A correction of an item that was sent: the words in each language, seen as they go, then approved by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.delivery.audience import read_audience
from tracker.delivery.correcting import MOST_SENTENCE_CHARS, Draft, addressees, approve, draft, preview
from tracker.delivery.publish import sign_off_address
from tracker.delivery.recipients import FILE_NAME, Recipient
from tracker.digests.forms.correction import render_correction
from tracker.errors import TrackerError
from tracker.model import LANGUAGES, Role
from tracker.review.web.context import desk, show
from tracker.review.web.pages.item import found_item
from tracker.review.web.protection import INERT_POLICY
from tracker.review.web.waiting import tell_failure
from tracker.store import corrections, entries
from tracker.workspace import shipped_folder

blueprint = Blueprint("corrections", __name__, url_prefix="/item/<mention_id>/correction")


@blueprint.get("")
def page(mention_id: str) -> ResponseReturnValue:
    """Who got the item, what was corrected before, and a form for the words; with words, the letter as it would go."""
    here = desk()
    campaign, mention = found_item(mention_id, Role.REVIEWER)
    with here.reading() as conn:
        got = corrections.received(conn, campaign.id, mention.article_id, here.now)
        made = corrections.of_article(conn, campaign.id, mention.article_id)
        entry = next(iter(entries.for_campaign(conn, campaign.id, article_ids=[mention.article_id])), None)
    sentences, drafted, fault = _sentences(), None, ""
    readers = Counter(one.recipient.language for one in addressees(got, _recipients(), here.now))
    if sentences and got:
        try:
            drafted = _draft(mention_id)
        except TrackerError as error:
            fault = str(error)
    return show(
        "correction.html",
        campaign=campaign,
        mention=mention,
        entry=entry or abort(404),
        people=len({one.recipient for one in got}),
        made=made,
        sentences=sentences,
        drafted=drafted,
        readers=readers,
        readers_fields={f"sentence_{code}" for code in readers},
        fault=fault,
        language=_language(),
        most=MOST_SENTENCE_CHARS,
    )


@blueprint.get("/letter")
def letter(mention_id: str) -> ResponseReturnValue:
    """The letter as it would be sent, to be shown in a frame where it can do nothing."""
    here = desk()
    found_item(mention_id, Role.REVIEWER)
    said = preview(here.database, _draft(mention_id), here.now, here.person.name, sign_off_address(here.parts.settings))
    rendered = render_correction(said, shipped_folder("templates"), _language())
    html = here.parts.settings.masked(rendered.html)
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": INERT_POLICY})


@blueprint.post("")
def send(mention_id: str) -> ResponseReturnValue:
    """Approves the correction in the person's name; it goes out with the next mailing."""
    here = desk()
    found_item(mention_id, Role.REVIEWER)
    try:
        drafted = _draft(mention_id)
        approve(here.database, drafted, here.now, here.person.name)
    except TrackerError as error:
        tell_failure(error)
    else:
        here.told("correction_approved", len(drafted.addressees))
    return redirect(url_for("corrections.page", mention_id=mention_id), 303)


def _draft(mention_id: str) -> Draft:
    here = desk()
    return draft(here.database, _recipients(), mention_id, _sentences(), here.now)


def _recipients() -> Sequence[Recipient]:
    workspace = desk().parts.workspace
    return read_audience(workspace) if (workspace / FILE_NAME).exists() else ()


def _sentences() -> tuple[tuple[str, str], ...]:
    """(language, sentence), as far as any was typed."""
    typed = ((code, " ".join(request.values.get(f"sentence_{code}", "").split())[:MOST_SENTENCE_CHARS]) for code in LANGUAGES)
    return tuple((code, sentence) for code, sentence in typed if sentence)


def _language() -> str:
    given = request.values.get("language", "")
    return given if given in LANGUAGES else desk().language
