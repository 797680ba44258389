"""How much of what is watched was read."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace


class ReachCell(Struct, frozen=True):
    """Outlets of one country, tier and main language: how many are watched, and of how many at least one source was read."""

    country: str
    tier: int
    language: str
    watched: int
    read: int


class Reach(Struct, frozen=True):
    """What of the watched outlets was read in a run or a period.

    `causes`: why the others were not, an outlet each, the most frequent first: values of FetchOutcome, `login_page` or `not_polled`.
    `pages_asked` and `pages_read`: article pages of the run; both 0 where no page was due.
    """

    cells: tuple[ReachCell, ...] = ()
    causes: tuple[tuple[str, int], ...] = ()
    pages_asked: int = 0
    pages_read: int = 0

    @property
    def watched(self) -> int:
        """Outlets that were to be read."""
        return sum(cell.watched for cell in self.cells)

    @property
    def read(self) -> int:
        """Outlets of which something was read."""
        return sum(cell.read for cell in self.cells)

    def of_countries(self, countries: Collection[str]) -> Reach:
        """The outlets of these countries alone; causes and pages are not known by country and stay as they are."""
        return replace(self, cells=tuple(cell for cell in self.cells if cell.country in countries))


class UnreadNight(Struct, frozen=True):
    """A night in which most of what is watched could not be read, or that did not end. `on`: its day in the campaign's zone, ISO."""

    on: str
    watched: int = 0
    read: int = 0
