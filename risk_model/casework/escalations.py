"""Escalation: what was begun about a school, and each step of its ladder that was taken.

A maintained school's steps hang on its escalation; an academy's hang on its referral, whose status moves with them.
Which steps there are, and which must come first, is data that the service reads: here only what makes a record sound
is asked. Whether a school is an academy is not known here: the service asks before it calls.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_row, change_row, read_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    end_before_start,
    line,
    lines,
    read_day,
    read_la_code,
    read_record_id,
    read_urn,
)
from risk_model.casework.referrals import REFERRALS
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import ESCALATION, LADDER_STEP, REFERRAL
from risk_model.casework.withdrawing import not_withdrawing, withdraw_row, withdrawn_already, withdrawn_or_changed
from risk_model.casework.words import What


@dataclass(frozen=True)
class NewEscalation:
    """An escalation to be opened: what the concern is, who owns it, and when it is looked at next."""

    la_code: str
    urn: str
    opened_on: date
    concern: str
    owner: str | None = None
    next_date: date | None = None


@dataclass(frozen=True)
class Escalation:
    """A recorded escalation; it is open as long as `closed_on` is None."""

    id: int
    version: int
    la_code: str
    urn: str
    opened_on: date
    concern: str
    owner: str | None
    next_date: date | None
    closed_on: date | None
    close_reason: str | None


@dataclass(frozen=True)
class NewLadderStep:
    """A step to be recorded, of one escalation or of one referral.

    Attributes:
        step: its id in the ladder.
        paper: where the paper of the step is kept, in words.
        checked: ids of the questions of its checklist that were answered with yes, with commas between.
        out_of_order_reason: why it is taken before a step that must come first.
        answer_by: by when the other side is to answer or comply.
    """

    step: str
    taken_on: date
    escalation_id: int | None = None
    referral_id: int | None = None
    decided_by: str | None = None
    paper: str | None = None
    checked: str | None = None
    out_of_order_reason: str | None = None
    answer_by: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class LadderStep:
    """A recorded step."""

    id: int
    version: int
    escalation_id: int | None
    referral_id: int | None
    step: str
    taken_on: date
    decided_by: str | None
    paper: str | None
    checked: str | None
    out_of_order_reason: str | None
    answer_by: date | None
    note: str | None

    @property
    def ticked(self) -> tuple[str, ...]:
        """Ids of the questions that were answered with yes."""
        return tuple(one.strip() for one in (self.checked or "").split(",") if one.strip())


ESCALATION_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("urn", read_urn, required=True),
    Field("opened_on", read_day, required=True),
    Field("concern", lines(2000), required=True),
    Field("owner", line(200)),
    Field("next_date", read_day),
    Field("closed_on", read_day),
    Field("close_reason", lines(REASON_LENGTH)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)
STEP_FIELDS = (
    Field("escalation_id", read_record_id),
    Field("referral_id", read_record_id),
    Field("step", line(60), required=True),
    Field("taken_on", read_day, required=True),
    Field("decided_by", line(200)),
    Field("paper", line(300)),
    Field("checked", line(2000)),
    Field("out_of_order_reason", lines(REASON_LENGTH)),
    Field("answer_by", read_day),
    Field("note", lines(2000)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)

# of a file of escalations, and of one of steps, whose escalation or referral is that of the school
ESCALATION_COLUMNS = tuple(field.name for field in ESCALATION_FIELDS[1:-1])
LADDER_STEP_COLUMNS = ("urn", *(field.name for field in STEP_FIELDS[2:-1]))


def escalations(records: Records, *, la_code: str | None = None, urn: str | None = None) -> list[Escalation]:
    """The escalations that stand, open or closed, of one LA, one school, or all; the newest first."""
    query = select(ESCALATION).where(ESCALATION.c.withdrawn_reason.is_(None))
    if la_code is not None:
        query = query.where(ESCALATION.c.la_code == la_code)
    if urn is not None:
        query = query.where(ESCALATION.c.urn == urn)
    with reading(records) as connection:
        rows = connection.execute(query.order_by(ESCALATION.c.opened_on.desc(), ESCALATION.c.id.desc())).mappings()
        return [_escalation(dict(row)) for row in rows]


def ladder_steps(
    records: Records, *, la_code: str | None = None, escalation_id: int | None = None, referral_id: int | None = None
) -> list[LadderStep]:
    """The steps that stand, of one LA, one escalation, one referral, or all; in the order in which they were taken."""
    query = (
        select(LADDER_STEP)
        .outerjoin(ESCALATION, LADDER_STEP.c.escalation_id == ESCALATION.c.id)
        .outerjoin(REFERRAL, LADDER_STEP.c.referral_id == REFERRAL.c.id)
        .where(LADDER_STEP.c.withdrawn_reason.is_(None), ESCALATION.c.withdrawn_reason.is_(None))
        .order_by(LADDER_STEP.c.taken_on, LADDER_STEP.c.id)
    )
    if la_code is not None:
        query = query.where((ESCALATION.c.la_code == la_code) | (REFERRAL.c.la_code == la_code))
    if escalation_id is not None:
        query = query.where(LADDER_STEP.c.escalation_id == escalation_id)
    if referral_id is not None:
        query = query.where(LADDER_STEP.c.referral_id == referral_id)
    with reading(records) as connection:
        return [_step(dict(row)) for row in connection.execute(query).mappings()]


def open_escalation(records: Records, who: str, new: NewEscalation) -> int:
    """Open an escalation of a school.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem; also when the school has one that is open.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, ESCALATIONS, name, asdict(new))


