"""What mail servers say of a letter that they did not deliver: codes and words, as kinds of failure. Tables, and reading them.

The enhanced status code goes first (RFC 3463 and the registry of enhanced codes): 4.x.x passes by itself, and of 5.x.x only those that
say that the address is none end a recipient's letters. Words decide where the code tells little, and against an address never alone
where other words tell of a full mailbox, a policy or a fault that passes.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Failure(StrEnum):
    """What a report says of a letter."""

    HARD = "hard"  # the address is none, for good
    SOFT = "soft"  # this letter did not arrive; another may
    DELAYED = "delayed"  # the server goes on trying
    ARRIVED = "arrived"  # a receipt


GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""No such mailbox, no such domain, no address, moved, a domain that takes no mail, a mailbox switched off."""
TELLS_LITTLE = frozenset({"5.0.0", "5.1.0", "5.3.0", "5.4.1", "5.4.4", "5.4.310", "5.5.0", "5.5.1", "5.5.4"})
"""Servers say these of unknown mailboxes too: their words decide."""
CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.#-])([45]\d\d)(?=[ \-#<])")

_NOT_GONE = re.compile(
    r"over ?quota|quota (?:exceeded|full)|exceeded (?:its |the |their )?(?:storage|mailbox|quota)|(?:mailbox|mail box|inbox|account|mail ?folder) (?:is |size |has |for user )?\w*? ?(?:full|over|exceed)"
    r"|mailbox.{0,30} full|disk (?:quota|full|space)|insufficient (?:system )?storage|no space left|storage (?:limit|allocation)|too (?:large|big)|message size|size limit|exceeds? (?:the )?(?:size|maximum|limit)"
    r"|spam|junk|blocked|block ?list|black ?list|blacklisted|listed (?:at|by|in)|rbl\b|spamhaus|barracuda|spamcop|dnsbl|reputation|poor rep|suspicious|virus|malware|phish|content (?:rejected|filter|policy)|message (?:content )?rejected due|url.{0,20}(?:listed|block)"
    r"|polic(?:y|ies)|prohibited|not authori[sz]ed|unauthori[sz]ed|authentication (?:required|checks?|fail)|unauthenticated|not permitted|access denied(?!.{0,40}as\(?2018)|permission|dmarc|\bspf\b|dkim|relay(?:ing)? (?:access )?(?:denied|not)|relaying|sender (?:address |domain )?(?:rejected|verify|denied|not|is not)|envelope from"
    r"|restricted|only accepts? (?:messages?|mail) from|members? only|moderat"
    r"|grey ?list|gray ?list|try again|retry|temporar|later|deferred|too many|rate.?limit|throttl|busy|overload|unusual rate|too fast"
    r"|timed? ?out|time-?out|timeout|connection (?:refused|reset|lost|dropped)|could not (?:be )?connect|no route|unreachable|network error|lost connection|expired|retry time|undeliverable for|resources|server error|internal error|configuration|dns (?:error|fail|timeout)|tls|loop|hop count|too many hops|protocol error|syntax error|line too long|bare lf|smtputf8",
    re.I,
)
_GONE = re.compile(
    r"user (?:is |was |name )?(?:unknown|not found|doesn'?t exist|does not exist|invalid|not known|not local)|unknown (?:user|recipient|mailbox|address|local|account|or illegal alias)|no such (?:user|recipient|mailbox|address|person|account|domain|local|email)"
    r"|(?:recipient|mailbox|address|account|alias|e-?mail)[^\n]{0,60}?(?:does not exist|doesn'?t exist|not exist|not found|unknown|invalid|no longer|not a valid|isn'?t valid|not known|non-?existent|could not be found|couldn'?t be found|wasn'?t found|was not found|undeliverable address)"
    r"|(?:does not|doesn'?t|not) (?:have|exist)[^\n]{0,40}(?:account|here|mailbox|user)|invalid (?:recipient|mailbox|address|user|final delivery user)|recipient (?:address )?(?:rejected: )?(?:unknown|undeliverable|not found|invalid|access denied.{0,40}as\(?2018)|recipientnotfound|resolver\.adr\.\w*notfound"
    r"|not (?:our|a) (?:customer|known user|valid (?:user|mailbox|recipient))|isn'?t a valid|bad destination|account (?:has been )?(?:disabled|deactivated|deleted|closed|suspended|inactive|terminated|expired)|(?:mailbox|user|account) (?:is |has been )?(?:disabled|inactive|deactivated|suspended|closed|deleted|unavailable|not available|removed)"
    r"|mailbox unavailable|no mailbox (?:here|by that name|found)|there is no (?:user|mailbox|one)|(?:host|domain)(?: or domain)?(?: name)?(?: [\w.-]{1,80})?? (?:not found|does not exist|unknown|couldn'?t be found|has no)|unrouteable address|unroutable address|all relevant mx records point to non-?existent|nxdomain|domain (?:isn'?t|not) (?:found|valid|exist)|couldn'?t find any host named|no (?:mail )?hosts? (?:for|found)|unknown host|bad address syntax|has moved|no longer (?:with|works|employed|at|active|valid|in use|available)|left the (?:company|organi[sz]ation)"
    r"|(?:adresa|korisnik|korisnicki nalog|nalog|sanduce|sanducic|primatelj|primalac)[^.\n]{0,40}(?:ne postoji|nepoznat|nije pronaden|nije pronadjen|ugasen)|(?:llogaria|adresa|perdoruesi|kutia)[^.\n]{0,40}(?:nuk ekziston|e panjohur|nuk u gjet)|(?:adresata|korisnikot|smetkata)[^.\n]{0,40}(?:ne postoi|nepoznat)",
    re.I,
)
_GOES_ON = re.compile(
    r"(?:no action is required|do not need to (?:resend|do anything)|need not (?:resend|do anything)|will (?:continue|keep|be retried|try|retry)|still (?:being )?(?:trying|retried)|will be (?:attempted|retried|tried)|delivery attempts will continue|this is a warning(?: message)? only|warning message only"
    r"|not yet been delivered|has been delayed|delivery (?:is |status notification \()?(?:delayed?)|message (?:is )?delayed|still undelivered after|delivery.{0,20}temporarily (?:delayed|deferred)|not been delivered to one or more recipients after more than)",
    re.I,
)
_GIVES_UP = re.compile(
    r"(?:giving up|given up|gave up|could not be delivered for \d+|undeliverable for|retry time ?(?:out|limit)|has been on the queue too long|permanent(?:ly)? (?:error|fail)|final|will not be retried|no longer try|stopped trying|expired)",
    re.I,
)


