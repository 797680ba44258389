"""Every number of every form, counted again by plain SQL: for staff and partners, whole and narrowed, in every language."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook

from tests.digests.forms.printed import Page
from tests.quarter import Quarter
from tests.test_exports_on_order import CLEARED, COUNTED, FROM, NEWEST, WITHHELD
from tracker.delivery import publish
from tracker.locale.wording import Wording, wording
from tracker.model import LANGUAGES, Audience, EditionKind, RenderedDigest, Scope
from tracker.pipeline.issue_edition import IssueOptions, approve, issue
from tracker.store import digests
from tracker.workspace import Parts, open_parts, read_campaigns

MARCH = "m.appeared_at >= '2026-02-28 23:00' AND m.appeared_at < '2026-03-31 22:00'"
FEBRUARY = "m.appeared_at >= '2026-01-31 23:00' AND m.appeared_at < '2026-02-28 23:00'"
SHOWN = {Audience.STAFF: COUNTED, Audience.PARTNERS: CLEARED}
IN_CIRCLE = {Audience.STAFF: "1", Audience.PARTNERS: "(m.circle = 'campaign' OR o.id = 'rivers-own')"}
SCOPES = {
    "whole": (Scope(), "1"),
    "Kosovo": (Scope(("XK",)), "o.country = 'XK'"),
    "Albania and North Macedonia": (Scope(("AL", "MK")), "o.country IN ('AL', 'MK')"),
    "Albanian": (Scope((), ("sq",)), "a.language = 'sq'"),
    "two outlets": (Scope((), (), (("nov-den", "Нов ден"), ("ibri-net", "Ibri Net"))), "o.id IN ('nov-den', 'ibri-net')"),
    "Albanian in North Macedonia": (Scope(("MK",), ("sq",)), "o.country = 'MK' AND a.language = 'sq'"),
    "nothing": (Scope(("ME",), ("mk",)), "0"),
}
ASKED = [(name, audience, list(LANGUAGES)[number % 8]) for number, name in enumerate(SCOPES) for audience in Audience]
ASKED += [("whole", Audience.PARTNERS, language) for language in list(LANGUAGES)[1:]]


@dataclass(frozen=True)
class Counted:
    """What SQL says of the month."""

    items: int
    outlets: int
    countries: int
    stories: int
    before: Mapping[str, tuple[int, int]]
    held: int
    leading: int
    assessed: int
    by_country: Mapping[str, int]
    by_outlet: Mapping[str, int]
    by_tier: Mapping[str, int]
    by_language: Mapping[str, int]
    by_medium: Mapping[str, int]
    tones: Mapping[str, int]
    messages: Mapping[str, int]


@dataclass(frozen=True)
class Desk:
    """The archive with March's edition for staff and partners."""

    folder: Path
    parts: Parts
    edition_id: int
    kept: dict[tuple[str, str, str], tuple[RenderedDigest, dict[str, bytes]]] = field(default_factory=dict)

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "coverage.db")) as conn:
            return conn.execute(question).fetchall()

    def one(self, question: str) -> int:
        [(number,)] = self.rows(question)
        return int(number)

    def count(self, audience: Audience, where: str) -> Counted:
        mine = f"{FROM} WHERE ({where}) AND ({SHOWN[audience]}) AND NOT {WITHHELD} AND"
        march = f"{mine} {MARCH}"

        def by(column: str) -> dict[str, int]:
            return dict(self.rows(f"SELECT {column}, count(*) {march} GROUP BY 1"))

        def newest(column: str) -> str:
            return f"SELECT s.{column} FROM item_states s WHERE s.campaign_id = m.campaign_id AND s.article_id = m.article_id"

        said = newest("key_messages")
        ids = ("drinkable", "together")
        return Counted(
            items=self.one(f"SELECT count(*) {march}"),
            outlets=self.one(f"SELECT count(DISTINCT o.id) {march}"),
            countries=self.one(f"SELECT count(DISTINCT o.country) {march} AND o.country != 'XB'"),
            stories=self.one(f"SELECT count(DISTINCT g.story_key) {march}"),
            before={
                "items": (self.one(f"SELECT count(*) {mine} {FEBRUARY}"), 0),
                "outlets": (self.one(f"SELECT count(DISTINCT o.id) {mine} {FEBRUARY}"), 0),
                "leading": (self.one(f"SELECT count(*) {mine} {FEBRUARY} AND o.tier = 1"), 0),
                "tone": (
                    self.one(f"SELECT count(*) {mine} {FEBRUARY} AND ({newest('tone')}) = 'positive'"),
                    self.one(f"SELECT count(*) {mine} {FEBRUARY} AND ({newest('tone')}) != ''"),
                ),
            },
            held=self.one(
                f"SELECT count(*) {FROM} WHERE ({where}) AND {IN_CIRCLE[audience]} AND {WITHHELD} AND coalesce(({NEWEST}), '') != 'reject' AND {MARCH}"
            ),
            leading=self.one(f"SELECT count(*) {march} AND o.tier = 1"),
            assessed=self.one(f"SELECT count(*) {march} AND ({said}) IS NOT NULL"),
            by_country=by("o.country"),
            by_outlet=by("o.name"),
            by_tier=by("o.tier"),
            by_language=by("a.language"),
            by_medium=by("coalesce(h.medium, 'online')"),
            tones={tone: count for tone, count in by(f"coalesce(({newest('tone')}), '')").items() if count},
            messages={one: self.one(f"SELECT count(*) {march} AND ({said}) LIKE '%\"{one}\"%'") for one in ids},
        )

    def made(self, name: str, audience: Audience, language: str) -> tuple[RenderedDigest, dict[str, bytes]]:
        key = name, audience, language
        if key not in self.kept:
            forms = ("report", "docx", "xlsx", "csv")
            mail, documents = publish.compose(self.parts.database, self.edition_id, audience, language, SCOPES[name][0], forms)
            self.kept[key] = mail, {one.ending: one.content for one in documents}
        return self.kept[key]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = Quarter(tmp_path_factory.mktemp("quarter") / "desk").folder
    now = datetime(2026, 4, 1, 6, tzinfo=UTC)
    with open_parts(folder, clock=lambda: now) as parts:
        [campaign] = read_campaigns(folder)
        made = issue(parts, campaign, IssueOptions(EditionKind.MONTHLY, languages=("en",)))
        approve(parts, campaign, made.edition.id, by="Arta", languages=("en",))
        yield Desk(folder, parts, made.edition.id)


