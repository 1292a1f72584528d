"""Interests: who offers to help schools beyond their own, before anybody has accredited them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_row, add_rows, change_row, check_new, read_row
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
    read_la_code,
    read_record_id,
    read_urn,
    word,
)
from risk_model.casework.leaders import LEADERS, NewSystemLeader
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import INTEREST
from risk_model.casework.words import ROLES_ALSO, InterestStatus, Role
from risk_model.domain.errors import RecordRefused


@dataclass(frozen=True)
class NewInterest:
    """An interest to be recorded; None is "not recorded".

    Attributes:
        urn: the school that offers, or the person's own.
        label: how the LA calls them here: a label, never a name.
        role: in which they would help.
    """

    la_code: str
    label: str
    role: str
    registered_on: date
    urn: str | None = None
    phase: str | None = None
    specialisms: str | None = None
    strengths: str | None = None
    days_per_term: float | None = None
    status: str = InterestStatus.REGISTERED
    status_reason: str | None = None


@dataclass(frozen=True)
class Interest:
    """A recorded interest.

    Attributes:
        system_leader_id: the system leader that it led to, where it was accepted.
    """

    id: int
    version: int
    la_code: str
    urn: str | None
    label: str
    role: Role
    phase: str | None
    specialisms: str | None
    strengths: str | None
    days_per_term: float | None
    registered_on: date
    status: InterestStatus
    status_reason: str | None
    system_leader_id: int | None


INTEREST_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("label", line(100), required=True),
    Field("role", word(Role, ROLES_ALSO), required=True),
    Field("registered_on", read_day, required=True),
    Field("urn", read_urn),
    Field("phase", line(100)),
    Field("specialisms", lines(500)),
    Field("strengths", lines(500)),
    Field("days_per_term", read_days),
    Field("status", word(InterestStatus), required=True),
    Field("status_reason", lines(REASON_LENGTH)),
    Field("system_leader_id", read_record_id),
)


def interests(records: Records, *, la_code: str | None = None) -> list[Interest]:
    """Every interest of one LA, or all, whatever came of it; the newest first."""
    query = select(INTEREST).order_by(INTEREST.c.registered_on.desc(), INTEREST.c.id.desc())
    if la_code is not None:
        query = query.where(INTEREST.c.la_code == la_code)
    with reading(records) as connection:
        return [_interest(dict(row)) for row in connection.execute(query).mappings()]


def add_interest(records: Records, who: str, new: NewInterest) -> int:
    """Record an interest.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem; also when it is recorded already.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, INTERESTS, name, asdict(new))


def add_interests(records: Records, who: str, new: Sequence[NewInterest]) -> int:
    """Record several in one transaction: all of them, or none.

    Returns:
        How many were added.
    Raises:
        RecordRefused: with every problem of every one, by its place in the list.
    """
    name = checked_who(who)
    with writing(records) as connection:
        add_rows(connection, INTERESTS, name, [asdict(each) for each in new], "interests")
    return len(new)


def check_interest(given: Mapping[str, object]) -> tuple[Values, list[Problem]]:
    """Check the values of one interest by themselves; used by the preview of a file."""
    case, problems = check_new(INTERESTS, given)
    return dict(case.after), problems


def change_interest(
    records: Records,
    who: str,
    interest_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Interest:
    """Change some fields of one interest, such as its status.

    Raises:
        NotFound: no such interest.
        RecordRefused: an old version, an unknown field, or problems; "accepted" is for `accept_interest`.
    """
    name, why = checked_who(who), checked_reason(reason)
    if changes.get("status") == InterestStatus.ACCEPTED or "system_leader_id" in changes:
        raise RecordRefused("The interest was not changed.", ["Accept it, so that a system leader is recorded."])
    with writing(records) as connection:
        return _interest(change_row(connection, INTERESTS, name, interest_id, version, changes, why))


def accept_interest(
    records: Records, who: str, interest_id: int, version: int, leader: NewSystemLeader
) -> tuple[Interest, int]:
    """Accept an interest: the system leader is recorded and the interest leads to them, in one transaction.

    Returns:
        The interest as it is now, and the new system leader's number.
    Raises:
        NotFound: no such interest.
        RecordRefused: an old version, accepted already, or problems with the system leader.
    """
    name = checked_who(who)
    with writing(records) as connection:
        before = read_row(connection, INTERESTS, interest_id)
        if before["system_leader_id"] is not None:
            raise RecordRefused("The interest was not accepted: it is already.", ["Nothing was changed."])
        number = add_row(connection, LEADERS, name, asdict(leader))
        changes = {"status": InterestStatus.ACCEPTED, "system_leader_id": number}
        return _interest(change_row(connection, INTERESTS, name, interest_id, version, changes, None)), number


def _across(case: Case) -> list[Problem]:
    status = case.after.get("status")
    if status not in (InterestStatus.DECLINED, InterestStatus.WITHDRAWN) or case.after.get("status_reason"):
        return []
    return [Problem("status_reason", "", f"an interest that is {status} needs a reason.", "Say why.")]


def _beside(connection: Connection, case: Case) -> list[Problem]:
    if case.before is not None:
        return []
    same = select(INTEREST.c.id).where(
        INTEREST.c.la_code == case.after.get("la_code"),
        INTEREST.c.label == case.after.get("label"),
        INTEREST.c.role == case.after.get("role"),
        INTEREST.c.status.in_([InterestStatus.REGISTERED, InterestStatus.IN_DISCUSSION]),
    )
    if connection.execute(same).first() is None:
        return []
    what_to_do = "Change that one, or give another label."
    return [Problem("label", str(case.after["label"]), "this interest is recorded and open.", what_to_do)]


INTERESTS = Kind(INTEREST, "interest", INTEREST_FIELDS, across=_across, beside=_beside)


def _interest(row: Values) -> Interest:
    return Interest(**(row | {"role": Role(row["role"]), "status": InterestStatus(row["status"])}))
