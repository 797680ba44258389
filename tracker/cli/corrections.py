"""`tracker digest correct`: everybody who got an item that turned out wrong is told, once."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from tracker.cli.digest import digest, read_sentence
from tracker.cli.invocation import Invocation, amount, on_terminal, workspace_options
from tracker.errors import UsageError
from tracker.model import LANGUAGES
from tracker.workspace import open_parts

if TYPE_CHECKING:
    from tracker.delivery.correcting import Draft


@digest.command("correct")
@click.argument("mention_id", metavar="MENTION")
@click.option(
    "--sentence",
    "sentences",
    multiple=True,
    metavar="LANGUAGE=TEXT",
    help="What was wrong and what is right, a language each; may be repeated.",
)
@click.option("--by", default="", help="Who approves it; printed in the correction.")
@click.option("--dry-run", is_flag=True, help="Say who would be told, and change nothing.")
@click.option("--yes", is_flag=True, help="Approve without asking: for scripts.")
@workspace_options
def correct(invocation: Invocation, mention_id: str, sentences: tuple[str, ...], by: str, dry_run: bool, yes: bool) -> int:
    """Tell everybody who got an item that it was wrong, in their language, naming the edition. It goes out with the next `tracker send`.

    Correct the item itself first (`tracker verdict`, or the desk): what was printed and what is right stands in the letter. Of an item
    that is held back the letter names nothing, and the sentence is left out. The same words go to nobody twice.

    Example: tracker digest correct 3f2a --sentence en="The minister said it in May, not in March." --by "Arta Lumi"
    """
    from tracker.delivery.audience import read_audience
    from tracker.delivery.correcting import approve, draft
    from tracker.delivery.recipients import FILE_NAME

    said = [read_sentence(text) for text in sentences]
    with open_parts(invocation.workspace, must_exist=True) as parts:
        path = invocation.workspace / FILE_NAME
        recipients = read_audience(invocation.workspace) if path.exists() else ()
        drafted = draft(parts.database, recipients, mention_id, said, parts.clock())
        lines, report = _lines(drafted), _report(drafted)
        if dry_run:
            invocation.show([*lines, "nothing was changed"], report | {"approved": False})
            return 0
        if not yes and sys.stdin.isatty() and on_terminal():
            click.echo("\n".join(lines), err=True)
            if not click.confirm("Send this correction?", err=True):
                raise UsageError("nothing was corrected")
        made = approve(parts.database, drafted, parts.clock(), " ".join(by.split()))
    invocation.show(
        [*lines, f"correction {made.id} goes out with the next `tracker send`"], report | {"approved": True, "correction": made.id}
    )
    return 0


def _lines(drafted: Draft) -> list[str]:
    told = amount(len(drafted.addressees), "recipient")
    languages = Counter(one.recipient.language for one in drafted.addressees)
    by_language = ", ".join(f"{languages[code]} in {code}" for code in LANGUAGES if languages[code])
    lines = [f"item {drafted.mention.id}: {told} got it{f' ({by_language})' if by_language else ''}"]
    lines += [f"  {one.recipient.address}: edition {', '.join(str(edition.id) for edition in one.editions)}" for one in drafted.addressees]
    if drafted.gone:
        lines.append(f"{drafted.gone} more got it and are on the list no more, or want no letters; tell them otherwise")
    if drafted.withheld:
        lines.append("the item is held back: the letter names nothing of it and leaves your sentence out")
    elif without := drafted.in_other_languages:
        lines.append(f"no sentence in {', '.join(without)}: readers there get the nearest language, else English")
    return lines


def _report(drafted: Draft) -> dict[str, object]:
    told = [{"email": str(one.recipient.address), "editions": [edition.id for edition in one.editions]} for one in drafted.addressees]
    return {"mention": drafted.mention.id, "recipients": told, "not_told": drafted.gone, "withheld": drafted.withheld}
