"""Settings: one frozen value, read once from `tracker.toml` of the workspace and `TRACKER_SECTION__NAME` variables.

Unknown names and bad values stop the program and name the place. Defaults live here and nowhere else; the README's
table is tested against them. Secrets are never printed (`shown`).
"""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tracker import __version__
from tracker.errors import ConfigError

SECRETS = frozenset({"fetch.proxy"})  # may carry a password
WORKSPACE_FILE = "tracker.toml"
DIGEST_LANGUAGES = ("sq", "sr-Latn", "sr-Cyrl", "bs", "hr", "cnr", "mk", "en")


class Database(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: str = ""  # empty: sqlite coverage.db in the workspace
    busy_timeout_seconds: float = 30.0


class Fetch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    allow_networks: list[str] = []
    delay_seconds: float = 1.0
    timeout_seconds: float = 45.0
    max_bytes: int = 8 * 1024 * 1024
    max_unzipped_bytes: int = 64 * 1024 * 1024
    concurrency: int = 512  # with a delay of a second, most of them only wait their turn
    retries: int = 2
    user_agent: str = f"PressCoverageTracker/{__version__} (+mailto:press-tracker@localhost; set fetch.user_agent)"
    obey_robots: bool = True
    proxy: str = ""
    stage_minutes: float = 240.0


class Extract(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    when: str = "candidates"  # candidates | all
    workers: int = 0  # 0: as many as the machine has cores
    page_timeout_seconds: float = 20.0


class Keep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pages_days: int = 3


class Digest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sender: str = "Press coverage <coverage@localhost>"
    reply_to: str = ""
    languages: tuple[str, ...] = ("en",)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    database: Database = Database()
    fetch: Fetch = Fetch()
    extract: Extract = Extract()
    keep: Keep = Keep()
    digest: Digest = Digest()

    def shown(self) -> dict[str, Any]:
        """All settings as plain values, secrets masked: what may be printed or logged."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        for secret in SECRETS:
            section, name = secret.split(".")
            if values[section][name]:
                values[section][name] = "(set)"
        return values


def read_settings(workspace: Path, environment: Mapping[str, str]) -> Settings:
    """Settings of a workspace. Raises ConfigError naming file and line, or the variable."""
    path = workspace / WORKSPACE_FILE
    source = _read_text(path)
    values = _parse(path, source)
    _check(values, path, source)
    for variable, (section, name), raw in _overrides(environment):
        values.setdefault(section, {})[name] = _from_environment(variable, section, name, raw)
    settings: Settings = msgspec.convert(values, Settings)
    _check_ranges(settings, path, source)
    return settings


def defaults() -> dict[str, Any]:
    """`{"section.name": default}` in order."""
    return {f"{section}.{name}": value for section, names in msgspec.to_builtins(Settings()).items() for name, value in names.items()}


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}; it must be UTF-8 text", place=path) from error


def _parse(path: Path, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (None, None)
        raise ConfigError(f"is not valid TOML: {str(error).split(' (at ')[0]}", place=path, line=line, column=column) from error


def _check(values: dict[str, Any], path: Path, source: str) -> None:
    known = msgspec.to_builtins(Settings())
    for section, names in values.items():
        if section not in known or not isinstance(names, dict):
            raise ConfigError(
                f"unknown section {section!r}; known are {', '.join(known)}", place=path, line=_line_of(source, section, None)
            )
        for name, value in names.items():
            line = _line_of(source, section, name)
            if name not in known[section]:
                raise ConfigError(f"unknown setting {section}.{name}; known are {', '.join(known[section])}", place=path, line=line)
            try:
                msgspec.convert({section: {name: value}}, Settings)
            except msgspec.ValidationError as error:
                raise ConfigError(f"{section}.{name}: {str(error).split(' - at')[0]}", place=path, line=line) from error


def _line_of(source: str, section: str, name: str | None) -> int | None:
    current = ""
    for number, line in enumerate(source.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([\w.\"-]+)\s*\]+", line):
            current = header[1].strip('"')
            if name is None and current == section:
                return number
        elif key := re.match(r"\s*([\w.\"-]+)\s*=", line):
            if name is None and not current and key[1].split(".")[0].strip('"') == section:
                return number
            if name is not None and (current, key[1].strip('"')) == (section, name):
                return number
    return None


def _overrides(environment: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str], str]]:
    known = msgspec.to_builtins(Settings())
    for variable, raw in sorted(environment.items()):
        if not variable.startswith("TRACKER_") or "__" not in variable:
            continue
        section, _, name = variable.removeprefix("TRACKER_").lower().partition("__")
        if name not in known.get(section, {}):
            raise ConfigError(f"sets {section}.{name}, which is no setting; see `tracker --help` or the README's table", place=variable)
        yield variable, (section, name), raw


def _from_environment(variable: str, section: str, name: str, raw: str) -> Any:
    """Text stands as it is where text is wanted; anything else is read as JSON."""
    candidates: list[Any] = [raw]
    try:
        candidates.insert(0, json.loads(raw))
    except ValueError:
        pass
    for value in candidates:
        try:
            return getattr(getattr(msgspec.convert({section: {name: value}}, Settings), section), name)
        except msgspec.ValidationError as error:
            failure = error
    raise ConfigError(f"{section}.{name}: {str(failure).split(' - at')[0]}", place=variable)


def _check_ranges(settings: Settings, path: Path, source: str) -> None:
    def require(holds: bool, section: str, name: str, wanted: str) -> None:
        if not holds:
            raise ConfigError(f"{section}.{name} must be {wanted}", place=path, line=_line_of(source, section, name))

    fetch = settings.fetch
    for network in fetch.allow_networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ConfigError(f"fetch.allow_networks: {error}", place=path, line=_line_of(source, "fetch", "allow_networks")) from error
    require(0 <= fetch.delay_seconds <= 3600, "fetch", "delay_seconds", "between 0 and 3600")
    require(0 < fetch.timeout_seconds <= 3600, "fetch", "timeout_seconds", "above 0, at most 3600")
    require(1024 <= fetch.max_bytes <= 2**30, "fetch", "max_bytes", "between 1024 and 1073741824")
    require(1 <= fetch.concurrency <= 1024, "fetch", "concurrency", "between 1 and 1024")
    require(0 <= fetch.retries <= 10, "fetch", "retries", "between 0 and 10")
    require("\n" not in fetch.user_agent and bool(fetch.user_agent.strip()), "fetch", "user_agent", "one line of text")
    require(settings.extract.when in ("candidates", "all"), "extract", "when", '"candidates" or "all"')
    require(0 <= settings.extract.workers <= 64, "extract", "workers", "between 0 and 64")
    require(settings.extract.page_timeout_seconds > 0, "extract", "page_timeout_seconds", "above 0")
    require(settings.keep.pages_days >= 0, "keep", "pages_days", "0 or more")
    languages = settings.digest.languages
    listed = bool(languages) and len({*languages}) == len(languages) and {*languages} <= {*DIGEST_LANGUAGES}
    require(listed, "digest", "languages", f"a list of one or more of {', '.join(DIGEST_LANGUAGES)}, each once")
