"""How is a figure spread? A strip for each group of schools, every school a spot, those that are picked named."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import pandas as pd

from risk_model.domain.charts import Axis, Chart, Role, Spot, Strip, Strips
from risk_model.domain.periods import school_year
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.measures.reader import Measure
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, NamedSchool, Select, Wanted
from risk_model.services.explore_changing import changing_selects
from risk_model.services.pooled_figures import measure_of, source_line
from risk_model.services.school_sets import FEW_SCHOOLS, IN_SET, SchoolSet, absent_sets, picked_sets, usual_sets
from risk_model.services.scope import Scope
from risk_model.services.trends import figure_in_words, missing_in_words

# Spots of a strip that a page can draw and a reader can see: our choice. Of more schools one in so many is drawn.
MOST_SPOTS = 400
# With fewer schools a tenth is no school.
_LEAST_FOR_TENTHS = 10
_OF_SET = f"""
    of_set as (
        select s.urn, s.name, s.la_name, s.phase, v.value, coalesce(v.missing_reason, 'not_in_release') as reason
        from schools as s
        left join measure_values as v on v.urn = s.urn and v.measure_id = $measure and v.period = $period
        where s.phase_group = $phase_group and {IN_SET}
    )"""
_SUMMARY_SQL = f"""
    with {_OF_SET}
    select count(value) as schools, count(*) filter (value is null) as without, median(value) as middle,
           quantile_cont(value, 0.1) as low, quantile_cont(value, 0.25) as lower,
           quantile_cont(value, 0.75) as upper, quantile_cont(value, 0.9) as high, min(value) as least,
           max(value) as most
    from of_set"""
_SPOTS_SQL = f"""
    with {_OF_SET},
    placed as (
        select *, row_number() over (order by value, urn) as place, count(*) over () as n
        from of_set
        where value is not null
    )
    select urn, name, la_name, phase, value
    from placed
    where place % $step = 0 or place in (1, n) or list_contains($picked, urn)
    order by value, urn"""
_MISSING_SQL = f"""
    with {_OF_SET}
    select reason, count(*) as schools from of_set where value is null group by reason order by 2 desc, 1"""
_PROVISIONAL_SQL = """
    select coalesce(bool_or(l.provisional), false) as is_provisional
    from measure_values as v inner join releases as l using (release_id)
    where v.measure_id = $measure and v.period = $period"""
_PERIOD_SQL = f"""
    select max(v.period) as period
    from measure_values as v inner join schools as s using (urn)
    where v.measure_id = $measure and v.value is not null and s.phase_group = $phase_group
        and regexp_full_match(v.period, '[0-9]{{4}}-[0-9]{{4}}') and {IN_SET}"""


@dataclass(frozen=True)
class _Spread:
    """A group's figures: how many, the middle, the tenths and quarters, and the spots that are drawn."""

    of: SchoolSet
    schools: int
    without: int
    points: Mapping[str, float | None]
    spots: Sequence[Mapping[str, Any]]
    step: int


def spread_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks back which measure, of those with figures in the scope.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return tuple(replace(one, key="figure") for one in changing_selects(viewer, copy, scope))


