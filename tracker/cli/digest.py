"""`tracker digest`: make an edition, list those made, approve one, write it in other forms, feeds for partners' own sites."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from tracker.cli.invocation import DayParameter, Invocation, MomentParameter, amount, on_terminal, table, workspace_options
from tracker.cli.narrowing import described, languages_of, narrowing, scope_of
from tracker.cli.nightly import report_lines, step_lines
from tracker.errors import ConfigError, UsageError
from tracker.model import ARTICLE_LANGUAGES, DOCUMENTS, LANGUAGES, Audience, Campaign, EditionKind, Window
from tracker.text.local_time import in_zone
from tracker.workspace import Parts, display_zone, open_parts, read_campaigns

LANGUAGE = click.Choice(list(LANGUAGES))


ORDERED = click.Choice([*LANGUAGES, *(code for code in ARTICLE_LANGUAGES if code not in LANGUAGES)])
"""Languages of readers, and those of articles that no reader has."""


def _forms(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --language and --format."""
    return _formats(
        click.option("--language", "languages", multiple=True, type=LANGUAGE, help="In this language; may be repeated.")(command)
    )


def _formats(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--format", "formats", multiple=True, type=click.Choice(DOCUMENTS), help="Write this form too; may be repeated.")(
        command
    )


@click.group("digest", invoke_without_command=True)
@click.pass_context
def digest(ctx: click.Context) -> None:
    """Editions: make one, list them, approve one, write one in another form. Without a subcommand: list.

    Example: tracker digest make --kind weekly
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_editions)


@digest.command("make")
@click.option("--kind", type=click.Choice([str(kind) for kind in EditionKind]), default="nightly", show_default=True, help="Which edition.")
@click.option("--situation", is_flag=True, help="The last 24 hours, newest first; for staff. The same as --kind situation.")
@click.option("--from", "first_on", type=DayParameter(), help="First day of a report (default: the campaign's first).")
@click.option("--to", "last_on", type=DayParameter(), help="Last day of a report (default: today).")
@click.option("--campaign", "campaign_ids", multiple=True, help="Only this campaign; may be repeated.")
@click.option("--as-of", type=MomentParameter(), help="As if it were this moment (default: now).")
@narrowing("--article-language")
@click.option("--language", "asked", multiple=True, type=ORDERED, help="The reader's language; of a narrowed report the articles' too.")
@click.option("--in", "read_in", multiple=True, type=LANGUAGE, help="The reader's language, whatever --language narrows; may be repeated.")
@_formats
@workspace_options
def make(
    invocation: Invocation,
    kind: str,
    situation: bool,
    first_on: date | None,
    last_on: date | None,
    campaign_ids: tuple[str, ...],
    as_of: datetime | None,
    countries: tuple[str, ...],
    written_in: tuple[str, ...],
    outlets: tuple[str, ...],
    asked: tuple[str, ...],
    read_in: tuple[str, ...],
    formats: tuple[str, ...],
) -> int:
    """Make an edition from what is in the archive, without crawling, and write it to outbox/.

    nightly: since the last one. weekly, monthly, quarterly: the last full week, month, quarter. report: the days of --from and --to.
    lifetime: the whole campaign. An edition that exists is written again as it was made. --country, --article-language and --outlet narrow
    the files to such items. --language is that of the reader; in a report narrowed by --country or --outlet it is that of the articles
    too, and --in chooses the reader's.

    Example: tracker digest make --kind report --country XK --language sq --in en --from 2024-10-01 --to 2024-12-31 --format pdf
    """
    chosen = EditionKind.SITUATION if situation else EditionKind(kind)
    with open_parts(invocation.workspace, must_exist=True) as parts:
        if chosen is EditionKind.NIGHTLY:
            if first_on or last_on or countries or written_in or outlets:
                raise UsageError("a nightly edition follows the one before; ask for --kind report to choose days, countries or outlets")
            return _nightly(invocation, parts, campaign_ids, as_of)
        from tracker.pipeline.issue_edition import IssueOptions, issue

        written_in, languages = languages_of(chosen, asked, read_in, written_in, narrowed=bool(countries or outlets))
        scope = scope_of(parts, countries, written_in, outlets)
        options = IssueOptions(chosen, as_of, first_on, last_on, languages, formats, scope)
        campaigns = read_campaigns(invocation.workspace, campaign_ids)
        made = [issue(parts, campaign, options) for campaign in campaigns]
    lines = []
    for one, campaign in zip(made, campaigns, strict=True):
        lines += step_lines(one.report)
        covers = _period(one.edition.window, campaign.time_zone)
        lines.append(f"edition {one.edition.id}, {covers}{' (was there already)' if one.was_there else ''}:")
        lines += [
            f"{amount(one.counted, 'item')} counted{', narrowed to ' + described(scope) if scope else ''}",
            *[f"left out: {reason}" for reason in one.left_out],
            *[f"Needs a person: {need}" for need in one.needs_a_person],
            *one.paths,
        ]
    invocation.show(lines, {"editions": made, "scope": scope})
    return 1 if any(one.needs_a_person for one in made) else 0


def _nightly(invocation: Invocation, parts: Parts, campaign_ids: tuple[str, ...], as_of: datetime | None) -> int:
    from tracker.pipeline.nightly import NightOptions, run_night

    report = run_night(parts, NightOptions(campaign_ids=campaign_ids, as_of=as_of, steps=frozenset({"digest"})))
    invocation.show(report_lines(report), report)
    return report.exit_code


@digest.command("list")
@workspace_options
def list_editions(invocation: Invocation) -> int:
    """Editions made so far, the newest first, and whether partners may read them.

    Example: tracker digest list
    """
    from tracker.store import digests

    with open_parts(invocation.workspace, must_exist=True) as parts, parts.database.reading() as conn:
        found = digests.every(conn)
        released = {edition.id: digests.released_at(conn, edition.id) for edition in found}
    zones = {campaign.id: campaign.time_zone for campaign in read_campaigns(invocation.workspace)}
    usual = display_zone(invocation.workspace)
    rows = [
        (
            str(e.id),
            e.campaign_id,
            e.kind,
            _period(e.window, zone),
            in_zone(e.made_at, zone),
            _standing(e.kind, e.approved_by, released[e.id], zone),
        )
        for e in found
        for zone in [zones.get(e.campaign_id, usual)]
    ]
    headings = ("id", "campaign", "kind", "period", "made", "partners")
    invocation.show(table(rows, headings) if rows else ["no edition yet; `tracker digest make` makes one"], {"editions": found})
    return 0


def _period(window: Window, zone: str) -> str:
    return f"{in_zone(window.start_at, zone)} to {in_zone(window.end_at, zone)}"


def _standing(kind: str, approved_by: str, released: dict[Audience, datetime], zone: str) -> str:
    if Audience.PARTNERS in released:
        return f"since {in_zone(released[Audience.PARTNERS], zone)}{f', approved by {approved_by}' if approved_by else ''}"
    return "staff only" if kind == EditionKind.SITUATION else "waits for approval"


@digest.command("approve")
@click.argument("edition_id", metavar="EDITION", type=int)
@click.option("--by", default="", help="Who approves; printed in the edition.")
@click.option(
    "--sentence",
    "sentences",
    multiple=True,
    metavar="LANGUAGE=TEXT",
    help="Your own sentence for the summary, a language each; may be repeated.",
)
@click.option("--take-back", "back", is_flag=True, help="Take the approval back, as long as no letter of it went out.")
@click.option("--yes", is_flag=True, help="Approve without asking, whatever speaks against it: for scripts.")
@_forms
@workspace_options
def approve(
    invocation: Invocation,
    edition_id: int,
    by: str,
    sentences: tuple[str, ...],
    back: bool,
    yes: bool,
    languages: tuple[str, ...],
    formats: tuple[str, ...],
) -> int:
    """Let an edition go to partners and donors, with the items accepted by now. It is frozen then.

    Asks first where it is empty, where most outlets could not be read, and where its period is not over.

    Example: tracker digest approve 12 --by "Arta Lumi" --sentence en="A calm week; the workshop was well received."
    """
    from tracker.pipeline import issue_edition
    from tracker.store import digests

    said = [read_sentence(text) for text in sentences]
    with open_parts(invocation.workspace, must_exist=True) as parts:
        with parts.database.reading() as conn:
            edition = digests.get(conn, edition_id)
        if edition is None:
            raise UsageError(f"no edition {edition_id}; `tracker digest list` shows them")
        campaign = _campaign_of(invocation, edition.campaign_id)
        if back:
            edition = issue_edition.take_back_approval(parts, campaign, edition_id, by=" ".join(by.split()))
            invocation.show([f"edition {edition_id}: approval taken back; it waits for approval again"], {"edition": edition})
            return 0
        _ask(edition_id, issue_edition.doubts(parts, campaign, edition_id), yes=yes)
        _show_cyrillic(edition_id, said, campaign, yes=yes)
        _show_strangers(said, (*(languages or parts.settings.digest.languages), *_read_in(invocation.workspace)))
        done, left, published = issue_edition.approve(
            parts, campaign, edition_id, by=" ".join(by.split()), sentences=said, languages=languages, formats=formats
        )
    lines = [f"edition {edition_id} goes to partners"]
    if left:
        lines.append(f"{amount(left, 'item')} not in it, for want of a person's yes; what is accepted later goes into the next one")
    lines += [*[f"left out: {reason}" for reason in published.left_out], str(published.first)]
    invocation.show(lines, {"edition": done, "not_in_it": left, "paths": published.paths})
    return 0


def _ask(edition_id: int, doubts: Sequence[str], *, yes: bool) -> None:
    """Warns of what speaks against it, and goes on only with a person's word. Raises UsageError without one."""
    again = f"`tracker digest approve {edition_id} --yes` lets it go all the same"
    if doubts and not yes and not (sys.stdin.isatty() and on_terminal()):
        raise UsageError(f"edition {edition_id} was not approved: {'; '.join(doubts)}; {again}")
    for doubt in doubts:
        click.echo(f"tracker: edition {edition_id}: {doubt}", err=True)
    if not doubts or yes:
        return
    if not click.confirm(f"Let edition {edition_id} go to partners all the same?", err=True):
        raise UsageError(f"edition {edition_id} was not approved; {again}")


