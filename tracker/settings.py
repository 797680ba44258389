"""Settings: one frozen value, read once from `tracker.toml` of the workspace and `TRACKER_SECTION__NAME` variables.

The structs say what each setting may be. Unknown names and bad values stop the program and name the place. Defaults live here and
nowhere else; the table of docs/settings.md is tested against them. Secrets are never printed (`shown`).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cached_property, reduce
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tracker import __version__
from tracker.config.schema import Wrong, convert, one_of, read_struct, refuse_twice
from tracker.config.secrets import masked as without
from tracker.config.secrets import parameters
from tracker.config.sections import OWN_MAILBOX as OWN_MAILBOX
from tracker.config.sections import (
    Hour,
    Minutes,
    Seconds,
    Section,
    WebAddress,
    flat,
    is_host,
    is_mailbox,
    is_network,
    is_proxy,
)
from tracker.config.toml_positions import TomlDocument, read_toml
from tracker.errors import ConfigError
from tracker.identity_settings import Identity as Identity
from tracker.identity_settings import Law as Law
from tracker.mail_settings import Mail as Mail
from tracker.mail_settings import Mailbox as Mailbox
from tracker.model import DOCUMENTS, LANGUAGES
from tracker.net_settings import Nets as Nets
from tracker.recurrence import read_quiet_hours, readable

SECRETS = frozenset(
    {
        "database.url",
        "fetch.proxy",
        "mail.password",
        "mailbox.password",
        "mail.oauth.client_secret",
        "mail.oauth.refresh_token",
        "mail.oauth.token_url",
        "schedule.apprise_url",
        "schedule.ping_url",
        "alerts.apprise_url",
        "nets.mediacloud.key",
    }
)  # addresses may carry passwords
PLAIN_ADDRESSES = frozenset({"mail.oauth.token_url"})
"""They are masked, as one may carry a login; in a backup they are needed and stay."""
WITH_LOGIN = frozenset({"database.url", "fetch.proxy"})
"""They are no secret without a password."""
WORKSPACE_FILE = "tracker.toml"
DATABASE_FILE = "coverage.db"
"""In the workspace, where `database.url` names no other."""
_STORE = r"^(?:sqlite:///(?!.*:memory:).+|postgres(?:ql)?(?:\+psycopg)?://.+)?\Z"
_PAGES = r"^(?:file:///[^*?\[\]\s]+|s3://[a-z0-9][a-z0-9.-]+(?:/[\w./=-]+)?)?\Z"
PICTURES = ("none", "staff", "all")
"""Whose editions show lead pictures; where nobody's does, none is asked for."""


class Database(Section, frozen=True):
    """Where the store is."""

    url: Annotated[str, Meta(pattern=_STORE, description="empty, sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME")] = ""
    """Empty: coverage.db in the workspace."""
    busy_timeout_seconds: Annotated[float, Meta(ge=0, le=3600)] = 30.0


class Fetch(Section, frozen=True):
    """How pages and feeds are fetched: politeness, limits, address guard."""

    allow_networks: list[str] = msgspec.field(default_factory=list)
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
        self._must("allow_networks", all(map(is_network, self.allow_networks)), 'a list of networks such as "10.0.0.0/8"')
        self._must("proxy", is_proxy(self.proxy), "empty or http://[USER:PASSWORD@]HOST[:PORT]")
        self._must("user_agent", bool(self.user_agent.strip()) and self.user_agent.isprintable(), "one line of text")


class Extract(Section, frozen=True):
    """How pages become articles."""

    when: Annotated[str, one_of(("candidates", "all")), Meta(description='"candidates" or "all"')] = "candidates"
    workers: Annotated[int, Meta(ge=0, le=64)] = 0  # 0: as many as the machine has cores
    page_timeout_seconds: Seconds = 20.0


class Pages(Section, frozen=True):
    """Where fetched pages are kept."""

    url: Annotated[str, Meta(pattern=_PAGES, description="empty, file:///FOLDER or s3://BUCKET/PREFIX")] = ""
    """Empty: the database."""


