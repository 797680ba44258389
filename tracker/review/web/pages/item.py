"""One item: its text, facts, story and history; what may be said of it; every step can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import UsageError
from tracker.model import Campaign, Fact, Mention, Prominence, RejectReason, Role, Tone
from tracker.model.events import Value
from tracker.monitoring.trace import trace as trails_of
from tracker.review import decisions
from tracker.review.decisions import StaleDecision
from tracker.review.item import ItemPage, find, in_latin, moved_to, read_item
from tracker.review.near_stories import near_stories
from tracker.review.web import edit_form
from tracker.review.web.acts import Told, tell, undone_in_words
from tracker.review.web.addresses import own_path
from tracker.review.web.context import desk, show
from tracker.review.web.picks import MOST_WHY
from tracker.review.web.whole_way import whole_way
from tracker.store import articles, mentions, registers
from tracker.visibility import is_withheld

blueprint = Blueprint("item", __name__)


@blueprint.get("/item/<mention_id>")
def page(mention_id: str) -> ResponseReturnValue:
    """The item as it stands."""
    return _page(*found_item(mention_id, Role.READER))


@blueprint.post("/item/<mention_id>")
def edit(mention_id: str) -> ResponseReturnValue:
    """What the form says otherwise than before, as one act. Said of an older version it is refused, and both versions are shown."""
    here = desk()
    campaign, mention = found_item(mention_id, Role.REVIEWER)
    found, fields = _read(campaign, mention), request.form.to_dict(flat=False)
    changes = edit_form.read_changes(fields, campaign, found.entry, found.state)
    version = request.form.get("version", "")
    try:
        act = decisions.say(
            here.database,
            mention.id,
            changes,
            by=here.person.name,
            now=here.now,
            version=int(version) if version.isdecimal() and len(version) < 19 else found.state.version,
            campaign=campaign,
        )
    except StaleDecision as error:
        return _page(campaign, mention, status=409, refused=_stale(error), typed=edit_form.kept(fields), differing=changes)
    except UsageError as error:
        if (day := edit_form.unreadable_day(fields)) is not None:
            return _page(campaign, mention, status=400, refused=here.words.say("bad_day", text=day), typed=edit_form.kept(fields))
        return _page(campaign, mention, status=400, refused=here.words.say("not_saved"), detail=str(error), typed=edit_form.kept(fields))
    stays = act.id and {Fact.PUBLISHED, Fact.OUTLET} & changes.keys() and len(found.story.items) > 1
    tell(Told(here.words.say("saved_story_stays" if stays else "saved" if act.id else "unchanged"), act.id))
    return redirect(url_for("item.page", mention_id=mention.id, back=_back()), 303)


@blueprint.post("/item/<mention_id>/take-back")
def take_back(mention_id: str) -> ResponseReturnValue:
    """Takes one step of the item's history back."""
    here = desk()
    _, mention = found_item(mention_id, Role.REVIEWER)
    event = request.form.get("event", "")
    if not event.isdecimal() or len(event) > 18:
        abort(400)
    if int(event) not in {line.event.id for line in decisions.history(here.database, mention.id)}:
        abort(404)  # an event of another item, perhaps of a campaign that the person may not see
    campaigns = [name for name in here.campaigns if here.person.may(Role.REVIEWER, name)]
    try:
        act = decisions.take_back(here.database, event_id=int(event), by=here.person.name, now=here.now, campaign_ids=campaigns)
        tell(undone_in_words(here, act))
    except UsageError as error:
        tell(Told(here.words.say("undo_nothing"), refused=(here.in_words(str(error)),)))
    return redirect(url_for("item.page", mention_id=mention.id, back=_back(), _anchor="history"), 303)


@blueprint.post("/item/<mention_id>/split")
def split(mention_id: str) -> ResponseReturnValue:
    """Takes the item out of its story."""
    campaign, mention = found_item(mention_id, Role.REVIEWER)
    return _change_story(campaign, mention, {mention.id: _version("version")}, decisions.split, "split_done")


@blueprint.post("/item/<mention_id>/merge")
def merge(mention_id: str) -> ResponseReturnValue:
    """Puts the item's story and that of another item together."""
    here = desk()
    try:
        pasted, (near, _, seen) = request.form.get("other", "").strip(), request.form.get("near", "").partition(":")
        other = moved_to(pasted or near)
        other_campaign, _ = found_item(other, Role.REVIEWER)
    except UsageError:
        tell(Told(here.words.say("merge_which")))
        return redirect(url_for("item.page", mention_id=mention_id, back=_back(), _anchor="story"), 303)
    campaign, mention = found_item(mention_id, Role.REVIEWER)
    if other_campaign.id != campaign.id:
        abort(400)
    versions = {other: None if pasted else _whole(seen), mention.id: _version("version")}
    return _change_story(campaign, mention, versions, decisions.merge, "merged")


