"""Items visited again: which, asking, and what each visit showed. Load -> decide (`revisions`) -> save, a few visits a transaction.

A visit is stored as it came and compared afterwards, so a night that is killed between the two compares it when it goes on.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.crawl.plan import CrawlProgress
from tracker.locale.said import Said
from tracker.model import (
    Article,
    Campaign,
    ChangeKind,
    Depth,
    FetchOutcome,
    ItemText,
    Revision,
    Seen,
    StepReport,
)
from tracker.pipeline import steps
from tracker.store import articles, pages, revisions, revisits, runs
from tracker.store.revisits import Visit

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.matching.matcher import Matcher
    from tracker.pipeline.run import Run
    from tracker.revisions.blocks import Page
    from tracker.revisions.compare import Kept, Verdict
    from tracker.revisions.furniture import Known
    from tracker.revisions.meaning import Look

STAGE_MINUTES, HOST_MINUTES = 30.0, 5.0
"""300 pages of one host at `fetch.delay_seconds` 1; what is left stays due for the next night."""
VISITS_TOGETHER = 24
"""Of one outlet, compared at a time: each tells what moves on the others' pages. Two pages each of 1 MB parsed are 500 MB at most."""
TOLD_BY = 12
"""Pages from which is learned what moves; more tell nothing new, and each is taken apart twice."""
OTHER_PAGES = 6
"""Of the outlet's newest articles, looked at where few of its items were visited: a template shows on three."""
FEW_VISITS = 3
WALLED = frozenset({401, 402, 451})
"""It asks for a login or for payment, or is blocked by law: the page went behind a wall. 403 may be about us alone."""
GONE_OUTCOMES = frozenset({FetchOutcome.NOT_FOUND})
PUT_OFF = "put_off"
STEP = "watch"
NOT_VISITED = "put off to the next night"


def begin_watch(run: Run) -> None:
    """Takes what was found into the watch."""
    days = run.parts.settings.watch.days
    with run.database.writing() as conn:
        revisits.enrol(conn, run.as_of, days)


def visit_again(run: Run, *, only_due: bool) -> CrawlProgress:
    """Visits items in a crawl of their own, under the rules of every crawl; none is begun where no item is to be visited."""
    with run.database.reading() as conn:
        if not revisits.wanted(conn, run.as_of, only_due=only_due):
            return CrawlProgress()
    plan = run.plan(
        poll=False,
        articles=False,
        revisit="due" if only_due else "all",
        stage_minutes=STAGE_MINUTES,
        host_minutes=HOST_MINUTES,
    )
    end = steps.fetch_pages(plan, lambda seen: run.progress("watch", sum(seen.revisits.values()), 0))
    return end.seen


def compare_visits(run: Run, campaigns: Sequence[Campaign], seen: CrawlProgress | None = None) -> StepReport:
    """Compares every visit that waits, whichever run made it, and takes what was found since into the watch; the step's report.
    `seen`: the crawl that visited. What staff must know is among the run's needs."""
    started = time.monotonic()
    judging = _Judging(run, campaigns)
    with run.database.reading() as conn:
        outlets = revisits.outlets_waiting(conn)
        known, told_until = revisions.newest_id(conn), runs.last_with(conn, STEP)
        if run.is_resumed:  # what it compared before it was killed is of this run too
            judging.outcomes.update({seen.replace("_", " "): count for seen, count in revisits.compared_in(conn, run.id).items()})
    for outlet_id in outlets:
        while judging.some_of(outlet_id):
            run.progress("watch", judging.outcomes.total(), 0)
    begin_watch(run)
    judging.outcomes[NOT_VISITED] += seen.revisits.get(PUT_OFF, 0) if seen else 0
    with run.database.reading() as conn:
        gone, headlines = revisions.to_tell(conn, known, told_until)
    run.needs += _needs(need_items_gone=gone, need_headlines_changed=headlines)
    counted = tuple(sorted((outcome, count) for outcome, count in judging.outcomes.items() if count))
    return StepReport(STEP, judging.outcomes.total(), counted, time.monotonic() - started)


