"""What has changed since the last meeting of the same core group: schools, levels, agreements, actions."""

from collections.abc import Sequence

from risk_model.casework import Action, AgendaItem, Meeting, actions, agenda_items, meetings
from risk_model.domain.documents import Section, Table
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import STATEMENT_TITLES, Statement, level_in_words
from risk_model.services.copy import Copy
from risk_model.services.meeting_room import Room, meeting_room

TITLE = "Since the last meeting"


def since_last(viewer: Viewer, copy: Copy, meeting_id: int) -> Section:
    """What has changed since the last meeting of the group, school by school, and how its actions went.

    Raises:
        NotAllowed: the viewer is neither of the LA nor of this core group.
        NotFound: there is no such meeting.
    """
    room = meeting_room(viewer, copy, meeting_id)
    meeting = room.meeting
    known = meetings(copy.records, la_code=meeting.la_code, locality=meeting.locality)
    before = [one for one in known if one.has_met and one.held_on < meeting.held_on]
    if not before:
        return Section(TITLE, text=("It is the first meeting of this group that is recorded.",))
    last = max(before, key=lambda one: (one.held_on, one.id))
    earlier = meeting_room(viewer, copy, last.id)
    rows = _moves(copy, room, earlier)
    counted = f"{_counted(len(rows), 'change')} since the meeting of {in_words(last.held_on)}."
    text = (counted, _how_actions_went(actions(copy.records, meeting_id=last.id), meeting))
    if not rows:
        return Section(TITLE, text=text)
    return Section(TITLE, text=text, tables=(Table(("School", "What has changed"), tuple(rows), (34, 66)),))


def _moves(copy: Copy, room: Room, earlier: Room) -> list[tuple[str, str]]:
    then = {one.urn: one for one in agenda_items(copy.records, earlier.meeting.id)}
    now = {one.urn: one for one in agenda_items(copy.records, room.meeting.id)}
    was = {one.urn: one for one in earlier.items}
    rows: list[tuple[str, str]] = []
    for one in room.items:
        if one.urn not in was:
            rows.append((one.title, "New on the agenda."))
            continue
        rows += [(one.title, said) for said in _computed(then.get(one.urn), now.get(one.urn))]
        rows += [
            (one.title, f"Agreed: {STATEMENT_TITLES[statement]}: {_level(was[one.urn].levels.get(statement))} → {new}.")
            for statement, level in one.levels.items()
            if (new := level_in_words(level)) != _level(was[one.urn].levels.get(statement))
        ]
    here = {one.urn for one in room.items}
    rows += [(one.title, "Not on the agenda any more.") for one in earlier.items if one.urn not in here]
    return rows


def _computed(then: AgendaItem | None, now: AgendaItem | None) -> list[str]:
    if then is None or now is None:
        return []
    said = []
    for statement in Statement:
        before, after = (getattr(one, f"{statement.value}_level") for one in (then, now))
        if before is not None and after is not None and before != after:
            title = STATEMENT_TITLES[statement]
            said.append(f"Computed: {title}: {level_in_words(before)} → {level_in_words(after)}.")
    return said


def _level(level: str | None) -> str:
    return "none agreed" if level is None else level_in_words(level)


def _how_actions_went(agreed: Sequence[Action], meeting: Meeting) -> str:
    if not agreed:
        return "No action was agreed there."
    # as they stand now: how far each had come on the very day is in its history
    still = [one for one in agreed if one.is_open]
    late = sum(one.is_overdue_on(meeting.held_on) for one in still)
    overdue = f", {late} of them overdue on the day of this meeting" if late else ""
    return f"Of {_counted(len(agreed), 'action')} agreed there, {len(still)} still open{overdue}."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
