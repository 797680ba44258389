"""What a person asks for by country, language, outlet and day. Codes and names are taken in any case; what is not known is refused with
what is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from tracker.digests.periods import first_moment
from tracker.digests.selection import select_entries
from tracker.errors import UsageError
from tracker.locale.wording import wording
from tracker.model import ARTICLE_LANGUAGES, OUTLET_COUNTRIES, Audience, Campaign, Entry, Outlet, Scope
from tracker.text.folding import fold

MOST_SUGGESTED = 5


class Asked(Struct, frozen=True):
    """What is wanted of an export, all of it where nothing is said. The days, both included, are of the campaign's zone (of articles:
    of `time_zone`), by the day of publication. `audience`: only what an edition counts for it; `campaigns` are then those by id.
    `texts_of_all`: also of outlets that reserve their pages (`law.respect_tdm` is false)."""

    scope: Scope = field(default_factory=Scope)
    first_on: date | None = None
    last_on: date | None = None
    audience: Audience | None = None
    time_zone: str = "UTC"
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    texts_of_all: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not self.scope and self.first_on is None and self.last_on is None and self.audience is None

    def bounds(self, campaign_id: str = "") -> tuple[datetime | None, datetime | None]:
        """The first moment of the days, and the first after them; None where there is no bound."""
        campaign = self.campaigns.get(campaign_id)
        zone = ZoneInfo(campaign.time_zone if campaign else self.time_zone)
        start_at = first_moment(self.first_on, zone) if self.first_on else None
        return start_at, first_moment(self.last_on + timedelta(days=1), zone) if self.last_on else None

    def covers(self, entry: Entry) -> bool:
        """Whether an item is of the scope."""
        return self.scope.covers(entry.outlet.country, entry.article.language, entry.outlet.id)

    def counts(self, entry: Entry) -> bool:
        """Whether an edition for the audience counts the item."""
        if self.audience is None:
            return True
        return bool(select_entries(self.campaigns[entry.mention.campaign_id], [entry], audience=self.audience).counted)


def read_scope(countries: Sequence[str], languages: Sequence[str], outlets: Sequence[str], known: Mapping[str, Outlet]) -> Scope:
    """The scope of these codes or names; outlets by their id or name in the register `known`. Raises UsageError."""
    names = wording("en")
    found = dict.fromkeys(identity for asked in outlets for identity in _outlets(asked, known))
    return Scope(
        _chosen("country", countries, {code: names.country(code) for code in OUTLET_COUNTRIES}),
        _chosen(
            "language of articles", [_bare(asked) for asked in languages], {code: names.language_name(code) for code in ARTICLE_LANGUAGES}
        ),
        tuple((identity, known[identity].name) for identity in found),
    )


def _bare(language: str) -> str:
    """Serbian is one language in either script."""
    return "sr" if fold(language) in ("sr-latn", "sr-cyrl") else language


def _chosen(what: str, asked: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    by_name = {**{fold(name): code for code, name in known.items()}, **{fold(code): code for code in known}}
    chosen = []
    for word in asked:
        if (code := by_name.get(fold(word.strip()))) is None:
            raise UsageError(f"no {what} {word!r}; known are {', '.join(f'{code} ({name})' for code, name in known.items())}")
        chosen.append(code)
    return tuple(dict.fromkeys(chosen))


def _outlets(asked: str, known: Mapping[str, Outlet]) -> list[str]:
    wanted = fold(asked.strip())
    found = [outlet.id for outlet in known.values() if wanted and wanted in (fold(outlet.id), fold(outlet.name))]
    if found:
        return found
    spelled = {fold(text): outlet for outlet in known.values() for text in (outlet.id, outlet.name)}
    near = {spelled[text].id: spelled[text] for text in get_close_matches(wanted, spelled, MOST_SUGGESTED, 0.5)}
    near |= {outlet.id: outlet for text, outlet in spelled.items() if len(wanted) > 2 and wanted in text and len(near) < MOST_SUGGESTED}
    close = f"the nearest are {', '.join(f'{one.id} ({one.name})' for one in near.values())}; " if near else ""
    raise UsageError(f"no outlet {asked!r}; {close}`tracker sources list` shows all {len(known)}")
