"""Figures that add up, excerpts, and text from outside made fit to print."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tracker.digests.figures import count_figures, story_groups
from tracker.digests.forms.excerpts import excerpt
from tracker.digests.forms.plain_text import plain, safe_link
from tracker.digests.selection import decisive_terms, select_entries
from tracker.model import (
    Article,
    Campaign,
    Circle,
    Decision,
    Depth,
    Entry,
    Hit,
    Mention,
    Outlet,
    Published,
    Selection,
    Term,
    TermKind,
    Verdict,
)

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CAMPAIGN = Campaign(
    id="c",
    name="A Digital Safety Agenda",
    countries=("AL", "RS"),
    since=date(2024, 10, 1),
    time_zone="Europe/Tirane",
    review="required",
    circles=(
        Circle("campaign", "The campaign", "partners", "x"),
        Circle("organisation", "Us", "staff", "y"),
        Circle("context", "Context", "staff", "z"),
    ),
    terms=(),
    own_domains=("crca.al",),
)


def an_entry(
    number: int = 1,
    *,
    circle: str = "campaign",
    country: str = "AL",
    held: bool = False,
    decision: Decision | None = None,
    story: str = "",
    title: str = "A headline",
    body: str = "Before TikTok after.",
    url: str = "",
    outlet: str = "",
    tier: int = 2,
    author: str = "",
) -> Entry:
    start = body.find("TikTok")
    hits = (Hit("platform", start, start + 6, "TikTok", "body"),) if start >= 0 else (Hit("platform", 0, 1, title[:1], "title"),)
    address = url or f"https://news.example/{number}"
    return Entry(
        mention=Mention(f"m{number}", "c", number, circle, hits, held=held),
        article=Article(
            "o",
            address,
            address,
            title,
            body,
            NOW,
            Depth.EXTRACTED,
            Published(NOW - timedelta(hours=number)),
            (author,) if author else (),
            "sq",
            id=number,
        ),
        outlet=Outlet(outlet or f"o{number}", outlet or f"Outlet {number}", "https://news.example/", country, ("sq",), tier=tier),
        story_key=story or f"s{number}",
        verdict=Verdict("c", number, decision, NOW) if decision else None,
    )


def test_only_the_campaigns_own_circle_is_counted() -> None:
    found = select_entries(CAMPAIGN, [an_entry(1), an_entry(2, circle="organisation"), an_entry(3, circle="context")])
    assert [len(part) for part in (found.counted, found.organisation, found.context)] == [1, 1, 1]
    assert count_figures(found).items == 1


def test_rejected_and_already_reported_items_are_left_out() -> None:
    found = select_entries(CAMPAIGN, [an_entry(1, decision=Decision.REJECT), an_entry(2), an_entry(3)], reported={2})
    assert [entry.article.id for entry in found.counted] == [3]
    assert found.rejected == 1


@pytest.mark.parametrize(("url", "own"), [("https://crca.al/a", True), ("https://www.crca.al/a", True), ("https://notcrca.al/a", False)])
def test_own_channels_stand_apart_and_are_not_counted(url: str, own: bool) -> None:
    found = select_entries(CAMPAIGN, [an_entry(1, url=url)])
    assert (len(found.own_channels), len(found.counted)) == ((1, 0) if own else (0, 1))


@given(st.lists(st.tuples(st.sampled_from(["AL", "RS", "XB"]), st.sampled_from([1, 2, 3]), st.integers(1, 4)), max_size=30), st.randoms())
def test_figures_add_up_whatever_the_order(rows: list[tuple[str, int, int]], random: object) -> None:
    entries = [an_entry(n, country=country, tier=tier, story=f"s{story}") for n, (country, tier, story) in enumerate(rows, 1)]
    figures = count_figures(select_entries(CAMPAIGN, entries))
    assert (
        figures.items
        == len(rows)
        == sum(n for _, n in figures.by_country)
        == sum(n for _, n in figures.by_tier)
        == sum(n for _, n in figures.by_language)
    )
    random.shuffle(entries)  # type: ignore[attr-defined]
    assert count_figures(select_entries(CAMPAIGN, entries)) == figures


def test_a_story_counts_once_and_its_earliest_item_comes_first() -> None:
    entries = (an_entry(1, story="s"), an_entry(5, story="s"))
    (group,) = story_groups(entries)
    assert [entry.article.id for entry in group.entries] == [5, 1]
    assert count_figures(select_entries(CAMPAIGN, entries)).stories == 1


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x?y=1&z=ž", "https://a.example/x?y=1&z=%C5%BE"),
        ("javascript:alert(1)", ""),
        ("//a.example/x", ""),
        ("data:text/html,x", ""),
        ("https://[", ""),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("", ""),
    ],
)
def test_only_absolute_http_links_get_into_a_digest(url: str, link: str) -> None:
    assert safe_link(url) == link


@given(st.text(), st.integers(5, 300))
def test_outside_text_becomes_one_short_line(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


@given(st.text(max_size=600), st.integers(0, 600), st.integers(1, 30))
def test_an_excerpt_marks_the_form_and_stays_short(filler: str, at: int, length: int) -> None:
    form = "Hazizajt"[: max(1, length % 9)]
    at = min(at, len(filler))
    body = filler[:at] + form + filler[at:]
    article = replace(an_entry().article, body=body)
    pieces = excerpt(article, [Hit("t", at, at + len(form), form, "body")])
    assert [piece.text for piece in pieces if piece.marked] == [form]
    assert sum(len(piece.text) for piece in pieces) <= 270


def test_a_hit_in_the_title_alone_gives_the_start_of_the_body() -> None:
    pieces = excerpt(an_entry(body="Only the headline names it.").article, [Hit("t", 0, 3, "Tik", "title")])
    assert "".join(piece.text for piece in pieces) == "Only the headline names it."


def test_an_excerpt_shows_where_most_terms_stand_together_and_marks_the_circles_terms_alone() -> None:
    body = "Prindërit u mblodhën. TikTok u përmend. " + "Fjalë të tjera. " * 40 + "Altin Hazizaj dhe TikTok nisën fushatën."
    hits = [Hit("parents", 0, 9, "Prindërit", "body"), Hit("platform", 22, 28, "TikTok", "body")]
    hits += [
        Hit(term, body.rindex(form), body.rindex(form) + len(form), form, "body")
        for term, form in (("hazizaj", "Altin Hazizaj"), ("platform", "TikTok"))
    ]
    entry = replace(an_entry(body=body), mention=replace(an_entry().mention, hits=tuple(hits)))
    campaign = replace(CAMPAIGN, terms=tuple(Term(name, TermKind.NAME, ()) for name in ("hazizaj", "platform", "parents", "albania")))
    campaign = replace(campaign, circles=(Circle("campaign", "The campaign", "partners", "hazizaj near/5 albania and platform"),))
    assert decisive_terms(campaign, "campaign") == {"hazizaj", "platform"}
    (shown,) = select_entries(campaign, [entry]).counted
    assert [piece.text for piece in excerpt(shown.article, shown.mention.hits) if piece.marked] == ["Altin Hazizaj", "TikTok"]


def test_an_empty_selection_has_zero_figures() -> None:
    assert count_figures(Selection()).items == 0
