"""Which schools came before a school of today: links from either side, chains, mergers, splits, and what is silly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from risk_model.scoring.evaluating import read_sql
from risk_model.warehouse.engine import rows, scratch
from tests.scoring.kit import load

DAY = date(2025, 4, 22)


def _texts(*names: str, dates: Sequence[str] = ()) -> pa.Schema:
    return pa.schema(
        [*((name, pa.string()) for name in names), *((name, pa.date32()) for name in dates), ("row_number", pa.int32())]
    )


_LINKS = _texts("urn", "linked_urn", "linked_name", "link_type", "release_id")
_LINKS = _LINKS.append(pa.field("linked_on", pa.date32())).append(pa.field("release_as_at", pa.date32()))
_SCHOOLS = pa.schema([("urn", pa.string()), ("laestab", pa.string()), ("open_date", pa.date32())])
_EMPTY = {
    "stg_gias_links_rows": _LINKS,
    "stg_ofsted_rows": _texts(
        *("urn", "urn_at_time", "previous_urn_at_time", "ungraded_urn", "release_id"),
        dates=("start_date", "previous_start_date", "ungraded_start_date", "published_on"),
    ),
    "stg_ofsted_report_cards_rows": _texts(
        *("urn", "urn_at_time", "oeif_urn_at_time", "ungraded_urn", "release_id"),
        dates=("start_date", "oeif_start_date", "ungraded_start_date", "published_on"),
    ),
    "stg_ofsted_events_rows": _texts("urn", "current_urn", "release_id", dates=("start_date", "published_on")),
    "stg_laestab_lookup_rows": _texts("urn", "laestab", "release_id"),
    "stg_absence_rows": _texts("urn", "la_code", "estab", "scope", "release_id"),
}


def link(urn: str, linked: str, kind: str, *, day: date = DAY, on: date | None = None) -> dict[str, object]:
    """A row of a links file."""
    return {
        "urn": urn,
        "linked_urn": linked,
        "linked_name": f"School {linked}",
        "link_type": kind,
        "linked_on": on,
        "release_id": f"links-{day}",
        "release_as_at": day,
        "row_number": 2,
    }


def _inspected(urn: str, **said: object) -> dict[str, object]:
    """A row of a file of inspections."""
    return {"urn": urn, "release_id": "o", "row_number": 7, "published_on": DAY, **said}


@dataclass(frozen=True)
class Case:
    """Links, and what must come of them for the schools of today: {(school, predecessor): (how, steps)}."""

    name: str
    links: Sequence[Mapping[str, object]]
    expected: Mapping[tuple[str, str], tuple[str, int]]
    today: Sequence[str] = ("900001",)
    others: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    opened: date | None = None
    as_at: date = date(2025, 12, 31)


def found(case: Case) -> list[dict[str, Any]]:
    """The table `successions` for a case."""
    with scratch() as con:
        for name, schema in _EMPTY.items():
            load(con, name, case.others.get(name, []), schema)
        load(con, "stg_gias_links_rows", case.links, _LINKS)
        schools = [{"urn": urn, "laestab": f"999{urn[-4:]}", "open_date": case.opened} for urn in case.today]
        load(con, "schools", schools, _SCHOOLS)
        return rows(con, read_sql("successions"), {"as_at": case.as_at})


A, B, C, D = "900001", "900002", "900003", "900004"
PREDECESSOR, SUCCESSOR = "Predecessor", "Successor"
CASES = [
    Case("one replaced", [link(A, B, PREDECESSOR)], {(A, B): ("replaced", 1)}),
    Case("told by the old school alone", [link(B, A, SUCCESSOR)], {(A, B): ("replaced", 1)}),
    Case(
        "told by both sides",
        [link(A, B, PREDECESSOR), link(B, A, SUCCESSOR)],
        {(A, B): ("replaced", 1)},
    ),
    Case(
        "a chain of two conversions",
        [link(A, B, PREDECESSOR), link(B, C, PREDECESSOR)],
        {(A, B): ("replaced", 1), (A, C): ("replaced", 2)},
    ),
    Case(
        "a chain that is told in one link, too",
        [link(A, B, PREDECESSOR), link(B, C, PREDECESSOR), link(A, C, PREDECESSOR)],
        {(A, B): ("replaced", 1), (A, C): ("replaced", 2)},
    ),
    Case(
        "an infant and a junior school, each called a predecessor",
        [link(A, B, PREDECESSOR), link(C, A, SUCCESSOR)],
        {(A, B): ("merger", 1), (A, C): ("merger", 1)},
    ),
    Case(
        "one that took another in",
        [link(A, B, "Predecessor - merged")],
        {(A, B): ("merger", 1)},
    ),
    Case(
        "a merger, then a conversion",
        [link(A, B, PREDECESSOR), link(B, C, "Predecessor - amalgamated"), link(B, D, "Predecessor - amalgamated")],
        {(A, B): ("replaced", 1), (A, C): ("merger", 2), (A, D): ("merger", 2)},
    ),
    Case(
        "an amalgamation that both sides call its result",
        [link(A, B, "Result of Amalgamation"), link(B, A, "Result of Amalgamation")],
        {(A, B): ("merger", 1)},
    ),
    Case(
        "one split into two",
        [link(A, C, PREDECESSOR), link(B, C, PREDECESSOR)],
        {(A, C): ("split", 1), (B, C): ("split", 1)},
        today=(A, B),
    ),
    Case("one split off a closed one", [link(A, C, "Predecessor - Split School")], {(A, C): ("split", 1)}),
    Case(
        "a predecessor that is open",
        [link(A, B, PREDECESSOR), link(B, C, PREDECESSOR)],
        {(A, B): ("still open", 1), (B, C): ("replaced", 1)},
        today=(A, B),
    ),
    Case("a link to itself", [link(A, A, PREDECESSOR)], {}),
    Case(
        "two closed ones before each other",
        [link(A, B, PREDECESSOR), link(B, C, PREDECESSOR), link(C, B, PREDECESSOR)],
        # B is before A and before C: two successors, so nothing is sure
        {(A, B): ("split", 1), (A, C): ("not clear", 2)},
    ),
    Case(
        "both ways, of which one is open",
        [link(A, B, PREDECESSOR), link(B, A, PREDECESSOR)],
        {(A, B): ("replaced", 1)},
    ),
    Case(
        "round in a circle of three",
        [link(B, C, PREDECESSOR), link(C, D, PREDECESSOR), link(D, B, PREDECESSOR), link(A, B, PREDECESSOR)],
        # B comes from C, C from D and D from B: the circle ends where it would begin again
        {(A, B): ("split", 1), (A, C): ("split", 2), (A, D): ("split", 3)},
    ),
    Case("sixth forms and what is only related", [link(A, B, "Sixth Form Centre School"), link(A, C, "Other")], {}),
    Case(
        "a link that the newer file has no more",
        [link(A, B, PREDECESSOR, day=date(2023, 8, 17)), link(A, C, PREDECESSOR)],
        {(A, C): ("replaced", 1)},
    ),
    Case(
        "a school that only the older file knows",
        [link(A, B, PREDECESSOR, day=date(2023, 8, 17)), link(D, C, PREDECESSOR)],
        {(A, B): ("replaced", 1)},
    ),
    Case(
        "an inspection under another number, where the links are silent",
        [link(D, C, PREDECESSOR)],
        {(A, B): ("replaced", 1)},
        others={"stg_ofsted_rows": [_inspected(A, urn_at_time=B)]},
    ),
    Case(
        "an inspection of a school that the links place at two removes",
        [link(A, B, PREDECESSOR), link(B, C, PREDECESSOR)],
        {(A, B): ("replaced", 1), (A, C): ("replaced", 2)},
        others={"stg_ofsted_rows": [_inspected(A, previous_urn_at_time=C)]},
    ),
    Case(
        "a link dated after the day",
        [link(A, B, PREDECESSOR, on=date(2025, 1, 1)), link(A, C, PREDECESSOR, on=date(2020, 1, 1))],
        {(A, C): ("replaced", 1)},
        as_at=date(2024, 12, 31),
    ),
    Case(
        "a file newer than the day, by which an open school has the inspection of another one",
        [],
        {},
        others={"stg_ofsted_rows": [_inspected(A, urn_at_time=B, start_date=date(2019, 3, 1))]},
        opened=date(2010, 9, 1),
        as_at=date(2024, 12, 31),
    ),
    Case(
        "a file newer than the day, by which a school was inspected under another number before it opened",
        [],
        {(A, B): ("replaced", 1)},
        others={"stg_ofsted_rows": [_inspected(A, urn_at_time=B, start_date=date(2009, 3, 1))]},
        opened=date(2010, 9, 1),
        as_at=date(2024, 12, 31),
    ),
    Case(
        "a closed school with the same LAESTAB",
        [],
        {(A, B): ("replaced", 1)},
        others={
            "stg_absence_rows": [
                {"urn": B, "la_code": "999", "estab": "1", "scope": "school", "release_id": "a", "row_number": 3}
            ]
        },
    ),
    Case(
        "two closed schools with the same LAESTAB",
        [],
        {},
        others={
            "stg_laestab_lookup_rows": [
                {"urn": B, "laestab": "9990001", "release_id": "l", "row_number": 3},
                {"urn": C, "laestab": "9990001", "release_id": "l", "row_number": 4},
            ]
        },
    ),
    Case("no evidence at all", [], {}),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name.replace(" ", "_") for case in CASES])
def test_what_came_before_a_school(case: Case) -> None:
    told = {(row["urn"], row["predecessor_urn"]): (row["how"], row["steps"]) for row in found(case)}
    assert told == dict(case.expected)


def test_a_succession_names_its_day_its_name_and_its_file() -> None:
    (row,) = found(Case("", [link(A, B, PREDECESSOR, on=date(2019, 9, 1)), link(B, A, SUCCESSOR)], {}))
    assert (row["predecessor_name"], row["since"], row["evidence"]) == (
        f"School {B}",
        date(2019, 9, 1),
        "links of the register",
    )
    assert (row["release_id"], row["row_number"]) == (f"links-{DAY}", 2)
