"""Settings: one frozen value, read once from `tracker.toml` of the workspace and `TRACKER_SECTION__NAME` variables.

Unknown names and bad values stop the program and name the place. Defaults live here and nowhere else; the README's
table is tested against them. Secrets are never printed (`shown`).
"""

from __future__ import annotations

import contextlib
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
from tracker.recurrence import read_quiet_hours, read_time, readable

SECRETS = frozenset({"fetch.proxy", "mail.password", "schedule.apprise_url", "alerts.apprise_url"})  # addresses may carry passwords
WORKSPACE_FILE = "tracker.toml"
DIGEST_FORMATS = ("report", "pdf", "docx", "xlsx", "csv")
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
    formats: tuple[str, ...] = ()  # of report, pdf, docx, xlsx, csv
    send_empty: bool = True


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    host: str = ""  # empty: letters are written to outbox/
    port: int = 0  # 0: 587 for starttls, 465 for tls, 25 for none
    security: str = "starttls"  # starttls | tls | none
    username: str = ""
    password: str = ""
    timeout_seconds: float = 60.0
    per_minute: float = 30.0
    ca_file: str = ""
    unsubscribe_to: str = ""
    unsubscribe_url: str = ""


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nightly_at: str = "02:00"  # hours are those of the first campaign's time zone
    poll_minutes: float = 10.0
    editions_at: str = "06:00"
    send_minutes: float = 5.0
    morning_at: str = "07:30"
    prune_at: str = "12:30"
    operator: str = ""  # who is told in the morning when something needs a person
    apprise_url: str = ""


class Alerts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    headlines: bool = True
    spikes: bool = True
    quiet_hours: str = "22:00-07:00"
    apprise_url: str = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    database: Database = Database()
    fetch: Fetch = Fetch()
    extract: Extract = Extract()
    keep: Keep = Keep()
    digest: Digest = Digest()
    mail: Mail = Mail()
    schedule: Schedule = Schedule()
    alerts: Alerts = Alerts()

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
    variables: dict[tuple[str, str], str] = {}
    for variable, (section, name), raw in _overrides(environment):
        values.setdefault(section, {})[name] = _from_environment(variable, section, name, raw)
        variables[section, name] = variable
    settings: Settings = msgspec.convert(values, Settings)
    for section, name, wanted in _out_of_range(settings):
        message = f"{section}.{name} must be {wanted}"
        if variable_name := variables.get((section, name)):
            raise ConfigError(message, place=variable_name)
        line, column = _place_of(source, section, name)
        raise ConfigError(message, place=path, line=line, column=column)
    return settings


def holds_secrets(path: Path) -> bool:
    """Whether a settings file that was read well sets a secret."""
    values = _parse(path, _read_text(path))
    return any(values.get(section, {}).get(name) for section, _, name in (secret.partition(".") for secret in SECRETS))


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
            line, column = _place_of(source, section)
            raise ConfigError(f"unknown section {section!r}; known are {', '.join(known)}", place=path, line=line, column=column)
        for name, value in names.items():
            line, column = _place_of(source, section, name)
            if name not in known[section]:
                known_names = ", ".join(known[section])
                raise ConfigError(f"unknown setting {section}.{name}; known are {known_names}", place=path, line=line, column=column)
            try:
                msgspec.convert({section: {name: value}}, Settings)
            except msgspec.ValidationError as error:
                message = f"{section}.{name}: {str(error).split(' - at')[0]}"
                raise ConfigError(message, place=path, line=line, column=column) from error


