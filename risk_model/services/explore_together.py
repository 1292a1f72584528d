"""Does it hang together? Two figures of the same schools and the same year, one spot a school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation
from typing import Any

import pandas as pd

from risk_model.domain.charts import Axis, Chart, Role, Scatter, Spot
from risk_model.domain.periods import school_year
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.measures.reader import Measure
from risk_model.scoring.intervals import LEAST_PAIRS, correlation_limits
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, NamedSchool, Select, Wanted
from risk_model.services.pooled_figures import measure_of, national_figures, source_line
from risk_model.services.school_sets import IN_SET, SchoolSet, picked_sets, usual_sets
from risk_model.services.scope import Scope
from risk_model.services.trends import figure_in_words

# {code in the URL: (phase group, measure on the x axis, measure on the y axis)}
_PAIRS = {
    "primary_absence": ("primary", "persistent_absence_pct", "rwm_expected_pct"),
    "secondary_absence": ("secondary", "persistent_absence_pct", "attainment8_score"),
    "secondary_progress": ("secondary", "persistent_absence_pct", "progress8_score"),
    "secondary_basics": ("secondary", "persistent_absence_pct", "basics_grade5_pct"),
    "primary_intake": ("primary", "fsm6_pct", "rwm_expected_pct"),
    "secondary_intake": ("secondary", "fsm6_pct", "attainment8_score"),
    "primary_intake_absence": ("primary", "fsm6_pct", "persistent_absence_pct"),
    "secondary_intake_absence": ("secondary", "fsm6_pct", "persistent_absence_pct"),
}
# More spots around the scope's own would hide them, and take long to draw: our choice.
_MOST_AROUND = 600
# from where on a correlation is called clear, and much: our choices
_CLEAR, _STRONG = 0.3, 0.6
_PERIODS_SQL = f"""
    select s.phase_group, v.measure_id, v.period
    from measure_values as v inner join schools as s using (urn)
    where v.measure_id in (select unnest($measures)) and v.value is not null
        and length(v.period) = length('2024-2025') and {IN_SET}
    group by all"""
_PAIRS_SQL = """
    select s.urn, s.name, s.la_code, s.la_name, s.locality, s.phase, x.value as x, y.value as y,
           y.denominator as pupils
    from schools as s
    inner join measure_values as x on x.urn = s.urn and x.measure_id = $x and x.period = $period
    inner join measure_values as y on y.urn = s.urn and y.measure_id = $y and y.period = $period
    where s.phase_group = $phase_group and x.value is not null and y.value is not null
    order by s.urn"""
_SCHOOLS_SQL = f"select count(*) as n from schools as s where s.phase_group = $phase_group and {IN_SET}"


@dataclass(frozen=True)
class _Pair:
    """Two measures and the year in which both are looked at."""

    phase: str
    x: Measure
    y: Measure
    period: str


def together_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks back which two figures, of those that share a year in the scope.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    options = {}
    for code, pair in _pairs(viewer, copy, scope).items():
        x, y = (one.label[:1].lower() + one.label[1:] for one in (pair.x, pair.y))
        options[code] = f"{pair.phase[:1].upper()}{pair.phase[1:]}: {x}, and {y}"
    return (Select("pair", "Two figures of each school", options),)


def together(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """Two figures of every school against each other, and how far they go together.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    pairs = _pairs(viewer, copy, scope)
    code = wanted.of(together_selects(viewer, copy, scope)[0])
    if not code:
        return Answer(
            "There are no two figures of the same year to set against each other: import absence and results of the "
            "same year."
        )
    pair = pairs[code]
    every = copy.reader.rows(
        _PAIRS_SQL,
        {"x": pair.x.id, "y": pair.y.id, "period": pair.period, "phase_group": pair.phase},
    )
    own_set = usual_sets(viewer, copy, scope)[0]
    own = [row for row in every if _is_in(row, scope)]
    around = [row for row in every if not _is_in(row, scope)]
    picked = [one for one in picked_sets(viewer, copy, scope, wanted.picks) if one.urn is not None]
    schools = copy.reader.rows(_SCHOOLS_SQL, {**own_set.params, "phase_group": pair.phase})[0]["n"]
    shown = around[:: max(1, -(-len(around) // _MOST_AROUND))]
    chart = Chart(
        key=f"together_{code}",
        finding=_finding(pair, own_set, own),
        drawing=_scatter(viewer, copy, pair, own, shown, picked),
        table=_table(pair, own),
        source=source_line(viewer, copy, *dict.fromkeys((pair.x.source, pair.y.source))),
        notes=tuple(_notes(pair, own_set, own, schools, len(shown), len(around))),
    )
    return Answer(
        finding=_in_words(pair, own_set, own, every),
        charts=(chart,),
        how=_how(pair),
        schools=tuple(_named(pair, row) for row in own if row["urn"] in {one.urn for one in picked}),
        selects_schools=True,
    )


def _pairs(viewer: Viewer, copy: Copy, scope: Scope) -> dict[str, _Pair]:
    """The pairs of which the scope has both figures in one year, with the newest such year."""
    own = usual_sets(viewer, copy, scope)[0]
    measures = sorted({one for _, x, y in _PAIRS.values() for one in (x, y)})
    periods: dict[tuple[str, str], set[str]] = {}
    for row in copy.reader.rows(_PERIODS_SQL, {**own.params, "measures": measures}):
        periods.setdefault((row["phase_group"], row["measure_id"]), set()).add(row["period"])
    found = {}
    for code, (phase, x, y) in _PAIRS.items():
        shared = periods.get((phase, x), set()) & periods.get((phase, y), set())
        if shared:
            found[code] = _Pair(phase, measure_of(x), measure_of(y), max(shared))
    return found


def _is_in(row: Mapping[str, Any], scope: Scope) -> bool:
    wanted = ((scope.la_code, "la_code"), (scope.locality, "locality"), (scope.phase, "phase"))
    return all(value is None or row[name] == value for value, name in wanted)


def _scatter(
    viewer: Viewer,
    copy: Copy,
    pair: _Pair,
    own: Sequence[Mapping[str, Any]],
    around: Sequence[Mapping[str, Any]],
    picked: Sequence[SchoolSet],
) -> Scatter:
    roles = {one.urn: one.role for one in picked}
    national = national_figures(viewer, copy, [pair.x.id, pair.y.id], pair.phase)
    # what is drawn last lies on top
    spots = [_spot(pair, row, Role.REST, "") for row in around]
    spots += [_spot(pair, row, Role.OWN, "") for row in own if row["urn"] not in roles]
    spots += [_spot(pair, row, roles[row["urn"]], row["name"]) for row in own if row["urn"] in roles]
    lines = []
    for one in (pair.x, pair.y):
        figure = national.get(one.id, {}).get(pair.period)
        lines.append(() if figure is None else (("England", figure.value),))
    return Scatter(_axis(pair.x), _axis(pair.y), tuple(spots), *lines)


def _spot(pair: _Pair, row: Mapping[str, Any], role: Role, label: str) -> Spot:
    return Spot(row["urn"], row["name"], role, row["x"], row["y"], label, _told(pair, row))


def _told(pair: _Pair, row: Mapping[str, Any]) -> str:
    x, y = figure_in_words(row["x"], pair.x), figure_in_words(row["y"], pair.y)
    return f"{pair.x.label} {x}, {pair.y.label[:1].lower()}{pair.y.label[1:]} {y}"


def _named(pair: _Pair, row: Mapping[str, Any]) -> NamedSchool:
    return NamedSchool(row["urn"], row["name"], _told(pair, row))


def _axis(measure: Measure) -> Axis:
    better = {"low_is_concern": "higher is better", "high_is_concern": "lower is better"}.get(measure.polarity, "")
    suffix = "%" if measure.unit.startswith("percent") else ""
    label = f"{measure.label}, {measure.unit}"
    return Axis(label, suffix, measure.decimals, better=better)


def _correlation(rows: Sequence[Mapping[str, Any]]) -> float | None:
    """Pearson's correlation; None for fewer than ten schools, or where one of the figures is the same everywhere."""
    if len(rows) < LEAST_PAIRS:
        return None
    try:
        return correlation([row["x"] for row in rows], [row["y"] for row in rows])
    except StatisticsError:
        return None


def _finding(pair: _Pair, own_set: SchoolSet, own: Sequence[Mapping[str, Any]]) -> str:
    """The correlation of the scope, with its interval and how many schools it counts."""
    found = _correlation(own)
    limits = None if found is None else correlation_limits(found, len(own))
    where = f"{len(own)} {pair.phase} schools of {own_set.name}, {school_year(pair.period)}"
    if found is None or limits is None:
        return f"{where}: no correlation is worked out for so few"
    return f"{where}: correlation {found:.2f}, 95% interval {limits.lower:.2f} to {limits.upper:.2f}"


def _strength(pair: _Pair, found: float | None, n: int) -> str:
    """A correlation in words, never stronger than its limits allow."""
    x, y = (f"“{one.label[:1].lower()}{one.label[1:]}”" for one in (pair.x, pair.y))
    limits = None if found is None else correlation_limits(found, n)
    if found is None or limits is None:
        return f"too few schools have both figures, or all have the same, to say whether {x} and {y} go together"
    if limits.lower <= 0 <= limits.upper:
        return f"{x} and {y} do not clearly go together"
    size = "much" if abs(found) >= _STRONG else "clearly" if abs(found) >= _CLEAR else "a little"
    return f"where {x} is higher, {y} tends to be {size} {'higher' if found > 0 else 'lower'}"


def _in_words(
    pair: _Pair, own_set: SchoolSet, own: Sequence[Mapping[str, Any]], every: Sequence[Mapping[str, Any]]
) -> str:
    told = f"In the {pair.phase} schools of {own_set.name} {_strength(pair, _correlation(own), len(own))}."
    found = _correlation(every)
    if len(every) > len(own) and found is not None:
        told += f" In all {len(every):,} {pair.phase} schools loaded the correlation is {found:.2f}."
    return f"{told} This is no proof that one causes the other."


def _table(pair: _Pair, own: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    columns = ["School", "Phase", "Locality", pair.x.label, pair.y.label, "Pupils", "URN"]
    rows = [
        (row["name"], row["phase"], row["locality"], row["x"], row["y"], row["pupils"], row["urn"])
        for row in sorted(own, key=lambda one: (-one["x"], one["name"]))
    ]
    return pd.DataFrame(rows, columns=columns)


def _without(schools: int) -> str:
    if not schools:
        return ""
    return f" Lacking one or both: {schools:,} (suppressed, not published, or not in the loaded files)."


def _notes(
    pair: _Pair, own_set: SchoolSet, own: Sequence[Mapping[str, Any]], schools: int, shown: int, around: int
) -> list[str]:
    notes = [
        f"{len(own)} of {schools} {pair.phase} schools of {own_set.name} have both figures in "
        f"{school_year(pair.period)}, the newest year that has both.{_without(schools - len(own))}"
    ]
    if shown < around:
        notes.append(f"Around them {shown:,} of the {around:,} other schools loaded are drawn, every so many by URN.")
    elif around:
        notes.append(f"Around them the {around:,} other schools loaded.")
    if pair.x.id == "fsm6_pct":
        notes.append("The share of disadvantaged pupils is context: it earns no point anywhere.")
    return notes


def _how(pair: _Pair) -> tuple[str, ...]:
    return (
        "One spot is one school; both figures are of the same academic year. The lines are England's figures.",
        "The correlation (Pearson) counts each school once, whatever its size; its 95% interval follows Fisher. From "
        f"{_CLEAR} on we say clearly and from {_STRONG} on much, our choice; where the interval holds 0 we say that "
        f"nothing clear is seen, and with fewer than {LEAST_PAIRS} schools nothing at all.",
        "Schools that are picked above are named in the chart; groups that are picked are not drawn. Select spots to "
        "have their names and a way to their profiles.",
        "That two figures go together does not say that one brings about the other: both may follow from a third, such "
        "as who the pupils are. It does not say either what would happen in one school if one of them changed.",
    )
