"""The tables of the schema `work`, made on first use and made anew when their form, or the queue's version, is another."""

from __future__ import annotations

from importlib.metadata import version

from tracker.store.work.link import SCHEMA, Link

FORM = 1
"""Of the tables below; another number has them made anew."""
_MAKERS = 0x7472_6170
"""The advisory lock of whoever makes the schema."""
TABLES = """
CREATE TABLE turns (
    domain text PRIMARY KEY,
    holder text,                                  -- null: nobody's turn
    until_at timestamptz NOT NULL,                -- a holder that has not renewed it by then has lost it
    asked_at timestamptz,                         -- the last request; null: not known
    delay_seconds double precision NOT NULL DEFAULT 0
);
CREATE INDEX turns_holder ON turns (holder) WHERE holder IS NOT NULL;
CREATE TABLE troubles (
    domain text PRIMARY KEY,                      -- or the name of another job
    failures integer NOT NULL,                    -- rounds that broke off, in a row
    given_up boolean NOT NULL DEFAULT false,
    not_before_at timestamptz NOT NULL,
    detail text NOT NULL
);
CREATE TABLE page_claims (
    page_id bigint PRIMARY KEY,
    holder text NOT NULL,
    until_at timestamptz NOT NULL
);
CREATE TABLE workers (
    name text PRIMARY KEY,
    queues text[] NOT NULL,
    version text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    doing text NOT NULL DEFAULT ''
);
CREATE TABLE rounds (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    order_id text NOT NULL DEFAULT '',            -- what a night has ordered; empty: what was due
    worker text NOT NULL,
    queue text NOT NULL,
    outcome text NOT NULL,
    detail text NOT NULL DEFAULT '',
    items integer NOT NULL,                       -- domains visited, or pages read
    polls integer NOT NULL DEFAULT 0,
    pages integer NOT NULL DEFAULT 0,
    seconds double precision NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    progress jsonb
);
CREATE INDEX rounds_order ON rounds (order_id) WHERE order_id <> '';
CREATE INDEX rounds_ended ON rounds (ended_at);
"""


def prepare(link: Link) -> None:
    """Makes the schema where it is missing or of another form. Work under way is then found anew from the tables of the store."""
    wanted = f"tracker {FORM}, procrastinate {version('procrastinate')}"
    if _noted(link) == wanted:
        return
    from procrastinate.schema import SchemaManager

    drop = f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA};"
    done = f"COMMENT ON SCHEMA {SCHEMA} IS '{wanted}'"
    queue = SchemaManager.get_schema()
    link.rows("SELECT pg_advisory_lock(%s)", [_MAKERS])
    try:
        if _noted(link) != wanted:
            link.rows(f"BEGIN; {drop} {queue}\n{TABLES} {done}; COMMIT")
    finally:
        link.rows("SELECT pg_advisory_unlock(%s)", [_MAKERS])


def _noted(link: Link) -> str | None:
    rows = link.rows("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [SCHEMA])
    return rows[0][0] if rows else None


def is_prepared(link: Link) -> bool:
    """Whether a worker has ever been started with this database."""
    return _noted(link) is not None
