"""Where a person stands in the records: their own rows, and wherever else their label or account is written.

A person is a system leader, by their number, or anybody else, by the label or the account under which they are written:
who signed in, sits in a core group, attended, commented, gave a view, or is named as a provider.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, select

from risk_model.casework.audit import TRAIL
from risk_model.casework.chain import head_of
from risk_model.casework.grants import as_person
from risk_model.casework.tables import ACCESS_GRANT, CONFLICT, INTEREST, METADATA, SYSTEM_LEADER
from risk_model.domain.errors import NotFound, RecordRefused

# what stands where something was erased; with the number of the system leader in place of their label
ERASED = "erased"
# A sent letter stays as it left: its hash is printed on it. It is addressed to schools, not to system leaders.
DOCUMENTS = frozenset({"letter"})
# columns of the rows that are about the person and nobody else, by table: what describes them. What stays says which
# help there was, from when to when, and for how many days.
OWN: Mapping[str, tuple[str, ...]] = {
    "system_leader": (
        *("label", "home_urn", "locality", "phase", "specialisms", "accredited_by", "note", "strengths"),
        *("quality_assured_by", "head_since", "training", "ties", "limited_from", "limited_to", "limited_note"),
    ),
    "designation": ("specialism", "designated_by", "note", "withdrawn_reason"),
    "interest": ("urn", "label", "phase", "specialisms", "strengths", "status_reason"),
    "conflict": ("label", "interest", "withdrawn_reason"),
    "access_grant": ("person", "note", "withdrawn_reason"),
}
# the column by which such a row is theirs
_THEIRS = {
    "system_leader": "id",
    "designation": "system_leader_id",
    "interest": "system_leader_id",
    "access_grant": "system_leader_id",
}
# columns that hold a word of ours, never a person's: a label that is written like one stays there
_WORDS = frozenset(
    {
        *("status", "state", "statement", "urn", "la_code", "table", "what", "hash", "content_hash"),
        *("role", "provider_type", "support_type", "formality", "intensity", "exit_outcome", "exit_decision"),
        *("presence", "part_taken", "kind", "ask_kind", "reply_kind", "outcome", "progress", "priority", "level"),
        *("template", "step", "rules"),
    }
)
# of the log of exports, who took the file: what a file was called stays, as the file does that left
_CHANGING = {"export": frozenset({"exported_by"})}
# a number alone would be a system leader's
_ENTRY = "in entry"


@dataclass(frozen=True)
class Person:
    """Somebody who stands in the records, and what must be known to find them.

    Attributes:
        id: the number of the system leader that they are; of anybody else, that of the entry of the audit trail that
            comes next, under which they would be erased.
        of: the table of which that is a number.
        la_code: the LA in whose records they are looked for; None for every one.
        accounts: by which they sign in, as their grants have them.
        own: (table, number) of the rows that are about them alone.
        las: the LA of each row, by table and number; None where it belongs to none.
        is_only_one: no other LA has anybody (a system leader: any such) of this label, so that rows of no LA speak of
            this one.
    """

    id: int
    of: str
    label: str
    la_code: str | None
    accounts: frozenset[str]
    own: frozenset[tuple[str, int]]
    las: Mapping[tuple[str, int], str | None]
    is_only_one: bool

    def may_be_in(self, table: str, number: int) -> bool:
        """Whether a row is of their LA, or of none while the label is theirs alone."""
        if self.la_code is None:
            return True
        la_code = self.las.get((table, number))
        return self.is_only_one if la_code is None else la_code == self.la_code

    @property
    def instead(self) -> str:
        """What stands in the place of their label once they are erased."""
        return f"{ERASED} {self.id}" if self.of == SYSTEM_LEADER.name else f"{ERASED} {_ENTRY} {self.id}"

    def stands_in(self, value: object) -> bool:
        """Whether their label, or an account of theirs, is written in a value."""
        return isinstance(value, str) and masked(self, value, "") != value

    def is_account(self, value: object) -> bool:
        """Whether a value is an account of theirs."""
        return isinstance(value, str) and value.strip().lower() in self.accounts


def find_person(connection: Connection, leader_id: int) -> Person:
    """Look a system leader up.

    Raises:
        NotFound: there is none of this number.
    """
    leader = connection.execute(select(SYSTEM_LEADER).where(SYSTEM_LEADER.c.id == leader_id)).mappings().first()
    if leader is None:
        raise NotFound(f"There is no system leader {leader_id}.", ["Look the number up in the list of system leaders."])
    same = select(SYSTEM_LEADER.c.id).where(
        SYSTEM_LEADER.c.label == leader["label"], SYSTEM_LEADER.c.la_code != leader["la_code"]
    )
    own = frozenset(
        (name, number)
        for name, column in _THEIRS.items()
        for (number,) in connection.execute(
            select(METADATA.tables[name].c.id).where(METADATA.tables[name].c[column] == leader_id)
        )
    )
    held = select(ACCESS_GRANT.c.person).where(ACCESS_GRANT.c.system_leader_id == leader_id)
    accounts = frozenset(person for (person,) in connection.execute(held) if not person.startswith(ERASED))
    is_only_one = connection.execute(same).first() is None
    las = _las(connection)
    found = Person(leader_id, SYSTEM_LEADER.name, leader["label"], leader["la_code"], accounts, own, las, is_only_one)
    return replace(found, own=own | _by_label(connection, found))


def find_somebody(connection: Connection, written: str, la_code: str | None) -> Person:
    """Look up anybody who is no system leader, by their label or account, written exactly.

    Args:
        la_code: the LA in whose records they are meant, where two people share a label; None for all of them.
    Raises:
        RecordRefused: nothing is given, or an LA beside an account, which is one person's everywhere.
    """
    label = written.strip()
    if not label or label.startswith(ERASED):
        raise RecordRefused("Nobody is named.", ["Give a label or an account exactly as it is written."])
    held = select(ACCESS_GRANT.c.id).where(ACCESS_GRANT.c.person == as_person(label))
    own = frozenset((ACCESS_GRANT.name, number) for (number,) in connection.execute(held))
    is_account = bool(own) or "@" in label
    if is_account and la_code is not None:
        raise RecordRefused("An account is one person's in every LA.", ["Leave out the LA."])
    accounts = frozenset({as_person(label)} if is_account else ())
    number = head_of(connection, TRAIL).number + 1
    found = Person(number, TRAIL.table.name, label, la_code, accounts, own, _las(connection), is_only_one=False)
    found = replace(found, own=own | _by_label(connection, found))
    return replace(found, is_only_one=not _stands_elsewhere(connection, found))


def _by_label(connection: Connection, person: Person) -> frozenset[tuple[str, int]]:
    """Rows about one person that know them by their label alone: an interest in helping, a conflict of interests."""
    asked = {
        INTEREST: (INTEREST.c.label == person.label) & INTEREST.c.system_leader_id.is_(None),
        CONFLICT: CONFLICT.c.label == person.label,
    }
    return frozenset(
        (table.name, number)
        for table, is_theirs in asked.items()
        for (number,) in connection.execute(select(table.c.id).where(is_theirs))
        if person.may_be_in(table.name, number)
    )


def _stands_elsewhere(connection: Connection, person: Person) -> bool:
    """Whether records of another LA name somebody of this label, so that rows of no LA may speak of that one."""
    everywhere = replace(person, la_code=None)
    for name, table in METADATA.tables.items() if person.la_code is not None else ():
        for row in connection.execute(select(table)).mappings():
            is_there = any(is_text_of_people(key, name) and everywhere.stands_in(row[key]) for key in row)
            if is_there and person.las.get((name, row["id"])) not in (None, person.la_code):
                return True
    return False


def masked(person: Person, value: str, instead: str) -> str:
    """A text without the person's label, and without the accounts by which they sign in."""
    if value == person.label or person.is_account(value):
        return instead
    for account in person.accounts:
        value = re.sub(rf"(?<![\w.+-]){re.escape(account)}(?![\w-])", instead, value, flags=re.IGNORECASE)
    return _inside(person.label).sub(instead, value)


