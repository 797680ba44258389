"""Settings: one frozen value, read once from `tracker.toml` of the workspace and `TRACKER_SECTION__NAME` variables.

The structs say what each setting may be. Unknown names and bad values stop the program and name the place. Defaults live here and
nowhere else; the README's table is tested against them. Secrets are never printed (`shown`).
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

import msgspec
from msgspec import Meta

from tracker import __version__
from tracker.config.schema import Wrong, convert, one_of, read_struct, refuse_twice
from tracker.config.toml_positions import TomlDocument, read_toml
from tracker.errors import ConfigError
from tracker.model import DOCUMENTS, LANGUAGES
from tracker.recurrence import read_quiet_hours, readable

SECRETS = frozenset(
    {"fetch.proxy", "mail.password", "schedule.apprise_url", "schedule.ping_url", "alerts.apprise_url"}
)  # addresses may carry passwords
WORKSPACE_FILE = "tracker.toml"
OWN_MAILBOX = "Press coverage <coverage@localhost>"
PICTURES = ("none", "staff", "all")
"""Whose editions show lead pictures; where nobody's does, none is asked for."""
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")

Seconds = Annotated[float, Meta(gt=0, le=3600)]
"""How long something may take: an hour at most, as nothing in a night is worth waiting longer for."""
Minutes = Annotated[float, Meta(ge=0.05, le=1440)]
"""How often something is done: every three seconds (in tests) to once a day."""
Hour = Annotated[str, Meta(pattern=r"^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\Z", description="an hour such as 02:00")]
WebAddress = Annotated[str, Meta(pattern=r"^(?:[!-~]*://[!-~]*)?\Z", description="empty or one address with ://")]


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _is_mailbox(text: str) -> bool:
    if text == OWN_MAILBOX:
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


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of `tracker.toml`."""

    def _must(self, name: str, holds: bool, wanted: str) -> None:
        if not holds:
            raise Wrong(f"{type(self).__name__.lower()}.{name} must be {wanted}", name)


def _is_proxy(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    whole = parts.scheme == "http" and bool(parts.hostname) and parts.path in ("", "/") and not (parts.query or parts.fragment)
    return not text or (whole and port != 0 and text.isascii() and text.isprintable() and " " not in text)


class Database(Section, frozen=True):
    """Where the store is."""

    url: Annotated[str, Meta(pattern=r"^(?:sqlite:///(?!.*:memory:).+)?\Z", description="empty or sqlite:///PATH")] = ""
    """Empty: coverage.db in the workspace."""
    busy_timeout_seconds: Annotated[float, Meta(ge=0, le=3600)] = 30.0


class Fetch(Section, frozen=True):
    """How pages and feeds are fetched: politeness, limits, address guard."""

    allow_networks: list[str] = []
    delay_seconds: Annotated[float, Meta(ge=0, le=3600)] = 1.0
    timeout_seconds: Seconds = 45.0
    max_bytes: Annotated[int, Meta(ge=2**10, le=2**30)] = 8 * 1024 * 1024
    max_unzipped_bytes: Annotated[int, Meta(ge=2**10, le=2**32)] = 64 * 1024 * 1024
    concurrency: Annotated[int, Meta(ge=1, le=1024)] = 512  # with a delay of a second, most of them only wait their turn
    retries: Annotated[int, Meta(ge=0, le=10)] = 2
    user_agent: str = f"PressCoverageTracker/{__version__} (+mailto:press-tracker@localhost; set fetch.user_agent)"
    obey_robots: bool = True
    proxy: str = ""
    stage_minutes: Annotated[float, Meta(gt=0, le=10_080)] = 240.0  # at most a week

    def __post_init__(self) -> None:
        self._must("allow_networks", all(map(_is_network, self.allow_networks)), 'a list of networks such as "10.0.0.0/8"')
        self._must("proxy", _is_proxy(self.proxy), "empty or http://[USER:PASSWORD@]HOST[:PORT]")
        self._must("user_agent", bool(self.user_agent.strip()) and self.user_agent.isprintable(), "one line of text")


class Extract(Section, frozen=True):
    """How pages become articles."""

    when: Annotated[str, one_of(("candidates", "all")), Meta(description='"candidates" or "all"')] = "candidates"
    workers: Annotated[int, Meta(ge=0, le=64)] = 0  # 0: as many as the machine has cores
    page_timeout_seconds: Seconds = 20.0


class Keep(Section, frozen=True):
    """How long what is not needed is stored."""

    pages_days: Annotated[int, Meta(ge=0, le=36_500)] = 3
    texts_days: Annotated[int, Meta(ge=0, le=36_500)] = 400  # 0: for ever
    letters_days: Annotated[int, Meta(ge=0, le=36_500)] = 400  # 0: for ever
    aside_days: Annotated[int, Meta(ge=0, le=36_500)] = 60  # 0: for ever
    pictures_days: Annotated[int, Meta(ge=0, le=36_500)] = 400  # 0: for ever
    backup_days: Annotated[int, Meta(ge=1, le=36_500)] = 7  # days that keep a backup of schedule.backup_to
    backup_weeks: Annotated[int, Meta(ge=0, le=5_200)] = 4  # and weeks


class Digest(Section, frozen=True):
    """What editions look like and in whose name they go out."""

    sender: str = OWN_MAILBOX
    reply_to: str = ""
    languages: Annotated[
        tuple[Annotated[str, one_of(LANGUAGES)], ...], Meta(min_length=1, description=f"a list of one or more of {', '.join(LANGUAGES)}")
    ] = ("en",)
    formats: tuple[Annotated[str, one_of(DOCUMENTS)], ...] = ()
    send_empty: bool = True
    pictures: Annotated[str, one_of(PICTURES), Meta(description='"none", "staff" or "all"')] = "staff"

    def __post_init__(self) -> None:
        self._must("sender", _is_mailbox(self.sender), 'a mail address such as "Name <name@example.org>"')
        self._must("reply_to", not self.reply_to or _is_mailbox(self.reply_to), "empty or a mail address")
        refuse_twice(self.languages, "languages")
        refuse_twice(self.formats, "formats")


class Mail(Section, frozen=True):
    """The mail server, and what a letter says about leaving the list."""

    host: Annotated[str, Meta(pattern=r"^[\w.:-]*\Z", description="empty or the name of a mail server, without port")] = ""
    """Empty: letters are written to outbox/."""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 0  # 0: 587 for starttls, 465 for tls, 25 for none
    security: Annotated[str, one_of(("starttls", "tls", "none")), Meta(description='"starttls", "tls" or "none"')] = "starttls"
    username: str = ""
    password: str = ""
    timeout_seconds: Seconds = 60.0
    per_minute: Annotated[float, Meta(gt=0, le=100_000)] = 30.0
    ca_file: str = ""
    unsubscribe_to: str = ""
    unsubscribe_url: Annotated[
        str,
        Meta(
            pattern=r"^(?:https://[!#-;=?-~]+)?\Z",
            description="empty or an https:// address, with {recipient} where it tells people apart",
        ),
    ] = ""

    def __post_init__(self) -> None:
        is_private = self.security != "none" or not self.username or self.host in _LOCAL_HOSTS
        wanted = 'one line of text, and empty with mail.security "none": it would be sent for everybody to read'
        self._must("username", self.username.isprintable() and is_private, wanted)
        self._must("password", self.password.isprintable(), "one line of text")
        self._must("ca_file", self.ca_file.isprintable(), "empty or the path of a file of certificates")
        self._must("unsubscribe_to", not self.unsubscribe_to or _is_mailbox(self.unsubscribe_to), "empty or a mail address")


class Schedule(Section, frozen=True):
    """When jobs run; hours in the zone of the first campaign."""

    nightly_at: Hour = "02:00"  # hours are those of the first campaign's time zone
    poll_minutes: Minutes = 10.0
    editions_at: Hour = "06:00"
    send_minutes: Minutes = 5.0
    morning_at: Hour = "07:30"
    prune_at: Hour = "12:30"
    operator: str = ""  # who is told in the morning when something needs a person
    apprise_url: WebAddress = ""
    ping_url: Annotated[str, Meta(pattern=r"^(?:https?://[!-~]+)?\Z", description="empty or an http:// or https:// address")] = ""
    backup_to: str = ""  # a folder
    backup_at: Hour = "23:00"
    backup_command: tuple[str, ...] = ()  # a program and its arguments
    backup_command_minutes: Minutes = 60.0

    def __post_init__(self) -> None:
        self._must("operator", not self.operator or _is_mailbox(self.operator), "empty or a mail address")
        self._must("backup_to", self.backup_to.isprintable() and self.backup_to == self.backup_to.strip(), "empty or the path of a folder")
        command = self.backup_command
        started = not command or bool(command[0].strip() and self.backup_to)
        self._must("backup_command", started, "empty or a program and its arguments, with schedule.backup_to set")
        self._must("backup_command", all("\0" not in part for part in command), "without a NUL character")


class Alerts(Section, frozen=True):
    """What staff are alerted of at once, and when not."""

    headlines: bool = True
    spikes: bool = True
    quiet_hours: str = "22:00-07:00"
    apprise_url: WebAddress = ""

    def __post_init__(self) -> None:
        self._must("quiet_hours", readable(read_quiet_hours, self.quiet_hours), "empty or hours such as 22:00-07:00")


def _is_host(text: str) -> bool:
    return bool(text) and len(text) <= 253 and all(letter.isalnum() or letter in "-.:_" for letter in text)


class Review(Section, frozen=True):
    """Where the review desk listens, and whom it believes."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8350  # 0: a free one
    hosts: list[str] = []  # names under which browsers reach it, beside localhost and numbers
    behind_proxy: bool = False  # believe X-Forwarded-* of the proxy before it
    public_url: Annotated[str, Meta(pattern=r"^(?:https://[!#-;=?-~]+)?\Z", description="empty or an https:// address")] = ""
    """Under which recipients reach their own pages; empty: letters name none."""
    session_hours: Annotated[float, Meta(gt=0, le=168)] = 12.0  # unused for longer, a login ends

    def __post_init__(self) -> None:
        self._must("host", _is_host(self.host), "a name or number of this machine")
        self._must("hosts", all(map(_is_host, self.hosts)), 'a list of names such as "desk.example.org"')


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `tracker.toml`."""

    database: Database = Database()
    fetch: Fetch = Fetch()
    extract: Extract = Extract()
    keep: Keep = Keep()
    digest: Digest = Digest()
    mail: Mail = Mail()
    schedule: Schedule = Schedule()
    alerts: Alerts = Alerts()
    review: Review = Review()

    def shown(self) -> dict[str, Any]:
        """All settings as plain values, secrets masked: what may be printed or logged."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        for secret in SECRETS:
            section, name = secret.split(".")
            if values[section][name]:
                values[section][name] = "(set)"
        return values

    def masked(self, text: str) -> str:
        """A text without any secret of the settings, in whatever form a library writes it: what may be stored, logged or shown."""
        for form in self._secret_forms:
            text = text.replace(form, "(hidden)")
        return text

    @property
    def _secret_forms(self) -> tuple[str, ...]:
        """Every spelling of a secret, the longest first: the value, and of an address its login, as written, decoded and in Base64."""
        forms: set[str] = set()
        for secret in SECRETS:
            section, name = secret.split(".")
            forms |= _spellings(getattr(getattr(self, section), name))
        return tuple(sorted(forms, key=len, reverse=True))


