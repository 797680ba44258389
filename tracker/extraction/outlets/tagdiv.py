"""Newspaper (tagDiv), the theme that most WordPress outlets of the region use: boxes of other articles stand between the paragraphs.

Selectors: the page of telegraf.al in the corpus (2022), the theme's templates, and public spiders for bh-index.info, biscani.net, hayat.ba
and zenit.ba (2022 to 2026, github.com/danesjenovdan/newsgradient). The mark is the class of the theme's text.
"""

from __future__ import annotations

from datetime import date

from tracker.extraction.outlets.rules import OutletRule

RULES = (
    OutletRule(
        valid_from=date(2018, 1, 1),
        valid_until=date(2027, 12, 31),
        platforms=("wordpress",),
        mark="td-post-content",
        title="header.td-post-title h1.entry-title, h1.tdb-title-text",
        body=".td-post-content",
        published="header.td-post-title .td-post-date time[datetime], .tdb_single_date time[datetime]",
        authors="header.td-post-title .td-post-author-name a, .tdb_single_author .tdb-author-name",
        remove=(
            ".td-post-content .td_block_wrap",
            ".td-post-content .td-a-rec",
            ".td-post-featured-image",
            ".td-post-sharing",
            ".td-post-source-tags",
            ".wp-caption-text",
            ".td-related-row",
        ),
    ),
)
