"""`tracker recipients`: who gets editions, as the file and the people themselves say; and their rights to what is held about them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from tracker.cli.invocation import DayParameter, Invocation, amount, on_terminal, options_anywhere, say_begun, table, workspace_options
from tracker.delivery import recipients_file, rights
from tracker.delivery.audience import OUTBOX, read_audience
from tracker.delivery.choices import Choice, ChoiceRecord, What, Wishes, wishes_of
from tracker.delivery.recipients import EDITIONS, FILE_NAME, FORMATS, ON_HOLIDAYS, Basis, Recipient, Role
from tracker.errors import StoreError, UsageError
from tracker.model import COUNTRIES, LANGUAGES
from tracker.workspace import Parts, open_parts, wall_clock, workspace_settings

if TYPE_CHECKING:
    from tracker.store.database import Database


@click.group("recipients", invoke_without_command=True)
@click.pass_context
def recipients(ctx: click.Context) -> None:
    """Who gets editions: list, add, remove, pause; export or erase all that is held about a person. Without a subcommand: list.

    Example: tracker recipients add arta@example.org --name "Arta Lumi" --role partner --language sq --edition weekly
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_recipients)


@recipients.command("list")
@workspace_options
def list_recipients(invocation: Invocation) -> int:
    """Everybody in recipients.toml, with what they chose on their own page.

    Example: tracker recipients list
    """
    workspace_settings(invocation.workspace)
    found = read_audience(invocation.workspace) if (invocation.workspace / FILE_NAME).exists() else ()
    now = wall_clock()
    headings = ("recipient", "role", "edition", "language", "basis", "state")
    rows = [(str(one.address), one.role, one.edition, one.language, _basis(one), _state(one, one.away(now))) for one in found]
    report = [asdict(one) | {"address": str(one.address), "send_on": asdict(one.send_on), "away": one.away(now)} for one in found]
    hint = ["", f'basis not noted: write it into {FILE_NAME}, such as basis = "consent" and consent_on = 2026-05-01']
    lines = [*table(rows, headings), *(hint if any(not one.basis for one in found) else [])]
    invocation.show(lines if rows else ["nobody; `tracker recipients add` adds somebody"], {"recipients": report})
    return 0


def _basis(one: Recipient) -> str:
    return f"{one.basis}{f', {one.consent_on.isoformat()}' if one.consent_on else ''}" or "not noted"


def _state(one: Recipient, away: str) -> str:
    if one.stopped_at:
        return f"{away}, {one.stopped_at:%Y-%m-%d}"
    if one.unreachable_at:
        why = f"{away} ({one.unreachable_code or 'no code'}) since {one.unreachable_at:%Y-%m-%d}"
        return f"{why}; `tracker recipients pause {one.address} --end` once the address is right"
    return f"{away} until {one.paused_until.isoformat()}" if away and one.paused_until else "gets letters"


@recipients.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As the letter names the person.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True, help="What the person may read.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), required=True, help="Of the letters.")
@click.option("--edition", type=click.Choice([str(kind) for kind in EDITIONS]), required=True, help="Which editions.")
@click.option("--send-on", default="", help='When, such as "monday 09:00" (default: the usual hour).')
@click.option(
    "--news-of", "countries", multiple=True, type=click.Choice(list(COUNTRIES)), help="Only items of this country; may be repeated."
)
@click.option("--campaign", "campaigns", multiple=True, help="Only this campaign; may be repeated.")
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="In this form; may be repeated.")
@click.option("--country", default="", help="Where the person reads: no letters on its public holidays, nor at night there.")
@click.option("--time-zone", default="", help="Where the country has several, or none is named: such as Europe/Tirane.")
@click.option("--on-holidays", type=click.Choice(ON_HOLIDAYS), default="wait", show_default=True, help="Wait for a working day, or send.")
@click.option("--basis", type=click.Choice([str(one) for one in Basis]), help="On what ground the address is kept.")
@click.option("--consent-on", type=DayParameter(), help="When the person consented (default with --basis consent: today).")
@options_anywhere
def add(invocation: Invocation, email: str, consent_on: date | None, on_holidays: str, **given: Any) -> int:
    """Add a recipient to recipients.toml; its comments and order stay. The file is checked as a whole before it is changed.

    Example: tracker recipients add arta@example.org --name "Arta Lumi" --role partner --language sq --edition weekly --basis consent
    """
    workspace_settings(invocation.workspace)
    address, today = recipients_file.typed_address(email), wall_clock().date()
    if (wishes := _wishes(invocation.workspace, address.key)).stopped_at:
        raise UsageError(f"{address} signed off on {wishes.stopped_at:%Y-%m-%d}; only the person can take that back, on the own page")
    if given["basis"] == Basis.CONSENT:
        consent_on = consent_on or today
    values = {"name": given.pop("name"), "email": str(address), **given, "consent_on": consent_on}
    if on_holidays != "wait":
        values["on_holidays"] = on_holidays
    file = invocation.workspace / FILE_NAME
    begun = [] if file.exists() else [f"began {file.resolve()}"]
    made = recipients_file.add(invocation.workspace, values)
    invocation.show([f"{made.address} gets the {made.edition} edition in {made.language}", *begun], {"added": str(made.address)})
    return 0


