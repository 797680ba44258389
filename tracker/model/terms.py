"""What an outlet says machines may do with its pages beyond reading them (TDM Reservation Protocol, W3C community group report of 2024)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TermsVia(StrEnum):
    """Where an outlet says it."""

    HEADER = "header"  # tdm-reservation of an answer
    META = "meta"  # the element of that name in a page


class TermsSaid(StrEnum):
    """What is said there."""

    OPEN = "open"  # 0
    RESERVED = "reserved"  # 1
    NOTHING = "nothing"  # it said something once and does no more


@dataclass(frozen=True, slots=True)
class Terms:
    """What one page says, with the address of a licence; empty: none."""

    via: TermsVia
    said: TermsSaid
    policy: str = ""
