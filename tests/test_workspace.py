from __future__ import annotations

from pathlib import Path

import pytest

from tests.newsdesk import CAMPAIGN
from tracker.errors import ConfigError, StoreError, UsageError
from tracker.workspace import campaign_files, open_parts, read_campaigns, read_catalogues

CATALOGUE = (
    "id,name,homepage,country,languages,scripts,kind,tier,feeds,feed_evidence,sitemap,platform,notes\n"
    "{id},{id},https://{id}.example/,AL,sq,Latn,portal,2,https://{id}.example/feed,seen,,custom,\n"
)


def test_the_database_is_made_when_it_is_first_asked_for(tmp_path: Path) -> None:
    with open_parts(tmp_path) as parts:
        assert [*tmp_path.iterdir()] == []
        assert not parts.database_exists
        assert parts.database is parts.database
        assert parts.database_exists


def test_a_database_that_must_exist_is_not_made(tmp_path: Path) -> None:
    with open_parts(tmp_path, must_exist=True) as parts, pytest.raises(StoreError, match="does not exist yet"):
        parts.database  # noqa: B018 - asking is the test
    assert [*tmp_path.iterdir()] == []


def test_a_workspace_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder"), open_parts(tmp_path / "nowhere"):
        pass


def test_a_workspace_without_campaigns_has_the_shipped_one(tmp_path: Path) -> None:
    assert [campaign.id for campaign in read_campaigns(tmp_path)] == ["digital-safety"]


def test_a_workspaces_own_campaigns_take_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "campaigns").mkdir()
    for name in ("b", "a"):
        (tmp_path / "campaigns" / f"{name}.toml").write_text(CAMPAIGN.replace('"rivers"', f'"{name}"', 1), "utf-8")
    (tmp_path / "campaigns" / "notes.txt").write_text("not a campaign", "utf-8")
    assert [path.name for path in campaign_files(tmp_path)] == ["a.toml", "b.toml"]
    assert [campaign.id for campaign in read_campaigns(tmp_path)] == ["a", "b"]
    assert [campaign.id for campaign in read_campaigns(tmp_path, ["b"])] == ["b"]
    with pytest.raises(UsageError, match="no campaign 'c'; there are a, b"):
        read_campaigns(tmp_path, ["c"])


def test_several_catalogues_are_one_and_an_outlet_stands_in_one_of_them(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(CATALOGUE.format(id=name), "utf-8")
    together = read_catalogues([tmp_path / "one.csv", tmp_path / "two.csv"])
    assert ([outlet.id for outlet in together.outlets], len(together.sources)) == (["one", "two"], 2)
    (tmp_path / "again.csv").write_text(CATALOGUE.format(id="one"), "utf-8")
    with pytest.raises(ConfigError, match=r"again\.csv: outlet id 'one' is already used by .*one\.csv"):
        read_catalogues([tmp_path / "one.csv", tmp_path / "again.csv"])


def test_without_a_catalogue_the_shipped_register_is_watched() -> None:
    assert len(read_catalogues(()).outlets) > 500
