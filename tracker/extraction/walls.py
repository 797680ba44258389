"""What is no article, and why, in words. Careful: a junk page costs a glance, a lost mention cannot be made good."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from tracker.extraction import vocabulary
from tracker.extraction.screen import ScreenedPage
from tracker.extraction.structured import ARTICLE_TYPES, GALLERY_TYPES, LISTING_TYPES
from tracker.extraction.vocabulary import compiled
from tracker.model import Skipped, SkipReason
from tracker.urls.canonical import is_front_page, normalise

WALL_CHARS = 2500
"""Walls show a few sentences; the longest of those seen (a consent page in eight languages) has about 2,200 characters."""

SHORT_CHARS = 300
"""Fewer characters are no news text but a notice, about 40 words."""
TITLE_CHARS = 70
"""Walls have short titles; a headline that begins like one goes on."""

LISTING_LINKS = 25
"""Links from which a page may be a list of articles; menus alone have fewer on short pages."""
LINK_SHARE = 0.55
"""Share of a page's visible text within links above which, with hardly any other text, it is a list of articles."""

_END = r"(?=\s*(?:[-–—|•·:.!,]|\d{3}\b|$))"
_NO_HEADLINE = r"\b(?!\s+\w+\s+\w+\s+\w+\s+\w+)"
_ERROR = compiled(
    r"^\W*(?:(?:error|erreur|gabim|gabimi|greška|pogreška|napaka|грешка|fehler|http(?:\s+status)?)\W*)?(?:40[0345]|410|429|50[0-4])\b(?!\s+\w+\s+\w+\s+\w+\s+\w+\s+\w+)|"
    rf"^\W*(?:(?:oops|ups|uups|sorry)\W+)?(?:{vocabulary.absent(vocabulary.ASKED_FOR, taken_down=False)}|{vocabulary.ONLY_NOT_FOUND}|{vocabulary.TITLES_OF_ERRORS}|{vocabulary.SERVER_FAULTS}){_END}"
)
_BOT = compiled(rf"^\W*(?:{vocabulary.CHALLENGES}|{vocabulary.CHALLENGES_ALONE}){_NO_HEADLINE}")
_BOT_TEXT = compiled(vocabulary.GUARD_TEXTS)
_COOKIE = compiled(vocabulary.COOKIES)
_COOKIE_TITLE = compiled(rf"^\W*(?:{vocabulary.COOKIE_TITLES})\b")
_LOGIN_TITLE = compiled(rf"^\W*(?:{vocabulary.LOGINS}|{vocabulary.SUBSCRIPTIONS}){_NO_HEADLINE}")
_PAYWALL = compiled(vocabulary.FIRST_PAYWALLS)
_LISTING_PATH = re.compile(
    r"/(?:tags?|category|categories|kategori\w*|rubrik\w*|arhiv\w*|archiv\w*|arkiv\w*|search|kerko|pretraga|trazi|authors?|autor\w*|page|strana|faqe|tema|temat|label|oznak\w*|"
    r"c|etiket\w*|sections?|seksion\w*)/[^/]*/?(?:page/\d+/?)?$|[?&](?:s|q|search|query)=",
    re.I,
)


def looks_like_article(screened: ScreenedPage) -> bool:
    """Whether the page itself says that it is an article."""
    return screened.og_type in ("article", "news", "newsarticle", "blog", "og:article") or not ARTICLE_TYPES.isdisjoint(
        screened.structured_types
    )


def wall(screened: ScreenedPage, url: str) -> Skipped | None:
    """The reason why a page is no article, from its cheap text alone; None when it may be one."""
    says_article = looks_like_article(screened)
    if screened.challenge and screened.visible_chars < WALL_CHARS and not says_article:
        return Skipped(SkipReason.BOT_WALL, f"the outlet's guard against robots ({screened.challenge}) answered instead of the article")
    if not screened.visible_chars and not screened.title:
        return Skipped(SkipReason.UNREADABLE, "the page holds no text")
    if screened.forwards_to and screened.visible_chars < SHORT_CHARS and _is_elsewhere(screened.forwards_to, url):
        return Skipped(SkipReason.FORWARDS, f"the page only forwards to {_quoted(screened.forwards_to)}")
    titles = [title for title in (screened.heading, screened.page_title, screened.title) if title]
    if not says_article:
        for check in (_bot_wall, _error_page, _cookie_wall, _login_wall):
            if refusal := check(screened, titles):
                return refusal
    return _listing(screened, url, says_article)


