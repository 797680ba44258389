"""Two addresses being one page.

`normalise` gives the key under which an address is known; it is no address to fetch. What holds for one outlet only stands in its row
of the register and comes in as rules (`tracker/urls/rulebook.py`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from tracker.urls.amp_caches import own_address
from tracker.urls.hosts import host_key, host_of, is_number
from tracker.urls.identity import keeps_identity
from tracker.urls.outlet_rules import AddressRule
from tracker.urls.rulebook import NO_RULES, AddressRules, rule_of

if TYPE_CHECKING:
    from tldextract import TLDExtract

__all__ = [
    "LONGEST_ADDRESS",
    "is_front_page",
    "is_host",
    "keys_of",
    "normalise",
    "registrable_domain",
    "rule_of",
    "trusted_canonical",
    "without_tracking",
]

MAX_ROUNDS = 20
"""Of taking something off a path; real ones need two: `/amp` and a script."""
MAX_PARAMETERS = 100
"""Of a query; the most in the corpus are 9."""
LONGEST_ADDRESS = 4096
"""Characters. The longest article address in the corpus has 1,100; servers commonly refuse beyond 8,190."""

SCRIPT_PARAMETERS = {
    **dict.fromkeys(
        ("script", "lng", "lang", "pismo"),
        frozenset(["lat", "cir", "cyr", "latin", "cyrillic", "latinica", "cirilica", "sr-latn", "sr-cyrl"]),
    ),
    "alphabet": frozenset(["l", "c", "lat", "cir", "cyr", "latin", "cyrillic", "latinica", "cirilica"]),
}

TRACKING_PREFIXES = ("utm_", "at_", "hsa_", "mtm_", "matomo_", "pk_", "piwik_", "fb_action_", "wt_", "ns_", "__twitter_", "amp_")

TRACKING_PARAMETERS = frozenset(
    (
        "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh epik mc_cid mc_eid mkt_tok _ga "
        "_gl _hsenc _hsmi __hstc __hssc __hsfp hsctatracking ref_src ref_url ncid cmpid icid ocid spm s_cid vero_id oly_anon_id "
        "oly_enc_id wickedid rb_clickid sscid fb_source fb_ref fb_comment_id no_cache nocache amp _amp is_amp isamp amphtml noamp nonamp phpsessid "
        "jsessionid replytocom sharedfrom sfnsn mibextid extid srsltid gad_source gad_campaignid gad _gac _branch_match_id cpage"
    ).split()
)

CHANNEL_PARAMETERS = frozenset({"ref", "source", "src", "from", "via", "share", "medium"})
CHANNEL_VALUES = frozenset(
    (
        "rss feed feeds fb facebook twitter x t.co telegram viber whatsapp instagram linkedin email mail newsletter push social "
        "share homepage home frontpage googlenews google"
    ).split()
)

_PARAMETERS_OF_FORM = {
    "outputtype": ("amp",),
    "output": ("amp", "print"),
    **dict.fromkeys(("type", "layout", "template", "tpl", "theme", "page_type", "device", "v", "version"), ("amp",)),
    "view": ("amp", "print"),
    "format": ("amp", "print"),
    "mode": ("amp", "print"),
    "do": ("print",),
    "action": ("print",),
    "tmpl": ("amp", "component"),
    **dict.fromkeys(("print", "printable"), ("1", "true", "yes", "y", "on", "")),
}
"""Parameters with the values that ask for the same page in another form: AMP, or for a printer."""

_WRITTEN_ONCE = re.compile(r"[A-Za-z0-9/:@!$'()*,;~._-]*")
"""What has one spelling as it stands, in a path and in a query; most addresses have nothing else."""
_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = "/%:@!$'()*,;~?"
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_HIGH_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|shtml)$", re.IGNORECASE)
_AMP_END = re.compile(r"(?:/amp(?:\.html)?|\.amp)$|\.amp(?=\.html$)", re.IGNORECASE)
_PRINT_ENDS = frozenset({"print", "print.html", "print.htm", "printo", "printaj", "stampaj", "stampa", "shtyp"})
_COMMENT_PAGE = re.compile(r"/comment-page-\d+$", re.IGNORECASE)
_AMP_START = re.compile(r"^/amp(?=/)", re.IGNORECASE)
_TRACKING_PLACE = re.compile(r":~:text=|utm_|xtor=|Echobox=", re.IGNORECASE)
_NUMBER_KEY = re.compile(r"article:(?:\[[0-9a-f:]+\]|[a-z0-9_.-]+)(?::\d+)?/\d+", re.ASCII)


def normalise(url: str, rules: AddressRules = NO_RULES) -> str:
    """The key of an address: equal for all addresses of one page, idempotent. "" for what is no http(s) address or carries userinfo.

    `rules`: what the register says of addresses; the rule of the outlet at the address's own host holds. A key made of an article's
    number has a scheme of its own, `article:klix.ba/241011042`: no address that a source can name is such a key."""
    if not isinstance(url, str) or len(url) > LONGEST_ADDRESS:
        return ""
    if url.startswith("article:"):
        return url if _NUMBER_KEY.fullmatch(url) else ""
    try:
        parts = urlsplit(own_address(url.strip()))
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return ""
    host = rules.host(host_key(parts.hostname or ""))
    if not host:
        return ""
    rule = rules.rule(host, parts.path)
    path, query = _path(parts.path, rule), _query(parts.query, rule)
    if path is None or query is None:
        return ""
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    if number := rule.number(path, query):
        return f"article:{netloc}/{number}"
    key = f"https://{netloc}{path or '/'}{'?' + query if query else ''}"
    return key if len(key) <= LONGEST_ADDRESS else ""


def without_tracking(url: str) -> str:
    """The address without the parameters by which its sender is told who came from where; all else stays as it was written."""
    rest, hash_sign, place = url.partition("#")
    path, question_mark, query = rest.partition("?")
    if query.count("&") > MAX_PARAMETERS:
        return url
    kept = "&".join(part for part in query.split("&") if part and not _tells_who_came(part))
    goes_on = hash_sign if place and not _TRACKING_PLACE.match(place) else ""
    return f"{path}{question_mark if kept else ''}{kept}{goes_on}{place if goes_on else ''}"


def _tells_who_came(part: str) -> bool:
    name, _, value = part.lower().partition("=")
    while name.startswith("amp;"):
        name = name[4:]
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES) or (name in CHANNEL_PARAMETERS and value in CHANNEL_VALUES)


def keys_of(url: str, rules: AddressRules) -> list[str]:
    """The keys under which an address may be stored: by the register's rules, and without them, as before its outlet had a rule."""
    keys = (normalise(url), normalise(url, rules))
    return [key for key in dict.fromkeys(keys) if key]


