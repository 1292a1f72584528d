"""What fairness costs: the same list of points with other shares of its ranks taken among similar schools.

Each line of the list that ranks a school, and for which there is a rank both among all schools of its phase and among
schools with a like intake, is counted both ways. Any share in between is a mean of the two ends, so that one back-test
shows the whole curve.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import RuleSet
from risk_model.scoring.accuracy import Frame, as_table, headline
from risk_model.scoring.fairness import SHARE, fairness
from risk_model.scoring.inspection_score import Line, lines_on, score_points_sql
from risk_model.warehouse.engine import Connection, rows

AMONG_ALL, AMONG_SIMILAR = "points_among_all", "points_among_similar"
# Our choice: quarters show the shape of the curve.
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_ALL_ENDING, _SIMILAR_ENDING = "_rank_pct", "_similar_rank_pct"
# among equal points those with weaker results first, as in the product's own score; it decides nothing else
_TIE = 0.001
_WHY = (
    "Our choice, made before the test: fewer ranks among similar schools flag schools with a disadvantaged intake "
    "wrongly more often and miss weak schools with a favoured one; more find fewer of the schools judged below good."
)


@dataclass(frozen=True)
class TradePoint:
    """What comes of taking a share of each performance rank among similar schools.

    Attributes:
        share_similar: of the rank, from 0 to 1.
        found_fifth: of those that failed, the share in the riskiest fifth.
        fp_ratio: the false positive rate of the most disadvantaged fifth, as a multiple of everybody's.
        missed_best_off: of those of the least disadvantaged fifth that failed, the share that was not flagged.
        is_ours: the rules stand here; why: for which reason.
    """

    share_similar: float
    auc: float
    found_fifth: float
    fp_ratio: float
    missed_best_off: float
    is_ours: bool = False
    why: str = ""


def ends_of_the_curve(con: Connection, rule_set: RuleSet, as_at: date) -> pd.DataFrame:
    """The list's points for every school with each rank taken among all, and with each taken among similar schools.

    Reads `numbered_schools`, `measure_numbers` and `current_values`.

    Returns:
        One row per school of a phase that the list knows: urn, points_among_all, points_among_similar; without rows
        where the rule set has no list.
    """
    lines = lines_on(rule_set, as_at)
    columns = {
        AMONG_ALL: [_read_by(line, _among_all) for line in lines],
        AMONG_SIMILAR: [_read_by(line, _among_similar) for line in lines],
    }
    numbers = {
        row["measure_id"]: row["measure_no"] for row in rows(con, "select measure_id, measure_no from measure_numbers")
    }
    found = []
    for name, switched in columns.items():
        sql = score_points_sql(tuple(switched), numbers, as_at) if switched else ""
        points = rows(con, f"select urn, sum(points) as points from ({sql}) group by urn order by urn") if sql else []
        index = pd.Index([row["urn"] for row in points], name="urn", dtype="object")
        found.append(pd.Series([float(row["points"]) for row in points], index=index, name=name, dtype="float64"))
    return pd.concat(found, axis=1).reset_index()


def with_ends(con: Connection, frame: pd.DataFrame, rule_set: RuleSet, as_at: date) -> pd.DataFrame:
    """A frame of scored inspections with both ends of the curve beside the score, missing where there is no list."""
    ends = ends_of_the_curve(con, rule_set, as_at).set_index("urn")
    return frame.assign(**{name: frame["urn_scored"].map(ends[name]) for name in (AMONG_ALL, AMONG_SIMILAR)})


def trade_off(frame: Frame, rule_set: RuleSet, on: date) -> tuple[TradePoint, ...]:
    """The curve, and the product's own score as a point of its own, on graded inspections.

    Args:
        frame: a back-test with the columns `points_among_all` and `points_among_similar`.
        on: a day of the back-test, for which lines of the list were in force.
    Returns:
        The least share first; the own point, which mixes line by line, at the share of its points that are taken among
        similar schools. Empty where the frame has no such columns, or too few inspections.
    """
    table = as_table(frame)
    if not {AMONG_ALL, AMONG_SIMILAR} <= set(table.columns) or table[AMONG_ALL].isna().all():
        return ()
    points = [trade_point(_mixed(table, share), share) for share in SHARES]
    own = trade_point(table, round(share_of_similar(rule_set, on), 4))
    found = [one for one in [*points, replace(own, is_ours=True, why=_WHY) if own else None] if one is not None]
    return tuple(sorted(found, key=lambda one: (one.share_similar, one.is_ours)))


def share_of_similar(rule_set: RuleSet, on: date) -> float:
    """Of the points of the lines that could be ranked either way, the share that is ranked among similar schools; the
    mean of primary and secondary schools."""
    shares = []
    for phase in ("primary", "secondary"):
        lines = [line for line in lines_on(rule_set, on) if {phase, "all"} & set(line.part.phases)]
        most = [(line.step.points * line.step.most, line.part.measure) for line in lines if _has_both_ways(line)]
        if most:
            similar = sum(points for points, measure in most if measure == _among_similar(measure or ""))
            shares.append(similar / sum(points for points, _ in most))
    return sum(shares) / len(shares) if shares else 0.0


def trade_point(frame: Frame, share_similar: float) -> TradePoint | None:
    """One point of the curve, from the back-test of an order; None where there are too few inspections for it."""
    figures = headline(frame)
    if figures is None:
        return None
    errors = fairness(frame)
    found = next(one.found for one in figures.cuts if one.percent == round(SHARE * 100))
    values = [one.value for one in (figures.auc, found, errors.poorest_ratio, errors.missed_best_off)]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    auc, found_fifth, fp_ratio, missed = known
    return TradePoint(share_similar, auc, found_fifth, fp_ratio, missed)


def _mixed(table: pd.DataFrame, share: float) -> pd.DataFrame:
    """The frame with another score: so much of each rank taken among similar schools."""
    tie = table["best_single"].astype(float)
    points = (1 - share) * table[AMONG_ALL] + share * table[AMONG_SIMILAR]
    return table.assign(score=points + _TIE * tie.where(tie.notna(), 50.0) / 100)


def _read_by(line: Line, switched: Callable[[str], str]) -> Line:
    """The line with its ranks read in one of both ways, where there are both."""
    measure, instead = (switched(one) if one else one for one in (line.part.measure, line.part.instead))
    return replace(line, part=line.part.model_copy(update={"measure": measure, "instead": instead}))


def _has_both_ways(line: Line) -> bool:
    name = line.part.measure or ""
    return _among_all(name) != _among_similar(name)


def _among_all(measure_id: str) -> str:
    """The same rank among all schools of a phase; the measure itself where there is none."""
    other = measure_id.removesuffix(_SIMILAR_ENDING) + _ALL_ENDING
    return other if measure_id.endswith(_SIMILAR_ENDING) and other in measures_by_id() else measure_id


def _among_similar(measure_id: str) -> str:
    """The same rank among similar schools; the measure itself where there is none."""
    other = measure_id.removesuffix(_ALL_ENDING) + _SIMILAR_ENDING
    return other if measure_id.endswith(_ALL_ENDING) and other in measures_by_id() else measure_id
