"""Run by Alembic. The connection comes from `upgrade`; there is no offline mode."""

from __future__ import annotations

from alembic import context

from tracker.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,  # SQLite's tables are made inside transactions since we begin them ourselves (`sqlite.make_engine`)
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
