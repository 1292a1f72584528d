"""Recording and changing system leaders and the roles that they hold or held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from risk_model.casework import (
    Designation,
    NewDesignation,
    NewSystemLeader,
    Role,
    SystemLeader,
    add_designation,
    add_system_leader,
    change_designation,
    change_system_leader,
    designations,
    system_leaders,
)
from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

__all__ = [
    "LeaderRecord",
    "NewDesignation",
    "NewSystemLeader",
    "add_leader",
    "add_role",
    "change_leader",
    "leader_record",
    "leaders_to_change",
    "let_role_lapse",
    "role_choices",
]


@dataclass(frozen=True)
class LeaderRecord:
    """A system leader as recorded, with every role, the newest first."""

    leader: SystemLeader
    roles: tuple[Designation, ...]


def leaders_to_change(viewer: Viewer, copy: Copy, scope: Scope) -> dict[int, str]:
    """Every system leader of the LA, also those who have stopped: {number: "label, role"}, by label.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    return {one.id: f"{one.label}, {one.role}" for one in system_leaders(copy.records, la_code=scope.la_code)}


def leader_record(viewer: Viewer, copy: Copy, leader_id: int) -> LeaderRecord:
    """One system leader as recorded.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is none of that number.
    """
    require(viewer, Right.PEOPLE)
    for leader in system_leaders(copy.records):
        if leader.id == leader_id:
            held = designations(copy.records, la_code=leader.la_code)
            return LeaderRecord(leader, tuple(one for one in held if one.system_leader_id == leader_id))
    raise NotFound(f"There is no system leader number {leader_id}.", ["Load the page again."])


def add_leader(viewer: Viewer, copy: Copy, new: NewSystemLeader) -> int:
    """Record a system leader.

    Returns:
        The new system leader's number.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or the label is taken.
    """
    require(viewer, Right.SUPPORT)
    return add_system_leader(copy.records, viewer.name, new)


def change_leader(
    viewer: Viewer, copy: Copy, leader_id: int, version: int, changes: Mapping[str, object], reason: str | None = None
) -> None:
    """Change a system leader: days, notice given, until when they help, what they are good at.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or somebody else changed it; then with what they changed.
    """
    require(viewer, Right.SUPPORT)
    change_system_leader(copy.records, viewer.name, leader_id, version, changes, reason)


def add_role(viewer: Viewer, copy: Copy, new: NewDesignation) -> int:
    """Record a role of a system leader, with its dates.

    Returns:
        The new designation's number.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or recorded already.
    """
    require(viewer, Right.SUPPORT)
    return add_designation(copy.records, viewer.name, new)


def let_role_lapse(viewer: Viewer, copy: Copy, role_id: int, version: int, to_date: date) -> None:
    """Record the last day of a role; it stays as history.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: before its first day, or somebody else changed it.
    """
    require(viewer, Right.SUPPORT)
    change_designation(copy.records, viewer.name, role_id, version, {"to_date": to_date})


def role_choices() -> list[str]:
    """The roles that a form offers."""
    return [one.value for one in Role]