@pytest.fixture(params=ASKED, ids=lambda one: " ".join(one))
def case(request: pytest.FixtureRequest, desk: Desk) -> tuple[Counted, RenderedDigest, dict[str, bytes], Wording, Audience]:
    name, audience, language = request.param
    mail, documents = desk.made(name, audience, language)
    return desk.count(audience, SCOPES[name][1]), mail, documents, wording(language), audience


Case = tuple[Counted, RenderedDigest, dict[str, bytes], Wording, Audience]


def sentences(counted: Counted, words: Wording) -> list[str]:
    """What a form says of the whole, with these numbers."""
    if not counted.items:
        return []
    told = [
        words.say(
            "summary_counts",
            items=words.count("item", counted.items),
            outlets=words.count("outlet", counted.outlets),
            countries=words.count("country", counted.countries),
            stories=words.count("story", counted.stories),
        ),
        words.say("assessed_of", assessed=sum(count for tone, count in counted.tones.items() if tone), items=counted.items),
        words.say("compared", items=counted.items, period=words.say("before_monthly"), before=counted.before["items"][0]),
    ]
    return [*told, *([words.say("hidden_children", counted.held)] if counted.held else [])]


def tiles(counted: Counted, words: Wording) -> list[str]:
    """The four tiles: figure, noun and what it was the month before."""
    if not counted.items:
        return []
    judged = sum(count for tone, count in counted.tones.items() if tone)
    before, items = counted.before, counted.before["items"][0]
    figures = (
        (words.number(counted.items), words.say("item", counted.items), words.number(items)),
        (words.number(counted.outlets), words.say("outlet", counted.outlets), words.number(before["outlets"][0])),
        (
            words.percent(counted.leading / counted.items),
            words.say("leading_share"),
            words.percent(before["leading"][0] / items) if items else "",
        ),
        (_n_of(counted.tones.get("positive", 0), judged, words), words.say("positive_share"), _n_of(*before["tone"], words)),
    )
    return [f"{value}{label}{words.say('before_monthly')}: {earlier}" for value, label, earlier in figures if items and earlier]


