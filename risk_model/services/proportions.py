"""Shares as a councillor reads them: so many of 100, and never a bare probability."""

from risk_model.scoring.resampling import Estimate


def of_100(share: float) -> str:
    """A share as a number of 100: never "0" or "100" for one that is neither."""
    if 0 < share <= 0.005:
        return "fewer than 1"
    return "more than 99" if 0.995 <= share < 1 else f"{share * 100:.0f}"


def with_interval(one: Estimate) -> str:
    """A share of 100 with its interval, or why it is not given."""
    if one.value is None:
        return one.withheld
    if one.low is None or one.high is None:
        return of_100(one.value)
    return f"{of_100(one.value)} (between {of_100(one.low)} and {of_100(one.high)})"


def auc_in_words(one: Estimate) -> str:
    """An AUC with its interval to two decimals, or why it is not given."""
    if one.value is None or one.low is None or one.high is None:
        return one.withheld
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"


def hundred(share: float | None) -> float | None:
    """A share as a number of 100 for a table or a chart, unrounded; a missing one stays missing."""
    return None if share is None else share * 100


def dot(name: str, one: Estimate | None) -> dict[str, float | None]:
    """An estimate as the columns of a chart: its value of 100, its ends, and how far they are from it.

    Returns:
        name, "name from", "name to", "name above" and "name below", all of 100; each missing where it is withheld.
    """
    value, low, high = (hundred(getattr(one, part, None)) for part in ("value", "low", "high"))
    above = None if value is None or high is None else high - value
    below = None if value is None or low is None else value - low
    return {name: value, f"{name} from": low, f"{name} to": high, f"{name} above": above, f"{name} below": below}