def _wishes(workspace: Path, key: str) -> Wishes:
    return wishes_of(ChoiceRecord(workspace / OUTBOX).every()).get(key, Wishes())


@recipients.command("remove")
@click.argument("email")
@click.option("--edition", type=click.Choice([str(kind) for kind in EDITIONS]), help="Only from this edition (default: from all).")
@workspace_options
def remove(invocation: Invocation, email: str, edition: str | None) -> int:
    """Take a recipient out of recipients.toml. What was sent stays known; `erase` takes that out too.

    Example: tracker recipients remove arta@example.org
    """
    workspace_settings(invocation.workspace)
    address = recipients_file.typed_address(email)
    count = recipients_file.remove(invocation.workspace, address, edition or "")
    invocation.show([f"{address}: {amount(count, 'entry') if count == 1 else f'{count} entries'} removed"], {"removed": count})
    return 0


@recipients.command("pause")
@click.argument("email")
@click.option("--until", type=DayParameter(), help="The first day that letters go again.")
@click.option("--end", is_flag=True, help="Letters go again from now on.")
@workspace_options
def pause(invocation: Invocation, email: str, until: date | None, end: bool) -> int:
    """Send a recipient nothing until a day.

    Example: tracker recipients pause arta@example.org --until 2027-01-08
    """
    workspace_settings(invocation.workspace)
    address, now = recipients_file.typed_address(email), wall_clock()
    if (until is None) is not end:
        raise UsageError("say either --until DAY or --end")
    if until is not None and until <= now.date():
        raise UsageError(f"{until.isoformat()} is not in the future; --until is the first day that letters go again")
    recipients_file.pause(invocation.workspace, address, until)
    wishes = _wishes(invocation.workspace, address.key)
    if end and (wishes.paused_until or wishes.unreachable_at) and not wishes.stopped_at:
        ChoiceRecord(invocation.workspace / OUTBOX).add(Choice(address.key, What.RESUME, "", now, "command"))
    said = f"gets letters again from {until.isoformat()}" if until else "gets letters again"
    invocation.show([f"{address} {said}"], {"email": str(address), "paused_until": until.isoformat() if until else None})
    return 0


@recipients.command("export")
@click.argument("email")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write, for you alone.")
@workspace_options
def export(invocation: Invocation, email: str, output: Path) -> int:
    """Write everything that is held about a person as JSON: entries, consent, choices, ledger, letters, notifications.

    Example: tracker recipients export arta@example.org -o arta.json
    """
    from tracker.config.private_files import write_private

    address = recipients_file.typed_address(email)
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        held = rights.everything(invocation.workspace, parts.settings, _database(parts), address, parts.clock())
    try:
        write_private(output, json.dumps(held, ensure_ascii=False, indent=2, default=str).encode("utf-8", "replace") + b"\n")
    except OSError as error:
        raise StoreError(f"{output} cannot be written: {error.strerror}") from error
    counts = {part: len(value) for part, value in held.items() if isinstance(value, list)}
    known = rights.is_known(held)
    lines = [f"{output}: " + ", ".join(f"{part.replace('_', ' ')} {count}" for part, count in counts.items())]
    invocation.show([*lines, *([] if known else [f"nothing is held about {address}"])], {"file": str(output), "known": known, **counts})
    return 0


@recipients.command("erase")
@click.argument("email")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the receipt to this file too.")
@click.option("--yes", is_flag=True, help="Erase without asking: for scripts.")
@workspace_options
def erase(invocation: Invocation, email: str, output: Path | None, yes: bool) -> int:
    """Erase a person from recipients.toml, ledger, records and outbox, and print a receipt. It cannot be undone; export first.

    Counts stay, and keyed hashes by which no edition goes to the address again. Exit 1 where the person is still named somewhere.

    Example: tracker recipients erase arta@example.org -o receipt.txt
    """
    address = recipients_file.typed_address(email)
    if not yes and not (sys.stdin.isatty() and on_terminal()):
        raise UsageError(
            f"nothing was erased: it cannot be undone, and nobody can be asked here; give --yes to erase {address} all the same"
        )
    if not yes and not click.confirm(f"Erase all that is held about {address}?", err=True):
        raise UsageError("nothing was erased")
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        receipt = rights.erase(invocation.workspace, parts.settings, _database(parts), address, parts.clock())
    lines = [*_receipt_lines(receipt)]
    if output is not None:
        from tracker.spreadsheets.files import write_files

        write_files(output.parent, output.stem, {output.suffix: "".join(f"{line}\n" for line in lines).encode()})
    invocation.show(lines, {"receipt": receipt})
    return 1 if receipt.stays else 0


def _receipt_lines(receipt: rights.Receipt) -> Iterator[str]:
    yield f"Receipt of an erasure, {receipt.at:%Y-%m-%d %H:%M} UTC"
    yield f"In place of the address now stands {receipt.proof}"
    for name in ("entries", "choices", "letters", "records", "notifications", "texts", "files"):
        if count := getattr(receipt, name):
            yield f"  {name}: {count}"
    if not receipt.total:
        yield "  nothing was held"
    for line in receipt.stays:
        yield f"stays: {line}"


def _database(parts: Parts) -> Database | None:
    return parts.database if parts.database_exists else None
