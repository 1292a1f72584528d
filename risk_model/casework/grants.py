"""Who may see what: roles that are granted to people for an LA, a locality, a school, and for a time."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    WHO_LENGTH,
    Field,
    Problem,
    Values,
    checked_who,
    end_before_start,
    line,
    lines,
    read_day,
    read_la_code,
    read_record_id,
    read_urn,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import ACCESS_GRANT
from risk_model.casework.withdrawing import withdraw_row, withdrawn_already, withdrawn_or_changed
from risk_model.domain.viewer import Role

# what a role is granted for, beyond the LA
_NEEDED = {
    Role.HEAD: ("urn", "a school"),
    Role.MEMBER: ("locality", "a locality"),
    Role.CHAIR: ("locality", "a locality"),
    Role.SYSTEM_LEADER: ("system_leader_id", "the number of the system leader"),
}


@dataclass(frozen=True)
class NewGrant:
    """A role to be granted.

    Attributes:
        person: what the provider of the sign-in calls them, such as an e-mail address; case does not matter.
        role: a Role.
        la_code: for which LA; None for an admin alone.
        locality: for members and chairs of a core group; the LA's own name where the LA is one group.
        urn: for a head or chair of governors.
        from_date, to_date: the first and the last day; None without a beginning or an end.
        note: why, or of which team.
    """

    person: str
    role: str
    la_code: str | None = None
    locality: str | None = None
    urn: str | None = None
    system_leader_id: int | str | None = None
    from_date: date | None = None
    to_date: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class Grant:
    """A role that was granted and not withdrawn; its fields as those of `NewGrant`."""

    id: int
    version: int
    person: str
    role: Role
    la_code: str | None
    locality: str | None
    urn: str | None
    system_leader_id: int | None
    from_date: date | None
    to_date: date | None
    note: str | None

    def counts_on(self, day: date) -> bool:
        """Whether the day is within its dates."""
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day <= self.to_date)


def grants(records: Records, *, person: str | None = None) -> list[Grant]:
    """The grants that were not withdrawn, of one person or of all; also those that are over or still to come."""
    query = select(ACCESS_GRANT).where(ACCESS_GRANT.c.withdrawn_reason.is_(None)).order_by(ACCESS_GRANT.c.id)
    if person is not None:
        query = query.where(ACCESS_GRANT.c.person == as_person(person))
    with reading(records) as connection:
        return [_grant(dict(row)) for row in connection.execute(query).mappings()]


def add_grant(records: Records, who: str, new: NewGrant) -> int:
    """Grant a role.

    Returns:
        The grant's number.
    Raises:
        RecordRefused: with every problem; also where the same is granted already.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, GRANTS, name, asdict(new))


def withdraw_grant(records: Records, who: str, grant_id: int, version: int, reason: str) -> None:
    """Withdraw a grant: from then on it gives nothing. The audit trail keeps it.

    Raises:
        NotFound: no such grant.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, GRANTS, who, grant_id, version, reason)


def as_person(text: str) -> str:
    """A person as they are compared: in small letters, without spaces around; two people never become one by it."""
    return text.strip().lower()


def _read_person(value: object) -> str:
    return as_person(line(WHO_LENGTH)(value))


_FIELDS = (
    Field("person", _read_person, required=True),
    Field("role", word(Role), required=True),
    Field("la_code", read_la_code),
    Field("locality", line(100)),
    Field("urn", read_urn),
    Field("system_leader_id", read_record_id),
    Field("from_date", read_day),
    Field("to_date", read_day),
    Field("note", lines(REASON_LENGTH)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def _across(case: Case) -> list[Problem]:
    role, values = case.after.get("role"), case.after
    problems = [*withdrawn_already(case, "grant"), *end_before_start(dict(values), "from_date", "to_date")]
    if role is None or case.before is not None:
        return problems
    if role != Role.ADMIN and not values.get("la_code"):
        problems.append(Problem("la_code", "", "is missing.", "Say for which local authority the role is."))
    if role == Role.ADMIN and values.get("la_code"):
        problems.append(Problem("la_code", str(values["la_code"]), "does not fit.", "An admin is of no one LA."))
    needed = _NEEDED.get(Role(role))
    if needed and not values.get(needed[0]):
        problems.append(Problem(needed[0], "", "is missing.", f"Say {needed[1]}: a {role} sees nothing without."))
    for name, _ in _NEEDED.values():
        if values.get(name) is not None and (needed is None or name != needed[0]):
            problems.append(Problem(name, str(values[name]), f"does not fit the role {role}.", "Leave it empty."))
    return list(dict.fromkeys(problems))


def _beside(connection: Connection, case: Case) -> list[Problem]:
    if case.before is not None:
        return []
    names = ("person", "role", "la_code", "locality", "urn", "system_leader_id", "to_date")
    same = [ACCESS_GRANT.c[name].is_not_distinct_from(case.after.get(name)) for name in names]
    query = select(ACCESS_GRANT.c.id).where(ACCESS_GRANT.c.withdrawn_reason.is_(None), *same)
    found = connection.execute(query).scalar()
    if found is None:
        return []
    return [Problem("person", str(case.after["person"]), f"has this already, number {found}.", "There is no need.")]


GRANTS = Kind(
    ACCESS_GRANT,
    "grant",
    _FIELDS,
    fixed=frozenset({"person", "role", "la_code", "locality", "urn", "system_leader_id", "from_date"}),
    across=_across,
    beside=_beside,
    what=withdrawn_or_changed,
)


def _grant(row: Values) -> Grant:
    told = {name: value for name, value in row.items() if name != "withdrawn_reason"}
    return Grant(**(told | {"role": Role(row["role"])}))
