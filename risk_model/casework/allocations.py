"""Allocations: one piece of support for one school, by one provider, with days, dates, aim and status."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from risk_model.casework.changes import Case, Kind, add_or_tell, change_row, check_new
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    end_before_start,
    in_field_order,
    line,
    lines,
    read_day,
    read_days,
    read_la_code,
    read_pounds,
    read_record_id,
    read_rule_ids,
    read_urn,
    refuse_if,
    shown,
    word,
)
from risk_model.casework.shares import NewShare, Share, add_shares, check_shares, shares_by_allocation
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import ALLOCATION, ALLOCATION_SHARE, SYSTEM_LEADER
from risk_model.casework.words import (
    ACTIVE_STATUSES,
    ENDED_STATUSES,
    PROVIDERS_ALSO,
    REASON_STATUSES,
    ROLES_ALSO,
    AllocationStatus,
    ExitDecision,
    ExitOutcome,
    Formality,
    Intensity,
    ProviderType,
    Role,
    SupportType,
    What,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.words import Statement


@dataclass(frozen=True)
class NewAllocation:
    """Support to be recorded. Days are person-days: two people for one day are two days.

    Words may be given as text or as the enumeration; None is "not recorded".

    Attributes:
        urn: the school; of a group that is supported together, the one that leads it.
        statement, rules: the need that it answers: a statement, and the ids of rules that are raised ("O1, L6").
        rate_gbp: pounds per person-day.
        override_reason: why it goes on in spite of a warning (too many days, a conflict of interest).
        meeting_id: the core group's meeting that asked for it.
        shares: how the days planned are shared out among the schools of a group; empty for one school.
    """

    la_code: str
    urn: str
    provider_type: str
    provider_name: str
    system_leader_id: int | None = None
    role: str | None = None
    support_type: str | None = None
    need: str | None = None
    days_planned: float | None = None
    days_used: float | None = None
    start_date: date | None = None
    end_date: date | None = None
    status: str = AllocationStatus.PROPOSED
    status_reason: str | None = None
    funding: str | None = None
    aim: str | None = None
    success_measure: str | None = None
    baseline: str | None = None
    last_update: date | None = None
    statement: str | None = None
    rules: str | None = None
    formality: str | None = None
    intensity: str | None = None
    rate_gbp: float | None = None
    grant_name: str | None = None
    commissioner: str | None = None
    quality_assurer: str | None = None
    review_date: date | None = None
    exit_outcome: str | None = None
    exit_decision: str | None = None
    override_reason: str | None = None
    meeting_id: int | None = None
    shares: tuple[NewShare, ...] = ()


@dataclass(frozen=True)
class Allocation:
    """Recorded support. Days are person-days; None is "not recorded", never zero.

    Attributes:
        version: give it back with a change, so that nobody overwrites another's work.
        system_leader_label: the label of the system leader, when one is named.
        last_update: the day of the last word on how the support goes, as the user gave it.
        shares: the schools of a group with their days; empty where one school is supported.
    """

    id: int
    version: int
    la_code: str
    urn: str
    provider_type: ProviderType
    provider_name: str
    system_leader_id: int | None
    system_leader_label: str | None
    role: Role | None
    support_type: SupportType | None
    need: str | None
    days_planned: float | None
    days_used: float | None
    start_date: date | None
    end_date: date | None
    status: AllocationStatus
    status_reason: str | None
    funding: str | None
    aim: str | None
    success_measure: str | None
    baseline: str | None
    last_update: date | None
    statement: Statement | None
    rules: str | None
    formality: Formality | None
    intensity: Intensity | None
    rate_gbp: float | None
    grant_name: str | None
    commissioner: str | None
    quality_assurer: str | None
    review_date: date | None
    exit_outcome: ExitOutcome | None
    exit_decision: ExitDecision | None
    override_reason: str | None
    meeting_id: int | None = None
    shares: tuple[Share, ...] = ()

    @property
    def urns(self) -> tuple[str, ...]:
        """Every school that it supports."""
        return tuple(share.urn for share in self.shares) or (self.urn,)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The rules that it answers."""
        return tuple(self.rules.split(", ")) if self.rules else ()

    def days_planned_for(self, urn: str) -> float | None:
        """The person-days planned for one of its schools; None where they are not recorded."""
        if not self.shares:
            return self.days_planned
        return next((share.days_planned for share in self.shares if share.urn == urn), None)

    def days_used_for(self, urn: str) -> float | None:
        """The person-days used for one of its schools, shared out as those planned are; None where not known."""
        if not self.shares:
            return self.days_used
        planned = self.days_planned_for(urn)
        if planned is None or not self.days_planned or self.days_used is None:
            return None
        return self.days_used * planned / self.days_planned

    def is_active_on(self, day: date) -> bool:
        """Whether this is support now: agreed, preparing or active, begun by that day and not over."""
        if self.status not in ACTIVE_STATUSES or self.start_date is None:
            return False
        return self.start_date <= day and (self.end_date is None or day <= self.end_date)