class _Case(Struct, frozen=True):
    """A visit with what it is compared with."""

    visit: Visit
    article: Article
    kept: Kept


class _Judging:
    """Visits, outlet by outlet."""

    def __init__(self, run: Run, campaigns: Sequence[Campaign]) -> None:
        self._run, self._campaigns = run, campaigns
        self.outcomes: Counter[str] = Counter()

    def some_of(self, outlet_id: str) -> int:
        """Compares some visits of an outlet, in one transaction; how many."""
        from tracker.revisions.blocks import open_page
        from tracker.revisions.furniture import Known

        with self._run.database.reading() as conn:
            waiting = revisits.waiting(conn, outlet_id, limit=VISITS_TOGETHER)
            articles_of = {one.id: one for one in articles.get_many(conn, [visit.article_id for visit in waiting])}
            changed = [visit for visit in waiting if visit.page is not None]
            cases = {case.visit.id: case for case in _cases(conn, changed, articles_of)}
            others = _other_pages(conn, outlet_id, set(articles_of)) if changed and len(changed) < FEW_VISITS else []
        now = {visit.id: open_page(visit.page) for visit in changed if visit.page is not None}
        known = {number: Known(case.kept.page, case.kept.text, now[number]) for number, case in cases.items() if case.kept.page is not None}
        findings = []
        for visit in waiting:
            verdict = self._verdict(visit, cases, now, [*(one for number, one in known.items() if number != visit.id), *others])
            findings.append((visit, verdict, [*self._revisions(visit, verdict, articles_of[visit.article_id])]))
        self._save(findings)
        return len(waiting)

    def _verdict(self, visit: Visit, cases: dict[int, _Case], now: dict[int, Page], others: Sequence[Known]) -> Verdict:
        from tracker.revisions.compare import Verdict, compare
        from tracker.revisions.furniture import learn

        if visit.outcome in GONE_OUTCOMES or visit.status in WALLED:
            return Verdict(Seen.GONE, why=visit.detail)
        if visit.is_same:
            return Verdict(Seen.UNCHANGED)
        case = cases.get(visit.id)
        if visit.outcome is not FetchOutcome.FETCHED or case is None:
            return Verdict(Seen.NOT_LOOKED_AT, why=visit.detail or str(visit.outcome))
        try:
            return compare(case.kept, now[visit.id], lambda: learn(others[:TOLD_BY]))
        except Exception as error:  # noqa: BLE001 - one page that the comparison stumbles over must not end the night, nor every later one
            return Verdict(Seen.NOT_LOOKED_AT, why=f"cannot be compared ({type(error).__name__})")

    def _revisions(self, visit: Visit, verdict: Verdict, article: Article) -> Iterator[Revision]:
        def revision(kind: ChangeKind, before: ItemText | None, after: ItemText | None) -> Revision:
            means = tuple(self._meaning(before, after)) if before is not None and after is not None else ()
            noted_at = min(visit.visited_at, self._run.as_of)  # the run's moment, with which its edition is made
            return Revision(0, visit.article_id, kind, noted_at, before, after, verdict.why, means)

        if verdict.seen is Seen.GONE:
            if not visit.was_gone:
                yield revision(ChangeKind.GONE, self._text_of(article), None)
            return
        if visit.was_gone and verdict.seen in (Seen.UNCHANGED, Seen.EDITED):
            yield revision(ChangeKind.BACK, None, verdict.after or self._text_of(article))
        if verdict.seen is Seen.EDITED:
            yield revision(ChangeKind.EDITED, verdict.before, verdict.after)

    def _text_of(self, article: Article) -> ItemText:
        with self._run.database.reading() as conn:
            return revisions.newest_text(conn, article.id) or ItemText(article.title, article.body)

    def _meaning(self, before: ItemText, after: ItemText) -> Iterator[tuple[str, str]]:
        from tracker.digests.selection import decisive_terms
        from tracker.revisions.meaning import meaning

        for campaign, look in self._looks:
            circle = next((one.id for one in campaign.circles if one.audience == "staff"), "")
            for change in meaning(before, after, look, decisive_terms(campaign, circle) if circle else ()):
                yield campaign.id, str(change)

    @cached_property
    def _looks(self) -> list[tuple[Campaign, Callable[[ItemText], Look]]]:
        from tracker.matching.together import Together
        from tracker.revisions.meaning import Look

        def looking(matcher: Matcher) -> Callable[[ItemText], Look]:
            def look(text: ItemText) -> Look:
                found = matcher.match(body=text.body, title=text.title)
                return Look(found.matched, found.hits, found.held)

            return look

        matchers = Together(list(self._campaigns), self._run.cache).matchers
        return [(campaign, looking(matcher)) for campaign, matcher in zip(self._campaigns, matchers, strict=True)]

    def _save(self, findings: Sequence[tuple[Visit, Verdict, list[Revision]]]) -> None:
        days = self._run.parts.settings.watch.days
        closed = []
        for visit, verdict, found in findings:
            seen = Seen.BACK if any(one.kind is ChangeKind.BACK for one in found) and verdict.seen is Seen.UNCHANGED else verdict.seen
            closed.append(revisits.Closed(visit, seen, verdict.why, is_kept=verdict.seen is Seen.EDITED))
        with self._run.database.writing() as conn:
            revisits.settle(conn, closed, days)
            for visit, _, found in findings:
                if visit.is_same:
                    revisits.keep_validators(conn, visit)
                if found:
                    revisions.add(conn, visit.id, found)
        self.outcomes.update(str(one.seen).replace("_", " ") for one in closed)


