"""Lead pictures of what was found: which to ask for, asking, and giving up those that nobody may see any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tracker.extraction.pictures import is_named, named_pictures
from tracker.model import Campaign, Entry, FetchOutcome, PictureOutcome, PictureResult, StepReport, WantedPicture
from tracker.pipeline import steps
from tracker.pipeline.run import Run
from tracker.sources.polling.due import TEMPORARY
from tracker.store import entries, pages, pictures, verdicts
from tracker.store.database import Database
from tracker.store.pictures import Asked
from tracker.urls.canonical import LONGEST_ADDRESS
from tracker.visibility import is_rejected, is_withheld

FOUND_WITHIN = timedelta(days=8)
"""A week and a day: what was found before has been reported, and an archive that is matched anew asks for no pictures of years."""
MOST_ATTEMPTS = 3
MOST_AT_ONCE = 900
"""Of one night. With addresses of LONGEST_ADDRESS each the crawl's plan still is below its bound (`child.MAX_PLAN_BYTES`)."""
ASKED_WITHIN = timedelta(hours=12)
"""A night that is taken up again asks nothing twice."""
STAGE_MINUTES, HOST_MINUTES = 15.0, 5.0
"""300 pictures of one host at `fetch.delay_seconds` 1; what is left is asked for in the next night."""
NEWEST_PAGES = 12
"""Of an outlet, looked at for its mark: a morning's work of most, of which three seldom report one event."""
PUT_OFF = "put off"
"""The outcome of a picture for which the crawl of pictures had no time, or ended before."""


def fetch_pictures(run: Run, campaigns: Sequence[Campaign]) -> StepReport | None:
    """Asks for the pictures of what was found lately; each ends in one outcome, read from the store as the last picture may show that
    those before it are the outlet's mark. None where no edition shows any."""
    if run.parts.settings.digest.pictures == "none":
        return None
    named, remark = _named(run.database, campaigns, run.as_of)
    unasked = [PictureResult(one, FetchOutcome.REFUSED_ADDRESS, run.as_of, "too long") for one in named if len(one.url) > LONGEST_ADDRESS]
    unasked += [PictureResult(one, PictureOutcome.OUTLETS_MARK, run.as_of, pictures.ON_MANY_PAGES) for one in _marks(run.database, named)]
    settled = {one.wanted.article_id for one in unasked}
    asked = tuple(one for one in named if one.article_id not in settled)[:MOST_AT_ONCE]
    if unasked:
        with run.database.writing() as conn:
            pictures.save(conn, unasked)
    if not asked:
        outcomes = Counter(str(one.outcome) for one in unasked)
        return StepReport("pictures", len(unasked), tuple(sorted(outcomes.items())), remarks=remark)
    plan = run.plan(poll=False, articles=False, pictures=asked, stage_minutes=STAGE_MINUTES, host_minutes=HOST_MINUTES)
    end = steps.fetch_pages(plan, lambda seen: run.progress("pictures", sum(seen.pictures.values()), len(asked)))
    with run.database.reading() as conn:
        ended = pictures.asked(conn, [one.article_id for one in named])
    told = [ended[one.article_id] for one in named if one.article_id in ended and ended[one.article_id].asked_at >= run.as_of]
    outcomes = Counter(one.outcome for one in told)
    outcomes[PUT_OFF] += len(named) - len(told)
    if end.exit_code:
        remark += (f"ended early ({end.seen.ended or f'code {end.exit_code}'})",)
    counted = tuple(sorted((outcome, count) for outcome, count in outcomes.items() if count))
    return StepReport("pictures", len(named), counted, end.seconds, remark)


def _marks(database: Database, named: Sequence[WantedPicture]) -> Iterator[WantedPicture]:
    """Those that the outlet's newest pages name too, whatever they are about: its mark, seen so before it was ever fetched."""
    for outlet_id in sorted({one.outlet_id for one in named}):
        with database.reading() as conn:
            said = [named_pictures(page.opened().body) for page in pages.newest_of_articles(conn, outlet_id, NEWEST_PAGES)]
        for one in named:
            if one.outlet_id == outlet_id and sum(is_named(page, one.url) for page in said) >= pictures.MANY_ARTICLES:
                yield one


def _named(database: Database, campaigns: Sequence[Campaign], now: datetime) -> tuple[list[WantedPicture], tuple[str, ...]]:
    """The pictures to ask for; what nobody may see any more is given up before."""
    with database.reading() as conn:
        found = [entry for campaign in campaigns for entry in entries.standings(conn, campaign.id, found_from=now - FOUND_WITHIN)]
        sensitive = verdicts.sensitive_articles(conn)
        shown = may_have_one(found) - sensitive
        named, asked = pictures.named(conn, shown), pictures.asked(conn, shown)
    with database.writing() as conn:
        gone = pictures.forget(conn, (sensitive | {entry.article.id for entry in found}) - shown)
    return wanted(named, asked, now), (f"{gone} given up, as nobody may see them any more",) if gone else ()


def may_have_one(found: Iterable[Entry]) -> set[int]:
    """Articles whose picture may be shown: some campaign keeps them, and none withholds them."""
    by_article: dict[int, list[Entry]] = {}
    for entry in found:
        by_article.setdefault(entry.article.id, []).append(entry)
    return {article_id for article_id, told in by_article.items() if not any(map(is_withheld, told)) and not all(map(is_rejected, told))}


def wanted(named: Iterable[WantedPicture], asked: Mapping[int, Asked], now: datetime) -> list[WantedPicture]:
    """Of the pictures that articles name, those to ask for now: never asked for, named anew, or worth another attempt."""
    chosen = []
    for one in named:
        before = asked.get(one.article_id)
        if before is None or before.url != one.url:
            chosen.append(one)
        elif _again(before, now):
            chosen.append(WantedPicture(one.article_id, one.outlet_id, one.url, before.attempts))
    return chosen


def _again(before: Asked, now: datetime) -> bool:
    return before.outcome in TEMPORARY and before.attempts < MOST_ATTEMPTS and now - before.asked_at >= ASKED_WITHIN
