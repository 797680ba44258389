"""The interface for programs: accepted items alone, of the campaigns of the token's owner, as its document says."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.conftest import ROOT, some_of_them
from tests.quarter import CAMPAIGN_ID, MADE_AT, Quarter
from tests.review.web.visiting import Clock, Staff
from tracker.model import Role
from tracker.review import accepted, accounts
from tracker.review.web.app import make_app
from tracker.review.web.openapi import DOCUMENT
from tracker.store import entries
from tracker.visibility import is_accepted
from tracker.workspace import open_parts

MENTIONS = "/api/v1/mentions"


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    folder, clock = Quarter(tmp_path_factory.mktemp("api") / "q").folder, Clock(MADE_AT)
    with open_parts(folder) as parts:
        opened = replace(parts, clock=clock)
        staff = Staff(make_app(opened), opened, clock)
        staff.add("program", Role.READER)
        staff.add("watcher", Role.READER)
        staff.add("stranger", Role.ADMINISTRATOR, ["lakes"])
        yield staff
        opened.close()


@pytest.fixture(scope="module")
def token(spring: Staff) -> str:
    return accounts.make_token(spring.parts.database, "program", MADE_AT)


def ask(staff: Staff, token: str, **query: Any) -> Any:
    answer = staff.app.test_client().get(MENTIONS, query_string=query, headers={"Authorization": f"Bearer {token}"}, buffered=True)
    assert answer.mimetype == "application/json"
    assert answer.status_code == 200, answer.text
    return answer.json


def everything(staff: Staff, token: str, **query: Any) -> list[dict[str, Any]]:
    """All pages, one after another."""
    items, after = list[dict[str, Any]](), {}
    while True:
        page = ask(staff, token, **query, **after)
        items += page["items"]
        if page["next"] is None:
            return items
        after = {"after": page["next"]}


def test_all_that_is_accepted_and_nothing_else_is_told_once(spring: Staff, token: str) -> None:
    with spring.parts.database.reading() as conn:
        stored = entries.for_campaign(conn, CAMPAIGN_ID)
    accepted = {entry.mention.id for entry in stored if is_accepted(entry)}
    told = [item["id"] for item in everything(spring, token, limit=7)]
    assert sorted(told) == sorted(accepted)


def test_where_a_page_ends_is_an_item_that_was_told_and_never_one_that_is_withheld(spring: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = accounts.make_token(spring.parts.database, "watcher", MADE_AT)
    whole = everything(spring, reader)
    withheld = {item["id"] for item in whole[1::3]}
    monkeypatch.setattr(accepted, "is_accepted", lambda entry: is_accepted(entry) and entry.mention.id not in withheld)
    with spring.parts.database.reading() as conn:
        numbers = {entry.article.id: entry.mention.id for entry in entries.for_campaign(conn, CAMPAIGN_ID)}
    told, after = list[str](), dict[str, str]()
    for _ in range(len(whole) + 1):
        page = ask(spring, reader, limit=1, **after)
        told += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        number = base64.urlsafe_b64decode(page["next"] + "==").partition(b":")[0]
        assert numbers[int(number)] == told[-1]
        after = {"after": page["next"]}
    assert told == [item["id"] for item in whole if item["id"] not in withheld]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"country": ["XK", "AL"]}, lambda item: item["outlet"]["country"] in ("XK", "AL")),
        ({"language": "sq", "country": "XK"}, lambda item: (item["language"], item["outlet"]["country"]) == ("sq", "XK")),
        ({"outlet": "nov-den"}, lambda item: item["outlet"]["id"] == "nov-den"),
        (
            {"from": "2026-02-10", "to": "2026-03-01"},
            lambda item: not item["published"] or "2026-02-10" <= item["published"][:10] <= "2026-03-01",
        ),
        ({"campaign": CAMPAIGN_ID}, lambda item: True),
    ],
)
def test_filters_narrow(spring: Staff, token: str, query: dict[str, Any], fits: Any) -> None:
    whole, found = everything(spring, token), everything(spring, token, **query)
    assert found
    assert all(map(fits, found))
    if "from" not in query:
        assert [item["id"] for item in whole if fits(item)] == [item["id"] for item in found]


def test_a_token_tells_nothing_of_a_campaign_that_is_not_its_owner_s(spring: Staff) -> None:
    other = accounts.make_token(spring.parts.database, "stranger", MADE_AT)
    assert ask(spring, other) == {"items": [], "next": None}
    client, head = spring.app.test_client(), {"Authorization": f"Bearer {other}"}
    assert client.get(MENTIONS, query_string={"campaign": CAMPAIGN_ID}, headers=head).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer x", "Basic YTpi", "bearer " + "y" * 5000])
def test_without_a_token_nothing_is_told(spring: Staff, given: str) -> None:
    answer = spring.app.test_client().get(MENTIONS, headers={"Authorization": given} if given else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "items" not in answer.text


def test_wrong_tokens_slow_nobody_down_and_write_nothing(spring: Staff, token: str) -> None:
    client, database = spring.app.test_client(), spring.parts.database
    before = database.state()
    for number in range(60):  # more than a login has from one address
        wrong = client.get(MENTIONS, headers={"Authorization": f"Bearer {number:043}"})
        assert (wrong.status_code, "Retry-After" in wrong.headers) == (401, False)
    assert database.state() == before
    assert ask(spring, token, limit=1)["items"]


def test_a_login_is_no_token(spring: Staff) -> None:
    assert spring.enters("program").get(MENTIONS).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "from=x",
        "to=2026-02-30",
        "from=2026-03-02&to=2026-03-01",
        "country=xx",
        "language=zz",
        "after=x",
        "after=",
        "campaign=",
        "contry=XK",
        "limit=1&limit=2",
    ],
)
def test_what_is_not_understood_is_said(spring: Staff, token: str, query: str) -> None:
    answer = spring.app.test_client().get(f"{MENTIONS}?{query}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]


def test_an_outlet_that_is_not_there_is_not_found(spring: Staff, token: str) -> None:
    answer = spring.app.test_client().get(f"{MENTIONS}?outlet=nobody", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 404


def test_the_document_is_served_and_is_the_one_of_the_manual(spring: Staff) -> None:
    assert spring.app.test_client().get("/api/v1/openapi.json").json == DOCUMENT
    assert json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8")) == DOCUMENT


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_the_interface_keeps_its_document_whatever_is_asked(spring: Staff, token: str, mode: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", spring.app)
    (operation,) = [one.ok() for one in schema.get_all_operations()]
    answers = set[int]()

    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
    @settings(max_examples=some_of_them(0.3), suppress_health_check=[*HealthCheck])
    def keeps(case: Any) -> None:
        head = {"Authorization": f"Bearer {token}"}
        answer = case.call_and_validate(headers=head, excluded_checks=[positive_data_acceptance])
        answers.add(answer.status_code)
        if mode == "positive" and answer.status_code == 400:  # what no schema can say
            assert answer.json()["error"].startswith(("the period ends", "after is not", "from must", "to must"))

    keeps()
    assert (200 if mode == "positive" else 400) in answers
