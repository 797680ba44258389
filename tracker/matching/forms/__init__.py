"""All forms of one word by the rules of its language group: `word_forms("Zagreb", TermKind.NAME, "hbs")` knows Zagreba, Zagrebu, Zagrebom ..."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from tracker.matching.forms.hbs import either_case
from tracker.matching.forms.hbs_context import describes_next, is_land_name
from tracker.model import TermKind

__all__ = ["GROUPS", "describes_next", "either_case", "is_land_name", "stop_forms", "word_forms"]

GROUPS = ("hbs", "sq", "mk", "en")
Inflect = Callable[[str, TermKind], dict[str, str]]
_loaded: dict[str, Inflect] = {}


def word_forms(word: str, kind: TermKind, group: str) -> dict[str, str]:
    """Every form of `word` in the language group, with the rule that made it in words. Always contains the word itself.

    hbs, sq and en answer in Latin letters with diacritics; mk answers in the script the word was typed in.
    """
    forms = {word: "as typed"}
    if kind is TermKind.EXACT or group not in GROUPS:
        return forms
    for form, rule in _inflector(group)(word, kind).items():
        forms.setdefault(form, rule)
    return forms


def stop_forms(group: str) -> frozenset[str]:
    """Frequent words of the group, lower case with diacritics, that a form of another word may equal (sada, time, novi)."""
    module = import_module(f"{__name__}.{group}") if find_spec(f"{__name__}.{group}") else None
    return module.stop_forms() if module is not None and hasattr(module, "stop_forms") else frozenset()


def _inflector(group: str) -> Inflect:
    if group not in _loaded:
        found = find_spec(f"{__name__}.{group}")
        _loaded[group] = import_module(f"{__name__}.{group}").inflect if found else _as_typed
    return _loaded[group]


def _as_typed(word: str, kind: TermKind) -> dict[str, str]:
    return {word: "as typed"}
