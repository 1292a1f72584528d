"""A measure of a set of schools, year by year: its pupils counted together, never the mean of percentages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Any

from risk_model.domain.periods import in_words, school_year
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.measures.reader import Measure, measures_by_id
from risk_model.scoring.intervals import Limits, mean_limits, share_limits
from risk_model.services.copy import Copy
from risk_model.services.school_sets import IN_SET, SchoolSet, england_set
from risk_model.services.trends import missing_in_words
from risk_model.sources.catalogue import source_named

# Shares of pupils, of which the limits follow from how many they are.
_SHARES_OF_PUPILS = ("rwm_expected_pct", "basics_grade5_pct", "persistent_absence_pct")
# Among pupils Attainment 8 spreads by about 20 points: the estimate by which its trend is judged, too.
_ATTAINMENT8_SPREAD = 20.0
# against the pupils of England with the same earlier results, so that England is 0 by definition
_AGAINST_ENGLAND = ("reading_progress_score", "writing_progress_score", "maths_progress_score")
# Sums of money and rolls say more by the school in the middle than by all pupils together.
_MEDIANS = ("pupils_count", "in_year_balance_gbp", "revenue_reserve_gbp")


@dataclass(frozen=True)
class YearFigure:
    """A set's figure of one year.

    Attributes:
        value: pooled over the pupils, or the median of the schools; None where no school has one.
        limits: its 95% limits, where they follow from the figures.
        pupils: how many are counted, or stand for those that are.
        schools: with a figure; without: those without one, by the reason in words.
        estimated: schools whose number of pupils is estimated from the roll.
        is_published: the value is the file's own for the whole LA, not worked out from its schools.
    """

    value: float | None
    limits: Limits | None
    pupils: float | None
    schools: int
    without: Mapping[str, int] = field(default_factory=dict)
    estimated: int = 0
    is_published: bool = False

    @property
    def missing(self) -> int:
        """How many schools have no figure."""
        return sum(self.without.values())

    @property
    def why(self) -> str:
        """Why schools have none, in words, the most frequent reason first."""
        told = sorted(self.without.items(), key=lambda one: (-one[1], one[0]))
        return "; ".join(f"{reason} ({count:,})" for reason, count in told)


# results are weighed with the pupils of the year group, attendance and census figures with the roll
_FIGURES_SQL = f"""
    with figures as (
        select v.measure_id, v.period, v.value, v.missing_reason,
               coalesce(v.denominator,
                        case when v.source_id in ('ks2', 'ks4') then s.year_group_estimate
                             else coalesce(r.value, s.pupils) end) as pupils,
               v.denominator is null as is_estimated,
               -- a year without the school's own limits has none for all
               (v.upper - v.lower) / (2 * 1.959964) as standard_error
        from measure_values as v
        inner join schools as s using (urn)
        left join (select urn, period, value from measure_values where measure_id = 'pupils_count') as r
            on r.urn = v.urn and r.period = v.period
        where v.measure_id in (select unnest($measures)) and s.phase_group = $phase_group
            and length(v.period) = length('2024-2025') and {IN_SET}
    ),
    counted as (select *, value is not null and pupils > 0 as counts from figures)
    select measure_id, period,
           sum(value * pupils) filter (counts) / sum(pupils) filter (counts) as pooled,
           median(value) as middle, sum(pupils) filter (counts) as pupils,
           count(*) filter (counts) as schools, count(value) as valued,
           count(*) filter (counts and is_estimated) as estimated,
           count(*) filter (counts and standard_error is null) as without_error,
           sqrt(sum(power(standard_error * pupils, 2)) filter (counts)) / sum(pupils) filter (counts) as error
    from counted
    group by measure_id, period
    order by measure_id, period"""
_MISSING_SQL = f"""
    select v.measure_id, v.period, v.missing_reason as reason, count(*) as schools
    from measure_values as v inner join schools as s using (urn)
    where v.measure_id in (select unnest($measures)) and s.phase_group = $phase_group and v.value is null and {IN_SET}
    group by all"""
_SCHOOLS_SQL = f"select count(*) as n from schools as s where s.phase_group = $phase_group and {IN_SET}"
_PUBLISHED_SQL = """
    select measure_id, period, value from benchmarks
    where scope = 'la' and la_code = $la and phase = $phase_group and measure_id in (select unnest($measures))"""
_NATIONAL_SQL = """
    select measure_id, period, value, origin from benchmarks
    where scope = 'national' and phase = $phase_group and list_contains($measures, measure_id)
    union all
    select distinct measure_id, period, 0.0, 'published' from measure_values
    where list_contains($against_england, measure_id) and list_contains($measures, measure_id) and value is not null
    order by measure_id, period"""


def set_figures(
    viewer: Viewer,
    copy: Copy,
    one: SchoolSet,
    measures: Sequence[str],
    phase_group: str,
    *,
    as_published: bool = False,
) -> dict[str, dict[str, YearFigure]]:
    """The figures of a set of schools by measure and academic year.

    Worked out from the schools.

    Args:
        measures: ids of measures with a figure a year.
        phase_group: only schools of it are counted.
        as_published: where a file has a figure of its own for a whole LA, it is that one: for comparing it with
            England's published figure.
    Returns:
        {measure: {period: figure}}; a year of which nothing is loaded is not there.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    params = {**one.params, "measures": list(measures), "phase_group": phase_group}
    schools = copy.reader.rows(_SCHOOLS_SQL, {**one.params, "phase_group": phase_group})[0]["n"]
    missing: dict[tuple[str, str], dict[str, int]] = {}
    for row in copy.reader.rows(_MISSING_SQL, params):
        missing.setdefault((row["measure_id"], row["period"]), {})[missing_in_words(row["reason"])] = row["schools"]
    published = {}
    if as_published and one.whole_la is not None:
        asked = {"la": one.whole_la, "measures": list(measures), "phase_group": phase_group}
        published = {
            (row["measure_id"], row["period"]): row["value"] for row in copy.reader.rows(_PUBLISHED_SQL, asked)
        }
    found: dict[str, dict[str, YearFigure]] = {}
    for row in copy.reader.rows(_FIGURES_SQL, params):
        of_year = (row["measure_id"], row["period"])
        # where no school has a figure, the LA's stands for nobody who is counted
        value = published.get(of_year) if row["pooled"] is not None else None
        figure = _figure(
            {**row, "pooled": row["pooled"] if value is None else value}, schools, missing.get(of_year, {})
        )
        found.setdefault(row["measure_id"], {})[row["period"]] = replace(figure, is_published=value is not None)
    return found


