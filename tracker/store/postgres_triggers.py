"""The triggers of `sqlite.TRIGGERS`, `sqlite.MENTION_TRIGGERS` and `night_triggers` as PostgreSQL has them, of the same names."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from tracker.store import night_triggers


class Trigger(NamedTuple):
    """When it fires, on which table, and what it then does: the body of a function."""

    when: str
    table: str
    body: str


_REFUSE = "RAISE EXCEPTION '%s' USING ERRCODE = 'integrity_constraint_violation';"
_STATE = """
    UPDATE mentions SET decision = NEW.decision,
        outlet_id = coalesce(NEW.outlet_id, (SELECT outlet_id FROM articles WHERE id = NEW.article_id))
    WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id;
    RETURN NULL;"""
_MEMBER = """
    UPDATE mentions SET group_key = NEW.story_key WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id;
    RETURN NULL;"""

TRIGGERS = {
    "events_keep_their_words": Trigger(
        "BEFORE UPDATE", "events", _REFUSE % "what a person said is never changed: record a new word or take it back"
    ),
    "events_are_never_removed": Trigger(
        "BEFORE DELETE", "events", _REFUSE % "what a person said is never removed: record a new word or take it back"
    ),
    "mentions_know_their_item": Trigger(
        "BEFORE INSERT",
        "mentions",
        """
    NEW.group_key := coalesce((SELECT story_key FROM story_members
        WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id), NEW.id);
    SELECT decision, outlet_id INTO NEW.decision, NEW.outlet_id FROM item_states
        WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id;
    SELECT coalesce(NEW.outlet_id, outlet_id), language INTO NEW.outlet_id, NEW.language FROM articles WHERE id = NEW.article_id;
    RETURN NEW;""",
    ),
    "mentions_follow_a_new_state": Trigger("AFTER INSERT", "item_states", _STATE),
    "mentions_follow_their_state": Trigger("AFTER UPDATE", "item_states", _STATE),
    "mentions_follow_their_article": Trigger(
        "AFTER UPDATE OF outlet_id, language",
        "articles",
        """
    UPDATE mentions SET language = NEW.language, outlet_id = coalesce((SELECT outlet_id FROM item_states
        WHERE campaign_id = mentions.campaign_id AND article_id = NEW.id), NEW.outlet_id) WHERE article_id = NEW.id;
    RETURN NULL;""",
    ),
    "mentions_join_a_story": Trigger("AFTER INSERT", "story_members", _MEMBER),
    "mentions_change_their_story": Trigger("AFTER UPDATE OF story_key", "story_members", _MEMBER),
    "mentions_leave_a_story": Trigger(
        "AFTER DELETE",
        "story_members",
        """
    UPDATE mentions SET group_key = id WHERE campaign_id = OLD.campaign_id AND article_id = OLD.article_id;
    RETURN NULL;""",
    ),
}


def create(connection: Connection) -> None:
    """Makes all of them, in place of older ones of their names. In a schema older than what they guard there is nothing to do."""
    wanted = dict(TRIGGERS)
    if connection.exec_driver_sql(f"SELECT to_regclass('{night_triggers.TABLE}')").scalar() is not None:
        for name, one in night_triggers.NIGHT_TRIGGERS.items():
            wanted[name] = Trigger(one.when, one.table, f"{' '.join(one.statements)} RETURN NULL;")
    for name, trigger in wanted.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN {trigger.body.replace('%', '%%')} END $body$"
        )
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {name} {trigger.when} ON {trigger.table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
