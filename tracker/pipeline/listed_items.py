"""Items listed elsewhere -> articles of which headline and one sentence are known, where a campaign matches them.

They are then matched, grouped and judged as all others, under a label that keeps them apart until a person accepts them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from tracker.model import Article, Campaign, Depth, Outlet, StepReport
from tracker.pipeline.run import Run
from tracker.store import articles, listings, registers
from tracker.store.listings import Listed
from tracker.text.folding import fold

AT_ONCE = 500
"""Looked at in one transaction."""


def match_listed(run: Run, campaigns: Sequence[Campaign]) -> StepReport | None:
    """Looks at what these versions of the campaigns have not seen; None where there is nothing."""
    started = time.monotonic()
    versions = " ".join(sorted(f"{campaign.id}@{campaign.version}" for campaign in campaigns))
    looked = matched = 0
    matchers = None
    while True:
        with run.database.reading() as conn:
            waiting = listings.unlooked(conn, versions, limit=AT_ONCE)
            outlets = registers.outlets(conn)
        if not waiting:
            break
        if matchers is None:
            from tracker.matching.compiled import compiled_matcher

            matchers = [compiled_matcher(campaign, run.cache) for campaign in campaigns]
        found = [one for one in waiting if any(matcher.match(body=one.sentence, title=one.title).matched for matcher in matchers)]
        new = [one for one in found if not one.article_id]
        made = [_article(one, outlets[one.outlet_id], run.as_of) for one in new]
        with run.database.writing() as conn:
            ids = articles.save(conn, [(article, fold(article.title), fold(article.body)) for article in made], run.as_of)
            stands = {one.link_id: article_id for one, article_id in zip(new, ids, strict=True) if article_id is not None}
            listings.mark_looked(conn, [one.link_id for one in waiting], versions, stands)
        looked, matched = looked + len(waiting), matched + len(found)
    if not looked:
        return None
    outcomes = (("of a campaign", matched), ("no mention", looked - matched))
    return StepReport("match listed", looked, tuple(pair for pair in outcomes if pair[1]), time.monotonic() - started)


def _article(one: Listed, outlet: Outlet, now: datetime) -> Article:
    from tracker.extraction.language import detect

    only = outlet.languages[0] if len(outlet.languages) == 1 else ""
    return Article(
        outlet_id=one.outlet_id,
        requested_url=one.url,
        canonical_url=one.url,
        title=one.title,
        body=one.sentence,
        lead=one.sentence,
        fetched_at=now,
        depth=Depth.LISTED,
        published=one.published,
        language=only or detect(f"{one.title}\n{one.sentence}", outlet.languages),
    )
