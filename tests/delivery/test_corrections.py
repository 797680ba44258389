"""A correction reaches everybody who got the item, once, in their language; of an item that is held back nothing is named."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.cli.running import run
from tests.digests.test_editions import campaign_of, make, say
from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID, RIVER, Newsdesk
from tracker.delivery.audience import own_pages, read_audience
from tracker.delivery.choices import Choice, ChoiceRecord, What
from tracker.delivery.correcting import approve, draft
from tracker.delivery.letters import LetterWriter, PublishedComposer
from tracker.delivery.mailing import Mailing
from tracker.delivery.outcomes import SendReport
from tracker.errors import UsageError
from tracker.model import Decision
from tracker.pipeline.issue_edition import approve as let_go
from tracker.settings import Review, Settings
from tracker.store import digests

SENTENCES = (("en", "The workshop was in May, not in March."), ("sq", "Punëtoria ishte në maj, jo në mars."))
PEOPLE = {"arta": "sq", "besa": "mk", "vesna": "sr-Cyrl", "john": "en"}
MONDAY = NOW + timedelta(days=3)


def entry(name: str, language: str, **more: str) -> str:
    given = {"name": name, "email": f"{name}@partner.example", "role": "partner", "language": language, "edition": "weekly", **more}
    return "[[recipients]]\n" + "".join(f'{key} = "{value}"\n' for key, value in given.items())


@pytest.fixture
def office(grouped: Newsdesk) -> Newsdesk:
    """A week's edition with the river's item went to four partners."""
    desk = grouped
    desk.write_campaign(CAMPAIGN.replace('review = "optional"', 'review = "required"'))
    (desk.folder / "recipients.toml").write_text("\n".join(entry(*one) for one in PEOPLE.items()), "utf-8")
    make(desk, campaign_of(desk))
    say(desk, RIVER, Decision.ACCEPT, timedelta(hours=1))
    with desk.parts.database.reading() as conn:
        (edition,) = digests.every(conn)
    let_go(desk.parts, campaign_of(desk), edition.id, by="Arta Lumi", sentences=())
    assert dict(send(desk).step.outcomes) == {"written to a file": 4}
    return desk


def river(desk: Newsdesk) -> str:
    """The item of the Albanian outlet; another one carried it too."""
    (own, *_) = [article.id for article in desk.articles() if article.title == RIVER]
    return next(mention.id for mention in desk.mentions() if mention.article_id == own)


def send(desk: Newsdesk, days: int = 0) -> SendReport:
    parts, campaign = desk.parts, campaign_of(desk)
    pages = own_pages(desk.folder, parts.settings)
    writer = LetterWriter(parts.database, parts.settings, {campaign.id: campaign.time_zone}, PublishedComposer(parts.database), pages)
    at = max(parts.clock(), MONDAY) + timedelta(days=days)
    return Mailing(parts.database, desk.folder / "outbox", parts.settings, [campaign], read_audience(desk.folder), writer, lambda: at).run()


def corrections(desk: Newsdesk) -> dict[str, EmailMessage]:
    paths = (desk.folder / "outbox").glob("*.correction-*.eml")
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in paths]
    return {str(letter["To"]).partition("@")[0].rpartition("<")[2]: letter for letter in letters}  # type: ignore[misc]


def text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def correct(desk: Newsdesk, mention: str, days: int = 1) -> None:
    at = max(desk.parts.clock(), MONDAY) + timedelta(days=days)
    drafted = draft(desk.parts.database, read_audience(desk.folder), mention, SENTENCES, at)
    approve(desk.parts.database, drafted, at, "Arta Lumi")


def test_everybody_who_got_the_item_is_told_once_in_their_language(office: Newsdesk) -> None:
    mention = river(office)
    correct(office, mention)
    assert dict(send(office, days=1).step.outcomes) == {"written to a file": 4}
    assert dict(send(office, days=2).step.outcomes) == {}
    letters = corrections(office)
    assert letters.keys() == PEOPLE.keys()
    assert "Punëtoria ishte në maj" in text(letters["arta"])
    assert "The workshop was in May" in text(letters["besa"])
    assert "на англиски" in text(letters["besa"])
    assert "in English" not in text(letters["john"])
    for name, letter in letters.items():
        assert RIVER in text(letter)
        assert letter["Content-Language"] == PEOPLE[name]
        assert letter["List-Unsubscribe"]
    assert "weekly digest" in letters["john"]["Subject"]
    assert "Ispravka" not in str(letters["vesna"]["Subject"])
    assert "Исправка" in str(letters["vesna"]["Subject"])


def test_the_same_words_go_to_nobody_twice_and_other_words_do(office: Newsdesk) -> None:
    mention = river(office)
    correct(office, mention)
    with pytest.raises(UsageError, match="before"):
        correct(office, mention, days=2)


def test_of_an_item_that_was_called_sensitive_nothing_is_named(office: Newsdesk) -> None:
    mention = river(office)
    correct(office, mention)
    say(office, RIVER, Decision.SENSITIVE, timedelta(hours=5))
    send(office, days=1)
    for letter in corrections(office).values():
        html = letter.get_body(("html",))
        assert html is not None
        said = f"{letter['Subject']} {text(letter)} {html.get_content()}"
        assert not [words for words in (RIVER, "Punëtoria", "workshop", "zeri-i-lumit") if words in said]
    assert "withdrawn to protect a child" in text(corrections(office)["john"])


def test_an_item_that_was_rejected_since_is_said_to_count_no_more(office: Newsdesk) -> None:
    mention = river(office)
    say(office, RIVER, Decision.REJECT, timedelta(hours=5))
    correct(office, mention)
    send(office, days=1)
    assert "The item is no longer counted." in text(corrections(office)["john"])


def test_who_signed_off_or_left_is_not_told_and_is_counted(office: Newsdesk) -> None:
    ChoiceRecord(office.folder / "outbox").add(Choice("arta@partner.example", What.STOP, "", NOW))
    kept = [entry(name, language) for name, language in PEOPLE.items() if name != "john"]
    (office.folder / "recipients.toml").write_text("\n".join(kept), "utf-8")
    mention = river(office)
    drafted = draft(office.parts.database, read_audience(office.folder), mention, SENTENCES, MONDAY + timedelta(days=1))
    assert [one.recipient.name for one in drafted.addressees] == ["besa", "vesna"]
    assert drafted.gone == 2


def test_a_reader_of_other_countries_never_got_the_item(office: Newsdesk) -> None:
    (office.folder / "recipients.toml").write_text(entry("john", "en") + 'countries = ["RS"]\n', "utf-8")
    mention = river(office)
    drafted = draft(office.parts.database, read_audience(office.folder), mention, SENTENCES, MONDAY + timedelta(days=1))
    assert drafted.addressees == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense", "--sentence", "en=x"], "no item nonsense"),
        (["MENTION"], "says what was wrong"),
        (["MENTION", "--sentence", "x"], "not LANGUAGE=TEXT"),
        (["MENTION", "--sentence", f"en={'x' * 601}"], "too long"),
    ],
)
def test_what_cannot_be_a_correction_is_refused(office: Newsdesk, arguments: list[str], said: str) -> None:
    mention = river(office)
    given = [mention if one == "MENTION" else one for one in arguments]
    outcome = run("digest", "correct", *given, "--workspace", office.folder)
    assert outcome.code == 2
    assert said in outcome.err
    assert "Traceback" not in outcome.err


def test_an_item_that_was_never_sent_has_nothing_to_correct(desk: Newsdesk) -> None:
    desk.night("match", "group")
    outcome = run("digest", "correct", river(desk), "--sentence", "en=x", "--workspace", desk.folder)
    assert outcome.code == 2
    assert "nobody has got" in outcome.err


def test_the_command_says_who_is_told_and_a_dry_run_changes_nothing(office: Newsdesk, tmp_path: Path) -> None:
    mention = river(office)
    command = ("digest", "correct", mention, "--sentence", "en=It was in May.", "--workspace", office.folder)
    tried = run(*command, "--dry-run")
    assert "4 recipients got it" in tried.out
    assert "no sentence in mk, sq, sr-Cyrl" in tried.out
    assert "goes out with the next" in run(*command, "--by", "Arta Lumi").out
    assert run(*command).code == 2


def test_every_letter_bears_its_readers_own_page_for_one_click_and_to_read(office: Newsdesk) -> None:
    public = Settings(review=Review(public_url="https://desk.ngo.example/"))
    pages = own_pages(office.folder, public)
    writer = LetterWriter(office.parts.database, public, {CAMPAIGN_ID: "Europe/Tirane"}, PublishedComposer(office.parts.database), pages)
    seen = set()
    for reader in read_audience(office.folder):
        letter = message_from_bytes(writer.write(1, reader, "<a@ngo.example>"), policy=default)
        page = pages(reader.address.key)
        assert letter["List-Unsubscribe"].strip().startswith(f"<{page}>, <mailto:")
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for kind in ("plain", "html"):
            body = letter.get_body((kind,))  # type: ignore[attr-defined]
            assert page in body.get_content()
        assert str(reader.address) not in page
        seen.add(page)
    assert len(seen) == len(PEOPLE)
