"""People: who may log in and do what. For administrators of every campaign."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import UsageError
from tracker.model import EVERY_CAMPAIGN, Grant, Role, User
from tracker.review import accounts
from tracker.review.web.context import desk, show
from tracker.store import users

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
def listing() -> ResponseReturnValue:
    """Everybody, with roles by campaign."""
    return _page()


@blueprint.post("/people")
def add() -> ResponseReturnValue:
    """A new person, or another role for one who is there. The one-time password is shown once, on this answer alone."""
    here = desk()
    campaign_id, role = request.form.get("campaign", EVERY_CAMPAIGN), request.form.get("role", "")
    if role not in [*Role] or (campaign_id and campaign_id not in here.campaigns):
        abort(400)
    try:
        user, password = accounts.add_user(here.database, request.form.get("name", ""), [Grant(Role(role), campaign_id)], here.now)
    except accounts.LastAdministrator:
        return _page(refused=here.words.say("people_last"), status=400)
    except accounts.NotPlain:
        return _page(refused=here.words.say("people_name_letters"), status=400)
    except accounts.LooksAlike as error:
        return _page(refused=here.words.say("people_name_alike", name=error.other), status=400)
    except UsageError:
        return _page(refused=here.words.say("people_name_rule", n=accounts.MOST_NAME_CHARS), status=400)
    return _page(about=user.name, password=password)


@blueprint.post("/people/<int:user_id>/password")
def reset(user_id: int) -> ResponseReturnValue:
    """Another one-time password."""
    user = _user(user_id)
    return _page(about=user.name, password=accounts.reset_password(desk().database, user.name))


@blueprint.post("/people/<int:user_id>/bar")
def bar(user_id: int) -> ResponseReturnValue:
    """Bars a person at once, or lets one in again."""
    here, user = desk(), _user(user_id)
    try:
        accounts.bar(here.database, user.name, here.now, again=user.is_disabled)
    except UsageError:
        return _page(refused=here.words.say("people_last"), status=400)
    return redirect(url_for("people.listing"), 303)


@blueprint.post("/people/<int:user_id>/revoke")
def revoke(user_id: int) -> ResponseReturnValue:
    """Takes one role back."""
    here, user = desk(), _user(user_id)
    try:
        accounts.revoke(here.database, user.id, request.form.get("campaign", ""))
    except accounts.LastAdministrator:
        return _page(refused=here.words.say("people_last"), status=400)
    return redirect(url_for("people.listing"), 303)


def _user(user_id: int) -> User:
    with desk().reading() as conn:
        return users.get(conn, user_id) or abort(404)


def _page(*, about: str = "", password: str = "", refused: str = "", status: int = 200) -> ResponseReturnValue:
    with desk().reading() as conn:
        everybody = users.every(conn)
    return show("people.html", status, everybody=everybody, about=about, password=password, refused=refused, roles=[*Role])
