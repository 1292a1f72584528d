"""Who sat in a core group, and the conflicts of interest that they declared there."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Table, select

from risk_model.casework.changes import Case, Kind, add_row, change_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    line,
    lines,
    read_record_id,
    read_urn,
    word,
)
from risk_model.casework.meetings import needs_amendment
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import ATTENDANCE, CONFLICT
from risk_model.casework.withdrawing import not_withdrawing, withdraw_row, withdrawn_already, withdrawn_or_changed
from risk_model.casework.words import AttendeeRole, PartTaken, Presence


@dataclass(frozen=True)
class NewAttendance:
    """Somebody who was asked to a meeting.

    Attributes:
        label: "Head of Alder Bank Primary School": a label, not a name.
        urn: of the school that they come from, None for others.
    """

    meeting_id: int
    label: str
    role: str
    urn: str | None = None
    presence: str = Presence.PRESENT


@dataclass(frozen=True)
class Attendance:
    """Somebody who was asked to a meeting, as recorded; its fields as those of `NewAttendance`."""

    id: int
    version: int
    meeting_id: int
    label: str
    role: AttendeeRole
    urn: str | None
    presence: Presence


@dataclass(frozen=True)
class NewConflict:
    """A conflict of interest that somebody declared.

    Attributes:
        label: who declared it, as in the attendance.
        urn: the school that it is about.
        part_taken: what they did while it was spoken of.
    """

    meeting_id: int
    label: str
    urn: str
    interest: str
    part_taken: str


@dataclass(frozen=True)
class Conflict:
    """A declared conflict of interest, as recorded; its fields as those of `NewConflict`."""

    id: int
    version: int
    meeting_id: int
    label: str
    urn: str
    interest: str
    part_taken: PartTaken


ATTENDANCE_FIELDS = (
    Field("meeting_id", read_record_id, required=True),
    Field("label", line(100), required=True),
    Field("role", word(AttendeeRole), required=True),
    Field("urn", read_urn),
    Field("presence", word(Presence), required=True),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)
CONFLICT_FIELDS = (
    Field("meeting_id", read_record_id, required=True),
    Field("label", line(100), required=True),
    Field("urn", read_urn, required=True),
    Field("interest", lines(500), required=True),
    Field("part_taken", word(PartTaken), required=True),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def attendances(records: Records, meeting_id: int) -> list[Attendance]:
    """Who was asked to a meeting, in the order in which they were recorded."""
    return [
        Attendance(**row | {"role": AttendeeRole(row["role"]), "presence": Presence(row["presence"])})
        for row in _rows(records, ATTENDANCE, meeting_id)
    ]


def add_attendance(records: Records, who: str, new: NewAttendance, reason: str | None = None) -> int:
    """Record somebody who was asked to a meeting.

    Args:
        reason: why, for the audit trail; needed once the minutes are locked.
    Returns:
        The record's number.
    Raises:
        RecordRefused: with every problem; also when they are listed already.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return add_row(connection, ATTENDANCES, name, asdict(new), why)


def change_attendance(
    records: Records,
    who: str,
    attendance_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> None:
    """Change who was there, and how.

    Raises:
        NotFound: no such record.
        RecordRefused: an old version, locked minutes without a reason, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        change_row(connection, ATTENDANCES, name, attendance_id, version, not_withdrawing(changes), why)


def withdraw_attendance(records: Records, who: str, attendance_id: int, version: int, reason: str) -> None:
    """Withdraw somebody who should not be listed. The audit trail keeps it.

    Raises:
        NotFound: no such record.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, ATTENDANCES, who, attendance_id, version, reason)


def conflicts(records: Records, meeting_id: int) -> list[Conflict]:
    """The conflicts of interest declared in a meeting, in the order in which they were recorded."""
    return [
        Conflict(**row | {"part_taken": PartTaken(row["part_taken"])}) for row in _rows(records, CONFLICT, meeting_id)
    ]


def add_conflict(records: Records, who: str, new: NewConflict, reason: str | None = None) -> int:
    """Record a conflict of interest that somebody declared.

    Args:
        reason: why, for the audit trail; needed once the minutes are locked.
    Returns:
        The record's number.
    Raises:
        RecordRefused: with every problem; also when it is recorded already.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return add_row(connection, CONFLICTS, name, asdict(new), why)


def withdraw_conflict(records: Records, who: str, conflict_id: int, version: int, reason: str) -> None:
    """Withdraw a conflict of interest that was recorded by mistake. The audit trail keeps it.

    Raises:
        NotFound: no such record.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, CONFLICTS, who, conflict_id, version, reason)


def _rows(records: Records, table: Table, meeting_id: int) -> list[Values]:
    query = select(table).where(table.c.meeting_id == meeting_id, table.c.withdrawn_reason.is_(None))
    with reading(records) as connection:
        rows = connection.execute(query.order_by(table.c.id)).mappings()
        return [{name: value for name, value in row.items() if name != "withdrawn_reason"} for row in rows]


def _across(case: Case) -> list[Problem]:
    return withdrawn_already(case, "entry")


def _beside_attendance(connection: Connection, case: Case) -> list[Problem]:
    problems = needs_amendment(connection, case)
    if _is_listed(connection, ATTENDANCE, case, ("meeting_id", "label")):
        problems.append(Problem("label", str(case.after["label"]), "is listed already.", "Change that entry."))
    return problems


def _beside_conflict(connection: Connection, case: Case) -> list[Problem]:
    problems = needs_amendment(connection, case)
    if _is_listed(connection, CONFLICT, case, ("meeting_id", "label", "urn")):
        what = f"{case.after['label']} has declared an interest in {case.after['urn']} already."
        problems.append(Problem("label", str(case.after["label"]), what, "Withdraw that one first."))
    return problems


def _is_listed(connection: Connection, table: Table, case: Case, names: tuple[str, ...]) -> bool:
    if any(case.after.get(name) is None for name in names):
        return False
    query = select(table.c.id).where(table.c.withdrawn_reason.is_(None))
    query = query.where(table.c.id != (case.before["id"] if case.before else 0))
    query = query.where(*(table.c[name] == case.after[name] for name in names))
    return connection.execute(query).first() is not None


ATTENDANCES = Kind(
    ATTENDANCE,
    "entry",
    ATTENDANCE_FIELDS,
    fixed=frozenset({"meeting_id"}),
    across=_across,
    beside=_beside_attendance,
    what=withdrawn_or_changed,
)
CONFLICTS = Kind(
    CONFLICT,
    "declaration",
    CONFLICT_FIELDS,
    fixed=frozenset({"meeting_id", "urn"}),
    across=_across,
    beside=_beside_conflict,
    what=withdrawn_or_changed,
)
