"""A site looked over, and the register row it would have: `tracker sources discover`."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from tracker.crawl.plan import CrawlPlan, CrawlProgress
from tracker.crawl.refusing import refusing_outlets
from tracker.errors import TrackerError, UsageError
from tracker.extraction.language import detect
from tracker.model import HBS, Outlet, Source, SourceKind
from tracker.register.catalog import Catalogue, source_id, write_catalogue
from tracker.sources.discovery import Discovery
from tracker.store import registers
from tracker.urls.canonical import registrable_domain
from tracker.urls.links import web_address
from tracker.workspace import Parts

COUNTRY_OF_ENDING = {"al": "AL", "ba": "BA", "me": "ME", "mk": "MK", "rs": "RS", "срб": "RS", "xn--90a3ac": "RS", "xn--d1alf": "MK"}
COUNTRY_OF_LANGUAGE = {"sq": "AL", "mk": "MK", "sr": "RS", "bs": "BA", "hr": "BA", "cnr": "ME"}
MIN_SHARE = 0.15
"""Of the headlines: a language or script that fewer are in is chance."""
MAX_FEEDS = 3
"""Proposed for an outlet: its news and two sections; a person who wants more adds them to the row."""
NAMES = {"sq": "Albanian", "sr": "Serbian", "bs": "Bosnian", "hr": "Croatian", "cnr": "Montenegrin", "mk": "Macedonian", "en": "English"}


class CouldNotAsk(TrackerError):
    """The site could not be looked over at all."""

    exit_code = 3


class Proposal(Struct, frozen=True):
    """What was found on a site; `row` is its line in the register's columns, `header` names them."""

    discovery: Discovery
    outlet: Outlet
    sources: tuple[Source, ...]
    header: str
    row: str
    doubts: tuple[str, ...] = ()

    @property
    def worth_watching(self) -> bool:
        """Whether any source of it works."""
        return bool(self.sources)


def discover(parts: Parts, address: str, *, progress: Callable[[str, int, int], None] = lambda step, done, known: None) -> Proposal:
    """Asks a site for everything it can be followed by, politely and through the same guard as a crawl. Nothing is stored.
    Raises UsageError for what is no web address."""
    site = web_address(address if "://" in address else f"https://{address}")
    if not site:
        raise UsageError(f"{address!r} is no web address; write it as https://example.al/")
    found = _look_over(parts, site, progress)
    if "://" not in address and not any(one.kind for one in found.tried):
        unsafe = _look_over(parts, site.replace("https://", "http://", 1), progress)
        found = unsafe if any(one.kind for one in unsafe.tried) else found
    return propose(found)


def without_feed(parts: Parts, country: str = "") -> list[Outlet]:
    """Watched outlets that refuse nothing and have no working feed: none is watched, or every one of them fails."""
    with parts.database.reading() as conn:
        states = [state for state in registers.states(conn) if state.watched]
    refusing = refusing_outlets(states, parts.clock())
    working = {
        state.outlet.id
        for state in states
        if state.enabled and state.source.kind in (SourceKind.FEED, SourceKind.WORDPRESS) and state.failing_since_at is None
    }
    outlets = {state.outlet.id: state.outlet for state in states if country in ("", state.outlet.country)}
    return [outlet for name, outlet in outlets.items() if name not in working | refusing]


def propose(found: Discovery) -> Proposal:
    """The register row of a site that was looked over."""
    languages, scripts = spoken(found.texts, found.front.language)
    country, doubts = _country(found.homepage, languages)
    outlet = Outlet(
        id=re.sub(r"[^a-z0-9]+", "-", registrable_domain(found.homepage).lower()).strip("-") or "outlet",
        name=found.front.name or urlsplit(found.homepage).hostname or found.homepage,
        homepage=found.homepage,
        country=country,
        languages=languages,
        scripts=scripts,
        platform=found.front.platform,
        notes="found by tracker sources discover",
    )
    sources = _sources(found, outlet)
    if not found.texts:
        doubts = (*doubts, "no headline was seen: languages and scripts are unknown")
    header, row, *_ = write_catalogue(Catalogue((outlet,), sources)).splitlines()
    return Proposal(found, outlet, sources, header, row, doubts)


