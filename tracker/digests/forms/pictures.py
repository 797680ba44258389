"""Lead pictures as the forms show them: named by `cid:` in a mail, held by the page itself in a report, bytes in a document."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import TypeVar

from msgspec import Struct

from tracker.model import Picture

MOST_MAIL_PICTURE_BYTES = 105_000
"""Of the pictures of one mail. Base64 with its line ends makes 37 % more of them: 144 kB, below the 150 kB that a mail may gain."""
MOST_DOCUMENT_BYTES = 1_500_000
"""Of the pictures of one report, PDF or DOCX in the outbox, nearly two hundred. What goes with a mail shares the mail's bound."""
THUMB_WIDTH = 264
"""Pixels: twice the width in which a clipping shows its picture; 6 to 9 kB."""
_THUMB_QUALITY = 72
_IN_FORMS = {"report": 4 / 3, "pdf": 1.0, "docx": 1.0}
"""The forms that show pictures, and what a picture's bytes become in them: a page holds it in Base64."""
_CID_HOST = "pictures.invalid"
"""A Content-ID is written like an address (RFC 2392); this host can be nobody's."""
_CID = re.compile(rf"cid:([0-9a-f]{{16,64}})@{re.escape(_CID_HOST)}")


Key = TypeVar("Key", int, str)


class ClipPicture(Struct, frozen=True, dict=True):
    """A lead picture with the words that stand in its place where pictures are off."""

    picture: Picture
    alt: str

    @property
    def width(self) -> int:
        """In pixels."""
        return self.picture.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self.picture.height

    @property
    def content(self) -> bytes:
        """The JPEG."""
        return self.picture.content

    @property
    def cid(self) -> str:
        """Its Content-ID: in a mail `src="cid:..."` names it."""
        return content_id(self.picture)

    @cached_property
    def data(self) -> str:
        """Its `data:` address, for pages that stand alone."""
        return data_address(self.picture)


def best_of(pictures: Iterable[ClipPicture]) -> ClipPicture | None:
    """The picture that stands for a story: a wide one before an upright one, then the largest, then the first."""
    return max(pictures, key=lambda one: fitness(one.picture), default=None)


def fitness(picture: Picture) -> tuple[bool, int]:
    """Sorts the best picture of a story last."""
    return 1.2 <= picture.width / max(picture.height, 1) <= 2.4, picture.width * picture.height


@lru_cache(maxsize=512)
def thumbnail(picture: Picture) -> Picture:
    """The picture as a clipping shows it; as it is where it is small or cannot be read."""
    if picture.width <= THUMB_WIDTH:
        return picture
    from PIL import Image

    out = io.BytesIO()
    try:
        small = Image.open(io.BytesIO(picture.content), formats=["JPEG"])
        small.draft("RGB", (THUMB_WIDTH, THUMB_WIDTH))
        small.thumbnail((THUMB_WIDTH, 2 * THUMB_WIDTH))
        small.save(out, "JPEG", quality=_THUMB_QUALITY, optimize=True)
    except Exception:  # noqa: BLE001  # a decoder; what was kept was checked when it came
        return picture
    if out.tell() >= len(picture.content):
        return picture
    return Picture(hashlib.sha256(out.getvalue()).hexdigest()[:32], *small.size, out.getvalue())


def attached(pictures: Sequence[tuple[Key, Picture]], forms: Sequence[str], mail_bytes: int) -> tuple[tuple[Key, Picture], ...]:
    """Those that the documents of a mail show, the first first: with the mail's own (`mail_bytes`) no more than a mail may gain."""
    copies = sum(_IN_FORMS.get(form, 0.0) for form in forms)
    if not copies:
        return tuple(pictures)
    most = int((MOST_MAIL_PICTURE_BYTES - mail_bytes) / copies)
    return within(((key, one if len(one.content) <= most // 2 else thumbnail(one)) for key, one in pictures), most)


def content_id(picture: Picture) -> str:
    """The Content-ID of a picture, without its brackets."""
    return f"{picture.digest}@{_CID_HOST}"


def data_address(picture: Picture) -> str:
    """The picture as an address that holds it."""
    return f"data:image/jpeg;base64,{base64.b64encode(picture.content).decode()}"


def within(pictures: Iterable[tuple[Key, Picture]], most_bytes: int) -> tuple[tuple[Key, Picture], ...]:
    """Those of (key, picture) that come first, as far as so many bytes go. What several keys share is counted once."""
    chosen: dict[Key, Picture] = {}
    held: set[str] = set()
    for key, picture in pictures:
        size = 0 if picture.digest in held else len(picture.content)
        if size <= most_bytes:
            chosen.setdefault(key, picture)
            held.add(picture.digest)
            most_bytes -= size
    return tuple(chosen.items())


def named_in(html: str, pictures: Iterable[tuple[object, Picture]]) -> tuple[Picture, ...] | None:
    """The pictures that a mail's HTML names, in its order; None where one of them is not among these any more."""
    known = {picture.digest: picture for _, picture in pictures}
    names = dict.fromkeys(_CID.findall(html))
    return tuple(known[name] for name in names) if all(name in known for name in names) else None


def standing_alone(html: str, pictures: Sequence[Picture]) -> str:
    """A mail's HTML as a file that holds its pictures."""
    known = {picture.digest: picture for picture in pictures}
    return _CID.sub(lambda found: data_address(known[found[1]]) if found[1] in known else found[0], html)
