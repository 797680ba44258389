"""Lines for programs that collect logs: one JSON object each, whatever the message holds."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.running import run
from tracker.crawl.masking import MaskingFormatter
from tracker.settings import Mail, Settings
from tracker.text.log_lines import VARIABLE, JsonFormatter, log_line


@pytest.fixture(autouse=True)
def _as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "json")


def test_a_line_says_when_how_grave_and_what() -> None:
    line = json.loads(log_line('Ћ "x"\nnext', "warning", step="match", done=3))
    assert datetime.fromisoformat(line.pop("at")).tzinfo is not None
    assert line == {"level": "warning", "logger": "tracker", "message": 'Ћ "x"\nnext', "step": "match", "done": 3}


@pytest.mark.parametrize(
    "text", ["a\nb\r\vc", "x\u2028y\u2029z\x85", "\ud800x\udcff", "\x00\x1b[2J\x9b31m", '"}{', "%s %d", "Ћёç", "x" * 100_000]
)
def test_a_hostile_text_is_one_line_that_reads_back(text: str) -> None:
    line = log_line(text, source=text)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    told = json.loads(line.encode())
    assert told["message"] == told["source"] == text


def test_values_that_do_not_fit_their_message_and_figures_that_json_lacks_lose_no_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%d items", ("many",), None)
    assert json.loads(JsonFormatter().format(record))["message"] == "%d items ('many',)"
    assert json.loads(log_line("x", share=float("nan")), parse_constant=pytest.fail)["share"] == "nan"


def test_a_record_with_a_traceback_is_one_line_without_secrets() -> None:
    settings = Settings(mail=Mail(password='s3cr"et\\word'))
    try:
        raise ValueError('login with s3cr"et\\word')
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "no\n%s", ('s3cr"et\\word',), sys.exc_info())
    line = MaskingFormatter(JsonFormatter(), settings.masked).format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert told["message"] == "no\n(hidden)"
    assert "ValueError: login with (hidden)" in told["exception"]


def test_errors_of_commands_are_lines_too(tmp_path: Path) -> None:
    ended = run("--log-format", "json", "trace", "x", "--workspace", tmp_path / "nowhere")
    (line,) = [json.loads(line) for line in ended.err.splitlines()]
    assert (ended.code, line["level"]) == (2, "error")
    assert "is no folder" in line["message"]
