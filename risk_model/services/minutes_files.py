"""What a meeting leaves behind as files: minutes, actions as a list, its agenda, the next one; each logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from risk_model.casework import Meeting, actions, agenda_items, one_meeting
from risk_model.domain.documents import Document, Section, Table
from risk_model.domain.errors import NotFound
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, as_reader, require, require_la
from risk_model.domain.words import NOT_A_PREDICTION, Statement, level_in_words
from risk_model.exports.documents import as_docx
from risk_model.exports.pdf import as_pdf
from risk_model.exports.tables import as_csv, as_xlsx
from risk_model.services.agenda import agenda_for
from risk_model.services.copy import Copy
from risk_model.services.core_groups import group_of
from risk_model.services.leaving import Leaving, hand_over
from risk_model.services.meeting_room import meeting_room
from risk_model.services.minutes import FOR_MEMBERS, minutes_document
from risk_model.services.scope import licence_line

MEETING_ACTION_COLUMNS = ("School", "URN", "Action", "Owner", "By", "State", "Why", "Done on")
FILE_KINDS = ("minutes", "actions", "agenda", "next agenda")


@dataclass(frozen=True)
class _Line:
    """A school on an agenda, as a document tells it."""

    name: str
    priority: str
    levels: tuple[str, ...]
    reasons: tuple[str, ...]


def meeting_actions(viewer: Viewer, copy: Copy, meeting_id: int) -> pd.DataFrame:
    """What a meeting agreed that somebody does, a row each: MEETING_ACTION_COLUMNS; those due first come first.

    Raises:
        NotAllowed: the viewer is neither of the LA nor of this core group.
        NotFound: there is no such meeting.
    """
    names = {one.urn: one.title for one in meeting_room(viewer, copy, meeting_id).items}
    rows = [
        (
            names.get(one.urn, f"URN {one.urn}"),
            one.urn,
            one.action,
            one.owner or "not recorded",
            one.due,
            one.state.value,
            one.state_reason,
            one.done_on,
        )
        for one in actions(copy.records, meeting_id=meeting_id)
    ]
    return pd.DataFrame(rows, columns=list(MEETING_ACTION_COLUMNS))


def agenda_document(viewer: Viewer, copy: Copy, meeting_id: int) -> Document:
    """The agenda of a meeting, to be sent before it: which schools, why, and how each stood.

    Raises:
        NotAllowed: the viewer is neither of the LA nor of this core group.
        NotFound: there is no such meeting.
    """
    room = meeting_room(viewer, copy, meeting_id)
    items = {one.urn: one for one in agenda_items(copy.records, meeting_id)}
    lines = [
        _Line(
            one.title,
            str(item.priority or "not recorded"),
            tuple(
                level_in_words(level) if (level := getattr(item, f"{each.value}_level")) else "not recorded"
                for each in Statement
            ),
            one.reasons,
        )
        for one in room.items
        if (item := items.get(one.urn)) is not None
    ]
    return _agenda(viewer, copy, room.meeting, room.meeting.held_on, lines, f"agenda_{_stem(room.meeting)}")


def next_agenda_document(viewer: Viewer, copy: Copy, meeting_id: int) -> Document:
    """The agenda of the meeting after a meeting, as it would be made now: what was left open comes again.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no such meeting, or the shown build does not know its group any more.
    """
    require(viewer, Right.PEOPLE)
    meeting = one_meeting(copy.records, meeting_id)
    # without a day: as if the group met again at once; its last meeting is then this one
    day = meeting.next_on or max(copy.build.as_at, meeting.held_on + timedelta(days=1))
    lines = [
        _Line(
            one.name,
            one.priority,
            tuple(level_in_words(one.levels[each]) for each in Statement),
            tuple(each.sentence for each in one.reasons),
        )
        for one in agenda_for(viewer, copy, group_of(viewer, copy, meeting), day)
    ]
    return _agenda(viewer, copy, meeting, meeting.next_on, lines, f"next_agenda_{_stem(meeting)}")


def file_kinds(viewer: Viewer, copy: Copy, meeting_id: int) -> tuple[str, ...]:
    """The kinds of files of a meeting that the viewer may take.

    Raises:
        NotAllowed: the viewer is neither of the LA nor of this core group.
        NotFound: there is no such meeting.
    """
    meeting = meeting_room(viewer, copy, meeting_id).meeting
    is_of_la = viewer.la_codes is None or meeting.la_code in viewer.la_codes
    return FILE_KINDS if viewer.may(Right.EXPORT) and is_of_la else _for_members(viewer, meeting)


def meeting_file(viewer: Viewer, copy: Copy, meeting_id: int, kind: str, ending: str) -> bytes:
    """One file of a meeting, logged as it leaves under the viewer's name.

    Args:
        kind: one of FILE_KINDS.
        ending: ".pdf" or ".docx"; of actions ".xlsx" or ".csv".
    Raises:
        NotAllowed: the viewer may not take this file out.
        NotFound: there is no such meeting, or no such file of it.
    """
    room = meeting_room(viewer, copy, meeting_id)
    meeting = room.meeting
    if kind not in _for_members(viewer, meeting):
        require_la(viewer, meeting.la_code, Right.EXPORT)
    name, content = _made(viewer, copy, meeting, kind, ending)
    leaving = Leaving(
        la_code=meeting.la_code,
        what=f"{kind} of a core group",
        name=name,
        banner=FOR_MEMBERS,
        urns=[one.urn for one in room.items],
        build_id=meeting.build_id,
        rule_set=meeting.rule_set,
        as_at=meeting.as_at,
    )
    # it may leave: that it does is logged under their name, which else takes a reader of the LA
    return hand_over(as_reader(viewer), copy, leaving, content)


def _for_members(viewer: Viewer, meeting: Meeting) -> tuple[str, ...]:
    """The kinds of files that go to whoever sits in the meeting's core group: no draft of the minutes."""
    if not viewer.sits_in(meeting.la_code, meeting.locality):
        return ()
    return ("minutes", "agenda") if meeting.is_locked else ("agenda",)


