"""Add and ask: why an address was not found and what mends it, a page or a sheet entered, known coverage held against the archive."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import ConfigError, TrackerError, UsageError
from tracker.model import OUTLET_COUNTRIES, Campaign, Medium, Role
from tracker.monitoring import recall
from tracker.pipeline.discover import discover
from tracker.review import asking
from tracker.review.manual.add_page import PageOptions, UnknownOutlet, add_page
from tracker.review.manual.sheet_import import HandReport, ImportOptions, import_items
from tracker.review.manual.sheet_template import write_template
from tracker.review.web import uploads
from tracker.review.web.context import desk, show
from tracker.review.web.paging import page_of
from tracker.review.web.remembered import remembered
from tracker.review.web.waiting import alone, tell_failure
from tracker.spreadsheets.read import MOST_BYTES
from tracker.store import known_items, registers
from tracker.workspace import campaign_cache

blueprint = Blueprint("adding", __name__, url_prefix="/add")
TYPED = ("medium", "outlet", "country", "date", "time or page", "programme", "headline", "text", "link", "author", "note")
"""Columns of a sheet that the form for one item has."""
SKIPPED = {
    "listing": "list",
    "gallery": "list",
    "cookie_wall": "wall",
    "bot_wall": "wall",
    "login_wall": "wall",
    "too_short": "short",
    "same_page": "same",
    "same_text": "same",
    "forwards": "forwards",
    "shared_page": "forwards",
}
"""Which sentence tells why a page was no article; all other reasons: nothing could be read."""
KNOWN, KNOWN_WITHIN = "known", timedelta(minutes=3)
"""How old the counts of a known list may be: hundreds of addresses are followed through the whole archive."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.before_app_request
def _room() -> None:
    """A sheet may be larger than a form; said before anything of the request is read."""
    if request.endpoint == "adding.sheet":
        request.max_content_length = MOST_BYTES + 64 * 1024


@blueprint.get("/")
def every() -> ResponseReturnValue:
    """The page of the first campaign that the person may review."""
    campaigns = [one for one in desk().campaigns if desk().person.may(Role.REVIEWER, one)]
    return redirect(url_for("adding.overview", campaign_id=campaigns[0] if campaigns else abort(404)), 303)


@blueprint.get("/<campaign_id>")
def overview(campaign_id: str) -> ResponseReturnValue:
    """Why an address was not found, where one is asked for; and the ways to enter coverage."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    url = request.args.get("url", "").strip()
    answer = None
    if url:
        try:
            answer = asking.why_not_found(here.database, campaign, url)
        except UsageError:
            return _page(campaign, 400, url=url, refused=here.words.say("add_no_address"))
    return _page(campaign, url=url, answer=answer)


@blueprint.post("/<campaign_id>/page")
def page(campaign_id: str) -> ResponseReturnValue:
    """Fetches a page and counts it on the person's word."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    given = request.form
    options = PageOptions(outlet_id=given.get("outlet", "").strip(), country=given.get("country", ""), by=here.person.name)
    url = given.get("url", "").strip()
    try:
        with alone():
            added = add_page(here.parts, campaign, url, options)
    except TrackerError as error:
        if error.is_busy:
            tell_failure(error)
            return redirect(url_for("adding.overview", campaign_id=campaign_id, url=url), 303)
        return _page(campaign, 400, url=url, **_not_added(error))
    answer = None if added.mention_id else asking.why_not_found(here.database, campaign, added.url)
    return _page(campaign, url=url, added=added, answer=answer)


def _not_added(error: TrackerError) -> dict[str, str]:
    """In the reader's words where they have any: what the program says names its own options."""
    say = desk().words.say
    if isinstance(error, UnknownOutlet):
        return {"refused": say("add_outlet_needed", label=say("add_unknown_outlet"))}
    return {"refused": say("add_no_address")} if isinstance(error, UsageError) else {"refused_in_english": str(error)}


