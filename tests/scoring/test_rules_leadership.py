"""Statement 2: gates, gates that a predecessor's record does not set, age, money, the roll. Values by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.scoring.kit import ABSENT, AS_AT, Bench, Case, Figure, check, missing_cases, named

DAY = timedelta(days=1)
INSPECTED = date(2024, 3, 14)
RECENT = date(2025, 11, 28)
# twelve months are 366 days: on the anniversary itself evidence still counts
A_YEAR_BEFORE = date(2024, 12, 30)
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


def held(measure_id: str, value: float | None, *, on: date = RECENT, missing: str | None = None) -> Figure:
    """A figure that the LA holds itself."""
    return Figure(measure_id, value=value, missing=missing, on=on, period=on.isoformat())


def audited(concerns: float, *, on: date = RECENT) -> Figure:
    return held("safeguarding_open_concern_count", concerns, on=on)


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
    Case("gaps found by the LA's audit", (unsafe(0), audited(1)), "raised", 4, gate=True),
    Case("an open concern and gaps", (unsafe(0), audited(2)), "raised", 4, gate=True),
    Case("a sound audit", (unsafe(0), audited(0)), "clear"),
    # the LA's audit does not clear what inspectors found
    Case("not met, and a sound audit since", (unsafe(1), audited(0)), "raised", 4, gate=True),
    Case("never inspected, and a sound audit", (audited(0),), "clear"),
    Case("never inspected, and an open concern", (audited(1),), "raised", 4, gate=True),
    Case("old and not cleared", (audited(1, on=date(2019, 5, 1)),), "raised", 4, gate=True),
    *missing_cases("safeguarding_not_met_count", "not_inspected", "not_judged"),
]


@pytest.mark.parametrize("case", named(L2))
def test_l2(bench: Bench, case: Case) -> None:
    check(bench, "L2", case)


def category(value: float, *, inherited: bool = False) -> Figure:
    return inspected("category_of_concern_count", value, inherited=inherited)


def notices(count: float, *, on: date = RECENT) -> Figure:
    return held("formal_notice_count", count, on=on)


L4 = [
    Case("in a category", (category(1),), "raised", 4, gate=True),
    Case("in none", (category(0),), "clear"),
    Case("category of the predecessor", (category(1, inherited=True),), "raised", 2),
    Case("in a special school", (category(1),), "raised", 4, gate=True, phase="special"),
    Case("in no category and under a notice", (category(0), notices(1)), "raised", 4, gate=True),
    Case("under two notices", (category(0), notices(2)), "raised", 4, gate=True),
    Case("no notice in force", (category(0), notices(0)), "clear"),
    Case("a notice of long ago, still in force", (notices(1, on=date(2018, 1, 8)),), "raised", 4, gate=True),
    Case("never inspected, no notice in force", (notices(0),), "clear"),
    Case(
        "never inspected, no register",
        (
            Figure("category_of_concern_count", missing="not_inspected"),
            held("formal_notice_count", None, missing="no_register"),
        ),
        "not assessed",
        reason="not_inspected",
    ),
    *missing_cases("category_of_concern_count", "not_inspected"),
]


@pytest.mark.parametrize("case", named(L4))
def test_l4(bench: Bench, case: Case) -> None:
    check(bench, "L4", case)


def reserve(value: float | None, missing: str | None = None, on: date = date(2025, 3, 31)) -> Figure:
    return Figure("revenue_reserve_gbp", value=value, missing=missing, on=on)


def deficits(value: float | None, missing: str | None = None, on: date = date(2025, 3, 31)) -> Figure:
    return Figure("deficit_years_count", value=value, missing=missing, figure=-41_250.0, on=on)


def planned(score: float, *, on: date = RECENT) -> Figure:
    return held("deficit_plan_score", score, on=on)


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
    Case("a deficit without licence or plan", (reserve(80_000), planned(2)), "raised", 2),
    # the first that fits counts: 2, not 2 + 1
    Case("a deficit without a plan and below zero", (reserve(-9_000), planned(2)), "raised", 2),
    Case("a licensed deficit with a plan", (reserve(80_000), planned(1)), "raised", 1),
    Case("no deficit", (reserve(80_000), planned(0)), "clear"),
    # published figures speak where the LA's own line is silent, and the other way round
    Case("no deficit by the LA and a reserve below zero", (reserve(-1), planned(0)), "raised", 1),
    # eighteen months are 548 days
    Case("a deficit of eighteen months ago", (planned(2, on=date(2024, 7, 1)),), "raised", 2),
    Case("a deficit of longer ago", (planned(2, on=date(2024, 6, 30)),), "not assessed", reason="stale"),
    Case(
        "an academy of which nothing is known",
        (reserve(None, "held_at_trust"), held("deficit_plan_score", None, missing="held_at_trust")),
        "not assessed",
        reason="held_at_trust",
    ),
    *(
        case
        for case in missing_cases("revenue_reserve_gbp", "held_at_trust", "not_in_file", "suppressed")
        if case.name != "no row of this school"
    ),
    *(case for case in missing_cases("deficit_plan_score") if case.name == "no row of this school"),
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
    Case("beyond near a quarter", (roll(2), unfilled(19.9)), "clear"),
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


def monitored(value: float, *, on: date = RECENT) -> Figure:
    return held("monitoring_action_score", value, on=on)


L3 = [
    Case("no effective action", (monitored(1),), "raised", 4, gate=True, core=True),
    Case("some progress", (monitored(0),), "clear", core=True),
    Case("effective action", (monitored(-1),), "protective", -1, core=True),
    Case("effective action a year ago", (monitored(-1, on=A_YEAR_BEFORE),), "protective", -1, core=True),
    # older praise is worth nothing, and is no evidence of today's leadership
    Case("effective action longer ago", (monitored(-1, on=A_YEAR_BEFORE - DAY),), "clear"),
    # two years are 731 days; then half, and it no longer sets the level
    Case("no effective action two years ago", (monitored(1, on=date(2023, 12, 31)),), "raised", 4, gate=True),
    Case("no effective action longer ago", (monitored(1, on=date(2023, 12, 30)),), "raised", 2),
    Case(
        "not monitored",
        (held("monitoring_action_score", None, missing="not_applicable"),),
        "not applicable",
        reason="not_applicable",
    ),
    Case("in a nursery school", (monitored(1),), "raised", 4, gate=True, core=True, phase="nursery"),
    Case("unknown phase", (monitored(1),), ABSENT, phase="independent"),
    *missing_cases("monitoring_action_score", "not_held"),
]


@pytest.mark.parametrize("case", named(L3))
def test_l3(bench: Bench, case: Case) -> None:
    got = check(bench, "L3", case)
    if case.name == "not monitored":
        assert got is not None
        assert got.points_available == 0


def changes(value: float | None, missing: str | None = None, on: date = RECENT) -> Figure:
    return held("head_changes_count", value, on=on, missing=missing)


def unsettled(days: float | None, missing: str | None = None, on: date = RECENT) -> Figure:
    return held("head_post_unfilled_days", days, on=on, missing=missing)


def in_post(days: float | None, missing: str | None = None, on: date = RECENT) -> Figure:
    return held("head_in_post_days", days, on=on, missing=missing)


L5 = [
    Case("two changes", (changes(2), unsettled(0), in_post(300)), "raised", 2),
    Case("one change long ago", (changes(1), unsettled(0), in_post(900)), "clear"),
    Case("unsettled for a term", (changes(1), unsettled(122), in_post(122)), "raised", 2),
    Case("unsettled just under a term", (changes(1), unsettled(121), in_post(121)), "raised", 1),
    Case("a change two years ago", (changes(1), unsettled(0), in_post(730)), "raised", 1),
    Case("a change just over two years ago", (changes(1), unsettled(0), in_post(731)), "clear"),
    Case("settled", (changes(0), unsettled(0), in_post(4_000)), "clear"),
    Case(
        "the number of changes is not given",
        (changes(None, "record_incomplete"), unsettled(0), in_post(400)),
        "raised",
        1,
    ),
    # 122 - 91 <= 31, 122 - 90 > 31
    Case("near a term", (changes(0), unsettled(91), in_post(4_000)), "clear", near=True),
    Case("beyond near a term", (changes(0), unsettled(90), in_post(4_000)), "clear"),
    Case("seen a year ago", (changes(2, on=A_YEAR_BEFORE),), "raised", 2),
    Case(
        "seen longer ago",
        tuple(
            one
            for day in (A_YEAR_BEFORE - DAY,)
            for one in (changes(2, on=day), unsettled(300, on=day), in_post(99, on=day))
        ),
        "not assessed",
        reason="stale",
    ),
    Case("unknown phase", (changes(2),), ABSENT, phase="independent"),
    *missing_cases("head_changes_count", "not_held", "record_incomplete"),
]


@pytest.mark.parametrize("case", named(L5))
def test_l5(bench: Bench, case: Case) -> None:
    check(bench, "L5", case)


def signs(value: float, *, on: date = RECENT) -> Figure:
    return held("governance_signs_count", value, on=on)


L6 = [
    Case("two signs", (signs(2),), "raised", 2),
    Case("four signs", (signs(4),), "raised", 2),
    Case("one sign", (signs(1),), "raised", 1),
    Case("none", (signs(0),), "clear"),
    Case("seen a year ago", (signs(2, on=A_YEAR_BEFORE),), "raised", 2),
    Case("seen longer ago", (signs(2, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("unknown phase", (signs(2),), ABSENT, phase="independent"),
    *missing_cases("governance_signs_count", "held_at_trust", "not_held"),
]


@pytest.mark.parametrize("case", named(L6))
def test_l6(bench: Bench, case: Case) -> None:
    check(bench, "L6", case)


def leaving(value: float | None, missing: str | None = None, on: date = date(2024, 8, 31)) -> Figure:
    return Figure("teacher_turnover_rank_pct", value=value, missing=missing, figure=24.3, benchmark=15.1, on=on)


def ill(value: float | None, missing: str | None = None, on: date = date(2024, 8, 31)) -> Figure:
    return Figure("teacher_absence_rank_pct", value=value, missing=missing, figure=11.2, benchmark=7.9, on=on)


L9 = [
    Case("turnover in the highest tenth", (leaving(90), ill(10)), "raised", 1),
    Case("turnover just under", (leaving(89.9), ill(10)), "clear", near=True),
    Case("absence in the highest tenth", (leaving(10), ill(90)), "raised", 1),
    Case("absence just under", (leaving(10), ill(89.9)), "clear", near=True),
    Case("both are one point", (leaving(99), ill(99)), "raised", 1),
    Case("beyond near", (leaving(84.9), ill(84.9)), "clear"),
    Case("few teachers but absence known", (leaving(None, "too_few_teachers"), ill(95)), "raised", 1),
    Case("exactly four years old", (leaving(95, on=FOUR_YEARS_BEFORE),), "raised", 1),
    Case("older than four years", (leaving(95, on=FOUR_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("absence exactly four years old", (ill(95, on=FOUR_YEARS_BEFORE),), "raised", 1),
    Case("absence older than four years", (ill(95, on=FOUR_YEARS_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("in a special school", (leaving(95),), "raised", 1, phase="special"),
    Case("unknown phase", (leaving(95),), ABSENT, phase="independent"),
    *missing_cases("teacher_turnover_rank_pct", "too_few_teachers", "no_ranking", "no_earlier_figure", "suppressed"),
]


@pytest.mark.parametrize("case", named(L9))
def test_l9(bench: Bench, case: Case) -> None:
    got = check(bench, "L9", case)
    if case.name == "turnover in the highest tenth":
        assert got is not None
        assert got.sentence == (
            "24% of teachers left within the year, against 15% in schools of its phase (2024-25); "
            "in each of the last two years more than in 90% of the others."
        )


def seen(value: float, *, on: date = RECENT) -> Figure:
    return held("visit_impact_score", value, on=on)


L10 = [
    Case("not effective", (seen(2),), "raised", 2, core=True),
    Case("partly effective", (seen(1),), "raised", 1, core=True),
    Case("effective", (seen(0),), "clear", core=True),
    Case("effective and evidenced", (seen(-1),), "protective", -1, core=True),
    Case("a year ago", (seen(2, on=A_YEAR_BEFORE),), "raised", 2, core=True),
    Case("longer ago", (seen(2, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("praise of longer ago", (seen(-1, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("in alternative provision", (seen(1),), "raised", 1, core=True, phase="alternative provision"),
    Case("unknown phase", (seen(2),), ABSENT, phase="independent"),
    *missing_cases("visit_impact_score", "not_held"),
]


@pytest.mark.parametrize("case", named(L10))
def test_l10(bench: Bench, case: Case) -> None:
    check(bench, "L10", case)


def test_a_missing_visit_says_so_in_words(bench: Bench) -> None:
    found = bench.judge((held("visit_impact_score", None, missing="not_held"),), only="L10")
    assert found["L10"].sentence == (
        "A visit found that leaders' work has little effect? Not assessed: nothing of it is recorded by the LA."
    )


def complained(value: float, *, on: date = RECENT) -> Figure:
    return held("complaints_upheld_count", value, on=on)


L11 = [
    Case("two", (complained(2),), "raised", 1),
    Case("five", (complained(5),), "raised", 1),
    Case("one", (complained(1),), "clear", near=True),
    Case("none", (complained(0),), "clear"),
    Case("register of a year ago", (complained(2, on=A_YEAR_BEFORE),), "raised", 1),
    Case("register of longer ago", (complained(0, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("unknown phase", (complained(2),), ABSENT, phase="independent"),
    *missing_cases("complaints_upheld_count", "no_register"),
]


@pytest.mark.parametrize("case", named(L11))
def test_l11(bench: Bench, case: Case) -> None:
    check(bench, "L11", case)


def refused(value: float, *, on: date = RECENT) -> Figure:
    return held("engagement_refused_count", value, on=on)


L12 = [
    Case("one offer", (refused(1),), "raised", 1),
    Case("two offers", (refused(2),), "raised", 1),
    Case("none", (refused(0),), "clear"),
    Case("a year ago", (refused(1, on=A_YEAR_BEFORE),), "raised", 1),
    Case("longer ago", (refused(1, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case(
        "an academy",
        (held("engagement_refused_count", None, missing="not_applicable"),),
        "not applicable",
        reason="not_applicable",
    ),
    Case("unknown phase", (refused(1),), ABSENT, phase="independent"),
    *missing_cases("engagement_refused_count", "not_held"),
]


@pytest.mark.parametrize("case", named(L12))
def test_l12(bench: Bench, case: Case) -> None:
    check(bench, "L12", case)


def missed(value: float | None, missing: str | None = None, on: date = RECENT) -> Figure:
    return held("plan_measures_missed_count", value, on=on, missing=missing)


def on_track(value: float | None, missing: str | None = None, on: date = RECENT) -> Figure:
    return held("plan_on_track_count", value, on=on, missing=missing)


L13 = [
    Case("two missed twice", (missed(2), on_track(0)), "raised", 2, core=True),
    Case("one missed twice", (missed(1), on_track(0)), "clear", core=True, near=True),
    Case("none missed but a milestone", (missed(0), on_track(0)), "clear", core=True),
    Case("all on track", (missed(0), on_track(1)), "protective", -1, core=True),
    Case("one review, which missed some", (missed(None, "no_earlier_figure"), on_track(0)), "clear", core=True),
    Case("reviewed a year ago", (missed(2, on=A_YEAR_BEFORE),), "raised", 2, core=True),
    Case("reviewed longer ago", (missed(2, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case("on track a year ago", (on_track(1, on=A_YEAR_BEFORE),), "protective", -1, core=True),
    Case("on track longer ago", (on_track(1, on=A_YEAR_BEFORE - DAY),), "not assessed", reason="stale"),
    Case(
        "no plan",
        (missed(None, "not_applicable"), on_track(None, "not_applicable")),
        "not applicable",
        reason="not_applicable",
    ),
    Case("a plan is owed", (missed(None, "not_held"), on_track(None, "not_held")), "not assessed", reason="not_held"),
    Case("unknown phase", (missed(2),), ABSENT, phase="independent"),
    *missing_cases("plan_measures_missed_count", "no_earlier_figure"),
]


@pytest.mark.parametrize("case", named(L13))
def test_l13(bench: Bench, case: Case) -> None:
    check(bench, "L13", case)


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
