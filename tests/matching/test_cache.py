"""What was read and compiled before is taken from the cache, and a cache that cannot be trusted is as good as none."""

from __future__ import annotations

import errno
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.matching.test_campaigns import GOOD
from tests.matching.test_digital_safety_campaign import CAMPAIGN, CAMPAIGN_TEXTS
from tracker.errors import ConfigError
from tracker.matching import cache as caching
from tracker.matching.cache import NO_CACHE, UNUSED_DAYS, Cache
from tracker.matching.campaigns import read_campaign
from tracker.matching.compiled import compiled_matcher, compiled_of, prepare
from tracker.matching.matcher import Matcher, compile_campaign

DAY_SECONDS = 86_400


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache") / "cache"
    compiled_matcher(read_campaign(CAMPAIGN, Cache(folder)), Cache(folder))
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "cache")
    return tmp_path / "cache"


def made(folder: Path, source: bytes = b"x") -> list[str]:
    """What a value is made of: empty where the cache gave it."""
    calls: list[str] = []

    def make() -> list[str]:
        calls.append("made")
        return ["value"]

    assert Cache(folder).value(source, list[str], make) == ["value"]
    return calls


def test_a_campaign_from_the_cache_is_the_one_that_was_read(filled: Path) -> None:
    assert read_campaign(CAMPAIGN, Cache(filled)) == read_campaign(CAMPAIGN)