def kind_of(code: str, words: str) -> Failure:
    """What a failure for good is by its enhanced code (empty: none) and the server's words. Never HARD for a code of 4.x.x."""
    if code.startswith("4") or (not code and _reply(words).startswith("4")):
        return Failure.SOFT
    if code in GONE:
        return Failure.SOFT if _NOT_GONE.search(words) and not _GONE.search(words) else _unless_full(words)
    if code and code not in TELLS_LITTLE:
        return Failure.SOFT
    return Failure.HARD if _GONE.search(words) and not _passes(words) else Failure.SOFT


def _passes(words: str) -> bool:
    """Whether the words tell of something beside the address; they are looked at without the part that tells of the address."""
    return bool(_ABOUT_US.search(words) or _NOT_GONE.search(_GONE.sub(" ", words)))


def _unless_full(words: str) -> Failure:
    return Failure.SOFT if _FULL_OR_POLICY.search(words) else Failure.HARD


_ABOUT_US = re.compile(
    r"after mail from|mail from:|\[mail_from\]|sender|envelope.from|\bhelo\b|\behlo\b|reverse dns|\bptr\b|your (?:ip|domain|server|host)",
    re.I,
)
"""What the server dislikes is on our side, whatever it says does not exist."""
_FULL_OR_POLICY = re.compile(
    r"quota|(?:mailbox|inbox) (?:is )?full|full mailbox|spam|spamhaus|block ?list|blacklist|reputation|grey ?list|gray ?list", re.I
)


def goes_on(words: str) -> bool:
    """Whether the server says that it still tries."""
    return bool(_GOES_ON.search(words)) and not _GIVES_UP.search(words)


def best_code(*texts: str) -> str:
    """The code that says most among texts: of the first that has one, unless that tells little and a later one says more; empty for
    none. A later code of 4.x.x is believed too: what is unsure is not for good."""
    found = [f"{code[1]}.{int(code[2])}.{int(code[3])}" for text in texts for code in CODE.finditer(text[:4000])]
    if not found:
        return ""
    first = found[0]
    generic = first in TELLS_LITTLE or first.endswith(".0.0")
    return next((code for code in found if not code.endswith(".0.0") and code not in TELLS_LITTLE), first) if generic else first


def _reply(words: str) -> str:
    found = REPLY.search(words)
    return found[1] if found else ""
