"""What a core group decides for one school in one meeting: outcomes, actions, support asked for; all, or nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection, Table, select

from risk_model.casework.actions import ACTIONS, NewAction
from risk_model.casework.allocations import ALLOCATIONS, NewAllocation, add_allocation_or_tell
from risk_model.casework.changes import Kind, add_or_tell, change_row, read_row
from risk_model.casework.checks import Problem, Values, checked_reason, checked_who, refuse_if
from risk_model.casework.meetings import MEETINGS, OUTCOMES, NewMeetingOutcome
from risk_model.casework.store import Records, writing
from risk_model.casework.tables import ACTION, ALLOCATION, MEETING_OUTCOME
from risk_model.casework.words import AllocationStatus
from risk_model.domain.errors import RecordRefused

_UNDONE = "the decision was undone before the minutes were locked"
_ANEW = "decided anew in the same meeting"


@dataclass(frozen=True)
class NewDecision:
    """What a core group decides for one school.

    Attributes:
        outcome: for the school as a whole; levels: agreed for single statements.
        actions, support: what is added to what the meeting has agreed for the school before.
        seen: numbers and versions of the outcomes that the form was opened on; () where there were none.
    """

    meeting_id: int
    urn: str
    outcome: NewMeetingOutcome
    levels: tuple[NewMeetingOutcome, ...] = ()
    actions: tuple[NewAction, ...] = ()
    support: tuple[NewAllocation, ...] = ()
    seen: frozenset[tuple[int, int]] = frozenset()


def record_decision(records: Records, who: str, new: NewDecision, reason: str | None = None) -> None:
    """Record what a core group decides for one school, in place of what it had decided in this meeting before.

    Args:
        reason: why, for the audit trail; needed once the minutes are locked.
    Raises:
        RecordRefused: with every problem; also when somebody else has decided in the meantime.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        read_row(connection, MEETINGS, new.meeting_id)
        before = _standing(connection, MEETING_OUTCOME, new.meeting_id, new.urn)
        _refuse_overtaken(before, new)
        problems = _write_outcomes(connection, name, new, before, why)
        for each in new.actions:
            given = asdict(each) | {"meeting_id": new.meeting_id, "urn": new.urn}
            problems += add_or_tell(connection, ACTIONS, name, given, why)[1]
        for support in new.support:
            asked = replace(support, meeting_id=new.meeting_id, urn=new.urn)
            problems += add_allocation_or_tell(connection, name, asked)[1]
        refuse_if(problems, "The decision was not recorded")


def undo_decision(records: Records, who: str, meeting_id: int, urn: str) -> None:
    """Take back what an open meeting decided for one school: outcomes, actions, and support that is only proposed.

    Raises:
        NotFound: no such meeting.
        RecordRefused: the minutes are locked, or nothing was decided.
    """
    name = checked_who(who)
    with writing(records) as connection:
        if read_row(connection, MEETINGS, meeting_id)["locked_at"] is not None:
            raise RecordRefused("Nothing was undone: the minutes are locked.", ["Amend the outcome, with a reason."])
        outcomes = _standing(connection, MEETING_OUTCOME, meeting_id, urn)
        if not outcomes:
            raise RecordRefused("Nothing was undone: nothing is decided for this school.", ["Load the page again."])
        _withdraw(connection, OUTCOMES, name, outcomes, _UNDONE)
        _withdraw(connection, ACTIONS, name, _standing(connection, ACTION, meeting_id, urn), _UNDONE)
        for row in _proposed(connection, meeting_id, urn):
            changes = {"status": AllocationStatus.WITHDRAWN, "status_reason": _UNDONE}
            change_row(connection, ALLOCATIONS, name, row["id"], row["version"], changes, _UNDONE)


def _write_outcomes(
    connection: Connection, who: str, new: NewDecision, before: Sequence[Values], why: str | None
) -> list[Problem]:
    """Change the outcomes that there are, add the others, withdraw those that are not said again."""
    by_statement = {row["statement"]: row for row in before}
    problems: list[Problem] = []
    for one in (new.outcome, *new.levels):
        given = asdict(one) | {"urn": new.urn}
        known = by_statement.pop(one.statement, None)
        if known is None:
            problems += add_or_tell(connection, OUTCOMES, who, given | {"meeting_id": new.meeting_id}, why)[1]
        else:
            changes = {name: value for name, value in given.items() if name not in ("urn", "statement")}
            change_row(connection, OUTCOMES, who, known["id"], known["version"], changes, why)
    _withdraw(connection, OUTCOMES, who, list(by_statement.values()), why or _ANEW)
    return problems


def _refuse_overtaken(before: Sequence[Values], new: NewDecision) -> None:
    if {(row["id"], row["version"]) for row in before} != new.seen:
        raise RecordRefused(
            "The decision was not recorded: somebody else has recorded one for this school since you opened it.",
            ["Nothing was changed.", "Open the school again, look at what is new, and decide there."],
        )


def _standing(connection: Connection, table: Table, meeting_id: int, urn: str) -> list[Values]:
    query = select(table).where(
        table.c.meeting_id == meeting_id, table.c.urn == urn, table.c.withdrawn_reason.is_(None)
    )
    return [dict(row) for row in connection.execute(query.order_by(table.c.id)).mappings()]


def _proposed(connection: Connection, meeting_id: int, urn: str) -> list[Values]:
    query = select(ALLOCATION).where(
        ALLOCATION.c.meeting_id == meeting_id,
        ALLOCATION.c.urn == urn,
        ALLOCATION.c.status == AllocationStatus.PROPOSED.value,
    )
    return [dict(row) for row in connection.execute(query.order_by(ALLOCATION.c.id)).mappings()]


def _withdraw(connection: Connection, kind: Kind, who: str, rows: Sequence[Values], why: str) -> None:
    for row in rows:
        change_row(connection, kind, who, row["id"], row["version"], {"withdrawn_reason": why}, why)
