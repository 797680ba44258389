"""A hostile press and hostile colleagues: nothing that is stored becomes a script, a link of another kind, or a path."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN_ID
from tests.review.web.visiting import Staff
from tracker.model import Fact
from tracker.review import decisions
from tracker.store import entries, mentions

EVIL = """"><script>alert(1)</script><img src=x onerror=alert(2)>'"javascript:alert(3)"""
ALLOWED_LINKS = re.compile(r"(/|#|https?://|data:image/)")


class Reading(HTMLParser):
    """What a browser would make of a page: scripts, handlers, styles and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.faults.append(f"script {given}")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.faults.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction") and value and not ALLOWED_LINKS.match(value) and not value.startswith("?"):
                self.faults.append(f"{tag} {name}={value}")


def faults(page: str) -> list[str]:
    reading = Reading()
    reading.feed(page)
    return reading.faults


@pytest.fixture
def hostile(staff: Staff) -> str:
    """The id of an item of which everything that a person or an outlet says is hostile."""
    with staff.parts.database.writing() as conn:
        conn.exec_driver_sql(
            "UPDATE articles SET title = ?, canonical_url = 'javascript:alert(1)//' || id, requested_url = 'data:text/html,x' || id",
            (EVIL,),
        )
        conn.exec_driver_sql("UPDATE outlets SET name = ?", (EVIL,))
    with staff.parts.database.reading() as conn:
        item = mentions.for_campaign(conn, CAMPAIGN_ID)[0].id
    said = {
        Fact.VERDICT: "accept",
        Fact.NOTE: EVIL,
        Fact.TAGS: (EVIL[:60],),
        Fact.HEADLINE_EN: EVIL,
        Fact.AUTHORS: (EVIL,),
        Fact.HEADLINE: f"corrected {EVIL}",
    }
    act = decisions.say_many(staff.parts.database, [decisions.Target(item)], said, by=EVIL, now=NOW)
    assert act.done == (item,)
    return item


def test_no_stored_text_becomes_markup_on_any_page(staff: Staff, hostile: str) -> None:
    visitor = staff.enters("administrator")
    addresses = [
        "/",
        "/?state=all",
        f"/?text={EVIL}",
        f"/?outlet={EVIL}",
        f"/item/{hostile}",
        f"/item/{hostile}/trace",
        "/people",
        "/sources",
    ]
    for address in addresses:
        answer = visitor.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        assert faults(answer.text) == [], address
        assert "<script>alert" not in answer.text


def test_what_a_form_says_back_is_text_too(staff: Staff, hostile: str) -> None:
    visitor = staff.enters("administrator")
    for address, fields in (
        (f"/item/{hostile}", {"headline": EVIL, "published": EVIL, "version": "0"}),
        ("/login", {"name": EVIL, "password": EVIL, "next": EVIL}),
        ("/people", {"name": EVIL, "role": "reader"}),
        ("/inbox/undo", {"back": EVIL}),
    ):
        answer = visitor.send(address, fields, page="/people", follow_redirects=True)
        assert faults(answer.text) == [], address


def test_an_undo_named_by_a_stranger_is_told_as_text(staff: Staff, hostile: str) -> None:
    page = staff.enters("reviewer").get(f"/item/{hostile}").text
    assert "&lt;script&gt;" in page
    assert page.count("<script") == 2


@pytest.mark.parametrize(
    "address",
    [
        "/static/../../tracker/settings.py",
        "/static/..%2f..%2fpyproject.toml",
        "/static/%2e%2e/page.html",
        "/item/..%2f..%2fetc%2fpasswd",
        "/item/' OR 1=1 --",
        "/item/%00",
    ],
)
def test_no_address_is_a_path_or_a_statement(staff: Staff, address: str) -> None:
    assert staff.enters("administrator").get(address).status_code == 404


def test_a_form_that_is_too_large_is_refused(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    answer = visitor.send("/inbox/undo", {"back": "/" + "x" * 2_000_000}, page="/")
    assert answer.status_code == 413


def test_a_stale_form_is_refused_and_shows_both_versions_and_saves_when_it_is_sent_again(staff: Staff) -> None:
    with staff.parts.database.reading() as conn:
        item = mentions.for_campaign(conn, CAMPAIGN_ID)[0].id
    besa, arta = staff.enters("reviewer"), staff.enters("administrator")
    form = {"version": "0", "headline_en": "Clean rivers", "note": "mine"}
    assert arta.send(f"/item/{item}", {**form, "headline_en": "Rivers made clean"}, page=f"/item/{item}").status_code == 303
    refused = besa.send(f"/item/{item}", form, page=f"/item/{item}")
    assert refused.status_code == 409
    assert "Rivers made clean" in refused.text
    assert 'value="Clean rivers"' in refused.text
    version = re.findall(r'name="version" value="(\d+)"', refused.text)[0]
    assert besa.send(f"/item/{item}", {**form, "version": version}, page=f"/item/{item}").status_code == 303
    assert decisions.states(staff.parts.database, [item])[item].headline_en == "Clean rivers"


def test_what_is_corrected_stands_beside_what_the_outlet_has_and_goes_back(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    with staff.parts.database.reading() as conn:
        entry = entries.for_campaign(conn, CAMPAIGN_ID)[0]
    item = entry.mention.id
    shown = {
        "headline": "Ujë i pastër",
        "published": "2026-03-12",
        "outlet": "fjala-e-malit",
        "authors": "Besa Lumi; Arta Mali",
        "star": "1",
    }
    assert visitor.send(f"/item/{item}", {"version": "0", **shown}, page=f"/item/{item}").status_code == 303
    page = visitor.get(f"/item/{item}").text
    assert "<h1" in page
    assert "Ujë i pastër" in page
    assert entry.article.title in page
    assert page.count("corrected by a person") >= 3
    state = decisions.states(staff.parts.database, [item])[item]
    assert state.corrections.authors == ("Besa Lumi", "Arta Mali")
    assert state.starred
    for line in reversed(decisions.history(staff.parts.database, item)):
        visitor.send(f"/item/{item}/take-back", {"event": str(line.event.id)}, page=f"/item/{item}")
    assert not decisions.states(staff.parts.database, [item])[item].corrections


def test_a_form_that_is_sent_as_it_stood_says_nothing(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    with staff.parts.database.reading() as conn:
        entry = entries.for_campaign(conn, CAMPAIGN_ID)[0]
    item, article = entry.mention.id, entry.article
    as_it_stood = {
        "version": "0",
        "headline": article.title,
        "published": article.published.iso() if article.published else "",
        "outlet": article.outlet_id,
        "authors": "; ".join(article.authors),
    }
    answer = visitor.send(f"/item/{item}", as_it_stood, page=f"/item/{item}")
    assert answer.status_code == 303
    assert decisions.history(staff.parts.database, item) == ()
