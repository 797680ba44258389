"""Compiled templates are kept, and never used for another text than theirs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.compiler import CodeGenerator

from tracker.digests.forms.compiled_templates import CompiledTemplates


@pytest.fixture(autouse=True)
def _python_keeps_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.delattr(Environment, "bytecode_cache", raising=False)  # what the other tests share


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were compiled."""
    names: list[str] = []

    class Counting(CodeGenerator):
        def visit_Template(self, *args: object, **kwargs: object) -> None:
            names.append(str(self.name))
            super().visit_Template(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Environment, "code_generator_class", Counting)
    return names


def filled(folder: Path, kind: str = "test", *, autoescape: bool = False, name: str = "a.txt") -> str:
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=autoescape, optimized=False, bytecode_cache=CompiledTemplates(kind)
    )
    return environment.get_template(name).render(name="<Ana>")


def test_a_template_is_compiled_once_for_all_processes_and_again_when_it_changes(tmp_path: Path, compiled: list[str]) -> None:
    (tmp_path / "a.txt").write_text("Hi {{ name }}")
    assert [filled(tmp_path), filled(tmp_path)] == ["Hi <Ana>"] * 2
    assert compiled == ["a.txt"]
    (tmp_path / "a.txt").write_text("Good morning {{ name }}")
    assert filled(tmp_path) == "Good morning <Ana>"
    assert compiled == ["a.txt", "a.txt"]


def test_environments_with_other_settings_and_templates_of_the_same_stem_keep_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text {{ name }}")
    (tmp_path / "a.html").write_text("page {{ name }}")
    for _ in range(2):
        assert filled(tmp_path) == "text <Ana>"
        assert filled(tmp_path, "escaped", autoescape=True) == "text &lt;Ana&gt;"
        assert filled(tmp_path, name="a.html") == "page <Ana>"


@pytest.mark.parametrize("keep", [0, 1, 20, 45, 70, -1])
def test_a_kept_form_that_is_cut_or_overwritten_is_made_anew(tmp_path: Path, keep: int, compiled: list[str]) -> None:
    (tmp_path / "a.txt").write_text("Hi {{ name }}")
    filled(tmp_path)
    (kept,) = (tmp_path / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:keep])
    assert filled(tmp_path) == "Hi <Ana>"
    assert len(compiled) == 2
    assert filled(tmp_path) == "Hi <Ana>"
    assert len(compiled) == 2


def test_nothing_is_kept_where_python_keeps_nothing_or_the_folder_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Hi {{ name }}")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert filled(tmp_path) == "Hi <Ana>"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "__pycache__").write_text("no folder")
    assert filled(tmp_path) == "Hi <Ana>"