def spread(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """How a measure of the newest year is spread in the scope, among its statistical neighbours, region and England.

    Schools that are picked are named in the strips; other groups that are picked have a strip of their own.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    (select,) = spread_selects(viewer, copy, scope)
    phase, _, measure_id = wanted.of(select).partition(".")
    if not measure_id:
        return Answer("No yearly figure of these schools is loaded: import results, absence or the census first.")
    measure = measure_of(measure_id)
    usual = usual_sets(viewer, copy, scope)
    picked = picked_sets(viewer, copy, scope, wanted.picks)
    named = {one.urn: one.role for one in picked if one.urn is not None}
    codes = {one.code for one in usual}
    groups = [*usual, *(one for one in picked if one.urn is None and one.code not in codes)]
    asked = {"measure": measure_id, "phase_group": phase}
    period = copy.reader.rows(_PERIOD_SQL, {**usual[0].params, **asked})[0]["period"]
    asked["period"] = period
    found = [_spread(copy, one, asked, list(named)) for one in groups]
    chart = _chart(viewer, copy, measure, phase, period, found, named)
    spots = {spot["urn"]: spot for one in found for spot in one.spots}
    return Answer(
        finding=chart.finding,
        charts=(replace(chart, notes=(*_provisional(copy, asked), *chart.notes, *_missing(copy, usual[0], asked))),),
        how=(*_how(), *(one.note for one in groups if one.note), *absent_sets(viewer, copy, scope)),
        schools=tuple(_named(one, measure, spots) for one in picked if one.urn is not None),
        selects_schools=True,
    )


def _spread(copy: Copy, one: SchoolSet, asked: Mapping[str, str], picked: Sequence[str]) -> _Spread:
    params = {**one.params, **asked}
    (points,) = copy.reader.rows(_SUMMARY_SQL, params)
    schools, without = points.pop("schools"), points.pop("without")
    step = max(1, ceil(schools / MOST_SPOTS))
    spots = copy.reader.rows(_SPOTS_SQL, {**params, "step": step, "picked": list(picked)})
    return _Spread(one, schools, without, points, spots, step)


def _chart(
    viewer: Viewer,
    copy: Copy,
    measure: Measure,
    phase: str,
    period: str,
    found: Sequence[_Spread],
    named: Mapping[str, Role],
) -> Chart:
    return Chart(
        key=f"spread_{measure.id}",
        finding=_finding(measure, phase, period, found),
        drawing=Strips(_axis(measure), _strips(found, named)),
        table=_table(found, named),
        source=source_line(viewer, copy, measure.source),
        notes=tuple(_notes(measure, found)),
    )


def _axis(measure: Measure) -> Axis:
    better = {"low_is_concern": "higher is better", "high_is_concern": "lower is better"}.get(measure.polarity, "")
    suffix = "%" if measure.unit.startswith("percent") else ""
    return Axis(f"{measure.label}, {measure.unit}", suffix, measure.decimals, better=better)


def _strips(found: Sequence[_Spread], named: Mapping[str, Role]) -> tuple[Strip, ...]:
    """The strips; a picked school is marked in each, and has its name beside it in the first alone."""
    strips, seen = [], set[str]()
    for one in found:
        strips.append(_strip(one, named, seen))
        seen |= {spot["urn"] for spot in one.spots} & set(named)
    return tuple(strips)


def _strip(one: _Spread, named: Mapping[str, Role], seen: Collection[str]) -> Strip:
    middle = one.points["middle"]
    return Strip(
        name=f"{one.of.name}, {one.schools:,} schools",
        spots=tuple(
            Spot(
                key=spot["urn"],
                name=spot["name"],
                role=named.get(spot["urn"], Role.REST),
                x=spot["value"],
                label=spot["name"] if spot["urn"] in named and spot["urn"] not in seen else "",
                told=f"{spot['phase']}, {spot['la_name']}",
            )
            for spot in one.spots
        ),
        at=() if middle is None else (("middle", middle),),
        without=one.without,
    )


def _finding(measure: Measure, phase: str, period: str, found: Sequence[_Spread]) -> str:
    """The school in the middle, and the weakest tenth: the scope's beside those of the largest group."""
    own, widest = found[0], max(found, key=lambda one: one.schools)
    title = f"{measure.label}, {phase}, {school_year(period)}"
    middle = own.points["middle"]
    if middle is None:
        return f"{title}: no school in {own.of.name} has a figure."
    if own.schools < _LEAST_FOR_TENTHS:
        least, most = (figure_in_words(own.points[name] or 0.0, measure) for name in ("least", "most"))
        return f"{title}: the {own.schools} schools in {own.of.name} lie between {least} and {most}."
    others = (
        ""
        if widest is own
        else f", against {figure_in_words(widest.points['middle'] or 0.0, measure)} in {widest.of.name}"
    )
    told = f"{title}: the school in the middle of {own.of.name} has {figure_in_words(middle, measure)}{others}"
    return f"{told}; {_tail(measure, own, widest)}."


def _tail(measure: Measure, own: _Spread, widest: _Spread) -> str:
    if measure.polarity not in ("low_is_concern", "high_is_concern"):
        lower, upper = (figure_in_words(own.points[name] or 0.0, measure) for name in ("lower", "upper"))
        return f"half of its schools lie between {lower} and {upper}"
    name, word = ("low", "below") if measure.polarity == "low_is_concern" else ("high", "above")
    told = f"one in ten of its schools is {word} {figure_in_words(own.points[name] or 0.0, measure)}"
    return told if widest is own else f"{told}, there {word} {figure_in_words(widest.points[name] or 0.0, measure)}"


def _table(found: Sequence[_Spread], named: Mapping[str, Role]) -> pd.DataFrame:
    groups = [
        {
            "Group or school": one.of.name,
            "Schools with a figure": one.schools,
            "Without": one.without,
            "Lowest": one.points["least"],
            "One in ten below": one.points["low"],
            "A quarter below": one.points["lower"],
            "Middle": one.points["middle"],
            "A quarter above": one.points["upper"],
            "One in ten above": one.points["high"],
            "Highest": one.points["most"],
        }
        for one in found
    ]
    own = {spot["urn"]: spot for one in found for spot in one.spots if spot["urn"] in named}
    schools = [
        {"Group or school": own[urn]["name"], "Schools with a figure": 1, "Without": 0, "Middle": own[urn]["value"]}
        for urn in named
        if urn in own
    ]
    return pd.DataFrame([*groups, *schools])


def _notes(measure: Measure, found: Sequence[_Spread]) -> list[str]:
    thinned = [one for one in found if one.step > 1]
    notes = [
        f"{one.of.name}: of {one.schools:,} schools one in {one.step} is drawn, in the order of the figure, and the "
        "lowest and the highest; the middle is that of all."
        for one in thinned
    ]
    few = [one.of.name for one in found if 0 < one.schools < FEW_SCHOOLS]
    if few:
        notes.append(f"Few schools ({', '.join(few)}): one school more or less changes the picture.")
    if measure.caveat:
        notes.append(measure.caveat)
    return notes


def _provisional(copy: Copy, asked: Mapping[str, str]) -> list[str]:
    of_year = {"measure": asked["measure"], "period": asked["period"]}
    is_provisional = copy.reader.rows(_PROVISIONAL_SQL, of_year)[0]["is_provisional"]
    return ["Provisional figures: the final ones may differ."] if is_provisional else []


def _missing(copy: Copy, own: SchoolSet, asked: Mapping[str, str]) -> list[str]:
    rows = copy.reader.rows(_MISSING_SQL, {**own.params, **asked})
    if not rows:
        return []
    told = "; ".join(f"{missing_in_words(row['reason'])} ({row['schools']:,})" for row in rows)
    return [f"Schools of {own.name} without a figure: {sum(row['schools'] for row in rows):,}: {told}."]


def _named(one: SchoolSet, measure: Measure, spots: Mapping[str, Mapping[str, Any]]) -> NamedSchool:
    spot = spots.get(one.urn or "")
    told = "no figure of that year and phase" if spot is None else figure_in_words(spot["value"], measure)
    return NamedSchool(one.urn or "", one.name, told)


def _how() -> tuple[str, ...]:
    return (
        "Each spot is a school; up and down within a strip means nothing, it only keeps spots apart. The year is the "
        "newest of which a school in the first strip has a figure, the same for all strips. Schools count alike, "
        "whatever their size, so the middle is not the share of all pupils.",
        f"A strip shows at most some {MOST_SPOTS} spots. Groups differ in intake: Which schools differ from similar "
        "ones? asks like for like.",
    )
