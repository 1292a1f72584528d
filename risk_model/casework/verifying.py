"""Whether the records are still what was written: the chains of the audit trail and of the log of views, row by row,
and each record against the last image of it that the trail holds."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from risk_model.casework.as_recorded import disagreements
from risk_model.casework.audit import TRAIL
from risk_model.casework.chain import NO_HASH, Chained, Head, hash_of_row, head_of, seal_digest
from risk_model.casework.note_views import VIEWS
from risk_model.casework.store import Records, reading
from risk_model.casework.tables import AUDIT
from risk_model.casework.words import What
from risk_model.domain.errors import RecordRefused

CHAINS = (TRAIL, VIEWS)
_AT_ONCE = 500


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written.

    Attributes:
        table: "audit", "note_view" or the table of a record; number: of the row there.
    """

    table: str
    number: int
    problem: str


@dataclass(frozen=True)
class Verified:
    """What a look at all of it found.

    Attributes:
        findings: by table and number; () where everything is as it was written.
        rows: of each chain, by its table.
        heads: the newest row of each chain, by its table: to be kept elsewhere.
    """

    findings: tuple[Finding, ...]
    rows: Mapping[str, int]
    heads: Mapping[str, Head]


def verify(records: Records, expected: Iterable[tuple[str, Head]] = ()) -> Verified:
    """Look through both chains and every record.

    Args:
        expected: (table, head) as they were kept elsewhere; each must still be in its chain.
    """
    found: list[Finding] = []
    with reading(records) as connection:
        rows = {chained.table.name: 0 for chained in CHAINS}
        for chained in CHAINS:
            for number, problem in _faults(connection, chained, rows):
                found.append(Finding(chained.table.name, number, problem))
        for table, head in expected:
            found += _lost(connection, table, head)
        heads = {chained.table.name: head_of(connection, chained) for chained in CHAINS}
    found += [Finding(one.table, one.record_id, one.problem) for one in disagreements(records)]
    return Verified(tuple(sorted(found, key=lambda one: (one.table, one.number, one.problem))), rows, heads)


def heads(records: Records) -> dict[str, Head]:
    """The newest row of each chain, by its table."""
    with reading(records) as connection:
        return {chained.table.name: head_of(connection, chained) for chained in CHAINS}


def read_head(text: str) -> Head:
    """A head as it is printed: number, colon, hash.

    Raises:
        RecordRefused: it is none.
    """
    read = re.fullmatch("([0-9]{1,15}):([0-9a-f]{64})", text.strip())
    if read is None:
        raise RecordRefused(
            f"{text[:80]!r} is not the head of an audit trail.",
            ["Give its number, a colon and 64 hexadecimal digits, as `records verify` printed them."],
        )
    return Head(int(read[1]), read[2])


def faults_of(connection: Connection) -> list[Finding]:
    """The faults of both chains, by what a connection sees."""
    return [
        Finding(chained.table.name, number, problem)
        for chained in CHAINS
        for number, problem in _faults(connection, chained, {})
    ]


def _faults(connection: Connection, chained: Chained, counted: dict[str, int]) -> Iterator[tuple[int, str]]:
    """(number, problem) of each row that is not as it was written or does not follow on; counts the rows."""
    erased = _vouched_for(connection, chained.table.name)
    last = Head(0, NO_HASH)
    query = select(chained.table).order_by(chained.table.c.id).execution_options(yield_per=_AT_ONCE)
    for found in connection.execute(query).mappings():
        row = dict(found)
        counted[chained.table.name] = counted.get(chained.table.name, 0) + 1
        number = row["id"]
        if row["hash"] is None or row["previous_hash"] is None:
            yield number, "carries no hash: it was added past the audit trail."
            continue
        if row["previous_hash"] != last.hash:
            yield number, _gap(last, number)
        if row["hash"] != hash_of_row(row["previous_hash"], chained.fixed, chained.leaves, row):
            yield number, "is not what was written: it was altered."
        if row["sealed"] is not None and erased.get(str(number)) != seal_digest(chained.leaves, row):
            yield number, "something was erased in it, and no entry says so."
        last = Head(number, row["hash"])


def _gap(last: Head, number: int) -> str:
    first = last.number + 1
    if first < number:
        missing = f"{first}" if first == number - 1 else f"{first} to {number - 1}"
        return f"does not follow on: before it {missing} is missing."
    before = f"{last.number}" if last.number else "the beginning"
    return f"does not follow on from {before}: one of the two was altered, added or put in another's place."


def _vouched_for(connection: Connection, table: str) -> dict[str, str]:
    """What the erasures' entries say that they left: the digest of each row, the latest word counting."""
    query = select(AUDIT.c.after).where(AUDIT.c.what == What.ERASED.value).order_by(AUDIT.c.id)
    said: dict[str, str] = {}
    for (after,) in connection.execute(query):
        rows: Mapping[str, Any] = (after or {}).get("erased", {}).get(table, {})
        said |= {number: str(digest) for number, digest in rows.items()}
    return said


def _lost(connection: Connection, table: str, head: Head) -> list[Finding]:
    of = next((chained.table for chained in CHAINS if chained.table.name == table), None)
    if of is None or head.number == 0:
        return []
    found = connection.execute(select(of.c.hash).where(of.c.id == head.number)).scalar()
    if found is None:
        return [Finding(table, head.number, "was there when its hash was kept, and is gone: the end was cut off.")]
    if found != head.hash:
        return [Finding(table, head.number, "is not the one whose hash was kept: the chain was written anew.")]
    return []
