"""Records with sensible defaults, for tests that care about one field only. All names and texts are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tracker.model import (
    Article,
    Campaign,
    Circle,
    Decision,
    Depth,
    FetchedPage,
    FetchFacts,
    FetchOutcome,
    FoundLink,
    HandItem,
    Hit,
    Medium,
    Mention,
    Outlet,
    PollResult,
    Source,
    SourceKind,
    StoryText,
    Term,
    TermEntry,
    TermKind,
    Verdict,
)

NOW = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)


def an_outlet(id: str = "zeri-i-lumit", **fields: Any) -> Outlet:
    return Outlet(
        **{"id": id, "name": "Zëri i Lumit", "homepage": f"https://{id}.example/", "country": "AL", "languages": ("sq",)} | fields
    )


def a_source(id: str = "zeri-i-lumit:feed:1", **fields: Any) -> Source:
    outlet_id = id.split(":")[0]
    address = f"https://{outlet_id}.example/feed/{id.split(':')[-1]}"
    return Source(**{"id": id, "outlet_id": outlet_id, "kind": SourceKind.FEED, "address": address} | fields)


def some_facts(outcome: FetchOutcome = FetchOutcome.FETCHED, **fields: Any) -> FetchFacts:
    url = "https://zeri-i-lumit.example/lajme/1"
    return FetchFacts(**{"requested_url": url, "final_url": url, "outcome": outcome, "fetched_at": NOW, "status": 200} | fields)


def a_poll(outcome: FetchOutcome = FetchOutcome.FETCHED, **fields: Any) -> PollResult:
    return PollResult(**{"source_id": "zeri-i-lumit:feed:1", "facts": some_facts(outcome)} | fields)


def a_link(url: str = "https://zeri-i-lumit.example/lajme/1", **fields: Any) -> FoundLink:
    return FoundLink(**{"url": url, "source_id": "zeri-i-lumit:feed:1", "outlet_id": "zeri-i-lumit", "found_by": "feed"} | fields)


def a_page(**fields: Any) -> FetchedPage:
    url = "https://zeri-i-lumit.example/lajme/1"
    given = {
        "id": 1,
        "link_id": 1,
        "outlet_id": "zeri-i-lumit",
        "requested_url": url,
        "final_url": url,
        "content_type": "text/html; charset=utf-8",
        "body": b"<html><body><p>Lumi doli nga shtrati.</p></body></html>",
        "fetched_at": NOW,
    }
    return FetchedPage(**given | fields)


def an_article(number: int = 1, **fields: Any) -> Article:
    url = f"https://zeri-i-lumit.example/lajme/{number}"
    given = {
        "outlet_id": "zeri-i-lumit",
        "requested_url": url,
        "canonical_url": url,
        "title": f"Lumi doli nga shtrati {number}",
        "body": "Banorët e fshatit panë ujin të ngrihej gjatë natës.",
        "fetched_at": NOW,
        "depth": Depth.EXTRACTED,
        "language": "sq",
    }
    return Article(**given | fields)


def a_hit(form: str = "lumi", **fields: Any) -> Hit:
    return Hit(**{"term_id": "river", "start": 0, "end": len(form), "form": form, "field": "title"} | fields)


def a_mention(article_id: int = 1, campaign_id: str = "rivers", **fields: Any) -> Mention:
    given = {
        "id": f"{campaign_id}-{article_id}",
        "campaign_id": campaign_id,
        "article_id": article_id,
        "circle": "campaign",
        "hits": (a_hit(),),
    }
    return Mention(**given | fields)


def a_verdict(article_id: int = 1, decision: Decision = Decision.ACCEPT, campaign_id: str = "rivers", **fields: Any) -> Verdict:
    return Verdict(**{"campaign_id": campaign_id, "article_id": article_id, "decision": decision, "decided_at": NOW} | fields)


def a_hand_item(article_id: int = 1, campaign_id: str = "rivers", **fields: Any) -> HandItem:
    given = {"campaign_id": campaign_id, "article_id": article_id, "medium": Medium.TELEVISION, "circle": "campaign", "entered_at": NOW}
    return HandItem(**given | fields)


def a_campaign(**fields: Any) -> Campaign:
    given = {
        "id": "rivers",
        "name": "Clean rivers",
        "countries": ("AL", "BA", "XK", "ME", "MK", "RS"),
        "since": date(2026, 1, 1),
        "time_zone": "Europe/Tirane",
        "review": "optional",
        "circles": (Circle(id="campaign", name="The campaign", audience="partners", query="river"),),
        "terms": (Term(id="river", kind=TermKind.WORD, entries=(TermEntry("lumë", "sq"),)),),
        "version": "1",
    }
    return Campaign(**given | fields)


def a_story_text(article_id: int = 1, body: str = "", **fields: Any) -> StoryText:
    return StoryText(**{"article_id": article_id, "outlet_id": f"outlet-{article_id}", "title": "", "body": body} | fields)