def change_escalation(
    records: Records,
    who: str,
    escalation_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Escalation:
    """Change an escalation's concern, owner or next date, close it, or open it again.

    Args:
        reason: why, for the audit trail; needed to open a closed one again.
    Raises:
        NotFound: no such escalation.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        row = change_row(connection, ESCALATIONS, name, escalation_id, version, not_withdrawing(changes), why)
        return _escalation(row)


def withdraw_escalation(records: Records, who: str, escalation_id: int, version: int, reason: str) -> None:
    """Withdraw an escalation that should not be here, with its steps. The audit trail keeps it.

    Raises:
        NotFound: no such escalation.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, ESCALATIONS, who, escalation_id, version, reason)


def take_step(
    records: Records, who: str, new: NewLadderStep, referral_changes: Mapping[str, object] | None = None
) -> int:
    """Record a step of a ladder; of an academy's, its referral moves in the same transaction.

    Args:
        referral_changes: what becomes of the referral, its status above all; None or nothing leaves it as it is.
    Returns:
        The step's number.
    Raises:
        NotFound: no such referral.
        RecordRefused: with every problem; also when the escalation is closed, or the step is recorded for that day.
    """
    name = checked_who(who)
    with writing(records) as connection:
        number = add_row(connection, LADDER_STEPS, name, asdict(new))
        if referral_changes and new.referral_id is not None:
            version = read_row(connection, REFERRALS, new.referral_id)["version"]
            change_row(connection, REFERRALS, name, new.referral_id, version, referral_changes, new.note)
        return number


def change_step(
    records: Records,
    who: str,
    step_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> LadderStep:
    """Change what is recorded of a step, such as where its paper is kept.

    Raises:
        NotFound: no such step.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return _step(change_row(connection, LADDER_STEPS, name, step_id, version, not_withdrawing(changes), why))


def withdraw_step(records: Records, who: str, step_id: int, version: int, reason: str) -> None:
    """Withdraw a step that was not taken. The audit trail keeps it; a referral's status is for its own page.

    Raises:
        NotFound: no such step.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, LADDER_STEPS, who, step_id, version, reason)


def _across_escalation(case: Case) -> list[Problem]:
    problems = [
        *withdrawn_already(case, "escalation"),
        *end_before_start(case.after, "opened_on", "closed_on"),
        *end_before_start(case.after, "opened_on", "next_date"),
    ]
    closed, why = case.after.get("closed_on"), case.after.get("close_reason")
    if closed is not None and why is None and "close_reason" not in case.unfit:
        problems.append(Problem("close_reason", "", "closing an escalation needs a reason.", "Say what ended it."))
    if closed is None and why is not None and "closed_on" not in case.unfit:
        problems.append(Problem("closed_on", "", "a reason for closing needs the day.", "Give the day."))
    if case.before and case.before["closed_on"] is not None and closed is None and case.reason is None:
        problems.append(Problem("closed_on", "", "opening it again needs a reason.", "Say why."))
    return problems


