"""Depo portal: one line names the author and the moment, with a year of two digits (`Piše: Ime Prezime, 14.03.26, 10:15h`).

Selectors: a public spider for the site (2022 to 2026, github.com/danesjenovdan/newsgradient).
"""

from __future__ import annotations

from datetime import date

from tracker.extraction.outlets.rules import OutletRule

RULES = (
    OutletRule(
        valid_from=date(2022, 9, 1),
        valid_until=date(2027, 12, 31),
        hosts=("depo.ba",),
        title="h1.mainHeader",
        body=".articleContent",
        published=".writtenBy",
        authors=".writtenBy",
    ),
)