def _show_cyrillic(edition_id: int, said: Sequence[tuple[str, str]], campaign: Campaign, *, yes: bool) -> None:
    """Shows what the rule makes of a sentence in Serbian before it is frozen, and asks where a person sits at the terminal."""
    from tracker.locale.cyrillic import to_cyrillic

    given = dict(said)
    if "sr-Latn" not in given or "sr-Cyrl" in given:
        return
    made = to_cyrillic(given["sr-Latn"], keep=[person.name for person in campaign.spokespeople])
    click.echo(f"tracker: in Serbian Cyrillic it will read: {made}", err=True)
    again = "give it yourself with --sentence sr-Cyrl=TEXT"
    if not yes and sys.stdin.isatty() and on_terminal() and not click.confirm("Is that right?", default=True, err=True):
        raise UsageError(f"edition {edition_id} was not approved; {again}")


def _read_in(workspace: Path) -> list[str]:
    """Languages of those who get editions when they were approved."""
    from tracker.delivery.recipients import FILE_NAME, read_recipients

    try:
        found = read_recipients(workspace / FILE_NAME)
    except ConfigError:  # none is there; a wrong one stops the mailing, which says why
        return []
    return [one.language for one in found if one.role.audience is not Audience.STAFF]


def _show_strangers(said: Sequence[tuple[str, str]], languages: Iterable[str]) -> None:
    """Says who reads a sentence in a language that is not theirs, as nobody wrote them one."""
    from tracker.locale.wording import language_shown

    shown = {language: language_shown(list(dict(said)), language) for language in LANGUAGES if said and language in {*languages}}
    for other in dict.fromkeys(shown[language] for language in shown if shown[language] != language):
        without = ", ".join(language for language, found in shown.items() if found == other != language)
        click.echo(f"tracker: no sentence in {without}: readers there get the one in {other}; --take-back undoes it", err=True)


