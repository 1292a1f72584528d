"""Shares: how the days of one piece of support are divided among the schools of a group."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isclose

from sqlalchemy import Connection, select

from risk_model.casework.changes import Kind, add_row, check_new
from risk_model.casework.checks import REASON_LENGTH, Field, Problem, lines, read_days, read_record_id, read_urn
from risk_model.casework.tables import ALLOCATION_SHARE


@dataclass(frozen=True)
class NewShare:
    """One school's part of the days planned for a group; None where it is not settled."""

    urn: str
    days_planned: float | None = None


@dataclass(frozen=True)
class Share:
    """One school's recorded part of the days planned for a group; None is "not recorded"."""

    urn: str
    days_planned: float | None


SHARE_FIELDS = (
    Field("allocation_id", read_record_id, required=True),
    Field("urn", read_urn, required=True),
    Field("days_planned", read_days),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)
SHARES = Kind(ALLOCATION_SHARE, "share", SHARE_FIELDS, fixed=frozenset({"allocation_id", "urn"}))


def shares_by_allocation(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[Share, ...]]:
    """The shares of each of these allocations that have any, in the order in which they were given."""
    table = ALLOCATION_SHARE
    query = select(table).where(table.c.withdrawn_reason.is_(None)).order_by(table.c.id)
    wanted = frozenset(ids)
    found: dict[int, tuple[Share, ...]] = {}
    for row in connection.execute(query).mappings():
        if row["allocation_id"] in wanted:
            share = Share(row["urn"], row["days_planned"])
            found[row["allocation_id"]] = (*found.get(row["allocation_id"], ()), share)
    return found


def check_shares(urn: str, days_planned: object, shares: Sequence[NewShare]) -> list[Problem]:
    """What is wrong with the shares of one allocation; nothing where it has none.

    A group has at least two schools, each once, the leading one among them; where the days of all of them are
    known they come to the days planned.
    """
    if not shares:
        return []
    problems = [
        problem
        for place, share in enumerate(shares, start=1)
        for problem in _problems_of(share, f"shares, school {place}")
    ]
    return problems or [*_wrong_group(urn, shares), *_wrong_sum(days_planned, shares)]


def add_shares(connection: Connection, who: str, allocation_id: int, shares: Sequence[NewShare]) -> None:
    """Record the checked shares of an allocation, in its own transaction."""
    for share in shares:
        add_row(connection, SHARES, who, {**asdict(share), "allocation_id": allocation_id})


def _problems_of(share: NewShare, place: str) -> list[Problem]:
    # the allocation has no number yet: any will do to check the rest
    _, problems = check_new(SHARES, {**asdict(share), "allocation_id": 1})
    return [problem.at(place) for problem in problems]


def _wrong_group(urn: str, shares: Sequence[NewShare]) -> list[Problem]:
    urns = [share.urn.strip() for share in shares]
    twice = sorted({each for each in urns if urns.count(each) > 1})
    problems = [Problem("shares", each, f"{each} is there twice.", "Name each school once.") for each in twice]
    if len(urns) == 1:
        problems.append(Problem("shares", urns[0], "one school is not a group.", "Name two or more, or none."))
    if urn.strip() not in urns:
        problems.append(
            Problem("shares", urn, f"the school {urn} is not among the schools of the group.", "Add it to them.")
        )
    return problems


def _wrong_sum(days_planned: object, shares: Sequence[NewShare]) -> list[Problem]:
    parts = [share.days_planned for share in shares if share.days_planned is not None]
    if not isinstance(days_planned, int | float) or len(parts) < len(shares):
        return []
    total = sum(float(part) for part in parts)
    if isclose(total, days_planned):
        return []
    problem = f"the schools' days come to {total:g}, not to the {days_planned:g} planned."
    return [Problem("shares", f"{total:g}", problem, "Correct the days of the schools, or the days planned.")]
