"""A whole night against the sample press on loopback, in a workspace of its own, held to the written expectation."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from tracker.delivery.audience import addressing, read_audience
from tracker.delivery.letters import LetterWriter, PublishedComposer
from tracker.delivery.mailing import Mailing
from tracker.demo.mailbox_server import MailboxServer, partners_mail
from tracker.demo.on_server import clear_database, demo_workers
from tracker.demo.press.expectation import Observed, ObservedArticle, check, check_changes, check_estimate, written_expectation
from tracker.demo.press.press import Press, read_press
from tracker.demo.press.review import verdicts_of, written_review
from tracker.demo.press.second_net import CLOSED, PATH
from tracker.demo.press.second_night import press_of_second_night
from tracker.demo.press.server import PressServer
from tracker.demo.press.workspace import BY_HAND, CATALOGUE, prepare_workspace
from tracker.digests.editions import digest_of
from tracker.errors import UsageError
from tracker.model import DOCUMENTS, LANGUAGES, LISTED_ELSEWHERE, Audience, Campaign, EditionKind, Estimate, RunReport
from tracker.nets.listing import Net
from tracker.pipeline.issue_edition import IssueOptions, approve, issue
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.pipeline.run import Progress
from tracker.review.manual.sheet_import import ImportOptions, import_items
from tracker.store import (
    articles,
    backup,
    digests,
    listings,
    mailbox,
    mentions,
    registers,
    revisions,
    stories,
    story_parts,
    trails,
    verdicts,
)
from tracker.store.database import Database
from tracker.workspace import CACHE_VARIABLE, Parts, campaign_cache, open_parts, read_campaigns

NIGHT = datetime(2024, 10, 18, 1, 0, tzinfo=UTC)
"""The week after the campaign's opening in Tirana: the sample press is written for it."""
MONDAY = datetime(2024, 10, 21, 4, 0, tzinfo=UTC)
"""When the week of that night is over."""
WEEKLY = IssueOptions(EditionKind.WEEKLY, as_of=MONDAY)
MORNING = timedelta(hours=6)
"""By then every recipient's hour has come."""
CAMPAIGN_ID = "digital-safety"
PREFIX = "TRACKER_"
"""How every variable of this program begins."""
UNREVIEWED = "before-review.db"
"""In the demo's folder: the database as the night left it, for a desk to begin with."""
DAY_ZONE = ZoneInfo("Europe/Tirane")


class Week(Struct, frozen=True):
    """The weekly edition: the staff's mail, the page that links what partners get, forms this machine cannot make, and the letters
    that recipients get."""

    staff: str
    partners: str
    left_out: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


class DemoReport(Struct, frozen=True):
    """The night's own report, how it differs from the expectation (nothing when all is well), the weekly edition made after it, and
    the links that a partner's mail has put before staff; what a second net listed of the outlet that refuses visitors; and what the night's
    edition says of what was missed."""

    run: RunReport
    counts: dict[str, int]
    differences: tuple[str, ...]
    week: Week | None = None
    missed_links: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    estimate: Estimate | None = None


def missed_link(server: PressServer) -> str:
    """What a partner finds missing: an article of an outlet that serves a page in place of its feed."""
    return f"{server.base('porta-e-re')}/lajme/femijet-dhe-rrjetet"


def listed_article(server: PressServer) -> str:
    """What the second net names of the outlet that refuses visitors."""
    return f"{server.base(CLOSED)}{PATH}"


def _listed(database: Database) -> tuple[str, ...]:
    """Addresses that are listed elsewhere and stand before staff, as the campaign matches them."""
    with database.reading() as conn:
        shown = {one.article_id for one in mentions.for_campaign(conn, CAMPAIGN_ID) if LISTED_ELSEWHERE in one.labels}
        return tuple(one.url for one in listings.every(conn) if one.article_id in shown)


def _estimate(database: Database) -> Estimate | None:
    """What the night's edition says of what was missed."""
    with database.reading() as conn:
        (made,) = digests.every(conn, CAMPAIGN_ID)
        facts = digests.facts_of(conn, made.id)
    return facts.estimate if facts else None


def figures_of(estimate: Estimate | None) -> dict[str, int]:
    """The figures of an estimate; those it refuses to print are left out."""
    found = {name: getattr(estimate, name, None) for name in ("found", "estimated", "low", "high")}
    return {name: value for name, value in found.items() if value is not None}


def _waiting_links(database: Database) -> tuple[str, ...]:
    with database.reading() as conn:
        return tuple(one.url for one in mailbox.tasks(conn))


