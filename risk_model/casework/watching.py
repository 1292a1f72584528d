"""The schools that somebody keeps an eye on: each person has a list of their own."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_row, change_row
from risk_model.casework.checks import Field, Problem, checked_who, line, read_day, read_la_code, read_urn
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import WATCH
from risk_model.casework.withdrawing import withdrawn_already, withdrawn_or_changed

_NO_LONGER = "no longer watched"


@dataclass(frozen=True)
class NewWatch:
    """A school that somebody wants to keep an eye on.

    Attributes:
        since: the day of the build that they looked at.
        watcher: whose list it is on.
    """

    la_code: str
    urn: str
    since: date
    watcher: str


@dataclass(frozen=True)
class Watch:
    """A school on somebody's list, as recorded; its fields as those of `NewWatch`."""

    id: int
    version: int
    la_code: str
    urn: str
    since: date
    watcher: str


_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("urn", read_urn, required=True),
    Field("since", read_day, required=True),
    Field("watcher", line(100), required=True),
    Field("withdrawn_reason", line(500)),
)


def watched(records: Records, watcher: str) -> list[Watch]:
    """The schools on somebody's list, the longest watched first."""
    query = select(WATCH).where(WATCH.c.watcher == watcher, WATCH.c.withdrawn_reason.is_(None)).order_by(WATCH.c.id)
    with reading(records) as connection:
        rows = connection.execute(query).mappings()
        return [Watch(**{name: value for name, value in row.items() if name != "withdrawn_reason"}) for row in rows]


def watch(records: Records, new: NewWatch) -> int:
    """Put a school on a person's own list.

    Returns:
        The record's number.
    Raises:
        RecordRefused: with every problem; also when it is on the list already.
    """
    name = checked_who(new.watcher)
    with writing(records) as connection:
        return add_row(connection, WATCHES, name, asdict(new))


def unwatch(records: Records, one: Watch) -> None:
    """Take a school off the list of the person whose list it is. The audit trail keeps it.

    Raises:
        NotFound: no such record.
        RecordRefused: it is off the list already.
    """
    with writing(records) as connection:
        changes = {"withdrawn_reason": _NO_LONGER}
        change_row(connection, WATCHES, checked_who(one.watcher), one.id, one.version, changes, _NO_LONGER)


def _across(case: Case) -> list[Problem]:
    return withdrawn_already(case, "line of a watch list")


def _beside(connection: Connection, case: Case) -> list[Problem]:
    urn, watcher = case.after.get("urn"), case.after.get("watcher")
    query = select(WATCH.c.id).where(WATCH.c.urn == urn, WATCH.c.watcher == watcher, WATCH.c.withdrawn_reason.is_(None))
    if case.before is None and connection.execute(query).first() is not None:
        return [Problem("urn", str(urn), "is on your watch list already.", "There is nothing to add.")]
    return []


WATCHES = Kind(
    WATCH,
    "school on the watch list",
    _FIELDS,
    fixed=frozenset({"la_code", "urn", "since", "watcher"}),
    across=_across,
    beside=_beside,
    what=withdrawn_or_changed,
)
