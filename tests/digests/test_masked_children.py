"""What may identify a child stands in no form that leaves: not its headline, not its text, not its address.

Three items: one that a `hold` label marks, one that a person called sensitive in another campaign, and one that was accepted, printed in an
edition and called sensitive after that. A fourth item is in every form, so that the test sees what it looks for.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from functools import cache
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.builders import NOW
from tests.newsdesk import A_MINOR, HELD, RIVER, Addresses, Newsdesk, story_page
from tracker import exports
from tracker.delivery import publish
from tracker.digests import editions
from tracker.digests.facts import facts_of_period
from tracker.digests.forms.pdf import MissingLibraries, render_pdf
from tracker.digests.periods import days
from tracker.model import DOCUMENTS, Audience, Campaign, Decision, Digest, EditionKind, Verdict
from tracker.store import verdicts
from tracker.store.digests import Edition
from tracker.workspace import read_campaigns

ELSEWHERE, LATER = "Vajza te ura e vjetër", "Djali i mësueses"
ABOUT = "Nisma për një lumë të pastër u prezantua pranë shtëpisë së {}."
NAMES = {ELSEWHERE: "Enkelanës", LATER: "Andeonit"}
ZONE = ZoneInfo("Europe/Tirane")
WEEK, NEXT = (days(date(2026, 3, 9) + timedelta(days=since), date(2026, 3, 16) + timedelta(days=since), ZONE) for since in (0, 7))
LANGUAGES = ("sq", "en")
ON_PAPER = (Audience.PARTNERS, "sq")
"""PDF is made for these readers alone, of the report that all readers have: it takes the longest."""


@dataclass(frozen=True)
class Told:
    """Forms of two editions by name, as text; those that were made before a person called the third item sensitive; what must not be told."""

    before: dict[str, str]
    after: dict[str, str]
    secrets: tuple[str, ...]
    digests: tuple[Digest, ...]


@pytest.fixture(scope="module")
def told(ordinary_night: tuple[Path, Addresses], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("children") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    desk = Newsdesk(folder)
    desk.published = 70
    addresses = desk.publish(*(story_page(title, ABOUT.format(name)) for title, name in NAMES.items()))
    desk.night("extract", "match", "group")
    (campaign,) = read_campaigns(folder)
    decide(desk, RIVER, Decision.ACCEPT)
    decide(desk, LATER, Decision.ACCEPT)
    decide(desk, ELSEWHERE, Decision.ACCEPT)
    decide(desk, ELSEWHERE, Decision.SENSITIVE, campaign_id="another")
    week = edition(desk, campaign, 0)
    before = forms(desk, campaign, [week], LANGUAGES[:1])
    decide(desk, LATER, Decision.SENSITIVE, after=timedelta(hours=1))
    both = [week, edition(desk, campaign, 1)]
    after = forms(desk, campaign, both, LANGUAGES)
    shown = tuple(editions.digest_of(desk.parts.database, one.id, audience) for one, audience in product(both, Audience))
    links = [ordinary_night[1].held, ordinary_night[1].held_again, *addresses]
    yield Told(before, after, (HELD, A_MINOR, *NAMES, *NAMES.values(), *links), tuple(one for one in shown if one))
    desk.close()


def decide(desk: Newsdesk, title: str, decision: Decision, campaign_id: str = "rivers", after: timedelta = timedelta(0)) -> None:
    for article in desk.articles():
        if article.title == title:
            with desk.parts.database.writing() as conn:
                verdicts.record(conn, Verdict(campaign_id, article.id, decision, NOW + after))


def edition(desk: Newsdesk, campaign: Campaign, weeks: int) -> Edition:
    window, at = (WEEK, NEXT)[weeks], NOW + timedelta(weeks=weeks)
    facts = facts_of_period(desk.parts.database, campaign, window, at)
    return editions.make_edition(desk.parts.database, campaign, EditionKind.WEEKLY, window, facts, at)[0]


def forms(
    desk: Newsdesk, campaign: Campaign, made: list[Edition], languages: tuple[str, ...], mask: Callable[[str], str] = str
) -> dict[str, str]:
    """Every form that leaves the house, as text: mail, documents, files in the outbox, feeds, exports."""
    database, shown = desk.parts.database, {}
    for one, audience, language in product(made, Audience, languages):
        wanted = [form for form in DOCUMENTS if form != "pdf" or ((audience, language) == ON_PAPER and paper())]
        mail, documents = publish.compose(database, one.id, audience, language, formats=wanted, mask=mask)
        name = f"{one.id} {audience} {language}"
        shown |= {f"{name} subject": mail.subject, f"{name} text": mail.text, f"{name} html": mail.html}
        shown |= {f"{name} {document.ending}": readable(document.content, document.ending) for document in documents}
    for one, audience in product(made, Audience):
        outbox = desk.folder / "outbox" / f"{one.id}-{audience}"
        published = publish.publish(
            database, one, "Europe/Tirane", desk.parts.settings, outbox, audience=audience, languages=languages, formats=["csv", "xlsx"]
        )
        shown |= {str(path.relative_to(desk.folder)): readable(path.read_bytes(), path.suffix.strip(".")) for path in published.paths}
    for form in ("rss", "json"):
        shown[f"feed {form}"] = readable(publish.feed(database, campaign, form, "sq"), form)
    for what, ending in product(exports.EXPORTS, exports.WRITERS):
        out = io.BytesIO()
        exports.WRITERS[ending](exports.EXPORTS[what](database, [campaign.id]), out)
        shown[f"export {what} {ending}"] = readable(out.getvalue(), ending)
    return shown


@cache
def paper() -> bool:
    """Whether a PDF can be made and read here."""
    try:
        render_pdf("<p>x</p>")
    except MissingLibraries:
        return False
    return shutil.which("pdftotext") is not None


def readable(content: bytes, form: str) -> str:
    """All text in a file, whatever part of it bears it; a package's parts as they are, names included."""
    if form in ("xlsx", "docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(f"{name}\n{package.read(name).decode('utf-8', 'replace')}" for name in package.namelist())
    if form == "pdf":
        printed = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
        return " ".join(printed.split())
    if form == "eml":
        letter = message_from_bytes(content, policy=policy.default)
        return "\n".join([str(letter["subject"]), *(part.get_content() for part in letter.walk() if part.get_content_maintype() == "text")])
    if form in ("json", "jsonl"):
        return "\n".join(
            json.dumps(json.loads(line), ensure_ascii=False) for line in (content.splitlines() if form == "jsonl" else [content])
        )
    return content.decode("utf-8-sig")


def test_a_masked_child_stands_in_no_form(told: Told) -> None:
    assert len(told.after) > 60
    found = {(form, secret) for form, text in told.after.items() for secret in told.secrets if secret in text}
    assert not found


def test_an_item_that_may_be_shown_stands_in_every_form_that_lists_items(told: Told) -> None:
    """So that the test above would see a child."""
    silent = ("subject", "index.html")
    first = {name: text for name, text in told.before.items() if not name.endswith(silent) and not {"listed", "changes"} & {*name.split()}}
    assert [name for name, text in first.items() if RIVER not in text] == []
    assert [name for name, text in first.items() if LATER not in text] == []


def test_a_later_edition_does_not_name_what_it_takes_back(told: Told) -> None:
    withdrawn = [one for digest in told.digests for one in digest.withdrawn]
    assert withdrawn
    assert not any(one.title or one.outlet_name for one in withdrawn)


def test_what_is_hidden_is_counted_and_said_in_words(told: Told) -> None:
    for digest in told.digests[:2]:
        assert digest.selection.held == 3
    for form in ("text", "html", "report", "csv", "xlsx", "docx"):
        text = next(text for name, text in told.after.items() if name.endswith(f"partners en {form}"))
        assert ("3 items withheld to protect a child" in text) == (form != "csv"), form
