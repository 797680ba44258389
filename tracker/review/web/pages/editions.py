"""Editions: as each audience gets them in each language, what is in and what is not, approved, sent as a proof, every letter's state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.delivery.addresses import read_address
from tracker.delivery.audience import read_audience
from tracker.delivery.recipients import FILE_NAME, Recipient
from tracker.delivery.recipients import Role as Reads
from tracker.delivery.reconcile import decide
from tracker.delivery.transport import was_filed
from tracker.digests import editions
from tracker.digests.forms.pictures import standing_alone
from tracker.digests.left_out import Reason
from tracker.errors import TrackerError
from tracker.model import COUNTRIES, LANGUAGES, Audience, Campaign, EditionKind, RenderedDigest, Role
from tracker.pipeline.issue_edition import doubts_by_kind, take_back_approval
from tracker.review.web.context import desk, show
from tracker.review.web.edition_contents import Contents, contents_of, mail_to_show, rows_of, versions_of
from tracker.review.web.letters_ahead import letters_ahead
from tracker.review.web.making import EXTENSION, FileMaker
from tracker.review.web.paging import page_of
from tracker.review.web.proofs import EXTENSION as PROOFS
from tracker.review.web.proofs import ProofSender, may_go_to
from tracker.review.web.protection import INERT_POLICY
from tracker.review.web.waiting import tell_failure
from tracker.store import deliveries, digests, proofs
from tracker.store.deliveries import Delivery, DeliveryState
from tracker.store.digests import Edition
from tracker.store.proofs import ProofState

blueprint = Blueprint("editions", __name__, url_prefix="/editions")
MOST_SENTENCE_CHARS = 600
"""Of a sentence of one's own: a paragraph."""
FIRST_ITEMS = 12
"""Named on the edition's own page; all stand on a page of their own."""
MOST_ADDRESS_CHARS = 320
MOST_PROOFS_AN_HOUR = 20
"""Of one edition: the desk is no way to send mail to many."""
PROOF_STATES = {state: {ProofState.WAITS: "due"}.get(state, str(state)) for state in ProofState}
"""How a proof stands, in the words for letters."""
GONE = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN)
PUT_IN = frozenset({Reason.UNDECIDED, Reason.DATE_UNCERTAIN, Reason.MAY_BE_CHILD})
"""Why an item stays out that an acceptance puts in."""
UNSETTLED = (DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.CANCELLED)


@blueprint.get("/")
def every() -> ResponseReturnValue:
    """The editions of the first campaign that the person may review."""
    campaigns = [one for one in desk().campaigns if desk().person.may(Role.REVIEWER, one)]
    return redirect(url_for("editions.listing", campaign_id=campaigns[0] if campaigns else abort(404)), 303)


@blueprint.get("/<campaign_id>")
def listing(campaign_id: str) -> ResponseReturnValue:
    """All editions of the campaign, the newest first, with how their letters stand."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    with here.reading() as conn:
        page = page_of(digests.every(conn, campaign_id), {}, 25)
        letters = deliveries.of_editions(conn, [edition.id for edition in page.rows])
        released = {edition.id: digests.released_at(conn, edition.id) for edition in page.rows}
    counted = {edition.id: Counter(_standing(one) for one in letters if one.edition_id == edition.id) for edition in page.rows}
    return show_of("editions.html", campaign, page=page, counted=counted, released=released)


@blueprint.get("/<campaign_id>/<int:edition_id>")
def overview(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """One edition."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    edition, audience = found_edition(campaign, edition_id), asked_audience()
    with here.reading() as conn:
        released = digests.released_at(conn, edition_id)
        letters = sorted(deliveries.of_editions(conn, [edition_id]), key=_urgency)
        sent = proofs.of_edition(conn, edition_id)
    contents = contents_of(campaign, edition, audience, released)
    waits = waits_for_approval(edition, released)
    return show_of(
        "edition.html",
        campaign,
        edition=edition,
        released=released,
        waits=waits,
        files=_files().standing(edition_id) if edition.approved_at else "",
        letters=letters,
        standing=_standing,
        proofs=sent,
        goes_out=_proof_sender().look(sent),
        proof_states=PROOF_STATES,
        is_final=_went_to_partners(campaign, letters),
        unsettled=UNSETTLED,
        audience=audience,
        language=_language(),
        countries=COUNTRIES,
        country=_country(),
        sentences=_sentences(),
        own_first=_own_first(),
        doubts=doubts_by_kind(here.parts, campaign, edition_id) if waits else (),
        inside=len(contents.inside),
        out=contents.out,
        more=contents.more,
        **listed(campaign, contents, is_open=waits and audience is Audience.PARTNERS),
        readers=_proof_readers(campaign),
        most_sentence=MOST_SENTENCE_CHARS,
    )


