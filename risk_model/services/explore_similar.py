"""Which schools differ from similar ones? For the better as well as for the worse."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from risk_model.domain.charts import Axis, Chart, Dot, Dots, Role
from risk_model.domain.periods import school_year
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.measures.reader import Measure, measures_by_id
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, NamedSchool, Select, Wanted
from risk_model.services.pooled_figures import source_line
from risk_model.services.scope import IN_SCOPE, Scope
from risk_model.services.similar import MAIN_MEASURES, similar_means
from risk_model.services.trends import missing_in_words

_GAPS_SQL = (Path(__file__).parent / "sql" / "similar_gaps.sql").read_text("utf-8")
# of these the school's own figure, over three years, stands beside the value that is ranked or set against England's
_POOLED = frozenset({"rwm_expected_gap_pp", "rwm_disadvantaged_gap_pp", "attainment8_rank_pct", "basics_grade5_gap_pp"})
# As the rules have it: among fewer a place says little.
LEAST_SIMILAR = 20
# More rows on either side nobody reads: our choice. The table has all.
_MOST_ROWS = 8
_WORSE, _BETTER, _AMONG = "worse than nine in ten", "better than nine in ten", "among them"


@dataclass(frozen=True)
class _Asked:
    """The measure that is looked at, as the profile names it."""

    measure: Measure
    title: str
    decimals: int
    more_is_good: bool

    def text(self, value: float) -> str:
        return f"{value:.{self.decimals}f}{'%' if self.title.endswith('%') else ''}".replace("-", "−")


@dataclass(frozen=True)
class Gap:
    """A school's figure beside those of its similar schools.

    Attributes:
        figure, lower, upper: its own, with its 95% limits where they are known; reason: why it has none, in words.
        average, low, high: of its similar schools that have the figure: the mean, and the ends of the middle eight
            tenths of them; None where it cannot be compared.
        why_not: why it cannot be compared though it has a figure; "" where it can.
        context: its intake: disadvantaged pupils, prior attainment, first language, year group; None is not known.
    """

    urn: str
    name: str
    phase: str
    period: str | None
    pupils: float | None
    figure: float | None
    lower: float | None
    upper: float | None
    reason: str
    similar: int
    average: float | None
    low: float | None
    high: float | None
    why_not: str
    context: Mapping[str, float | None]

    @property
    def difference(self) -> float | None:
        """Own figure minus the average of the similar schools, in the measure's unit."""
        return None if self.figure is None or self.average is None else self.figure - self.average

    def standing(self, *, more_is_good: bool) -> str:
        """Where it stands among its similar schools, or why nobody can say."""
        if self.figure is None or self.average is None or self.low is None or self.high is None:
            return f"not known: {self.reason or self.why_not}"
        if self.figure < self.low:
            return _WORSE if more_is_good else _BETTER
        if self.figure > self.high:
            return _BETTER if more_is_good else _WORSE
        return _AMONG


def similar_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks back which measure, of those of which a school in scope has a figure.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = copy.reader.rows(
        "select distinct v.measure_id from measure_values as v inner join schools as s using (urn) "
        f"where list_contains($measures, v.measure_id) and v.value is not null and {IN_SCOPE}",
        {**scope.params, "measures": list(MAIN_MEASURES)},
    )
    there = {row["measure_id"] for row in found}
    options = {one: title for one, (_, title, *_) in MAIN_MEASURES.items() if one in there}
    return (Select("similar_measure", "Figure to compare", options),)


