"""The rules in force as a build keeps them: what each test compares, and which sentence tells what was found."""

from dataclasses import replace
from datetime import date

import pytest

from risk_model.warehouse.engine import rows
from tests.scoring.kit import AS_AT, Bench, Case, Figure, check

INSPECTED = date(2024, 3, 14)
# rule and test; measure, direction, number and points; after how many days it is old
TESTS = [
    # three years are 1095.75 days, two 730.5, four 1461, one 365.25
    ("O1", 1, "rwm_expected_gap_pp", "at_most", 0.0, 2.0, 1096),
    ("O1", 2, "rwm_expected_gap_pp", "at_most", -5.0, 1.0, 1096),
    ("O2", 2, "attainment8_fall_score", "at_least", 4.0, 1.0, 731),
    ("O16", 2, "attainment8_trend_score", "at_most", -2.0, 1.0, 731),
    ("O16", 3, "rwm_trend_pp", "at_least", 4.0, -1.0, 731),
    ("L1", 1, "leadership_concern_score", "at_least", 2.0, 4.0, 1461),
    ("L2", 2, "safeguarding_open_concern_count", "at_least", 1.0, 4.0, None),
    ("L5", 1, "head_changes_count", "at_least", 2.0, 2.0, 366),
    ("L5", 3, "head_in_post_days", "at_most", 730.0, 1.0, 366),
]


@pytest.mark.parametrize("expected", TESTS, ids=[f"{one[0]}-{one[1]}" for one in TESTS])
def test_a_threshold_as_a_row(bench: Bench, expected: tuple[object, ...]) -> None:
    bench.rules_on(AS_AT)
    (found,) = rows(
        bench.con,
        "select rule_id, test_no, measure_id, direction, threshold, points, stale_after_days from tests "
        "where rule_id = $rule_id and test_no = $test_no",
        {"rule_id": expected[0], "test_no": expected[1]},
    )
    assert tuple(found.values()) == expected


# rule; the most points that it gives, and within how many days evidence of it is core evidence
AVAILABLE = [("O1", 2.0, None), ("O14", 0.0, None), ("L1", 4.0, 1096), ("L10", 2.0, 366), ("N10", 0.0, None)]


@pytest.mark.parametrize(("rule_id", "points", "days"), AVAILABLE)
def test_a_rule_as_a_row(bench: Bench, rule_id: str, points: float, days: int | None) -> None:
    bench.rules_on(AS_AT)
    (found,) = rows(
        bench.con, "select points_available, core_within_days from rules where rule_id = $id", {"id": rule_id}
    )
    assert tuple(found.values()) == (points, days)


def told(bench: Bench, rule_id: str, figure: Figure, phase: str = "primary") -> str:
    return bench.judge((figure,), phase=phase, only=rule_id)[rule_id].sentence


def test_what_is_clear_is_never_told_in_the_words_of_what_is_raised(bench: Bench) -> None:
    raised = told(bench, "L1", Figure("leadership_concern_score", value=2.0, on=INSPECTED))
    assert raised == "Leadership was judged inadequate, or in need of urgent improvement (14 March 2024)."
    clear = told(bench, "L1", Figure("leadership_concern_score", value=0.0, on=INSPECTED))
    assert clear == "Inspectors did not find leadership weak at the last inspection that judged it (14 March 2024)."


def test_a_threshold_on_a_measure_of_its_own_tells_it_also_where_it_is_clear(bench: Bench) -> None:
    fall = Figure("attainment8_fall_score", value=1.0, figure=41.0, benchmark=46.0)
    assert told(bench, "O2", fall, "secondary") == (
        "Falls two years running against national in Attainment 8, to below it, come to 1.0 points: "
        "41.0, against 46.0 nationally (2024-25)."
    )


def test_points_that_a_small_cohort_halves_to_the_cap_are_not_called_capped(bench: Bench) -> None:
    # 2 x 1/2 = 1: the cap of one point took nothing away
    low = Figure("rwm_expected_gap_pp", value=-20.0, lower=-30.0, upper=-10.0, figure=40.0, benchmark=60.0, weight=0.5)
    like = Figure("rwm_similar_rank_pct", value=90.0)
    check(bench, "O1", Case("halved", (low, like), "raised", 1, core=True))
    # 2 x 1/2 x 1/2, older than three years as well
    old = replace(low, on=date(2022, 12, 30))
    check(bench, "O1", Case("halved twice", (old, like), "raised", 0.5, core=True))


def test_what_does_not_apply_in_one_way_only_is_not_said_not_to_apply(bench: Bench) -> None:
    missed = Figure("plan_measures_missed_count", missing="not_held")
    on_track = Figure("plan_on_track_count", missing="not_applicable")
    check(bench, "L13", Case("one of two", (missed, on_track), "not assessed", reason="not_held"))
