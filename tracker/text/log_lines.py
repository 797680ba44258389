"""Lines of a log, as text or as JSON: one object a line, for programs that collect logs.

The format is a word of the environment, so that a program and all it starts write alike.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from tracker.priority import give_way

VARIABLE = "TRACKER_LOG_FORMAT"
FORMATS = ("text", "json")
_ESCAPED = re.compile("[\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")
"""Letters that end a line for some readers, steer a terminal or fit no encoding."""


def is_json(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether lines are asked for as JSON."""
    return environment.get(VARIABLE) == "json"


def log_line(message: str, level: str = "info", **fields: object) -> str:
    """The message as it is; as JSON with its moment (UTC, ISO 8601), its level and the fields."""
    if not is_json():
        return message
    made = logging.LogRecord("tracker", logging.getLevelNamesMapping()[level.upper()], "", 0, message, None, None)
    return _dumped(json.loads(JsonFormatter().format(made)) | fields)


class JsonFormatter(logging.Formatter):
    """Records of the logging package as such lines."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - a library's message and its values do not fit: the line must come out all the same
            message = f"{record.msg} {record.args}"
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": message}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _dumped(line)


def log_beside_others() -> None:
    """In a process that works beside people: it gives way to them, and its warnings go to its error output, as text or as such lines."""
    give_way()
    to_stderr = logging.StreamHandler()
    if is_json():
        to_stderr.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[to_stderr])


def _dumped(values: Mapping[str, object]) -> str:
    """One line of JSON that every reader takes for one line and every encoding holds."""
    try:
        text = json.dumps(values, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        text = json.dumps({name: str(value) for name, value in values.items()}, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