def similar_answer(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """The schools whose figure is farthest from that of schools with an intake like theirs.

    Schools that are picked are shown instead of those that are farthest.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    (select,) = similar_selects(viewer, copy, scope)
    code = wanted.of(select)
    if not code:
        return Answer(
            "No school in this scope has results or attendance to compare with those of similar schools.",
            how=(similar_means(viewer, copy),),
        )
    asked = _asked(code)
    found = school_gaps(viewer, copy, scope, code)
    picked = [one for urn in wanted.picks for one in found if one.urn == urn]
    rows = picked or _farthest(found, asked)
    chart = _chart(viewer, copy, asked, found, rows)
    chart = replace(chart, notes=(*(f"Intake of {one.name}: {_intake(one)}." for one in picked), *chart.notes))
    return Answer(
        finding=chart.finding,
        charts=(chart,) if rows else (),
        how=(similar_means(viewer, copy), *_how(asked)),
        schools=tuple(NamedSchool(one.urn, one.name, _told(one, asked)) for one in rows),
    )


def school_gaps(viewer: Viewer, copy: Copy, scope: Scope, measure_id: str) -> tuple[Gap, ...]:
    """Every school in scope beside its similar schools, by name; also those without a figure or a group.

    Args:
        measure_id: of the main measures of similar schools.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = copy.reader.rows(_GAPS_SQL, {**scope.params, "measure": measure_id, "is_pooled": measure_id in _POOLED})
    return tuple(_gap(row) for row in found)


def _gap(row: Mapping[str, Any]) -> Gap:
    is_compared = row["similar_schools"] >= LEAST_SIMILAR and row["no_group"] is None
    low, average, high = (row[name] if is_compared else None for name in ("low", "average", "high"))
    return Gap(
        urn=row["urn"],
        name=row["name"],
        phase=row["phase"],
        period=row["period"],
        pupils=row["pupils"],
        figure=row["figure"],
        lower=row["lower"],
        upper=row["upper"],
        reason=missing_in_words(row["reason"]),
        similar=row["similar_schools"],
        average=average,
        low=low,
        high=high,
        why_not="" if is_compared else f"fewer than {LEAST_SIMILAR} similar schools have this figure",
        context={
            "Disadvantaged %": row["fsm6_pct"],
            "Prior attainment": row["prior_score"],
            "EAL %": row["eal_pct"],
            "Year group": row["year_group"],
        },
    )


def _asked(measure_id: str) -> _Asked:
    _, title, decimals, more_is_good = MAIN_MEASURES[measure_id]
    return _Asked(measures_by_id()[measure_id], title, decimals, more_is_good)


def _farthest(found: Sequence[Gap], asked: _Asked) -> list[Gap]:
    """The schools beyond nine in ten of their similar ones that are farthest from the average: the worst first, and
    after them the better ones, the best last."""
    apart = {one.urn: one.difference or 0.0 for one in found}
    chosen = []
    for standing in (_WORSE, _BETTER):
        own = [one for one in found if one.standing(more_is_good=asked.more_is_good) == standing]
        chosen += sorted(own, key=lambda one: (-abs(apart[one.urn]), one.name))[:_MOST_ROWS]
    sign = 1 if asked.more_is_good else -1
    return sorted(chosen, key=lambda one: (sign * apart[one.urn], one.name))


def _chart(viewer: Viewer, copy: Copy, asked: _Asked, found: Sequence[Gap], rows: Sequence[Gap]) -> Chart:
    better = "higher is better" if asked.more_is_good else "lower is better"
    has_limits = any(one.lower is not None for one in rows)
    own = Dot(
        "This school",
        Role.OWN,
        tuple(one.figure for one in rows),
        tuple(one.lower for one in rows) if has_limits else (),
        tuple(one.upper for one in rows) if has_limits else (),
    )
    similar = Dot(
        "Its similar schools: average, and the middle eight tenths",
        Role.SIMILAR,
        tuple(one.average for one in rows),
        tuple(one.low for one in rows),
        tuple(one.high for one in rows),
    )
    return Chart(
        key=f"similar_{asked.measure.id}",
        finding=_finding(found, asked),
        drawing=Dots(
            tuple(one.name for one in rows),
            Axis(asked.title, "%" if asked.title.endswith("%") else "", asked.decimals, better=better),
            (similar, own),
        ),
        table=_table(found, asked),
        source=source_line(viewer, copy, asked.measure.source, "census"),
        notes=tuple(_notes(found, rows, asked, has_limits=has_limits)),
    )


def _finding(found: Sequence[Gap], asked: _Asked) -> str:
    """How many are beyond nine in ten of their similar schools, on either side, and how many that would be by rule."""
    counts = Counter(one.standing(more_is_good=asked.more_is_good) for one in found)
    compared = counts[_WORSE] + counts[_BETTER] + counts[_AMONG]
    if not compared:
        return f"{asked.title}: no school here can be compared with similar ones."
    return (
        f"{asked.title}: of {compared:,} schools {counts[_WORSE]:,} are worse than nine in ten of their similar "
        f"schools, and {counts[_BETTER]:,} better than nine in ten; {compared / 10:.0f} and {compared / 10:.0f} would "
        "be usual."
    )


def _told(one: Gap, asked: _Asked) -> str:
    if one.figure is None:
        return f"no figure: {one.reason}"
    if one.average is None:
        return f"{asked.text(one.figure)}; {one.why_not}"
    return f"{asked.text(one.figure)}, its {one.similar} similar schools {asked.text(one.average)} on average"


def _intake(one: Gap) -> str:
    """With whom it is compared, in words: "48% disadvantaged, 4% EAL, 40 pupils in a year group"."""
    told = [
        f"{value:.0f}{words}"
        for value, words in (
            (one.context["Disadvantaged %"], "% disadvantaged"),
            (one.context["EAL %"], "% EAL"),
            (one.context["Year group"], " pupils in a year group"),
        )
        if value is not None
    ]
    return ", ".join(told) or "not known"


def _table(found: Sequence[Gap], asked: _Asked) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "School": one.name,
                "Among its similar schools": one.standing(more_is_good=asked.more_is_good),
                "This school": one.figure,
                "Average of similar schools": one.average,
                "Difference": one.difference,
                "Lower limit": one.lower,
                "Upper limit": one.upper,
                "One in ten of them is below": one.low,
                "One in ten of them is above": one.high,
                "Similar schools with a figure": one.similar,
                "Year": _when(one),
                "Pupils counted": one.pupils,
                "Phase": one.phase,
                "Intake": _intake(one),
                "Prior attainment": one.context["Prior attainment"],
                "URN": one.urn,
            }
            for one in found
        ]
    )


