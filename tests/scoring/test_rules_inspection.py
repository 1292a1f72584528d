"""Statement 3: the history, its age, warnings, and the two levels carried forward. Expected values by hand."""

from datetime import date

import pytest

from tests.scoring.kit import ABSENT, Bench, Case, Figure, check, missing_cases, named
from tests.scoring.test_rules_leadership import A_YEAR_BEFORE, DAY, RECENT, THREE_YEARS_BEFORE, held, inspected

BEFORE_REPORT_CARDS = date(2025, 11, 9)
FIRST_REPORT_CARD = date(2025, 11, 10)


def judged(value: float, *, inherited: bool = False) -> Figure:
    return inspected("below_good_score", value, inherited=inherited)


N1 = [
    Case("category or inadequate", (judged(3),), "raised", 4, gate=True, core=True),
    Case("below good", (judged(2),), "raised", 2, core=True),
    Case("mixed report card", (judged(1),), "raised", 1, core=True),
    Case("good", (judged(0),), "clear", core=True),
    # inherited: 4 x 1/2 without a gate, 2 x 1/2, 1 x 1/2
    Case("inherited inadequate", (judged(3, inherited=True),), "raised", 2, core=True),
    Case("inherited below good", (judged(2, inherited=True),), "raised", 1, core=True),
    Case("inherited mixed", (judged(1, inherited=True),), "raised", 0.5, core=True),
    Case("mixed before report cards", (judged(1),), "clear", core=True, as_at=BEFORE_REPORT_CARDS),
    Case("mixed on their first day", (judged(1),), "raised", 1, core=True, as_at=FIRST_REPORT_CARD),
    Case("any phase", (judged(2),), "raised", 2, core=True, phase="alternative provision"),
    *missing_cases("below_good_score", "not_inspected", "not_judged"),
]


@pytest.mark.parametrize("case", named(N1))
def test_n1(bench: Bench, case: Case) -> None:
    check(bench, "N1", case)


def in_a_row(value: float, *, inherited: bool = False) -> Figure:
    return inspected("below_good_in_a_row_count", value, inherited=inherited)


N2 = [
    Case("two in a row", (in_a_row(2),), "raised", 2),
    Case("one", (in_a_row(1),), "clear"),
    Case("none", (in_a_row(0),), "clear"),
    Case("four", (in_a_row(4),), "raised", 2),
    Case("two of the predecessor", (in_a_row(2, inherited=True),), "raised", 1),
    Case(
        "fewer than two inspections",
        (Figure("below_good_in_a_row_count", missing="not_applicable"),),
        "not applicable",
        reason="not_applicable",
    ),
    *missing_cases("below_good_in_a_row_count", "not_inspected", "not_judged"),
]


@pytest.mark.parametrize("case", named(N2))
def test_n2(bench: Bench, case: Case) -> None:
    got = check(bench, "N2", case)
    assert got is not None
    # what does not apply is not available either, so it cannot lower the coverage
    assert got.points_available == (0 if case.status == "not applicable" else 2)


def aged(years: float) -> Figure:
    return inspected("judgement_age_years", years)


def before_2019(value: float) -> Figure:
    return inspected("judged_before_september_2019_count", value)


N3 = [
    Case("six years", (aged(6),), "raised", 1),
    Case("just under six", (aged(5.99),), "clear", near=True),
    Case("first of the near ones", (aged(5.5),), "clear", near=True),
    Case("beyond near", (aged(5.49),), "clear"),
    Case("new", (aged(0.1), before_2019(0)), "clear"),
    Case("under six but before September 2019", (aged(5.99), before_2019(1)), "raised", 1),
    Case("both", (aged(8), before_2019(1)), "raised", 1),
    *missing_cases("judgement_age_years", "not_inspected"),
]


@pytest.mark.parametrize("case", named(N3))
def test_n3(bench: Bench, case: Case) -> None:
    check(bench, "N3", case)


def visited(value: float, *, inherited: bool = False) -> Figure:
    return inspected("ungraded_warning_score", value, inherited=inherited)


