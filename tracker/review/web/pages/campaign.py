"""A campaign: its terms with their forms, a text tried, spellings seen; and the file changed, its effect seen before it is saved."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import ConfigError, TrackerError, UsageError
from tracker.matching.explain import explain
from tracker.matching.matcher import Matcher
from tracker.model import Campaign, Role, Term, TermKind
from tracker.review.campaigns import terms, text_changes, versions
from tracker.review.campaigns.effect import DAYS, effect_of
from tracker.review.campaigns.text_changes import SPELLINGS, AddSpelling, Change, RemoveSpelling
from tracker.review.campaigns.versions import CampaignText, ChangedMeanwhile
from tracker.review.web import warming
from tracker.review.web.context import desk, show
from tracker.review.web.remembered import remembered
from tracker.review.web.waiting import alone, tell_failure
from tracker.text.folding import fold

blueprint = Blueprint("campaign", __name__, url_prefix="/campaigns")
MOST_TRIED_CHARS = 60_000
"""Of a text that is tried: three long articles."""
MOST_LISTED = 200
"""Items listed of what a change finds and loses; the rest is counted."""


@blueprint.get("/")
def every() -> ResponseReturnValue:
    """The campaigns that the person may see; the only one at once."""
    campaigns = desk().campaigns
    if len(campaigns) == 1:
        return redirect(url_for("campaign.overview", campaign_id=next(iter(campaigns))), 303)
    return show("campaigns.html", campaigns=campaigns.values())


@blueprint.get("/<campaign_id>")
def overview(campaign_id: str) -> ResponseReturnValue:
    """The terms with their spellings, those with a word where one is asked for."""
    campaign = desk().campaign(campaign_id)
    asked = fold(request.args.get("q", ""))
    listed = [term for term in campaign.terms if not asked or any(asked in fold(text) for text in (term.id, *_spellings(term)))]
    return _page("campaign.html", campaign, listed=listed, asked=request.args.get("q", ""))


@blueprint.get("/<campaign_id>/terms/<term_id>")
def term(campaign_id: str, term_id: str) -> ResponseReturnValue:
    """One term: every spelling with the forms it is found in."""
    campaign = desk().campaign(campaign_id)
    key = ("term", campaign.id, campaign.version, term_id)
    found = remembered().value(key, lambda: terms.term_of(_matcher(campaign), term_id)) or abort(404)
    shown = request.args.get("forms", "")
    return _page("campaign_term.html", campaign, found=found, version=campaign.version, places=SPELLINGS, kinds=[*TermKind], shown=shown)


@blueprint.route("/<campaign_id>/try", methods=["GET", "POST"])
def try_text(campaign_id: str) -> ResponseReturnValue:
    """What the campaign makes of a text."""
    campaign = desk().campaign(campaign_id)
    title, text = (request.form.get(name, "") for name in ("title", "text"))
    cut = max(len(title), len(text)) > MOST_TRIED_CHARS
    title, text = title[:MOST_TRIED_CHARS], text[:MOST_TRIED_CHARS]
    found = explain(_matcher(campaign), text, "", title) if title.strip() or text.strip() else None
    return _page("campaign_try.html", campaign, found=found, title_text=title, text=text, cut_to=MOST_TRIED_CHARS if cut else 0)


@blueprint.get("/<campaign_id>/spellings")
def spellings(campaign_id: str) -> ResponseReturnValue:
    """Spellings in the newest items that look like a name of the campaign and are none of its forms, as of the last hours."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)  # the examples are of items that may be held back
    seen = warming.spellings(here.parts, campaign, here.now)
    return _page("campaign_spellings.html", campaign, seen=seen, version=campaign.version)


@blueprint.get("/<campaign_id>/file")
def file(campaign_id: str) -> ResponseReturnValue:
    """The campaign file, to be changed as a text."""
    opened = _open(desk().campaign(campaign_id, Role.ADMINISTRATOR))
    return _edit(opened, opened.text, opened.version)


@blueprint.post("/<campaign_id>/change")
def change(campaign_id: str) -> ResponseReturnValue:
    """One spelling more or less: its effect, and the button that saves it."""
    opened = _open(desk().campaign(campaign_id, Role.ADMINISTRATOR))
    given = request.form
    place = {"term_id": given.get("term", ""), "language": given.get("language", ""), "text": given.get("text", "")}
    asked: Change = RemoveSpelling(**place) if given.get("what") == "remove" else AddSpelling(**place, kind=given.get("kind", ""))
    try:
        text = text_changes.changed(opened.text, [asked])
    except UsageError as error:
        tell_failure(error)
        return redirect(url_for("campaign.overview", campaign_id=campaign_id), 303)
    return _effect(opened, text, given.get("version", ""))


