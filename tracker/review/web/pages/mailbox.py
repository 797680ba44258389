"""Mailbox: links that partners missed, with why they were not found; sign-offs in doubt; letters that came back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.model import Campaign, Role
from tracker.model.mailbox import MailTask, MailTaskKind
from tracker.monitoring import recall
from tracker.review import mail_tasks
from tracker.review.web.context import Desk, desk, show
from tracker.review.web.pages.adding import SKIPPED
from tracker.review.web.paging import page_of
from tracker.store import mailbox

blueprint = Blueprint("mailbox", __name__)
MOST_SETTLED = 20


@blueprint.get("/mailbox")
def listing() -> ResponseReturnValue:
    """What waits for a person, and what was done lately."""
    here = _reviewer_of_all()
    with here.reading() as conn:
        waiting, done = mailbox.tasks(conn), mailbox.tasks(conn, settled=True)[:MOST_SETTLED]
    links = page_of([one for one in waiting if one.kind is MailTaskKind.MISSED_LINK], {}, 25)
    doubtful = [one for one in waiting if one.kind is MailTaskKind.SIGN_OFF]
    reviewed = [one for one in here.campaigns.values() if here.person.may(Role.REVIEWER, one.id)]
    return show(
        "mailbox.html",
        is_read=bool(here.parts.settings.mailbox.host),
        page=links,
        links=[*zip(links.rows, _answers(links.rows, reviewed), strict=True)],
        doubtful=doubtful,
        listed=mail_tasks.recipients_among(here.parts, [one.sender for one in doubtful]),
        done=done,
        returned=mail_tasks.returned(here.parts, here.now),
        may_resume=here.person.may_everywhere(Role.ADMINISTRATOR),
        skipped=SKIPPED,
    )


@blueprint.post("/mailbox/<int:task_id>/settle")
def settle(task_id: int) -> ResponseReturnValue:
    """A person has looked at it."""
    here = _reviewer_of_all()
    _task(task_id)
    return _back("settled" if mail_tasks.settle(here.parts, task_id, here.person.name, here.now) else "")


@blueprint.post("/mailbox/<int:task_id>/reopen")
def reopen(task_id: int) -> ResponseReturnValue:
    """It waits again."""
    _reviewer_of_all()
    _task(task_id)
    return _back("reopened" if mail_tasks.reopen(desk().parts, task_id) else "")


@blueprint.post("/mailbox/<int:task_id>/sign-off")
def sign_off(task_id: int) -> ResponseReturnValue:
    """Signs the sender off, who is told so."""
    here, task = _reviewer_of_all(), _task(task_id)
    done = mail_tasks.sign_off(here.parts, task, here.person.name, here.now)
    return _back("signed_off" if done else "", task.sender)


@blueprint.post("/mailbox/resume")
def resume() -> ResponseReturnValue:
    """Letters go again to somebody whose letters came back."""
    here, address = desk(), request.form.get("recipient", "")
    return _back("resumed" if mail_tasks.resume(here.parts, address, here.now) else "", address)


def _answers(tasks: Sequence[MailTask], campaigns: Sequence[Campaign]) -> list[list[tuple[Campaign, recall.Recalled]]]:
    """Where each address stands in each campaign that the person reviews."""
    asked = [recall.KnownItem(one.url) for one in tasks]
    found = [(one, recall.recall(desk().database, one.id, asked).items) for one in campaigns] if asked else []
    return [[(campaign, items[place]) for campaign, items in found] for place in range(len(asked))]


def _reviewer_of_all() -> Desk:
    """The request's desk; not found for somebody who reviews some campaigns only: a mail belongs to none."""
    here = desk()
    return here if here.person.may_everywhere(Role.REVIEWER) else abort(404)


def _task(task_id: int) -> MailTask:
    with desk().reading() as conn:
        return mailbox.task(conn, task_id) or abort(404)


def _back(what: str, name: str = "") -> ResponseReturnValue:
    desk().told(f"mailbox_was_{what}" if what else "mailbox_changed", name=name)
    return redirect(url_for("mailbox.listing"), 303)
