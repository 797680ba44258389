"""Lines of a log, as text or as JSON: one object a line, for programs that collect logs.

The format is a word of the environment, so that a program and all it starts write alike.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime

VARIABLE = "TRACKER_LOG_FORMAT"
FORMATS = ("text", "json")


def is_json(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether lines are asked for as JSON."""
    return environment.get(VARIABLE) == "json"


def log_line(message: str, level: str = "info", **fields: object) -> str:
    """The message as it is; as JSON with its moment (UTC, ISO 8601), its level and the fields."""
    if not is_json():
        return message
    made = logging.LogRecord("tracker", logging.getLevelNamesMapping()[level.upper()], "", 0, message, None, None)
    return json.dumps(json.loads(JsonFormatter().format(made)) | fields, ensure_ascii=False, default=str)


class JsonFormatter(logging.Formatter):
    """Records of the logging package as such lines."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
