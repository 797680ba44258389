"""Which sources a row of the register names, and which it gets without saying so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.model import SourceKind
from tracker.register.catalog import Catalogue, read_catalogue, shipped, write_catalogue

HEAD = "id,name,homepage,country,feeds,feed_evidence,sitemap,notes,sections,search,channels,disabled\n"
HOME = "https://lumi.example/"


def read(folder: Path, cells: str) -> Catalogue:
    path = folder / "c.csv"
    path.write_text(f"{HEAD}lumi,Lumi,{HOME},AL,{cells}\n", "utf-8")
    return read_catalogue(path)


@pytest.mark.parametrize(
    ("cells", "sections"),
    [
        (",,,,,,,", [HOME]),
        (f"{HOME}feed/,convention,,,,,,", [HOME]),
        (f"{HOME}feed/,seen,,feed=reported-failing,,,,", [HOME]),
        (f"{HOME}feed/,seen,,,,,,", []),
        (f"{HOME}feed/,seen,{HOME}map.xml,feed=reported-failing,,,,", []),
        (f",,{HOME}map.xml,,,,,", []),
        (",,,,none,,,", []),
        (f"{HOME}feed/,seen,,,{HOME}lajme/ {HOME}sport/,,,", [f"{HOME}lajme/", f"{HOME}sport/"]),
    ],
)
def test_an_outlet_without_a_feed_or_sitemap_to_trust_is_followed_by_its_front_page(
    tmp_path: Path, cells: str, sections: list[str]
) -> None:
    found = read(tmp_path, cells)
    assert [source.address for source in found.sources if source.kind is SourceKind.SECTION] == sections
    (tmp_path / "again.csv").write_text(write_catalogue(found), "utf-8")
    assert read_catalogue(tmp_path / "again.csv") == found


def test_searches_and_channels_have_columns_and_can_be_switched_off(tmp_path: Path) -> None:
    found = read(tmp_path, f",,,,none,{HOME}kerko?q={{term}}&p={{page}},https://video.example/feeds?c=1,channel:1")
    assert [(source.id, source.enabled) for source in found.sources] == [("lumi:search:1", True), ("lumi:channel:1", False)]
    assert read(tmp_path, ",,,,,,,section:1").sources[0].enabled is False
    with pytest.raises(ConfigError, match="names no source"):
        read(tmp_path, ",,,,,,,section:2")


def test_every_shipped_outlet_has_something_to_follow_it_by() -> None:
    register = shipped()
    followed = {source.outlet_id for source in register.sources if source.enabled}
    assert {outlet.id for outlet in register.outlets} == followed
