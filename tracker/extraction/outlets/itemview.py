"""The system of Oslobođenje and Dnevnik.ba: an article is an `item`, its date a `card__time`.

General methods take a `card` for a teaser of another article, and so miss the date. Selectors: public spiders for both sites (2022 to
2026, github.com/danesjenovdan/newsgradient).
"""

from __future__ import annotations

from datetime import date

from tracker.extraction.outlets.rules import OutletRule

RULES = (
    OutletRule(
        valid_from=date(2022, 9, 1),
        valid_until=date(2027, 12, 31),
        hosts=("oslobodjenje.ba", "dnevnik.ba"),
        mark="itemFullText",
        title="h1.item__title",
        body=".itemFullText",
        published=".item__header .card__time, h1.item__title ~ * .card__time, .card__time",
        authors=".item__author, .item__header .card__author",
        remove=(".card-related", ".itemFullText .card"),
    ),
)