def registrable_domain(url: str) -> str:
    """The part of the host that somebody registered (`sport.avaz.ba` -> `avaz.ba`); the host itself for addresses in numbers."""
    return _registrable(host_of(url))


@lru_cache(maxsize=16_384)
def _registrable(host: str) -> str:
    if not host or host.startswith("[") or is_number(host):
        return host
    return str(_extractor().extract_str(host).top_domain_under_public_suffix) or host


def trusted_canonical(canonical: str, page_url: str, moved_hosts: tuple[str, ...]) -> str:
    """The address that the page names as its own where it can be believed, else `page_url`.

    Never another site's, a front or a section page. Nor one that lacks the number or words by which the page's address names it.
    """
    try:
        absolute = urljoin(page_url, canonical.strip()) if canonical.strip() else ""
    except ValueError:
        return page_url
    if not (key := normalise(absolute)):
        return page_url
    page_key = normalise(page_url)
    if not page_key or _is_front_page(key) or not keeps_identity(key, page_key):
        return page_url
    return absolute if _same_site(key, page_key, moved_hosts) else page_url


def is_host(name: str) -> bool:
    """Whether this can be a host at all, as it stands: a name in ASCII with labels of legal length, or an address in numbers."""
    return name.isascii() and bool(host_key(name))


def is_front_page(url: str, rules: AddressRules = NO_RULES) -> bool:
    """Whether an address is a site's front page (in any script)."""
    key = normalise(url, rules)
    return bool(key) and _is_front_page(key)


