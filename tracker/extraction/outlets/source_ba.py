"""Source.ba: headline, date and text stand in `div`s with names of their own, without a heading, microdata or JSON-LD.

Selectors: a public spider for the site (2022 to 2026, github.com/danesjenovdan/newsgradient).
"""

from __future__ import annotations

from datetime import date

from tracker.extraction.outlets.rules import OutletRule

RULES = (
    OutletRule(
        valid_from=date(2022, 9, 1),
        valid_until=date(2027, 12, 31),
        hosts=("source.ba",),
        title=".naslovTekstualnogClanka",
        body=".tekstTekstualnogClanka",
        published=".vrijemeObjaveClanka",
    ),
)
