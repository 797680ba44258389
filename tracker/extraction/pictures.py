"""The bytes under a lead picture's address -> a small JPEG, or the reason why there is none. The bytes decide what they are, no header.

Decoders are attack surface: only four formats are opened, and only after their size is known to be bounded.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
import warnings
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from tracker.model import Picture, PictureOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

LARGEST_SIDE = 600
"""Pixels, the width of a mail's sheet; a taller picture would fill a phone."""
MOST_BYTES = 40_000
"""A choice: two pictures and a half in the 150 kB that a mail may gain. 600 x 400 of a street scene take 35 kB at quality 72."""
LEAST_SIDES = (120, 200)
"""Shorter and longer side once it fits: below are icons, strips and tracking pixels. A square avatar of 150 is no news picture either."""
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 30_000_000, "WEBP": 30_000_000, "GIF": 10_000_000}
"""Cameras of the press make 24 to 50 million. A JPEG is decoded at a fraction of its size, the others whole, 4 bytes a pixel."""
MOST_SCANS = 100
"""Of a progressive JPEG; encoders write ten. Each scan is gone through in full, so that thousands keep a decoder busy for minutes."""
_ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held."""
_QUALITIES = (80, 72, 64, 56, 48, 40)
_SHRINKING = 0.8
_PACKED = 0.93
"""What is left of a JPEG's bytes when its codes are made for it alone; that takes five times as long, so it is done once."""
_strictly = threading.Lock()
_OPENED = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"))
_OTHER = re.compile(
    rb"(?P<TIFF>II\*\0|MM\0\*)|(?P<BMP>BM.{4}\0{4})|(?P<ICO>\0\0[\1\2]\0)|.{4}ftyp(?P<AVIF>avif|avis)|.{4}ftyp(?P<HEIC>hei[cxs]|mif1)", re.S
)
_SVG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.{0,500}?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]", re.S | re.I)


_HEAD_BYTES = 300_000
"""Of a page: its head, and the structured data that some write below the text."""
_NAMING = re.compile(rb"og:image|twitter:image|\"image\"|\"thumbnailUrl\"")
MOST_NAMINGS, NAMING_BYTES = 40, 600
"""Places of a page that name its picture, and how far from the word the address may stand: an address has 2,000 bytes at most, 100 mostly."""


class PictureReading(Struct, frozen=True):
    """What the bytes are; a picture with the outcome KEPT, in words why there is none with any other."""

    outcome: PictureOutcome
    detail: str = ""
    picture: Picture | None = None


class _Refused(Exception):
    def __init__(self, outcome: PictureOutcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome, self.detail = outcome, detail


def digest_of(content: bytes) -> str:
    """A name for these bytes: the same wherever they came from."""
    return hashlib.sha256(content).hexdigest()[:32]


def named_pictures(page: bytes) -> bytes:
    """What a page says of its own picture: the fields that name one, as they are written."""
    said = []
    for found in islice(_NAMING.finditer(page, 0, _HEAD_BYTES), MOST_NAMINGS):
        start, end = max(0, found.start() - NAMING_BYTES), found.end() + NAMING_BYTES
        before, behind = page[start : found.start()].rpartition(b"<")[2], page[found.start() : end].partition(b">")[0]
        said.append(before + behind if not found[0].startswith(b'"') else behind.partition(b"}")[0])
    return b"\n".join(said)


def is_named(said: bytes, url: str) -> bool:
    """Whether `named_pictures` of a page name the picture under this address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if len(parts.path) < 2:
        return False
    address = re.escape(f"{parts.path}?{parts.query}" if parts.query else parts.path).replace("\\&", "&(?:amp;)?")
    return re.search(address.encode("utf-8", "replace") + rb"(?![\w./-])", said) is not None


def read_picture(content: bytes) -> PictureReading:
    """The picture as it is shown: its first frame, upright, at most LARGEST_SIDE wide and high, MOST_BYTES long, without notes."""
    try:
        kind = _kind(content)
        small = _first_frame(content, kind)
        if small.getcolors(1) is not None:
            raise _Refused(PictureOutcome.BLANK, "all of one colour")
        return PictureReading(PictureOutcome.KEPT, "", _written(small, digest_of(content)))
    except _Refused as refused:
        return PictureReading(refused.outcome, refused.detail)
    except Exception as error:  # noqa: BLE001  # a decoder of bytes from anywhere; it promises nothing
        return PictureReading(PictureOutcome.BROKEN, f"cannot be read ({type(error).__name__})")


def _kind(content: bytes) -> str:
    for start, kind in _OPENED:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if _SVG.match(content[:4096]):
        raise _Refused(PictureOutcome.OTHER_FORMAT, "SVG is a program as much as a picture")
    if other := _OTHER.match(content[:32]):
        raise _Refused(PictureOutcome.OTHER_FORMAT, f"{other.lastgroup} is not opened")
    raise _Refused(PictureOutcome.NOT_A_PICTURE, "a web page" if b"<html" in content[:2048].lower() else "no picture by its first bytes")


def _first_frame(content: bytes, kind: str) -> Image:
    """The first frame on white, fitted into LARGEST_SIDE."""
    from PIL import Image, ImageOps

    if kind == "JPEG" and content.count(b"\xff\xda") > MOST_SCANS:
        raise _Refused(PictureOutcome.BROKEN, "built to keep a decoder busy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of notes that do not matter here; the bound on pixels is ours
        try:
            opened = Image.open(io.BytesIO(content), formats=[kind])
        except Image.DecompressionBombError as error:
            raise _Refused(PictureOutcome.TOO_MANY_PIXELS, "more pixels than any camera makes") from error
        width, height = opened.size
        if width * height > MOST_PIXELS[kind]:
            raise _Refused(PictureOutcome.TOO_MANY_PIXELS, f"{width} x {height} pixels")
        shorter, longer = sorted(_fitted(width, height))
        if shorter < LEAST_SIDES[0] or longer < LEAST_SIDES[1]:
            raise _Refused(PictureOutcome.TOO_SMALL, f"{width} x {height} pixels")
        opened.draft("RGB", _fitted(width, height))  # a JPEG is decoded at a half, a quarter or an eighth, in as much less time
        with _whole_pictures_only():
            opened.load()
        turned = opened.getexif().get(_ORIENTATION) if kind == "JPEG" else None
        colours = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    colours.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    if turned:
        colours.getexif()[_ORIENTATION] = turned
        ImageOps.exif_transpose(colours, in_place=True)
    clean = Image.new("RGB", colours.size, "white")  # a new one: notes travel with a picture wherever it is copied
    clean.paste(colours, mask=colours.getchannel("A") if colours.mode == "RGBA" else None)
    return clean


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """Pillow refuses a picture that breaks off, whoever told it otherwise: WeasyPrint does, for the whole process, when it is imported."""
    from PIL import ImageFile

    with _strictly:
        told, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = told


def _fitted(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, LARGEST_SIDE / max(width, height, 1))
    return round(width * scale), round(height * scale)


def _written(small: Image, digest: str) -> Picture:
    """The JPEG: as good as its bytes allow, and smaller where even the least quality is too long."""
    while True:
        for quality in _QUALITIES:
            if _packed_plainly(small, quality) * _PACKED > MOST_BYTES:
                continue
            out = io.BytesIO()
            small.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= MOST_BYTES:
                return Picture(digest, *small.size, out.getvalue())
        small = small.resize((max(1, int(small.width * _SHRINKING)), max(1, int(small.height * _SHRINKING))))


def _packed_plainly(small: Image, quality: int) -> int:
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality)
    return out.tell()
