"""`tracker add URL`: a page that a person found, fetched by the same guarded stack as all others and counted on the person's word."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from tracker.errors import UsageError
from tracker.matching.compiled import compiled_matcher
from tracker.matching.matcher import find_entered
from tracker.model import OUTLET_COUNTRIES, Article, Campaign, Depth, FoundLink, HandItem, Medium, Mention, Outlet
from tracker.pipeline import steps
from tracker.pipeline.readings import save_readings
from tracker.pipeline.run import Progress, Run, no_progress, seed_register
from tracker.review.manual.sheet_import import check_circle, circle_for, word_of_entry
from tracker.review.manual.sheet_rows import Register
from tracker.store import frontier, manual_items, mentions, pages, registers, search_index, trails, verdicts
from tracker.store.lock import RunLock
from tracker.store.trails import Trail
from tracker.urls.canonical import is_front_page, keys_of, normalise, registrable_domain, without_tracking
from tracker.urls.links import web_address
from tracker.visibility import is_held
from tracker.workspace import Parts, campaign_cache, read_catalogues

BY_SHEET = "enter it by sheet instead: tracker add --template found.xlsx"


class UnknownOutlet(UsageError):
    """Neither the register nor the person says whose page it is."""


class PageOptions(Struct, frozen=True):
    """`circle` empty: the one that the page matches, else the first that partners see. `outlet_id` and `country` say whose page it
    is where the register does not know: an outlet of the register, or the name of a new one with its country."""

    circle: str = ""
    outlet_id: str = ""
    country: str = ""
    by: str = ""


class AddedPage(Struct, frozen=True):
    """What became of it, in words. `done` is False when it needs a person: it could not be had, or it is held back."""

    url: str
    done: bool
    lines: tuple[str, ...]
    mention_id: str = ""


def add_page(parts: Parts, campaign: Campaign, url: str, options: PageOptions, *, progress: Progress = no_progress) -> AddedPage:
    """Counts a page for the campaign, fetching it unless it is known. Raises UsageError, before anything is asked, for what is no
    page's address and for an outlet that cannot be told; RunLocked when a run is at work."""
    address = without_tracking(web_address(url))
    if not address or not normalise(address):
        raise UsageError(f"{url[:100]!r} is no web address; write it as https://example.al/news/1")
    if is_front_page(address):
        raise UsageError(f"{address} is a front page; give the address of one article")
    check_circle(campaign, options.circle)
    with RunLock(parts.workspace, parts.settings.database.url).acquire() as lock, Run(parts, (campaign,), lock.fileno(), progress) as run:
        return _Adding(run, campaign, address, options).run()


def outlet_of(url: str, outlets: Iterable[Outlet], options: PageOptions) -> Outlet:
    """Whose page an address is: as the register or the person says, never guessed from the language. Raises UnknownOutlet."""
    register = {outlet.id: outlet for outlet in outlets}
    if options.country and options.country not in OUTLET_COUNTRIES:
        raise UnknownOutlet(f"--country {options.country} is none of {', '.join(OUTLET_COUNTRIES)}")
    if options.outlet_id in register:
        return register[options.outlet_id]
    if options.outlet_id and not options.country:
        raise UnknownOutlet(
            f"no outlet {options.outlet_id!r}; see `tracker sources list`, or give --country to make a new one of that name"
        )
    domain = registrable_domain(url)
    found = [] if options.outlet_id else _on_domain(url, domain, register.values())
    fitting = [outlet for outlet in found if options.country in ("", outlet.country)]
    if len(fitting) > 1:
        raise UnknownOutlet(f"several outlets are at {domain}: give --outlet {' or '.join(outlet.id for outlet in fitting)}")
    if fitting:
        return fitting[0]
    if found:
        raise UnknownOutlet(f"the register has {found[0].name} in {found[0].country}; leave --country out, or name another with --outlet")
    if not options.country:
        raise UnknownOutlet(f"no outlet of the register is at {domain}; give --outlet ID, or --country for a new one")
    made = Register(register.values()).make(options.outlet_id or domain, options.country, Medium.ONLINE, 0, "")
    parts = urlsplit(url)
    return made if made.id in register else replace(made, homepage=f"{parts.scheme}://{parts.netloc}/")


def _on_domain(url: str, domain: str, outlets: Iterable[Outlet]) -> list[Outlet]:
    """Outlets of this domain; of several in one, those whose front page lies nearest above the address."""
    host = urlsplit(normalise(url)).hostname or ""
    found = [outlet for outlet in outlets if registrable_domain(outlet.homepage) == domain or host in outlet.moved_hosts]
    key = normalise(url)
    above = [(len(home), outlet) for outlet in found if key.startswith(home := normalise(outlet.homepage))]
    nearest = max((length for length, _ in above), default=0)
    return [outlet for length, outlet in above if length == nearest] or found


