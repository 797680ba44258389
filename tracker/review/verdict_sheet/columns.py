"""The columns of a verdict sheet, and what a reviewer may type into them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from tracker.model import Campaign, Decision, Fact, ItemState, Prominence, Tone, Value
from tracker.spreadsheets.rows import SheetRow
from tracker.text.folding import fold

MENTION, STATE, HELD = "mention", "state", "held"
DECISION, TONE, PROMINENCE, HEADLINE_EN, NOTE = "decision", "tone", "prominence", "english headline", "note"
QUOTED, TAGS, PICTURE = "quoted", "tags", "picture"
QUOTE_FOUND = "quote found"
"""What the program found in quotation marks, with its speaker: to be read before the column of those quoted is filled in."""
MESSAGE = "message: "
"""What the column of a key message begins with; its id follows."""
YES_NO = ("yes", "no")
NOBODY = "none"
"""In the column of those quoted: it quotes none of the spokespeople."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    DECISION: tuple(map(str, Decision)),
    TONE: tuple(map(str, Tone)),
    PROMINENCE: tuple(map(str, Prominence)),
    PICTURE: ("on", "off"),
}
BEFORE = (HELD, "outlet", "country", "published", "headline", "excerpt")
AFTER = ("why it matched", "link", "circle", "campaign", "medium", "author", "present verdict")
TEXTS = (HEADLINE_EN, NOTE, QUOTED, TAGS)
LONGEST = 1000
"""Characters of a cell that a person fills in: a note of half a page."""
_BETWEEN = re.compile(r"\s*;\s*")


class Typed(Struct, frozen=True):
    """What a row's cells say; empty: nothing. `messages`: by id, `yes` or `no`. `quoted` and `tags` as they are typed, parted by `;`."""

    decision: str = ""
    tone: str = ""
    prominence: str = ""
    messages: tuple[tuple[str, str], ...] = ()
    headline_en: str = ""
    note: str = ""
    quoted: str = ""
    tags: str = ""
    picture: str = ""

    @property
    def key_messages(self) -> tuple[str, ...] | None:
        """Those that came through; None where no cell says anything."""
        return tuple(message for message, said in self.messages if said == "yes") if self.messages else None


def columns_for(campaigns: Sequence[Campaign]) -> tuple[str, ...]:
    """All columns of a sheet of these campaigns, in order."""
    messages = dict.fromkeys(message.id for campaign in campaigns for message in campaign.key_messages)
    quoted = (QUOTE_FOUND, QUOTED) if any(campaign.spokespeople for campaign in campaigns) else ()
    given = (DECISION, TONE, PROMINENCE, *(f"{MESSAGE}{message}" for message in messages), *quoted, HEADLINE_EN, NOTE, TAGS, PICTURE)
    return (MENTION, *BEFORE, *given, *AFTER, STATE)


def message_of(column: str) -> str:
    """The key message that a column is for; empty for another column."""
    return column.removeprefix(MESSAGE) if column.startswith(MESSAGE) else ""


def as_typed(state: ItemState, campaign: Campaign) -> Typed:
    """The cells as what is said already fills them."""
    said = state.key_messages
    messages = tuple((one.id, "yes" if one.id in said else "no") for one in campaign.key_messages) if said is not None else ()
    quoted = "" if state.quotes is None else "; ".join(state.quotes) or NOBODY
    return Typed(
        state.decision,
        state.tone,
        state.prominence,
        messages,
        short(state.headline_en),
        short(state.note),
        quoted if campaign.spokespeople else "",
        short("; ".join(state.tags)),
        "off" if state.picture_off else "",
    )


def read_typed(row: SheetRow, columns: Sequence[str], campaign: Campaign) -> tuple[Typed, list[str]]:
    """What a row says, and what is wrong with it in words."""
    wrong: list[str] = []
    chosen = {}
    for name, choices in CHOICES.items():
        chosen[name] = said = row.text(name).lower()
        if said and said not in choices:
            wrong.append(f"{name}: {said[:40]!r} is none of {', '.join(choices)}")
    messages, faults = _read_messages(row, columns, campaign)
    wrong += faults
    for name in TEXTS:
        if len(row.text(name)) > LONGEST:
            wrong.append(f"{name}: has {len(row.text(name))} characters; {LONGEST} at most")
    headline_en, note, quoted, tags = (short(row.text(name)) for name in TEXTS)
    wrong += [f"{QUOTED}: {name[:40]!r} is no spokesperson of campaign {campaign.id}" for name in _unknown_names(quoted, campaign)]
    return Typed(chosen[DECISION], chosen[TONE], chosen[PROMINENCE], messages, headline_en, note, quoted, tags, chosen[PICTURE]), wrong


def said_by(typed: Typed, campaign: Campaign) -> dict[Fact, Value]:
    """What the row says, fact by fact; an empty cell says nothing, but that of the note, which belongs to the decision."""
    known = {fold(person.name): person.name for person in campaign.spokespeople}
    said: dict[Fact, Value] = {Fact.VERDICT: typed.decision, Fact.NOTE: typed.note or None} if typed.decision else {}
    given: dict[Fact, Value] = {Fact.TONE: typed.tone, Fact.PROMINENCE: typed.prominence, Fact.HEADLINE_EN: typed.headline_en}
    said |= {fact: value for fact, value in given.items() if value}
    if typed.key_messages is not None:
        said[Fact.KEY_MESSAGES] = typed.key_messages
    if typed.quoted:
        said[Fact.QUOTES] = tuple(known[fold(name)] for name in _parts(typed.quoted) if fold(name) in known)
    if typed.tags:
        said[Fact.TAGS] = _parts(typed.tags)
    if typed.picture:
        said[Fact.PICTURE] = "off" if typed.picture == "off" else None
    return said


def _read_messages(row: SheetRow, columns: Sequence[str], campaign: Campaign) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    known, wrong = [message.id for message in campaign.key_messages], []
    messages: dict[str, str] = {}
    for column in columns:
        if not (message := message_of(column)) or not (said := row.text(column).lower()):
            continue
        if message not in known:
            wrong.append(f"{column}: is no key message of campaign {campaign.id}")
        elif said not in YES_NO:
            wrong.append(f"{column}: {said[:40]!r} is neither yes nor no")
        messages[message] = said
    return tuple((message, messages[message]) for message in known if message in messages), wrong


def _unknown_names(quoted: str, campaign: Campaign) -> list[str]:
    known = {fold(person.name) for person in campaign.spokespeople} | {NOBODY}
    return [name for name in _parts(quoted) if fold(name) not in known]


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _BETWEEN.split(text.strip()) if part))


def short(text: str) -> str:
    """One line of what any program can keep in a cell: what is read back must be what was written."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]