def test_a_matcher_from_the_cache_finds_the_same_in_every_text(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = read_campaign(CAMPAIGN)
    fresh = Matcher(campaign)
    monkeypatch.setattr("tracker.matching.compiled.compile_campaign", None)  # it must not be needed
    stored = compiled_matcher(campaign, Cache(filled))
    assert stored.vocabulary.entries == fresh.vocabulary.entries
    assert stored.circles == fresh.circles
    assert stored.index_query() == fresh.index_query()
    for language, text in CAMPAIGN_TEXTS:
        assert stored.match(body=text, language=language) == fresh.match(body=text, language=language)
        assert stored.screen(text) == fresh.screen(text)


def test_what_several_processes_will_ask_for_is_made_once_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr("tracker.matching.compiled.compile_campaign", lambda one: (made.append(one.id), compile_campaign(one))[1])
    campaign = read_campaign(CAMPAIGN)
    for _ in range(2):
        prepare([campaign], Cache(tmp_path / "cache"))
        compiled_of([campaign], Cache(tmp_path / "cache"))
    assert made == [campaign.id]


@pytest.mark.parametrize("fault", ["no folder", "full", "shared"])
def test_what_cannot_be_written_is_made_once_and_goes_with_the_cache_to_other_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    folder = tmp_path / "cache"
    if fault == "no folder":
        folder.touch()
    elif fault == "full":
        monkeypatch.setattr(caching, "_write", _full)
    else:
        compiled_of([read_campaign(CAMPAIGN)], Cache(folder))
        folder.chmod(0o777)
    made: list[str] = []
    monkeypatch.setattr("tracker.matching.compiled.compile_campaign", lambda one: (made.append(one.id), compile_campaign(one))[1])
    campaign, cache = read_campaign(CAMPAIGN), Cache(folder)
    prepare([campaign], cache)
    assert made == [campaign.id]
    for one in (cache, pickle.loads(pickle.dumps(cache))):
        prepare([campaign], one)
        assert [each.entries for each in compiled_of([campaign], one)] == [compile_campaign(campaign).entries]
    assert made == [campaign.id]


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_of_what_cannot_be_written_the_newest_alone_is_kept(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    cache = Cache(tmp_path / "cache")
    for number in range(caching.MOST_UNWRITTEN + 1):
        cache.value(b"%d" % number, int, lambda: 1)
    asked = [number for number in range(caching.MOST_UNWRITTEN + 1) if cache.lacks(b"%d" % number, int)]
    assert asked == [0]


@pytest.mark.parametrize("of", [[], [CAMPAIGN]])
def test_nothing_is_made_before_where_nothing_is_kept(of: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaigns = [read_campaign(path) for path in of]
    monkeypatch.setattr("tracker.matching.compiled.compile_campaign", None)  # it must not be called
    prepare(campaigns, NO_CACHE)
    prepare([], Cache(tmp_path / "cache"))
    assert not (tmp_path / "cache").exists()


def test_a_changed_file_is_read_anew(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.toml"
    path.write_text(CAMPAIGN.read_text("utf-8"), "utf-8")
    before = read_campaign(path, Cache(folder))
    path.write_text(CAMPAIGN.read_text("utf-8").replace('name = "', 'name = "Another ', 1), "utf-8")
    assert read_campaign(path, Cache(folder)).name == f"Another {before.name}"


def test_the_same_file_at_another_place_belongs_to_its_own_folder(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_bytes(CAMPAIGN.read_bytes())
    assert read_campaign(path, Cache(folder)).folder == str(tmp_path)


def test_a_picture_that_is_gone_is_told_although_the_file_is_in_the_cache(tmp_path: Path) -> None:
    path, cache = tmp_path / "c.toml", Cache(tmp_path / "cache")
    path.write_text(GOOD + '[branding]\nlogo = "logo.png"\n', "utf-8")
    (tmp_path / "logo.png").write_bytes(b"picture")
    read_campaign(path, cache)
    (tmp_path / "logo.png").unlink()
    with pytest.raises(ConfigError, match=r"no such picture: logo\.png"):
        read_campaign(path, cache)


def test_a_file_with_a_fault_is_never_kept(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("id = 3\n")
    for _ in range(2):
        with pytest.raises(ConfigError):
            read_campaign(path, Cache(tmp_path / "cache"))
    assert not [*tmp_path.glob("cache/*")]


def test_what_was_made_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    assert [made(tmp_path / "cache") for _ in range(3)] == [["made"], [], []]
    assert made(tmp_path / "cache", b"y") == ["made"]
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "cache").iterdir())


def test_another_program_reads_nothing_of_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "cache")
    monkeypatch.setattr(caching, "_program", lambda: b"another version")
    assert made(tmp_path / "cache") == ["made"]


def _flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0x55
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "nothing left": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-3]),
    "another sum": lambda path: _flip(path, 0),
    "another byte": lambda path: _flip(path, -1),
    "something else": lambda path: path.write_bytes(b"\0" * 4096),
    "others may write": lambda path: path.chmod(0o666),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "a link": lambda path: (path.rename(path.with_name("moved")), path.symlink_to("moved")),
    "a folder that others may write into": lambda path: path.parent.chmod(0o777),
    "a folder behind a link": lambda path: (path.parent.rename(path.parent.with_name("b")), path.parent.symlink_to("b")),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_or_foreign_file_is_passed_over(how: str, tmp_path: Path) -> None:
    made(tmp_path / "cache")
    (path,) = (tmp_path / "cache").iterdir()
    DAMAGE[how](path)
    assert made(tmp_path / "cache") == ["made"]


@pytest.mark.parametrize("how", ["nothing left", "cut short", "another byte", "something else", "others may write", "a link"])
def test_a_damaged_file_is_made_anew(how: str, tmp_path: Path) -> None:
    made(tmp_path / "cache")
    (path,) = (tmp_path / "cache").iterdir()
    DAMAGE[how](path)
    made(tmp_path / "cache")
    assert made(tmp_path / "cache") == []


def test_a_file_of_another_kind_is_none(tmp_path: Path) -> None:
    made(tmp_path / "cache")
    (path,) = (tmp_path / "cache").iterdir()
    caching._write(path, b"\x81\xa1a\x01")  # whole, and no list of texts
    assert made(tmp_path / "cache") == ["made"]


def test_a_place_where_nothing_can_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands there")
    assert [made(tmp_path / "cache") for _ in range(2)] == [["made"], ["made"]]
    assert NO_CACHE.value(b"x", str, lambda: "made") == "made"


def test_what_nothing_reads_for_long_goes_when_something_else_is_kept(tmp_path: Path) -> None:
    made(tmp_path / "cache", b"old")
    made(tmp_path / "cache", b"recent")
    old, recent = sorted((tmp_path / "cache").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    now = recent.stat().st_mtime
    os.utime(old, times=(now, now - (UNUSED_DAYS + 1) * DAY_SECONDS))
    os.utime(recent, times=(now, now - (UNUSED_DAYS - 1) * DAY_SECONDS))
    made(tmp_path / "cache", b"new")
    assert not old.exists()
    assert recent.exists()


def test_reading_counts_as_use(tmp_path: Path) -> None:
    made(tmp_path / "cache", b"old")
    (path,) = (tmp_path / "cache").iterdir()
    now = path.stat().st_mtime
    os.utime(path, times=(now, now - (UNUSED_DAYS + 1) * DAY_SECONDS))
    assert made(tmp_path / "cache", b"old") == []
    made(tmp_path / "cache", b"new")
    assert path.exists()
