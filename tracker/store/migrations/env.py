"""Run by Alembic. The connection comes from `upgrade`; there is no offline mode."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext

from tracker.errors import StoreError
from tracker.store.schema.metadata import metadata


def check_foreign_keys(ctx: MigrationContext, step: Any, heads: Any, run_args: Any) -> None:
    """They are off while tables are rebuilt: whatever they would have refused undoes the migration."""
    del step, heads, run_args
    assert ctx.connection is not None
    if ctx.connection.dialect.name != "sqlite":
        return  # there they hold all the time
    if broken := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(f"the migration left rows of {broken[0]} without their {broken[2]}; it was undone, please report this")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,  # SQLite's tables are made inside transactions since we begin them ourselves (`sqlite.make_engine`)
    transaction_per_migration=True,
    on_version_apply=check_foreign_keys,
)
with context.begin_transaction():
    context.run_migrations()
