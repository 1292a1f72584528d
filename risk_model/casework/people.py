"""Where a system leader stands in the records: their own rows, and wherever else their label is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from risk_model.casework.tables import ACCESS_GRANT, METADATA, SYSTEM_LEADER
from risk_model.domain.errors import NotFound

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
    "access_grant": ("person", "note", "withdrawn_reason"),
}
# the column by which such a row is theirs
_THEIRS = {
    "system_leader": "id",
    "designation": "system_leader_id",
    "interest": "system_leader_id",
    "access_grant": "system_leader_id",
}
# columns that hold a word of ours, never a person's
_WORDS = frozenset({"status", "state", "statement", "urn", "la_code", "table", "what", "hash", "content_hash"})


@dataclass(frozen=True)
class Person:
    """A system leader, and what must be known to find them.

    Attributes:
        accounts: by which they sign in, as their grants have them.
        own: (table, number) of the rows that are about them alone.
        las: the LA of each row, by table and number; None where it belongs to none.
        is_only_one: no other LA has a system leader of this label, so that rows of no LA speak of this one.
    """

    id: int
    label: str
    la_code: str
    accounts: frozenset[str]
    own: frozenset[tuple[str, int]]
    las: Mapping[tuple[str, int], str | None]
    is_only_one: bool

    def may_be_in(self, table: str, number: int) -> bool:
        """Whether a row is of their LA, or of none while the label is theirs alone."""
        la_code = self.las.get((table, number))
        return self.is_only_one if la_code is None else la_code == self.la_code

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
    return Person(leader_id, leader["label"], leader["la_code"], accounts, own, _las(connection), is_only_one)


def masked(person: Person, value: str, instead: str) -> str:
    """A text without the person's label, and without the accounts by which they sign in."""
    if value == person.label or person.is_account(value):
        return instead
    for account in person.accounts:
        value = re.sub(rf"(?<![\w.+-]){re.escape(account)}(?![\w-])", instead, value, flags=re.IGNORECASE)
    return _inside(person.label).sub(instead, value)


def is_text_of_people(name: str) -> bool:
    """Whether a column may hold what people wrote, so that a label may stand in it."""
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
