"""The ladder, field by field: outlet rule, JSON-LD, OpenGraph and meta, trafilatura. READ THIS FIRST of the package."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from tracker.extraction.screen import ScreenedPage, one_line
from tracker.extraction.walls import hollow, wall
from tracker.model import Article, Depth, FetchedPage, Outlet, Skipped, SkipReason
from tracker.urls import trusted_canonical

MAX_TITLE_CHARS = 500


def extract_article(page: FetchedPage, outlet: Outlet) -> Article | Skipped:
    """The page's article by the full ladder, or the reason why it is none. Never raises, whatever the bytes are."""
    from tracker.extraction.bodies import article_body
    from tracker.extraction.byline import article_authors
    from tracker.extraction.dates import article_published
    from tracker.extraction.document import open_document
    from tracker.extraction.language import detect
    from tracker.extraction.titles import article_title

    document = open_document(page)
    if refusal := wall(document.screened, page.final_url):
        return refusal
    title = article_title(document)
    body = article_body(document, title)
    if refusal := hollow(document.screened, page.final_url, body):
        return refusal
    lead = one_line(document.structured.description) or document.screened.description or one_line(page.hint_summary)
    body = body or lead
    if not body or not title:
        return Skipped(
            SkipReason.TOO_SHORT, "the page has no text beside its headline" if title else "the page has neither headline nor article"
        )
    return Article(
        outlet_id=outlet.id,
        page_id=page.id,
        requested_url=page.requested_url,
        canonical_url=trusted_canonical(_absolute(page.final_url, document.screened.canonical_url), page.final_url, outlet.moved_hosts),
        title=title,
        body=body,
        fetched_at=page.fetched_at,
        depth=Depth.EXTRACTED,
        published=article_published(document, outlet),
        authors=article_authors(document),
        language=detect(f"{title}\n{body[:2000]}", outlet.languages or _stated_language(document.screened)),
        lead=lead,
        image=_absolute(page.final_url, document.meta("og:image", "og:image:url", "twitter:image") or document.structured.image),
    )


def screened_article(page: FetchedPage, screened: ScreenedPage) -> Article | Skipped:
    """The cheap article of a page that is no candidate: all visible text as body, or the reason why it is none."""
    if refusal := wall(screened, page.final_url):
        return refusal
    return Article(
        outlet_id=page.outlet_id,
        page_id=page.id,
        requested_url=page.requested_url,
        canonical_url=trusted_canonical(_absolute(page.final_url, screened.canonical_url), page.final_url, ()),
        title=screened.title[:MAX_TITLE_CHARS].strip(),
        body=screened.text,
        fetched_at=page.fetched_at,
        depth=Depth.SCREENED,
        published=page.hint_published,
        authors=page.hint_authors,
        language=next(iter(_stated_language(screened)), ""),
        lead=screened.description or one_line(page.hint_summary),
    )


def _stated_language(screened: ScreenedPage) -> tuple[str, ...]:
    """The language a page says it is in, as a code; empty where it says none."""
    code = screened.language_attribute.strip().lower().replace("_", "-").split("-")[0]
    return (code,) if code.isalpha() and len(code) in (2, 3) else ()


def _absolute(base: str, address: str) -> str:
    """An absolute http(s) address, or ""."""
    try:
        joined = urljoin(base, address.strip()) if address.strip() else ""
        return joined if urlsplit(joined).scheme in ("http", "https") and urlsplit(joined).hostname else ""
    except ValueError:
        return ""
