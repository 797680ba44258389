"""`tracker send`: what is due goes out; what would go; a proof; a person's word on a letter nobody knows about."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import click

from tracker.cli.invocation import Invocation, table, workspace_options
from tracker.cli.nightly import step_lines
from tracker.delivery.audience import addressing, read_audience
from tracker.delivery.letters import LetterWriter, PublishedComposer
from tracker.delivery.mailing import Mailing
from tracker.delivery.outcomes import LetterEnd, LetterOutcome, Preview, SendReport
from tracker.delivery.proof import send_proof
from tracker.delivery.recipients import FILE_NAME, Recipient
from tracker.delivery.reconcile import decide
from tracker.delivery.unreached import unreached
from tracker.errors import ConfigError, UsageError
from tracker.model import LANGUAGES, Campaign
from tracker.workspace import Parts, open_parts, read_campaigns


@click.command("send")
@click.option("--dry-run", is_flag=True, help="List who would get what and when; send nothing.")
@click.option("--to", metavar="ADDRESS", help="Send a proof of --edition to this address alone.")
@click.option("--edition", "edition_id", type=int, metavar="ID", help="Only this edition, however old it is.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Of a proof (default: the recipient's own).")
@click.option("--again", type=int, metavar="LETTER", help="Send a refused or unknown letter once more.")
@click.option("--arrived", type=int, metavar="LETTER", help="An unknown letter has arrived: the recipient says so.")
@workspace_options
def send(
    invocation: Invocation,
    dry_run: bool,
    to: str | None,
    edition_id: int | None,
    language: str | None,
    again: int | None,
    arrived: int | None,
) -> int:
    """Send what is due to everybody in recipients.toml, each edition once. Without mail.host letters are written to outbox/.

    An edition goes to those who read its kind, once it is released to them, at the hour of their send_on; one that was released more
    than a week ago (a nightly one: three days) goes to nobody new. A report over any period goes out only with --edition, to everybody
    who may read it. Letters that a server puts off are tried again for a day; `unknown` ones never by themselves.

    Example: tracker send --to me@example.org --edition 12
    """
    if sum([to is not None, dry_run, again is not None, arrived is not None]) > 1:
        raise UsageError("--dry-run, --to, --again and --arrived exclude one another")
    if language and to is None:
        raise UsageError("--language goes with --to: recipients have their own")
    with open_parts(invocation.workspace, must_exist=True) as parts:
        outbox = invocation.workspace / "outbox"
        if (decided := again if again is not None else arrived) is not None:
            letter = decide(parts.database, outbox, decided, again=again is not None, now=parts.clock())
            said = "goes once more with the next `tracker send`" if again is not None else "counts as sent"
            invocation.show([f"letter {letter.id} to {letter.recipient} {said}"], {"letter": letter.id, "said": said})
            return 0
        campaigns = read_campaigns(invocation.workspace)
        if dry_run and not parts.database_exists:
            return _without_database(invocation, campaigns)
        zones = {campaign.id: campaign.time_zone for campaign in campaigns}
        composer = PublishedComposer(parts.database, parts.settings)
        writer = LetterWriter(parts.database, parts.settings, zones, composer, *addressing(invocation.workspace, parts.settings))
        if to is not None:
            return _proof(invocation, parts, writer, to, edition_id, language or "")
        if dry_run:
            recipients = _recipients(invocation)
            mailing = Mailing(parts.database, outbox, parts.settings, campaigns, recipients, writer, parts.clock)
            found, missed = mailing.preview(edition_id), unreached(recipients, campaigns)
            invocation.show([*_preview_lines(found, zones), *missed], {"letters": found, "unreached": missed})
            return 1 if missed else 0
        recipients = _recipients(invocation)
        from tracker.pipeline.steps import deliver_letters

        report = deliver_letters(parts, campaigns, recipients, writer, edition_id)
    left_out = [f"left out: {reason}" for reason in composer.left_out]
    invocation.show([*_lines(report), *left_out, *unreached(recipients, campaigns)], report)
    return 1 if report.needs_a_person else 0


def _without_database(invocation: Invocation, campaigns: Sequence[Campaign]) -> int:
    """Before the first night: who is named in the file, and who of them will never get anything."""
    recipients = _recipients(invocation)
    missed = unreached(recipients, campaigns)
    rows = [(str(one.address), one.role, one.edition, one.language, ", ".join(one.formats)) for one in recipients]
    lines = table(rows, ("recipient", "role", "edition", "language", "forms")) if rows else ["nobody is named in it"]
    invocation.show([*lines, *missed, "nothing to send: there is no edition before the first night"], {"letters": [], "unreached": missed})
    return 1 if missed else 0


def _proof(invocation: Invocation, parts: Parts, writer: LetterWriter, to: str, edition_id: int | None, language: str) -> int:
    if edition_id is None:
        raise UsageError("--to needs --edition; `tracker digest list` shows their numbers")
    recipients = _recipients(invocation, must_exist=False)
    outbox = invocation.workspace / "outbox"
    words = send_proof(writer, parts.database, parts.settings, outbox, recipients, edition_id, to, parts.clock(), language)
    invocation.show([f"proof of edition {edition_id} to {to}: {words}"], {"edition": edition_id, "to": to, "words": words})
    return 0


def _recipients(invocation: Invocation, *, must_exist: bool = True) -> tuple[Recipient, ...]:
    path = invocation.workspace / FILE_NAME
    if not path.exists():
        if must_exist:
            told = "no such file; it says who gets which edition: `tracker recipients add` makes it (docs/editions.md, section Sending)"
            raise ConfigError(told, place=path)
        return ()
    return read_audience(invocation.workspace)


def _lines(report: SendReport) -> list[str]:
    ends = [f"  {end.recipient}, edition {end.edition_id}: {_ended(end)}" for end in report.letters]
    needs = ["", "Needs a person:", *[f"  {line}" for line in report.needs_a_person]] if report.needs_a_person else []
    return [*step_lines(report.step), *ends, *needs]


def _ended(end: LetterEnd) -> str:
    if end.outcome is LetterOutcome.WRITTEN_TO_A_FILE and end.words:
        return end.words  # which file, and why no mail
    return f"{end.outcome}{f' ({end.words})' if end.words else ''}"


def _preview_lines(found: Sequence[Preview], zones: dict[str, str]) -> list[str]:
    if not found:
        return ["nothing to send; `tracker digest list` shows which editions are released"]
    rows = [
        (
            str(one.edition_id),
            one.kind,
            one.recipient,
            one.language,
            ", ".join(one.formats),
            f"{one.due_at.astimezone(ZoneInfo(zones.get(one.campaign_id, 'UTC'))):%Y-%m-%d %H:%M %Z}",
            " ".join(filter(None, [one.standing, one.words])),
        )
        for one in found
    ]
    return table(rows, ("edition", "kind", "recipient", "language", "forms", "due", "standing"))
