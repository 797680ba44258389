"""Redirects of an article's address to a page that cannot be the article: the front page in any form, its section, a login, a fault page."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from tracker.urls.canonical import is_front_page, normalise, registrable_domain
from tracker.urls.identity import keeps_identity
from tracker.urls.rulebook import NO_RULES, AddressRules

_ROOT = re.compile(
    r"/(?:index|default|home|naslovna|naslovnica|pocetna|početna|ballina|kryefaqja|pocetok|почетна|насловна)(?:\.\w{2,5})?", re.I
)
_LANGUAGE = re.compile(r"/(?:bs|hr|sr|me|mk|sq|al|en|cnr|ba|lat|cir|cyr|latinica|latin|[cć]irilica|(?:sr|bs|hr|cnr)[-_]\w{2,4})", re.I)
_ELSEWHERE = re.compile(
    r"(?:log-?in|sign-?in|sign_in|prijava|prijavi-se|hyrje|wp-login\.php|40[34]|50[023]|not-?found|page-not-found|error|greska|greška|gabim|maintenance|"
    r"odrzavanje|consent|captcha)(?:\.\w{2,5})?",
    re.I,
)
_SMALL_NUMBER = re.compile(r"\d{1,2}")
_TELLING = re.compile(r"\d{3}|[^\W_]-[^\W_]+-[^\W_]")
"""In the last part of an address: a number, or the words of a headline. Sections have neither."""


def leads_elsewhere(asked: str, final: str, rules: AddressRules = NO_RULES) -> str:
    """What a redirect leads to in place of the article, in words; empty where it may lead to the article itself. A page of another site
    is judged by what it shows: one that stands for the articles of many outlets is told as the network's own login."""
    asked_key, final_key = normalise(asked, rules), normalise(final, rules)
    if not asked_key or not final_key or asked_key == final_key or is_front_page(asked, rules):
        return ""
    if is_front_page(final, rules):
        return "the front page"
    if registrable_domain(asked) != registrable_domain(final):
        return ""
    if asked_key.startswith("article:") or final_key.startswith("article:"):
        asked_key, final_key = normalise(asked), normalise(final)
    parts = urlsplit(final_key)
    path, query = unquote(parts.path).rstrip("/"), parts.query
    before, last = unquote(urlsplit(asked_key).path).rstrip("/"), path.rpartition("/")[2]
    if not path or _ROOT.fullmatch(path) or _LANGUAGE.fullmatch(path):
        return "" if re.search(r"\d{3}", query) and before not in unquote(query) else "the front page"
    if _ELSEWHERE.fullmatch(last) and before.rpartition("/")[2] != last:
        return f"/{last[:40]}"
    if keeps_identity(final_key, asked_key):
        return ""
    above = before.startswith(f"{path}/") and not _SMALL_NUMBER.fullmatch(before.rpartition("/")[2])
    return "the section" if above and not query and not _TELLING.search(last) else ""