ALLOCATION_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("urn", read_urn, required=True),
    Field("provider_type", word(ProviderType, PROVIDERS_ALSO), required=True),
    Field("provider_name", line(200), required=True),
    Field("system_leader_id", read_record_id),
    Field("role", word(Role, ROLES_ALSO)),
    Field("support_type", word(SupportType)),
    Field("need", line(500)),
    Field("days_planned", read_days),
    Field("days_used", read_days),
    Field("start_date", read_day),
    Field("end_date", read_day),
    Field("status", word(AllocationStatus), required=True),
    Field("status_reason", lines(REASON_LENGTH)),
    Field("funding", line(200)),
    Field("aim", lines(1000)),
    Field("success_measure", lines(1000)),
    Field("baseline", lines(1000)),
    Field("last_update", read_day),
    Field("statement", word(Statement)),
    Field("rules", read_rule_ids),
    Field("formality", word(Formality)),
    Field("intensity", word(Intensity)),
    Field("rate_gbp", read_pounds),
    Field("grant_name", line(200)),
    Field("commissioner", line(200)),
    Field("quality_assurer", line(200)),
    Field("review_date", read_day),
    Field("exit_outcome", word(ExitOutcome)),
    Field("exit_decision", word(ExitDecision)),
    Field("override_reason", lines(REASON_LENGTH)),
    Field("meeting_id", read_record_id),
)


def allocations(records: Records, *, la_code: str | None = None, urn: str | None = None) -> list[Allocation]:
    """Every allocation of one LA, one school, or all, whatever its status; by URN, start and number."""
    with reading(records) as connection:
        rows = connection.execute(_query(la_code, urn)).mappings().all()
        shares = shares_by_allocation(connection, [row["id"] for row in rows])
        return [_allocation(dict(row), shares.get(row["id"], ())) for row in rows]


def active_allocations(
    records: Records, as_at: date, *, la_code: str | None = None, urn: str | None = None
) -> list[Allocation]:
    """The support that a school has on that day; order as in `allocations`."""
    return [found for found in allocations(records, la_code=la_code, urn=urn) if found.is_active_on(as_at)]


def add_allocation(records: Records, who: str, new: NewAllocation) -> int:
    """Record one piece of support.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem, in the order of the fields.
    """
    name = checked_who(who)
    with writing(records) as connection:
        number, problems = add_allocation_or_tell(connection, name, new)
        refuse_if(problems, "The support was not added")
        return number


def add_allocation_or_tell(connection: Connection, who: str, new: NewAllocation) -> tuple[int, list[Problem]]:
    """Add one allocation with its shares, or tell its problems, for a caller who gathers those of many.

    Returns:
        The new record's number and no problems; or 0 and the problems, in the order of the fields.
    """
    given = asdict(replace(new, shares=()))
    wrong = check_shares(new.urn, new.days_planned, new.shares)
    if wrong:
        case, problems = check_new(ALLOCATIONS, given)
        problems += [*ALLOCATIONS.beside(connection, case), *wrong]
        return 0, in_field_order(problems, ALLOCATION_FIELDS)
    number, problems = add_or_tell(connection, ALLOCATIONS, who, given)
    if not problems:
        add_shares(connection, who, number, new.shares)
    return number, problems


def add_allocations(records: Records, who: str, new: Sequence[NewAllocation]) -> int:
    """Record several in one transaction: all of them, or none.

    Returns:
        How many were added.
    Raises:
        RecordRefused: with every problem of every one, by its place in the list.
    """
    name = checked_who(who)
    with writing(records) as connection:
        problems = [
            problem.at(f"number {place}")
            for place, each in enumerate(new, start=1)
            for problem in add_allocation_or_tell(connection, name, each)[1]
        ]
        refuse_if(problems, f"None of the {len(new)} allocations was added")
    return len(new)


