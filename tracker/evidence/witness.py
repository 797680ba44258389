"""The line at an edition's foot: a day and its hash in the chain, in letters that survive mail, print and telephone. Pure.

`2024-10-18 ABCD-EFGH-...`: thirteen groups of four letters and digits (base32 of RFC 4648, section 6, without padding).
"""

from __future__ import annotations

import base64
import re
from datetime import date

from msgspec import Struct

from tracker.errors import UsageError

GROUPS, GROUP_CHARS = 13, 4
_READ_AS = str.maketrans({"0": "O", "1": "I", "8": "B"})
"""Digits that base32 does not have: whoever types a printed line takes letters for them."""
_BETWEEN = r"[\s\u00ad\u200b-\u200d\u2060\ufeff>.=_*|\u2010-\u2015-]*"
"""Breaks, quotation marks of mail programs, soft breaks and dashes of any width."""
_LINE = re.compile(rf"(?<!\d)(\d{{4}}-\d\d-\d\d)(?!\d){_BETWEEN}((?:[A-Za-z0-9]{{4}}{_BETWEEN}){{{GROUPS}}})(?![A-Za-z0-9])")
_ODD_DASHES = re.compile("[\u2010-\u2015]")


class Witness(Struct, frozen=True):
    """What a line says: the day (ISO) and its hash in the chain, 32 bytes."""

    day: str
    link: bytes


def witness_line(day: str, link: bytes) -> str:
    """The line for a day's hash in the chain: 75 characters."""
    letters = base64.b32encode(link).decode("ascii").rstrip("=")
    groups = (letters[place : place + GROUP_CHARS] for place in range(0, len(letters), GROUP_CHARS))
    return f"{day} {'-'.join(groups)}"


def read_witness(text: str) -> Witness:
    """The line that stands in a text, however mail broke it: words around it do not matter. Raises UsageError where there is none."""
    found = _LINE.search(_ODD_DASHES.sub("-", text))
    if found is None:
        raise UsageError("--root wants the line at an edition's foot: a day and 13 groups of four letters and digits")
    day, letters = found[1], re.sub(r"[^A-Z0-9]", "", found[2].upper()).translate(_READ_AS)
    try:
        date.fromisoformat(day)
        link = base64.b32decode(letters + "====")
    except ValueError as error:
        raise UsageError(f"the line cannot be read: {error}") from error
    if base64.b32encode(link).decode("ascii").rstrip("=") != letters:
        raise UsageError("the line's last letter cannot be right: one was mistyped")
    return Witness(day, link)