def _needs(**counts: int) -> list[str]:
    """What staff must know, whether it was reported or not. Counts alone: an item may be one that is to be named nowhere. They come from
    the store: what a killed run found is told by the one that comes to its end."""
    command = "`tracker export changes`"
    return [Said(name, count, command=command) for name, count in sorted(counts.items()) if count]


def _cases(conn: Connection, visits: Sequence[Visit], articles_of: Mapping[int, Article]) -> Iterator[_Case]:
    from tracker.revisions.blocks import open_page
    from tracker.revisions.compare import Kept

    edited = revisions.newest_texts(conn, [visit.article_id for visit in visits])
    first = [articles_of[visit.article_id].page_id for visit in visits if not visit.kept_visit_id]
    stored = {page.id: page for page in pages.stored(conn, first)}
    for visit in visits:
        article = articles_of[visit.article_id]
        text = edited.get(article.id) or ItemText(article.title, article.body)
        packed = stored.get(article.page_id)
        page = revisits.page_of(conn, visit.kept_visit_id, visit.outlet_id) if visit.kept_visit_id else packed and packed.opened()
        comparable = page is not None and article.depth is Depth.EXTRACTED
        final_url = page.final_url if page else article.canonical_url
        yield _Case(visit, article, Kept(open_page(page) if comparable and page else None, text, final_url))


def _other_pages(conn: Connection, outlet_id: str, known: set[int]) -> list[Known]:
    """Pages of the outlet's newest articles, of whatever campaign or none: they show its template."""
    from tracker.revisions.blocks import open_page
    from tracker.revisions.furniture import Known

    stored = {page.id: page for page in pages.newest_of_articles(conn, outlet_id, OTHER_PAGES)}
    found = [one for one in articles.of_pages(conn, list(stored)) if one.id not in known]
    return [
        Known(open_page(stored[one.page_id].opened()), ItemText(one.title, one.body) if one.depth is Depth.EXTRACTED else None)
        for one in found
    ]
