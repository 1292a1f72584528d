"""Watch lists: the schools that somebody keeps an eye on."""

import sqlalchemy as sa
from alembic import op

from risk_model.casework.migrations.guards import forbid_deletes

revision = "r0005"
down_revision = "r0004"


def upgrade() -> None:
    """Make the table of watched schools."""
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("watcher", sa.String(100), nullable=False),
        sa.Column("withdrawn_reason", sa.String(500)),
    )
    op.create_index("ix_watch_watcher", "watch", ["watcher"])
    forbid_deletes("watch")
