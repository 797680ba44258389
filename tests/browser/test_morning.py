"""The morning: forty items reviewed, a message set, a headline corrected, a mistake undone, the edition approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Morning, Visit
from tests.newsdesk import CAMPAIGN_ID
from tracker.store import digests, entries, stories

MOST_KEYS = 60
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def decisions(morning: Morning) -> Counter[str]:
    with morning.staff.parts.database.reading() as conn:
        return Counter(str(entry.verdict.decision) if entry.verdict else "" for entry in entries.for_campaign(conn, CAMPAIGN_ID))


def done(morning: Morning) -> tuple[Counter[str], list[str], list[tuple[str, ...]], bool]:
    """(decisions, corrected headlines, confirmed messages, whether the edition is approved)."""
    with morning.staff.parts.database.reading() as conn:
        found = entries.for_campaign(conn, CAMPAIGN_ID)
        edition = digests.every(conn, CAMPAIGN_ID)[0]
    corrected = [entry.article.title for entry in found if entry.corrected]
    messages = [entry.verdict.key_messages for entry in found if entry.verdict and entry.verdict.key_messages]
    return decisions(morning), corrected, messages, edition.approved_at is not None


def stands_at(page: Page) -> str:
    """The headline that the keys concern."""
    return page.locator(".story.here h2").inner_text()


def test_the_whole_morning_by_keys_alone(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit()
    page = desk.page
    for _ in range(4):
        desk.press("a")
    desk.press("s")  # the wrong key
    desk.press("z")
    desk.press("a")
    desk.press("r", "2")
    desk.press("u")
    for _ in range(4):
        desk.press("a")
    assert decisions(morning)[""] <= 8
    desk.press("e")
    page.wait_for_selector("[data-edit]")
    desk.press("1")
    desk.press("h", "End", "!", "Enter")
    page.wait_for_selector("#told p")
    desk.press("a")
    desk.press("b")
    page.wait_for_selector(".states")
    while decisions(morning)[""]:
        desk.press("a")
    desk.press("g", "e")
    page.wait_for_selector(".card.here")
    desk.press("o")
    page.wait_for_selector("#approve")
    desk.press("p")
    page.wait_for_selector("#sure")
    desk.press("p")
    page.wait_for_selector("#sure", state="detached")
    told, corrected, messages, approved = done(morning)
    assert told.total() == 40
    assert not told[""]
    assert {"accept", "reject", "unsure"} == {*told}
    assert [title.endswith("!") for title in corrected] == [True]
    assert messages == [("water",)]
    assert approved
    assert desk.keys <= MOST_KEYS, desk.keys


def test_the_whole_morning_by_touch_on_a_telephone(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit(**PHONE)
    page = desk.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    desk.tap(".story:not(.done) button[value=sensitive]")
    desk.tap("[data-undo]")
    assert not decisions(morning)["sensitive"]
    desk.tap(".story:not(.done) summary.button")
    desk.tap(".story button[value='reject:namesake']")
    for _ in range(10):
        desk.tap(".story:not(.done) .actions button[value=accept]")
    desk.tap(".story:not(.done) h2 a")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    desk.tap("[data-edit] label.tick")
    page.fill("input[name=headline]", "Ujë i pastër në Pejë")
    desk.tap("[data-edit] button")
    desk.tap(".item #judge .actions button[value=accept]")
    desk.tap("nav a[data-go=i]")
    desk.tap(".story:not(.done) .actions button[value=accept]")
    desk.tap("nav a[data-go=e]")
    desk.tap(".card a")
    desk.tap("#approve button")
    desk.tap("#sure button")
    told, corrected, messages, approved = done(morning)
    assert not told[""]
    assert told["reject"] in (2, 4)
    assert corrected == ["Ujë i pastër në Pejë"]
    assert messages == [("water",)]
    assert approved


def test_the_whole_morning_without_scripts(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit(java_script_enabled=False)
    page = desk.page
    page.click(".story > .body > .actions button[value=sensitive] >> nth=0")
    assert decisions(morning)["sensitive"]
    page.click("#told button")
    assert not decisions(morning)["sensitive"]
    page.click(".story > .body > .actions summary >> nth=0")
    page.click(".story > .body > .actions button[value='reject:namesake'] >> nth=0")
    for box in page.locator("input[type=checkbox][name=pick]").all()[:5]:
        box.check()
    page.click("#bulk button[value=accept]")
    assert "5" in page.locator("h1").inner_text()
    page.click("button.main")
    assert decisions(morning)["accept"] >= 10
    page.goto(morning.address)
    for _ in range(5):
        with page.expect_navigation():
            page.click(".story > .body > .actions button[value=accept] >> nth=0")
    page.click(".story h2 a >> nth=0")
    page.check("input[name=message] >> nth=0")
    page.fill("input[name=headline]", "Ujë i pastër")
    with page.expect_navigation():
        page.click("[data-edit] button")
    with page.expect_navigation():
        page.click(".item #judge .actions button[value=accept]")
    page.click("nav a[data-go=i]")
    page.wait_for_url(lambda url: "/item/" not in url)
    while page.locator(".story").count():
        with page.expect_navigation():
            page.click(".story > .body > .actions button[value=accept] >> nth=0")
    page.click("nav a[data-go=e]")
    page.click(".card a")
    page.click("#approve button")
    with page.expect_navigation():
        page.click("#sure button")
    told, corrected, messages, approved = done(morning)
    assert not told[""]
    assert corrected == ["Ujë i pastër"]
    assert messages == [("water",)]
    assert approved


def test_place_and_selection_survive_a_word_an_undo_the_item_and_back(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit()
    page = desk.page
    desk.press("j", "j", "j")
    third = stands_at(page)
    desk.press("a")
    after = stands_at(page)
    assert after != third
    desk.press("z")
    assert stands_at(page) == third
    before = page.evaluate("window.scrollY")
    desk.press("o")
    page.wait_for_selector("[data-item]")
    page.go_back()
    page.wait_for_selector(".story.here")
    assert stands_at(page) == third
    assert abs(page.evaluate("window.scrollY") - before) < 40
    page.reload()
    assert stands_at(page) == third
    desk.press("k")
    assert stands_at(page) != third


def test_several_are_picked_counted_judged_and_undone_at_once(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit()
    page = desk.page
    desk.press("x", "j", "x", "j", "x")
    assert page.locator("[data-count]").inner_text().startswith("Stories selected: 3")
    desk.press("a")
    judged = decisions(morning)["accept"]
    assert judged >= 6
    assert not page.locator(".bulk.active").count()
    desk.press("z")
    assert decisions(morning)[""] == 40


def test_a_double_click_on_any_story_gives_one_verdict(morning: Morning, visit: Callable[..., Visit]) -> None:
    """Also on one that was not looked at before, and where the answer comes between both clicks."""
    desk = visit()
    page = desk.page
    for number, pause in ((2, 0), (1, 300)):
        before = decisions(morning)["accept"]
        story = page.locator(".story:not(.done)").nth(number)
        article_id = int(str(story.get_attribute("id")).rpartition("-")[2])
        with morning.staff.parts.database.reading() as conn:
            items = len(stories.members_of(conn, CAMPAIGN_ID, [article_id])[article_id])
        story.locator("> .body > .actions button[value=accept]").click(click_count=2, delay=pause)
        desk.settle()
        assert decisions(morning)["accept"] == before + items
        expect(page.locator("#told p")).to_have_text(f"{items} items accepted")


def test_a_refusal_is_told_and_the_story_stays_usable(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit()
    page = desk.page
    refused = True
    page.route("**/inbox/say", lambda route: route.abort() if refused else route.continue_())
    page.reload()  # a page that is open already may still ask past a route that is new
    desk.press("a")
    expect(page.locator("#told")).to_contain_text("Try again")
    refused = False
    page.click("#told [data-close]")
    expect(page.locator("#told")).to_be_hidden()
    desk.press("a")
    assert decisions(morning)["accept"] == 4
    desk.faults.clear()  # the browser tells of the request that came to nothing


def test_the_question_before_a_child_is_answered_by_no_key_in_passing(morning: Morning, visit: Callable[..., Visit]) -> None:
    staff = morning.staff
    with staff.parts.database.writing() as conn:
        conn.exec_driver_sql("UPDATE mentions SET held = 1")
    desk = visit()
    desk.press("a", "a", "Enter")
    assert not decisions(morning)["accept"]
    desk.press("a")
    desk.page.click("#ask button")
    desk.settle()
    assert decisions(morning)["accept"] == 1


def test_the_keys_are_shown_and_do_nothing_while_somebody_types(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit()
    page = desk.page
    assert not page.locator(".story.here kbd:visible").count()
    page.keyboard.down("Shift")
    assert page.locator(".story.here kbd:visible").count() >= 4
    page.keyboard.up("Shift")
    desk.press("?")
    assert page.locator("#keys").is_visible()
    desk.press("Escape")
    desk.press("/")
    page.keyboard.type("asuz")
    assert decisions(morning)[""] == 40
    desk.press("Enter")
    assert "text=asuz" in page.url
    assert "Nothing fits" in page.locator("main").inner_text()
