"""Rules for outlets whose pages the general ladder reads wrongly: one file an outlet, each rule with the days it holds.

To add one: write `outlets/<outlet>.py` with a `RULES` tuple of `OutletRule`, name the module in `MODULES`, and add an invented
page with the outlet's structure to tests/extraction/test_outlets.py. Selectors are CSS; a field that its selectors do not find
falls through to the next rung. A rule past its last day is not used, so that a redesign cannot go on spoiling articles: look at
the outlet's pages, then mend the rule or set a new day.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from tracker.extraction.outlets.rules import OutletRule

MODULES = (
    "balkan_insight",
    "depo_ba",
    "itemview",
    "pangea",
    "rtrs",
    "source_ba",
    "tagdiv",
)
"""Names of the modules in this package that hold RULES."""


@lru_cache(maxsize=1)
def shipped_rules() -> tuple[OutletRule, ...]:
    """All rules of this package."""
    return tuple(rule for name in MODULES for rule in import_module(f"{__name__}.{name}").RULES)
