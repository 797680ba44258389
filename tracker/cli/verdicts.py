"""`tracker verdict`: a person's word on mentions, one by one or in a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from tracker.cli.invocation import DayParameter, Invocation, workspace_options
from tracker.errors import UsageError
from tracker.model import Decision, Fact, Prominence, RejectReason, Tone, Value
from tracker.workspace import open_parts, read_campaigns

SHEET = click.Path(path_type=Path, dir_okay=False)
NOTHING = "none"


@click.command("verdict")
@click.argument("mention", required=False)
@click.argument("decision", type=click.Choice([str(decision) for decision in Decision]), required=False)
@click.option("--tone", type=click.Choice([str(tone) for tone in Tone]), help="How it speaks of the campaign.")
@click.option("--prominence", type=click.Choice([str(place) for place in Prominence]), help="Where it names the campaign.")
@click.option("--message", "messages", multiple=True, help="A key message that came through, by id; may be repeated. `none`: none did.")
@click.option("--headline", default="", help="The headline in English.")
@click.option("--note", default="", help="Why; goes with this verdict when another takes its place.")
@click.option("--reason", type=click.Choice([str(reason) for reason in RejectReason]), help="With reject: why.")
@click.option("--quoted", multiple=True, help="A spokesperson whom it quotes, by name; may be repeated. `none`: it quotes none.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be repeated. `none`: takes all tags away.")
@click.option("--star/--no-star", default=None, help="Mark it, or take the mark away.")
@click.option("--picture", type=click.Choice(["on", "off"]), help="Whether its picture may be shown.")
@click.option("--take-back", "back", is_flag=True, help="Take back what was said of it last; again: what was said before that.")
@click.option("--event", "event_id", type=int, help="With --take-back: this event of `tracker history`, which may be a take-back.")
@click.option("--by", default="", help="Who decided.")
@click.option("--export", "target", type=SHEET, help="Write a sheet for review: the items that nobody has decided on.")
@click.option("--import", "source", type=SHEET, help="Record what a sheet for review says.")
@click.option("--since", "--from", "since", type=DayParameter(), help="With --export: only items found since this day.")
@click.option("--to", "until", type=DayParameter(), help="With --export: only items found up to this day, included.")
@click.option("--campaign", "campaign_ids", multiple=True, help="With --export or --import: only this campaign; may be repeated.")
@click.option("--all", "decided", is_flag=True, help="With --export: also the items that are decided.")
@click.option("--force", is_flag=True, help="With --import: the sheet's word also where a person has judged since.")
@workspace_options
def verdict(
    invocation: Invocation,
    mention: str | None,
    decision: str | None,
    tone: str | None,
    prominence: str | None,
    messages: tuple[str, ...],
    headline: str,
    note: str,
    reason: str | None,
    quoted: tuple[str, ...],
    tags: tuple[str, ...],
    star: bool | None,
    picture: str | None,
    back: bool,
    event_id: int | None,
    by: str,
    target: Path | None,
    source: Path | None,
    since: date | None,
    until: date | None,
    campaign_ids: tuple[str, ...],
    decided: bool,
    force: bool,
) -> int:
    """Record a person's word on a mention (its id stands in `tracker trace` and `tracker export mentions`). No re-run touches it, and
    a later word keeps the details that it says nothing of; note and reason go with the word they belong to. --take-back restores what stood before.

    For many at once: --export writes a spreadsheet with lists to choose from, --import takes it back and says row by row what it did.

    Example: tracker verdict digital-safety-12 accept --tone positive --note "names the campaign"
    """
    by = " ".join(by.split())
    if target is not None and source is None and mention is None:
        return _export(invocation, target, campaign_ids, (since, until), decided)
    if source is not None and target is None and mention is None:
        return _import(invocation, source, campaign_ids, by, force)
    if back and mention is not None and decision is None and not (target or source):
        return _take_back(invocation, mention, event_id, by)
    details = _details(tone, prominence, headline, note, reason, picture, star, quoted, tags)
    if mention is None or (decision is None and not (details or messages)) or target or source or back or event_id is not None:
        if mention is not None and not (target or source or back or event_id is not None):
            raise UsageError(f"say what you decide of {mention}: {', '.join(Decision)}; or give a detail such as --tone")
        raise UsageError("give a mention and a decision, or --export FILE, or --import FILE; see `tracker verdict --help`")
    return _record(invocation, mention, decision, _or_none(messages) if messages else None, by, details)


def _or_none(said: tuple[str, ...]) -> tuple[str, ...]:
    return () if said == (NOTHING,) else said


def _details(
    tone: str | None,
    prominence: str | None,
    headline: str,
    note: str,
    reason: str | None,
    picture: str | None,
    star: bool | None,
    quoted: tuple[str, ...],
    tags: tuple[str, ...],
) -> dict[Fact, Value]:
    """What the options say; one that is not given says nothing."""
    texts = {Fact.TONE: tone, Fact.PROMINENCE: prominence, Fact.HEADLINE_EN: headline, Fact.NOTE: note, Fact.REASON: reason}
    said: dict[Fact, Value] = {fact: " ".join(text.split()) for fact, text in texts.items() if text and text.strip()}
    said |= {Fact.PICTURE: "off" if picture == "off" else None} if picture else {}
    said |= {} if star is None else {Fact.STAR: star or None}
    said |= {Fact.QUOTES: _or_none(quoted)} if quoted else {}
    return said | ({Fact.TAGS: _or_none(tags) or None} if tags else {})


def _record(
    invocation: Invocation, mention: str, decision: str | None, confirmed: tuple[str, ...] | None, by: str, details: Mapping[Fact, Value]
) -> int:
    from tracker.review.acts import Target, raise_refusal
    from tracker.review.saying import Saying
    from tracker.review.verdict_sheet.importing import carried_lines
    from tracker.store import mentions, verdicts
    from tracker.visibility import calls_sensitive, was_held

    with open_parts(invocation.workspace, must_exist=True) as parts:
        with parts.database.reading() as conn:
            found = mentions.get(conn, mention)
        if found is None:
            raise UsageError(f"no mention {mention!r}; `tracker export mentions` lists them")
        if confirmed:
            _check_messages(invocation.workspace, found.campaign_id, confirmed)
        campaigns = read_campaigns(invocation.workspace, (found.campaign_id,)) if details.get(Fact.QUOTES) else []
        said = dict(details) | ({} if confirmed is None else {Fact.KEY_MESSAGES: confirmed})
        if decision is not None:  # its reason and its note belong to it: where none is given, the one before goes
            said = {Fact.VERDICT: decision, Fact.REASON: None, Fact.NOTE: None} | said
        with parts.database.writing() as conn:
            saying = Saying(conn, by=by, now=parts.clock(), via="command", campaigns=campaigns)
            if refusal := saying.say(Target(mention), said):
                raise_refusal(refusal)
            standing = verdicts.latest(conn, found.campaign_id, [found.article_id]).get(found.article_id)
            carried = carried_lines(conn, found) if decision is not None and calls_sensitive(standing) else []
    if decision is not None and was_held(found, standing):
        carried = [*carried, "it may identify a child and may go out to partners now; --take-back undoes this"]
    told = decision or ", ".join(said)
    invocation.show([f"{mention}: {told}, {'said already' if refusal else 'recorded'}", *carried], standing)
    return 0


def _take_back(invocation: Invocation, mention: str, event_id: int | None, by: str) -> int:
    from tracker.review import decisions
    from tracker.review.words import state_words

    with open_parts(invocation.workspace, must_exist=True) as parts:
        act = decisions.take_back(parts.database, mention_id=mention, event_id=event_id, by=by, now=parts.clock(), via="command")
        state = decisions.states(parts.database, [mention])[mention]
    others = f" (with {len(act.done) - 1} other items of its story)" if len(act.done) > 1 else ""
    invocation.show([f"{mention}: taken back{others}; now {state_words(state)}"], state)
    return 0


def _check_messages(workspace: Path, campaign_id: str, messages: Sequence[str]) -> None:
    (campaign,) = read_campaigns(workspace, (campaign_id,))
    known = [message.id for message in campaign.key_messages]
    if unknown := [message for message in messages if message not in known]:
        raise UsageError(f"campaign {campaign_id} has no key message {unknown[0]!r}; there are {', '.join(known) or 'none'}, or write none")


def _export(
    invocation: Invocation, target: Path, campaign_ids: tuple[str, ...], found: tuple[date | None, date | None], decided: bool
) -> int:
    from tracker.review.verdict_sheet.exporting import items_for_review, write_verdict_sheet

    with open_parts(invocation.workspace, must_exist=True) as parts:
        campaigns = read_campaigns(invocation.workspace, campaign_ids)
        items = items_for_review(parts.database, campaigns, *found, decided=decided)
        unfinished = target.with_name(f".{target.name}.part")
        try:
            with unfinished.open("wb") as out:
                exported = write_verdict_sheet(out, parts.database, campaigns, items)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    lines = [f"{exported.items} items written to {target}; fill it in, then: tracker verdict --import {target}"]
    if exported.held:
        lines.append(f"{exported.held} of them may identify a child: the sheet is for the staff only")
    invocation.show(lines, exported)
    return 0


def _import(invocation: Invocation, source: Path, campaign_ids: tuple[str, ...], by: str, force: bool) -> int:
    from tracker.review.verdict_sheet.importing import import_verdicts, report_lines

    with open_parts(invocation.workspace, must_exist=True) as parts:
        campaigns = read_campaigns(invocation.workspace, campaign_ids)
        report = import_verdicts(parts.database, campaigns, source, parts.clock(), by=by, force=force)
    invocation.show(report_lines(report), report)
    return 1 if report.refused or report.warnings else 0