class Keep(Section, frozen=True):
    """How long what is not needed is stored."""

    pages_days: Annotated[int, Meta(ge=0, le=36_500)] = 3
    texts_days: Annotated[int, Meta(ge=0, le=36_500)] = 400  # 0: for ever
    letters_days: Annotated[int, Meta(ge=0, le=36_500)] = 400  # 0: for ever
    addresses_days: Annotated[int, Meta(ge=0, le=36_500)] = 400  # 0: for ever
    runs_days: Annotated[int, Meta(ge=0, le=36_500)] = 90  # 0: for ever
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
        self._must("sender", is_mailbox(self.sender), 'a mail address such as "Name <name@example.org>"')
        self._must("reply_to", not self.reply_to or is_mailbox(self.reply_to), "empty or a mail address")
        refuse_twice(self.languages, "languages")
        refuse_twice(self.formats, "formats")


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
        self._must("operator", not self.operator or is_mailbox(self.operator), "empty or a mail address")
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


class Review(Section, frozen=True):
    """Where the review desk listens, and whom it believes."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8350  # 0: a free one
    hosts: list[str] = msgspec.field(default_factory=list)  # names under which browsers reach it, beside localhost and numbers
    behind_proxy: bool = False  # believe X-Forwarded-* of the proxy before it
    public_url: Annotated[str, Meta(pattern=r"^(?:https://[!#-;=?-~]+)?\Z", description="empty or an https:// address")] = ""
    """Under which recipients reach their own pages; empty: letters name none."""
    session_hours: Annotated[float, Meta(gt=0, le=168)] = 12.0  # unused for longer, a login ends

    def __post_init__(self) -> None:
        self._must("host", is_host(self.host), "a name or number of this machine")
        self._must("hosts", all(map(is_host, self.hosts)), 'a list of names such as "desk.example.org"')


class Watch(Section, frozen=True):
    """When items that were found are visited again."""

    enabled: bool = True  # in the night
    days: Annotated[tuple[Annotated[int, Meta(ge=1, le=3650)], ...], Meta(min_length=1, max_length=50)] = (
        1,
        3,
        7,
        30,
        90,
    )  # after it was found

    def __post_init__(self) -> None:
        refuse_twice(map(str, self.days), "days")


class Evidence(Section, frozen=True):
    """Who else says since when something was held."""

    timestamp_url: Annotated[str, Meta(pattern=r"^(?:https?://[!-?A-~]+)?\Z", description="empty or an http:// or https:// address")] = ""
    """Of a time-stamping authority (RFC 3161), asked once a night; empty: nobody is."""


class Log(Section, frozen=True):
    """How lines of logs are written."""

    format: Annotated[str, one_of(("text", "json")), Meta(description='"text" or "json"')] = "text"


class Workers(Section, frozen=True):
    """How much a `tracker worker` does at a time; PostgreSQL only."""

    domains: Annotated[int, Meta(ge=1, le=1024)] = 256  # visited side by side in one crawl
    crawls: Annotated[int, Meta(ge=1, le=16)] = 2  # processes
    plan_seconds: Annotated[float, Meta(ge=0, le=3600)] = (
        20.0  # between two looks at what is due, of all workers together; 0: this one never looks
    )
    metrics_port: Annotated[int, Meta(ge=0, le=65_535)] = 0  # of /metrics on metrics_host; 0: none
    metrics_host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        self._must("metrics_host", is_host(self.metrics_host), "a name or number of this machine")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """All of `tracker.toml`."""

    database: Database = Database()
    fetch: Fetch = Fetch()
    identity: Identity = Identity()
    law: Law = Law()
    extract: Extract = Extract()
    pages: Pages = Pages()
    keep: Keep = Keep()
    digest: Digest = Digest()
    mail: Mail = Mail()
    mailbox: Mailbox = Mailbox()
    schedule: Schedule = Schedule()
    alerts: Alerts = Alerts()
    review: Review = Review()
    watch: Watch = Watch()
    evidence: Evidence = Evidence()
    workers: Workers = Workers()
    nets: Nets = Nets()
    log: Log = Log()

    def shown(self) -> dict[str, Any]:
        """All settings as plain values, secrets masked: what may be printed or logged."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        for secret in SECRETS:
            *tables, name = secret.split(".")
            table = reduce(dict.__getitem__, tables, values)
            if _is_secret(secret, table[name]):
                table[name] = "(set)"
        return {name: _without_logins(table) for name, table in values.items()}

    def masked(self, text: str) -> str:
        """A text without any secret of the settings, in whatever form a library writes it: what may be stored, logged or shown."""
        return without(text, self._secrets)

    @cached_property
    def _secrets(self) -> tuple[str, ...]:
        values = ((name, attrgetter(name)(self)) for name in sorted(SECRETS))
        elsewhere = (login for value in flat(msgspec.to_builtins(self)).values() if isinstance(value, str) for login in parameters(value))
        return (*(value for name, value in values if _is_secret(name, value)), *elsewhere)


