"""The rules in force as tables, so that a build explains itself, and the numbers that stand for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from math import ceil

import pyarrow as pa

from risk_model.rules.reader import Condition, Rule, RuleSet, Threshold
from risk_model.warehouse.engine import Connection

_DAYS_A_YEAR = 365.25
_DAYS_A_MONTH = 30.4375


@dataclass(frozen=True)
class NumberedRule:
    """A rule in force, with the numbers that stand for it and for its tests in the tables of a build.

    Attributes:
        tests: its thresholds in force, in their order, each with its key and its place in the rule's file.
    """

    number: int
    rule: Rule
    tests: tuple[tuple[int, int, Threshold], ...]


def numbered_rules(rule_set: RuleSet, as_at: date) -> tuple[NumberedRule, ...]:
    """The rules in force on a day, numbered: the same rules on the same day have the same numbers."""
    keys = count()
    return tuple(
        NumberedRule(
            number,
            rule,
            tuple((next(keys), place, one) for place, one in enumerate(rule.threshold, start=1) if one.in_force(as_at)),
        )
        for number, rule in enumerate(rule_set.on(as_at))
    )


def create_rule_tables(con: Connection, rule_set: RuleSet, as_at: date) -> None:
    """The rules in force, as rows: `rules`, `rule_phases`, `tests`, `statement_rules`, and their sentences."""
    rules = numbered_rules(rule_set, as_at)
    con.register("given_rules", pa.Table.from_pylist([_rule_row(rule, as_at) for rule in rules]))
    con.register("given_tests", pa.Table.from_pylist(_test_rows(rules, as_at), schema=_TESTS))
    phases = [{"rule_id": one.rule.id, "phase": phase} for one in rules for phase in one.rule.applies_to()]
    con.register("given_phases", pa.Table.from_pylist(phases))
    levels = [{**one.model_dump(exclude={"id"}), "statement": one.id.value} for one in rule_set.levels]
    con.register("given_levels", pa.Table.from_pylist(levels))
    for table in ("rules", "tests", "phases", "levels"):
        name = {"phases": "rule_phases", "levels": "statement_rules"}.get(table, table)
        con.execute(f"create or replace table {name} as from given_{table}")
        con.unregister(f"given_{table}")


_TESTS = pa.schema(
    [
        ("test_key", pa.int32()),  # one number for rule and test, in the order of the rule's tests
        ("rule_id", pa.string()),
        ("test_no", pa.int32()),
        ("measure_id", pa.string()),
        ("direction", pa.string()),
        ("threshold", pa.float64()),
        ("unit", pa.string()),
        ("points", pa.float64()),
        ("gate", pa.bool_()),
        ("significant", pa.bool_()),
        ("counts_as_significant", pa.bool_()),
        ("near", pa.float64()),
        ("stale_after_days", pa.float64()),
        ("old_before", pa.date32()),  # older figures are stale on the day
        ("stale_share", pa.float64()),
        ("unless_measure", pa.string()),
        ("unless_direction", pa.string()),
        ("unless_value", pa.float64()),
        ("cap_measure", pa.string()),
        ("cap_direction", pa.string()),
        ("cap_value", pa.float64()),
        ("cap_points", pa.float64()),
        ("fitting_sentence", pa.string()),
        ("fitting_key", pa.int32()),
        ("resting_sentence", pa.string()),
        ("resting_key", pa.int32()),
        ("why", pa.string()),
        ("reference", pa.string()),
        ("in_force_from", pa.date32()),
    ]
)


def _rule_row(numbered: NumberedRule, as_at: date) -> dict[str, object]:
    rule = numbered.rule
    return {
        "rule_no": numbered.number,
        "rule_id": rule.id,
        "statement": rule.statement.value,
        "title": rule.title,
        "core": rule.core,
        "core_within_days": core_within_days(rule),
        "points_available": points_available(rule, as_at),
        "checked_by": rule.checked_by,
        "next_review": rule.next_review,
    }


def points_available(rule: Rule, as_at: date) -> float:
    """The most points that a rule gives on a day."""
    return max(0.0, *(one.points for one in rule.threshold if one.in_force(as_at)))


def core_within_days(rule: Rule) -> int | None:
    """How old a core rule's evidence may be; None for any age."""
    return whole_days(rule.core_within_months, _DAYS_A_MONTH)


def stale_after_days(threshold: Threshold) -> int | None:
    """From how many days on a figure is old; None for never."""
    return whole_days(threshold.stale_after_years, _DAYS_A_YEAR)


def _test_rows(rules: Iterable[NumberedRule], as_at: date) -> list[dict[str, object]]:
    """Every threshold in force as a row; sentences have numbers, so that the SQL compares no texts."""
    keys: dict[str, int] = {}
    return [
        {"test_key": key, **_test_row(one.rule, place, threshold, keys, as_at)}
        for one in rules
        for key, place, threshold in one.tests
    ]


def _test_row(rule: Rule, number: int, one: Threshold, keys: dict[str, int], as_at: date) -> dict[str, object]:
    stale_days = stale_after_days(one)
    fitting = one.sentence or rule.sentence
    # a threshold on a measure of its own says what it found either way
    resting = one.sentence if one.sentence and one.measure else rule.sentence
    return {
        "rule_id": rule.id,
        "test_no": number,
        "measure_id": one.measure or rule.measure,
        "direction": one.raised_when or rule.raised_when,
        "threshold": one.value,
        "unit": one.unit,
        "points": one.points,
        "gate": one.gate,
        "significant": one.significant,
        "counts_as_significant": one.counts_as_significant,
        "near": one.near,
        "stale_after_days": stale_days,
        "old_before": None if stale_days is None else as_at - timedelta(days=stale_days),
        "stale_share": one.stale_share,
        **_condition("unless", one.unless),
        **_condition("cap", one.cap),
        "cap_points": one.cap.points if one.cap else None,
        "fitting_sentence": fitting,
        "fitting_key": keys.setdefault(fitting, len(keys)),
        "resting_sentence": resting,
        "resting_key": keys.setdefault(resting, len(keys)),
        "why": one.why,
        "reference": one.reference,
        "in_force_from": one.from_,
    }


def whole_days(spans: float | None, days: float) -> int | None:
    """Days of so many years or months, rounded up: a figure is not old on the very anniversary, leap year or not."""
    return ceil(spans * days) if spans else None


def _condition(name: str, condition: Condition | None) -> dict[str, object]:
    return {
        f"{name}_measure": condition.measure if condition else None,
        f"{name}_direction": condition.raised_when if condition else None,
        f"{name}_value": condition.value if condition else None,
    }
