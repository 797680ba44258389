"""Further shapes, written after the rules and before they were tried on them: 50 of 51 were told rightly, none was falsely hard."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mailbox.shapes import SENDER, TO, Shape, _absent, _exchange, _exim, _gmail, _plain_server, _postfix, _qmail, _sendmail, mail

CASES = [
    ("soft", _postfix("550 5.7.1 <arta@x>: Recipient address rejected: Please see http://spf.pobox.com/why.html", "5.7.1")),
    ("hard", _postfix("550 5.1.1 The email account that you tried to reach does not exist", "5.1.1")),
    ("hard", _postfix("554 5.1.1 Recipient verification failed: no such account", "5.1.1")),
    ("soft", _postfix("554 Transaction failed: Duplicate header 'From'", "5.0.0")),
    ("soft", _postfix("550 5.4.5 Daily sending quota exceeded", "5.4.5")),
    ("soft", _postfix("421 4.7.0 Try again later, closing connection", "4.7.0")),
    ("hard", _postfix("550 5.1.1 <arta@x>... User unknown, not local address", "5.1.1")),
    ("soft", _postfix("550 Blocked: your message was classified as SPAM", "5.0.0")),
    ("soft", _postfix("550 rejected because mail.ngo.example is in a black list at zen.spamhaus.org", "5.0.0")),
    ("hard", _postfix("550 Unknown local part arta.lumi in <arta.lumi@redaksia.example>", "5.0.0")),
    ("hard", _postfix("550 unrouteable address", "5.0.0")),
    ("soft", _postfix("550 Message contains forbidden attachment", "5.0.0")),
    ("soft", _postfix("552 5.2.3 Message exceeds local size limit", "5.2.3")),
    ("hard", _postfix("553 5.3.0 <arta@x>... No such user here", "5.3.0")),
    ("soft", _postfix("553 5.7.1 Sorry, you are not allowed to send to this group", "5.7.1")),
    ("soft", _postfix("550-Callback setup failed while verifying <coverage@ngo.example> 550 Sender verify failed", "5.0.0")),
    ("hard", _postfix("550 5.2.1 The email account that you tried to reach has been deactivated", "5.2.1")),
    ("hard", _postfix("550 5.1.2 Bad destination host 'DNS Hard Error looking up redaksia.example (MX): NXDomain'", "5.1.2")),
    ("soft", _postfix("550 5.3.2 system not accepting network messages", "5.3.2")),
    ("soft", _postfix("connect to mx.redaksia.example[2001:db8::1]:25: Network is unreachable", "4.4.1")),
    ("soft", _postfix("TLS is required, but was not offered by host mx.redaksia.example", "4.7.4")),
    ("hard", _postfix("550 Recipient address rejected: Account inactive", "5.0.0")),
    ("soft", _postfix("550 5.2.2 User has exhausted allowed storage space", "5.2.2")),
    ("soft", _postfix("452 4.5.3 Too many recipients", "4.5.3")),
    ("soft", _postfix("550 Mail is rejected by recipients", "5.0.0")),
    ("hard", _postfix("550 RCPT TO:<arta@x> User not found", "5.0.0")),
    ("soft", _postfix("554 5.7.7 Email is not accepted: bad reputation of IP", "5.7.7")),
    ("hard", _postfix("550 #5.1.0 Address rejected. User unknown", "5.1.0")),
    ("soft", _postfix("550 #5.1.0 Address rejected.", "5.1.0")),
    (
        "hard",
        _exim(
            "host mx.redaksia.example [192.0.2.4]\n    SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 5.1.1 recipient rejected: mailbox not found"
        ),
    ),
    ("hard", _exim("Unknown user: arta.lumi@redaksia.example")),
    (
        "soft",
        _exim(
            "SMTP error from remote mail server after end of data: 554 5.7.1 The message from (<coverage@ngo.example>) with the subject of (Press) matches a profile the Internet community may consider spam"
        ),
    ),
    ("soft", _exim("lowest numbered MX record points to local host")),
    ("hard", _qmail("This address no longer accepts mail.")),
    ("soft", _qmail("Sorry, the mailbox is full (#5.2.2)")),
    ("soft", _qmail("Connected to 192.0.2.4 but sender was rejected.\nRemote host said: 550 5.7.1 refused by policy")),
    ("soft", _sendmail("550 5.0.0 <x>... We do not accept mail from this host", "5.0.0", "550 5.0.0 We do not accept mail from this host")),
    ("hard", _sendmail("550 5.1.1 <x>... User account has expired", "5.1.1", "550 5.1.1 account expired")),
    ("soft", _exchange("550 5.7.64", "TenantAttribution; Relay Access Denied")),
    ("hard", _exchange("550 5.1.10", "Recipient arta@redaksia.example not found by SMTP address lookup")),
    ("soft", _exchange("550 5.2.14", "STOREDRV; misconfigured forwarding address")),
    ("delayed", _exchange("400 4.4.7", "Message delayed", action="delayed")),
    ("soft", _gmail("550-5.7.0 Mail relay denied", "5.7.0")),
    ("delayed", _gmail("451 4.4.2 Timeout", "4.4.2", "delayed")),
    (
        "soft",
        _plain_server("mailer-daemon@x.example", "Mail delivery failed", f"Delivery to {TO} failed.\nReason: mailbox size limit reached."),
    ),
    ("hard", _plain_server("postmaster@x.example", "Undeliverable", f"The following recipient does not exist: {TO}. 550 no such mailbox")),
    (
        "automatic",
        _absent("Re: Press coverage", "Faleminderit për mesazhin tuaj. Jam me leje deri më 5 dhjetor.", "Auto-Submitted: auto-replied\n"),
    ),
    ("automatic", _absent("AUTO: Arta Lumi is out of the office", "I will be back", "")),
    ("automatic", _absent("Na bolovanju do daljnjeg", "Odgovoriću kad se vratim.", "")),
    ("automatic", _absent("Отсутна од канцеларија", "", "")),
    (
        "nothing",
        mail(
            f"From: Arta <{TO}>\nTo: {SENDER}\nSubject: Mail delivery: a story\nMessage-ID: <h9@r.example>",
            "The post returned the letters: address unknown.",
        ),
    ),
]


def later_shapes() -> Iterator[Shape]:
    yield from (Shape(f"later {number}", is_, raw) for number, (is_, raw) in enumerate(CASES))
