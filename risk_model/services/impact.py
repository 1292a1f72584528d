"""Did it help? Schools before and after support, beside similar schools that had none: described, never proved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from risk_model.casework import allocations, system_leaders
from risk_model.domain.charts import Axis, Chart, Role
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.measures.reader import Measure, measures_by_id
from risk_model.services.before_after import (
    FARTHEST,
    LEAST_CASES,
    LEAST_MATCHES,
    LEAST_TIME,
    MATCHES,
    OTHER_PRIORITY,
    TREND_COUNTS,
    Evidence,
    year_in_words,
)
from risk_model.services.chart_frames import dots_from
from risk_model.services.copy import Copy, open_reader
from risk_model.services.giving import Given, given_by_schools, received, urns_by_name
from risk_model.services.impact_tables import ANY_KIND, Side, change_unit, side_of
from risk_model.services.scope import IN_SCOPE, Scope
from risk_model.warehouse.builds import read_builds

__all__ = ["ANY_KIND", "NOT_PROOF", "Impact", "Side", "impact", "impact_measures"]

NOT_PROOF = "This describes what happened; it does not prove that support did it."
# What support is most often meant to move, and what is published each year: in the order of the screen.
_OFFERED = (
    "rwm_expected_pct",
    "reading_progress_score",
    "maths_progress_score",
    "attainment8_score",
    "progress8_score",
    "basics_grade5_pct",
    "persistent_absence_pct",
    "absence_pct",
)
_VALUES_SQL = (Path(__file__).parent / "sql" / "impact_values.sql").read_text("utf-8")


@dataclass(frozen=True)
class Impact:
    """One measure before and after support.

    Attributes:
        how: how it is worked out, a sentence each.
        supported, supporting: the schools that had support, and those that gave it.
        about: what an export is.
    """

    measure: Measure
    supported: Side
    supporting: Side
    how: list[str]
    about: list[str]

    @property
    def axis(self) -> str:
        """What a chart of changes counts, and which way is good."""
        return f"Change in {change_unit(self.measure)}. {self.how[0]}"

    def chart_of(self, side: Side, key: str) -> Chart:
        """How far schools of a side moved and how far similar ones did, a row a kind of support.

        Args:
            key: "supported" or "supporting".
        """
        with_support = "With support" if key == "supported" else "Gave support"
        dots = (
            ("Moved", with_support, Role.OWN),
            ("Similar schools moved", "Similar schools without", Role.SIMILAR),
        )
        drawing = dots_from(side.charted, "Row", dots, Axis(self.axis, decimals=1, from_zero=True), joined=True)
        return Chart(f"impact_{key}_kinds", side.finding, drawing, side.kinds, self.about[0], (NOT_PROOF,))


def impact_measures(viewer: Viewer, copy: Copy, scope: Scope) -> dict[str, str]:
    """The measures that can be chosen: {id: label}, those of which a school in scope has any figure.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    found = copy.reader.rows(
        "select distinct v.measure_id from measure_values as v inner join schools as s using (urn) "
        f"where v.measure_id in (select unnest($offered)) and v.value is not null and {IN_SCOPE}",
        {**scope.params, "offered": list(_OFFERED)},
    )
    there = {row["measure_id"] for row in found}
    return {one: measures_by_id()[one].label for one in _OFFERED if one in there}


