"""All rules in polars, as one would write it there: measured beside the SQL, and held to the same outcomes."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from math import ceil

import polars as pl

from risk_model.domain.words import Statement
from risk_model.rules.reader import Condition, Rule, RuleSet, StatementLevels, Threshold

GREY = "not enough evidence"


def judge(
    schools: pl.DataFrame, current_values: pl.DataFrame, rule_set: RuleSet, as_at: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The outcomes of all rules, and the levels, with the columns of the build's tables; schools by their numbers.

    Args:
        schools: school_no and phase.
        current_values: school_no, measure_id, value, lower, upper, missing_reason, measured_on, weight.
    """
    by_measure = current_values.partition_by("measure_id", as_dict=True, include_key=False)
    figures = {str(name): table for (name,), table in by_measure.items()}
    rules = _numbered(rule_set.on(as_at), as_at)
    level_rules = {rule.id: rule for rule in rule_set.levels}
    first_two = [Statement.OUTCOMES, Statement.LEADERSHIP]
    found = _outcomes(schools, figures, [one for one in rules if one[1].statement in first_two], as_at)
    nothing = schools.lazy().select("school_no", pl.lit(True).alias("has_grey"))
    first = pl.concat(pl.collect_all([_levels(found, schools, level_rules[one], nothing) for one in first_two]))
    carried = {f"{one.value}_level_score": _carried(first, one, as_at) for one in first_two}
    grey = first.lazy().group_by("school_no").agg((pl.col("level") == GREY).any().alias("has_grey"))
    inspection = [one for one in rules if one[1].statement == Statement.INSPECTION]
    last = _outcomes(schools, {**figures, **carried}, inspection, as_at)
    last_level = _levels(last, schools, level_rules[Statement.INSPECTION], grey).collect()
    return pl.concat([found, last]), pl.concat([first, last_level])


def _numbered(rules: Sequence[Rule], as_at: date) -> list[tuple[int, Rule, list[int]]]:
    """Each rule with its number and the keys of its tests in force."""
    keys = count()
    return [(no, rule, [next(keys) for one in rule.threshold if one.in_force(as_at)]) for no, rule in enumerate(rules)]


def _outcomes(
    schools: pl.DataFrame,
    figures: Mapping[str, pl.DataFrame],
    rules: Sequence[tuple[int, Rule, list[int]]],
    as_at: date,
) -> pl.DataFrame:
    return pl.concat(pl.collect_all([_of_rule(schools, figures, *one, as_at) for one in rules]))


def _of_rule(
    schools: pl.DataFrame, figures: Mapping[str, pl.DataFrame], rule_no: int, rule: Rule, keys: list[int], as_at: date
) -> pl.LazyFrame:
    tests = [one for one in rule.threshold if one.in_force(as_at)]
    table = schools.lazy().filter(pl.col("phase").is_in(rule.applies_to())).select("school_no")
    for measure in sorted(rule.measures()):
        if measure in figures:
            renamed = {name: f"{measure}.{name}" for name in figures[measure].columns if name != "school_no"}
            figure = figures[measure].lazy().rename(renamed).with_columns(pl.lit(True).alias(f"{measure}.is_row"))
            table = table.join(figure, on="school_no", how="left")
    for number, one in enumerate(tests):
        table = table.with_columns(_of_test(rule, one, number, one.measure or rule.measure, figures, as_at))
        table = table.with_columns(pl.lit(keys[number], pl.Int32).alias(f"key_{number}"))
        table = table.with_columns(_order(one, number))
    numbers = range(len(tests))
    table = table.with_columns(pl.min_horizontal([pl.col(f"order_{i}") for i in numbers]).alias("order"))

    def told(name: str) -> pl.Expr:
        chosen = pl.col(f"{name}_{len(tests) - 1}")
        for i in reversed(numbers[:-1]):
            chosen = pl.when(pl.col("order") == pl.col(f"order_{i}")).then(pl.col(f"{name}_{i}")).otherwise(chosen)
        return chosen

    table = table.select(
        "school_no",
        (pl.col("order") < 100).alias("fits"),
        (pl.col("order") < 200).alias("is_assessed"),
        pl.all_horizontal([pl.col(f"reason_{i}").eq_missing("not_applicable") for i in numbers]).alias("is_na"),
        pl.any_horizontal([pl.col(f"near_{i}") for i in numbers]).alias("is_near"),
        *(told(name).alias(name) for name in (*_TOLD, "key")),
    )
    within = None if rule.core_within_months is None else ceil(rule.core_within_months * 30.4375)
    is_recent = pl.lit(True) if within is None else (pl.col("age") <= within).fill_null(False)
    available = max(0.0, *(one.points for one in tests))
    points = pl.when(pl.col("fits")).then(pl.col("given")).otherwise(0.0)
    whole = pl.col("fits") & (pl.col("share") == 1.0)
    return table.select(
        "school_no",
        pl.lit(rule_no, pl.Int32).alias("rule_no"),
        pl.lit(rule.statement.value).alias("statement"),
        pl.col("key").alias("test_key"),
        pl.when(pl.col("fits") & (pl.col("given") < 0))
        .then(pl.lit("protective"))
        .when(pl.col("fits"))
        .then(pl.lit("raised"))
        .when(pl.col("is_assessed"))
        .then(pl.lit("clear"))
        .when(pl.col("is_na"))
        .then(pl.lit("not applicable"))
        .otherwise(pl.lit("not assessed"))
        .alias("status"),
        pl.when(~pl.col("is_assessed")).then(pl.col("reason").fill_null("stale")).alias("missing_reason"),
        points.alias("points"),
        pl.when(pl.col("is_na")).then(0.0).otherwise(available).alias("points_available"),
        (pl.col("is_assessed") & ~pl.col("fits") & pl.col("is_near")).alias("near_miss"),
        (whole & pl.col("gate")).alias("is_gate"),
        (whole & (points >= 2) & pl.col("proof")).alias("is_significant"),
        (pl.col("fits") & pl.col("held")).alias("is_capped"),
        "share",
        (pl.lit(rule.core) & pl.col("is_assessed") & is_recent).alias("is_core_evidence"),
    )


