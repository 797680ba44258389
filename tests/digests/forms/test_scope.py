"""A letter for some countries: everything in it is theirs, and it says so. Figures are counted again here, from the entries alone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tests.digests.forms.printed import Page
from tracker.digests.forms.html import render_digest, render_report
from tracker.digests.forms.view import Reading, read_digest
from tracker.digests.forms.xlsx import summary_lines
from tracker.digests.narrowing import narrowed
from tracker.model import LANGUAGES, Audience, CountryFacts, Digest, KeptBack, Scope, SourceTrouble, Withdrawn
from tracker.workspace import shipped_folder

TEMPLATES = shipped_folder("templates")
READ = (CountryFacts("AL", 400, 391, 12_000), CountryFacts("RS", 500, 495, 20_000), CountryFacts("BA", 420, 430 - 10, 16_210))
BACK = (KeptBack("AL", 1, 0, 2), KeptBack("RS", 1, 3, 2))


def a_week(audience: Audience = Audience.PARTNERS) -> Digest:
    week = samples.a_week(audience=audience)
    withdrawn = (Withdrawn("Lajm", "Portali Vala", "weekly", samples.MONDAY, "AL"), Withdrawn("", "", "weekly", samples.MONDAY, "RS"))
    selection = replace(week.selection, kept_back=BACK, for_partners=(("AL", 3), ("RS", 2)) if audience is Audience.STAFF else None)
    facts = replace(week.facts, by_country=READ, outrun_names=("Agencija Danica", "Radio Adriana"))
    return replace(week, selection=selection, facts=facts, withdrawn=withdrawn)


def for_serbia(audience: Audience = Audience.PARTNERS, language: str = "en") -> Reading:
    return read_digest(narrowed(a_week(audience), Scope(("RS",))), language)


def test_every_figure_of_a_letter_for_one_country_is_that_countrys() -> None:
    reading = for_serbia()
    mine = [entry for entry in a_week().selection.counted if entry.outlet.country == "RS"]
    assert reading.figures.items == len(mine)
    assert reading.figures.outlets == len({entry.outlet.id for entry in mine})
    assert {clip.country_code for clip in (*reading.clips, *reading.context, *reading.own_channels)} <= {"RS"}
    assert reading.hidden == "1 item withheld to protect a child"
    assert reading.changed == ("An item was withdrawn to protect a child",)
    assert "Sources without usable results in this period: 5 of 500." in reading.not_followed
    assert "Sources polled: 500. Articles read: 20,000." in reading.method
    assert {line.country for line in reading.troubles} <= {"Serbia"}
    assert not any("Radio Adriana" in line for line in reading.not_followed)
    assert f"Published in this period: {len(mine)}; the week before: 11." in reading.summary
    assert reading.objectives == ()


def test_every_form_says_for_which_countries_it_is() -> None:
    digest = narrowed(a_week(), Scope(("RS", "AL")))
    made = render_digest(digest, TEMPLATES)
    for text in (made.subject, made.text, Page(made.html).text, Page(render_report(digest, TEMPLATES)).text):
        assert "Serbia and Albania only" in text
    assert ("", "Serbia and Albania only") in summary_lines(read_digest(digest))
    assert "only" not in render_digest(a_week(), TEMPLATES).subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_persons_sentence_is_about_the_whole_campaign(language: str) -> None:
    whole = read_digest(a_week(), language).summary[-1]
    assert for_serbia(language=language).summary[-1] == read_digest(a_week(), language).say("whole_campaign", sentence=whole)


def test_the_staffs_total_is_explained_by_what_partners_see() -> None:
    assert "Of the 24 counted items partners see 5; the rest wait for a decision." in read_digest(a_week(Audience.STAFF)).summary
    assert "Of the 4 counted items partners see 2; the rest wait for a decision." in for_serbia(Audience.STAFF).summary
    assert not any("partners see" in line for line in read_digest(a_week()).summary)


def test_an_old_edition_for_one_country_does_not_print_the_whole_campaigns_figures() -> None:
    week = a_week()
    old = replace(week, facts=replace(week.facts, by_country=(), troubles=(SourceTrouble("x", "X", "RS", "blocked"),)))
    reading = read_digest(narrowed(old, Scope(("RS",))))
    assert not any("1,3" in line or "polled" in line for line in (*reading.not_followed, *reading.method))


@pytest.mark.parametrize("scope", [Scope((), ("sr",)), Scope(("RS",), ("sr",)), Scope((), (), (("danica", "Agencija Danica"),))])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_by_language_or_outlet_says_that_its_sources_are_not_counted(scope: Scope, language: str) -> None:
    reading = read_digest(narrowed(a_week(), scope), language)
    said = reading.say("sources_by_country_alone")
    assert said in reading.not_followed
    for text in (Page(render_report(reading.digest, TEMPLATES, language)).text, render_digest(reading.digest, TEMPLATES, language).text):
        assert said in " ".join(text.split())
    assert reading.say("sources_by_country_alone") not in for_serbia(language=language).not_followed


def test_a_country_of_which_no_source_was_polled_says_so() -> None:
    week = a_week()
    quiet = replace(week, selection=replace(week.selection, counted=(), kept_back=()), sentences=())
    reading = read_digest(narrowed(quiet, Scope(("ME",))))
    assert reading.summary == ("No source was polled for this period: nothing can be said of it.",)
    assert reading.outcome == "no source was polled"
