"""Referrals: an academy raised with the regional director (RSC), from the draft to the answer.

Whether a school is an academy is not known here: the service asks before it calls.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from risk_model.casework.changes import Case, Kind, add_row, change_row
from risk_model.casework.checks import (
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    line,
    lines,
    read_day,
    read_la_code,
    read_urn,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import REFERRAL
from risk_model.casework.words import (
    ENDED_REFERRALS,
    REFERRALS_ALSO,
    WITH_REGIONAL_DIRECTOR,
    ReferralStatus,
    What,
)


@dataclass(frozen=True)
class NewReferral:
    """A referral to be recorded: what the concern is, and what is asked of the regional director."""

    la_code: str
    urn: str
    concern: str
    status: str = ReferralStatus.DRAFTED
    raised_on: date | None = None
    ask: str | None = None
    owner: str | None = None
    reply: str | None = None
    next_date: date | None = None


@dataclass(frozen=True)
class Referral:
    """A recorded referral. `raised_on` is None as long as it has not gone to the regional director."""

    id: int
    version: int
    la_code: str
    urn: str
    status: ReferralStatus
    raised_on: date | None
    concern: str
    ask: str | None
    owner: str | None
    reply: str | None
    next_date: date | None


REFERRAL_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("urn", read_urn, required=True),
    Field("status", word(ReferralStatus, REFERRALS_ALSO), required=True),
    Field("raised_on", read_day),
    Field("concern", lines(2000), required=True),
    Field("ask", lines(2000)),
    Field("owner", line(200)),
    Field("reply", lines(2000)),
    Field("next_date", read_day),
)


def referrals(records: Records, *, la_code: str | None = None, urn: str | None = None) -> list[Referral]:
    """Every referral of one LA, one school, or all, whatever its status; by URN, then the newest first."""
    query = select(REFERRAL).order_by(REFERRAL.c.urn, REFERRAL.c.id.desc())
    if la_code is not None:
        query = query.where(REFERRAL.c.la_code == la_code)
    if urn is not None:
        query = query.where(REFERRAL.c.urn == urn)
    with reading(records) as connection:
        return [_referral(dict(row)) for row in connection.execute(query).mappings()]


def add_referral(records: Records, who: str, new: NewReferral) -> int:
    """Record a referral.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem, in the order of the fields.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, REFERRALS, name, asdict(new))


def change_referral(
    records: Records,
    who: str,
    referral_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Referral:
    """Change some fields of one referral, its status among them.

    Args:
        reason: why, for the audit trail; needed to withdraw it, and to take up an ended one again.
    Raises:
        NotFound: no such referral.
        RecordRefused: an old version, an unknown field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return _referral(change_row(connection, REFERRALS, name, referral_id, version, changes, why))


def _across(case: Case) -> list[Problem]:
    return [*_missing_day(case), *_next_before_raised(case), *_missing_reason(case)]


def _missing_day(case: Case) -> list[Problem]:
    status = case.after.get("status")
    if status not in WITH_REGIONAL_DIRECTOR or case.after.get("raised_on") or "raised_on" in case.unfit:
        return []
    problem = f'"{status}" needs the day on which it was raised.'
    return [Problem("raised_on", "", problem, "Give the date, or choose an earlier status.")]


def _next_before_raised(case: Case) -> list[Problem]:
    raised_on, next_date = case.after.get("raised_on"), case.after.get("next_date")
    if raised_on is None or next_date is None or next_date >= raised_on:
        return []
    problem = f"{next_date.isoformat()} is before it was raised, {raised_on.isoformat()}."
    return [Problem("next_date", next_date.isoformat(), problem, "Correct one of the two, or leave it blank.")]


def _missing_reason(case: Case) -> list[Problem]:
    if "status" not in case.changed or case.reason is not None:
        return []
    if case.after.get("status") == ReferralStatus.WITHDRAWN:
        problem = "withdrawing a referral needs a reason."
        what_to_do = "Say why." if case.before else "Do not add what is withdrawn."
        return [Problem("status", ReferralStatus.WITHDRAWN, problem, what_to_do)]
    if case.before and case.before["status"] in ENDED_REFERRALS and case.after["status"] not in ENDED_REFERRALS:
        problem = f"this referral is {case.before['status']}; taking it up again needs a reason."
        return [Problem("status", str(case.after["status"]), problem, "Say why, or add a new referral.")]
    return []


def _what(case: Case) -> What:
    if "status" not in case.changed or case.after["status"] not in ENDED_REFERRALS:
        return What.CHANGED
    return What.WITHDRAWN if case.after["status"] == ReferralStatus.WITHDRAWN else What.ENDED


REFERRALS = Kind(REFERRAL, "referral", REFERRAL_FIELDS, across=_across, what=_what)


def _referral(row: Values) -> Referral:
    return Referral(**(row | {"status": ReferralStatus(row["status"])}))
