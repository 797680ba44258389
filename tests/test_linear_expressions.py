"""No expression over an outlet's bytes takes more than linear time: each one of `tracker/sources`, `tracker/crawl`, `tracker/urls` and
`spiders`, found by looking, reads a long text of every character that could make it go back, in each way that the code uses it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

PACKAGES = ("tracker.sources", "tracker.crawl", "tracker.urls", "spiders")
SIZE = 60_000
SECONDS = 100
"""A net for what does not end: a quadratic look at this many characters takes five minutes, a linear one milliseconds."""

REPEATED = ("\n", " ", "\t", "a", "7", "/", "-", ".", ":", "<", "&", "%", "'", "_", "<a ", "a ", "\n ", "<![CDATA[")
ANYWHERE = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
"""Uses that begin to look at every place of a text; `match` and `fullmatch` begin at one."""


BOUNDED = {"tracker.urls.outlet_rules:_TEMPLATE": "sees at most MAX_CHARS characters of a register's cell"}
"""Expressions that are not linear and need not be."""


def modules(package: str) -> Iterator[str]:
    yield package
    for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        yield found.name


def expressions(package: str) -> list[tuple[str, re.Pattern[str] | re.Pattern[bytes], bool]]:
    """Name, expression, and whether it is looked for anywhere in a text."""
    found = []
    for name in modules(package):
        module = importlib.import_module(name)
        source = inspect.getsource(module)
        for attribute, value in vars(module).items():
            if isinstance(value, re.Pattern) and f"{name}:{attribute}" not in BOUNDED:
                uses = {use[1] for use in re.finditer(rf"\b{attribute}\.(\w+)", source)}
                found.append((f"{name}:{attribute}", value, not uses or bool(uses & ANYWHERE)))
    return found


def look() -> None:
    """Every expression over each text; prints the name of the one at work."""
    for name, pattern, anywhere in (found for package in PACKAGES for found in expressions(package)):
        for repeated in REPEATED:
            print(name, repr(repeated), flush=True)
            text: str | bytes = repeated * (SIZE // len(repeated))
            if isinstance(pattern.pattern, bytes):
                text = text.encode()  # type: ignore[union-attr]
            pattern.match(text)
            pattern.fullmatch(text)
            if anywhere:
                for _ in pattern.finditer(text):
                    pass


def test_long_texts_of_any_character_are_read_in_linear_time() -> None:
    """In a process of its own: an expression at work hears no signal."""
    command = [sys.executable, "-c", "from tests.test_linear_expressions import look; look()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            out, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
            pytest.fail(f"takes too long: {out.splitlines()[-1]}")
        assert process.returncode == 0


def test_the_expressions_are_found() -> None:
    names = {name for package in PACKAGES for name, _, _ in expressions(package)}
    assert {"tracker.sources.discovery:_ROBOTS_LINE", "tracker.sources.sitemaps.sitemap:_HTML"} <= names
