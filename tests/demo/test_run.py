from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import lacking
from tests.delivery.letter_checker import faults
from tests.looking import SCHEMES, a_browser, height, violations
from tracker.demo.press.expectation import Observed, check, written_expectation
from tracker.demo.press.server import PressServer
from tracker.demo.press.workspace import CATALOGUE
from tracker.demo.run import CAMPAIGN_ID, NIGHT, DemoReport, clear_demo, observe, run_demo
from tracker.errors import UsageError
from tracker.evidence import gather
from tracker.evidence.container import read_pack
from tracker.evidence.order import Wish, order_into
from tracker.evidence.verify import verify
from tracker.evidence.witness import read_witness, witness_line
from tracker.model import LANGUAGES, RunReport
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.workspace import open_parts, shipped_folder

pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True, slots=True)
class Nights:
    """A demo, and another night over the same press half an hour later."""

    workspace: Path
    first: DemoReport
    second: RunReport
    observed: Observed
    asked_again: frozenset[str]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    workspace = tmp_path_factory.mktemp("demo") / "demo"
    later: list[tuple[RunReport, Observed, frozenset[str]]] = []

    def run_again(_: DemoReport, server: PressServer) -> None:
        server.log.requests.clear()
        options = NightOptions((workspace / CATALOGUE,), as_of=NIGHT + timedelta(minutes=30), campaign_ids=(CAMPAIGN_ID,))
        with open_parts(workspace) as parts:
            report = run_night(parts, options)
            observed = observe(parts.database, report, server)
        asked = {server.press.identify(f"http://{host}{target}") for host, target in server.log.requests} - {""}
        later.append((report, observed, frozenset(asked)))

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRACKER_FETCH__ALLOW_NETWORKS", "[]")  # a person's settings for other workspaces
        environment.setenv("TRACKER_DIGEST__LANGUAGES", '["mk"]')
        environment.setenv("TRACKER_NO_SUCH__SETTING", "x")
        first = run_demo(workspace, afterwards=run_again)
        assert os.environ["TRACKER_DIGEST__LANGUAGES"] == '["mk"]'
    return Nights(workspace, first, *later[0])


def test_the_demo_night_equals_the_written_expectation(nights: Nights) -> None:
    assert nights.first.differences == ()


def test_the_digest_names_every_counted_item_and_nothing_that_is_held(nights: Nights) -> None:
    (path,) = (Path(path) for path in nights.first.run.digest_paths)
    mail = message_from_bytes(path.with_suffix(".eml").read_bytes(), policy=default)
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(parts) == 2
    report = unescape(path.with_suffix(".report.html").read_text("utf-8"))  # so many items are too long for a mail
    everything = " ".join("".join([path.read_text("utf-8"), str(mail["subject"]), *parts, report]).split())
    counted = report[: report.index("Items that name the organisation and not the campaign.")]
    for key, article in written_expectation().articles.items():
        if article.held:
            assert not any(title in everything for title in article.titles), key
        elif article.circle:
            assert any(title in counted for title in article.titles) == (article.circle == "campaign"), key


def test_every_letter_of_the_demo_has_the_headers_and_parts_that_mail_programs_want(nights: Nights) -> None:
    letters = [path for path in (nights.workspace / "outbox").glob("*.eml") if b"List-Unsubscribe" in path.read_bytes()]
    assert len(letters) >= 4
    assert {path.name: found for path in letters if (found := faults(path.read_bytes()))} == {}


def test_the_weeks_mail_is_three_phone_screens_below_60_kb_and_without_fault_for_axe(nights: Nights, chromium: str) -> None:
    assert nights.first.week is not None
    mails = [*Path(nights.first.week.partners).parent.glob("*.html")]
    mails = [path for path in mails if path.name != "index.html" and not path.name.endswith(".report.html")]
    assert len(mails) == len(LANGUAGES)
    with a_browser(chromium) as browser:
        heights = {path.name.split(".")[-2]: height(browser, path) for path in (*mails, Path(nights.first.week.staff))}
        assert {name: high for name, high in heights.items() if high > 2600} == {}
        english = next(path for path in mails if path.name.endswith(".en.html"))
        assert [violations(browser, english, scheme) for scheme in SCHEMES] == [[], []]
    for path in mails:  # its pictures go with it as parts of their own
        assert len(re.sub(r"data:image/jpeg;base64,[\w+/=]+", "", path.read_text("utf-8")).encode()) <= 60_000