def _beside_escalation(connection: Connection, case: Case) -> list[Problem]:
    if case.after.get("closed_on") is not None or case.after.get("withdrawn_reason") is not None:
        return []
    other = select(ESCALATION.c.id).where(
        ESCALATION.c.la_code == case.after.get("la_code"),
        ESCALATION.c.urn == case.after.get("urn"),
        ESCALATION.c.closed_on.is_(None),
        ESCALATION.c.withdrawn_reason.is_(None),
        ESCALATION.c.id != (case.before["id"] if case.before else 0),
    )
    found = connection.execute(other).scalar()
    if found is None:
        return []
    problem = f"this school has an escalation that is open, number {found}."
    return [Problem("urn", str(case.after.get("urn")), problem, "Take its next step instead.")]


def _what_of_escalation(case: Case) -> What:
    if "closed_on" in case.changed and case.after["closed_on"] is not None:
        return What.ENDED
    return withdrawn_or_changed(case)


def _across_step(case: Case) -> list[Problem]:
    problems = [*withdrawn_already(case, "step"), *end_before_start(case.after, "taken_on", "answer_by")]
    if (case.after.get("escalation_id") is None) == (case.after.get("referral_id") is None):
        problem = "a step is of one escalation, or of one referral."
        problems.append(Problem("escalation_id", "", problem, "Choose the one."))
    return problems


def _beside_step(connection: Connection, case: Case) -> list[Problem]:
    if case.after.get("withdrawn_reason") is not None:
        return []
    problems = [*_closed(connection, case), *_lost_referral(connection, case)]
    same = select(LADDER_STEP.c.id).where(
        LADDER_STEP.c.escalation_id.is_not_distinct_from(case.after.get("escalation_id")),
        LADDER_STEP.c.referral_id.is_not_distinct_from(case.after.get("referral_id")),
        LADDER_STEP.c.step == case.after.get("step"),
        LADDER_STEP.c.taken_on == case.after.get("taken_on"),
        LADDER_STEP.c.withdrawn_reason.is_(None),
        LADDER_STEP.c.id != (case.before["id"] if case.before else 0),
    )
    if connection.execute(same).first() is not None:
        problems.append(Problem("taken_on", "", "this step is recorded for that day already.", "Change that one."))
    return problems


def _closed(connection: Connection, case: Case) -> list[Problem]:
    number = case.after.get("escalation_id")
    if number is None or case.before is not None:
        return []
    row = connection.execute(select(ESCALATION).where(ESCALATION.c.id == number)).first()
    if row is None or row.withdrawn_reason is not None:
        return [Problem("escalation_id", str(number), "there is no such escalation.", "Choose one that is listed.")]
    if row.closed_on is not None:
        problem = f"this escalation was closed on {row.closed_on.isoformat()}."
        return [Problem("escalation_id", str(number), problem, "Open it again first, with a reason.")]
    taken: date | None = case.after.get("taken_on")
    if taken is not None and taken < row.opened_on:
        problem = f"{taken.isoformat()} is before the escalation was opened, {row.opened_on.isoformat()}."
        return [Problem("taken_on", taken.isoformat(), problem, "Correct one of the two.")]
    return []


def _lost_referral(connection: Connection, case: Case) -> list[Problem]:
    number = case.after.get("referral_id")
    if number is None or case.before is not None:
        return []
    if connection.execute(select(REFERRAL.c.id).where(REFERRAL.c.id == number)).first() is not None:
        return []
    return [Problem("referral_id", str(number), "there is no such referral.", "Choose one that is listed.")]


ESCALATIONS = Kind(
    ESCALATION,
    "escalation",
    ESCALATION_FIELDS,
    fixed=frozenset({"la_code", "urn"}),
    across=_across_escalation,
    beside=_beside_escalation,
    what=_what_of_escalation,
)
LADDER_STEPS = Kind(
    LADDER_STEP,
    "step",
    STEP_FIELDS,
    fixed=frozenset({"escalation_id", "referral_id", "step"}),
    across=_across_step,
    beside=_beside_step,
    what=withdrawn_or_changed,
)


def _escalation(row: Values) -> Escalation:
    return Escalation(**{name: value for name, value in row.items() if name != "withdrawn_reason"})


def _step(row: Values) -> LadderStep:
    return LadderStep(**{name: value for name, value in row.items() if name != "withdrawn_reason"})
