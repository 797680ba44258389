"""Addresses as sources print them, made absolute and safe to ask for. Pure, and in time that grows with the address only."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from tracker.urls.amp_caches import own_address

MAX_CHARS = 2048
"""Characters. Browsers and servers cut longer ones."""

_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\u2060\ufeff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_BREAK = re.compile(r"[\x00-\x1f\x7f](?=https?:)", re.I)
_BLANK = re.compile(r"[ \u00a0]")
_NOTHING = re.compile(r"(?:https?:/*)?[#?]?|#.*|/?(?:null|undefined|none|nan)", re.I)
_SLIP = re.compile(r"h?t{1,3}p(s?)[:;.]{0,2}[/\\]{1,4}(?=[^/\\])", re.I)
_FEED = re.compile(r"feed:/{0,2}", re.I)
_HOST = re.compile(r"(?:[\w-]{1,63}\.){1,8}([A-Za-z\u0400-\u04ff]{2,18})(?::\d{1,5})?(?=[/?#]|$)")
_TOP_LEVEL = frozenset("al ba rs me mk xk hr si com net org info eu tv news press media срб мкд".split())
"""Ends of hosts that are taken for one where an address has no scheme: those of the register's homepages, and the region's own."""
_FURTHER = re.compile(r"(?<!^)https?:/{1,2}(?=[^/])", re.I)
_SEPARATORS = (" ", "\u00a0", ",", ";", "|", "%20")


def web_address(printed: str, base: str = "") -> str:
    """An absolute http(s) address without userinfo, or "" when `printed` is none. Relative ones are resolved against `base`.

    Slips that browsers or people put right are put right: no scheme (`www.gazeta.al/1`), too few or too many slashes, `feed://`, and of
    two addresses in one link the one that names a page."""
    printed = _trimmed(_CONTROLS.sub("", _BREAK.sub(" ", printed[: 2 * MAX_CHARS])))
    if not printed or _NOTHING.fullmatch(printed):
        return ""
    try:
        with_scheme = _with_scheme(_slashed(printed), base)
        joined = own_address(_one_of_two(_trimmed(urljoin(base, with_scheme) if base else with_scheme)))
        parts = urlsplit(joined)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.port == 0:
            return ""
    except ValueError:
        return ""
    if len(joined) > MAX_CHARS or _UNSEEN.search(parts.netloc) or "\\" in parts.netloc or "%" in parts.netloc:
        return ""
    return parts.scheme + _BLANK.sub("%20", joined[len(parts.scheme) :])


def is_front_page(address: str) -> bool:
    """Whether an address names a host's start page and so cannot be an article."""
    parts = urlsplit(address)
    return parts.path.strip("/") == "" and not parts.query


def _with_scheme(printed: str, base: str) -> str:
    """`www.gazeta.al/1` and `https:/gazeta.al/1` with scheme and slashes; what is relative stays."""
    if feed := _FEED.match(printed):
        printed = printed[feed.end() :] if printed[feed.end() :][:4].lower() == "http" else f"http://{printed[feed.end() :]}"
    slip = _SLIP.match(printed)
    rest = printed[slip.end() :] if slip else printed
    if slip and (printed[: slip.end()].lower() in ("http://", "https://") or not _is_host(rest, base)):
        return printed
    if not slip and not _is_host(printed, base):
        return printed
    scheme = f"http{slip[1].lower()}" if slip else (urlsplit(base).scheme if _same_host(rest, base) else "https")
    return f"{scheme}://{rest}"


def _slashed(printed: str) -> str:
    """Backslashes before the query are slashes, as browsers read them. Beside an @ they hide which host is meant, and stay."""
    at = min((place for sign in "?#" if (place := printed.find(sign)) >= 0), default=len(printed))
    if "\\" not in printed[:at] or "@" in printed:
        return printed
    return printed[:at].replace("\\", "/") + printed[at:]


def _is_host(text: str, base: str) -> bool:
    """Whether a text without scheme begins with a host: of a known end, or the base's own."""
    found = _HOST.match(text)
    return found is not None and (text[:4].lower() == "www." or found[1].lower() in _TOP_LEVEL or _same_host(text, base))


def _same_host(text: str, base: str) -> bool:
    host = (urlsplit(base).hostname or "").removeprefix("www.") if base else ""
    return bool(host) and (_HOST.match(text) or [""])[0].lower().partition(":")[0].removeprefix("www.") == host


def _one_of_two(address: str) -> str:
    """Of addresses printed one after the other the first that names a page; an address inside a query or of another host stays."""
    while found := _FURTHER.search(address):
        first, second = address[: found.start()], address[found.start() :]
        alone = _without_separator(first)
        separated, first = alone != first, alone
        host, other = (urlsplit(text).netloc.lower().removeprefix("www.") for text in (first, second))
        if not host or host.rstrip(":") == "" or is_front_page(first):
            address = second
        elif separated or (host == other and "?" not in first and "#" not in first):
            address = first
        else:
            return address
    return address


def _without_separator(first: str) -> str:
    while first.endswith(_SEPARATORS):
        first = first[:-3] if first.endswith("%20") else first[:-1]
    return first


def _trimmed(printed: str) -> str:
    start, end = 0, len(printed)
    while start < end and _UNSEEN.match(printed[start]):
        start += 1
    while end > start and _UNSEEN.match(printed[end - 1]):
        end -= 1
    return printed[start:end]