def _place_of(source: str, section: str, name: str = "") -> tuple[int | None, int | None]:
    """Line and column of a setting, else of its section: in a table, as a dotted key or in an inline table."""
    current = ""
    place: tuple[int | None, int | None] = (None, None)
    for number, line in enumerate(source.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([\w.\"-]+)\s*\]+", line):
            current = header[1].replace('"', "")
            key, start = current, header.start(1)
        elif found := re.match(r"\s*([\w.\"-]+(?:\s*\.\s*[\w\"-]+)*)\s*=", line):
            key, start = ".".join(filter(None, [current, re.sub(r"[\s\"]", "", found[1])])), found.start(1)
        else:
            continue
        if key == (f"{section}.{name}" if name else section):
            return number, start + 1
        if place == (None, None) and key.split(".")[0] == section:
            place = (number, start + 1)
    return place


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
    with contextlib.suppress(ValueError):
        candidates.insert(0, json.loads(raw))
    for value in candidates:
        try:
            return getattr(getattr(msgspec.convert({section: {name: value}}, Settings), section), name)
        except msgspec.ValidationError as error:
            failure = error
    raise ConfigError(f"{section}.{name}: {str(failure).split(' - at')[0]}", place=variable)


def _out_of_range(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Section, name and what is wanted, of every value that its type allows and we do not."""
    fetch, extract, digest = settings.fetch, settings.extract, settings.digest
    languages = digest.languages
    checks = {
        "database.url": (_is_database(settings.database.url), "empty or sqlite:///PATH"),
        "database.busy_timeout_seconds": (0 <= settings.database.busy_timeout_seconds <= 3600, "between 0 and 3600"),
        "fetch.allow_networks": (all(map(_is_network, fetch.allow_networks)), 'a list of networks such as "10.0.0.0/8"'),
        "fetch.delay_seconds": (0 <= fetch.delay_seconds <= 3600, "between 0 and 3600"),
        "fetch.timeout_seconds": (0 < fetch.timeout_seconds <= 3600, "above 0, at most 3600"),
        "fetch.max_bytes": (1024 <= fetch.max_bytes <= 2**30, "between 1024 and 1073741824"),
        "fetch.max_unzipped_bytes": (1024 <= fetch.max_unzipped_bytes <= 2**32, "between 1024 and 4294967296"),
        "fetch.concurrency": (1 <= fetch.concurrency <= 1024, "between 1 and 1024"),
        "fetch.retries": (0 <= fetch.retries <= 10, "between 0 and 10"),
        "fetch.user_agent": (bool(fetch.user_agent.strip()) and fetch.user_agent.isprintable(), "one line of text"),
        "fetch.stage_minutes": (0 < fetch.stage_minutes <= 10_080, "above 0, at most 10080 (a week)"),
        "extract.when": (extract.when in ("candidates", "all"), '"candidates" or "all"'),
        "extract.workers": (0 <= extract.workers <= 64, "between 0 and 64"),
        "extract.page_timeout_seconds": (0 < extract.page_timeout_seconds <= 3600, "above 0, at most 3600"),
        "keep.pages_days": (0 <= settings.keep.pages_days <= 36_500, "between 0 and 36500"),
        "digest.sender": (_is_mailbox(digest.sender), 'a mail address such as "Name <name@example.org>"'),
        "digest.reply_to": (not digest.reply_to or _is_mailbox(digest.reply_to), "empty or a mail address"),
        "digest.formats": (
            len({*digest.formats}) == len(digest.formats) and {*digest.formats} <= {*DIGEST_FORMATS},
            f"a list of {', '.join(DIGEST_FORMATS)}, each at most once",
        ),
        "digest.languages": (
            bool(languages) and len({*languages}) == len(languages) and {*languages} <= {*DIGEST_LANGUAGES},
            f"a list of one or more of {', '.join(DIGEST_LANGUAGES)}, each once",
        ),
    }
    checks |= _mail_checks(settings.mail) | _schedule_checks(settings.schedule, settings.alerts)
    for setting, (holds, wanted) in checks.items():
        if not holds:
            section, name = setting.split(".")
            yield section, name, wanted


def _mail_checks(mail: Mail) -> dict[str, tuple[bool, str]]:
    """What `_out_of_range` tells of the section `mail`."""
    local = mail.host in ("localhost", "127.0.0.1", "::1")
    return {
        "mail.host": (bool(re.fullmatch(r"[\w.:-]*", mail.host)), "empty or the name of a mail server, without port"),
        "mail.port": (0 <= mail.port <= 65_535, "between 0 and 65535; 0 is the usual one"),
        "mail.security": (mail.security in ("starttls", "tls", "none"), '"starttls", "tls" or "none"'),
        "mail.username": (
            mail.username.isprintable() and (mail.security != "none" or not mail.username or local),
            'one line of text, and empty with mail.security "none": it would be sent for everybody to read',
        ),
        "mail.password": (mail.password.isprintable(), "one line of text"),
        "mail.timeout_seconds": (0 < mail.timeout_seconds <= 3600, "above 0, at most 3600"),
        "mail.per_minute": (0 < mail.per_minute <= 100_000, "above 0, at most 100000"),
        "mail.ca_file": (mail.ca_file.isprintable(), "empty or the path of a file of certificates"),
        "mail.unsubscribe_to": (not mail.unsubscribe_to or _is_mailbox(mail.unsubscribe_to), "empty or a mail address"),
        "mail.unsubscribe_url": (
            bool(re.fullmatch(r"(?:https://[!#-;=?-~]+)?", mail.unsubscribe_url)),
            "empty or an https:// address, with {recipient} where it tells people apart",
        ),
    }


def _schedule_checks(schedule: Schedule, alerts: Alerts) -> dict[str, tuple[bool, str]]:
    """What `_out_of_range` tells of the sections `schedule` and `alerts`."""
    hours = {name: getattr(schedule, name) for name in ("nightly_at", "editions_at", "morning_at", "prune_at")}
    return {
        **{f"schedule.{name}": (readable(read_time, hour), "an hour such as 02:00") for name, hour in hours.items()},
        "schedule.poll_minutes": (0.05 <= schedule.poll_minutes <= 1440, "between 0.05 and 1440 (a day)"),
        "schedule.send_minutes": (0.05 <= schedule.send_minutes <= 1440, "between 0.05 and 1440 (a day)"),
        "schedule.operator": (not schedule.operator or _is_mailbox(schedule.operator), "empty or a mail address"),
        "schedule.apprise_url": (_is_address_or_empty(schedule.apprise_url), "empty or one address with ://"),
        "alerts.quiet_hours": (readable(read_quiet_hours, alerts.quiet_hours), "empty or hours such as 22:00-07:00"),
        "alerts.apprise_url": (_is_address_or_empty(alerts.apprise_url), "empty or one address with ://"),
    }


def _is_address_or_empty(text: str) -> bool:
    return not text or ("://" in text and text.isprintable() and " " not in text)


def _is_database(url: str) -> bool:
    return not url or (url.startswith("sqlite:///") and len(url) > len("sqlite:///") and ":memory:" not in url)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _is_mailbox(text: str) -> bool:
    if text == Digest().sender:
        return True
    from email.errors import MessageError
    from email.headerregistry import Address
    from email.utils import parseaddr

    name, address = parseaddr(text)
    try:
        Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        return False
    return text.isprintable() and "@" in address
