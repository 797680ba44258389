"""A question about coverage is one command; its answer is counted again here by plain SQL."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Outcome, run
from tests.quarter import Quarter

NEWEST = "SELECT v.decision FROM item_states v WHERE v.campaign_id = m.campaign_id AND v.article_id = m.article_id"
SENSITIVE = f"""SELECT s.story_key FROM story_members s JOIN mentions m ON m.article_id = s.article_id WHERE ({NEWEST}) = 'sensitive'"""
"""Of the archive: no acceptance is newer than a word of sensitive, so a whole story is held."""
WITHHELD = f"((m.held AND coalesce(({NEWEST}), '') != 'accept') OR g.story_key IN ({SENSITIVE}))"
FROM = """FROM mentions m JOIN articles a ON a.id = m.article_id JOIN outlets o ON o.id = a.outlet_id
JOIN story_members g ON g.article_id = m.article_id LEFT JOIN hand_items h ON h.article_id = m.article_id"""
COUNTED = f"m.circle = 'campaign' AND o.id != 'rivers-own' AND coalesce(({NEWEST}), '') != 'reject'"
CLEARED = f"{COUNTED} AND (({NEWEST}) = 'accept' OR (h.article_id IS NOT NULL AND ({NEWEST}) IS NULL))"
LAST_QUARTER = "m.appeared_at >= '2025-12-31 23:00' AND m.appeared_at < '2026-03-31 22:00'"
MARCH = "m.appeared_at >= '2026-02-28 23:00' AND m.appeared_at < '2026-03-31 22:00'"
MARCH_DAYS = ("--from", "2026-03-01", "--to", "2026-03-31")
ORDERS = [
    ((), "1"),
    (
        ("--country", "XK", "--language", "sq", "--from", "2026-01-01", "--to", "2026-03-31"),
        f"o.country = 'XK' AND a.language = 'sq' AND {LAST_QUARTER}",
    ),
    (MARCH_DAYS, MARCH),
    (("--to", "2026-02-10"), "m.appeared_at < '2026-02-10 23:00'"),
    (("--from", "2026-03-20"), "m.appeared_at >= '2026-03-19 23:00'"),
    (("--country", "AL", "--country", "Kosovo"), "o.country IN ('AL', 'XK')"),
    (("--outlet", "nov-den", "--language", "sq"), "o.id = 'nov-den' AND a.language = 'sq'"),
    (("--outlet", "Dunav danas", "--outlet", "tara-info"), "o.id IN ('dunav-danas', 'tara-info')"),
    (("--country", "RS", "--language", "mk"), "0"),
    (("--audience", "staff"), COUNTED),
    (("--audience", "partners"), CLEARED),
    (("--audience", "partners", "--country", "MK", *MARCH_DAYS), f"{CLEARED} AND o.country = 'MK' AND {MARCH}"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Quarter(tmp_path_factory.mktemp("quarter") / "desk").folder


@pytest.fixture
def desk(archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(archive, tmp_path / "desk"))


def ask(desk: Path, *arguments: str | Path) -> Outcome:
    return run("export", *arguments, "-w", desk)


def sql(desk: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(desk / "coverage.db")) as conn:
        return conn.execute(question).fetchall()


@pytest.mark.parametrize(("order", "where"), ORDERS)
def test_the_answer_is_what_sql_counts(desk: Path, order: tuple[str, ...], where: str) -> None:
    wanted = f"{FROM} WHERE ({where}) AND NOT {WITHHELD}"
    [(items, outlets)] = sql(desk, f"SELECT count(*), count(DISTINCT o.name) {wanted}")
    told = ask(desk, "mentions", *order, "--count", "--json")
    assert told.code == 0
    answer = json.loads(told.out)
    assert (answer["mentions"], answer["outlets"]) == (items, outlets)
    rows = [json.loads(line) for line in ask(desk, "mentions", *order).out.splitlines()]
    assert {row["mention"] for row in rows} == {identity for (identity,) in sql(desk, f"SELECT m.id {wanted}")}
    [(stories,)] = sql(desk, f"SELECT count(DISTINCT g.story_key) {wanted}")
    told_stories = json.loads(ask(desk, "stories", *order, "--count", "--json").out)
    assert told_stories["stories"] == stories
    assert sum(json.loads(line)["items"] for line in ask(desk, "stories", *order).out.splitlines()) == items


@pytest.mark.parametrize(("order", "where"), [one for one in ORDERS if "--audience" not in one[0]])
def test_articles_are_narrowed_by_the_same_filters(desk: Path, order: tuple[str, ...], where: str) -> None:
    """The archive's articles have no uncertain date but those labelled so: these are left out of the question."""
    by_article = where.replace("m.appeared_at", "coalesce(a.published_at, a.fetched_at)")
    [(count,)] = sql(desk, f"SELECT count(*) {FROM} WHERE ({by_article}) AND NOT {WITHHELD}")
    assert json.loads(ask(desk, "articles", *order, "--count", "--json").out)["articles"] == count


def test_how_many_in_albanian_from_kosovo_last_quarter_is_answered_in_a_line(desk: Path) -> None:
    told = ask(
        desk,
        "mentions",
        "--country",
        "XK",
        "--language",
        "sq",
        "--from",
        "2026-01-01",
        "--to",
        "2026-03-31",
        "--audience",
        "partners",
        "--count",
    )
    [(count, outlets)] = sql(
        desk,
        f"SELECT count(*), count(DISTINCT o.id) {FROM} WHERE {CLEARED} AND NOT {WITHHELD} AND o.country = 'XK' AND a.language = 'sq' AND {LAST_QUARTER}",
    )
    assert count > 5
    assert told.out == f"{count} mentions, {outlets} outlets\n"


def test_the_links_of_a_month_for_a_donor_are_a_line_each_the_earliest_first(desk: Path) -> None:
    told = ask(desk, "mentions", *MARCH_DAYS, "--audience", "partners", "--format", "links")
    lines = told.out.splitlines()
    urls = {url for (url,) in sql(desk, f"SELECT a.canonical_url {FROM} WHERE {CLEARED} AND NOT {WITHHELD} AND {MARCH}")}
    assert {line.rsplit(" | ", 1)[-1] for line in lines} == urls
    days = [line.split(" | ")[0] for line in lines if line.startswith("2026")]
    assert days == sorted(days)
    assert all(day.startswith("2026-03") or day == "2026-02-28" for day in days)


def test_a_file_is_written_whole_and_its_report_says_how_many(desk: Path, tmp_path: Path) -> None:
    told = ask(desk, "mentions", "--country", "XK", "--format", "csv", "-o", tmp_path / "xk.csv", "--json")
    assert json.loads(told.out)["count"] == len((tmp_path / "xk.csv").read_text("utf-8-sig").splitlines()) - 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("mentions", "--country", "KS"), "no country 'KS'; known are AL (Albania)"),
        (("articles", "--language", "albanisch"), "no language of articles 'albanisch'; known are sq (Albanian)"),
        (("stories", "--outlet", "koha"), "the nearest are koha-e-lumit"),
        (("mentions", "--from", "2026-03-31", "--to", "2026-03-01"), "the period ends (2026-03-01) before it begins"),
        (("mentions", "--from", "March"), "is no day"),
        (("articles", "--audience", "partners"), "ask for mentions or stories"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_what_is_known(desk: Path, arguments: tuple[str, ...], told: str) -> None:
    outcome = ask(desk, *arguments)
    assert outcome.code == 2
    assert told in outcome.err
    assert "Traceback" not in outcome.err
