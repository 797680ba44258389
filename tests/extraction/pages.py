"""Invented pages: structures seen in the region, words ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tracker.model import FetchedPage, Outlet

NOW = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)
URL = "https://zeri-i-lumit.example/lajme/kanali-i-ri-1234"

SENTENCES = (
    "Bashkia e qytetit hapi të premten kanalin e ri që lidh dy brigjet e lumit, pas tre vitesh punimesh.",
    "Kryetarja tha se shtegu përgjatë ujit do të jetë i hapur për këmbësorët dhe për biçikletat gjatë gjithë vitit.",
    "Banorët e lagjes kërkuan më shumë ndriçim dhe stola, ndërsa inxhinierët premtuan se punimet e fundit mbarojnë në maj.",
    "Në ceremoni u shfaqën edhe fotografi të vjetra të urës së drurit, të mbledhura nga familjet e zonës.",
)
PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
MENU = (
    "<nav><ul><li><a href='/lajme/'>Lajme</a></li><li><a href='/sport/'>Sport</a></li><li><a href='/kulture/'>Kulturë</a></li></ul></nav>"
)


def an_outlet(**fields: Any) -> Outlet:
    return Outlet(
        **{"id": "zeri-i-lumit", "name": "Zëri i Lumit", "homepage": "https://zeri-i-lumit.example/", "country": "AL", "languages": ("sq",)}
        | fields
    )


def a_page(html: str | bytes, **fields: Any) -> FetchedPage:
    body = html if isinstance(html, bytes) else html.encode()
    given = {
        "id": 7,
        "link_id": 3,
        "outlet_id": "zeri-i-lumit",
        "requested_url": URL,
        "final_url": URL,
        "content_type": "text/html; charset=utf-8",
    }
    return FetchedPage(**{**given, "body": body, "fetched_at": NOW, **fields})


def a_news_page(title: str = "Hapet kanali i ri", head: str = "", body: str = PARAGRAPHS, above: str = "", below: str = "") -> str:
    return (
        f'<!doctype html><html lang="sq"><head><meta charset="utf-8"><title>{title} - Zëri i Lumit</title>{head}</head><body>{MENU}'
        f'<main><article><h1>{title}</h1>{above}<div class="entry-content">{body}</div>{below}</article></main>'
        "<footer><p>Të gjitha të drejtat e rezervuara</p></footer></body></html>"
    )
