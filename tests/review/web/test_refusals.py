"""A refusal says, in the reader's language, what happened and how to go on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.web.visiting import Staff
from tracker.model import LANGUAGES
from tracker.store import users


def failing() -> Any:
    raise RuntimeError("as no page should")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_offers_a_way_on_in_the_readers_language(staff: Staff, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(staff.app.view_functions, "numbers.every", failing)
    reader = staff.enters("reader")
    with staff.parts.database.writing() as conn:
        user = users.named(conn, "reader")
        assert user is not None
        users.set_language(conn, user[0].id, language)
    texts = {}
    for status, address in ((403, "/people"), (404, "/nothing-here"), (500, "/numbers/?period=all")):
        answer = reader.get(address)
        assert answer.status_code == status
        texts[status] = answer.text.partition("<main")[2]
        assert f'lang="{language}"' in answer.text
    assert all('href="/"' in text for text in texts.values())
    assert 'href="/numbers/?period=all"' in texts[500]
    assert "period=all" not in texts[403] + texts[404]


def test_a_failed_page_leads_to_no_other_site(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(staff.app.view_functions, "numbers.every", failing)
    answer = staff.enters("reader").get("/numbers/?a=%22%3E%3Cb%3E")
    assert "<b>" not in answer.text
    assert "//evil" not in staff.enters("reader").get("//evil.example/numbers/").text.partition("<main")[2]


def test_who_is_not_logged_in_is_led_to_the_login(staff: Staff) -> None:
    main = staff.visitor().get("/nothing-here").text.partition("<main")[2]
    assert "Log in" in main
    assert "Inbox" not in main


def test_what_is_too_large_is_told_with_how_large_it_may_be(staff: Staff) -> None:
    reviewer = staff.enters("reviewer")
    answer = reviewer.send("/password", {"password": "x" * 1_100_000}, page="/password")
    assert answer.status_code == 413
    assert "a sheet may have 16 MB" in answer.text
