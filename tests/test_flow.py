"""The steps in order, over pages that are fetched already."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.builders import NOW
from tests.newsdesk import (
    A_MINOR,
    ABOUT_THE_RIVER,
    ARTA,
    CAMPAIGN,
    CAMPAIGN_ID,
    HELD,
    RIVER,
    Addresses,
    Newsdesk,
    outcomes,
    step,
    story_page,
    unbalanced,
)
from tracker import exports
from tracker.errors import ConfigError, RunLocked, UsageError
from tracker.model import Decision, FetchOutcome, Verdict
from tracker.pipeline import steps
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.store import digests, mentions, runs, stories, verdicts
from tracker.store.lock import RunLock
from tracker.workspace import read_campaigns

REWORDED = CAMPAIGN.replace('sq = ["lumë i pastër"]', 'sq = ["lumë i pastër", "një vit"]')
"""A campaign with one phrase more."""
TABLES = ("articles", "mentions", "stories", "story_members", "editions", "edition_entries", "renderings", "pages", "links", "fetches")


def everything(desk: Newsdesk) -> dict[str, list[tuple[object, ...]]]:
    """All rows but those of runs."""
    with closing(sqlite3.connect(desk.folder / "coverage.db")) as conn:
        return {table: conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}


def decide(desk: Newsdesk, title: str, decision: Decision) -> None:
    mention = desk.mention_of(title)
    with desk.parts.database.writing() as conn:
        verdicts.record(conn, Verdict(CAMPAIGN_ID, mention.article_id, decision, NOW))


def leaves_the_house(desk: Newsdesk, folder: Path) -> bytes:
    """Everything an export or the outbox would hand to others, as one text."""
    written = [*desk.outbox().values()]
    for what, make in exports.EXPORTS.items():
        for ending, write in exports.WRITERS.items():
            with (folder / f"{what}.{ending}").open("wb") as file:
                write(make(desk.parts.database, [CAMPAIGN_ID]), file)
            if ending != "xlsx":
                written.append((folder / f"{what}.{ending}").read_bytes())
    return b"\n".join(written)


def test_every_step_ends_each_of_its_inputs_in_one_outcome(tmp_path: Path) -> None:
    desk = Newsdesk(tmp_path)
    desk.publish(story_page(RIVER, ABOUT_THE_RIVER), story_page(HELD, ABOUT_THE_RIVER, A_MINOR), story_page("Moti"), b"\0" * 500)
    desk.publish(story_page(RIVER, ABOUT_THE_RIVER), outlet="fjala-e-malit")
    desk.fail(FetchOutcome.TIMEOUT)
    report = desk.night(as_of=NOW + timedelta(days=10))
    desk.close()
    assert not unbalanced(report)
    assert step(report, "extract").inputs == 5
    assert outcomes(report, "extract") == {"extracted": 3, "screened": 1, "skipped: unreadable": 1}
    assert outcomes(report, "match") == {"campaign": 3, "no mention": 1}
    assert outcomes(report, "group") == {"in a story of several": 2, "on its own": 1}
    assert outcomes(report, "digest") == {"counted": 2, "held": 1}
    assert outcomes(report, "prune") == {"pruned": 2}
    assert report.needs_a_person == ("rivers: 1 item is held back, as it may identify a child; decide with `tracker verdict`",)


def test_a_step_done_twice_changes_nothing(desk: Newsdesk) -> None:
    first = desk.night("extract", "match", "group", "digest")
    once, files = everything(desk), desk.outbox()
    second = desk.night("extract", "match", "group", "digest")
    assert everything(desk) == once
    assert desk.outbox() == files
    assert not [*unbalanced(first), *unbalanced(second)]
    assert step(second, "extract").inputs == step(second, "match").inputs == 0
    assert outcomes(second, "digest") == {"reported or rejected before": 3, "held": 1}


def test_a_changed_campaign_looks_at_the_archive_again_without_fetching(desk: Newsdesk) -> None:
    desk.night("match")
    before = {mention.article_id: mention.id for mention in desk.mentions()}
    fetches = everything(desk)["fetches"]
    desk.write_campaign(REWORDED)
    report = desk.night("match")
    assert step(report, "match").inputs == len(desk.articles())
    assert outcomes(report, "match")["campaign"] == 4
    assert before.items() <= {mention.article_id: mention.id for mention in desk.mentions()}.items()
    assert desk.mention_of(ARTA).circle == "campaign"
    assert everything(desk)["fetches"] == fetches
    desk.write_campaign(CAMPAIGN.replace('sq = ["lumë i pastër"]', 'sq = ["mal i lartë"]'))
    report = desk.night("match", "group")
    assert [mention.circle for mention in desk.mentions()] == ["organisation"]
    assert "3 mentions of an older version no longer match" in step(report, "match").remarks
    with desk.parts.database.reading() as conn:
        assert [story.article_ids for story in stories.for_campaign(conn, CAMPAIGN_ID)] == [(desk.mention_of(ARTA).article_id,)]


def test_one_text_screened_at_two_addresses_is_one_mention_of_the_changed_campaign(desk: Newsdesk) -> None:
    page = story_page("Panairi i dritave hapet sonte")
    first, second = desk.publish(page, page, outlet="fjala-e-malit")
    desk.night("extract", "match")
    desk.write_campaign(CAMPAIGN.replace("lumë i pastër", "panairi i dritave"))
    desk.night("match")
    found = {mention.article_id for mention in desk.mentions() if mention.circle == "campaign"}
    assert [article.requested_url for article in desk.articles() if article.id in found] == [first]
    desk.write_campaign(CAMPAIGN.replace("lumë i pastër", "panairi i dritave").replace("Clean rivers", "Lights"))
    report = desk.night("match")
    assert {mention.article_id for mention in desk.mentions() if mention.circle == "campaign"} == found
    assert not [*unbalanced(report)]
    assert second in {article.requested_url for article in desk.articles()}


def test_a_confirmed_mention_stays_confirmed_and_a_rejected_one_rejected_after_rematching(desk: Newsdesk) -> None:
    desk.night("match")
    decide(desk, HELD, Decision.ACCEPT)
    decide(desk, ARTA, Decision.REJECT)
    desk.write_campaign(REWORDED)
    report = desk.night("match", "group", "digest")
    assert desk.mention_of(ARTA).circle == "campaign"
    assert outcomes(report, "digest") == {"counted": 3, "rejected": 1}
    everywhere = b"".join(desk.outbox().values()).decode()
    assert ARTA not in everywhere
    assert HELD in everywhere


@pytest.mark.parametrize("decision", [None, Decision.UNSURE, Decision.SENSITIVE, Decision.REJECT])
def test_a_held_item_leaves_the_house_in_no_form_until_it_is_accepted(
    desk: Newsdesk, addresses: Addresses, tmp_path: Path, decision: Decision | None
) -> None:
    from openpyxl import load_workbook

    desk.night("match", "group")
    if decision:
        decide(desk, HELD, decision)
    desk.night("digest")
    out = leaves_the_house(desk, tmp_path).decode()
    sheets = [load_workbook(tmp_path / f"{what}.xlsx", read_only=True) for what in exports.EXPORTS]
    out += "\n".join(str(cell) for book in sheets for row in book.active.values for cell in row)
    for book in sheets:
        book.close()
    assert RIVER in out
    assert addresses.river in out
    # neither its headline, nor its text, nor either of its two addresses
    for mark in (HELD, A_MINOR, addresses.held, addresses.held_again, desk.mention_of(HELD).id):
        assert mark not in out, mark
    assert "i mitur" not in out


def test_a_held_item_is_reported_once_a_person_has_accepted_it(desk: Newsdesk, addresses: Addresses, tmp_path: Path) -> None:
    desk.night("match", "group", "digest")
    decide(desk, HELD, Decision.ACCEPT)
    report = desk.night("digest", as_of=NOW + timedelta(days=1))
    assert outcomes(report, "digest") == {"reported or rejected before": 3, "counted": 1}
    out = leaves_the_house(desk, tmp_path).decode()
    assert addresses.held in out
    assert HELD in out
    assert not report.needs_a_person


def test_an_edition_made_twice_is_the_same_edition_and_is_never_rewritten(desk: Newsdesk) -> None:
    desk.night("match", "group")
    desk.night("digest")
    first = desk.outbox()
    decide(desk, ARTA, Decision.REJECT)
    for name in first:
        (desk.folder / "outbox" / name).unlink()
    desk.night("digest")
    assert desk.outbox() == first
    with desk.parts.database.reading() as conn:
        assert len(digests.every(conn, CAMPAIGN_ID)) == 1


def test_an_edition_made_again_leaves_out_what_was_called_sensitive_since(desk: Newsdesk) -> None:
    desk.night("match", "group")
    desk.night("digest")
    first = desk.outbox()
    assert any(ARTA.encode() in content for content in first.values())
    decide(desk, ARTA, Decision.SENSITIVE)
    desk.night("digest")
    again = desk.outbox()
    assert again.keys() == first.keys()
    assert not any(ARTA.encode() in content for content in again.values())
    with desk.parts.database.reading() as conn:
        assert len(digests.every(conn, CAMPAIGN_ID)) == 1


def test_what_was_called_sensitive_stays_in_the_house_although_it_no_longer_matches(desk: Newsdesk, tmp_path: Path) -> None:
    desk.night("match", "group")
    desk.night("digest")
    decide(desk, ARTA, Decision.SENSITIVE)
    with desk.parts.database.writing() as conn:
        (article_id,) = verdicts.sensitive_articles(conn)
        mentions.remove(conn, CAMPAIGN_ID, [article_id])
    desk.night("digest")
    assert ARTA.encode() not in leaves_the_house(desk, tmp_path)


def test_the_next_edition_begins_where_the_last_one_ended(desk: Newsdesk) -> None:
    desk.night("match", "group", "digest")
    report = desk.night("digest", as_of=NOW + timedelta(days=1))
    with desk.parts.database.reading() as conn:
        later, earlier = digests.every(conn, CAMPAIGN_ID)
    assert later.window.start_at == earlier.window.end_at == NOW
    assert outcomes(report, "digest") == {"reported or rejected before": 3, "held": 1}


def test_an_interrupted_night_is_taken_up_with_its_run_its_moment_and_its_edition(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.night("match", "group")
    later = NOW + timedelta(minutes=40)

    def power_fails(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tracker.delivery.publish.write_files", power_fails)
        with pytest.raises(KeyboardInterrupt):
            desk.night("digest")
    with desk.parts.database.reading() as conn:
        (killed,) = runs.interrupted(conn)
    options = NightOptions(steps=frozenset({"digest"}), as_of=NOW)
    report = run_night(replace(desk.parts, clock=lambda: later), options)
    assert (report.run_id, report.started_at) == (killed.run_id, NOW)
    with desk.parts.database.reading() as conn:
        assert runs.interrupted(conn) == []
        (edition,) = digests.every(conn)
    assert (edition.window.end_at, edition.made_at) == (NOW, NOW)
    assert len(desk.outbox()) == 3


def test_a_night_with_other_arguments_or_a_day_later_is_a_new_run(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(steps, "group_stories", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run_night(desk.parts, NightOptions(steps=frozenset({"group"})))
    with desk.parts.database.reading() as conn:
        (killed,) = runs.interrupted(conn)
    assert run_night(desk.parts, NightOptions(steps=frozenset({"match"}))).run_id != killed.run_id
    tomorrow = replace(desk.parts, clock=lambda: NOW + timedelta(days=1))
    assert run_night(tomorrow, NightOptions(steps=frozenset({"group"}))).run_id != killed.run_id
    assert run_night(desk.parts, NightOptions(steps=frozenset({"group"}))).run_id == killed.run_id


def test_pages_of_mentions_are_kept_and_others_given_up_after_their_days(desk: Newsdesk) -> None:
    desk.night("match")
    desk.write_campaign(CAMPAIGN)
    report = desk.night("prune", as_of=NOW + timedelta(days=4))
    kept = {row[0] for row in _pages(desk) if row[1]}
    given_up = {row[0] for row in _pages(desk) if not row[1]}
    mentioned = {article.page_id for article in desk.articles() if article.id in {mention.article_id for mention in desk.mentions()}}
    assert kept == mentioned
    assert len(given_up) == outcomes(report, "prune")["pruned"] == 3
    assert step(desk.night("prune", as_of=NOW + timedelta(days=40)), "prune").inputs == 0


def _pages(desk: Newsdesk) -> list[tuple[int, int]]:
    with closing(sqlite3.connect(desk.folder / "coverage.db")) as conn:
        return conn.execute("SELECT id, body IS NOT NULL FROM pages").fetchall()


def test_a_run_while_another_is_at_work_is_refused_and_changes_nothing(desk: Newsdesk) -> None:
    before = everything(desk)
    with RunLock(desk.folder).acquire(), pytest.raises(RunLocked, match="another run is at work"):
        desk.night("match")
    assert everything(desk) == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"campaign_ids": ("lakes",)}, "no campaign 'lakes'; there are rivers"),
        ({"source_ids": ("nobody",)}, "no source or outlet 'nobody'"),
    ],
)
def test_unknown_names_are_refused_before_anything_is_done(desk: Newsdesk, asked: dict[str, tuple[str, ...]], said: str) -> None:
    before = everything(desk)
    with pytest.raises(UsageError, match=said):
        desk.night("match", **asked)
    assert everything(desk) == before


def test_a_source_that_is_switched_off_cannot_be_asked_for(desk: Newsdesk) -> None:
    from tracker.store import registers

    with desk.parts.database.writing() as conn:
        registers.set_enabled(conn, "zeri-i-lumit", False, NOW)
    with pytest.raises(UsageError, match="switched off"):
        desk.night("match", source_ids=("zeri-i-lumit",))


def test_two_campaigns_with_one_id_are_refused(desk: Newsdesk) -> None:
    (desk.folder / "campaigns" / "zz.toml").write_text(CAMPAIGN, "utf-8")
    with pytest.raises(ConfigError, match=r"zz\.toml: campaign id 'rivers' is already used by .*rivers\.toml"):
        read_campaigns(desk.folder)


def test_two_campaigns_are_matched_and_reported_apart(desk: Newsdesk) -> None:
    other = CAMPAIGN.replace('id = "rivers"', 'id = "arta"', 1).replace("query = 'river'", "query = 'spokesperson'")
    (desk.folder / "campaigns" / "arta.toml").write_text(other, "utf-8")
    report = desk.night("match", "group", "digest")
    assert not unbalanced(report)
    assert outcomes(report, "match rivers") == {"campaign": 3, "organisation": 1, "no mention": 1}
    assert outcomes(report, "match arta") == {"campaign": 1, "no mention": 4}
    assert {name.split("-nightly")[0] for name in desk.outbox()} == {"arta", "rivers"}
