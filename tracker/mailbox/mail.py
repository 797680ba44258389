"""The bytes of a mail as a record of bounded size. Whatever the bytes are, there is a record, or `Unreadable`.

At most `MOST_BYTES` of a mail are read, `MOST_PARTS` parts and `MOST_CHARS` characters of text: bombs and long attachments cost no more
than a letter.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from msgspec import Struct

from tracker.delivery.addresses import read_address
from tracker.mailbox.page_text import PageText, text_of_page

MOST_BYTES = 256 * 1024
"""Of a mail: reports return at most a letter's head, newsletters have 30-150 KB of HTML."""
MOST_PARTS = 60
MOST_CHARS = 100_000
MOST_HEADER = 2_000
MOST_ADDRESSES = 30
MOST_HEADERS = 400
"""Of one part; more are no mail."""
DEEPEST = 12
"""Parts within parts: a forwarded report within a report has six."""
_CODEC = re.compile(
    r"(?:utf-?8|us-?ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d|(?:windows|cp)-?\d{3,4}|koi8-?[ru]|mac\w{0,12}|utf-?16(?:le|be)?)\Z", re.I
)
"""Others are computed codecs (zlib, idna, unicode_escape): a sender must not choose what runs here."""
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,400}>")


class Unreadable(Exception):
    """No mail: nothing in the bytes can be read as one."""


