"""TOML files saved by whichever editor: read, or refused in one line that says how to save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run
from tracker.config.toml_positions import read_toml
from tracker.config.toml_text import read_toml_text
from tracker.delivery.recipients import read_recipients
from tracker.errors import ConfigError
from tracker.matching.campaigns import read_campaign
from tracker.settings import read_settings

CAMPAIGN = """id = "lumi"
name = "Lumi"
countries = ["AL"]
since = 2024-01-01
time_zone = "Europe/Tirane"
query = 'lumi'
[terms.lumi]
kind = "name"
any = ["Valbonë", "Čačak", "Скопје"]
"""
LATIN = CAMPAIGN.replace(', "Скопје"', "")


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(CAMPAIGN.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_toml_text(path) == CAMPAIGN
    assert read_campaign(path).id == "lumi"


def test_the_line_ends_of_an_old_mac_are_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(CAMPAIGN.replace("\n", "\r").encode())
    assert read_toml_text(path) == CAMPAIGN


@pytest.mark.parametrize(
    "start",
    [
        b"PK\x03\x04\x14\0\x06\0\x08\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"{\\rtf1\\ansi id",
        b"%PDF-1.7\n",
        b"\xef\xbb\xbf <!DOCTYPE html><p>",
        b"<html><body>",
    ],
)
def test_a_document_of_another_program_is_called_one(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(start + CAMPAIGN.encode())
    with pytest.raises(ConfigError, match="is a document of another program, not plain text"):
        read_campaign(path)


def settings_of(path: Path) -> object:
    return read_settings(path.parent, {})


@pytest.mark.parametrize(
    ("encoding", "words", "place"),
    [
        ("utf-16", "UTF-16", ""),
        ("utf-16-le", "UTF-16", ""),
        ("utf-16-be", "UTF-16", ""),
        ("utf-32", "UTF-16", ""),
        ("cp1250", "Windows-1250", ":9:15"),
        ("iso8859-2", "Windows-1250", ":9:15"),
    ],
)
@pytest.mark.parametrize("reader", [read_campaign, read_recipients, settings_of, read_toml])
def test_another_encoding_is_named_in_one_line(tmp_path: Path, encoding: str, words: str, place: str, reader: object) -> None:
    path = tmp_path / "tracker.toml"
    path.write_bytes(LATIN.encode(encoding))
    with pytest.raises(ConfigError) as caught:
        reader(path)  # type: ignore[operator]
    assert str(caught.value).startswith(f"{path}{place}: ")
    assert words in str(caught.value)
    assert "save it as UTF-8" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_cyrillic_of_a_code_page_is_named_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes('a = "на"\nb = "да"'.encode("cp1251"))
    with pytest.raises(ConfigError, match="1251") as caught:
        read_toml_text(path)
    assert (caught.value.line, caught.value.column) == (1, 6)


def test_the_check_of_a_campaign_in_a_code_page_ends_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(LATIN.encode("cp1250"))
    outcome = run("-w", tmp_path, "campaign", "check", path)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
