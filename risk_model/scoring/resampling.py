"""How sure a figure is: inspections counted once as they were, and a thousand times with the schools drawn anew.

Every count is made by the same functions from weights: one row per draw, one column per inspection, saying how often
it counts. What was found has one row of ones; a draw has how often each inspection's school was drawn. Schools are
drawn, not inspections: two inspections of a school are not two pieces of evidence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
# Our choice: a thousand draws place the ends of a 95% interval to about a hundredth of its width, and the same seed
# gives the same intervals to whoever makes them again.
DRAWS = 1_000
_SEED = 2026
_AT_ONCE = 50
_ENDS = (2.5, 97.5)
# Our choice: below twenty of either kind one school more or less moves a share by five points in a hundred.
LEAST_CASES = 20
_DECIMALS = 4


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95% interval, or why it is not given.

    Attributes:
        value, low, high: shares from 0 to 1 (an AUC, too; a ratio is a multiple); None where it is withheld.
        withheld: the reason in words; "" where the figure is given.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    withheld: str = ""


def whole(inspections: int) -> Weights:
    """The weights of what was found: each inspection once."""
    return np.ones((1, inspections))


def drawn(schools: Sequence[str]) -> Iterator[Weights]:
    """The weights of all draws, some at a time: as many schools as there are, each drawn with putting back.

    Args:
        schools: of each inspection its school, in the order of the columns.
    Returns:
        Blocks of rows; the same for the same number of schools in the same order.
    """
    _, of_inspection = np.unique(np.asarray(schools, dtype=str), return_inverse=True)
    count = int(of_inspection.max(initial=-1)) + 1
    random = np.random.default_rng([_SEED, count])
    for _ in range(0, DRAWS, _AT_ONCE):
        picked = random.integers(0, count, size=(_AT_ONCE, count))
        times = np.stack([np.bincount(row, minlength=count) for row in picked])
        yield times[:, of_inspection].astype(np.float64)


def measured(schools: Sequence[str], count: Callable[[Weights], Mapping[str, Weights]]) -> Mapping[str, "Measured"]:
    """The same figures of what was found and of every draw.

    Args:
        schools: of each inspection its school.
        count: the figures by their names from weights, one row per draw.
    """
    found = count(whole(len(schools)))
    blocks = [count(weights) for weights in drawn(schools)]
    return {name: Measured(one[0], np.concatenate([block[name] for block in blocks])) for name, one in found.items()}


@dataclass(frozen=True)
class Measured:
    """Figures side by side, such as one per group.

    Attributes:
        found: of what happened, one each.
        draws: one row per draw.
    """

    found: Weights
    draws: Weights

    def estimate(self, place: int) -> Estimate:
        """One of them with its interval; draws without an answer are left out."""
        answered = self.draws[:, place][np.isfinite(self.draws[:, place])]
        low, high = np.percentile(answered, _ENDS)
        value, low, high = (round(float(one), _DECIMALS) for one in (self.found[place], low, high))
        return Estimate(value, low, high)


def flagged(weights: Weights, percent: int) -> Weights:
    """How much of each inspection is among the riskiest `percent` in a hundred of its draw.

    The columns stand in their order of risk, the riskiest first. The cut falls at the nearest whole number of
    inspections, a half upwards.
    """
    wanted = np.floor((weights.sum(axis=1, keepdims=True) * percent + 50) / 100)
    before = np.cumsum(weights, axis=1) - weights
    marked: Weights = np.minimum(np.maximum(wanted - before, 0.0), weights)
    return marked


def tie_starts(values: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Where each run of equal values begins, of values in order."""
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))


def auc(weights: Weights, failed: Flags, starts: npt.NDArray[np.intp]) -> Weights:
    """The chance that of two inspections, one that failed and one that did not, the failed one stood as riskier.

    A tie counts half. The columns stand in their order of risk, the riskiest first.

    Args:
        starts: where runs of the same score begin.
    Returns:
        One figure per draw; not a number where either kind is absent.
    Source: Hanley and McNeil (1982), The meaning and use of the area under a ROC curve.
    """
    bad = np.add.reduceat(weights * failed, starts, axis=1)
    good = np.add.reduceat(weights * ~failed, starts, axis=1)
    below = good.sum(axis=1, keepdims=True) - np.cumsum(good, axis=1)
    right = (bad * (below + good / 2)).sum(axis=1)
    return divided(right, bad.sum(axis=1) * good.sum(axis=1))


def divided(top: Weights, bottom: Weights) -> Weights:
    """A share; not a number where there is nothing that it could be a share of."""
    share: Weights = np.divide(top, bottom, out=np.full(np.shape(top), np.nan), where=bottom > 0)
    return share


def too_few(events: int, others: int, event: str) -> str:
    """Why figures that need both kinds are withheld, in words; "" where there are enough.

    Args:
        event: what came of the first, after their number: "judged below good".
    """
    if min(events, others) >= LEAST_CASES:
        return ""
    return f"Withheld: {events:,} {event}, {others:,} not; fewer than {LEAST_CASES} of either say too little."