def spoken(texts: Sequence[str], declared: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages and scripts that a site's headlines are in, the commonest first."""
    prior = (declared.split("-")[0].replace("me", "cnr"),) if declared.split("-")[0] in NAMES else ()
    seen: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for text in texts:
        if code := detect(text, prior):
            seen[code] += 1
        cyrillic = len(re.findall(r"[\u0400-\u04ff]", text))
        letters["Cyrl" if cyrillic > len(re.findall(r"[A-Za-zÀ-ž]", text)) else "Latn"] += bool(text.strip())
    if not prior:
        seen = _one_of_the_group(seen)
    languages = tuple(code for code, count in seen.most_common() if count >= MIN_SHARE * seen.total()) or prior
    scripts = tuple(code for code, count in letters.most_common() if count and count >= MIN_SHARE * letters.total()) or ("Latn",)
    return languages, scripts


def _one_of_the_group(seen: Counter[str]) -> Counter[str]:
    """Bosnian, Croatian, Montenegrin and Serbian headlines are told apart by few words: one site, one of them."""
    group = [code for code, _ in seen.most_common() if code in HBS]
    return Counter({code: count for code, count in seen.items() if code not in HBS}) + Counter(
        {group[0]: sum(seen[code] for code in group)} if group else {}
    )


def _country(homepage: str, languages: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    ending = (urlsplit(homepage).hostname or "").rsplit(".", 1)[-1]
    if ending in COUNTRY_OF_ENDING:
        return COUNTRY_OF_ENDING[ending], ()
    guess = COUNTRY_OF_LANGUAGE.get(languages[0], "XB") if languages else "XB"
    return guess, (f"the address does not tell the country; {guess} is a guess by the language",)


def _sources(found: Discovery, outlet: Outlet) -> tuple[Source, ...]:
    feeds = [one.address for one in found.of("feed")][:MAX_FEEDS]
    sitemaps = [one.address for one in found.of("sitemap")][:MAX_FEEDS]
    sections = [] if feeds or sitemaps or found.of("wordpress") else [one.address for one in found.of("section")][:MAX_FEEDS]
    searches = [one.address for one in found.of("search")][:1]
    posts = [one.address for one in found.of("wordpress")][:1]
    by_kind = {
        SourceKind.FEED: feeds,
        SourceKind.WORDPRESS: posts,
        SourceKind.SITEMAP: sitemaps,
        SourceKind.SECTION: sections,
        SourceKind.SEARCH: searches,
    }
    return tuple(
        Source(source_id(outlet.id, kind, number), outlet.id, kind, address, "seen")
        for kind, addresses in by_kind.items()
        for number, address in enumerate(addresses, 1)
    )


def _look_over(parts: Parts, site: str, progress: Callable[[str, int, int], None]) -> Discovery:
    from tracker.crawl.parent import run_crawl

    def show(seen: CrawlProgress) -> None:
        progress("discover", seen.polled, 0)

    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        into = Path(folder) / "found.json"
        plan = CrawlPlan(
            workspace=str(parts.workspace.resolve()),
            run_id=0,
            as_of=parts.clock(),
            poll=False,
            articles=False,
            discover=site,
            into=str(into),
        )
        with run_crawl(plan, on_progress=show) as crawl:
            code = crawl.wait()
        if code or not into.exists():
            raise CouldNotAsk(f"{site} could not be looked over: {crawl.last_words() or crawl.progress().ended or 'see crawl.log'}")
        return msgspec.json.decode(into.read_bytes(), type=Discovery)


def propose_words(proposal: Proposal, *, everything: bool = False) -> list[str]:
    """A proposal as people read it."""
    found, outlet = proposal.discovery, proposal.outlet
    useful = [one for one in found.tried if one.kind]
    lines = [f"{outlet.name} ({found.homepage})"]
    lines += [f"  {one.kind:<8} {one.address}  {one.words} ({one.why})" for one in useful] or ["  nothing by which it could be followed"]
    in_vain = [one for one in found.tried if not one.kind]
    if in_vain and (everything or not proposal.worth_watching):
        lines += ["Asked in vain:", *[f"  {one.address}  {one.words} ({one.why})" for one in in_vain]]
    elif in_vain:
        lines.append(f"  asked in vain: {len(in_vain)} other {'address' if len(in_vain) == 1 else 'addresses'} (--all shows them)")
    spoken_in = ", ".join(NAMES.get(code, code) for code in outlet.languages) or "unknown"
    lines.append(f"Languages seen: {spoken_in}; scripts: {', '.join(outlet.scripts)}; platform: {outlet.platform}")
    lines += [f"Please check: {doubt}" for doubt in proposal.doubts]
    return [*lines, "Row for the register:", proposal.header, proposal.row]
