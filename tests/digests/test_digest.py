"""What a digest shows, keeps back, counts and escapes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import assets
from tracker.delivery.message import as_message
from tracker.digests.excerpts import excerpt
from tracker.digests.figures import count_figures, story_groups
from tracker.digests.rendering import plain, render_digest, safe_link
from tracker.digests.selection import decisive_terms, select_entries
from tracker.errors import ConfigError
from tracker.model import (
    Article,
    Campaign,
    Circle,
    Decision,
    Depth,
    Digest,
    Entry,
    Hit,
    Mention,
    Outlet,
    Precision,
    Published,
    RenderedDigest,
    Selection,
    SourceTrouble,
    Term,
    TermKind,
    Verdict,
    Window,
)  # fmt: skip

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CAMPAIGN = Campaign(
    id="c", name="A Digital Safety Agenda", countries=("AL", "RS"), since=date(2024, 10, 1), time_zone="Europe/Tirane", review="required",
    circles=(Circle("campaign", "The campaign", "partners", "x"), Circle("organisation", "Us", "staff", "y"), Circle("context", "Context", "staff", "z")),
    terms=(), own_domains=("crca.al",),
)  # fmt: skip


def an_entry(
    number: int = 1, *, circle: str = "campaign", country: str = "AL", held: bool = False, decision: Decision | None = None, story: str = "",
    title: str = "A headline", body: str = "Before TikTok after.", url: str = "", outlet: str = "", tier: int = 2, author: str = "",
) -> Entry:  # fmt: skip
    start = body.find("TikTok")
    hits = (Hit("platform", start, start + 6, "TikTok", "body"),) if start >= 0 else (Hit("platform", 0, 1, title[:1], "title"),)
    address = url or f"https://news.example/{number}"
    return Entry(
        mention=Mention(f"m{number}", "c", number, circle, hits, held=held),
        article=Article("o", address, address, title, body, NOW, Depth.EXTRACTED, Published(NOW - timedelta(hours=number)), (author,) if author else (), "sq", id=number),
        outlet=Outlet(outlet or f"o{number}", outlet or f"Outlet {number}", "https://news.example/", country, ("sq",), tier=tier),
        story_key=story or f"s{number}",
        verdict=Verdict("c", number, decision, NOW) if decision else None,
    )  # fmt: skip


def a_digest(*entries: Entry, troubles: tuple[SourceTrouble, ...] = ()) -> Digest:
    return Digest(
        "c", CAMPAIGN.name, "0123456789abcdef", CAMPAIGN.countries, CAMPAIGN.time_zone, "nightly", Window(NOW - timedelta(days=1), NOW), NOW,
        select_entries(CAMPAIGN, entries), troubles, sources_watched=10, sources_answered=10 - len(troubles), items_looked_at=500,
    )  # fmt: skip


def rendered(*entries: Entry, troubles: tuple[SourceTrouble, ...] = ()) -> RenderedDigest:
    return render_digest(a_digest(*entries, troubles=troubles), assets.folder("templates"))


def test_only_the_campaigns_own_circle_is_counted() -> None:
    found = select_entries(CAMPAIGN, [an_entry(1), an_entry(2, circle="organisation"), an_entry(3, circle="context")])
    assert [len(part) for part in (found.counted, found.organisation, found.context)] == [1, 1, 1]
    assert count_figures(found).items == 1


@pytest.mark.parametrize("decision", [None, Decision.UNSURE, Decision.REJECT, Decision.SENSITIVE])
def test_a_held_item_appears_nowhere_until_a_person_has_accepted_it(decision: Decision | None) -> None:
    result = rendered(an_entry(1, held=True, decision=decision, title="Zyzzyva"))
    assert "Zyzzyva" not in result.html + result.text + result.subject


def test_a_held_item_that_a_person_accepted_is_shown() -> None:
    assert "Zyzzyva" in rendered(an_entry(1, held=True, decision=Decision.ACCEPT, title="Zyzzyva")).html


@pytest.mark.parametrize("circle", ["campaign", "organisation", "context"])
def test_an_item_called_sensitive_appears_in_no_part_of_any_form(circle: str) -> None:
    result = rendered(an_entry(1, circle=circle, decision=Decision.SENSITIVE, title="Zyzzyva"))
    assert "Zyzzyva" not in result.html + result.text


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


HOSTILE = [
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "=cmd|'/C calc'!A0", "line\r\nBcc: x@example.org", "\u202egnp.exe", "😀 emoji", "{{ 7*7 }}", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_headlines_authors_and_outlet_names_are_inert(text: str) -> None:
    result = rendered(an_entry(1, title=text, outlet=text, author=text, body=f"{text} TikTok {text}"))
    assert "<script>" not in result.html
    assert "<img" not in result.html
    assert "\u202e" not in result.html + result.text + result.subject
    assert "\n" not in result.subject
    assert "49" not in result.subject
    assert len(result.html) < 90_000


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x?y=1&z=ž", "https://a.example/x?y=1&z=%C5%BE"), ("javascript:alert(1)", ""), ("//a.example/x", ""), ("data:text/html,x", ""),
        ("https://[", ""), ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"), ("", ""),
    ],
)  # fmt: skip
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


def test_text_and_html_say_the_same_facts() -> None:
    trouble = SourceTrouble("x:feed:1", "Radio Korab", "RS", "blocked", "refused with 403")
    result = rendered(an_entry(1, title="First"), an_entry(2, country="RS", title="Second"), troubles=(trouble,))
    for fact in (
        "First",
        "Second",
        "Outlet 1",
        "Outlet 2",
        "Albania",
        "Serbia",
        "https://news.example/1",
        "Radio Korab",
        "refused with 403",
        "9 of 10 sources answered",
    ):
        assert fact in result.text, fact
        assert fact in result.html, fact


def test_an_empty_period_says_so() -> None:
    result = rendered()
    assert "Nothing was found in this period." in result.html
    assert "Nothing was found in this period." in result.text
    assert "nothing found" in result.subject


def test_a_day_without_a_time_is_printed_as_a_day() -> None:
    entry = an_entry()
    entry = replace(entry, article=replace(entry.article, published=Published(datetime(2026, 11, 20, tzinfo=UTC), Precision.DAY)))
    assert "20 November 2026 ·" in rendered(entry).html


def test_nothing_in_the_html_is_loaded_from_elsewhere() -> None:
    html = rendered(an_entry()).html
    assert "src=" not in html
    assert "url(" not in html
    assert "<link" not in html


def test_a_message_has_both_parts_and_a_stable_identity() -> None:
    made = rendered(an_entry(title="Naslov sa š č ć"))
    message = as_message(made, sender="Štampa <press@ngo.example>", reply_to="", identity="c.1", made_at=NOW)
    read = message_from_bytes(message, policy=policy.default)
    assert read["Message-ID"] == "<c.1@ngo.example>"
    assert {part.get_content_type() for part in read.walk()} == {"multipart/alternative", "text/plain", "text/html"}
    assert "Naslov sa š č ć" in read.get_body(("plain",)).get_content()


@pytest.mark.parametrize("sender", ["nobody", "a@b@c", "x\r\nBcc: y@example.org"])
def test_a_sender_that_is_no_address_is_a_clear_error(sender: str) -> None:
    with pytest.raises(ConfigError, match=r"digest\.sender is no mail address"):
        as_message(rendered(), sender=sender, reply_to="", identity="x", made_at=NOW)


def test_an_empty_selection_has_zero_figures() -> None:
    assert count_figures(Selection()).items == 0
