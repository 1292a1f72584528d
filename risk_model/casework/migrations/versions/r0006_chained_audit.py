"""An audit trail chained by hash, a log of who was shown restricted notes, and exports that are of no single LA."""

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

from risk_model.casework.chain import NO_HASH, hash_of_row
from risk_model.casework.migrations.guards import (
    allow_updates,
    forbid_deletes,
    forbid_updates_but_erasure,
)
from risk_model.casework.tables import UtcDateTime

revision = "r0006"
down_revision = "r0005"

# as they are at this step, whatever they become later
FIXED = ("id", "at", "what", "table", "record_id")
LEAVES = ("who", "before", "after", "reason")
AUDIT = sa.table(
    "audit",
    sa.column("id", sa.Integer),
    sa.column("at", UtcDateTime()),
    *(sa.column(name) for name in ("what", "table", "record_id", "who", "reason", "salt", "previous_hash", "hash")),
    *(sa.column(name, sa.JSON(none_as_null=True)) for name in ("before", "after", "sealed")),
)


def upgrade() -> None:
    """Chain what is there, and guard it so that nothing but an audited erasure can change a row."""
    allow_updates("audit", "export")
    for name, kind in _chain_columns():
        op.add_column("audit", sa.Column(name, kind))
    _chain_rows()
    forbid_updates_but_erasure("audit", (*LEAVES, "salt", "sealed"))
    _make_note_view()
    _let_exports_be_of_no_la()
    forbid_updates_but_erasure("export", ("exported_by",))


def _chain_columns() -> tuple[tuple[str, sa.types.TypeEngine[Any]], ...]:
    return (
        ("salt", sa.String(32)),
        ("sealed", sa.JSON(none_as_null=True)),
        ("previous_hash", sa.String(64)),
        ("hash", sa.String(64)),
    )


def _chain_rows() -> None:
    connection = op.get_bind()
    previous = NO_HASH
    for row in connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).mappings().all():
        salted = {**row, "salt": secrets.token_hex(16)}
        chained = hash_of_row(previous, FIXED, LEAVES, salted)
        values = {"salt": salted["salt"], "previous_hash": previous, "hash": chained}
        connection.execute(sa.update(AUDIT).where(AUDIT.c.id == row["id"]).values(**values))
        previous = chained


def _make_note_view() -> None:
    op.create_table(
        "note_view",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("table", sa.String(40), nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        *(sa.Column(name, kind) for name, kind in _chain_columns()),
    )
    op.create_index(
        "ix_note_view_who_table_record_id_content_hash",
        "note_view",
        ["who", "table", "record_id", "content_hash"],
        unique=True,
    )
    forbid_deletes("note_view")
    forbid_updates_but_erasure("note_view", ("who", "salt", "sealed"))


def _let_exports_be_of_no_la() -> None:
    with op.batch_alter_table("export") as batch:
        batch.alter_column("la_code", existing_type=sa.String(3), nullable=True)
    if op.get_context().dialect.name == "sqlite":
        # the table was made anew, and its triggers went with the old one
        forbid_deletes("export")
