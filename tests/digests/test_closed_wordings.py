"""What a server said and what the settings hide stand in no edition, whoever reads it; a secret of the settings reaches nobody.

The control: the same trouble is in every form that lists troubles, in a closed wording of the reader's language.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.builders import NOW
from tests.digests.test_masked_children import forms
from tests.newsdesk import Addresses, Newsdesk
from tracker import __version__
from tracker.delivery.letters import PublishedComposer
from tracker.digests import editions
from tracker.digests.facts import facts_of_period
from tracker.digests.periods import window_before
from tracker.locale.wording import wording
from tracker.model import LANGUAGES, Audience, EditionKind, SourceTrouble, Window
from tracker.pipeline.run import Run
from tracker.settings import Fetch, Mail, Settings
from tracker.workspace import Parts, read_campaigns

SECRET = "s3kr&t-<pw>"
PROXY = "http://keeper:s3kr%26t-%3Cpw%3E@proxy.example:3128"
SERVER_SAYS = "BUY-PILLS at evil.example"
DETAIL = f"invalid hostname: keeper:{SECRET}@proxy.example; {SERVER_SAYS}"
SETTINGS = Settings(fetch=Fetch(proxy=PROXY), mail=Mail(host="mail.example", username="keeper", password=SECRET))
SPELLINGS = (SECRET, "s3kr%26t", "s3kr&amp;t", "s3kr")
TROUBLE = SourceTrouble("klik:feed:1", "Klik", "AL", "connection_failed", DETAIL, NOW)
LANGUAGES_READ = tuple(LANGUAGES)
WITHOUT_TROUBLES = ("subject", "index.html", "csv", "feed rss", "feed json")


@dataclass(frozen=True)
class Shown:
    """Every form by name, as text."""

    forms: dict[str, str]


@pytest.fixture(scope="module")
def shown(ordinary_night: tuple[Path, Addresses], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("closed") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    desk = Newsdesk(folder)
    desk.night("match", "group")
    (campaign,) = read_campaigns(folder)
    window = window_before(EditionKind.WEEKLY, Window(NOW, NOW), campaign.time_zone)
    facts = facts_of_period(desk.parts.database, campaign, window, NOW)
    facts = replace(facts, troubles=(TROUBLE,), sources_watched=3, sources_answered=2)
    edition = editions.make_edition(desk.parts.database, campaign, EditionKind.WEEKLY, window, facts, NOW)[0]
    desk.parts = replace(desk.parts, settings=SETTINGS)
    found = dict(forms(desk, campaign, [edition], LANGUAGES_READ, mask=SETTINGS.masked))
    composer = PublishedComposer(desk.parts.database, SETTINGS)
    for audience, language in product(Audience, LANGUAGES_READ):  # kept renderings are read again
        mail, _ = composer(edition.id, audience, language, (), ())
        found[f"again {audience} {language} html"] = mail.html
    yield Shown(found)
    desk.close()


def test_a_secret_of_the_settings_stands_in_no_form(shown: Shown) -> None:
    assert len(shown.forms) > 100
    assert not {(name, one) for name, text in shown.forms.items() for one in SPELLINGS if one in text}


def test_everybody_reads_closed_wordings_only(shown: Shown) -> None:
    assert not [name for name, text in shown.forms.items() if "BUY-PILLS" in text or "evil.example" in text]


def test_the_trouble_is_in_every_form_that_lists_troubles_in_the_readers_words(shown: Shown) -> None:
    """So that the tests above would see it."""
    for language, audience in product(LANGUAGES_READ, ("partners", "staff")):
        of_readers = {
            name: text
            for name, text in shown.forms.items()
            if f" {audience} {language} " in name and name.split()[-1] in ("report", "docx", "xlsx")
        }
        assert len(of_readers) == 3
        said = wording(language).trouble("connection_failed").split()[0]
        assert [name for name, text in of_readers.items() if "Klik" not in text or said not in " ".join(text.split())] == []


def test_what_a_run_stores_and_reports_of_troubles_is_masked(desk: Newsdesk) -> None:
    parts = Parts(desk.folder, SETTINGS, lambda: NOW)
    with Run(parts, read_campaigns(desk.folder), 0) as run:
        run.open(NOW, ())
        run.needs.append(DETAIL)
        report = run.close(troubles=[TROUBLE])
    with parts.database.reading() as conn:
        stored = str(conn.exec_driver_sql("SELECT * FROM runs").all())
    parts.close()
    for text in (stored, msgspec.json.encode(report, enc_hook=str).decode()):
        assert "BUY-PILLS" in text
        assert not [one for one in SPELLINGS if one in text]


def test_staff_read_which_version_made_the_edition_and_partners_do_not(shown: Shown) -> None:
    named = {name for name, text in shown.forms.items() if f"PressCoverageTracker {__version__}" in text}
    assert {name.split()[-1] for name in named if " staff en " in name} >= {"report", "docx", "xlsx"}
    assert not [name for name in named if "partners" in name]
