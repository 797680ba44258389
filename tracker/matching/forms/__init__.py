"""All forms of one word by the rules of its language group: `word_forms("Zagreb", TermKind.NAME, "hbs")` knows Zagreba, Zagrebu, Zagrebom ..."""

from __future__ import annotations

import importlib
from typing import Any

from tracker.matching.forms.hbs_context import describes_next, is_land_name
from tracker.model import TermKind

__all__ = ["GROUPS", "describes_next", "either_case", "is_land_name", "stop_forms", "word_forms"]

GROUPS = ("hbs", "sq", "mk", "en")
HAS_POSSESSIVES = frozenset({"hbs", "mk", "en"})
"""Albanian says it with the genitive."""


def _rules(group: str) -> Any:
    """A group's module, loaded when it is first asked: a campaign from the cache has all its forms."""
    return importlib.import_module(f"tracker.matching.forms.{group}")


def word_forms(word: str, kind: TermKind, group: str, *, possessives: bool = True) -> dict[str, str]:
    """Every form of `word` in the language group, with the rule that made it in words. Always contains the word itself; without
    `possessives` none that says whose something is (Markov, Марков).

    hbs, sq and en answer in Latin letters with diacritics; mk answers in the script the word was typed in.
    """
    forms = {word: "as typed"}
    if kind is TermKind.EXACT or group not in GROUPS:
        return forms
    asked = {"possessives": possessives} if group in HAS_POSSESSIVES else {}
    for form, rule in _rules(group).inflect(word, kind, **asked).items():
        forms.setdefault(form, rule)
    return forms


def stop_forms(group: str) -> frozenset[str]:
    """Frequent words of the group, lower case with diacritics, that a form of another word may equal (sada, time, novi)."""
    found: frozenset[str] = _rules(group).stop_forms() if group in GROUPS else frozenset()
    return found


def either_case(word: str) -> bool:
    """Whether a name typed alone is a common noun too, which the Slavic press writes with and without its capital (Vlada, Sabor)."""
    return bool(_rules("hbs").either_case(word))
