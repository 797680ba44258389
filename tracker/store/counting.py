"""Items, stories and outlets of a period counted in the database, by everything a page of numbers shows, and by place: one statement each.

Who may see an item is not decided here. The items of a campaign fall into a few hundred kinds (circle, decision, held, date uncertain,
own channel, listed elsewhere), each with a code; the caller names the kinds that count, as `visibility` has decided on one item of each.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, TextClause, text

from tracker.model import DATE_UNCERTAIN, LISTED_ELSEWHERE, Cell, Decision
from tracker.store import backend
from tracker.store.at_domains import articles_at

DECISIONS: tuple[str, ...] = ("", *map(str, Decision))
"""The first: nobody has decided."""


class Kind(Struct, frozen=True):
    """What decides whether an item counts."""

    circle: str
    decision: str
    held: bool
    uncertain: bool
    own: bool
    listed: bool = False

    @property
    def code(self) -> str:
        """The text that the statement makes of an item of this kind."""
        return f"{self.circle}/{self.decision}/{self.held:d}{self.uncertain:d}{self.own:d}{self.listed:d}"


def kinds(circles: Sequence[str]) -> Iterator[Kind]:
    """Every kind there can be in a campaign of these circles."""
    for circle, decision in itertools.product(circles, DECISIONS):
        for flags in itertools.product((False, True), repeat=4):
            yield Kind(circle, decision, *flags)


class Wanted(Struct, frozen=True):
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


class Count(Struct, frozen=True):
    """Of one value: items, and the stories and outlets they are of."""

    items: int
    stories: int
    outlets: int


class Counts(Struct, frozen=True):
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


def _facts(dialect: str) -> str:
    """The items that count, one by one, for each period they lie in. All of an item but its tone and messages stands beside its mention
    (`sqlite.MENTION_TRIGGERS`): articles, among a million of others and with their texts, are not read."""
    here = backend.named(dialect)
    return f"""
WITH facts AS MATERIALIZED (
  SELECT starts.key AS period, outlets.id AS outlet_id, outlets.country AS country, outlets.tier AS tier, mentions.language AS language,
         mentions.article_id AS article_id, mentions.group_key AS story, coalesce(said.tone, '') AS tone, said.key_messages AS messages
  FROM {here.listed(":starts", "starts")} CROSS JOIN {here.listed(":ends", "ends")} CROSS JOIN mentions
  JOIN outlets ON outlets.id = mentions.outlet_id
  LEFT JOIN item_states AS said ON said.campaign_id = mentions.campaign_id AND said.article_id = mentions.article_id
  WHERE ends.key = starts.key AND mentions.campaign_id = :campaign
    AND mentions.appeared_at >= {here.moment("starts.value")} AND mentions.appeared_at < {here.moment("ends.value")}
    AND mentions.circle || '/' || coalesce(mentions.decision, '') || '/'
        || {_digit("mentions.held")}
        || {_digit(here.position("mentions.labels", ":uncertain") + " > 0")}
        || {_digit(f"mentions.article_id IN ({here.values_of('own', whole=True)})")}
        || {_digit(here.position("mentions.labels", ":listed") + " > 0")} IN ({here.values_of("counted", whole=False)})
    AND mentions.article_id NOT IN ({here.values_of("left_out", whole=True)})
    AND (:no_countries OR outlets.country IN ({here.values_of("countries", whole=False)}))
    AND (:no_languages OR mentions.language IN ({here.values_of("languages", whole=False)}))
    AND (:no_outlets OR outlets.id IN ({here.values_of("outlets", whole=False)}))
    AND (:no_tiers OR outlets.tier IN ({here.values_of("tiers", whole=True)}))
)
"""  # noqa: S608 (nothing of it comes from elsewhere)


@lru_cache(maxsize=2)
def _statement(dialect: str) -> TextClause:
    here = backend.named(dialect)
    return text(f"""
{_facts(dialect)}
SELECT 'total' AS by_what, CAST(NULL AS text) AS value, '' AS tone, count(*) AS items, count(DISTINCT story) AS stories, count(DISTINCT outlet_id) AS outlets
  FROM facts
UNION ALL SELECT 'period', CAST(period AS text), '', count(*), count(DISTINCT story), count(DISTINCT outlet_id) FROM facts GROUP BY period
UNION ALL SELECT 'country', country, '', count(*), count(DISTINCT story), count(DISTINCT outlet_id) FROM facts GROUP BY country
UNION ALL SELECT 'language', language, '', count(*), count(DISTINCT story), count(DISTINCT outlet_id) FROM facts GROUP BY language
UNION ALL SELECT 'tier', CAST(tier AS text), '', count(*), count(DISTINCT story), count(DISTINCT outlet_id) FROM facts GROUP BY tier
UNION ALL SELECT 'outlet', outlet_id, '', count(*), count(DISTINCT story), 1 FROM facts GROUP BY outlet_id
UNION ALL SELECT 'tone', CAST(period AS text), tone, count(*), 0, 0 FROM facts GROUP BY period, tone
UNION ALL SELECT 'message', confirmed.value, '', count(*), 0, 0 FROM facts CROSS JOIN {here.listed("facts.messages", "confirmed")}
  WHERE messages IS NOT NULL GROUP BY confirmed.value
