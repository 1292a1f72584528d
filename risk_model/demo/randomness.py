"""Chance that can be repeated: the same seed gives the same files, byte for byte."""

import math
from collections.abc import Sequence
from random import Random
from statistics import NormalDist, fmean

STANDARD_NORMAL = NormalDist()


def stream(seed: int, *topic: object) -> Random:
    """A generator of its own for one topic, so that changing one part of the demo leaves the others alone."""
    return Random("/".join(str(part) for part in (seed, *topic)))  # nosec B311  # an invention, not a secret


def dealt_normals(rng: Random, count: int) -> list[float]:
    """The `count` evenly spaced quantiles of a standard normal, in random order.

    Dealing instead of drawing keeps an LA of a few dozen schools as wide as England is.
    """
    values = [STANDARD_NORMAL.inv_cdf((place + 0.5) / count) for place in range(count)]
    rng.shuffle(values)
    return values


def uncorrelated(columns: Sequence[Sequence[float]]) -> list[list[float]]:
    """Each column with its chance correlation to the earlier ones taken out, at mean 0 and deviation 1.

    With 36 secondary schools, independent draws would correlate at 0.15 or more by chance alone.
    """
    done: list[list[float]] = []
    for column in columns:
        middle = fmean(column)
        rest = [value - middle for value in column]
        for earlier in done:
            share = fmean(a * b for a, b in zip(rest, earlier, strict=True))
            rest = [a - share * b for a, b in zip(rest, earlier, strict=True)]
        spread = math.sqrt(fmean(value * value for value in rest))
        done.append([value / spread for value in rest])
    return done


def drifting(rng: Random, anchor: float, anchor_year: int, years: range, keep: float) -> dict[int, float]:
    """A school's standing year by year: `anchor` in its year, wandering away before and after.

    Args:
        keep: correlation of one year with the next (0 to 1); the spread over schools stays the same.
    """
    step = math.sqrt(1 - keep * keep)
    values = {anchor_year: anchor}
    for year in range(anchor_year + 1, years.stop):
        values[year] = keep * values[year - 1] + step * rng.gauss(0, 1)
    for year in range(anchor_year - 1, years.start - 1, -1):
        values[year] = keep * values[year + 1] + step * rng.gauss(0, 1)
    return values


def logistic(value: float) -> float:
    """The share (0 to 1) that stands for a log odds."""
    return 1 / (1 + math.exp(-value))


def whole_quotas(shares: dict[str, float], count: int) -> list[str]:
    """`count` labels in the given shares (which sum to 1), largest remainders first.

    Returns:
        the labels in the order of `shares`, each as often as its quota.
    """
    exact = {label: share * count for label, share in shares.items()}
    quota = {label: int(value) for label, value in exact.items()}
    left = count - sum(quota.values())
    for label in sorted(exact, key=lambda name: (quota[name] - exact[name], name))[:left]:
        quota[label] += 1
    return [label for label, many in quota.items() for _ in range(many)]
