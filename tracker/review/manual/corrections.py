"""Whether a row that seems new only corrects an item that a person entered before: it must not count twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from tracker.model import Article, HandItem
from tracker.review.manual.sheet_rows import HandRow
from tracker.text.folding import fold
from tracker.urls.canonical import normalise

ALIKE = 0.8
"""Share of letters that two headlines have in common, in order, when one corrects the other. A choice: of ten words two may differ."""


def corrected_item(row: HandRow, entered: Iterable[tuple[HandItem, Article]]) -> int:
    """The article of an item of the same outlet and medium that the row seems to correct, 0 for none.

    It does so where both bear one link, or where day, programme and place agree and the headlines are alike. Another page or another
    time of the broadcast tells two items with one headline apart.
    """
    for item, article in entered:
        if item.medium is not row.medium or article.outlet_id != row.outlet.id:
            continue
        same_link = bool(row.link) and normalise(row.link) == normalise(article.canonical_url)
        if same_link or (_same_place(row, item, article) and _alike(row.headline, article.title)):
            return article.id
    return 0


def _same_place(row: HandRow, item: HandItem, article: Article) -> bool:
    same_day = article.published is not None and article.published.at.date() == row.published.at.date()
    return same_day and fold(item.programme) == fold(row.programme) and fold(item.place) == fold(row.place)


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, fold(one), fold(other), autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
