"""Statement 1: each rule on its threshold, just beside it, missing, old, small, capped. Expected values by hand."""

from datetime import date, timedelta

import pytest

from tests.scoring.kit import ABSENT, AS_AT, Bench, Case, Figure, check, missing_cases, named

DAY = timedelta(days=1)
# the file that lacks a year: results of summer 2023 are older than two years at the end of 2025
SUMMER_2023 = date(2023, 8, 31)
TWO_YEARS_ON = date(2025, 8, 31)


def gap(value: float, *, upper: float, weight: float = 1.0) -> Figure:
    """Reading, writing and maths against national; only the upper limit decides."""
    return Figure(
        "rwm_expected_gap_pp",
        value=value,
        lower=value - 10,
        upper=upper,
        figure=62 + value,
        benchmark=62.0,
        n=90,
        weight=weight,
        caveat="small cohort" if weight < 1 else None,
    )


O1 = [
    Case("whole interval below", (gap(-12, upper=-1),), "raised", 2, significant=True, core=True),
    # the interval is compared at six decimals: -0.000001 is below, 0 is not
    Case("interval just below", (gap(-12, upper=-0.000001),), "raised", 2, significant=True, core=True),
    Case("interval touches national", (gap(-12, upper=0),), "raised", 1, core=True),
    Case("small gap beyond chance", (gap(-0.1, upper=-0.01),), "raised", 2, significant=True, core=True),
    Case("exactly five below by chance", (gap(-5, upper=3),), "raised", 1, core=True),
    # -4.9 + 5 <= 2: near the second threshold
    Case("just under five below", (gap(-4.9, upper=3),), "clear", near=True, core=True),
    Case("far above", (gap(12, upper=20),), "clear", core=True),
    # 5.1 + 5 > 2
    Case("just beyond near", (gap(5.1, upper=9),), "clear", core=True),
    # 2 points x 1/2; half a proof is not a proof
    Case("small cohort beyond chance", (gap(-25, upper=-2, weight=0.5),), "raised", 1, core=True),
    Case("small cohort by chance", (gap(-9, upper=2, weight=0.5),), "raised", 0.5, core=True),
    Case("junior", (gap(-12, upper=-1),), "raised", 2, significant=True, core=True, phase="junior"),
    Case("all-through", (gap(-12, upper=-1),), "raised", 2, significant=True, core=True, phase="all-through"),
    Case("wrong phase secondary", (gap(-12, upper=-1),), ABSENT, phase="secondary"),
    Case("wrong phase infant", (gap(-12, upper=-1),), ABSENT, phase="infant"),
    Case("wrong phase special", (gap(-12, upper=-1),), ABSENT, phase="special"),
    Case("day before it is in force", (gap(-12, upper=-1),), ABSENT, as_at=date(2016, 8, 31)),
    Case(
        "first day in force",
        (gap(-12, upper=-1),),
        "raised",
        2,
        significant=True,
        core=True,
        as_at=date(2016, 9, 1),
    ),
    *missing_cases(
        "rwm_expected_gap_pp", "suppressed", "too_few_pupils", "no_benchmark", "not_published", "low_coverage"
    ),
]


@pytest.mark.parametrize("case", named(O1))
def test_o1(bench: Bench, case: Case) -> None:
    got = check(bench, "O1", case)
    if case.name == "whole interval below":
        assert got is not None
        # 62 - 12 = 50
        assert got.sentence == (
            "50% reached the expected standard in reading, writing and maths over the last three results years, "
            "against 62% nationally (90 pupils, to 2024-25)."
        )
    if case.name == "small cohort beyond chance":
        assert got is not None
        assert got.sentence.endswith("Note: small cohort.")


def progress(value: float, on: date = date(2024, 8, 31)) -> Figure:
    return Figure("ks2_progress_below_count", value=value, figure=-2.5, on=on, period="2023-2024")


O3 = [
    Case("two subjects", (progress(2),), "raised", 2, significant=True, core=True),
    Case("one well below counts as two", (progress(3),), "raised", 2, significant=True, core=True),
    Case("one subject", (progress(1),), "raised", 1, core=True),
    Case("none", (progress(0),), "clear", core=True),
    Case("older than two years", (progress(3, SUMMER_2023),), "not assessed", reason="stale"),
    Case(
        "exactly two years old",
        (progress(3, SUMMER_2023),),
        "raised",
        2,
        significant=True,
        core=True,
        as_at=TWO_YEARS_ON,
    ),
    Case("one subject two years old", (progress(1, SUMMER_2023),), "raised", 1, core=True, as_at=TWO_YEARS_ON),
    Case(
        "two years and a day",
        (progress(3, SUMMER_2023),),
        "not assessed",
        reason="stale",
        as_at=TWO_YEARS_ON + DAY,
    ),
    Case(
        "an older year stands in for a missing one",
        (progress(2), Figure("ks2_progress_below_count", missing="not_published")),
        "raised",
        2,
        significant=True,
        core=True,
    ),
    Case("wrong phase", (progress(3),), ABSENT, phase="secondary"),
    *missing_cases("ks2_progress_below_count", "not_published", "suppressed", "not_in_file"),
]


