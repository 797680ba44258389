"""Bytes of an answer without gzip, by what they are and not by what a header or a name says. Pure."""

from __future__ import annotations

import zlib

GZIP = b"\x1f\x8b"
"""The magic number of RFC 1952 section 2.3.1."""
ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""RFC 1950 section 2.2: deflate with a 32 KB window, at its four levels. `x` before such a byte begins no text."""
PLAIN_HEADER = 10
"""Bytes of a gzip header without a name (RFC 1952, 2.3): what servers send."""
CHUNK = 2**16
MAX_LAYERS = 2
"""A file that is gzipped already is gzipped once more by servers that compress everything."""


class Damaged(ValueError):
    """Gzip data of which nothing can be read."""


def unpacked(body: bytes, max_bytes: int) -> bytes:
    """The bytes without up to two layers of gzip or zlib; a truncated file gives what is there. At most `max_bytes` + 1 come out, so that the
    caller sees when there are more. Raises Damaged."""
    for _ in range(MAX_LAYERS):
        if not body.startswith((GZIP, *ZLIB)):
            break
        stream = zlib.decompressobj(wbits=47)  # either header, by what stands there
        try:
            body = stream.decompress(body, max_bytes + 1)
        except zlib.error as error:
            if not body.startswith(GZIP):
                break
            raise Damaged(str(error)) from error
    return body


def is_unended(body: bytes, encoding: bytes) -> bool:
    """Whether a gzip, zlib or deflate body stops before its stream's last block, or is damaged on the way. Other encodings: False."""
    name = encoding.strip().lower()
    if name not in (b"gzip", b"x-gzip", b"deflate") or not body:
        return False
    if name == b"deflate":
        return not any(_ends(body, bits) for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS))
    return not _ends(body, 16 + zlib.MAX_WBITS) and not _ends(body[PLAIN_HEADER:], -zlib.MAX_WBITS)  # many leave the checksum away


def _ends(body: bytes, bits: int) -> bool:
    stream = zlib.decompressobj(bits)
    try:
        while not stream.eof and body:
            stream.decompress(body, CHUNK)
            body = stream.unconsumed_tail
    except zlib.error:
        return False
    return stream.eof
