"""RTRS, the broadcaster of Republika Srpska: moment and source share a line (`14/03/2026 | 10:15 | Извор: Срна`).

Selectors: a public spider for the site (2022 to 2026, github.com/danesjenovdan/newsgradient).
"""

from __future__ import annotations

from datetime import date

from tracker.extraction.outlets.rules import OutletRule

RULES = (
    OutletRule(
        valid_from=date(2022, 9, 1),
        valid_until=date(2027, 12, 31),
        hosts=("rtrs.tv",),
        title=".naslov_vijesti",
        body=".nwzbody",
        published=".vrijeme-izvor",
    ),
)
