"""That an LA has approved a set of rules: who, when. A rule file names nobody, so this is a record."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_who,
    line,
    lines,
    read_day,
    read_la_code,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import RULE_SET_APPROVAL
from risk_model.casework.withdrawing import withdraw_row, withdrawn_already, withdrawn_or_changed


@dataclass(frozen=True)
class NewApproval:
    """An approval to be recorded.

    Attributes:
        rule_set: its version, as a build names it.
        rule_set_hash: what its content comes to, so that another content under the same name is not approved.
        approved_by: a role or a label ("School improvement board"), never a person's name.
    """

    la_code: str
    rule_set: str
    rule_set_hash: str
    approved_by: str
    approved_on: date
    note: str | None = None


@dataclass(frozen=True)
class Approval:
    """A recorded approval that stands; its fields as those of `NewApproval`."""

    id: int
    version: int
    la_code: str
    rule_set: str
    rule_set_hash: str
    approved_by: str
    approved_on: date
    note: str | None


APPROVAL_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("rule_set", line(100), required=True),
    Field("rule_set_hash", line(64), required=True),
    Field("approved_by", line(100), required=True),
    Field("approved_on", read_day, required=True),
    Field("note", lines(2000)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def approvals(records: Records, *, la_code: str | None = None, rule_set_hash: str | None = None) -> list[Approval]:
    """The approvals that stand, of one LA or all, of one content or all; the newest first."""
    table = RULE_SET_APPROVAL
    query = select(table).where(table.c.withdrawn_reason.is_(None))
    if la_code is not None:
        query = query.where(table.c.la_code == la_code)
    if rule_set_hash is not None:
        query = query.where(table.c.rule_set_hash == rule_set_hash)
    with reading(records) as connection:
        rows = connection.execute(query.order_by(table.c.approved_on.desc(), table.c.id.desc())).mappings()
        return [_approval(dict(row)) for row in rows]


def add_approval(records: Records, who: str, new: NewApproval) -> int:
    """Record that an LA has approved a rule set.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem; also when this LA has approved this very content already.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, APPROVALS, name, asdict(new))


def withdraw_approval(records: Records, who: str, approval_id: int, version: int, reason: str) -> None:
    """Withdraw an approval: the LA no longer stands by it. The audit trail keeps it.

    Raises:
        NotFound: no such approval.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, APPROVALS, who, approval_id, version, reason)


def _approved_already(connection: Connection, case: Case) -> list[Problem]:
    if case.before is not None:
        return []
    table = RULE_SET_APPROVAL
    same = select(table.c.id).where(
        table.c.la_code == case.after.get("la_code"),
        table.c.rule_set_hash == case.after.get("rule_set_hash"),
        table.c.withdrawn_reason.is_(None),
    )
    found = connection.execute(same).scalar()
    if found is None:
        return []
    problem = f"this LA has approved this rule set already, number {found}."
    return [Problem("rule_set_hash", "", problem, "Withdraw that approval first, or leave it.")]


APPROVALS = Kind(
    RULE_SET_APPROVAL,
    "approval",
    APPROVAL_FIELDS,
    across=lambda case: withdrawn_already(case, "approval"),
    beside=_approved_already,
    what=withdrawn_or_changed,
)


def _approval(row: Values) -> Approval:
    return Approval(**{name: value for name, value in row.items() if name != "withdrawn_reason"})
