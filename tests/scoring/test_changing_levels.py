"""What would change a level: worked out by hand for a school of a few figures, and tried again on the demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from risk_model.domain.words import Level, Statement
from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import Rule, RuleSet, StatementLevels, Threshold
from risk_model.scoring.changing_levels import Step, Way, WhatIf, candidates, what_would_change
from risk_model.scoring.evaluating import create_current_values, judge
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.supposing import CARRIED_BY, SchoolBench, Supposition, supposing
from risk_model.services.copy import Copy
from risk_model.warehouse.builds import Build
from risk_model.warehouse.engine import scratch
from tests.scoring.kit import AS_AT, Figure, create_measure_values_table, insert_figures

URN = "110001"


def _threshold(value: float, points: float, **more: object) -> dict[str, object]:
    return {
        "from": date(2016, 9, 1),
        "value": value,
        "unit": "a unit",
        "points": points,
        "why": "For this test alone.",
        "reference": "None: a test.",
        **more,
    }


def _rule(rule_id: str, measure: str, raised_when: str, *thresholds: dict[str, object], core: bool = False) -> Rule:
    statement = {"O": "outcomes", "L": "leadership", "N": "inspection"}[rule_id[0]]
    return Rule.model_validate(
        {
            "id": rule_id,
            "statement": statement,
            "title": f"A rule on {measure}",
            "measure": measure,
            "phases": ["all"],
            "core": core,
            "raised_when": raised_when,
            "sentence": "It is {value:.1f}.",
            "checked_by": "this file",
            "next_review": date(2099, 1, 1),
            "threshold": [Threshold.model_validate(one) for one in thresholds],
        }
    )


RULES = (
    # 2 points where the whole interval is below nought, 1 point at five below
    _rule(
        "O1",
        "rwm_expected_gap_pp",
        "at_most",
        _threshold(0.0, 2.0, significant=True),
        _threshold(-5.0, 1.0),
        core=True,
    ),
    _rule("O10", "persistent_absence_rank_pct", "at_least", _threshold(90.0, 2.0), _threshold(80.0, 1.0)),
    _rule(
        "L1", "leadership_concern_score", "at_least", _threshold(2.0, 4.0, gate=True), _threshold(1.0, 2.0), core=True
    ),
    _rule("L4", "category_of_concern_count", "at_least", _threshold(1.0, 4.0, gate=True)),
    _rule("N1", "below_good_score", "at_least", _threshold(2.0, 2.0), core=True),
    _rule("N12", "parents_recommend_pct", "at_most", _threshold(70.0, 1.0)),
    _rule("N6", "outcomes_level_score", "at_least", _threshold(2.0, 3.0), _threshold(1.0, 1.0)),
    _rule("N7", "leadership_level_score", "at_least", _threshold(2.0, 3.0), _threshold(1.0, 1.0)),
)


def _levels(statement: Statement, *, unlikely: float, proven: bool = False, stand_in: bool = False) -> StatementLevels:
    return StatementLevels(
        id=statement,
        unlikely_points=unlikely,
        needs_significant=proven,
        uncertain_points=2.0,
        protective_cap=2.0,
        min_coverage=0.5,
        carried_levels_can_stand_in=stand_in,
        why="For this test.",
    )


RULE_SET = RuleSet(
    rule_set="test",
    next_review=date(2099, 1, 1),
    rules=RULES,
    levels=(
        _levels(Statement.OUTCOMES, unlikely=4.0, proven=True),
        _levels(Statement.LEADERSHIP, unlikely=4.0),
        _levels(Statement.INSPECTION, unlikely=5.0, stand_in=True),
    ),
)

GAP = Figure("rwm_expected_gap_pp", value=-12.0, lower=-20.0, upper=-4.0)
ABSENCE = Figure("persistent_absence_rank_pct", value=92.0)
LED_WELL = Figure("leadership_concern_score", value=0.0)
NO_CATEGORY = Figure("category_of_concern_count", value=0.0)
WAS_GOOD = Figure("below_good_score", value=0.0)
SCHOOL = (GAP, ABSENCE, LED_WELL, NO_CATEGORY, WAS_GOOD)


@contextmanager
def bench_of(*figures: Figure) -> Iterator[SchoolBench]:
    """A school of these figures, judged, beside a build that has nothing else."""
    with scratch() as con:
        con.execute("attach ':memory:' as build")
        con.execute("use build")
        con.execute(
            "create table schools as select $urn as urn, 'primary' as phase, 'primary' as phase_group, "
            "true as is_mainstream, 200.0 as pupils",
            {"urn": URN},
        )
        create_measure_values_table(con)
        insert_figures(con, [one.row(URN) for one in figures])
        create_current_values(con)
        judge(con, RULE_SET, AS_AT)
        con.execute("use memory")
        yield SchoolBench(con, Build("test", 1, AS_AT, "test", Path("none")), RULE_SET, URN)


def _found(*figures: Figure) -> dict[Statement, WhatIf]:
    with bench_of(*figures) as bench:
        return _search(bench)


def _search(bench: SchoolBench) -> dict[Statement, WhatIf]:
    today = bench.today()
    tried = candidates(bench, today)
    return what_would_change(bench, today, tried, bench.judge([one.supposition for one in tried]))


def _told(ways: tuple[Way, ...]) -> set[tuple[object, ...]]:
    """Ways as measure, value, whether it must be passed, and level."""
    return {(*((step.measure_id, step.to, step.is_beyond) for step in way.steps), way.level.value) for way in ways}


def test_either_of_two_rules_at_their_highest_would_make_it_uncertain() -> None:
    # O1 gives 2 and O10 gives 2: 4 points, one rule beyond chance, so unlikely. Without either 2 or 3 points are left.
    # The interval is 8 wide on the upper side: at -8 it touches nought, and the gap is still more than 5: 1 point.
    found = _found(*SCHOOL)[Statement.OUTCOMES]
    assert found.level is Level.UNLIKELY
    assert _told(found.better) == {
        (("rwm_expected_gap_pp", -8.0, False), "uncertain"),
        (("persistent_absence_rank_pct", 90.0, True), "uncertain"),
    }
    assert found.worse == ()
    # the nearest first: 2 of 92 is less than 4 of 12
    assert [way.steps[0].measure_id for way in found.better] == ["persistent_absence_rank_pct", "rwm_expected_gap_pp"]


def test_two_rules_together_where_one_would_not_do() -> None:
    # 2 points by each of two gates: without one of them the other still sets the level
    found = _found(GAP, ABSENCE, replace(LED_WELL, value=2.0), replace(NO_CATEGORY, value=1.0), WAS_GOOD)
    ways = found[Statement.LEADERSHIP].better
    assert {len(way.steps) for way in ways} == {2}
    assert _told(ways) == {
        # L1 for 2 points is uncertain, for none likely
        (("category_of_concern_count", 0.0, False), ("leadership_concern_score", 1.0, False), "uncertain"),
        (("category_of_concern_count", 0.0, False), ("leadership_concern_score", 0.0, False), "likely"),
    }


def test_a_step_names_the_rule_and_its_points_today_and_then() -> None:
    found = _found(*SCHOOL)[Statement.OUTCOMES]
    absence = next(way.steps[0] for way in found.better if way.steps[0].measure_id == ABSENCE.measure_id)
    (move,) = absence.rules
    assert (move.rule_id, move.points, move.then_points, move.then_status) == ("O10", 2.0, 1.0, "raised")
    assert absence.now == 92.0
    assert not absence.rises


def test_what_would_make_it_worse_reaches_the_threshold_from_below() -> None:
    # 3 points: uncertain. One more from either rule: the place rises to 90.
    found = _found(GAP, replace(ABSENCE, value=85.0), LED_WELL, NO_CATEGORY, WAS_GOOD)[Statement.OUTCOMES]
    assert found.level is Level.UNCERTAIN
    assert _told(found.worse) == {(("persistent_absence_rank_pct", 90.0, False), "unlikely")}
    assert next(iter(found.worse)).steps[0].rises


def test_the_third_statement_moves_by_the_levels_of_the_first_two() -> None:
    # N6 gives 3 for "unlikely" and N1 gives 2: 5 points, unlikely. Either alone would do: "uncertain" gives 1.
    found = _found(GAP, ABSENCE, LED_WELL, NO_CATEGORY, replace(WAS_GOOD, value=2.0))[Statement.INSPECTION]
    assert found.level is Level.UNLIKELY
    levels = {step.carried_level for way in found.better for step in way.steps if step.carried is Statement.OUTCOMES}
    assert Level.UNCERTAIN in levels
    assert {len(way.steps) for way in found.better} == {1}
    assert any(step.measure_id == "below_good_score" for way in found.better for step in way.steps)


def test_where_there_is_not_enough_evidence_it_says_which_to_bring() -> None:
    # O1 is core and not known: 2 of 4 points could be assessed, no core rule
    lost = Figure("rwm_expected_gap_pp", missing="suppressed")
    found = _found(lost, replace(ABSENCE, value=10.0), LED_WELL, NO_CATEGORY, WAS_GOOD)[Statement.OUTCOMES]
    assert found.level is Level.NOT_ENOUGH_EVIDENCE
    assert [[step.measure_id for step in way.steps] for way in found.to_bring] == [["rwm_expected_gap_pp"]]
    assert (found.better, found.worse) == ((), ())


def test_evidence_that_does_not_apply_is_never_asked_for() -> None:
    none = Figure("rwm_expected_gap_pp", missing="not_applicable")
    found = _found(none, replace(ABSENCE, value=10.0), LED_WELL, NO_CATEGORY, WAS_GOOD)[Statement.OUTCOMES]
    assert found.level is Level.NOT_ENOUGH_EVIDENCE
    assert found.to_bring == ()


def test_a_likely_school_has_nothing_better_and_an_unlikely_one_nothing_worse() -> None:
    found = _found(*SCHOOL)
    assert found[Statement.LEADERSHIP].level is Level.LIKELY
    assert found[Statement.LEADERSHIP].better == ()
    assert found[Statement.OUTCOMES].worse == ()


def test_without_what_is_raised_there_may_not_be_enough_evidence() -> None:
    # a gate on a rule that is not core, and the core rule not known: cleared, nobody could say
    lost = Figure("leadership_concern_score", missing="not_inspected")
    found = _found(GAP, ABSENCE, lost, replace(NO_CATEGORY, value=1.0), WAS_GOOD)[Statement.LEADERSHIP]
    assert found.level is Level.UNLIKELY
    assert found.better == ()
    assert found.at_most == {"better": Level.NOT_ENOUGH_EVIDENCE}


def test_a_search_that_would_try_too_much_says_so() -> None:
    # two gates have to go together, so sets of two are tried, and here none may be
    figures = (GAP, ABSENCE, replace(LED_WELL, value=2.0), replace(NO_CATEGORY, value=1.0), WAS_GOOD)
    with bench_of(*figures) as bench:
        today = bench.today()
        tried = candidates(bench, today)
        judged = bench.judge([one.supposition for one in tried])
        found = what_would_change(bench, today, tried, judged, most_tried=1)[Statement.LEADERSHIP]
    assert (found.better, found.beyond_search) == ((), ("better",))


def test_steps_stay_within_what_can_be_and_count_in_whole_numbers() -> None:
    with bench_of(*SCHOOL) as bench:
        steps = [one.step for one in candidates(bench, bench.today())]
    places = sorted(step.to for step in steps if step.measure_id == "persistent_absence_rank_pct")
    assert places == [80.0, 80.0, 90.0, 90.0]
    assert {step.to for step in steps if step.measure_id == "leadership_concern_score"} == {1.0, 2.0, 3.0}
    assert {step.is_beyond for step in steps if step.measure_id == "leadership_concern_score"} == {False}


def test_a_place_beyond_the_last_is_not_supposed() -> None:
    with bench_of(GAP, replace(ABSENCE, value=0.0), LED_WELL, NO_CATEGORY, WAS_GOOD) as bench:
        values = [
            figure.value
            for one in candidates(bench, bench.today())
            for figure in one.supposition.figures
            if figure.measure_id == ABSENCE.measure_id
        ]
    assert all(0.0 <= (value or 0.0) <= 100.0 for value in values)


def test_a_figure_that_moves_takes_its_limits_along() -> None:
    with bench_of(*SCHOOL) as bench:
        moved = bench.figures["rwm_expected_gap_pp"].moved_to(-3.1234567)
    assert (moved.value, moved.lower, moved.upper) == (-3.123457, -11.123457, 4.876543)


def test_a_figure_that_was_not_known_has_no_chance_in_it() -> None:
    with bench_of(Figure("rwm_expected_gap_pp", missing="suppressed"), *SCHOOL[1:]) as bench:
        moved = bench.figures["rwm_expected_gap_pp"].moved_to(-3.0)
    assert (moved.value, moved.lower, moved.upper, moved.missing_reason) == (-3.0, -3.0, -3.0, None)


# on the demo, whatever its rules are


@pytest.fixture(scope="module")
def some_urns() -> list[str]:
    return ["900001", "900020", "900077", "900150", "900201", "900230"]


def _supposed(bench: SchoolBench, step: Step) -> Supposition:
    """The same step made a second way: the value it names, passed by a little where it must be passed."""
    if step.carried is not None:
        return Supposition(carried={step.carried: step.carried_level.value})
    by = (0.001 if step.rises else -0.001) if step.is_beyond else 0.0
    return Supposition((bench.figures[step.measure_id].moved_to(step.to + by),))


def test_every_way_leads_where_it_says_and_no_single_step_of_a_longer_one_does(
    demo_copy: Copy, some_urns: list[str]
) -> None:
    tried = 0
    for urn in some_urns:
        with supposing(demo_copy.build, held_rule_set(demo_copy.reader), urn) as bench:
            today = bench.today()
            for statement, found in _search(bench).items():
                for way in (*found.better[:3], *found.worse[:3]):
                    steps = [_supposed(bench, step) for step in way.steps]
                    held = {one: today.levels[one] for one in CARRIED_BY.values()}
                    whole = Supposition(
                        tuple(figure for one in steps for figure in one.figures),
                        {**held, **{k: v for one in steps for k, v in one.carried.items()}},
                    )
                    alone = [Supposition(one.figures, {**held, **one.carried}) for one in steps]
                    judged = bench.judge([whole, *alone])
                    assert judged[0].levels[statement] == way.level
                    if len(steps) > 1:
                        assert all(one.levels[statement] != way.level for one in judged[1:])
                    tried += 1
    assert tried > 10


def test_a_school_as_it_is_has_the_levels_of_the_build(demo_copy: Copy, some_urns: list[str]) -> None:
    for urn in some_urns:
        with supposing(demo_copy.build, held_rule_set(demo_copy.reader), urn) as bench:
            today = bench.today()
            assert bench.judge([Supposition()]) == [today]
            asked = demo_copy.reader.rows(
                "select statement, level from statement_levels where urn = $urn", {"urn": urn}
            )
            assert {row["statement"]: row["level"] for row in asked} == {
                statement.value: level for statement, level in today.levels.items()
            }


def test_a_statement_judged_by_itself_comes_to_what_it_comes_to_among_all(
    demo_copy: Copy, some_urns: list[str]
) -> None:
    for urn in some_urns:
        with supposing(demo_copy.build, held_rule_set(demo_copy.reader), urn) as bench:
            today = bench.today()
            own = Supposition(carried={one: today.levels[one] for one in CARRIED_BY.values()})
            for statement in Statement:
                (alone,) = bench.judge([own], {statement})
                assert alone.levels == {statement: today.levels[statement]}
                assert alone.results[statement] == today.results[statement] != ()


def test_no_step_is_about_the_intake_or_about_similar_schools(demo_copy: Copy, some_urns: list[str]) -> None:
    for urn in some_urns:
        with supposing(demo_copy.build, held_rule_set(demo_copy.reader), urn) as bench:
            compared = {test.measure_id for test in bench.tests}
            steps = {one.step.measure_id for one in candidates(bench, bench.today())}
            # what only excuses or caps a rule is compared by no test of its own
            assert steps <= compared
            assert all(measures_by_id()[name].id != "fsm6_pct" for name in steps)
