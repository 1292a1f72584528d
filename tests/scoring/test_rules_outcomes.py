"""Statement 1: each rule on its threshold, just beside it, missing, old, small, capped. Expected values by hand."""

from dataclasses import replace
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
    # -2.9 + 5 > 2
    Case("just beyond near", (gap(-2.9, upper=3),), "clear", core=True),
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
            "50% reached the expected standard in reading, writing and maths over up to three results years, "
            "against 62% nationally (90 pupils, to 2024-25)."
        )
    if case.name == "small cohort beyond chance":
        assert got is not None
        assert got.sentence.endswith("Note: small cohort.")


def fall(value: float, on: date = date(2025, 8, 31)) -> Figure:
    """Two falls in a row together; 0 where there are none."""
    return Figure("rwm_fall_pp", value=value, figure=51.0, benchmark=62.0, n=28, on=on)


def gcse_fall(value: float | None, missing: str | None = None, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("attainment8_fall_score", value=value, missing=missing, figure=40.1, benchmark=45.9, n=150, on=on)


O2 = [
    Case("exactly eight points", (fall(8),), "raised", 1),
    # 8 - 7.9 <= 2
    Case("just under eight", (fall(7.9),), "clear", near=True),
    Case("last of the near ones", (fall(6),), "clear", near=True),
    Case("beyond near", (fall(5.9),), "clear"),
    Case("no two falls", (fall(0),), "clear"),
    Case("a great fall is one point, too", (fall(40),), "raised", 1),
    Case("exactly two years old", (fall(20, SUMMER_2023),), "raised", 1, as_at=TWO_YEARS_ON),
    Case("two years and a day", (fall(20, SUMMER_2023),), "not assessed", reason="stale", as_at=TWO_YEARS_ON + DAY),
    Case("four points of Attainment 8", (gcse_fall(4),), "raised", 1, phase="secondary"),
    Case("just under four", (gcse_fall(3.9),), "clear", near=True, phase="secondary"),
    Case("far under four", (gcse_fall(2.9),), "clear", phase="secondary"),
    Case("both in an all-through school", (fall(9), gcse_fall(5)), "raised", 1, phase="all-through"),
    Case(
        "exactly two years old in secondary",
        (gcse_fall(9, on=SUMMER_2023),),
        "raised",
        1,
        phase="secondary",
        as_at=TWO_YEARS_ON,
    ),
    Case(
        "two years and a day in secondary",
        (gcse_fall(9, on=SUMMER_2023),),
        "not assessed",
        reason="stale",
        phase="secondary",
        as_at=TWO_YEARS_ON + DAY,
    ),
    Case(
        "too few in secondary",
        (gcse_fall(None, "too_few_pupils"),),
        "not assessed",
        reason="too_few_pupils",
        phase="secondary",
        others=(fall(0),),
    ),
    Case("wrong phase", (fall(20),), ABSENT, phase="infant"),
    *missing_cases("rwm_fall_pp", "no_earlier_figure", "too_few_pupils", "suppressed", "no_benchmark"),
]


@pytest.mark.parametrize("case", named(O2))
def test_o2(bench: Bench, case: Case) -> None:
    got = check(bench, "O2", case)
    if case.name == "exactly eight points":
        assert got is not None
        assert got.sentence == (
            "Falls two years running against national in reading, writing and maths, to below it, come to "
            "8.0 percentage points: 51%, against 62% nationally (2024-25)."
        )


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


def weak_years(value: float, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("weak_subject_years_count", value=value, n=3, caveat="in maths", on=on)


THREE_YEARS_BEFORE = date(2022, 12, 31)
O5 = [
    Case("twice", (weak_years(2),), "raised", 1),
    Case("three times", (weak_years(3),), "raised", 1),
    Case("once", (weak_years(1),), "clear", near=True),
    Case("never", (weak_years(0),), "clear"),
    Case("exactly three years old", (weak_years(2, THREE_YEARS_BEFORE),), "raised", 1),
    Case("older than three years", (weak_years(2, THREE_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("wrong phase", (weak_years(3),), ABSENT, phase="secondary"),
    *missing_cases("weak_subject_years_count", "no_earlier_figure", "too_few_pupils", "no_ranking", "suppressed"),
]


@pytest.mark.parametrize("case", named(O5))
def test_o5(bench: Bench, case: Case) -> None:
    got = check(bench, "O5", case)
    if case.name == "twice":
        assert got is not None
        assert got.sentence == (
            "In 2 of the 3 results years that could be ranked, one subject was in the lowest fifth of schools "
            "(to 2024-25). Note: in maths."
        )


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
    # -0.1 + 0.25 > 0.1
    secondary("beyond near and by chance", (progress8(-0.1, upper=0.1),), "clear", core=True),
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
        assert got.sentence.endswith("the national average is about 0. Older evidence: it counts for less.")


def grade5(value: float, *, upper: float, weight: float = 1.0) -> Figure:
    return Figure("basics_grade5_gap_pp", value=value, lower=value - 9, upper=upper, figure=46 + value, weight=weight)


O8 = [
    secondary("whole interval below", (grade5(-15, upper=-2),), "raised", 2, significant=True),
    secondary("interval touches national", (grade5(-15, upper=0),), "raised", 1),
    secondary("tiny gap beyond chance", (grade5(-0.1, upper=-0.01),), "raised", 2, significant=True),
    secondary("exactly five below by chance", (grade5(-5, upper=2),), "raised", 1),
    secondary("just under five below", (grade5(-4.9, upper=2),), "clear", near=True),
    # -2.5 + 5 > 2
    secondary("beyond near", (grade5(-2.5, upper=4),), "clear"),
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


def disadvantaged8(value: float, *, upper: float | None = None, on: date = date(2024, 8, 31)) -> Figure:
    """Progress 8 of disadvantaged pupils; a copy may not have the limits."""
    lower = None if upper is None else 2 * value - upper
    return Figure("progress8_disadvantaged_score", value=value, lower=lower, upper=upper, benchmark=-0.57, on=on)


def disadvantaged_rank(value: float, weight: float = 1.0, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("attainment8_disadvantaged_rank_pct", value=value, figure=29.5, n=88, weight=weight, on=on)


O9 = [
    secondary("three quarters of a grade", (disadvantaged8(-0.75, upper=-0.2),), "raised", 2, significant=True),
    secondary("just above", (disadvantaged8(-0.74, upper=-0.2),), "clear", near=True),
    secondary("beyond near", (disadvantaged8(-0.64, upper=-0.2),), "clear"),
    secondary("it could be chance", (disadvantaged8(-0.9, upper=0),), "raised", 1),
    secondary("limits not published", (disadvantaged8(-0.75),), "raised", 1),
    secondary("limits not published and better", (disadvantaged8(-0.3),), "clear"),
    # older than two years: 2 x 1/2, 1 x 1/2; never a proof
    secondary("old", (disadvantaged8(-1, upper=-0.4, on=SUMMER_2023),), "raised", 1),
    secondary("old and perhaps chance", (disadvantaged8(-1, upper=0.1, on=SUMMER_2023),), "raised", 0.5),
    secondary(
        "exactly two years old",
        (disadvantaged8(-1, upper=-0.4, on=SUMMER_2023),),
        "raised",
        2,
        significant=True,
        as_at=TWO_YEARS_ON,
    ),
    secondary(
        "chance two years ago",
        (disadvantaged8(-1, upper=0.1, on=SUMMER_2023),),
        "raised",
        1,
        as_at=TWO_YEARS_ON,
    ),
    secondary("lowest fifth of disadvantaged pupils", (disadvantaged_rank(20),), "raised", 1),
    secondary("just above a fifth", (disadvantaged_rank(20.1),), "clear", near=True),
    secondary("far above a fifth", (disadvantaged_rank(25.1),), "clear"),
    secondary("small cohort", (disadvantaged_rank(3, weight=0.5),), "raised", 0.5),
    secondary("rank three years old", (disadvantaged_rank(3, on=THREE_YEARS_BEFORE),), "raised", 1),
    secondary(
        "rank older than three years",
        (disadvantaged_rank(3, on=THREE_YEARS_BEFORE - DAY),),
        "not assessed",
        reason="stale",
    ),
    # attainment follows intake; progress as new as it says more
    secondary(
        "progress as new says just better",
        (disadvantaged_rank(5), disadvantaged8(-0.74, upper=0.3, on=date(2025, 8, 31))),
        "clear",
        near=True,
    ),
    secondary(
        "progress as new as attainment says better",
        (disadvantaged_rank(5), disadvantaged8(-0.2, upper=0.3, on=date(2025, 8, 31))),
        "clear",
        near=True,
    ),
    secondary(
        "progress is older than attainment",
        (disadvantaged_rank(5), disadvantaged8(-0.2, upper=0.3)),
        "raised",
        1,
    ),
    secondary("wrong phase", (disadvantaged8(-1, upper=-0.4),), ABSENT, phase="primary"),
    *missing_cases("progress8_disadvantaged_score", "not_published", "too_few_pupils", "suppressed", phase="secondary"),
    *(
        secondary(
            f"no rank {reason}",
            (Figure("attainment8_disadvantaged_rank_pct", missing=reason),),
            "not assessed",
            reason=reason,
        )
        for reason in ("too_few_pupils", "no_ranking", "not_in_file")
    ),
]


@pytest.mark.parametrize("case", named(O9))
def test_o9(bench: Bench, case: Case) -> None:
    got = check(bench, "O9", case)
    if case.name == "lowest fifth of disadvantaged pupils":
        assert got is not None
        assert got.sentence == (
            "Attainment 8 of disadvantaged pupils was 29.5 over up to three results years; 20% of schools of its "
            "kind were as low or lower (88 pupils, to 2024-25)."
        )


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


def suspended(value: float, on: date = date(2024, 8, 31)) -> Figure:
    return Figure("suspensions_rank_pct", value=value, figure=18.4, n=210, on=on, period="2023-2024")


def excluded(value: float, on: date = date(2024, 8, 31)) -> Figure:
    return Figure("permanent_exclusions_rank_pct", value=value, figure=0.41, n=210, on=on, period="2023-2024")


O11 = [
    Case("highest tenth", (suspended(90),), "raised", 1),
    Case("just under a tenth", (suspended(89.9),), "clear", near=True),
    Case("beyond near", (suspended(84.9),), "clear"),
    Case("highest tenth of permanent exclusions", (suspended(40), excluded(90)), "raised", 1),
    Case("just under in permanent exclusions", (suspended(40), excluded(89.9)), "clear"),
    Case("both count once", (suspended(99), excluded(99)), "raised", 1),
    Case("exclusions exactly three years old", (excluded(95, THREE_YEARS_BEFORE),), "raised", 1),
    Case("exclusions older", (excluded(95, THREE_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("suspensions not published", (Figure("suspensions_rank_pct", missing="suppressed"), excluded(0)), "clear"),
    Case("exactly three years old", (suspended(95, THREE_YEARS_BEFORE),), "raised", 1),
    Case("older than three years", (suspended(95, THREE_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("alternative provision", (suspended(95),), "raised", 1, phase="alternative provision"),
    Case("infant", (suspended(95),), "raised", 1, phase="infant"),
    Case("wrong phase", (suspended(95),), ABSENT, phase="nursery"),
    # a figure that no such school can have is no reason where another is only lacking; both together are
    Case(
        "one cannot apply and one is lacking",
        (Figure("suspensions_rank_pct", missing="not_applicable"),),
        "not assessed",
        reason="not_in_release",
        others=(excluded(0),),
    ),
    Case(
        "one is lacking and one cannot apply",
        (Figure("permanent_exclusions_rank_pct", missing="not_applicable"),),
        "not assessed",
        reason="not_in_release",
        others=(suspended(0),),
    ),
    Case(
        "neither can apply",
        (
            Figure("suspensions_rank_pct", missing="not_applicable"),
            Figure("permanent_exclusions_rank_pct", missing="not_applicable"),
        ),
        "not applicable",
        reason="not_applicable",
    ),
    *missing_cases("suspensions_rank_pct", "suppressed", "no_earlier_figure", "too_few_pupils", "no_ranking"),
]


@pytest.mark.parametrize("case", named(O11))
def test_o11(bench: Bench, case: Case) -> None:
    got = check(bench, "O11", case)
    if case.name == "highest tenth of permanent exclusions":
        assert got is not None
        assert got.sentence == (
            "0.41 permanent exclusions per 100 pupils (2023-24); in each of two years, fewer in at least 90% of "
            "schools of its phase."
        )


def early(measure_id: str, value: float, *, upper: float, weight: float = 1.0, on: date = date(2025, 8, 31)) -> Figure:
    """What the LA holds of the early years, against national."""
    return Figure(
        measure_id,
        value=value,
        lower=value - 10,
        upper=upper,
        figure=80 + value,
        benchmark=80.0,
        n=58,
        weight=weight,
        on=on,
    )


def infant(*args: object, **more: object) -> Case:
    return Case(*args, **{"phase": "infant", **more})  # type: ignore[arg-type]


O12 = [
    infant("phonics beyond chance", (early("phonics_gap_pp", -8, upper=-1),), "raised", 2, significant=True, core=True),
    infant("phonics by chance", (early("phonics_gap_pp", -8, upper=0),), "raised", 1, core=True),
    infant("phonics just above", (early("phonics_gap_pp", -7.9, upper=-1),), "clear", near=True, core=True),
    infant("phonics beyond near", (early("phonics_gap_pp", -5.9, upper=-1),), "clear", core=True),
    infant("phonics as national", (early("phonics_gap_pp", 1, upper=8),), "clear", core=True),
    infant(
        "development beyond chance",
        (early("phonics_gap_pp", 2, upper=9), early("early_development_gap_pp", -8, upper=-1)),
        "raised",
        2,
        significant=True,
        core=True,
    ),
    infant("development by chance", (early("early_development_gap_pp", -8, upper=0),), "raised", 1, core=True),
    infant(
        "development just above", (early("early_development_gap_pp", -7.9, upper=-1),), "clear", near=True, core=True
    ),
    infant("development beyond near", (early("early_development_gap_pp", -5.9, upper=-1),), "clear", core=True),
    # the stronger proof counts, whichever assessment it comes from
    infant(
        "one proved and one not",
        (early("phonics_gap_pp", -15, upper=0.5), early("early_development_gap_pp", -9, upper=-1)),
        "raised",
        2,
        significant=True,
        core=True,
    ),
    # one skill is one point at most, and no proof for the level
    infant("multiplication beyond chance", (early("multiplication_gap_pp", -8, upper=-1),), "raised", 1, core=True),
    infant("multiplication by chance", (early("multiplication_gap_pp", -8, upper=0),), "clear", near=True, core=True),
    infant(
        "multiplication just above", (early("multiplication_gap_pp", -7.9, upper=-1),), "clear", near=True, core=True
    ),
    infant("multiplication beyond near", (early("multiplication_gap_pp", -5.9, upper=-1),), "clear", core=True),
    infant("small cohort", (early("phonics_gap_pp", -30, upper=-2, weight=0.5),), "raised", 1, core=True),
    infant(
        "exactly two years old",
        (early("phonics_gap_pp", -9, upper=-1, on=SUMMER_2023),),
        "raised",
        2,
        significant=True,
        core=True,
        as_at=TWO_YEARS_ON,
    ),
    *(
        infant(
            f"two years and a day {measure_id}",
            (early(measure_id, -20, upper=-1, on=SUMMER_2023),),
            "not assessed",
            reason="stale",
            as_at=TWO_YEARS_ON + DAY,
        )
        for measure_id in ("phonics_gap_pp", "early_development_gap_pp", "multiplication_gap_pp")
    ),
    *(
        infant(
            f"chance two years old {measure_id}",
            (early(measure_id, -20, upper=1, on=SUMMER_2023),),
            "raised",
            1,
            core=True,
            as_at=TWO_YEARS_ON,
        )
        for measure_id in ("phonics_gap_pp", "early_development_gap_pp")
    ),
    Case("first", (early("phonics_gap_pp", -8, upper=-1),), "raised", 2, significant=True, core=True, phase="first"),
    Case("primary", (early("phonics_gap_pp", -8, upper=-1),), "raised", 2, significant=True, core=True),
    Case("wrong phase junior", (early("phonics_gap_pp", -8, upper=-1),), ABSENT, phase="junior"),
    Case("wrong phase nursery", (early("phonics_gap_pp", -8, upper=-1),), ABSENT, phase="nursery"),
    *missing_cases("phonics_gap_pp", "too_few_pupils", "no_benchmark", "no_entries", phase="infant"),
]


@pytest.mark.parametrize("case", named(O12))
def test_o12(bench: Bench, case: Case) -> None:
    got = check(bench, "O12", case)
    if case.name == "development by chance":
        assert got is not None
        # 80 - 8 = 72
        assert got.sentence == (
            "72% reached a good level of development over the last two years, against 80% nationally "
            "(58 pupils, to 2024-25)."
        )


def value_added(value: float, *, upper: float | None, on: date = date(2025, 8, 31)) -> Figure:
    lower = None if upper is None else 2 * value - upper
    return Figure("post16_value_added_score", value=value, lower=lower, upper=upper, on=on)


def destinations(value: float, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("destinations_rank_pct", value=value, figure=88.0, benchmark=94.0, n=150, on=on)


O13 = [
    secondary("below average", (value_added(-0.3, upper=-0.000001),), "raised", 1),
    secondary("interval touches average", (value_added(-0.3, upper=0),), "clear", near=True),
    secondary("average", (value_added(0.05, upper=0.2),), "clear", near=True),
    secondary("above average", (value_added(0.11, upper=0.3),), "clear"),
    secondary("no limits", (value_added(-0.3, upper=None),), "not assessed", reason="not_in_file"),
    secondary("old value added", (value_added(-0.3, upper=-0.1, on=THREE_YEARS_BEFORE),), "raised", 1),
    secondary(
        "too old value added",
        (value_added(-0.3, upper=-0.1, on=THREE_YEARS_BEFORE - DAY),),
        "not assessed",
        reason="stale",
    ),
    secondary("lowest fifth of destinations", (destinations(20),), "raised", 1),
    secondary("just above a fifth", (destinations(20.1),), "clear", near=True),
    secondary("beyond near", (destinations(25.1),), "clear"),
    secondary("both count once", (value_added(-0.3, upper=-0.1), destinations(3)), "raised", 1),
    secondary("old destinations", (destinations(3, THREE_YEARS_BEFORE),), "raised", 1),
    secondary("too old destinations", (destinations(3, THREE_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    # a school without a sixth form has destinations alone
    secondary(
        "no sixth form",
        (destinations(60),),
        "clear",
        others=(value_added(-0.3, upper=-0.1),),
    ),
    secondary("wrong phase", (destinations(3),), ABSENT, phase="middle"),
    *missing_cases("post16_value_added_score", "suppressed", "no_entries", "new_school", phase="secondary"),
    *(
        secondary(
            f"destinations {reason}", (Figure("destinations_rank_pct", missing=reason),), "not assessed", reason=reason
        )
        for reason in ("suppressed", "no_ranking", "too_few_pupils")
    ),
]


@pytest.mark.parametrize("case", named(O13))
def test_o13(bench: Bench, case: Case) -> None:
    got = check(bench, "O13", case)
    if case.name == "lowest fifth of destinations":
        assert got is not None
        assert got.sentence == (
            "88% stayed in education, apprenticeships or work after key stage 4, against 94% nationally; 20% of "
            "schools of its kind were as low or lower (tables of 2024-25)."
        )


def rwm_versus_all(value: float, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("rwm_disadvantaged_vs_all_pp", value=value, figure=62 + value, benchmark=62.0, n=24, on=on)


def attainment_versus_all(value: float | None, missing: str | None = None, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("attainment8_disadvantaged_vs_all_score", value=value, missing=missing, n=31, on=on)


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
    # what was true more than three years ago protects nobody
    Case("exactly three years old", (rwm_versus_all(5, THREE_YEARS_BEFORE),), "protective", -1),
    Case("older than three years", (rwm_versus_all(5, THREE_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    secondary("three years old in secondary", (attainment_versus_all(5, on=THREE_YEARS_BEFORE),), "protective", -1),
    secondary(
        "older than three years in secondary",
        (attainment_versus_all(5, on=THREE_YEARS_BEFORE - DAY),),
        "not assessed",
        reason="stale",
    ),
    Case("wrong phase", (rwm_versus_all(5),), ABSENT, phase="infant"),
    *missing_cases("rwm_disadvantaged_vs_all_pp", "too_few_pupils", "suppressed", "no_benchmark"),
]


@pytest.mark.parametrize("case", named(O14))
def test_o14(bench: Bench, case: Case) -> None:
    check(bench, "O14", case)


def spread(measure_id: str, value: float, weight: float = 1.0, on: date = date(2025, 8, 31)) -> Figure:
    """The weakest subject at -value/2 from national, the others as far above."""
    return Figure(measure_id, value=value, figure=-value / 2, benchmark=value / 2, n=90, weight=weight, on=on)


O15 = [
    Case("exactly twelve points", (spread("subject_spread_pp", 12),), "raised", 1),
    # 12 - 11.9 <= 2
    Case("just under twelve", (spread("subject_spread_pp", 11.9),), "clear", near=True),
    Case("beyond near", (spread("subject_spread_pp", 9.9),), "clear"),
    Case("no subject below national", (spread("subject_spread_pp", 0),), "clear"),
    Case("exactly three score points", (spread("subject_spread_score", 3),), "raised", 1),
    Case("just under three", (spread("subject_spread_score", 2.9),), "clear", near=True),
    Case("beyond near three", (spread("subject_spread_score", 2.45),), "clear"),
    # of the same cohorts the shares say more, for they have writing: two scales are not two chances
    Case(
        "shares as new say better",
        (spread("subject_spread_pp", 3), spread("subject_spread_score", 4)),
        "clear",
        near=True,
    ),
    Case(
        "shares are older",
        (spread("subject_spread_pp", 3, on=date(2024, 8, 31)), spread("subject_spread_score", 4)),
        "raised",
        1,
    ),
    Case("three quarters of a grade", (spread("gcse_subject_spread_score", 0.75),), "raised", 1, phase="secondary"),
    Case(
        "just under three quarters", (spread("gcse_subject_spread_score", 0.74),), "clear", near=True, phase="secondary"
    ),
    Case("beyond near a grade", (spread("gcse_subject_spread_score", 0.64),), "clear", phase="secondary"),
    Case("small cohort", (spread("subject_spread_pp", 20, weight=0.5),), "raised", 0.5),
    *(
        Case(f"three years old {name}", (spread(name, 20, on=THREE_YEARS_BEFORE),), "raised", 1)
        for name in ("subject_spread_pp", "subject_spread_score", "gcse_subject_spread_score")
    ),
    *(
        Case(
            f"older than three years {name}",
            (spread(name, 20, on=THREE_YEARS_BEFORE - DAY),),
            "not assessed",
            reason="stale",
        )
        for name in ("subject_spread_pp", "subject_spread_score", "gcse_subject_spread_score")
    ),
    Case("wrong phase", (spread("subject_spread_pp", 20),), ABSENT, phase="special"),
    *missing_cases("subject_spread_pp", "not_in_file", "too_few_pupils", "suppressed", "no_benchmark"),
]


@pytest.mark.parametrize("case", named(O15))
def test_o15(bench: Bench, case: Case) -> None:
    got = check(bench, "O15", case)
    if case.name == "exactly twelve points":
        assert got is not None
        assert got.sentence == (
            "At the expected standard the weakest subject was -6.0 percentage points from national, the others +6.0 on "
            "average (90 pupils, to 2024-25)."
        )


def trend(value: float, *, half: float = 1.0, on: date = date(2025, 8, 31)) -> Figure:
    """Points a year, with limits as far on both sides."""
    return Figure(
        "rwm_trend_pp", value=value, lower=value - half, upper=value + half, figure=55.0, benchmark=62.0, on=on
    )


def gcse_trend(value: float, *, half: float = 1.0, on: date = date(2025, 8, 31)) -> Figure:
    return Figure(
        "attainment8_trend_score",
        value=value,
        lower=value - half,
        upper=value + half,
        figure=41.0,
        benchmark=46.0,
        on=on,
    )


O16 = [
    Case("four points a year", (trend(-4),), "raised", 1),
    Case("just above", (trend(-3.9),), "clear", near=True),
    Case("beyond near", (trend(-2.9),), "clear"),
    # a steeper slope of a small school, which may be chance
    Case("interval touches no change", (trend(-9, half=9),), "clear", near=True),
    Case("no change", (trend(0),), "clear"),
    Case("four points up", (trend(4),), "protective", -1),
    Case("just under four up", (trend(3.9),), "clear"),
    Case("up by what may be chance", (trend(9, half=9),), "clear"),
    # the same fall counts once, by O2
    Case("O2 counts it already", (trend(-5), fall(8)), "clear", near=True),
    Case("O2 does not count it", (trend(-5), fall(7.9)), "raised", 1),
    Case("O2 counted an older fall", (trend(-5), fall(20, date(2024, 8, 31))), "raised", 1),
    secondary("two points of Attainment 8 a year", (gcse_trend(-2),), "raised", 1),
    secondary("just above in secondary", (gcse_trend(-1.9),), "clear", near=True),
    secondary("beyond near in secondary", (gcse_trend(-1.45),), "clear"),
    secondary("chance in secondary", (gcse_trend(-3, half=3),), "clear", near=True),
    secondary("two points up", (gcse_trend(2),), "protective", -1),
    secondary("just under two up", (gcse_trend(1.9),), "clear"),
    secondary("chance up in secondary", (gcse_trend(3, half=3),), "clear"),
    secondary("O2 counts it in secondary", (gcse_trend(-3), gcse_fall(4)), "clear", near=True),
    secondary("O2 does not in secondary", (gcse_trend(-3), gcse_fall(3.9)), "raised", 1),
    # in an all-through school a fall counts, whatever else rises
    Case("falls and rises", (trend(-5), gcse_trend(3)), "raised", 1, phase="all-through"),
    *(
        Case(f"two years old {figure.value}", (figure,), status, points, as_at=TWO_YEARS_ON)
        for figure, status, points in (
            (trend(-5, on=SUMMER_2023), "raised", 1),
            (trend(5, on=SUMMER_2023), "protective", -1),
            (gcse_trend(-3, on=SUMMER_2023), "raised", 1),
            (gcse_trend(3, on=SUMMER_2023), "protective", -1),
        )
    ),
    *(
        Case(f"two years and a day {figure.value}", (figure,), "not assessed", reason="stale", as_at=TWO_YEARS_ON + DAY)
        for figure in (
            trend(-5, on=SUMMER_2023),
            trend(5, on=SUMMER_2023),
            gcse_trend(-3, on=SUMMER_2023),
            gcse_trend(3, on=SUMMER_2023),
        )
    ),
    Case("wrong phase", (trend(-9),), ABSENT, phase="first"),
    *missing_cases("rwm_trend_pp", "no_earlier_figure", "too_few_pupils", "suppressed", "no_benchmark"),
]


@pytest.mark.parametrize("case", named(O16))
def test_o16(bench: Bench, case: Case) -> None:
    got = check(bench, "O16", case)
    if case.name == "four points a year":
        assert got is not None
        assert got.sentence == (
            "Against national, reading, writing and maths moved by -4.0 percentage points a year over three years, "
            "between -5.0 and -3.0 (now 55%, 62% nationally; 2024-25)."
        )


def test_one_fall_is_one_point_in_all(bench: Bench) -> None:
    found = bench.judge((trend(-6), fall(12)), phase="primary", as_at=AS_AT)
    assert (found["O2"].points, found["O16"].points) == (1, 0)


def test_a_rule_of_another_phase_leaves_no_row_but_every_rule_of_the_phase_leaves_one(bench: Bench) -> None:
    found = bench.judge((), phase="primary", as_at=AS_AT)
    assert [rule for rule in found if rule.startswith("O")] == [
        *("O1", "O10", "O11", "O12", "O14", "O15", "O16", "O2", "O3", "O4", "O5"),
    ]
    assert {one.status for one in found.values()} == {"not assessed"}
    assert {one.points for one in found.values()} == {0.0}


@pytest.mark.parametrize(
    ("rule_id", "figure", "points", "phase"),
    [
        ("O1", gap(-20, upper=-1), 2, "primary"),
        ("O1", gap(-5, upper=4), 1, "primary"),
        ("O4", disadvantaged(-20, upper=-1), 2, "primary"),
        ("O4", disadvantaged(-8, upper=4), 1, "primary"),
        ("O6", rank(5), 2, "secondary"),
        ("O6", rank(15), 1, "secondary"),
        ("O8", grade5(-20, upper=-1), 2, "secondary"),
        ("O8", grade5(-5, upper=4), 1, "secondary"),
    ],
)
def test_attainment_counts_half_from_three_years_on(
    bench: Bench, rule_id: str, figure: Figure, points: float, phase: str
) -> None:
    for on, expected in ((THREE_YEARS_BEFORE, points), (THREE_YEARS_BEFORE - DAY, points / 2)):
        got = bench.judge((replace(figure, on=on),), phase=phase, only=rule_id)[rule_id]
        assert (got.status, got.points) == ("raised", expected)
