"""Two files of an outlet's site: what tdmrep.json reserves, and what robots.txt says to us. Bytes in, records out; never raises.

`/.well-known/tdmrep.json` after the TDM Reservation Protocol (W3C community group report of 2024), robots.txt after RFC 9309. Of lines
about use by machines `Content-Signal` (contentsignals.org) and `Content-Usage` (draft-ietf-aipref-attach) are kept as they stand.
"""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct
from protego import Protego

from tracker.model.terms import Rule, SiteFileOutcome, TermsSaid

LONGEST_FILE_BYTES = 512 * 1024
"""As of robots.txt (RFC 9309, 2.5); a longer tdmrep.json is not fetched to its end."""
MOST_RULES = 500
LONGEST_PATTERN, LONGEST_POLICY = 500, 500
MOST_LINES = 40
"""Of robots.txt that are kept for people to see; the rules themselves are read anew by each crawl."""
LONGEST_LINE = 200
_SAID = {0: TermsSaid.OPEN, 1: TermsSaid.RESERVED, "0": TermsSaid.OPEN, "1": TermsSaid.RESERVED}
_GROUP_FIELDS = frozenset({"allow", "disallow", "crawl-delay", "request-rate", "visit-time", "content-signal", "content-usage"})
_LINE = re.compile(r"\s*([A-Za-z-]{1,40})\s*:\s*([^#\r\n]*)")


class FileSays(Struct, frozen=True):
    """What a file says. `wrong`: entries that are none."""

    outcome: SiteFileOutcome
    said: TermsSaid = TermsSaid.NOTHING
    rules: tuple[Rule, ...] = ()
    wrong: int = 0


def read_tdmrep(body: bytes) -> FileSays:
    """The rules of a tdmrep.json in its order. An entry without a location or a reservation of 0 or 1 is counted as wrong."""
    try:
        entries = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return FileSays(SiteFileOutcome.NOT_JSON)
    if not isinstance(entries, list):
        return FileSays(SiteFileOutcome.NOT_A_LIST)
    rules = tuple(rule for entry in entries[:MOST_RULES] if (rule := _rule(entry)))
    if not rules:
        return FileSays(SiteFileOutcome.NO_RULES, wrong=len(entries))
    reserves = any(said == TermsSaid.RESERVED for _, said, _ in rules)
    return FileSays(SiteFileOutcome.READ, TermsSaid.RESERVED if reserves else TermsSaid.OPEN, rules, len(entries) - len(rules))


def _rule(entry: object) -> Rule | None:
    if not isinstance(entry, dict):
        return None
    location, reservation, policy = (entry.get(name) for name in ("location", "tdm-reservation", "tdm-policy"))
    if not isinstance(location, str) or not location.startswith(("/", "*")) or len(location) > LONGEST_PATTERN:
        return None
    said = _SAID.get(reservation) if isinstance(reservation, int | str) and not isinstance(reservation, bool) else None
    if said is None:
        return None
    is_address = isinstance(policy, str) and policy.startswith(("https://", "http://")) and len(policy) <= LONGEST_POLICY
    return location, str(said), str(policy) if is_address else ""


def robots_text(body: bytes) -> str:
    """The text of a robots.txt, of which no more is read than the whole lines of LONGEST_FILE_BYTES: half of `Disallow: /archive/` would
    forbid everything. A byte order mark and the zeros of UTF-16 would hide the group they stand in."""
    if len(body) > LONGEST_FILE_BYTES:
        body = body[: max(body.rfind(end, 0, LONGEST_FILE_BYTES) for end in (b"\n", b"\r")) + 1]
    return body.decode("utf-8", "replace").replace("\0", "").lstrip("\ufeff\ufffd")


def read_robots(body: bytes, agent: str, homepage: str) -> FileSays:
    """The lines of robots.txt that are for this agent, and whether it may ask for the front page."""
    text = robots_text(body)
    try:
        parsed = Protego.parse(text)
        may_ask, delay = parsed.can_fetch(homepage, agent), parsed.crawl_delay(agent)
    except Exception:  # noqa: BLE001  # a robots.txt of any kind; the parser promises nothing
        return FileSays(SiteFileOutcome.NO_RULES)
    lines = _lines_for(text, agent)
    if delay is not None and not any(field == "crawl-delay" for field, _, _ in lines):
        lines = (("crawl-delay", f"{delay:g}"[:LONGEST_LINE], ""), *lines)[:MOST_LINES]
    return FileSays(SiteFileOutcome.READ, TermsSaid.OPEN if may_ask else TermsSaid.REFUSED, lines)


def _lines_for(text: str, agent: str) -> tuple[Rule, ...]:
    """The lines of the group whose name is the longest that stands in the agent's; else those for all (RFC 9309, 2.2.1)."""
    groups: dict[str, list[Rule]] = {}
    names: list[str] = []
    in_rules = False
    for line in text.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        field, value = found[1].lower(), found[2].strip()[:LONGEST_LINE]
        if field == "user-agent":
            names = [*([] if in_rules else names), value.lower()]
            in_rules = False
        elif field in _GROUP_FIELDS:
            in_rules = True
            for name in names or ["*"]:
                if len(kept := groups.setdefault(name, [])) < MOST_LINES:
                    kept.append((field, value, ""))
    wanted = max((name for name in groups if name and name != "*" and name in agent.lower()), key=len, default="*")
    return tuple(groups.get(wanted, ()))
