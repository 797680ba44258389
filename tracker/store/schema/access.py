"""Who may use the review desk: users, what each may do, their sessions and tokens. Passwords and tokens are kept as digests only."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from tracker.store.schema.columns import Moment, Words
from tracker.store.schema.metadata import by_person, by_tracker, metadata

users = Table(
    "users",
    metadata,
    *by_person(
        Column("id", Integer, primary_key=True),
        Column("name", Words, nullable=False),
        Column("name_key", Words, nullable=False, doc="the name folded, so that no two look alike"),
        Column("password_hash", String, nullable=False, doc="argon2id"),
        Column("must_change", Boolean, nullable=False, doc="the password was made by the program"),
        Column("language", String, nullable=False, server_default=text("''"), doc="of the pages; empty: as the browser asks"),
        Column("created_at", Moment, nullable=False),
        Column("disabled_at", Moment, doc="null: may log in"),
    ),
    UniqueConstraint("name_key"),
    sqlite_autoincrement=True,  # what a person said is kept with the id: it is never given twice
)

user_grants = Table(
    "user_grants",
    metadata,
    *by_person(
        Column("user_id", ForeignKey("users.id"), primary_key=True),
        Column("campaign_id", String, primary_key=True, doc="empty: every campaign"),
        Column("role", String, nullable=False, doc="a Role"),
    ),
    sqlite_with_rowid=False,
)

user_sessions = Table(
    "user_sessions",
    metadata,
    # a row a login; removed on logout and with a change of the password
    *by_tracker(
        Column("digest", LargeBinary, primary_key=True, doc="SHA-256 of what the cookie holds"),
        Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
        Column("began_at", Moment, nullable=False),
        Column("seen_at", Moment, nullable=False),
    ),
)

user_tokens = Table(
    "user_tokens",
    metadata,
    *by_person(
        Column("digest", LargeBinary, primary_key=True, doc="SHA-256 of the token"),
        Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
        Column("made_at", Moment, nullable=False),
    ),
)

review_keys = Table(
    "review_keys",
    metadata,
    # with what the desk signs its cookies and forms
    *by_tracker(
        Column("name", String, primary_key=True),
        Column("key", LargeBinary, nullable=False),
    ),
)

login_failures = Table(
    "login_failures",
    metadata,
    # failed logins of the last hour; names nobody
    *by_tracker(
        Column("digest", LargeBinary, primary_key=True, doc="keyed hash of what is slowed down: a name at an address, or an address"),
        Column("failures", Integer, nullable=False),
        Column("last_at", Moment, nullable=False),
    ),
)
Index("ix_login_failures_last", login_failures.c.last_at)
