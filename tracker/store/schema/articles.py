"""Articles, where campaigns match them, and which of them are one story."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from tracker.store.schema.columns import Items, Moment, Words, published_columns
from tracker.store.schema.metadata import by_tracker, from_outlet, metadata

articles = Table(
    "articles",
    metadata,
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("page_id", ForeignKey("pages.id"), doc="null: entered by a person, no crawl brought it"),
        Column("outlet_id", ForeignKey("outlets.id"), nullable=False, index=True),
    ),
    *from_outlet(
        Column("requested_url", Words, nullable=False),
        Column("canonical_url", Words, nullable=False),
        Column("title", Words, nullable=False),
        Column("lead", Words, nullable=False),
        Column("authors", Items, nullable=False),
        *published_columns(),
        Column(
            "date_readings",
            Items,
            nullable=False,
            server_default="[]",
            doc="pairs of a DateSource and an ISO date; empty: the date is sure",
        ),
        Column("image", Words, nullable=False),
        Column("fetched_at", Moment, nullable=False),
    ),
    *by_tracker(
        Column("language", String, nullable=False, doc="empty: unknown"),
        Column("depth", String, nullable=False, doc="a Depth"),
        Column("stored_at", Moment, nullable=False),
        Column(
            "text_key", String, index=True, doc="digest of outlet, folded headline and text; null: screened, too short or older than 0007"
        ),
        Column("search_id", Integer, nullable=False, doc="its row in article_search, see `sqlite`"),
    ),
    *from_outlet(Column("body", LargeBinary, nullable=False, doc="packed text; empty once it was given up")),
    *by_tracker(Column("given_up_at", Moment, doc="when its text was given up, see `retention`; null: it was not")),
    UniqueConstraint("page_id"),
    UniqueConstraint("canonical_url"),
    UniqueConstraint("search_id"),
    sqlite_autoincrement=True,  # an id is never given twice: verdicts name articles by it
)

Index("ix_articles_with_text", articles.c.fetched_at, sqlite_where=articles.c.given_up_at.is_(None))
Index("ix_articles_fetched", articles.c.fetched_at, articles.c.outlet_id)
Index("ix_articles_published", articles.c.published_at, articles.c.outlet_id, articles.c.fetched_at)
Index("ix_articles_requested", articles.c.requested_url, sqlite_where=articles.c.requested_url != articles.c.canonical_url)

campaign_versions = Table(
    "campaign_versions",
    metadata,
    # how far each version of a campaign file has looked
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("campaign_id", String, nullable=False),
        Column("version", String, nullable=False),
        Column("looked_through_id", Integer, nullable=False, doc="every article up to this id has been looked at"),
    ),
    UniqueConstraint("campaign_id", "version"),
)

looks = Table(
    "looks",
    metadata,
    # articles beyond `looked_through_id` that were looked at
    *by_tracker(
        Column("campaign_version_id", ForeignKey("campaign_versions.id", ondelete="CASCADE"), primary_key=True),
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
    ),
    sqlite_with_rowid=False,
)

mentions = Table(
    "mentions",
    metadata,
    *by_tracker(
        Column("id", String, primary_key=True),
        Column("campaign_id", String, nullable=False),
        Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
        Column("circle", String, nullable=False),
        Column("hits", Items, nullable=False),
        Column("labels", Items, nullable=False),
        Column("key_messages", Items, nullable=False),
        Column("held", Boolean, nullable=False, doc="a `hold` label marks it; `visibility` says what follows"),
        Column("campaign_version", String, nullable=False),
        Column("found_at", Moment, nullable=False, doc="when it first matched; a re-run leaves it"),
        Column("appeared_at", Moment, doc="of its article, see `store.appearance`; null: never, every revision fills it"),
        # what a page of items is looked for by, held beside the mention by triggers (`sqlite.MENTION_TRIGGERS`)
        Column("group_key", String, doc="key of its story; its own id while it is in none; null: never"),
        Column("decision", String, doc="of its item's state; null: none in force"),
        Column("outlet_id", String, doc="of its article, or as a person corrected it; null: never"),
        Column("language", String, doc="of its article; null: never"),
    ),
    UniqueConstraint("campaign_id", "article_id"),
)
Index("ix_mentions_appeared", mentions.c.campaign_id, mentions.c.appeared_at)
Index("ix_mentions_found", mentions.c.campaign_id, mentions.c.found_at)
Index(
    "ix_mentions_group",  # holds all that a page of items is narrowed by: the table is read for none of it
    *(mentions.c[name] for name in ("campaign_id", "group_key", "found_at", "decision", "held", "circle", "language", "outlet_id")),
    *(mentions.c[name] for name in ("appeared_at", "article_id")),
)
Index("ix_mentions_decision", mentions.c.campaign_id, mentions.c.decision, mentions.c.held)
Index("ix_mentions_outlet", mentions.c.campaign_id, mentions.c.outlet_id)

stories = Table(
    "stories",
    metadata,
    *by_tracker(
        Column("campaign_id", String, primary_key=True),
        Column("key", String, primary_key=True),
        Column("grouped_at", Moment, nullable=False),
    ),
)

story_members = Table(
    "story_members",
    metadata,
    # an article is in one story of a campaign
    *by_tracker(
        Column("campaign_id", String, primary_key=True),
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
        Column("story_key", String, nullable=False),
        # its part in the story, see `model.Part`
        Column("role", String, doc="a StoryRole; null: not decided yet, the next grouping does it"),
        Column("carried_from", Integer, doc="the article whose text it carries; null: none, or none that was found"),
        Column("shared", Float, doc="part of its text that stands in that one, 0 to 1; null: carries none"),
        Column("credited", Words, doc="whom it names as the source of its text; null: nobody"),
        Column("credited_outlet", String, doc="that newsroom's id; null: in no register"),
        Column("gives_credit", Boolean, doc="it names the newsroom that it carries; null: not decided yet"),
        Column("before_article_id", Integer, doc="the article that bore its text days before; null: none"),
    ),
    ForeignKeyConstraint(["campaign_id", "story_key"], ["stories.campaign_id", "stories.key"], ondelete="CASCADE"),
    Index("ix_story_members_story", "campaign_id", "story_key"),
)

Index("ix_story_members_undecided", story_members.c.campaign_id, story_members.c.story_key, sqlite_where=story_members.c.role.is_(None))

story_joins = Table(
    "story_joins",
    metadata,
    # what each window of days joined, so that a new article asks for its own windows alone
    *by_tracker(
        Column("campaign_id", String, primary_key=True),
        Column("window", Integer, primary_key=True, doc="see `stories.windows`; 0: joined before there were windows"),
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
        Column("first_article_id", Integer, nullable=False, doc="the lowest article of its group in this window"),
    ),
    sqlite_with_rowid=False,
)
Index("ix_story_joins_article", story_joins.c.campaign_id, story_joins.c.article_id)
Index("ix_story_joins_first", story_joins.c.campaign_id, story_joins.c.first_article_id)

regroupings = Table(
    "regroupings",
    metadata,
    # items whose date or outlet a person corrected since their story was decided
    *by_tracker(
        Column("campaign_id", String, primary_key=True),
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
        Column("since", Integer, nullable=False, doc="the event that corrected it last"),
    ),
)

text_prints = Table(
    "text_prints",
    metadata,
    # by which a text is found that holds much of another one, see `stories.earlier`
    *by_tracker(
        Column("print", Integer, primary_key=True, doc="-1: every text up to this article has been read"),
        Column("article_id", Integer, primary_key=True, autoincrement=False),
    ),
    sqlite_with_rowid=False,
)
