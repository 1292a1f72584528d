"""The log of what left the house: each file, when, by whom, with what in it. A line of it never changes."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy import select

from risk_model.casework.changes import Kind, add_row
from risk_model.casework.checks import (
    WHO_LENGTH,
    Field,
    Unfit,
    Values,
    checked_who,
    line,
    read_day,
    read_la_code,
    read_urn,
    shown,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import EXPORT


@dataclass(frozen=True)
class NewExport:
    """A file that leaves, to be logged before it is handed over.

    Attributes:
        what: what kind of file, such as "regional director's list"; searched by, so always written alike.
        content_hash: SHA-256 in hexadecimal: of the bytes that leave or, where several files say the same and each
            prints it, of the content that they share.
        banner: the classification that stands on it.
        fields: the codes of what was chosen to be in it; None where nothing can be chosen.
        urns: the schools that it is about.
        build_id, rule_set, as_at: of the figures in it; None where it has none.
        file_hash: SHA-256 of the file's own bytes, where `content_hash` is not.
    """

    la_code: str | None
    what: str
    file_name: str
    content_hash: str
    banner: str | None = None
    fields: Sequence[str] | None = None
    urns: Sequence[str] | None = None
    build_id: str | None = None
    rule_set: str | None = None
    as_at: date | None = None
    file_hash: str | None = None


@dataclass(frozen=True)
class Export:
    """A line of the log; `exported_at` in UTC, the other fields as those of `NewExport`."""

    id: int
    version: int
    la_code: str | None
    what: str
    file_name: str
    exported_at: datetime
    exported_by: str
    content_hash: str
    banner: str | None
    fields: tuple[str, ...] | None
    urns: tuple[str, ...] | None
    build_id: str | None
    rule_set: str | None
    as_at: date | None
    file_hash: str | None


def hash_of(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal, by which a file is known again."""
    return sha256(content).hexdigest()


def record_export(records: Records, who: str, new: NewExport) -> int:
    """Log that a file leaves, now. Called before the file is handed over: what is not logged does not leave.

    Returns:
        The number of the line.
    Raises:
        RecordRefused: with every problem, in the order of the fields.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(
            connection, EXPORTS, name, {**asdict(new), "exported_at": datetime.now(UTC), "exported_by": name}
        )


def exports(records: Records, *, la_code: str | None = None) -> list[Export]:
    """What left, of one LA or all; the newest first."""
    query = select(EXPORT).order_by(EXPORT.c.id.desc())
    if la_code is not None:
        query = query.where(EXPORT.c.la_code == la_code)
    with reading(records) as connection:
        return [_export(dict(row)) for row in connection.execute(query).mappings()]


def _read_hash(value: object) -> str:
    text = value if isinstance(value, str) else ""
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise Unfit(f"{shown(value)} is not a SHA-256.", "Give its 64 hexadecimal digits.")
    return text


def _read_moment(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Unfit(f"{shown(value)} is not a moment.", "Give date, time and time zone.")
    return value


def _several(value: object, what: str) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Unfit(f"{shown(value)} is not a list.", f"Give a list of {what}.")
    return value


def _read_codes(value: object) -> list[str]:
    read = line(60)
    return [read(one) for one in _several(value, "codes")]


def _read_urns(value: object) -> list[str]:
    return [read_urn(one) for one in _several(value, "URNs")]


EXPORT_FIELDS = (
    Field("la_code", read_la_code),
    Field("what", line(60), required=True),
    Field("file_name", line(200), required=True),
    Field("exported_at", _read_moment, required=True),
    Field("exported_by", line(WHO_LENGTH), required=True),
    Field("content_hash", _read_hash, required=True),
    Field("banner", line(200)),
    Field("fields", _read_codes),
    Field("urns", _read_urns),
    Field("build_id", line(100)),
    Field("rule_set", line(100)),
    Field("as_at", read_day),
    Field("file_hash", _read_hash),
)
# each of its fields is given once: the database refuses a change as well
EXPORTS = Kind(EXPORT, "export", EXPORT_FIELDS, fixed=frozenset(field.name for field in EXPORT_FIELDS))


def _export(row: Values) -> Export:
    lists = {name: None if row[name] is None else tuple(row[name]) for name in ("fields", "urns")}
    return Export(**(row | lists))
