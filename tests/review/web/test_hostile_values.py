"""Numbers, days and places that no form of ours makes, hosts and files that are none: each gets a page that says so."""

from __future__ import annotations

import time
import warnings
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID
from tests.review.web.visiting import Staff
from tracker.errors import StoreError
from tracker.matching.alike import MOST_WORDS
from tracker.matching.campaigns import parse_campaign
from tracker.matching.explain import explain
from tracker.matching.matcher import Matcher
from tracker.model import Fact, Grant, Role
from tracker.review import accounts
from tracker.review.values import Refused, checked
from tracker.review.web.acts import Told, tell
from tracker.review.web.addresses import is_own_host
from tracker.review.web.serving import LIMITS, MOST_REQUEST_BYTES
from tracker.review.web.throttle import FREE_OF_ADDRESS, LoginThrottle, network_of
from tracker.spreadsheets.read import MOST_BYTES
from tracker.store import users

HUGE = "9" * 26


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/editions/{CAMPAIGN_ID}/{HUGE}", 404),
        (f"/editions/{CAMPAIGN_ID}/{HUGE}/mail", 404),
        (f"/editions/{CAMPAIGN_ID}/{'9' * 5000}/text", 404),
        ("/?from=0001-01-01", 200),
        ("/?from=9999-12-31", 200),
        ("/?to=0001-01-01", 200),
        ("/?to=9999-12-31", 200),
        ("/?after=9999-12-31T23:59:59-23:59~x", 200),
        ("/?after=0001-01-01T00:00:00%2B23:59~x", 200),
        ("/?text=%00%FF%ED%A0%80", 200),
    ],
)
def test_numbers_and_days_beyond_all_bounds_are_answered(staff: Staff, address: str, status: int) -> None:
    assert staff.enters("administrator").get(address).status_code == status


@pytest.mark.parametrize("address", [f"/people/{HUGE}/bar", f"/campaigns/{CAMPAIGN_ID}/versions/{HUGE}/back"])
def test_a_form_to_a_number_beyond_all_bounds_is_answered(staff: Staff, address: str) -> None:
    assert staff.enters("administrator").send(address, page="/people").status_code == 404


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "9999-12-31", "0001-01-01T00:00:00+14:00"])
def test_a_date_at_the_end_of_the_calendar_is_refused(moment: str) -> None:
    with pytest.raises(Refused):
        checked({Fact.PUBLISHED: moment}, NOW)


@pytest.mark.parametrize(
    "host", ["evil.example@127.0.0.1", "evil.example\\@127.0.0.1", "127.0.0.1/x", "127.0.0.1:80:90", "127.0.0.1 ", "[::1", "127.0.0.1#"]
)
def test_a_host_with_anything_around_it_is_not_ours(host: str) -> None:
    assert not is_own_host(host, [])


def test_a_refusal_for_a_file_that_is_not_there_is_kept_by_nobody(staff: Staff) -> None:
    answer = staff.enters("administrator").get("/static/nothing.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_a_database_that_cannot_be_read_is_told_without_its_place(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = staff.enters("administrator")

    def fails(*_: object, **__: object) -> None:
        raise StoreError("/srv/secret/coverage.db is damaged")

    monkeypatch.setattr(users, "session_user", fails)
    answer = visitor.get("/people")
    assert answer.status_code == 503
    assert "/srv/secret" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER])
def test_the_last_administrator_is_not_lost_by_a_lower_role(staff: Staff, role: Role) -> None:
    with pytest.raises(accounts.LastAdministrator):
        accounts.add_user(staff.parts.database, "administrator", [Grant(role)], NOW)
    administrator = staff.enters("administrator")
    fields = {"name": "Administrator", "role": str(role), "campaign": ""}
    assert administrator.send("/people", fields, page="/people").status_code == 400
    assert administrator.get("/people").status_code == 200


def test_a_new_login_ends_the_one_before_it_in_the_same_browser(staff: Staff) -> None:
    visitor, thief = staff.enters("administrator"), staff.visitor()
    thief.client.set_cookie("desk", visitor.cookie())
    key = visitor.key("/people")
    visitor.client.post("/login", data={"csrf_token": key, "name": "administrator", "password": "kodra me qershi"})
    assert visitor.get("/people").status_code == 200
    assert thief.get("/people").status_code == 303


def test_what_is_told_fits_into_a_cookie_however_long_the_headlines(staff: Staff) -> None:
    with staff.app.test_request_context("/"), warnings.catch_warnings():
        warnings.simplefilter("error")
        tell(Told("said", 1, tuple(f"{number} {'ë' * 1000}" for number in range(10))))
        answer = staff.app.process_response(staff.app.make_response(""))
    assert len(answer.headers["Set-Cookie"]) < 4000


def test_addresses_of_one_subscriber_are_slowed_down_together(staff: Staff) -> None:
    throttle = LoginThrottle(staff.parts, b"key")
    for number in range(FREE_OF_ADDRESS):
        throttle.failed(f"name {number}", f"2001:db8:1:2::{number:x}", NOW)
    assert throttle.wait("another", "2001:db8:1:2:ffff::1", NOW) > timedelta()
    assert not throttle.wait("another", "2001:db8:1:3::1", NOW)
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1") == "10.0.0.1"


def test_a_request_larger_than_any_sheet_is_not_taken_in() -> None:
    assert LIMITS["max_request_body_size"] == MOST_REQUEST_BYTES
    assert MOST_BYTES < MOST_REQUEST_BYTES < 2 * MOST_BYTES


def _words(letters: int) -> str:
    """As many different words as a text can have, each nearly a name of the campaign."""
    tails = map("".join, product("aeiourtlmn", repeat=letters - 2))
    return " ".join(f"ar{tail}" for tail, _ in zip(tails, range(60_000 // (letters + 1)), strict=False))


@pytest.mark.parametrize(
    "text",
    ["a" * 60_000, "ab" * 30_000, "Arta Lumajx " * 5000, _words(7), _words(9)],
    ids=["one letter", "one word", "nearly a name", "different words", "longer ones"],
)
def test_a_text_made_to_take_long_takes_as_long_as_an_ordinary_one(text: str) -> None:
    matcher = Matcher(parse_campaign(CAMPAIGN, Path("rivers.toml")))
    ordinary, hostile = (" ".join(f"fjala{number % 900}" for number in range(6000)), text)

    def takes(tried: str) -> float:
        began = time.process_time()
        explain(matcher, tried)
        return time.process_time() - began

    assert takes(hostile) < 5 * takes(ordinary) + 0.5


def test_a_text_of_too_many_words_is_held_against_the_forms_in_part_and_that_is_said(staff: Staff) -> None:
    matcher = Matcher(parse_campaign(CAMPAIGN, Path("rivers.toml")))
    assert explain(matcher, _words(9)).words_held == MOST_WORDS
    assert not explain(matcher, "Arta Lumajx").words_held
    page = f"/campaigns/{CAMPAIGN_ID}/try"
    told = staff.enters("reader").send(page, {"text": f"{_words(9)} {'x' * 60_000}"}, page=page).text
    assert "the first 1,000 different words only" in told
    assert "only its first 60,000 characters were tried" in told


@pytest.mark.parametrize(("name", "words"), [("аdmin Besa", "in one alphabet"), ("adm1nistrator", "looks like that of administrator")])
def test_a_name_that_deceives_is_refused_with_a_sentence(staff: Staff, name: str, words: str) -> None:
    answer = staff.enters("administrator").send("/people", {"name": name, "role": "reader", "campaign": ""}, page="/people")
    assert answer.status_code == 400
    assert words in answer.text
