"""Base rates and flows of grades, on a history written down here, and on the demo's."""

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pytest

from risk_model.scoring.evaluating import read_sql
from risk_model.scoring.grade_flows import NOTES, grade_flows
from risk_model.services.copy import Copy
from risk_model.warehouse.engine import Connection, rows, scratch
from tests.scoring.kit import load

_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("inspection_id", "urn", "era", "kind", "overall", "good_or_better")),
        ("rc_outcome", pa.string()),
        ("start_date", pa.date32()),
        ("is_one_of_several", pa.bool_()),
    ]
)


@pytest.fixture
def con() -> Iterator[Connection]:
    with scratch() as con:
        load(
            con, "schools", [{"urn": "100001", "phase_group": "primary"}, {"urn": "100002", "phase_group": "secondary"}]
        )
        yield con


def _history(con: Connection, *inspections: dict[str, object]) -> list[tuple[object, ...]]:
    given = [
        {"inspection_id": str(n), "urn": "100001", "era": "2019 to 2024", "kind": "graded", "is_one_of_several": False}
        | one
        for n, one in enumerate(inspections)
    ]
    load(con, "inspections", given, _SCHEMA)
    found = rows(con, f"select * from ({read_sql('grade_history')}) order by urn, start_date")
    return [(row["academic_year"], row["era_before"], row["grade_before"], row["grade"]) for row in found]


def test_an_academic_year_begins_in_september(con: Connection) -> None:
    found = _history(
        con,
        {"start_date": date(2022, 8, 31), "overall": "3"},
        {"start_date": date(2022, 9, 1), "overall": "2"},
    )
    assert [row[0] for row in found] == ["2021-2022", "2022-2023"]


def test_a_three_before_september_2012_is_satisfactory(con: Connection) -> None:
    found = _history(
        con,
        {"start_date": date(2012, 8, 31), "overall": "3", "era": "to August 2012"},
        {"start_date": date(2012, 9, 1), "overall": "3", "era": "2012 to 2015"},
    )
    assert [row[1:] for row in found] == [
        ("none on record", "none on record", "Satisfactory"),
        ("to August 2012", "Satisfactory", "Requires improvement"),
    ]


@pytest.mark.parametrize(
    ("one", "grade"),
    [
        ({"overall": "1"}, "Outstanding"),
        ({"overall": "4"}, "Inadequate"),
        ({"overall": "Not judged", "good_or_better": "yes"}, "No overall grade: good or better"),
        ({"overall": "Not judged", "good_or_better": "no"}, "No overall grade: below good"),
        ({"overall": "Not judged"}, "not known"),
        ({"kind": "report card", "rc_outcome": "mixed"}, "Report card: an area needs attention"),
        ({"kind": "report card"}, "not known"),
    ],
)
def test_a_grade_is_named_by_its_era(con: Connection, one: dict[str, object], grade: str) -> None:
    assert [row[3] for row in _history(con, {"start_date": date(2024, 10, 1), **one})] == [grade]


def test_ungraded_visits_and_one_of_several_schools_are_no_step(con: Connection) -> None:
    found = _history(
        con,
        {"start_date": date(2020, 1, 8), "overall": "2"},
        {"start_date": date(2021, 1, 8), "kind": "ungraded"},
        {"start_date": date(2021, 3, 8), "overall": "4", "is_one_of_several": True},
        {"start_date": date(2022, 1, 8), "overall": "3"},
    )
    assert [row[2:] for row in found] == [("none on record", "Good"), ("Good", "Requires improvement")]


def test_another_school_is_nobodys_step_before(con: Connection) -> None:
    found = _history(
        con,
        {"start_date": date(2020, 1, 8), "overall": "2"},
        {"start_date": date(2022, 1, 8), "overall": "3", "urn": "100002"},
    )
    assert [row[2] for row in found] == ["none on record", "none on record"]


def test_shares_add_up_within_a_phase_a_year_and_an_era(demo_copy: Copy) -> None:
    found = grade_flows(demo_copy.reader)
    for table, within in (
        (found.rates, ["phase", "academic_year", "era"]),
        (found.flows, ["phase", "academic_year", "era", "era_before", "grade_before"]),
    ):
        sums = table.groupby(within).agg(n=("n", "sum"), of=("of", "first"), share=("share", "sum"))
        assert len(sums) > 0
        assert (sums["n"] == sums["of"]).all()
        assert sums["share"].round(4).eq(1).all()


def test_base_rates_count_every_full_inspection(demo_copy: Copy) -> None:
    counted = "select count(*) as n from inspections where kind in ('graded', 'report card') and not is_one_of_several"
    assert grade_flows(demo_copy.reader).rates["n"].sum() == demo_copy.reader.rows(counted)[0]["n"]


def test_the_notes_say_what_cannot_be_compared() -> None:
    assert any("Satisfactory" in note and "never added up" in note for note in NOTES)
    assert any("no successor" in note for note in NOTES)
