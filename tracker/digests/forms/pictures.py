"""Lead pictures as the forms show them: named by `cid:` in a mail, held by the page itself in a report, bytes in a document."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from tracker.model import Picture

MOST_MAIL_PICTURE_BYTES = 105_000
"""Of the pictures of one mail. Base64 with its line ends makes 37 % more of them: 144 kB, below the 150 kB that a mail may gain."""
MOST_DOCUMENT_BYTES = 3_000_000
"""Of the pictures of one report, PDF or DOCX, about a hundred: with Base64 4 MB, which every mail server takes as an attachment."""
_CID_HOST = "pictures.invalid"
"""A Content-ID is written like an address (RFC 2392); this host can be nobody's."""
_CID = re.compile(rf"cid:([0-9a-f]{{16,64}})@{re.escape(_CID_HOST)}")


Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class ClipPicture:
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
