"""Sizes of files in words."""

from __future__ import annotations


def size_in_words(size: int) -> str:
    """`118 kB`, `1.4 MB`: as file managers say it."""
    return f"{size / 1e6:.1f} MB" if size >= 999_500 else f"{max(1, round(size / 1e3))} kB"
