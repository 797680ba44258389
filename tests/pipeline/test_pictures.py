"""Which lead pictures a night asks for, what editions show of them, and what nobody may see any more."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.builders import NOW, a_mention, a_verdict, an_article, an_outlet
from tests.newsdesk import (
    A_MINOR,
    ABOUT_ARTA,
    ABOUT_THE_RIVER,
    ARTA,
    CAMPAIGN_ID,
    HELD,
    RIVER,
    WEATHER,
    Newsdesk,
    outcomes,
    story_page,
    unbalanced,
)
from tests.newsroom.press import Newsroom, Way, answer, in_turn
from tracker.delivery import publish
from tracker.digests.forms.pictures import content_id, thumbnail
from tracker.model import Audience, Decision, Digest, EditionKind, Entry, Fact, FetchOutcome, Picture, WantedPicture
from tracker.monitoring.trace import trace, trace_lines
from tracker.pipeline.issue_edition import IssueOptions, issue
from tracker.pipeline.pictures import MOST_ATTEMPTS, may_have_one, wanted
from tracker.review import decisions
from tracker.store import digests, pictures, verdicts
from tracker.store.pictures import Asked
from tracker.workspace import read_campaigns

HOST = "127.0.13.1"
SETTINGS = 'fetch.allow_networks = ["127.0.0.0/8"]\nfetch.delay_seconds = 0\nfetch.retries = 0\nextract.workers = 1\n'


def photo(seed: int) -> Way:
    made = Image.new("RGB", (900, 600), (20 * seed % 255, 120, 200))
    ImageDraw.Draw(made).ellipse((100 + 30 * seed, 100, 500, 500), fill="white")
    out = io.BytesIO()
    made.save(out, "JPEG")
    return answer(body=out.getvalue(), Content_Type="image/jpeg")


class PictureDesk(Newsdesk):
    """A desk whose articles name pictures of the newsroom."""

    newsroom: Newsroom
    pictures_ever: dict[str, Picture]

    def publish_with(self, path: str, title: str, *paragraphs: str, outlet: str = "zeri-i-lumit") -> None:
        tag = f'<meta property="og:image" content="{self.newsroom.address(HOST, path)}">'
        self.publish(story_page(title, *paragraphs).replace(b"<title>", tag.encode() + b"<title>"), outlet=outlet)

    def pictured(self, as_of: datetime = NOW) -> dict[str, int]:
        report = self.night("extract", "match", "group", "pictures", as_of=as_of)
        assert not [*unbalanced(report)]
        return outcomes(report, "pictures")

    def article_id(self, title: str) -> int:
        return next(article.id for article in self.articles() if article.title == title)

    def say(self, title: str, decision: Decision, at: datetime = NOW) -> None:
        with self.parts.database.writing() as conn:
            verdicts.record(conn, a_verdict(self.article_id(title), decision, CAMPAIGN_ID, decided_at=at))

    def kept(self) -> set[str]:
        by_id = {article.id: article.title for article in self.articles()}
        with self.parts.database.reading() as conn:
            return {by_id[one] for one in pictures.of_articles(conn, by_id)}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PictureDesk]:
    (tmp_path / "tracker.toml").write_text(SETTINGS, "utf-8")
    with Newsroom() as newsroom:
        for number in range(9):
            newsroom.serve(HOST, f"/{number}.jpg", photo(number))
        made = PictureDesk(tmp_path)
        made.newsroom = newsroom
        yield made
        made.close()


def test_pictures_are_asked_for_of_what_the_campaign_keeps_and_of_nothing_else(desk: PictureDesk) -> None:
    desk.publish_with("/1.jpg", RIVER, ABOUT_THE_RIVER)
    desk.publish_with("/2.jpg", HELD, ABOUT_THE_RIVER, A_MINOR)
    desk.publish_with("/3.jpg", ARTA, ABOUT_ARTA)
    desk.publish_with("/4.jpg", WEATHER)
    desk.publish(story_page("Nisma pa fotografi", ABOUT_THE_RIVER))
    assert desk.pictured() == {"kept": 2}
    assert desk.kept() == {RIVER, ARTA}
    assert sorted(path for path in desk.newsroom.asked(HOST) if path != "/robots.txt") == ["/1.jpg", "/3.jpg"]


def test_nothing_is_asked_twice_and_what_failed_for_a_while_is_asked_again(desk: PictureDesk) -> None:
    desk.newsroom.serve(HOST, "/gone.jpg", answer("404 Not Found", b"x"))
    desk.newsroom.serve(HOST, "/later.jpg", in_turn(answer("503 Service Unavailable", b"x"), photo(1)))
    for path, title in (("/1.jpg", RIVER), ("/gone.jpg", "Nisma e dytë"), ("/later.jpg", "Nisma e tretë")):
        desk.publish_with(path, title, ABOUT_THE_RIVER)
    assert desk.pictured() == {"kept": 1, "not_found": 1, "server_error": 1}
    assert desk.pictured() == {}
    assert desk.pictured(NOW + timedelta(days=1)) == {"kept": 1}
    assert desk.newsroom.asked(HOST).count("/later.jpg") == 2
    assert desk.pictured(NOW + timedelta(days=2)) == {}


def test_a_workspace_that_shows_no_pictures_asks_for_none(desk: PictureDesk) -> None:
    (desk.folder / "tracker.toml").write_text(SETTINGS + 'digest.pictures = "none"\n', "utf-8")
    other = PictureDesk(desk.folder)
    other.newsroom = desk.newsroom
    other.publish_with("/1.jpg", RIVER, ABOUT_THE_RIVER)
    report = other.night("extract", "match", "group", "pictures")
    assert "pictures" not in [step.step for step in report.steps]
    assert desk.newsroom.asked(HOST) == []
    other.close()


def test_a_picture_comes_after_acceptance_and_goes_with_a_word_that_takes_it_back(desk: PictureDesk) -> None:
    desk.publish_with("/2.jpg", HELD, ABOUT_THE_RIVER, A_MINOR)
    assert desk.pictured() == {}
    desk.say(HELD, Decision.ACCEPT, NOW + timedelta(minutes=1))
    assert desk.pictured(NOW + timedelta(days=1)) == {"kept": 1}
    desk.say(HELD, Decision.SENSITIVE, NOW + timedelta(days=1, minutes=1))
    assert desk.pictured(NOW + timedelta(days=2)) == {}
    assert desk.kept() == set()


def shown(desk: PictureDesk, pictures_for: str, audience: Audience = Audience.STAFF) -> Digest:
    """What forms are given of the newest edition."""
    with desk.parts.database.reading() as conn:
        edition = digests.every(conn)[0]
    given: list[Digest] = []
    real = publish.documents

    def documents(digest: Digest, *rest: object) -> tuple[object, ...]:
        given.append(digest)
        return ()

    publish.documents = documents  # type: ignore[assignment]
    try:
        publish.compose(desk.parts.database, edition.id, audience, "en", pictures=pictures_for)
    finally:
        publish.documents = real
    return given[0]


@pytest.mark.parametrize(("pictures_for", "audience", "sees"), [("none", "staff", False), ("staff", "staff", True), ("all", "staff", True)])
def test_an_edition_shows_pictures_to_whom_the_setting_says(desk: PictureDesk, pictures_for: str, audience: str, sees: bool) -> None:
    desk.publish_with("/1.jpg", RIVER, ABOUT_THE_RIVER)
    desk.night("extract", "match", "group", "pictures", "digest")
    digest = shown(desk, pictures_for, Audience(audience))
    assert [article_id for article_id, _ in digest.lead_pictures] == ([desk.article_id(RIVER)] if sees else [])


def an_entry(article_id: int, *, held: bool = False, decision: Decision | None = None, sensitive: bool = False) -> Entry:
    verdict = a_verdict(article_id, decision) if decision else None
    return Entry(a_mention(article_id, held=held), an_article(article_id, id=article_id), an_outlet(), "", verdict, sensitive=sensitive)


@pytest.mark.parametrize(
    ("told", "may"),
    [
        ([an_entry(1)], True),
        ([an_entry(1, held=True)], False),
        ([an_entry(1, held=True, decision=Decision.ACCEPT)], True),
        ([an_entry(1, decision=Decision.REJECT)], False),
        ([an_entry(1, decision=Decision.UNSURE)], True),
        ([an_entry(1, decision=Decision.SENSITIVE)], False),
        ([an_entry(1, sensitive=True)], False),
        ([an_entry(1), an_entry(1, decision=Decision.REJECT)], True),
        ([an_entry(1), an_entry(1, held=True)], False),
        ([an_entry(1), an_entry(1, decision=Decision.SENSITIVE)], False),
    ],
)
def test_one_campaign_that_withholds_an_item_withholds_its_picture(told: list[Entry], may: bool) -> None:
    assert may_have_one(told) == ({1} if may else set())


DAY_BEFORE = NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (None, True),
        (Asked("a.jpg", "kept", 1, DAY_BEFORE), False),
        (Asked("old.jpg", "kept", 1, DAY_BEFORE), True),
        (Asked("a.jpg", FetchOutcome.TIMEOUT, 1, DAY_BEFORE), True),
        (Asked("a.jpg", FetchOutcome.TIMEOUT, 1, NOW - timedelta(hours=1)), False),
        (Asked("a.jpg", FetchOutcome.TIMEOUT, MOST_ATTEMPTS, DAY_BEFORE), False),
        (Asked("a.jpg", FetchOutcome.NOT_FOUND, 1, DAY_BEFORE), False),
        (Asked("a.jpg", "outlets_mark", 1, DAY_BEFORE), False),
    ],
)
def test_a_picture_is_asked_for_once_unless_another_attempt_may_end_otherwise(before: Asked | None, again: bool) -> None:
    chosen = wanted([WantedPicture(1, "klix", "a.jpg")], {1: before} if before else {}, NOW)
    assert bool(chosen) is again


def test_a_tenth_of_a_million_characters_are_no_address(desk: PictureDesk) -> None:
    desk.publish_with("/1.jpg?" + "x" * 5000, RIVER, ABOUT_THE_RIVER)
    assert desk.pictured() == {"refused_address": 1}
    assert desk.newsroom.asked(HOST) == []


FORMS = ("report", "pdf", "docx", "xlsx", "csv")
WITH_PICTURES = ("report", "pdf", "docx")


def forms_that_show(desk: PictureDesk, title: str, languages: Sequence[str] = ("en",)) -> set[str]:
    """Every form of the newest edition that holds the picture of the item, the kept mail among them."""
    with desk.parts.database.reading() as conn:
        edition = digests.every(conn)[0]
    picture = desk.pictures_ever[title]
    found = set()
    for language in languages:
        mail, documents = publish.compose(desk.parts.database, edition.id, Audience.STAFF, language, formats=FORMS, pictures="staff")
        if picture in mail.pictures or content_id(picture) in mail.html:
            found.add("mail")
        for document in documents:
            content = document.content
            if document.ending == "docx":
                with zipfile.ZipFile(io.BytesIO(content)) as package:
                    content = b"".join(package.read(name) for name in package.namelist())
            for one in (picture, thumbnail(picture)):
                held = base64.b64encode(one.content) if document.ending == "report" else one.content[-900:-600]
                if held in content:
                    found.add(document.ending)
    return found


@pytest.fixture
def told(desk: PictureDesk) -> PictureDesk:
    """An edition of two items with pictures, given out once in every form."""
    desk.publish_with("/1.jpg", RIVER, ABOUT_THE_RIVER)
    desk.publish_with("/2.jpg", "Nisma e dytë", ABOUT_THE_RIVER)
    desk.night("extract", "match", "group", "pictures", "digest")
    issue(
        desk.parts,
        read_campaigns(desk.folder)[0],
        IssueOptions(EditionKind.REPORT, first_on=NOW.date() - timedelta(days=9), last_on=NOW.date()),
    )
    with desk.parts.database.reading() as conn:
        by_id = pictures.of_articles(conn, [desk.article_id(title) for title in (RIVER, "Nisma e dytë")])
    desk.pictures_ever = {title: by_id[desk.article_id(title)] for title in (RIVER, "Nisma e dytë")}
    shown = [forms_that_show(desk, title) for title in desk.pictures_ever]
    assert all(one >= {*WITH_PICTURES} for one in shown), shown
    assert "mail" in shown[0] | shown[1]
    return desk


def test_a_picture_of_what_is_called_sensitive_later_is_in_no_form_given_out_after_that(told: PictureDesk) -> None:
    told.say(RIVER, Decision.SENSITIVE, NOW + timedelta(minutes=5))
    assert forms_that_show(told, RIVER, ("en", "sq")) == set()
    assert forms_that_show(told, "Nisma e dytë") >= {*WITH_PICTURES}


def test_a_picture_that_a_person_switches_off_is_in_no_form_while_its_item_stays(told: PictureDesk) -> None:
    mention = told.mention_of(RIVER).id
    decisions.say(told.parts.database, mention, {Fact.PICTURE: "off"}, by="Arta", now=NOW + timedelta(minutes=5), via="test")
    assert forms_that_show(told, RIVER, ("en", "sq")) == set()
    with told.parts.database.reading() as conn:
        edition = digests.every(conn)[0]
    mail, _ = publish.compose(told.parts.database, edition.id, Audience.STAFF, "en", pictures="staff")
    assert RIVER in mail.html
    decisions.take_back(told.parts.database, mention_id=mention, by="Arta", now=NOW + timedelta(minutes=6))
    assert forms_that_show(told, RIVER) >= {*WITH_PICTURES}


def test_files_stand_alone_and_letters_carry_their_pictures(told: PictureDesk) -> None:
    outbox = told.folder / "outbox"
    mails = [path for path in outbox.rglob("*.html") if ".report." not in path.name and path.name != "index.html"]
    assert any("data:image/jpeg;base64," in path.read_text() for path in mails)
    assert not any("cid:" in path.read_text() for path in mails)
    assert any(b"Content-ID:" in path.read_bytes() for path in outbox.rglob("*.eml"))


def test_a_trace_says_how_asking_for_the_picture_ended(desk: PictureDesk) -> None:
    desk.newsroom.serve(HOST, "/page.jpg", answer(body=b"<html>login</html>", Content_Type="image/jpeg"))
    desk.publish_with("/page.jpg", RIVER, ABOUT_THE_RIVER)
    desk.pictured()
    url = next(article.canonical_url for article in desk.articles() if article.title == RIVER)
    lines = trace_lines(desk.parts.database, url, trace(desk.parts.database, url))
    (told,) = [line for line in lines if line.startswith("  picture")]
    assert told.endswith(": not_a_picture (a web page)")
    assert desk.newsroom.address(HOST, "/page.jpg") in lines[lines.index(told) + 1]


def test_what_the_outlets_other_pages_name_too_is_its_mark_from_the_first_mention_on_and_is_not_asked_for(desk: PictureDesk) -> None:
    for title in ("Moti sot", "Tregu i librit"):
        desk.publish_with("/1.jpg", title)
    desk.publish_with("/1.jpg", RIVER, ABOUT_THE_RIVER)
    desk.publish_with("/2.jpg", "Nisma e dytë", ABOUT_THE_RIVER)
    assert desk.pictured() == {"kept": 1, "outlets_mark": 1}
    assert desk.kept() == {"Nisma e dytë"}
    assert "/1.jpg" not in desk.newsroom.asked(HOST)
    assert desk.pictured(NOW + timedelta(days=1)) == {}
