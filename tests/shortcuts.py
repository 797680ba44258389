"""What each test would pay for anew and none is about: seventeen migrations for an empty database, argon2's memory for a login, the imports
of each process that the product begins, the compilation of every template, of every address of the desk and of every SQLite statement.

Tests that are about one of these ask for the fixture `unabridged`.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from werkzeug.routing import Rule

from tests import forked
from tests.compiled_statements import AlikeDialects, SharedStatements
from tests.compiled_templates import CompiledOnce
from tracker.store.migrations import upgrade as migrations


def _empty_database(upgrade: Callable[..., None], folder: Path) -> Callable[[], Path]:
    """The file of a database that was migrated once."""

    @cache
    def made() -> Path:
        from tracker.store import database

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrations, "upgrade", upgrade)
            database.open_database(folder).close()
        return folder / database.FILE_NAME

    return made


def _copying(upgrade: Callable[..., None], made: Callable[[], Path]) -> Callable[..., None]:
    usual = migrations.FOLDER

    def copied(engine: Engine, path: Path, revision: str = "head", **given: Any) -> None:
        with closing(sqlite3.connect(path)) as target:
            is_empty = target.execute("SELECT 1 FROM sqlite_master").fetchone() is None
            if is_empty and revision == "head" and usual == migrations.FOLDER:
                with closing(sqlite3.connect(made())) as source:
                    source.backup(target)
                return
        upgrade(engine, path, revision, **given)

    return copied


def _building_once(compile_builder: Callable[[Rule, bool], Callable[..., object]]) -> Callable[[Rule, bool], Callable[..., object]]:
    """Addresses are compiled alike for each desk: what is made reads a rule's own converters and nothing else of it."""
    kept: dict[object, Callable[..., object]] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Callable[..., object]:
        kinds = sorted((name, type(one).__qualname__) for name, one in rule._converters.items())
        alike = (append_unknown, rule.rule, tuple(rule._trace), repr(rule.defaults), tuple(kinds))
        if alike not in kept:
            kept[alike] = compile_builder(rule, append_unknown)
        return kept[alike]

    return builder


class Shortcuts:
    """What stands in the place of the slow parts from `take` until `leave`."""

    def __init__(self, folder: Path) -> None:
        usual = migrations.upgrade
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        context = multiprocessing.get_context("forkserver")
        forked.prepare()
        self._replacements: dict[str, object] = {
            "tracker.store.migrations.upgrade.upgrade": _copying(usual, _empty_database(usual, folder)),
            "tracker.review.accounts._hasher": lambda: cheap,
            "jinja2.Environment.bytecode_cache": CompiledOnce(),
            "sqlalchemy.Engine._compiled_cache": SharedStatements(),
            "sqlalchemy.dialects.sqlite.pysqlite.SQLiteDialect_pysqlite.__eq__": AlikeDialects.__eq__,
            "sqlalchemy.dialects.sqlite.pysqlite.SQLiteDialect_pysqlite.__hash__": AlikeDialects.__hash__,
            "werkzeug.routing.rules.Rule._compile_builder": _building_once(Rule._compile_builder),
            "tracker.pipeline.page_pool.multiprocessing": SimpleNamespace(
                get_context=lambda _: context, active_children=multiprocessing.active_children
            ),
            "tracker.crawl.parent.subprocess": SimpleNamespace(
                Popen=forked.popen, PIPE=subprocess.PIPE, TimeoutExpired=subprocess.TimeoutExpired
            ),
        }
        self._patch = pytest.MonkeyPatch()

    def take(self) -> None:
        for name, replacement in self._replacements.items():
            self._patch.setattr(name, replacement, raising=False)

    def leave(self) -> None:
        self._patch.undo()
