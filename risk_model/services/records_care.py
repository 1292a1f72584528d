"""Looking after the records: are they what was written, where do they move, what is held on whom, and for how long."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import (
    Erased,
    Held,
    Moved,
    NewExport,
    PastItsTime,
    Verified,
    close_records,
    copy_records,
    erase_leader,
    erase_person,
    hash_of,
    held_on_leader,
    held_on_person,
    kept_heads,
    open_records,
    past_their_time,
    read_head,
    read_retention,
    record_export,
    system_leaders,
    verify,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.exports.tables import as_csv, as_xlsx
from risk_model.services.copy import Records

__all__ = [
    "Erased",
    "Held",
    "Moved",
    "PastItsTime",
    "RecordsVerified",
    "Verified",
    "about_somebody",
    "about_system_leader",
    "erase_somebody",
    "erase_system_leader",
    "move_records",
    "records_past_their_time",
    "verify_records",
]

# in the log of exports
_WHAT = "everything held on a person"
_ABOUT = "Everything that the records hold on {}"


@dataclass(frozen=True)
class RecordsVerified:
    """What a look at all records found.

    Attributes:
        kept: how many heads, kept at builds or given, were looked for in the chains.
    """

    seen: Verified
    kept: int


def verify_records(viewer: Viewer, data: DataDir, records: Records, expected: str | None = None) -> RecordsVerified:
    """Find every row of the audit trail and the log of views, and every record, that is not as it was written.

    What the chains cannot tell by themselves, that their end was cut off or that they were written anew, is found by
    the heads that each build kept in the data directory, and by `expected`, a head that somebody kept elsewhere.

    Raises:
        NotAllowed: the viewer does not look after the records.
        RecordRefused: `expected` is no head, or the file of the kept ones was changed.
    """
    require(viewer, Right.ADMIN)
    known = kept_heads(data.records_heads)
    if expected is not None:
        known.append(("audit", read_head(expected)))
    return RecordsVerified(verify(records, known), len(known))


def move_records(viewer: Viewer, source: str, target: str) -> Moved:
    """Copy all records from one database into another that is empty: whole, counted and checked, or not at all.

    Args:
        source, target: addresses as RECORDS_URL has them.
    Raises:
        NotAllowed: the viewer does not look after the records.
        RecordRefused: one of the two cannot be opened, the target holds rows, or what arrives is not what was sent.
    """
    require(viewer, Right.ADMIN)
    old = open_records(source)
    try:
        new = open_records(target)
        try:
            return copy_records(old, new)
        finally:
            close_records(new)
    finally:
        close_records(old)


def erase_system_leader(viewer: Viewer, records: Records, leader_id: int, reason: str) -> Erased:
    """Erase what describes a system leader who left; what was done for schools stays.

    Raises:
        NotAllowed: the viewer does not look after the records.
        NotFound: there is none of this number.
        RecordRefused: no reason; they still help, are allocated, or are erased already.
    """
    require(viewer, Right.ADMIN)
    return erase_leader(records, viewer.name, leader_id, reason, date.today())


def erase_somebody(viewer: Viewer, records: Records, written: str, reason: str, la_code: str | None = None) -> Erased:
    """Erase anybody else who stands in the records, by their label or account; what was done for schools stays.

    Args:
        la_code: only in this LA, where two people share a label.
    Raises:
        NotAllowed: the viewer does not look after the records.
        NotFound: nobody is written so.
        RecordRefused: no reason; they can still sign in, are a system leader, or are who asks.
    """
    require(viewer, Right.ADMIN)
    return erase_person(records, viewer.name, written, reason, date.today(), la_code)


def about_somebody(viewer: Viewer, records: Records, written: str, ending: str, la_code: str | None = None) -> bytes:
    """Everything that is held on anybody else, as `about_system_leader` gives it; the log does not name them.

    Args:
        written: their label or account, exactly.
        ending: .xlsx, .csv or .json.
    Raises:
        NotAllowed: the viewer does not look after the records.
        NotFound: nobody is written so.
        RecordRefused: an ending that is not known; or it cannot be logged, so it does not leave.
    """
    require(viewer, Right.ADMIN)
    _require_known(ending)
    return _handed_over(viewer, records, held_on_person(records, written, la_code), "a person", la_code, ending)


def about_system_leader(viewer: Viewer, records: Records, leader_id: int, ending: str) -> bytes:
    """Everything that is held on a system leader as a file, one value a row; that it leaves is logged.

    Args:
        ending: .xlsx, .csv or .json.
    Returns:
        Where, Record, Number, Field, Value, Written (UTC), By, Why: over all tables, then the audit trail, then the
        log of views.
    Raises:
        NotAllowed: the viewer does not look after the records.
        NotFound: there is none of this number.
        RecordRefused: an ending that is not known; or it cannot be logged, so it does not leave.
    """
    require(viewer, Right.ADMIN)
    _require_known(ending)
    held = held_on_leader(records, leader_id)
    (la_code,) = [one.la_code for one in system_leaders(records) if one.id == leader_id]
    return _handed_over(viewer, records, held, f"system leader {leader_id}", la_code, ending)


def _handed_over(
    viewer: Viewer, records: Records, held: Sequence[Held], who: str, la_code: str | None, ending: str
) -> bytes:
    """The file, once it is logged under a name of ours: the one that it is given elsewhere may name the person."""
    content = _as_file(held, ending.lower(), _ABOUT.format(who))
    name = f"held_on_{who.replace(' ', '_')}{ending.lower()}"
    record_export(records, viewer.name, NewExport(la_code, _WHAT, name, hash_of(content)))
    return content


def records_past_their_time(viewer: Viewer, records: Records) -> Sequence[PastItsTime]:
    """What is kept longer than the retention policy says, the oldest of each kind first.

    Raises:
        NotAllowed: the viewer does not look after the records.
        RulesRefused: the policy is not as it should be.
    """
    require(viewer, Right.ADMIN)
    return past_their_time(records, date.today(), read_retention())


def _require_known(ending: str) -> None:
    if ending.lower() not in (".xlsx", ".csv", ".json"):
        raise RecordRefused(f'The ending "{ending}" is not one that is known.', ["Use .xlsx, .csv or .json."])


def _as_file(held: Sequence[Held], ending: str, title: str) -> bytes:
    rows = [_row(one) for one in held]
    if ending == ".json":
        return json.dumps({"about": title, "held": rows}, indent=1, ensure_ascii=False).encode()
    table = pd.DataFrame(rows)
    about = [f"{title}, on {date.today():%d/%m/%Y}.", "Letters that were sent are not searched."]
    return as_csv(table) if ending == ".csv" else as_xlsx(table, sheet="Held", about=about)


def _row(one: Held) -> dict[str, object]:
    return {
        "Where": one.where,
        "Record": one.table.replace("_", " "),
        "Number": one.number,
        "Field": one.field.replace("_", " "),
        "Value": one.value,
        "Written (UTC)": None if one.at is None else f"{one.at:%Y-%m-%d %H:%M:%S}",
        "By": one.by,
        "Why": one.why,
    }
