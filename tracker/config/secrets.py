"""Every spelling in which a library may write a secret, so that it can be taken out of what is stored, logged or shown."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

MIN_SECRET_CHARS = 4
"""A shorter password alone is not masked: it would be found in ordinary words. With its user name it is."""
MIN_PATH_CHARS = 8
"""Of a part of a path with a figure in it: services hand out longer ones, and versions such as `v2` are shorter."""
HIDDEN = "(hidden)"
_NAMES_SECRET = re.compile(r"(?i)key|token|secret|passw|pwd|auth|sig")
"""Names behind the `?` of an address whose values nobody may see."""


def parameters(address: str) -> tuple[str, ...]:
    """The password of an address, and what stands behind its `?` under a name that says it is secret."""
    login = address.partition("://")[2].partition("/")[0].rpartition("@")[0] if "://" in address else ""
    query = address.partition("?")[2].partition("#")[0]
    named = (value for name, value in parse_qsl(query, max_num_fields=None) if _NAMES_SECRET.search(name))
    return tuple(one for one in (login.partition(":")[2], *named) if one)


def masked(text: str, secrets: Iterable[str], mask: str = HIDDEN) -> str:
    """The text without any spelling of these secrets."""
    found = _pattern(tuple(secrets)) if text else None
    return found.sub(lambda _: mask, text) if found else text


@lru_cache(maxsize=64)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str] | None:
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    longest_first = sorted((form for form in forms if len(form) >= MIN_SECRET_CHARS), key=lambda form: (-len(form), form))
    return re.compile("|".join("".join(map(_written, form)) for form in longest_first)) if longest_first else None


def _forms(value: str) -> Iterator[str]:
    """The value, and of an address its login and what its path and its `?` bear: as written, decoded and in Base64."""
    _, is_address, rest = value.partition("://")
    login = rest.partition("/")[0].rpartition("@")[0] if is_address else ""
    wide = rest.partition("?")[0].rpartition("@")[0] if is_address else ""  # a password with a slash in it
    parts = [value, rest, login, login.partition(":")[2], wide, wide.partition(":")[2], *(_of_path(value) if is_address else ())]
    if is_address:
        parts += parameters(value)
    for one in filter(None, parts):
        yield one
        yield unquote(one)
        yield unquote_plus(one)
    for one in filter(None, (value, login, wide)):
        for coded in (b64encode, urlsafe_b64encode):
            yield coded(unquote(one).encode()).decode().rstrip("=")


def _of_path(address: str) -> Iterator[str]:
    """What names whoever holds the address of a service: `/0f2c…` of a ping. A database's path is its name."""
    if address.startswith(("postgres", "sqlite")):
        return
    try:
        path = urlsplit(address).path
    except ValueError:
        return
    for part in path.split("/"):
        if len(part) >= MIN_PATH_CHARS and any(letter.isdigit() for letter in part):
            yield part


def _written(letter: str) -> str:
    """Every way to write a character: as it is, in an address (also twice over), in JSON and Python, in HTML."""
    if letter.isascii() and letter.isalnum():
        return letter
    in_address = "".join(f"%(?:25){{0,2}}(?i:{byte:02x})" for byte in letter.encode("utf-8", "surrogatepass"))
    in_code = {json.dumps(letter)[1:-1], repr(letter)[1:-1]} - {letter}
    ways = {re.escape(letter), rf"\\{re.escape(letter)}", in_address, re.escape(escape(letter)), *(re.escape(way) for way in in_code)}
    ways |= {re.escape(way.replace("\\", "\\\\")) for way in (*in_code, f"\\{letter}")} | ({r"\+"} if letter == " " else set())
    ways |= {f"&#0?{ord(letter)};", f"&#(?i:x0?{ord(letter):x});"}
    return f"(?:{'|'.join(sorted(ways, key=lambda way: (-len(way), way)))})"