class _Adding:
    """One page on its way in."""

    def __init__(self, run: Run, campaign: Campaign, url: str, options: PageOptions) -> None:
        self._run, self._campaign, self._url, self._options = run, campaign, url, options
        self._parts, self._database = run.parts, run.database

    def run(self) -> AddedPage:
        trail = self._trail()
        if known := self._already(trail):
            return known
        if trail is None or (trail.article is None and trail.page is None):
            link_id = self._queue(trail)
            self._fetch(link_id)
            trail = self._trail()
        trail = self._read(trail)
        if trail is None or trail.article is None:
            return self._not_had(trail)
        return self._already(trail) or self._enter(trail.article)

    def _trail(self) -> Trail | None:
        """The one that came furthest of those at this address."""
        with self._database.reading() as conn:
            found = trails.find(conn, [self._url, *keys_of(self._url, registers.address_rules(conn))])
            repeated = [trail.page.skipped.same_as for trail in found if trail.page and trail.page.skipped and trail.page.skipped.same_as]
            found += trails.find(conn, repeated) if repeated else []
        return max(found, key=lambda trail: (bool(trail.mentions), trail.article is not None, trail.page is not None), default=None)

    def _already(self, trail: Trail | None) -> AddedPage | None:
        mention = next((one for one in trail.mentions if one.campaign_id == self._campaign.id), None) if trail else None
        if trail is None or mention is None:
            return None
        item = next((one for one in trail.hand if one.campaign_id == self._campaign.id), None)
        how = f"entered{f' by {item.entered_by}' if item.entered_by else ''} on {_day(item.entered_at)}" if item else "found by the tracker"
        return AddedPage(self._url, True, (f"{self._url}: {how} already, as {mention.id}; nothing was added",), mention.id)

    # --- fetching ---

    def _queue(self, trail: Trail | None) -> int:
        now = self._parts.clock()
        with self._database.reading() as conn:
            known = tuple(registers.outlets(conn).values())
        catalogue = None if known else read_catalogues(())
        if trail is None or trail.link is None:
            outlet, key = outlet_of(self._url, catalogue.outlets if catalogue else known, self._options), ""
        else:
            outlet, key = None, trail.link.key
        if catalogue is not None:
            seed_register(self._parts, catalogue)
        with self._database.writing() as conn:
            if outlet is not None:
                registers.add_unwatched(conn, outlet)
                key = normalise(self._url, registers.address_rules(conn))
                link = FoundLink(url=self._url, source_id="", outlet_id=outlet.id, found_by="person")
                frontier.add(conn, [(key, link)], run_id=None, now=now)
            link_id = frontier.ask_again(conn, key)
        assert link_id is not None, "a page came although the run lock is held"
        return link_id

    def _fetch(self, link_id: int) -> None:
        """A crawl of this one link, with every rule of a crawl."""
        run = self._run
        run.open(self._parts.clock(), ("add", self._url))
        end = steps.fetch_pages(run.plan(poll=False, links=(link_id,)), lambda seen: run.progress("fetch", seen.fetched, 1))
        run.keep(end.fetched)
        if not end.seen.fetched:
            run.needs.append(f"{self._url} could not be fetched")
        run.close()

    # --- reading and entering ---

    def _read(self, trail: Trail | None) -> Trail | None:
        """Reads the page in full, where it was not."""
        if trail is None or trail.page is None or not trail.page.kept or trail.page.skipped:
            return trail
        if trail.article is not None and trail.article.depth is Depth.EXTRACTED:
            return trail
        with self._database.reading() as conn:
            stored = pages.stored(conn, [trail.page.id])
        pool = self._run.pool()
        pool.submit(stored, extract=True)
        while pool.waiting:
            self._run.progress("extract", 0, 1)
            save_readings(self._database, pool.ready(0.5), self._parts.clock())
        return self._trail()

    def _not_had(self, trail: Trail | None) -> AddedPage:
        """Why there is no article, and what to do instead."""
        if trail is not None and trail.page is not None and trail.page.skipped:
            skipped = trail.page.skipped
            why = f"was fetched, but is no article that can be read: {skipped.reason}{f' ({skipped.remark})' if skipped.remark else ''}"
            return AddedPage(self._url, False, (f"{self._url}: {why}", BY_SHEET))
        link = trail.link if trail else None
        if trail is None or link is None or link.outcome is None:
            return AddedPage(self._url, False, (f"{self._url}: could not be fetched: its host did not answer; see crawl.log", BY_SHEET))
        detail = next((facts.detail for facts in reversed(trail.fetches) if facts.detail), "")
        again = ("the next crawl tries again; give the same command after it",) if link.pending else ()
        why = f"could not be fetched: {link.outcome}{f' ({detail})' if detail else ''}"
        return AddedPage(self._url, False, (f"{self._url}: {why}", *again, BY_SHEET))

    def _enter(self, article: Article) -> AddedPage:
        now, campaign = self._parts.clock(), self._campaign
        matcher = compiled_matcher(campaign, campaign_cache(self._parts.workspace))
        mention = find_entered(article, matcher, circle_for(campaign, matcher, article, self._options.circle))
        identity = hashlib.sha256(f"{Medium.ONLINE}\x1f{article.canonical_url}".encode("utf-8", "replace")).hexdigest()[:32]
        item = HandItem(campaign.id, article.id, Medium.ONLINE, mention.circle, now, self._options.by)
        with self._database.writing() as conn:
            manual_items.add(conn, item, identity)
            mentions.save(conn, [mention], now)
            if not is_held(mention):  # who enters one that may identify a child has not cleared it
                verdicts.record(conn, word_of_entry(mention, now, self._options.by), via="entry")
            outlet = registers.outlets(conn)[article.outlet_id]
        steps.group_stories(self._database, campaign, now)
        search_index.tidy(self._database)
        return AddedPage(self._url, not is_held(mention), tuple(self._entered(article, mention, outlet)), mention.id)

    def _entered(self, article: Article, mention: Mention, outlet: Outlet) -> Iterable[str]:
        yield f"{self._url}: entered as {mention.id} in circle {mention.circle} of {mention.campaign_id}"
        yield f"  {outlet.name} ({outlet.country}): {article.title or '(no headline)'}"
        forms = sorted({hit.form for hit in mention.hits})
        yield (
            f"  words found: {', '.join(forms[:8])}" if forms else "  none of the campaign's words are in it; it counts on a person's word"
        )
        if is_held(mention):
            yield f"  held back: it may identify a child; decide with `tracker verdict {mention.id}`"


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")
