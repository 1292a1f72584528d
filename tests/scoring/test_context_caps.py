"""Low attainment counts for one point at most where similar schools do no better."""

from datetime import date

import pytest

from risk_model.rules.reader import read_rules
from tests.scoring.kit import RESULTS_DAY, Bench, Figure

# rule, its measure, the phase, and the measure that caps it
CAPPED = {
    "O1": ("rwm_expected_gap_pp", "primary", "rwm_similar_rank_pct"),
    "O4": ("rwm_disadvantaged_gap_pp", "primary", "rwm_disadvantaged_similar_rank_pct"),
    "O8": ("basics_grade5_gap_pp", "secondary", "attainment8_similar_rank_pct"),
}


def low(measure: str) -> Figure:
    """Twelve points below national, by more than chance."""
    return Figure(measure, value=-12.0, lower=-20.0, upper=-4.0, figure=40.0, benchmark=52.0, n=90)


def among_similar(measure: str, rank: float | None, on: date = RESULTS_DAY) -> Figure:
    missing = "no_similar_schools" if rank is None else None
    return Figure(measure, value=rank, missing=missing, on=on)


@pytest.mark.parametrize("rule_id", CAPPED)
@pytest.mark.parametrize(
    ("rank", "on", "points"),
    [
        (50.0, RESULTS_DAY, 1.0),
        (96.0, RESULTS_DAY, 1.0),
        (49.9, RESULTS_DAY, 2.0),
        (0.0, RESULTS_DAY, 2.0),
        (None, RESULTS_DAY, 2.0),
        # older results than those that are low excuse nothing
        (96.0, date(2024, 8, 31), 2.0),
    ],
    ids=["the median", "far above", "just under the median", "the lowest", "not known", "older results"],
)
def test_low_attainment_is_one_point_where_similar_schools_do_no_better(
    bench: Bench, rule_id: str, rank: float | None, on: date, points: float
) -> None:
    measure, phase, cap = CAPPED[rule_id]
    found = bench.judge((low(measure), among_similar(cap, rank, on)), phase=phase, only=rule_id)[rule_id]
    assert (found.status, found.points, found.is_capped) == ("raised", points, points == 1.0)
    # what similar schools explain is not counted as a fall below national beyond chance
    assert found.is_significant == (points == 2.0)


@pytest.mark.parametrize("rule_id", CAPPED)
def test_a_cap_never_adds_a_point(bench: Bench, rule_id: str) -> None:
    measure, phase, cap = CAPPED[rule_id]
    fine = Figure(measure, value=3.0, lower=-4.0, upper=10.0, figure=55.0, benchmark=52.0, n=90)
    for rank in (0.0, 50.0, 100.0):
        found = bench.judge((fine, among_similar(cap, rank)), phase=phase, only=rule_id)[rule_id]
        assert (found.status, found.points) == ("clear", 0.0)


def test_every_rule_on_absolute_attainment_of_all_pupils_has_a_cap() -> None:
    caps = {
        rule.id: threshold.cap.measure for rule in read_rules().rules for threshold in rule.threshold if threshold.cap
    }
    assert {rule_id: cap for rule_id, (_, _, cap) in CAPPED.items()}.items() <= caps.items()
    assert all(measure.endswith("_similar_rank_pct") for measure in caps.values())
