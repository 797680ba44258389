"""Albanian forms that are another word where they stand: `të jetë` is "to be" and not jetë, life."""

from __future__ import annotations

from . import sq_irregular as table


def is_another_word(form: str, before: str) -> bool:
    """Whether a form found behind the word `before` is that other word. Diacritics may be dropped, and
    case does not matter, but that TA is an acronym."""
    lower = before.lower()
    if lower in table.BEFORE_VERBS:
        return before == lower or (len(lower) > 2 and before.istitle())
    return lower in table.ANOTHER_WORD_AFTER.get(form.lower(), ())
