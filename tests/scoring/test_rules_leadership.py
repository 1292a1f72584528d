"""Statement 2: gates, gates that a predecessor's record does not set, age, money, the roll. Values by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.scoring.kit import ABSENT, AS_AT, Bench, Case, Figure, check, missing_cases, named

DAY = timedelta(days=1)
INSPECTED = date(2024, 3, 14)
FOUR_YEARS_BEFORE = date(2021, 12, 31)
THREE_YEARS_BEFORE = date(2022, 12, 31)
INHERITED = "inherited from the predecessor school"


def inspected(measure_id: str, value: float, *, on: date = INSPECTED, inherited: bool = False) -> Figure:
    return Figure(
        measure_id,
        value=value,
        on=on,
        period=on.isoformat(),
        weight=0.5 if inherited else 1.0,
        caveat=INHERITED if inherited else None,
    )


def led(value: float, *, on: date = INSPECTED, inherited: bool = False) -> Figure:
    return inspected("leadership_concern_score", value, on=on, inherited=inherited)


L1 = [
    Case("inadequate", (led(2),), "raised", 4, gate=True, core=True),
    Case("requires improvement", (led(1),), "raised", 2, core=True),
    Case("good", (led(0),), "clear", core=True),
    # a predecessor's record: 4 x 1/2 and no gate, 2 x 1/2
    Case("inadequate before the school was new", (led(2, inherited=True),), "raised", 2, core=True),
    Case("inherited requires improvement", (led(1, inherited=True),), "raised", 1, core=True),
    # older than four years: half, and it no longer sets the level; nor is it evidence of today's leadership
    Case("exactly four years old", (led(2, on=FOUR_YEARS_BEFORE),), "raised", 4, gate=True),
    Case("requires improvement four years ago", (led(1, on=FOUR_YEARS_BEFORE),), "raised", 2),
    Case("older than four years", (led(2, on=FOUR_YEARS_BEFORE - DAY),), "raised", 2),
    Case("old requires improvement", (led(1, on=FOUR_YEARS_BEFORE - DAY),), "raised", 1),
    # 2 x 1/2 x 1/2
    Case("old and inherited", (led(1, on=FOUR_YEARS_BEFORE - DAY, inherited=True),), "raised", 0.5),
    Case("36 months old is core evidence", (led(0, on=THREE_YEARS_BEFORE),), "clear", core=True),
    Case("37 months old is not", (led(0, on=date(2022, 11, 30)),), "clear"),
    *(
        Case(f"in {phase}", (led(1),), "raised", 2, core=True, phase=phase)
        for phase in (
            "nursery",
            "infant",
            "first",
            "secondary",
            "all-through",
            "special",
            "alternative provision",
        )
    ),
    Case("unknown phase", (led(2),), ABSENT, phase="independent"),
    *missing_cases("leadership_concern_score", "not_inspected", "not_judged"),
]


@pytest.mark.parametrize("case", named(L1))
def test_l1(bench: Bench, case: Case) -> None:
    got = check(bench, "L1", case)
    if case.name == "inadequate before the school was new":
        assert got is not None
        assert got.sentence == (
            "Leadership was judged inadequate, or in need of urgent improvement (14 March 2024). "
            "Note: inherited from the predecessor school."
        )


@pytest.mark.parametrize(("as_at", "is_core"), [(date(2024, 8, 31), True), (date(2024, 9, 1), False)])
def test_l1_is_core_evidence_for_exactly_36_months(bench: Bench, as_at: date, is_core: bool) -> None:
    # 31 August 2021 to 31 August 2024 is 1096 days, because of 29 February 2024
    got = bench.judge((led(0, on=date(2021, 8, 31)),), as_at=as_at)["L1"]
    assert got.is_core_evidence is is_core


def unsafe(value: float, *, inherited: bool = False) -> Figure:
    return inspected("safeguarding_not_met_count", value, inherited=inherited)


L2 = [
    Case("not met", (unsafe(1),), "raised", 4, gate=True),
    Case("met", (unsafe(0),), "clear"),
    Case("not met before the school was new", (unsafe(1, inherited=True),), "raised", 2),
    Case(
        "not met long ago and never cleared",
        (inspected("safeguarding_not_met_count", 1, on=date(2014, 5, 1)),),
        "raised",
        4,
        gate=True,
    ),
    *missing_cases("safeguarding_not_met_count", "not_inspected", "not_judged"),
]


@pytest.mark.parametrize("case", named(L2))
def test_l2(bench: Bench, case: Case) -> None:
    check(bench, "L2", case)


def category(value: float, *, inherited: bool = False) -> Figure:
    return inspected("category_of_concern_count", value, inherited=inherited)


L4 = [
    Case("in a category", (category(1),), "raised", 4, gate=True),
    Case("in none", (category(0),), "clear"),
    Case("category of the predecessor", (category(1, inherited=True),), "raised", 2),
    Case("in a special school", (category(1),), "raised", 4, gate=True, phase="special"),
    *missing_cases("category_of_concern_count", "not_inspected"),
]


@pytest.mark.parametrize("case", named(L4))
def test_l4(bench: Bench, case: Case) -> None:
    check(bench, "L4", case)


def reserve(value: float | None, missing: str | None = None, on: date = date(2025, 3, 31)) -> Figure:
    return Figure("revenue_reserve_gbp", value=value, missing=missing, on=on)


def deficits(value: float | None, missing: str | None = None, on: date = date(2025, 3, 31)) -> Figure:
    return Figure("deficit_years_count", value=value, missing=missing, figure=-41_250.0, on=on)


L7 = [
    Case("a pound below zero", (reserve(-1),), "raised", 1),
    Case("just under a pound below zero", (reserve(-0.99),), "clear"),
    Case("nothing in reserve", (reserve(0),), "clear"),
    Case("two deficits", (reserve(80_000), deficits(2)), "raised", 1),
    Case("one deficit", (reserve(80_000), deficits(1)), "clear"),
    # the first that fits counts, so both together are one point
    Case("both", (reserve(-9_000), deficits(2)), "raised", 1),
    Case(
        "reserve held at the trust but deficits known",
        (reserve(None, "held_at_trust"), deficits(2)),
        "raised",
        1,
    ),
    Case("reserve held at the trust and one deficit", (reserve(None, "held_at_trust"), deficits(1)), "clear"),
    Case(
        "nothing known",
        (reserve(None, "held_at_trust"), deficits(None, "no_earlier_figure")),
        "not assessed",
        reason="held_at_trust",
    ),
    Case("exactly three years old", (reserve(-9_000, on=THREE_YEARS_BEFORE),), "raised", 1),
    Case("older than three years", (reserve(-9_000, on=date(2022, 8, 31)),), "not assessed", reason="stale"),
    Case("deficits three years ago", (deficits(2, on=THREE_YEARS_BEFORE),), "raised", 1),
    Case("deficits too old", (deficits(2, on=date(2022, 8, 31)),), "not assessed", reason="stale"),
    Case("old reserve and newer deficits", (reserve(-9_000, on=date(2022, 8, 31)), deficits(0)), "clear"),
    *missing_cases("revenue_reserve_gbp", "held_at_trust", "not_in_file", "suppressed"),
]


@pytest.mark.parametrize("case", named(L7))
def test_l7(bench: Bench, case: Case) -> None:
    got = check(bench, "L7", case)
    if case.name == "two deficits":
        assert got is not None
        assert got.sentence == (
            "Spent more than its income in 2 of the last two years, with an in-year balance of -£41,250 in 2024-25."
        )


def roll(value: float | None, missing: str | None = None, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("roll_change_pct", value=value, missing=missing, figure=189.0, on=on)


def unfilled(value: float | None, missing: str | None = None) -> Figure:
    # the register has no date of its own for the roll, so it cannot grow old
    return Figure("unfilled_places_pct", value=value, missing=missing, benchmark=210.0, on=None, period="register")


L8 = [
    Case("a tenth fewer", (roll(-10),), "raised", 1),
    Case("just under a tenth fewer", (roll(-9.9),), "clear", near=True),
    Case("beyond near", (roll(-7.9),), "clear"),
    Case("growing", (roll(12), unfilled(0)), "clear"),
    Case("a quarter empty", (roll(2), unfilled(25)), "raised", 1),
    Case("just under a quarter empty", (roll(2), unfilled(24.9)), "clear", near=True),
    Case("both", (roll(-30), unfilled(40)), "raised", 1),
    Case("no earlier roll but empty places", (roll(None, "no_earlier_figure"), unfilled(30)), "raised", 1),
    Case("no earlier roll and full", (roll(None, "no_earlier_figure"), unfilled(3)), "clear"),
    Case(
        "neither known",
        (roll(None, "no_earlier_figure"), unfilled(None, "not_loaded")),
        "not assessed",
        reason="no_earlier_figure",
    ),
    Case("roll three years ago", (roll(-30, on=THREE_YEARS_BEFORE),), "raised", 1),
    Case("old roll", (roll(-30, on=date(2022, 8, 31)),), "not assessed", reason="stale"),
    Case("old roll and empty places", (roll(-30, on=date(2021, 8, 31)), unfilled(25)), "raised", 1),
    Case("wrong phase special", (roll(-30),), ABSENT, phase="special"),
    Case("wrong phase nursery", (roll(-30),), ABSENT, phase="nursery"),
    *missing_cases("roll_change_pct", "no_earlier_figure", "blank"),
]


@pytest.mark.parametrize("case", named(L8))
def test_l8(bench: Bench, case: Case) -> None:
    check(bench, "L8", case)


def improving(value: float, on: date = date(2025, 8, 31)) -> Figure:
    return Figure("improving_series_count", value=value, on=on, period="2025")


L14 = [
    Case("both improve", (improving(2),), "protective", -1),
    Case("one improves", (improving(1),), "clear"),
    Case("none improves", (improving(0),), "clear"),
    Case("exactly two years old", (improving(2, AS_AT.replace(year=2023)),), "protective", -1),
    Case("older than two years", (improving(2, date(2023, 8, 31)),), "not assessed", reason="stale"),
    Case("secondary", (improving(2),), "protective", -1, phase="secondary"),
    Case("wrong phase", (improving(2),), ABSENT, phase="infant"),
    *missing_cases("improving_series_count", "no_earlier_figure"),
]


@pytest.mark.parametrize("case", named(L14))
def test_l14(bench: Bench, case: Case) -> None:
    check(bench, "L14", case)


def test_a_half_weight_never_sets_a_gate(bench: Bench) -> None:
    all_gates = (led(2, inherited=True), unsafe(1, inherited=True), category(1, inherited=True))
    found = bench.judge(all_gates)
    assert [found[rule].is_gate for rule in ("L1", "L2", "L4")] == [False, False, False]
    own = tuple(replace(one, weight=1.0) for one in all_gates)
    found = bench.judge(own)
    assert [found[rule].is_gate for rule in ("L1", "L2", "L4")] == [True, True, True]
