"""Staff are told: from a page to a message, each story once, whatever dies on the way."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import NOW, a_hit, a_mention, a_verdict, an_article
from tests.cli.running import run
from tests.newsdesk import A_MINOR, ABOUT_ARTA, ABOUT_THE_RIVER, Newsdesk, news_of
from tracker.alerts.notify import APPRISE, Messenger
from tracker.alerts.staff import AlertReport, run_alerts
from tracker.cli.nightly import notify_staff_meanwhile
from tracker.delivery.planning import Attempt, Result
from tracker.delivery.recipients import read_recipients
from tracker.errors import RunLocked
from tracker.model import Decision, Precision, Published
from tracker.settings import Settings
from tracker.store import alerts, articles, mentions, pages, verdicts
from tracker.store.lock import AlertLock
from tracker.store.schema.operations import alerts as rows
from tracker.text.folding import fold
from tracker.workspace import open_parts, read_campaigns

PERSON = '[[recipients]]\nname = "{name}"\nemail = "{name}@example.org"\nrole = "{role}"\nlanguage = "en"\nedition = "weekly"\n'
STAFF = PERSON.format(name="arta", role="staff") + PERSON.format(name="besa", role="staff") + PERSON.format(name="donor", role="donor")
MIDDAY = NOW.replace(hour=11)
HEADLINE = "Arta Lumaj jep dorëheqjen"
PUBLISHED = "2026-03-14T11:50:00+01:00"
TWO_STORIES = (HEADLINE, "Bashkia kundërshton raportin e Arta Lumajt")


@dataclass
class Teller:
    """Takes messages. `ends` are what becomes of the next ones; sent when there is none."""

    ends: list[Attempt | Exception] = field(default_factory=list)
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def __call__(self, whom: str, subject: str, text: str, at: datetime, /) -> Attempt:
        end = self.ends.pop(0) if self.ends else Attempt(Result.SENT, "250 ok")
        if isinstance(end, Exception):
            raise end
        if end.result is not Result.TRY_LATER:
            self.told.append((whom, subject, text))
        return end

    @property
    def whom(self) -> list[str]:
        return [whom for whom, _, _ in self.told]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Newsdesk]:
    """An empty archive, and two of staff."""
    desk = Newsdesk(tmp_path / "desk")
    (desk.folder / "recipients.toml").write_text(STAFF, "utf-8")
    yield desk
    desk.close()


@pytest.fixture
def headline(workspace: Newsdesk) -> Newsdesk:
    """The organisation stands in a headline that was just found."""
    find(workspace, (HEADLINE, ABOUT_ARTA, PUBLISHED))
    return workspace


def find(desk: Newsdesk, *items: tuple[str, str, str], outlet: str = "zeri-i-lumit", at: datetime = MIDDAY) -> None:
    """Pages (headline, text, when it was published), fetched, read, matched and grouped; the reading itself is tested elsewhere."""
    desk.publish(*[b"<html></html>" for _ in items], outlet=outlet, fetched_at=at)
    with desk.parts.database.writing() as conn:
        unread = pages.unscreened(conn, limit=len(items))
        rows = [
            (
                an_article(
                    outlet_id=outlet,
                    page_id=page.id,
                    requested_url=page.requested_url,
                    canonical_url=page.requested_url,
                    title=title,
                    body="\n".join([text, *news_of(title)]),
                    fetched_at=at,
                    published=Published(datetime.fromisoformat(published), Precision.MINUTE),
                ),
                fold(title),
                fold(text),
            )
            for page, (title, text, published) in zip(unread, items, strict=True)
        ]
        articles.save(conn, rows, at)
    desk.night("match", "group", as_of=at)


def store(desk: Newsdesk, published: Sequence[datetime], at: datetime) -> None:
    """Mentions of the river as they stand in the archive after a poll."""
    with desk.parts.database.writing() as conn:
        given = [an_article(int(moment.timestamp()), published=Published(moment, Precision.MINUTE), fetched_at=at) for moment in published]
        ids = articles.save(conn, [(article, "", "") for article in given], at)
        mentions.save(conn, [a_mention(number, hits=(a_hit("lumi"),)) for number in ids if number], at)


def alert(desk: Newsdesk, tell: Teller, at: datetime = MIDDAY, clock: Callable[[], datetime] | None = None) -> AlertReport:
    path = desk.folder / "recipients.toml"
    with open_parts(desk.folder, clock=clock or (lambda: at)) as parts:
        return run_alerts(parts, read_campaigns(desk.folder), read_recipients(path) if path.exists() else (), tell)


def ledger(desk: Newsdesk) -> list[tuple[str, bool, tuple[tuple[str, str], ...], str]]:
    with desk.parts.database.reading() as conn:
        return [(row.kind, row.sent_at is not None, row.told, row.detail) for row in conn.execute(select(rows).order_by(rows.c.id))]


def test_staff_and_nobody_else_are_told_of_the_organisation_in_a_headline(headline: Newsdesk) -> None:
    tell = Teller()
    report = alert(headline, tell)
    assert sorted(tell.whom) == ["arta@example.org", "besa@example.org"]
    (_, subject, text), _ = tell.told
    assert subject == f"[Clean rivers] In a headline: {HEADLINE}"
    assert "The organisation stands in a headline." in text
    assert "Zëri i Lumit (AL), 14.03.2026 11:50" in text
    assert "https://zeri-i-lumit.example/lajme/artikulli-numer-1" in text
    assert report.step.adds_up
    assert report.needs_a_person == ()


def test_each_of_staff_is_told_in_the_own_language_also_when_something_was_called_sensitive_meanwhile(workspace: Newsdesk) -> None:
    people = ("arta", "mk"), ("besa", "sq")
    entries = [PERSON.format(name=name, role="staff").replace('"en"', f'"{language}"') for name, language in people]
    (workspace.folder / "recipients.toml").write_text("".join(entries), "utf-8")
    find(workspace, (HEADLINE, ABOUT_ARTA, PUBLISHED))
    tell = Teller([Attempt(Result.TRY_LATER, "451")])
    alert(workspace, tell)
    with workspace.parts.database.writing() as conn:
        verdicts.record(conn, a_verdict(workspace.mention_of(HEADLINE).article_id, Decision.SENSITIVE))
    alert(workspace, tell, MIDDAY + timedelta(minutes=6))
    said = {whom.partition("@")[0]: f"{subject} {text}" for whom, subject, text in tell.told}
    assert "Në titull: Arta Lumaj" in said["besa"]
    assert "открива идентитет на дете" in said["arta"]
    assert "Lumaj" not in said["arta"]


def test_a_story_is_told_once_while_it_grows(headline: Newsdesk) -> None:
    tell = Teller()
    alert(headline, tell)
    find(headline, (HEADLINE, ABOUT_ARTA, PUBLISHED), outlet="fjala-e-malit", at=MIDDAY + timedelta(minutes=10))
    for minutes in (10, 20, 60):
        alert(headline, tell, MIDDAY + timedelta(minutes=minutes))
    assert len(tell.told) == 2


def test_a_headline_waits_for_the_end_of_the_quiet_hours_and_several_come_as_one_message(workspace: Newsdesk) -> None:
    at = NOW.replace(hour=22)  # 23:00 in Tirana
    late = "2026-03-14T22:50:00+01:00"
    find(workspace, *[(title, ABOUT_ARTA, late) for title in TWO_STORIES], at=at)
    tell = Teller()
    report = alert(workspace, tell, at)
    assert tell.told == []
    assert dict(report.step.outcomes) == {"waits for the end of the quiet hours, or to be tried again": 2}
    alert(workspace, tell, at + timedelta(hours=6))
    assert tell.told == []
    alert(workspace, tell, at + timedelta(hours=8, minutes=1))
    assert len(tell.told) == 2
    assert tell.told[0][1].endswith("(and 1 more)")
    assert all(title in tell.told[0][2] for title in TWO_STORIES)


def test_what_a_person_took_back_during_the_quiet_hours_is_not_told_and_what_they_called_sensitive_loses_its_headline(
    workspace: Newsdesk,
) -> None:
    at = NOW.replace(hour=22)
    find(workspace, *[(title, ABOUT_ARTA, "2026-03-14T22:50:00+01:00") for title in TWO_STORIES], at=at)
    tell = Teller()
    alert(workspace, tell, at)
    with workspace.parts.database.writing() as conn:
        for title, decision in zip(TWO_STORIES, (Decision.REJECT, Decision.SENSITIVE), strict=True):
            verdicts.record(conn, a_verdict(workspace.mention_of(title).article_id, decision))
    alert(workspace, tell, at + timedelta(hours=8))
    assert len(tell.told) == 2
    assert all(title not in subject + text for _, subject, text in tell.told for title in TWO_STORIES)
    assert all("artikulli" not in text for *_, text in tell.told)
    assert "may identify a child" in tell.told[0][1]


def test_an_item_that_may_identify_a_child_is_told_of_without_headline_outlet_or_address(workspace: Newsdesk) -> None:
    find(workspace, (HEADLINE, f"{ABOUT_ARTA} {A_MINOR}", PUBLISHED))
    tell = Teller()
    alert(workspace, tell)
    _, subject, text = tell.told[0]
    said = subject + text
    assert "an item that may identify a child" in said
    assert not [word for word in ("Lumaj", "dorëheqjen", "Zëri", "zeri-i-lumit", "http") if word in said]
    assert workspace.mention_of(HEADLINE).id in text


def test_the_river_in_a_headline_is_no_alert(workspace: Newsdesk) -> None:
    find(workspace, ("Një lumë i pastër për të gjithë", ABOUT_THE_RIVER, PUBLISHED))
    assert len(workspace.mentions()) == 1
    tell = Teller()
    assert dict(alert(workspace, tell).step.outcomes) == {}
    assert tell.told == []


@pytest.mark.parametrize("dies_at", [0, 1])
def test_a_crash_while_an_alert_goes_out_alerts_nobody_twice(headline: Newsdesk, dies_at: int) -> None:
    tell = Teller([*[Attempt(Result.SENT, "")] * dies_at, MemoryError()])
    with pytest.raises(MemoryError):
        alert(headline, tell)
    for minutes in (1, 10, 20):
        alert(headline, tell, MIDDAY + timedelta(minutes=minutes))
    assert len(tell.whom) == len(set(tell.whom)) == 1
    ((_, is_settled, told, detail),) = ledger(headline)
    assert is_settled
    assert sorted(how for _, how in told) == ["sending", "sent"]
    assert "sending" in detail


def test_a_crash_before_anything_went_out_loses_nothing(headline: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    tell = Teller()
    with monkeypatch.context() as patched:
        patched.setattr(alerts, "note", lambda *args: (_ for _ in ()).throw(MemoryError()))
        with pytest.raises(MemoryError):
            alert(headline, tell)
    alert(headline, tell, MIDDAY + timedelta(minutes=1))
    assert sorted(tell.whom) == ["arta@example.org", "besa@example.org"]


def test_whom_it_could_not_reach_it_tries_again_and_the_others_not(headline: Newsdesk) -> None:
    tell = Teller([Attempt(Result.TRY_LATER, "451 greylisted")])
    report = alert(headline, tell)
    assert report.needs_a_person
    assert tell.whom == ["besa@example.org"]
    alert(headline, tell, MIDDAY + timedelta(minutes=2))
    assert tell.whom == ["besa@example.org"]
    alert(headline, tell, MIDDAY + timedelta(minutes=6))
    assert tell.whom == ["besa@example.org", "arta@example.org"]


def test_an_alert_that_nobody_could_be_told_for_a_day_is_given_up(headline: Newsdesk) -> None:
    alert(headline, Teller([Attempt(Result.TRY_LATER, "no answer")] * 2))
    tell = Teller()
    alert(headline, tell, MIDDAY + timedelta(hours=25))
    assert tell.told == []


def test_a_failure_without_words_is_tried_again_too(headline: Newsdesk) -> None:
    tell = Teller([Attempt(Result.TRY_LATER, "")] * 2)
    assert dict(alert(headline, tell).step.outcomes) == {"try later": 1}
    alert(headline, tell, MIDDAY + timedelta(minutes=6))
    assert sorted(tell.whom) == ["arta@example.org", "besa@example.org"]


def test_an_address_that_is_refused_or_a_server_that_says_nothing_is_not_asked_again(headline: Newsdesk) -> None:
    tell = Teller([Attempt(Result.REFUSED, "550 no such user"), Attempt(Result.UNKNOWN, "no answer")])
    report = alert(headline, tell)
    assert report.told
    alert(headline, tell, MIDDAY + timedelta(minutes=30))
    assert len(tell.told) == 2
    ((_, is_settled, _, detail),) = ledger(headline)
    assert is_settled
    assert "550 no such user" in detail
    assert "unknown" in detail


def test_without_staff_nothing_is_noted_and_whoever_joins_is_told_of_what_is_new(headline: Newsdesk) -> None:
    (headline.folder / "recipients.toml").unlink()
    assert dict(alert(headline, Teller()).step.outcomes) == {"nobody to tell": 1}
    (headline.folder / "recipients.toml").write_text(PERSON.format(name="arta", role="staff"), "utf-8")
    tell = Teller()
    alert(headline, tell, MIDDAY + timedelta(hours=1))
    assert tell.whom == ["arta@example.org"]


def test_only_one_tells_at_a_time(workspace: Newsdesk) -> None:
    with AlertLock(workspace.folder).acquire(), pytest.raises(RunLocked, match="tracker alert"):
        alert(workspace, Teller())


def test_a_rise_of_coverage_breaks_the_quiet_hours_and_is_told_once(workspace: Newsdesk) -> None:
    """Watched for weeks; from 23:00 on an item every three minutes, polled every ten."""
    store(workspace, [NOW - timedelta(days=31)], NOW - timedelta(days=31))
    begin = NOW.replace(hour=22)
    tell, first_told = Teller(), None
    for poll in range(1, 10):
        at = begin + timedelta(minutes=10 * poll)
        store(workspace, [at - timedelta(minutes=2 + 3 * number) for number in range(3)], at)
        alert(workspace, tell, at)
        first_told = first_told or (at if tell.told else None)
    assert len(tell.told) == 2
    assert first_told is not None
    assert first_told - begin <= timedelta(minutes=30)
    assert "Coverage rises" in tell.told[0][1]
    assert "tracker digest make --situation" in tell.told[0][2]


# --- the ways out


class _Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        server.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.answer)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    answer = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Listener)
        self.received: list[dict[str, str]] = []


@contextmanager
def listening(answer: int = 200) -> Iterator[_Server]:
    with _Server() as server:
        server.answer = answer
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_an_apprise_address_is_told_in_plain_text(tmp_path: Path) -> None:
    with listening() as server:
        messenger = Messenger(Settings(), tmp_path, f"json://127.0.0.1:{server.server_port}/hook")
        assert messenger(APPRISE, "In a headline: <b>*x*</b>", "one\ntwo & three", NOW).result is Result.SENT
    (message,) = server.received
    assert (message["title"], message["message"]) == ("In a headline: <b>*x*</b>", "one\ntwo & three")


@pytest.mark.parametrize(
    ("url", "result"), [("json://127.0.0.1:{port}/x", Result.TRY_LATER), ("nonsense://a", Result.REFUSED), ("", Result.REFUSED)]
)
def test_an_apprise_address_that_does_not_work_is_said_without_its_secret(tmp_path: Path, url: str, result: Result) -> None:
    with listening(500) as server:
        attempt = Messenger(Settings(), tmp_path, url.format(port=server.server_port))(APPRISE, "subject", "text", NOW)
    assert attempt.result is result
    assert "127.0.0.1" not in attempt.words


def test_staff_are_notified_during_a_crawl_and_a_fault_of_it_does_not_end_the_night(
    headline: Newsdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_parts(headline.folder, clock=lambda: MIDDAY) as parts:
        notify_staff_meanwhile(parts, ())
    assert HEADLINE in capsys.readouterr().err
    assert len(list((headline.folder / "outbox").glob("*.eml"))) == 2
    (headline.folder / "recipients.toml").write_text("[[recipients]]\n", "utf-8")
    notify_staff_meanwhile(headline.parts, ())
    assert capsys.readouterr().err.startswith("no notifications during the crawl: ")


def test_the_command_lays_letters_into_the_outbox_where_no_server_is_set(headline: Newsdesk) -> None:
    """By the wall clock nothing in this archive is new: the command finds nothing, and says so."""
    outcome = run("alert", "--workspace", headline.folder)
    assert (outcome.code, outcome.err) == (0, "")
    alert(headline, Messenger(Settings(), headline.folder / "outbox"))  # type: ignore[arg-type]
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in (headline.folder / "outbox").glob("*.eml")]
    assert sorted(letter["To"] for letter in letters) == ["arta@example.org", "besa@example.org"]
    assert all(HEADLINE in letter["Subject"] for letter in letters)
