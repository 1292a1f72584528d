"""What is changing? Yearly measures of a set of schools beside England, with gaps and breaks left as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from risk_model.domain.charts import Axis, Break, Chart, Line, Lines, Role
from risk_model.domain.periods import school_year
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.measures.reader import Measure
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, Select, Wanted
from risk_model.services.pooled_figures import (
    National,
    YearFigure,
    is_median,
    measure_of,
    national_figures,
    set_figures,
    source_line,
)
from risk_model.services.school_sets import (
    ENGLAND,
    FEW_SCHOOLS,
    IN_SET,
    SchoolSet,
    england_set,
    picked_sets,
    sets_to_compare,
)
from risk_model.services.scope import Scope
from risk_model.services.trends import figure_in_words, side_of

_RESULTS = {
    "primary": ("rwm_expected_pct", "reading_progress_score", "writing_progress_score", "maths_progress_score"),
    "secondary": ("attainment8_score", "progress8_score", "basics_grade5_pct"),
}
_OF_EVERY_PHASE = ("persistent_absence_pct", "absence_pct", "fsm6_pct", "pupils_count")
_OF_MONEY = ("in_year_balance_gbp", "revenue_reserve_gbp")
_PHASES = ("primary", "secondary", "special", "alternative provision", "nursery")
_MOST_SMALL = 6
# labels that are whole clauses do not stand in a list
_SUMMED_UP_AS = {"rwm_expected_pct": "reading, writing and maths together"}
_LOADED_SQL = f"""
    select distinct s.phase_group, v.measure_id
    from measure_values as v inner join schools as s using (urn)
    where v.value is not null and v.measure_id in (select unnest($measures))
        and regexp_full_match(v.period, '[0-9]{{4}}-[0-9]{{4}}') and {IN_SET}"""


@dataclass(frozen=True)
class _Series:
    """One set's figures of one measure, by period."""

    of: SchoolSet
    figures: Mapping[str, YearFigure]


def changing_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks back which measure to show in full, of those with figures in the scope.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    own = sets_to_compare(viewer, copy, scope, ())[0]
    every = {one for phase in _PHASES for one in _measures(phase)}
    rows = copy.reader.rows(_LOADED_SQL, {**own.params, "measures": sorted(every)})
    loaded = {(row["phase_group"], row["measure_id"]) for row in rows}
    options = {
        f"{phase}.{measure_id}": f"{phase[:1].upper()}{phase[1:]}: {measure_of(measure_id).label}"
        for phase in _PHASES
        for measure_id in _measures(phase)
        if (phase, measure_id) in loaded
    }
    return (Select("trend", "Measure", options),)