def change_allocation(
    records: Records,
    who: str,
    allocation_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Allocation:
    """Change some fields of one allocation.

    Args:
        version: the one that the user saw.
        changes: new values by field name; None empties a field.
        reason: why, at most 500 characters. It also serves as `status_reason` when the new status needs
            one and `changes` has none. A status that needs none clears the old `status_reason`.
    Returns:
        The allocation as it is now; unchanged, with its old version, when nothing is different.
    Raises:
        NotFound: no such allocation.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        change_row(connection, ALLOCATIONS, name, allocation_id, version, changes, why)
        return _one(connection, allocation_id)


def end_allocation(
    records: Records,
    who: str,
    allocation_id: int,
    version: int,
    status: str,
    end_date: date | None,
    reason: str | None,
    outcome: str | None = None,
    decision: str | None = None,
) -> Allocation:
    """End one allocation: completed, ended early, cancelled, declined, or withdrawn (recorded by mistake).

    Args:
        end_date: the last day. Needed for support that was given (completed, ended early); None keeps
            what is recorded, as for support that never began.
        reason: why, at most 500 characters; needed for all but "completed".
        outcome, decision: what it came to and what follows: words of ExitOutcome and ExitDecision; None is not said.
    Raises:
        NotFound: no such allocation.
        RecordRefused: a status that ends nothing, no reason or no date where one is needed, an old version.
    """
    name, why = checked_who(who), checked_reason(reason)
    _refuse_no_end(status, end_date)
    changes: dict[str, object] = {"status": status}
    if end_date is not None:
        changes["end_date"] = end_date
    if why is not None:
        changes["status_reason"] = why
    changes |= {name: word for name, word in (("exit_outcome", outcome), ("exit_decision", decision)) if word}
    with writing(records) as connection:
        change_row(connection, ALLOCATIONS, name, allocation_id, version, changes, why)
        return _one(connection, allocation_id)


def check_allocation(given: Mapping[str, object]) -> tuple[Values, list[Problem]]:
    """Check the values of one allocation by themselves; used by the preview of a file."""
    case, problems = check_new(ALLOCATIONS, given)
    return dict(case.after), problems


def _refuse_no_end(status: str, end_date: date | None) -> None:
    ending = sorted(ENDED_STATUSES)
    if status not in ending:
        raise RecordRefused(
            f"The support was not ended: {shown(status)} ends nothing.",
            ["Nothing was changed.", f"Give one of: {', '.join(ending)}."],
        )
    if end_date is None and status in (AllocationStatus.COMPLETED, AllocationStatus.ENDED_EARLY):
        raise RecordRefused(
            "The support was not ended: its last day is missing.",
            ["Nothing was changed.", "Give the end date."],
        )


def _across(case: Case) -> list[Problem]:
    checks = (_missing_start, _dates, _missing_reason, _too_many_days, _reopened, _outcome_of_what_goes_on)
    return [problem for look in checks for problem in look(case)]


def _missing_start(case: Case) -> list[Problem]:
    status = case.after.get("status")
    if status not in ACTIVE_STATUSES or case.after.get("start_date") is not None or "start_date" in case.unfit:
        return []
    problem = f"{status} support needs its start date: without one nobody can say whether it has begun."
    return [Problem("start_date", "", problem, 'Give the date, or record it as "proposed" or "offered".')]


def _dates(case: Case) -> list[Problem]:
    return [
        *end_before_start(case.after, "start_date", "end_date"),
        *end_before_start(case.after, "start_date", "review_date"),
        *_end_before_review(case),
    ]


def _end_before_review(case: Case) -> list[Problem]:
    """Support may well end before the review that was planned for it, but not be planned so."""
    if case.after.get("status") in ENDED_STATUSES:
        return []
    return end_before_start(case.after, "review_date", "end_date")


def _outcome_of_what_goes_on(case: Case) -> list[Problem]:
    status = case.after.get("status")
    if case.after.get("exit_outcome") is None or status in ENDED_STATUSES or "status" in case.unfit:
        return []
    problem = f"support that is {status} has no outcome yet."
    return [Problem("exit_outcome", str(case.after["exit_outcome"]), problem, "End it, or leave the outcome blank.")]


def _missing_reason(case: Case) -> list[Problem]:
    status = case.after.get("status")
    is_given = case.after.get("status_reason") is not None or "status_reason" in case.unfit
    if status not in REASON_STATUSES or is_given:
        return []
    what_to_do = f"Say why, in at most {REASON_LENGTH} characters."
    return [Problem("status_reason", "", f"{status} support needs a reason.", what_to_do)]


def _too_many_days(case: Case) -> list[Problem]:
    planned, used = case.after.get("days_planned"), case.after.get("days_used")
    if planned is None or used is None or used <= planned or not case.changed & {"days_planned", "days_used"}:
        return []
    has_new_status_reason = "status_reason" in case.changed and case.after.get("status_reason") is not None
    if case.reason is not None or has_new_status_reason:
        return []
    problem = f"{used:g} days used are more than the {planned:g} planned."
    return [Problem("days_used", f"{used:g}", problem, "Correct the days, or give a reason.")]


def _reopened(case: Case) -> list[Problem]:
    if case.before is None or case.reason is not None or "status" in case.unfit:
        return []
    if case.before["status"] not in ENDED_STATUSES or case.after["status"] in ENDED_STATUSES:
        return []
    problem = f"this support is {case.before['status']}; taking it up again needs a reason."
    return [Problem("status", str(case.after["status"]), problem, "Say why, or add new support.")]


def _wrong_leader(connection: Connection, case: Case) -> list[Problem]:
    leader = case.after.get("system_leader_id")
    if leader is None:
        return []
    la_code = connection.execute(select(SYSTEM_LEADER.c.la_code).where(SYSTEM_LEADER.c.id == leader)).scalar()
    if la_code is not None and la_code == case.after.get("la_code"):
        return []
    problem = f"{leader} is not a system leader of this LA."
    return [Problem("system_leader_id", str(leader), problem, "Choose one of its system leaders, or leave it blank.")]


def _settle(case: Case) -> Values:
    after = dict(case.after)
    is_new_status = case.before is not None and after.get("status") != case.before["status"]
    if is_new_status and "status_reason" not in case.changed and "status" not in case.unfit:
        # The reason for being paused does not explain being active again; the audit trail keeps it.
        after["status_reason"] = case.reason if after["status"] in REASON_STATUSES else None
    return after


def _what(case: Case) -> What:
    if case.before is None or case.before["status"] == case.after["status"]:
        return What.CHANGED
    if case.after["status"] == AllocationStatus.WITHDRAWN:
        return What.WITHDRAWN
    return What.ENDED if case.after["status"] in ENDED_STATUSES else What.CHANGED


ALLOCATIONS = Kind(
    ALLOCATION, "support", ALLOCATION_FIELDS, across=_across, beside=_wrong_leader, settle=_settle, what=_what
)


def _query(la_code: str | None = None, urn: str | None = None) -> Select[Any]:
    query = select(ALLOCATION, SYSTEM_LEADER.c.label.label("system_leader_label")).outerjoin(
        SYSTEM_LEADER, ALLOCATION.c.system_leader_id == SYSTEM_LEADER.c.id
    )
    if la_code is not None:
        query = query.where(ALLOCATION.c.la_code == la_code)
    if urn is not None:
        shared = select(ALLOCATION_SHARE.c.allocation_id).where(
            ALLOCATION_SHARE.c.urn == urn, ALLOCATION_SHARE.c.withdrawn_reason.is_(None)
        )
        query = query.where(or_(ALLOCATION.c.urn == urn, ALLOCATION.c.id.in_(shared)))
    # "is null" first in the order, since databases disagree on where an unknown date goes.
    return query.order_by(ALLOCATION.c.urn, ALLOCATION.c.start_date.is_(None), ALLOCATION.c.start_date, ALLOCATION.c.id)


def _one(connection: Connection, allocation_id: int) -> Allocation:
    row = connection.execute(_query().where(ALLOCATION.c.id == allocation_id)).mappings().one()
    return _allocation(dict(row), shares_by_allocation(connection, [allocation_id]).get(allocation_id, ()))


_WORDS: Mapping[str, type[StrEnum]] = {
    "provider_type": ProviderType,
    "role": Role,
    "support_type": SupportType,
    "status": AllocationStatus,
    "statement": Statement,
    "formality": Formality,
    "intensity": Intensity,
    "exit_outcome": ExitOutcome,
    "exit_decision": ExitDecision,
}


def _allocation(row: Values, shares: tuple[Share, ...]) -> Allocation:
    words = {name: None if row[name] is None else kind(row[name]) for name, kind in _WORDS.items()}
    return Allocation(**(row | words), shares=shares)
