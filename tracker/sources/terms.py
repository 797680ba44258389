"""What an answer and a page say of their use by machines: bytes and headers in, records out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.model import Terms, TermsSaid, TermsVia

LOOKED_AT_BYTES = 64 * 1024
"""A page's head stands in them; most pages have nothing of it, which one search tells."""
LONGEST_POLICY = 500
_SAID = {"0": TermsSaid.OPEN, "1": TermsSaid.RESERVED}
_META = re.compile(rb"<meta\b[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
RESERVATION, POLICY = "tdm-reservation", "tdm-policy"


def terms_of(headers: Iterable[tuple[str, str]], body: bytes) -> tuple[Terms, ...]:
    """What header and meta element say; nothing for each that is absent, or holds neither 0 nor 1."""
    sent = {name.lower(): value.strip() for name, value in headers}
    found = [_terms(TermsVia.HEADER, sent), _terms(TermsVia.META, _metas(body[:LOOKED_AT_BYTES]))]
    return tuple(one for one in found if one is not None)


def _terms(via: TermsVia, said: dict[str, str]) -> Terms | None:
    reservation = _SAID.get(said.get(RESERVATION, ""))
    if reservation is None:
        return None
    policy = said.get(POLICY, "")
    return Terms(via, reservation, policy if policy.startswith(("https://", "http://")) and len(policy) <= LONGEST_POLICY else "")


def _metas(head: bytes) -> dict[str, str]:
    if RESERVATION.encode() not in head.lower():  # a policy alone says nothing
        return {}
    found: dict[str, str] = {}
    for element in _META.findall(head):
        values = {name.lower(): (a or b or c).strip() for name, a, b, c in _ATTRIBUTE.findall(element.decode("latin-1"))}
        name = values.get("name", "").lower()
        if name in (RESERVATION, POLICY):
            found.setdefault(name, values.get("content", ""))
    return found
