"""Albanian forms that are another word where they stand: `të jetë` is "to be" and not jetë, life."""

from __future__ import annotations

from . import sq_irregular as table


def is_another_word(form: str, before: str) -> bool:
    """Whether a form found behind the word `before` is that other word. Case does not matter; diacritics may be dropped."""
    return before.lower() in table.ANOTHER_WORD_AFTER.get(form.lower(), ())