def is_text_of_people(name: str, table: str) -> bool:
    """Whether a column of a table may hold what people wrote, so that a label may stand in it and be erased."""
    if table in _CHANGING:
        return name in _CHANGING[table]
    return name not in _WORDS and not name.endswith(("_hash", "_level", "_id"))


def _inside(label: str) -> re.Pattern[str]:
    """The label within a longer text, as whole words. One word alone is too likely to mean something else."""
    return re.compile(rf"(?<!\w){re.escape(label)}(?!\w)") if " " in label else re.compile(r"(?!)")


def _las(connection: Connection) -> dict[tuple[str, int], str | None]:
    """The LA of each row: its own, or that of the row to which it belongs."""
    found: dict[tuple[str, int], str | None] = {}
    for table in METADATA.sorted_tables:
        columns = [column for column in table.columns if column.name in ("id", "la_code") or column.foreign_keys]
        for row in connection.execute(select(*columns)).mappings():
            above = [found.get(parent) for parent in _parents(table, row)]
            found[table.name, row["id"]] = row.get("la_code") or next((one for one in above if one), None)
    return found


def _parents(table: Table, row: Mapping[Any, Any]) -> list[tuple[str, int]]:
    return [
        (key.column.table.name, row[column.name])
        for column in table.columns
        for key in column.foreign_keys
        if row[column.name] is not None
    ]