def read_settings(workspace: Path, environment: Mapping[str, str]) -> Settings:
    """Settings of a workspace. Raises ConfigError naming file and line, or the variable."""
    document = _document(workspace / WORKSPACE_FILE)
    try:
        read_struct(document, Settings, WORKSPACE_FILE)
    except ConfigError as error:
        raise _misplaced(document) or error from error
    values = deepcopy(document.data)
    variables: dict[tuple[str, ...], str] = {}
    for variable, keys, raw in _overrides(environment):
        reduce(lambda table, key: table.setdefault(key, {}), keys[:-1], values)[keys[-1]] = _from_environment(variable, keys, raw)
        variables[keys] = variable
    try:
        return convert(values, Settings, WORKSPACE_FILE)
    except Wrong as wrong:
        if variable_name := next((given for keys, given in variables.items() if keys == wrong.keys[: len(keys)]), None):
            raise ConfigError(str(wrong), place=variable_name) from wrong
        raise document.error(str(wrong), wrong.keys) from wrong


def holds_secrets(path: Path) -> bool:
    """Whether a settings file that was read well sets a secret."""
    values = flat(dict(_document(path).data))
    return any(_is_secret(secret, values.get(secret)) for secret in SECRETS)


def _is_secret(setting: str, value: str | None) -> bool:
    """Whether nobody may see the value: it is set, and of an address of the database has a password in it."""
    address = str(value or "")
    return bool(value) and (setting != "database.url" or ":" in address.partition("://")[2].rpartition("@")[0] or bool(parameters(address)))


def _without_logins(value: Any) -> Any:
    """Plain values, the logins and keys in their addresses masked: a search engine's may bear a key."""
    if isinstance(value, dict):
        return {name: _without_logins(one) for name, one in value.items()}
    return without(value, parameters(value)) if isinstance(value, str) and "://" in value else value


def defaults() -> dict[str, Any]:
    """`{"section.name": default}` in order."""
    return flat(msgspec.to_builtins(Settings()))


def _document(path: Path) -> TomlDocument:
    return read_toml(path) if path.exists() else TomlDocument(path, {}, "", {})


def _misplaced(document: TomlDocument) -> ConfigError | None:
    """The first setting that stands in the wrong table, or above all of them."""
    known = defaults()
    for name in flat(dict(document.data)):
        table, _, last = name.rpartition(".")
        homes = [f"[{one.rpartition('.')[0]}]" for one in known if one.endswith(f".{last}")]
        if name not in known and homes:
            told = f"{last} is a setting of {', '.join(homes)}{f', not of [{table}]' if table else ''}; write it below that line"
            return document.error(told, tuple(name.split(".")))
    return None


def _overrides(environment: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    known = defaults()
    for variable, raw in sorted(environment.items()):
        if not variable.startswith("TRACKER_") or "__" not in variable:
            continue
        name = variable.removeprefix("TRACKER_").lower().replace("__", ".")
        if name not in known:
            raise ConfigError(f"sets {name}, which is no setting; docs/settings.md has all of them", place=variable)
        yield variable, tuple(name.split(".")), raw


def _from_environment(variable: str, keys: tuple[str, ...], raw: str) -> Any:
    """Text stands as it is where text is wanted; anything else is read as JSON."""
    candidates: list[Any] = [raw]
    with contextlib.suppress(ValueError, RecursionError):
        candidates.insert(0, json.loads(raw))
    faults: list[Wrong] = []
    for value in candidates:
        try:
            convert(reduce(lambda inner, key: {key: inner}, reversed(keys), value), Settings, WORKSPACE_FILE)
        except Wrong as wrong:
            faults.append(wrong)
        else:
            return value
    raise ConfigError(str(faults[0]), place=variable)
