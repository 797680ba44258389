"""The campaign's own pictures as a mail can hold them: its logo and its donors' marks, small and on white."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from functools import lru_cache

from tracker.model import Branding, Digest, Picture

LARGEST = (360, 112)
"""Pixels: twice of what is shown, for screens with two pixels a point."""
MOST_PIXELS = 40_000_000
"""A poster scanned for print; what has more is no logo."""
_FORMATS = ("PNG", "JPEG")


def mail_marks(digest: Digest) -> tuple[Picture | None, tuple[Picture, ...]]:
    """Logo and donors' marks. What is neither PNG nor JPEG is left out: no mail program shows an SVG."""
    files, branding = dict(digest.facts.pictures), digest.facts.branding
    marks = (mark_of(files.get(name, b"")) for name in branding.marks)
    return mark_of(files.get(branding.logo, b"")), tuple(mark for mark in marks if mark)


def not_in_mails(branding: Branding, read: Callable[[str], bytes]) -> tuple[str, ...]:
    """Why a picture that the campaign names stands in no mail, a sentence for each that does not. `read` gives a file's bytes."""
    return tuple(
        f"{name} stands in reports alone: "
        + (
            "mail programs and Word show no SVG; give a PNG of the same mark"
            if name.lower().endswith(".svg")
            else "it cannot be opened as a PNG or JPEG"
        )
        for name in dict.fromkeys((branding.logo, *branding.marks))
        if name and mark_of(read(name)) is None
    )


@lru_cache(maxsize=64)
def mark_of(content: bytes) -> Picture | None:
    """The picture on white, fitted into LARGEST; None where it cannot be read."""
    if not content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        return None
    from PIL import Image

    try:
        opened = Image.open(io.BytesIO(content), formats=_FORMATS)
        if opened.width * opened.height > MOST_PIXELS:
            return None
        colours = opened.convert("RGBA")
        colours.thumbnail(LARGEST, Image.Resampling.LANCZOS)
        ground = Image.new("RGB", colours.size, "white")
        ground.paste(colours, mask=colours.getchannel("A"))
        out = io.BytesIO()
        ground.save(out, "JPEG", quality=90, subsampling=0, optimize=True)
    except Exception:  # noqa: BLE001  # a decoder of a file from anywhere; it promises nothing
        return None
    return Picture(hashlib.sha256(content).hexdigest(), *ground.size, out.getvalue())
