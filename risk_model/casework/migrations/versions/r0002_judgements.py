"""Advisers' views with their evidence, heads' comments, and the approval of a rule set by an LA."""

import sqlalchemy as sa
from alembic import op

from risk_model.casework.migrations.guards import forbid_deletes

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Make the tables of the second and third judgement, and of approvals."""
    _make_adviser_view()
    _make_view_evidence()
    _make_head_comment()
    _make_rule_set_approval()
    forbid_deletes("adviser_view", "view_evidence", "head_comment", "rule_set_approval")


def _make_adviser_view() -> None:
    op.create_table(
        "adviser_view",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("statement", sa.String(20), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("review_by", sa.Date, nullable=False),
        sa.Column("computed_level", sa.String(20)),
        sa.Column("build_id", sa.String(100)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_adviser_view"),
    )
    op.create_index("ix_adviser_view_la_code_urn", "adviser_view", ["la_code", "urn"])


def _make_view_evidence() -> None:
    op.create_table(
        "view_evidence",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("view_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(300)),
        sa.Column("description", sa.String(1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_view_evidence"),
        sa.ForeignKeyConstraint(["view_id"], ["adviser_view.id"], name="fk_view_evidence_view_id"),
    )
    op.create_index("ix_view_evidence_view_id", "view_evidence", ["view_id"])


def _make_head_comment() -> None:
    op.create_table(
        "head_comment",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("statement", sa.String(20)),
        sa.Column("comment", sa.String(2000), nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_head_comment"),
    )
    op.create_index("ix_head_comment_la_code_urn", "head_comment", ["la_code", "urn"])


def _make_rule_set_approval() -> None:
    op.create_table(
        "rule_set_approval",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("rule_set", sa.String(100), nullable=False),
        sa.Column("rule_set_hash", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.String(100), nullable=False),
        sa.Column("approved_on", sa.Date, nullable=False),
        sa.Column("note", sa.String(2000)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_rule_set_approval"),
    )
    op.create_index("ix_rule_set_approval_la_code", "rule_set_approval", ["la_code"])