_TOLD = ("reason", "share", "given", "gate", "proof", "age", "stale", "held")
_FALSE_WITHOUT = ("assessed", "fits", "near", "gate", "proof", "stale", "held")


def _of_test(
    rule: Rule, one: Threshold, number: int, measure: str, figures: Mapping[str, pl.DataFrame], as_at: date
) -> list[pl.Expr]:
    if measure not in figures:
        return [
            pl.lit("not_loaded").alias(f"reason_{number}"),
            *(
                pl.lit(False).alias(f"{name}_{number}")
                for name in ("assessed", "fits", "near", "gate", "proof", "stale", "held")
            ),
            pl.lit(1.0).alias(f"share_{number}"),
            pl.lit(0.0).alias(f"given_{number}"),
            pl.lit(None, pl.Int64).alias(f"age_{number}"),
        ]
    direction = one.raised_when or rule.raised_when
    value = pl.col(f"{measure}.value")
    age = (pl.lit(as_at) - pl.col(f"{measure}.measured_on")).dt.total_days()
    stale = pl.lit(False)
    if one.stale_after_years is not None:
        stale = (age > ceil(one.stale_after_years * 365.25)).fill_null(False)
    limit = pl.col(f"{measure}.{'lower' if direction == 'at_least' else 'upper'}")
    reason = pl.when(pl.col(f"{measure}.is_row").is_null()).then(pl.lit("not_in_release"))
    reason = reason.when(value.is_null()).then(pl.col(f"{measure}.missing_reason"))
    if one.significant:
        reason = reason.when(limit.is_null()).then(pl.lit("not_in_file"))
    is_assessed = value.is_not_null() & (limit.is_not_null() if one.significant else pl.lit(True))
    if one.stale_share == 0:
        is_assessed = is_assessed & ~stale
    fits = is_assessed & (value >= one.value if direction == "at_least" else value <= one.value)
    if one.significant:
        fits = fits & (limit > 0 if direction == "at_least" else limit < 0)
    fits = fits & ~_holds(one.unless, measure, figures)
    short = one.value - value if direction == "at_least" else value - one.value
    share = pl.col(f"{measure}.weight").fill_null(1.0) * pl.when(stale).then(one.stale_share).otherwise(1.0)
    given, held = one.points * share, pl.lit(False)
    if one.cap is not None:
        held = _holds(one.cap, measure, figures) & (given > one.cap.points)
        given = pl.when(held).then(one.cap.points).otherwise(given)
    near = pl.lit(False) if one.near is None else is_assessed & ~fits.fill_null(False) & (short <= one.near)
    return [
        reason.alias(f"reason_{number}"),
        is_assessed.alias(f"assessed_{number}"),
        fits.fill_null(False).alias(f"fits_{number}"),
        near.fill_null(False).alias(f"near_{number}"),
        share.alias(f"share_{number}"),
        given.alias(f"given_{number}"),
        held.alias(f"held_{number}"),
        stale.alias(f"stale_{number}"),
        age.alias(f"age_{number}"),
        pl.lit(one.gate).alias(f"gate_{number}"),
        pl.lit(one.significant or one.counts_as_significant).alias(f"proof_{number}"),
    ]


