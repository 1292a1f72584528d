"""Core-group meetings of a locality, and what they decided for each school."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from risk_model.casework.changes import Case, Kind, add_or_tell, add_row, change_row, read_row
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
    read_moment,
    read_record_id,
    read_urn,
    refuse_if,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import MEETING, MEETING_OUTCOME, MEETING_SCHOOL
from risk_model.casework.withdrawing import (
    not_withdrawing,
    withdraw_row,
    withdrawn_already,
    withdrawn_or_changed,
)
from risk_model.casework.words import OUTCOMES_ALSO, MeetingOutcomeWord
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.words import Level, Statement


@dataclass(frozen=True)
class NewMeetingOutcome:
    """What a meeting decided for one school and one statement, or for the school as a whole (None)."""

    urn: str
    outcome: str
    statement: str | None = None
    agreed_level: str | None = None
    reason: str | None = None
    review_by: date | None = None
    restricted_note: str | None = None


@dataclass(frozen=True)
class NewMeeting:
    """A meeting to be recorded, with the outcomes that are known so far.

    Attributes:
        attending: in one text, where nobody listed them one by one.
        chair: who chairs it, as a label.
        build_id, rule_set, as_at: the build that its agenda was made from.
        next_on: when the group meets again.
    """

    la_code: str
    locality: str
    held_on: date
    attending: str | None = None
    outcomes: tuple[NewMeetingOutcome, ...] = ()
    chair: str | None = None
    build_id: str | None = None
    rule_set: str | None = None
    as_at: date | None = None
    next_on: date | None = None


@dataclass(frozen=True)
class MeetingOutcome:
    """A recorded outcome. `agreed_level` is the core group's own judgement, None when it made none."""

    id: int
    version: int
    meeting_id: int
    urn: str
    statement: Statement | None
    agreed_level: Level | None
    outcome: MeetingOutcomeWord
    reason: str | None
    review_by: date | None
    restricted_note: str | None


@dataclass(frozen=True)
class Meeting:
    """A recorded meeting with its outcomes, by URN and statement.

    Attributes:
        locked_at: when its minutes were locked, in UTC; None while it is open.
    """

    id: int
    version: int
    la_code: str
    locality: str
    held_on: date
    attending: str | None
    chair: str | None
    locked_at: datetime | None
    locked_by: str | None
    build_id: str | None
    rule_set: str | None
    as_at: date | None
    next_on: date | None
    outcomes: tuple[MeetingOutcome, ...]

    @property
    def is_locked(self) -> bool:
        """Whether its minutes are locked, so that each change of them is an amendment."""
        return self.locked_at is not None

    @property
    def has_met(self) -> bool:
        """Whether it is known to have taken place: it decided something, or its minutes are locked. What was prepared
        alone may lie ahead, or never have come about."""
        return self.is_locked or bool(self.outcomes)

    def outcome_of(self, urn: str) -> MeetingOutcome | None:
        """What was decided for a school as a whole, or, where nothing was, for one of its statements."""
        found = [one for one in self.outcomes if one.urn == urn]
        whole = [one for one in found if one.statement is None]
        return next(iter(whole or found), None)


@dataclass(frozen=True)
class AgreedJudgement:
    """What a core group agreed about one statement: the outcome, which locality's group it was, and when."""

    outcome: MeetingOutcome
    level: Level
    locality: str
    held_on: date


