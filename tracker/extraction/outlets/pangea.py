"""Pangea, the system of Radio Free Europe/Radio Liberty and the Voice of America.

The text stands in `.wsw`, between players, pictures and boxes of other articles (`.wsw__embed`, `.wsw__related`); the authors stand in a
list of links that no class calls a byline. Selectors: the page of slobodnaevropa.org in the corpus (2020) and public readers of
voachinese.com and voakorea.com (2026), which share the system.
"""

from __future__ import annotations

from datetime import date

from tracker.extraction.outlets.rules import OutletRule

RULES = (
    OutletRule(
        valid_from=date(2018, 1, 1),
        valid_until=date(2027, 12, 31),
        hosts=(
            "slobodnaevropa.org",
            "slobodnaevropa.mk",
            "evropaelire.org",
            "ba.voanews.com",
            "mk.voanews.com",
            "zeriamerikes.com",
            "glasamerike.net",
        ),
        title="h1.pg-title",
        lead=".intro > p, .intro.content-floated-wrap",
        body="#article-content > .wsw",
        published=".publishing-details time[datetime], time[pubdate][datetime]",
        authors=".publishing-details .links__item-link",
        remove=(".wsw__embed", ".wsw__related", ".also-read", ".media-download", ".c-mmp", ".js-media-transcript"),
    ),
)
