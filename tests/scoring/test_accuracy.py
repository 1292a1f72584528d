"""How often the model is right, against figures worked by hand."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from risk_model.scoring.accuracy import (
    ALL_PHASES,
    TOGETHER,
    Figures,
    Population,
    coverage_band,
    from_json,
    reckon,
    to_json,
)
from risk_model.scoring.resampling import DRAWS, auc, drawn, flagged, measured, tie_starts, whole
from tests.scoring.frames import TEN, frame_of, inspection, ten_times

SCORES = np.array([score for score, _ in TEN])
FAILED = np.array([failed for _, failed in TEN])


def _graded(rows: list[dict[str, object]], name: str = TOGETHER) -> Population:
    question = reckon(frame_of(rows)).question("graded")
    return next(one for one in question.populations if one.name == name)


def _found(figures: Figures, percent: int) -> float | None:
    return next(one for one in figures.cuts if one.percent == percent).found.value


def test_auc_of_ten_is_the_share_of_pairs_in_the_right_order() -> None:
    # failed at 9, 7, 6 and 2 stand above 6, 5, 4 (and one tie: a half) and 1 of the six others: 16.5 of 24 pairs
    assert auc(whole(10), FAILED, tie_starts(SCORES)) == pytest.approx([16.5 / 24])


def test_auc_is_the_one_of_scikit_learn_ties_and_draws_included() -> None:
    random = np.random.default_rng(7)
    scores = np.sort(random.integers(0, 12, 400).astype(float))[::-1]
    failed = random.random(400) < 0.1 + scores / 20
    weights = np.concatenate([whole(400), random.integers(0, 4, (3, 400)).astype(float)])
    expected = [roc_auc_score(failed, scores, sample_weight=one) for one in weights]
    assert auc(weights, failed, tie_starts(scores)) == pytest.approx(expected)


def test_auc_without_any_that_failed_is_no_number() -> None:
    assert np.isnan(auc(whole(10), np.zeros(10, bool), tie_starts(SCORES))).all()


@pytest.mark.parametrize(("percent", "marked"), [(10, 1), (20, 2), (30, 3), (25, 3), (24, 2)])
def test_the_cut_is_the_nearest_number_of_inspections_a_half_upwards(percent: int, marked: int) -> None:
    assert flagged(whole(10), percent).tolist() == [[1.0] * marked + [0.0] * (10 - marked)]


def test_a_draw_is_cut_within_a_school_that_was_drawn_often() -> None:
    # ten in all, two of them flagged: both are draws of the first inspection
    weights = np.array([[3.0, 0.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0]])
    assert flagged(weights, 20).tolist() == [[2.0, *[0.0] * 9]]


def test_schools_are_drawn_whole() -> None:
    blocks = np.concatenate(list(drawn(["a", "b", "a", "c"])))
    assert blocks.shape == (DRAWS, 4)
    assert (blocks[:, 0] == blocks[:, 2]).all()
    # three schools are drawn each time
    assert (blocks[:, 0] + blocks[:, 1] + blocks[:, 3] == 3).all()
    # of a school drawn three times with chance 1/3 the expected number is 1, within 4 standard errors of 0.026
    assert abs(blocks[:, 0].mean() - 1) < 0.11


def test_the_interval_of_a_share_is_near_the_textbook_one() -> None:
    failed = np.array([True] * 40 + [False] * 160)
    found = measured([str(n) for n in range(200)], lambda w: {"rate": (w @ failed)[:, None] / 200})["rate"].estimate(0)
    # 0.2 ± 1.96 × √(0.2 × 0.8 / 200) = 0.2 ± 0.0554
    assert found.value == 0.2
    assert found.low == pytest.approx(0.1446, abs=0.012)
    assert found.high == pytest.approx(0.2554, abs=0.012)


def test_ten_rows_ten_times_give_the_figures_of_ten() -> None:
    figures = _graded(ten_times()).figures
    assert (figures.n, figures.failed, figures.base_rate.value) == (100, 40, 0.4)
    assert figures.auc.value == pytest.approx(16.5 / 24, abs=0.0001)
    found = {one.percent: (one.flagged, one.found.value, one.precision.value) for one in figures.cuts}
    # of a tenth only ten are flagged, which is too few for a precision
    assert found == {10: (10, 0.25, None), 20: (20, 0.25, 0.5), 30: (30, 0.5, 0.6667)}
    assert figures.auc.low < figures.auc.value < figures.auc.high


def test_equal_scores_are_told_apart_by_the_urn_read_from_its_end() -> None:
    # of a hundred equal ones the twenty whose URN ends in 0 or 1 are flagged; all that end in 0, 2 or 3 failed
    rows = [inspection(110_000 + n, 5.0, failed=n % 10 in (0, 2, 3)) for n in range(100)]
    figures = _graded(rows).figures
    assert figures.auc.value == 0.5
    assert _found(figures, 20) == 0.3333


def test_the_order_of_the_frame_does_not_matter() -> None:
    rows = ten_times()
    assert reckon(frame_of(rows)) == reckon(frame_of(rows[::-1]))


def test_a_small_group_is_withheld_and_says_why() -> None:
    small = ten_times(1, region="North East")
    groups = {(one.by, one.value): one.figures for one in _graded([*ten_times(), *small]).groups}
    assert groups["region", "London"].auc.value is not None
    withheld = groups["region", "North East"]
    assert withheld.auc.value is None
    assert withheld.auc.withheld.startswith("Withheld: 4 judged below good, 6 not;")
    assert withheld.base_rate.withheld.startswith("Withheld: 10 inspections;")
    assert {one.found.value for one in withheld.cuts} == {None}


def test_a_group_is_flagged_among_all() -> None:
    # London's ten and, each one point riskier, Leeds's: of 200 the 40 riskiest are 10, 9, 9, 8, of which 20 + 20
    leeds = [
        {**row, "urn": str(int(row["urn"]) + 10_000), "score": row["score"] + 1, "region": "Yorkshire"}
        for row in ten_times()
    ]
    population = _graded([*ten_times(), *leeds])
    groups = {one.value: one.figures for one in population.groups if one.by == "region"}
    # Leeds: 10 F, 9 N, 8 F; London: 9 F, 8 N. The cut at 40 takes the 10s, the 9s, and of the 20 eights the half whose
    # URNs come first from their end: 110100 to 110109 of London and 120200 to 120209 of Leeds take turns, five each.
    assert sum(one.cuts[1].flagged for one in groups.values()) == population.figures.cuts[1].flagged == 40
    assert groups["Yorkshire"].cuts[1].flagged == 25
    assert _found(groups["Yorkshire"], 20) == pytest.approx(15 / 40, abs=0.0001)
    assert _found(groups["London"], 20) == 0.25


def test_calibration_counts_what_failed_at_each_level() -> None:
    rows = [
        {**row, "level": "unlikely" if row["score"] > 6 else "likely" if row["score"] < 4 else "uncertain"}
        for row in ten_times()
    ]
    rates = {one.name: (one.n, one.failed, one.rate.value) for one in _graded(rows).levels}
    # 9 F, 8 N, 7 F | 6 F, 6 N, 5 N, 4 N | 3 N, 2 F, 1 N
    assert rates == {
        "unlikely": (30, 20, 0.6667),
        "uncertain": (40, 10, 0.25),
        "likely": (30, 10, 0.3333),
        "not enough evidence": (0, 0, None),
    }


def test_places_and_phases_are_calibrated_in_their_own_right() -> None:
    rows = [
        {**row, "priority": "priority" if row["score"] >= 8 else "universal", "phase": phase, "level": "likely"}
        for phase in ("primary", "secondary")
        for row in ten_times()
        if phase == "primary" or row["score"] > 5
    ]
    found = _graded([{**row, "urn": f"{n:06d}"} for n, row in enumerate(rows)])
    # 9 F and 8 N of both phases; the rest: primary 2 more of those that failed, and 2; secondary 7 F, 6 F, 6 N
    places = {one.name: (one.n, one.failed) for one in found.places}
    assert places == {"priority": (40, 20), "watch": (0, 0), "find out": (0, 0), "universal": (110, 50)}
    by_phase = {phase: (rates[2].n, rates[2].failed) for phase, rates in found.levels_by_phase.items()}
    assert by_phase == {"primary": (100, 40), "secondary": (50, 30)}


def test_bands_are_tenths_and_never_part_equal_scores() -> None:
    bands = _graded(ten_times()).bands
    assert [one.n for one in bands] == [10, 10, 10, 20, 10, 10, 10, 10, 10]
    assert [one.failed for one in bands] == [10, 0, 10, 10, 0, 0, 0, 10, 0]
    assert (bands[3].lowest, bands[3].highest) == (6.0, 6.0)
    assert bands[3].rate.value == 0.5


def test_baselines_stand_beside_and_what_is_not_known_stands_in_the_middle() -> None:
    rows = [
        {**row, "last_grade": None if row["score"] == 6 else row["score"] // 3, "unit_points": 1} for row in ten_times()
    ]
    baselines = {one.name: one for one in _graded(rows).baselines}
    # grades 3 F | 2 N F | (median 1: 6 F, 6 N) 1 N N N | 0 F N; the failed one at 3 beats 6, at 2 beats 5 and ties 1,
    # at 1 beats 1 and ties 4, at 0 ties 1: 6 + 5.5 + 3 + 0.5 = 15 of 24
    assert baselines["last grade alone"].figures.auc.value == pytest.approx(15 / 24, abs=0.0001)
    assert baselines["last grade alone"].known == 80
    assert baselines["unit weights"].figures.auc.value == 0.5


def test_special_schools_are_counted_apart() -> None:
    rows = [*ten_times(), *({**row, "urn": f"12{n:04d}", "phase": "special"} for n, row in enumerate(ten_times()))]
    assert _graded(rows).figures.n == 100
    everyone = _graded(rows, ALL_PHASES)
    assert everyone.figures.n == 200
    assert {one.by for one in everyone.groups} == {"phase"}


def test_what_is_not_counted_is_counted_by_reason() -> None:
    rows = [
        *ten_times(),
        inspection(100001, 3.0, True, mapping="M2"),
        inspection(100002, 3.0, None),
        inspection(100003, None, True),
    ]
    question = reckon(frame_of(rows)).question("graded")
    assert question.populations[0].figures.n == 100
    assert sorted(question.left_out.values()) == [1, 1, 1]


def test_each_era_answers_its_own_question() -> None:
    cards = [
        {**row, "kind": "report card", "failed_soft": row["score"] > 8, "failed_leadership": row["score"] < 2}
        for row in ten_times()
    ]
    ungraded = [{**row, "kind": "ungraded", "failed": None, "is_warning": row["score"] > 7} for row in ten_times()]
    found = reckon(frame_of([*ten_times(), *cards, *ungraded]))
    failed = {one.id: one.populations[0].figures.failed for one in found.questions}
    assert failed == {
        "graded": 40,
        "report card strict": 40,
        "report card soft": 10,
        "report card leadership": 10,
        "ungraded with a warning": 20,
    }


def test_an_era_without_inspections_has_no_figures() -> None:
    found = reckon(frame_of(ten_times()))
    assert found.question("report card strict").populations == ()


def test_the_figures_come_back_from_their_text() -> None:
    found = reckon(frame_of(ten_times()))
    assert from_json(to_json(found)) == found


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (None, "not known"),
        (0.49, "less than half of the evidence"),
        (0.5, "half to three quarters"),
        (0.75, "three quarters or more"),
    ],
)
def test_coverage_is_said_in_bands(coverage: float | None, words: str) -> None:
    assert coverage_band(coverage) == words