def _n_of(count: int, total: int, words: Wording) -> str:
    return words.say("n_of", count, total=total) if total else "–"


def tight(text: str) -> str:
    """Without blanks, brackets and line ends: what stands beside what, in any layout."""
    return re.sub(r"[\s\u00a0()]", "", text).casefold()


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split()).casefold()


def names(counted: Counted, words: Wording) -> dict[str, dict[str, int]]:
    """The tables of the figures with their rows as they are named."""
    return {
        "country": {words.country(code, "un"): count for code, count in counted.by_country.items()},
        "tier": {words.say(f"tier_{tier}"): count for tier, count in counted.by_tier.items()},
        "language": {words.language_name(code): count for code, count in counted.by_language.items()},
        "medium": {words.say(f"medium_{medium}"): count for medium, count in counted.by_medium.items()},
        "outlet": dict(counted.by_outlet),
    }


def test_sql_finds_something_to_count(desk: Desk) -> None:
    whole, partners = desk.count(Audience.STAFF, "1"), desk.count(Audience.PARTNERS, "1")
    assert whole.items > partners.items > 15
    assert whole.held > 2
    assert len(partners.tones) == 5
    assert (
        min(len(partners.by_country), len(partners.by_outlet), len(partners.by_tier), len(partners.by_language), len(partners.by_medium))
        >= 3
    )
    assert whole.messages["drinkable"] > whole.messages["together"] > 0


def test_report(case: Case) -> None:
    counted, _, documents, words, _ = case
    html = documents["report"].decode()
    text = flat(Page(html).text)
    assert [one for one in sentences(counted, words) if flat(one) not in text] == []
    assert [one for one in tiles(counted, words) if tight(one) not in tight(text)] == []
    assert html.count('<article class="clip') <= counted.items
    for key, rows in names(counted, words).items():
        if key not in ("tier", "language", "medium"):
            continue
        if len(rows) > 1:
            heading = words.say(f"by_{key}")
            assert _table(html, heading) == rows, heading
        elif rows:
            [(name, count)] = rows.items()
            assert flat(f"{words.say(f'by_{key}')}: {name} ({count})") in text
    for key, chart in (("country", "chart_countries"), ("outlet", "chart_outlets")):
        rows = names(counted, words)[key]
        if len(rows) > 1:
            [told] = re.findall(rf'<title id="chart-{"countries" if key == "country" else "outlets"}-640">([^<]*)</title>', html)
            assert dict(_pair(one) for one in told.split(": ", 1)[1].split("; ")) == rows, chart
    for one, count in counted.messages.items():
        if count:
            assert flat(words.say("confirmed_in", count, assessed=counted.assessed)) in text, one


def _table(html: str, heading: str) -> dict[str, int]:
    [table] = [one for one in re.findall(r'<table class="short">(.*?)</table>', html, re.S) if f"<th>{heading}</th>" in one]
    return {name: int(count) for name, count in re.findall(r"<tr><td>([^<]*)</td><td class=\"n\">(\d+)</td>", table)}


def _pair(text: str) -> tuple[str, int]:
    name, _, count = text.rpartition(" ")
    return name, int(count)


def test_mail_and_its_text(case: Case) -> None:
    counted, mail, _, words, _ = case
    judged = sum(count for tone, count in counted.tones.items() if tone)
    for text in (Page(mail.html).text, mail.text):
        assert [one for one in tiles(counted, words) if tight(one) not in tight(text)] == []
        if counted.items:
            assert flat(words.say("assessed_of", assessed=judged, items=counted.items)) in flat(text)
            for code, count in counted.by_country.items():
                assert tight(f"{words.country(code, 'un')}{words.count('item', count)}") in tight(text)
        for count in filter(None, counted.messages.values()):
            assert tight(words.say("n_of", count, total=counted.assessed)) in tight(text)
        if counted.held:
            assert flat(words.say("hidden_children", counted.held)) in flat(text)


