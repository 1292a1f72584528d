"""The tables of the records, as SQLAlchemy Core. The migrations make them; a test holds the two together."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is taken off on the way in and put back after."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def chain_columns() -> tuple[Column[Any], ...]:
    """The columns of a table whose rows are chained: see `chain`."""
    return (
        Column("salt", String(32)),
        Column("sealed", JSON(none_as_null=True)),
        Column("previous_hash", String(64)),
        Column("hash", String(64)),
    )


SYSTEM_LEADER = Table(
    "system_leader",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("label", String(100), nullable=False),
    Column("role", String(40), nullable=False),
    Column("home_urn", String(6)),
    Column("locality", String(100)),
    Column("phase", String(100)),
    Column("specialisms", String(500)),
    Column("days_per_term", Float),
    Column("available_from", Date),
    Column("available_to", Date),
    Column("accredited_by", String(200)),
    Column("note", String(2000)),
    Column("strengths", String(500)),
    Column("quality_assured_by", String(200)),
    Column("head_since", Date),
    Column("training", String(500)),
    Column("ties", String(500)),
    Column("limited_from", Date),
    Column("limited_to", Date),
    Column("limited_note", String(500)),
    UniqueConstraint("la_code", "label"),
)

DESIGNATION = Table(
    "designation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("system_leader_id", Integer, ForeignKey("system_leader.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("specialism", String(200)),
    Column("designated_by", String(200)),
    Column("from_date", Date),
    Column("to_date", Date),
    Column("note", String(500)),
    Column("withdrawn_reason", String(500)),
    Index(None, "system_leader_id"),
)

INTEREST = Table(
    "interest",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6)),
    Column("label", String(100), nullable=False),
    Column("role", String(40), nullable=False),
    Column("phase", String(100)),
    Column("specialisms", String(500)),
    Column("strengths", String(500)),
    Column("days_per_term", Float),
    Column("registered_on", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("status_reason", String(500)),
    Column("system_leader_id", Integer, ForeignKey("system_leader.id")),
    Index(None, "la_code"),
)

ALLOCATION = Table(
    "allocation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("provider_type", String(40), nullable=False),
    Column("provider_name", String(200), nullable=False),
    Column("system_leader_id", Integer, ForeignKey("system_leader.id")),
    Column("role", String(40)),
    Column("support_type", String(40)),
    Column("need", String(500)),
    Column("days_planned", Float),
    Column("days_used", Float),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("status", String(20), nullable=False),
    Column("status_reason", String(500)),
    Column("funding", String(200)),
    Column("aim", String(1000)),
    Column("success_measure", String(1000)),
    Column("baseline", String(1000)),
    Column("last_update", Date),
    Column("statement", String(20)),
    Column("rules", String(200)),
    Column("formality", String(20)),
    Column("intensity", String(20)),
    Column("rate_gbp", Float),
    Column("grant_name", String(200)),
    Column("commissioner", String(200)),
    Column("quality_assurer", String(200)),
    Column("review_date", Date),
    Column("exit_outcome", String(40)),
    Column("exit_decision", String(40)),
    Column("override_reason", String(500)),
    Column("meeting_id", Integer),
    Index(None, "la_code", "urn"),
    Index(None, "system_leader_id"),
)

ALLOCATION_SHARE = Table(
    "allocation_share",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("allocation_id", Integer, ForeignKey("allocation.id"), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("days_planned", Float),
    Column("withdrawn_reason", String(500)),
    Index(None, "allocation_id"),
    Index(None, "urn"),
)

OBJECTIVE = Table(
    "objective",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("allocation_id", Integer, ForeignKey("allocation.id"), nullable=False),
    Column("objective", String(1000), nullable=False),
    Column("success_measure", String(1000)),
    Column("baseline", String(1000)),
    Column("target", String(1000)),
    Column("due", Date),
    Column("progress", String(20)),
    Column("checked_on", Date),
    Column("withdrawn_reason", String(500)),
    Index(None, "allocation_id"),
)

VISIT = Table(
    "visit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("allocation_id", Integer, ForeignKey("allocation.id"), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("visited_on", Date, nullable=False),
    Column("visited_by", String(100), nullable=False),
    Column("days", Float),
    Column("note", String(2000)),
    Column("next_step", String(1000)),
    Column("withdrawn_reason", String(500)),
    Index(None, "allocation_id"),
)

MEETING = Table(
    "meeting",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("locality", String(100), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("attending", String(2000)),
    Column("withdrawn_reason", String(500)),
    Column("chair", String(100)),
    Column("locked_at", UtcDateTime()),
    Column("locked_by", String(100)),
    Column("build_id", String(100)),
    Column("rule_set", String(100)),
    Column("as_at", Date),
    Column("next_on", Date),
    Index(None, "la_code", "locality"),
)

ATTENDANCE = Table(
    "attendance",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False),
    Column("label", String(100), nullable=False),
    Column("role", String(40), nullable=False),
    Column("urn", String(6)),
    Column("presence", String(20), nullable=False),
    Column("withdrawn_reason", String(500)),
    Index(None, "meeting_id"),
)

CONFLICT = Table(
    "conflict",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False),
    Column("label", String(100), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("interest", String(500), nullable=False),
    Column("part_taken", String(40), nullable=False),
    Column("withdrawn_reason", String(500)),
    Index(None, "meeting_id"),
)

WATCH = Table(
    "watch",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("since", Date, nullable=False),
    Column("watcher", String(100), nullable=False),
    Column("withdrawn_reason", String(500)),
    Index(None, "watcher"),
)

ACCESS_GRANT = Table(
    "access_grant",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(40), nullable=False),
    Column("la_code", String(3)),
    Column("locality", String(100)),
    Column("urn", String(6)),
    Column("system_leader_id", Integer),
    Column("from_date", Date),
    Column("to_date", Date),
    Column("note", String(500)),
    Column("withdrawn_reason", String(500)),
    Index(None, "person"),
)

MEETING_SCHOOL = Table(
    "meeting_school",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("place", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reasons", String(4000), nullable=False),
    Column("priority", String(20)),
    Column("outcomes_level", String(20)),
    Column("leadership_level", String(20)),
    Column("inspection_level", String(20)),
    Column("withdrawn_reason", String(500)),
    Index(None, "meeting_id"),
    Index(None, "urn"),
)

MEETING_OUTCOME = Table(
    "meeting_outcome",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("statement", String(20)),
    Column("agreed_level", String(20)),
    Column("outcome", String(40), nullable=False),
    Column("reason", String(2000)),
    Column("review_by", Date),
    Column("withdrawn_reason", String(500)),
    Column("restricted_note", String(2000)),
    Index(None, "meeting_id"),
    Index(None, "urn"),
)

ACTION = Table(
    "action",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("meeting_id", Integer, ForeignKey("meeting.id")),
    Column("action", String(2000), nullable=False),
    Column("owner", String(200)),
    Column("due", Date),
    Column("state", String(20), nullable=False),
    Column("state_reason", String(500)),
    Column("done_on", Date),
    Column("withdrawn_reason", String(500)),
    Index(None, "la_code", "urn"),
    Index(None, "meeting_id"),
)

REFERRAL = Table(
    "referral",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("status", String(40), nullable=False),
    Column("raised_on", Date),
    Column("concern", String(2000), nullable=False),
    Column("ask", String(2000)),
    Column("owner", String(200)),
    Column("reply", String(2000)),
    Column("next_date", Date),
    Column("ask_kind", String(40)),
    Column("tried", String(2000)),
    Column("intelligence", String(2000)),
    Column("restricted_note", String(2000)),
    Column("raised_with_trust_on", Date),
    Column("trust_reply", String(2000)),
    Column("programme", String(200)),
    Column("programme_reason", String(500)),
    Index(None, "la_code", "urn"),
)

LETTER = Table(
    "letter",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("meeting_id", Integer, ForeignKey("meeting.id")),
    Column("template", String(60), nullable=False),
    Column("template_hash", String(64), nullable=False),
    Column("addressed_to", String(200), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("body", String(20000), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("status", String(20), nullable=False),
    Column("answer_by", Date),
    Column("sent_on", Date),
    Column("sent_how", String(100)),
    Column("reply_kind", String(40)),
    Column("replied_on", Date),
    Column("reply", String(4000)),
    Column("build_id", String(100)),
    Column("rule_set", String(100)),
    Column("as_at", Date),
    Column("withdrawn_reason", String(500)),
    Index(None, "la_code", "urn"),
)

ESCALATION = Table(
    "escalation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("concern", String(2000), nullable=False),
    Column("owner", String(200)),
    Column("next_date", Date),
    Column("closed_on", Date),
    Column("close_reason", String(500)),
    Column("withdrawn_reason", String(500)),
    Index(None, "la_code", "urn"),
)

# one step of a ladder: of an escalation at a maintained school, or of the referral of an academy
LADDER_STEP = Table(
    "ladder_step",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("escalation_id", Integer, ForeignKey("escalation.id")),
    Column("referral_id", Integer, ForeignKey("referral.id")),
    Column("step", String(60), nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("decided_by", String(200)),
    Column("paper", String(300)),
    Column("checked", String(2000)),
    Column("out_of_order_reason", String(500)),
    Column("answer_by", Date),
    Column("note", String(2000)),
    Column("withdrawn_reason", String(500)),
    Index(None, "escalation_id"),
    Index(None, "referral_id"),
)

EXPORT = Table(
    "export",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3)),
    Column("what", String(60), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("exported_at", UtcDateTime(), nullable=False),
    Column("exported_by", String(100), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("banner", String(200)),
    Column("fields", JSON(none_as_null=True)),
    Column("urns", JSON(none_as_null=True)),
    Column("build_id", String(100)),
    Column("rule_set", String(100)),
    Column("as_at", Date),
    Column("file_hash", String(64)),
    Index(None, "la_code"),
)

ADVISER_VIEW = Table(
    "adviser_view",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("statement", String(20), nullable=False),
    Column("level", String(20), nullable=False),
    Column("reason", String(2000), nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("made_on", Date, nullable=False),
    Column("review_by", Date, nullable=False),
    Column("computed_level", String(20)),
    Column("build_id", String(100)),
    Column("withdrawn_reason", String(500)),
    Index(None, "la_code", "urn"),
)

VIEW_EVIDENCE = Table(
    "view_evidence",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("view_id", Integer, ForeignKey("adviser_view.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("reference", String(300)),
    Column("description", String(1000), nullable=False),
    Index(None, "view_id"),
)

HEAD_COMMENT = Table(
    "head_comment",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("statement", String(20)),
    Column("comment", String(2000), nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("made_on", Date, nullable=False),
    Column("withdrawn_reason", String(500)),
    Index(None, "la_code", "urn"),
)

RULE_SET_APPROVAL = Table(
    "rule_set_approval",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("la_code", String(3), nullable=False),
    Column("rule_set", String(100), nullable=False),
    Column("rule_set_hash", String(64), nullable=False),
    Column("approved_by", String(100), nullable=False),
    Column("approved_on", Date, nullable=False),
    Column("note", String(2000)),
    Column("withdrawn_reason", String(500)),
    Index(None, "la_code"),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("who", String(100), nullable=False),
    Column("what", String(20), nullable=False),
    Column("table", String(40), nullable=False),
    Column("record_id", Integer, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("reason", String(500)),
    *chain_columns(),
    Index(None, "table", "record_id"),
)

# who was shown a restricted note, once for each content of it
NOTE_VIEW = Table(
    "note_view",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("who", String(100), nullable=False),
    Column("urn", String(6), nullable=False),
    Column("table", String(40), nullable=False),
    Column("record_id", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    *chain_columns(),
    Index(None, "who", "table", "record_id", "content_hash", unique=True),
)
