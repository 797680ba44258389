"""Mails as servers and absent people send them, invented after the forms that common servers use: (name, what it is, the bytes)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.header import Header

TO = "arta.lumi@redaksia.example"
SENDER = "coverage@ngo.example"
MESSAGE_ID = "<digest-7-weekly-3f2a@ngo.example>"
TOKEN = "k5yq7f3m2xw4r6tbn8zc9vhd2a"[:26].replace("8", "a").replace("9", "b")

HEAD = f"""Return-Path: <{SENDER}>
Received: from mail.ngo.example (mail.ngo.example [192.0.2.10]) by mx.example with ESMTPS id 4Zx; Mon, 23 Nov 2026 09:00:03 +0000
From: Press coverage <{SENDER}>
To: Arta Lumi <{TO}>
Subject: Press coverage, week 47
Date: Mon, 23 Nov 2026 09:00:00 +0000
Message-ID: {MESSAGE_ID}
X-Letter-Token: {TOKEN}
List-Unsubscribe: <mailto:{SENDER}?subject=unsubscribe>
"""


@dataclass(frozen=True)
class Shape:
    name: str
    is_: str  # hard, soft, delayed, arrived, automatic, nothing
    raw: bytes


def mail(headers: str, body: str) -> bytes:
    return (headers.strip("\n") + "\nDate: Mon, 23 Nov 2026 09:01:00 +0000\n\n" + body).replace("\n", "\r\n").encode()


def _report(
    daemon: str, subject: str, text: str, per_message: str, blocks: str, *, headers: str = "", original: str = HEAD, extra: str = ""
) -> bytes:
    returned = (
        f"\n--b1\nContent-Type: {'message/rfc822' if original.endswith('.') else 'text/rfc822-headers'}\n\n{original}" if original else ""
    )
    return mail(
        f"""Return-Path: <>
From: {daemon}
To: {SENDER}
Subject: {subject}
Message-ID: <dsn-{abs(hash((daemon, blocks, text))) % 10**9}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
{headers}Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
{extra}""",
        f"""This is a multi-part message in MIME format.

--b1
Content-Type: text/plain; charset=utf-8

{text}

--b1
Content-Type: message/delivery-status

{per_message}