class Link(Struct, frozen=True):
    """An address in a mail, and the words that it stands under."""

    url: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. Addresses are keys as of `delivery.addresses`; texts are decoded, without control characters, and cut where long.

    `text`: what it says in plain words, of its HTML where it has no plain part. `enclosed`: the texts of mails and heads of mails within it.
    `reports`: the fields of its own delivery report (RFC 3464), a mapping a block, names in small letters; one that is forwarded is none.
    """

    digest: str
    message_id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    date: datetime | None
    headers: tuple[tuple[str, str], ...]
    text: str
    links: tuple[Link, ...]
    enclosed: tuple[str, ...]
    reports: tuple[tuple[tuple[str, str], ...], ...]
    content_type: str
    parsed: Message = field(repr=False, compare=False)

    def header(self, name: str) -> str:
        """The first header of the name; empty where there is none."""
        return next((value for one, value in self.headers if one == name.lower()), "")

    def all_of(self, name: str) -> list[str]:
        """Every header of the name, the uppermost first."""
        return [value for one, value in self.headers if one == name.lower()]

    @property
    def everything(self) -> str:
        """Its text and that of all within it."""
        return "\n".join((self.text, *self.enclosed))


def read_mail(raw: bytes) -> Mail:
    """The record of a mail. Raises Unreadable, and nothing else, for bytes that are none."""
    raw = raw[:MOST_BYTES]
    try:
        return _read(raw)
    except Unreadable:
        raise
    except (Exception, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error


def _read(raw: bytes) -> Mail:
    parsed = message_from_bytes(_shallow(raw))
    headers = _headers(parsed)
    names = {name for name, _ in headers}
    if not names & {"from", "date", "message-id", "received", "subject", "return-path"}:
        raise Unreadable("no header of a mail")
    plain, pages, enclosed, reports = _contents(parsed)
    text, links = "\n".join(plain)[:MOST_CHARS], [link for page in pages for link in page.links]
    if not text.strip():
        text = "\n".join(page.text for page in pages)[:MOST_CHARS]
    first = dict(reversed(headers))
    told = first.get("message-id", "")
    known = "\0".join((told, first.get("from", ""), first.get("date", ""))) if _MESSAGE_ID.search(told) else ""
    return Mail(
        digest=hashlib.sha256(known.encode("utf-8", "replace") or raw).hexdigest()[:40],
        message_id=(_MESSAGE_ID.findall(told) or [""])[0],
        sender=(_addresses(first.get("from", "")) or ("",))[0],
        to=tuple(
            key for name in ("delivered-to", "x-original-to", "to", "cc") for value in _all(headers, name) for key in _addresses(value)
        ),
        subject=first.get("subject", ""),
        date=_date(first.get("date", "")),
        headers=tuple(headers),
        text=text,
        links=tuple(Link(url, words) for url, words in links),
        enclosed=tuple(enclosed),
        reports=tuple(reports),
        content_type=parsed.get_content_type(),
        parsed=parsed,
    )


def _shallow(raw: bytes) -> bytes:
    """The bytes, without what would make a tree too deep: the parser goes down by recursion."""
    marks = re.findall(rb"(?i)boundary\s*=", raw)
    nested = re.findall(rb"(?i)content-type:\s*message/", raw)
    if len(marks) + len(nested) > MOST_PARTS:
        head, _, _ = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")
        return re.sub(rb"(?i)content-type:[^\n]*(\n[ \t][^\n]*)*", b"Content-Type: text/plain", head) + b"\n\n"
    return raw


def _headers(part: Message) -> list[tuple[str, str]]:
    return [(str(name).lower()[:100], header_text(value)) for name, value in part.raw_items()][:MOST_HEADERS]


def _all(headers: list[tuple[str, str]], name: str) -> Iterator[str]:
    return (value for one, value in headers if one == name)


def header_text(value: object) -> str:
    """A header's words: decoded, one line, cut. What cannot be decoded stays as it is."""
    raw = str(value)[: 2 * MOST_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if "=?" in raw:
        with contextlib.suppress(Exception):  # a header that a stranger wrote
            pieces = decode_header(raw)
            raw = "".join(part if isinstance(part, str) else decoded(part, charset or "utf-8") for part, charset in pieces)
    return clean(" ".join(raw.split()))[:MOST_HEADER]


def decoded(raw: bytes, charset: str) -> str:
    """Bytes in the character set that they are said to be in; never an error."""
    name = charset.strip().strip("\"'")[:40]
    for one in (name if _CODEC.match(name) else "utf-8", "utf-8"):
        try:
            return raw.decode(one)
        except (LookupError, ValueError):
            continue
    try:
        return raw.decode(name if _CODEC.match(name) else "cp1250", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def clean(text: str) -> str:
    """The text without control characters, lone surrogates and letters that turn a line around; line ends and tabs stay."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", text)


def _addresses(value: str) -> tuple[str, ...]:
    found = []
    try:
        given = getaddresses([value[:MOST_HEADER]])[:MOST_ADDRESSES]
    except (RecursionError, IndexError, ValueError):  # comments within comments
        return ()
    for _, one in given:
        try:
            found.append(read_address(one).key)
        except ValueError:
            continue
    return tuple(found)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


_Contents = tuple[list[str], list[PageText], list[str], list[tuple[tuple[str, str], ...]]]


def _contents(parsed: Message) -> _Contents:
    plain: list[str] = []
    pages: list[PageText] = []
    enclosed: list[str] = []
    reports: list[tuple[tuple[str, str], ...]] = []
    room = MOST_CHARS
    for part, depth, is_inner in _parts(parsed):
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status") and not is_inner:
            reports += [tuple(_headers(block)) for block in _children(part)]
            if isinstance(part.get_payload(), str):
                reports += _blocks(_words(part))
        elif kind in ("text/rfc822-headers", "message/global-headers") or (is_inner and depth):
            if not part.is_multipart():
                enclosed.append(_words(part)[:room])
            enclosed.append("\n".join(f"{name}: {value}" for name, value in _headers(part))[:room])
        elif part.is_multipart() or _is_attached(part):
            continue
        elif kind == "text/plain":
            plain.append(_words(part)[:room])
        elif kind == "text/html":
            pages.append(text_of_page(_payload(part)[:MOST_BYTES], str(part.get_content_charset() or "")))
    return plain, pages, enclosed, reports


def _blocks(text: str) -> list[tuple[tuple[str, str], ...]]:
    """The blocks of a report that came as text."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))[:MOST_PARTS]:
        lines = re.findall(r"(?m)^([A-Za-z][A-Za-z-]{1,60}):[ \t]*(.*(?:\n[ \t].*)*)", block)
        if lines:
            found.append(tuple((name.lower(), " ".join(value.split())[:MOST_HEADER]) for name, value in lines))
    return found


def _parts(parsed: Message) -> Iterator[tuple[Message, int, bool]]:
    """The parts in their order, with their depth, and whether they stand within an enclosed mail."""
    waiting: list[tuple[Message, int, bool]] = [(parsed, 0, False)]
    count = 0
    while waiting and count < MOST_PARTS:
        part, depth, is_inner = waiting.pop(0)
        count += 1
        yield part, depth, is_inner
        kind = part.get_content_type()
        if depth < DEEPEST and part.is_multipart() and not kind.endswith("delivery-status"):
            inner = is_inner or kind in ("message/rfc822", "message/global")
            waiting[:0] = [(child, depth + 1, inner) for child in _children(part)]


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)][:MOST_PARTS] if isinstance(payload, list) else []


def _is_attached(part: Message) -> bool:
    return "attachment" in str(part.get("Content-Disposition", ""))[:200].lower()


def _payload(part: Message) -> bytes:
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def _words(part: Message) -> str:
    return clean(decoded(_payload(part), str(part.get_content_charset() or "utf-8"))).replace("\r\n", "\n")