def hollow(screened: ScreenedPage, url: str, body: str) -> Skipped | None:
    """The reason why a page whose article text is this short is none; None when it is short news."""
    if len(body) >= SHORT_CHARS or looks_like_article(screened):
        return None
    if len(body) < SHORT_CHARS // 2 and not GALLERY_TYPES.isdisjoint(screened.structured_types):
        return Skipped(SkipReason.GALLERY, "a gallery of pictures without a text")
    if len(body) < SHORT_CHARS // 2 and screened.visible_chars < WALL_CHARS and (found := _PAYWALL.search(screened.text)):
        return Skipped(SkipReason.LOGIN_WALL, f"the text is behind a login or payment: {_quoted(found[0])}")
    if (
        screened.links >= LISTING_LINKS
        and screened.link_chars > LINK_SHARE * screened.visible_chars
        and (not screened.heading or _LISTING_PATH.search(url))
    ):
        return Skipped(SkipReason.LISTING, f"a list of {screened.links} links with hardly any text of its own")
    return None


def _is_elsewhere(address: str, url: str) -> bool:
    try:
        key = normalise(urljoin(url, address))
    except ValueError:
        return False
    return bool(key) and key != normalise(url)


def _bot_wall(screened: ScreenedPage, titles: list[str]) -> Skipped | None:
    if screened.visible_chars < WALL_CHARS:
        title = next((title for title in titles if _BOT.match(title) and len(title) <= TITLE_CHARS), "")
        if (title and screened.article_chars < SHORT_CHARS) or _BOT_TEXT.search(screened.text):
            return Skipped(
                SkipReason.BOT_WALL, f"the outlet's guard against robots answered instead of the article: {_quoted(title or screened.text)}"
            )
    return None


def _error_page(screened: ScreenedPage, titles: list[str]) -> Skipped | None:
    title = next((title for title in titles if _ERROR.match(title)), "")
    if not title and screened.visible_chars < SHORT_CHARS:
        title = next((line for line in screened.text.split("\n")[:4] if _ERROR.match(line)), "")
    return Skipped(SkipReason.ERROR_PAGE, f"an error page served as if it were an article: {_quoted(title)}") if title else None


def _cookie_wall(screened: ScreenedPage, titles: list[str]) -> Skipped | None:
    if screened.visible_chars < WALL_CHARS and screened.article_chars < SHORT_CHARS:
        words = len(_COOKIE.findall(screened.text))
        if (any(_COOKIE_TITLE.match(title) for title in titles) and words >= 2) or (words >= 5 and words * 120 > screened.visible_chars):
            return Skipped(
                SkipReason.COOKIE_WALL,
                f"a question about cookies instead of the article: {_quoted(titles[0] if titles else screened.text)}",
            )
    return None


def _login_wall(screened: ScreenedPage, titles: list[str]) -> Skipped | None:
    title = next((title for title in titles if _LOGIN_TITLE.match(title)), "")
    if screened.visible_chars < WALL_CHARS // 2 and title and (screened.has_password_field or _PAYWALL.search(screened.text)):
        return Skipped(SkipReason.LOGIN_WALL, f"a login instead of the article: {_quoted(title)}")
    return None


def _listing(screened: ScreenedPage, url: str, says_article: bool) -> Skipped | None:
    if not (says_article and screened.article_chars >= SHORT_CHARS) and is_front_page(url):
        return Skipped(SkipReason.LISTING, "the address leads to the outlet's front page")
    if ARTICLE_TYPES.isdisjoint(screened.structured_types) and screened.og_type != "article":
        kinds = [kind for kind in screened.structured_types if kind in LISTING_TYPES]
        if kinds and _LISTING_PATH.search(url):
            return Skipped(SkipReason.LISTING, f"the page calls itself a {kinds[0]}")
    return None


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line[:80]}{"…" if len(line) > 80 else ""}"'
