"""A long list, a page at a time; its filters and its page stand in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from flask import request, url_for
from msgspec import Struct

T = TypeVar("T")
ROWS = 50


class Page(Struct, Generic[T], frozen=True):
    """One page of a list: `number` counts from 1."""

    rows: Sequence[T]
    number: int
    pages: int
    before: str
    after: str


def page_of(rows: Sequence[T], filters: Mapping[str, str], size: int = ROWS) -> Page[T]:
    """The page that the address asks for, the nearest there is; `filters` go into the addresses of its neighbours."""
    pages = max(1, -(-len(rows) // size))
    number = min(max(1, number_in("page", 1)), pages)

    def address(other: int) -> str:
        return here(**filters, page=str(other)) if 1 <= other <= pages else ""

    return Page(rows[(number - 1) * size : number * size], number, pages, address(number - 1), address(number + 1))


def number_in(name: str, default: int) -> int:
    """A whole number of the address; the default where there is none."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else default


def here(**filters: str) -> str:
    """The address of the open page with these filters; empty ones are left out."""
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **{name: value for name, value in filters.items() if value}})
