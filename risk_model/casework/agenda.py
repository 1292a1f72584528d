"""The agenda of a core group: which schools, why, and how each stood when the agenda was made."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, select

from risk_model.casework.attendance import ATTENDANCES, NewAttendance
from risk_model.casework.changes import Case, Kind, add_or_tell, add_row, change_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_who,
    lines,
    read_record_id,
    read_urn,
    refuse_if,
    word,
)
from risk_model.casework.meetings import MEETINGS, NewMeeting, needs_amendment
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import MEETING_SCHOOL
from risk_model.casework.withdrawing import not_withdrawing, withdraw_row, withdrawn_already, withdrawn_or_changed
from risk_model.casework.words import AgendaState
from risk_model.domain.words import Level, Priority


@dataclass(frozen=True)
class NewAgendaItem:
    """A school for an agenda.

    Attributes:
        reasons: why it is on it, a sentence each.
        priority, outcomes_level, leadership_level, inspection_level: as they stand when the agenda is made.
    """

    urn: str
    reasons: tuple[str, ...]
    priority: str | None = None
    outcomes_level: str | None = None
    leadership_level: str | None = None
    inspection_level: str | None = None


@dataclass(frozen=True)
class AgendaItem:
    """A school on an agenda, as recorded; its fields as those of `NewAgendaItem`.

    Attributes:
        place: on the agenda, from 1.
    """

    id: int
    version: int
    meeting_id: int
    urn: str
    place: int
    state: AgendaState
    reasons: tuple[str, ...]
    priority: Priority | None
    outcomes_level: Level | None
    leadership_level: Level | None
    inspection_level: Level | None


AGENDA_FIELDS = (
    Field("meeting_id", read_record_id, required=True),
    Field("urn", read_urn, required=True),
    Field("place", read_record_id, required=True),
    Field("state", word(AgendaState), required=True),
    Field("reasons", lines(4000), required=True),
    Field("priority", word(Priority)),
    Field("outcomes_level", word(Level)),
    Field("leadership_level", word(Level)),
    Field("inspection_level", word(Level)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def agenda_items(records: Records, meeting_id: int) -> list[AgendaItem]:
    """The schools on a meeting's agenda, in its order; what was taken off is in the audit trail."""
    return agendas(records, [meeting_id]).get(meeting_id, [])


def agendas(records: Records, meeting_ids: Sequence[int]) -> dict[int, list[AgendaItem]]:
    """The agendas of several meetings, each in its order; a meeting without one is left out."""
    table = MEETING_SCHOOL
    query = select(table).where(table.c.meeting_id.in_(meeting_ids), table.c.withdrawn_reason.is_(None))
    found: dict[int, list[AgendaItem]] = {}
    with reading(records) as connection:
        for row in connection.execute(query.order_by(table.c.place, table.c.id)).mappings():
            found.setdefault(row["meeting_id"], []).append(_item(dict(row)))
    return found


def add_meeting_with_agenda(
    records: Records,
    who: str,
    new: NewMeeting,
    agenda: Sequence[NewAgendaItem],
    people: Sequence[NewAttendance] = (),
) -> int:
    """Record a meeting to come with its agenda and who is asked to it, all together.

    Args:
        people: whose meeting_id is filled in here.
    Returns:
        The meeting's number.
    Raises:
        RecordRefused: with every problem of the meeting, its agenda and its people.
    """
    name = checked_who(who)
    with writing(records) as connection:
        given = {field: value for field, value in asdict(new).items() if field != "outcomes"}
        meeting_id = add_row(connection, MEETINGS, name, given)
        problems = [
            problem.at(f"school {place}")
            for place, item in enumerate(agenda, start=1)
            for problem in add_or_tell(connection, AGENDA, name, _given(meeting_id, place, item))[1]
        ]
        problems += [
            problem.at(f"person {place}")
            for place, person in enumerate(people, start=1)
            for problem in add_or_tell(connection, ATTENDANCES, name, asdict(person) | {"meeting_id": meeting_id})[1]
        ]
        refuse_if(problems, "The meeting was not added")
        return meeting_id


def add_agenda_item(records: Records, who: str, meeting_id: int, new: NewAgendaItem) -> int:
    """Put one more school at the end of an agenda.

    Returns:
        The item's number.
    Raises:
        RecordRefused: with every problem; also when it is on it already, or the minutes are locked.
    """
    name = checked_who(who)
    with writing(records) as connection:
        places = select(MEETING_SCHOOL.c.place).where(MEETING_SCHOOL.c.meeting_id == meeting_id)
        last = max(connection.execute(places).scalars(), default=0)
        return add_row(connection, AGENDA, name, _given(meeting_id, last + 1, new))


def change_agenda_item(
    records: Records, who: str, item_id: int, version: int, changes: Mapping[str, object]
) -> AgendaItem:
    """Change where a school stands on an agenda: its place, or that it is skipped for now.

    Raises:
        NotFound: no such item.
        RecordRefused: an old version, locked minutes, or problems with the values.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return _item(change_row(connection, AGENDA, name, item_id, version, not_withdrawing(changes), None))


def withdraw_agenda_item(records: Records, who: str, item_id: int, version: int, reason: str) -> None:
    """Take a school off an agenda. The audit trail keeps it.

    Raises:
        NotFound: no such item.
        RecordRefused: no reason, an old version, or it is off already.
    """
    withdraw_row(records, AGENDA, who, item_id, version, reason)


def _given(meeting_id: int, place: int, item: NewAgendaItem) -> dict[str, Any]:
    reasons = "\n".join(item.reasons)
    return asdict(item) | {
        "meeting_id": meeting_id,
        "place": place,
        "state": AgendaState.TO_COME,
        "reasons": reasons,
    }


def _across(case: Case) -> list[Problem]:
    return withdrawn_already(case, "agenda item")


def _beside(connection: Connection, case: Case) -> list[Problem]:
    problems = needs_amendment(connection, case)
    if case.before is not None or case.after.get("urn") is None or case.after.get("meeting_id") is None:
        return problems
    table = MEETING_SCHOOL
    same = select(table.c.id).where(
        table.c.meeting_id == case.after["meeting_id"],
        table.c.urn == case.after["urn"],
        table.c.withdrawn_reason.is_(None),
    )
    if connection.execute(same).first() is not None:
        problems.append(Problem("urn", str(case.after["urn"]), "is on this agenda already.", "Look it up there."))
    return problems


AGENDA = Kind(
    MEETING_SCHOOL,
    "agenda item",
    AGENDA_FIELDS,
    fixed=frozenset({"meeting_id", "urn"}),
    across=_across,
    beside=_beside,
    what=withdrawn_or_changed,
)


def _item(row: Values) -> AgendaItem:
    levels = ("outcomes_level", "leadership_level", "inspection_level")
    read = {name: None if row[name] is None else Level(row[name]) for name in levels}
    read |= {"priority": None if row["priority"] is None else Priority(row["priority"])}  # type: ignore[dict-item]
    kept = {name: value for name, value in row.items() if name != "withdrawn_reason"}
    return AgendaItem(
        **kept | read | {"state": AgendaState(row["state"]), "reasons": tuple(row["reasons"].split("\n"))}
    )
