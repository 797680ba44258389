"""An item that may identify a child stands in no form that leaves the house: every form there is, walked through."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.conftest import lacking
from tests.newsdesk import HELD, RIVER, Newsdesk
from tests.test_editions import WEEK, campaign_of, make, say
from tracker import editions, exports, publishing
from tracker.digests.pdf import MissingLibraries
from tracker.locale import LANGUAGES
from tracker.model import Audience, Decision, Verdict
from tracker.store import verdicts
from tracker.store.digests import Edition


def mail_and_documents(desk: Newsdesk, edition: Edition, language: str, forms: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Every form of the edition for every audience, by name."""
    for audience in Audience:
        mail, documents = publishing.compose(desk.parts.database, edition.id, audience, language, formats=forms)
        yield f"{audience} subject", mail.subject.encode()
        yield f"{audience} text", mail.text.encode()
        yield f"{audience} html", mail.html.encode()
        for document in documents:
            yield f"{audience} {document.ending}", unpacked(document.content)


def feeds_and_exports(desk: Newsdesk) -> Iterator[tuple[str, bytes]]:
    campaign = campaign_of(desk)
    for form in ("rss", "json"):
        yield form, publishing.feed(desk.parts.database, campaign, form, "sq")
    for what, export in exports.EXPORTS.items():
        for ending, write in exports.WRITERS.items():
            out = io.BytesIO()
            write(export(desk.parts.database, [campaign.id]), out)
            yield f"export {what} {ending}", unpacked(out.getvalue())


def unpacked(content: bytes) -> bytes:
    """The parts of a package, or the text of a PDF, or the bytes as they are."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return b"\n".join(package.read(name) for name in package.namelist())
    if content.startswith(b"%PDF"):
        if shutil.which("pdftotext") is None:
            lacking("pdftotext (Debian: poppler-utils)")
        return subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout
    return content


def traces_of(desk: Newsdesk, title: str) -> list[bytes]:
    """What would tell of the article: its headline and its addresses."""
    found = [article for article in desk.articles() if article.title == title]
    assert found
    return [
        title.encode(),
        *[article.canonical_url.rpartition("/")[2].encode() + b"<" for article in found],
        *[a.canonical_url.encode() for a in found],
    ]


def told(forms: Iterator[tuple[str, bytes]], traces: list[bytes]) -> set[str]:
    """The forms in which a trace stands."""
    return {name for name, content in forms for trace in traces if trace in b" ".join(content.split())}


@pytest.fixture
def reviewed(desk: Newsdesk) -> Newsdesk:
    """The ordinary night, matched; one of its items may identify a child, the other is accepted."""
    desk.night("match", "group")
    say(desk, RIVER, Decision.ACCEPT)
    return desk


def released(desk: Newsdesk) -> Edition:
    campaign = campaign_of(desk)
    edition = make(desk, campaign)
    approved, _ = editions.approve_edition(desk.parts.database, campaign, edition.id, NOW)
    return approved


WITHOUT_PDF = ("report", "docx", "xlsx", "csv")


def every_form(desk: Newsdesk, edition: Edition, language: str = "sq") -> list[tuple[str, bytes]]:
    return [*mail_and_documents(desk, edition, language, WITHOUT_PDF), *feeds_and_exports(desk)]


def test_the_walk_sees_what_is_there(reviewed: Newsdesk) -> None:
    """Or nothing below would prove anything."""
    forms = every_form(reviewed, released(reviewed))
    seen = told(iter(forms), [RIVER.encode()])
    assert {name for name, _ in forms} - seen <= {"staff subject", "partners subject"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_held_child_stands_in_no_form_of_any_language(reviewed: Newsdesk, language: str) -> None:
    assert told(iter(every_form(reviewed, released(reviewed), language)), traces_of(reviewed, HELD)) == set()


def test_an_item_called_sensitive_after_its_edition_was_released_stands_in_no_form_given_out_since(reviewed: Newsdesk) -> None:
    edition = released(reviewed)
    for language in ("sq", "en"):
        list(mail_and_documents(reviewed, edition, language, ()))  # kept as it was sent
    say(reviewed, RIVER, Decision.SENSITIVE)
    assert told(iter(every_form(reviewed, edition)), traces_of(reviewed, RIVER)) == set()
    assert told(iter(every_form(reviewed, edition, "en")), traces_of(reviewed, RIVER)) == set()


def test_what_is_called_sensitive_in_one_campaign_is_hidden_in_all(reviewed: Newsdesk) -> None:
    edition = released(reviewed)
    for article in reviewed.articles():
        if article.title == RIVER:
            with reviewed.parts.database.writing() as conn:
                verdicts.record(conn, Verdict("another", article.id, Decision.SENSITIVE, NOW))
    assert told(iter(every_form(reviewed, edition)), traces_of(reviewed, RIVER)) == set()


def test_a_child_stands_in_no_pdf(reviewed: Newsdesk) -> None:
    edition = released(reviewed)
    try:
        before = dict(mail_and_documents(reviewed, edition, "sq", ("pdf",)))
    except MissingLibraries as error:
        lacking(str(error))
    assert RIVER.encode() in b" ".join(before["partners pdf"].split())
    say(reviewed, RIVER, Decision.SENSITIVE)
    assert told(mail_and_documents(reviewed, edition, "sq", ("pdf",)), [RIVER.encode(), HELD.encode()]) == set()


def test_the_files_in_the_outbox_are_written_again_without_the_child(reviewed: Newsdesk, tmp_path: Path) -> None:
    edition, database, settings = released(reviewed), reviewed.parts.database, reviewed.parts.settings
    first = publishing.publish(database, edition, "Europe/Tirane", settings, tmp_path, audience=Audience.PARTNERS)
    assert any(RIVER.encode() in path.read_bytes() for path in first.paths)
    say(reviewed, RIVER, Decision.SENSITIVE)
    again = publishing.publish(database, edition, "Europe/Tirane", settings, tmp_path, audience=Audience.PARTNERS)
    assert again.paths == first.paths
    assert not any(RIVER.encode() in path.read_bytes() for path in again.paths)


def test_the_week_of_the_walk_holds_the_night(reviewed: Newsdesk) -> None:
    assert WEEK.start_at <= NOW < WEEK.end_at
