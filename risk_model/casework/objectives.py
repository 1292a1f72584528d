"""Objectives of support: each with how success is measured, where that stands at first, and how it goes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.allocations import ALLOCATIONS
from risk_model.casework.changes import Case, Kind, add_row, change_row, read_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    lines,
    read_day,
    read_record_id,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import ALLOCATION, OBJECTIVE
from risk_model.casework.withdrawing import not_withdrawing, withdraw_row, withdrawn_already, withdrawn_or_changed
from risk_model.casework.words import Progress


@dataclass(frozen=True)
class NewObjective:
    """An objective of one piece of support, to be recorded; None is "not recorded"."""

    allocation_id: int
    objective: str
    success_measure: str | None = None
    baseline: str | None = None
    target: str | None = None
    due: date | None = None
    progress: str | None = None
    checked_on: date | None = None


@dataclass(frozen=True)
class Objective:
    """A recorded objective; `checked_on` is the day on which its progress was last looked at."""

    id: int
    version: int
    allocation_id: int
    objective: str
    success_measure: str | None
    baseline: str | None
    target: str | None
    due: date | None
    progress: Progress | None
    checked_on: date | None


OBJECTIVE_FIELDS = (
    Field("allocation_id", read_record_id, required=True),
    Field("objective", lines(1000), required=True),
    Field("success_measure", lines(1000)),
    Field("baseline", lines(1000)),
    Field("target", lines(1000)),
    Field("due", read_day),
    Field("progress", word(Progress)),
    Field("checked_on", read_day),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def objectives(records: Records, *, la_code: str | None = None, allocation_id: int | None = None) -> list[Objective]:
    """The objectives that stand, of one LA, one piece of support, or all; in the order in which they were added."""
    query = (
        select(OBJECTIVE)
        .join(ALLOCATION, OBJECTIVE.c.allocation_id == ALLOCATION.c.id)
        .where(OBJECTIVE.c.withdrawn_reason.is_(None))
        .order_by(OBJECTIVE.c.id)
    )
    if la_code is not None:
        query = query.where(ALLOCATION.c.la_code == la_code)
    if allocation_id is not None:
        query = query.where(OBJECTIVE.c.allocation_id == allocation_id)
    with reading(records) as connection:
        return [_objective(dict(row)) for row in connection.execute(query).mappings()]


def add_objective(records: Records, who: str, new: NewObjective) -> int:
    """Record an objective.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem; also when the support has this objective already.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, OBJECTIVES, name, asdict(new))


def change_objective(
    records: Records,
    who: str,
    objective_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Objective:
    """Change some fields of one objective, such as its progress.

    The day on which it was looked at is one on which somebody said how the support goes: its last update moves with it.

    Raises:
        NotFound: no such objective.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        changed = _objective(
            change_row(connection, OBJECTIVES, name, objective_id, version, not_withdrawing(changes), why)
        )
        if "checked_on" in changes and changed.checked_on is not None:
            _move_last_update(connection, name, changed.allocation_id, changed.checked_on)
        return changed


def _move_last_update(connection: Connection, who: str, allocation_id: int, day: date) -> None:
    support = read_row(connection, ALLOCATIONS, allocation_id)
    if support["last_update"] is None or support["last_update"] < day:
        change_row(connection, ALLOCATIONS, who, allocation_id, support["version"], {"last_update": day}, None)


def withdraw_objective(records: Records, who: str, objective_id: int, version: int, reason: str) -> None:
    """Withdraw an objective that should not be here. The audit trail keeps it.

    Raises:
        NotFound: no such objective.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, OBJECTIVES, who, objective_id, version, reason)


def _across(case: Case) -> list[Problem]:
    problems = withdrawn_already(case, "objective")
    progress, checked = case.after.get("progress"), case.after.get("checked_on")
    if progress is not None and checked is None and "checked_on" not in case.unfit:
        problems.append(Problem("checked_on", "", "progress needs the day of the look.", "Give the day."))
    return problems


def _beside(connection: Connection, case: Case) -> list[Problem]:
    allocation, text = case.after.get("allocation_id"), case.after.get("objective")
    if case.before is not None or allocation is None:
        return []
    if connection.execute(select(ALLOCATION.c.id).where(ALLOCATION.c.id == allocation)).first() is None:
        return [Problem("allocation_id", str(allocation), "there is no such support.", "Choose one that is listed.")]
    same = select(OBJECTIVE.c.id).where(
        OBJECTIVE.c.allocation_id == allocation,
        OBJECTIVE.c.objective == text,
        OBJECTIVE.c.withdrawn_reason.is_(None),
    )
    if connection.execute(same).first() is None:
        return []
    return [Problem("objective", str(text), "this support has that objective already.", "Change that one.")]


OBJECTIVES = Kind(
    OBJECTIVE,
    "objective",
    OBJECTIVE_FIELDS,
    fixed=frozenset({"allocation_id"}),
    across=_across,
    beside=_beside,
    what=withdrawn_or_changed,
)


def _objective(row: Values) -> Objective:
    progress = None if row["progress"] is None else Progress(row["progress"])
    return Objective(
        **{name: value for name, value in row.items() if name != "withdrawn_reason"} | {"progress": progress}
    )