def _when(one: Gap) -> str | None:
    return None if one.period is None else school_year(one.period)


def _notes(found: Sequence[Gap], rows: Sequence[Gap], asked: _Asked, *, has_limits: bool) -> list[str]:
    notes = [f"Drawn: {len(rows)} of {len(found):,} schools; the table has all of them."]
    if has_limits:
        notes.append("The line through a school's own dot is its 95% interval: with few pupils it is wide.")
    without = Counter(one.reason for one in found if one.figure is None)
    if without:
        told = "; ".join(f"{reason} ({n:,})" for reason, n in without.most_common())
        notes.append(f"Schools without this figure: {without.total():,}: {told}.")
    alone = sum(one.figure is not None and one.average is None for one in found)
    if alone:
        notes.append(
            f"Schools with a figure that are not compared, because fewer than {LEAST_SIMILAR} similar schools have "
            f"one or because they have no group of similar schools (special schools, alternative provision): {alone:,}."
        )
    periods = sorted({when for one in found if one.figure is not None and (when := _when(one)) is not None})
    if periods:
        notes.append(f"Figures of: {', '.join(periods)}.")
    if asked.measure.caveat:
        notes.append(asked.measure.caveat)
    return notes


def _how(asked: _Asked) -> tuple[str, ...]:
    return (
        "Of the schools that are similar to a school, those with the figure of the same year count. The bar on them "
        "reaches from the figure that one in ten of them is below to that which one in ten is above. Beyond it a "
        "school is named, and so by rule about one school in ten is on either side: being named is a question, not a "
        "verdict.",
        f"At most {_MOST_ROWS} schools on either side are drawn, those farthest from the average; pick schools to see "
        "these instead.",
        "What similar schools reach is possible with such an intake; it is not what should be expected of children. "
        "Intake never earns a point.",
    )
