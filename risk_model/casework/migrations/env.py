"""Run by Alembic. The connection comes from the caller, already inside its transaction."""

from alembic import context

from risk_model.casework.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
