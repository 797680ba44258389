"""`tracker digest make --kind report` for a country, a language of articles, an outlet: every file of it is narrowed and says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import Outcome, run
from tests.quarter import Quarter

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Quarter(tmp_path_factory.mktemp("quarter") / "desk").folder


@pytest.fixture
def desk(archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(archive, tmp_path / "desk"))


def make(desk: Path, *arguments: str) -> Outcome:
    return run("digest", "make", "--kind", "report", *MARCH, "--as-of", "2026-04-01T08:00+02:00", *arguments, "-w", desk)


def files(desk: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8", "replace") for path in (desk / "outbox").rglob("*.*")}


@pytest.mark.parametrize(
    ("order", "scope", "name", "others"),
    [
        (("--country", "XK"), "Kosovo* only", "-XK", "Нов ден"),
        (("--article-language", "sq"), "Language: Albanian", "-sq", "Dunav danas"),
        (("--outlet", "nov-den"), "Outlet: Нов ден", "-nov-den", "Koha e Lumit"),
        (
            ("--country", "MK", "--article-language", "sq", "--outlet", "Нов ден"),
            "North Macedonia only · Language: Albanian · Outlet: Нов ден",
            "-MK-sq-nov-den",
            "Вардар вести",
        ),
    ],
)
def test_a_narrowed_report_says_its_scope_and_holds_nothing_else(
    desk: Path, order: tuple[str, ...], scope: str, name: str, others: str
) -> None:
    told = make(desk, *order, "--in", "en", "--format", "report", "--json")
    assert told.code == 1  # it waits for approval
    [edition] = json.loads(told.out)["editions"]
    made = files(desk)
    stem = f"rivers-report-2026-03-31-1{name}"
    assert {f"{stem}.en.{ending}" for ending in ("html", "txt", "eml", "report.html")} | {"index.html"} == {*made}
    for form in ("html", "txt", "report.html"):
        assert scope.split(" · ")[-1] in " ".join(made[f"{stem}.en.{form}"].split())
        assert others not in made[f"{stem}.en.{form}"]
    assert scope in made[f"{stem}.en.report.html"]
    counted = edition["counted"]
    assert 0 < counted < json.loads(make(desk, "--language", "en", "--json").out)["editions"][0]["counted"]


@pytest.mark.parametrize(
    ("order", "scope", "named"),
    [
        (("--country", "XK", "--language", "sq"), "XK, sq", "-XK-sq.sq."),
        (("--country", "MK", "--language", "sq", "--in", "mk"), "MK, sq", "-MK-sq.mk."),
        (("--country", "RS", "--language", "sr"), "RS, sr", "-RS-sr.sr-Latn."),
        (("--country", "RS", "--language", "sr-Cyrl"), "RS, sr", "-RS-sr.sr-Cyrl."),
        (("--outlet", "nov-den", "--language", "mk"), "mk, nov-den", "-mk-nov-den.mk."),
        (("--country", "MK", "--article-language", "sq", "--language", "mk"), "MK, sq", "-MK-sq.mk."),
        (("--article-language", "sq", "--language", "en"), "sq", "-sq.en."),
        (("--language", "sq"), "", "-1.sq."),  # of the whole campaign it is the reader's, as it always was
        (("--language", "sq", "--in", "en"), "", "-1.en."),
    ],
)
def test_a_language_narrows_an_order_and_is_otherwise_the_readers(desk: Path, order: tuple[str, ...], scope: str, named: str) -> None:
    told = make(desk, *order, "--format", "csv")
    assert (f"narrowed to {scope}\n" in told.out) is bool(scope)
    assert [name for name in files(desk) if named in name and name.endswith(".csv")]


def test_a_language_that_no_edition_is_written_in_is_refused_where_it_narrows_nothing(desk: Path) -> None:
    outcome = make(desk, "--language", "sr")
    assert outcome.code == 2
    assert "no edition is written in 'sr'; languages are sq, sr-Latn" in outcome.err


def test_the_same_edition_is_narrowed_again_and_written_whole(desk: Path) -> None:
    first = json.loads(make(desk, "--country", "XK", "--json").out)["editions"][0]
    again = json.loads(make(desk, "--country", "RS", "--json").out)["editions"][0]
    assert (again["was_there"], again["edition"]["id"]) == (True, first["edition"]["id"])
    written = run("digest", "write", "1", "--country", "RS", "--language", "sq", "--format", "csv", "-w", desk)
    assert written.code == 0
    assert "-RS" in written.out


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (("--country", "KS"), "no country 'KS'; known are AL (Albania)"),
        (("--outlet", "nobody"), "`tracker sources list` shows all 11"),
        (("--article-language", "de"), "known are sq (Albanian)"),
    ],
)
def test_what_is_not_known_stops_before_an_edition_is_made(desk: Path, order: tuple[str, ...], told: str) -> None:
    outcome = make(desk, *order)
    assert outcome.code == 2
    assert told in outcome.err
    assert json.loads(run("digest", "list", "--json", "-w", desk).out)["editions"] == []


def test_a_nightly_edition_is_not_narrowed(desk: Path) -> None:
    assert "ask for --kind report" in run("digest", "make", "--country", "XK", "-w", desk).err
