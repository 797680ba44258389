"""What holds for every request: whose host is asked, who may open what, and which headers go with each answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.review.accounts import digest_of
from tracker.review.web.access import ACCESS, WHILE_PASSWORD_IS_NEW, Need, is_open
from tracker.review.web.addresses import is_own_host, own_path
from tracker.review.web.context import desk
from tracker.review.web.sessions import bearer
from tracker.store import users
from tracker.workspace import Parts

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
INERT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'"
"""For what is shown as it would be sent: it may look as it likes, and do nothing."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def protect(app: Flask, parts: Parts) -> None:
    """Puts the gate before every endpoint and the headers on every answer. Raises ValueError for an endpoint without its row."""
    if closed := sorted({rule.endpoint for rule in app.url_map.iter_rules()} - ACCESS.keys()):
        raise ValueError(f"no row in access.ACCESS for {', '.join(closed)}")
    public = urlsplit(parts.settings.review.public_url).hostname or ""
    names = {*parts.settings.review.hosts, parts.settings.review.host, public}

    @app.before_request
    def _gate() -> ResponseReturnValue | None:
        if not is_own_host(request.host, names) or own_path(f"{request.script_root}/") != f"{request.script_root}/":
            abort(400)
        if request.endpoint is None:
            return None  # not found, or a method that is not allowed: Flask says so
        need, user = ACCESS.get(request.endpoint), desk().user
        if need is Need.TOKEN:
            return _admit_token(parts)
        if user is not None and user.must_change and request.endpoint not in WHILE_PASSWORD_IS_NEW:
            return redirect(url_for("login.password"), 303)
        if is_open(need, user):
            return None
        if user is None:
            return _to_login()
        abort(403)

    app.after_request(_with_headers)


def _admit_token(parts: Parts) -> ResponseReturnValue | None:
    token = bearer()
    with parts.database.reading() as conn:
        user = users.token_user(conn, digest_of(token)) if token else None
    if user is None or user.must_change:
        return {"error": "a token is needed: Authorization: Bearer ..."}, 401, {"WWW-Authenticate": "Bearer"}
    desk().user = user
    return None


def _to_login() -> ResponseReturnValue:
    """Back to where the person was going, once logged in; a form that was sent is not sent again."""
    target = request.full_path.removesuffix("?") if request.method in ("GET", "HEAD") else "/"
    address = url_for("login.form", next=target) if target != "/" else url_for("login.form")
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("login.form")}
    return redirect(address, 303)


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Frame-Options", "SAMEORIGIN" if response.headers["Content-Security-Policy"] == INERT_POLICY else "DENY")
    if request.endpoint == "static" and response.status_code < 400:  # a refusal is a page of the person who asked
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
        response.vary.add("HX-Request")
    if "Server" in response.headers:
        del response.headers["Server"]
    return response
