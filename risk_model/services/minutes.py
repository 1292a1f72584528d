"""The minutes of a core group's meeting, as all who sit in it may read them. Restricted notes are never there."""

from collections.abc import Mapping, Sequence
from datetime import date

from risk_model.casework import (
    Action,
    AgendaItem,
    Allocation,
    Attendance,
    AuditEntry,
    Conflict,
    Meeting,
    actions,
    agenda_items,
    allocations,
    changed_fields,
    records_then,
)
from risk_model.domain.documents import Document, Section, Table
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, as_reader
from risk_model.domain.words import NOT_A_PREDICTION, STATEMENT_TITLES, Statement, level_in_words
from risk_model.services.at_risk import provider_in_words
from risk_model.services.copy import Copy
from risk_model.services.history_words import change_words, sentence
from risk_model.services.meeting_room import Room, RoomItem, meeting_room
from risk_model.services.minutes_since import since_last
from risk_model.services.scope import licence_line
from risk_model.services.shareable import is_support_shown

FOR_MEMBERS = "OFFICIAL: for the members of this core group and the officers of the local authority"
DRAFT = "DRAFT. The minutes are not locked: what stands here may still change."
_BELONGS = ("meeting", "attendance", "conflict", "meeting_school", "meeting_outcome", "action")
# how far an action has come is no change of what was agreed
_MOVES = frozenset({"state", "state_reason", "done_on"})


def minutes_document(viewer: Viewer, copy: Copy, meeting_id: int) -> Document:
    """The minutes: who was there, what each school was looked at for, what was agreed, who does what by when.

    Marked as a draft until they are locked; what was amended since then stands at the end, with the reason.

    Raises:
        NotAllowed: the viewer is neither of the LA nor of this core group.
        NotFound: there is no such meeting.
    """
    room = meeting_room(viewer, copy, meeting_id)
    meeting = room.meeting
    items = {one.urn: one for one in agenda_items(copy.records, meeting_id)}
    todo = actions(copy.records, meeting_id=meeting_id)
    asked = [one for one in allocations(copy.records, la_code=meeting.la_code) if one.meeting_id == meeting_id]
    draft = "" if meeting.is_locked else "Draft "
    title = f"{draft}minutes: {meeting.locality} core group, {in_words(meeting.held_on)}"
    return Document(
        title=title[:1].upper() + title[1:],
        name=f"minutes_{meeting.held_on.isoformat()}_{meeting.id}",
        about=(_standing(meeting), _built(meeting), NOT_A_PREDICTION),
        banner=FOR_MEMBERS if meeting.is_locked else f"DRAFT · {FOR_MEMBERS}",
        sections=(
            _people(meeting, room.people),
            _conflicts(room),
            since_last(viewer, copy, meeting_id),
            *(
                _school(one, items.get(one.urn), todo, asked, [c for c in room.conflicts if c.urn == one.urn])
                for one in room.items
            ),
            _next(meeting),
            *_amended(copy, meeting, {one.urn: one.title for one in room.items}),
            Section("Sources", text=(licence_line(as_reader(viewer), copy),)),
        ),
    )


def amendments(viewer: Viewer, copy: Copy, meeting_id: int) -> list[str]:
    """What was changed in the minutes since they were locked, a sentence each, the oldest first.

    Raises:
        NotAllowed: the viewer is neither of the LA nor of this core group.
        NotFound: there is no such meeting.
    """
    room = meeting_room(viewer, copy, meeting_id)
    return _amendments(copy, room.meeting, {one.urn: one.title for one in room.items})


def _standing(meeting: Meeting) -> str:
    if meeting.locked_at is None:
        return DRAFT
    return f"Locked on {in_words(meeting.locked_at.date())} by {meeting.locked_by or 'somebody who is not recorded'}."


def _built(meeting: Meeting) -> str:
    if meeting.as_at is None:
        return "It is not recorded from which build the agenda was made."
    return (
        f"The agenda was made as at {in_words(meeting.as_at)}, by rules {meeting.rule_set}, build {meeting.build_id}."
    )


def _people(meeting: Meeting, people: Sequence[Attendance]) -> Section:
    chair = f"Chair: {meeting.chair}." if meeting.chair else "It is not recorded who chaired."
    if not people:
        there = meeting.attending or "It is not recorded who was there."
        return Section("People", text=(chair, there))
    rows = tuple((one.label, one.role.value, one.presence.value) for one in people)
    return Section("People", text=(chair,), tables=(Table(("Who", "Role", "Present"), rows, (50, 30, 20)),))


def _conflicts(room: Room) -> Section:
    title = "Conflicts of interest"
    if not room.conflicts:
        return Section(title, text=("None was declared.",))
    names = {one.urn: one.title for one in room.items}
    rows = tuple(
        (one.label, names.get(one.urn, f"URN {one.urn}"), one.interest, one.part_taken.value) for one in room.conflicts
    )
    return Section(title, tables=(Table(("Who", "School", "Interest", "Part taken"), rows, (25, 25, 30, 20)),))