def impact(viewer: Viewer, copy: Copy, scope: Scope, measure_id: str) -> Impact:
    """A measure before and after support, for the schools in scope that had it and for those that gave it.

    Similar schools are sought among all schools of the scope's local authority, since only of these this copy knows
    who had no support; where the scope names none, among those for which support is recorded.

    Args:
        measure_id: one of `impact_measures`.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    measure = measures_by_id()[measure_id]
    known = allocations(copy.records, la_code=scope.la_code)
    leaders = {one.id: one for one in system_leaders(copy.records, la_code=scope.la_code)}
    las = [scope.la_code] if scope.la_code else sorted({one.la_code for one in known})
    schools = copy.reader.frame(
        "select urn, name, phase_group, la_code in (select unnest($las)) as is_here, "
        f"({IN_SCOPE}) as is_in_scope from schools as s where la_code in (select unnest($las)) order by urn",
        {**scope.params, "las": las},
    )
    urns = urns_by_name(zip(schools["name"], schools["urn"], strict=True))
    had = received(known, copy.build.as_at)
    gave = given_by_schools(known, leaders, urns, copy.build.as_at)
    values = copy.reader.frame(_VALUES_SQL, {"measure": measure_id, "las": las})
    evidence = _evidence(copy, measure, schools, values, [*had, *gave])
    names = dict(zip(schools["urn"], schools["name"], strict=True))
    asked = set(schools.loc[schools["is_in_scope"], "urn"]) & set(values["urn"])
    return Impact(
        measure=measure,
        supported=side_of("had support", had, asked, evidence, measure, names),
        supporting=side_of("supported others", gave, asked, evidence, measure, names),
        how=_how(measure, values),
        about=[
            f"{measure.label} before and after support. {NOT_PROOF}",
            f"As at {copy.build.as_at:%d/%m/%Y}, build {copy.build.build_id}.",
            *_how(measure, values),
        ],
    )


def _evidence(
    copy: Copy, measure: Measure, schools: pd.DataFrame, values: pd.DataFrame, spells: Sequence[Given]
) -> Evidence:
    figures: dict[str, dict[int, float]] = {}
    own = values[values["value"].notna()]
    for urn, year, value in zip(own["urn"], own["year"], own["value"], strict=True):
        figures.setdefault(urn, {})[int(year)] = float(value)
    by_school: dict[str, list[Given]] = {}
    for one in spells:
        by_school.setdefault(one.urn, []).append(one)
    return Evidence(
        figures=figures,
        alike=dict(zip(schools["urn"], schools["phase_group"], strict=True)),
        breaks=[int(one.since[5:]) for one in measure.breaks],
        has_support=lambda urn, first, last: any(one.overlaps(first, last) for one in by_school.get(urn, [])),
        priorities=_priorities(copy),
    )


def _priorities(copy: Copy) -> Callable[[date], Mapping[str, str] | None]:
    """Of each school its place by the newest build that is kept of a day before another."""
    builds = sorted(read_builds(copy.data), key=lambda one: (one.as_at, one.number))

    @cache
    def of_build(build_id: str) -> Mapping[str, str]:
        reader = open_reader(copy.data, build_id)
        try:
            return {row["urn"]: row["priority"] for row in reader.rows("select urn, priority from schools_at_risk")}
        finally:
            reader.close()

    def before(day: date) -> Mapping[str, str] | None:
        earlier = [one for one in builds if one.as_at <= day]
        return of_build(earlier[-1].build_id) if earlier else None

    return before


def _how(measure: Measure, values: pd.DataFrame) -> list[str]:
    direction = "A fall is for the better." if measure.polarity == "high_is_concern" else "A rise is for the better."
    lines = [
        direction,
        "Before is the last year with a figure that had ended when the school's first support began (of any kind, or "
        f"of the kind in the row); after is the latest that ended at least {LEAST_TIME.days} days later. Support that "
        "was agreed or further counts; a predecessor school's figures do not.",
        f"Similar schools: the {MATCHES} nearest of the same phase in this local authority, for which no support is "
        "recorded, had or given, from the start of the year before to the end of the year after. Near in the figure "
        f"before and, counted {TREND_COUNTS:g} times, its change in the year before, in standard deviations; another "
        f"place in an earlier build, where one is kept, adds {OTHER_PRIORITY:g}. Farther than {FARTHEST:g} is not "
        f"similar; fewer than {LEAST_MATCHES}, and the school does not count.",
        "The interval is Student's t, 95%, over the schools that count; a similar school may stand beside several. "
        f"Fewer than {LEAST_CASES} schools: no average. All of these numbers are our choice. Where many kinds are "
        "listed, one in twenty would look clear by chance alone.",
        "Schools get support because they need it, and weak results tend to rise again by themselves; support that "
        f"nobody recorded is not seen. {NOT_PROOF}",
    ]
    lines += [f"Not compared across {one.since[:5]}{one.since[7:]}: {one.why}" for one in measure.breaks]
    provisional = sorted(set(values.loc[values["is_provisional"], "year"]))
    if provisional:
        lines.append(f"Provisional: {', '.join(year_in_words(int(year)) for year in provisional)}.")
    return lines
