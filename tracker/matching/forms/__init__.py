"""All forms of one word by the rules of its language group: `word_forms("Zagreb", TermKind.NAME, "hbs")` knows Zagreba, Zagrebu, Zagrebom ..."""

from __future__ import annotations

from collections.abc import Callable

from tracker.matching.forms import en, hbs, mk, sq
from tracker.matching.forms.hbs import either_case
from tracker.matching.forms.hbs_context import describes_next, is_land_name
from tracker.model import TermKind

__all__ = ["GROUPS", "describes_next", "either_case", "is_land_name", "stop_forms", "word_forms"]

_INFLECT: dict[str, Callable[[str, TermKind], dict[str, str]]] = {"hbs": hbs.inflect, "sq": sq.inflect, "mk": mk.inflect, "en": en.inflect}
_STOP_FORMS: dict[str, Callable[[], frozenset[str]]] = {
    "hbs": hbs.stop_forms,
    "sq": sq.stop_forms,
    "mk": mk.stop_forms,
    "en": en.stop_forms,
}
GROUPS = tuple(_INFLECT)


def word_forms(word: str, kind: TermKind, group: str) -> dict[str, str]:
    """Every form of `word` in the language group, with the rule that made it in words. Always contains the word itself.

    hbs, sq and en answer in Latin letters with diacritics; mk answers in the script the word was typed in.
    """
    forms = {word: "as typed"}
    if kind is TermKind.EXACT or group not in _INFLECT:
        return forms
    for form, rule in _INFLECT[group](word, kind).items():
        forms.setdefault(form, rule)
    return forms


def stop_forms(group: str) -> frozenset[str]:
    """Frequent words of the group, lower case with diacritics, that a form of another word may equal (sada, time, novi)."""
    return _STOP_FORMS[group]() if group in _STOP_FORMS else frozenset()
