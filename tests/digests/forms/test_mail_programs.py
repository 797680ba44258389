"""What mail programs know of our HTML, by caniemail.com (npm `caniemail` 2.0.2), and what we do not mind that some do not know."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.digests import samples
from tests.digests.forms.printed import Page
from tracker.digests.forms.html import render_digest
from tracker.model import Audience
from tracker.workspace import shipped_folder

TEMPLATES = shipped_folder("templates")
# fmt: off
EXCEPTIONS = {
    "@media": ("gmail.mobile-webmail", "outlook.windows", "outlook.windows-mail"),  # the page is fluid and light without it
    "color-scheme meta tag": (
        "apple-mail.ios", "gmail.android", "gmail.desktop-webmail", "gmail.ios", "gmail.mobile-webmail", "outlook.android", "outlook.ios", "outlook.macos",
        "outlook.outlook-com", "outlook.windows", "outlook.windows-mail",
    ),  # Apple Mail on a Mac asks for it before it uses our dark colours; the others make their own
    "<style> element": ("gmail.mobile-webmail",),  # every other style is inlined
    "display:none": ("gmail.mobile-webmail",),  # the line for the list of mails is one pixel high there
    "word-break": ("outlook.windows-mail",),  # a word of a whole line's length widens the page
    "role attribute": ("outlook.windows-mail",),  # a help for screen readers, lost there
    "aria-hidden attribute": ("outlook.windows-mail",),  # a dot is read out there, its word too
    "aria-label attribute": ("outlook.windows-mail",),  # a dot's tone is said by its colour alone there; the report says it in words
    "white-space": ("outlook.windows", "outlook.windows-mail"),  # a figure may break between its words
    "<body> element": ("outlook.macos",),  # its styles stand on the outer table too
}
# fmt: on
"""Errors that caniemail reports for our mails: clients that lack a feature, and why the mail is whole without it."""

ELEMENTS = frozenset("html head meta title style body div table tbody tr td h1 h2 h3 p br span a strong img".split())
PROPERTIES = frozenset(
    """background border-bottom border-left color display font-family font-size font-style font-weight height line-height margin margin-top
    max-width mso-hide padding padding-left text-align text-decoration white-space width word-break""".split()
)
"""Features that were looked up: a new one goes through caniemail first."""


def mails() -> list[str]:
    digests = [make(kind, Audience.STAFF) for make in (samples.a_week, samples.hostile) for kind in ("weekly", "nightly", "situation")]
    return [render_digest(digest, TEMPLATES, language).html for digest in (*digests, samples.empty()) for language in ("en", "mk")]


def test_a_mail_uses_only_what_was_looked_up() -> None:
    for html in mails():
        page = Page(html)
        assert {tag for tag, _ in page.elements} <= ELEMENTS
        styles = [found["style"] or "" for _, found in page.elements if "style" in found]
        assert {name.strip() for style in styles for name in re.findall(r"([\w-]+)\s*:", re.sub(r'"[^"]*"', "", style))} <= PROPERTIES


if os.environ.get("CANIEMAIL"):

    def test_gmail_outlook_and_apple_mail_know_all_but_the_named_exceptions() -> None:
        script = Path(__file__).parent / "caniemail.mjs"
        told = subprocess.run(
            ["node", str(script)], input=json.dumps(mails()), capture_output=True, text=True, check=True, timeout=100
        ).stdout
        assert {title: tuple(clients) for title, clients in json.loads(told).items()} == EXCEPTIONS


@pytest.mark.parametrize("feature", sorted(EXCEPTIONS))
def test_a_mail_is_whole_without_what_some_programs_lack(feature: str) -> None:
    html = mails()[0]
    without = {
        "@media": lambda page: re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL),
        "color-scheme meta tag": lambda page: re.sub(r"<meta name=.(?:supported-)?color-schemes?.[^>]*>", "", page),
        "<style> element": lambda page: re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL),
        "display:none": lambda page: page.replace("display:none;", ""),
        "word-break": lambda page: page.replace("word-break:break-word", ""),
        "role attribute": lambda page: page.replace(' role="presentation"', ""),
        "aria-hidden attribute": lambda page: page.replace(' aria-hidden="true"', ""),
        "aria-label attribute": lambda page: re.sub(r' aria-label="[^"]*"', "", page),
        "white-space": lambda page: page.replace("white-space:nowrap", ""),
        "<body> element": lambda page: re.sub(r"<body[^>]*>", "<body>", page),
    }[feature](html)
    assert without != html
    assert Page(without).text == Page(html).text
    assert 'class="page"' in without
    assert re.search(r'<table[^>]*class="page"[^>]*background', without)
