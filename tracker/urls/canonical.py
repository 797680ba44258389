"""Two addresses being one page.

`normalise` gives the key under which an address is known; it is no address to fetch. Rows about single outlets come from
public redirect rules and links; a new one is added to the tables below, or to the outlet's row of the register (`rule_of`).
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from tracker.model import Outlet
from tracker.urls.identity import keeps_identity
from tracker.urls.outlet_rules import KEY_PARAMETER, AddressRule, ScriptSwitch, read_key, read_switch

if TYPE_CHECKING:
    from tldextract import TLDExtract

LONGEST_ADDRESS = 4096
"""Characters. The longest article address in the corpus has 1,100; servers commonly refuse beyond 8,190."""

HOST_PREFIXES = ("www.", "m.", "mobile.", "mobil.", "mobi.", "mob.", "wap.", "amp.")

MOVED_HOSTS = {
    "ba.n1info.com": "n1info.ba",
    "rs.n1info.com": "n1info.rs",
    "srbijadanas.com": "sd.rs",
    "espreso.rs": "espreso.co.rs",
    "radar.rs": "radar.nova.rs",
    "zurnal.rs": "zurnal.politika.rs",
    "atvbl.com": "atvbl.rs",
}

SCRIPT_HOSTS = {"lat.rtrs.tv": "rtrs.tv", "lat.sputnikportal.rs": "sputnikportal.rs", "lat.rt.rs": "rt.rs"}

SCRIPT_PREFIXES = {
    "politika.rs": ("sr", "scc"),
    "novosti.rs": ("c",),
    "rts.rs": ("lat",),
    "rtv.rs": ("sr_lat", "sr_ci"),
    "glassrpske.com": ("lat", "cir"),
    "rtvbn.com": ("cirilica",),
    "pravda.rs": ("lat",),
}
"""Host -> first path segments that only switch the script."""

NUMBERED_HOSTS = (
    "slobodnaevropa.org",
    "slobodnaevropa.mk",
    "evropaelire.org",
    "rferl.org",
    "zeriamerikes.com",
    "glasamerike.net",
    "voanews.com",
)
"""Sites of one publishing system: `/a/{slug}/{number}.html` and `/a/{number}.html` are one page, the number is its key."""

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
        "oly_enc_id wickedid rb_clickid sscid fb_source fb_ref fb_comment_id no_cache nocache amp amphtml noamp nonamp phpsessid "
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

HOST_PARAMETERS = {"novi.ba": frozenset({"url"})}
"""Host -> parameters that mean nothing there."""

_PARAMETERS_OF_FORM = {
    "outputtype": ("amp",),
    "output": ("amp", "print"),
    "type": ("amp",),
    "view": ("amp", "print"),
    "format": ("amp", "print"),
    "mode": ("print",),
    "do": ("print",),
    "action": ("print",),
    "tmpl": ("component",),
    **dict.fromkeys(("print", "printable"), ("1", "true", "yes", "y", "on", "")),
}
"""Parameters with the values that ask for the same page in another form: AMP, or for a printer."""

_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = "/%:@!$'()*,;~?"
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_HIGH_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|shtml)$", re.IGNORECASE)
_AMP_END = re.compile(r"(?:/amp(?:\.html)?|\.amp)$|\.amp(?=\.html$)", re.IGNORECASE)
_PRINT_ENDS = frozenset({"print", "print.html", "print.htm", "printo", "printaj", "stampaj", "stampa"})
_COMMENT_PAGE = re.compile(r"/comment-page-\d+$", re.IGNORECASE)
_AMP_START = re.compile(r"^/amp(?=/)", re.IGNORECASE)
_NUMBERED = re.compile(r"^/(?:a|content/article|content/[^/]+)/(?:[^?]*/)?(\d{5,})\.html$")
_KLIX = re.compile(r"^/(?:.*/)?(\d{9})$")


def normalise(url: str, rule: AddressRule | None = None) -> str:
    """The key of an address: equal for all addresses of one page, idempotent. Empty for what is no http(s) address or carries userinfo.
    `rule`: what the register says of the addresses of the outlet it comes from; it holds for that outlet's hosts only."""
    if not isinstance(url, str) or len(url) > LONGEST_ADDRESS:
        return ""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return ""
    host = _host(parts.hostname or "")
    if not host:
        return ""
    if rule is not None:
        own = _without_script(host, rule)
        host, rule = (own, rule) if rule.holds_for(own) else (host, None)
    path = _path(host, parts.path, rule)
    query = _query(host, parts.query, rule)
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    if rule is not None and (number := rule.number(path, query)):
        return f"https://{netloc}/?{KEY_PARAMETER}={number}"
    key = f"https://{netloc}{path or '/'}{'?' + query if query else ''}"
    return key if len(key) <= LONGEST_ADDRESS else ""


