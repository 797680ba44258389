"""Items, stories and outlets of a period counted in the database, by everything a page of numbers shows: one statement.

Who may see an item is not decided here. The items of a campaign fall into a few hundred kinds (circle, decision, held, date uncertain,
own channel), each with a code; the caller names the kinds that count, as `visibility` has decided on one item of each.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from tracker.model import DATE_UNCERTAIN, Decision
from tracker.store.at_domains import articles_at

DECISIONS: tuple[str, ...] = ("", *map(str, Decision))
"""The first: nobody has decided."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What decides whether an item counts."""

    circle: str
    decision: str
    held: bool
    uncertain: bool
    own: bool

    @property
    def code(self) -> str:
        """The text that the statement makes of an item of this kind."""
        return f"{self.circle}/{self.decision}/{self.held:d}{self.uncertain:d}{self.own:d}"


def kinds(circles: Sequence[str]) -> Iterator[Kind]:
    """Every kind there can be in a campaign of these circles."""
    for circle, decision in itertools.product(circles, DECISIONS):
        for flags in itertools.product((False, True), repeat=3):
            yield Kind(circle, decision, *flags)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to count. `periods`: bounds of the bars of time, the first included, in order; they bound the whole too. Empty collections
    narrow nothing. `left_out`: articles that no count holds, whatever their kind."""

    campaign_id: str
    counted: frozenset[str]
    periods: tuple[tuple[datetime, datetime], ...]
    left_out: frozenset[int] = frozenset()
    own_domains: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """Of one value: items, and the stories and outlets they are of."""

    items: int
    stories: int
    outlets: int


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts of a period. `by_period` has a number for each of the periods asked for that holds an item. `by_message`: items in which
    a person confirmed a key message, of `assessed`. `by_tone`: (place of the period, tone, items)."""

    total: Count
    by_period: tuple[tuple[int, Count], ...]
    by_country: tuple[tuple[str, Count], ...]
    by_language: tuple[tuple[str, Count], ...]
    by_tier: tuple[tuple[int, Count], ...]
    by_outlet: tuple[tuple[str, Count], ...]
    by_tone: tuple[tuple[int, str, int], ...]
    by_message: tuple[tuple[str, int], ...]
    assessed: int


_STATEMENT = text("""
WITH facts AS MATERIALIZED (
  SELECT periods.key AS period, outlets.id AS outlet_id, outlets.country AS country, outlets.tier AS tier, mentions.language AS language,
         mentions.group_key AS story, coalesce(said.tone, '') AS tone, said.key_messages AS messages
  FROM json_each(:periods) AS periods
  CROSS JOIN mentions ON mentions.campaign_id = :campaign
       AND mentions.appeared_at >= json_extract(periods.value, '$[0]') AND mentions.appeared_at < json_extract(periods.value, '$[1]')
  JOIN outlets ON outlets.id = mentions.outlet_id
  LEFT JOIN item_states AS said ON said.campaign_id = mentions.campaign_id AND said.article_id = mentions.article_id
  WHERE mentions.circle || '/' || coalesce(mentions.decision, '') || '/' || mentions.held || (instr(mentions.labels, :uncertain) > 0)
        || (mentions.article_id IN (SELECT value FROM json_each(:own))) IN (SELECT value FROM json_each(:counted))
    AND mentions.article_id NOT IN (SELECT value FROM json_each(:left_out))
    AND (:no_countries OR outlets.country IN (SELECT value FROM json_each(:countries)))
    AND (:no_languages OR mentions.language IN (SELECT value FROM json_each(:languages)))
    AND (:no_outlets OR outlets.id IN (SELECT value FROM json_each(:outlets)))
    AND (:no_tiers OR outlets.tier IN (SELECT value FROM json_each(:tiers)))
)
SELECT 'total' AS by_what, NULL AS value, '' AS tone, count(*) AS items, count(DISTINCT story) AS stories, count(DISTINCT outlet_id) AS outlets
  FROM facts
UNION ALL SELECT 'period', period, '', count(*), count(DISTINCT story), count(DISTINCT outlet_id) FROM facts GROUP BY period
UNION ALL SELECT 'country', country, '', count(*), count(DISTINCT story), count(DISTINCT outlet_id) FROM facts GROUP BY country
UNION ALL SELECT 'language', language, '', count(*), count(DISTINCT story), count(DISTINCT outlet_id) FROM facts GROUP BY language
UNION ALL SELECT 'tier', tier, '', count(*), count(DISTINCT story), count(DISTINCT outlet_id) FROM facts GROUP BY tier
UNION ALL SELECT 'outlet', outlet_id, '', count(*), count(DISTINCT story), 1 FROM facts GROUP BY outlet_id
UNION ALL SELECT 'tone', period, tone, count(*), 0, 0 FROM facts GROUP BY period, tone
UNION ALL SELECT 'message', confirmed.value, '', count(*), 0, 0 FROM facts, json_each(facts.messages) AS confirmed
  WHERE messages IS NOT NULL GROUP BY confirmed.value
UNION ALL SELECT 'assessed', NULL, '', count(*), 0, 0 FROM facts WHERE messages IS NOT NULL
""")
"""All of an item but its tone and messages stands beside its mention (`sqlite.MENTION_TRIGGERS`): articles, among a million of others and
with their texts, are not read."""


def count(conn: Connection, wanted: Wanted) -> Counts:
    """The counts of all items of the kinds that count, in the periods."""
    found: dict[str, list[tuple[object, Count, str]]] = {}
    for row in conn.execute(_STATEMENT, _parameters(conn, wanted)):
        found.setdefault(row.by_what, []).append((row.value, Count(row.items, row.stories, row.outlets), row.tone))

    def sized(by_what: str) -> list[tuple[object, Count]]:
        return sorted(((value, one) for value, one, _ in found.get(by_what, ())), key=lambda pair: (-pair[1].items, str(pair[0])))

    return Counts(
        total=found["total"][0][1],
        by_period=tuple((int(str(value)), one) for value, one, _ in found.get("period", ())),
        by_country=tuple((str(value), one) for value, one in sized("country")),
        by_language=tuple((str(value), one) for value, one in sized("language")),
        by_tier=tuple(sorted((int(str(value)), one) for value, one, _ in found.get("tier", ()))),
        by_outlet=tuple((str(value), one) for value, one in sized("outlet")),
        by_tone=tuple((int(str(value)), tone, one.items) for value, one, tone in found.get("tone", ())),
        by_message=tuple((str(value), one.items) for value, one in sized("message")),
        assessed=found["assessed"][0][1].items,
    )


def _parameters(conn: Connection, wanted: Wanted) -> dict[str, object]:
    narrowed = {name: getattr(wanted, name) for name in ("countries", "languages", "outlets", "tiers")}
    return {
        "campaign": wanted.campaign_id,
        "periods": json.dumps([[_stored(start_at), _stored(end_at)] for start_at, end_at in wanted.periods]),
        "uncertain": f'"{DATE_UNCERTAIN}"',
        "counted": json.dumps(sorted(wanted.counted)),
        "left_out": json.dumps(sorted(wanted.left_out)),
        "own": json.dumps(sorted(articles_at(conn, wanted.own_domains))),
        **{name: json.dumps(values) for name, values in narrowed.items()},
        **{f"no_{name}": not values for name, values in narrowed.items()},
    }


def _stored(moment: datetime) -> str:
    """As the column `appeared_at` holds it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