MEETING_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("locality", line(100), required=True),
    Field("held_on", read_day, required=True),
    Field("attending", lines(2000)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
    Field("chair", line(100)),
    Field("locked_at", read_moment),
    Field("locked_by", line(100)),
    Field("build_id", line(100)),
    Field("rule_set", line(100)),
    Field("as_at", read_day),
    Field("next_on", read_day),
)
OUTCOME_FIELDS = (
    Field("meeting_id", read_record_id, required=True),
    Field("urn", read_urn, required=True),
    Field("statement", word(Statement)),
    Field("agreed_level", word(Level)),
    Field("outcome", word(MeetingOutcomeWord, OUTCOMES_ALSO), required=True),
    Field("reason", lines(2000)),
    Field("review_by", read_day),
    Field("restricted_note", lines(2000)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def one_meeting(records: Records, meeting_id: int) -> Meeting:
    """One meeting that stands, with its outcomes.

    Raises:
        NotFound: there is none, or it was withdrawn.
    """
    with reading(records) as connection:
        query = select(MEETING).where(MEETING.c.id == meeting_id, MEETING.c.withdrawn_reason.is_(None))
        row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"There is no meeting {meeting_id}.", ["Load the page again, and choose one from the list."])
        return _meeting(dict(row), _outcomes_by_meeting(connection).get(meeting_id, ()))


def meetings(records: Records, *, la_code: str | None = None, locality: str | None = None) -> list[Meeting]:
    """The meetings that stand, the newest first, each with the outcomes that stand.

    What was withdrawn is in the audit trail.
    """
    query = select(MEETING).where(MEETING.c.withdrawn_reason.is_(None))
    if la_code is not None:
        query = query.where(MEETING.c.la_code == la_code)
    if locality is not None:
        query = query.where(MEETING.c.locality == locality)
    with reading(records) as connection:
        rows = connection.execute(query.order_by(MEETING.c.held_on.desc(), MEETING.c.id.desc())).mappings().all()
        outcomes = _outcomes_by_meeting(connection)
        return [_meeting(dict(row), outcomes.get(row["id"], ())) for row in rows]


def agreed_judgements(
    records: Records, day: date, *, la_code: str | None = None, urn: str | None = None
) -> dict[tuple[str, Statement], AgreedJudgement]:
    """The latest level that a core group agreed for each school and statement, as known on a day.

    An outcome without a level, or for the school as a whole, agrees on none and replaces none. It stands until the
    group agrees on another, also after its review-by date.
    """
    table = MEETING_OUTCOME
    query = (
        select(table, MEETING.c.locality, MEETING.c.held_on)
        .join(MEETING, MEETING.c.id == table.c.meeting_id)
        .where(MEETING.c.withdrawn_reason.is_(None), table.c.withdrawn_reason.is_(None), MEETING.c.held_on <= day)
        .where(table.c.agreed_level.is_not(None), table.c.statement.is_not(None))
        .order_by(MEETING.c.held_on, MEETING.c.id, table.c.id)
    )
    if la_code is not None:
        query = query.where(MEETING.c.la_code == la_code)
    if urn is not None:
        query = query.where(table.c.urn == urn)
    found: dict[tuple[str, Statement], AgreedJudgement] = {}
    with reading(records) as connection:
        for row in connection.execute(query).mappings():
            known = dict(row)
            locality, held_on = known.pop("locality"), known.pop("held_on")
            level = Level(row["agreed_level"])
            found[row["urn"], Statement(row["statement"])] = AgreedJudgement(_outcome(known), level, locality, held_on)
    return found


def add_meeting(records: Records, who: str, new: NewMeeting) -> int:
    """Record a meeting with its outcomes, all together.

    Returns:
        The meeting's number.
    Raises:
        RecordRefused: with every problem of the meeting and of its outcomes.
    """
    name = checked_who(who)
    with writing(records) as connection:
        given = {field: value for field, value in asdict(new).items() if field != "outcomes"}
        meeting_id, problems = add_or_tell(connection, MEETINGS, name, given)
        for place, outcome in enumerate(new.outcomes, start=1):
            found = _add_outcome_or_tell(connection, name, meeting_id, outcome)
            problems += [problem.at(f"outcome {place}") for problem in found]
        refuse_if(problems, "The meeting was not added")
        return meeting_id


def change_meeting(
    records: Records,
    who: str,
    meeting_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Meeting:
    """Change a meeting's locality, day or attendance; its outcomes have a function of their own.

    Raises:
        NotFound: no such meeting.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        row = change_row(connection, MEETINGS, name, meeting_id, version, _not_locking(not_withdrawing(changes)), why)
        return _meeting(row, _outcomes_by_meeting(connection).get(meeting_id, ()))


def lock_meeting(records: Records, who: str, meeting_id: int, version: int) -> Meeting:
    """Lock the minutes of a meeting: from now on each change of them is an amendment, with its reason.

    Raises:
        NotFound: no such meeting.
        RecordRefused: a school on its agenda has no outcome, it is locked already, or an old version.
    """
    name = checked_who(who)
    with writing(records) as connection:
        _refuse_unfinished(connection, meeting_id)
        changes = {"locked_at": datetime.now(UTC), "locked_by": name}
        row = change_row(connection, MEETINGS, name, meeting_id, version, changes, None)
        return _meeting(row, _outcomes_by_meeting(connection).get(meeting_id, ()))


def _refuse_unfinished(connection: Connection, meeting_id: int) -> None:
    meeting = read_row(connection, MEETINGS, meeting_id)
    if meeting["locked_at"] is not None:
        raise RecordRefused("The minutes were not locked: they are locked already.", ["Load the page again."])
    decided = select(MEETING_OUTCOME.c.urn).where(
        MEETING_OUTCOME.c.meeting_id == meeting_id, MEETING_OUTCOME.c.withdrawn_reason.is_(None)
    )
    missing = select(MEETING_SCHOOL.c.urn).where(
        MEETING_SCHOOL.c.meeting_id == meeting_id,
        MEETING_SCHOOL.c.withdrawn_reason.is_(None),
        MEETING_SCHOOL.c.urn.not_in(decided),
    )
    urns = list(connection.execute(missing.order_by(MEETING_SCHOOL.c.place)).scalars())
    if urns:
        told = f"{len(urns)} {'school has' if len(urns) == 1 else 'schools have'} no outcome yet: {', '.join(urns)}."
        raise RecordRefused(
            "The minutes were not locked.", [told, 'Decide each, if only "deferred" or "not discussed".']
        )


def _not_locking(changes: Mapping[str, object]) -> Mapping[str, object]:
    if {"locked_at", "locked_by"} & set(changes):
        raise RecordRefused("Nothing was changed.", ["locked_at: Lock the minutes instead of changing it."])
    return changes


def needs_amendment(connection: Connection, case: Case) -> list[Problem]:
    """The problem of changing what belongs to locked minutes without saying why."""
    meeting_id = case.after.get("meeting_id")
    if meeting_id is None or case.reason is not None:
        return []
    locked = connection.execute(select(MEETING.c.locked_at).where(MEETING.c.id == meeting_id)).scalar()
    if locked is None:
        return []
    return [Problem("reason", "", "the minutes are locked.", "Say why they are amended.")]


def withdraw_meeting(records: Records, who: str, meeting_id: int, version: int, reason: str) -> None:
    """Withdraw a meeting that should not be here, with its outcomes. The audit trail keeps it.

    Raises:
        NotFound: no such meeting.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, MEETINGS, who, meeting_id, version, reason)


def add_meeting_outcome(
    records: Records, who: str, meeting_id: int, new: NewMeetingOutcome, reason: str | None = None
) -> int:
    """Record one more outcome of a meeting.

    Args:
        reason: why, for the audit trail; needed once the minutes are locked.
    Returns:
        The outcome's number.
    Raises:
        RecordRefused: with every problem; also when this meeting has one for this school and statement.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return add_row(connection, OUTCOMES, name, {**asdict(new), "meeting_id": meeting_id}, why)


def change_meeting_outcome(
    records: Records,
    who: str,
    outcome_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> MeetingOutcome:
    """Change an outcome.

    Args:
        reason: why the record is changed, for the audit trail; the group's own reason is a field.
    Raises:
        NotFound: no such outcome.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return _outcome(change_row(connection, OUTCOMES, name, outcome_id, version, not_withdrawing(changes), why))


def withdraw_meeting_outcome(records: Records, who: str, outcome_id: int, version: int, reason: str) -> None:
    """Withdraw an outcome that should not be here. The audit trail keeps it.

    Raises:
        NotFound: no such outcome.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, OUTCOMES, who, outcome_id, version, reason)


def _add_outcome_or_tell(connection: Connection, who: str, meeting_id: int, new: NewMeetingOutcome) -> list[Problem]:
    _, problems = add_or_tell(connection, OUTCOMES, who, {**asdict(new), "meeting_id": meeting_id})
    # Without a meeting (number 0) each outcome would complain of that as well; once is enough.
    return [problem for problem in problems if meeting_id or problem.field != "meeting_id"]


def _across_meeting(case: Case) -> list[Problem]:
    problems = withdrawn_already(case, "meeting")
    if case.before is not None and case.before["locked_at"] is not None and case.changed and case.reason is None:
        problems.append(Problem("reason", "", "the minutes are locked.", "Say why they are amended."))
    held_on, next_on = case.after.get("held_on"), case.after.get("next_on")
    if held_on is not None and next_on is not None and next_on <= held_on:
        problems.append(Problem("next_on", next_on.isoformat(), "is not after this meeting.", "Give a later day."))
    return problems


def _across_outcome(case: Case) -> list[Problem]:
    problems = withdrawn_already(case, "outcome")
    removes = case.after.get("outcome") == MeetingOutcomeWord.REMOVE_FLAG
    if removes and case.after.get("reason") is None and "reason" not in case.unfit:
        problems.append(Problem("reason", "", "removing a flag needs a reason.", "Say what the group saw."))
    return problems


def _beside_outcome(connection: Connection, case: Case) -> list[Problem]:
    if case.after.get("meeting_id") is None or (case.before and case.after.get("withdrawn_reason") is not None):
        return []
    meeting = connection.execute(select(MEETING).where(MEETING.c.id == case.after["meeting_id"])).first()
    if meeting is None or meeting.withdrawn_reason is not None:
        problem = f"{case.after['meeting_id']} is not a meeting that stands."
        return [Problem("meeting_id", str(case.after["meeting_id"]), problem, "Choose one from the list.")]
    return [
        *_review_before_meeting(case, meeting),
        *_same_outcome(connection, case),
        *needs_amendment(connection, case),
    ]


def _review_before_meeting(case: Case, meeting: Row[Any]) -> list[Problem]:
    review_by: date | None = case.after.get("review_by")
    if review_by is None or review_by >= meeting.held_on:
        return []
    problem = f"{review_by.isoformat()} is before the meeting, {meeting.held_on.isoformat()}."
    return [Problem("review_by", review_by.isoformat(), problem, "Give a later day, or leave it blank.")]


def _same_outcome(connection: Connection, case: Case) -> list[Problem]:
    if case.after.get("urn") is None or "statement" in case.unfit:
        return []
    same = select(MEETING_OUTCOME.c.id).where(
        MEETING_OUTCOME.c.meeting_id == case.after["meeting_id"],
        MEETING_OUTCOME.c.urn == case.after["urn"],
        MEETING_OUTCOME.c.statement.is_not_distinct_from(case.after.get("statement")),
        MEETING_OUTCOME.c.withdrawn_reason.is_(None),
        MEETING_OUTCOME.c.id != (case.before["id"] if case.before else 0),
    )
    found = connection.execute(same).scalar()
    if found is None:
        return []
    problem = f"this meeting has an outcome for this school and statement, number {found}."
    return [Problem("urn", str(case.after["urn"]), problem, "Change that one instead.")]


MEETINGS = Kind(MEETING, "meeting", MEETING_FIELDS, across=_across_meeting, what=withdrawn_or_changed)
OUTCOMES = Kind(
    MEETING_OUTCOME,
    "outcome",
    OUTCOME_FIELDS,
    fixed=frozenset({"meeting_id", "urn"}),
    across=_across_outcome,
    beside=_beside_outcome,
    what=withdrawn_or_changed,
)


def _outcomes_by_meeting(connection: Connection) -> dict[int, tuple[MeetingOutcome, ...]]:
    table = MEETING_OUTCOME
    query = select(table).where(table.c.withdrawn_reason.is_(None)).order_by(table.c.urn, table.c.statement, table.c.id)
    found: dict[int, tuple[MeetingOutcome, ...]] = {}
    for row in connection.execute(query).mappings():
        found[row["meeting_id"]] = (*found.get(row["meeting_id"], ()), _outcome(dict(row)))
    return found


def _meeting(row: Values, outcomes: tuple[MeetingOutcome, ...]) -> Meeting:
    kept = {name: value for name, value in row.items() if name != "withdrawn_reason"}
    return Meeting(**kept, outcomes=outcomes)


def _outcome(row: Values) -> MeetingOutcome:
    kept = {name: value for name, value in row.items() if name != "withdrawn_reason"}
    words = {
        "statement": None if row["statement"] is None else Statement(row["statement"]),
        "agreed_level": None if row["agreed_level"] is None else Level(row["agreed_level"]),
        "outcome": MeetingOutcomeWord(row["outcome"]),
    }
    return MeetingOutcome(**(kept | words))
