"""What a term is called where people read of it: a spelling that was typed for it. Its id is for the campaign file alone."""

from __future__ import annotations

from tracker.model import Campaign, Term

_NEAR = {
    "sr-Latn": ("sr", "cnr", "bs", "hr"),
    "sr-Cyrl": ("sr", "cnr", "bs", "hr"),
    "bs": ("bs", "hr", "cnr", "sr"),
    "hr": ("hr", "bs", "cnr", "sr"),
    "cnr": ("cnr", "sr", "bs", "hr"),
}
"""Languages of spellings that a reader understands, the nearest first."""


def term_names(campaign: Campaign, language: str) -> dict[str, tuple[str, str]]:
    """(name, language of the name) of each of the campaign's terms, by id, for a reader of this language."""
    return {term.id: _name(term, (*_NEAR.get(language, (language,)), "any", "en")) for term in campaign.terms}


def _name(term: Term, languages: tuple[str, ...]) -> tuple[str, str]:
    for language in languages:
        for entry in term.entries:
            if entry.language == language and not entry.alias:
                return entry.text, language
    first = term.entries[0]
    return first.text, first.language