def test_workbook(case: Case) -> None:
    counted, _, documents, words, _ = case
    book = load_workbook(io.BytesIO(documents["xlsx"]))

    def sheet(name: str) -> list[tuple[Any, ...]]:
        return list(book[re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31].strip()].iter_rows(min_row=2, values_only=True))

    def pairs(name: str) -> dict[str, int]:
        return {row[0]: row[1] for row in sheet(name) if row[0]}

    summary = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    for noun, value in (("story", counted.stories), ("item", counted.items), ("outlet", counted.outlets), ("country", counted.countries)):
        assert summary[words.say(noun, value)] == value
    assert sum(row[0] is not None for row in sheet(words.say("sheet_items"))) == counted.items
    assert sum(row[0] is not None for row in sheet(words.say("sheet_stories"))) == counted.stories
    tables = names(counted, words)
    assert pairs(words.say("sheet_countries")) == tables["country"]
    assert {row[0]: row[3] for row in sheet(words.say("sheet_outlets")) if row[0]} == tables["outlet"]
    for key in ("tier", "language", "medium"):
        assert pairs(words.say(f"by_{key}")) == tables[key]
    tones = {name: count for name, count in pairs(words.say("col_tone")).items() if count}
    assert tones == {words.say(f"tone_{tone or 'none'}"): count for tone, count in counted.tones.items()}
    for row in sheet(words.say("sheet_messages")):
        if row[0]:
            assert row[1] in counted.messages.values()
            assert row[2] == counted.assessed
    assert sum(row[1] for row in sheet(words.say("sheet_weeks")) if row[0]) == counted.items


def test_csv_has_a_row_an_item(case: Case) -> None:
    counted, _, documents, _, _ = case
    assert len(list(csv.reader(io.StringIO(documents["csv"].decode("utf-8-sig"))))) == counted.items + 1


def test_document(case: Case) -> None:
    counted, _, documents, words, _ = case
    document = docx.Document(io.BytesIO(documents["docx"]))
    text = flat("\n".join(paragraph.text for paragraph in document.paragraphs))
    assert [one for one in sentences(counted, words) if flat(one) not in text] == []
    under = _tables_by_heading(document)
    tables = names(counted, words)
    if counted.items:
        assert {row[0]: _number(row[1]) for row in under[words.say("sheet_countries")]} == tables["country"]
        assert {row[0]: _number(row[3]) for row in under[words.say("sheet_outlets")]} == tables["outlet"]
        for key in ("tier", "language", "medium"):
            assert {row[0]: _number(row[1]) for row in under[words.say(f"by_{key}")]} == tables[key]
    for code, count in counted.by_country.items():
        assert len(under[f"{words.country(code, 'un')}: {words.count('item', count)}"]) == count


def _tables_by_heading(document: Any) -> dict[str, list[list[str]]]:
    found, heading = dict[str, list[list[str]]](), ""
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            found.setdefault(heading, [[cell.text for cell in row.cells] for row in part.rows][1:])
        elif part.style.name.startswith("Heading"):
            heading = part.text
    return found


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize("form", ["rss", "json"])
def test_feeds_hold_what_partners_may_read_of_the_whole_campaign(desk: Desk, form: str) -> None:
    [campaign] = read_campaigns(desk.folder)
    content = publish.feed(desk.parts.database, campaign, form, "en")
    urls = {url for (url,) in desk.rows(f"SELECT a.canonical_url {FROM} WHERE {CLEARED} AND NOT {WITHHELD}")}
    listed = (
        re.findall(r"<link>(https://[^<]*/lajme/\d+)</link>", content.decode())
        if form == "rss"
        else [item["url"] for item in json.loads(content)["items"]]
    )
    assert sorted(listed) == sorted(urls)


def test_the_page_of_files_says_how_large_each_is(desk: Desk) -> None:
    [campaign] = read_campaigns(desk.folder)
    with desk.parts.database.reading() as conn:
        edition = digests.get(conn, desk.edition_id)
    assert edition is not None
    outbox = desk.folder / "outbox"
    told = publish.publish(
        desk.parts.database,
        edition,
        campaign.time_zone,
        desk.parts.settings,
        outbox,
        languages=("sq", "mk"),
        formats=("report", "docx", "xlsx", "csv"),
    )
    page = told.first.read_text("utf-8")
    linked = dict(re.findall(r'<a href="([^"]+)">[^<]+</a> <small>(\d+) kB</small>', page))
    assert {name: max(1, round((told.first.parent / name).stat().st_size / 1000)) for name in linked} == {
        name: int(size) for name, size in linked.items()
    }
    assert {*linked} == {path.name for path in told.paths if path.name != "index.html"}
    assert len(page.encode()) < 6_000