def _order(one: Threshold, number: int) -> pl.Expr:
    """The first that fits, else the first assessed, else the first that the school could have, else that applies."""
    reason = pl.col(f"reason_{number}").fill_null("stale")
    lacking = reason.is_in(["not_loaded", "not_in_release"])
    return (
        pl.when(pl.col(f"fits_{number}"))
        .then(number)
        .when(pl.col(f"assessed_{number}"))
        .then(100 + number)
        .when(lacking)
        .then(300 + number)
        .when(reason != "not_applicable")
        .then(200 + number)
        .otherwise(400 + number)
        .alias(f"order_{number}")
    )


def _holds(condition: Condition | None, measure: str, figures: Mapping[str, pl.DataFrame]) -> pl.Expr:
    if condition is None or condition.measure not in figures:
        return pl.lit(False)
    value = pl.col(f"{condition.measure}.value")
    reached = value >= condition.value if condition.raised_when == "at_least" else value <= condition.value
    newer = pl.col(f"{condition.measure}.measured_on") >= pl.col(f"{measure}.measured_on")
    return (reached & newer).fill_null(False)


def _levels(found: pl.DataFrame, schools: pl.DataFrame, rule: StatementLevels, grey: pl.LazyFrame) -> pl.LazyFrame:
    sums = (
        found.lazy()
        .filter(pl.col("statement") == rule.id.value)
        .group_by("school_no")
        .agg(
            pl.col("points").clip(lower_bound=0).sum().alias("concern"),
            pl.col("points").clip(upper_bound=0).sum().alias("protective"),
            pl.col("points_available").sum(),
            pl.col("points_available").filter(pl.col("missing_reason").is_null()).sum().alias("assessed"),
            pl.col("is_significant", "is_core_evidence").any(),
            pl.col("rule_no").filter(pl.col("is_gate")).min().alias("gate_rule_no"),
        )
    )
    table = schools.lazy().select("school_no").join(sums, on="school_no", how="left")
    table = table.join(grey, on="school_no", how="left")
    points = pl.col("concern").fill_null(0) + pl.col("protective").fill_null(0).clip(lower_bound=-rule.protective_cap)
    available = pl.col("points_available").fill_null(0)
    coverage = pl.when(available > 0).then(pl.col("assessed") / available).otherwise(0.0)
    is_founded = pl.col("is_core_evidence").fill_null(False)
    if rule.carried_levels_can_stand_in:
        is_founded = is_founded | ~pl.col("has_grey").fill_null(True)
    is_proven = pl.col("is_significant").fill_null(False) | pl.lit(not rule.needs_significant)
    return table.select(
        "school_no",
        pl.lit(rule.id.value).alias("statement"),
        points.alias("points"),
        available.alias("points_available"),
        coverage.alias("coverage"),
        "gate_rule_no",
        pl.when(pl.col("gate_rule_no").is_not_null() | ((points >= rule.unlikely_points) & is_proven))
        .then(pl.lit("unlikely"))
        .when(~is_founded | (coverage < rule.min_coverage))
        .then(pl.lit(GREY))
        .when(points >= rule.uncertain_points)
        .then(pl.lit("uncertain"))
        .otherwise(pl.lit("likely"))
        .alias("level"),
    )


def _carried(levels: pl.DataFrame, statement: Statement, as_at: date) -> pl.DataFrame:
    """A level as a figure that the third statement reads."""
    numbers = {"likely": 0.0, "uncertain": 1.0, "unlikely": 2.0}
    return levels.filter(pl.col("statement") == statement.value).select(
        "school_no",
        pl.col("level").replace_strict(numbers, default=None, return_dtype=pl.Float64).alias("value"),
        pl.lit(None, pl.Float64).alias("lower"),
        pl.lit(None, pl.Float64).alias("upper"),
        pl.when(pl.col("level") == GREY).then(pl.lit("not_enough_evidence")).alias("missing_reason"),
        pl.lit(as_at).alias("measured_on"),
        pl.lit(1.0).alias("weight"),
    )