def run_demo(
    workspace: Path,
    *,
    progress: Progress = lambda step, done, known: None,
    afterwards: Callable[[DemoReport, PressServer], None] | None = None,
    database_url: str = "",
    workers: int = 0,
) -> DemoReport:
    """Serves the sample press, runs the night against it and compares. What an earlier demo left in the workspace goes first.

    `afterwards` is called while the press is still served. `database_url`: an empty PostgreSQL database, or an earlier demo's; then
    `workers` do the night's crawl. Raises UsageError for a database that holds anything else.
    """
    clear_demo(workspace)
    if database_url:
        clear_database(database_url)
    press = read_press()
    with without_variables(), PressServer(press, NIGHT) as server, MailboxServer(partners_mail(missed_link(server))) as post:
        catalogue = prepare_workspace(workspace, server, database_url, post.port)
        with open_parts(workspace) as parts:
            with demo_workers(parts, workers):
                options = NightOptions(catalogues=(catalogue,), as_of=NIGHT, campaign_ids=(CAMPAIGN_ID,))
                report = run_night(parts, options, progress=progress)
            observed = observe(parts.database, report, server)
            missed, listed = _waiting_links(parts.database), _listed(parts.database)
            estimate = _estimate(parts.database)
            if not parts.database.on_server:
                backup.copy(parts.database.path, workspace / UNREVIEWED)
            week = issue_week(parts, server.press, progress)
            changes = second_night(parts, server, progress)
        expectation = written_expectation()
        differences = [*check(expectation, observed, NIGHT), *check_changes(expectation, *changes)]
        if missed != (missed_link(server),):
            differences.append(
                f"before staff should be the link that a partner missed, {missed_link(server)}, and are {', '.join(missed) or 'none'}"
            )
        if listed != (listed_article(server),):
            differences.append(f"listed elsewhere should be {listed_article(server)}, and are {', '.join(listed) or 'none'}")
        differences += check_estimate(expectation, figures_of(estimate), estimate.reason if estimate else "no edition")
        demo = DemoReport(report, expectation.counts, tuple(differences), week, missed, listed, estimate)
        if afterwards is not None:
            afterwards(demo, server)
    return demo


def second_night(parts: Parts, server: PressServer, progress: Progress) -> tuple[dict[str, str], frozenset[str]]:
    """Visits the items again after the press changed two of them: the kinds of change by the article's key, and the keys of those that
    the night's digest names."""
    server.publish(press_of_second_night(server.press))
    try:
        steps = frozenset({"watch", "digest"})
        night = run_night(parts, NightOptions(as_of=NIGHT + timedelta(days=1), campaign_ids=(CAMPAIGN_ID,), steps=steps), progress=progress)
    finally:
        server.publish(server.press)
    with parts.database.reading() as conn:
        found = {one.article_id: str(one.kind) for one in revisions.iterate(conn)}
        keys = {article.id: server.press.identify(article.requested_url) for article in articles.get_many(conn, found)}
        made = [edition.id for edition in digests.every(conn, CAMPAIGN_ID) if edition.made_at == night.started_at]
    told = [digest_of(parts.database, edition_id, Audience.STAFF) for edition_id in made]
    named = {keys.get(one.article_id, "") for digest in told if digest is not None for one in digest.changed}
    return {keys[article_id]: kind for article_id, kind in found.items()}, frozenset(named)


@contextmanager
def without_variables() -> Iterator[None]:
    """Takes the settings of the environment away for as long as the demo runs, also from the processes it starts: the demo has its own
    settings, and is compared with what is written down."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIX) and name != CACHE_VARIABLE}
    try:
        yield
    finally:
        os.environ.update(taken)


def issue_week(parts: Parts, press: Press, progress: Progress) -> Week:
    """Reviews the night's items as the shipped review says, then makes the week's edition.

    It is for staff first, then approved for partners, in all languages and forms.
    """
    (campaign,) = read_campaigns(parts.workspace, [CAMPAIGN_ID])
    review = written_review()
    with parts.database.reading() as conn:
        found = [one for one in mentions.for_campaign(conn, CAMPAIGN_ID) if LISTED_ELSEWHERE not in one.labels]  # these wait, apart
        urls = {article.id: article.requested_url for article in articles.get_many(conn, [mention.article_id for mention in found])}
    keyed = [(press.identify(urls[mention.article_id]) or "", mention) for mention in found]
    with parts.database.writing() as conn:
        for verdict in verdicts_of(review, keyed, MONDAY):
            verdicts.record(conn, verdict)
    enter_by_hand(parts, campaign)
    progress("week", 0, 2)
    staff = issue(parts, campaign, WEEKLY)
    progress("week", 1, 2)
    _, _, published = approve(
        replace(parts, clock=lambda: MONDAY + timedelta(hours=3)),
        campaign,
        staff.edition.id,
        by=review.by,
        sentences=review.sentences,
        languages=tuple(LANGUAGES),
        formats=DOCUMENTS,
    )
    progress("week", 2, 2)
    return Week(
        staff.paths[0],
        str(published.first),
        published.left_out,
        (*send_letters(parts, NIGHT + MORNING), *send_letters(parts, MONDAY + MORNING)),
    )


def enter_by_hand(parts: Parts, campaign: Campaign) -> None:
    """Enters the demo's sheet of coverage that no crawl could find."""
    options = ImportOptions(by=written_review().by)
    import_items(parts.database, campaign, parts.workspace / BY_HAND, options, MONDAY, campaign_cache(parts.workspace))


