"""Adding and changing a record of any kind: check, write, audit, all in the caller's transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from risk_model.casework.audit import write_audit
from risk_model.casework.checks import Field, Problem, Values, check, in_field_order, refuse_if, shown
from risk_model.casework.row_scope import require_within
from risk_model.casework.tables import AUDIT
from risk_model.casework.words import What
from risk_model.domain.errors import NotFound, RecordRefused


@dataclass(frozen=True)
class Case:
    """A record about to be written.

    Attributes:
        before: the row as it is; None for a new record.
        after: the clean values as they would be; a field that could not be read is missing or None.
        changed: the names of the fields that are given anew.
        unfit: the names of the fields that could not be read; they need no second complaint.
        reason: why, for the audit trail.
    """

    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    changed: frozenset[str]
    unfit: frozenset[str]
    reason: str | None


@dataclass(frozen=True)
class Kind:
    """What the shared code must know of one kind of record.

    Attributes:
        word: what a user calls it, as in "The support was not added".
        fixed: fields that are given once and never changed.
        across: problems of several fields together.
        beside: problems with what else is recorded.
        settle: values that follow from others, before they are checked together.
        what: what a change is called in the audit trail.
    """

    table: Table
    word: str
    fields: tuple[Field, ...]
    fixed: frozenset[str] = frozenset({"la_code"})
    across: Callable[[Case], list[Problem]] = lambda case: []
    beside: Callable[[Connection, Case], list[Problem]] = lambda connection, case: []
    settle: Callable[[Case], Values] = lambda case: dict(case.after)
    what: Callable[[Case], What] = lambda case: What.CHANGED


def check_new(kind: Kind, given: Mapping[str, object], reason: str | None = None) -> tuple[Case, list[Problem]]:
    """Check a new record by itself, without the database; also what a preview of a file needs."""
    clean, problems = check(kind.fields, given)
    names = frozenset(field.name for field in kind.fields)
    case = Case(None, clean, names, frozenset(problem.field for problem in problems), reason)
    return case, in_field_order([*problems, *kind.across(case)], kind.fields)


def add_row(
    connection: Connection, kind: Kind, who: str, given: Mapping[str, object], reason: str | None = None
) -> int:
    """Add one record and its audit entry.

    Args:
        reason: why, already checked; for what is added to something that is locked.
    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem, in the order of the fields.
    """
    record_id, problems = add_or_tell(connection, kind, who, given, reason)
    refuse_if(problems, f"The {kind.word} was not added")
    return record_id


def add_rows(connection: Connection, kind: Kind, who: str, given: Sequence[Mapping[str, object]], called: str) -> None:
    """Add several records of a kind, each with its audit entry: all of them, or none.

    Args:
        called: what a user calls several of them: "system leaders".
    Raises:
        RecordRefused: with every problem of every one, by its place in the list.
    """
    problems = [
        problem.at(f"number {place}")
        for place, each in enumerate(given, start=1)
        for problem in add_or_tell(connection, kind, who, each)[1]
    ]
    refuse_if(problems, f"None of the {len(given)} {called} was added")


def add_or_tell(
    connection: Connection, kind: Kind, who: str, given: Mapping[str, object], reason: str | None = None
) -> tuple[int, list[Problem]]:
    """Add one record and its audit entry, or tell its problems, for a caller who gathers those of many.

    Returns:
        The new record's number and no problems; or 0 and the problems, in the order of the fields.
    """
    case, problems = check_new(kind, given, reason)
    if "la_code" in kind.table.c:
        require_within(connection, case.after.get("la_code"))
    problems = in_field_order([*problems, *kind.beside(connection, case)], kind.fields)
    if problems:
        return 0, problems
    result = connection.execute(insert(kind.table).values(**case.after, version=1))
    key = result.inserted_primary_key
    if key is None:
        raise RuntimeError(f"{kind.table.name} gave no number for its new row")
    row = read_row(connection, kind, int(key[0]))
    write_audit(connection, who, What.CREATED, kind.table.name, before=None, after=row, reason=reason)
    return int(key[0]), []


def read_row(connection: Connection, kind: Kind, record_id: int) -> Values:
    """One record as it is, locked until the transaction ends where the database can.

    Raises:
        NotFound: there is no such record.
    """
    query = select(kind.table).where(kind.table.c.id == record_id).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"There is no {kind.word} {record_id}.", ["Nothing was changed.", "Look it up again."])
    return dict(row)


def change_row(
    connection: Connection,
    kind: Kind,
    who: str,
    record_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None,
) -> Values:
    """Change one record and write its audit entry.

    Args:
        version: the version that the user saw; another one means that somebody was faster.
        changes: new values by field name.
        reason: why, already checked.
    Returns:
        The row as it is now. A change that changes nothing leaves version and audit trail alone.
    Raises:
        NotFound: no such record.
        RecordRefused: an old version, an unknown or fixed field, or problems with the values.
    """
    before = read_row(connection, kind, record_id)
    _refuse_old_version(connection, kind, before, version)
    _refuse_unchangeable(kind, changes)
    clean, problems = check([field for field in kind.fields if field.name in changes], changes)
    unfit = frozenset(problem.field for problem in problems)
    case = Case(before, before | clean, frozenset(clean), unfit, reason)
    after = kind.settle(case)
    case = Case(before, after, frozenset(name for name in after if after[name] != before[name]), unfit, reason)
    together = [*problems, *kind.across(case), *kind.beside(connection, case)]
    refuse_if(in_field_order(together, kind.fields), f"The {kind.word} was not changed")
    if not case.changed:
        return before
    return _write_change(connection, kind, who, case)


def _write_change(connection: Connection, kind: Kind, who: str, case: Case) -> Values:
    before = dict(case.before or {})
    table = kind.table
    values = {name: case.after[name] for name in sorted(case.changed)}
    statement = update(table).where(table.c.id == before["id"], table.c.version == before["version"])
    result = connection.execute(statement.values(**values, version=before["version"] + 1))
    if result.rowcount != 1:
        raise _old_version(kind, before["id"], "")
    after = read_row(connection, kind, before["id"])
    write_audit(connection, who, kind.what(case), table.name, before=before, after=after, reason=case.reason)
    return after


def _refuse_old_version(connection: Connection, kind: Kind, before: Values, version: int) -> None:
    if before["version"] == version:
        return
    query = select(AUDIT.c.who, AUDIT.c.at).where(AUDIT.c.table == kind.table.name)
    last = connection.execute(query.where(AUDIT.c.record_id == before["id"]).order_by(AUDIT.c.id.desc())).first()
    by = "" if last is None else f" by {last.who} at {last.at:%d %B %Y %H:%M} UTC"
    raise _old_version(kind, before["id"], by, _changed_since(connection, kind, before["id"], version))


def _changed_since(connection: Connection, kind: Kind, record_id: int, version: int) -> list[str]:
    """What others changed after a version, one sentence for each field and change, the oldest first."""
    query = select(AUDIT.c.who, AUDIT.c.before, AUDIT.c.after).where(AUDIT.c.table == kind.table.name)
    told = []
    for entry in connection.execute(query.where(AUDIT.c.record_id == record_id).order_by(AUDIT.c.id)):
        before, after = entry.before or {}, entry.after or {}
        if after.get("version", 0) <= version:
            continue
        told += [
            f"{entry.who} changed {field.name} from {_in_words(before.get(field.name))} "
            f"to {_in_words(after.get(field.name))}."
            for field in kind.fields
            if before.get(field.name) != after.get(field.name)
        ]
    return told


def _in_words(value: object) -> str:
    return "nothing" if value is None else shown(value)


def _old_version(kind: Kind, record_id: int, by: str, changed: Sequence[str] = ()) -> RecordRefused:
    return RecordRefused(
        f"The {kind.word} {record_id} was changed{by}, after you opened it.",
        [*changed, "Nothing was changed now.", "Open it again, look at what is new, and make your change there."],
    )


def _refuse_unchangeable(kind: Kind, changes: Collection[str]) -> None:
    known = {field.name for field in kind.fields}
    problems = [
        Problem(name, "", "there is no such field.", f"Change one of: {', '.join(sorted(known - kind.fixed))}.")
        for name in changes
        if name not in known
    ]
    problems += [
        Problem(name, "", "this is never changed.", "Withdraw this record and add a right one.")
        for name in changes
        if name in kind.fixed
    ]
    refuse_if(problems, f"The {kind.word} was not changed")
