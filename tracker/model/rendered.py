"""A digest in the forms that are sent or laid beside the mail."""

from __future__ import annotations

from msgspec import Struct

from tracker.model.pictures import Picture


class RenderedDigest(Struct, frozen=True):
    """A digest in its mail forms; nothing in it is fetched when read. `shortened`: it leaves items to the report, which must go with it.
    `pictures`: those that the HTML names by `cid:`, which travel with it."""

    subject: str
    text: str
    html: str
    shortened: bool = False
    pictures: tuple[Picture, ...] = ()


class Document(Struct, frozen=True):
    """A digest in a form that is attached or laid beside the mail: its file's ending, media type and bytes."""

    ending: str  # pdf | docx | xlsx | csv | report.html
    media_type: str
    content: bytes