@lru_cache(maxsize=4096)
def rule_of(outlet: Outlet) -> AddressRule | None:
    """What the outlet's row of the register says of its addresses, for `normalise`; None when it says nothing."""
    if not outlet.script_switch and not outlet.url_key:
        return None
    switch = read_switch(outlet.script_switch) if outlet.script_switch else ScriptSwitch()
    key = read_key(outlet.url_key) if outlet.url_key else None
    named = (_host_of(outlet.homepage), *map(_host, outlet.moved_hosts))
    homes = frozenset(_without_script(host, AddressRule(switch=switch)) for host in named if host)
    return AddressRule(homes, switch, key)


def keys_of(url: str, outlets: Iterable[Outlet]) -> list[str]:
    """Every key an address may be known under when it is not said whose it is: the general one and those by the outlets' own rules."""
    keys = [normalise(url), *(normalise(url, rule) for outlet in outlets if (rule := rule_of(outlet)))]
    return [key for key in dict.fromkeys(keys) if key]


def registrable_domain(url: str) -> str:
    """The part of the host that somebody registered (`sport.avaz.ba` -> `avaz.ba`); the host itself for addresses in numbers."""
    host = _host_of(url)
    if not host or host.startswith("[") or _is_number(host):
        return host
    return str(_extractor().extract_str(host).top_domain_under_public_suffix) or host


def trusted_canonical(canonical: str, page_url: str, moved_hosts: tuple[str, ...]) -> str:
    """The page's own word on its address where it can be believed, else `page_url`. Never another site's, a front or a section
    page, nor one without the number or the words by which the page's own address names the article."""
    try:
        absolute = urljoin(page_url, canonical.strip()) if canonical.strip() else ""
    except ValueError:
        return page_url
    key, page_key = normalise(absolute), normalise(page_url)
    if not key or not page_key or _is_front_page(key) or not keeps_identity(key, page_key):
        return page_url
    return absolute if _same_site(key, page_key, moved_hosts) else page_url


def is_host(name: str) -> bool:
    """Whether this can be a host at all, as it stands: a name in ASCII with labels of legal length, or an address in numbers."""
    return name.isascii() and bool(_host(name))


def is_front_page(url: str, rule: AddressRule | None = None) -> bool:
    """Whether an address is a site's front page (in any script)."""
    key = normalise(url, rule)
    return bool(key) and _is_front_page(key)


def _same_site(key: str, page_key: str, moved_hosts: tuple[str, ...]) -> bool:
    if registrable_domain(key) == registrable_domain(page_key):
        return True
    known = {_host(name.removeprefix("https://").removeprefix("http://").strip("/").lower()) for name in moved_hosts}
    return _host_of(key) in known


def _is_front_page(key: str) -> bool:
    parts = urlsplit(key)
    return parts.path in ("", "/") and not parts.query


@cache
def _extractor() -> TLDExtract:
    import tldextract  # here, not above: spiders import this module, and this import costs more than all the rest of it

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _host_of(url: str) -> str:
    try:
        return _host(urlsplit(url.strip()).hostname or "")
    except ValueError:
        return ""


def _is_number(host: str) -> bool:
    return host.replace(".", "").isdigit()


