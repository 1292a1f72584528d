"""The tables and words of schools before and after support."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import fmean

import pandas as pd

from risk_model.measures.reader import Measure
from risk_model.services.before_after import (
    LEAST_CASES,
    Case,
    Evidence,
    Spell,
    case_of,
    estimate,
    year_in_words,
)
from risk_model.services.giving import Given

ANY_KIND = "any support"
_CASE_COLUMNS = (
    "School",
    "Kind of support",
    "Support began",
    "Year before",
    "Before",
    "Year after",
    "After",
    "Moved",
    "Similar schools moved",
    "Difference",
    "Similar schools",
    "Farthest",
    "Why it does not count",
    "URN",
)
_MATCH_COLUMNS = (
    "Similar school",
    "Distance",
    "Before",
    "After",
    "Moved",
    "Starting level apart",
    "Change before apart",
    "Same place then",
    "URN",
)
_KIND_COLUMNS = (
    "Kind of support",
    "Schools",
    "Counted",
    "Moved",
    "Similar schools moved",
    "Difference",
    "From",
    "To",
    "In words",
)


@dataclass(frozen=True)
class Side:
    """The schools on one side of support: those that had it, or those that gave it.

    Attributes:
        finding: what the figures say, in words, for any support.
        kinds: a row for any support and for each kind: the columns of _KIND_COLUMNS; figures are missing where there
            are not enough cases, and In words says so.
        cases: for any support and each kind, a row per school: the columns of _CASE_COLUMNS.
    """

    finding: str
    kinds: pd.DataFrame
    cases: pd.DataFrame
    found: tuple[Case, ...]
    names: Mapping[str, str]

    @cached_property
    def charted(self) -> pd.DataFrame:
        """The kinds with enough cases, as a chart shows them: Row (the kind and how many schools count), Moved,
        Similar schools moved."""
        known = self.kinds[self.kinds["Difference"].notna()]
        rows = [f"{kind} ({count})" for kind, count in zip(known["Kind of support"], known["Counted"], strict=True)]
        return known[["Moved", "Similar schools moved"]].assign(Row=rows)

    def cases_of(self, kind: str) -> pd.DataFrame:
        """The cases of one kind of support, those that count first."""
        return self.cases[self.cases["Kind of support"] == kind].reset_index(drop=True)

    def matches_of(self, urn: str, kind: str) -> pd.DataFrame:
        """The similar schools of one case, the nearest first: the columns of _MATCH_COLUMNS."""
        rows = [
            (
                self.names.get(one.urn, one.urn),
                one.distance,
                one.before,
                one.after,
                one.change,
                one.level_apart,
                one.trend_apart,
                {True: "yes", False: "no", None: "no build of then is kept"}[one.same_priority],
                one.urn,
            )
            for case in self.found
            if case.urn == urn and case.kind == kind
            for one in case.matches
        ]
        return pd.DataFrame(rows, columns=list(_MATCH_COLUMNS))


def side_of(
    what: str,
    given: Sequence[Given],
    asked: set[str],
    evidence: Evidence,
    measure: Measure,
    names: Mapping[str, str],
) -> Side:
    """The cases of one side with their tables and what they say.

    Args:
        what: what these schools did, in words: "had support".
        given: what each of them had or gave.
        asked: the schools that the screen is about.
        names: of each school.
    """
    cases = [case_of(one, evidence) for one in _spells(given) if one.urn in asked]
    kinds = list(dict.fromkeys(one.kind for one in cases))
    rows = [_kind_row(kind, [one for one in cases if one.kind == kind], measure) for kind in kinds]
    any_kind = [one for one in cases if one.kind == ANY_KIND]
    return Side(
        finding=_finding(what, any_kind, measure),
        kinds=pd.DataFrame(rows, columns=list(_KIND_COLUMNS)),
        cases=pd.DataFrame([_case_row(one, names) for one in _counted_first(cases)], columns=list(_CASE_COLUMNS)),
        found=tuple(cases),
        names=names,
    )


def _spells(given: Sequence[Given]) -> list[Spell]:
    """Of each school its first support of any kind, then of each kind; unknown where one start is not recorded."""
    starts: dict[tuple[str, str], list[date | None]] = {}
    for one in given:
        for kind in (ANY_KIND, one.kind):
            starts.setdefault((kind, one.urn), []).append(one.start)
    in_order = sorted(starts.items(), key=lambda item: (item[0][0] != ANY_KIND, *item[0]))
    return [Spell(urn, kind, _earliest(known)) for (kind, urn), known in in_order]


def _earliest(starts: Iterable[date | None]) -> date | None:
    known = list(starts)
    days = [day for day in known if day is not None]
    return min(days) if days and len(days) == len(known) else None


def _counted_first(cases: Sequence[Case]) -> list[Case]:
    return sorted(cases, key=lambda one: (bool(one.why_not), one.before_year is None, one.began or date.max, one.urn))


def _case_row(one: Case, names: Mapping[str, str]) -> tuple[object, ...]:
    return (
        names.get(one.urn, one.urn),
        one.kind,
        one.began,
        None if one.before_year is None else year_in_words(one.before_year),
        one.before,
        None if one.after_year is None else year_in_words(one.after_year),
        one.after,
        one.change,
        one.similar_change,
        one.difference,
        len(one.matches),
        max((match.distance for match in one.matches), default=None),
        one.why_not,
        one.urn,
    )


def _kind_row(kind: str, cases: Sequence[Case], measure: Measure) -> tuple[object, ...]:
    counted = [one for one in cases if not one.why_not]
    found = estimate(cases)
    moved, similar = _means(counted) if found.value is not None else (None, None)
    words = found.withheld if found.value is None else _difference_in_words(cases, measure)
    return (kind, len(cases), len(counted), moved, similar, found.value, found.low, found.high, words)


def _means(counted: Sequence[Case]) -> tuple[float, float]:
    moved = [one.change for one in counted if one.change is not None]
    similar = [one.similar_change for one in counted if one.similar_change is not None]
    return fmean(moved), fmean(similar)


def _finding(what: str, cases: Sequence[Case], measure: Measure) -> str:
    counted = [one for one in cases if not one.why_not]
    if not cases:
        return f"{measure.label}: no school in this scope that has such figures {what}."
    if len(counted) < LEAST_CASES:
        return (
            f"{measure.label}: not enough cases. {_schools(len(cases))} {what}; {len(counted)} can be compared so far, "
            f"and an average is shown from {LEAST_CASES} on."
        )
    moved, similar = _means(counted)
    return (
        f"{measure.label}: the {len(counted)} schools that {what} moved by {_signed(moved, measure)}, similar ones "
        f"without by {_signed(similar, measure)} {change_unit(measure)}; {_difference_in_words(cases, measure)}"
    )


def _difference_in_words(cases: Sequence[Case], measure: Measure) -> str:
    found = estimate(cases)
    if found.value is None or found.low is None or found.high is None:
        return found.withheld
    is_certain = found.low > 0 or found.high < 0
    better = (found.value > 0) == (measure.polarity != "high_is_concern")
    meaning = (
        f"farther {'for the better' if better else 'for the worse'}" if is_certain else "no clear difference either way"
    )
    return (
        f"{_signed(found.value, measure)} beside them "
        f"({_signed(found.low, measure)} to {_signed(found.high, measure)}): {meaning}"
    )


def _signed(value: float, measure: Measure) -> str:
    decimals = max(measure.decimals, 1)
    shown = f"{value:+.{decimals}f}"
    if float(shown) == 0:
        return f"{0:.{decimals}f}"
    return shown.replace("-", "−")


def change_unit(measure: Measure) -> str:
    """In what a change of a measure is counted."""
    return "percentage points" if measure.unit == "percent" else measure.unit


def _schools(number: int) -> str:
    return "1 school" if number == 1 else f"{number:,} schools"
