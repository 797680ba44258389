"""The ladder, field by field: outlet rule, JSON-LD, OpenGraph and meta, trafilatura. READ THIS FIRST of the package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tracker.extraction.notices import notice
from tracker.extraction.screen import ScreenedPage, one_line
from tracker.extraction.stand_ins import stand_in
from tracker.extraction.walls import hollow, looks_like_article, wall
from tracker.model import Article, Depth, FetchedPage, Outlet, Skipped, SkipReason
from tracker.urls.canonical import trusted_canonical

if TYPE_CHECKING:
    from tracker.extraction.document import PageDocument
    from tracker.extraction.outlets.rules import OutletRule, RuleReading

MAX_TITLE_CHARS = 500
"""A screened title is not checked against headings; the longest gold title of the corpus has 175 characters."""
MAX_BODY_CHARS = 500_000
"""The longest article of the corpus has under 60,000; a page with more is a dump, and the search index takes less anyway."""

MAX_SCRAP_FACTOR = 4
"""How many times longer the general text must be than a rule's short one to replace it. Short news with a box or two beside them stay under it."""

LANGUAGE_CHARS = 2000
"""Characters that the language is told by: the first 300 words; detection takes longer the more it reads."""
_CONTROLS = {code: " " for code in range(32) if code != ord("\n")}


def extract_article(page: FetchedPage, outlet: Outlet, rules: Sequence[OutletRule] | None = None) -> Article | Skipped:
    """The page's article by the full ladder, or the reason why it is none. Never raises, whatever the bytes are.

    `rules` replaces the shipped outlet rules.
    """
    from tracker.extraction.document import open_document

    document = open_document(page)
    if refusal := _refusal(page, document.screened):
        return refusal
    return _by_ladder(document, outlet, _ruled(document, outlet, rules))


def screened_article(page: FetchedPage, screened: ScreenedPage) -> Article | Skipped:
    """The cheap article of a page that is no candidate: all visible text as body, or the reason why it is none."""
    if refusal := _refusal(page, screened):
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


def _refusal(page: FetchedPage, screened: ScreenedPage) -> Skipped | None:
    if refusal := wall(screened, page.final_url) or notice(screened, page.hint_title, page.hint_summary):
        return refusal
    return None if looks_like_article(screened) else stand_in(screened, page.hint_title, page.hint_summary)


def _by_ladder(document: PageDocument, outlet: Outlet, ruled: RuleReading) -> Article | Skipped:
    from tracker.extraction.byline import article_authors, names_in
    from tracker.extraction.dates import article_dating
    from tracker.extraction.language import detect
    from tracker.extraction.titles import article_title, bounded

    page, screened = document.page, document.screened
    title = bounded(one_line(ruled.title)) or article_title(document)
    body = _body(document, title, ruled)
    if refusal := hollow(screened, page.final_url, body):
        return refusal
    lead = one_line(ruled.lead or document.structured.description) or screened.description or one_line(page.hint_summary)
    body = (body or lead)[:MAX_BODY_CHARS].translate(_CONTROLS)
    if not body or not title:
        return Skipped(
            SkipReason.TOO_SHORT, "the page has no text beside its headline" if title else "the page has neither headline nor article"
        )
    dating = article_dating(document, outlet, ruled.published)
    return Article(
        outlet_id=outlet.id,
        page_id=page.id,
        requested_url=page.requested_url,
        canonical_url=trusted_canonical(_absolute(page.final_url, screened.canonical_url), page.final_url, outlet.moved_hosts),
        title=title,
        body=body,
        fetched_at=page.fetched_at,
        depth=Depth.EXTRACTED,
        published=dating.published,
        date_readings=dating.readings,
        authors=names_in(ruled.authors, frozenset()) or article_authors(document),
        language=detect(f"{title}\n{body[:LANGUAGE_CHARS]}", outlet.languages or _stated_language(screened)),
        lead=lead,
        image=_absolute(page.final_url, document.meta("og:image", "og:image:url", "twitter:image") or document.structured.image),
    )


def _body(document: PageDocument, title: str, ruled: RuleReading) -> str:
    """The text by the outlet's rule. One so short that the rule may have found a scrap only stands against the general method's."""
    from tracker.extraction.bodies import SHORT_CHARS, article_body
    from tracker.extraction.boilerplate import without_boilerplate

    if not ruled.body:
        return article_body(document, title)
    body = without_boilerplate(ruled.body, (title, document.screened.heading))
    if ruled.lead and ruled.lead not in body:
        body = f"{ruled.lead}\n{body}"
    if len(body) >= SHORT_CHARS:
        return body
    general = article_body(document, title)
    return general if len(general) > MAX_SCRAP_FACTOR * len(body) else body


def _ruled(document: PageDocument, outlet: Outlet, rules: Sequence[OutletRule] | None) -> RuleReading:
    from tracker.extraction.outlets import shipped_rules
    from tracker.extraction.outlets.rules import RuleReading, read_by_rule, rule_for

    page = document.page
    rule = rule_for(page.final_url, document.source, outlet, page.fetched_at.date(), shipped_rules() if rules is None else rules)
    return read_by_rule(rule, document.source) if rule else RuleReading()


def _stated_language(screened: ScreenedPage) -> tuple[str, ...]:
    """The language a page says it is in, as a code; empty where it says none."""
    code = screened.language_attribute.strip().lower().replace("_", "-").split("-")[0]
    return (code,) if code.isalpha() and len(code) in (2, 3) else ()


def _absolute(base: str, address: str) -> str:
    """An absolute http(s) address, or ""."""
    try:
        joined = urljoin(base, address.strip()) if address.strip() else ""
        return joined if joined != base and urlsplit(joined).scheme in ("http", "https") and urlsplit(joined).hostname else ""
    except ValueError:
        return ""
