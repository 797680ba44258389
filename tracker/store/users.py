"""Users of the review desk, their sessions and tokens. What is secret comes in as a digest and is never read back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from tracker.model import Grant, Role, User
from tracker.store import backend
from tracker.store.schema.access import review_keys, user_grants, user_sessions, user_tokens, users
from tracker.text.folding import fold


def name_key(name: str) -> str:
    """By what a name is found: two names that only differ in case, accents or script are one."""
    return " ".join(fold(name).split())


def add(conn: Connection, name: str, password_hash: str, grants: Sequence[Grant], now: datetime, *, must_change: bool = True) -> User:
    """A new user. The caller has looked that there is none of this name."""
    values = {"name": name, "name_key": name_key(name), "password_hash": password_hash, "must_change": must_change, "created_at": now}
    user_id = backend.inserted_id(conn, insert(users).values(values))
    grant(conn, user_id, grants)
    return User(user_id, name, tuple(grants), must_change)


def grant(conn: Connection, user_id: int, grants: Sequence[Grant]) -> None:
    """Gives roles; one in the same campaign is replaced."""
    rows = [{"user_id": user_id, "campaign_id": one.campaign_id, "role": str(one.role)} for one in grants]
    if rows:
        conn.execute(backend.upsert(user_grants, ["user_id", "campaign_id"]), rows)


def revoke(conn: Connection, user_id: int, campaign_id: str) -> None:
    """Takes the role in this campaign back."""
    conn.execute(delete(user_grants).where(user_grants.c.user_id == user_id, user_grants.c.campaign_id == campaign_id))


def named(conn: Connection, name: str) -> tuple[User, str] | None:
    """The user of this name and the digest of the password."""
    row = conn.execute(select(users).where(users.c.name_key == name_key(name))).first()
    return None if row is None else (_user(conn, row), row.password_hash)


def get(conn: Connection, user_id: int) -> User | None:
    """The user with this id."""
    row = conn.execute(select(users).where(users.c.id == user_id)).first()
    return None if row is None else _user(conn, row)


def every(conn: Connection) -> list[User]:
    """All users, by name."""
    given: dict[int, list[Grant]] = {}
    for row in conn.execute(select(user_grants).order_by(user_grants.c.campaign_id)):
        given.setdefault(row.user_id, []).append(Grant(Role(row.role), row.campaign_id))
    rows = conn.execute(select(users).order_by(users.c.name_key))
    return [_record(row, given.get(row.id, ())) for row in rows]


def any_administrator(conn: Connection) -> bool:
    """Whether somebody can log in who may do everything."""
    wanted = select(users.c.id).join(user_grants, user_grants.c.user_id == users.c.id)
    everywhere = (user_grants.c.campaign_id == "") & (user_grants.c.role == str(Role.ADMINISTRATOR))
    return conn.execute(wanted.where(everywhere, users.c.disabled_at.is_(None)).limit(1)).first() is not None


def set_password(conn: Connection, user_id: int, password_hash: str, *, must_change: bool = False) -> None:
    """Another password; every session of the user ends with it."""
    conn.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash, must_change=must_change))
    end_sessions(conn, user_id)


def set_language(conn: Connection, user_id: int, language: str) -> None:
    """The language in which the user reads the desk."""
    conn.execute(update(users).where(users.c.id == user_id).values(language=language))


def disable(conn: Connection, user_id: int, now: datetime | None) -> None:
    """Bars a user from `now` on, with every session and token; None: lets the user in again."""
    conn.execute(update(users).where(users.c.id == user_id).values(disabled_at=now))
    if now is not None:
        end_sessions(conn, user_id)
        conn.execute(delete(user_tokens).where(user_tokens.c.user_id == user_id))


def begin_session(conn: Connection, user_id: int, digest: bytes, now: datetime) -> None:
    """Notes a login."""
    conn.execute(insert(user_sessions).values(digest=digest, user_id=user_id, began_at=now, seen_at=now))


def session_user(conn: Connection, digest: bytes, *, begun_after: datetime, seen_after: datetime) -> tuple[User, datetime] | None:
    """Whose session it is and when it was last seen; None for one that ended, is too old, or belongs to a barred user."""
    alive = (user_sessions.c.digest == digest) & (user_sessions.c.began_at > begun_after) & (user_sessions.c.seen_at > seen_after)
    wanted = select(users, user_sessions.c.seen_at).join(user_sessions, user_sessions.c.user_id == users.c.id)
    row = conn.execute(wanted.where(alive, users.c.disabled_at.is_(None))).first()
    return None if row is None else (_user(conn, row), row.seen_at)


def touch_session(conn: Connection, digest: bytes, now: datetime) -> None:
    """Notes that the session is in use."""
    conn.execute(update(user_sessions).where(user_sessions.c.digest == digest).values(seen_at=now))


def end_session(conn: Connection, digest: bytes) -> None:
    """Logs out."""
    conn.execute(delete(user_sessions).where(user_sessions.c.digest == digest))


def end_sessions(conn: Connection, user_id: int) -> None:
    """Logs the user out everywhere."""
    conn.execute(delete(user_sessions).where(user_sessions.c.user_id == user_id))


def forget_sessions(conn: Connection, begun_before: datetime) -> None:
    """Removes sessions that are too old to be used."""
    conn.execute(delete(user_sessions).where(user_sessions.c.began_at <= begun_before))


def add_token(conn: Connection, user_id: int, digest: bytes, now: datetime) -> None:
    """Notes a token; the one before it ends."""
    conn.execute(delete(user_tokens).where(user_tokens.c.user_id == user_id))
    conn.execute(insert(user_tokens).values(digest=digest, user_id=user_id, made_at=now))


def token_user(conn: Connection, digest: bytes) -> User | None:
    """Whose token it is."""
    wanted = select(users).join(user_tokens, user_tokens.c.user_id == users.c.id)
    row = conn.execute(wanted.where(user_tokens.c.digest == digest, users.c.disabled_at.is_(None))).first()
    return None if row is None else _user(conn, row)


def review_key(conn: Connection, name: str, fresh: bytes) -> bytes:
    """The key of this name; `fresh` becomes it where there is none."""
    conn.execute(backend.insert_new(review_keys).values(name=name, key=fresh))
    return bytes(conn.execute(select(review_keys.c.key).where(review_keys.c.name == name)).scalar_one())


def count(conn: Connection) -> int:
    """How many users there are."""
    return conn.execute(select(func.count()).select_from(users)).scalar_one()


def _user(conn: Connection, row: Row[Any]) -> User:
    wanted = select(user_grants).where(user_grants.c.user_id == row.id).order_by(user_grants.c.campaign_id)
    return _record(row, [Grant(Role(one.role), one.campaign_id) for one in conn.execute(wanted)])


def _record(row: Row[Any], grants: Sequence[Grant]) -> User:
    return User(row.id, row.name, tuple(grants), row.must_change, row.disabled_at is not None, row.language)
