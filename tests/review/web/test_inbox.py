"""The inbox: what waits, one word for a story and its copies, bulk, undo, refusals, filters in the address, and who sees what."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from tests.newsdesk import ARTA, CAMPAIGN_ID, HELD, RIVER
from tests.review.web.visiting import Staff, Visitor
from tracker.model import Fact, InboxFilter, InboxPlace, InboxState, Role
from tracker.review import decisions
from tracker.review.web.inbox_address import FIRST_YEAR, LAST_YEAR, read_filter, read_place, write_place, written
from tracker.review.web.picks import read_picks, targets_of
from tracker.store import entries, mentions

FRAGMENT = {"HX-Request": "true"}


def stories(page: str) -> list[str]:
    """Headlines of the stories that a page shows, in order."""
    return [unescape(re.sub("<[^>]+>", "", found)) for found in re.findall(r'<h2 id="h-[^>]*>(.*?)</h2>', page, re.S)]


def picks(page: str) -> dict[str, str]:
    """What the box of each story sends, by headline."""
    found = re.findall(r'name="pick" value="([^"]*)" form="bulk" aria-label="Select: ([^"]*)"', page)
    return {unescape(headline): unescape(value) for value, headline in found}


def said(staff: Staff) -> dict[str, list[str]]:
    """The decisions by headline."""
    with staff.parts.database.reading() as conn:
        found: dict[str, list[str]] = {}
        for entry in entries.for_campaign(conn, CAMPAIGN_ID):
            found.setdefault(entry.article.title, []).append(str(entry.verdict.decision) if entry.verdict else "")
        return found


def judge(visitor: Visitor, headline: str, word: str, **fields: str) -> str:
    """The button of a story."""
    page = visitor.get("/?state=all").text
    form = {"campaign": CAMPAIGN_ID, "pick": picks(page)[headline], "say": word, "sure": "1", **fields}
    answer = visitor.send("/inbox/say", form, page="/?state=all")
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.headers["Location"]).text


def test_what_nobody_has_decided_waits_however_old_it_is(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    assert sorted(stories(visitor.get("/").text)) == sorted([RIVER, HELD, ARTA])
    staff.clock.passes(timedelta(days=150))
    visitor = staff.enters("reviewer")
    assert sorted(stories(visitor.get("/").text)) == sorted([RIVER, HELD, ARTA])


def test_a_story_stands_once_with_its_copies_folded_and_says_how_many_items_a_word_serves(staff: Staff) -> None:
    page = staff.enters("reviewer").get("/").text
    story = page.split("<article ")[1 + stories(page).index(RIVER)]
    assert "and 1 more item:" in story
    assert "decide on 2 items" in story
    assert "Accept 2" in re.sub("<[^>]+>", "", story)
    assert "<mark>lumë të pastër</mark>" in story
    assert "river" in story


def test_one_word_serves_the_story_and_one_undo_takes_it_back(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    page = judge(visitor, RIVER, "accept")
    assert said(staff)[RIVER] == ["accept", "accept"]
    assert "2 items accepted" in page
    assert RIVER not in stories(visitor.get("/").text)
    act = re.findall(r'name="act" value="(\d+)"', page)[0]
    answer = visitor.send("/inbox/undo", {"act": act, "back": "/"}, page="/")
    assert "2 items are as they were" in visitor.get(answer.headers["Location"]).text
    assert said(staff)[RIVER] == ["", ""]


def test_undo_without_a_name_takes_the_last_words_back_one_by_one(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    judge(visitor, RIVER, "accept")
    judge(visitor, ARTA, "unsure")
    visitor.send("/inbox/undo", page="/")
    assert (said(staff)[ARTA], said(staff)[RIVER]) == ([""], ["accept", "accept"])
    visitor.send("/inbox/undo", page="/")
    assert said(staff)[RIVER] == ["", ""]
    answer = visitor.send("/inbox/undo", page="/")
    assert "nothing of yours" in visitor.get(answer.headers["Location"]).text


def test_a_rejection_keeps_its_reason(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    judge(visitor, ARTA, "reject:namesake")
    assert said(staff)[ARTA] == ["reject"]
    assert "another person or body" in visitor.get("/?state=reject").text


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_words_of_ones_own_beside_a_rejection_go_behind_the_note(staff: Staff, headers: dict[str, str]) -> None:
    with staff.parts.database.reading() as conn:
        item = next(one for one in entries.for_campaign(conn, CAMPAIGN_ID) if one.article.title == ARTA)
    decisions.say(staff.parts.database, item.mention.id, {Fact.NOTE: "Ask Besa."}, by="Besa", now=NOW)
    visitor = staff.enters("reviewer")
    form = {
        "campaign": CAMPAIGN_ID,
        "pick": picks(visitor.get("/").text)[ARTA],
        "say": "reject:other",
        "why": "  An obituary\n",
        "sure": "1",
    }
    for _ in range(2):  # as a second press of the button sends it
        visitor.send("/inbox/say", form, page="/", headers=headers)
    page = visitor.get(f"/item/{item.mention.id}").text
    assert "Ask Besa. An obituary</textarea>" in page
    assert "rejected: another reason" in page
    visitor.send("/inbox/undo", {}, page="/")
    assert "Ask Besa.</textarea>" in visitor.get(f"/item/{item.mention.id}").text


def test_words_beside_a_reason_from_the_list_are_not_taken_for_its(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    judge(visitor, ARTA, "reject:old", why="left in the field")
    assert "left in the field" not in visitor.get("/?state=reject").text
    form = {"campaign": CAMPAIGN_ID, "pick": picks(visitor.get("/").text)[RIVER], "say": "reject:other", "why": 'a "poem"'}
    assert 'name="why" value="a &#34;poem&#34;"' in visitor.send("/inbox/say", form, page="/").text  # asked first, it keeps the words


def test_an_item_that_may_identify_a_child_is_accepted_alone(staff: Staff) -> None:
    with staff.parts.database.reading() as conn:
        found = {entry.article.title: entry.mention.id for entry in entries.for_campaign(conn, CAMPAIGN_ID)}
    decisions.merge(staff.parts.database, [found[RIVER], found[HELD]], by="Besa", now=NOW)
    visitor = staff.enters("reviewer")
    page = visitor.get("/").text
    assert "may identify a child" in page
    first = next(headline for headline in (RIVER, HELD) if headline in picks(page))
    judge(visitor, first, "accept")
    assert (said(staff)[RIVER], said(staff)[HELD]) == (["accept", "accept"], [""])
    judge(visitor, first, "sensitive")  # only what still waits
    assert said(staff)[HELD] == ["sensitive"]


def test_several_stories_are_counted_before_and_undone_at_once(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    chosen = [value for headline, value in picks(visitor.get("/").text).items() if headline in (RIVER, ARTA)]
    form = {"campaign": CAMPAIGN_ID, "pick": chosen, "say": "reject", "reason": "old"}
    asked = visitor.send("/inbox/say", form, page="/")
    assert "Reject 3 items? Stories: 2" in asked.text
    assert said(staff)[ARTA] == [""]
    answer = visitor.send("/inbox/say", {**form, "sure": "1"}, page="/")
    assert "3 items rejected" in visitor.get(answer.headers["Location"]).text
    visitor.send("/inbox/undo", page="/")
    assert (said(staff)[ARTA], said(staff)[RIVER]) == ([""], ["", ""])


def test_a_row_that_somebody_judged_meanwhile_is_named_and_the_rest_is_done(staff: Staff) -> None:
    besa = staff.enters("reviewer")
    old = picks(besa.get("/").text)
    judge(staff.enters("administrator"), ARTA, "unsure")
    form = {"campaign": CAMPAIGN_ID, "pick": [old[RIVER], old[ARTA]], "say": "accept", "sure": "1"}
    answer = besa.send("/inbox/say", form, page="/")
    page = besa.get(answer.headers["Location"]).text
    assert (said(staff)[ARTA], said(staff)[RIVER]) == (["unsure"], ["accept", "accept"])
    assert f"{ARTA}: somebody has judged it since. Last word: administrator" in unescape(page)
    assert "As it stands: not sure · Your entry: accepted" in page
    assert "2 items accepted" in page


def test_a_card_of_which_somebody_said_something_meanwhile_is_drawn_as_it_stands_and_can_be_judged_then(staff: Staff) -> None:
    besa = staff.enters("reviewer")
    page = besa.get("/").text
    shown = " ".join(re.findall(r'<article class="story[^"]*" id="([^"]+)"', page))
    judge(staff.enters("administrator"), ARTA, "unsure")
    form = {"campaign": CAMPAIGN_ID, "pick": picks(page)[ARTA], "say": "accept", "sure": "1", "shown": shown, "back": "/"}
    refused = besa.send("/inbox/say", form, page="/", headers=FRAGMENT)
    assert "As it stands: not sure · Your entry: accepted" in refused.text
    assert stories(refused.text) == [ARTA]
    besa.send("/inbox/say", {**form, "pick": picks(refused.text)[ARTA]}, page="/", headers=FRAGMENT)
    assert said(staff)[ARTA] == ["accept"]


def test_htmx_gets_the_changed_cards_of_its_page_the_line_and_the_counts(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    page = visitor.get("/").text
    shown = " ".join(re.findall(r'<article class="story[^"]*" id="([^"]+)"', page))
    form = {"campaign": CAMPAIGN_ID, "pick": picks(page)[RIVER], "say": "accept", "sure": "1", "shown": shown, "back": "/"}
    answer = visitor.send("/inbox/say", form, page="/", headers=FRAGMENT)
    assert answer.status_code == 200
    assert answer.text.count("hx-swap-oob") == answer.text.count("<article") + 1 + len(InboxState)
    assert stories(answer.text) == [RIVER]
    assert 'class="story done"' in answer.text
    undone = visitor.send("/inbox/undo", {"shown": shown, "back": "/"}, page="/", headers=FRAGMENT)
    assert stories(undone.text) == [RIVER]
    assert 'class="story"' in undone.text
    assert "data-anchor" in undone.text
    without = visitor.send("/inbox/undo", {"shown": "", "back": "/"}, page="/", headers=FRAGMENT)
    assert "<article" not in without.text


def test_stories_are_made_one_and_come_apart_again(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    found = picks(visitor.get("/").text)
    visitor.send("/inbox/merge", {"campaign": CAMPAIGN_ID, "pick": [found[RIVER], found[ARTA]]}, page="/")
    assert len(stories(visitor.get("/").text)) == 2
    visitor.send("/inbox/undo", page="/")
    assert len(stories(visitor.get("/").text)) == 3


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("text=PREZANTUAR", {RIVER, HELD}),
        ("text=\u043f\u0440\u0435\u0437\u0430\u043d\u0442\u0443\u0430+paster", {RIVER, HELD}),
        ("text=Lumaj", {ARTA}),
        ("text=Artën+Lumaj", {ARTA}),
        ("text=%22%29+OR+1%3D1+--", set()),
        ("text=*+%22+NEAR%28", set()),
        ("text=%00%ff*", set()),
        ("country=XK", {RIVER}),
        ("country=MK", set()),
        ("outlet=fjala-e-malit", {RIVER}),
        ("tier=3", None),
        ("circle=organisation", {ARTA}),
        ("language=sq", {RIVER, HELD, ARTA}),
        ("state=held", {HELD}),
        ("state=accept", set()),
        ("from=2026-03-13&to=2026-03-13", {RIVER, HELD, ARTA}),
        ("from=2026-03-14", set()),
        ("to=2026-03-12", set()),
        ("from=never&tier=x&state=%00&after=zzz", {RIVER, HELD, ARTA}),
    ],
)
def test_filters_stand_in_the_address(staff: Staff, query: str, shown: set[str] | None) -> None:
    answer = staff.enters("reviewer").get(f"/?{query}")
    assert answer.status_code == 200
    if shown is not None:
        assert {*stories(answer.text)} == shown


@given(
    st.builds(
        InboxFilter,
        st.just("rivers"),
        state=st.sampled_from(InboxState),
        country=st.sampled_from(["", "AL"]),
        outlet_id=st.sampled_from(["", "zeri-i-lumit"]),
        tier=st.sampled_from([None, 0, 1, 2, 3]),
        from_on=st.none() | st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)),
        to_on=st.none() | st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)),
        text=st.text(st.characters(whitelist_categories=["L", "N", "P"]), max_size=40),
    )
)
def test_a_filter_is_what_its_address_says(wanted: InboxFilter) -> None:
    assert read_filter(written(wanted), "rivers") == wanted


def test_a_place_is_what_its_address_says() -> None:
    place = InboxPlace(NOW, "story~1")
    assert read_place(write_place(place)) == place
    assert [read_place(bad) for bad in ("", "x", "2026-01-01~k", "2026-01-01T00:00+00:00~", "~k")] == [None] * 5


@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_text_is_a_pick_unless_it_names_items_with_versions(texts: list[str]) -> None:
    try:
        found = read_picks(texts)
    except ValueError:
        return
    for target in targets_of(found, "reject"):
        assert re.fullmatch(r"[\w-]{1,80}", target.mention_id, re.ASCII)


def test_pages_of_the_inbox_show_every_story_once(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.review import inbox

    monkeypatch.setattr(inbox.read_page, "__kwdefaults__", {**(inbox.read_page.__kwdefaults__ or {}), "limit": 1})
    visitor, address, seen = staff.enters("reviewer"), "/", []
    for _ in range(5):
        page = visitor.get(address).text
        seen += stories(page)
        more = re.search(r'id="more"><a class="button" href="([^"]+)"', page)
        if more is None:
            break
        address = unescape(more[1])
    assert sorted(seen) == sorted([RIVER, HELD, ARTA])


def test_a_reader_sees_no_held_item_and_no_button(staff: Staff) -> None:
    reader = staff.enters("reader")
    page = reader.get("/?state=all").text
    assert sorted(stories(page)) == sorted([RIVER, ARTA])
    assert HELD not in page
    assert 'value="accept"' not in page
    held = next(entry.mention.id for entry in _entries(staff) if entry.article.title == HELD)
    assert reader.get(f"/item/{held}").status_code == 404
    assert reader.get(f"/item/{held}/trace").status_code == 404
    assert staff.enters("reviewer").get(f"/item/{held}").status_code == 200


def test_what_is_called_sensitive_is_gone_for_readers_at_once(staff: Staff) -> None:
    judge(staff.enters("reviewer"), RIVER, "sensitive")
    assert stories(staff.enters("reader").get("/?state=all").text) == [ARTA]


def test_a_reviewer_of_another_campaign_sees_and_changes_nothing(staff: Staff) -> None:
    staff.add("Other", Role.REVIEWER, campaigns=["lakes"])
    other = staff.enters("Other")
    one = _entries(staff)[0].mention.id
    assert "no campaign that you may see" in other.get("/").text
    assert other.get(f"/?campaign={CAMPAIGN_ID}").status_code == 404
    assert other.get(f"/item/{one}").status_code == 404
    key = other.key("/password")
    for address, fields in (
        ("/inbox/say", {"campaign": CAMPAIGN_ID, "pick": f"{one}:0|", "say": "accept", "sure": "1"}),
        ("/inbox/say", {"campaign": "lakes", "pick": f"{one}:0|", "say": "accept", "sure": "1"}),
        ("/inbox/merge", {"campaign": CAMPAIGN_ID, "pick": f"{one}:0|"}),
        (f"/item/{one}", {"note": "x"}),
        (f"/item/{one}/split", {"version": "0"}),
        (f"/item/{one}/merge", {"other": one, "version": "0"}),
        (f"/item/{one}/take-back", {"event": "1"}),
    ):
        answer = other.client.post(address, data={"csrf_token": key, **fields})
        assert answer.status_code == 404, address
    assert {word for words in said(staff).values() for word in words} == {""}


def test_a_campaigns_form_does_not_reach_into_another(staff: Staff) -> None:
    """The items that a form names must be of the campaign that it names."""
    text = (staff.parts.workspace / "campaigns" / "rivers.toml").read_text("utf-8")
    (staff.parts.workspace / "campaigns" / "lakes.toml").write_text(text.replace('id = "rivers"', 'id = "lakes"', 1), "utf-8")
    staff.add("Lakes", Role.REVIEWER, campaigns=["lakes"])
    visitor = staff.enters("Lakes")
    with staff.parts.database.reading() as conn:
        foreign = mentions.for_campaign(conn, CAMPAIGN_ID)[0].id
    form = {"campaign": "lakes", "pick": f"{foreign}:0|", "say": "accept", "sure": "1"}
    assert visitor.send("/inbox/say", form, page="/password").status_code == 404
    decisions.say(staff.parts.database, foreign, {Fact.VERDICT: "accept"}, by="Lakes", now=NOW)
    assert "nothing of yours" in visitor.get(visitor.send("/inbox/undo", page="/password").headers["Location"]).text


@pytest.mark.parametrize(
    "fields",
    [
        {"say": "accept"},
        {"pick": "rivers-1:0|", "say": "burn"},
        {"pick": "rivers-1:0|", "say": "reject:nothing"},
        {"pick": "rivers-1|", "say": "accept"},
        {"pick": "a:1 b:x|", "say": "accept"},
        {"pick": ["rivers-1:0|"] * 1 + [f"rivers-{n}:0|" for n in range(300)], "say": "accept"},
    ],
)
def test_a_form_that_says_nothing_of_ours_is_refused(staff: Staff, fields: dict[str, object]) -> None:
    answer = staff.enters("reviewer").send("/inbox/say", {"campaign": CAMPAIGN_ID, "sure": "1", **fields}, page="/")
    assert answer.status_code == 400
    assert {word for words in said(staff).values() for word in words} == {""}


def test_a_decided_item_can_be_made_undecided_again(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    judge(visitor, ARTA, "reject:not_about")
    assert "not about the campaign" in visitor.get("/?state=reject").text
    assert "1 item is undecided again" in judge(visitor, ARTA, "undecided")
    assert said(staff)[ARTA] == [""]
    assert ARTA in stories(visitor.get("/").text)


def test_a_word_on_an_items_own_page_draws_its_mark_and_buttons_anew(staff: Staff) -> None:
    visitor, name = staff.enters("reviewer"), next(one.mention.id for one in _entries(staff) if one.article.title == ARTA)
    address = f"/item/{name}"
    before = visitor.get(address).text
    assert "To decide" in before.split('id="marks"')[1].split("</p>")[0]
    form = {"campaign": CAMPAIGN_ID, "pick": f"{name}:0|", "say": "accept", "sure": "1", "back": address}
    answer = visitor.send("/inbox/say", form, page="/password", headers=FRAGMENT).text
    assert ">accepted<" in answer.split('id="marks"')[1].split("</p>")[0]
    assert 'value="undecided"' in answer
    assert f'value="{name}:0|"' not in answer


def test_one_fact_has_one_badge(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    judge(visitor, HELD, "sensitive")
    page = visitor.get("/?state=sensitive").text
    labels = re.search(r'<p class="labels">(.*?)</p>', page, re.S)
    assert labels is not None
    assert re.sub("<[^>]+>", "", labels[1]).split() == ["sensitive"]


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_request_that_comes_twice_is_answered_as_done_twice_and_done_once(staff: Staff, headers: dict[str, str]) -> None:
    visitor = staff.enters("reviewer")
    form = {"campaign": CAMPAIGN_ID, "pick": picks(visitor.get("/").text)[RIVER], "say": "accept", "sure": "1"}
    acts = set()
    for _ in range(2):
        answer = visitor.send("/inbox/say", form, page="/password", headers=headers)
        page = answer.text if headers else visitor.get(answer.headers["Location"]).text
        assert "2 items accepted" in page
        acts |= set(re.findall(r'name="act" value="(\d+)"', page))
    assert len(acts) == 1
    other = staff.enters("administrator").send("/inbox/say", form, page="/password", headers=FRAGMENT)
    assert "somebody has judged it since" in unescape(other.text)


def test_a_refused_request_of_a_part_of_the_page_is_told_on_it(staff: Staff) -> None:
    answer = staff.enters("reviewer").send("/inbox/say", {"campaign": CAMPAIGN_ID, "pick": "x"}, page="/", headers=FRAGMENT)
    assert answer.status_code == 400
    assert "could not be understood" in answer.text
    assert "<title>" not in answer.text
    assert answer.headers["HX-Reswap"] == "none"


def test_an_undo_offers_to_do_it_again_and_the_next_undo_takes_the_word_before(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    judge(visitor, RIVER, "accept")
    judge(visitor, ARTA, "unsure")
    undone = visitor.send("/inbox/undo", {"back": "/"}, page="/password", headers=FRAGMENT).text
    assert "data-redo" in undone
    assert "data-undo" not in undone
    act = re.findall(r'name="act" value="(\d+)"', undone)[0]
    again = visitor.send("/inbox/undo", {"act": act, "redo": "1"}, page="/password", headers=FRAGMENT).text
    assert "Done again: 1 item" in again
    assert "data-undo" in again
    for _ in range(2):
        visitor.send("/inbox/undo", page="/password")
    assert (said(staff)[ARTA], said(staff)[RIVER]) == ([""], ["", ""])


def _entries(staff: Staff):  # type: ignore[no-untyped-def]
    with staff.parts.database.reading() as conn:
        return entries.for_campaign(conn, CAMPAIGN_ID)
