"""Connections to the desk: none holds a place by being slow, and no address holds the places of all others."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

from tracker.review.web.throttle import network_of

MOST_OF_ONE = 60
"""Of one address, behind which an office may sit. A further one takes the place of that which has been silent for longest."""
REQUEST_WITHIN_SECONDS = 180.0
"""From the first byte of a request to its last: the largest sheet over a line of one megabit."""


TOO_LARGE = "desk.too_large"
"""In the environment of a request whose body was not taken in."""


class RefusalTask(WSGITask):  # type: ignore[misc]
    """The answer to a request that was not taken in: for one that is too large the desk's own page, which says so in the reader's words."""

    def execute(self) -> None:
        """Has the application answer a request for the same page without its body."""
        if not isinstance(self.request.error, RequestEntityTooLarge) or not self.request.path:
            self.complete = True  # as waitress has it: there is no start of a response to wait for
            return ErrorTask.execute(self)  # type: ignore[no-any-return]
        given = {"REQUEST_METHOD": "GET", "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO(), TOO_LARGE: True}
        self.environ = {**self.get_environment(), **given}
        self.set_close_on_finish()
        super().execute()


class DeskChannel(HTTPChannel):  # type: ignore[misc]
    """A connection as waitress handles it, with a deadline for each request. Subclasses say how many an address may hold."""

    error_task_class = RefusalTask
    most_of_one = 0
    """0: any number; behind a proxy all come from one address, and the proxy holds them back."""
    within = REQUEST_WITHIN_SECONDS
    clock: Callable[[], float] = staticmethod(time.monotonic)

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: dict[int, Any] | None = None) -> None:
        super().__init__(server, sock, addr, adj, map=map)
        self._began: float | None = None
        if self.most_of_one:
            self._make_room()

    def received(self, data: bytes) -> bool:
        """Takes in what came, and notes when the request that it belongs to began."""
        before = self.request
        taken = bool(super().received(data))
        if self.request is None:
            self._began = None
        elif self.request is not before:
            self._began = self.clock()
        return taken

    def readable(self) -> bool:
        """Whether more is wanted; asked at every turn of the server, so that a request beyond its time ends here."""
        if self._began is not None and not self.requests and self.clock() - self._began > self.within:
            self.will_close = True
        return bool(super().readable())

    def _make_room(self) -> None:
        own = network_of(str(self.addr[0]))
        same = [one for one in self.server.active_channels.values() if not one.will_close and network_of(str(one.addr[0])) == own]
        if len(same) > self.most_of_one:
            idle = [one for one in same if not one.requests and one is not self]
            min(idle, key=lambda one: one.last_activity, default=self).will_close = True


class LimitedChannel(DeskChannel):
    """The same where people connect without a proxy between."""

    most_of_one = MOST_OF_ONE
