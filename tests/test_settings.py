from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.settings import SECRETS, Settings, defaults, read_settings


def refusal(folder: Path, text: str = "", **environment: str) -> str:
    """The one line that a bad file or variable is refused with."""
    (folder / "tracker.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_settings(folder, environment)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(f"{folder}/", "")


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}) == Settings()


def test_a_variable_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text("[fetch]\ndelay_seconds = 2\nretries = 5\n", "utf-8")
    read = read_settings(tmp_path, {"TRACKER_FETCH__DELAY_SECONDS": "0.5", "TRACKER_HOME": "not ours", "PATH": "/bin"})
    assert (read.fetch.delay_seconds, read.fetch.retries, read.fetch.timeout_seconds) == (0.5, 5, Settings().fetch.timeout_seconds)


@pytest.mark.parametrize(
    ("variable", "raw", "setting"),
    [
        ("TRACKER_FETCH__ALLOW_NETWORKS", '["127.0.0.0/8"]', ["127.0.0.0/8"]),
        ("TRACKER_FETCH__USER_AGENT", "Press (+mailto:a@b.example)", "Press (+mailto:a@b.example)"),
        ("TRACKER_FETCH__USER_AGENT", "2026", "2026"),
        ("TRACKER_FETCH__OBEY_ROBOTS", "false", False),
        ("TRACKER_EXTRACT__WHEN", "all", "all"),
        ("TRACKER_DIGEST__LANGUAGES", '["sq", "mk"]', ("sq", "mk")),
    ],
)
def test_a_variable_is_text_where_text_is_wanted_and_json_elsewhere(tmp_path: Path, variable: str, raw: str, setting: object) -> None:
    section, _, name = variable.removeprefix("TRACKER_").lower().partition("__")
    assert read_settings(tmp_path, {variable: raw}).shown()[section][name] == setting