@pytest.mark.parametrize("case", named(O3))
def test_o3(bench: Bench, case: Case) -> None:
    check(bench, "O3", case)


def disadvantaged(value: float, *, upper: float, weight: float = 1.0) -> Figure:
    return Figure(
        "rwm_disadvantaged_gap_pp",
        value=value,
        lower=value - 15,
        upper=upper,
        figure=46 + value,
        weight=weight,
    )


O4 = [
    Case("whole interval below", (disadvantaged(-20, upper=-1),), "raised", 2, significant=True),
    Case("interval touches national", (disadvantaged(-20, upper=0),), "raised", 1),
    Case("tiny gap beyond chance", (disadvantaged(-0.1, upper=-0.01),), "raised", 2, significant=True),
    Case("exactly eight below by chance", (disadvantaged(-8, upper=4),), "raised", 1),
    # -7.9 + 8 <= 2
    Case("just under eight below", (disadvantaged(-7.9, upper=4),), "clear", near=True),
    # -5.5 + 8 > 2
    Case("beyond near", (disadvantaged(-5.5, upper=4),), "clear"),
    Case("above", (disadvantaged(8, upper=20),), "clear"),
    Case("small group", (disadvantaged(-30, upper=-2, weight=0.5),), "raised", 1),
    Case("wrong phase", (disadvantaged(-20, upper=-1),), ABSENT, phase="first"),
    *missing_cases("rwm_disadvantaged_gap_pp", "suppressed", "too_few_pupils", "not_in_file", "no_benchmark"),
]


@pytest.mark.parametrize("case", named(O4))
def test_o4(bench: Bench, case: Case) -> None:
    check(bench, "O4", case)


def rank(value: float) -> Figure:
    return Figure("attainment8_rank_pct", value=value, figure=38.2, benchmark=46.1)


def similar(value: float | None, on: date = date(2025, 8, 31)) -> Figure:
    missing = "no_ranking" if value is None else None
    return Figure("attainment8_similar_rank_pct", value=value, missing=missing, on=on)


def secondary(*args: object, **more: object) -> Case:
    return Case(*args, **{"phase": "secondary", **more})  # type: ignore[arg-type]


O6 = [
    secondary("lowest tenth", (rank(10),), "raised", 2, core=True),
    secondary("just above a tenth", (rank(10.1),), "raised", 1, core=True),
    secondary("lowest fifth", (rank(20),), "raised", 1, core=True),
    secondary("just above a fifth", (rank(20.1),), "clear", near=True, core=True),
    secondary("last of the near ones", (rank(25),), "clear", near=True, core=True),
    secondary("beyond near", (rank(25.1),), "clear", core=True),
    secondary("very lowest", (rank(0),), "raised", 2, core=True),
    secondary("capped at the median of similar schools", (rank(5), similar(50)), "raised", 1, capped=True, core=True),
    secondary("just under the median of similar schools", (rank(5), similar(49.9)), "raised", 2, core=True),
    secondary("similar schools not known", (rank(5), similar(None)), "raised", 2, core=True),
    # one point is not above the cap, so nothing was taken away
    secondary("one point is not capped", (rank(15), similar(90)), "raised", 1, core=True),
    secondary("a cap from older results", (rank(5), similar(90, date(2019, 8, 31))), "raised", 2, core=True),
    secondary("all-through", (rank(10),), "raised", 2, core=True, phase="all-through"),
    secondary("wrong phase primary", (rank(5),), ABSENT, phase="primary"),
    secondary("wrong phase middle", (rank(5),), ABSENT, phase="middle"),
    *missing_cases("attainment8_rank_pct", "no_ranking", "suppressed", "new_school", phase="secondary"),
]


@pytest.mark.parametrize("case", named(O6))
def test_o6(bench: Bench, case: Case) -> None:
    got = check(bench, "O6", case)
    if case.name == "capped at the median of similar schools":
        assert got is not None
        assert "One point at most" in got.sentence


