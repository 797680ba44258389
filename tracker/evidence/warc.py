"""A page as a WARC file (ISO 28500): its request and its answer with the bytes that we stored. Written and read by warcio.

The body is kept decoded. So the answer's `Content-Encoding`, `Transfer-Encoding` and `Content-Length` stand under `X-Archive-Orig-`, as
other archives do it; `exchange.json` has every header as it came.
"""

from __future__ import annotations

import io
import uuid
from http import HTTPStatus
from urllib.parse import urlsplit

from tracker.evidence.records import Record, digest_of
from tracker.model import Exchange

_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_SOFTWARE = "press-coverage-tracker"
_IDS = uuid.UUID("8f6c4a52-2d0b-5f3e-9b7e-6d1f0a3c7e11")
Lines = list[tuple[str, str]]


def write_warc(record: Record, exchange: Exchange, page: bytes) -> bytes:
    """Three records: who wrote it, the request, the answer. The same facts give the same bytes."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=False, warc_version="WARC/1.1")
    url, dated = _address(exchange), {"WARC-Date": record.fetched_at}
    names = {kind: f"<urn:uuid:{uuid.uuid5(_IDS, f'{record.nonce} {kind}')}>" for kind in ("warcinfo", "request", "response")}
    info = {"software": _SOFTWARE, "format": "WARC File Format 1.1"}
    written = writer.create_warcinfo_record("page.warc", info)
    written.rec_headers.replace_header("WARC-Record-ID", names["warcinfo"])
    written.rec_headers.replace_header("WARC-Date", record.fetched_at)
    writer.write_record(written)
    request = StatusAndHeaders(_request_line(url), _request_lines(exchange, url), is_http_request=True)
    status, _, rest = _status_line(exchange).partition(" ")
    answer = StatusAndHeaders(rest, _answer_lines(exchange, page), protocol=status)
    server = {"WARC-IP-Address": exchange.ip} if exchange.ip else {}
    for kind, http, body in (("request", request, b""), ("response", answer, page)):
        headers = {**dated, **server, "WARC-Record-ID": names[kind]}
        writer.write_record(
            writer.create_warc_record(url, kind, io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=headers)
        )
    return stream.getvalue()


def check_warc(content: bytes, record: Record, exchange: Exchange) -> str:
    """Why a WARC does not hold the page of the record; empty where it does. Nothing is inflated, whatever it holds."""
    from warcio.archiveiterator import ArchiveIterator

    if not content.startswith(b"WARC/1."):
        return "it is no plain WARC"
    kinds, page = [], b""
    try:
        for one in ArchiveIterator(io.BytesIO(content)):
            kinds.append(one.rec_type)
            body = one.raw_stream.read()
            if one.rec_type == "warcinfo":
                continue
            if one.rec_headers.get_header("WARC-Target-URI") != _address(exchange):
                return f"the {one.rec_type} is of another address"
            if one.rec_headers.get_header("WARC-Date") != record.fetched_at:
                return f"the {one.rec_type} is of another moment"
            wrong = _unlike(one, exchange, body)
            if wrong:
                return wrong
            page = body
    except Exception as error:  # noqa: BLE001 (a reader of other people's files fails in many ways)
        return f"it cannot be read as a WARC: {type(error).__name__}"
    if kinds != ["warcinfo", "request", "response"]:
        return "it does not hold one request and its answer"
    return "" if digest_of(page) == record.page_sha256 else "the page in it is not the one of the record"


def _unlike(one: object, exchange: Exchange, body: bytes) -> str:
    http = getattr(one, "http_headers", None)
    kind = getattr(one, "rec_type", "")
    if http is None:
        return f"the {kind} has no headers"
    url = _address(exchange)
    lines = _request_lines(exchange, url) if kind == "request" else _answer_lines(exchange, body)
    return "" if _printed(http.headers) == _printed(lines) else f"headers of the {kind} are not those of exchange.json"


def _printed(lines: Lines) -> Lines:
    """As a WARC gives them back: letters beyond ASCII are written as percent signs and hex."""
    return [(name.strip(), _ascii(value).strip()) for name, value in lines]


def _ascii(text: str) -> str:
    from urllib.parse import quote

    return text if text.isascii() else "".join(letter if letter.isascii() else quote(letter) for letter in text)


def _address(exchange: Exchange) -> str:
    return _ascii("".join(exchange.url.split())) or "about:blank"


def _request_line(url: str) -> str:
    parts = urlsplit(url)
    return f"GET {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"


def _request_lines(exchange: Exchange, url: str) -> Lines:
    host = urlsplit(url).netloc.rpartition("@")[2]
    named = any(name.lower() == "host" for name, _ in exchange.request_headers)
    return [*([] if named else [("Host", host)]), *((_name(name), _ascii(value)) for name, value in exchange.request_headers)]


def _answer_lines(exchange: Exchange, page: bytes) -> Lines:
    lines = [
        (f"X-Archive-Orig-{name}" if name.lower() in _OF_THE_WIRE else _name(name), _ascii(value))
        for name, value in exchange.response_headers
    ]
    return [*lines, ("Content-Length", str(len(page)))]


def _name(name: str) -> str:
    return _ascii(name).replace(":", "").replace(" ", "") or "X-Nameless"


def _status_line(exchange: Exchange) -> str:
    try:
        phrase = HTTPStatus(exchange.status).phrase
    except ValueError:
        phrase = "Unknown"
    return f"{'HTTP/1.1' if not exchange.protocol.startswith('HTTP/') else exchange.protocol} {exchange.status} {phrase}"
