"""What an edition would hold is changed on its own page before the approval; its mail is shown without reading the items anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.newsdesk import HELD, RIVER
from tests.review.web.test_editions import address, edition_id, send
from tests.review.web.visiting import Staff, Visitor
from tracker.delivery import kept_mail, publish
from tracker.model import Audience, RenderedDigest, Scope
from tracker.store import digests


def section(page: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">.*?</section>', page, re.DOTALL)
    return unescape(found[0]) if found else ""


def press(visitor: Visitor, page: str, button: str, headline: str) -> str:
    """Sends the small form of an item, and gives the page that follows."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'aria-label="{button}: {headline}' in unescape(one))
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    answer = visitor.client.post("/inbox/say", data={name: unescape(value) for name, value in fields.items()}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_an_item_is_taken_out_of_an_edition_that_waits_put_in_again_and_both_are_undone(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    page = reviewer.get(address(office)).text
    assert section(page, "inside").count(f">{RIVER}<") == 2
    page = press(reviewer, page, "Take out", RIVER)
    assert section(page, "inside").count(f">{RIVER}<") == 1
    assert RIVER in section(page, "outside").partition("nobody has accepted it yet")[2]
    page = press(reviewer, page, "Put in", RIVER)
    assert section(page, "inside").count(f">{RIVER}<") == 2
    for left in (1, 2):
        reviewer.send("/inbox/undo", page="/password")
        assert section(reviewer.get(address(office)).text, "inside").count(f">{RIVER}<") == left


def test_an_item_that_may_identify_a_child_is_put_in_after_a_question(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    question = press(reviewer, reviewer.get(address(office)).text, "Put in", HELD)
    assert HELD in question
    assert 'name="held" value="1"' in question
    assert HELD not in section(reviewer.get(address(office)).text, "inside")


def test_nothing_is_taken_out_of_what_partners_may_read_or_of_what_staff_got(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    assert "Take out" not in reviewer.get(address(office, "?audience=staff")).text
    send(reviewer, office, "/approve")
    for path in ("", "/items"):
        page = reviewer.get(address(office, path)).text
        assert RIVER in page
        assert "Take out" not in page
        assert "Put in" not in page


def test_the_whole_list_of_an_edition_that_waits_says_what_would_be_in_it(office: Staff) -> None:
    page = office.enters("reviewer").get(address(office, "/items")).text
    assert RIVER in page
    assert "Take out" in page


def mail(office: Staff, **narrowed: tuple[str, ...]) -> RenderedDigest:
    with office.parts.database.reading() as conn:
        edition = digests.get(conn, edition_id(office))
    assert edition is not None
    scope = Scope(**narrowed)  # type: ignore[arg-type]
    return kept_mail.mail_of(office.parts.database, edition, Audience.PARTNERS, "en", scope, office.parts.settings)


def composed(office: Staff) -> RenderedDigest:
    return publish.compose(office.parts.database, edition_id(office), Audience.PARTNERS, "en", **publish.composing(office.parts.settings))[
        0
    ]


def never(*_: object, **__: object) -> RenderedDigest:
    raise AssertionError("the items were read")


def test_a_mail_that_is_kept_is_shown_without_reading_the_items(office: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    send(office.enters("reviewer"), office, "/approve")
    whole = composed(office)
    monkeypatch.setattr(publish, "compose", never)
    assert mail(office) == whole


@pytest.mark.parametrize("way", ["sensitive", "pictured", "another country"])
def test_what_is_kept_is_not_shown_where_it_may_say_too_much(office: Staff, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewer = office.enters("reviewer")
    send(reviewer, office, "/approve")
    composed(office)
    ways: dict[str, Callable[[], object]] = {
        "sensitive": lambda: say_sensitive(reviewer),
        "pictured": lambda: monkeypatch.setattr(kept_mail, "named_in", lambda html, known: None),
        "another country": lambda: None,
    }
    ways[way]()
    shown = mail(office, **({"countries": ("XK",)} if way == "another country" else {}))
    assert (RIVER in shown.html) is (way != "sensitive")
    assert ("(Kosovo only)" in shown.subject) is (way == "another country")


def say_sensitive(reviewer: Visitor) -> None:
    page = reviewer.get("/?state=all").text
    form = next(one for one in re.findall(r"<article.*?</article>", page, re.DOTALL) if RIVER in one)
    pick = re.search(r'type="hidden" name="pick" value="([^"]+)"', form)
    campaign = re.search(r'name="campaign" value="([^"]+)"', form)
    assert pick
    assert campaign
    fields = {"campaign": campaign[1], "pick": unescape(pick[1]), "say": "sensitive", "sure": "1"}
    assert reviewer.send("/inbox/say", fields, page="/password").status_code == 303


def test_the_mail_on_the_desk_follows_every_word(office: Staff) -> None:
    reviewer = office.enters("reviewer")
    send(reviewer, office, "/approve")
    for _ in range(2):
        assert RIVER in reviewer.get(address(office, "/mail?language=en")).text
    say_sensitive(reviewer)
    assert RIVER not in reviewer.get(address(office, "/mail?language=en")).text
    assert RIVER not in reviewer.get(address(office, "/text?language=en")).text
