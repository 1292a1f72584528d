"""Designations: every role that a system leader holds or held, with its dates. One that lapsed stays as history."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_row, change_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    end_before_start,
    line,
    lines,
    read_day,
    read_record_id,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import DESIGNATION, SYSTEM_LEADER
from risk_model.casework.withdrawing import not_withdrawing, withdraw_row, withdrawn_already, withdrawn_or_changed
from risk_model.casework.words import ROLES_ALSO, Role


@dataclass(frozen=True)
class NewDesignation:
    """A role of a system leader, to be recorded; None is "not recorded".

    Attributes:
        specialism: of an SLE, for instance "mathematics".
        to_date: the last day; None while it lasts.
    """

    system_leader_id: int
    role: str
    specialism: str | None = None
    designated_by: str | None = None
    from_date: date | None = None
    to_date: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class Designation:
    """A recorded role of a system leader; its fields as those of `NewDesignation`."""

    id: int
    version: int
    system_leader_id: int
    role: Role
    specialism: str | None
    designated_by: str | None
    from_date: date | None
    to_date: date | None
    note: str | None

    def is_held_on(self, day: date) -> bool:
        """Whether the role is held on that day; one without dates counts as held."""
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day <= self.to_date)


DESIGNATION_FIELDS = (
    Field("system_leader_id", read_record_id, required=True),
    Field("role", word(Role, ROLES_ALSO), required=True),
    Field("specialism", line(200)),
    Field("designated_by", line(200)),
    Field("from_date", read_day),
    Field("to_date", read_day),
    Field("note", lines(500)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def designations(records: Records, *, la_code: str | None = None) -> list[Designation]:
    """The designations of one LA's system leaders, or of all, also those that lapsed; by leader, the newest first."""
    table = DESIGNATION
    query = (
        select(table)
        .join(SYSTEM_LEADER, table.c.system_leader_id == SYSTEM_LEADER.c.id)
        .where(table.c.withdrawn_reason.is_(None))
        # "is null" first in the order, since databases disagree on where an unknown date goes
        .order_by(table.c.system_leader_id, table.c.from_date.is_(None), table.c.from_date.desc(), table.c.id.desc())
    )
    if la_code is not None:
        query = query.where(SYSTEM_LEADER.c.la_code == la_code)
    with reading(records) as connection:
        return [_designation(dict(row)) for row in connection.execute(query).mappings()]


def add_designation(records: Records, who: str, new: NewDesignation) -> int:
    """Record a role of a system leader.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem; also when it is recorded already.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, DESIGNATIONS, name, asdict(new))


def change_designation(
    records: Records,
    who: str,
    designation_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Designation:
    """Change some fields of one designation; a `to_date` lets it lapse.

    Raises:
        NotFound: no such designation.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return _designation(
            change_row(connection, DESIGNATIONS, name, designation_id, version, not_withdrawing(changes), why)
        )


def withdraw_designation(records: Records, who: str, designation_id: int, version: int, reason: str) -> None:
    """Withdraw a designation that should not be here. The audit trail keeps it.

    Raises:
        NotFound: no such designation.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, DESIGNATIONS, who, designation_id, version, reason)


def _across(case: Case) -> list[Problem]:
    return [*withdrawn_already(case, "designation"), *end_before_start(case.after, "from_date", "to_date")]


def _beside(connection: Connection, case: Case) -> list[Problem]:
    leader = case.after.get("system_leader_id")
    if case.before is not None or leader is None:
        return []
    if connection.execute(select(SYSTEM_LEADER.c.id).where(SYSTEM_LEADER.c.id == leader)).first() is None:
        return [Problem("system_leader_id", str(leader), "there is no such system leader.", "Choose one of the list.")]
    same = select(DESIGNATION.c.id).where(DESIGNATION.c.withdrawn_reason.is_(None))
    for name in ("system_leader_id", "role", "specialism", "from_date"):
        value = case.after.get(name)
        same = same.where(DESIGNATION.c[name].is_(None) if value is None else DESIGNATION.c[name] == value)
    if connection.execute(same).first() is None:
        return []
    return [Problem("role", str(case.after.get("role")), "this role is recorded already.", "Change that one.")]


DESIGNATIONS = Kind(
    DESIGNATION,
    "designation",
    DESIGNATION_FIELDS,
    fixed=frozenset({"system_leader_id"}),
    across=_across,
    beside=_beside,
    what=withdrawn_or_changed,
)


def _designation(row: Values) -> Designation:
    return Designation(
        **{name: value for name, value in row.items() if name != "withdrawn_reason"} | {"role": Role(row["role"])}
    )
