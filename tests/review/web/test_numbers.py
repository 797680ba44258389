"""Numbers on the desk: three clicks to an answer, and the address of it can be sent on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from msgspec.structs import replace
from PIL import Image

from tests.newsdesk import CAMPAIGN_ID
from tests.quarter import Quarter
from tests.review.web.visiting import Clock, Staff, Visitor
from tracker.model import Estimate, NoEstimate, Role
from tracker.review.web import estimates
from tracker.review.web.app import make_app
from tracker.workspace import open_parts

BASE = f"/numbers/{CAMPAIGN_ID}"
APRIL = datetime(2026, 4, 10, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    folder = Quarter(tmp_path_factory.mktemp("desk") / "q").folder
    clock = Clock(APRIL)
    with open_parts(folder) as parts:
        opened = replace(parts, clock=clock)
        staff = Staff(make_app(opened), opened, clock)
        for role in Role:
            staff.add(str(role), role)
        yield staff
        opened.close()


@pytest.fixture
def reader(spring: Staff) -> Visitor:
    return spring.enters("reader")


def items(text: str) -> int:
    found = re.search(r'class="result"[^>]*><strong>(\d+) items?</strong>', text)
    assert found is not None, text[-2000:]
    return int(found[1])


def link(text: str, words: str) -> str:
    """The address of the link with these words."""
    found = re.search(rf'href="([^"]+)"[^>]*>{re.escape(words)}</a>', text)
    assert found is not None, words
    return unescape(found[1])


def test_albanian_items_from_kosovo_in_the_last_quarter_are_three_clicks_and_a_link(reader: Visitor) -> None:
    page = reader.get(BASE)
    for words in ("last quarter", "Kosovo*", "Albanian"):
        address = link(page.text, words)
        page = reader.get(address)
    assert "country=XK" in address
    assert "language=sq" in address
    assert items(page.text) == items(reader.get(address).text) > 0
    rows = [*csv.reader(io.StringIO(reader.get(address.replace(BASE, f"{BASE}/numbers.csv")).data.decode("utf-8-sig")))]
    assert ["Kosovo*", str(items(page.text))] in [row[:2] for row in rows]


def test_the_workbook_holds_what_the_page_shows(reader: Visitor) -> None:
    page = reader.get(f"{BASE}?period=last_quarter")
    book = openpyxl.load_workbook(io.BytesIO(reader.get(f"{BASE}/numbers.xlsx?period=last_quarter").data))
    rows = [*book["country"].iter_rows(min_row=2, values_only=True)]
    assert sum(int(str(row[1])) for row in rows) == items(page.text)
    assert {*book.sheetnames} == {"time", "country", "language", "tier", "outlet", "message", "tone"}


@pytest.mark.parametrize("key", ["time", "country", "language", "tier", "outlet", "message", "tone"])
def test_a_chart_is_a_picture_without_scripts_and_has_its_table_below(reader: Visitor, key: str) -> None:
    picture = reader.get(f"{BASE}/{key}.svg?period=last_quarter")
    assert picture.mimetype == "image/svg+xml"
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(picture.data).iter()}
    assert tags <= {"svg", "title", "text", "rect", "line"}
    text = reader.get(f"{BASE}?period=last_quarter").text
    drawn = text.index(f'id="c-{key}-')
    assert text.index(f'id="t-{key}"') < drawn < text.index("<table", drawn) < text.index("</section>", drawn)


@pytest.mark.parametrize("key", ["time", "country", "message", "tone"])
def test_a_chart_is_had_as_png_as_well_large_enough_for_print(reader: Visitor, key: str) -> None:
    answer = reader.get(f"{BASE}/{key}.png?period=last_quarter&language=sq")
    assert answer.mimetype == "image/png"
    with Image.open(io.BytesIO(answer.data)) as picture:
        picture.load()
        assert picture.width >= 1200
        assert len(picture.convert("RGB").getcolors(1_000_000) or ()) > 10


def test_a_picture_says_of_what_it_is(reader: Visitor) -> None:
    words = " ".join(ET.fromstring(reader.get(f"{BASE}/time.svg?period=last_quarter&country=XK&language=sq").data).itertext())
    for told in ("Kosovo", "Albanian", "January", "2026"):
        assert told in words


def test_a_reader_counts_as_partners_see_it_whatever_the_address_says(spring: Staff, reader: Visitor) -> None:
    address = f"{BASE}?period=last_quarter"
    reviewer = spring.enters("reviewer")
    assert items(reader.get(f"{address}&audience=staff").text) == items(reader.get(address).text)
    assert items(reviewer.get(f"{address}&audience=staff").text) > items(reviewer.get(address).text)


@pytest.mark.parametrize(
    "query",
    [
        "period=yesteryear",
        "period=days&from=2026-02-30&to=2026-03-01",
        "period=days&from=&to=",
        "period=days&from=2026-03-02&to=2026-03-01",
        "period=days&from=0001-01-01&to=9999-12-31",
        "country=ZZ",
        "language=klingon",
        "outlet=%3Cscript%3Ealert(1)%3C/script%3E",
        "tier=9",
        "tier=1%20OR%201",
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(reader: Visitor, query: str) -> None:
    answer = reader.get(f"{BASE}?{query}")
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text


def test_numbers_open_on_the_last_quarter_or_else_on_a_period_that_has_items(spring: Staff) -> None:
    def opened(moment: datetime) -> str:
        spring.clock.now = moment
        answer = spring.enters("reader").get(BASE)
        return answer.headers.get("Location", "").partition("period=")[2] if answer.status_code == 303 else "last_quarter"

    assert opened(APRIL) == "last_quarter"
    assert opened(datetime(2026, 3, 20, tzinfo=UTC)) == "this_quarter"
    assert opened(datetime(2027, 9, 20, tzinfo=UTC)) == "last_year"
    assert opened(datetime(2029, 9, 20, tzinfo=UTC)) == "all"
    assert spring.enters("reader").get(f"{BASE}?period=last_quarter").status_code == 200  # what is asked for is shown
    spring.clock.now = APRIL


def test_an_empty_period_says_so_and_downloads_all_the_same(reader: Visitor) -> None:
    query = "period=days&from=2020-01-01&to=2020-01-02"
    assert "Nothing was counted" in reader.get(f"{BASE}?{query}").text
    assert reader.get(f"{BASE}/numbers.xlsx?{query}").status_code == 200
    assert reader.get(f"{BASE}/time.svg?{query}").status_code == 404


@pytest.mark.parametrize("path", ["", "/numbers.csv", "/numbers.xlsx", "/time.svg", "/time.png"])
def test_numbers_of_another_campaign_are_not_to_be_had(spring: Staff, path: str) -> None:
    spring.add(f"Other{path}", Role.ADMINISTRATOR, ["lakes"])
    assert spring.enters(f"Other{path}").get(f"{BASE}{path}").status_code == 404


def test_the_start_page_leads_to_the_first_campaign(reader: Visitor) -> None:
    assert reader.get("/numbers/").location == BASE


def test_no_page_of_numbers_waits_for_the_estimate_and_a_link_brings_it(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def estimate(*given: object, **options: object) -> Estimate:
        asked.append(given)
        return Estimate(5, reason=str(NoEstimate.TOO_FEW))

    monkeypatch.setattr(estimates, "estimate_missed", estimate)
    reader, address = staff.enters("reader"), f"/numbers/{CAMPAIGN_ID}?period=this_quarter"
    page = reader.get(address).text
    link = re.search(r'id="estimate" hx-get="([^"]+)" hx-trigger="load"[^>]*><a href="([^"]+)">', page)
    assert link is not None
    assert link[1] == link[2]
    assert asked == []
    for there in (unescape(link[1]), address):  # once it is known, every page says it
        assert "how much was missed cannot be estimated: there are too few articles" in reader.get(there).text
    assert len(asked) == 1
    long = reader.get(f"/numbers/{CAMPAIGN_ID}?period=days&from=2020-01-01&to=2026-03-01").text
    assert "How much was missed is estimated for periods of up to 93 days." in long
    assert "hx-trigger" not in long.partition('id="estimate"')[2][:80]
