"""Logging in and out, one's own password and language."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import UsageError
from tracker.model import LANGUAGES
from tracker.review import accounts
from tracker.review.web import sessions
from tracker.review.web.addresses import own_path
from tracker.review.web.context import EXTENSION, desk, show
from tracker.review.web.throttle import LoginThrottle
from tracker.store import users

blueprint = Blueprint("login", __name__)
_THROTTLE = "desk.throttle"


@blueprint.record
def _remember(state: object) -> None:
    app = getattr(state, "app")  # noqa: B009 (Flask's setup state is untyped)
    app.extensions[_THROTTLE] = LoginThrottle(app.extensions[EXTENSION][0], app.config["SECRET_KEY"])


@blueprint.get("/login")
def form() -> ResponseReturnValue:
    """The form; who is logged in goes on at once."""
    target = own_path(request.args.get("next", ""))
    if desk().user is not None:
        return redirect(target, 303)
    return show("login.html", target=target, name="", refused="")


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Lets the person in, under a session of new words; one answer for a wrong name and a wrong password."""
    here = desk()
    throttle: LoginThrottle = current_app.extensions[_THROTTLE]
    name, password = request.form.get("name", ""), request.form.get("password", "")
    target = own_path(request.form.get("next", ""))
    key, address = users.name_key(name[: accounts.MOST_NAME_CHARS]), request.remote_addr or ""
    if wait := throttle.wait(key, address, here.now):
        return _refused(target, name, here.words.say("login_wait", n=_seconds(wait)), 429, wait)
    user = accounts.authenticate(here.database, name, password)
    if user is None:
        throttle.failed(key, address, here.now)
        return _refused(target, name, here.words.say("login_wrong"), 401)
    throttle.succeeded(key, address)
    sessions.enter(here.database, user)
    first = url_for("login.password", next=target if target != "/" else None)
    return redirect(first if user.must_change else target, 303)


def _seconds(wait: timedelta) -> int:
    return max(1, round(wait.total_seconds()))


def _refused(target: str, name: str, refused: str, status: int, wait: timedelta | None = None) -> Response:
    response = show("login.html", status, target=target, name=name[: accounts.MOST_NAME_CHARS], refused=refused)
    if wait:
        response.headers["Retry-After"] = str(_seconds(wait))
    return response


@blueprint.post("/logout")
def leave() -> ResponseReturnValue:
    """Ends the session, also for a copy of its cookie."""
    sessions.leave(desk().database)
    return redirect(url_for("login.form"), 303)


@blueprint.get("/password")
def password() -> ResponseReturnValue:
    """The form for one's own password."""
    return show("password.html", refused="", least=accounts.LEAST_CHARS, target=own_path(request.args.get("next", "")))


@blueprint.post("/password")
def change() -> ResponseReturnValue:
    """Changes it; every other session of the person ends, and this one goes on under new words."""
    here = desk()
    user = here.person
    wanted, again = request.form.get("new", ""), request.form.get("again", "")
    throttle: LoginThrottle = current_app.extensions[_THROTTLE]
    key, address = users.name_key(user.name), request.remote_addr or ""
    if wait := throttle.wait(key, address, here.now):
        return _password_refused(here.words.say("login_wait", n=_seconds(wait)), 429)
    if accounts.authenticate(here.database, user.name, request.form.get("password", "")) is None:
        throttle.failed(key, address, here.now)
        return _password_refused(here.words.say("password_wrong"), 401)
    if wanted != again:
        return _password_refused(here.words.say("password_differs"), 400)
    if wanted == request.form.get("password", ""):
        return _password_refused(here.words.say("password_same"), 400)
    try:
        accounts.change_password(here.database, user, wanted)
    except UsageError:
        return _password_refused(here.words.say("password_rule", n=accounts.LEAST_CHARS), 400)
    sessions.enter(here.database, user)
    here.told("password_changed")
    return redirect(own_path(request.form.get("next", "")), 303)


def _password_refused(refused: str, status: int) -> Response:
    target = own_path(request.form.get("next", ""))
    return show("password.html", status, refused=refused, least=accounts.LEAST_CHARS, target=target)


@blueprint.post("/language")
def language() -> ResponseReturnValue:
    """The person's language from now on; back to where the person was."""
    here = desk()
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        with here.database.writing() as conn:
            users.set_language(conn, here.person.id, wanted)
    return redirect(own_path(request.form.get("next", "")), 303)