def _same_site(key: str, page_key: str, moved_hosts: tuple[str, ...]) -> bool:
    if registrable_domain(key) == registrable_domain(page_key):
        return True
    known = {host_key(name.removeprefix("https://").removeprefix("http://").strip("/").lower()) for name in moved_hosts}
    return host_of(key) in known


def _is_front_page(key: str) -> bool:
    parts = urlsplit(key)
    return parts.path in ("", "/") and not parts.query


@cache
def _extractor() -> TLDExtract:
    import tldextract  # here, not above: spiders import this module, and this import costs more than all the rest of it

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _path(path: str, rule: AddressRule) -> str | None:
    """The path without what makes no other page; None when it has more of that than any real one."""
    path = _without_dots(_escaped(path, _PATH_SAFE))
    for _ in range(MAX_ROUNDS):
        simpler = _simpler_path(rule.path_without_script(path))
        if simpler == path:
            return path
        path = simpler
    return None


def _simpler_path(path: str) -> str:
    path = _SESSION.sub("", path).rstrip("/")
    path = _INDEX_PAGE.sub("", path)
    path = _AMP_START.sub("", _AMP_END.sub("", path)).rstrip("/")
    return _COMMENT_PAGE.sub("", _without_print(path))


def _without_print(path: str) -> str:
    """The path of an article, known by a number or a hyphen, without the part that asks for it on paper."""
    article, _, last = path.rpartition("/")
    return article if last.lower() in _PRINT_ENDS and re.search(r"[\d-]", article.rpartition("/")[2]) else path


def _without_dots(path: str) -> str:
    """Resolves `.` and `..`, drops empty segments."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept:
                kept.pop()
        elif segment not in ("", "."):
            kept.append(segment)
    return "".join(f"/{segment}" for segment in kept)


def _query(query: str, rule: AddressRule) -> str | None:
    """The query in order, without what makes no other page; None when it has more parameters than any real one."""
    if not query:
        return ""
    pairs: set[tuple[str, str]] = set()
    if query.count("&") > MAX_PARAMETERS:
        return None
    for part in query.split("&"):
        name, _, value = part.partition("=")
        while name.lower().startswith("amp;"):
            name = name[4:]
        name, value = (_escaped(text.replace("+", " "), _QUERY_SAFE) for text in (name, value))
        means_nothing = rule.is_script(name.lower(), value.lower()) or _means_nothing(name.lower(), value.lower())
        if (name or value) and not means_nothing:
            pairs.add((name, value))
    return "&".join(f"{name}={value}" if value else name for name, value in sorted(pairs))


def _means_nothing(name: str, value: str) -> bool:
    return (
        name in TRACKING_PARAMETERS
        or name.startswith(TRACKING_PREFIXES)
        or (name in CHANNEL_PARAMETERS and value in CHANNEL_VALUES)
        or value in SCRIPT_PARAMETERS.get(name, ())
        or value in _PARAMETERS_OF_FORM.get(name, ())
    )


def _escaped(text: str, safe: str) -> str:
    """One spelling per percent-encoding: UTF-8, capital digits, and no escape where none is needed."""
    if _WRITTEN_ONCE.fullmatch(text):
        return text
    raw = _STRAY_PERCENT.sub("%25", _composed(text)).encode("utf-8", "replace")
    return quote(_ESCAPE.sub(_plain, raw), safe=safe)


def _composed(text: str) -> str:
    """Letters with their marks as one character each, as servers write them; a Mac writes two."""
    if text.isascii() and "%" not in text:
        return text
    return unicodedata.normalize("NFC", _HIGH_ESCAPES.sub(_decoded, text))


def _decoded(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found[0].replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _plain(found: re.Match[bytes]) -> bytes:
    byte = bytes.fromhex(found[1].decode("ascii"))
    return byte if byte in _UNRESERVED else found[0].upper()