{blocks}
{returned}
--b1--
""",
    )


def _postfix(diagnostic: str, status: str, action: str = "failed", text: str = "") -> bytes:
    subject = "Delayed Mail (still being retried)" if action == "delayed" else "Undelivered Mail Returned to Sender"
    said = (
        text
        or f"This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n<{TO}>: {diagnostic}"
    )
    if action == "delayed":
        said = f"This is the mail system at host mx.example.\n\n####################################################################\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####################################################################\n\nYour message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<{TO}>: {diagnostic}"
    blocks = f"Final-Recipient: rfc822; {TO}\nOriginal-Recipient: rfc822;{TO}\nAction: {action}\nStatus: {status}\nRemote-MTA: dns; mx.redaksia.example\nDiagnostic-Code: smtp; {diagnostic}"
    return _report(
        "MAILER-DAEMON@mx.example (Mail Delivery System)",
        subject,
        said,
        "Reporting-MTA: dns; mx.example\nX-Postfix-Queue-ID: 4ZxQ1y\nX-Postfix-Sender: rfc822; "
        + SENDER
        + "\nArrival-Date: Mon, 23 Nov 2026 09:00:03 +0000 (UTC)",
        blocks,
    )


POSTFIX = [
    (
        "unknown local",
        "hard",
        "550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: User unknown in virtual mailbox table",
        "5.1.1",
    ),
    (
        "unknown in local table",
        "hard",
        "550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: User unknown in local recipient table",
        "5.1.1",
    ),
    (
        "unknown in relay table",
        "hard",
        "550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: User unknown in relay recipient table",
        "5.1.1",
    ),
    ("dovecot unknown", "hard", "550 5.1.1 <arta.lumi@redaksia.example> User doesn't exist: arta.lumi@redaksia.example", "5.1.1"),
    (
        "undeliverable by probe",
        "hard",
        "550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: undeliverable address: host mx[192.0.2.4] said: 550 5.1.1 no such user",
        "5.1.1",
    ),
    (
        "domain not found",
        "hard",
        "Host or domain name not found. Name service error for name=redaksia.example type=A: Host not found",
        "5.4.4",
    ),
    ("null MX", "hard", "Domain redaksia.example does not accept mail (nullMX)", "5.1.10"),
    ("bad syntax", "hard", "550 5.1.3 bad address syntax", "5.1.3"),
    ("moved", "hard", "551 5.1.6 User has moved; please try the new address", "5.1.6"),
    ("disabled mailbox", "hard", "550 5.2.1 This mailbox is disabled", "5.2.1"),
    ("no mailbox, generic code", "hard", "550 No such user here", "5.0.0"),
    ("mailbox unavailable, generic", "hard", "550 5.5.0 Requested action not taken: mailbox unavailable", "5.5.0"),
    ("quota by policy server", "soft", "552 5.2.2 <arta.lumi@redaksia.example>: Recipient address rejected: Mailbox is full", "5.2.2"),
    ("dovecot quota", "soft", "552 5.2.2 <arta.lumi@redaksia.example> Quota exceeded (mailbox for user is full)", "5.2.2"),
    (
        "quota, temporary",
        "soft",
        "452 4.2.2 <arta.lumi@redaksia.example> Mailbox is full / Blocks limit exceeded / Inode limit exceeded",
        "4.2.2",
    ),
    ("expired", "soft", "connect to mx.redaksia.example[192.0.2.4]:25: Connection timed out", "4.4.1"),
    ("refused connection", "soft", "connect to mx.redaksia.example[192.0.2.4]:25: Connection refused", "4.4.1"),
    (
        "greylisted to the end",
        "soft",
        "450 4.2.0 <arta.lumi@redaksia.example>: Recipient address rejected: Greylisted, see postgrey documentation",
        "4.2.0",
    ),
    (
        "unknown for now",
        "soft",
        "450 4.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: unverified address: Address verification in progress",
        "4.1.1",
    ),
    (
        "name server fails",
        "soft",
        "Host or domain name not found. Name service error for name=redaksia.example type=MX: Host not found, try again",
        "4.4.3",
    ),
    (
        "client blocked",
        "soft",
        "554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.10",
        "5.7.1",
    ),
    ("relay denied", "soft", "554 5.7.1 <arta.lumi@redaksia.example>: Relay access denied", "5.7.1"),
    ("sender rejected", "soft", "550 5.1.8 <coverage@ngo.example>: Sender address rejected: Domain not found", "5.1.8"),
    ("sender unverified", "soft", "550 5.7.1 <coverage@ngo.example>: Sender address rejected: undeliverable address", "5.7.1"),
    ("too large", "soft", "552 5.3.4 Message size exceeds fixed limit", "5.3.4"),
    ("spam words", "soft", "550 5.7.1 Message rejected as spam by Content Filtering", "5.7.1"),
    ("loop", "soft", "554 5.4.6 Too many hops 26 (25 max): from <coverage@ngo.example>", "5.4.6"),
    ("mail for me loops back", "soft", "mail for redaksia.example loops back to myself", "5.4.6"),
    ("DMARC", "soft", "550 5.7.26 Unauthenticated email from ngo.example is not accepted due to domain's DMARC policy", "5.7.26"),
    ("system full", "soft", "452 4.3.1 Insufficient system storage", "4.3.1"),
    ("no space", "soft", "cannot update mailbox /var/mail/arta for user arta. error writing message: No space left on device", "5.2.2"),
    ("file too large", "soft", "cannot update mailbox /var/mail/arta for user arta. error writing message: File too large", "5.2.2"),
    ("temporary lookup", "soft", "451 4.3.0 <arta.lumi@redaksia.example>: Temporary lookup failure", "4.3.0"),
    ("tls required", "soft", "530 5.7.0 Must issue a STARTTLS command first", "5.7.0"),
    ("alias expands to nobody", "soft", "mail forwarding loop for arta.lumi@redaksia.example", "5.4.6"),
    ("amavis", "soft", "554 5.7.0 Reject, id=0815-01 - spam", "5.7.0"),
    ("conversation lost", "soft", "lost connection with mx.redaksia.example[192.0.2.4] while sending RCPT TO", "4.4.2"),
]


def _exchange(
    code: str,
    words: str,
    *,
    daemon: str = "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@redaksia.example",
    status: str = "",
    subject: str = "Undeliverable: Press coverage, week 47",
    action: str = "failed",
) -> bytes:
    return _report(
        daemon,
        subject,
        f"Delivery has failed to these recipients or groups:\n\n{TO}\n{words}\n\nDiagnostic information for administrators:\n\nGenerating server: AM0PR01.eurprd01.prod.outlook.example\n\n{TO}\nRemote Server returned '{code} {words}'",
        "Reporting-MTA: dns;AM0PR01.eurprd01.prod.outlook.example\nReceived-From-MTA: dns;mail.ngo.example\nArrival-Date: Mon, 23 Nov 2026 09:00:03 +0000",
        f"Final-Recipient: rfc822;{TO}\nAction: {action}\nStatus: {status or code.split(' ')[-1]}\nDiagnostic-Code: smtp;{code} {words}\nX-Display-Name: Arta Lumi",
        headers="X-MS-Exchange-Message-Is-Ndr:\nContent-Language: en-US\nx-auto-response-suppress: All\n",
    )


EXCHANGE = [
    ("not found", "hard", "550 5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    ("old not found", "hard", "550 5.1.1", "RESOLVER.ADR.ExRecipNotFound; not found"),
    (
        "edge blocks",
        "hard",
        "550 5.4.1",
        "Recipient address rejected: Access denied. AS(201806281) [AM0EUR01FT012.eop-EUR01.prod.protection.outlook.example]",
    ),
    ("old recipient rejected", "hard", "550 5.1.1", "RecipNotFound; Recipient address rejected: User unknown"),
    ("mailbox disabled", "hard", "550 5.2.1", "STOREDRV; mailbox disabled"),
    (
        "domain does not exist",
        "hard",
        "550 5.4.310",
        "DNS domain redaksia.example does not exist [Message=InfoDomainNonexistent] [LastAttemptedServerName=redaksia.example]",
    ),
    (
        "full",
        "soft",
        "554 5.2.2",
        "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded; Failed to process message due to a permanent exception",
    ),
    ("full 2", "soft", "550 5.2.2", "STOREDRV.Deliver; mailbox full"),
    (
        "restricted group",
        "soft",
        "550 5.7.133",
        "RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group",
    ),
    ("not authorised", "soft", "550 5.7.1", "RESOLVER.RST.NotAuthorized; not authorized"),
    ("restricted mailbox", "soft", "550 5.7.134", "RESOLVER.RST.SenderNotAuthenticatedForMailbox; authentication required"),
    ("transport rule", "soft", "550 5.7.1", "TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy"),
    (
        "blocked ip",
        "soft",
        "550 5.7.606",
        "Access denied, banned sending IP [192.0.2.10]. To request removal from this list please visit https://sender.office.example/",
    ),
    ("blocked list", "soft", "550 5.7.1", "Service unavailable, Client host [192.0.2.10] blocked using Spamhaus"),
    ("too large", "soft", "550 5.2.3", "RESOLVER.RST.RecipSizeLimit; message too large for this recipient"),
    ("too many hops", "soft", "554 5.4.14", "Hop count exceeded - possible mail loop ATTR34"),
    ("loop of forwards", "soft", "554 5.4.6", "Hop count exceeded - possible mail loop"),
    ("expired", "soft", "550 5.4.300", "Message expired -> 451 4.4.397 Error communicating with target host"),
    ("expired 2", "soft", "550 4.4.7", "QUEUE.Expired; message expired"),
    ("dns fails", "soft", "550 5.4.312", "Message expired, DNS query failed (ServerFailure)"),
    ("relay", "soft", "550 5.7.54", "SMTP; Unable to relay recipient in non-accepted domain"),
    (
        "dmarc",
        "soft",
        "550 5.7.509",
        "Access denied, sending domain ngo.example does not pass DMARC verification and has a DMARC policy of reject.",
    ),
    ("spf", "soft", "550 5.7.23", "The message was rejected because of Sender Policy Framework violation"),
    ("over limit", "soft", "550 5.2.121", "RecipientLimitExceeded; Recipient's per hour message receive limit exceeded"),
    ("content", "soft", "550 5.6.0", "CAT.InvalidContent.Exception: InvalidCharsetException; cannot handle content of message"),
    ("public folder", "soft", "550 5.7.135", "RESOLVER.RST.SenderNotAuthenticatedForPublicFolder; authentication required"),
    ("tenant blocked", "soft", "550 5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP"),
    ("no hybrid route", "soft", "550 5.4.317", "Message expired, cannot connect to remote server"),
]


def _gmail(words: str, status: str, action: str = "failed") -> bytes:
    failed = action == "failed"
    heading = (
        "** Address not found **" if "does not exist" in words else "** Message not delivered **" if failed else "** Delivery incomplete **"
    )
    tail = (
        ""
        if failed
        else "\n\nThere was a temporary problem delivering your message. Gmail will retry for 45 more hours. You'll be notified if the delivery fails permanently."
    )
    return _report(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        "Delivery Status Notification (Failure)" if failed else "Delivery Status Notification (Delay)",
        f"\n{heading}\n\nYour message wasn't delivered to {TO} because of the reason below.{tail}\n\nThe response was:\n\n{words}",
        "Reporting-MTA: dns; googlemail.example\nReceived-From-MTA: dns; coverage@ngo.example\nArrival-Date: Mon, 23 Nov 2026 01:00:03 -0800 (PST)\nX-Original-Message-ID: "
        + MESSAGE_ID,
        f"Final-Recipient: rfc822; {TO}\nAction: {action}\nStatus: {status}\nRemote-MTA: dns; gmail-smtp-in.l.google.example. (192.0.2.27, the server for the domain.)\nDiagnostic-Code: smtp; {words}\nLast-Attempt-Date: Mon, 23 Nov 2026 01:00:04 -0800 (PST)",
        headers="X-Failed-Recipients: " + TO + "\n" if failed else "",
    )


GMAIL = [
    (
        "no account",
        "hard",
        "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or unnecessary spaces. 550 5.1.1 https://support.google.example/mail/?p=NoSuchUser a640c23a62f3a - gsmtp",
        "5.1.1",
    ),
    (
        "disabled",
        "hard",
        "550-5.2.1 The email account that you tried to reach is disabled. 550 5.2.1 https://support.google.example/mail/?p=DisabledUser - gsmtp",
        "5.2.1",
    ),
    (
        "inactive",
        "hard",
        "550-5.2.1 The email account that you tried to reach is inactive. 550 5.2.1 https://support.google.example/mail/?p=DisabledUser - gsmtp",
        "5.2.1",
    ),
    (
        "domain not found",
        "hard",
        "DNS Error: 12345678 DNS type 'mx' lookup of redaksia.example responded with code NXDOMAIN Domain name not found: redaksia.example",
        "5.1.2",
    ),
    (
        "over quota",
        "soft",
        "552-5.2.2 The recipient's inbox is out of storage space. Please direct the recipient to https://support.google.example/mail/?p=OverQuotaPerm - gsmtp",
        "5.2.2",
    ),
    (
        "over quota, passing",
        "soft",
        "452-4.2.2 The recipient's inbox is out of storage space and inactive. 452 4.2.2 https://support.google.example/mail/?p=OverQuotaTemp - gsmtp",
        "4.2.2",
    ),
    (
        "too fast",
        "soft",
        "450-4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. - gsmtp",
        "4.2.1",
    ),
    (
        "too fast, for good",
        "soft",
        "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered (quota of the day) - gsmtp",
        "5.2.1",
    ),
    (
        "unauthenticated",
        "soft",
        "550-5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM. - gsmtp",
        "5.7.26",
    ),
    (
        "spam",
        "soft",
        "550-5.7.1 [192.0.2.10 12] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked. - gsmtp",
        "5.7.1",
    ),
    (
        "bad reputation",
        "soft",
        "550-5.7.1 Our system has detected that this message is likely suspicious due to the very low reputation of the sending domain. - gsmtp",
        "5.7.1",
    ),
    (
        "ptr",
        "soft",
        "550-5.7.25 [192.0.2.10] The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS entry does not point to the sending IP. - gsmtp",
        "5.7.25",
    ),
    ("too large", "soft", "552-5.3.4 Your message exceeded Gmail's message size limits. - gsmtp", "5.3.4"),
    ("attachment", "soft", "552-5.7.0 This message was blocked because its content presents a potential security issue. - gsmtp", "5.7.0"),
    (
        "group rejects",
        "soft",
        "550-5.7.1 We're writing to let you know that the group you tried to contact may not exist, or you may not have permission to post messages to the group. - gsmtp",
        "5.7.1",
    ),
    (
        "no answer",
        "soft",
        "The recipient server did not accept our requests to connect. [mx.redaksia.example 192.0.2.4: timed out]",
        "4.4.1",
    ),
]


def _sendmail(text: str, status: str, diagnostic: str, action: str = "failed") -> bytes:
    delayed = action == "delayed"
    head = (
        "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n"
        if delayed
        else ""
    )
    return _report(
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
        "Warning: could not send message for past 4 hours" if delayed else "Returned mail: see transcript for details",
        f"{head}The original message was received at Mon, 23 Nov 2026 09:00:03 GMT\nfrom mail.ngo.example [192.0.2.10]\n\n   ----- {'The following addresses had transient non-fatal errors' if delayed else 'The following addresses had permanent fatal errors'} -----\n<{TO}>\n    (reason: {diagnostic})\n\n   ----- Transcript of session follows -----\n{text}",
        "Reporting-MTA: dns; mx.example\nReceived-From-MTA: DNS; mail.ngo.example\nArrival-Date: Mon, 23 Nov 2026 09:00:03 GMT",
        f"Final-Recipient: RFC822; {TO}\nAction: {action}\nStatus: {status}\nRemote-MTA: DNS; mx.redaksia.example\nDiagnostic-Code: SMTP; {diagnostic}\nLast-Attempt-Date: Mon, 23 Nov 2026 09:00:04 GMT",
    )


SENDMAIL = [
    ("unknown", "hard", f"550 5.1.1 <{TO}>... User unknown", "5.1.1", "550 5.1.1 User unknown"),
    (
        "host unknown",
        "hard",
        f"550 5.1.2 <{TO}>... Host unknown (Name server: redaksia.example: host not found)",
        "5.1.2",
        "550 5.1.2 Host unknown",
    ),
    (
        "no such user",
        "hard",
        f"... while talking to mx.redaksia.example.:\n>>> RCPT To:<{TO}>\n<<< 550 no such user",
        "5.1.1",
        "550 no such user",
    ),
    ("quota", "soft", "552 5.2.2 mailbox quota exceeded", "5.2.2", "552 5.2.2 quota exceeded"),
    ("quota in 5.0.0", "soft", "mail.local: Disc quota exceeded", "5.0.0", "552 Disc quota exceeded for user"),
    ("mailer error", "soft", "554 5.3.0 unknown mailer error 1", "5.3.0", "554 5.3.0 unknown mailer error 1"),
    (
        "expired",
        "soft",
        "Message could not be delivered for 5 days\nMessage will be deleted from queue",
        "4.4.7",
        "451 timeout waiting for input from mx.redaksia.example.",
    ),
    (
        "refused",
        "soft",
        "Deferred: Connection refused by mx.redaksia.example.\nMessage could not be delivered for 5 days",
        "4.4.1",
        "421 4.4.1 Connection refused",
    ),
    (
        "rejected by list",
        "soft",
        "553 5.3.0 Spam blocked see: https://spamcop.example/bl.shtml?192.0.2.10",
        "5.3.0",
        "553 5.3.0 Spam blocked see: spamcop",
    ),
    ("access denied", "soft", "550 5.7.1 Access denied", "5.7.1", "550 5.7.1 Access denied"),
    ("cannot receive", "soft", "554 5.0.0 Service unavailable", "5.0.0", "554 5.0.0 Service unavailable"),
    (
        "local config",
        "soft",
        "553 5.3.5 system config error; mail loops back to me (MX problem?)",
        "5.3.5",
        "553 5.3.5 system config error",
    ),
]


def _exim(diagnostic: str, *, header: bool = True, warning: bool = False) -> bytes:
    failed = f"X-Failed-Recipients: {TO}\n" if header and not warning else ""
    if warning:
        body = f"This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.\n\nThe message identifier is:     1tEuXy-0001Ab-2C\nThe subject of the message is: Press coverage, week 47\n\nThe address to which the message has not yet been delivered is:\n\n  {TO}\n    Delay reason: {diagnostic}\n\nNo action is required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated at intervals if the message\nremains undelivered. Eventually the mail delivery software will give up,\nand when that happens, the message will be returned to you."
    else:
        body = f"This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {TO}\n    {diagnostic}\n\n------ This is a copy of the message, including all the headers. ------\n\n{HEAD}\nThe week in the press.\n"
    subject = "Warning: message 1tEuXy-0001Ab-2C delayed 24 hours" if warning else "Mail delivery failed: returning message to sender"
    return mail(
        f"Return-path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: {SENDER}\nSubject: {subject}\nAuto-Submitted: auto-replied\n{failed}Message-ID: <E1tEuXy@mx.example>",
        body,
    )


EXIM = [
    (
        "unknown",
        "hard",
        "host mx.redaksia.example [192.0.2.4]\n    SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 5.1.1 User unknown",
    ),
    (
        "no such user",
        "hard",
        "host mx.redaksia.example [192.0.2.4]\n    SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 No Such User Here",
    ),
    ("unrouteable", "hard", "Unrouteable address"),
    ("cpanel no such user", "hard", "No Such User Here"),
    ("cpanel with quotes", "hard", 'No Such User Here"'),
    ("no mx", "hard", "all relevant MX records point to non-existent hosts"),
    ("unknown local user", "hard", "Unknown user"),
    (
        "mailbox does not exist",
        "hard",
        "SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 Mailbox does not exist",
    ),
    (
        "account suspended",
        "hard",
        "SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 5.2.1 Account disabled",
    ),
    ("cpanel quota", "soft", "Mailbox quota exceeded: mailbox is full"),
    ("mailbox is full", "soft", "mailbox is full (MTA-imposed quota exceeded while writing to file /var/mail/r/new)"),
    ("retry timeout", "soft", "retry timeout exceeded"),
    ("retry and all hosts", "soft", "all hosts for 'redaksia.example' have been failing for a long time (and retry time not reached)"),
    ("timeout", "soft", "host mx.redaksia.example [192.0.2.4]\n    Connection timed out: retry timeout exceeded"),
    (
        "sender verify",
        "soft",
        "SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 Verification failed for <coverage@ngo.example>\n    550 Sender verify failed",
    ),
    ("spam", "soft", "SMTP error from remote mail server after end of data:\n    550 High probability of spam"),
    (
        "cpanel hourly limit",
        "soft",
        "Domain ngo.example has exceeded the max defers and failures per hour (5/5 (100%)) allowed. Message discarded.",
    ),
    (
        "relay",
        "soft",
        "SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 relay not permitted, authentication required",
    ),
    (
        "rbl",
        "soft",
        'SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 "JunkMail rejected - mail.ngo.example [192.0.2.10] is in an RBL, see https://www.spamhaus.org/"',
    ),
    (
        "too big",
        "soft",
        "SMTP error from remote mail server after MAIL FROM:<coverage@ngo.example> SIZE=45000000:\n    552 Message size exceeds maximum permitted",
    ),
    (
        "helo",
        "soft",
        "SMTP error from remote mail server after RCPT TO:<arta.lumi@redaksia.example>:\n    550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
    ),
    (
        "no such domain of sender",
        "soft",
        "SMTP error from remote mail server after MAIL FROM:<coverage@ngo.example>:\n    550 sender domain does not exist",
    ),
    ("local delivery", "soft", "local delivery failed"),
    (
        "pipe",
        "soft",
        "pipe to |/usr/local/bin/autorespond generated by arta.lumi@redaksia.example\n    local delivery failed: Child process returned 1",
    ),
]


def _qmail(said: str) -> bytes:
    return mail(
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: {SENDER}\nSubject: failure notice\nMessage-ID: <q1@mx.example>",
        f"Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{TO}>:\n{said}\n\n--- Below this line is a copy of the message.\n\n{HEAD}\nThe week.\n",
    )


QMAIL = [
    ("no mailbox", "hard", "Sorry, no mailbox here by that name. (#5.1.1)"),
    ("vpopmail", "hard", "Sorry, no mailbox here by that name. vpopmail (#5.1.1)"),
    ("no such user", "hard", "192.0.2.4 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.4."),
    ("no host", "hard", "Sorry, I couldn't find any host named redaksia.example. (#5.1.2)"),
    ("disabled", "hard", "192.0.2.4 does not like recipient.\nRemote host said: 550 5.2.1 mailbox disabled\nGiving up on 192.0.2.4."),
    ("old unknown", "hard", "192.0.2.4 does not like recipient.\nRemote host said: 550 unknown user arta.lumi\nGiving up on 192.0.2.4."),
    ("over quota", "soft", "user is over quota (#5.2.2)"),
    ("account over quota", "soft", "The users mailfolder is over the allowed quota (size). (#5.2.2)"),
    (
        "too long in the queue",
        "soft",
        "192.0.2.4 does not like recipient.\nRemote host said: 450 4.2.0 Greylisted, please try again\nGiving up on 192.0.2.4.\nI'm not going to try again; this message has been in the queue too long.",
    ),
    (
        "no connection",
        "soft",
        "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.",
    ),
    ("spam", "soft", "192.0.2.4 failed after I sent the message.\nRemote host said: 554 5.7.1 Spam message rejected"),
    ("loop", "soft", "This message is looping: it already has my Delivered-To line. (#5.4.6)"),
    (
        "sender",
        "soft",
        "192.0.2.4 does not like recipient.\nRemote host said: 553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)\nGiving up on 192.0.2.4.",
    ),
    (
        "rcpthosts",
        "soft",
        "192.0.2.4 does not like recipient.\nRemote host said: 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)\nGiving up on 192.0.2.4.",
    ),
]


def _yahoo(said: str) -> bytes:
    return mail(
        f"Return-Path: <>\nFrom: mailer-daemon@yahoo.example\nTo: {SENDER}\nSubject: Failure Notice\nMessage-ID: <y1@yahoo.example>",
        f"Sorry, we were unable to deliver your message to the following address.\n\n<{TO}>:\n{said}\n\n--- Below this line is a copy of the message.\n\n{HEAD}\nThe week.\n",
    )


YAHOO = [
    (
        "no account",
        "hard",
        "554: delivery error: dd This user doesn't have a yahoo.example account (arta.lumi@redaksia.example) [-5] - mta1234.mail.yahoo.example",
    ),
    ("no mailbox", "hard", "552 1 Requested mail action aborted, mailbox not found"),
    (
        "disabled account",
        "hard",
        "554: delivery error: dd Sorry, your message to arta.lumi@redaksia.example cannot be delivered. This mailbox is disabled (554.30). - mta1299.mail.example",
    ),
    ("remote unknown", "hard", "Remote host said: 550 5.1.1 unknown or illegal alias: arta.lumi@redaksia.example [RCPT_TO]"),
    (
        "over quota",
        "soft",
        "554: delivery error: dd Sorry, your message to arta.lumi@redaksia.example cannot be delivered. This account is over quota. - mta1100.mail.example",
    ),
    (
        "too many",
        "soft",
        "Remote host said: 421 4.7.0 [TSS04] Messages from 192.0.2.10 temporarily deferred due to user complaints [MAIL_FROM]",
    ),
    (
        "dmarc",
        "soft",
        "Remote host said: 554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahoo.example/error-codes [DATA]",
    ),
    ("no connection", "soft", "Unable to deliver message after multiple retries, giving up. Connection timed out"),
]


def _plain_server(sender: str, subject: str, body: str, headers: str = "", returned: bool = True) -> bytes:
    tail = f"\n\n----- Original message -----\n\n{HEAD}" if returned else ""
    return mail(
        f"Return-Path: <>\nFrom: {sender}\nTo: {SENDER}\nSubject: {subject}\nMessage-ID: <p1@mx.example>\n{headers}", f"{body}{tail}\n"
    )


OTHERS = [
    ("zimbra", "hard", _postfix("550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: redaksia.example", "5.1.1")),
    ("zimbra quota", "soft", _postfix("552 5.2.2 <arta.lumi@redaksia.example> Over quota (in reply to end of DATA command)", "5.2.2")),
    ("icloud unknown", "hard", _postfix("550 5.1.1 <arta.lumi@redaksia.example>: user does not exist", "5.1.1")),
    ("icloud full", "soft", _postfix("552 5.2.2 <arta.lumi@redaksia.example>: user is over quota", "5.2.2")),
    (
        "outlook.com unknown",
        "hard",
        _postfix(
            "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [DB3EUR04FT037.eop-eur04.prod.protection.outlook.example]",
            "5.5.0",
        ),
    ),
    (
        "outlook.com blocked",
        "soft",
        _postfix(
            "550 5.7.1 Unfortunately, messages from [192.0.2.10] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
            "5.7.1",
        ),
    ),
    (
        "outlook.com too many",
        "soft",
        _postfix("451 4.7.650 The mail server [192.0.2.10] has been temporarily rate limited due to IP reputation", "4.7.650"),
    ),
    ("aol", "hard", _postfix("550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: aol.example", "5.1.1")),
    (
        "gmx unknown",
        "hard",
        _postfix(
            "550 Requested action not taken: mailbox unavailable For explanation visit https://postmaster.gmx.example/en/error-messages?ip=192.0.2.10&c=hi",
            "5.0.0",
        ),
    ),
    (
        "gmx full",
        "soft",
        _postfix("552 Requested mail action aborted: exceeded storage allocation Quota exceeded. The recipients mailbox is full.", "5.0.0"),
    ),
    (
        "mail.ru unknown",
        "hard",
        _postfix(
            "550 Message was not accepted -- invalid mailbox. Local mailbox arta.lumi@redaksia.example is unavailable: user not found",
            "5.0.0",
        ),
    ),
    ("mail.ru full", "soft", _postfix("552 5.2.2 Mailbox arta.lumi@redaksia.example is full, user can not receive mail", "5.2.2")),
    ("yandex", "soft", _postfix("550 5.7.1 No such user!", "5.7.1")),
    (
        "proton unknown",
        "hard",
        _postfix("550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: Address does not exist", "5.1.1"),
    ),
    (
        "mimecast policy",
        "soft",
        _postfix("550 Administrative prohibition - envelope blocked - https://community.mimecast.example/docs/DOC-1369#550 [Xg1]", "5.0.0"),
    ),
    ("mimecast unknown", "hard", _postfix("550 Invalid Recipient - https://community.mimecast.example/docs/DOC-1369#550 [Zk3]", "5.0.0")),
    ("proofpoint unknown", "hard", _postfix("550 5.1.1 User Unknown", "5.1.1")),
    ("proofpoint blocked", "soft", _postfix("554 Blocked - see https://ipcheck.proofpoint.example/?ip=192.0.2.10", "5.0.0")),
    ("barracuda", "soft", _postfix("550 permanent failure for one or more recipients (arta.lumi@redaksia.example:blocked)", "5.0.0")),
    (
        "barracuda unknown",
        "hard",
        _postfix("550 permanent failure for one or more recipients (arta.lumi@redaksia.example:550 5.1.1 recipient unknown)", "5.0.0"),
    ),
    ("opensmtpd", "hard", _postfix("550 Invalid recipient: arta.lumi@redaksia.example", "5.0.0")),
    ("kerio", "hard", _postfix("550 5.1.1 Mailbox <arta.lumi@redaksia.example> does not exist", "5.1.1")),
    ("mdaemon", "hard", _postfix("550 <arta.lumi@redaksia.example>, Recipient unknown", "5.0.0")),
    ("mailenable", "hard", _postfix("550 Requested action not taken: mailbox unavailable or not local", "5.0.0")),
    ("icewarp", "hard", _postfix("550 5.1.1 <arta.lumi@redaksia.example> User unknown; rejecting", "5.1.1")),
    ("groupwise", "hard", _postfix("550 Mailbox for user arta.lumi not found. (redaksia)", "5.0.0")),
    (
        "domino",
        "hard",
        _postfix("550 5.1.1 arta.lumi@redaksia.example... User Unknown; User (arta.lumi) not listed in Domino Directory", "5.1.1"),
    ),
    ("lotus notes full", "soft", _postfix("452 4.2.2 Mailbox full", "4.2.2")),
    (
        "rackspace",
        "hard",
        _postfix("550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: User unknown in virtual mailbox table (G3)", "5.1.1"),
    ),
    ("zoho unknown", "hard", _postfix("550 5.1.1 User does not exist - <arta.lumi@redaksia.example>", "5.1.1")),
    ("zoho policy", "soft", _postfix("541 5.4.1 Mail rejected by destination domain", "5.4.1")),
    (
        "fastmail",
        "hard",
        _postfix("550 5.1.1 <arta.lumi@redaksia.example>: Recipient address rejected: User unknown in virtual mailbox table", "5.1.1"),
    ),
    (
        "lmtp gone",
        "hard",
        _postfix(
            "550-Mailbox unknown. Either there is no mailbox associated with this 550-name or you do not have authorization to see it. 550 5.1.1 User unknown",
            "5.1.1",
        ),
    ),
    ("cyrus over quota", "soft", _postfix("552 5.2.2 Over quota SESSIONID=<mx-1>", "5.2.2")),
    ("sr: nepostojeci", "hard", _postfix("550 5.1.1 Korisnik ne postoji na ovom serveru", "5.1.1")),
    ("receipt", "arrived", _postfix("250 2.1.5 Delivery OK", "2.1.5", "delivered")),
    ("relayed", "arrived", _postfix("250 2.0.0 Ok: queued as 4Zx", "2.0.0", "relayed")),
    (
        "free: user unknown",
        "hard",
        _plain_server(
            "postmaster@redaksia.example", "Undeliverable mail", f"Your message to {TO} could not be delivered:\n550 5.1.1 user unknown"
        ),
    ),
    (
        "free: imail",
        "hard",
        _plain_server(
            "Postmaster <postmaster@redaksia.example>",
            "Undeliverable Mail",
            f"Unknown user: {TO}\n\nRCPT TO generated following response:\n550 unknown user",
        ),
    ),
    (
        "free: mailbox full",
        "soft",
        _plain_server("MAILER-DAEMON@redaksia.example", "Mail could not be delivered", f"The mailbox of {TO} is full; delivery failed."),
    ),
    (
        "free: in Serbian",
        "hard",
        _plain_server(
            "postmaster@redaksia.example", "Neisporučena pošta", f"Vaša poruka nije isporučena na {TO}: adresa ne postoji. 550 5.1.1"
        ),
    ),
    (
        "free: full, in Croatian",
        "soft",
        _plain_server(
            "postmaster@redaksia.example", "Poruka nije isporučena", f"Poruka za {TO} nije isporučena: sandučić je pun. 552 5.2.2"
        ),
    ),
    (
        "free: in Albanian",
        "hard",
        _plain_server(
            "postmaster@redaksia.example", "Mesazhi nuk u dorëzua", f"Mesazhi juaj nuk u dorëzua te {TO}: llogaria nuk ekziston. 550 5.1.1"
        ),
    ),
    (
        "free: no reason",
        "soft",
        _plain_server("MAILER-DAEMON@redaksia.example", "Undeliverable: Press coverage", f"Your message to {TO} was not delivered."),
    ),
    (
        "free: virus",
        "soft",
        _plain_server(
            "postmaster@redaksia.example",
            "Message rejected: Press coverage",
            f"Your message to {TO} was not delivered because it contains a virus.",
        ),
    ),
    (
        "free: person has left",
        "automatic",
        mail(
            f"From: Arta Lumi <{TO}>\nTo: {SENDER}\nSubject: Automatic reply: Press coverage\nAuto-Submitted: auto-replied\nMessage-ID: <l1@r.example>",
            "I no longer work here. Please write to info@redaksia.example.",
        ),
    ),
    (
        "disabled list of two, one arrives",
        "soft",
        _report(
            "MAILER-DAEMON@mx.example",
            "Undelivered Mail",
            "One of two.",
            "Reporting-MTA: dns; mx.example",
            "Final-Recipient: rfc822; a@redaksia.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\nFinal-Recipient: rfc822; b@redaksia.example\nAction: failed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 full",
        ),
    ),
]

DELAYED = [
    ("postfix", _postfix("connect to mx.redaksia.example[192.0.2.4]:25: Connection timed out", "4.4.1", "delayed")),
    ("postfix, code of 5", _postfix("550 5.1.1 User unknown (being looked up again)", "5.1.1", "delayed")),
    ("sendmail", _sendmail("451 4.4.1 reply: read error from mx.redaksia.example.", "4.4.1", "451 4.4.1 read error", "delayed")),
    ("exim", _exim("SMTP error from remote mail server after RCPT TO: 450 4.2.0 greylisted", warning=True)),
    ("exim, unknown", _exim("SMTP error from remote mail server after RCPT TO: 451 user unknown, please try later", warning=True)),
    ("gmail", _gmail("The recipient server did not accept our requests to connect.", "4.4.1", "delayed")),
    ("exchange", _exchange("400 4.4.7", "Message delayed", action="delayed", subject="Delivery delayed: Press coverage, week 47")),
    (
        "mdaemon",
        _plain_server(
            "MDaemon at mx.example <MDaemon@mx.example>",
            "Warning: message delayed",
            f"Your message to {TO} has been delayed. Delivery attempts will continue.",
            "Auto-Submitted: auto-generated\n",
        ),
    ),
]


def _absent(subject: str, body: str, headers: str = "Auto-Submitted: auto-replied\n") -> bytes:
    return mail(
        f"From: Arta Lumi <{TO}>\nTo: {SENDER}\nSubject: {Header(subject, 'utf-8').encode()}\nMessage-ID: <a1@redaksia.example>\nIn-Reply-To: {MESSAGE_ID}\nContent-Type: text/plain; charset=utf-8\n{headers}",
        body,
    )


ABSENT = [
    (
        "en",
        "Automatic reply: Press coverage, week 47",
        "I am out of the office until 30 November. For urgent matters write to desk@redaksia.example.",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
    ),
    ("en, vacation(1)", "Re: Press coverage, week 47 (out of office)", "I am on vacation.", "Precedence: bulk\n"),
    ("en, without a header", "Out of Office: Press coverage", "Back on Monday.", ""),
    ("en, X-Autoreply", "Re: Press coverage", "I am away.", "X-Autoreply: yes\n"),
    ("sq", "Përgjigje automatike: Press coverage", "Jam me pushime deri më 30 nëntor.", ""),
    ("sq 2", "Jashtë zyre", "Nuk jam në zyrë.", ""),
    ("sr-Latn", "Automatski odgovor: Press coverage", "Na godišnjem odmoru sam do 30. novembra.", ""),
    ("sr-Cyrl", "Аутоматски одговор: Преглед штампе", "Нисам у канцеларији.", "Auto-Submitted: auto-replied\n"),
    ("sr-Cyrl, subject alone", "Одсутна сам до понедељка", "На годишњем одмору.", ""),
    ("hr", "Izvan ureda: Press coverage", "Trenutno nisam u uredu.", ""),
    ("bs", "Automatska poruka", "Odsutan sam do ponedjeljka.", ""),
    ("cnr", "Odsustvo - godišnji odmor", "Na godišnjem sam odmoru.", "X-Autorespond: yes\n"),
    ("mk", "Автоматски одговор: Press coverage", "Не сум во канцеларија до понеделник.", ""),
    ("mk 2", "На годишен одмор", "Ќе се вратам во понеделник.", ""),
    (
        "with a code in it",
        "Automatic reply: ticket 5.1.1",
        "Your ticket 550 5.1.1 was received; user unknown will call you.",
        "Auto-Submitted: auto-replied\n",
    ),
    ("empty return path", "Out of office", "User arta.lumi is away.", "Return-Path: <>\nAuto-Submitted: auto-replied\n"),
    ("de", "Abwesenheitsnotiz: Press coverage", "Ich bin nicht im Büro.", ""),
]

CHALLENGES = [
    (
        "boxtrapper",
        "Your email requires verification verify#kJ3h",
        "The message you sent requires that you verify that you are a real live human being and not a spam source.\nTo complete this verification, simply reply to this message.",
        "Auto-Submitted: auto-replied\nPrecedence: bulk\n",
    ),
    (
        "spamarrest",
        "Re: Press coverage (verification)",
        "Please click here to verify your message so that it will be delivered: https://spamarrest.example/a2?x",
        "Auto-Submitted: auto-replied\n",
    ),
    (
        "tmda",
        "Please confirm your message",
        "To release your message for delivery, please send an empty message to the address above.",
        "Precedence: bulk\nReturn-Path: <>\n",
    ),
    (
        "ticket",
        "[#4711] We received your message",
        "Your request was received and a ticket was opened.",
        "Auto-Submitted: auto-generated\nX-Autorespond: ticket\n",
    ),
]

NOTHING = [
    (
        "a person",
        mail(
            f"From: Arta <{TO}>\nTo: {SENDER}\nSubject: Re: Press coverage, week 47\nMessage-ID: <h1@r.example>", "Thank you, very useful."
        ),
    ),
    (
        "a person who quotes a bounce",
        mail(
            f"From: Arta <{TO}>\nTo: {SENDER}\nSubject: letters came back?\nMessage-ID: <h2@r.example>",
            "A colleague got this:\n> 550 5.1.1 User unknown\nIs my address right?",
        ),
    ),
    (
        "a newsletter",
        mail(
            "From: Vijesti <news@vijesti.example>\nTo: coverage@ngo.example\nSubject: Failed talks: the day in news\nList-Id: <daily.vijesti.example>\nPrecedence: bulk\nMessage-ID: <n1@v.example>",
            "The mail was returned to sender, says the post office.",
        ),
    ),
    (
        "a person, about failure",
        mail(
            f"From: Arta <{TO}>\nTo: {SENDER}\nSubject: Undelivered promises of the agency\nMessage-ID: <h3@r.example>",
            "Have you seen https://redaksia.example/lajme/123 ?",
        ),
    ),
]


def every_shape() -> Iterator[Shape]:
    for made, table, name in (
        (_postfix, POSTFIX, "postfix"),
        (_gmail, GMAIL, "gmail"),
        (_sendmail, SENDMAIL, "sendmail"),
        (_exchange, EXCHANGE, "exchange"),
    ):
        yield from (Shape(f"{name}: {case}", kind, made(*given)) for case, kind, *given in table)  # type: ignore[operator]
    yield from (Shape(f"exim: {case}", kind, _exim(words, header=len(words) % 3 > 0)) for case, kind, words in EXIM)
    for said, rows, name in ((_qmail, QMAIL, "qmail"), (_yahoo, YAHOO, "yahoo")):
        yield from (Shape(f"{name}: {case}", kind, said(words)) for case, kind, words in rows)
    yield from (Shape(case, kind, raw) for case, kind, raw in OTHERS)
    yield from (Shape(f"delayed: {case}", "delayed", raw) for case, raw in DELAYED)
    yield from (Shape(f"absent: {case}", "automatic", _absent(*given)) for case, *given in (*ABSENT, *CHALLENGES))
    yield from (Shape(f"no report: {case}", "nothing", raw) for case, raw in NOTHING)
