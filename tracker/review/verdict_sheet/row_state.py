"""What a row of a verdict sheet bears, hidden: how its item stood when the sheet was written, and what its cells held. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from msgspec import Struct

from tracker.model import ItemState, Verdict
from tracker.review.verdict_sheet.columns import Typed

FACTS = ("headline", "outlet", "country", "published", "author", "time")
"""What a row says of its item, and a reviewer may correct. `published` is the day, `time` its time of day."""
FACTS_BEFORE = 4
"""Of these in sheets of older versions."""
FACT_DIGITS = 8
"""Hexadecimal digits of each: a changed cell looks unchanged once in four thousand million."""
_VERDICT = "campaign_id article_id decision decided_at note by tone prominence key_messages headline_en".split()
_CELLS = "decision tone prominence messages headline_en note".split()
"""What sheets of older versions were written with."""


class RowState(Struct, frozen=True):
    """Digests of the verdict, the cells and the facts as they were written. `version`: of the item's state; None in older sheets."""

    verdict: str
    cells: str
    facts: tuple[str, ...] = ()
    version: int | None = None

    def is_as_written(self, typed: Typed) -> bool:
        """Whether the reviewer changed nothing that may be filled in."""
        return _of_typed(typed) == self.cells

    def is_still(self, state: ItemState, verdict: Verdict | None) -> bool:
        """Whether nobody has said anything of the item since."""
        return _of_verdict(verdict) == self.verdict if self.version is None else state.version == self.version

    def changed(self, facts: Mapping[str, str]) -> list[str]:
        """Names of `FACTS` whose cells say another thing than when the sheet was written. One that was emptied, or whose column was taken
        out, says nothing; nor does any of a sheet that was written before they were noted."""
        return [name for name, was in zip(FACTS, self.facts, strict=False) if facts.get(name) and _short_digest(facts[name]) != was]


def write_state(state: ItemState, verdict: Verdict | None, typed: Typed, facts: Mapping[str, str]) -> str:
    """The cell."""
    told = "".join(_short_digest(facts.get(name, "")) for name in FACTS)
    return f"{_of_verdict(verdict)}.{_of_typed(typed)}.{told}.{state.version}"


def read_state(cell: str) -> RowState | None:
    """What the cell says; None for what is no state of ours."""
    parts = cell.split(".")
    if not 2 <= len(parts) <= 4 or [len(part) for part in parts[:2]] != [16, 16] or not set("".join(parts)) <= set("0123456789abcdef"):
        return None
    facts = parts[2] if len(parts) > 2 else ""
    if len(facts) not in (0, FACT_DIGITS * FACTS_BEFORE, FACT_DIGITS * len(FACTS)):
        return None
    version = parts[3] if len(parts) > 3 else "0"
    if not version.isdecimal() or len(version) > 18:
        return None
    digests = tuple(facts[start : start + FACT_DIGITS] for start in range(0, len(facts), FACT_DIGITS))
    return RowState(parts[0], parts[1], digests, int(version) if len(parts) > 3 else None)


def _of_verdict(verdict: Verdict | None) -> str:
    return _digest([] if verdict is None else [str(getattr(verdict, name)) for name in _VERDICT])


def _of_typed(typed: Typed) -> str:
    """Cells that older sheets do not have count only where they say something."""
    newer = [f"{name}={said}" for name in ("quoted", "tags", "picture") if (said := getattr(typed, name))]
    return _digest([*(str(getattr(typed, name)) for name in _CELLS), *newer])


def _short_digest(text: str) -> str:
    return _digest([text])[:FACT_DIGITS]


def _digest(said: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(said).encode("utf-8", "replace")).hexdigest()[:16]
