"""What must hold whatever the figures are."""

from collections.abc import Mapping
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risk_model.domain.words import MissingReason
from risk_model.measures.reader import read_measures
from risk_model.rules.reader import PHASES, read_rules
from risk_model.scoring.evaluating import read_sql
from risk_model.warehouse.engine import Connection, rows
from tests.scoring.kit import AS_AT, Bench, Figure, load

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