@digest.command("write")
@click.argument("edition_id", metavar="EDITION", type=int)
@click.option("--audience", type=click.Choice([str(one) for one in Audience]), default="staff", show_default=True)
@narrowing("--article-language")
@_forms
@workspace_options
def write(
    invocation: Invocation,
    edition_id: int,
    audience: str,
    countries: tuple[str, ...],
    written_in: tuple[str, ...],
    outlets: tuple[str, ...],
    languages: tuple[str, ...],
    formats: tuple[str, ...],
) -> int:
    """Write an edition that exists to outbox/ again, in other languages and forms. It says what it said when it was made.

    Example: tracker digest write 12 --audience partners --language sr-Cyrl --format pdf --format docx
    """
    from tracker.delivery import publish
    from tracker.store import digests

    with open_parts(invocation.workspace, must_exist=True) as parts:
        with parts.database.reading() as conn:
            edition = digests.get(conn, edition_id)
        if edition is None:
            raise UsageError(f"no edition {edition_id}; `tracker digest list` shows them")
        zone = _campaign_of(invocation, edition.campaign_id).time_zone
        published = publish.publish(
            parts.database,
            edition,
            zone,
            parts.settings,
            invocation.workspace / "outbox",
            audience=Audience(audience),
            languages=languages,
            formats=formats or parts.settings.digest.formats,
            scope=scope_of(parts, countries, written_in, outlets),
        )
    invocation.show([*[f"left out: {reason}" for reason in published.left_out], str(published.first)], published)
    return 0


