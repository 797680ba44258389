"""The sheet of a pack that people read: what is there of each item, since when, and how to check it. Words come from `locale`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests.forms.html import environment
from tracker.evidence.records import LaterPage, Manifest, Record
from tracker.locale.wording import Wording, wording

MOST_SHEET_PDF_ITEMS = 300
"""Of the sheet on paper: some 100 pages, 20 s. Longer ones are for a screen."""
PLACE = "LINE"
"""Where the reader puts the line."""
VERIFY = f"tracker evidence verify {{name}} --root '{PLACE}'"


class SheetItem(Struct, frozen=True):
    """What the sheet says of an item. `record`: None once it was erased. `status`: of the server's answer, 0: not known. `kinds`: names of its files."""

    item: int
    record: Record | None
    outlet: str
    status: int
    day: str
    kinds: tuple[str, ...]
    erased_on: str = ""
    later: tuple[LaterPage, ...] = ()


class Row(Struct, frozen=True):
    """An item in words: (label, value, whether it is a code)."""

    title: str
    language: str
    lines: tuple[tuple[str, str, bool], ...]


def write_sheet(
    templates: Path,
    manifest: Manifest,
    items: Sequence[SheetItem],
    *,
    language: str,
    zone: str,
    made_at: datetime,
    name: str,
    not_printed: int = 0,
) -> str:
    """The sheet as a page that stands alone. `name`: of the pack's file. `not_printed`: more items than so
    many, of which no page is on paper. The pack's own line is not on it: a witness
    is a line from elsewhere."""
    words, local = wording(language), ZoneInfo(zone)
    protected = sum(count for why, count in manifest.left_out if why == "protected")
    values = {
        "language": language,
        "say": words.say,
        "asked": _asked(manifest.asked, words),
        "place": PLACE,
        "made": words.say("evidence_made", moment=words.moment(made_at, local)),
        "rows": [_row(one, words, local) for one in items],
        "counted": words.count("item", len(items)),
        "left_out": words.say("evidence_left_out", protected) if protected else "",
        "sealed": words.say("evidence_sealed", name=manifest.sealed_by, reason=manifest.sealed_reason) if manifest.sealed_by else "",
        "not_printed": words.say("evidence_not_printed", most=not_printed) if not_printed else "",
        "command": VERIFY.format(name=name),
    }
    return environment(templates).get_template("evidence/sheet.html").render(values)


def _asked(asked: str, words: Wording) -> str:
    """What was asked for (`Chosen.asked`), in words."""
    kind, _, rest = asked.partition(" ")
    name, _, day = rest.partition(" since ")
    return words.say(f"evidence_of_{kind}", id=name, day=words.day(date.fromisoformat(day)) if day else "")


def _row(one: SheetItem, words: Wording, zone: ZoneInfo) -> Row:
    say, record = words.say, one.record
    day = (say("evidence_day"), words.day(date.fromisoformat(one.day)) if one.day else say("evidence_no_day"), False)
    number = (say("evidence_number"), str(one.item), True)
    if record is None:
        return Row(say("evidence_erased", day=words.day(date.fromisoformat(one.erased_on[:10]))), "", (number, day))
    page = f"SHA-256 {record.page_sha256}" if record.page_sha256 else say("evidence_no_page")
    fetched = words.moment(datetime.fromisoformat(record.fetched_at), zone)
    lines = [
        number,
        (say("evidence_address"), record.requested_url, True),
        *([(say("evidence_final"), record.final_url, True)] if record.final_url not in ("", record.requested_url) else []),
        (say("evidence_fetched"), fetched, False),
        *([(say("evidence_answer"), f"HTTP {one.status}, {record.content_type}".rstrip(", "), False)] if one.status else []),
        (say("evidence_found"), words.moment(datetime.fromisoformat(record.found_at), zone), False),
        day,
        (say("evidence_page"), page, bool(record.page_sha256)),
        *(line for page in one.later for line in _later(page, words, zone)),
        (say("evidence_text"), f"SHA-256 {record.text_sha256}", True),
        (say("evidence_files"), ", ".join(one.kinds), True),
    ]
    return Row(f"{record.title or record.requested_url} ({one.outlet})", "", tuple(lines))


def _later(page: LaterPage, words: Wording, zone: ZoneInfo) -> tuple[tuple[str, str, bool], ...]:
    """A later page: what it showed and when, and its hash below."""
    when = words.moment(datetime.fromisoformat(page.visited_at), zone)
    return (words.say(f"evidence_later_{page.seen}"), f"{when}, HTTP {page.exchange.status}", False), (
        "",
        f"SHA-256 {page.page_sha256}",
        True,
    )
