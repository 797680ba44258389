"""What is allowed in a campaign file and most likely not meant: said by `campaign check`, and no error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tracker.locale.cyrillic import KEPT_LATIN, latin_words
from tracker.matching.matcher import Matcher
from tracker.matching.query import references
from tracker.model import Campaign, Term, TermKind

_LETTERS = re.compile(r"[^\W_]")


def campaign_warnings(matcher: Matcher, today: date) -> tuple[str, ...]:
    """One line each, in the order of the file: terms that nothing uses, spellings of one letter, spellings given twice, queries that
    cannot decide, a first day that is still to come, words that Serbian Cyrillic leaves in Latin by guess."""
    campaign = matcher.campaign
    found = [*_first_day(campaign, today), *_circles(campaign)]
    used = {ref.text for node in matcher.queries for ref in references(node) if not ref.quoted}
    used |= {term for person in campaign.spokespeople for term in person.terms}
    for term in campaign.terms:
        if term.id not in used:
            found.append(f"terms.{term.id} is used by no circle, label, key message or spokesperson: it finds nothing")
        found += _spellings(term)
    return (*found, *_cyrillic(campaign))


def _first_day(campaign: Campaign, today: date) -> Iterator[str]:
    if campaign.since > today:
        yield f"since is {campaign.since}, which is still to come: until then nothing belongs to the campaign"


def _circles(campaign: Campaign) -> Iterator[str]:
    seen: dict[str, str] = {}
    for circle in campaign.circles:
        query = " ".join(circle.query.split())
        if query in seen:
            yield f"circle {circle.id} has the query of circle {seen[query]}, which comes first: it is always empty"
        seen.setdefault(query, circle.id)


def _cyrillic(campaign: Campaign) -> Iterator[str]:
    """Texts in Serbian whose Cyrillic form is made by rule."""
    texts = [("names", campaign.names), ("branding.funding", campaign.branding.funding)]
    texts += [(f"key_messages {one.id}", one.names) for one in campaign.key_messages]
    texts += [(f"objectives {one.name}", one.names) for one in campaign.objectives]
    texts += [(f"spokespeople {one.name}", one.roles) for one in campaign.spokespeople]
    known = {word for name in (*KEPT_LATIN, *(person.name for person in campaign.spokespeople)) for word in re.findall(r"[^\W\d_]+", name)}
    for place, given in texts:
        by_language = dict(given)
        words = [word for word in latin_words(by_language.get("sr-Latn", "")) if word not in known]
        if words and "sr-Cyrl" not in by_language:
            yield f"{place}: Serbian Cyrillic keeps {', '.join(words)} in Latin; give sr-Cyrl where that is not meant"


def _spellings(term: Term) -> Iterator[str]:
    seen: set[tuple[str, str, TermKind]] = set()
    for entry in term.entries:
        if len(_LETTERS.findall(entry.text)) == 1:
            yield f'terms.{term.id}: "{entry.text}" has one letter, which stands in nearly every text'
        spelling = entry.text, entry.language, entry.kind or term.kind
        if spelling in seen:
            yield f'terms.{term.id}: "{entry.text}" stands twice'
        seen.add(spelling)
