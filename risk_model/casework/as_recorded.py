"""Records as they were on a day, by the images that the audit trail keeps, and whether records and trail agree.

A record has two days: that of which it tells, and that on which it was written down. What was written down later about
the day is told as such, and so is each change that came after it.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from risk_model.casework.audit import AuditEntry, all_entries, as_entry, as_image
from risk_model.casework.store import Records, reading
from risk_model.casework.tables import AUDIT, METADATA
from risk_model.casework.words import What

Image = Mapping[str, Any]
_NEVER_TOLD = frozenset({"id", "version"})


@dataclass(frozen=True)
class RecordThen:
    """One record as it was at the end of a day.

    Attributes:
        image: the record's values, dates as yyyy-mm-dd. Where it was written down after the day: as it first was.
        recorded_at: when it was written down, in UTC; recorded_by: by whom.
        is_recorded_later: it was written down after the day.
        entries: everything that was done to it up to the image, the oldest first.
        since: what was done to it after the image, the oldest first; `before` and `after` of each are images.
    """

    table: str
    record_id: int
    image: Image
    recorded_at: datetime
    recorded_by: str
    is_recorded_later: bool
    entries: tuple[AuditEntry, ...]
    since: tuple[AuditEntry, ...]

    @property
    def is_withdrawn(self) -> bool:
        """Whether it did not stand any more at the end of the day."""
        return self.image.get("withdrawn_reason") is not None or self.image.get("status") == "withdrawn"


@dataclass(frozen=True)
class Disagreement:
    """A record that is not as the audit trail says.

    Attributes:
        fields: which differ; () where the record, or its last entry in the trail, is missing.
        problem: in words.
    """

    table: str
    record_id: int
    fields: tuple[str, ...]
    problem: str


def end_of(day: date) -> datetime:
    """The moment at which a day ends, in UTC: the first of the next."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def records_then(records: Records, day: date, tables: Iterable[str]) -> dict[str, list[RecordThen]]:
    """Every record of some tables that is in the audit trail, as it was on a day.

    Args:
        tables: such as "meeting_outcome"; a table without a record has an empty list.
    Returns:
        By table, in the order of their numbers. Also those that were written down only after the day: whoever asks
        compares the day that they tell of.
    """
    found: dict[str, list[RecordThen]] = {table: [] for table in tables}
    for (table, _), entries in _by_record(records, list(found)).items():
        found[table].append(_then(entries, end_of(day)))
    return found


def acts_until(records: Records, day: date, table: str) -> list[AuditEntry]:
    """What users did to the data itself ("build", "release") until the end of a day, the oldest first."""
    query = all_entries().where(AUDIT.c.table == table, AUDIT.c.at < end_of(day)).order_by(AUDIT.c.id)
    with reading(records) as connection:
        return [as_entry(dict(row)) for row in connection.execute(query).mappings()]


def disagreements(records: Records) -> list[Disagreement]:
    """Every record that is not as the last entry of the audit trail says, and each entry that does not follow on.

    Returns:
        By table and number; empty where records and trail agree.
    """
    names = [name for name, table in METADATA.tables.items() if "previous_hash" not in table.c]
    trail = _by_record(records, names)
    found: list[Disagreement] = []
    with reading(records) as connection:
        for name in names:
            rows = connection.execute(select(METADATA.tables[name])).mappings()
            known = {row["id"]: as_image(dict(row)) for row in rows}
            told = {number: entries for (table, number), entries in trail.items() if table == name}
            found += [one for number, row in known.items() if (one := _disagreement(name, row, told.get(number, [])))]
            gone = "the audit trail tells of it, and it is not there."
            found += [Disagreement(name, number, (), gone) for number in told if number not in known]
    found += [one for (table, number), entries in trail.items() for one in _breaks(table, number, entries)]
    return sorted(found, key=lambda one: (one.table, one.record_id, one.problem))


def changed_fields(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    """What one change did: (field, before, after), without numbers and versions."""
    before, after = entry.before or {}, entry.after or {}
    return [
        (name, before.get(name), after[name])
        for name in after
        if name not in _NEVER_TOLD and before.get(name) != after[name]
    ]


def _by_record(records: Records, tables: Sequence[str]) -> dict[tuple[str, int], list[AuditEntry]]:
    # an entry whose word is none of ours was altered: `verify` names it, and its record is told to have no such entry
    known = AUDIT.c.what.in_([what.value for what in What])
    query = all_entries().where(AUDIT.c.table.in_(tables), known)
    query = query.order_by(AUDIT.c.table, AUDIT.c.record_id, AUDIT.c.id)
    found: dict[tuple[str, int], list[AuditEntry]] = {}
    with reading(records) as connection:
        for row in connection.execute(query).mappings():
            entry = as_entry(dict(row))
            found.setdefault((entry.table, entry.record_id), []).append(entry)
    return found


def _then(entries: Sequence[AuditEntry], end: datetime) -> RecordThen:
    by_then = [entry for entry in entries if entry.at < end]
    shown = by_then or entries[:1]
    first, last = entries[0], shown[-1]
    return RecordThen(
        last.table,
        last.record_id,
        last.after or {},
        first.at,
        first.who,
        not by_then,
        tuple(shown),
        tuple(entries[len(shown) :]),
    )


def _disagreement(table: str, row: Image, entries: Sequence[AuditEntry]) -> Disagreement | None:
    if not entries:
        return Disagreement(table, row["id"], (), "it is in no entry of the audit trail.")
    image = entries[-1].after or {}
    # a column that a later version added is not in an earlier image: nothing can stand there yet
    fields = tuple(name for name, value in row.items() if value != image.get(name))
    if not fields:
        return None
    return Disagreement(table, row["id"], fields, f"{', '.join(fields)}: not as the audit trail says.")


def _breaks(table: str, number: int, entries: Sequence[AuditEntry]) -> list[Disagreement]:
    """Where a record was changed past the audit trail, and then changed again by the rules."""
    found = []
    for earlier, later in itertools.pairwise(entries):
        was, became = earlier.after or {}, later.before or {}
        fields = tuple(name for name in became if became[name] != was.get(name))
        if fields:
            when = f"{later.at:%d/%m/%Y %H:%M} UTC"
            problem = f"{', '.join(fields)}: changed before {when} without an entry in the audit trail."
            found.append(Disagreement(table, number, fields, problem))
    return found
