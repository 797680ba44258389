"""A recipient's own page: stop, pause, language, rhythm. Public, without an account and without scripts; only POST changes anything."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.delivery.audience import PAGES
from tracker.delivery.own_page import LONGEST_PAUSE, Reader, choose, reader_of, stop
from tracker.delivery.recipients import EDITIONS
from tracker.errors import StoreError, TrackerError
from tracker.locale.wording import desk_wording
from tracker.model import LANGUAGES
from tracker.review.web.context import desk, show

blueprint = Blueprint("letters", __name__, url_prefix=f"/{PAGES}")


@blueprint.get("/<token>")
def page(token: str) -> ResponseReturnValue:
    """How letters go to this person. Looking at it changes nothing: programs that check links open them too."""
    return _show(_reader(token), done=request.args.get("done") == "1")


@blueprint.post("/<token>")
def change(token: str) -> ResponseReturnValue:
    """What the person chose; or a mail program's sign-off with one click (RFC 8058), which brings nothing but the address."""
    here, reader = desk(), _reader(token)
    if reader is None:
        return _show(None)
    form = request.form.to_dict()
    workspace = here.parts.workspace
    try:
        if form.get("List-Unsubscribe") == "One-Click":
            stop(workspace, reader, here.now, "one-click")
            return _show(_reader(token), done=True)
        fault = choose(workspace, reader, form, here.now)
    except StoreError:
        return _show(reader, fault="failed", status=503)
    if fault is not None:
        return _show(_reader(token), fault=str(fault), status=409 if fault == "changed" else 400)
    return redirect(url_for("letters.page", token=token, done=1), 303)


def _reader(token: str) -> Reader | None:
    try:
        return reader_of(desk().parts.workspace, desk().database, token)
    except StoreError:
        raise
    except TrackerError:
        return None  # a key that cannot be used: the doctor says so, not this page


def _show(reader: Reader | None, *, done: bool = False, fault: str = "", status: int = 200) -> Response:
    here = desk()
    language = request.args.get("language", "")
    if language not in LANGUAGES:
        language = (reader.language if reader else "") or here.language
    words = desk_wording(language)
    answer = show(
        "letters.html",
        404 if reader is None else status,
        reader=reader,
        words=words,
        say=words.say,
        done=done,
        fault=fault,
        editions=EDITIONS,
        away=_away(reader),
        first_day=(here.now + timedelta(days=1)).date().isoformat(),
        last_day=(here.now + LONGEST_PAUSE).date().isoformat(),
        address=request.path,
    )
    answer.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _away(reader: Reader | None) -> bool:
    now = desk().now
    return reader is not None and (reader.wishes.stopped_at is not None or any(one.away(now) for one in reader.entries))
