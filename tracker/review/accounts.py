"""Users of the review desk: made, given roles, let in. Passwords are kept as argon2id, sessions and tokens as SHA-256 of random words."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.model import Grant, Role, User
from tracker.review import names
from tracker.store import users
from tracker.store.database import Database

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from sqlalchemy import Connection

FIRST_NAME = "administrator"
LEAST_CHARS, MOST_CHARS = 12, 256
"""NIST SP 800-63B-4 asks for 15 where a password stands alone and 8 beside something else; 256 keep argon2 from working for minutes."""
MOST_NAME_CHARS = 60
LONGEST_SESSION = timedelta(days=7)
_SYLLABLES = [consonant + vowel for consonant in "bdfgjklmnprstvz" for vowel in "aeiou"]
_HASHES_AT_ONCE = threading.BoundedSemaphore(2)
"""argon2 takes 64 MiB each: any number of logins at once must not take the machine's memory."""


class NotPlain(UsageError):
    """The name mixes alphabets, or has letters of none that people here write."""


class LooksAlike(UsageError):
    """The name passes for that of somebody else, `other`."""

    def __init__(self, other: str) -> None:
        super().__init__(f"this name looks like that of {other}; choose one that nobody can confuse with it")
        self.other = other


class LastAdministrator(UsageError):
    """Nobody would be left who may do everything."""


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex())


def one_time_password() -> str:
    """Words that can be read aloud: 75 syllables, sixteen of them, 99 bits."""
    syllables = [secrets.choice(_SYLLABLES) for _ in range(16)]
    return "-".join("".join(syllables[at : at + 4]) for at in range(0, 16, 4))


def add_user(database: Database, name: str, grants: Sequence[Grant], now: datetime, *, must_change: bool = True) -> tuple[User, str]:
    """The user, made or given these roles besides, and a one-time password, empty where the user was there.

    Raises UsageError for a name that nobody could type, NotPlain and LooksAlike for a new one that deceives, LastAdministrator where nobody would be left who may do everything.
    """
    name = _checked_name(name)
    with database.reading() as conn:
        known = users.named(conn, name)
    if known is None and not names.is_plain(name):
        raise NotPlain("a name is written in one alphabet, Latin or Cyrillic, with digits, spaces and the signs . - _ @ + '")
    password = "" if known else one_time_password()
    digest = "" if known else hash_password(password)
    with database.writing() as conn:
        known = users.named(conn, name)
        if known is None:
            if other := next((one.name for one in users.every(conn) if names.shape(one.name) == names.shape(name)), ""):
                raise LooksAlike(other)
            return users.add(conn, name, digest, grants, now, must_change=must_change), password
        with _keeps_an_administrator(conn):
            users.grant(conn, known[0].id, grants)
        changed = users.get(conn, known[0].id)
    assert changed is not None
    return changed, ""


def first_administrator(database: Database, now: datetime) -> tuple[User, str] | None:
    """On the first start a user who may do everything, with a one-time password; None where there is one."""
    with database.reading() as conn:
        if users.any_administrator(conn):
            return None
        taken = users.named(conn, FIRST_NAME) is not None
    name = f"{FIRST_NAME}-{secrets.token_hex(2)}" if taken else FIRST_NAME
    return add_user(database, name, [Grant(Role.ADMINISTRATOR)], now)


def reset_password(database: Database, name: str) -> str:
    """A new one-time password; every session of the user ends. Raises UsageError for an unknown name."""
    found = _named(database, name)
    password = one_time_password()
    digest = hash_password(password)
    with database.writing() as conn:
        users.set_password(conn, found.id, digest, must_change=True)
    return password


def change_password(database: Database, user: User, password: str) -> None:
    """The user's own password; every session ends. Raises UsageError for one that is too short or too long, or the name itself."""
    if not LEAST_CHARS <= len(password) <= MOST_CHARS or users.name_key(password) == users.name_key(user.name):
        raise UsageError(f"a password has {LEAST_CHARS} to {MOST_CHARS} characters and is not the name")
    digest = hash_password(password)
    with database.writing() as conn:
        users.set_password(conn, user.id, digest)


def authenticate(database: Database, name: str, password: str) -> User | None:
    """The user whose name and password these are. An unknown name takes as long as a wrong password."""
    with database.reading() as conn:
        found = users.named(conn, name[:MOST_NAME_CHARS])
    user, digest = found if found else (None, _nobodys_hash())
    fits = verify_password(digest, password)
    return user if fits and user is not None and not user.is_disabled else None


def bar(database: Database, name: str, now: datetime, *, again: bool = False) -> User:
    """Ends what the user may do, at once; `again`: lets the user in. Raises UsageError for an unknown name, LastAdministrator."""
    found = _named(database, name)
    with database.writing() as conn, _keeps_an_administrator(conn):
        users.disable(conn, found.id, None if again else now)
    return found


def revoke(database: Database, user_id: int, campaign_id: str) -> None:
    """Takes a role back. Raises LastAdministrator."""
    with database.writing() as conn, _keeps_an_administrator(conn):
        users.revoke(conn, user_id, campaign_id)


@contextmanager
def _keeps_an_administrator(conn: Connection) -> Iterator[None]:
    """Refuses a change, within its transaction, after which nobody could do everything."""
    had_one = users.any_administrator(conn)
    yield
    if had_one and not users.any_administrator(conn):
        raise LastAdministrator("this is the last administrator; make another one first")


def make_token(database: Database, name: str, now: datetime) -> str:
    """A token with which programs read what the user may read; the one before it ends. Raises UsageError for an unknown name."""
    found = _named(database, name)
    if found.is_disabled:
        raise UsageError(f"{found.name} is barred; let the user in first")
    token = random_words()
    with database.writing() as conn:
        users.add_token(conn, found.id, digest_of(token), now)
    return token


def random_words() -> str:
    """A secret of 256 bits, for cookies and tokens."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> bytes:
    """What is kept of a secret: it is random, so that a fast digest is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def hash_password(password: str) -> str:
    """argon2id with its library's parameters."""
    with _HASHES_AT_ONCE:
        return _hasher().hash(password.encode("utf-8", "surrogatepass"))


def verify_password(digest: str, password: str) -> bool:
    """Whether it is the password; one that is longer than any is none."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _HASHES_AT_ONCE:
        try:
            return _hasher().verify(digest, password.encode("utf-8", "surrogatepass")) and len(password) <= MOST_CHARS
        except (VerificationError, InvalidHashError):
            return False


def _named(database: Database, name: str) -> User:
    with database.reading() as conn:
        found = users.named(conn, name)
    if found is None:
        raise UsageError(f"no user {name!r}; `tracker user list` names them")
    return found[0]


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > MOST_NAME_CHARS or not users.name_key(name):
        raise UsageError(f"a name has 1 to {MOST_NAME_CHARS} letters or digits")
    return name
