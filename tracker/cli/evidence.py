"""`tracker evidence`: packs made, packs verified, items erased."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from tracker.cli.invocation import DayParameter, Invocation, amount, options_anywhere, workspace_options
from tracker.errors import UsageError
from tracker.model import LANGUAGES
from tracker.text.sizes import size_in_words
from tracker.workspace import open_parts, read_campaigns, shipped_folder

if TYPE_CHECKING:
    from tracker.evidence.gather import Chosen
    from tracker.evidence.pack import Packed
    from tracker.evidence.verify import Verdict
    from tracker.workspace import Parts


class PackGroup(click.Group):
    """`verify` and `erase` by their names; anything else makes a pack."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts the name of the command before what is no command."""
        first = next(iter(args), "--help")
        if first not in self.commands and first not in ("--help", "-h"):
            args.insert(0, "pack")
        return super().parse_args(ctx, args)


@click.group("evidence", cls=PackGroup, context_settings={"help_option_names": ["-h", "--help"]})
def evidence() -> None:
    """Packs that prove what was published, and since when we held it.

    `tracker evidence ID -o FILE`, with --edition N or with --campaign C --since D makes one. `verify FILE` checks one, offline. `erase ID`
    takes an item's contents away for ever.

    Example: tracker evidence digital-safety-12 -o item.zip
    """