@blueprint.get("/item/<mention_id>/trace")
def trace(mention_id: str) -> ResponseReturnValue:
    """The item's whole way through the tracker, in words."""
    here = desk()
    campaign, mention = found_item(mention_id, Role.READER)
    found = _read(campaign, mention)
    trails = [one for one in trails_of(here.database, mention.id) if one.article is None or one.article.id == mention.article_id]
    steps = whole_way(here, campaign, found, trails)
    return show("trace.html", found=found, steps=steps, back=_back())


def _stale(error: StaleDecision, sentence: str = "stale") -> str:
    here, last = desk(), error.last
    by = here.words.say("refused_by", name=last.by or "?", moment=here.words.moment(last.said_at, here.zone)) if last else ""
    return f"{here.words.say(sentence)} {by}".strip()


def _version(name: str) -> int:
    return _whole(request.form.get(name, ""))


def _whole(given: str) -> int:
    """The version that a page of ours sends: without it nothing tells whether the person saw what stands now."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else abort(400)


def _change_story(
    campaign: Campaign, mention: Mention, versions: Mapping[str, int | None], change: Callable[..., decisions.Act], done: str
) -> ResponseReturnValue:
    """Merges or splits what the person saw. `versions`: of the items as they were shown, None for one that was named without sight."""
    here = desk()
    seen = {name: version for name, version in versions.items() if version is not None}
    try:
        act = change(here.database, [*versions], by=here.person.name, now=here.now, versions=seen)
        tell(Told(here.words.say(done, 2), act.id))
    except StaleDecision as error:
        return _page(campaign, mention, status=409, refused=_stale(error, "stale_story"), wanted_story=_headlines(versions))
    except UsageError as error:
        tell(Told(here.words.say("not_saved"), refused=(here.in_words(str(error)),)))
    return redirect(url_for("item.page", mention_id=mention.id, back=_back(), _anchor="story"), 303)


def _headlines(mention_ids: Iterable[str]) -> tuple[str, ...]:
    with desk().reading() as conn:
        places = mentions.named(conn, list(mention_ids))
        titles = {one.id: one.title for one in articles.get_many(conn, [article_id for _, article_id in places.values()])}
    return tuple(titles.get(article_id, "") for _, article_id in places.values())


def found_item(mention_id: str, role: Role) -> tuple[Campaign, Mention]:
    """The item in a campaign in which the person has the role; not found otherwise."""
    here = desk()
    with here.reading() as conn:
        mention = find(conn, mention_id)
    if mention is None:
        abort(404)
    return here.campaign(mention.campaign_id, role), mention


def _read(campaign: Campaign, mention: Mention) -> ItemPage:
    here = desk()
    with here.reading() as conn:
        return read_item(conn, campaign, mention, hidden=here.person.may(Role.REVIEWER, campaign.id)) or abort(404)


def _back() -> str:
    return own_path(request.values.get("back", ""))


def _page(
    campaign: Campaign,
    mention: Mention,
    *,
    status: int = 200,
    refused: str = "",
    detail: str = "",
    typed: dict[str, str] | None = None,
    differing: Mapping[Fact, Value] | None = None,
    wanted_story: tuple[str, ...] = (),
) -> ResponseReturnValue:
    here = desk()
    found = _read(campaign, mention)
    latin = request.args.get("script") == "latin" and found.is_cyrillic
    asked = request.args.get("near") == "1" and here.person.may(Role.REVIEWER, campaign.id)
    with here.reading() as conn:
        near = near_stories(conn, campaign, found.entry, hidden=True) if asked else None
        outlets = sorted(registers.outlets(conn).values(), key=lambda outlet: here.words.sort_key(outlet.name))
    return show(
        "item.html",
        status,
        found=found,
        item=found.item,
        story=found.story,
        paragraphs=[in_latin(one) if latin else one for one in found.paragraphs],
        latin=latin,
        near=near,
        outlets=outlets,
        campaign=campaign,
        back=_back(),
        address=url_for("item.page", mention_id=mention.id, back=_back()),
        is_protected=is_withheld(found.entry),
        may_let_out=here.person.may(Role.ADMINISTRATOR, campaign.id),
        may_judge=here.person.may(Role.REVIEWER, campaign.id),
        reasons=[*RejectReason],
        most_why=MOST_WHY,
        tones=[*Tone],
        prominences=[*Prominence],
        circles=here.circle_names(campaign),
        refused=refused,
        detail=detail,
        wanted_story=wanted_story,
        typed=typed or {},
        differing=[(fact, edit_form.shown(found.entry, found.state)[fact], mine) for fact, mine in (differing or {}).items()],
    )
