"""No expression over an outlet's bytes takes more than linear time: each one of the packages below, found by looking, reads a long text of
every character and of every word of its own that could make it go back, in each way that the code uses it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.linear import grows_linearly

PACKAGES = ("tracker.sources", "tracker.crawl", "tracker.urls", "spiders", "tracker.extraction", "tracker.revisions")
SIZE = 24_000
"""A quadratic look at this many characters takes some 0.2 s of a processor, far above what `grows_linearly` takes for noise."""
SECONDS = 300
"""A net for what does not end: all of it takes some 10 s of a processor."""

REPEATED = ("\n", " ", "\t", "a", "7", "/", "-", ".", ":", "<", "&", "%", "'", "_", "<a ", "a ", "\n ", "<![CDATA[")
WORD_BEFORE_A_REPEAT = re.compile(r"([^\W\d_]{3,})(?:\\[sSwWdD]|\)|\[[^\]]{0,40}\])[+*]")
"""In an expression's own source: where such words stand in rows, it begins at each and may go on to the end."""
UNEXPECTED = "q\0"
"""What hardly any expression takes, at the end of a text: one that took all before it goes back from there."""
MOST_WORDS = 4
"""Of one expression, spread over all it has."""
ANYWHERE = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
"""Uses that begin to look at every place of a text; `match` and `fullmatch` begin at one."""

BOUNDED = {
    "tracker.urls.outlet_rules:_TEMPLATE": "sees at most MAX_CHARS characters of a register's cell",
    **dict.fromkeys(
        (f"tracker.extraction.byline:{name}" for name in ("_ADDRESS", "_MOMENT", "_TAIL", "_BRACKETS", "_AND")),
        "see at most 600 characters, of a name or a line with names",
    ),
    **dict.fromkeys(
        (f"tracker.extraction.titles:{name}" for name in ("_SEPARATOR", "_OWN_NAME", "_TRUNCATED")),
        "see at most MAX_READ_CHARS characters of a title",
    ),
}
"""Expressions that are not linear and need not be."""

Expression = re.Pattern[str] | re.Pattern[bytes]


def modules(package: str) -> Iterator[str]:
    yield package
    for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        yield found.name


def expressions(package: str) -> list[tuple[str, Expression, bool]]:
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


def repeated(pattern: Expression) -> list[str]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    words = sorted(set(WORD_BEFORE_A_REPEAT.findall(source)))
    return [*REPEATED, *(f"{word} " for word in words[:: max(1, len(words) // MOST_WORDS)])]


def is_linear(pattern: Expression, piece: str, *, anywhere: bool, size: int = SIZE) -> bool:
    def read(text: str) -> None:
        looked_at = text.encode() if isinstance(pattern.pattern, bytes) else text
        pattern.match(looked_at)  # type: ignore[arg-type]
        pattern.fullmatch(looked_at)  # type: ignore[arg-type]
        if anywhere:
            for _ in pattern.finditer(looked_at):  # type: ignore[arg-type]
                pass

    return all(grows_linearly(read, lambda chars, end=end: piece * (chars // len(piece)) + end, size) for end in ("", UNEXPECTED))


def look() -> None:
    """Every expression over each text; prints the name of the one at work, and those that are not linear."""
    for name, pattern, anywhere in (found for package in PACKAGES for found in expressions(package)):
        for piece in repeated(pattern):
            print(name, repr(piece), flush=True)
            if not is_linear(pattern, piece, anywhere=anywhere):
                print("SLOW", name, repr(piece), flush=True)


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
    assert [line for line in out.splitlines() if line.startswith("SLOW")] == []


def test_an_expression_that_goes_back_is_told() -> None:
    assert not is_linear(re.compile(r"\s+$"), " ", anywhere=True, size=SIZE // 2)
    assert is_linear(re.compile(r"\s$"), " ", anywhere=True)


def test_words_that_stand_before_a_repeat_are_tried_too() -> None:
    assert {"removed ", "članak "} <= {*repeated(re.compile(r"removed\w*|članak\s+x"))}


def test_the_expressions_are_found() -> None:
    names = {name for package in PACKAGES for name, _, _ in expressions(package)}
    assert {
        "tracker.sources.discovery:_ROBOTS_LINE",
        "tracker.sources.sitemaps.sitemap:_HTML",
        "tracker.extraction.notices:_ABSENT",
    } <= names