def _school(
    one: RoomItem,
    item: AgendaItem | None,
    todo: Sequence[Action],
    asked: Sequence[Allocation],
    conflicts: Sequence[Conflict],
) -> Section:
    own = [each for each in todo if each.urn == one.urn]
    tables = (_levels(one, item), *((_actions(own),) if own else ()))
    return Section(
        f"{one.place}. {one.title}",
        text=(
            sentence(f"On the agenda because: {' '.join(one.reasons)}") if one.reasons else "It was not on the agenda.",
            _outcome(one),
            *(f"Interest declared: {each.label}, {each.part_taken}." for each in conflicts),
            *_support_asked(one.urn, asked),
            *(() if own else ("No action was agreed.",)),
        ),
        tables=tables,
    )


def _outcome(one: RoomItem) -> str:
    if one.whole is None:
        return "Outcome: none yet."
    reasons = dict.fromkeys(each.reason for each in one.outcomes if each.reason)
    review = one.whole.review_by
    return sentence(
        f"Outcome: {one.whole.outcome}", *reasons, f"To be looked at again by {in_words(review)}" if review else ""
    )


def _levels(one: RoomItem, item: AgendaItem | None) -> Table:
    """How each statement stood when the agenda was made, and what the group agreed."""
    by_statement = {each.statement: each for each in one.outcomes if each.statement and each.agreed_level}
    rows = []
    for statement in Statement:
        stood = getattr(item, f"{statement.value}_level") if item else None
        agreed = by_statement.get(statement)
        review = f"; review by {in_words(agreed.review_by)}" if agreed and agreed.review_by else ""
        rows.append(
            (
                STATEMENT_TITLES[statement],
                level_in_words(stood) if stood else "not recorded",
                f"{level_in_words(agreed.agreed_level)}{review}" if agreed and agreed.agreed_level else "none agreed",
            )
        )
    return Table(("Statement", "Computed for the agenda", "Agreed by the group"), tuple(rows), (46, 22, 32))


def _actions(own: Sequence[Action]) -> Table:
    rows = tuple(
        (one.action, one.owner or "not recorded", in_words(one.due) if one.due else "not recorded") for one in own
    )
    return Table(("Action", "Owner", "By"), rows, (56, 24, 20))


def _support_asked(urn: str, asked: Sequence[Allocation]) -> list[str]:
    """What was asked for; what stays with the LA is counted, and not named."""
    own = [one for one in asked if urn in one.urns and one.status != "withdrawn"]
    told = [one for one in own if is_support_shown(one)]
    said = [
        f"Support asked for: {one.support_type or 'of a kind that is not recorded'}, {provider_in_words(one)}, "
        + (f"{one.days_planned:g} days." if one.days_planned is not None else "days not recorded.")
        for one in told
    ]
    hidden = len(own) - len(told)
    return [*said, *((f"Support asked for that stays with the LA: {hidden}.",) if hidden else ())]


def _next(meeting: Meeting) -> Section:
    if meeting.next_on is None:
        return Section("Next meeting", text=("No day is recorded.",))
    return Section("Next meeting", text=(f"{in_words(meeting.next_on)}.",))


def _amended(copy: Copy, meeting: Meeting, names: Mapping[str, str]) -> tuple[Section, ...]:
    if not meeting.is_locked:
        return ()
    told = _amendments(copy, meeting, names)
    return (Section("Amendments since the minutes were locked", text=tuple(told) or ("None.",)),)


def _amendments(copy: Copy, meeting: Meeting, names: Mapping[str, str]) -> list[str]:
    locked_at = meeting.locked_at
    if locked_at is None:
        return []
    found: list[tuple[AuditEntry, str]] = []
    for table, known in records_then(copy.records, date.max.replace(day=30), _BELONGS).items():
        for record in known:
            if meeting.id != (record.record_id if table == "meeting" else record.image.get("meeting_id")):
                continue
            school = record.image.get("urn")
            where = "The meeting" if school is None else names.get(str(school), f"URN {school}")
            found += [(entry, where) for entry in record.entries if entry.at > locked_at and _is_amendment(entry)]
    found.sort(key=lambda pair: pair[0].id)
    words = [(where, change_words(entry, may_see_restricted=False, is_amendment=True)) for entry, where in found]
    return [f"{where}: {told}" for where, told in words if told]


def _is_amendment(entry: AuditEntry) -> bool:
    """A change of locked minutes has a reason; how far an action has come since may have one, and is none."""
    if entry.reason is None:
        return False
    return not (entry.before is not None and {name for name, _, _ in changed_fields(entry)} <= _MOVES)
