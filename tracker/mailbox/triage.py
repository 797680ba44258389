"""What a mail is, and what follows from it: one outcome each. Pure: it is told whom we know and writes nothing.

In this order: a letter of our own, a report of a mail server, an automatic answer, a newsletter by its rule, list mail, a sign-off, a
missed link, and else a letter to people. Where two may be meant the harmless one is: a report without its letter's token pauses nobody,
a sign-off that is doubtful, or whose sender nobody vouches for, waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from tracker.delivery.letter_tokens import HEADER, IN_HEADER, TOKEN
from tracker.mailbox.automatic import why_automatic
from tracker.mailbox.bounce_words import Failure
from tracker.mailbox.bounces import Bounce, has_no_sender, is_from_daemon, read_bounce
from tracker.mailbox.links import missed_links, newsletter_links
from tracker.mailbox.mail import Link, Mail
from tracker.mailbox.newsletters import Proof, SenderRule, proof_of, rule_for
from tracker.mailbox.reply_text import own_words
from tracker.mailbox.sign_off import Wish, wish_of
from tracker.model.mailbox import LetterBounce, MailAnswerKind, MailOutcome, MailTask, MailTaskKind

MOST_OF_NEWSLETTER = 60
"""Headlines of one newsletter."""
MOST_EXCERPT = 500
_SIGN_OFF_SUBJECT = re.compile(r"^\s*unsubscribe\s+(\S+@\S+?)(?:\s+([a-z2-7]{26}))?\s*$", re.IGNORECASE)
Letter = tuple[str, str]
"""(Message-ID, the key of its recipient)."""


def _no_letter(_: str) -> Letter | None:
    return None


class Known(Struct, frozen=True):
    """Whom and what we know. `recipients`: keys of addresses in recipients.toml. `own`: our own addresses. `hosts`: ours, whose pages are
    no news. `letter_of_token`, `letter_of_message`: the letter that bears a token, or has a Message-ID. `is_outlets`: whether an address is
    one of the outlet's pages."""

    recipients: frozenset[str]
    own: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()
    authserv_id: str = ""
    rules: tuple[SenderRule, ...] = ()
    letter_of_token: Callable[[str], Letter | None] = _no_letter
    letter_of_message: Callable[[str], Letter | None] = _no_letter
    is_outlets: Callable[[str, str], bool] = lambda outlet, url: False


class Found(Struct, frozen=True):
    """What a mail is, and what is to be done: `stop` somebody's letters, `pause` somebody whose address is none, `answer` the sender."""

    outcome: MailOutcome
    bounce: LetterBounce | None = None
    pause: str = ""
    stop: str = ""
    tasks: tuple[MailTask, ...] = ()
    answer: tuple[MailAnswerKind, str] | None = None
    outlet: str = ""
    links: tuple[Link, ...] = field(default=())


def decide(mail: Mail, known: Known, now: datetime) -> Found:
    """The mail's outcome, with what follows from it. `now` is when it is read: what a mail says of its own date is a stranger's word."""
    if mail.header(HEADER) or (mail.sender in known.own and not mail.reports):
        return Found(MailOutcome.OWN_LETTER)
    if kind := _other_report(mail):
        return _of_complaint(mail, known, now) if kind == "feedback-report" else Found(MailOutcome.RECEIPT)
    if mail.reports or is_from_daemon(mail):
        bounce = read_bounce(mail)
        return _of_bounce(mail, bounce, known, now) if bounce else Found(MailOutcome.BOUNCE_OF_OTHERS)
    if rule := rule_for(mail, known.rules):
        return _of_newsletter(mail, rule, known)
    why = why_automatic(mail)
    if why and (signed := _by_header(mail, known)):  # some programs mark what they send for their owner
        return replace(signed, answer=None)
    if why:
        return Found(MailOutcome.LIST_MAIL if why == "list" else MailOutcome.AUTOMATIC)
    if has_no_sender(mail):
        bounce = read_bounce(mail)
        return _of_bounce(mail, bounce, known, now) if bounce else Found(MailOutcome.AUTOMATIC)
    return _sign_off(mail, known, now) or _missed(mail, known, now) or Found(MailOutcome.FOR_PEOPLE)


def _other_report(mail: Mail) -> str:
    """Which report it is where it is none of delivery: that a letter was read (RFC 8098), or was called spam (RFC 5965)."""
    told = mail.header("content-type").lower()
    named = (kind for kind in ("disposition-notification", "feedback-report") if f"report-type={kind}" in told.replace('"', ""))
    return next(named, "") if mail.content_type == "multipart/report" else ""


def _of_complaint(mail: Mail, known: Known, now: datetime) -> Found:
    """Whoever calls a letter spam wants no more, or has slipped: a person asks."""
    letter = _by_token(mail, known)
    if letter is None:
        return Found(MailOutcome.BOUNCE_OF_OTHERS)
    task = MailTask(mail.digest, MailTaskKind.SIGN_OFF, letter[1], letter[1] in known.recipients, "", mail.subject[:MOST_EXCERPT], now)
    return Found(MailOutcome.SIGN_OFF_QUEUED, tasks=(task,))


