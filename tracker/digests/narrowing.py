"""An edition for readers of some countries, languages or outlets: everything in it is theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from tracker.model import ChangedItem, CountryFacts, Digest, EditionFacts, Entry, Period, Reach, Scope, Selection, SourceTrouble, Withdrawn


def narrowed(digest: Digest, scope: Scope) -> Digest:
    """The digest for readers of this scope, in the order of its countries; all of it where it is empty. Everything in it is then theirs:
    items, figures, what is kept back, what was read. What is known of the whole campaign alone is left out."""
    if not scope:
        return digest
    return replace(
        digest,
        scope=scope,
        before=digest.before and _narrowed_period(digest.before, scope),
        trend=tuple(filter(None, (_narrowed_period(period, scope) for period in digest.trend))),
        since_start=digest.since_start and _narrowed_period(digest.since_start, scope),
        selection=_narrowed_selection(digest.selection, scope),
        facts=_narrowed_facts(digest.facts, scope),
        withdrawn=tuple(one for one in digest.withdrawn if _may_concern(one, scope)),
        changed=tuple(one for one in digest.changed if _may_concern(one, scope)),
        regrouped=tuple(one for one in digest.regrouped if any(scope.covers(*place) for place in one.places)),
    )


def _is_by_country(scope: Scope) -> bool:
    """Whether it is narrowed by countries and by nothing else: the figures of editions of before are known by country alone."""
    return not (scope.languages or scope.outlets)


def _narrowed_period(period: Period, scope: Scope) -> Period | None:
    """None where the period's figures are not known for the scope. Stories cross borders and are not counted for a part alone."""
    if period.cells or not period.items:
        cells = tuple(one for one in period.cells if scope.covers(one.country, one.language, one.outlet_id))
        by_country = Counter[str]()
        for one in cells:
            by_country[one.country] += one.items
        return Period(period.window, by_country.total(), tuple(by_country.items()), cells)
    if _is_by_country(scope):
        known = [(code, count) for code, count in period.by_country if code in scope.countries]
        return Period(period.window, sum(count for _, count in known), tuple(known))
    return None


def _narrowed_selection(shown: Selection, scope: Scope) -> Selection:
    order = {code: rank for rank, code in enumerate(scope.countries)}

    def kept(entries: Sequence[Entry]) -> tuple[Entry, ...]:
        inside = [entry for entry in entries if scope.covers(entry.outlet.country, entry.article.language, entry.outlet.id)]
        return tuple(sorted(inside, key=lambda entry: order.get(entry.outlet.country, 0)))

    back = tuple(one for one in shown.kept_back if scope.covers(one.country, one.language, one.outlet_id))
    cells = tuple(one for one in shown.partners_see if scope.covers(one.country, one.language, one.outlet_id))
    known = sum(one.sensitive for one in shown.kept_back) == shown.sensitive
    held = sum(one.held for one in back)
    return replace(
        shown,
        counted=kept(shown.counted),
        organisation=kept(shown.organisation),
        context=kept(shown.context),
        own_channels=kept(shown.own_channels),
        listed=kept(shown.listed),
        held=held,
        rejected=sum(one.rejected for one in back),
        unreviewed=sum(one.unreviewed for one in back),
        kept_back=back,
        sensitive=sum(one.sensitive for one in back) if known else min(shown.sensitive, held),
        for_partners=_seen_by_partners(shown, scope),
        partners_see=cells,
    )


def _seen_by_partners(shown: Selection, scope: Scope) -> tuple[tuple[str, int], ...] | None:
    """None where it is not known for the scope."""
    if shown.for_partners is None or _is_by_country(scope):
        return shown.for_partners and tuple(one for one in shown.for_partners if one[0] in scope.countries)
    if len(shown.for_partners) and not shown.partners_see:
        return None
    cells = [one for one in shown.partners_see if scope.covers(one.country, one.language, one.outlet_id)]
    return tuple((code, sum(one.items for one in cells if one.country == code)) for code in dict.fromkeys(one.country for one in cells))


def _narrowed_facts(facts: EditionFacts, scope: Scope) -> EditionFacts:
    troubles = tuple(trouble for trouble in facts.troubles if _concerns(trouble, scope))
    named, known = {trouble.outlet_name for trouble in troubles}, {one.country: one for one in facts.by_country}
    of_scope = tuple(known.get(code, CountryFacts(code)) for code in scope.countries) if known or not facts.sources_watched else ()
    theirs = of_scope if _is_by_country(scope) else ()
    return replace(
        facts,
        countries=scope.countries or facts.countries,
        troubles=troubles,
        reach=facts.reach and _narrowed_reach(facts.reach, scope),
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


def _narrowed_reach(reach: Reach, scope: Scope) -> Reach | None:
    """What was read of outlets by their country and main language; of single outlets it is not known."""
    if scope.outlets:
        return None
    found = reach.of_countries(scope.countries) if scope.countries else reach
    return replace(found, cells=tuple(cell for cell in found.cells if not scope.languages or cell.language in scope.languages))


def _concerns(trouble: SourceTrouble, scope: Scope) -> bool:
    identity = trouble.source_id.split(":")[0]
    country = not scope.countries or trouble.country in scope.countries or not trouble.country
    spoken = (*trouble.languages, identity) if trouble.languages else scope.languages
    language = not scope.languages or bool({*spoken} & {*scope.languages})
    return country and language and (not scope.outlets or identity in scope.outlet_ids)


def _may_concern(one: Withdrawn | ChangedItem, scope: Scope) -> bool:
    """What was not kept of an edition of before may be of any scope."""
    return Scope(
        scope.countries if one.country else (), scope.languages if one.language else (), scope.outlets if one.outlet_id else ()
    ).covers(one.country, one.language, one.outlet_id)