@blueprint.get("/<campaign_id>/<int:edition_id>/mail")
def mail(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """The mail as it would be sent, to be shown in a frame where it can do nothing."""
    rendered = _rendered(desk().campaign(campaign_id, Role.REVIEWER), edition_id)
    html = standing_alone(rendered.html, rendered.pictures)
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": INERT_POLICY})


@blueprint.get("/<campaign_id>/<int:edition_id>/text")
def text(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """The mail's text part."""
    rendered = _rendered(desk().campaign(campaign_id, Role.REVIEWER), edition_id)
    return Response(f"{rendered.subject}\n\n{rendered.text}", mimetype="text/plain")


@blueprint.get("/<campaign_id>/<int:edition_id>/approve")
def sure(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """Asks before an approval: with which sentences the edition goes, to whom and when."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    edition = found_edition(campaign, edition_id)
    with here.reading() as conn:
        released = digests.released_at(conn, edition_id)
    if not waits_for_approval(edition, released):
        return _back(campaign_id, edition_id)
    contents = contents_of(campaign, edition, Audience.PARTNERS, released)
    inside = len(contents.inside)
    send_empty = here.parts.settings.digest.send_empty
    return show_of(
        "approving.html",
        campaign,
        edition=edition,
        sentences=_sentences(),
        doubts=doubts_by_kind(here.parts, campaign, edition_id),
        inside=inside,
        waiting=contents.waiting,
        serial=EditionKind(edition.kind).is_serial,
        ahead=letters_ahead(edition, campaign, _recipients(campaign), here.now, items=inside, send_empty=send_empty),
    )


@blueprint.post("/<campaign_id>/<int:edition_id>/approve")
def approve(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """Lets the edition go to partners. Its files are made by another process: noted first, so that no end of this one loses them."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    edition = found_edition(campaign, edition_id)
    _files().ask_for(edition_id)
    try:
        editions.approve_edition(here.database, campaign, edition_id, here.now, here.person.name, _sentences())
    except TrackerError as error:
        if found_edition(campaign, edition_id).approved_at is None:
            _files().forget(edition_id)
        tell_failure(error)
    else:
        here.told("edition_approved" if EditionKind(edition.kind).is_serial else "edition_approved_report")
    _files().begin()
    return _back(campaign_id, edition_id)


@blueprint.post("/<campaign_id>/<int:edition_id>/files")
def make_files(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """Makes the files of an approved edition again."""
    if found_edition(desk().campaign(campaign_id, Role.REVIEWER), edition_id).approved_at is None:
        abort(400)
    _files().ask_for(edition_id)
    _files().begin()
    return _back(campaign_id, edition_id)


def _files() -> FileMaker:
    found: FileMaker = current_app.extensions[EXTENSION]
    return found


@blueprint.post("/<campaign_id>/<int:edition_id>/wait")
def take_back(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """Takes the approval back, while no letter went to a partner."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    found_edition(campaign, edition_id)
    try:
        take_back_approval(here.parts, campaign, edition_id, by=here.person.name)
    except TrackerError as error:
        tell_failure(error)
    else:
        here.told("edition_waits_again")
    return _back(campaign_id, edition_id)


@blueprint.post("/<campaign_id>/<int:edition_id>/proof")
def proof(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    """Asks for a proof, to staff or to an address that was typed; another process sends it. None goes to a partner on the list: a draft
    that went there cannot be called back."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    found_edition(campaign, edition_id)
    to = request.form.get("to", "").strip()[:MOST_ADDRESS_CHARS]
    try:
        if not may_go_to(_recipients(campaign), to):
            here.told("edition_proof_not_partner", to=to)
            return _back(campaign_id, edition_id)
        address = read_address(to)
    except ValueError:
        here.told("edition_proof_no_address", to=to)
        return _back(campaign_id, edition_id)
    with here.database.writing() as conn:
        enough = proofs.asked_since(conn, edition_id, here.now - timedelta(hours=1)) >= MOST_PROOFS_AN_HOUR
        if not enough:
            proofs.ask(conn, edition_id, address.key, _language(), here.person.name, here.now)
    here.told("edition_proof_enough" if enough else "edition_proof_sent", to=str(address))
    if not enough:
        _proof_sender().begin()
    return _back(campaign_id, edition_id)


@blueprint.post("/<campaign_id>/<int:edition_id>/letters/<int:letter_id>")
def settle(campaign_id: str, edition_id: int, letter_id: int) -> ResponseReturnValue:
    """A person's word on a letter that nobody knows about: it arrived, or it is to go again."""
    here, campaign = desk(), desk().campaign(campaign_id, Role.REVIEWER)
    found_edition(campaign, edition_id)
    with here.reading() as conn:
        letter = deliveries.get(conn, letter_id)
    if letter is None or letter.edition_id != edition_id:
        abort(404)
    again = request.form.get("what") == "again"
    try:
        decide(here.database, here.parts.workspace / "outbox", letter_id, again=again, now=here.now)
    except TrackerError as error:
        tell_failure(error)
    else:
        here.told("letter_again" if again else "letter_arrived", to=letter.recipient)
    return _back(campaign_id, edition_id)


def _rendered(campaign: Campaign, edition_id: int) -> RenderedDigest:
    return mail_to_show(campaign, found_edition(campaign, edition_id), asked_audience(), _language(), _country(), _sentences())


def found_edition(campaign: Campaign, edition_id: int) -> Edition:
    """The campaign's edition; not found for one of another campaign."""
    with desk().reading() as conn:
        edition = digests.get(conn, edition_id)
    return edition if edition is not None and edition.campaign_id == campaign.id else abort(404)


def listed(campaign: Campaign, contents: Contents, *, is_open: bool) -> dict[str, Any]:
    """The first items that are in it, and the versions of those that can be put in. `is_open`: whether an item can be put in and out."""
    can_be_in = [one.entry.article.id for one in contents.out if one.reason in PUT_IN] if is_open else []
    return {
        "is_open": is_open,
        "rows": rows_of(campaign.id, contents.inside[:FIRST_ITEMS]),
        "versions": versions_of(campaign.id, can_be_in),
        "put_in": PUT_IN,
        "most_open": FIRST_ITEMS,
    }


def waits_for_approval(edition: Edition, released: Collection[Audience]) -> bool:
    """Whether a person is to approve it."""
    return Audience.PARTNERS not in released and EditionKind(edition.kind) not in editions.FOR_STAFF_ONLY


def asked_audience() -> Audience:
    """As whose edition it is asked for: partners' unless the address says otherwise."""
    return Audience.STAFF if request.values.get("audience") == str(Audience.STAFF) else Audience.PARTNERS


def _language() -> str:
    given = request.values.get("language", "")
    return given if given in LANGUAGES else desk().language


def _country() -> str:
    given = request.values.get("country", "")
    return given if given in COUNTRIES else ""


def _own_first() -> list[str]:
    """All languages, that of the page first."""
    return [desk().language, *(code for code in LANGUAGES if code != desk().language)]


def _sentences() -> tuple[tuple[str, str], ...]:
    """(language, sentence) of one's own, as far as any was typed; the first is for those in whose language there is none."""
    typed = ((code, " ".join(request.values.get(f"sentence_{code}", "").split())[:MOST_SENTENCE_CHARS]) for code in _own_first())
    return tuple((code, sentence) for code, sentence in typed if sentence)


def _recipients(campaign: Campaign) -> Sequence[Recipient]:
    """Those who get editions of the campaign: who reads another one is nobody's business here."""
    path = desk().parts.workspace / FILE_NAME
    every = read_audience(desk().parts.workspace) if path.exists() else ()
    return [one for one in every if not one.campaigns or campaign.id in one.campaigns]


def _proof_readers(campaign: Campaign) -> list[str]:
    """Whom a proof is offered for: staff, the person who asks first, as far as the list has the name of the login."""
    own = desk().person.name.casefold()
    staff = [one for one in _recipients(campaign) if one.role is Reads.STAFF]
    return [*dict.fromkeys(str(one.address) for one in sorted(staff, key=lambda one: one.name.casefold() != own))]


def _proof_sender() -> ProofSender:
    found: ProofSender = current_app.extensions[PROOFS]
    return found


def _standing(letter: Delivery) -> str:
    """The letter's state; `filed` where no mail server took it, as none is set."""
    return "filed" if letter.state is DeliveryState.SENT and was_filed(letter.detail) else str(letter.state)


def _went_to_partners(campaign: Campaign, letters: Sequence[Delivery]) -> bool:
    """Whether a letter went to somebody other than staff, or may have."""
    staff = {one.address.key for one in _recipients(campaign) if one.role is Reads.STAFF}
    return any(one.state in GONE and one.recipient not in staff for one in letters)


def _urgency(letter: Delivery) -> tuple[bool, str]:
    return letter.state not in UNSETTLED, letter.recipient


def _back(campaign_id: str, edition_id: int) -> ResponseReturnValue:
    return redirect(url_for("editions.overview", campaign_id=campaign_id, edition_id=edition_id), 303)


def show_of(template: str, campaign: Campaign, **values: Any) -> ResponseReturnValue:
    """A page about editions of the campaign."""
    zone = ZoneInfo(campaign.time_zone)

    def period(edition: Edition) -> str:
        first, last = edition.window.start_at, edition.window.end_at - timedelta(microseconds=1)
        return desk().words.period(first.astimezone(zone).date(), last.astimezone(zone).date())

    return show(template, campaign=campaign, zone=zone, period=period, Audience=Audience, **values)
