"""What a mail shows: at most twelve headlines, the highest ranked, and of every country and every month of a quarter something."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tests.digests.forms.printed import Page
from tracker.digests.forms.clips import Clip
from tracker.digests.forms.html import MOST_MAIL_BYTES, render_digest
from tracker.digests.forms.letter import MOST_AT_NIGHT, MOST_HEADLINES, Letter, letter_of
from tracker.digests.forms.view import read_digest
from tracker.model import LANGUAGES, Audience, Decision, Digest, Precision, Published, Reach, ReachCell, Selection, Tone, Verdict, Window
from tracker.workspace import shipped_folder

ZONE = ZoneInfo("Europe/Tirane")
QUARTER = Window(datetime(2026, 7, 1, tzinfo=ZONE), datetime(2026, 10, 1, tzinfo=ZONE))
SUMMED = ("weekly", "monthly", "quarterly", "report", "lifetime")


def a_quarter(items: int = 300) -> Digest:
    """Items spread evenly over the quarter's days, each a story of its own."""
    huge = samples.huge(items, "quarterly")
    counted = []
    for place, one in enumerate(huge.selection.counted):
        at = QUARTER.start_at + timedelta(days=place * 37 % 92, hours=9)
        counted.append(replace(one, story_key=f"q{place}", article=replace(one.article, published=Published(at, Precision.MINUTE))))
    return replace(huge, window=QUARTER, selection=replace(huge.selection, counted=tuple(counted)))


def lines(letter: Letter) -> list[Clip]:
    return [line.clip for country in letter.countries for line in country.lines]


def named(letter: Letter) -> list[Clip]:
    return [*([letter.top.first] if letter.top else []), *(line.clip for line in letter.answers), *lines(letter)]


def with_tones(digest: Digest, tones: dict[int, Tone]) -> Digest:
    """The digest in which these items, by their place, were judged so and no other was."""
    counted = tuple(
        replace(one, verdict=Verdict("lumi", one.article.id, Decision.ACCEPT, samples.MADE_AT, tone=tones.get(place, "")))
        for place, one in enumerate(digest.selection.counted)
    )
    return replace(digest, selection=replace(digest.selection, counted=counted))


@pytest.mark.parametrize("kind", SUMMED)
@pytest.mark.parametrize("items", [1, 2, 5, 24, 300])
def test_a_mail_has_at_most_twelve_headlines_and_each_item_once(kind: str, items: int) -> None:
    letter = letter_of(read_digest(samples.huge(items, kind)))
    shown = [clip.id for clip in named(letter)]
    assert letter.headlines == len(shown) <= MOST_HEADLINES
    assert len({*shown}) == len(shown)
    assert letter.top is not None


def test_every_country_and_every_month_of_a_quarter_has_a_headline() -> None:
    digest = a_quarter()
    clips = named(letter_of(read_digest(digest)))
    assert {clip.country_code for clip in clips} == {entry.outlet.country for entry in digest.selection.counted}
    assert {clip.published_at.astimezone(ZONE).month for clip in clips if clip.published_at} == {7, 8, 9}


def test_what_is_left_out_ranks_below_what_stays() -> None:
    reading = read_digest(samples.huge())
    letter = letter_of(reading)
    places = {clip.id: place for place, story in enumerate(reading.ranked) for clip in story.clips}
    for country in letter.countries:
        mine = [line.clip for line in country.lines]
        assert [places[clip.id] for clip in mine] == sorted(places[clip.id] for clip in mine)
    best = next(story for story in reading.ranked)
    assert letter.top == best


def test_countries_stand_by_value_with_all_their_items() -> None:
    reading = read_digest(samples.huge())
    letter = letter_of(reading)
    assert [country.name for country in letter.countries] == [bar.label for bar in reading.by_country]
    counted = {country.name: country.counted for country in reading.countries}
    assert {country.name: country.counted for country in letter.countries} == counted


def test_critical_and_mixed_items_are_worth_an_answer_the_critical_first() -> None:
    digest = with_tones(samples.a_week(audience=Audience.STAFF), {3: Tone.MIXED, 5: Tone.NEGATIVE, 6: Tone.POSITIVE, 7: Tone.NEUTRAL})
    letter = letter_of(read_digest(digest))
    assert letter.top is not None
    wanted = {digest.selection.counted[place].mention.id for place in (3, 5)} - {clip.id for clip in letter.top.clips}
    assert {line.clip.id for line in letter.answers} == wanted
    assert [line.clip.tone_code for line in letter.answers] == sorted((line.clip.tone_code for line in letter.answers), reverse=True)


def test_partners_read_what_is_worth_an_answer_in_an_approved_edition_alone() -> None:
    digest = with_tones(samples.a_week(), dict.fromkeys(range(24), Tone.NEGATIVE))
    assert letter_of(read_digest(digest)).answers
    assert not letter_of(read_digest(replace(digest, approved_at=None))).answers
    assert letter_of(read_digest(replace(digest, approved_at=None, audience="staff"))).answers


def test_all_items_are_named_or_counted_as_more() -> None:
    for digest in (samples.a_week(), samples.huge(40), a_quarter()):
        reading = read_digest(digest)
        letter = letter_of(reading)
        known = {clip.id for clip in (*named(letter), *letter.carriers)}
        left = len(reading.clips) - len(known)
        assert (letter.more[0].split()[0] if left else "0") == str(left)


def test_parts_that_stand_in_the_report_alone_are_named() -> None:
    letter = letter_of(read_digest(samples.a_week(audience=Audience.STAFF)))
    assert letter.more[-1] == "Also in the report: The organisation (2), Context (not counted) (2), Own and partner channels (1)"
    assert letter.open_report


def test_a_single_item_is_the_top_story_and_has_its_report() -> None:
    week = samples.a_week()
    letter = letter_of(read_digest(replace(week, selection=Selection(week.selection.counted[:1]))))
    assert (letter.headlines, letter.more, letter.open_report) == (1, (), True)
    assert not letter_of(read_digest(samples.empty())).open_report


def test_a_night_names_at_most_twenty_items_and_says_how_many_more_there_are() -> None:
    letter = letter_of(read_digest(samples.huge(120, "nightly")))
    assert len(letter.night) == MOST_AT_NIGHT
    assert letter.more[0] == "100 more items in the report"
    assert letter.open_report


def test_an_outage_stands_before_the_persons_sentence() -> None:
    week = samples.a_week()
    reading = read_digest(replace(week, facts=replace(week.facts, reach=Reach((ReachCell("AL", 1, "sq", 10, 1),)))))
    lead = letter_of(reading).lead
    assert lead[0].startswith("Many of the outlets that we follow could not be read: 1 of 10")
    assert lead[1].startswith("Teachers, not platforms")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("digest", [a_quarter(), samples.huge(500, "lifetime"), samples.hostile()])
def test_a_mail_stays_small(digest: Digest, language: str) -> None:
    made = render_digest(digest, shipped_folder("templates"), language)
    assert len(made.html.encode()) < MOST_MAIL_BYTES
    assert made.shortened
    assert Page(made.html).text
