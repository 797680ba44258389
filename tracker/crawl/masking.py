"""No secret of the settings in a log: every record passes this, tracebacks too."""

from __future__ import annotations

import logging
from collections.abc import Callable


class MaskingFormatter(logging.Formatter):
    """Another formatter's text with the secrets hidden."""

    def __init__(self, inner: logging.Formatter, mask: Callable[[str], str]) -> None:
        super().__init__()
        self._inner, self._mask = inner, mask

    def format(self, record: logging.LogRecord) -> str:
        """The record's text, masked."""
        return self._mask(self._inner.format(record))


def mask_logs(mask: Callable[[str], str]) -> None:
    """Has all handlers of the root logger mask what they write."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, MaskingFormatter):
            handler.setFormatter(MaskingFormatter(handler.formatter or logging.Formatter(), mask))
