"""Core groups that decide, letters, escalation, and what leaves the house: the records of the two meetings."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from risk_model.casework.migrations.guards import forbid_deletes, forbid_updates

revision = "r0004"
down_revision = "r0003"

# as they are at this step, whatever they become later
ACTION = sa.table(
    "action",
    *(sa.column(name) for name in ("version", "la_code", "urn", "meeting_id", "action", "state")),
)
AUDIT = sa.table(
    "audit",
    sa.column("at", sa.DateTime(timezone=True)),
    *(sa.column(name) for name in ("who", "what", "table", "record_id", "reason")),
    sa.column("after", sa.JSON),
)


def upgrade() -> None:
    """Widen meetings, outcomes and referrals, and make the tables that belong to them."""
    _widen_meetings()
    _widen_referral()
    _make_attendance()
    _make_conflict()
    _make_meeting_school()
    _make_action()
    _make_letter()
    _make_escalation()
    _make_ladder_step()
    _make_export()
    _move_actions()
    forbid_deletes(
        "attendance",
        "conflict",
        "meeting_school",
        "action",
        "letter",
        "escalation",
        "ladder_step",
        "export",
    )
    forbid_updates("export")


def _widen_meetings() -> None:
    op.add_column("meeting", sa.Column("chair", sa.String(100)))
    op.add_column("meeting", sa.Column("locked_at", sa.DateTime(timezone=True)))
    op.add_column("meeting", sa.Column("locked_by", sa.String(100)))
    op.add_column("meeting", sa.Column("build_id", sa.String(100)))
    op.add_column("meeting", sa.Column("rule_set", sa.String(100)))
    op.add_column("meeting", sa.Column("as_at", sa.Date))
    op.add_column("meeting", sa.Column("next_on", sa.Date))
    op.add_column("meeting_outcome", sa.Column("restricted_note", sa.String(2000)))
    op.add_column("allocation", sa.Column("meeting_id", sa.Integer))


def _widen_referral() -> None:
    op.add_column("referral", sa.Column("ask_kind", sa.String(40)))
    op.add_column("referral", sa.Column("tried", sa.String(2000)))
    op.add_column("referral", sa.Column("intelligence", sa.String(2000)))
    op.add_column("referral", sa.Column("restricted_note", sa.String(2000)))
    op.add_column("referral", sa.Column("raised_with_trust_on", sa.Date))
    op.add_column("referral", sa.Column("trust_reply", sa.String(2000)))
    op.add_column("referral", sa.Column("programme", sa.String(200)))
    op.add_column("referral", sa.Column("programme_reason", sa.String(500)))


def _make_attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("meeting_id", sa.Integer, nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("urn", sa.String(6)),
        sa.Column("presence", sa.String(20), nullable=False),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_attendance_meeting_id"),
    )
    op.create_index("ix_attendance_meeting_id", "attendance", ["meeting_id"])


def _make_conflict() -> None:
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("meeting_id", sa.Integer, nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("interest", sa.String(500), nullable=False),
        sa.Column("part_taken", sa.String(40), nullable=False),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_conflict"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_conflict_meeting_id"),
    )
    op.create_index("ix_conflict_meeting_id", "conflict", ["meeting_id"])


def _make_meeting_school() -> None:
    op.create_table(
        "meeting_school",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("meeting_id", sa.Integer, nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reasons", sa.String(4000), nullable=False),
        sa.Column("priority", sa.String(20)),
        sa.Column("outcomes_level", sa.String(20)),
        sa.Column("leadership_level", sa.String(20)),
        sa.Column("inspection_level", sa.String(20)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_school"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_school_meeting_id"),
    )
    op.create_index("ix_meeting_school_meeting_id", "meeting_school", ["meeting_id"])
    op.create_index("ix_meeting_school_urn", "meeting_school", ["urn"])


def _make_action() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("meeting_id", sa.Integer),
        sa.Column("action", sa.String(2000), nullable=False),
        sa.Column("owner", sa.String(200)),
        sa.Column("due", sa.Date),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("state_reason", sa.String(500)),
        sa.Column("done_on", sa.Date),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_action"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_action_meeting_id"),
    )
    op.create_index("ix_action_la_code_urn", "action", ["la_code", "urn"])
    op.create_index("ix_action_meeting_id", "action", ["meeting_id"])


def _make_letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("meeting_id", sa.Integer),
        sa.Column("template", sa.String(60), nullable=False),
        sa.Column("template_hash", sa.String(64), nullable=False),
        sa.Column("addressed_to", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.String(20000), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("answer_by", sa.Date),
        sa.Column("sent_on", sa.Date),
        sa.Column("sent_how", sa.String(100)),
        sa.Column("reply_kind", sa.String(40)),
        sa.Column("replied_on", sa.Date),
        sa.Column("reply", sa.String(4000)),
        sa.Column("build_id", sa.String(100)),
        sa.Column("rule_set", sa.String(100)),
        sa.Column("as_at", sa.Date),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_letter_meeting_id"),
    )
    op.create_index("ix_letter_la_code_urn", "letter", ["la_code", "urn"])


def _make_escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("urn", sa.String(6), nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("concern", sa.String(2000), nullable=False),
        sa.Column("owner", sa.String(200)),
        sa.Column("next_date", sa.Date),
        sa.Column("closed_on", sa.Date),
        sa.Column("close_reason", sa.String(500)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
    )
    op.create_index("ix_escalation_la_code_urn", "escalation", ["la_code", "urn"])


def _make_ladder_step() -> None:
    op.create_table(
        "ladder_step",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("escalation_id", sa.Integer),
        sa.Column("referral_id", sa.Integer),
        sa.Column("step", sa.String(60), nullable=False),
        sa.Column("taken_on", sa.Date, nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("paper", sa.String(300)),
        sa.Column("checked", sa.String(2000)),
        sa.Column("out_of_order_reason", sa.String(500)),
        sa.Column("answer_by", sa.Date),
        sa.Column("note", sa.String(2000)),
        sa.Column("withdrawn_reason", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_ladder_step"),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name="fk_ladder_step_escalation_id"),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name="fk_ladder_step_referral_id"),
    )
    op.create_index("ix_ladder_step_escalation_id", "ladder_step", ["escalation_id"])
    op.create_index("ix_ladder_step_referral_id", "ladder_step", ["referral_id"])


def _make_export() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exported_by", sa.String(100), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("banner", sa.String(200)),
        sa.Column("fields", sa.JSON(none_as_null=True)),
        sa.Column("urns", sa.JSON(none_as_null=True)),
        sa.Column("build_id", sa.String(100)),
        sa.Column("rule_set", sa.String(100)),
        sa.Column("as_at", sa.Date),
        sa.Column("file_hash", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_export"),
    )
    op.create_index("ix_export_la_code", "export", ["la_code"])


def _move_actions() -> None:
    """What outcomes said in one text becomes one action each, of an owner not known; the text goes.

    The audit trail of the outcomes keeps it; each new action says in its own where it is from.
    """
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "select o.id, o.urn, o.meeting_id, o.actions, m.la_code from meeting_outcome as o "
            "inner join meeting as m on m.id = o.meeting_id "
            "where o.actions is not null and o.withdrawn_reason is null order by o.id"
        )
    ).all()
    for number, row in enumerate(found, start=1):
        action = {
            "id": number,
            "version": 1,
            "la_code": row.la_code,
            "urn": row.urn,
            "meeting_id": row.meeting_id,
            "action": row.actions,
            "state": "not started",
        }
        connection.execute(sa.insert(ACTION).values({name: action[name] for name in action if name != "id"}))
        connection.execute(
            sa.insert(AUDIT).values(
                at=datetime.now(UTC),
                who="update of the records",
                what="created",
                table="action",
                record_id=number,
                after=action,
                reason=f"taken from the outcome {row.id}",
            )
        )
    op.drop_column("meeting_outcome", "actions")
