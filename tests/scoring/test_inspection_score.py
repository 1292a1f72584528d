"""The order of schools: every line of the list on a handful of figures, the sums worked out by hand."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from risk_model.rules.reader import PHASES, read_rules
from risk_model.scoring.evaluating import create_current_values
from risk_model.scoring.inspection_score import create_score_points, lines_on
from risk_model.warehouse.engine import rows
from tests.scoring.kit import AS_AT, OTHER, URN, Bench, Figure, open_bench

Points = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with open_bench() as opened:
        yield opened


def points(bench: Bench, figures: Sequence[Figure], phase: str = "primary", as_at: date = AS_AT) -> Points:
    """The lines of one school; a second one has no figure at all."""
    bench.place({URN: phase, OTHER: phase}, {URN: figures})
    create_current_values(bench.con)
    create_score_points(bench.con, read_rules(), as_at)
    found = rows(bench.con, "select * from score_points where urn = $urn", {"urn": URN})
    assert len({row["part_id"] for row in found}) == len(found)
    return {row["part_id"]: row for row in found}


def of(bench: Bench, part: str, figures: Sequence[Figure], phase: str = "primary", as_at: date = AS_AT) -> int:
    found: int = points(bench, figures, phase, as_at)[part]["points"]
    return found


# one point for every full tenth of schools above it: 100 - 71 = 29 is two tenths
TENTHS = [(100.0, 0), (90.000001, 0), (90.0, 1), (71.0, 2), (50.0, 5), (10.000001, 8), (10.0, 9), (0.0, 9)]
TENTH_LINES = [
    ("S1", "rwm_newest_rank_pct", "primary"),
    ("S2", "rwm_newest_similar_rank_pct", "junior"),
    ("S3", "ks2_progress_rank_pct", "middle"),
    ("S4", "progress8_rank_pct", "secondary"),
    ("S5", "progress8_similar_rank_pct", "all-through"),
]
FIFTHS = [(100.0, 0), (80.000001, 0), (80.0, 1), (45.0, 2), (20.0, 4), (0.0, 4)]
FIFTH_LINES = [("S6", "attainment8_rank_pct"), ("S7", "attainment8_similar_rank_pct")]


@pytest.mark.parametrize(("part", "measure", "phase"), TENTH_LINES)
@pytest.mark.parametrize(("value", "expected"), TENTHS)
def test_a_point_for_every_tenth_that_did_better(
    bench: Bench, part: str, measure: str, phase: str, value: float, expected: int
) -> None:
    assert of(bench, part, [Figure(measure, value)], phase) == expected


@pytest.mark.parametrize(("part", "measure"), FIFTH_LINES)
@pytest.mark.parametrize(("value", "expected"), FIFTHS)
def test_a_point_for_every_fifth_that_did_better(
    bench: Bench, part: str, measure: str, value: float, expected: int
) -> None:
    assert of(bench, part, [Figure(measure, value)], "secondary") == expected


@pytest.mark.parametrize(("value", "expected"), [(0.0, 0), (39.9, 0), (40.0, 1), (79.9, 1), (80.0, 2), (100.0, 2)])
def test_absence_counts_a_point_or_two(bench: Bench, value: float, expected: int) -> None:
    assert of(bench, "S8", [Figure("persistent_absence_similar_rank_pct", value)]) == expected


@pytest.mark.parametrize(
    ("part", "measure", "value", "expected"),
    [
        ("S9", "last_outstanding_count", 1.0, -5),
        ("S9", "last_outstanding_count", 0.0, 0),
        ("S10", "ungraded_warning_score", 1.0, 5),
        ("S10", "ungraded_warning_score", 0.0, 0),
        # improving is no warning, and no credit either
        ("S10", "ungraded_warning_score", -1.0, 0),
    ],
)
def test_outstanding_takes_points_away_and_a_warning_adds_some(
    bench: Bench, part: str, measure: str, value: float, expected: int
) -> None:
    assert of(bench, part, [Figure(measure, value)]) == expected


@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_has_its_points(bench: Bench, phase: str) -> None:
    found = points(bench, [], phase)
    has_them = phase in {"secondary", "all-through", "special", "alternative provision"}
    assert ("S11" in found) == has_them
    if has_them:
        assert found["S11"]["points"] == 5


@pytest.mark.parametrize("phase", PHASES)
def test_a_school_of_which_nothing_is_known_stands_in_the_middle_and_says_so(bench: Bench, phase: str) -> None:
    found = points(bench, [], phase)
    unknown = [row for part, row in found.items() if part != "S11"]
    # three lines on results at 5; or two at 5 and two at 2 in secondary schools; and 1 for absence
    assert sum(row["points"] for row in unknown) == (15 if phase in ("secondary", "all-through") else 16)
    assert {row["is_known"] for row in unknown} == {False}
    assert {row["missing_reason"] for row in unknown} == {"not_loaded"}


@pytest.mark.parametrize("reason", ["suppressed", "too_few_pupils", "not_published_that_year"])
def test_the_reason_of_an_unknown_figure_is_kept(bench: Bench, reason: str) -> None:
    row = points(bench, [Figure("rwm_newest_rank_pct", missing=reason)])["S1"]
    assert (row["points"], row["is_known"], row["missing_reason"], row["value"]) == (5, False, reason, None)


def test_another_measure_is_read_instead_of_one_that_is_not_known(bench: Bench) -> None:
    instead = Figure("attainment8_rank_pct", 30.0)
    row = points(bench, [instead], "secondary")["S4"]
    assert (row["measure_id"], row["points"], row["is_known"]) == ("attainment8_rank_pct", 7, True)
    both = points(bench, [instead, Figure("progress8_rank_pct", 90.0)], "secondary")["S4"]
    assert (both["measure_id"], both["points"]) == ("progress8_rank_pct", 1)


def test_three_years_together_are_read_where_one_year_is_not_known(bench: Bench) -> None:
    together = Figure("rwm_rank_pct", 30.0)
    row = points(bench, [together])["S1"]
    assert (row["measure_id"], row["points"], row["is_known"]) == ("rwm_rank_pct", 7, True)
    both = points(bench, [together, Figure("rwm_newest_rank_pct", 90.0)])["S1"]
    assert (both["measure_id"], both["points"]) == ("rwm_newest_rank_pct", 1)


def test_a_figure_that_is_too_old_counts_as_not_known(bench: Bench) -> None:
    # three years of absence: 1,096 days
    young = Figure("persistent_absence_similar_rank_pct", 95.0, on=date(2023, 1, 1))
    old = Figure("persistent_absence_similar_rank_pct", 95.0, on=date(2022, 12, 31))
    assert of(bench, "S8", [young]) == 2
    row = points(bench, [old])["S8"]
    assert (row["points"], row["is_known"], row["missing_reason"]) == (1, False, "stale")


def test_an_old_progress_8_gives_way_to_attainment_8(bench: Bench) -> None:
    old = Figure("progress8_similar_rank_pct", 90.0, on=date(2019, 8, 31))
    row = points(bench, [old, Figure("attainment8_similar_rank_pct", 20.0)], "secondary")["S5"]
    assert (row["measure_id"], row["points"]) == ("attainment8_similar_rank_pct", 8)


def test_a_line_counts_from_its_date_on() -> None:
    # warnings of ungraded inspections exist since September 2015
    assert "S10" not in {line.part.id for line in lines_on(read_rules(), date(2015, 8, 31))}
    assert "S10" in {line.part.id for line in lines_on(read_rules(), date(2015, 9, 1))}


def test_every_school_has_every_line_of_its_phase(bench: Bench) -> None:
    schools = {str(110001 + n): phase for n, phase in enumerate(PHASES)}
    bench.place(schools, {})
    create_current_values(bench.con)
    create_score_points(bench.con, read_rules(), AS_AT)
    found = rows(bench.con, "select urn, count(*) as lines from score_points group by urn")
    lines = lines_on(read_rules(), AS_AT)
    expected = {
        urn: sum("all" in line.part.phases or phase in line.part.phases for line in lines)
        for urn, phase in schools.items()
    }
    assert {row["urn"]: row["lines"] for row in found} == expected


def test_a_rule_set_without_a_list_leaves_none(bench: Bench) -> None:
    bench.place({URN: "primary"}, {URN: [Figure("rwm_rank_pct", 10.0)]})
    create_current_values(bench.con)
    create_score_points(bench.con, read_rules().model_copy(update={"score": ()}), AS_AT)
    assert rows(bench.con, "select * from score_points") == []
    assert rows(bench.con, "select * from score_parts") == []


def test_the_ends_of_a_line_hold_whatever_the_figure(bench: Bench) -> None:
    ends = {line.part.id: line.range for line in lines_on(read_rules(), AS_AT)}
    for value in (-1000.0, 0.0, 1.0, 50.0, 1000.0):
        for phase in ("primary", "secondary"):
            figures = [Figure(m, value) for line in read_rules().score for m in line.measures]
            for part, row in points(bench, figures, phase).items():
                fewest, most = ends[part]
                assert fewest <= row["points"] <= most