def _of_bounce(mail: Mail, bounce: Bounce, known: Known, now: datetime) -> Found:
    if bounce.failure is Failure.ARRIVED:
        return Found(MailOutcome.RECEIPT)
    proven = _by_token(mail, known)
    letter = proven or known.letter_of_message(bounce.original)
    if letter is None:
        return Found(MailOutcome.BOUNCE_OF_OTHERS)
    message_id, recipient = letter
    told = LetterBounce(mail.digest, recipient, message_id, str(bounce.failure), bounce.code, proven is not None, now)
    if proven is None:
        return Found(MailOutcome.BOUNCE_UNPROVEN, told)
    if bounce.failure is Failure.HARD:
        return Found(MailOutcome.BOUNCE_HARD, told, pause=recipient)
    return Found(MailOutcome.BOUNCE_DELAYED if bounce.failure is Failure.DELAYED else MailOutcome.BOUNCE_SOFT, told)


def _by_token(mail: Mail, known: Known) -> Letter | None:
    """The letter whose token the mail bears: in the address that it came to, or in the letter's head that it returns."""
    for address in mail.to:
        local = address.partition("@")[0]
        if "+" in local and (letter := _letter(local.rpartition("+")[2], known)):
            return letter
    for text in (*mail.enclosed, mail.text):
        for token in IN_HEADER.findall(text)[:5]:
            if letter := _letter(token, known):
                return letter
    return None


def _letter(token: str, known: Known) -> Letter | None:
    return known.letter_of_token(token) if TOKEN.fullmatch(token) else None


def _of_newsletter(mail: Mail, rule: SenderRule, known: Known) -> Found:
    if proof_of(mail, known.authserv_id) is not Proof.PASSED:
        return Found(MailOutcome.NEWSLETTER_UNPROVEN)
    links = tuple(newsletter_links(mail, lambda url: known.is_outlets(rule.outlet, url), most=MOST_OF_NEWSLETTER))
    return Found(MailOutcome.NEWSLETTER if links else MailOutcome.NEWSLETTER_EMPTY, outlet=rule.outlet, links=links)


def _is_known(mail: Mail, known: Known) -> bool:
    """Whether a recipient writes. One whose sender our own server has found forged is nobody."""
    return mail.sender in known.recipients and proof_of(mail, known.authserv_id) is not Proof.FAILED


def _sign_off(mail: Mail, known: Known, at: datetime) -> Found | None:
    """Of a recipient who writes: anybody can write a recipient's name, so it is done at once where our own server vouches for it alone."""
    is_known = _is_known(mail, known)
    is_proven = is_known and proof_of(mail, known.authserv_id) is Proof.PASSED
    if signed := _by_header(mail, known):
        return signed
    if _SIGN_OFF_SUBJECT.match(mail.subject):
        if is_proven:
            return Found(MailOutcome.SIGNED_OFF, stop=mail.sender, answer=(MailAnswerKind.SIGNED_OFF, mail.sender))
        return Found(MailOutcome.SIGN_OFF_QUEUED, tasks=(_task(mail, MailTaskKind.SIGN_OFF, is_known, at),))
    own = own_words(mail.text)
    wish = wish_of(mail.subject, own)
    if wish is Wish.NONE:
        return None
    if wish is Wish.STOP and is_proven:
        return Found(MailOutcome.SIGNED_OFF, stop=mail.sender, answer=(MailAnswerKind.SIGNED_OFF, mail.sender))
    if not is_known and wish is Wish.UNSURE:
        return None  # a stranger's letter that has the word in it
    return Found(MailOutcome.SIGN_OFF_QUEUED, tasks=(_task(mail, MailTaskKind.SIGN_OFF, is_known, at),))


def _by_header(mail: Mail, known: Known) -> Found | None:
    """A sign-off by the address of `List-Unsubscribe` with the letter's token, from wherever it comes."""
    asked = _SIGN_OFF_SUBJECT.match(mail.subject)
    letter = _letter((asked[2] or "").lower(), known) if asked else None
    return Found(MailOutcome.SIGNED_OFF, stop=letter[1], answer=(MailAnswerKind.SIGNED_OFF, letter[1])) if letter else None


def _missed(mail: Mail, known: Known, at: datetime) -> Found | None:
    urls = missed_links(mail, known.hosts)
    if not urls:
        return None
    is_known = _is_known(mail, known)
    tasks = tuple(_task(mail, MailTaskKind.MISSED_LINK, is_known, at, url) for url in urls)
    if not is_known:
        return Found(MailOutcome.MISSED_LINK_UNKNOWN, tasks=tasks)
    return Found(MailOutcome.MISSED_LINK, tasks=tasks, answer=(MailAnswerKind.THANKS, mail.sender))


def _task(mail: Mail, kind: MailTaskKind, is_known: bool, at: datetime, url: str = "") -> MailTask:
    said = " ".join((own_words(mail.text) or mail.subject).split())
    return MailTask(mail.digest, kind, mail.sender, is_known, url, said[:MOST_EXCERPT], at)
