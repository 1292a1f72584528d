"""95% limits of shares and of correlations: how far a figure could be another by chance alone."""

from dataclasses import dataclass
from math import atanh, sqrt, tanh

_Z = 1.959964
# Fewer pairs say nothing of a correlation: our choice.
LEAST_PAIRS = 10


@dataclass(frozen=True)
class Limits:
    """A figure between its 95% limits, in its own unit."""

    value: float
    lower: float
    upper: float


def share_limits(percent: float, n: float) -> Limits:
    """A share of n pupils or schools with its limits, in percent.

    Args:
        percent: 0 to 100; n: how many are counted, more than none.
    Source: Wilson (1927).
    """
    share = percent / 100
    square = _Z * _Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    # by rounding a share of none or all would lie a hair outside its own limits
    lower, upper = max(100 * (middle - half), 0.0), min(100 * (middle + half), 100.0)
    return Limits(percent, min(lower, percent), max(upper, percent))


def mean_limits(value: float, standard_error: float) -> Limits:
    """A mean with its limits, in its own unit."""
    return Limits(value, value - _Z * standard_error, value + _Z * standard_error)


def correlation_limits(correlation: float, n: int) -> Limits | None:
    """A correlation of n pairs with its limits, from -1 to 1; None for fewer than ten pairs.

    Source: Fisher (1921), z = artanh r with a standard error of 1 / sqrt(n - 3).
    """
    if n < LEAST_PAIRS:
        return None
    # a correlation of exactly 1 has no z
    z = atanh(max(-0.999999, min(0.999999, correlation)))
    half = _Z / sqrt(n - 3)
    return Limits(correlation, tanh(z - half), tanh(z + half))