N4 = [
    Case("warning", (visited(1),), "raised", 2),
    Case("none", (visited(0),), "clear"),
    Case("improving", (visited(-1),), "protective", -1),
    Case("warning for the predecessor", (visited(1, inherited=True),), "raised", 1),
    Case("improving predecessor", (visited(-1, inherited=True),), "protective", -0.5),
    Case(
        "no ungraded inspection since",
        (Figure("ungraded_warning_score", missing="not_applicable"),),
        "not applicable",
        reason="not_applicable",
    ),
    *missing_cases("ungraded_warning_score", "not_inspected"),
]


@pytest.mark.parametrize("case", named(N4))
def test_n4(bench: Bench, case: Case) -> None:
    check(bench, "N4", case)


def weak(value: float, *, inherited: bool = False) -> Figure:
    return inspected("weak_judgement_count", value, inherited=inherited)


N5 = [
    Case("one", (weak(1),), "raised", 1),
    Case("none", (weak(0),), "clear"),
    Case("three", (weak(3),), "raised", 1),
    Case("of the predecessor", (weak(2, inherited=True),), "raised", 0.5),
    Case(
        "no overall grade of good",
        (Figure("weak_judgement_count", missing="not_applicable"),),
        "not applicable",
        reason="not_applicable",
    ),
    *missing_cases("weak_judgement_count", "not_inspected"),
]


@pytest.mark.parametrize("case", named(N5))
def test_n5(bench: Bench, case: Case) -> None:
    check(bench, "N5", case)


def level(statement: str, value: float | None) -> Figure:
    return Figure(f"{statement}_level_score", value=value, missing="not_judged" if value is None else None)


def carried(statement: str) -> list[Case]:
    return [
        Case("unlikely", (level(statement, 2),), "raised", 3),
        Case("uncertain", (level(statement, 1),), "raised", 1),
        Case("likely", (level(statement, 0),), "clear"),
        Case("not enough evidence", (level(statement, None),), "not assessed", reason="not_judged"),
    ]


@pytest.mark.parametrize("case", named(carried("outcomes")))
def test_n6(bench: Bench, case: Case) -> None:
    check(bench, "N6", case)


@pytest.mark.parametrize("case", named(carried("leadership")))
def test_n7(bench: Bench, case: Case) -> None:
    check(bench, "N7", case)


def attention(value: float, *, inherited: bool = False) -> Figure:
    return inspected("report_card_needs_attention_count", value, inherited=inherited)


def regraded(value: float, *, inherited: bool = False) -> Figure:
    return inspected("report_card_regraded_up_count", value, inherited=inherited)


N9 = [
    Case("two areas", (attention(2),), "raised", 2),
    Case("five areas", (attention(5),), "raised", 2),
    Case("one area", (attention(1),), "raised", 1),
    Case("no area", (attention(0),), "clear"),
    Case("two areas of the predecessor", (attention(2, inherited=True),), "raised", 1),
    Case("before report cards", (attention(2),), ABSENT, as_at=BEFORE_REPORT_CARDS),
    Case("no area any more, one graded up", (attention(0), regraded(1)), "protective", -1),
    Case("no area, none graded up", (attention(0), regraded(0)), "clear"),
    # what still needs attention weighs more than what no longer does
    Case("one area left, one graded up", (attention(1), regraded(1)), "raised", 1),
    Case("graded up for the predecessor", (attention(0), regraded(2, inherited=True)), "protective", -0.5),
    Case(
        "no report card",
        (
            Figure("report_card_needs_attention_count", missing="not_applicable"),
            Figure("report_card_regraded_up_count", missing="not_applicable"),
        ),
        "not applicable",
        reason="not_applicable",
    ),
    *missing_cases("report_card_needs_attention_count", "not_judged"),
]


@pytest.mark.parametrize("case", named(N9))
def test_n9(bench: Bench, case: Case) -> None:
    check(bench, "N9", case)


