"""Letters that came back: reports by RFC 3464 and RFC 6522, and those that servers write in words of their own. Pure.

Free forms are recognised by flufl.bounce, which knows those of thirty servers; what they mean is decided by `bounce_words`, since its
two kinds are not ours: it calls a full mailbox permanent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from tracker.delivery.addresses import read_address
from tracker.mailbox.bounce_words import Failure, best_code, goes_on, kind_of
from tracker.mailbox.mail import Mail

DAEMONS = frozenset(
    "mailer-daemon mailerdaemon mail-daemon postmaster mdaemon mail.daemon maildaemon mailer_daemon uucp bounce bounces "
    "microsoftexchange mailsystem double-bounce antispam".split()
)
MOST_WORDS = 4_000
_MESSAGE_ID = re.compile(r"(?im)^[ \t>]*message-id:[ \t]*\n?[ \t]*(<[^<>\s]{3,400}>)")
_SUBJECTS = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|fail|report|problem|notification|delayed)|returned mail|returned to sender|mail (?:delivery|system error|could not)|failure notice|"
    r"message (?:delivery|not delivered|status)|non[- ]?(?:delivery|remis|receipt)|could not (?:be )?(?:deliver|send)|delayed mail|warning: (?:could not|message|e-?mail)|rejected:|"
    r"neisporuc|nije isporucen|nedostavljen|nije dostavljen|nuk u dorezua|deshtoi|nedostav|"
    r"address change|bounce|permanent error|user unknown|mailbox (?:full|quota)|unzustellbar|nachricht|failed",
    re.I,
)
_REJECTS = re.compile(
    r"\b5[0-9]{2}[ -]|\b5\.\d\.\d|could not be delivered|unable to deliver|was not delivered|wasn'?t delivered|couldn'?t be delivered|did not reach|not be (?:delivered|sent)|undeliverable|returned to sender|delivery (?:to [^\n]{1,100} )?(?:has )?failed|failed permanently|not deliverable|nije isporucena|nuk u dorezua",
    re.I,
)


class Bounce(Struct, frozen=True):
    """A report about a letter. `recipients`: addresses that it names, keys. `code`: the enhanced status code, empty where it has none.
    `original`: the Message-ID of the letter that it is about; empty where it does not say."""

    failure: Failure
    code: str
    recipients: tuple[str, ...]
    original: str
    words: str = ""


def read_bounce(mail: Mail) -> Bounce | None:
    """What a mail reports; None where it is no report. Never HARD where the report leaves doubt."""
    if blocks := [dict(reversed(block)) for block in mail.reports]:
        per_recipient = [block for block in blocks if _names_recipient(block)]
        if per_recipient:
            return _of_blocks(mail, per_recipient)
    return _in_words(mail) if is_from_daemon(mail) or has_no_sender(mail) else None


def is_from_daemon(mail: Mail) -> bool:
    """Whether a mail server writes in its own name."""
    local = mail.sender.partition("@")[0]
    named = local in DAEMONS or local.startswith(("mailer-daemon", "microsoftexchange", "postmaster"))
    return named or mail.content_type == "multipart/report" or bool(mail.header("x-failed-recipients"))


def has_no_sender(mail: Mail) -> bool:
    """Whether its envelope names nobody: to such nothing is ever answered (RFC 3834, 2)."""
    return mail.header("return-path").strip() == "<>"


def _names_recipient(block: Mapping[str, str]) -> bool:
    return any(name in block for name in ("final-recipient", "original-recipient", "action", "status"))


def _of_blocks(mail: Mail, blocks: list[dict[str, str]]) -> Bounce:
    found = [_of_block(block, mail) for block in blocks if "final-recipient" in block or "original-recipient" in block or len(blocks) == 1]
    found = found or [_of_block(blocks[0], mail)]
    kinds = {failure for failure, _, _, _ in found}
    failure = Failure.HARD if kinds == {Failure.HARD} else next(one for one in _MILDEST if one in kinds)
    code, words = next((code, words) for kind, code, _, words in found if kind is failure)
    named = tuple(dict.fromkeys(address for _, _, addresses, _ in found for address in addresses))
    return Bounce(failure, code, named, original_of(mail), words)


_MILDEST = (Failure.ARRIVED, Failure.DELAYED, Failure.SOFT, Failure.HARD)


def _of_block(block: Mapping[str, str], mail: Mail) -> tuple[Failure, str, tuple[str, ...], str]:
    action, status = block.get("action", "").lower().split(";")[0].strip(), block.get("status", "")
    said = " ".join(
        block.get(name, "") for name in ("diagnostic-code", "x-supplementary-info", "x-display-name", "remote-mta") if name in block
    )
    code = best_code(status, said)
    addresses = _keys([block.get("original-recipient", ""), block.get("final-recipient", "")])
    if action in ("delivered", "relayed", "expanded"):
        return Failure.ARRIVED, code, addresses, said[:MOST_WORDS]
    if action.startswith("delay") or (not action.startswith("fail") and (code.startswith("4") or goes_on(mail.text))):
        return Failure.DELAYED, code, addresses, said[:MOST_WORDS]
    if code.startswith("2"):
        return Failure.ARRIVED, code, addresses, said[:MOST_WORDS]
    words = said if said.strip() else mail.text
    return kind_of(code, _plain(words)[:MOST_WORDS]), code, addresses, words[:MOST_WORDS]


def _in_words(mail: Mail) -> Bounce | None:
    temporary, permanent = _by_library(mail)
    told = _plain(_own_words(mail))
    failed = mail.header("x-failed-recipients")
    named = tuple(dict.fromkeys((*permanent, *temporary, *_keys(failed.split(",") if failed else []))))
    reports = bool(named) or bool(_SUBJECTS.search(_plain(mail.subject))) or mail.content_type == "multipart/report"
    if not reports or not (named or _REJECTS.search(told) or goes_on(told)):
        return None
    code = best_code(told)
    if goes_on(f"{mail.subject}\n{told}") or (temporary and not permanent and not _REJECTS.search(told)):
        return Bounce(Failure.DELAYED, code, named, original_of(mail), told[:MOST_WORDS])
    return Bounce(kind_of(code, told[:MOST_WORDS]), code, named, original_of(mail), told[:MOST_WORDS])


def _by_library(mail: Mail) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(temporary, permanent) recipients that the library finds; none where it cannot read the mail."""
    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(mail.parsed)
    except (Exception, RecursionError):  # noqa: BLE001 - of a library that is fed by strangers
        return (), ()
    return _keys(temporary), _keys(permanent)