@lru_cache(maxsize=4096)
def _host(name: str) -> str:
    """The host in lower-case ASCII without the parts that make no other site; empty if it can be none."""
    if ":" in name:
        try:
            return f"[{ipaddress.IPv6Address(name.split('%')[0]).compressed}]"
        except ValueError:
            return ""
    host = name.lower().removesuffix(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower().removesuffix(".") if len(host) <= 253 else ""
        except UnicodeError:
            return ""
    if len(host) > 253 or not _HOST.fullmatch(host):
        return ""
    while (simpler := _simpler_host(host)) != host:
        host = simpler
    return host


def _simpler_host(host: str) -> str:
    for prefix in HOST_PREFIXES:
        if host.startswith(prefix) and "." in host[len(prefix) :] and not _is_number(host[len(prefix) :]):
            return host[len(prefix) :]
    return MOVED_HOSTS.get(host) or SCRIPT_HOSTS.get(host) or host


def _without_script(host: str, rule: AddressRule) -> str:
    while simpler := _host(rule.host_without_script(host)):
        if simpler == host:
            break
        host = simpler
    return host


def _path(host: str, path: str, rule: AddressRule | None) -> str:
    path = _without_dots(_escaped(path, _PATH_SAFE))
    while (simpler := _simpler_path(host, rule.path_without_script(path) if rule else path)) != path:
        path = simpler
    return path


def _simpler_path(host: str, path: str) -> str:
    path = _SESSION.sub("", path).rstrip("/")
    path = _INDEX_PAGE.sub("", path)
    path = _AMP_START.sub("", _AMP_END.sub("", path)).rstrip("/")
    path = _one_script(host, _COMMENT_PAGE.sub("", _without_print(path)))
    if host == "source.ba":
        path = path.removesuffix("/fb")
    elif host == "klix.ba":
        path = _KLIX.sub(r"/\1", path)
    elif any(host == name or host.endswith("." + name) for name in NUMBERED_HOSTS):
        path = _NUMBERED.sub(r"/a/\1.html", path)
    return path


def _without_print(path: str) -> str:
    """The path of an article, known by a number or a hyphen, without the part that asks for it on paper."""
    article, _, last = path.rpartition("/")
    return article if last.lower() in _PRINT_ENDS and re.search(r"[\d-]", article.rpartition("/")[2]) else path


def _one_script(host: str, path: str) -> str:
    """The path without what only chooses between Latin and Cyrillic."""
    for segment in SCRIPT_PREFIXES.get(host, ()):
        if path == f"/{segment}" or path.startswith(f"/{segment}/"):
            return path[len(segment) + 1 :]
    if host == "rts.rs":
        return re.sub(r"(?<=.)/ci(?=/)", "/sr", path)
    if host in ("bbc.com", "bbc.co.uk") and path.startswith("/serbian/"):
        return re.sub(
            r"^/serbian/(?:lat|cyr)(?=/|$)|(?<=.)/(?:lat|cyr)$", lambda found: "/serbian" if found[0].startswith("/s") else "", path
        )
    return path


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


def _query(host: str, query: str, rule: AddressRule | None) -> str:
    pairs: set[tuple[str, str]] = set()
    for part in query.split("&"):
        name, _, value = part.partition("=")
        while name.lower().startswith("amp;"):
            name = name[4:]
        name, value = (_escaped(text.replace("+", " "), _QUERY_SAFE) for text in (name, value))
        chooses_script = rule is not None and rule.is_script(name.lower(), value.lower())
        if (name or value) and not chooses_script and not _means_nothing(host, name.lower(), value.lower()):
            pairs.add((name, value))
    return "&".join(f"{name}={value}" if value else name for name, value in sorted(pairs))


def _means_nothing(host: str, name: str, value: str) -> bool:
    return (
        name in TRACKING_PARAMETERS
        or name.startswith(TRACKING_PREFIXES)
        or (name in CHANNEL_PARAMETERS and value in CHANNEL_VALUES)
        or value in SCRIPT_PARAMETERS.get(name, ())
        or value in _PARAMETERS_OF_FORM.get(name, ())
        or name in HOST_PARAMETERS.get(host, ())
    )


def _escaped(text: str, safe: str) -> str:
    """One spelling per percent-encoding: UTF-8, capital digits, and no escape where none is needed."""
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
