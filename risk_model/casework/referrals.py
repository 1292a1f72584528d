"""Referrals: an academy raised with the regional director (RSC), from the draft to the answer.

Whether a school is an academy is not known here: the service asks before it calls.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

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
    read_urn,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import REFERRAL
from risk_model.casework.words import (
    ENDED_REFERRALS,
    REFERRALS_ALSO,
    WITH_REGIONAL_DIRECTOR,
    Ask,
    ReferralStatus,
    What,
)


@dataclass(frozen=True)
class NewReferral:
    """A referral to be recorded: what the concern is, and what is asked of the regional director.

    Attributes:
        ask_kind: a word of `Ask`.
        tried: what was tried beside the support that is recorded.
        intelligence: what the LA knows and has decided to share; it leaves only where somebody chooses it.
        restricted_note: for the LA's officers alone; it never leaves.
        raised_with_trust_on, trust_reply: what was said to the trust, and what it answered.
        programme: the programme of DfE that the school is in already, by its name.
        programme_reason: why it is raised although it is in one.
    """

    la_code: str
    urn: str
    concern: str
    status: str = ReferralStatus.DRAFTED
    raised_on: date | None = None
    ask: str | None = None
    owner: str | None = None
    reply: str | None = None
    next_date: date | None = None
    ask_kind: str | None = None
    tried: str | None = None
    intelligence: str | None = None
    restricted_note: str | None = None
    raised_with_trust_on: date | None = None
    trust_reply: str | None = None
    programme: str | None = None
    programme_reason: str | None = None


@dataclass(frozen=True)
class Referral:
    """A recorded referral; its fields as those of `NewReferral`.

    `raised_on` is None as long as it has not gone to the regional director.
    """

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
    ask_kind: Ask | None
    tried: str | None
    intelligence: str | None
    restricted_note: str | None
    raised_with_trust_on: date | None
    trust_reply: str | None
    programme: str | None
    programme_reason: str | None


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
    Field("ask_kind", word(Ask)),
    Field("tried", lines(2000)),
    Field("intelligence", lines(2000)),
    Field("restricted_note", lines(2000)),
    Field("raised_with_trust_on", read_day),
    Field("trust_reply", lines(2000)),
    Field("programme", line(200)),
    Field("programme_reason", lines(REASON_LENGTH)),
)

# what a file of referrals may say besides
MORE_REFERRAL_COLUMNS = frozenset(field.name for field in REFERRAL_FIELDS[9:])
REFERRAL_COLUMNS = tuple(field.name for field in REFERRAL_FIELDS if field.name != "la_code")


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
    return [*_missing_day(case), *_next_before_raised(case), *_reply_of_nobody(case), *_missing_reason(case)]


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


def _reply_of_nobody(case: Case) -> list[Problem]:
    """A trust's answer needs the day on which the concern was raised with it."""
    raised = case.after.get("raised_with_trust_on")
    if not case.after.get("trust_reply") or raised or "raised_with_trust_on" in case.unfit:
        return []
    problem = "the trust's answer needs the day on which this was raised with it."
    return [Problem("raised_with_trust_on", "", problem, "Give the date, or leave the answer blank.")]


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
    ask_kind = None if row["ask_kind"] is None else Ask(row["ask_kind"])
    return Referral(**(row | {"status": ReferralStatus(row["status"]), "ask_kind": ask_kind}))
