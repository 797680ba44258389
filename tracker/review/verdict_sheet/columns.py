"""The columns of a verdict sheet, what a reviewer may type into them, and how a row tells what it held when it was written. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from tracker.model import Campaign, Decision, Prominence, Tone, Verdict
from tracker.spreadsheets.rows import SheetRow

MENTION, STATE, HELD = "mention", "state", "held"
DECISION, TONE, PROMINENCE, HEADLINE_EN, NOTE = "decision", "tone", "prominence", "english headline", "note"
MESSAGE = "message: "
"""What the column of a key message begins with; its id follows."""
YES_NO = ("yes", "no")
CHOICES: Mapping[str, tuple[str, ...]] = {
    DECISION: tuple(map(str, Decision)),
    TONE: tuple(map(str, Tone)),
    PROMINENCE: tuple(map(str, Prominence)),
}
BEFORE = (HELD, "outlet", "country", "published", "headline", "excerpt")
AFTER = ("why it matched", "link", "circle", "campaign", "medium", "present verdict")
LONGEST = 1000
"""Characters of a cell that a person fills in: a note of half a page."""
FACTS = ("headline", "outlet", "country", "published")
"""What a row says of its item. A reviewer who corrects one of these expects it to count, and no verdict holds it."""
FACT_DIGITS = 8
"""Hexadecimal digits of each: a changed cell looks unchanged once in four thousand million."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a row's cells say; empty: nothing. `messages`: by id, `yes` or `no`."""

    decision: str = ""
    tone: str = ""
    prominence: str = ""
    messages: tuple[tuple[str, str], ...] = ()
    headline_en: str = ""
    note: str = ""

    @property
    def key_messages(self) -> tuple[str, ...] | None:
        """Those that came through; None where no cell says anything."""
        return tuple(message for message, said in self.messages if said == "yes") if self.messages else None


def columns_for(campaigns: Sequence[Campaign]) -> tuple[str, ...]:
    """All columns of a sheet of these campaigns, in order."""
    messages = dict.fromkeys(message.id for campaign in campaigns for message in campaign.key_messages)
    given = (DECISION, TONE, PROMINENCE, *(f"{MESSAGE}{message}" for message in messages), HEADLINE_EN, NOTE)
    return (MENTION, *BEFORE, *given, *AFTER, STATE)


def message_of(column: str) -> str:
    """The key message that a column is for; empty for another column."""
    return column.removeprefix(MESSAGE) if column.startswith(MESSAGE) else ""


def as_typed(verdict: Verdict | None, campaign: Campaign) -> Typed:
    """The cells as a present verdict fills them."""
    if verdict is None:
        return Typed()
    said = verdict.key_messages
    messages = tuple((one.id, "yes" if one.id in said else "no") for one in campaign.key_messages) if said is not None else ()
    return Typed(str(verdict.decision), verdict.tone, verdict.prominence, messages, _short(verdict.headline_en), _short(verdict.note))


def read_typed(row: SheetRow, columns: Sequence[str], campaign: Campaign) -> tuple[Typed, list[str]]:
    """What a row says, and what is wrong with it in words."""
    wrong: list[str] = []
    chosen = {}
    for name, choices in CHOICES.items():
        chosen[name] = said = row.text(name).lower()
        if said and said not in choices:
            wrong.append(f"{name}: {said[:40]!r} is none of {', '.join(choices)}")
    known = [message.id for message in campaign.key_messages]
    messages: dict[str, str] = {}
    for column in columns:
        if not (message := message_of(column)) or not (said := row.text(column).lower()):
            continue
        if message not in known:
            wrong.append(f"{column}: is no key message of campaign {campaign.id}")
        elif said not in YES_NO:
            wrong.append(f"{column}: {said[:40]!r} is neither yes nor no")
        messages[message] = said
    for name in (HEADLINE_EN, NOTE):
        if len(row.text(name)) > LONGEST:
            wrong.append(f"{name}: has {len(row.text(name))} characters; {LONGEST} at most")
    ordered = tuple((message, messages[message]) for message in known if message in messages)
    typed = Typed(chosen[DECISION], chosen[TONE], chosen[PROMINENCE], ordered, _short(row.text(HEADLINE_EN)), _short(row.text(NOTE)))
    return typed, wrong


def state_of(verdict: Verdict | None, typed: Typed, facts: Mapping[str, str] | None = None) -> str:
    """What a row bears, hidden: which verdict stood when it was written, what its cells held, and what stood in those of `FACTS`."""
    told = "".join(_digest([facts.get(name, "")])[:FACT_DIGITS] for name in FACTS) if facts is not None else ""
    return f"{_of_verdict(verdict)}.{_of_typed(typed)}{f'.{told}' if told else ''}"


def split_state(state: str) -> tuple[str, str] | None:
    """The two halves on the verdict and the cells; None for what is no state of ours."""
    parts = state.split(".")
    halves, facts = parts[:2], parts[2:]
    whole = len(halves) == 2 and all(len(half) == 16 for half in halves) and [len(one) for one in facts] in ([], [FACT_DIGITS * len(FACTS)])
    return (halves[0], halves[1]) if whole and set("".join(parts)) <= set("0123456789abcdef") else None


def changed_facts(facts: Mapping[str, str], state: str) -> list[str]:
    """Names of `FACTS` whose cells say another thing than when the sheet was written. One that was emptied, or whose column was taken out,
    says nothing; nor does any of a sheet that was written before they were noted."""
    told = state.split(".")[2] if state.count(".") == 2 else ""
    before = [told[start : start + FACT_DIGITS] for start in range(0, len(told), FACT_DIGITS)]
    return [name for name, was in zip(FACTS, before, strict=False) if facts.get(name) and _digest([facts[name]])[:FACT_DIGITS] != was]


def _of_verdict(verdict: Verdict | None) -> str:
    return _digest([] if verdict is None else [str(getattr(verdict, one.name)) for one in fields(verdict)])


def _of_typed(typed: Typed) -> str:
    return _digest([str(getattr(typed, one.name)) for one in fields(typed)])


def is_as_written(typed: Typed, state: tuple[str, str]) -> bool:
    """Whether the reviewer changed nothing in the row."""
    return _of_typed(typed) == state[1]


def is_still(verdict: Verdict | None, state: tuple[str, str]) -> bool:
    """Whether the verdict is the one that stood when the sheet was written."""
    return _of_verdict(verdict) == state[0]


def _digest(said: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(said).encode("utf-8", "replace")).hexdigest()[:16]


def _short(text: str) -> str:
    """One line of what any program can keep in a cell: what is read back must be what was written."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]
