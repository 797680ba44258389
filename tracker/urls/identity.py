"""Whether a canonical link still names the page's own article: a link shared by many pages would make them one."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

TELLING_WORDS = 3
"""So many words of an address name an article by themselves: sections have one or two."""

KEPT_SHARE = 0.5
"""Share of the words of a page's address that its canonical link keeps where the headline was changed later."""

SHORT_LINKS = frozenset({"p", "page_id", "post_id"})
"""WordPress's parameters for the short links of its posts, whose canonical link has the headline in place of the number."""

_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[/_.-]\d{1,2}){0,2}(?!\d)")
_NUMBER = re.compile(r"\d{3,}|(?<=/)\d{1,2}(?=/|$)")
_VALUE = re.compile(r"=(\w*\d\w*)(?:&|$)")
_ENDING = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|shtml)$", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}")


def keeps_identity(canonical_key: str, page_key: str) -> bool:
    """Whether a canonical address (as a key of `normalise`) holds the number or the words that tell the page from its neighbours."""
    if canonical_key == page_key:
        return True
    numbers, words = _numbers(page_key), _words(page_key)
    kept_numbers, kept_words = _numbers(canonical_key), _words(canonical_key)
    if numbers and kept_numbers:
        return bool(numbers & kept_numbers)
    common = len(words & kept_words)
    if words and common >= KEPT_SHARE * len(words):
        return not numbers or common >= (2 if urlsplit(canonical_key).path == urlsplit(page_key).path else TELLING_WORDS)
    is_telling = bool(kept_numbers) or len(kept_words) >= TELLING_WORDS
    return is_telling and (_is_short_link(page_key) or (not numbers and len(words) < 2))


def _numbers(key: str) -> frozenset[str]:
    parts = urlsplit(key)
    in_path = _NUMBER.findall(_DAY.sub("/", parts.path))
    return frozenset((*in_path, *_VALUE.findall(parts.query)))


def _words(key: str) -> frozenset[str]:
    """Words of the last part of the path, without the file's ending and marks on letters."""
    last = _ENDING.sub("", unquote(urlsplit(key).path)).rstrip("/").rsplit("/", 1)[-1]
    plain = "".join(char for char in unicodedata.normalize("NFD", last.casefold()) if not unicodedata.combining(char))
    return frozenset(_WORD.findall(plain))


def _is_short_link(key: str) -> bool:
    parts = urlsplit(key)
    return parts.path in ("", "/") and parts.query.partition("=")[0] in SHORT_LINKS
