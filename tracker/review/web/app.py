"""The review desk as a WSGI application."""

from __future__ import annotations

import json
import logging
import secrets
from functools import partial
from typing import Any

from flask import Flask, Response, abort, redirect, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, ValidationError

from tracker.digests.forms.compiled_templates import CompiledTemplates
from tracker.errors import StoreError, TrackerError, UsageError
from tracker.model import LANGUAGES, Role
from tracker.review.web import making, proofs, remembered, uploads
from tracker.review.web.acts import Told, take_told, value_in_words
from tracker.review.web.addresses import own_path, page_above, web_link
from tracker.review.web.campaigns import CampaignShelf
from tracker.review.web.connections import TOO_LARGE
from tracker.review.web.context import EXTENSION, Desk, desk, nobodys_desk, show, wants_fragment
from tracker.review.web.fragments import outlet_options
from tracker.review.web.making import FileMaker, Start
from tracker.review.web.navigation import links_for
from tracker.review.web.pages import BLUEPRINTS, letters
from tracker.review.web.protection import protect
from tracker.review.web.sessions import keep_sessions
from tracker.review.web.warming import Warmer
from tracker.spreadsheets.read import MOST_BYTES
from tracker.store import users
from tracker.urls.canonical import without_tracking
from tracker.workspace import Parts, shipped_folder

MOST_FORM_BYTES = 1024 * 1024
"""A form of ours is smaller; an upload states its own limit."""
MOST_DIGITS = 18
"""Of a number in an address."""
HTMX_CONFIG = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "attributesToSettle": [],  # a card that is drawn anew is at once what it is
        "historyEnabled": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "responseHandling": [{"code": "204", "swap": False}, {"code": "[2345]..", "swap": True}],
    }
)
"""No style or script that the content policy would have to allow; what the server refuses is shown too."""
_log = logging.getLogger(__name__)


class _Number(IntegerConverter):
    """A whole number that a database can hold; a larger one is the number of nothing."""

    def to_python(self, value: str) -> int:
        if len(value) > MOST_DIGITS:
            raise ValidationError
        return int(super().to_python(value))


class _Cookies(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:
        """Over TLS the cookie never goes without it."""
        return request.is_secure


def make_app(parts: Parts, start: Start | None = None, send: Start | None = None) -> Flask:
    """The desk of a workspace. `start`: how the files of approved editions are made, `send`: how proofs are sent, else by a process of
    their own each. Raises StoreError where there is no database."""
    templates = shipped_folder("templates")
    app = Flask("tracker.review.web", template_folder=templates, static_folder=templates / "review" / "static", static_url_path="/static")
    parts.database.is_waited_for = True
    with parts.database.writing() as conn:
        key = users.review_key(conn, "cookies", secrets.token_bytes(32))
    app.config.update(
        SECRET_KEY=key,
        SESSION_COOKIE_NAME="desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a page left open over lunch still works
        MAX_CONTENT_LENGTH=MOST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.session_interface = _Cookies()
    app.url_map.converters["int"] = _Number
    app.extensions[EXTENSION] = (parts, CampaignShelf(parts.workspace))
    app.extensions[remembered.EXTENSION] = remembered.Remembered()
    app.extensions[proofs.EXTENSION] = proofs.ProofSender(parts, send)
    app.extensions[making.EXTENSION] = FileMaker(parts.workspace, start)
    if parts.settings.review.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    _set_up_templates(app)
    keep_sessions(app, parts)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.before_request(_refuse_what_was_not_taken_in)
    protect(app, parts)  # before the forms' own check: who may not open a page learns nothing of its forms
    CSRFProtect(app).exempt(letters.blueprint)  # the address of a recipient's own page is a secret that no other site knows
    _explain_errors(app)
    return app


def _refuse_what_was_not_taken_in() -> None:
    if request.environ.get(TOO_LARGE):
        abort(413)


def take_up(app: Flask) -> None:
    """What a desk does at its start, before it answers: sheets that nobody came back for go, files that an earlier desk left are made,
    and what is slow is made ahead."""
    parts, shelf = app.extensions[EXTENSION]
    uploads.sweep(parts.workspace, parts.clock())
    app.extensions[making.EXTENSION].take_up()
    app.extensions[proofs.EXTENSION].take_up()
    Warmer(app, parts, shelf).start()


def _set_up_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.optimized, app.jinja_env.bytecode_cache = False, CompiledTemplates("desk")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["web_link"] = web_link
    app.jinja_env.filters["untracked"] = without_tracking

    @app.context_processor
    def _always() -> dict[str, Any]:
        here = desk()
        return {
            "desk": here,
            "user": here.user,
            "words": here.words,
            "say": here.words.say,
            "navigation": links_for(here),
            "languages": LANGUAGES,
            "htmx_config": HTMX_CONFIG,
            "Role": Role,
            "told": take_told(),
            "value_in_words": partial(value_in_words, here),
            "outlet_options": outlet_options,
        }


def _explain_errors(app: Flask) -> None:
    """Every refusal is a page that says what to do; none tells how the program is made."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return error.get_response()  # type: ignore[return-value]
        if error.code == 405 and request.method == "GET" and (page := page_above(app, request.path)):
            query = request.query_string.decode("ascii", "replace")
            return redirect(f"{page}?{query}" if query else page, 303)  # type: ignore[return-value]
        return _refusal(error.code)

    @app.errorhandler(CSRFError)
    def _forged(error: CSRFError) -> Response:
        return _refusal(400, "error_form")

    @app.errorhandler(TrackerError)
    def _expected(error: TrackerError) -> Response:
        if isinstance(error, UsageError):  # of what the person typed; all else is of files and of other campaigns
            return _refusal(400, detail=str(error))
        _log.warning("a page failed: %s %r: %s", request.method, request.path, error)
        user = _desk_of_whoever_asks().user
        may_know = user is not None and user.may_everywhere(Role.ADMINISTRATOR)
        return _refusal(503 if isinstance(error, StoreError) else 500, detail=str(error) if may_know else "")

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        _log.exception("a page failed: %s %r", request.method, request.path)
        return _refusal(500)


_KNOWN = (400, 401, 403, 404, 405, 413, 500, 503)


def _desk_of_whoever_asks() -> Desk:
    """Nobody's, where the database cannot say who asks: what goes wrong is told all the same."""
    try:
        return desk()
    except TrackerError:
        return nobodys_desk()


def _refusal(status: int, key: str = "", detail: str = "") -> Response:
    here = _desk_of_whoever_asks()
    key = key or f"error_{status if status in _KNOWN else 500 if status >= 500 else 400}"
    if request.path.startswith("/api/"):
        return Response(json.dumps({"error": here.words.say(key, MOST_BYTES >> 20)}), status, mimetype="application/json")
    if wants_fragment() and here.user is not None and not here.user.must_change:  # said on the page that asked, which stays as it is
        answer = show(
            "refused.html", status, told=Told(here.words.say(key, MOST_BYTES >> 20), refused=(here.in_words(detail),) if detail else ())
        )
        answer.headers["HX-Reswap"] = "none"
        return answer
    again = own_path(request.full_path.removesuffix("?"), "") if status >= 500 and request.method == "GET" else ""
    return show("error.html", status, message=key, detail=detail, again=again, largest=MOST_BYTES >> 20)
