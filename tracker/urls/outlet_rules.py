"""What the register says of one outlet's addresses, read and applied. Pure, and in time that grows with the address only.

`script_switch`: what only chooses the script or means nothing, marks joined by `|`: `/lat/` a piece of the path, `?alphabet=` a
parameter (`?pismo=lat` with this value only), `lat.` the beginning of the host. `url_key`: where an article's own number stands, forms
joined by `|`: `{n}` is five digits or more and `{n:9}` nine or more: `/a/{n}.html`, `*-{n}`, `*/{n:9}`, `/vijest/{n}/*`, `?id={n}`.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

MAX_CHARS = 100
"""Of a cell: the longest of the register has 45."""
MAX_MARKS = 8
"""Of a cell: the most in the register are 3."""

SWITCH_SYNTAX = "marks joined by '|': /lat/ for a piece of the path, ?alphabet= for a parameter, lat. for the beginning of a host"
KEY_SYNTAX = (
    "a path with {n} where the article's number stands ({n:9}: nine digits or more; else five), with * before it or at the end for"
    " anything, such as /a/{n}.html or *-{n}; or a parameter such as ?id={n}; several are joined by '|'"
)

_SEGMENT = re.compile(r"/([A-Za-z0-9_-]+)/?")
_PARAMETER = re.compile(r"\?([A-Za-z][\w.-]*)=([\w.-]*)", re.ASCII)
_BEGINNING = re.compile(r"([a-z][a-z0-9-]*)\.", re.ASCII)
_TEMPLATE = re.compile(
    r"(?P<head>/[\w/.,~-]*)?(?P<before>\*)?(?P<middle>[\w/.,~-]*)\{n(?::(?P<least>\d{1,2}))?\}(?P<tail>[\w/.,~-]*)(?P<after>\*)?", re.ASCII
)
_NAMED = re.compile(r"\?(?P<name>[A-Za-z][\w.-]*)=\{n(?::(?P<least>\d{1,2}))?\}", re.ASCII)
_LEAST_DIGITS, _MOST_DIGITS = 5, 20  # a year has four digits; a 64-bit number has at most 20


class ScriptSwitch(Struct, frozen=True):
    """What in an outlet's addresses only chooses the script."""

    segments: frozenset[str] = frozenset()
    parameters: frozenset[tuple[str, str]] = frozenset()  # without a value: whatever the value
    beginnings: tuple[str, ...] = ()


class UrlKey(Struct, frozen=True):
    """Where an article's own number stands: in the path, or in a parameter."""

    pattern: re.Pattern[str]
    in_query: bool = False


class AddressRule(Struct, frozen=True):
    """How one outlet's addresses name an article."""

    switch: ScriptSwitch = field(default_factory=ScriptSwitch)
    keys: tuple[UrlKey, ...] = ()

    def host_without_script(self, host: str) -> str:
        """The host without a beginning that only chooses the script."""
        for beginning in self.switch.beginnings:
            if host.startswith(beginning) and "." in host[len(beginning) :]:
                return host[len(beginning) :]
        return host

    def path_without_script(self, path: str) -> str:
        """The path without the pieces that only choose the script."""
        if not self.switch.segments:
            return path
        return "/".join(part for part in path.split("/") if part not in self.switch.segments)

    def is_script(self, name: str, value: str) -> bool:
        """Whether a parameter only chooses the script."""
        return (name, "") in self.switch.parameters or (name, value) in self.switch.parameters

    def number(self, path: str, query: str) -> str:
        """The article's number; "" when the address has none."""
        found = (key.pattern.search(query if key.in_query else path) for key in self.keys)
        return next((match["number"] for match in found if match), "")


NO_RULE = AddressRule()


def read_switch(text: str) -> ScriptSwitch:
    """The marks of a `script_switch`. Raises ValueError with what would be right."""
    marks = [mark.strip() for mark in text.split("|")]
    segments, parameters, beginnings = set(), set(), []
    if len(text) > MAX_CHARS or len(marks) > MAX_MARKS:
        raise ValueError(f"must have at most {MAX_CHARS} characters and {MAX_MARKS} marks")
    for mark in marks:
        if found := _SEGMENT.fullmatch(mark):
            segments.add(found[1])
        elif found := _PARAMETER.fullmatch(mark):
            parameters.add((found[1].lower(), found[2].lower()))
        elif _BEGINNING.fullmatch(mark):
            beginnings.append(mark)
        else:
            raise ValueError(f"{mark!r} must be {SWITCH_SYNTAX}")
    return ScriptSwitch(frozenset(segments), frozenset(parameters), tuple(beginnings))


def read_keys(text: str) -> tuple[UrlKey, ...]:
    """The forms of a `url_key`, the first that fits counts. Raises ValueError with what would be right."""
    forms = [form.strip(" ") for form in text.split("|")]
    if len(text) > MAX_CHARS or len(forms) > MAX_MARKS:
        raise ValueError(f"{text[:MAX_CHARS]!r} must be {KEY_SYNTAX}; at most {MAX_CHARS} characters and {MAX_MARKS} forms")
    return tuple(map(_read_key, forms))


def _read_key(text: str) -> UrlKey:
    found = _NAMED.fullmatch(text) or _TEMPLATE.fullmatch(text)
    digits = int(found["least"] or _LEAST_DIGITS) if found else 0
    if found is None or not 1 <= digits <= _MOST_DIGITS or text[0] not in "/*?":
        raise ValueError(f"{text!r} must be {KEY_SYNTAX}")
    number = rf"(?P<number>\d{{{digits},{_MOST_DIGITS}}})"
    if text.startswith("?"):
        return UrlKey(re.compile(rf"(?:^|&){re.escape(found['name'])}={number}(?=&|$)", re.ASCII), in_query=True)
    head, middle, tail = (re.escape(found[name] or "") for name in ("head", "middle", "tail"))
    end = ".*" if found["after"] else ""
    tail = tail if end else tail.removesuffix("/")  # the path that is looked at ends in no slash
    anything = ".*" if found["before"] else ""
    return UrlKey(re.compile(rf"\A{head}{anything}{middle}(?<!\d){number}(?!\d){tail}{end}\Z", re.ASCII))
