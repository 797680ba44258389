"""`tracker history`, `correct` and `story`: what persons said of an item, corrections of what its outlet says, stories merged and split."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.invocation import Invocation, amount, workspace_options
from tracker.errors import UsageError
from tracker.model import Fact, Value
from tracker.workspace import open_parts

if TYPE_CHECKING:
    from tracker.review.decisions import Act, HistoryLine

AS_FOUND = "as-found"
"""What an option says to take a correction away."""


@click.command("history")
@click.argument("mention")
@workspace_options
def history(invocation: Invocation, mention: str) -> int:
    """All that persons said of a mention: who, when, what, from and to. What was taken back is marked, and stays in the list.

    Example: tracker history digital-safety-12
    """
    from tracker.review import decisions
    from tracker.review.words import event_words, state_words, who_when

    with open_parts(invocation.workspace, must_exist=True) as parts:
        told = decisions.history(parts.database, mention)
        state = decisions.states(parts.database, [mention])[mention]
    lines = [f"{one.event.id:>6}  {who_when(one.event)}: {event_words(one.event)}{_mark(one)}" for one in told]
    invocation.show([*lines, f"now: {state_words(state)}"], {"mention": mention, "state": state, "events": [*map(_as_object, told)]})
    return 0


def _mark(line: HistoryLine) -> str:
    return f" [taken back by {line.taken_back_by}]" if line.taken_back_by else ""


def _as_object(line: HistoryLine) -> dict[str, Any]:
    event = line.event
    return {
        "id": event.id,
        "act": event.act,
        "who": event.by,
        "when": event.said_at,
        "what": event.fact,
        "from": event.before,
        "to": event.after,
        "via": event.via,
        "takes_back": event.takes_back,
        "in_force": line.in_force,
        "taken_back_by": line.taken_back_by,
    }


@click.command("correct")
@click.argument("mention")
@click.option("--headline", help="The headline as it should be.")
@click.option("--published", help="The day (2026-10-11) or the moment (2026-10-11T08:30+02:00) it appeared.")
@click.option("--outlet", help="The outlet's id in the register.")
@click.option("--author", "authors", multiple=True, help="An author; may be repeated. `none`: it names none.")
@click.option("--by", default="", help="Who corrects it.")
@workspace_options
def correct(
    invocation: Invocation, mention: str, headline: str | None, published: str | None, outlet: str | None, authors: tuple[str, ...], by: str
) -> int:
    """Correct what an outlet says of its item. Both are kept; the corrected one is printed everywhere and counted.

    `as-found` in place of a value takes the correction away; `tracker verdict MENTION --take-back` takes the last word back.

    Example: tracker correct digital-safety-12 --headline "Safer internet day in Tirana" --published 2026-10-11
    """
    from tracker.review import decisions
    from tracker.review.words import state_words

    given = {Fact.HEADLINE: headline, Fact.PUBLISHED: published, Fact.OUTLET: outlet}
    said: dict[Fact, Value] = {fact: None if value == AS_FOUND else value for fact, value in given.items() if value is not None}
    if empty := [fact for fact, value in said.items() if isinstance(value, str) and not value.strip()]:
        raise UsageError(f"--{empty[0]}: is empty; write {AS_FOUND} to take the correction away")
    if authors:
        said[Fact.AUTHORS] = None if authors == (AS_FOUND,) else () if authors == ("none",) else authors
    if not said:
        raise UsageError("give what to correct: --headline, --published, --outlet or --author")
    with open_parts(invocation.workspace, must_exist=True) as parts:
        act = decisions.say(parts.database, mention, said, by=" ".join(by.split()), now=parts.clock(), via="command")
        state = decisions.states(parts.database, [mention])[mention]
    invocation.show([f"{mention}: {'corrected' if act.id else 'is so already'}; now {state_words(state)}"], state)
    return 0


@click.group("story")
def story() -> None:
    """Merge and split stories by hand; no later run undoes it. An edition that was made stays as it is, and the next one says so.

    Example: tracker story merge digital-safety-12 digital-safety-13
    """


@story.command("merge")
@click.argument("mentions", nargs=-1, required=True)
@click.option("--by", default="", help="Who says so.")
@workspace_options
def merge(invocation: Invocation, mentions: tuple[str, ...], by: str) -> int:
    """Make the stories of these mentions one. `tracker verdict MENTION --take-back` undoes it.

    Example: tracker story merge digital-safety-12 digital-safety-13
    """
    from tracker.review import decisions

    return _change(invocation, decisions.merge, mentions, by, lambda items: f"{amount(items, 'item')} are one story now")


@story.command("split")
@click.argument("mentions", nargs=-1, required=True)
@click.option("--by", default="", help="Who says so.")
@workspace_options
def split(invocation: Invocation, mentions: tuple[str, ...], by: str) -> int:
    """Take these mentions out of their story: they become one of their own. `tracker verdict MENTION --take-back` undoes it.

    Example: tracker story split digital-safety-13
    """
    from tracker.review import decisions

    apart = f"{', '.join(dict.fromkeys(mentions))}: out of the story now"
    left = len({*mentions})
    return _change(invocation, decisions.split, mentions, by, lambda items: f"{apart}, which keeps {amount(items - left, 'item')}")


def _change(invocation: Invocation, change: Callable[..., Act], mentions: tuple[str, ...], by: str, told: Callable[[int], str]) -> int:
    with open_parts(invocation.workspace, must_exist=True) as parts:
        act = change(parts.database, mentions, by=" ".join(by.split()), now=parts.clock(), via="command")
    invocation.show([told(len(act.done))], act)
    return 0
