"""A second net of the demo: lists of minutes in the form of GDELT's, with what goes wrong with such files. All of it is invented.

It names an article of the outlet that answers every visitor with 403, which no crawl of ours reads, and some of what others publish.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from msgspec import Struct

from tracker.demo.press.press import Press, PressArticle, PressOutlet
from tracker.demo.press.shares import SECOND_NET, names
from tracker.demo.press.site import Answer
from tracker.nets.gdelt_list import name_of

FOLDER = "/gal/"
CLOSED = "zatvoreni-krug"
NET = PressOutlet("second-net", "Second net", "XB", ("en",), ("Latn",), "specialist", 3, "127.77.0.90", feed="none")
PATH = "/vijesti/agenda-digitalne-sigurnosti-sarajevo-skola"
HEADLINE = "Škole u Sarajevu prve dobijaju Agendu digitalne sigurnosti za Zapadni Balkan"
SENTENCE = "Nastavnici iz deset škola počinju obuku u ponedjeljak. Više na stranici."


class SecondNet(Struct, frozen=True):
    """What the net serves at `as_of`; `press` at `port` is what it has seen of; `closed`: the front of the closed outlet's addresses."""

    as_of: datetime
    closed: str
    press: Press | None = None
    port: int = 0
    outlet: PressOutlet = NET

    def answer(self, target: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a GET of `target`."""
        body = self._files().get(urlsplit(target).path)
        return Answer(404) if body is None else Answer(200, "application/x-gzip", body)

    def _files(self) -> dict[str, bytes]:
        """A list with a record twice, one of another outlet and one that is wrong; half a list; one with nothing in it."""
        ours = {"url": f"{self.closed}{PATH}", "title": HEADLINE, "desc": SENTENCE, "outletName": "Zatvoreni krug", "lang": "bs"}
        other = ours | {"url": "https://novosti.elsewhere.example/vijesti/1", "outletName": "Elsewhere"}
        at = self.as_of - timedelta(minutes=40)
        dated = [{"date": f"{at:%Y-%m-%dT%H:%M:%SZ}"} | one for one in (ours, other, ours, *self._seen())]
        whole = gzip.compress("\n".join([*map(json.dumps, dated), '{"url": "https://']).encode(), mtime=0)
        bodies = (whole, whole[: len(whole) // 2], gzip.compress(b"", mtime=0))
        return {f"{FOLDER}{name_of(at + timedelta(minutes=number))}": body for number, body in enumerate(bodies)}

    def _seen(self) -> Iterator[dict[str, str]]:
        """Articles of outlets that let us in: the crawl has most of them already, and how many tells what it missed."""
        for outlet in self.press.outlets if self.press else ():
            for article in outlet.articles:
                if names(SECOND_NET, outlet, article):
                    yield self._record(outlet, article)

    def _record(self, outlet: PressOutlet, article: PressArticle) -> dict[str, str]:
        at = article.published_at(self.as_of, outlet.zone).astimezone(UTC)
        address = f"http://{outlet.address}:{self.port}{outlet.path(article)}"
        told = {"url": address, "title": article.headline, "outletName": outlet.name, "lang": outlet.languages[0]}
        return told | {"date": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