def _own_words(mail: Mail) -> str:
    """What the server says, without the letter that it returns below."""
    cut = re.split(
        r"(?im)^[-\s=_>*#]{0,10}(?:this is a copy of (?:the|your) message|below this line is a copy|original (?:message|letter)|returned message|message header follows|"
        r"the (?:header of the )?original message|original message (?:headers|follows)|transcript of headers|unsent message below|copy of the message|message headers follow|return-path:|received:|headers:)",
        mail.text,
        maxsplit=1,
    )
    return cut[0] if cut[0].strip() else mail.text


def original_of(mail: Mail) -> str:
    """The Message-ID of the letter that a report returns; empty where it returns none."""
    for text in (*mail.enclosed, mail.text):
        if found := _MESSAGE_ID.search(text):
            return found[1]
    quoted = re.findall(r"<[^<>\s]{3,400}>", f"{mail.header('in-reply-to')} {mail.header('references')}")
    return str(quoted[-1]) if quoted else ""


def _plain(text: str) -> str:
    """In one line, without accents: as the tables of words are written."""
    from tracker.text.folding import fold

    folded = text if text.isascii() else fold(text)
    return re.sub(r"[’‘`]", "'", re.sub(r"=\n", "", folded)).replace("\n", " ")


def _keys(texts: object) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in texts:  # type: ignore[attr-defined]
        text = one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one)
        text = text.partition(";")[2] if ";" in text else text
        try:
            found[read_address(text.strip().strip("<>")).key] = None
        except ValueError:
            continue
    return tuple(found)[:20]
