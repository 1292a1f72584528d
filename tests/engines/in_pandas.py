"""All rules in pandas, written from the rule files alone: no SQL of the product is read here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np
import pandas as pd

from risk_model.domain.words import Statement
from risk_model.rules.reader import Condition, Rule, RuleSet, StatementLevels, Threshold

GREY = "not enough evidence"
# a number for each place of a test in the order of choice: fits, could be assessed, could be had, lacks, the rest
_FITS, _ASSESSED, _HAD, _LACKS, _REST = 0, 100, 200, 300, 400


@dataclass(frozen=True)
class World:
    """What rules judge: the schools, and of each the current figures.

    Attributes:
        schools: urn and phase.
        figures: of each measure that has any row a table by urn: value, lower, upper, missing_reason, measured_on,
            weight.
    """

    schools: pd.DataFrame
    figures: Mapping[str, pd.DataFrame]


def outcomes(world: World, rules: Sequence[Rule], as_at: date) -> pd.DataFrame:
    """What comes of each rule: urn, rule_id, statement, status, missing_reason, points, and what a level reads."""
    return pd.concat([_of_rule(world, rule, as_at) for rule in rules], ignore_index=True)


def _of_rule(world: World, rule: Rule, as_at: date) -> pd.DataFrame:
    schools = world.schools.loc[world.schools["phase"].isin(rule.applies_to()), "urn"]
    in_force = [one for one in rule.threshold if one.in_force(as_at)]
    tests = [_of_test(world, rule, one, pd.Index(schools), as_at) for one in in_force]
    orders = np.stack([one["order"].to_numpy() + number for number, one in enumerate(tests)])
    chosen = orders.argmin(axis=0)
    place = np.arange(len(schools))

    def told(name: str) -> np.ndarray:
        return np.stack([one[name].to_numpy() for one in tests])[chosen, place]

    fits = told("order") < _ASSESSED
    is_assessed = told("order") < _HAD
    reasons, reason = np.stack([one["reason"].to_numpy() for one in tests]), told("reason")
    is_not_applicable = (reasons == "not_applicable").all(axis=0)
    points = np.where(fits, told("points"), 0.0)
    status = np.select(
        [is_not_applicable, ~is_assessed, fits & (points < 0), fits],
        ["not applicable", "not assessed", "protective", "raised"],
        "clear",
    )
    within = None if rule.core_within_months is None else ceil(rule.core_within_months * 30.4375)
    is_recent = np.ones(len(schools), bool) if within is None else told("age") <= within
    available = max(0.0, *(one.points for one in in_force))
    whole = fits & (told("share") == 1.0)
    return pd.DataFrame(
        {
            "urn": schools.to_numpy(),
            "rule_id": rule.id,
            "statement": rule.statement.value,
            "status": status,
            "missing_reason": np.where(is_assessed, None, np.where(reason == "", "stale", reason)),
            "points": points,
            "points_available": np.where(is_not_applicable, 0.0, available),
            "near_miss": is_assessed & ~fits & np.stack([one["near"].to_numpy() for one in tests]).any(axis=0),
            "is_gate": whole & told("gate"),
            "is_significant": whole & (points >= 2) & told("proof"),
            "is_core_evidence": rule.core & is_assessed & is_recent,
        }
    )


def _of_test(world: World, rule: Rule, one: Threshold, urns: pd.Index, as_at: date) -> pd.DataFrame:
    """One threshold for the schools: where it stands in the order of choice, why it could not be assessed, points."""
    measure, direction = one.measure or rule.measure, one.raised_when or rule.raised_when
    given = _figures(world, measure, urns)
    age = _days(as_at, given["measured_on"])
    stale = np.zeros(len(urns), bool)
    if one.stale_after_years is not None:
        stale = age > ceil(one.stale_after_years * 365.25)
    reason = given["missing_reason"].fillna("").to_numpy(dtype=object)
    absent = "not_in_release" if measure in world.figures else "not_loaded"
    reason = np.where(given["is_row"], reason, absent)
    beyond = np.ones(len(urns), bool)
    if one.significant:
        limit = given["lower" if direction == "at_least" else "upper"].to_numpy()
        reason = np.where((reason == "") & np.isnan(limit), "not_in_file", reason)
        beyond = limit > 0 if direction == "at_least" else limit < 0
    value, sign = given["value"].to_numpy(), 1.0 if direction == "at_least" else -1.0
    is_assessed = (reason == "") & ~(stale & (one.stale_share == 0))
    short = sign * (one.value - value)
    reached = is_assessed & (short <= 0) & beyond & ~_holds(world, one.unless, given, urns)
    share = given["weight"].fillna(1.0).to_numpy() * np.where(stale, one.stale_share, 1.0)
    full = one.points * share
    if one.cap is not None:
        full = np.where(_holds(world, one.cap, given, urns), np.minimum(full, one.cap.points), full)
    lacks = np.isin(reason, ["not_loaded", "not_in_release"])
    order = np.select(
        [reached, is_assessed, lacks, reason != "not_applicable"], [_FITS, _ASSESSED, _LACKS, _HAD], _REST
    )
    near = is_assessed & ~reached & (np.zeros(len(urns), bool) if one.near is None else short <= one.near)
    return pd.DataFrame(
        {
            "order": order,
            "reason": reason,
            "points": full,
            "share": share,
            "near": near,
            "gate": one.gate,
            "proof": one.significant or one.counts_as_significant,
            "age": age,
        }
    )


def _figures(world: World, measure: str, urns: pd.Index) -> pd.DataFrame:
    columns = ["value", "lower", "upper", "missing_reason", "measured_on", "weight"]
    if measure not in world.figures:
        empty = pd.DataFrame(index=urns, columns=columns)
        return empty.astype(dict.fromkeys(("value", "lower", "upper", "weight"), float)).assign(is_row=False)
    table = world.figures[measure]
    return table.reindex(urns).assign(is_row=urns.isin(table.index))


def _days(as_at: date, measured_on: pd.Series) -> np.ndarray:
    """Days from a date to the as-at date; NaN where there is none, so that nothing is old by it."""
    days = (pd.Timestamp(as_at) - pd.to_datetime(measured_on)).dt.days
    return days.to_numpy(dtype=float)


def _holds(world: World, condition: Condition | None, given: pd.DataFrame, urns: pd.Index) -> np.ndarray:
    if condition is None:
        return np.zeros(len(urns), bool)
    other = _figures(world, condition.measure, urns)
    value = other["value"].to_numpy()
    reached = value >= condition.value if condition.raised_when == "at_least" else value <= condition.value
    newer = pd.to_datetime(other["measured_on"]) >= pd.to_datetime(given["measured_on"])
    return reached & newer.to_numpy()


def levels(found: pd.DataFrame, schools: pd.DataFrame, rule: StatementLevels, grey: pd.Series | None) -> pd.Series:
    """The level of one statement for every school, by urn.

    Args:
        found: the outcomes of this statement's rules.
        grey: by urn, whether one of the levels carried forward is "not enough evidence"; None where none is.
    """
    found = found.assign(
        concern=found["points"].clip(lower=0.0),
        protective=found["points"].clip(upper=0.0),
        assessed=found["points_available"].where(found["missing_reason"].isna(), 0.0),
    )
    of_school = found.groupby("urn")
    sums = (
        of_school[["concern", "protective", "points_available", "assessed"]].sum().reindex(schools["urn"]).fillna(0.0)
    )
    flags = of_school[["is_gate", "is_significant", "is_core_evidence"]].any().reindex(schools["urn"]).eq(True)
    points = sums["concern"] + sums["protective"].clip(lower=-rule.protective_cap)
    coverage = (sums["assessed"] / sums["points_available"]).fillna(0.0)
    is_founded = flags["is_core_evidence"]
    if rule.carried_levels_can_stand_in and grey is not None:
        is_founded = is_founded | ~grey.reindex(sums.index)
    is_proven = flags["is_significant"] | (not rule.needs_significant)
    level = np.select(
        [
            flags["is_gate"],
            (points >= rule.unlikely_points) & is_proven,
            ~is_founded | (coverage < rule.min_coverage),
            points >= rule.uncertain_points,
        ],
        ["unlikely", "unlikely", GREY, "uncertain"],
        "likely",
    )
    return pd.Series(level, index=sums.index)


def judge(world: World, rule_set: RuleSet, as_at: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The outcomes of all rules, and the levels: one row per school, one column per statement."""
    rules = rule_set.on(as_at)
    level_rules = {rule.id: rule for rule in rule_set.levels}
    first_two = [Statement.OUTCOMES, Statement.LEADERSHIP]
    found = outcomes(world, [rule for rule in rules if rule.statement in first_two], as_at)
    judged = {
        one: levels(found[found["statement"] == one.value], world.schools, level_rules[one], None) for one in first_two
    }
    carried = {f"{one.value}_level_score": _carried(judged[one], as_at) for one in first_two}
    world = World(world.schools, {**world.figures, **carried})
    last = outcomes(world, [rule for rule in rules if rule.statement == Statement.INSPECTION], as_at)
    grey = pd.concat([level == GREY for level in judged.values()], axis=1).any(axis=1)
    judged[Statement.INSPECTION] = levels(last, world.schools, level_rules[Statement.INSPECTION], grey)
    return pd.concat([found, last], ignore_index=True), pd.DataFrame({one.value: x for one, x in judged.items()})


def _carried(level: pd.Series, as_at: date) -> pd.DataFrame:
    """A level as a figure that the third statement reads."""
    value = level.map({"likely": 0.0, "uncertain": 1.0, "unlikely": 2.0, GREY: np.nan})
    reason = np.where(level == GREY, "not_enough_evidence", None)
    return pd.DataFrame(
        {
            "value": value,
            "lower": np.nan,
            "upper": np.nan,
            "missing_reason": reason,
            "measured_on": pd.Timestamp(as_at),
            "weight": 1.0,
        },
        index=level.index,
    )