def progress8(value: float, *, upper: float | None, on: date = date(2024, 8, 31)) -> Figure:
    lower = None if upper is None else 2 * value - upper
    return Figure("progress8_score", value=value, lower=lower, upper=upper, on=on, period="2023-2024")


O7 = [
    secondary("half a grade below", (progress8(-0.5, upper=-0.1),), "raised", 3, significant=True, core=True),
    secondary("just above half a grade", (progress8(-0.49, upper=-0.1),), "raised", 2, significant=True, core=True),
    secondary("a quarter below", (progress8(-0.25, upper=-0.01),), "raised", 2, significant=True, core=True),
    # one point is no two-point rule, so it proves nothing for the level
    secondary("just above a quarter", (progress8(-0.24, upper=-0.01),), "raised", 1, core=True),
    secondary("interval touches average", (progress8(-0.6, upper=0),), "clear", near=True, core=True),
    secondary("about average", (progress8(0.05, upper=0.3),), "clear", core=True),
    secondary("above average", (progress8(0.4, upper=0.7),), "clear", core=True),
    # older than two years: 3 x 1/2, 2 x 1/2, 1 x 1/2; never a proof
    secondary("old half a grade", (progress8(-0.6, upper=-0.2, on=SUMMER_2023),), "raised", 1.5, core=True),
    secondary("old quarter", (progress8(-0.3, upper=-0.1, on=SUMMER_2023),), "raised", 1, core=True),
    secondary("old below average", (progress8(-0.2, upper=-0.1, on=SUMMER_2023),), "raised", 0.5, core=True),
    secondary(
        "exactly two years old",
        (progress8(-0.6, upper=-0.2, on=SUMMER_2023),),
        "raised",
        3,
        significant=True,
        core=True,
        as_at=TWO_YEARS_ON,
    ),
    secondary(
        "a quarter below two years ago",
        (progress8(-0.3, upper=-0.1, on=SUMMER_2023),),
        "raised",
        2,
        significant=True,
        core=True,
        as_at=TWO_YEARS_ON,
    ),
    secondary(
        "below average two years ago",
        (progress8(-0.2, upper=-0.1, on=SUMMER_2023),),
        "raised",
        1,
        core=True,
        as_at=TWO_YEARS_ON,
    ),
    secondary(
        "not published this year, so the last one",
        (progress8(-0.3, upper=-0.1), Figure("progress8_score", missing="not_published")),
        "raised",
        2,
        significant=True,
        core=True,
    ),
    # without limits nobody can say whether -0.9 is chance: not assessed, and never clear
    secondary("no limits", (progress8(-0.9, upper=None),), "not assessed", reason="not_in_file"),
    secondary("wrong phase", (progress8(-0.9, upper=-0.5),), ABSENT, phase="primary"),
    *missing_cases("progress8_score", "not_published", "suppressed", "low_coverage", phase="secondary"),
]


@pytest.mark.parametrize("case", named(O7))
def test_o7(bench: Bench, case: Case) -> None:
    got = check(bench, "O7", case)
    if case.name == "old half a grade":
        assert got is not None
        assert got.sentence.startswith("Progress 8 was -0.60, between -1.00 and -0.20 (2023-24)")
        assert "Older evidence" in got.sentence


def grade5(value: float, *, upper: float, weight: float = 1.0) -> Figure:
    return Figure("basics_grade5_gap_pp", value=value, lower=value - 9, upper=upper, figure=46 + value, weight=weight)


O8 = [
    secondary("whole interval below", (grade5(-15, upper=-2),), "raised", 2, significant=True),
    secondary("interval touches national", (grade5(-15, upper=0),), "raised", 1),
    secondary("tiny gap beyond chance", (grade5(-0.1, upper=-0.01),), "raised", 2, significant=True),
    secondary("exactly five below by chance", (grade5(-5, upper=2),), "raised", 1),
    secondary("just under five below", (grade5(-4.9, upper=2),), "clear", near=True),
    secondary("above", (grade5(9, upper=15),), "clear"),
    # two points capped at one: no longer a proof either
    secondary("capped", (grade5(-15, upper=-2), similar(50)), "raised", 1, capped=True),
    secondary("just not capped", (grade5(-15, upper=-2), similar(49.9)), "raised", 2, significant=True),
    secondary("small cohort", (grade5(-40, upper=-2, weight=0.5),), "raised", 1),
    secondary("wrong phase", (grade5(-15, upper=-2),), ABSENT, phase="junior"),
    secondary("before it is in force", (grade5(-15, upper=-2),), ABSENT, as_at=date(2017, 8, 31)),
    *missing_cases("basics_grade5_gap_pp", "suppressed", "not_in_file", "no_benchmark", phase="secondary"),
]


