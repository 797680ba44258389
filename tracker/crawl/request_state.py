"""What travels with a request: one immutable `RequestState` under one key of Scrapy's `meta`, for whom it is asked and what happened on
the way. Scrapy's own keys (`proxy`, `cookiejar`, `download_timeout`, `redirect_times`) stay Scrapy's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.model import FrontierLink, Outlet, WantedPicture, WantedRevisit, Watched

if TYPE_CHECKING:
    from scrapy import Request

META_KEY = "press"
OF_A_NET = "net"
"""In place of an outlet's id: what a second net is asked."""

Subject = Watched | FrontierLink | WantedPicture | WantedRevisit
"""What a request is made for."""


class Ticket(Struct, eq=False):
    """A source, a page of older articles, a link, a picture or an item visited again, from its request to its one outcome. `read`: the spider's method for an
    answer."""

    subject: Subject
    read: Callable[..., Any]

    @property
    def is_page(self) -> bool:
        """Whether it is an article's page."""
        return isinstance(self.subject, FrontierLink)

    @property
    def is_picture(self) -> bool:
        """Whether it is an article's lead picture."""
        return isinstance(self.subject, WantedPicture)

    @property
    def is_revisit(self) -> bool:
        """Whether it is an item's page that is visited again."""
        return isinstance(self.subject, WantedRevisit)

    @property
    def wants_page(self) -> bool:
        """Whether a page is to come, of whatever kind of request."""
        return self.is_page or self.is_revisit

    @property
    def looks_back(self) -> bool:
        """Whether it is a page that lists older articles."""
        return isinstance(self.subject, Watched) and self.subject.lookback is not None

    @property
    def address(self) -> str:
        """The address that is requested."""
        if not isinstance(self.subject, Watched):
            return self.subject.url
        return self.subject.lookback.address if self.subject.lookback else self.subject.source.address


class RequestState(Struct, frozen=True):
    """`ticket`: None for a further document of a source and for robots.txt. `robots_of`: the site whose robots.txt this is.
    `robots_note`: why robots.txt could not be read. `retry_after_seconds`: as the last answer's Retry-After says. `sent`, `received`: the headers
    of a page's last request and answer, before anything changes them."""

    outlet: Outlet | None = None
    ticket: Ticket | None = None
    robots_of: str = ""
    tries: int = 0
    elapsed_seconds: float = 0.0
    robots_note: str = ""
    retry_after_seconds: float | None = None
    sent: tuple[tuple[str, str], ...] = ()
    received: tuple[tuple[str, str], ...] = ()


_WITHOUT = RequestState()


def state_of(request: Request) -> RequestState:
    """The state of a request; an empty one for a request that the crawl did not make, as in `scrapy shell`."""
    state = request.meta.get(META_KEY, _WITHOUT)
    assert isinstance(state, RequestState)
    return state


def set_state(request: Request, state: RequestState) -> Request:
    """Puts a state in place of the one before; returns the request."""
    request.meta[META_KEY] = state
    return request
