"""Rows chained by hash: each row's SHA-256 over what it says and over the hash before it.

A row has a fixed part (its number, when, what was done to which record) and leaves: the single values that may name or
describe a person (who did it, why, and each field of a record before and after). A leaf enters the hash as the digest
of its value and of a key of its own, which follows from the row's salt. So a leaf can be erased without breaking the
chain: its digest is kept, its key and the salt are destroyed, and nobody can find the value by trying. The row's
`sealed` then holds the digests of what was erased and the keys of what was left, which is as provable as before.

What a chain cannot tell by itself is that its last rows were cut off, or all of it was written anew: for that its head
(number and hash of the newest row) is kept elsewhere, and compared.

The shape of what is hashed never changes: every row that was ever written is checked by it.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from risk_model.casework.row_scope import WHOLE

# before the first row
NO_HASH = "0" * 64
_SALT_BYTES = 16


@dataclass(frozen=True)
class Chained:
    """What must be known of a table whose rows are chained.

    Attributes:
        fixed: columns that never change; leaves: columns that erasure may change.
    """

    table: Table
    fixed: tuple[str, ...]
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """The newest row of a chain: its number and hash; 0 and zeros where there is none."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def append(connection: Connection, chained: Chained, values: Mapping[str, Any]) -> int:
    """Add a row at the end of its chain, in a transaction in which nobody else writes.

    Args:
        values: of the fixed columns but its number, and of the leaves.
    Returns:
        The number of the row: one more than that of the row before.
    """
    before = head_of(connection, chained)
    row = {**values, "id": before.number + 1, "salt": secrets.token_hex(_SALT_BYTES), "sealed": None}
    row |= {"previous_hash": before.hash, "hash": hash_of_row(before.hash, chained.fixed, chained.leaves, row)}
    connection.execute(insert(chained.table).values(**row))
    return before.number + 1


def head_of(connection: Connection, chained: Chained) -> Head:
    """The newest row, also of another LA than those that a handle is cut to."""
    table = chained.table
    newest = select(table.c.id, table.c.hash).order_by(table.c.id.desc()).limit(1)
    found = connection.execute(newest.execution_options(**{WHOLE: True})).first()
    return Head(0, NO_HASH) if found is None else Head(found.id, found.hash or NO_HASH)


def hash_of_row(previous: str, fixed: Sequence[str], leaves: Sequence[str], row: Mapping[str, Any]) -> str:
    """The hash of a row as it stands, whether or not something of it was erased.

    Args:
        previous: the hash before it.
        row: with `salt` and `sealed`, moments as such.
    """
    told = {name: _as_told(row[name]) for name in fixed}
    return _sha256(_canonical([previous, told, _digests(leaves, row)]))


def seal(leaves: Sequence[str], row: Mapping[str, Any], left: Mapping[str, Any]) -> dict[str, Any]:
    """What a row becomes when leaves of it are erased.

    Args:
        left: by path ("who", "after.label"), what stands in place of what is erased.
    Returns:
        The values of the leaves' columns, `salt` and `sealed`, to be written; the hash stays as it is.
    """
    known = row["sealed"] or {"keys": {}, "digests": {}}
    paths = _flat(leaves, row)
    digests = known["digests"] | {path: _digest(row, path, paths[path]) for path in left}
    keys = {path: _key(row, path) for path in paths if path not in digests}
    written: dict[str, Any] = {name: row[name] for name in leaves}
    for path, value in left.items():
        column, _, field = path.partition(".")
        written[column] = {**written[column], field: value} if field else value
    return {**written, "salt": None, "sealed": {"keys": keys, "digests": digests}}


def seal_digest(leaves: Sequence[str], row: Mapping[str, Any]) -> str:
    """The SHA-256 of what is left of a sealed row, by which its erasure vouches for it."""
    return _sha256(_canonical([row["sealed"], _flat(leaves, row)]))


def _digests(leaves: Sequence[str], row: Mapping[str, Any]) -> dict[str, str]:
    found = _flat(leaves, row)
    if row["sealed"]:
        # what was erased counts, also where somebody took the whole field out of the image
        found = dict.fromkeys(row["sealed"]["digests"]) | found
    return {path: _digest(row, path, value) for path, value in found.items()}


def _digest(row: Mapping[str, Any], path: str, value: object) -> str:
    kept: str | None = (row["sealed"] or {}).get("digests", {}).get(path)
    return kept or _sha256(f"{_key(row, path)} {_canonical(value)}")


def _key(row: Mapping[str, Any], path: str) -> str:
    if row["sealed"]:
        return str(row["sealed"]["keys"].get(path, ""))
    return _sha256(f"{row['salt']} {path}")


def _flat(leaves: Sequence[str], row: Mapping[str, Any]) -> dict[str, Any]:
    """Each single value by its path; an image by its fields."""
    found: dict[str, Any] = {}
    for column in leaves:
        value = row[column]
        if isinstance(value, Mapping) and value:
            found |= {f"{column}.{name}": one for name, one in value.items()}
        else:
            found[column] = value
    return found


def _as_told(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