@blueprint.post("/<campaign_id>/effect")
def effect(campaign_id: str) -> ResponseReturnValue:
    """What the text would find and lose."""
    opened = _open(desk().campaign(campaign_id, Role.ADMINISTRATOR))
    text, version = _given()
    return _effect(opened, text, version)


@blueprint.post("/<campaign_id>/save")
def save(campaign_id: str) -> ResponseReturnValue:
    """Makes the text the campaign's file."""
    here = desk()
    opened = _open(here.campaign(campaign_id, Role.ADMINISTRATOR))
    text, version = _given()
    try:
        versions.save(here.parts.workspace, campaign_id, text, version=version, by=here.person.name, now=here.now)
    except ConfigError as error:
        return _edit(opened, text, version, wrong=error)
    except ChangedMeanwhile as error:
        return _edit(error.theirs, text, error.theirs.version, theirs=error)
    here.told("campaign_saved")
    return redirect(url_for("campaign.overview", campaign_id=campaign_id), 303)


@blueprint.get("/<campaign_id>/versions")
def history(campaign_id: str) -> ResponseReturnValue:
    """Every text that the file had, with what changed."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.ADMINISTRATOR)
    past = versions.versions(here.parts.workspace, campaign_id)
    number = request.args.get("show", "")
    shown: tuple[str, ...] = ()
    if number.isascii() and number.isdigit() and len(number) < 7 and any(one.number == int(number) for one in past):
        before = versions.text_of(here.parts.workspace, campaign_id, int(number) - 1) if int(number) > 1 else ""
        shown = versions.difference(before, versions.text_of(here.parts.workspace, campaign_id, int(number)))
    return _page("campaign_versions.html", campaign, past=past, shown=shown, number=number, version=campaign.version)


@blueprint.post("/<campaign_id>/versions/<int:number>/back")
def back(campaign_id: str, number: int) -> ResponseReturnValue:
    """Makes an earlier text the file again, after its effect was seen."""
    here = desk()
    opened = _open(here.campaign(campaign_id, Role.ADMINISTRATOR))
    try:
        text = versions.text_of(here.parts.workspace, campaign_id, number)
    except UsageError:
        abort(404)
    return _effect(opened, text, request.form.get("version", ""))


def _given() -> tuple[str, str]:
    """The text of the form, and the version that it was made from."""
    return request.form.get("text", ""), request.form.get("version", "")


def _effect(opened: CampaignText, text: str, version: str) -> ResponseReturnValue:
    here = desk()
    try:
        after = versions.checked(opened, text)
    except ConfigError as error:
        return _edit(opened, text, version, wrong=error)
    try:
        with alone():
            found = effect_of(here.database, opened.campaign, after, here.now)
    except TrackerError as error:
        tell_failure(error)
        return redirect(url_for("campaign.overview", campaign_id=opened.campaign.id), 303)
    changed = versions.difference(opened.text, text.replace("\r\n", "\n"))
    return _page(
        "campaign_effect.html", opened.campaign, effect=found, text=text, version=version, changed=changed, days=DAYS, most=MOST_LISTED
    )


def _edit(
    opened: CampaignText, text: str, version: str, *, wrong: ConfigError | None = None, theirs: ChangedMeanwhile | None = None
) -> ResponseReturnValue:
    status = 400 if wrong else 409 if theirs else 200
    return _page("campaign_file.html", opened.campaign, status, text=text, version=version, wrong=wrong, theirs=theirs)


def _page(template: str, campaign: Campaign, status: int = 200, **values: object) -> ResponseReturnValue:
    may_review, may_change = (desk().person.may(role, campaign.id) for role in (Role.REVIEWER, Role.ADMINISTRATOR))
    return show(template, status, campaign=campaign, may_review=may_review, may_change=may_change, **values)


def _open(campaign: Campaign) -> CampaignText:
    return versions.open_text(desk().parts.workspace, campaign.id)


def _matcher(campaign: Campaign) -> Matcher:
    return warming.matcher(desk().parts, campaign)


def _spellings(found: Term) -> list[str]:
    return [entry.text for entry in found.entries]
