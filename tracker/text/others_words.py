"""What a server says, made fit to be stored and shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MAX_WORDS = 300
"""Characters of a server's reply that are stored, a choice: four lines of a terminal."""


def clean_words(words: str, secrets: Sequence[str] = (), longest: int = MAX_WORDS) -> str:
    """A server's words on one line, without anything that steers a terminal, without our secrets, and not for ever."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        words = words.replace(secret, "***")
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter for letter in words)
    kept = re.sub(r"\s+", " ", kept).strip()
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"
