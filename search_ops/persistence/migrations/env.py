"""Alembic environment: runs on the connection that `search_ops.persistence.migrate` opened as owner."""

from __future__ import annotations

from alembic import context

from search_ops.persistence.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