MIN_SECRET_CHARS = 4
"""A shorter password alone is not masked: it would be found in ordinary words. With its user name it is."""


@lru_cache(maxsize=64)
def _spellings(value: str) -> frozenset[str]:
    if not value:
        return frozenset()
    login = value.partition("://")[2].partition("/")[0].rpartition("@")[0] if "://" in value else ""
    written = {value, login, login.partition(":")[2]} | ({value.partition("://")[2]} if "://" in value else set())
    plain = written | {unquote(one) for one in written} | {quote(one, safe="") for one in written}
    coded = {b64encode(unquote(one).encode()).decode() for one in (login, value) if one}
    printed = {escape(one) for one in plain} | {json.dumps(one)[1:-1] for one in plain}
    return frozenset(one for one in plain | coded | printed if len(one) >= MIN_SECRET_CHARS)


def read_settings(workspace: Path, environment: Mapping[str, str]) -> Settings:
    """Settings of a workspace. Raises ConfigError naming file and line, or the variable."""
    document = _document(workspace / WORKSPACE_FILE)
    read_struct(document, Settings, WORKSPACE_FILE)
    values = {name: dict(table) for name, table in document.data.items()}
    variables: dict[tuple[str, str], str] = {}
    for variable, (section, name), raw in _overrides(environment):
        values.setdefault(section, {})[name] = _from_environment(variable, section, name, raw)
        variables[section, name] = variable
    try:
        return convert(values, Settings, WORKSPACE_FILE)
    except Wrong as wrong:
        if variable_name := next((given for keys, given in variables.items() if keys == wrong.keys[:2]), None):
            raise ConfigError(str(wrong), place=variable_name) from wrong
        raise document.error(str(wrong), wrong.keys) from wrong


def holds_secrets(path: Path) -> bool:
    """Whether a settings file that was read well sets a secret."""
    values = _document(path).data
    return any(values.get(section, {}).get(name) for section, _, name in (secret.partition(".") for secret in SECRETS))


def defaults() -> dict[str, Any]:
    """`{"section.name": default}` in order."""
    return {f"{section}.{name}": value for section, names in msgspec.to_builtins(Settings()).items() for name, value in names.items()}


def _document(path: Path) -> TomlDocument:
    return read_toml(path) if path.exists() else TomlDocument(path, {}, "", {})


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
    with contextlib.suppress(ValueError, RecursionError):
        candidates.insert(0, json.loads(raw))
    faults: list[Wrong] = []
    for value in candidates:
        try:
            convert({section: {name: value}}, Settings, WORKSPACE_FILE)
        except Wrong as wrong:
            faults.append(wrong)
        else:
            return value
    raise ConfigError(str(faults[0]), place=variable)
