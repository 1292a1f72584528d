"""What must hold whatever the figures are."""

from collections.abc import Mapping
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risk_model.domain.words import MissingReason
from risk_model.measures.reader import read_measures
from risk_model.rules.reader import PHASES, Rule, read_rules
from risk_model.scoring.evaluating import read_sql
from risk_model.warehouse.engine import Connection, rows
from tests.scoring.kit import AS_AT, Bench, Figure, create_no_score_points, load

MEASURES = sorted({name for rule in read_rules().rules for name in rule.measures()})
STATEMENTS = ["outcomes", "leadership", "inspection"]
REASONS = [reason.value for reason in MissingReason if reason not in (MissingReason.STALE, MissingReason.NOT_LOADED)]

numbers = st.floats(min_value=-120, max_value=120, allow_nan=False).map(lambda x: round(x, 3))
days = st.one_of(st.none(), st.dates(date(2012, 1, 1), AS_AT))


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    """A figure with a value or a reason, of any measure that a rule reads."""
    value = draw(st.one_of(st.none(), numbers))
    missing = draw(st.sampled_from(REASONS)) if value is None else None
    half_width = draw(st.one_of(st.none(), st.floats(min_value=0, max_value=50)))
    return Figure(
        draw(st.sampled_from(MEASURES)),
        value=value,
        missing=missing,
        lower=None if value is None or half_width is None else value - half_width,
        upper=None if value is None or half_width is None else value + half_width,
        on=draw(days),
        weight=draw(st.sampled_from([0.5, 1.0])),
    )


lists_of_figures = st.lists(figures(), max_size=25, unique_by=lambda one: one.measure_id)
worlds = st.dictionaries(
    st.integers(110_000, 110_030).map(str),
    st.tuples(st.sampled_from(PHASES), lists_of_figures),
    min_size=1,
    max_size=5,
)


def judge(bench: Bench, world: Mapping[str, tuple[str, list[Figure]]]) -> Connection:
    bench.rules_on(AS_AT)
    bench.place({urn: phase for urn, (phase, _) in world.items()}, {urn: given for urn, (_, given) in world.items()})
    bench.evaluate(AS_AT)
    create_no_score_points(bench.con)
    load(bench.con, "earlier_levels", [{"urn": "0", "statement": "outcomes", "level": "likely"}])
    bench.con.execute("create or replace table levels (urn varchar, statement varchar, level varchar)")
    bench.con.execute(f"create or replace table levels as {read_sql('levels')}", {"statements": STATEMENTS})
    return bench.con


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds)
def test_no_school_is_lost_and_what_is_missing_scores_nothing(
    bench: Bench, world: dict[str, tuple[str, list[Figure]]]
) -> None:
    con = judge(bench, world)
    expected = sorted(
        (urn, rule.id)
        for urn, (phase, _) in world.items()
        for rule in read_rules().on(AS_AT)
        if phase in rule.applies_to()
    )
    outcomes = rows(con, "select * from rule_outcomes")
    assert sorted((row["urn"], row["rule_id"]) for row in outcomes) == expected
    for row in outcomes:
        assert row["points"] is not None
        assert row["points"] <= row["points_available"]
        assert row["sentence"]
        if row["status"] in ("not assessed", "not applicable"):
            assert row["missing_reason"]
            assert (row["points"], row["is_gate"], row["is_significant"], row["is_core_evidence"]) == (
                0,
                False,
                False,
                False,
            )
        else:
            assert row["missing_reason"] is None
            assert row["value"] is not None
    levels = rows(con, read_sql("statement_levels"))
    assert sorted((row["urn"], row["statement"]) for row in levels) == sorted(
        (urn, statement) for urn in world for statement in STATEMENTS
    )
    for row in levels:
        assert row["level"] in ("likely", "uncertain", "unlikely", "not enough evidence")
        assert None not in (row["points"], row["coverage"], row["score"])
        assert 0 <= row["coverage"] <= 1


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_figures=lists_of_figures, phase=st.sampled_from(PHASES), reason=st.sampled_from(REASONS))
def test_losing_a_figure_never_adds_a_point(bench: Bench, given_figures: list[Figure], phase: str, reason: str) -> None:
    """A school may hide nothing by a gap, and gain nothing by one either: without figures nothing is raised."""
    lost = [Figure(one.measure_id, missing=reason) for one in given_figures]
    for one in bench.judge(lost, phase=phase).values():
        assert one.status in ("not assessed", "not applicable")
        assert one.points == 0


