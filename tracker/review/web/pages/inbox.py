"""The inbox: stories by what is to be decided, one word for a story and its copies, and undo."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct
from msgspec.structs import replace

from tracker.errors import UsageError
from tracker.model import COUNTRIES, OUTLET_COUNTRIES, Campaign, Fact, InboxFilter, InboxPlace, InboxState, RejectReason, Role
from tracker.model.events import Value
from tracker.review import decisions
from tracker.review.decisions import Act, NothingToTakeBack
from tracker.review.inbox import Item, Story, read_page, read_stories
from tracker.review.item import find, read_item
from tracker.review.web.acts import MOST_NAMED, Told, said_in_words, tell, undone_in_words
from tracker.review.web.addresses import own_path
from tracker.review.web.context import Desk, desk, show, wants_fragment
from tracker.review.web.inbox_address import read_filter, read_place, write_place, written
from tracker.review.web.picks import MOST_WHY, read_picks, read_words, targets_of
from tracker.review.web.remembered import remembered
from tracker.store import articles, entries, events, inbox, mentions, registers
from tracker.visibility import ACCEPT_WORD

if TYPE_CHECKING:
    from sqlalchemy import Connection

blueprint = Blueprint("inbox", __name__)
_ITEM_PAGE = re.compile(r"/item/([\w-]+)$", re.ASCII)
FOUND_WITHIN = timedelta(seconds=20)
T = TypeVar("T")
LANGUAGES_OF_ITEMS = ("sq", "bs", "hr", "cnr", "sr", "mk", "en")


@blueprint.get("/")
def listing() -> ResponseReturnValue:
    """A page of the inbox; for HTMX the stories alone, to be put behind those that are there."""
    here = desk()
    campaign = _campaign(here)
    if campaign is None:
        return show("empty.html")
    wanted = read_filter(request.args, campaign.id)
    hidden = here.person.may(Role.REVIEWER, campaign.id)
    with here.reading() as conn:
        page = read_page(conn, campaign, wanted, after=read_place(request.args.get("after", "")), hidden=hidden)
        if wants_fragment():
            return show("inbox_stories.html", page=page, more=_more(wanted, page.next), **_shared(here, campaign, wanted))
        counts = _lately(here, conn, "counts", campaign, lambda: inbox.counts(conn, campaign.id)) if hidden else {}
        outlets = {one.id: one for one in registers.outlets(conn).values()}
        sensitive = None if hidden else entries.sensitive_articles(conn, campaign.id)
        named = _lately(
            here, conn, "outlets", campaign, lambda: inbox.outlets_with_items(conn, campaign.id, sensitive=sensitive), hidden, sensitive
        )
        shown = [outlets[name] for name in named if name in outlets]
    return show(
        "inbox.html",
        page=page,
        more=_more(wanted, page.next),
        counts=counts,
        states=[state for state in InboxState if hidden or state not in (InboxState.HELD, InboxState.SENSITIVE)],
        outlets=sorted(shown, key=lambda outlet: here.words.sort_key(outlet.name)),
        countries=sorted({outlet.country for outlet in shown}, key=[*OUTLET_COUNTRIES, *COUNTRIES].index),
        item_languages=LANGUAGES_OF_ITEMS,
        is_filtered=bool(written(wanted).keys() - {"campaign", "state"}),
        **_shared(here, campaign, wanted),
    )


def _lately(here: Desk, conn: Connection, kind: str, campaign: Campaign, make: Callable[[], T], *more: Hashable) -> T:
    """What is counted through the whole archive: anew after every word of a person, and of what a night finds as of FOUND_WITHIN."""
    return remembered().lately((kind, campaign.id, events.newest_id(conn), *more), make, here.now, FOUND_WITHIN)


@blueprint.post("/inbox/say")
def say() -> ResponseReturnValue:
    """A word on the picked stories. Without `sure` it is first told how many items that concerns."""
    here = desk()
    campaign = here.campaign(request.form.get("campaign", ""), Role.REVIEWER)
    try:
        picks = read_picks(request.form.getlist("pick"))
        said, reason = request.form.get("say", ""), request.form.get("reason", "")
        if said.startswith("reject:"):
            said, _, reason = said.partition(":")
        words = read_words(said, reason)
    except ValueError:
        abort(400)
    targets = targets_of(picks, said)
    held = [] if request.form.get("held") else _held(here, campaign, targets, words)
    if not request.form.get("sure") and len(held) < len(targets):
        shown: dict[str, Any] = {
            "said": said,
            "reason": reason,
            "items": len(targets) - len(held),
            "held": len(held),
            "stories": len(picks),
            "picked": request.form.getlist("pick"),
            "why": _why(reason),
        }
        return show("sure.html", back=_back(), campaign=campaign, reasons=[*RejectReason], **shown)
    own = _own(here, campaign, targets)
    meant = [target for target in own if target.mention_id not in held]
    if not meant:
        return _ask(here, campaign, [target for target in own if target.mention_id in held])
    act = decisions.say_many(here.database, meant, words, by=here.person.name, now=here.now, why=_why(reason))
    told = said_in_words(here, act, said)
    if held:
        told = replace(told, refused=(*told.refused, here.words.say("held_left_out", len(held))))
    return _answer(here, campaign, act, told, [*act.done, *(one.mention_id for one in act.refused)])


@blueprint.post("/inbox/undo")
def undo() -> ResponseReturnValue:
    """Takes the person's last act back, or the one that is named; called again, the one before."""
    here = desk()
    act_id = request.form.get("act", "")
    campaigns = [name for name in here.campaigns if here.person.may(Role.REVIEWER, name)]
    try:
        if act_id.isdecimal() and len(act_id) < 19:
            act = decisions.take_back(here.database, act_id=int(act_id), by=here.person.name, now=here.now, campaign_ids=campaigns)
        else:
            act = decisions.take_back_last(here.database, by=here.person.name, now=here.now, campaign_ids=campaigns)
    except (NothingToTakeBack, UsageError):
        return _answer(here, None, None, Told(here.words.say("undo_nothing")), ())
    campaign = here.campaigns.get(_campaign_of(here, act.done))
    told = undone_in_words(here, act, again=bool(request.form.get("redo")))
    return _answer(here, campaign, act, told, act.done, undone=True)


