"""What is asked of each second net in this run: the files and addresses, and how each answer is read. Decides; fetches nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from tracker.crawl.plan import WantedFile
from tracker.nets import gdelt_list, mediacloud
from tracker.nets.answers import Answer, AnswerOutcome
from tracker.nets.gdelt_list import FileOutcome, Reading
from tracker.nets.listing import Net, listing
from tracker.nets.minutes import Before, due
from tracker.sources.feeds.feed import read_feed
from tracker.store.listings import MISSING, NetFile
from tracker.urls.domains import domain_of

if TYPE_CHECKING:
    from tracker.model import Outlet
    from tracker.net_settings import Nets

MOST_LIST_BYTES = 64 * 1024 * 1024
"""Of a packed list: a usual one has half a megabyte, a day's in one file some fifty."""
ONCE_A_NIGHT = timedelta(hours=20)
STORIES_BACK = timedelta(days=3)
"""Media Cloud has a story a day or two after it appeared."""

Read = Callable[[bytes, int | None], Reading]


class Questions(Struct, frozen=True):
    """What one net is asked, and what reads an answer's bytes with its status. `further`: what to ask after an answer."""

    net: Net
    files: tuple[WantedFile, ...]
    read: Read
    further: Callable[[WantedFile, Answer], Sequence[WantedFile]] | None = None


def of_lists(nets: Nets, known: Mapping[str, NetFile], hosts: Collection[str], now: datetime) -> Questions:
    """GDELT's lists: one file a minute."""
    before = {
        name: Before(one.asked_at, one.tries, one.lines is not None and one.outcome != FileOutcome.BROKEN, one.outcome == MISSING)
        for name, one in known.items()
    }
    minutes = due(now, timedelta(hours=nets.gdelt.hours_back), before, gdelt_list.name_of)
    names = (gdelt_list.name_of(minute) for minute in minutes)
    base = nets.gdelt.base_url if nets.gdelt.base_url.endswith("/") else f"{nets.gdelt.base_url}/"
    files = tuple(WantedFile(name, f"{base}{name}", max_bytes=MOST_LIST_BYTES) for name in names)
    return Questions(Net.GDELT, files, lambda body, status: gdelt_list.read_list(body, hosts))


def of_stories(nets: Nets, known: Mapping[str, NetFile], domains: Sequence[str], since: datetime, now: datetime) -> Questions:
    """Media Cloud: the last days' stories of these domains, some domains at a time, each with its further pages."""
    cloud = nets.mediacloud
    header = (("Authorization", f"Token {cloud.key}"),)
    groups = [domains[start : start + mediacloud.DOMAINS_AT_ONCE] for start in range(0, len(domains), mediacloud.DOMAINS_AT_ONCE)]

    def asked(number: int, page: int, token: str = "") -> WantedFile:
        address = mediacloud.address(cloud.base_url, groups[number], since.date(), now.date(), cloud.collections, token)
        name = f"{since:%Y-%m-%d}..{now:%Y-%m-%d} {number + 1}.{page}"
        return WantedFile(name, address, cloud.delay_seconds, headers=header)

    def further(file: WantedFile, answer: Answer) -> Sequence[WantedFile]:
        number, _, page = file.name.rpartition(" ")[2].partition(".")
        more = answer.following and int(page) < MOST_PAGES
        return (asked(int(number) - 1, int(page) + 1, answer.following),) if more else ()

    is_due = _not_asked_lately(known, now)
    files = tuple(asked(number, 1) for number in range(len(groups))) if is_due else ()
    return Questions(Net.MEDIACLOUD, files, lambda body, status: reading_of(mediacloud.read_answer(body, status)), further)


MOST_PAGES = 20
"""Of a question: 10,000 stories."""


def of_search_feed(nets: Nets, known: Mapping[str, NetFile], domains: Sequence[str], now: datetime) -> Questions:
    """A search engine's feed: one question a domain."""
    search = nets.search_feed

    def read(body: bytes, status: int | None) -> Reading:
        document = read_feed(body, url=search.address, now=now)
        found = tuple(
            listing(Net.SEARCH_FEED, entry.url, entry.title, entry.summary, entry.published.at if entry.published else None)
            for entry in document.entries
            if entry.url
        )
        return Reading(FileOutcome.READ if found else FileOutcome.EMPTY if document.outcome == "empty" else FileOutcome.NOT_A_LIST, found)

    address = search.address.replace("{domain}", "%s")
    asked = domains if _not_asked_lately(known, now) else ()
    files = tuple(
        WantedFile(f"{now:%Y-%m-%d} {domain}", address.replace("%s", quote(domain, safe="")), search.delay_seconds) for domain in asked
    )
    return Questions(Net.SEARCH_FEED, files, read)


def domains_of_outlets(outlets: Collection[Outlet]) -> list[str]:
    """The registrable domains of outlets, moved ones too, in order."""
    addresses = [address for outlet in outlets for address in (outlet.homepage, *(f"https://{host}/" for host in outlet.moved_hosts))]
    return sorted({domain for address in addresses if (domain := domain_of(address))})


def reading_of(answer: Answer) -> Reading:
    """An answer as a file that was read."""
    outcomes = {
        AnswerOutcome.READ: FileOutcome.READ,
        AnswerOutcome.EMPTY: FileOutcome.EMPTY,
        AnswerOutcome.BROKEN: FileOutcome.BROKEN,
        AnswerOutcome.LIMITED: FileOutcome.LIMITED,
        AnswerOutcome.REFUSED: FileOutcome.REFUSED,
    }
    wrong = ((str(gdelt_list.LineOutcome.WRONG), answer.wrong),) if answer.wrong else ()
    return Reading(outcomes[answer.outcome], answer.listings, wrong, answer)


def _not_asked_lately(known: Mapping[str, NetFile], now: datetime) -> bool:
    return all(now - one.asked_at >= ONCE_A_NIGHT for one in known.values())
