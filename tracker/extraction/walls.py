"""What is no article, and why, in words. Careful: a junk page costs a glance, a lost mention cannot be made good."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from tracker.extraction.screen import ScreenedPage
from tracker.extraction.structured import ARTICLE_TYPES, GALLERY_TYPES, LISTING_TYPES
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
_ERROR = re.compile(
    r"^\W*(?:(?:error|erreur|gabim|gabimi|greška|greska|pogreška|napaka|грешка|fehler|http(?:\s+status)?)\W*)?(?:40[0345]|410|429|50[0-4])\b(?!\s+\w+\s+\w+\s+\w+\s+\w+\s+\w+)|"
    rf"^\W*(?:(?:oops|ups|uups|sorry)\W+)?(?:"
    r"(?:the |this )?(?:requested )?(?:page|url|document|article|file|content)\s+(?:was |is |could |can |has )?(?:not (?:be )?found|cannot be found|(?:you requested )?does(?:n[o']t| not) exist|unavailable|been removed)|"
    r"not found|nothing (?:was )?found|faqja (?:e kërkuar |që kërkuat |që po kërkoni )?(?:nuk (?:u gjet|ekziston|gjendet))|nuk u gjet(?: faqja| asgjë)?|artikulli nuk u gjet|"
    r"(?:tražena |trazena )?(?:stranica|strana|stranica koju tražite|strana koju tražite|članak|vijest|vest)\s+(?:nije (?:pronađena|pronađen|nađena|dostupna)|ne postoji|nije pronadjena)|nije pronađeno|nema rezultata|"
    r"(?:тражена )?(?:страница|страна|страница коју тражите)\s+(?:није (?:пронађена|нађена|доступна)|не постоји)|"
    r"(?:бараната )?(?:страница|страницата|страната|страна)(?:\s+што ја барате)?\s+(?:не (?:е пронајдена|постои|е најдена|беше пронајдена))|"
    r"stran(?:i)? ni(?:smo)? (?:bila )?(?:mogoče )?(?:najdena|našli|najti)|страницата не е намерена|"
    r"internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|error establishing a database connection|database error|"
    r"account suspended|this account has been suspended|(?:this )?domain (?:is )?(?:for sale|parked|expired)|index of /|default web site page|welcome to nginx|apache2? \w+ default page|"
    r"(?:site|website|sajt|stranica|faqja|сајтот|сајт)?\s*(?:is )?(?:under (?:maintenance|construction)|u izradi|u pripremi|në mirëmbajtje|në ndërtim|во изработка|у изради)|maintenance mode|scheduled maintenance"
    rf"){_END}",
    re.I,
)
_BOT = re.compile(
    r"^\W*(?:just a moment|attention required|checking (?:if the site|your browser)|please wait|one moment,? please|access (?:to this page has been )?denied|ddos-guard|"
    r"are you (?:a )?(?:robot|human)|(?:please )?verify (?:that )?you are (?:a )?human|verifying you are human|human verification|robot check|security check|captcha|"
    r"pardon our interruption|request unsuccessful|you have been blocked|sorry, you have been blocked|bot verification|performing security verification|"
    r"enable javascript and cookies|request rejected|403 forbidden|forbidden)\b(?!\s+\w+\s+\w+\s+\w+\s+\w+)",
    re.I,
)
_BOT_TEXT = re.compile(
    r"enable javascript and cookies to continue|checking if the site connection is secure|completing the captcha|verify you are (?:a )?human|ray id:?\s*[0-9a-f]{8}|"
    r"incapsula incident id|unusual traffic from your|your request has been blocked|needs to review the security of your connection|provera da niste robot",
    re.I,
)
_COOKIE = re.compile(
    r"cookies?\b|kolačić|колачић|kukit|biskota|колачињ|gdpr|(?:privacy|consent)\b|privatnost|privatësi|приватност|bisko[tv]", re.I
)
_COOKIE_TITLE = re.compile(
    r"^\W*(?:before you continue|your privacy|we value your privacy|cookies?(?: consent| policy| settings)?|consent|privatësia juaj|vaša privatnost|вашата приватност)\b",
    re.I,
)
_LOGIN_TITLE = re.compile(
    r"^\W*(?:log ?in|sign in|prijava|prijavi(?:te)? se|login|kyçu|kyçuni|identifikohu|hyr|пријав[аи]|најав[аи](?: се|те се)?|пријави(?:те)? се|subscribe|pretplata|претплата|abonohu)\b(?!\s+\w+\s+\w+\s+\w+\s+\w+)",
    re.I,
)
_PAYWALL = re.compile(
    r"(?:subscribe|log ?in|sign in|register) (?:now )?(?:to|and) (?:read|continue|view|access)|(?:only|exclusively) for subscribers|subscribers only|"
    r"(?:samo|dostupn\w*|dostupan) za pretplatnike|pretplatite se (?:da|kako)|prijavite se (?:da|kako|za)|(?:само|достап\w*|доступн\w*) за претплатниц?и|претплатете се за|најавете се за|"
    r"vetëm për abonentët|abonohu(?:ni)? për të|kyçu(?:ni)? për të|nastavak (?:teksta )?(?:je )?dostupan (?:samo )?(?:pretplatnicima|uz pretplatu)|ostatak teksta .{0,40}pretplat",
    re.I,
)
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
    if is_front_page(url) and not (says_article and screened.article_chars >= SHORT_CHARS):
        return Skipped(SkipReason.LISTING, "the address leads to the outlet's front page")
    if ARTICLE_TYPES.isdisjoint(screened.structured_types) and screened.og_type != "article":
        kinds = [kind for kind in screened.structured_types if kind in LISTING_TYPES]
        if kinds and _LISTING_PATH.search(url):
            return Skipped(SkipReason.LISTING, f"the page calls itself a {kinds[0]}")
    return None


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line[:80]}{"…" if len(line) > 80 else ""}"'