def changing(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """How the yearly measures have moved, beside England: all of a phase in small, one in full.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    select = changing_selects(viewer, copy, scope)[0]
    phase, _, chosen = wanted.of(select).partition(".")
    if not chosen:
        return Answer("No yearly figure of these schools is loaded: import results, absence or the census first.")
    ids = [one.partition(".")[2] for one in select.options if one.startswith(f"{phase}.")]
    usual = sets_to_compare(viewer, copy, scope, ())
    own = usual[0]
    # England cannot stand beside itself
    national = national_figures(viewer, copy, ids, phase) if scope.la_code else {}
    beside = [
        one
        for one in (picked_sets(viewer, copy, scope, wanted.picks) or usual[1:])
        if one.code != ENGLAND or chosen not in national
    ]
    # all in the same way: from schools, unless England is as published and all are LAs, of which files have figures
    as_published = england_set(viewer, copy) is None and all(one.whole_la for one in (own, *beside))
    found = set_figures(viewer, copy, own, ids, phase, as_published=as_published)
    series = [
        _Series(one, set_figures(viewer, copy, one, [chosen], phase, as_published=as_published).get(chosen, {}))
        for one in beside
    ]
    if not wanted.picks or not series:
        series.insert(0, _Series(own, found.get(chosen, {})))
    full = _chart(viewer, copy, measure_of(chosen), series, national.get(chosen, {}))
    small = tuple(
        _small(_chart(viewer, copy, measure_of(one), [_Series(own, found.get(one, {}))], national.get(one, {})))
        for one in ids[:_MOST_SMALL]
    )
    return Answer(_summary(own, found, national, phase), (full,), small, _how(measure_of(chosen), phase))


def _small(chart: Chart) -> Chart:
    """The same chart beside others, without the words for which it has no room: they stand in its table."""
    drawing = chart.drawing
    if isinstance(drawing, Lines):
        drawing = replace(drawing, lines=tuple(replace(line, notes=()) for line in drawing.lines))
    return replace(chart, key=f"{chart.key}_small", drawing=drawing, notes=())


def _measures(phase: str) -> tuple[str, ...]:
    money = () if phase == "nursery" else _OF_MONEY
    return (*_RESULTS.get(phase, ()), *_OF_EVERY_PHASE, *money)


def _chart(
    viewer: Viewer,
    copy: Copy,
    measure: Measure,
    series: Sequence[_Series],
    national: Mapping[str, National],
) -> Chart:
    periods = _periods(series)
    lines = [_line(one, periods) for one in series]
    if any(one in national for one in periods):
        values = tuple(national[one].value if one in national else None for one in periods)
        lines.append(Line("England", Role.NATIONAL, values))
    return Chart(
        key=f"changing_{measure.id}",
        finding=_finding(measure, series[0], national),
        drawing=Lines(
            tuple(school_year(one) for one in periods), _axis(measure), tuple(lines), _breaks(measure, periods)
        ),
        table=_table(measure, series, national, periods),
        source=source_line(viewer, copy, measure.source),
        notes=tuple(_notes(measure, series, national, periods)),
    )


def _periods(series: Sequence[_Series]) -> list[str]:
    """Every year from the first with a figure to the last that is loaded: a gap is drawn, not left out."""
    years = sorted({int(period[5:]) for one in series for period in one.figures})
    valued = {int(period[5:]) for one in series for period, told in one.figures.items() if told.value is not None}
    years = [year for year in years if year >= min(valued, default=0)]
    return [f"{year - 1}-{year}" for year in range(years[0], years[-1] + 1)] if years else []


def _line(one: _Series, periods: Sequence[str]) -> Line:
    figures = [one.figures.get(period) for period in periods]
    limits = [None if figure is None else figure.limits for figure in figures]
    has_limits = any(limit is not None for limit in limits)
    return Line(
        one.of.name,
        one.of.role,
        tuple(None if figure is None else figure.value for figure in figures),
        tuple(None if limit is None else limit.lower for limit in limits) if has_limits else (),
        tuple(None if limit is None else limit.upper for limit in limits) if has_limits else (),
        tuple(_note(figure) for figure in figures),
    )


def _note(figure: YearFigure | None) -> str:
    if figure is None:
        return "no release of this year is loaded"
    if figure.value is None:
        return figure.why
    return f"{figure.schools:,} schools{': few' if figure.schools < FEW_SCHOOLS else ''}"


def _breaks(measure: Measure, periods: Sequence[str]) -> tuple[Break, ...]:
    return tuple(Break(school_year(one.since), one.why) for one in measure.breaks if one.since in periods[1:])


def _axis(measure: Measure) -> Axis:
    better = {"low_is_concern": "higher is better", "high_is_good": "higher is better"}
    better["high_is_concern"] = "lower is better"
    suffix = "%" if measure.unit.startswith("percent") and measure.id.endswith("_pct") else ""
    label = f"{'Median, ' if is_median(measure) else ''}{measure.unit}"
    return Axis(label, suffix, measure.decimals, better=better.get(measure.polarity, ""))


def _comparable(measure: Measure, figures: Mapping[str, YearFigure]) -> list[str]:
    """The years with a figure since the last break that lies before the newest of them, oldest first."""
    valued = sorted(period for period, figure in figures.items() if figure.value is not None)
    if not valued:
        return []
    since = max((one.since for one in measure.breaks if one.since <= valued[-1]), default="")
    return [period for period in valued if period >= since]


def _finding(measure: Measure, own: _Series, national: Mapping[str, National]) -> str:
    """The newest figure, beside England's, and how it moved since the first year that can be compared."""
    years = _comparable(measure, own.figures)
    if not years:
        return f"{measure.label}: no school of {own.of.name} has a figure"
    newest = own.figures[years[-1]]
    value = newest.value or 0.0
    told = f"{measure.label}, {own.of.name}: {_in_words(value, measure)} in {school_year(years[-1])}"
    if years[-1] in national and measure.polarity != "none":
        told += f", {_beside(measure, newest, national[years[-1]])}"
    if len(years) > 1:
        told += f"; {_moved(measure, value - (own.figures[years[0]].value or 0.0))} since {school_year(years[0])}"
    return told


def _is_alike(measure: Measure, own: YearFigure, england: National) -> bool:
    """Whether a set and England are worked out alike: results that are published have pupils in them whom no school's
    figure shows."""
    return own.is_published == england.is_published or measure.source not in ("ks2", "ks4")


def _beside(measure: Measure, newest: YearFigure, england_figure: National) -> str:
    value, national = newest.value or 0.0, england_figure.value
    if not _is_alike(measure, newest, england_figure):
        return f"England {_in_words(national, measure)} as published"
    england = f"England ({_in_words(national, measure)})"
    if newest.limits is not None and newest.limits.lower <= national <= newest.limits.upper:
        return f"not clearly apart from {england}"
    return f"{side_of(value, national, measure)} {england}"


def _moved(measure: Measure, by: float) -> str:
    if abs(by) < 0.5 * 10**-measure.decimals:
        return "unchanged"
    size = f"{abs(by):,.{measure.decimals}f}"
    points = "" if not measure.unit.startswith("percent") else " point" if size == "1" else " points"
    return f"{'up' if by > 0 else 'down'} {'£' if measure.unit == 'pounds' else ''}{size}{points}"


def _in_words(value: float, measure: Measure) -> str:
    """A figure as text, with its sign, percent or pounds."""
    told = figure_in_words(value, measure)
    return f"{'-' if told.startswith('-') else ''}£{told.lstrip('-')}" if measure.unit == "pounds" else told


def _standing(measure: Measure, figures: Mapping[str, YearFigure], national: Mapping[str, National]) -> str:
    """ "better", "worse" or "level" beside England in the newest year; "" where nobody can say."""
    years = _comparable(measure, figures)
    if not years or years[-1] not in national or measure.polarity == "none" or figures[years[-1]].limits is None:
        return ""
    if not _is_alike(measure, figures[years[-1]], national[years[-1]]):
        return ""
    told = _beside(measure, figures[years[-1]], national[years[-1]])
    if not told.startswith(("above", "below")):
        return "level"
    return "better" if told.startswith("above") == (measure.polarity != "high_is_concern") else "worse"


def _summary(
    own: SchoolSet,
    found: Mapping[str, Mapping[str, YearFigure]],
    national: Mapping[str, Mapping[str, National]],
    phase: str,
) -> str:
    standings = {one: _standing(measure_of(one), figures, national.get(one, {})) for one, figures in found.items()}
    by_kind = {
        kind: [_SUMMED_UP_AS.get(one, measure_of(one).label) for one, said in standings.items() if said == kind]
        for kind in ("worse", "better", "level")
    }
    words = {
        "worse": "clearly worse than England on",
        "better": "clearly better than England on",
        "level": "not clearly apart from England on",
    }
    told = [f"{words[kind]} {_listed(labels)}" for kind, labels in by_kind.items() if labels]
    if not told:
        return f"The {phase} schools of {own.name}, year by year: there is no figure of England to judge them by."
    return f"In their newest year the {phase} schools of {own.name} are {'; '.join(told)}."


def _listed(labels: Sequence[str]) -> str:
    lowered = [label if label[-1:].isdigit() else label[:1].lower() + label[1:] for label in labels]
    return lowered[0] if len(lowered) == 1 else f"{', '.join(lowered[:-1])} and {lowered[-1]}"


def _table(
    measure: Measure, series: Sequence[_Series], national: Mapping[str, National], periods: Sequence[str]
) -> pd.DataFrame:
    rows = []
    for one in series:
        for period in periods:
            figure = one.figures.get(period) or YearFigure(None, None, None, 0)
            rows.append(
                {
                    "Year": school_year(period),
                    "Group": one.of.name,
                    measure.unit.capitalize(): figure.value,
                    "Lower limit": figure.limits.lower if figure.limits else None,
                    "Upper limit": figure.limits.upper if figure.limits else None,
                    "England": national[period].value if period in national else None,
                    "Pupils": figure.pupils,
                    "Schools with a figure": figure.schools,
                    "Schools without": figure.missing,
                    "Why there is none": figure.why if period in one.figures else _note(None),
                }
            )
    return pd.DataFrame(rows)


def _notes(
    measure: Measure, series: Sequence[_Series], national: Mapping[str, National], periods: Sequence[str]
) -> list[str]:
    notes = [f"{school_year(one.since)}: {one.why}" for one in measure.breaks if one.since in periods[1:]]
    newest = max((period for period, figure in series[0].figures.items() if figure.value is not None), default="")
    if newest:
        figure = series[0].figures[newest]
        pupils = "" if figure.pupils is None else f" with {figure.pupils:,.0f} pupils"
        notes.append(
            f"{series[0].of.name} in {school_year(newest)}: {figure.schools:,} schools{pupils}; without a figure: "
            f"{figure.why or 'none'}."
        )
        if series[0].of.urn is None and figure.schools < FEW_SCHOOLS:
            notes.append("Few schools: one of them moves the figure.")
    notes += dict.fromkeys(note for one in series for note in _notes_on_england(measure, one, national, periods))
    estimated = [
        school_year(period)
        for period in periods
        if any(period in one.figures and one.figures[period].estimated for one in series)
    ]
    if estimated and not is_median(measure):
        notes.append(f"Numbers of pupils are estimated from rolls in {', '.join(estimated)}.")
    if measure.caveat:
        notes.append(measure.caveat)
    return notes


def _notes_on_england(
    measure: Measure, own: _Series, national: Mapping[str, National], periods: Sequence[str]
) -> list[str]:
    """How England's figure comes about, and where it is not quite like the set's own."""
    shown = [one for one in periods if one in national]
    notes = []
    if any(not national[one].is_published for one in shown):
        notes.append("England is worked out from its schools in the same way.")
    published = [school_year(one) for one in periods if one in own.figures and own.figures[one].is_published]
    if published:
        notes.append(f"{own.of.name} is as published for the whole LA in {', '.join(published)}, and so is England.")
    unlike = [
        school_year(one)
        for one in shown
        if one in own.figures and own.figures[one].value is not None
        if not _is_alike(measure, own.figures[one], national[one])
    ]
    if unlike:
        notes.append(
            f"England in {', '.join(unlike)} is as published: special schools and suppressed pupils are in it, and not "
            f"in {own.of.name}. A point or two may come of that alone, so neither is called better."
        )
    return notes


def _how(measure: Measure, phase: str) -> tuple[str, ...]:
    if is_median(measure):
        counted = "The figure is that of the school in the middle: half of the schools have more, half have less."
    else:
        counted = (
            "The pupils of all schools are counted together: each school's figure weighs as much as it has pupils. "
            "Percentages are never averaged."
        )
    return (
        f"{counted} The {phase} schools that are open today are followed back; a school's earlier figures are those of "
        "the school that it took over, where the register links them.",
        "England is worked out from its schools in the same way, where they are loaded. Where they are not it is as "
        "published; LAs alone are then taken as published, too, if the file has their figures.",
        "Limits (95%) say how far the figure could be another by chance with so many pupils; for Attainment 8 we take "
        "it that pupils spread by 20 points, our estimate. Pupils of one school are alike, so limits are rather too "
        "narrow. Where they cannot be known none are drawn, and the sentence on top leaves the measure out.",
        "A year without a release is a gap, and nothing is drawn across it. Where years cannot be compared, the line "
        "breaks, and the change is counted from the first year after the break.",
    )