UNION ALL SELECT 'assessed', CAST(NULL AS text), '', count(*), 0, 0 FROM facts WHERE messages IS NOT NULL
""")  # noqa: S608 (nothing of it comes from elsewhere)


def _digit(condition: str) -> str:
    """An expression: 1 where the condition holds, else 0."""
    return f"CASE WHEN {condition} THEN '1' ELSE '0' END"


def count(conn: Connection, wanted: Wanted) -> Counts:
    """The counts of all items of the kinds that count, in the periods."""
    found: dict[str, list[tuple[object, Count, str]]] = {}
    for row in conn.execute(_statement(conn.dialect.name), _parameters(conn, wanted)):
        found.setdefault(row.by_what, []).append((row.value, Count(row.items, row.stories, row.outlets), row.tone))

    def sized(by_what: str) -> list[tuple[object, Count]]:
        return sorted(((value, one) for value, one, _ in found.get(by_what, ())), key=lambda pair: (-pair[1].items, str(pair[0])))

    return Counts(
        total=found["total"][0][1],
        by_period=tuple(sorted(((int(str(value)), one) for value, one, _ in found.get("period", ())), key=lambda pair: pair[0])),
        by_country=tuple((str(value), one) for value, one in sized("country")),
        by_language=tuple((str(value), one) for value, one in sized("language")),
        by_tier=tuple(sorted(((int(str(value)), one) for value, one, _ in found.get("tier", ())), key=lambda pair: pair[0])),
        by_outlet=tuple((str(value), one) for value, one in sized("outlet")),
        by_tone=tuple(sorted((int(str(value)), tone, one.items) for value, one, tone in found.get("tone", ()))),
        by_message=tuple((str(value), one.items) for value, one in sized("message")),
        assessed=found["assessed"][0][1].items,
    )


@lru_cache(maxsize=2)
def _cell_statement(dialect: str) -> TextClause:
    here, place = backend.named(dialect), "period, country, language, outlet_id"
    return text(f"""
{_facts(dialect)}
SELECT 'items' AS by_what, {place}, max(tier) AS tier, '' AS word, count(*) AS items FROM facts GROUP BY {place}
UNION ALL SELECT 'tone', {place}, 0, tone, count(*) FROM facts WHERE tone <> '' GROUP BY {place}, tone
UNION ALL SELECT 'message', {place}, 0, confirmed.value, count(DISTINCT article_id)
  FROM facts CROSS JOIN {here.listed("facts.messages", "confirmed")} WHERE messages IS NOT NULL GROUP BY {place}, confirmed.value
UNION ALL SELECT 'assessed', {place}, 0, '', count(*) FROM facts WHERE messages IS NOT NULL GROUP BY {place}
UNION ALL SELECT 'stories', period, '', '', '', 0, '', count(DISTINCT story) FROM facts GROUP BY period
""")  # noqa: S608 (nothing of it comes from elsewhere)


def count_cells(conn: Connection, wanted: Wanted, leading: int) -> list[tuple[tuple[Cell, ...], int]]:
    """Of each of the periods, which may overlap: its items by country, language and outlet, in that order, and how many stories they
    are. `leading`: the tier of leading national outlets."""
    cells: list[dict[tuple[str, str, str], Cell]] = [{} for _ in wanted.periods]
    stories = [0] * len(cells)
    rows = conn.execute(_cell_statement(conn.dialect.name), _parameters(conn, wanted)).all()
    for row in sorted(rows, key=lambda one: (one.by_what != "items", one.country, one.language, one.outlet_id, one.word)):
        period, place = int(row.period), (row.country, row.language, row.outlet_id)
        if row.by_what == "items":
            cells[period][place] = Cell(*place, row.items, row.tier == leading)
        elif row.by_what == "stories":
            stories[period] = row.items
        else:
            cells[period][place] = _with_count(cells[period][place], row.by_what, row.word, row.items)
    return [(tuple(found.values()), number) for found, number in zip(cells, stories, strict=True)]


def _with_count(cell: Cell, by_what: str, word: str, items: int) -> Cell:
    if by_what == "tone":
        return replace(cell, tones=(*cell.tones, (word, items)))
    if by_what == "message":
        return replace(cell, messages=(*cell.messages, (word, items)))
    return replace(cell, assessed=items)


def _parameters(conn: Connection, wanted: Wanted) -> dict[str, object]:
    narrowed = {name: getattr(wanted, name) for name in ("countries", "languages", "outlets", "tiers")}
    return {
        "campaign": wanted.campaign_id,
        "starts": json.dumps([_stored(start_at) for start_at, _ in wanted.periods]),
        "ends": json.dumps([_stored(end_at) for _, end_at in wanted.periods]),
        "uncertain": f'"{DATE_UNCERTAIN}"',
        "listed": f'"{LISTED_ELSEWHERE}"',
        "counted": json.dumps(sorted(wanted.counted)),
        "left_out": json.dumps(sorted(wanted.left_out)),
        "own": json.dumps(sorted(articles_at(conn, wanted.own_domains))),
        **{name: json.dumps(values) for name, values in narrowed.items()},
        **{f"no_{name}": not values for name, values in narrowed.items()},
    }


def _stored(moment: datetime) -> str:
    """As the column `appeared_at` holds it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
