"""Actions: what somebody is to do for a school, by when, and how far it has come."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_row, change_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    line,
    lines,
    read_day,
    read_la_code,
    read_record_id,
    read_urn,
    word,
)
from risk_model.casework.meetings import needs_amendment
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import ACTION
from risk_model.casework.withdrawing import not_withdrawing, withdraw_row, withdrawn_already, withdrawn_or_changed
from risk_model.casework.words import ENDED_ACTIONS, STUCK_ACTIONS, ActionState, What


@dataclass(frozen=True)
class NewAction:
    """An action to be recorded.

    Attributes:
        meeting_id: the core group's meeting that agreed it, None for others.
        owner: who does it, as a role or a label.
        done_on: the day on which it was completed.
    """

    la_code: str
    urn: str
    action: str
    owner: str
    due: date | None
    meeting_id: int | None = None
    state: str = ActionState.NOT_STARTED
    state_reason: str | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class Action:
    """An action as recorded. `owner` and `due` are None only where an earlier form of the records had none."""

    id: int
    version: int
    la_code: str
    urn: str
    meeting_id: int | None
    action: str
    owner: str | None
    due: date | None
    state: ActionState
    state_reason: str | None
    done_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state not in ENDED_ACTIONS

    def is_overdue_on(self, day: date) -> bool:
        """Whether it is still to be done, and should have been by then."""
        return self.is_open and self.due is not None and self.due < day


ACTION_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("urn", read_urn, required=True),
    Field("meeting_id", read_record_id),
    Field("action", lines(2000), required=True),
    Field("owner", line(200), required=True),
    Field("due", read_day, required=True),
    Field("state", word(ActionState), required=True),
    Field("state_reason", lines(REASON_LENGTH)),
    Field("done_on", read_day),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def actions(
    records: Records, *, la_code: str | None = None, urn: str | None = None, meeting_id: int | None = None
) -> list[Action]:
    """The actions of one LA, one school, one meeting, or all: those due first come first, those without a day last."""
    query = select(ACTION).where(ACTION.c.withdrawn_reason.is_(None))
    for name, value in (("la_code", la_code), ("urn", urn), ("meeting_id", meeting_id)):
        if value is not None:
            query = query.where(ACTION.c[name] == value)
    with reading(records) as connection:
        found = [_action(dict(row)) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max, one.id))


def add_action(records: Records, who: str, new: NewAction, reason: str | None = None) -> int:
    """Record an action.

    Args:
        reason: why, for the audit trail; needed where the meeting's minutes are locked.
    Returns:
        The action's number.
    Raises:
        RecordRefused: with every problem; also when the meeting has the very same one for this school.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return add_row(connection, ACTIONS, name, asdict(new), why)


def change_action(
    records: Records, who: str, action_id: int, version: int, changes: Mapping[str, object], reason: str | None = None
) -> Action:
    """Change an action: how far it has come, or what was agreed.

    Raises:
        NotFound: no such action.
        RecordRefused: an old version, or problems with the values. What was agreed needs a reason once the minutes
            are locked; how far it has come does not.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return _action(change_row(connection, ACTIONS, name, action_id, version, not_withdrawing(changes), why))


def withdraw_action(records: Records, who: str, action_id: int, version: int, reason: str) -> None:
    """Withdraw an action that should not be here. The audit trail keeps it.

    Raises:
        NotFound: no such action.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, ACTIONS, who, action_id, version, reason)


_MOVES = frozenset({"state", "state_reason", "done_on"})


def _across(case: Case) -> list[Problem]:
    problems = withdrawn_already(case, "action")
    state, reason, done_on = (case.after.get(name) for name in ("state", "state_reason", "done_on"))
    if state in STUCK_ACTIONS and reason is None:
        problems.append(Problem("state_reason", "", f'"{state}" needs a reason.', "Say why."))
    if state == ActionState.COMPLETE and done_on is None and "done_on" not in case.unfit:
        problems.append(Problem("done_on", "", '"complete" needs the day.', "Give the day on which it was done."))
    if state != ActionState.COMPLETE and done_on is not None:
        problems.append(Problem("done_on", done_on.isoformat(), "it is not complete.", "Leave the day blank."))
    return problems


def _beside(connection: Connection, case: Case) -> list[Problem]:
    problems = [] if case.before and case.changed <= _MOVES else needs_amendment(connection, case)
    names = ("meeting_id", "urn", "action")
    if case.before is not None or any(case.after.get(name) is None for name in names):
        return problems
    same = select(ACTION.c.id).where(ACTION.c.withdrawn_reason.is_(None))
    if connection.execute(same.where(*(ACTION.c[name] == case.after[name] for name in names))).first() is not None:
        problems.append(Problem("action", case.after["action"], "is recorded already.", "Change that one."))
    return problems


def _what(case: Case) -> What:
    if "state" in case.changed and case.after["state"] in ENDED_ACTIONS:
        return What.ENDED
    return withdrawn_or_changed(case)


ACTIONS = Kind(
    ACTION,
    "action",
    ACTION_FIELDS,
    fixed=frozenset({"la_code", "urn", "meeting_id"}),
    across=_across,
    beside=_beside,
    what=_what,
)


def _action(row: Values) -> Action:
    kept = {name: value for name, value in row.items() if name != "withdrawn_reason"}
    return Action(**kept | {"state": ActionState(row["state"])})
