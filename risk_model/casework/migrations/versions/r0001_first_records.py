"""System leaders, allocations, meetings with outcomes, referrals, and the audit trail."""

import sqlalchemy as sa
from alembic import op

from risk_model.casework.migrations.guards import forbid_deletes, forbid_updates

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _make_system_leader()
    _make_allocation()
    _make_meeting()
    _make_meeting_outcome()
    _make_referral()
    _make_audit()
    forbid_deletes("system_leader", "allocation", "meeting", "meeting_outcome", "referral", "audit")
    forbid_updates("audit")


def _make_system_leader() -> None:
    op.create_table(
        "system_leader",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("home_urn", sa.String(6)),
        sa.Column("locality", sa.String(100)),
        sa.Column("phase", sa.String(100)),
        sa.Column("specialisms", sa.String(500)),
        sa.Column("days_per_term", sa.Float),
        sa.Column("available_from", sa.Date),
        sa.Column("available_to", sa.Date),
        sa.Column("accredited_by", sa.String(200)),
        sa.Column("note", sa.String(2000)),
        sa.PrimaryKeyConstraint("id", name="pk_system_leader"),
        sa.UniqueConstraint("la_code", "label", name="uq_system_leader_la_code_label"),
    )


def _make_allocation() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("provider_type", sa.String(40), nullable=False),
        sa.Column("provider_name", sa.String(200), nullable=False),
        sa.Column("system_leader_id", sa.Integer),
        sa.Column("role", sa.String(40)),
        sa.Column("support_type", sa.String(40)),
        sa.Column("need", sa.String(500)),
        sa.Column("days_planned", sa.Float),
        sa.Column("days_used", sa.Float),
        sa.Column("start_date", sa.Date),
        sa.Column("end_date", sa.Date),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("status_reason", sa.String(500)),
        sa.Column("funding", sa.String(200)),
        sa.Column("aim", sa.String(1000)),
        sa.Column("success_measure", sa.String(1000)),
        sa.Column("baseline", sa.String(1000)),
        sa.Column("last_update", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_allocation"),
        sa.ForeignKeyConstraint(["system_leader_id"], ["system_leader.id"], name="fk_allocation_system_leader_id"),
    )
    op.create_index("ix_allocation_la_code_urn", "allocation", ["la_code", "urn"])
    op.create_index("ix_allocation_system_leader_id", "allocation", ["system_leader_id"])


def _make_meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("locality", sa.String(100), nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("attending", sa.String(2000)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_la_code_locality", "meeting", ["la_code", "locality"])


def _make_meeting_outcome() -> None:
    op.create_table(
        "meeting_outcome",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("meeting_id", sa.Integer, nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("statement", sa.String(20)),
        sa.Column("agreed_level", sa.String(20)),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(2000)),
        sa.Column("review_by", sa.Date),
        sa.Column("actions", sa.String(2000)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_outcome"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_outcome_meeting_id"),
    )
    op.create_index("ix_meeting_outcome_meeting_id", "meeting_outcome", ["meeting_id"])
    op.create_index("ix_meeting_outcome_urn", "meeting_outcome", ["urn"])


def _make_referral() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("raised_on", sa.Date),
        sa.Column("concern", sa.String(2000), nullable=False),
        sa.Column("ask", sa.String(2000)),
        sa.Column("owner", sa.String(200)),
        sa.Column("reply", sa.String(2000)),
        sa.Column("next_date", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
    )
    op.create_index("ix_referral_la_code_urn", "referral", ["la_code", "urn"])


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("table", sa.String(40), nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.Column("reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_table_record_id", "audit", ["table", "record_id"])
