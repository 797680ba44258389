"""The doctor's look at whether letters will arrive: the sender's domain, as the settings name it, in the DNS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from tracker.delivery.message import sender_address
from tracker.delivery.signing import is_open_to_others, public_key
from tracker.errors import TrackerError
from tracker.locale.said import Said, changed, wrong
from tracker.maintenance.checks import Check
from tracker.maintenance.mail_domain import Sending, check_domain
from tracker.maintenance.mail_services import service_of
from tracker.maintenance.spf_rules import Lookup
from tracker.settings import Digest, Settings
from tracker.text.others_words import clean_words

_RESERVED = re.compile(r"(^|\.)(example|invalid|test|localhost|local|internal|example\.(com|net|org))$")
"""RFC 2606 and 6762: names of which no public DNS knows anything. With `mail.resolver` they are looked up there."""
MAX_ADVICE_CHARS = 900
"""A record with a key of 2048 bits has some 450 characters, one of 4096 some 800."""


def check_arrival(settings: Settings, lookup: Lookup | None = None) -> Iterator[Check]:
    """SPF, DKIM, DMARC and alignment of the sender's domain. Nothing where no server or sender is set. `lookup`: in place of the DNS."""
    mail = settings.mail
    if not mail.host or settings.digest.sender == Digest().sender:
        return
    try:
        domain = sender_address(settings.digest.sender).domain.lower().rstrip(".")
        reports_to = str(sender_address(settings.digest.reply_to or settings.digest.sender))
        key = public_key(mail.dkim.key_file) if mail.dkim.key_file else ""
    except TrackerError as error:
        yield Check("mail DKIM", False, wrong(error), Said("do_mend_setting"))
        return
    if mail.dkim.key_file and is_open_to_others(mail.dkim.key_file):
        yield Check("mail DKIM key", False, Said("found_open_everybody"), f"chmod 600 {mail.dkim.key_file}")
    if lookup is None and not mail.resolver and _RESERVED.search(domain):
        return
    sending = Sending(domain, service_of(mail.host), mail.dkim.selector, mail.dkim.domain.lower(), key, reports_to, mail.host.lower())
    for found in check_domain(sending, lookup or _network(mail.resolver)):
        advice = changed(found.advice, partial(clean_words, longest=MAX_ADVICE_CHARS))
        finding = changed(found.finding, clean_words)
        if not found.well:
            finding = finding if isinstance(finding, Said) else Said("found_mail_domain", words=finding, doctor="`tracker doctor`")
            advice = advice if isinstance(advice, Said) else Said("do_mail_domain", words=advice, file="docs/mail.md")
        yield Check(f"mail {found.name}", found.well, finding, advice)


def _network(server: str) -> Lookup:
    from tracker.maintenance.dns_lookups import DnsLookup  # a tenth of a second, which a workspace without mail need not take

    return DnsLookup(server)