def _made(viewer: Viewer, copy: Copy, meeting: Meeting, kind: str, ending: str) -> tuple[str, bytes]:
    if kind == "actions" and ending in (".xlsx", ".csv"):
        table = meeting_actions(viewer, copy, meeting.id)
        about = [FOR_MEMBERS, f"Actions agreed by the {meeting.locality} core group on {in_words(meeting.held_on)}"]
        made = as_csv(table) if ending == ".csv" else as_xlsx(table, sheet="Actions", about=about)
        return f"actions_{_stem(meeting)}{ending}", made
    makers = {"minutes": minutes_document, "agenda": agenda_document, "next agenda": next_agenda_document}
    if kind not in makers or ending not in (".pdf", ".docx"):
        raise NotFound(f"A meeting has no {kind[:20]} as {ending[:10]}.", ["Choose one of the buttons."])
    document = makers[kind](viewer, copy, meeting.id)
    return f"{document.name}{ending}", as_pdf(document) if ending == ".pdf" else as_docx(document)


def _stem(meeting: Meeting) -> str:
    return f"{meeting.held_on.isoformat()}_{meeting.id}"


def _agenda(
    viewer: Viewer, copy: Copy, meeting: Meeting, day: date | None, lines: Sequence[_Line], name: str
) -> Document:
    when = in_words(day) if day else "no day recorded yet"
    rows = tuple((f"{place}. {one.name}", one.priority, *one.levels) for place, one in enumerate(lines, start=1))
    columns = ("School", "Place", "Outcomes", "Effective action", "Inspection")
    reader = as_reader(viewer)
    build = copy.build
    return Document(
        title=f"Agenda: {meeting.locality} core group, {when}",
        name=name,
        banner=FOR_MEMBERS,
        about=(
            f"{len(lines)} schools. As at {in_words(build.as_at)}, by rules {build.rule_set}, build {build.number}."
            if name.startswith("next")
            else f"{len(lines)} schools.",
            NOT_A_PREDICTION,
        ),
        sections=(
            Section("Schools", tables=(Table(columns, rows, (36, 13, 17, 17, 17)),))
            if rows
            else Section("Schools", text=("No school is on it.",)),
            *(
                Section(f"{place}. {one.name}", text=one.reasons, level=2)
                for place, one in enumerate(lines, start=1)
                if one.reasons
            ),
            Section("Sources", text=(licence_line(reader, copy),)),
        ),
    )
