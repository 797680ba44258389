"""A recipient's own page: only a POST acts, only for the one whose token it is, and a mail program's one click is enough."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import NOW
from tests.newsdesk import Newsdesk
from tests.review.web.visiting import Staff, Visitor, open_desk
from tracker.delivery.audience import OUTBOX, read_audience
from tracker.delivery.choices import ChoiceRecord, What
from tracker.delivery.person_key import FILE_NAME as KEY
from tracker.delivery.person_key import person_key
from tracker.locale.wording import desk_wording
from tracker.model import LANGUAGES, EditionKind, Window
from tracker.store import deliveries, digests

PERSON = '[[recipients]]\nname = "{name}"\nemail = "{name}@partner.example"\nrole = "partner"\nlanguage = "en"\nedition = "weekly"\n'
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ANA, BORA = "ana@partner.example", "bora@partner.example"


@pytest.fixture
def office(desk: Newsdesk) -> Staff:
    (desk.folder / "recipients.toml").write_text(PERSON.format(name="ana") + PERSON.format(name="bora"), "utf-8")
    return open_desk(desk, NOW)


@pytest.fixture
def visitor(office: Staff) -> Visitor:
    return office.visitor()


def own(office: Staff, who: str = ANA) -> str:
    return f"/letters/{person_key(office.parts.workspace).token(who)}"


def said(office: Staff) -> list[tuple[str, What, str, str]]:
    return [(one.who, one.what, one.value, one.via) for one in ChoiceRecord(office.parts.workspace / OUTBOX).every()]


def test_looking_at_the_page_changes_nothing_and_tells_no_address(office: Staff, visitor: Visitor) -> None:
    for answer in (
        visitor.get(own(office)),
        visitor.client.head(own(office)),
        visitor.get(own(office) + "?do=stop&List-Unsubscribe=One-Click"),
    ):
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        assert ANA not in answer.text
    assert said(office) == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_no_other_method_acts_or_tells_an_address(office: Staff, visitor: Visitor, method: str) -> None:
    for headers in ({}, {"X-HTTP-Method-Override": "POST"}):
        answer = visitor.client.open(own(office), method=method, data=ONE_CLICK, query_string="_method=POST", headers=headers)
        assert answer.status_code == (200 if method in ("HEAD", "OPTIONS") else 405)
        assert ANA not in answer.text
    assert said(office) == []


def test_one_click_that_is_replayed_after_the_person_came_back_stops_once_more_and_nothing_else(office: Staff, visitor: Visitor) -> None:
    """The address in a mail stays good for as long as mails are read: it only ever stops."""
    visitor.client.post(own(office), data=ONE_CLICK)
    visitor.client.post(own(office), data={**ONE_CLICK, "do": "start", "language": "mk"})
    assert {what for _, what, _, _ in said(office)} == {What.STOP}


def test_one_click_of_a_mail_program_signs_off_without_cookie_or_form_key_and_once(office: Staff, visitor: Visitor) -> None:
    for _ in range(3):
        answer = visitor.client.post(own(office), data=ONE_CLICK)
        assert answer.status_code == 200
        assert "You get no more mails" in answer.text
    assert said(office) == [(ANA, What.STOP, "", "one-click")]
    by_name = {one.name: one.away(NOW) for one in read_audience(office.parts.workspace)}
    assert by_name == {"ana": "signed off", "bora": ""}


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_is_taken_in_both_forms_that_the_standard_allows(office: Staff, visitor: Visitor, content_type: str) -> None:
    assert visitor.client.post(own(office), data=ONE_CLICK, content_type=content_type).status_code == 200
    assert [what for _, what, _, _ in said(office)] == [What.STOP]


def test_a_token_opens_one_page_alone_whatever_the_form_names(office: Staff, visitor: Visitor) -> None:
    visitor.client.post(own(office, BORA), data={**ONE_CLICK, "who": ANA, "email": ANA, "recipient": ANA})
    assert {who for who, *_ in said(office)} == {BORA}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 31), letter=st.sampled_from("AZaz09-_=%\0é"), cut=st.booleans())
def test_an_altered_token_is_nobodys(office: Staff, visitor: Visitor, place: int, letter: str, cut: bool) -> None:
    token = own(office).rpartition("/")[2]
    altered = token[:place] if cut else token[:place] + letter + token[place + 1 :]
    if altered and altered != token:
        answer = visitor.client.post(f"/letters/{altered}", data=ONE_CLICK)
        assert answer.status_code == 404
        assert said(office) == []


def test_a_form_that_is_sent_again_takes_back_nothing_that_was_chosen_since(office: Staff, visitor: Visitor) -> None:
    old = {"do": "save", "seen": "0", "language": "mk", "edition": "weekly"}
    assert visitor.client.post(own(office), data=old).status_code == 303
    assert visitor.client.post(own(office), data={**old, "seen": "1", "language": "sq"}).status_code == 303
    assert visitor.client.post(own(office), data=old).status_code == 409
    (ana, _) = read_audience(office.parts.workspace)
    assert ana.language == "sq"


def test_language_and_rhythm_are_as_the_person_wants_them(office: Staff, visitor: Visitor) -> None:
    visitor.client.post(own(office), data={"do": "save", "seen": "0", "language": "sr-Cyrl", "edition": "monthly"})
    ana, bora = read_audience(office.parts.workspace)
    assert (ana.language, ana.edition, ana.send_on.day) == ("sr-Cyrl", EditionKind.MONTHLY, 1)
    assert (bora.language, bora.edition) == ("en", EditionKind.WEEKLY)
    assert visitor.get(own(office)).text.count(desk_wording("sr-Cyrl").say("own_stop")) == 1


def test_who_gets_two_rhythms_and_asks_for_one_gets_that_one_once(office: Staff, visitor: Visitor) -> None:
    path = office.parts.workspace / "recipients.toml"
    path.write_text(path.read_text("utf-8") + PERSON.format(name="ana").replace("weekly", "nightly"), "utf-8")
    visitor.client.post(own(office), data={"do": "save", "seen": "0", "language": "en", "edition": "nightly"})
    assert [(one.name, str(one.edition)) for one in read_audience(office.parts.workspace)] == [("bora", "weekly"), ("ana", "nightly")]


def test_a_pause_ends_by_itself_or_by_the_person(office: Staff, visitor: Visitor) -> None:
    until = date(2026, 4, 1)
    visitor.client.post(own(office), data={"do": "pause", "seen": "0", "until": until.isoformat()})
    ana, _ = read_audience(office.parts.workspace)
    assert [ana.away(NOW), ana.away(NOW + timedelta(days=30))] == ["paused", ""]
    assert "come again on 1 April 2026" in visitor.get(own(office)).text
    visitor.client.post(own(office), data={"do": "resume", "seen": "1"})
    assert read_audience(office.parts.workspace)[0].away(NOW) == ""


@pytest.mark.parametrize(
    "form",
    [
        {"do": "pause", "until": "2026-03-14"},
        {"do": "pause", "until": "2036-03-14"},
        {"do": "pause", "until": "tomorrow"},
        {"do": "pause"},
        {"do": "save", "language": "de", "edition": "weekly"},
        {"do": "save", "language": "en", "edition": "hourly"},
        {"do": "save", "language": "en", "edition": "situation"},
        {"do": "destroy"},
        {},
    ],
)
def test_what_cannot_be_chosen_is_refused_in_words_and_changes_nothing(office: Staff, visitor: Visitor, form: dict[str, str]) -> None:
    answer = visitor.client.post(own(office), data={"seen": "0", **form})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert said(office) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_every_language_without_scripts(office: Staff, visitor: Visitor, language: str) -> None:
    text = visitor.get(f"{own(office)}?language={language}").text
    assert f'<html lang="{language}">' in text
    assert desk_wording(language).say("own_stop") in text
    assert "<script" not in text


def test_a_broken_file_of_recipients_loses_no_sign_off_of_somebody_who_got_letters(office: Staff, visitor: Visitor) -> None:

    with office.parts.database.writing() as conn:
        made = digests.freeze(conn, "rivers", "weekly", Window(NOW - timedelta(days=7), NOW), made_at=NOW)
        deliveries.plan(conn, made.id, ANA, "en", message_id="<a@x>", due_at=NOW)
    address = own(office)
    (office.parts.workspace / "recipients.toml").write_text("[[recipients]\n", "utf-8")
    assert visitor.client.post(address, data=ONE_CLICK).status_code == 200
    assert said(office) == [(ANA, What.STOP, "", "one-click")]


def test_a_full_disk_is_told_and_may_be_tried_again(office: Staff, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, line: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracker.delivery.choices.append_line", full)
    answer = visitor.client.post(own(office), data=ONE_CLICK)
    assert answer.status_code == 503
    assert "could not be saved" in answer.text
    assert "space" not in answer.text


def test_a_key_that_everybody_can_read_opens_no_page(office: Staff, visitor: Visitor) -> None:
    address = own(office)
    (office.parts.workspace / KEY).chmod(0o644)
    assert visitor.get(address).status_code == 404


def test_the_key_is_private_from_its_first_byte(office: Staff) -> None:
    own(office)
    assert (office.parts.workspace / KEY).stat().st_mode & 0o777 == 0o600