def _figure(row: Mapping[str, Any], schools: int, without: Mapping[str, int]) -> YearFigure:
    is_median = row["measure_id"] in _MEDIANS
    counted = row["valued"] if is_median else row["schools"]
    told = dict(without)
    unweighed = row["valued"] - counted
    absent = schools - row["valued"] - sum(without.values())
    told |= {"with a figure, and pupils of a number that nobody knows": unweighed} if unweighed else {}
    told |= {missing_in_words("not_in_release"): absent} if absent > 0 else {}
    return YearFigure(
        value=row["middle"] if is_median else row["pooled"],
        limits=_limits(row),
        pupils=None if is_median else row["pupils"],
        schools=counted,
        without=told,
        estimated=0 if is_median else row["estimated"],
    )


def _limits(row: Mapping[str, Any]) -> Limits | None:
    if row["pooled"] is None or row["measure_id"] in _MEDIANS:
        return None
    if row["measure_id"] in _SHARES_OF_PUPILS:
        return share_limits(row["pooled"], row["pupils"])
    if row["measure_id"] == "attainment8_score":
        return mean_limits(row["pooled"], _ATTAINMENT8_SPREAD / sqrt(row["pupils"]))
    if row["schools"] and not row["without_error"]:
        return mean_limits(row["pooled"], row["error"])
    return None


@dataclass(frozen=True)
class National:
    """England's figure of a year.

    Attributes:
        is_published: by the publisher; else worked out from the schools loaded.
    """

    value: float
    is_published: bool


def national_figures(
    viewer: Viewer, copy: Copy, measures: Sequence[str], phase_group: str
) -> dict[str, dict[str, National]]:
    """England's figures by measure and academic year: worked out from its schools as any other set's, where they are
    loaded; else as published. A published figure has pupils in it whom no school's figure shows, so that the two are
    not quite the same.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    everybody = england_set(viewer, copy)
    if everybody is not None:
        return {
            measure: {year: National(one.value, False) for year, one in years.items() if one.value is not None}
            for measure, years in set_figures(viewer, copy, everybody, measures, phase_group).items()
        }
    found: dict[str, dict[str, National]] = {}
    params = {"measures": list(measures), "phase_group": phase_group, "against_england": list(_AGAINST_ENGLAND)}
    for row in copy.reader.rows(_NATIONAL_SQL, params):
        told = National(row["value"], row["origin"] == "published")
        found.setdefault(row["measure_id"], {})[row["period"]] = told
    return found


def is_median(measure: Measure) -> bool:
    """Whether a set's figure is that of the school in the middle."""
    return measure.id in _MEDIANS


def source_line(viewer: Viewer, copy: Copy, *source_ids: str) -> str:
    """Whose figures, of which years, published when: under a chart.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    rows = copy.reader.rows(
        "select source_id, min(label) as first, max(label) as last, max(published_on) as published_on from releases "
        "where list_contains($ids, source_id) group by source_id",
        {"ids": list(source_ids)},
    )
    found = sorted(rows, key=lambda one: source_ids.index(one["source_id"]))
    return "; ".join(_one_source(row) for row in found) or "No file with these figures is loaded"


def _one_source(row: Mapping[str, Any]) -> str:
    source = source_named(row["source_id"])
    told = f"{source.publisher.split(',')[0]}, {source.title}"
    if source.dating == "by row":
        # the day of such a file is that of its import
        return f"{told}, a file that does not say when it was published"
    first, last = school_year(row["first"]), school_year(row["last"])
    years = last if first == last else f"{first} to {last}"
    return f"{told}, {years}, newest published {in_words(row['published_on'])}"


def measure_of(measure_id: str) -> Measure:
    """A measure by its id."""
    return measures_by_id()[measure_id]