@digest.command("feed")
@click.argument("campaign_id", metavar="CAMPAIGN")
@click.option("--format", "form", type=click.Choice(["rss", "json"]), default="rss", show_default=True)
@click.option("--language", type=LANGUAGE, default="en", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write (default: standard output).")
@workspace_options
def feed(invocation: Invocation, campaign_id: str, form: str, language: str, output: Path | None) -> int:
    """Write the accepted mentions as RSS or JSON Feed, for partners' own sites.

    Example: tracker digest feed digital-safety --format rss -o coverage.xml
    """
    from tracker.delivery import publish

    with open_parts(invocation.workspace, must_exist=True) as parts:
        campaign = _campaign_of(invocation, campaign_id)
        content = publish.feed(parts.database, campaign, form, language)
    if output is None:
        click.echo(content.decode(), nl=False)
    else:
        from tracker.spreadsheets.files import write_files

        write_files(output.parent, output.stem, {output.suffix: content})
        click.echo(f"written to {output}", err=True)
    return 0


def _campaign_of(invocation: Invocation, campaign_id: str) -> Campaign:
    campaigns: Sequence[Campaign] = read_campaigns(invocation.workspace, [campaign_id])
    return campaigns[0]


def read_sentence(text: str) -> tuple[str, str]:
    """LANGUAGE=TEXT as a language and a sentence on one line. Raises UsageError saying how it is written."""
    language, given, sentence = text.partition("=")
    if not given or language not in LANGUAGES or not sentence.strip():
        raise UsageError(f"--sentence {text!r} is not LANGUAGE=TEXT; languages are {', '.join(LANGUAGES)}")
    return language, " ".join(sentence.split())