def send_letters(parts: Parts, at: datetime) -> tuple[str, ...]:
    """Sends what is due at the moment; without a mail server the letters are files, whose paths are returned."""
    outbox = parts.workspace / "outbox"
    campaigns, composer = read_campaigns(parts.workspace), PublishedComposer(parts.database, parts.settings)
    writer = LetterWriter(
        parts.database,
        parts.settings,
        {campaign.id: campaign.time_zone for campaign in campaigns},
        composer,
        *addressing(parts.workspace, parts.settings),
    )
    before = {*outbox.rglob("*.eml")}
    recipients = read_audience(parts.workspace)
    Mailing(parts.database, outbox, parts.settings, campaigns, recipients, writer, lambda: at).run()
    return tuple(sorted(str(path) for path in {*outbox.rglob("*.eml")} - before))


def clear_demo(workspace: Path) -> None:
    """Removes what an earlier demo stored in this workspace. Raises UsageError when it is not a demo's."""
    if not workspace.exists() or not any(workspace.iterdir()):
        return
    if not (workspace / CATALOGUE).is_file():
        raise UsageError(f"{workspace} is not empty and was not made by a demo; name another folder with --workspace")
    for path in (*workspace.glob("coverage.db*"), *workspace.glob("crawl.log*"), *workspace.glob("workers.log"), workspace / UNREVIEWED):
        path.unlink(missing_ok=True)
    shutil.rmtree(workspace / "outbox", ignore_errors=True)


def observe(database: Database, report: RunReport, server: PressServer) -> Observed:
    """What the night did, from the store, the report and what the press was asked."""
    found, strangers = _observed_articles(database, server.press)
    with database.reading() as conn:
        by_id = {article_id: key for key, (_, article_id) in found.items() if article_id}
        shared = [tuple(sorted(by_id.get(i, str(i)) for i in story.article_ids)) for story in stories.for_campaign(conn, CAMPAIGN_ID)]
        outlet_of = {state.source.id: state.outlet.id for state in registers.states(conn)}
    return Observed(
        articles={key: one for key, (one, _) in found.items()},
        stories=tuple(sorted(story for story in shared if len(story) > 1)),
        troubles={outlet_of.get(trouble.source_id, trouble.source_id): trouble.outcome for trouble in report.troubles},
        strangers=(*strangers, *_asked_twice(server, found)),
        canary=tuple(server.log.canary),
        unbalanced_steps=tuple(step.step for step in report.steps if not step.adds_up),
    )


def _observed_articles(database: Database, press: Press) -> tuple[dict[str, tuple[ObservedArticle, int | None]], list[str]]:
    """Every stored link by the article it names; then addresses that name none, or one that another link has already."""
    found: dict[str, tuple[ObservedArticle, int | None]] = {}
    strangers: list[str] = []
    with database.reading() as conn:
        mentioned = {mention.article_id: mention for mention in mentions.for_campaign(conn, CAMPAIGN_ID)}
        parts = story_parts.of_several(conn, CAMPAIGN_ID)
        for ending in trails.link_outcomes(conn):
            key = press.identify(ending.link.url)
            if ending.link.found_by == str(Net.GDELT):
                continue  # listed elsewhere: `_listed` looks at these
            if not key or key in found:
                strangers.append(ending.link.url)
                continue
            mention = mentioned.get(ending.article_id or 0)
            article = articles.get(conn, ending.article_id) if ending.article_id and mention else None
            published = article.published.at if article and article.published else None
            part = parts.get(ending.article_id or 0)
            found[key] = (
                ObservedArticle(
                    fetch=str(ending.link.outcome or "pending"),
                    skipped=str(ending.skipped.reason) if ending.skipped else "",
                    circle=mention.circle if mention else "",
                    held=bool(mention and mention.held),
                    title=article.title if article else "",
                    published_on=_local_day(published),
                    role=str(part.role) if part else "",
                    credits=bool(part and part.gives_credit),
                ),
                ending.article_id,
            )
    return found, strangers


def _local_day(moment: datetime | None) -> date | None:
    return moment.astimezone(DAY_ZONE).date() if moment and moment.tzinfo else moment.date() if moment else None


def _asked_twice(server: PressServer, found: dict[str, tuple[ObservedArticle, int | None]]) -> Iterator[str]:
    """Pages that were fetched well and yet asked for again."""
    asked = Counter[str]()
    for (host, target), times in server.log.requests.items():
        if key := server.press.identify(f"http://{host}{target}"):
            asked[key] += times
    for key, times in sorted(asked.items()):
        if times > 1 and key in found and found[key][0].fetch == "fetched":
            yield f"{key} (asked {times} times)"