@blueprint.post("/<campaign_id>/watch")
def watch(campaign_id: str) -> ResponseReturnValue:
    """Looks a site over and watches it."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    site = request.form.get("site", "").strip()
    try:
        with alone():
            proposal = discover(here.parts, site)
            added = asking.watch(here.parts, proposal)
    except TrackerError as error:
        tell_failure(error)
    else:
        here.told("add_watched", added, name=proposal.outlet.name)
    return redirect(url_for("adding.overview", campaign_id=campaign.id, url=request.form.get("url") or None), 303)


@blueprint.post("/<campaign_id>/typed")
def typed(campaign_id: str) -> ResponseReturnValue:
    """Enters one item as it was typed, by the way of the sheets."""
    campaign = desk().campaign(campaign_id, Role.REVIEWER)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(TYPED)
    writer.writerow([request.form.get(column, "") for column in TYPED])
    with tempfile.TemporaryDirectory(prefix="tracker-desk-") as folder:
        path = Path(folder) / "typed.csv"
        path.write_text(text.getvalue(), "utf-8-sig")
        try:
            report = _imported(campaign, path, dry_run=False)
        except ConfigError as error:
            return _page(campaign, 400, refused_in_english=error.message, typed=request.form)
    return _page(campaign, 400 if report.refused else 200, report=report, typed=request.form if report.refused else {})


@blueprint.get("/<campaign_id>/template.xlsx")
def template(campaign_id: str) -> ResponseReturnValue:
    """An empty sheet to fill in."""
    desk().campaign(campaign_id, Role.REVIEWER)
    with desk().reading() as conn:
        outlets = tuple(registers.outlets(conn).values())
    out = io.BytesIO()
    write_template(out, outlets)
    return Response(out.getvalue(), mimetype=XLSX, headers={"Content-Disposition": 'attachment; filename="found.xlsx"'})


@blueprint.post("/<campaign_id>/sheet")
def sheet(campaign_id: str) -> ResponseReturnValue:
    """What each row of a sheet would become; nothing is entered yet."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    given = request.files.get("sheet")
    if given is None or not given.filename:
        return _page(campaign, 400, refused=here.words.say("add_no_file"))
    try:
        path = uploads.keep(here.parts.workspace, given, here.now, here.person.id)
    except uploads.Full:
        return _page(campaign, 503, refused=here.words.say("add_full"))
    try:
        report = _imported(campaign, path, dry_run=True)
    except ConfigError as error:
        path.unlink(missing_ok=True)
        return _page(campaign, 400, refused_in_english=error.message)
    return _sheet_page(campaign, report, path.name)


@blueprint.post("/<campaign_id>/sheet/<name>")
def enter(campaign_id: str, name: str) -> ResponseReturnValue:
    """Enters the sheet that was looked at; rows that are wrong stay out."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    path = uploads.kept(here.parts.workspace, name, here.person.id) or abort(404)
    try:
        report = _imported(campaign, path, dry_run=False)
    except ConfigError as error:
        return _page(campaign, 400, refused_in_english=error.message)
    path.unlink(missing_ok=True)
    return _sheet_page(campaign, report, "")


@blueprint.route("/<campaign_id>/known", methods=["GET", "POST"])
def known(campaign_id: str) -> ResponseReturnValue:
    """Coverage that is known to exist: how much of it is found, and where the rest stopped."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    refused = ""
    if request.method == "POST":
        try:
            bad = _remember(campaign, request.form.get("urls", ""))
            here.told("add_known_kept")
            if bad:
                here.told("add_known_bad", len(bad))
            return redirect(url_for("adding.known", campaign_id=campaign_id), 303)
        except ConfigError as error:
            refused = error.message
    with here.reading() as conn:
        listed = page_of(known_items.addresses(conn, campaign_id), {}, 25)
    urls = tuple(listed.rows)
    found = remembered().lately(
        (KNOWN, campaign_id, urls),
        lambda: recall.recall(here.database, campaign_id, [recall.KnownItem(url) for url in urls]),
        here.now,
        KNOWN_WITHIN,
    )
    whole = remembered().lately((KNOWN, campaign_id), lambda: recall.recall_remembered(here.database, campaign_id), here.now, KNOWN_WITHIN)
    return show(
        "known.html",
        400 if refused else 200,
        campaign=campaign,
        page=listed,
        items=found.items,
        whole=whole,
        skipped=SKIPPED,
        refused=refused,
    )


def _imported(campaign: Campaign, path: Path, *, dry_run: bool) -> HandReport:
    here = desk()
    options = ImportOptions(by=here.person.name, skip_bad=True, dry_run=dry_run)
    return import_items(here.database, campaign, path, options, here.now, campaign_cache(here.parts.workspace))


def _remember(campaign: Campaign, urls: str) -> list[recall.BadRow]:
    here = desk()
    with tempfile.TemporaryDirectory(prefix="tracker-desk-") as folder:
        path = Path(folder) / "known.txt"
        path.write_text(urls, "utf-8")
        items, bad = recall.read_known(path)
    recall.remember(here.database, campaign.id, items, here.now)
    remembered().forget(KNOWN)
    return bad


def _page(campaign: Campaign, status: int = 200, **values: Any) -> ResponseReturnValue:
    here = desk()
    defaults: dict[str, Any] = {
        "url": "",
        "answer": None,
        "added": None,
        "refused": "",
        "refused_in_english": "",
        "report": None,
        "typed": {},
    }
    may_change = here.person.may(Role.ADMINISTRATOR, campaign.id)
    report: HandReport | None = values.get("report")
    faulty = report.results if report else ()
    shown: dict[str, Any] = {
        **defaults,
        **values,
        "campaign": campaign,
        "media": [*Medium],
        "countries": OUTLET_COUNTRIES,
        "may_change": may_change,
        "faults": {one.column: one.kind or "other" for result in faulty for one in result.faults},
        "skipped": SKIPPED,
        "may_watch": here.person.may_everywhere(Role.ADMINISTRATOR),
        "version": campaign.version if may_change else "",
    }
    return show("adding.html", status, **shown)


def _sheet_page(campaign: Campaign, report: HandReport, name: str) -> ResponseReturnValue:
    return show("adding_sheet.html", campaign=campaign, report=report, name=name)