@pytest.mark.parametrize("case", named(O8))
def test_o8(bench: Bench, case: Case) -> None:
    check(bench, "O8", case)


def absent(value: float, on: date = date(2024, 8, 31)) -> Figure:
    return Figure("persistent_absence_rank_pct", value=value, figure=27.4, on=on, period=f"{on.year - 1}-{on.year}")


def change(value: float, on: date = date(2024, 8, 31)) -> Figure:
    return Figure("persistent_absence_gap_change_pp", value=value, on=on, period=f"{on.year - 1}-{on.year}")


FOUR_YEARS_BEFORE = date(2021, 12, 31)
O10 = [
    Case("highest tenth", (absent(90),), "raised", 2),
    Case("just under a tenth", (absent(89.9),), "raised", 1),
    Case("highest fifth", (absent(80),), "raised", 1),
    Case("just under a fifth", (absent(79.9),), "clear", near=True),
    Case("beyond near", (absent(74.9),), "clear"),
    Case("lowest", (absent(0),), "clear"),
    # |85 - 90| <= 5: still close to the highest tenth
    Case("highest fifth but improving by a point", (absent(85), change(-1)), "clear", near=True),
    Case("highest fifth and improving a little", (absent(85), change(-0.9)), "raised", 1),
    Case("highest tenth although improving", (absent(92), change(-5)), "raised", 2),
    Case("improved five years before", (absent(85), change(-4, date(2019, 8, 31))), "raised", 1),
    Case("exactly four years old", (absent(95, FOUR_YEARS_BEFORE),), "raised", 2),
    Case("highest fifth four years ago", (absent(85, FOUR_YEARS_BEFORE),), "raised", 1),
    Case("older than four years", (absent(95, FOUR_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("special", (absent(95),), "raised", 2, phase="special"),
    Case("alternative provision", (absent(95),), "raised", 2, phase="alternative provision"),
    Case("infant", (absent(95),), "raised", 2, phase="infant"),
    Case("wrong phase", (absent(95),), ABSENT, phase="nursery"),
    *missing_cases("persistent_absence_rank_pct", "suppressed", "no_ranking", "not_in_file"),
]


@pytest.mark.parametrize("case", named(O10))
def test_o10(bench: Bench, case: Case) -> None:
    check(bench, "O10", case)


def rwm_versus_all(value: float) -> Figure:
    return Figure("rwm_disadvantaged_vs_all_pp", value=value, figure=62 + value, benchmark=62.0, n=24)


def attainment_versus_all(value: float | None, missing: str | None = None) -> Figure:
    return Figure("attainment8_disadvantaged_vs_all_score", value=value, missing=missing, n=31)


O14 = [
    Case("as well as all", (rwm_versus_all(0),), "protective", -1),
    Case("just under all", (rwm_versus_all(-0.1),), "clear"),
    Case("far better", (rwm_versus_all(20),), "protective", -1),
    secondary("as well as all in secondary", (attainment_versus_all(0),), "protective", -1),
    secondary("just under all in secondary", (attainment_versus_all(-0.1),), "clear"),
    # the reason is that of the figure which the school could have, not of the one of the other phase
    secondary(
        "too few in secondary",
        (attainment_versus_all(None, "too_few_pupils"),),
        "not assessed",
        reason="too_few_pupils",
        others=(rwm_versus_all(1),),
    ),
    # an all-through school protects once, by the first that fits
    Case(
        "both in an all-through school",
        (rwm_versus_all(1), attainment_versus_all(1)),
        "protective",
        -1,
        phase="all-through",
    ),
    Case("wrong phase", (rwm_versus_all(5),), ABSENT, phase="infant"),
    *missing_cases("rwm_disadvantaged_vs_all_pp", "too_few_pupils", "suppressed", "no_benchmark"),
]


@pytest.mark.parametrize("case", named(O14))
def test_o14(bench: Bench, case: Case) -> None:
    check(bench, "O14", case)


def test_a_rule_of_another_phase_leaves_no_row_but_every_rule_of_the_phase_leaves_one(bench: Bench) -> None:
    found = bench.judge((), phase="primary", as_at=AS_AT)
    assert [rule for rule in found if rule.startswith("O")] == ["O1", "O10", "O14", "O3", "O4"]
    assert {one.status for one in found.values()} == {"not assessed"}
    assert {one.points for one in found.values()} == {0.0}
