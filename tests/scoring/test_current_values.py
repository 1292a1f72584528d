"""Of several figures of one measure the latest that has a value counts; rounded to six decimals, and none is -0."""

from collections.abc import Sequence
from datetime import date
from math import copysign

import pytest

from risk_model.measures.reader import read_measures
from risk_model.scoring.evaluating import create_current_values
from risk_model.warehouse.engine import rows
from tests.scoring.kit import URN, Bench, Figure

MEASURE = "persistent_absence_rank_pct"
SUMMER_2024, SUMMER_2025 = date(2024, 8, 31), date(2025, 8, 31)


def figure(value: float | None, on: date | None, period: str, missing: str | None = None) -> Figure:
    return Figure(MEASURE, value=value, missing=missing, on=on, period=period)


_OF_THE_MEASURE = f"measure_no = (select measure_no from measure_numbers where measure_id = '{MEASURE}')"


def current(bench: Bench, figures: Sequence[Figure]) -> dict[str, object]:
    """The one figure of the school that counts, whatever the order of the rows."""
    found = []
    for given in (figures, figures[::-1]):
        bench.place({URN: "primary"}, {URN: given})
        create_current_values(bench.con)
        (row,) = rows(bench.con, "select * from current_values where " + _OF_THE_MEASURE)
        found.append(row)
    assert found[0] == found[1]
    return found[0]


COUNTS = [
    (
        "the later day",
        [figure(1, SUMMER_2024, "2023-2024"), figure(2, SUMMER_2025, "2024-2025")],
        (2.0, "2024-2025"),
    ),
    # a day is more than any number of periods: the third period here stands for the earlier day
    (
        "the later day by one, of an earlier period",
        [
            figure(1, SUMMER_2025.replace(day=30), "2024-2025"),
            figure(None, SUMMER_2024, "2023-2024", "suppressed"),
            figure(2, SUMMER_2025, "2022-2023"),
        ],
        (2.0, "2022-2023"),
    ),
    (
        "the later period of the same day",
        [figure(1, SUMMER_2025, "2023-2024"), figure(2, SUMMER_2025, "2024-2025")],
        (2.0, "2024-2025"),
    ),
    # the register has no day of its own
    ("a day before none", [figure(1, None, "register"), figure(2, SUMMER_2024, "2023-2024")], (2.0, "2023-2024")),
    (
        "an older value before a newer reason",
        [figure(None, SUMMER_2025, "2024-2025", "suppressed"), figure(2, date(1999, 8, 31), "1998-1999")],
        (2.0, "1998-1999"),
    ),
    (
        "a value without a day before a reason",
        [figure(None, SUMMER_2025, "2024-2025", "blank"), figure(2, None, "register")],
        (2.0, "register"),
    ),
    (
        "the later of two reasons",
        [figure(None, SUMMER_2024, "2023-2024", "blank"), figure(None, SUMMER_2025, "2024-2025", "suppressed")],
        ("suppressed", "2024-2025"),
    ),
]


@pytest.mark.parametrize(
    ("figures", "expected"), [pytest.param(f, e, id=name.replace(" ", "_")) for name, f, e in COUNTS]
)
def test_of_several_figures_one_counts(bench: Bench, figures: list[Figure], expected: tuple[float | str, str]) -> None:
    found = current(bench, figures)
    assert (found["missing_reason"] or found["value"], found["period"]) == expected


def test_figures_are_rounded_to_six_decimals_and_none_is_minus_nought(bench: Bench) -> None:
    given = Figure(MEASURE, value=-0.0000004, lower=-0.0000004, upper=-0.0000004)
    found = current(bench, [given])
    for name in ("value", "lower", "upper"):
        assert found[name] == 0
        assert copysign(1, found[name]) == 1  # type: ignore[arg-type]
    given = Figure(MEASURE, value=12.3456785, lower=-12.3456785, upper=0.0000005)
    found = current(bench, [given])
    assert (found["value"], found["lower"], found["upper"]) == (12.345679, -12.345679, 0.000001)


def test_each_school_and_measure_has_its_own(bench: Bench) -> None:
    other = Figure("suspensions_rank_pct", value=7.0)
    bench.place({URN: "primary", "110002": "primary"}, {URN: [figure(1, None, "a"), other], "110002": [other]})
    create_current_values(bench.con)
    found = rows(bench.con, _KNOWN)
    assert [tuple(row.values()) for row in found] == [
        (URN, MEASURE, 1.0),
        (URN, "suspensions_rank_pct", 7.0),
        ("110002", "suspensions_rank_pct", 7.0),
    ]


def test_every_school_has_a_row_of_every_measure_that_says_why_there_is_no_figure(bench: Bench) -> None:
    schools = {URN: "primary", "110002": "special", "110003": "secondary"}
    bench.place(schools, {URN: [figure(None, None, "a", "suppressed")], "110002": [figure(3, None, "a")]})
    create_current_values(bench.con)
    assert rows(bench.con, _COUNTED) == [
        {"urn": urn, "phase": phase, "measures": len(read_measures()), "are_known": urn == "110002", "weight": 1.0}
        for urn, phase in schools.items()
    ]
    found = {(row["urn"], row["measure_id"]): row["missing_reason"] for row in rows(bench.con, _REASONS)}
    assert found.pop((URN, MEASURE)) == "suppressed"
    assert found.pop(("110002", MEASURE)) is None
    # of the others no school has a row; but levels are carried forward, and are never "not loaded"
    absent = {"110003": MEASURE, "outcomes": "outcomes_level_score", "leadership": "leadership_level_score"}.values()
    assert {reason for (_, measure), reason in found.items() if measure in absent} == {"not_in_release"}
    assert {reason for (_, measure), reason in found.items() if measure not in absent} == {"not_loaded"}


_NAMED = (
    "from current_values as v inner join numbered_schools as s using (school_no) "
    "inner join measure_numbers as n using (measure_no)"
)
_KNOWN = f"select s.urn, n.measure_id, v.value {_NAMED} where v.value is not null order by all"
_REASONS = f"select s.urn, n.measure_id, v.missing_reason {_NAMED}"
_COUNTED = f"""
    select s.urn, any_value(v.phase) as phase, count(*) as measures, bool_or(v.value is not null) as are_known,
           min(v.weight) as weight
    {_NAMED}
    group by s.urn
    order by s.urn"""
