"""Recording and changing support: warned where it does not fit, refused where it cannot be, never lost."""

from collections.abc import Mapping, Sequence
from datetime import date

from risk_model.casework import (
    ENDED_STATUSES,
    Allocation,
    NewAllocation,
    NewObjective,
    NewShare,
    NewVisit,
    add_allocation,
    add_objective,
    allocations,
    change_allocation,
    change_objective,
    end_allocation,
    record_visit,
    withdraw_visit,
)
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.capacity_page import allocation_warnings
from risk_model.services.copy import Copy

_WEIGHED = frozenset({"system_leader_id", "days_planned", "start_date", "end_date"})


def add_support(viewer: Viewer, copy: Copy, new: NewAllocation) -> int:
    """Record support for a school or a group.

    Returns:
        The new allocation's id.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the school is not known here, the record is not valid, it is recorded already, or it does not
            fit (too many days, a conflict of interest) and no `override_reason` is given.
    """
    require(viewer, Right.SUPPORT)
    refuse_unfit(viewer, copy, new)
    return add_allocation(copy.records, viewer.name, new)


def refuse_unfit(viewer: Viewer, copy: Copy, new: NewAllocation) -> None:
    """Refuse support that cannot be, before anything is written.

    Raises:
        NotAllowed: the viewer may not read.
        RecordRefused: as `add_support`.
    """
    require(viewer, Right.PEOPLE)
    for urn in dict.fromkeys([new.urn, *(share.urn for share in new.shares)]):
        _require_school(copy, urn)
    _refuse_twice(copy, new)
    warnings = support_warnings(viewer, copy, new)
    if warnings and not (new.override_reason or "").strip():
        raise RecordRefused(
            "The support was not recorded: it does not fit.",
            [*warnings, "Change it, or say why it is right all the same."],
        )


def shared_out(urn: str, group: Sequence[str], days: float | None) -> tuple[NewShare, ...]:
    """The days of a group, shared out evenly.

    Args:
        urn: the school that leads; group: the others.
    Returns:
        A share for each school, of unknown days where they are not known; none where there is no other school.
    """
    schools = list(dict.fromkeys([urn, *group]))
    if len(schools) == 1:
        return ()
    return tuple(NewShare(one, None if days is None else days / len(schools)) for one in schools)


def support_warnings(viewer: Viewer, copy: Copy, new: NewAllocation, also: Sequence[NewAllocation] = ()) -> list[str]:
    """What speaks against support before it is recorded, a sentence each: too many days, a conflict of interest.

    Args:
        also: what is to be recorded before it, and counts.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    if new.system_leader_id is None or new.status in ENDED_STATUSES:
        return []
    urns = [share.urn for share in new.shares] or [new.urn]
    days, start, end = new.days_planned, new.start_date, new.end_date
    return allocation_warnings(viewer, copy, new.system_leader_id, urns, days, start, end, also=also)


def change_support(
    viewer: Viewer,
    copy: Copy,
    allocation_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Allocation:
    """Change recorded support; refused where somebody else changed it in the meantime, with what they changed.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, changed by somebody else, or it does not fit any more and no reason is given.
    """
    require(viewer, Right.SUPPORT)
    before = one_allocation(viewer, copy, allocation_id)
    moved = {name: value for name, value in changes.items() if name in _WEIGHED and getattr(before, name) != value}
    if moved and not changes.get("override_reason") and not before.override_reason:
        _refuse_misfit(viewer, copy, before, moved)
    return change_allocation(copy.records, viewer.name, allocation_id, version, changes, reason)


def _refuse_misfit(viewer: Viewer, copy: Copy, before: Allocation, moved: Mapping[str, object]) -> None:
    """Refuse more days, or another leader, where they do not fit; what cannot be read is the record's own to refuse."""
    leader = moved.get("system_leader_id", before.system_leader_id)
    days = moved.get("days_planned", before.days_planned)
    start, end = moved.get("start_date", before.start_date), moved.get("end_date", before.end_date)
    if not isinstance(leader, int) or not isinstance(days, float | int | None):
        return
    if not isinstance(start, date | None) or not isinstance(end, date | None):
        return
    warnings = allocation_warnings(viewer, copy, leader, before.urns, days, start, end, without=before.id)
    if warnings:
        raise RecordRefused(
            "The support was not changed: it would not fit.",
            [*warnings, "Change it, or say why it is right all the same."],
        )


def end_support(
    viewer: Viewer,
    copy: Copy,
    allocation_id: int,
    version: int,
    status: str,
    end_date: date,
    reason: str | None,
    outcome: str | None = None,
    decision: str | None = None,
) -> Allocation:
    """End support: completed, ended early, cancelled, declined or withdrawn. Nothing is deleted.

    Args:
        outcome, decision: what it came to and what follows, in one change with its end.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: a reason is missing, or somebody else changed it.
    """
    require(viewer, Right.SUPPORT)
    return end_allocation(
        copy.records, viewer.name, allocation_id, version, status, end_date, reason, outcome, decision
    )


def add_visit(viewer: Viewer, copy: Copy, new: NewVisit, reason: str | None = None) -> int:
    """Record a visit; its days are added to those used.

    Returns:
        The new visit's id.
    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no such support.
        RecordRefused: not valid, or recorded already.
    """
    require(viewer, Right.SUPPORT)
    return record_visit(copy.records, viewer.name, new, reason)


def take_back_visit(viewer: Viewer, copy: Copy, visit_id: int, version: int, reason: str) -> None:
    """Withdraw a visit that should not be here; its days are taken off again.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: no reason, or somebody else changed it.
    """
    require(viewer, Right.SUPPORT)
    withdraw_visit(copy.records, viewer.name, visit_id, version, reason)


def add_support_objective(viewer: Viewer, copy: Copy, new: NewObjective) -> int:
    """Record an objective of support.

    Returns:
        The new objective's id.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or recorded already.
    """
    require(viewer, Right.SUPPORT)
    return add_objective(copy.records, viewer.name, new)


def record_progress(
    viewer: Viewer, copy: Copy, objective_id: int, version: int, progress: str, checked_on: date
) -> None:
    """Record how an objective goes, as looked at on a day.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or somebody else changed it.
    """
    require(viewer, Right.SUPPORT)
    changes = {"progress": progress, "checked_on": checked_on}
    change_objective(copy.records, viewer.name, objective_id, version, changes)


def one_allocation(viewer: Viewer, copy: Copy, allocation_id: int) -> Allocation:
    """One allocation as it is recorded now.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is none of that number.
    """
    require(viewer, Right.PEOPLE)
    for one in allocations(copy.records):
        if one.id == allocation_id:
            return one
    raise NotFound(f"There is no support number {allocation_id}.", ["Load the page again."])


def _require_school(copy: Copy, urn: str) -> None:
    if not copy.reader.rows("select 1 from schools where urn = $urn", {"urn": urn}):
        raise RecordRefused(
            f"The support was not recorded: no open school with the URN {urn[:20]} is loaded.", ["Check the URN."]
        )


def _refuse_twice(copy: Copy, new: NewAllocation) -> None:
    """A form that is sent twice records once."""
    for one in allocations(copy.records, urn=new.urn):
        same = (one.provider_type, one.provider_name, one.role, one.support_type, one.start_date, one.system_leader_id)
        given = (new.provider_type, new.provider_name, new.role, new.support_type, new.start_date, new.system_leader_id)
        if same == given and one.status != "withdrawn":
            raise RecordRefused(
                f"The support was not recorded: it is there already, number {one.id}.",
                ["It has the same school, provider, role, kind and start. Change that one."],
            )