N10 = [
    # no points: it halves other rules, and says so
    Case("only the predecessor", (inspected("inherited_record_count", 1),), "raised", 0),
    Case("its own", (inspected("inherited_record_count", 0),), "clear"),
    *missing_cases("inherited_record_count", "not_inspected"),
]


@pytest.mark.parametrize("case", named(N10))
def test_n10(bench: Bench, case: Case) -> None:
    got = check(bench, "N10", case)
    assert got is not None
    assert got.points_available == 0


def together(value: float, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("attendance_behaviour_signs_count", value=value, on=on)


N8 = [
    Case("both", (together(2),), "raised", 1),
    Case("one of the two", (together(1),), "clear"),
    Case("neither", (together(0),), "clear"),
    Case("exactly three years old", (together(2, THREE_YEARS_BEFORE),), "raised", 1),
    Case("older", (together(2, THREE_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("before report cards", (together(2),), ABSENT, as_at=BEFORE_REPORT_CARDS),
    Case("wrong phase", (together(2),), ABSENT, phase="nursery"),
    *missing_cases("attendance_behaviour_signs_count", "suppressed", "no_earlier_figure", "not_in_release"),
]


@pytest.mark.parametrize("case", named(N8))
def test_n8(bench: Bench, case: Case) -> None:
    check(bench, "N8", case)


def reviewed(value: float, *, on: date = RECENT) -> Figure:
    return held("review_areas_score", value, on=on)


N11 = [
    Case("an area below expected", (reviewed(1),), "raised", 2),
    Case("not all looked at", (reviewed(0),), "clear"),
    Case("all secure", (reviewed(-1),), "protective", -1),
    Case("a year ago", (reviewed(1, on=A_YEAR_BEFORE),), "raised", 2),
    Case("longer ago", (reviewed(1, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("secure longer ago", (reviewed(-1, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("before report cards", (reviewed(1),), ABSENT, as_at=BEFORE_REPORT_CARDS),
    Case("unknown phase", (reviewed(1),), ABSENT, phase="independent"),
    *missing_cases("review_areas_score", "not_held"),
]


@pytest.mark.parametrize("case", named(N11))
def test_n11(bench: Bench, case: Case) -> None:
    check(bench, "N11", case)


def recommended(value: float, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("parents_recommend_pct", value=value, n=48, on=on, period=on.isoformat())


N12 = [
    Case("below seventy percent", (recommended(69),), "raised", 1),
    Case("seventy percent", (recommended(70),), "clear", near=True),
    Case("the last of the near ones", (recommended(74),), "clear", near=True),
    Case("beyond near", (recommended(75),), "clear"),
    # two years are 731 days
    Case("two years old", (recommended(69, date(2023, 12, 31)),), "raised", 1),
    Case("older", (recommended(69, date(2023, 12, 30)),), "not assessed", reason="stale"),
    Case("unknown phase", (recommended(30),), ABSENT, phase="independent"),
    *missing_cases("parents_recommend_pct", "too_few_responses", "blank"),
]


@pytest.mark.parametrize("case", named(N12))
def test_n12(bench: Bench, case: Case) -> None:
    got = check(bench, "N12", case)
    if case.name == "below seventy percent":
        assert got is not None
        assert got.sentence == (
            "69% of the 48 parents who answered would recommend the school (Parent View, 31 August 2025)."
        )


def open_concerns(value: float, *, on: date = RECENT) -> Figure:
    return held("safeguarding_open_concern_count", value, on=on)


N13 = [
    Case("one", (open_concerns(1),), "raised", 4, gate=True),
    Case("two", (open_concerns(2),), "raised", 4, gate=True),
    Case("none", (open_concerns(0),), "clear"),
    Case("old and not cleared", (open_concerns(1, on=date(2020, 2, 3)),), "raised", 4, gate=True),
    Case("unknown phase", (open_concerns(1),), ABSENT, phase="independent"),
    *missing_cases("safeguarding_open_concern_count", "not_held", "stale"),
]


@pytest.mark.parametrize("case", named(N13))
def test_n13(bench: Bench, case: Case) -> None:
    check(bench, "N13", case)
