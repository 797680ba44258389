"""Every table and column says who owns it and what null means."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Table

from tracker.store import schema
from tracker.store.schema.metadata import Owner, metadata

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_names_its_owner(table: Table) -> None:
    assert not [column.name for column in table.c if not isinstance(column.info.get("owner"), Owner)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_that_may_be_null_says_what_null_means(table: Table) -> None:
    assert not [column.name for column in table.c if column.nullable and "null: " not in (column.doc or "")]
    assert not [column.name for column in table.c if not column.nullable and "null: " in (column.doc or "")]


def test_every_module_of_tables_is_loaded_with_the_package() -> None:
    """Foreign keys name tables of other modules."""
    modules = {path.stem for path in Path(schema.__file__).parent.glob("*.py")} - {"__init__", "columns", "metadata"}
    assert modules == set(schema.__all__)