def test_the_weeks_mail_says_where_to_write_and_bears_its_pictures(nights: Nights) -> None:
    assert nights.first.week is not None
    (path,) = Path(nights.first.week.partners).parent.glob("*.sq.eml")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    html = mail.get_body(("html",))
    assert html is not None
    named = re.findall(r'src="cid:([^"]+)"', html.get_content())
    assert {f"<{cid}>" for cid in named} <= {str(part["Content-ID"]) for part in mail.walk() if part["Content-ID"]}
    assert "arta.lumi@campaign.example" in html.get_content()


def test_a_second_night_over_an_unchanged_press_asks_only_feeds_and_sitemaps_and_changes_nothing(nights: Nights) -> None:
    faulty = {key for key, article in written_expectation().articles.items() if article.fetch != "fetched"}
    polls = dict(next(step for step in nights.second.steps if step.step == "poll").outcomes)
    assert (polls["unchanged"], polls.get("fetched", 0)) == (28, 0)
    assert nights.asked_again <= faulty
    assert check(written_expectation(), nights.observed, NIGHT) == []


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "coverage.db").write_text("somebody's", "utf-8")
    with pytest.raises(UsageError, match="was not made by a demo"):
        clear_demo(tmp_path)
    assert (tmp_path / "coverage.db").read_text("utf-8") == "somebody's"


def test_what_an_earlier_demo_stored_goes_before_the_next(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    for name in (CATALOGUE, "coverage.db", "coverage.db-wal", "crawl.log", "outbox/digest.html", "notes.txt"):
        (tmp_path / name).write_text("x", "utf-8")
    clear_demo(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", CATALOGUE]


def test_a_pack_of_the_week_is_proven_by_the_line_at_its_foot_and_not_with_one_byte_changed(nights: Nights) -> None:
    """The line stands in every form; the pack holds how each page was asked for and answered."""
    outbox = nights.workspace / "outbox"
    (text,) = [path.read_text("utf-8") for path in outbox.glob("*weekly*.txt")]
    witness = read_witness(text)
    line = witness_line(witness.day, witness.link)
    shown = [path for path in outbox.rglob("*") if "weekly" in str(path) and path.suffix in (".html", ".docx", ".xlsx")]
    assert {path.suffix for path in shown} == {".html", ".docx", ".xlsx"}
    for path in shown:
        if path.name != "index.html":
            assert line in whole_text(path), path
    with open_parts(nights.workspace) as parts:
        with parts.database.reading() as conn:
            chosen = gather.of_edition(conn, 2)
        stream = BytesIO()
        order_into(stream, parts, chosen, shipped_folder("templates"), Wish(printed=False), "week.zip")
    pack = stream.getvalue()
    found = verify(BytesIO(pack), witness)
    assert found.faults == []
    assert found.proven + found.newer == len(chosen.open) == found.items
    assert found.proven > 50
    exchanges = [content for name, content in read_pack(BytesIO(pack)) if name.endswith("exchange.json")]
    assert all(b'["User-Agent","PressCoverageTracker' in one and b'"ip":"127.' in one for one in exchanges)
    place = len(pack) // 2
    altered = verify(BytesIO(pack[:place] + bytes([pack[place] ^ 1]) + pack[place + 1 :]), witness)
    assert not altered.is_sound
    assert altered.faults[0][0].startswith("items/")


def whole_text(path: Path) -> str:
    if path.suffix == ".html":
        return path.read_text("utf-8")
    with ZipFile(path) as opened:
        return "".join(re.sub(r"<[^>]+>", "", opened.read(name).decode("utf-8")) for name in opened.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_of_the_weeks_report_spills_nothing_onto_the_next(nights: Nights, language: str) -> None:
    if shutil.which("pdftotext") is None:
        lacking("pdftotext (poppler-utils)")
    found = sorted(nights.workspace.rglob(f"*-partners.{language}.pdf"))
    if not found:
        lacking("pango")
    printed = subprocess.run(["pdftotext", str(found[0]), "-"], capture_output=True, check=True).stdout.decode().split("\f")
    assert len(printed[0].split()) > 200
    assert len(printed[1].split()) > 200  # the clippings begin there: what spills is a line or two on a page of its own
