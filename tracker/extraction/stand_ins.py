"""Pages that stand in for an article, served as if they were it: a fault of the server's programs, and what shows nothing of the headline
under which the page was listed. Taken for articles they would be kept as they are, and the real ones never asked for again."""

from __future__ import annotations

import re

from tracker.extraction.notices import is_bare
from tracker.extraction.screen import ScreenedPage, one_line
from tracker.model import Skipped, SkipReason
from tracker.text.folding import fold

FAULT_CHARS = 600
"""A fault with its advice; a page of news shows more with its menu alone."""
OTHER_CHARS = 1200
"""A notice with the outlet's menu. Longer pages with running text may be the article under a headline of its own."""
OWN_CHARS = 20_000
"""Looked at, with what scripts of the page hold."""
TELLING_WORDS = 3
TELLING_LETTERS = 4
FEW, FEW_OF_BARE = 6, 3
"""Of a headline's words one in so many may stand on another page by chance; on a front page more do."""
STEM_LETTERS = 5
"""Endings of one word differ between a list and its page."""
_SITE = r"(?:site|website|web ?site|page|portal|sajt|stranica|portali?|faqja|сајт(?:от)?|страница(?:та)?|портал(?:от)?)"
_FAULT = re.compile(
    r"there has been a critical error on|(?:došlo je do|dogodila se) (?:kritičn|fataln)\w+ grešk|дошло је до критичне грешке|настана критична грешка|gabim kritik në këtë|"
    r"sqlstate\[|(?:could not|cannot|can'?t|unable to|failed to) connect to (?:the |local )?(?:mysql|mariadb|postgresql|database|db\b|redis)|too many connections|"
    r"(?:database|db) (?:connection )?(?:failed|error|is (?:down|unavailable))|connection failed:|"
    r"\b(?:fatal|parse) error\b.{0,300}(?: in /|on line \d)|\bwarning\b: .{0,300}on line \d|server error in '/|an application error occurred on the server|"
    r"unexpected error\. please try again|something went wrong\b.{0,40}$|"
    r"briefly unavailable for|we(?:'|’| wi)ll be back (?:soon|shortly|online)|performing (?:some |scheduled |routine )?maintenance|maintenance mode|"
    rf"\b{_SITE} (?:\w+ ){{0,3}}(?:under|undergoing|down for|unavailable (?:due to|for)) (?:\w+ )?maintenance|"
    rf"\b{_SITE} (?:je|е|је|është|po) (?:\w+ ){{0,3}}(?:u fazi|zbog|radi|у фази|због|ради|поради|në|për shkak të|për arsye) (?:održav|одржав|одржув|mirëmbajt)|"
    r"resource limit is reached|bandwidth limit exceeded|connection timed out|rate limit exceeded|please contact your hosting provider|"
    r"domain (?:name )?(?:may be|is) for sale|(?:need|have) to enable javascript to run this app|please enable javascript before you are allowed|"
    r"making sure you.{1,9} not a bot|access to this site has been limited|провер(?:авамо|уваме) (?:го )?ваш\w+ пре|proveravamo vaš|"
    r"^\{ ?\"(?:error|success|status|code|message|ok)\" ?:",
    re.I | re.M,
)
_PARTNERS = re.compile(
    r"\bwe and our (?:\d+ )?partners|\bmi i naši (?:\d+ )?partner|\bми и наши(?:те)? (?:\d+ )?партнер|\bne dhe (?:\d+ )?partnerët tanë",
    re.I,
)
_STEMS = re.compile(rf"[^\W_]{{{TELLING_LETTERS},}}")


def stand_in(screened: ScreenedPage, hint_title: str, hint_summary: str = "") -> Skipped | None:
    """Why the page is not the article that was listed; None when it may be it. For pages that do not call themselves articles."""
    bare = is_bare(screened, hint_title, hint_summary)
    if screened.visible_chars >= OTHER_CHARS and not bare:
        return None
    own = _own_text(screened, hint_title, hint_summary)[:OWN_CHARS]
    if not own.strip():
        return Skipped(SkipReason.ERROR_PAGE, "a page without any text in place of the article")
    wanted = _stems(hint_title)
    shown = wanted & _stems(own) if len(wanted) >= TELLING_WORDS else set()
    if len(shown) > len(wanted) // 2:
        return None
    if screened.visible_chars < FAULT_CHARS:
        if found := _FAULT.search(own):
            return Skipped(SkipReason.ERROR_PAGE, f"a fault of the server in place of the article: {one_line(found[0])[:80]}")
        if found := _PARTNERS.search(own):
            return Skipped(SkipReason.COOKIE_WALL, f"a question about cookies in place of the article: {one_line(found[0])[:80]}")
    if len(wanted) >= TELLING_WORDS and len(shown) <= len(wanted) // (FEW_OF_BARE if bare else FEW):
        return Skipped(SkipReason.ERROR_PAGE, "a page that hardly has a text and shows nothing of the headline under which it was listed")
    return None


def _own_text(screened: ScreenedPage, *hints: str) -> str:
    """What the page itself shows or says, without what its list said of it."""
    own = {one_line(hint) for hint in hints}
    beside = [line for line in screened.text[screened.visible_chars :].split("\n") if line not in own]
    title = screened.title if screened.heading or screened.page_title else ""
    return "\n".join([title, screened.page_title, screened.heading, screened.text[: screened.visible_chars], *beside])


def _stems(text: str) -> set[str]:
    return {word[:STEM_LETTERS] for word in _STEMS.findall(fold(text))}