def test_the_measures_of_the_rules_are_all_made() -> None:
    assert set(MEASURES) <= {measure.id for measure in read_measures()}


STEPS = (-3.0, -1.0, -0.01, 0.0, 0.01, 1.0, 3.0)


def around(rule: Rule, measure: str) -> list[float]:
    """Values on both sides of every threshold that a rule has on a measure, from the best to the worst for it."""
    tests = [one for one in rule.threshold if (one.measure or rule.measure) == measure and one.points >= 0]
    values = {round(one.value + step, 6) for one in tests for step in STEPS}
    rising = all((one.raised_when or rule.raised_when) == "at_least" for one in tests)
    return sorted(values, reverse=not rising)


COMPARED = [
    pytest.param(rule, measure, id=f"{rule.id}-{measure}")
    for rule in read_rules().on(AS_AT)
    for measure in sorted({one.measure or rule.measure for one in rule.threshold if one.points >= 0})
]


@pytest.mark.parametrize(("rule", "measure"), COMPARED)
@pytest.mark.parametrize("half_width", [0.0, 0.5])
def test_a_worse_value_never_lowers_the_points(bench: Bench, rule: Rule, measure: str, half_width: float) -> None:
    values = around(rule, measure)
    schools = {str(110_100 + place): rule.applies_to()[0] for place in range(len(values))}
    given = {
        urn: [Figure(measure, value=value, lower=value - half_width, upper=value + half_width)]
        for urn, value in zip(schools, values, strict=True)
    }
    bench.rules_on(AS_AT, rule.id)
    bench.place(schools, given)
    bench.evaluate(AS_AT)
    points = [row["points"] for row in rows(bench.con, "select points from rule_outcomes order by urn")]
    assert points == sorted(points)
    assert len(points) == len(values)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    bench: Bench, world: dict[str, tuple[str, list[Figure]]], seed: Random
) -> None:
    told = "select * from rule_outcomes order by urn, rule_id"
    before = rows(judge(bench, world), told)
    shuffled = list(world.items())
    seed.shuffle(shuffled)
    again = {urn: (phase, seed.sample(given_figures, len(given_figures))) for urn, (phase, given_figures) in shuffled}
    assert rows(judge(bench, again), told) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_figures=lists_of_figures, phase=st.sampled_from(PHASES), reason=st.sampled_from(REASONS))
def test_losing_what_speaks_for_a_school_never_improves_a_level(
    bench: Bench, given_figures: list[Figure], phase: str, reason: str
) -> None:
    """Of two schools alike, the second lost every figure that raised nothing: it is never better placed for it."""
    judge(bench, {"110001": (phase, given_figures)})
    raised = {
        row["measure_id"] for row in rows(bench.con, "select measure_id from rule_outcomes where status = 'raised'")
    }
    read_together = {name for rule in read_rules().rules if rule.measures() & raised for name in rule.measures()}
    kept = [one if one.measure_id in read_together else Figure(one.measure_id, missing=reason) for one in given_figures]
    con = judge(bench, {"110001": (phase, given_figures), "110002": (phase, kept)})
    levels = {(row["urn"], row["statement"]): row["level"] for row in rows(con, "select * from levels")}
    for statement in STATEMENTS:
        whole, lost = levels["110001", statement], levels["110002", statement]
        assert lost != "likely" or whole == "likely"
        assert lost == "unlikely" or whole != "unlikely"
