"""A mail always says where to write: whom to tell what was missed, and how to get no more of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tests.digests.forms.printed import Page
from tracker import settings as settings_of
from tracker.delivery.publish import composing, sign_off_address
from tracker.digests.forms.html import render_digest
from tracker.model import LANGUAGES, Branding
from tracker.settings import Settings
from tracker.workspace import shipped_folder


def settings(sender: str = "Lumi <lumi@campaign.example>", reply_to: str = "", unsubscribe_to: str = "") -> Settings:
    return Settings(digest=settings_of.Digest(sender=sender, reply_to=reply_to), mail=settings_of.Mail(unsubscribe_to=unsubscribe_to))


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (settings(), "lumi@campaign.example"),
        (settings(reply_to="Press <press@campaign.example>"), "press@campaign.example"),
        (settings(reply_to="press@campaign.example", unsubscribe_to="bye@campaign.example"), "bye@campaign.example"),
        (Settings(), ""),  # the placeholder reaches nobody
    ],
)
def test_where_sign_offs_go(given: Settings, address: str) -> None:
    assert sign_off_address(given) == composing(given)["write_to"] == address


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["weekly", "nightly", "situation", "lifetime"])
@pytest.mark.parametrize("make", [samples.a_week, samples.empty])
def test_a_mail_always_says_where_to_write(make: object, kind: str, language: str) -> None:
    week = make(kind)  # type: ignore[operator]
    bare = replace(week, facts=replace(week.facts, branding=Branding()), write_to="bye@campaign.example")
    made = render_digest(bare, shipped_folder("templates"), language)
    for text in (made.text, Page(made.html).text):
        assert text.count("bye@campaign.example") == 2  # what was missed, and no more of it
    both = render_digest(replace(week, write_to="bye@campaign.example"), shipped_folder("templates"), language).text
    assert "press@lumi.example" in both
    assert "bye@campaign.example" in both
