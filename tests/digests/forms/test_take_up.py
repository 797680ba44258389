"""What items took of a release as readers see it: in sum and item by item, in every form and language; "not measured" is never 0."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest
from msgspec.structs import replace

from tests.builders import NOW, a_campaign, a_mention, a_verdict, an_article, an_outlet
from tests.stories.test_takeup import OWN, SQ
from tracker.digests.editions import _with_releases
from tracker.digests.forms.docx import render_docx
from tracker.digests.forms.html import render_digest, render_report
from tracker.digests.forms.view import Reading, read_digest
from tracker.digests.forms.xlsx import render_xlsx
from tracker.model import LANGUAGES, Audience, Digest, EditionFacts, Entry, PressRelease, Selection, TakeUp, Use, Window
from tracker.workspace import shipped_folder

QUOTE = "Lumenjtë tanë nuk janë kanale"
TAKEN = (
    TakeUp(Use.PARTS, "Opening", 0.25, 0.4, (QUOTE,)),
    TakeUp(Use.PUBLISHED, "Opening", 0.875, 0.9, (QUOTE,)),
    TakeUp(Use.OWN, "Opening"),
    TakeUp(Use.NOT_MEASURED, "Opening"),
    None,
)


def an_entry(number: int, taken: TakeUp | None, **changes: object) -> Entry:
    address = f"https://press.example/{number}"
    article = an_article(number, id=number, language="sq", title=f"Titulli {number}", canonical_url=address)
    entry = Entry(a_mention(number), article, an_outlet(), f"s{number}", a_verdict(number), take_up=taken)
    return replace(entry, **changes)  # type: ignore[arg-type]


def reading(language: str = "en", *entries: Entry) -> Reading:
    given = entries or tuple(an_entry(number, taken) for number, taken in enumerate(TAKEN, 1))
    facts = EditionFacts(time_zone="Europe/Tirane", release_names=(("Opening", (("sq", "Hapja"), ("mk", "Отворање"))),))
    digest = Digest("rivers", "1", "weekly", str(Audience.PARTNERS), Window(NOW, NOW), NOW, Selection(counted=given), facts)
    return read_digest(digest, language)


def report(made: Reading) -> str:
    return render_report(made.digest, shipped_folder("templates"), made.language)


def test_the_sum_says_what_became_of_the_release_and_leaves_out_what_is_of_another_time() -> None:
    (use,) = reading().take_up
    assert use.sentence == ("Take-up of the release “Opening”: release published: 1; parts used: 1; own reporting: 1; not measured: 1.")
    assert [(bar.label, bar.value) for bar in use.uses][-1] == ("not measured", 1)
    assert [(one.text, one.items) for one in use.quotes] == [(QUOTE, 2)]
    assert [clip.id for clip in reading().took(use)] == ["rivers-2", "rivers-1"]
    assert use.sentence in reading().summary


def test_an_item_says_what_it_took_and_nothing_where_it_took_nothing() -> None:
    said = {clip.headline: clip.release for clip in reading().clips}
    assert said["Titulli 2"] == "release published: 88% of the item's sentences, 90% of the release's, 1 quote carried"
    assert said["Titulli 1"] == "parts used: 25% of the item's sentences, 40% of the release's, 1 quote carried"
    assert (said["Titulli 3"], said["Titulli 4"], said["Titulli 5"]) == ("", "", "")


def test_an_edition_from_before_it_was_measured_reads_as_it_did() -> None:
    made = reading("en", an_entry(1, None, release="Opening"))
    assert made.take_up == ()
    assert [clip.release for clip in made.clips] == ["carried our press release"]
    assert made.say("take_up") not in report(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_in_every_language_has_it(language: str) -> None:
    made = reading(language)
    (use,) = made.take_up
    title = {"sq": "Hapja", "mk": "Отворање"}.get(language, "Opening")
    assert title in use.sentence
    page = report(made)
    assert f"<h2>{made.say('take_up')}</h2>" in page
    assert made.words.percent(0.875) in page
    assert QUOTE in page
    mail = render_digest(made.digest, shipped_folder("templates"), language)
    assert use.uses[0].label in mail.text
    assert use.uses[0].label in mail.html
    printed = docx.Document(io.BytesIO(render_docx(made)))
    assert made.say("take_up") in [paragraph.text for paragraph in printed.paragraphs]
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(made)), read_only=True)
    rows = [[*row] for row in book.worksheets[1].iter_rows(values_only=True)]
    head = next(row for row in rows if made.say("col_of_item") in row)
    shares = [row[head.index(made.say("col_of_item"))] for row in rows[rows.index(head) + 1 :]]
    assert sorted(share for share in shares if share is not None) == [0, 0.25, 0.875]  # not measured: an empty cell, never 0


def test_the_edition_measures_with_the_texts_of_the_campaign_file() -> None:
    text = " ".join(SQ)
    campaign = a_campaign(releases=(PressRelease("Opening", (("sq", text),)),))
    entries = [an_entry(1, None), an_entry(2, None), an_entry(3, None)]
    bodies = ((text, "sq"), (OWN, "sq"), (text, "mk"))
    given = [
        replace(one, article=replace(one.article, body=body, language=language))
        for one, (body, language) in zip(entries, bodies, strict=True)
    ]
    found = _with_releases(campaign, given)
    assert [one.take_up.use for one in found if one.take_up] == [Use.PUBLISHED, Use.OWN, Use.NOT_MEASURED]
    assert [one.release for one in found] == ["Opening", "", ""]
