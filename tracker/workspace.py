"""Builds the real parts from a workspace: the only place that knows them all, and the only clock."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.errors import ConfigError, UsageError
from tracker.model import Campaign
from tracker.settings import DATABASE_FILE, Settings, read_settings
from tracker.text.log_lines import VARIABLE

if TYPE_CHECKING:
    from tracker.matching.cache import Cache
    from tracker.register.catalog import Catalogue
    from tracker.store.database import Database

CAMPAIGNS = "campaigns"
BEGUN_BY = ("tracker.toml", CAMPAIGNS, "recipients.toml", "secrets.env")
"""What people make in a workspace before its first night."""
CACHE, CACHE_VARIABLE = "cache", "TRACKER_CACHE"
_PACKAGE = Path(__file__).resolve().parent


def wall_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def shipped_folder(name: str) -> Path:
    """The folder of shipped files called `name`: inside the package when installed from a wheel, at the root of a checkout.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for candidate in (_PACKAGE / f"_{name}", _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the shipped folder {name!r} is missing; install the tracker again")


class Parts(Struct, frozen=True, dict=True):
    """What a command works with. Tests swap any of them."""

    workspace: Path
    settings: Settings
    clock: Callable[[], datetime] = wall_clock
    must_exist: bool = False
    on_made: Callable[[str], None] | None = None

    @cached_property
    def database(self) -> Database:
        """Opened, and created unless it `must_exist`, when first asked for: a command that stops at a bad file has made nothing."""
        from tracker.store.database import open_database  # a third of a second, which a command without a database need not take

        given = self.settings.database
        return open_database(
            self.workspace,
            given.url,
            busy_timeout_seconds=given.busy_timeout_seconds,
            must_exist=self.must_exist,
            on_made=self.on_made,
        )

    @property
    def database_exists(self) -> bool:
        """Whether there is one; nothing is made."""
        from tracker.store.database import database_exists

        return database_exists(self.workspace, self.settings.database.url)

    def close(self) -> None:
        """Closes what was opened."""
        if "database" in vars(self):
            self.database.close()


@contextmanager
def open_parts(
    workspace: Path,
    *,
    must_exist: bool = False,
    clock: Callable[[], datetime] = wall_clock,
    on_made: Callable[[str], None] | None = None,
) -> Iterator[Parts]:
    """The parts of a workspace, closed at the end. Raises ConfigError; asking for the database raises StoreError, and tells `on_made` the
    place of one that was made."""
    parts = Parts(workspace, workspace_settings(workspace), clock, must_exist, on_made)
    try:
        yield parts
    finally:
        parts.close()


def require_workspace(folder: Path) -> None:
    """Raises ConfigError for a folder in which nobody has set anything and that holds no database: most likely the wrong one."""
    if any((folder / name).exists() for name in (*BEGUN_BY, DATABASE_FILE)) or workspace_settings(folder) != Settings():
        return
    raise ConfigError(
        f"is no workspace: it has neither {DATABASE_FILE} nor tracker.toml; name yours with --workspace, or begin one here with"
        " `tracker sources check` or `tracker nightly`",
        place=folder.resolve(),
    )


def workspace_settings(workspace: Path) -> Settings:
    """Settings of a workspace that exists. Raises ConfigError otherwise."""
    if not workspace.is_dir():
        raise ConfigError("is no folder; create it, or name another with --workspace", place=workspace)
    settings = read_settings(workspace, os.environ)
    if settings.log.format == "json":
        os.environ.setdefault(VARIABLE, "json")  # what was asked for on the command line or in the environment goes first
    return settings


def campaign_files(workspace: Path) -> tuple[Path, ...]:
    """The workspace's campaign files; the shipped ones where it has none."""
    own = tuple(sorted((workspace / CAMPAIGNS).glob("*.toml")))
    return own or tuple(sorted(shipped_folder(CAMPAIGNS).glob("*.toml")))


def campaign_cache(workspace: Path) -> Cache:
    """Where compiled campaigns are kept: `cache` in the workspace, or the folder that TRACKER_CACHE names; nowhere when that is empty."""
    from tracker.matching.cache import Cache

    folder = os.environ.get(CACHE_VARIABLE)
    return Cache(workspace / CACHE if folder is None else Path(folder) if folder else None)


def read_campaigns(workspace: Path, ids: Sequence[str] = ()) -> tuple[Campaign, ...]:
    """All campaigns of a workspace, or those named. Raises ConfigError on a bad file, UsageError on an unknown id."""
    found, faults = readable_campaigns(workspace)
    if faults:
        raise faults[0]
    names = [campaign.id for campaign in found]
    if unknown := [name for name in ids if name not in names]:
        raise UsageError(f"no campaign {unknown[0]!r}; there are {', '.join(names) or 'none'}")
    return tuple(campaign for campaign in found if not ids or campaign.id in ids)


def readable_campaigns(workspace: Path) -> tuple[tuple[Campaign, ...], tuple[ConfigError, ...]]:
    """The campaigns that can be read, and what is wrong with each of the other files: one bad file stands in no other's way."""
    from tracker.matching.campaigns import read_campaign

    cache = campaign_cache(workspace)
    found: dict[str, tuple[Campaign, Path]] = {}
    faults: list[ConfigError] = []
    for path in campaign_files(workspace):
        try:
            campaign = read_campaign(path, cache)
        except ConfigError as error:
            faults.append(error)
            continue
        if campaign.id in found:
            faults.append(same_id(campaign.id, path, found[campaign.id][1]))
        else:
            found[campaign.id] = (campaign, path)
    return tuple(campaign for campaign, _ in found.values()), tuple(faults)


def same_id(campaign_id: str, path: Path, other: Path) -> ConfigError:
    """Two campaign files with one id."""
    return ConfigError(f"campaign id {campaign_id!r} is already used by {other}; give each file its own id", place=path)


_TAKEN_FOR_ONE = frozenset(("", ".txt", ".toml", ".md", ".doc", ".docx", ".odt", ".rtf", ".pages"))


def not_read(workspace: Path) -> tuple[Path, ...]:
    """Files beside the campaign files that somebody most likely took for one: an editor gave them another ending."""
    folder = workspace / CAMPAIGNS
    names = sorted(path for path in folder.iterdir() if path.is_file() and path.name[0] != ".") if folder.is_dir() else ()
    return tuple(path for path in names if path.suffix != ".toml" and path.suffix.lower() in _TAKEN_FOR_ONE)


def display_zone(workspace: Path) -> str:
    """The zone in which this workspace's people read times: the first campaign's; UTC while no campaign can be read. Reads that one line
    of the file only: every command asks."""
    try:
        zone = tomllib.loads(campaign_files(workspace)[0].read_text("utf-8-sig"))["time_zone"]
        ZoneInfo(zone)
    except (OSError, ValueError, TypeError, LookupError):
        return "UTC"
    return str(zone)


def read_catalogues(files: Sequence[Path]) -> Catalogue:
    """The catalogue files as one, or the shipped register when none is given. Raises ConfigError."""
    from tracker.register.catalog import Catalogue, read_catalogue, shipped

    if not files:
        return shipped()
    catalogues = [read_catalogue(path) for path in files]
    outlets: dict[str, Path] = {}
    for catalogue, path in zip(catalogues, files, strict=True):
        for outlet in catalogue.outlets:
            if outlet.id in outlets:
                raise ConfigError(f"outlet id {outlet.id!r} is already used by {outlets[outlet.id]}", place=path)
            outlets[outlet.id] = path
    return Catalogue(
        outlets=tuple(outlet for catalogue in catalogues for outlet in catalogue.outlets),
        sources=tuple(source for catalogue in catalogues for source in catalogue.sources),
    )
