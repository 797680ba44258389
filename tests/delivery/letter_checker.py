"""Reads a letter's bytes as a strict mail program would and names every fault: written for the tests, from the standards alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

ONCE = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Auto-Submitted",
    "List-Id",
    "List-Unsubscribe",
    "Content-Type",
)
NEEDED = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "List-Id", "List-Unsubscribe")
_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>\Z")
_LIST_ID = re.compile(r"(?:[^<>]+ )?<[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z0-9-]+>\Z")


class _Beginning(HTMLParser):
    """The class of the first element of the body that has words, and how many words it has."""

    def __init__(self) -> None:
        super().__init__()
        self.in_body, self.classes, self.found = False, [""], ("", 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_body = self.in_body or tag == "body"
        given = dict(attrs)
        self.classes.append(f"{given.get('class') or ''} {given.get('style') or ''}")

    def handle_endtag(self, tag: str) -> None:
        self.classes.pop() if len(self.classes) > 1 else None

    def handle_data(self, data: str) -> None:
        if self.in_body and data.strip() and not self.found[0]:
            self.found = (self.classes[-1] or "none", len(data.split()))


def faults(letter: bytes) -> list[str]:
    """Every fault of a letter of a list; empty when there is none."""
    return [*_lines(letter), *_headers(letter), *_parts(message_from_bytes(letter, policy=policy.default))]  # type: ignore[arg-type]


def _lines(letter: bytes) -> Iterator[str]:
    if b"\r" in letter.replace(b"\r\n", b"") or b"\n" in letter.replace(b"\r\n", b""):
        yield "RFC 5322 2.1: a line ends with CRLF"
    if any(len(line) > 998 for line in letter.split(b"\r\n")):
        yield "RFC 5322 2.1.1: a line is too long"
    if b"\r\n\r\n" not in letter:
        yield "RFC 5322 2.1: no body"
    if b"\0" in letter:
        yield "RFC 5322: NUL"
    for header in re.sub(rb"\r\n[ \t]", b" ", letter.partition(b"\r\n\r\n")[0]).split(b"\r\n"):
        name = header.partition(b":")[0]
        if name.lower().startswith((b"list-", b"message-id", b"auto-", b"date")) and b"=?" in header:
            yield f"RFC 2047 5: {name.decode()} may not be encoded"


def _headers(letter: bytes) -> Iterator[str]:
    message: EmailMessage = message_from_bytes(letter, policy=policy.default)  # type: ignore[assignment]
    counts = Counter(name.lower() for name in message)
    yield from (f"RFC 5322 3.6: {name} stands {counts[name.lower()]} times" for name in ONCE if counts[name.lower()] > 1)
    yield from (f"{name} is missing" for name in NEEDED if not counts[name.lower()])
    yield from (f"{name} names others" for name in ("Bcc", "Cc") if counts[name.lower()])
    if len(message["From"].addresses if message["From"] else ()) != 1 or len(message["To"].addresses if message["To"] else ()) != 1:
        yield "one sender and one recipient"
    yield from (f"{name}: {one}" for name in message for one in getattr(message[name], "defects", ()))
    if message["Date"] and parsedate_to_datetime(str(message["Date"])).tzinfo is None:
        yield "RFC 5322 3.3: Date has no zone"
    if not _ID.match(str(message["Message-ID"] or "").strip()):
        yield "RFC 5322 3.6.4: Message-ID"
    if message["Auto-Submitted"] and str(message["Auto-Submitted"]) != "auto-generated":
        yield "RFC 3834 5: Auto-Submitted"
    if message["List-Id"] and not _LIST_ID.match(str(message["List-Id"])):
        yield "RFC 2919 2: List-Id"
    yield from _leaving(message)


def _leaving(message: EmailMessage) -> Iterator[str]:
    ways = [way.strip() for way in str(message["List-Unsubscribe"] or "").split(",") if way.strip()]
    if not ways or not all(re.fullmatch(r"<(mailto:|https://)[^\s<>]+>", way) for way in ways):
        yield "RFC 2369 3.2: List-Unsubscribe"
    web = [way for way in ways if way.startswith("<https://")]
    post = message["List-Unsubscribe-Post"]
    if post and (str(post) != "List-Unsubscribe=One-Click" or len(web) != 1):
        yield "RFC 8058 3.1: one click needs one https address"
    if web and not post:
        yield "RFC 8058 3.1: an https address without one click"
    if any(way.startswith("<mailto:") and not parseaddr(way[8:-1].partition("?")[0].replace("%40", "@"))[1] for way in ways):
        yield "RFC 6068: mailto without an address"


def _parts(message: EmailMessage) -> Iterator[str]:
    parts = [part for part in message.walk() if not part.is_multipart()]
    yield from (f"{part.get_content_type()}: {defect}" for part in message.walk() for defect in part.defects)
    shown = [part for part in parts if part.get_content_disposition() != "attachment"]
    if not shown or shown[0].get_content_type() != "text/plain" or len(shown[0].get_content().split()) < 3:
        yield "RFC 2046 5.1.4: the plainest form comes first, and says something"
    for page in (part for part in shown if part.get_content_type() == "text/html"):
        begin = _Beginning()
        begin.feed(page.get_content())
        if "display: none" not in begin.found[0] and "display:none" not in begin.found[0] and "preheader" not in begin.found[0]:
            yield "no preheader: the inbox would show whatever comes first"
        elif begin.found[1] < 3:
            yield "the preheader says nothing"
    for part in parts:
        if part.get_content_maintype() == "text" and (part.get_content_charset() or "us-ascii") not in ("utf-8", "us-ascii"):
            yield f"RFC 2046 4.1.2: charset {part.get_content_charset()}"
        if part.get_content_disposition() == "attachment" and not part.get_filename():
            yield "RFC 2183: an attachment without a name"
        if part.get_content_disposition() == "inline" and part.get_content_maintype() == "image" and not part["Content-ID"]:
            yield "RFC 2392: an inline picture without a name"
