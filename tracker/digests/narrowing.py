"""An edition for readers of some countries: everything in it is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.digests import history
from tracker.model import CountryFacts, Digest, EditionFacts, Entry, Selection


def narrowed(digest: Digest, countries: Sequence[str]) -> Digest:
    """The digest for readers of these countries, in their order; all of it where none is named. Everything in it is then theirs: items,
    figures, what is kept back, what was read. What is known of the whole campaign alone is left out."""
    if not countries:
        return digest
    shown = digest.selection
    return replace(
        digest,
        only=tuple(countries),
        before=digest.before and history.of_countries(digest.before, countries),
        trend=tuple(history.of_countries(period, countries) for period in digest.trend),
        since_start=digest.since_start and history.of_countries(digest.since_start, countries),
        selection=_narrowed_selection(shown, countries),
        facts=_narrowed_facts(digest.facts, countries),
        withdrawn=tuple(one for one in digest.withdrawn if one.country in countries or not one.country),
    )


def _narrowed_selection(shown: Selection, countries: Sequence[str]) -> Selection:
    order = {code: rank for rank, code in enumerate(countries)}

    def kept(entries: Sequence[Entry]) -> tuple[Entry, ...]:
        inside = [entry for entry in entries if entry.outlet.country in order]
        return tuple(sorted(inside, key=lambda entry: order[entry.outlet.country]))

    back = tuple(one for one in shown.kept_back if one.country in order)
    return replace(
        shown,
        counted=kept(shown.counted),
        organisation=kept(shown.organisation),
        context=kept(shown.context),
        own_channels=kept(shown.own_channels),
        held=sum(one.held for one in back),
        rejected=sum(one.rejected for one in back),
        unreviewed=sum(one.unreviewed for one in back),
        kept_back=back,
        sensitive=min(shown.sensitive, sum(one.held for one in back)),
        for_partners=None if shown.for_partners is None else tuple(one for one in shown.for_partners if one[0] in order),
    )


def _narrowed_facts(facts: EditionFacts, countries: Sequence[str]) -> EditionFacts:
    troubles = tuple(trouble for trouble in facts.troubles if trouble.country in countries or not trouble.country)
    named, known = {trouble.outlet_name for trouble in troubles}, {one.country: one for one in facts.by_country}
    theirs = tuple(known.get(code, CountryFacts(code)) for code in countries) if known or not facts.sources_watched else ()
    return replace(
        facts,
        countries=tuple(countries),
        troubles=troubles,
        reach=facts.reach and facts.reach.of_countries(countries),
        by_country=theirs,
        sources_watched=sum(one.sources_watched for one in theirs),
        sources_answered=sum(one.sources_answered for one in theirs),
        items_looked_at=sum(one.items_looked_at for one in theirs),
        windows_outrun=0,
        windows_repaired=0,
        outrun_names=tuple(name for name in facts.outrun_names if name in named),
        known_items=0,
        known_found=0,
    )