@blueprint.post("/inbox/merge")
def merge() -> ResponseReturnValue:
    """Makes the picked stories one."""
    here = desk()
    campaign = here.campaign(request.form.get("campaign", ""), Role.REVIEWER)
    try:
        picks = read_picks(request.form.getlist("pick"))
    except ValueError:
        abort(400)
    targets = _own(here, campaign, [target for pick in picks for target in (*pick.items, *pick.alone)])
    try:
        seen = {one.mention_id: one.version for one in targets if one.version is not None}
        act = decisions.merge(here.database, [*seen], by=here.person.name, now=here.now, versions=seen)
    except UsageError as error:
        return _answer(here, campaign, None, Told(here.in_words(str(error))), ())
    return _answer(here, campaign, act, Told(here.words.say("merged", len(picks)), act.id), act.done, reload=True)


def _campaign(here: Desk) -> Campaign | None:
    asked = request.args.get("campaign", "")
    return here.campaign(asked) if asked else next(iter(here.campaigns.values()), None)


def _shared(here: Desk, campaign: Campaign, wanted: InboxFilter) -> dict[str, Any]:
    """What a story's card needs, wherever it is shown."""
    return {
        "campaign": campaign,
        "wanted": wanted,
        "address": _address(wanted),
        "may_judge": here.person.may(Role.REVIEWER, campaign.id),
        "reasons": [*RejectReason],
        "most_why": MOST_WHY,
        "circles": here.circle_names(campaign),
    }


def _why(reason: str) -> str:
    """What a person typed beside the reason that none of the others is; with any other reason it was not meant."""
    return request.form.get("why", "")[:MOST_WHY] if reason == RejectReason.OTHER else ""


def _more(wanted: InboxFilter, place: InboxPlace | None) -> str:
    return _address(wanted, after=write_place(place)) if place else ""


def _address(wanted: InboxFilter, **more: str) -> str:
    return f"{url_for('inbox.listing')}?{urlencode({**written(wanted), **more})}"


def _own(here: Desk, campaign: Campaign, targets: Sequence[decisions.Target]) -> list[decisions.Target]:
    """Those that are of this campaign: a form may name anything."""
    with here.reading() as conn:
        places = mentions.named(conn, [target.mention_id for target in targets])
    return [target for target in targets if places.get(target.mention_id, ("", 0))[0] == campaign.id] or abort(404)