@evidence.command("pack")
@click.argument("mention_id", metavar="ID", required=False)
@click.option("--edition", "edition_id", type=click.IntRange(1), help="All that this edition shows.")
@click.option("--campaign", "campaign_id", help="The items of this campaign, with --since.")
@click.option("--since", type=DayParameter(), help="The first day on which they appeared.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The zip to write.")
@click.option("--force", is_flag=True, help="Overwrite FILE when it is there already.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="Of the sheet for people.")
@click.option("--no-pdf", is_flag=True, help="Leave out what is printed: each page takes some seconds.")
@click.option("--sealed-by", default="", help="Your name: protected items too. It stands in their history.")
@click.option("--reason", default="", help="Why protected items are let out.")
@workspace_options
def pack(
    invocation: Invocation,
    mention_id: str | None,
    edition_id: int | None,
    campaign_id: str | None,
    since: date | None,
    output: Path,
    force: bool,
    language: str,
    no_pdf: bool,
    sealed_by: str,
    reason: str,
) -> int:
    """Write a pack of evidence: pages as served, texts, a sheet for people, and the proof of the day.

    Protected items are left out and counted, unless --sealed-by and --reason are given.

    Example: tracker evidence --campaign digital-safety --since 2024-10-01 -o evidence.zip
    """
    from tracker.evidence.order import Wish, order_pack

    asked = [mention_id is not None, edition_id is not None, campaign_id is not None]
    if sum(asked) != 1 or (campaign_id is None) != (since is None):
        raise UsageError("name one: an ID, --edition N, or --campaign C with --since D")
    if bool(sealed_by.strip()) != bool(reason.strip()):
        raise UsageError("protected items go out in somebody's name and for a reason: give both --sealed-by and --reason")
    with open_parts(invocation.workspace, must_exist=True) as parts:
        chosen = _chosen(parts, mention_id, edition_id, campaign_id, since)
        wish = Wish(language, sealed_by.strip(), reason.strip(), printed=not no_pdf, overwrite=force)
        packed = order_pack(parts, chosen, output, shipped_folder("templates"), wish)
    invocation.show(_told(packed, output), {"path": str(output), **_report(packed)})
    return 1 if packed.damaged else 0


def _chosen(parts: Parts, mention_id: str | None, edition_id: int | None, campaign_id: str | None, since: date | None) -> Chosen:
    from tracker.evidence import gather

    with parts.database.reading() as conn:
        if mention_id is not None:
            return gather.of_item(conn, mention_id)
        if edition_id is not None:
            return gather.of_edition(conn, edition_id)
    assert since is not None
    (campaign,) = read_campaigns(parts.workspace, [campaign_id or ""])
    first = datetime.combine(since, datetime.min.time(), ZoneInfo(campaign.time_zone))
    with parts.database.reading() as conn:
        return gather.of_campaign(conn, campaign.id, first, since.isoformat())


def _told(packed: Packed, output: Path) -> list[str]:
    lines = [f"{amount(packed.items, 'item')} in {output} ({size_in_words(packed.size_bytes)}), SHA-256 {packed.sha256}"]
    lines += [f"left out, {why}: {amount(count, 'item')}" for why, count in packed.left_out]
    lines += [f"{packed.erased} of them erased: their receipts are there"] if packed.erased else []
    return lines + [f"without {name}: {why}" for name, why in packed.not_made]


def _report(packed: Packed) -> dict[str, object]:
    return {
        "items": packed.items,
        "erased": packed.erased,
        "left_out": dict(packed.left_out),
        "not_made": [{"file": name, "why": why} for name, why in packed.not_made],
        "damaged": packed.damaged,
        "bytes": packed.size_bytes,
        "sha256": packed.sha256,
    }


@evidence.command("verify")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--root", "line", help="The evidence line at the foot of a digest: what it proves is said too.")
@click.option("--authority", type=click.Path(path_type=Path, dir_okay=False), help="PEM certificates of a time-stamping authority.")
@options_anywhere
def verify(invocation: Invocation, file: Path, line: str | None, authority: Path | None) -> int:
    """Say whether a pack was altered. Needs no network, no database and no workspace.

    Exit codes: 0 sound, 1 altered or not proven by the line, with the file named, 2 no evidence pack.

    Example: tracker evidence verify item.zip --root "2024-10-20 ABCD-EFGH-..."
    """
    from tracker.evidence.container import is_pack
    from tracker.evidence.verify import verify as look_through
    from tracker.evidence.witness import read_witness

    witness = read_witness(line) if line is not None else None
    with file.open("rb") as stream:
        if not is_pack(stream):
            raise UsageError(f"{file} is not an evidence pack; give the zip file that `tracker evidence` wrote")
        found = look_through(stream, witness, None if authority is None else authority.read_bytes())
    invocation.show(_verdict_lines(found, file, witness.day if witness else ""), found)
    return 0 if found.is_sound else 1


def _verdict_lines(found: Verdict, file: Path, day: str) -> list[str]:
    if not found.is_sound:
        return [f"ALTERED {name}: {why}" if name != "--root" else f"NOT PROVEN: {why}" for name, why in found.faults]
    lines = [f"sound: {file}, {amount(found.files, 'file')}, {amount(found.items, 'item')}"]
    if day:
        lines.append(f"proven by the line of {day}: {amount(found.proven, 'item')} were held on that day or before")
    lines += [f"newer than the line, not proven by it: {amount(found.newer, 'item')}"] if found.newer else []
    lines += [f"of a day that had not ended, in no root yet: {amount(found.pending, 'item')}"] if found.pending else []
    lines += [f"erased, by receipt: {amount(found.erased, 'item')}"] if found.erased else []
    lines += [
        f"{one} stamped by an authority at {at}{'' if signed else ' (signature not checked: --authority)'}"
        for one, at, signed in found.stamps
    ]
    lines += [f"left out by whoever made it, {why}: {amount(count, 'item')}" for why, count in found.left_out]
    lines += [f"without {name}: {why}" for name, why in found.not_made[:20]]
    lines += [f"the pack's own newest line, to be compared with that of a letter: {found.line}"] if found.line else []
    if not day:
        lines.append("nothing was altered since it was made; that it was not made up later only an old line proves (--root)")
    return lines


@evidence.command("erase")
@click.argument("mention_id", metavar="ID")
@click.option("--by", required=True, help="Your name, kept in the item's history.")
@click.option("--reason", required=True, help="Why, kept in the item's history.")
@workspace_options
def erase(invocation: Invocation, mention_id: str, by: str, reason: str) -> int:
    """Take an item's page, text, pictures and search words away for ever. Its hash stays, so that the chain can be verified.

    Only an item that was called sensitive. Copies elsewhere are yours to erase: backups, packs, sent letters, files in outbox/.

    Example: tracker evidence erase digital-safety-12 --by "Besa" --reason "names a child"
    """
    from tracker.evidence.erase import erase_alone

    if not by.strip() or not reason.strip():
        raise UsageError("erasing is done in somebody's name and for a reason: give both --by and --reason")
    with open_parts(invocation.workspace, must_exist=True) as parts:
        receipt = erase_alone(parts, mention_id, by=by.strip(), reason=reason.strip())
    lines = [
        f"erased: item {receipt.item} (SHA-256 of its record {receipt.leaf}, of {receipt.day or 'a day that has not ended'})",
        *[f"{what}: {count}" for what, count in receipt.gone],
        "backups, packs, sent letters and files in outbox/ still hold what they held",
    ]
    invocation.show(lines, receipt)
    return 0
