"""`tracker campaign`: check files, explain why a text matches, show a word's forms, spellings the archive shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from tracker.cli.invocation import Invocation, options_anywhere, workspace_options
from tracker.errors import ConfigError, UsageError
from tracker.workspace import (
    campaign_cache,
    campaign_files,
    not_read,
    open_parts,
    read_campaigns,
    same_id,
    wall_clock,
    workspace_settings,
)

if TYPE_CHECKING:
    from tracker.matching.explain import FormUse
    from tracker.model import Campaign


@click.group("campaign")
def campaign() -> None:
    """Check campaign files; explain why a text matches or not.

    Example: tracker campaign check
    """


@campaign.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@options_anywhere
def check(invocation: Invocation, files: tuple[Path, ...]) -> int:
    """Read campaign files (default: the workspace's) and say what is in them, or where the first error of each stands.

    What is allowed but most likely not meant is a warning: a term that nothing uses, a spelling of one letter, a first day to come.

    Example: tracker campaign check campaigns/digital-safety.toml
    """
    from tracker.matching.campaigns import read_campaign
    from tracker.matching.campaignwarnings import campaign_warnings
    from tracker.matching.compiled import compiled_matcher

    workspace_settings(invocation.workspace)
    lines, reports, warnings, wrong = [], [], [], []
    seen: dict[str, Path] = {}
    cache = campaign_cache(invocation.workspace)
    paths = files or campaign_files(invocation.workspace)
    for path in paths:
        try:
            read = read_campaign(path, cache)
            if (other := seen.setdefault(read.id, path)) != path:
                raise same_id(read.id, path, other)
            matcher = compiled_matcher(read, cache)
            forms = len(matcher.vocabulary.keys)
        except ConfigError as error:
            wrong.append(str(error))
            continue
        circles = ", ".join(circle.id for circle in read.circles)
        lines.append(f"{path}: {read.id}, {len(read.terms)} terms, circles {circles}; {forms} spellings, version {read.version[:12]}")
        reports.append({"file": str(path), "id": read.id, "terms": len(read.terms), "version": read.version})
        today = wall_clock().astimezone(ZoneInfo(read.time_zone)).date()
        warnings += [f"{path}: {warning}" for warning in (*campaign_warnings(matcher, today), *_branding(read))]
    if not files:
        if not any(path.is_relative_to(invocation.workspace) for path in paths):
            lines.append("this campaign is shipped with the program: campaigns/ of this workspace has no .toml file of its own")
        warnings += [f"{path}: is not read, as the name of a campaign file ends in .toml" for path in not_read(invocation.workspace)]
        warnings += [] if wrong else _unreached(invocation.workspace)
    invocation.show(lines, {"campaigns": reports, "warnings": warnings, "errors": wrong})
    for warning in warnings:
        click.echo(f"tracker: warning: {warning}", err=True)
    for message in wrong:
        click.echo(f"tracker: {message}", err=True)
    return 2 if wrong else 0


def _branding(read: Campaign) -> tuple[str, ...]:
    """What of logo and donors' marks no mail can show."""
    if not (read.branding.logo or read.branding.marks):
        return ()
    from tracker.digests.forms.branding import not_in_mails

    return not_in_mails(read.branding, lambda name: (Path(read.folder) / name).read_bytes())


def _unreached(workspace: Path) -> tuple[str, ...]:
    """Recipients whom these campaigns never reach; none where there is no file of theirs."""
    from tracker.delivery.recipients import FILE_NAME, read_recipients
    from tracker.delivery.unreached import unreached

    path = workspace / FILE_NAME
    return unreached(read_recipients(path), read_campaigns(workspace)) if path.exists() else ()


@campaign.command("explain")
@click.argument("campaign_id")
@click.argument("text", required=False, default="")
@click.option("--word", help="Show which terms have this word among their forms, in which language and by which rule.")
@click.option("--title", default="", help="The headline that goes with the text.")
@click.option("--language", default="", help="The text's language: sq sr hr bs cnr mk en (default: guessed).")
@options_anywhere
def explain(invocation: Invocation, campaign_id: str, text: str, word: str | None, title: str, language: str) -> int:
    """Say why TEXT matches the campaign or not: every clause, every form found, and what came nearest.

    Example: tracker campaign explain digital-safety "Hazizajt dhe TikTok-ut" ; tracker campaign explain digital-safety --word Hazizajt
    """
    from tracker.matching import explain as explaining
    from tracker.matching.campaign_file import RELEASE_LANGUAGES
    from tracker.matching.compiled import compiled_matcher
    from tracker.model.languages import MEANT_LANGUAGES

    if not text and not word and not title:
        raise UsageError("give a text to explain, or --word")
    (read,) = read_campaigns(invocation.workspace, [campaign_id])
    if language and language not in RELEASE_LANGUAGES:
        meant = MEANT_LANGUAGES.get(language.lower(), "")
        guess = f"; {language!r} is written {meant!r}" if meant in RELEASE_LANGUAGES else ""
        raise UsageError(f"no language {language!r}{guess}; there are {', '.join(RELEASE_LANGUAGES)}")
    matcher = compiled_matcher(read, campaign_cache(invocation.workspace))
    uses = explaining.forms_of_term(matcher, word) if word else []
    found = explaining.explain(matcher, text, language, title) if text or title else None
    lines = [*(_word_lines(word, uses) if word else []), *(explaining.lines(found) if found else [])]
    invocation.show(lines, {"word": word, "uses": uses, "explanation": found})
    return 0


def _word_lines(word: str, uses: Sequence[FormUse]) -> list[str]:
    if not uses:
        return [f'"{word}" is a form of no term of this campaign; if it should be, add it to the aliases of its term']
    from tracker.matching.explain import GROUP_NAMES

    return [
        f'"{word}" is {use.form} ({use.rule}; {", ".join(GROUP_NAMES[group] for group in use.groups) or "any language"})'
        f' of "{use.typed}" in {use.term_id}: "{use.entry}"'
        for use in uses
    ]


@campaign.command("suggest")
@click.argument("campaign_id")
@click.option("--limit", type=click.IntRange(1, 1000), default=30, show_default=True)
@workspace_options
def suggest(invocation: Invocation, campaign_id: str, limit: int) -> int:
    """Spellings in the archive that look like a term's respelling and are none of its forms, for a person to add as aliases.

    Example: tracker campaign suggest digital-safety
    """
    from tracker.matching.compiled import compiled_matcher
    from tracker.matching.suggest import suggest as find_respellings
    from tracker.store import articles

    (read,) = read_campaigns(invocation.workspace, [campaign_id])
    with open_parts(invocation.workspace, must_exist=True) as parts, parts.database.reading() as conn:
        texts = (f"{article.title}\n{article.body}" for article in articles.iterate(conn))
        found = find_respellings(compiled_matcher(read, campaign_cache(invocation.workspace)), texts)[:limit]
    lines = [
        f'{one.spelling}: like "{one.entry}" of {one.term_id}, {one.count} times in {one.texts} texts, e.g. "{one.example}"'
        for one in found
    ]
    invocation.show(lines or ["nothing in the archive looks like a respelling"], {"suggestions": found})
    return 0


@campaign.command("recall")
@click.argument("campaign_id")
@click.argument("file", type=click.Path(path_type=Path))
@workspace_options
def recall(invocation: Invocation, campaign_id: str, file: Path) -> int:
    """How much of the coverage in FILE was found, and for the rest the stage where it stopped and why.

    FILE names what is known to exist: addresses, one a line, or CSV with a column `url`. It becomes the campaign's known coverage:
    every digest says from now on how much of it is found. Exit code 1 when an item is missing or a row is no address.

    Example: tracker campaign recall digital-safety known.csv
    """
    from tracker.monitoring import recall as recalling

    read_campaigns(invocation.workspace, [campaign_id])
    items, bad_rows = recalling.read_known(file)
    with open_parts(invocation.workspace, must_exist=True) as parts:
        recalling.remember(parts.database, campaign_id, items, parts.clock())
        found = recalling.recall(parts.database, campaign_id, items, bad_rows)
    invocation.show(recalling.recall_lines(found), found)
    for row in bad_rows:
        click.echo(f"tracker: {file}:{row.line}: {row.reason}; left out", err=True)
    return 1 if bad_rows or found.found < found.known else 0
