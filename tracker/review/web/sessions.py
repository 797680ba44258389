"""Who is logged in. The cookie holds random words; what they open stands in the database, so that logging out ends it everywhere."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from tracker.model import User
from tracker.review.accounts import LONGEST_SESSION, digest_of, random_words
from tracker.review.web.context import desk
from tracker.store import users
from tracker.store.database import Database
from tracker.workspace import Parts

TOUCHED_EVERY = timedelta(minutes=5)
"""A session is noted as in use so often: not each page is a write."""


class Person(UserMixin):  # type: ignore[misc]
    """A user as Flask-Login keeps it: its id is the session, not the user."""

    def __init__(self, user: User, session_words: str) -> None:
        self.user, self.session_words = user, session_words

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.session_words


def keep_sessions(app: Flask, parts: Parts) -> None:
    """Lets Flask-Login find the person of a request."""
    manager = LoginManager()
    manager.session_protection = None  # it binds to the address, which changes between an office and its telephone
    manager.init_app(app, add_context_processor=False)  # pages ask the desk, which stands also where nobody can be looked up

    @manager.user_loader  # type: ignore[untyped-decorator]
    def _person(words: str) -> Person | None:
        now, idle = parts.clock(), timedelta(hours=parts.settings.review.session_hours)
        digest = digest_of(words)
        with parts.database.reading() as conn:
            found = users.session_user(conn, digest, begun_after=now - LONGEST_SESSION, seen_after=now - idle)
        if found is None:
            return None
        user, seen_at = found
        if now - seen_at > TOUCHED_EVERY:
            with parts.database.writing() as conn:
                users.touch_session(conn, digest, now)
        return Person(user, words)


def enter(database: Database, user: User) -> None:
    """Begins a session under new words: what a stranger planted in the browser before opens nothing."""
    words, now = random_words(), desk().now
    before = session.get("_user_id")
    with database.writing() as conn:
        if before is not None:
            users.end_session(conn, digest_of(str(before)))
        users.forget_sessions(conn, now - LONGEST_SESSION)
        users.begin_session(conn, user.id, digest_of(words), now)
    session.clear()
    login_user(Person(user, words))


def leave(database: Database) -> None:
    """Ends this session, also for a copy of its cookie."""
    words = session.get("_user_id", "")
    with database.writing() as conn:
        users.end_session(conn, digest_of(str(words)))
    logout_user()
    session.clear()


def bearer() -> str:
    """The token that a program sends; empty for none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.casefold() == "bearer" else ""