def _held(here: Desk, campaign: Campaign, targets: Sequence[decisions.Target], words: Mapping[Fact, Value]) -> list[str]:
    """Those that may identify a child, where all are to be accepted: nobody does that in passing."""
    if words.get(Fact.VERDICT) != ACCEPT_WORD:
        return []
    with here.reading() as conn:
        return inbox.held_among(conn, campaign.id, [target.mention_id for target in targets])


class _Asked(Struct, frozen=True):
    """What is asked before items that may identify a child are accepted, and what the answer needs to know."""

    items: int
    headlines: tuple[str, ...]
    picked: str
    back: str
    next: str


def _ask(here: Desk, campaign: Campaign, targets: Sequence[decisions.Target]) -> ResponseReturnValue:
    with here.reading() as conn:
        places = mentions.named(conn, [target.mention_id for target in targets])
        found = articles.get_many(conn, [article_id for _, article_id in places.values()][:MOST_NAMED])
    headlines = tuple(one.title for one in found)
    picked = " ".join(f"{target.mention_id}:{target.version}" for target in targets) + "|"  # as one, for a form has more items than picks
    asked = _Asked(len(targets), headlines, picked, _back(), request.form.get("next", ""))
    return show("inbox_asked.html" if wants_fragment() else "held.html", asked=asked, campaign=campaign)


def _campaign_of(here: Desk, mention_ids: Collection[str]) -> str:
    with here.reading() as conn:
        places = mentions.named(conn, list(mention_ids)[:1])
    return next((campaign_id for campaign_id, _ in places.values()), "")


def _back() -> str:
    return own_path(request.form.get("back", ""), url_for("inbox.listing"))


class _Shown(Struct, frozen=True):
    """A story whose card on the page is to be drawn anew, in the place it has there."""

    anchor: str
    story: Story


def _answer(
    here: Desk,
    campaign: Campaign | None,
    act: Act | None,
    told: Told,
    mention_ids: Collection[str],
    *,
    undone: bool = False,
    reload: bool = False,
) -> ResponseReturnValue:
    """For HTMX the cards that changed, and what was done; else back to the page, which says it."""
    if not wants_fragment():
        tell(told)
        following = request.form.get("next", "")
        anchor = next(iter(mention_ids), "") if undone else following
        return redirect(f"{_back()}{f'#s-{anchor}' if anchor.replace('-', '').isalnum() else ''}", 303)
    if reload:
        tell(told)
        return "", 204, {"HX-Refresh": "true"}
    shown = _shown_again(here, campaign, mention_ids) if campaign else []
    with here.reading() as conn:
        counts = inbox.counts(conn, campaign.id) if campaign else {}
    item = _opened(campaign) if campaign else None
    wanted = dict(parse_qsl(urlsplit(_back()).query))
    shared = _shared(here, campaign, read_filter(wanted, campaign.id)) if campaign else {"address": _back()}
    shared |= {"address": _back()} if item else {}
    return render_template("review/inbox_changed.html", item=item, shown=shown, told=told, counts=counts, undone=undone, **shared)


def _opened(campaign: Campaign) -> Item | None:
    """The item on whose own page the word was said."""
    found = _ITEM_PAGE.search(urlsplit(_back()).path)
    with desk().reading() as conn:
        mention = find(conn, found[1]) if found else None
        page = read_item(conn, campaign, mention, hidden=True) if mention and mention.campaign_id == campaign.id else None
    return page.item if page else None


def _shown_again(here: Desk, campaign: Campaign, mention_ids: Collection[str]) -> list[_Shown]:
    """The cards of the page that hold one of the items. The page says which cards it has."""
    anchors = request.form.get("shown", "").split()[:1000]
    if not anchors or not mention_ids:
        return []
    with here.reading() as conn:
        places = mentions.named(conn, [*mention_ids, *(anchor.removeprefix("s-") for anchor in anchors)])
        keys = inbox.keys_of(conn, campaign.id, [article_id for campaign_id, article_id in places.values() if campaign_id == campaign.id])
        changed = {keys.get(places[one][1]) for one in mention_ids if one in places}
        standing = {
            anchor: key
            for anchor in anchors
            if (place := places.get(anchor.removeprefix("s-"))) and (key := keys.get(place[1])) and key in changed
        }
        stories = read_stories(conn, campaign, [InboxPlace(here.now, key) for key in dict.fromkeys(standing.values())], hidden=True)
    by_key = {story.place.key: story for story in stories}
    return [_Shown(anchor, by_key[key]) for anchor, key in standing.items() if key in by_key]