@pytest.mark.parametrize(
    ("text", "place", "wanted"),
    [
        ("[fetch]\ndelay_seconds = \n", "tracker.toml:2:", "TOML"),
        ("[fetch\n", "tracker.toml:1:", "TOML"),
        ("[fetsch]\n", "tracker.toml:1:2:", "known are database, fetch"),
        ("fetch = 3\n", "tracker.toml:1:1:", "a table: [fetch]"),
        ("# ours\n[fetch]\n  dealy_seconds = 1\n", "tracker.toml:3:3:", "known are allow_networks"),
        ("[fetch]\nretries = 'two'\n", "tracker.toml:2:1:", "a whole number between 0 and 10"),
        ("fetch.retries = 'two'\n", "tracker.toml:1:7:", "a whole number between 0 and 10"),
        ("[keep]\n[fetch]\ndelay_seconds = -1\n", "tracker.toml:3:1:", "between 0 and 3600"),
        ("fetch = { delay_seconds = -1 }\n", "tracker.toml:1:11:", "between 0 and 3600"),
        ("[fetch]\ndelay_seconds = nan\n", "tracker.toml:2:1:", "between 0 and 3600"),
        ("[fetch]\nallow_networks = ['127.0.0.1/8']\n", "tracker.toml:2:1:", "10.0.0.0/8"),
        ('[fetch]\nuser_agent = "a\\rX-Header: b"\n', "tracker.toml:2:1:", "one line"),
        ("[keep]\npages_days = 1000000000\n", "tracker.toml:2:1:", "36500"),
        ("[extract]\nwhen = 'never'\n", "tracker.toml:2:1:", '"candidates" or "all"'),
        ("[extract]\npage_timeout_seconds = inf\n", "tracker.toml:2:1:", "3600"),
        ("[digest]\nsender = 'the office'\n", "tracker.toml:2:1:", "name@example.org"),
        ('[digest]\nreply_to = "a@b.example\\nBcc: c@d.example"\n', "tracker.toml:2:1:", "mail address"),
        ("[digest]\nlanguages = ['sq', 'sq']\n", "tracker.toml:2:20:", "twice"),
        ("[digest]\nlanguages = ['xx']\n", "tracker.toml:2:14:", "sr-Cyrl"),
        ("[schedule]\nnightly_at = '25:00'\n", "tracker.toml:2:1:", "an hour such as 02:00"),
        ("[schedule]\npoll_minutes = 0\n", "tracker.toml:2:1:", "between 0.05 and 1440"),
        ("[schedule]\noperator = 'the office'\n", "tracker.toml:2:1:", "mail address"),
        ("[schedule]\napprise_url = 'secret'\n", "tracker.toml:2:1:", "one address with ://"),
        ("[alerts]\nquiet_hours = 'at night'\n", "tracker.toml:2:1:", "22:00-07:00"),
        ("[database]\nurl = 'mysql://user:secret@host/db'\n", "tracker.toml:2:1:", "sqlite:///PATH"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_what_would_be_right(tmp_path: Path, text: str, place: str, wanted: str) -> None:
    said = refusal(tmp_path, text)
    assert said.startswith(place), said
    assert wanted in said, said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("variable", "raw", "wanted"),
    [
        ("TRACKER_FETCH__DEALY_SECONDS", "1", "no setting"),
        ("TRACKER_FETSCH__DELAY_SECONDS", "1", "no setting"),
        ("TRACKER_FETCH__DELAY_SECONDS", "soon", "a number between 0 and 3600"),
        ("TRACKER_FETCH__DELAY_SECONDS", "-1", "between 0 and 3600"),
        ("TRACKER_FETCH__ALLOW_NETWORKS", "127.0.0.0/8", "must be a list"),
        ("TRACKER_FETCH__ALLOW_NETWORKS", '["everywhere"]', "10.0.0.0/8"),
        ("TRACKER_EXTRACT__WHEN", "", '"candidates" or "all"'),
    ],
)
def test_a_bad_variable_is_refused_by_its_name(tmp_path: Path, variable: str, raw: str, wanted: str) -> None:
    said = refusal(tmp_path, "[fetch]\ndelay_seconds = 1\n", **{variable: raw})
    assert said.startswith(f"{variable}: "), said
    assert wanted in said, said


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ('user_agent = "x"\n', "1:1", "user_agent is a setting of [fetch]; write it below"),
        ('[fetch]\noperator = "a@b.example"\n', "2:1", "operator is a setting of [schedule], not of [fetch]"),
        ('[mail]\ntenant = "x"\n', "2:1", "tenant is a setting of [mail.oauth], not of [mail]"),
        ("[watch]\nport = 1\n", "2:1", "port is a setting of [mail], [mailbox], [review], not of [watch]"),
    ],
)
def test_a_setting_in_the_wrong_table_is_told_with_its_own(tmp_path: Path, text: str, place: str, told: str) -> None:
    assert refusal(tmp_path, text).startswith(f"tracker.toml:{place}: {told}")


@pytest.mark.parametrize("content", [b'[fetch]\nuser_agent = "\xe8"\n', b"\xff\xfe[\x00f\x00"], ids=["windows-1250", "utf-16"])
def test_a_file_that_is_no_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tracker.toml").write_bytes(content)
    with pytest.raises(ConfigError, match="UTF-8"):
        read_settings(tmp_path, {})


def test_every_default_is_one_that_would_be_accepted(tmp_path: Path) -> None:
    lines = [f"{name} = {json.dumps(value)}" for name, value in defaults().items()]
    (tmp_path / "tracker.toml").write_text("\n".join(lines), "utf-8")
    assert read_settings(tmp_path, {}) == Settings()


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    read = read_settings(tmp_path, {"TRACKER_FETCH__PROXY": "http://user:hunter2@proxy.example:3128"})
    assert "hunter2" not in json.dumps(read.shown())
    assert read.fetch.proxy.endswith(":3128")
    words = re.compile(r"password|secret|token|proxy|key$")
    assert {name for name, value in defaults().items() if words.search(name) and isinstance(value, str)} <= SECRETS
