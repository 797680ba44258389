"""Bytes of an answer without gzip, by what they are and not by what a header or a name says. Pure."""

from __future__ import annotations

import zlib

GZIP = b"\x1f\x8b"
"""The magic number of RFC 1952 section 2.3.1."""
MAX_LAYERS = 2
"""A file that is gzipped already is gzipped once more by servers that compress everything."""


class Damaged(ValueError):
    """Gzip data of which nothing can be read."""


def unpacked(body: bytes, max_bytes: int) -> bytes:
    """The bytes without up to two layers of gzip; a truncated file gives what is there. At most `max_bytes` + 1 come out, so that the
    caller sees when there are more. Raises Damaged."""
    for _ in range(MAX_LAYERS):
        if not body.startswith(GZIP):
            break
        stream = zlib.decompressobj(wbits=31)  # a gzip header is wanted
        try:
            body = stream.decompress(body, max_bytes + 1)
        except zlib.error as error:
            raise Damaged(str(error)) from error
    return body
