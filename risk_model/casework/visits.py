"""Visits: what a day of support was used for. Each adds its person-days to the support in the same transaction."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

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
    line,
    lines,
    read_day,
    read_days,
    read_record_id,
    read_urn,
)
from risk_model.casework.shares import shares_by_allocation
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import ALLOCATION, VISIT
from risk_model.casework.withdrawing import needed_reason, withdrawn_already, withdrawn_or_changed


@dataclass(frozen=True)
class NewVisit:
    """A visit, or other work on one piece of support, to be recorded.

    Attributes:
        urn: the school that was visited, one of those that the support is for.
        visited_by: a role or a label, never a person's name.
        days: person-days, preparation and travel as the LA counts them; None where not known.
    """

    allocation_id: int
    urn: str
    visited_on: date
    visited_by: str
    days: float | None = None
    note: str | None = None
    next_step: str | None = None


@dataclass(frozen=True)
class Visit:
    """A recorded visit; its fields as those of `NewVisit`."""

    id: int
    version: int
    allocation_id: int
    urn: str
    visited_on: date
    visited_by: str
    days: float | None
    note: str | None
    next_step: str | None


VISIT_FIELDS = (
    Field("allocation_id", read_record_id, required=True),
    Field("urn", read_urn, required=True),
    Field("visited_on", read_day, required=True),
    Field("visited_by", line(100), required=True),
    Field("days", read_days),
    Field("note", lines(2000)),
    Field("next_step", lines(1000)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def visits(records: Records, *, la_code: str | None = None, allocation_id: int | None = None) -> list[Visit]:
    """The visits that stand, of one LA, one piece of support, or all; the newest first."""
    query = (
        select(VISIT)
        .join(ALLOCATION, VISIT.c.allocation_id == ALLOCATION.c.id)
        .where(VISIT.c.withdrawn_reason.is_(None))
        .order_by(VISIT.c.visited_on.desc(), VISIT.c.id.desc())
    )
    if la_code is not None:
        query = query.where(ALLOCATION.c.la_code == la_code)
    if allocation_id is not None:
        query = query.where(VISIT.c.allocation_id == allocation_id)
    with reading(records) as connection:
        return [_visit(dict(row)) for row in connection.execute(query).mappings()]


def record_visit(records: Records, who: str, new: NewVisit, reason: str | None = None) -> int:
    """Record a visit: its days are added to those used, and the support counts as updated on that day.

    Two people may do this at once: each adds to what the other wrote.

    Args:
        reason: why more days are used than were planned, where they are.
    Returns:
        The new visit's number.
    Raises:
        NotFound: no such support.
        RecordRefused: with every problem; also when the visit is recorded already.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return add_visit(connection, name, asdict(new), why)


def add_visit(connection: Connection, who: str, given: Values, reason: str | None) -> int:
    """The same in the caller's transaction.

    Raises:
        NotFound: no such support.
        RecordRefused: with every problem.
    """
    _wait_for_turn(connection, given.get("allocation_id"))
    number = add_row(connection, VISITS, who, given)
    visit = read_row(connection, VISITS, number)
    support = read_row(connection, ALLOCATIONS, visit["allocation_id"])
    changes: dict[str, Any] = {}
    if visit["days"] is not None:
        changes["days_used"] = (support["days_used"] or 0.0) + visit["days"]
    if support["last_update"] is None or support["last_update"] < visit["visited_on"]:
        changes["last_update"] = visit["visited_on"]
    change_row(connection, ALLOCATIONS, who, support["id"], support["version"], changes, reason)
    return number


def _wait_for_turn(connection: Connection, allocation_id: object) -> None:
    """Lock the support before its visit refers to it: two who did so at once would wait for each other for ever."""
    if isinstance(allocation_id, int):
        connection.execute(select(ALLOCATION.c.id).where(ALLOCATION.c.id == allocation_id).with_for_update())


def withdraw_visit(records: Records, who: str, visit_id: int, version: int, reason: str) -> None:
    """Withdraw a visit that should not be here; its days are taken off those used.

    Raises:
        NotFound: no such visit.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    name, why = checked_who(who), needed_reason(reason, VISITS.word)
    with writing(records) as connection:
        visit = change_row(connection, VISITS, name, visit_id, version, {"withdrawn_reason": why}, why)
        if visit["days"] is None:
            return
        support = read_row(connection, ALLOCATIONS, visit["allocation_id"])
        # somebody may have written a smaller sum by hand since: then there is nothing left to take off
        used = max(0.0, (support["days_used"] or 0.0) - visit["days"])
        change_row(connection, ALLOCATIONS, name, support["id"], support["version"], {"days_used": used}, why)


def _beside(connection: Connection, case: Case) -> list[Problem]:
    allocation = case.after.get("allocation_id")
    if allocation is None:
        return []
    row = connection.execute(select(ALLOCATION).where(ALLOCATION.c.id == allocation)).mappings().first()
    if row is None:
        return [Problem("allocation_id", str(allocation), "there is no such support.", "Choose one that is listed.")]
    return [*_wrong_school(connection, case, row["urn"]), *_twice(connection, case)]


def _wrong_school(connection: Connection, case: Case, leading: str) -> list[Problem]:
    urn, allocation = case.after.get("urn"), case.after["allocation_id"]
    shares = shares_by_allocation(connection, [allocation]).get(allocation, ())
    known = [share.urn for share in shares] or [leading]
    if urn is None or urn in known:
        return []
    return [Problem("urn", urn, f"this support is not for the school {urn}.", f"Give one of: {', '.join(known)}.")]


def _twice(connection: Connection, case: Case) -> list[Problem]:
    """A form that is sent twice makes one visit."""
    if case.before is not None:
        return []
    same = select(VISIT.c.id).where(VISIT.c.withdrawn_reason.is_(None))
    for name in ("allocation_id", "urn", "visited_on", "visited_by", "days", "note"):
        value = case.after.get(name)
        same = same.where(VISIT.c[name].is_(None) if value is None else VISIT.c[name] == value)
    if connection.execute(same).first() is None:
        return []
    what_to_do = "Leave it; a second visit on the same day needs another note."
    return [Problem("visited_on", str(case.after.get("visited_on")), "this visit is recorded already.", what_to_do)]


VISITS = Kind(
    VISIT,
    "visit",
    VISIT_FIELDS,
    fixed=frozenset({"allocation_id", "urn", "days"}),
    across=lambda case: withdrawn_already(case, "visit"),
    beside=_beside,
    what=withdrawn_or_changed,
)


def _visit(row: Values) -> Visit:
    return Visit(**{name: value for name, value in row.items() if name != "withdrawn_reason"})
