"""Balkan Insight (BIRN): a theme whose main heading holds kicker, headline, author and day at once.

Selectors: the theme's templates (BoldThemes) and public readers of the site (`h1 > span`, `.btArticleDate`, `.btArticleBody`).
"""

from __future__ import annotations

from datetime import date

from tracker.extraction.outlets.rules import OutletRule

RULES = (
    OutletRule(
        valid_from=date(2018, 1, 1),
        valid_until=date(2027, 12, 31),
        hosts=("balkaninsight.com",),
        mark="btArticle",
        title="h1 > .headline",
        lead=".btArticleExcerpt",
        body=".btArticleBody",
        published=".btArticleDate",
        authors=".btArticleAuthor, .btSubTitle a.author",
        remove=(".btRelatedPosts", ".bt_bb_post_grid", ".relatedPosts"),
    ),
)
