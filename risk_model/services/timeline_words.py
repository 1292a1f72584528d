"""What a school's time line of support against results says in words; none of it claims a cause."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from risk_model.casework import ENDED_STATUSES, FINISHED_STATUSES, Allocation
from risk_model.domain.periods import in_words
from risk_model.services.before_after import year_end, year_in_words
from risk_model.services.giving import was_given
from risk_model.services.trends import Trend, figure_in_words

NO_CAUSE = "What stands side by side here need not be cause and effect."
CALLED_OFF = ENDED_STATUSES - FINISHED_STATUSES
# Their results come from the tests of one summer; other figures are those of a whole year.
_EXAMINED = frozenset({"ks2", "ks4"})
_WORDS_TO_TEN = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def timeline_finding(support: Sequence[Allocation], trend: Trend | None, as_at: date) -> str:
    """How much support has begun, and how much of it after the last figure; one sentence that claims no cause."""
    given = [one for one in support if was_given(one, as_at)]
    begun = [one.start_date for one in given if one.start_date is not None]
    undated = len(given) - len(begun)
    planned = sum(one.status not in ENDED_STATUSES and not was_given(one, as_at) for one in support)
    parts = [_begun_words(begun), _last_figure(trend, begun)]
    if undated:
        parts.append(f"of {_counted(undated)} more it is not recorded when it began")
    if planned:
        parts.append(f"{_counted(planned)}{' more' if given else ''} planned")
    return "; ".join(parts) + "."


def _begun_words(begun: Sequence[date]) -> str:
    if not begun:
        return "No support has begun on a recorded day"
    pieces = "piece" if len(begun) == 1 else "pieces"
    return f"{_counted(len(begun)).capitalize()} {pieces} of support since {min(begun).year}"


def _last_figure(trend: Trend | None, begun: Sequence[date]) -> str:
    """From when the last figure is, and how many pieces of support began after it."""
    if trend is None:
        return "no yearly figure of this school is loaded"
    last = trend.points[trend.points["value"].notna()].iloc[-1]
    year = int(last["year"])
    if trend.measure.source in _EXAMINED:
        text = f"the last results are from summer {year}"
    else:
        text = f"the last figure is that of {last['label']}"
    if pd.notna(last["inherited_from"]):
        text += ", of the predecessor school"
    return text + _before_or_after(begun, year_end(year))


def _before_or_after(begun: Sequence[date], end: date) -> str:
    later = sum(one > end for one in begun)
    if not begun:
        return ""
    if len(begun) == 1:
        return ", before it began" if later else ", after it began"
    if later == 0:
        return ", after all of them began"
    return ", before any of them began" if later == len(begun) else f", before {_counted(later)} of them began"


def _counted(n: int) -> str:
    return _WORDS_TO_TEN[n] if n < len(_WORDS_TO_TEN) else str(n)


def timeline_notes(
    support: Sequence[Allocation], trend: Trend | None, points: pd.DataFrame, earlier: int, first: date
) -> Iterable[str]:
    """What is not drawn, and why, beside what a reader should not take the chart for.

    Args:
        earlier: inspections before the first day of the axis.
    """
    yield NO_CAUSE
    if trend is not None:
        yield from _notes_on_results(trend, points)
    if earlier:
        yield f"Inspections before {in_words(first)} stand below, under Inspections: {earlier}."
    undated = sum(one.start_date is None and one.status not in CALLED_OFF for one in support)
    if undated:
        yield f"Not drawn, because it is not recorded when it begins: {_counted(undated)} of the pieces of support."
    off = sum(one.status in CALLED_OFF for one in support)
    if off:
        yield f"Not drawn, because it was declined, cancelled or withdrawn: {_counted(off)} of the pieces of support."


def _notes_on_results(trend: Trend, points: pd.DataFrame) -> Iterable[str]:
    missing = points[points["value"].isna()]
    if len(missing):
        said = "; ".join(f"{', '.join(own['label'])}: {why}" for why, own in missing.groupby("missing", sort=False))
        yield f"No figure for {said}."
    years = range(int(points["year"].min()) + 1, int(points["year"].max()) + 1)
    for one in trend.measure.breaks:
        if int(one.since[5:]) in years:
            yield f"Not comparable across {year_in_words(int(one.since[5:]))}: {one.why}"
    if points["lower"].notna().any():
        yield "Bars at a point are its 95% interval."
    yield from filter(None, (trend.inherited_note, trend.national_note))


def result_words(trend: Trend, year: Mapping[Hashable, Any]) -> str:
    """One year's figure with the national one, or why there is none."""
    measure = trend.measure
    text = f"{measure.label}, {year['label']}: "
    if pd.isna(year["value"]):
        return f"{text}no figure ({year['missing']})"
    text += figure_in_words(year["value"], measure)
    if pd.notna(year["lower"]):
        text += f" ({figure_in_words(year['lower'], measure)} to {figure_in_words(year['upper'], measure)})"
    if pd.notna(year["benchmark"]):
        text += f", nationally {figure_in_words(year['benchmark'], measure)}"
    return text
