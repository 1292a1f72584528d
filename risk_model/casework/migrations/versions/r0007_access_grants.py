"""Grants: who may see what, for which LA, locality or school, and for how long."""

import sqlalchemy as sa
from alembic import op

from risk_model.casework.migrations.guards import forbid_deletes

revision = "r0007"
down_revision = "r0006"


def upgrade() -> None:
    """Make the table of grants."""
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("la_code", sa.String(3)),
        sa.Column("locality", sa.String(100)),
        sa.Column("urn", sa.String(6)),
        sa.Column("system_leader_id", sa.Integer),
        sa.Column("from_date", sa.Date),
        sa.Column("to_date", sa.Date),
        sa.Column("note", sa.String(500)),
        sa.Column("withdrawn_reason", sa.String(500)),
    )
    op.create_index("ix_access_grant_person", "access_grant", ["person"])
    forbid_deletes("access_grant")
