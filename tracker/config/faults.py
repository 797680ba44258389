"""Why msgspec refused a TOML file's data: its message and path made a sentence about a place in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct, inspect

from tracker.config.schema import Wrong
from tracker.config.toml_positions import Keys
from tracker.model.languages import MEANT_COUNTRIES, MEANT_LANGUAGES, latin_look

_PLACE = re.compile(r" - at `(?P<key>key` in `)?\$(?P<path>.*)`$", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[\]]+)|\[(?P<number>\d+)\]|(?P<any>\[\.\.\.\])")
_FIELD = re.compile(r"field `(.+)`$")
_SHOWN_CHARS = 80  # of a wrong value: a line of a terminal
_NAMED_TYPES = MappingProxyType({"StrType": "text", "BoolType": "true or false", "IntType": "a whole number", "FloatType": "a number"})


class Explanation:
    """Why msgspec refused the data, in our words and with keys."""

    def __init__(
        self,
        data: Mapping[str, Any],
        struct: type,
        title: str,
        error: msgspec.ValidationError,
        convert: Callable[[Any, type], object],
    ) -> None:
        """`convert` is what raised `error` for these data; `title` names the file."""
        self._data, self._struct, self._title, self._error, self._convert = data, struct, title, error, convert
        self._text = _PLACE.sub("", str(error))
        self._keys, self._is_key = self._place(error)

    def wrong(self) -> Wrong:
        """The fault as a sentence."""
        cause, keys = self._error.__cause__, self._keys
        if isinstance(cause, Wrong):
            return Wrong(str(cause), *keys, *cause.keys)
        if isinstance(cause, ValueError):
            return Wrong(f"{_named(keys)} {cause}", *keys)
        if self._text.startswith("Object contains unknown field"):
            return self._unknown(_field(self._text))
        if self._text.startswith("Object missing required field"):
            name = _field(self._text)
            return Wrong(f"needs {name}: {self._wanted((*keys, name))}", *keys, name)
        choices, value = self._rule_at(keys).choices, keys[-1] if self._is_key else _value_at(self._data, keys)
        if isinstance(value, str) and (latin := latin_look(value)) != value and latin in choices:
            outer = _named(keys[:-1]) or _where(keys[:-1], self._title)
            return Wrong(f"unknown {_shown(value)} in {outer} (it has Cyrillic letters: type {latin} in Latin ones)", *keys)
        if choices and (self._is_key or isinstance(keys[-1], int)):
            outer = _named(keys[:-1]) or _where(keys[:-1], self._title)
            return Wrong(f"unknown {_shown(value)} in {outer}{_meant(value, choices)}; known are {', '.join(choices)}", *keys)
        if self._is_key:
            return Wrong(f"{_shown(value)} cannot be {self._wanted(keys)}", *keys)
        given = f", not {_shown(value)}" if choices or (isinstance(keys[-1], int) and isinstance(value, str)) else ""
        return Wrong(f"{_named(keys)} must be {self._wanted(keys)}{given}", *keys)

    def _unknown(self, name: str) -> Wrong:
        known = _names_in(self._rule_at(self._keys).kind)
        close = get_close_matches(name, known, 1) if len(name) <= _SHOWN_CHARS else []
        hint = _meant(name, known) or (f" (did you mean {close[0]!r}?)" if close else "")
        where = _where(self._keys, self._title)
        if not hint and self._keys and name in _names_in(self._rule_at(()).kind):
            return Wrong(f"unknown key {_shown(name)} in {where}; it belongs above the first line in brackets", *self._keys, name)
        return Wrong(f"unknown key {_shown(name)} in {where}{hint}; known are {', '.join(known)}", *self._keys, name)

    def _place(self, error: msgspec.ValidationError) -> tuple[Keys, bool]:
        """The keys of the fault, and whether the last of them is itself what is wrong."""
        match = _PLACE.search(str(error))
        if match is None:
            return (), False
        keys: Keys = ()
        for step in _STEP.finditer(match["path"]):
            if step["any"]:
                keys = (*keys, self._entry_at_fault(keys))
            else:
                keys = (*keys, step["name"] if step["name"] is not None else int(step["number"]))
        if match["key"]:
            keys = (*keys, self._entry_at_fault(keys))
        return keys, bool(match["key"])

    def _entry_at_fault(self, keys: Keys) -> str:
        """The first entry of the table at `keys` that is refused when it stands there alone: msgspec does not name it."""
        table: dict[str, Any] = _value_at(self._data, keys)
        place = str(self._error)
        for name, value in table.items():
            try:
                self._convert(_with(self._data, keys, {name: value}), self._struct)
            except msgspec.ValidationError as error:
                if str(error) == place:
                    return name
        raise AssertionError(f"no entry of {keys} is at fault: {place}")

    # --- what a struct says of a place

    def _rule_at(self, keys: Keys) -> _Rule:
        rules = [_rule(inspect.type_info(self._struct))]
        for key in keys:
            rules = [_rule(child) for rule in rules for child in self._children(rule.kind, key)]
        return rules[0] if rules else _Rule(None)

    def _children(self, kind: Any, key: str | int) -> Iterator[Any]:
        if isinstance(kind, inspect.UnionType):
            for member in kind.types:
                yield from self._children(_rule(member).kind, key)
        elif isinstance(kind, inspect.StructType):
            yield from (field.type for field in kind.fields if field.encode_name == key)
        elif isinstance(kind, inspect.DictType):
            yield kind.key_type if self._is_key and key == self._keys[-1] else kind.value_type
        elif isinstance(kind, inspect.VarTupleType | inspect.ListType):
            yield kind.item_type

    def _wanted(self, keys: Keys) -> str:
        """What may stand at `keys`, to follow "must be"."""
        rule = self._rule_at(keys)
        kind = rule.kind
        if rule.description:
            return rule.description
        if rule.choices:
            return f"one of {', '.join(rule.choices)}"
        if isinstance(kind, inspect.DateType):
            return f"a day without quotes: {keys[-1]} = 2024-10-01"
        if isinstance(kind, inspect.StructType | inspect.DictType):
            return f"a table: {_where(keys, self._title)}"
        if isinstance(kind, inspect.VarTupleType | inspect.ListType):
            is_table = isinstance(_rule(kind.item_type).kind, inspect.StructType | inspect.DictType)
            return f"written as {_where((*keys, 0), self._title)}" if is_table else 'a list: ["...", "..."]'
        return _NAMED_TYPES.get(type(kind).__name__, "text that is not empty") + _range(kind)


class _Rule(Struct, frozen=True):
    """A type as msgspec describes it, without its Meta and None; and what the Meta says."""

    kind: Any
    description: str = ""
    choices: tuple[str, ...] = ()


def _names_in(kind: Any) -> list[str]:
    """The names that a table of this type takes; of one that may be a text too, those of the table."""
    if isinstance(kind, inspect.UnionType):
        return [name for member in kind.types for name in _names_in(_rule(member).kind)]
    return [field.encode_name for field in getattr(kind, "fields", ())]


def _rule(kind: Any) -> _Rule:
    description = ""
    choices: tuple[str, ...] = ()
    while True:
        if isinstance(kind, inspect.Metadata):
            description = description or (kind.extra_json_schema or {}).get("description", "")
            choices = choices or (kind.extra or {}).get("choices", ())
            kind = kind.type
        elif (
            isinstance(kind, inspect.UnionType)
            and len(members := [one for one in kind.types if not isinstance(one, inspect.NoneType)]) == 1
        ):
            kind = members[0]
        else:
            break
    if isinstance(kind, inspect.EnumType):
        choices = tuple(str(member.value) for member in kind.cls)
    return _Rule(kind, description, choices)


def _range(kind: Any) -> str:
    low, above, high = (getattr(kind, name, None) for name in ("ge", "gt", "le"))
    if low is not None:
        return f" between {low} and {high}" if high is not None else f" of {low} or more"
    if above is not None:
        return f" above {above}{f', at most {high}' if high is not None else ''}"
    return ""


def _shown(value: object) -> str:
    """The value as the person wrote it, as far as a line has room for it."""
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"


def _meant(given: object, known: Sequence[str]) -> str:
    """The language whose code is known here, where that of a country or another norm was given: ba for bs; XK for Kosovo, pdf for PDF."""
    written = given.lower() if isinstance(given, str) else ""
    code, country = MEANT_LANGUAGES.get(written, ""), MEANT_COUNTRIES.get(written, "")
    found = next((name for name in known if code and name.partition("-")[0] == code), country if country in known else "")
    found = next((name for name in known if name.lower() == written), found)
    return f" (did you mean {found!r}?)" if found else ""


def _field(text: str) -> str:
    match = _FIELD.search(text)
    return match[1] if match else ""


def _named(keys: Keys) -> str:
    """The name of what stands at `keys`, for the start of a sentence."""
    names: list[str] = []
    for key in keys:
        names = [*names, key] if isinstance(key, str) else []
    if names or not keys:
        return ".".join(names)
    return f"an entry of {_named(keys[:-1])}"


def _where(keys: Keys, title: str) -> str:
    """The table at `keys` as it is written in the file."""
    name = ".".join(key for key in keys if isinstance(key, str))
    if not keys:
        return title
    return f"[[{name}]]" if isinstance(keys[-1], int) else f"[{name}]"


def _value_at(data: Any, keys: Keys) -> Any:
    for key in keys:
        data = data[key]
    return data


def _with(data: Any, keys: Keys, value: Any) -> Any:
    """A copy of `data` with `value` at `keys`."""
    if not keys:
        return value
    changed: Any = data.copy()
    changed[keys[0]] = _with(data[keys[0]], keys[1:], value)
    return changed
