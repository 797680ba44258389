"""The settings as a backup takes them along: without what nobody else may see."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from tracker.config.secrets import masked, parameters
from tracker.settings import PLAIN_ADDRESSES, SECRETS, WITH_LOGIN


def without_secrets(content: bytes) -> bytes:
    """A settings file in TOML, every secret in it made empty, of whatever kind its value is, and keys and passwords within other addresses
    masked; the same bytes where it holds none. Raises ValueError for what is no TOML."""
    import tomlkit

    document = tomlkit.parse(content.decode("utf-8-sig"))
    changed = False
    for table, name, setting in [*_values(document)]:
        value = table[name]
        kept = _kept(setting, value)
        if kept != value:
            table[name], changed = kept, True
    return tomlkit.dumps(document).encode() if changed else content


def _kept(setting: str, value: Any) -> Any:
    if setting in PLAIN_ADDRESSES or (setting in WITH_LOGIN and "@" not in str(value)):
        return value
    if setting in SECRETS:
        return "" if value else value
    return masked(value, parameters(value)) if isinstance(value, str) else value


def _values(table: MutableMapping[str, Any], place: str = "") -> Iterator[tuple[MutableMapping[str, Any], str, str]]:
    """Every value with its table, its name there and the setting's whole name."""
    for name, value in table.items():
        if isinstance(value, MutableMapping):
            yield from _values(value, f"{place}{name}.")
        else:
            yield table, name, f"{place}{name}"
