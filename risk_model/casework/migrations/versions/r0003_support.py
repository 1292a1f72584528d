"""What the register of system leaders and the life of support need: roles, interests, shares, objectives, visits."""

import sqlalchemy as sa
from alembic import op

from risk_model.casework.migrations.guards import forbid_deletes

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Widen system leaders and allocations, and make the tables that belong to them."""
    _widen_system_leader()
    _widen_allocation()
    _make_designation()
    _make_interest()
    _make_allocation_share()
    _make_objective()
    _make_visit()
    forbid_deletes("designation", "interest", "allocation_share", "objective", "visit")


def _widen_system_leader() -> None:
    op.add_column("system_leader", sa.Column("strengths", sa.String(500)))
    op.add_column("system_leader", sa.Column("quality_assured_by", sa.String(200)))
    op.add_column("system_leader", sa.Column("head_since", sa.Date))
    op.add_column("system_leader", sa.Column("training", sa.String(500)))
    op.add_column("system_leader", sa.Column("ties", sa.String(500)))
    op.add_column("system_leader", sa.Column("limited_from", sa.Date))
    op.add_column("system_leader", sa.Column("limited_to", sa.Date))
    op.add_column("system_leader", sa.Column("limited_note", sa.String(500)))


def _widen_allocation() -> None:
    op.add_column("allocation", sa.Column("statement", sa.String(20)))
    op.add_column("allocation", sa.Column("rules", sa.String(200)))
    op.add_column("allocation", sa.Column("formality", sa.String(20)))
    op.add_column("allocation", sa.Column("intensity", sa.String(20)))
    op.add_column("allocation", sa.Column("rate_gbp", sa.Float))
    op.add_column("allocation", sa.Column("grant_name", sa.String(200)))
    op.add_column("allocation", sa.Column("commissioner", sa.String(200)))
    op.add_column("allocation", sa.Column("quality_assurer", sa.String(200)))
    op.add_column("allocation", sa.Column("review_date", sa.Date))
    op.add_column("allocation", sa.Column("exit_outcome", sa.String(40)))
    op.add_column("allocation", sa.Column("exit_decision", sa.String(40)))
    op.add_column("allocation", sa.Column("override_reason", sa.String(500)))


def _make_designation() -> None:
    op.create_table(
        "designation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("system_leader_id", sa.Integer, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("specialism", sa.String(200)),
        sa.Column("designated_by", sa.String(200)),
        sa.Column("from_date", sa.Date),
        sa.Column("to_date", sa.Date),
        sa.Column("note", sa.String(500)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_designation"),
        sa.ForeignKeyConstraint(["system_leader_id"], ["system_leader.id"], name="fk_designation_system_leader_id"),
    )
    op.create_index("ix_designation_system_leader_id", "designation", ["system_leader_id"])


def _make_interest() -> None:
    op.create_table(
        "interest",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6)),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("phase", sa.String(100)),
        sa.Column("specialisms", sa.String(500)),
        sa.Column("strengths", sa.String(500)),
        sa.Column("days_per_term", sa.Float),
        sa.Column("registered_on", sa.Date, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("status_reason", sa.String(500)),
        sa.Column("system_leader_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_interest"),
        sa.ForeignKeyConstraint(["system_leader_id"], ["system_leader.id"], name="fk_interest_system_leader_id"),
    )
    op.create_index("ix_interest_la_code", "interest", ["la_code"])


def _make_allocation_share() -> None:
    op.create_table(
        "allocation_share",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("allocation_id", sa.Integer, nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("days_planned", sa.Float),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_allocation_share"),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"], name="fk_allocation_share_allocation_id"),
    )
    op.create_index("ix_allocation_share_allocation_id", "allocation_share", ["allocation_id"])
    op.create_index("ix_allocation_share_urn", "allocation_share", ["urn"])


def _make_objective() -> None:
    op.create_table(
        "objective",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("allocation_id", sa.Integer, nullable=False),
        sa.Column("objective", sa.String(1000), nullable=False),
        sa.Column("success_measure", sa.String(1000)),
        sa.Column("baseline", sa.String(1000)),
        sa.Column("target", sa.String(1000)),
        sa.Column("due", sa.Date),
        sa.Column("progress", sa.String(20)),
        sa.Column("checked_on", sa.Date),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_objective"),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"], name="fk_objective_allocation_id"),
    )
    op.create_index("ix_objective_allocation_id", "objective", ["allocation_id"])


def _make_visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("allocation_id", sa.Integer, nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("visited_on", sa.Date, nullable=False),
        sa.Column("visited_by", sa.String(100), nullable=False),
        sa.Column("days", sa.Float),
        sa.Column("note", sa.String(2000)),
        sa.Column("next_step", sa.String(1000)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"], name="fk_visit_allocation_id"),
    )
    op.create_index("ix_visit_allocation_id", "visit", ["allocation_id"])
