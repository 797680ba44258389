"""An item's page: stories to merge it with, its way in the reader's words, a history that names what was said, refusals that can be read."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.builders import NOW
from tests.newsdesk import ARTA, CAMPAIGN_ID, HELD, RIVER
from tests.review.web.visiting import Staff, Visitor
from tracker.model import LANGUAGES, ChangeKind, Fact, ItemText, MentionChange, Revision
from tracker.review import decisions
from tracker.review.near_stories import stems
from tracker.store import entries, mentions, revisions
from tracker.store.schema.revisions import visits


def item_of(staff: Staff, title: str) -> str:
    with staff.parts.database.reading() as conn:
        return next(entry.mention.id for entry in entries.for_campaign(conn, CAMPAIGN_ID) if entry.article.title == title)


def text_of(page: str) -> str:
    """What a person reads of a page."""
    return unescape(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[-1].split("</main>")[0]))


def reads_in(visitor: Visitor, language: str) -> None:
    visitor.send("/language", {"language": language, "next": "/"}, page="/")


def test_the_stories_of_the_same_days_are_offered_and_one_of_them_is_chosen(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    arta = f"/item/{item_of(staff, ARTA)}"
    assert 'name="near"' not in visitor.get(arta).text
    page = visitor.get(f"{arta}?near=1").text
    offered = dict(re.findall(r'name="near" value="([^"]+)"><span[^>]*>([^<]+)</span>', page))
    assert {*map(unescape, offered.values())} == {RIVER, HELD}
    river = next(one for one, title in offered.items() if unescape(title) == RIVER)
    assert visitor.send(f"{arta}/merge", {"near": river, "version": "0"}, page=f"{arta}?near=1").status_code == 303
    assert RIVER in visitor.get(arta).text
    assert RIVER not in re.findall(r'name="near" value="[^"]+"><span[^>]*>([^<]+)</span>', visitor.get(f"{arta}?near=1").text)


def test_a_reader_is_offered_no_story(staff: Staff) -> None:
    assert 'name="near"' not in staff.enters("reader").get(f"/item/{item_of(staff, ARTA)}?near=1").text


@pytest.mark.parametrize(
    ("one", "other"),
    [("Nisma për ujin e pastër", "NISMA PËR UJIN"), ("Иницијатива за реке", "Inicijative za reku"), ("Ujë i pastër", "Uje i paster")],
)
def test_headlines_of_the_same_news_share_beginnings_of_words_in_any_script(one: str, other: str) -> None:
    assert stems(one) & stems(other)
    assert not stems(one) & stems("Moti i së dielës")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_of_an_item_names_no_id_and_is_told_in_every_language(staff: Staff, language: str) -> None:
    visitor = staff.enters("reviewer")
    reads_in(visitor, language)
    found = text_of(visitor.get(f"/item/{item_of(staff, RIVER)}/trace").text)
    for token in (f"{CAMPAIGN_ID}-", "story-", "SHA-256", "zeri-i-lumit:feed", "_"):
        assert token not in found.replace("https://zeri-i-lumit.example", "")
    assert "lumë të pastër" in found
    if language != "en":
        assert "was asked" not in found


def test_the_history_calls_outlets_and_days_by_their_names(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    item = item_of(staff, RIVER)
    page = f"/item/{item}"
    fields = {"version": "0", "headline": RIVER, "published": "2026-03-12", "outlet": "fjala-e-malit"}
    told = visitor.get(visitor.send(page, fields, page=page).headers["Location"]).text
    assert "decides its story again" in told
    history = text_of(told.split('id="history"')[1])
    assert "12 March 2026" in history
    assert "fjala-e-malit" not in history


def test_the_history_says_which_of_merging_and_splitting_it_was(staff: Staff) -> None:
    visitor, arta, river = staff.enters("reviewer"), item_of(staff, ARTA), item_of(staff, RIVER)
    decisions.merge(staff.parts.database, [arta, river], by="Besa", now=NOW)
    decisions.split(staff.parts.database, [arta], by="Besa", now=NOW)
    history = text_of("<main" + visitor.get(f"/item/{arta}").text.split('id="history"')[1])
    assert history.index("Story: taken apart") < history.index("Story: merged with others")
    decisions.take_back_last(staff.parts.database, by="Besa", now=NOW)
    assert "Taken back: Story: taken apart" in " ".join(
        text_of("<main" + visitor.get(f"/item/{arta}").text.split('id="history"')[1]).split()
    )


def test_an_older_word_taken_back_changes_nothing_and_says_so(staff: Staff) -> None:
    visitor, item = staff.enters("reviewer"), item_of(staff, RIVER)
    for said in ("reject", "accept"):
        decisions.say(staff.parts.database, item, {Fact.VERDICT: said}, by="Besa", now=NOW)
    history = text_of("<main" + visitor.get(f"/item/{item}").text.split('id="history"')[1])
    assert "undecided → rejected" in history
    older, newer = (line.event.id for line in decisions.history(staff.parts.database, item))
    for event, told, stands in ((older, "What was said later still stands", "accept"), (newer, "as it was before", "")):
        page = visitor.send(f"/item/{item}/take-back", {"event": str(event)}, page=f"/item/{item}", follow_redirects=True).text
        assert told in unescape(page)
        assert decisions.states(staff.parts.database, [item])[item].decision == stands


def test_a_word_that_is_no_day_is_refused_in_the_readers_language_and_stays_in_the_form(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    reads_in(visitor, "sq")
    item = item_of(staff, RIVER)
    answer = visitor.send(f"/item/{item}", {"version": "0", "headline": RIVER, "published": "e djelë"}, page=f"/item/{item}")
    assert answer.status_code == 400
    assert "nuk është ditë" in answer.text
    assert 'value="e djelë"' in answer.text
    assert not decisions.states(staff.parts.database, [item])[item].corrections


def test_both_versions_stand_side_by_side_when_somebody_was_faster(staff: Staff) -> None:
    item = item_of(staff, RIVER)
    besa, arta = staff.enters("reviewer"), staff.enters("administrator")
    assert (
        arta.send(f"/item/{item}", {"version": "0", "headline": RIVER, "headline_en": "Rivers", "tone": "positive"}, page="/").status_code
        == 303
    )
    refused = besa.send(f"/item/{item}", {"version": "0", "headline": RIVER, "headline_en": "Clean rivers"}, page="/")
    assert refused.status_code == 409
    alert = text_of("<main" + refused.text.split('role="alert"')[1].split("</table>")[0])
    for told in ("Rivers", "Clean rivers", "positive", "Last word: administrator"):
        assert told in alert
    assert item not in alert


@pytest.mark.parametrize("what", ["split", "merge", "merge with what changed"])
def test_a_story_is_not_changed_from_a_page_that_is_out_of_date_and_both_versions_are_shown(staff: Staff, what: str) -> None:
    arta, river = (item_of(staff, title) for title in (ARTA, RIVER))
    changed = river if what == "merge with what changed" else arta
    decisions.say(staff.parts.database, changed, {Fact.TONE: "positive"}, by="Besa", now=NOW, version=0)
    before = decisions.history(staff.parts.database, arta)
    visitor, page = staff.enters("reviewer"), f"/item/{arta}"
    fields = {"version": "1" if changed == river else "0", **({} if what == "split" else {"near": f"{river}:0"})}
    refused = visitor.send(f"{page}/{what.split()[0]}", fields, page=page)
    assert refused.status_code == 409
    alert = text_of("<main" + refused.text.split('role="alert"')[1].split("</table>")[0])
    for told in ("Nothing was moved", "As it stands", "Your entry", ARTA, "Last word: Besa", *([] if what == "split" else [RIVER])):
        assert told in alert
    assert decisions.history(staff.parts.database, arta) == before


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "\u0661"])
def test_a_story_is_not_changed_without_the_version_that_was_seen(staff: Staff, version: str) -> None:
    arta = item_of(staff, ARTA)
    for way in ("split", "merge"):
        fields = {"version": version, "near": f"{item_of(staff, RIVER)}:0"}
        assert staff.enters("reviewer").send(f"/item/{arta}/{way}", fields, page="/").status_code == 400
    assert decisions.history(staff.parts.database, arta) == ()


def changed(staff: Staff, title: str, *means: MentionChange) -> str:
    """An item whose outlet has put a sentence in place of another; its page on the desk."""
    item = item_of(staff, title)
    before, after = ItemText(title, "Uji doli. Ura u mbyll dje."), ItemText(title, "Uji doli. Ura <b>u hap</b> sot.")
    with staff.parts.database.writing() as conn:
        mention = mentions.get(conn, item)
        assert mention is not None
        blank = dict.fromkeys(
            ("requested_url", "final_url", "content_type", "sha256", "etag", "last_modified", "outcome", "detail", "why"), ""
        )
        values = {**blank, "article_id": mention.article_id, "headers": (), "visited_at": NOW, "seen": "edited"}
        (visit,) = conn.execute(visits.insert().values(values)).inserted_primary_key or (0,)
        told = tuple((CAMPAIGN_ID, str(one)) for one in means)
        revisions.add(conn, visit, [Revision(0, mention.article_id, ChangeKind.EDITED, NOW, before, after, mention_changes=told)])
    return f"/item/{item}"


def test_what_an_outlet_edited_is_shown_by_sentence_and_warned_of_in_the_inbox(staff: Staff) -> None:
    address = changed(staff, RIVER, MentionChange.CORRECTION)
    visitor = staff.enters("reader")
    page = visitor.get(address).text
    assert "Taken out:" in page
    assert "&lt;b&gt;u" in page
    assert "<b>u hap</b>" not in page
    assert "correction added" in text_of(page)
    assert "edited since it was found" in text_of(visitor.get("/").text)


def test_a_new_text_that_a_label_holds_is_for_reviewers_alone(staff: Staff) -> None:
    address = changed(staff, ARTA, MentionChange.HELD)
    assert "Ura" not in text_of(staff.enters("reader").get(address).text)
    assert "Ura" in text_of(staff.enters("reviewer").get(address).text)
