"""The private attributes of Scrapy and Twisted that a crawl touches are there; one that is gone is named."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from tracker.crawl import scrapy_internals
from tracker.crawl.scrapy_internals import PRIVATE, PrivateAttribute

CRAWL = Path(scrapy_internals.__file__).parent


def owner_of(path: str) -> object:
    module, _, name = path.rpartition(".")
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("private", PRIVATE, ids=lambda one: f"{one.owner}.{one.name}")
def test_the_attribute_is_there(private: PrivateAttribute) -> None:
    owner = owner_of(private.owner)
    if not private.in_source:
        assert hasattr(owner, private.name), f"{private.owner}.{private.name} is gone: {private.reason}"
        return
    assert inspect.isclass(owner)
    tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(owner)))
    set_there = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    assert private.name in set_there, f"{private.owner} no longer sets {private.name}: {private.reason}"


def test_every_attribute_has_a_reason() -> None:
    assert all(len(private.reason) > 20 for private in PRIVATE)


@pytest.mark.parametrize("path", sorted([*CRAWL.rglob("*.py"), *(CRAWL.parents[1] / "spiders").glob("*.py")]), ids=lambda path: path.name)
def test_no_other_file_touches_one(path: Path) -> None:
    if path.name == "scrapy_internals.py":
        return
    foreign = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls", "made", "os")
            foreign |= set() if own else {node.attr}
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("scrapy", "twisted")):
            foreign.update(name.name for name in node.names if name.name.startswith("_"))
    assert not foreign
