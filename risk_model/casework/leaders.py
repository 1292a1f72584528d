"""System leaders: people who help schools beyond their own. They are labels here, not names."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_row, add_rows, change_row, check_new
from risk_model.casework.checks import (
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    end_before_start,
    line,
    lines,
    read_day,
    read_days,
    read_la_code,
    read_urn,
    read_urns,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import SYSTEM_LEADER
from risk_model.casework.words import ROLES_ALSO, Role, What
from risk_model.domain.errors import RecordRefused


@dataclass(frozen=True)
class NewSystemLeader:
    """A system leader to be recorded; None is "not recorded".

    Attributes:
        label: how the LA calls them here, unique in the LA.
        role: in which they are asked first; `Designation` holds every role with its dates.
        days_per_term: person-days that they can give in a term.
        strengths: what their own school can share.
        head_since: the first day of leading a school that improved, where they are or were a head.
        ties: URNs of schools to which they are tied (a governor there, a relative's post).
        limited_from, limited_to: when the situation of their own school limits what they can give.
    """

    la_code: str
    label: str
    role: str
    home_urn: str | None = None
    locality: str | None = None
    phase: str | None = None
    specialisms: str | None = None
    days_per_term: float | None = None
    available_from: date | None = None
    available_to: date | None = None
    accredited_by: str | None = None
    note: str | None = None
    strengths: str | None = None
    quality_assured_by: str | None = None
    head_since: date | None = None
    training: str | None = None
    ties: str | None = None
    limited_from: date | None = None
    limited_to: date | None = None
    limited_note: str | None = None


@dataclass(frozen=True)
class SystemLeader:
    """A recorded system leader. An `available_to` in the past means that they no longer help."""

    id: int
    version: int
    la_code: str
    label: str
    role: Role
    home_urn: str | None
    locality: str | None
    phase: str | None
    specialisms: str | None
    days_per_term: float | None
    available_from: date | None
    available_to: date | None
    accredited_by: str | None
    note: str | None
    strengths: str | None
    quality_assured_by: str | None
    head_since: date | None
    training: str | None
    ties: str | None
    limited_from: date | None
    limited_to: date | None
    limited_note: str | None

    def is_limited_on(self, day: date) -> bool:
        """Whether they gave notice that their own school limits them on that day."""
        if self.limited_from is None:
            return False
        return self.limited_from <= day and (self.limited_to is None or day <= self.limited_to)

    @property
    def tied_urns(self) -> tuple[str, ...]:
        """The schools to which they are tied, beside their own."""
        return tuple(self.ties.split(", ")) if self.ties else ()


LEADER_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("label", line(100), required=True),
    Field("role", word(Role, ROLES_ALSO), required=True),
    Field("home_urn", read_urn),
    Field("locality", line(100)),
    Field("phase", line(100)),
    Field("specialisms", lines(500)),
    Field("days_per_term", read_days),
    Field("available_from", read_day),
    Field("available_to", read_day),
    Field("accredited_by", line(200)),
    Field("note", lines(2000)),
    Field("strengths", lines(500)),
    Field("quality_assured_by", line(200)),
    Field("head_since", read_day),
    Field("training", lines(500)),
    Field("ties", read_urns),
    Field("limited_from", read_day),
    Field("limited_to", read_day),
    Field("limited_note", lines(500)),
)


def system_leaders(records: Records, *, la_code: str | None = None) -> list[SystemLeader]:
    """Every system leader of one LA, or all, also those who no longer help; by LA and label."""
    query = select(SYSTEM_LEADER).order_by(SYSTEM_LEADER.c.la_code, SYSTEM_LEADER.c.label, SYSTEM_LEADER.c.id)
    if la_code is not None:
        query = query.where(SYSTEM_LEADER.c.la_code == la_code)
    with reading(records) as connection:
        return [_leader(dict(row)) for row in connection.execute(query).mappings()]


def add_system_leader(records: Records, who: str, new: NewSystemLeader) -> int:
    """Record a system leader.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem, in the order of the fields.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, LEADERS, name, asdict(new))


def add_system_leaders(records: Records, who: str, new: Sequence[NewSystemLeader]) -> int:
    """Record several in one transaction: all of them, or none.

    Returns:
        How many were added.
    Raises:
        RecordRefused: with every problem of every one, by its place in the list.
    """
    name = checked_who(who)
    with writing(records) as connection:
        add_rows(connection, LEADERS, name, [asdict(each) for each in new], "system leaders")
    return len(new)


def check_system_leader(given: Mapping[str, object]) -> tuple[Values, list[Problem]]:
    """Check the values of one system leader by themselves; used by the preview of a file."""
    case, problems = check_new(LEADERS, given)
    return dict(case.after), problems


def change_system_leader(
    records: Records,
    who: str,
    leader_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> SystemLeader:
    """Change some fields of one system leader.

    Raises:
        NotFound: no such system leader.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return _leader(change_row(connection, LEADERS, name, leader_id, version, changes, why))


def end_system_leader(
    records: Records, who: str, leader_id: int, version: int, available_to: date, reason: str
) -> SystemLeader:
    """Record that a system leader helps no longer than that day. Their allocations stay as they are.

    Raises:
        NotFound: no such system leader.
        RecordRefused: no reason, a day before `available_from`, an old version.
    """
    why = checked_reason(reason)
    if why is None:
        raise RecordRefused(
            "The system leader was not ended: a reason is needed.", ["Nothing was changed.", "Say why."]
        )
    return change_system_leader(records, who, leader_id, version, {"available_to": available_to}, why)


def _across(case: Case) -> list[Problem]:
    return [
        *end_before_start(case.after, "available_from", "available_to"),
        *end_before_start(case.after, "limited_from", "limited_to"),
        *_limit_without_start(case),
    ]


def _limit_without_start(case: Case) -> list[Problem]:
    told = case.after.get("limited_to") or case.after.get("limited_note")
    if not told or case.after.get("limited_from") is not None or "limited_from" in case.unfit:
        return []
    return [Problem("limited_from", "", "a limit needs its first day.", "Say from when they are limited.")]


def _same_label(connection: Connection, case: Case) -> list[Problem]:
    label = case.after.get("label")
    if label is None or "label" not in case.changed:
        return []
    same = select(SYSTEM_LEADER.c.id).where(
        SYSTEM_LEADER.c.la_code == case.after.get("la_code"), SYSTEM_LEADER.c.label == label
    )
    if connection.execute(same).first() is None:
        return []
    return [Problem("label", label, "this LA has a system leader with this label.", "Give another label.")]


def _what(case: Case) -> What:
    return What.ENDED if case.changed == {"available_to"} and case.after["available_to"] else What.CHANGED


LEADERS = Kind(SYSTEM_LEADER, "system leader", LEADER_FIELDS, across=_across, beside=_same_label, what=_what)


def _leader(row: Values) -> SystemLeader:
    return SystemLeader(**(row | {"role": Role(row["role"])}))
