"""The rule set keeps its promises: nothing lost, everything checked, reviewed, cited, and fair in what it reads."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from risk_model.domain.words import Statement
from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import PHASES, Rule, Threshold, read_rules
from risk_model.rules.score_parts import ScorePart

PROJECT = Path(__file__).resolve().parents[2]
RULES = read_rules().rules
SCORE = read_rules().score
# what an intake is made of: it may say with whom a school is compared, and never earns a point
INTAKE = re.compile(
    r"\b(fsm6?_pct|disadvantaged_pct|eal_\w+|sen_\w+|send_\w+|ehc_\w+|ethnic\w*|idaci\w*|deprivation\w*)\b"
)


def every_rule() -> list[object]:
    return [pytest.param(rule, id=rule.id) for rule in RULES]


def test_no_rule_is_lost_and_none_comes_unnoticed() -> None:
    manifest = (Path(__file__).parent / "manifest.txt").read_text("utf-8").split()
    assert sorted(one.id for one in (*RULES, *SCORE)) == manifest


def test_the_rule_set_is_reviewed_in_time() -> None:
    overdue = [(one.id, one.next_review) for one in (*RULES, *SCORE) if one.next_review < date.today()]
    assert not overdue
    assert read_rules().next_review >= date.today()


@pytest.mark.parametrize("rule", every_rule())
def test_checked_by_names_a_test_that_exists_and_is_of_the_rule(rule: Rule) -> None:
    name, _, function = rule.checked_by.partition("::")
    tree = ast.parse((PROJECT / name).read_text("utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert function == f"test_{rule.id.lower()}"


@pytest.mark.parametrize("rule", every_rule())
def test_the_letter_of_an_id_is_that_of_its_statement(rule: Rule) -> None:
    letters = {Statement.OUTCOMES: "O", Statement.LEADERSHIP: "L", Statement.INSPECTION: "N"}
    assert rule.id[0] == letters[rule.statement]


@pytest.mark.parametrize("statement", list(Statement))
def test_every_statement_has_a_core_rule_for_every_phase_it_can_judge(statement: Statement) -> None:
    core = {phase for rule in RULES if rule.statement == statement and rule.core for phase in rule.applies_to()}
    expected = {
        # no published results: not enough evidence, and said so; of infant and first schools what the LA holds counts
        Statement.OUTCOMES: set(PHASES) - {"nursery", "special", "alternative provision"},
        Statement.LEADERSHIP: set(PHASES),
        Statement.INSPECTION: set(PHASES),
    }
    assert core == expected[statement]


@pytest.mark.parametrize("statement", list(Statement))
def test_outcomes_of_every_phase_have_a_rule_of_every_statement(statement: Statement) -> None:
    covered = {phase for rule in RULES if rule.statement == statement for phase in rule.applies_to()}
    assert covered >= set(PHASES) - ({"nursery"} if statement == Statement.OUTCOMES else set())


@pytest.mark.parametrize("rule", every_rule())
def test_intake_never_earns_a_point(rule: Rule) -> None:
    known = measures_by_id()
    for threshold in rule.threshold:
        measure = known[threshold.measure or rule.measure]
        assert not INTAKE.search(measure.id)
        assert threshold.points == 0 or measure.polarity != "none", f"{measure.id} is context only"
        # the measure's own SQL; how pupils are grouped for a cap stands in a table of its own
        statement = "\n".join(line for line in measure.sql.splitlines() if not line.startswith("--"))
        assert not INTAKE.search(statement)


@pytest.mark.parametrize("rule", every_rule())
def test_a_like_intake_only_takes_points_away(rule: Rule) -> None:
    for threshold in rule.threshold:
        assert "similar" not in (threshold.measure or rule.measure)
        if threshold.cap:
            assert threshold.cap.points < threshold.points


@pytest.mark.parametrize("rule", every_rule())
def test_thresholds_stand_from_the_strictest_to_the_mildest(rule: Rule) -> None:
    for first, second in pairwise(rule.threshold):
        if compared(rule, first) != compared(rule, second):
            continue
        if first.significant == second.significant:
            stricter = (
                first.value > second.value if compared(rule, first)[1] == "at_least" else first.value < second.value
            )
            assert stricter
        # of the thresholds the first that fits counts: a stronger one below a milder one would never be reached
        assert first.points > second.points


def compared(rule: Rule, threshold: Threshold) -> tuple[str, str]:
    return threshold.measure or rule.measure, threshold.raised_when or rule.raised_when


def numbers() -> Iterator[tuple[str, Threshold]]:
    for rule in RULES:
        for number, threshold in enumerate(rule.threshold, 1):
            yield f"{rule.id}-{number}", threshold


@pytest.mark.parametrize("threshold", [pytest.param(one, id=name) for name, one in numbers()])
def test_a_gate_carries_most_points_and_a_stale_share_has_an_age(threshold: Threshold) -> None:
    if threshold.gate:
        assert threshold.points == 4
    if threshold.stale_share < 1:
        assert threshold.stale_after_years is not None
    assert threshold.until is None or threshold.until >= threshold.from_


@pytest.mark.parametrize("threshold", [pytest.param(one, id=name) for name, one in numbers()])
def test_a_reference_is_published_and_not_a_place_of_ours(threshold: Threshold) -> None:
    assert not re.search(r"DOMAIN|DESIGN|\.md\b|\.\./|/work|shared/", f"{threshold.reference} {threshold.why}")


# the list of points that orders the schools


def every_part() -> list[object]:
    return [pytest.param(part, id=part.id) for part in SCORE]


@pytest.mark.parametrize("part", every_part())
def test_a_line_of_the_list_is_checked_by_a_test_that_exists_and_names_it(part: ScorePart) -> None:
    name, _, function = part.checked_by.partition("::")
    text = (PROJECT / name).read_text("utf-8")
    assert function in {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    assert f'"{part.id}"' in text


@pytest.mark.parametrize("part", every_part())
def test_no_line_of_the_list_reads_an_intake(part: ScorePart) -> None:
    known = measures_by_id()
    for name in part.measures:
        assert not INTAKE.search(name)
        assert known[name].polarity != "none", f"{name} is context only"
        # whom a school is compared with stands in a table of its own; the measure's own SQL reads no intake
        statement = "\n".join(line for line in known[name].sql.splitlines() if not line.startswith("--"))
        assert not INTAKE.search(statement)


@pytest.mark.parametrize("part", every_part())
def test_the_points_of_a_line_grow_with_concern(part: ScorePart) -> None:
    # a line must not reward what is a concern, nor blame what is good
    polarity = {measures_by_id()[name].polarity for name in part.measures}
    for step in part.step:
        grows = step.each * step.points > 0
        assert polarity <= ({"high_is_concern"} if grows else {"low_is_concern", "high_is_good"})


@pytest.mark.parametrize("part", every_part())
def test_what_is_not_known_counts_within_the_ends_of_its_line(part: ScorePart) -> None:
    for step in part.step:
        ends = sorted((0, step.points * step.most))
        assert ends[0] <= step.unknown <= ends[1]


@pytest.mark.parametrize("part", every_part())
def test_the_steps_of_a_line_are_dated_and_cited(part: ScorePart) -> None:
    for step in part.step:
        assert step.until is None or step.until >= step.from_
        assert not re.search(
            r"DOMAIN|DESIGN|\.md\b|\.\./|/work|shared/", f"{step.reference} {step.why} {part.sentence}"
        )
    for first, second in pairwise(part.step):
        assert first.until is not None, "the second would never count"
        assert second.from_ > first.until
