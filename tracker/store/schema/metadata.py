"""The one collection all tables belong to, how their constraints are named, and who owns a column."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Column, MetaData

HEAD = "0030"
"""The newest revision of `migrations/versions`: a database that is there already opens without loading Alembic."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Owner(StrEnum):
    """Who may write a column, and whether its content can be had again."""

    CATALOGUE = "catalogue"  # the register of outlets: replaced as a whole when it changes
    OUTLET = "outlet"  # came from the outlet: cannot be fetched again as it was
    TRACKER = "tracker"  # recorded or computed here: a fact of a run, or computed again at will
    PERSON = "person"  # decided or entered by a person: no run touches it


def _owned(owner: Owner, columns: tuple[Column[Any], ...]) -> tuple[Column[Any], ...]:
    for column in columns:
        column.info["owner"] = owner
    return columns


def from_catalogue(*columns: Column[Any]) -> tuple[Column[Any], ...]:
    """Columns of `Owner.CATALOGUE`."""
    return _owned(Owner.CATALOGUE, columns)


def from_outlet(*columns: Column[Any]) -> tuple[Column[Any], ...]:
    """Columns of `Owner.OUTLET`."""
    return _owned(Owner.OUTLET, columns)


def by_tracker(*columns: Column[Any]) -> tuple[Column[Any], ...]:
    """Columns of `Owner.TRACKER`."""
    return _owned(Owner.TRACKER, columns)


def by_person(*columns: Column[Any]) -> tuple[Column[Any], ...]:
    """Columns of `Owner.PERSON`."""
    return _owned(Owner.PERSON, columns)
