"""A campaign's terms as people read them: every spelling with the forms that the rules make of it, a language group at a time."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from tracker.matching.grouping import groups_in
from tracker.matching.matcher import Matcher
from tracker.matching.suggest import Suggestion, suggest
from tracker.matching.vocabulary import AS_TYPED, Entry
from tracker.model import Campaign, Circle, KeyMessage, Label, Term
from tracker.store import articles, entries
from tracker.store.database import Database

Asking = Circle | Label | KeyMessage
"""What asks for terms by a query."""
MOST_FORMS = 60
"""Of one word in one language group; a verb-like adjective of Serbian has 40 with its respellings."""
TEXTS_READ = 500
"""The newest items whose texts are searched for respellings: some 2 s."""


class WordForms(Struct, frozen=True):
    """A word of a spelling, and the forms it is found in, in Latin letters, the one as typed first."""

    typed: str
    by_group: tuple[tuple[str, tuple[str, ...]], ...]
    """(language group, forms)"""


class Spelling(Struct, frozen=True):
    """One spelling of the file: `language` is its key there."""

    text: str
    language: str
    kind: str
    words: tuple[WordForms, ...]


class TermForms(Struct, frozen=True):
    """A term with its spellings, and the queries that use it."""

    term: Term
    spellings: tuple[Spelling, ...]
    used_in: tuple[Asking, ...]


def term_of(matcher: Matcher, term_id: str) -> TermForms | None:
    """A term of the campaign; None where it has none of this id."""
    term = next((one for one in matcher.campaign.terms if one.id == term_id), None)
    if term is None:
        return None
    by_text: dict[str, Entry] = {}
    for entry in matcher.vocabulary.entries:
        if entry.term_id == term_id and not entry.hashtag:
            by_text.setdefault(entry.text, entry)
    spellings = tuple(
        Spelling(
            text=one.text,
            language="aliases" if one.alias else one.language,
            kind=str(one.kind or term.kind),
            words=_words(by_text.get(one.text)),
        )
        for one in term.entries
    )
    return TermForms(term, spellings, _uses(matcher.campaign).get(term_id, ()))


def respellings_seen(database: Database, campaign: Campaign, matcher: Matcher, found_from: datetime) -> tuple[Suggestion, ...]:
    """Spellings in the texts of the newest items that look like a name of the campaign and are none of its forms."""
    with database.reading() as conn:
        newest = [one.article.id for one in entries.standings(conn, campaign.id, found_from=found_from)][-TEXTS_READ:]
        return suggest(matcher, (f"{article.title}\n{article.body}" for article in articles.get_many(conn, newest)))


def _words(entry: Entry | None) -> tuple[WordForms, ...]:
    if entry is None:
        return ()
    shown = []
    for word in entry.words:
        by_group: dict[str, dict[str, None]] = {}
        forms = [form for forms in word.forms.values() for form in forms]
        for form in sorted(forms, key=lambda form: (form.rule != AS_TYPED, form.spelled)):
            for group in groups_in(form.mask):
                by_group.setdefault(group, {})[form.spelled] = None
        shown.append(WordForms(word.typed, tuple((group, _first(spelled)) for group, spelled in by_group.items())))
    return tuple(shown)


def _first(spelled: dict[str, None]) -> tuple[str, ...]:
    return tuple(spelled)[:MOST_FORMS]


def _uses(campaign: Campaign) -> dict[str, tuple[Asking, ...]]:
    from tracker.matching.query import parse_query, references

    found: dict[str, dict[Asking, None]] = {}
    asking: tuple[Asking, ...] = (*campaign.circles, *campaign.labels, *campaign.key_messages)
    for one in asking:
        for reference in references(parse_query(one.query)):
            if not reference.quoted:
                found.setdefault(reference.text, {})[one] = None
    return {term_id: tuple(users) for term_id, users in found.items()}
