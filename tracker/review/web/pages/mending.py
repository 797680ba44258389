"""A campaign file that is wrong, mended on the desk: its text, the place of the fault, and its earlier texts."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import ConfigError, TrackerError, UsageError
from tracker.review.campaigns import mending
from tracker.review.campaigns.mending import Broken, MendedMeanwhile
from tracker.review.web.context import desk, show
from tracker.review.web.waiting import tell_failure

blueprint = Blueprint("mending", __name__, url_prefix="/campaign-files")


@blueprint.get("/<name>")
def page(name: str) -> ResponseReturnValue:
    """The file as it is; one that is mended already leads to the campaigns."""
    found = _found(name)
    return redirect(url_for("campaign.every"), 303) if found is None else _page(found, found.text)


@blueprint.post("/<name>")
def save(name: str) -> ResponseReturnValue:
    """Makes the text the file."""
    found = _found(name)
    return redirect(url_for("campaign.every"), 303) if found is None else _mend(found, request.form.get("text", ""))


@blueprint.post("/<name>/back/<int:number>")
def back(name: str, number: int) -> ResponseReturnValue:
    """Makes an earlier text the file."""
    found = _found(name)
    if found is None:
        return redirect(url_for("campaign.every"), 303)
    try:
        text = mending.earlier_text(desk().parts.workspace, found, number)
    except UsageError:
        abort(404)
    return _mend(found, text)


def _found(name: str) -> Broken | None:
    here = desk()
    faults = here.shelf.faults()
    if not any(one.place and Path(one.place).name == name for one in faults):
        return None
    return mending.broken(here.parts.workspace, name, faults) or abort(404)


def _mend(found: Broken, text: str) -> ResponseReturnValue:
    here = desk()
    shown = request.form.get("digest", "")
    try:
        if shown != found.digest:
            raise MendedMeanwhile(f"{found.path.name} was changed meanwhile")
        others = here.shelf.every().keys()
        campaign_id = mending.mend(here.parts.workspace, found, text, others=others, by=here.person.name, now=here.now)
    except ConfigError as error:
        return _page(found, text, 400, wrong=error)
    except MendedMeanwhile:
        return _page(found, text, 409, meanwhile=True)
    except TrackerError as error:
        tell_failure(error)
        return _page(found, text, 503)
    here.told("campaign_saved")
    return redirect(url_for("campaign.overview", campaign_id=campaign_id), 303)


def _page(found: Broken, text: str, status: int = 200, *, wrong: ConfigError | None = None, meanwhile: bool = False) -> ResponseReturnValue:
    return show(
        "campaign_mend.html", status, found=found, text=text, wrong=wrong or found.fault, typed=wrong is not None, meanwhile=meanwhile
    )
