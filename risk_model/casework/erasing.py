"""Erasing a person who left: what describes them goes, what was done for schools stays.

A person is a system leader, or anybody else by the label or the account under which they are written. What goes, in the
records and in every image of them in the audit trail:
- the fields that describe them in their own rows (a system leader's entry and designations, an expression of interest,
  a conflict of interests, the grants by which they signed in), and the reasons given for changes of these rows;
- their label, and the accounts of their grants, wherever else they stand in records of their LA: alone in a field, or
  as whole words within a text (a label of one word only where it stands alone, since a word may mean something else).
In its place stands "erased" with a system leader's number, or with the number of the entry that tells of the erasure,
so that it is plain that something stood there. Numbers, days, dates and schools stay. Letters that were sent stay as
they left, and so do the names of files. Two people of one label cannot be told apart by it: in how many LAs it was
found is said, and an LA can be named.

How the chain holds: see `chain`. The audit entry of the erasure comes first, and names each row that it is about to
change; the database lets exactly these be changed, and only in what may be erased. The entry keeps the digest of what
it leaves, so that nobody can use an erasure to write something else.

What this cannot reach: backups that were made before, files that left, and pages of the database's file that it has
not used again (SQLite overwrites them at once; PostgreSQL when it next vacuums).
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select, update

from risk_model.casework.allocations import active_allocations
from risk_model.casework.audit import TRAIL, write_audit
from risk_model.casework.chain import Chained, seal, seal_digest
from risk_model.casework.checks import checked_reason, checked_who
from risk_model.casework.note_views import VIEWS
from risk_model.casework.people import (
    DOCUMENTS,
    ERASED,
    OWN,
    Person,
    find_person,
    find_somebody,
    is_text_of_people,
    masked,
)
from risk_model.casework.store import Records, writing
from risk_model.casework.tables import ACCESS_GRANT, METADATA, SYSTEM_LEADER
from risk_model.casework.words import What
from risk_model.domain.errors import NotFound, RecordRefused

ERASURE = "erasure"


@dataclass(frozen=True)
class Erased:
    """What was erased.

    Attributes:
        label: what stands in the place of the person's own.
        rows: how many rows were changed, by table.
        las: how many rows were changed, by the LA that they are of; None for those of no LA.
    """

    label: str
    rows: Mapping[str, int]
    las: Mapping[str | None, int]


@dataclass(frozen=True)
class _Change:
    table: Table
    number: int
    values: Mapping[str, Any]
    vouched: object
    la_code: str | None


def erase_leader(records: Records, who: str, leader_id: int, reason: str, today: date) -> Erased:
    """Erase a system leader who left, in one transaction: everywhere, or nowhere.

    Raises:
        NotFound: there is none of this number.
        RecordRefused: no reason; they still help, or are erased already.
    """
    helped = [one.id for one in active_allocations(records, today) if one.system_leader_id == leader_id]

    def found(connection: Connection) -> Person:
        person = find_person(connection, leader_id)
        _refuse_unfit(connection, person, helped, today)
        return person

    return _erase(records, who, found, reason)


def erase_person(
    records: Records, who: str, written: str, reason: str, today: date, la_code: str | None = None
) -> Erased:
    """Erase anybody else who stands in the records, in one transaction: everywhere, or nowhere.

    Args:
        written: their label or account, exactly as it stands there; of an account the case does not matter.
        la_code: only in the records of this LA, and in those of none where no other LA has the label; None for all.
    Raises:
        NotFound: nobody is written so.
        RecordRefused: no reason; they can still sign in, are a system leader, or are who asks.
    """

    def found(connection: Connection) -> Person:
        person = find_somebody(connection, written, la_code)
        _refuse_unfit_person(connection, person, checked_who(who), today)
        return person

    return _erase(records, who, found, reason)


def _erase(records: Records, who: str, find: Callable[[Connection], Person], reason: str) -> Erased:
    name, why = checked_who(who), checked_reason(reason)
    if why is None:
        raise RecordRefused("Nothing was erased: a reason is needed.", ["Say why, without naming the person."])
    with writing(records) as connection:
        person = find(connection)
        if person.stands_in(why) or re.search(rf"(?<!\w){re.escape(person.label)}(?!\w)", why):
            raise RecordRefused("Nothing was erased: the reason names the person.", ["Say why without the label."])
        changes = [*_of_records(connection, person), *_of_chains(connection, person)]
        if not changes:
            raise NotFound("Nobody is written so in the records.", ["Give the label or the account exactly."])
        _tell(connection, name, person, changes, why)
        for one in changes:
            connection.execute(update(one.table).where(one.table.c.id == one.number).values(**one.values))
    _forget_on_disk(records)
    return Erased(person.instead, Counter(one.table.name for one in changes), Counter(one.la_code for one in changes))


def _refuse_unfit_person(connection: Connection, person: Person, who: str, today: date) -> None:
    same = select(SYSTEM_LEADER.c.id, SYSTEM_LEADER.c.la_code).where(SYSTEM_LEADER.c.label == person.label)
    leaders = [number for number, la_code in connection.execute(same) if person.la_code in (None, la_code)]
    if leaders:
        shown = ", ".join(str(number) for number in leaders)
        raise RecordRefused(
            "This is the label of a system leader: nothing was erased.",
            [f"Erase them by their number: {shown}. Or name another LA."],
        )
    if _can_sign_in(connection, ACCESS_GRANT.c.person.in_(person.accounts), today):
        raise RecordRefused(
            "The person can still sign in: nothing was erased.", ["Withdraw their grants on the access page first."]
        )
    if person.stands_in(who):
        raise RecordRefused("Nobody erases themselves: nothing was erased.", ["Let another admin do it."])


def _can_sign_in(connection: Connection, theirs: ColumnElement[bool], today: date) -> bool:
    live = select(ACCESS_GRANT.c.id).where(
        theirs,
        ACCESS_GRANT.c.withdrawn_reason.is_(None),
        or_(ACCESS_GRANT.c.to_date.is_(None), ACCESS_GRANT.c.to_date >= today),
    )
    return connection.execute(live).first() is not None


def _refuse_unfit(connection: Connection, person: Person, helped: list[int], today: date) -> None:
    last = connection.execute(
        select(SYSTEM_LEADER.c.available_to).where(SYSTEM_LEADER.c.id == person.id)
    ).scalar_one_or_none()
    if person.label == person.instead:
        raise RecordRefused(f"The system leader {person.id} is erased already.", ["Nothing was changed."])
    if last is None or last >= today:
        raise RecordRefused(
            f"The system leader {person.id} still helps: nothing was erased.",
            ["Record first until when they helped (end the system leader), then erase."],
        )
    if _can_sign_in(connection, ACCESS_GRANT.c.system_leader_id == person.id, today):
        raise RecordRefused(
            f"The system leader {person.id} can still sign in: nothing was erased.",
            ["Withdraw their grants on the access page first."],
        )
    if helped:
        shown = ", ".join(str(number) for number in helped)
        raise RecordRefused(
            f"The system leader {person.id} is still allocated: nothing was erased.",
            [f"End or hand over their support first: number {shown}."],
        )


def _of_records(connection: Connection, person: Person) -> list[_Change]:
    """What changes in the records themselves; the log of exports among them."""
    chained = {TRAIL.table.name, VIEWS.table.name}
    found = []
    for name, table in METADATA.tables.items():
        if name in DOCUMENTS | chained:
            continue
        for row in connection.execute(select(table).order_by(table.c.id)).mappings():
            left = _left(person, name, row["id"], dict(row))
            if left:
                found.append(_Change(table, row["id"], left, sorted(left), person.las.get((name, row["id"]))))
    return found


def _of_chains(connection: Connection, person: Person) -> list[_Change]:
    """What changes in the audit trail and the log of views."""
    found = []
    for chained in (TRAIL, VIEWS):
        for read in connection.execute(select(chained.table).order_by(chained.table.c.id)).mappings():
            row = dict(read)
            left = _left_of_leaves(person, chained, row)
            if left:
                values = seal(chained.leaves, row, left)
                vouched = seal_digest(chained.leaves, row | values)
                la_code = person.las.get((row["table"], row["record_id"]))
                found.append(_Change(chained.table, row["id"], values, vouched, la_code))
    return found


def _left_of_leaves(person: Person, chained: Chained, row: Mapping[str, Any]) -> dict[str, Any]:
    """What stands afterwards in each leaf that changes, by its path."""
    about = row["table"], row["record_id"]
    if about[0] in DOCUMENTS:
        return {}
    left: dict[str, Any] = {}
    for column in chained.leaves:
        value = row[column]
        if isinstance(value, Mapping):
            changed = _left(person, *about, value)
            left |= {f"{column}.{name}": one for name, one in changed.items()}
        elif column == "reason" and about in person.own and value is not None:
            left |= {} if value == ERASED else {column: ERASED}
        elif person.is_account(value) or (
            isinstance(value, str) and person.may_be_in(*about) and person.stands_in(value)
        ):
            left[column] = masked(person, value, person.instead)
    return left


def _left(person: Person, table: str, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """What stands afterwards in each field of a record that changes; the same for the record and its images."""
    own = OWN.get(table, ()) if (table, number) in person.own else ()
    left: dict[str, Any] = {}
    for name, value in row.items():
        if name == "label" and name in own:
            left[name] = person.instead
        elif name in own and value is not None:
            # a text says that there was one; days and schools cannot, and are gone
            left[name] = ERASED if _is_free_text(table, name) else None
        elif person.is_account(value) or (
            person.may_be_in(table, number) and is_text_of_people(name, table) and person.stands_in(value)
        ):
            left[name] = masked(person, value, person.instead)
    return {name: value for name, value in left.items() if value != row[name]}


def _is_free_text(table: str, name: str) -> bool:
    kind = METADATA.tables[table].c[name].type
    return name != "ties" and (getattr(kind, "length", None) or 0) > len("000000")


def _tell(connection: Connection, who: str, person: Person, changes: list[_Change], reason: str) -> None:
    """The entry by which the database lets the rows be changed, and which vouches for what is left of them."""
    told: dict[str, dict[str, object]] = {}
    for one in changes:
        told.setdefault(one.table.name, {})[str(one.number)] = one.vouched
    after = {"id": person.id, "of": person.of, "erased": told}
    write_audit(connection, who, What.ERASED, ERASURE, before=None, after=after, reason=reason)


def _forget_on_disk(records: Records) -> None:
    """Bring what was overwritten into the file itself, so that the log of writes does not keep it."""
    if records.engine.dialect.name != "sqlite":
        return
    connection = records.engine.raw_connection()
    try:
        connection.cursor().execute("pragma wal_checkpoint(truncate)")
    finally:
        connection.close()
