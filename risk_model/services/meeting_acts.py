"""Preparing and keeping a core group's meeting: its agenda, who is there, conflicts of interest, actions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from risk_model.casework import (
    Action,
    AgendaItem,
    AgendaState,
    Attendance,
    AttendeeRole,
    Conflict,
    NewAgendaItem,
    NewAttendance,
    NewConflict,
    NewMeeting,
    PartTaken,
    Presence,
    add_agenda_item,
    add_attendance,
    add_conflict,
    add_meeting_with_agenda,
    agenda_items,
    attendances,
    change_action,
    change_agenda_item,
    change_attendance,
    change_meeting,
    conflicts,
    meetings,
    one_meeting,
    withdraw_agenda_item,
    withdraw_conflict,
    withdraw_meeting,
)
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Statement
from risk_model.services.agenda import AgendaLine, line_for
from risk_model.services.copy import Copy
from risk_model.services.core_groups import Group, group_of, last_before
from risk_model.services.meeting_room import held_meeting

__all__ = [
    "AttendeeRole",
    "NewAttendance",
    "NewConflict",
    "PartTaken",
    "Presence",
]


def prepare_meeting(
    viewer: Viewer,
    copy: Copy,
    group: Group,
    held_on: date,
    chair: str,
    lines: Sequence[AgendaLine],
    people: Sequence[NewAttendance] = (),
) -> int:
    """Record a meeting to come with its agenda, and who is asked to it.

    Args:
        lines: of `agenda_for`, those that the group keeps.
        people: whose meeting_id is filled in here.
    Returns:
        The meeting's number.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or the group has a meeting on that day already.
    """
    require(viewer, Right.MEET)
    if any(
        one.held_on == held_on and one.locality == group.name for one in meetings(copy.records, la_code=group.la_code)
    ):
        raise RecordRefused(
            f"The meeting was not added: {group.name} has one on {in_words(held_on)} already.",
            ["Open that one, or choose another day."],
        )
    build = copy.build
    new = NewMeeting(
        group.la_code,
        group.name,
        held_on,
        chair=chair or None,
        build_id=build.build_id,
        rule_set=build.rule_set,
        as_at=build.as_at,
    )
    return add_meeting_with_agenda(copy.records, viewer.name, new, [_item(line) for line in lines], people)


def people_of_last(viewer: Viewer, copy: Copy, group: Group, day: date) -> list[NewAttendance]:
    """Who sat in the group's last meeting before a day, to be asked again; nobody where it has not met.

    Raises:
        NotAllowed: the viewer may not write.
    """
    require(viewer, Right.MEET)
    last = last_before(meetings(copy.records, la_code=group.la_code), group, day)
    known = attendances(copy.records, last.id) if last else []
    return [NewAttendance(0, one.label, one.role, one.urn) for one in known]


def put_on_agenda(viewer: Viewer, copy: Copy, meeting_id: int, urn: str, why: str) -> None:
    """Put a school of the group on a meeting's agenda by hand.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no such meeting, or the school is not of this group.
        RecordRefused: no reason, it is on it already, or the minutes are locked.
    """
    require(viewer, Right.MEET)
    meeting = one_meeting(copy.records, meeting_id)
    line = line_for(viewer, copy, group_of(viewer, copy, meeting), urn)
    if line is None:
        raise NotFound(f"No school of this group has the URN {urn[:20]}.", ["Choose one from the list."])
    if not why.strip():
        raise RecordRefused("The school was not put on the agenda: a reason is needed.", ["Say why."])
    item = replace(_item(line), reasons=(f"Asked for: {why.strip()}",))
    add_agenda_item(copy.records, viewer.name, meeting_id, item)


def open_agendas(viewer: Viewer, copy: Copy, urn: str) -> dict[int, str]:
    """The meetings to come on whose agenda a school can be put: {number: group and day}.

    Raises:
        NotAllowed: the viewer may not write.
    """
    require(viewer, Right.MEET)
    rows = copy.reader.rows("select la_code, la_name, locality from schools where urn = $urn", {"urn": urn})
    if not rows:
        return {}
    names = {rows[0]["locality"], rows[0]["la_name"]}
    return {
        one.id: f"{one.locality}, {in_words(one.held_on)}"
        for one in meetings(copy.records, la_code=rows[0]["la_code"])
        if not one.is_locked
        and one.locality in names
        and urn not in {item.urn for item in agenda_items(copy.records, one.id)}
    }


def take_off_agenda(viewer: Viewer, copy: Copy, meeting_id: int, urn: str, reason: str) -> None:
    """Take a school off a meeting's agenda; why stays in the audit trail.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: it is not on the agenda.
        RecordRefused: no reason, or it has an outcome already.
    """
    require(viewer, Right.MEET)
    if any(one.urn == urn for one in one_meeting(copy.records, meeting_id).outcomes):
        raise RecordRefused("The school stays on the agenda: it has an outcome.", ["Undo the decision first."])
    item = _agenda_item(copy, meeting_id, urn)
    withdraw_agenda_item(copy.records, viewer.name, item.id, item.version, reason)


def skip_school(viewer: Viewer, copy: Copy, meeting_id: int, urn: str, *, skipped: bool = True) -> None:
    """Leave a school for later in the same meeting, or take it up again.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: it is not on the agenda.
    """
    held_meeting(viewer, copy, meeting_id)
    item = _agenda_item(copy, meeting_id, urn)
    state = AgendaState.SKIPPED if skipped else AgendaState.TO_COME
    change_agenda_item(copy.records, viewer.name, item.id, item.version, {"state": state})


def call_off(viewer: Viewer, copy: Copy, meeting_id: int, version: int, reason: str) -> None:
    """Withdraw a meeting that is not held after all; the audit trail keeps it.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: no reason, its minutes are locked, or it has outcomes.
    """
    require(viewer, Right.MEET)
    meeting = one_meeting(copy.records, meeting_id)
    if meeting.is_locked or meeting.outcomes:
        raise RecordRefused("The meeting was not called off: it has decided.", ["Undo its decisions first."])
    withdraw_meeting(copy.records, viewer.name, meeting_id, version, reason)


def change_meeting_facts(
    viewer: Viewer, copy: Copy, meeting_id: int, version: int, changes: Mapping[str, object], reason: str = ""
) -> None:
    """Change a meeting's day, chair or next day; once the minutes are locked with a reason.

    Raises:
        NotAllowed: the viewer may not write, or is the group's chair, who says when it meets next and no more.
        RecordRefused: not valid, an old version, or locked minutes without a reason.
    """
    held_meeting(viewer, copy, meeting_id)
    if set(changes) != {"next_on"}:
        require(viewer, Right.MEET)
    change_meeting(copy.records, viewer.name, meeting_id, version, changes, reason)


def add_person(viewer: Viewer, copy: Copy, new: NewAttendance, reason: str = "") -> None:
    """List somebody who was asked to a meeting.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, listed already, or locked minutes without a reason.
    """
    held_meeting(viewer, copy, new.meeting_id)
    add_attendance(copy.records, viewer.name, new, reason)


def set_presence(
    viewer: Viewer, copy: Copy, meeting_id: int, attendance_id: int, version: int, presence: str, reason: str = ""
) -> None:
    """Say whether somebody was there.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: they are not listed in this meeting.
        RecordRefused: not valid, an old version, or locked minutes without a reason.
    """
    held_meeting(viewer, copy, meeting_id)
    _require_listed(attendances(copy.records, meeting_id), attendance_id)
    change_attendance(copy.records, viewer.name, attendance_id, version, {"presence": presence}, reason)


def declare_conflict(viewer: Viewer, copy: Copy, new: NewConflict, reason: str = "") -> None:
    """Record a conflict of interest, and what who declared it did.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, recorded already, or locked minutes without a reason.
    """
    held_meeting(viewer, copy, new.meeting_id)
    add_conflict(copy.records, viewer.name, new, reason)


def withdraw_declaration(
    viewer: Viewer, copy: Copy, meeting_id: int, conflict_id: int, version: int, reason: str
) -> None:
    """Withdraw a conflict of interest that was recorded by mistake.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: it was not declared in this meeting.
        RecordRefused: no reason, or an old version.
    """
    held_meeting(viewer, copy, meeting_id)
    _require_listed(conflicts(copy.records, meeting_id), conflict_id)
    withdraw_conflict(copy.records, viewer.name, conflict_id, version, reason)


def move_action(
    viewer: Viewer,
    copy: Copy,
    action_id: int,
    version: int,
    state: str,
    state_reason: str = "",
    done_on: date | None = None,
) -> Action:
    """Say how far an action has come.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or an old version.
    """
    require(viewer, Right.MEET)
    changes = {"state": state, "state_reason": state_reason, "done_on": done_on}
    return change_action(copy.records, viewer.name, action_id, version, changes)


def _item(line: AgendaLine) -> NewAgendaItem:
    return NewAgendaItem(
        line.urn,
        tuple(one.sentence.replace("\n", " ") for one in line.reasons),
        line.priority,
        line.levels[Statement.OUTCOMES],
        line.levels[Statement.LEADERSHIP],
        line.levels[Statement.INSPECTION],
    )


def _require_listed(known: Sequence[Attendance] | Sequence[Conflict], number: int) -> None:
    if not any(one.id == number for one in known):
        raise NotFound(f"This meeting has no entry {number}.", ["Nothing was changed.", "Load the page again."])


def _agenda_item(copy: Copy, meeting_id: int, urn: str) -> AgendaItem:
    for one in agenda_items(copy.records, meeting_id):
        if one.urn == urn:
            return one
    raise NotFound(f"The school {urn[:20]} is not on this agenda.", ["Nothing was recorded.", "Put it on first."])
