"""Everything that the records hold on a person: for the person who asks, and before they are erased."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from risk_model.casework.audit import as_image
from risk_model.casework.note_views import VIEWS
from risk_model.casework.people import Person, find_person, find_somebody, is_text_of_people
from risk_model.casework.store import Records, reading
from risk_model.casework.tables import AUDIT, METADATA, NOTE_VIEW
from risk_model.domain.errors import NotFound

RECORDS, TRAIL_OF_CHANGES, LOG_OF_VIEWS = "records", "audit trail", "log of views"
_NEVER_TOLD = frozenset({"id", "version", "salt", "sealed", "previous_hash", "hash"})


@dataclass(frozen=True)
class Held:
    """One value that is held.

    Attributes:
        where: the records, the audit trail or the log of views.
        table, number: of the record that it belongs to.
        at: when it was written, where that is logged; by: by whom.
        why: what connects it with the person.
    """

    where: str
    table: str
    number: int
    field: str
    value: str
    why: str
    at: datetime | None = None
    by: str | None = None


def held_on_leader(records: Records, leader_id: int) -> list[Held]:
    """Each value that is held on a system leader, over all tables, then the audit trail, then the log of views.

    Of what is about them, or is help that they give, with what belongs to it: every field. Of other records: each
    field in which their label stands.

    Raises:
        NotFound: there is none of this number.
    """
    with reading(records) as connection:
        return _held(connection, find_person(connection, leader_id))


def held_on_person(records: Records, written: str, la_code: str | None = None) -> list[Held]:
    """The same of anybody else who stands in the records.

    Args:
        written: their label or account, exactly as it stands there; of an account the case does not matter.
        la_code: only in the records of this LA, and in those of none where no other LA has the label; None for all.
    Raises:
        NotFound: nobody is written so.
        RecordRefused: nothing is given, or an LA beside an account.
    """
    with reading(records) as connection:
        found = _held(connection, find_somebody(connection, written, la_code))
    if not found:
        raise NotFound("Nobody is written so in the records.", ["Give the label or the account exactly."])
    return found


def _held(connection: Connection, person: Person) -> list[Held]:
    theirs = _theirs(connection, person)
    return [
        *_in_records(connection, person, theirs),
        *_in_trail(connection, person, theirs),
        *_in_log(connection, person),
    ]


def _theirs(connection: Connection, person: Person) -> dict[tuple[str, int], str]:
    """(table, number) of each record that is connected with them, and how."""
    found = dict.fromkeys(person.own, "about them")
    for table in METADATA.sorted_tables:
        keys = {key.column.table.name: column.name for column in table.columns for key in column.foreign_keys}
        for row in connection.execute(select(table)).mappings() if keys else ():
            above = [(parent, row[name]) for parent, name in keys.items() if parent in ("system_leader", "allocation")]
            if any(one in found for one in above):
                found.setdefault((table.name, row["id"]), "help that they give")
    return found


def _in_records(connection: Connection, person: Person, theirs: Mapping[tuple[str, int], str]) -> Iterator[Held]:
    for name, table in sorted(METADATA.tables.items()):
        if name in (AUDIT.name, NOTE_VIEW.name):
            continue
        for row in connection.execute(select(table).order_by(table.c.id)).mappings():
            yield from _fields(person, RECORDS, name, row["id"], as_image(dict(row)), theirs.get((name, row["id"])))


def _in_trail(connection: Connection, person: Person, theirs: Mapping[tuple[str, int], str]) -> Iterator[Held]:
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.id)).mappings():
        about = row["table"], row["record_id"]
        told = {"who": row["who"], "reason": row["reason"]}
        told |= {f"before: {name}": value for name, value in (row["before"] or {}).items()}
        told |= {f"after: {name}": value for name, value in (row["after"] or {}).items()}
        for one in _fields(person, TRAIL_OF_CHANGES, *about, told, theirs.get(about)):
            yield Held(**{**vars(one), "at": row["at"], "by": row["who"]})


def _in_log(connection: Connection, person: Person) -> Iterator[Held]:
    for row in connection.execute(select(NOTE_VIEW).order_by(NOTE_VIEW.c.id)).mappings():
        told = {name: row[name] for name in (*VIEWS.fixed, *VIEWS.leaves) if name != "id"}
        is_theirs = person.may_be_in(row["table"], row["record_id"]) and person.stands_in(row["who"])
        if is_theirs or person.is_account(row["who"]):
            for one in _fields(person, LOG_OF_VIEWS, row["table"], row["record_id"], as_image(told), "shown to them"):
                yield Held(**{**vars(one), "at": row["at"], "by": row["who"]})


def _fields(
    person: Person, where: str, table: str, number: int, row: Mapping[str, Any], why: str | None
) -> Iterator[Held]:
    """Every field of a row that is connected with them; of another, those in which their label stands."""
    for name, value in row.items():
        field = name.removeprefix("before: ").removeprefix("after: ")
        if value is None or field in _NEVER_TOLD:
            continue
        stands = person.is_account(value) or (
            person.may_be_in(table, number) and is_text_of_people(field, table) and person.stands_in(value)
        )
        if why is not None or stands:
            yield Held(where, table, number, name, str(value), why or "their label or account stands in it")
