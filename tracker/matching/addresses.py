"""Web and e-mail addresses and account names in running text: what stands inside one names a place on the web, not the thing itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_CHUNK_CHARS = 300
"""To either side of a place; a longer run without a space is an address with parameters, and its host stands in front."""

_CHUNK = re.compile(r"\S+")
_OPENING = "\"'«„“”‘’([{<"
_CLOSING = "\"'»”“’)]}>.,;:!?…"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,15}://\S*|(?<!\w)www\.\S*", re.I)
_MAIL = re.compile(r"[\w.+-]{1,64}@\w[\w.-]*\.\w+")
_HANDLE = re.compile(r"(?<![\w.+/-])@\w[\w.]*")
_SURE = "com|net|org|info|edu|gov|io|срб|online|news|press|media"
_WORDS_TOO = "tv|eu|co|al|rs|ba|me|mk|hr|si|bg|gr|de|at|ch|it|fr|uk|us|xk"
_HOST = re.compile(rf"[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,5}}?\.({_SURE}|{_WORDS_TOO})(?=$|[/:?#,;)\]…])(?::\d+)?([/?#]\S*)?", re.I)
_OF_ACCOUNTS = re.compile(r"^(?:m\.)?(?:facebook|fb|instagram|twitter|x|tiktok|youtube|linkedin|threads|t|vk|snapchat)\.", re.I)


def stands_in_address(chars: str, start: int, end: int) -> bool:
    """Inside an e-mail or web address, or in a part of an account's @name; a whole @name is the account's own."""
    first = start
    while first > 0 and not chars[first - 1].isspace() and start - first < MAX_CHUNK_CHARS:
        first -= 1
    chunk = _CHUNK.match(chars, first, end + MAX_CHUNK_CHARS)
    if chunk is None or chunk.end() - chunk.start() == end - start:
        return False
    text = chunk.group()
    if "." not in text and "@" not in text and "/" not in text:
        return False
    return any(one < end - first and start - first < other for one, other in _spans(text, (start - first, end - first)))


def _spans(chunk: str, hit: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The addresses of a text without spaces. `hit` is left alone where it is all of an account's name."""
    for pattern in (_SCHEME, _MAIL):
        yield from (found.span() for found in pattern.finditer(chunk))
    for handle in _HANDLE.finditer(chunk):
        stop = handle.start() + len(handle.group().rstrip("._"))
        if (handle.start() + 1, stop) != hit:
            yield handle.start(), stop
    opened = len(chunk) - len(chunk.lstrip(_OPENING))
    host = _HOST.match(chunk, opened)
    if host is None or not _is_host(host):
        return
    path_at = host.start(2) if host.group(2) else host.end()
    yield opened, path_at if host.group(2) and _is_credit(chunk[opened:path_at], host.group(2)) else host.end()


def _is_host(host: re.Match[str]) -> bool:
    """`TikTok.Me këtë` is two sentences: an ending that is a word too is one of an address in small letters, or all in capitals."""
    ending = host.group(1)
    return ending.islower() or host.group()[: host.end(1) - host.start()].isupper() or re.fullmatch(_SURE, ending, re.I) is not None


def _is_credit(host: str, path: str) -> bool:
    """`Klix.ba/TikTok` under a picture names two sources; a path on the web has small letters, digits or hyphens."""
    parts = path.rstrip(_CLOSING).lstrip("/").split("/")
    return path[0] == "/" and not _OF_ACCOUNTS.match(host) and all(part[:1].isupper() and part.isalpha() for part in parts)
