"""The settings as a backup takes them along: without what nobody else may see."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from tracker.config.secrets import masked, parameters
from tracker.settings import PLAIN_ADDRESSES, SECRETS, WITH_LOGIN


def without_secrets(content: bytes) -> bytes:
    """A settings file that was read well, every secret in it made empty, and keys and passwords within other addresses masked; the same
    bytes where it holds none."""
    import tomlkit

    document = tomlkit.parse(content.decode("utf-8-sig"))
    changed = False
    for table, name, setting in [*_texts(document)]:
        value = str(table[name])
        kept = _kept(setting, value)
        if kept != value:
            table[name], changed = kept, True
    return tomlkit.dumps(document).encode() if changed else content


def _kept(setting: str, value: str) -> str:
    if setting in PLAIN_ADDRESSES or (setting in WITH_LOGIN and "@" not in value):
        return value
    return "" if setting in SECRETS else masked(value, parameters(value))


def _texts(table: MutableMapping[str, Any], place: str = "") -> Iterator[tuple[MutableMapping[str, Any], str, str]]:
    """Every text with its table, its name there and the setting's whole name."""
    for name, value in table.items():
        if isinstance(value, MutableMapping):
            yield from _texts(value, f"{place}{name}.")
        elif isinstance(value, str):
            yield table, name, f"{place}{name}"
