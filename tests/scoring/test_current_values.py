"""Of several figures of one measure the latest that has a value counts; rounded to six decimals, and none is -0."""

from collections.abc import Sequence
from datetime import date
from math import copysign

import pytest

from risk_model.scoring.evaluating import create_current_values
from risk_model.warehouse.engine import rows
from tests.scoring.kit import URN, Bench, Figure

MEASURE = "persistent_absence_rank_pct"
SUMMER_2024, SUMMER_2025 = date(2024, 8, 31), date(2025, 8, 31)


def figure(value: float | None, on: date | None, period: str, missing: str | None = None) -> Figure:
    return Figure(MEASURE, value=value, missing=missing, on=on, period=period)


def current(bench: Bench, figures: Sequence[Figure]) -> dict[str, object]:
    """The one figure of the school that counts, whatever the order of the rows."""
    found = []
    for given in (figures, figures[::-1]):
        bench.place({URN: "primary"}, {URN: given})
        create_current_values(bench.con)
        (row,) = rows(bench.con, "select * from current_values")
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
    found = rows(
        bench.con,
        "select s.urn, n.measure_id, v.value from current_values as v inner join numbered_schools as s "
        "using (school_no) inner join measure_numbers as n using (measure_no) order by all",
    )
    assert [tuple(row.values()) for row in found] == [
        (URN, MEASURE, 1.0),
        (URN, "suspensions_rank_pct", 7.0),
        ("110002", "suspensions_rank_pct", 7.0),
    ]
