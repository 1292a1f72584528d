"""One school's results, inspections and support on one axis of dates. It sets them side by side and claims no cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from risk_model.casework import Allocation, Visit, visits
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.at_risk import provider_in_words
from risk_model.services.before_after import year_end
from risk_model.services.copy import Copy
from risk_model.services.giving import KIND_NOT_RECORDED
from risk_model.services.profile import SchoolProfile
from risk_model.services.support import standing
from risk_model.services.timeline_words import CALLED_OFF, result_words, timeline_finding, timeline_notes
from risk_model.services.trends import Trend

NO_SUPPORT = "No support of this school is recorded: there is nothing to set beside its results."
_TABLE = ("Date", "Until", "What", "In words")
# After the last day of the axis, so that the last mark does not stand on its edge.
_ROOM = timedelta(days=31)


@dataclass(frozen=True)
class VisitMark:
    """One visit on a bar: its day, and what it was in words."""

    on: date
    words: str


@dataclass(frozen=True)
class SupportBar:
    """One piece of support as a bar.

    Attributes:
        words: provider, kind and standing, and what is not recorded.
        standing: active, stale, not started, paused or ended.
        until: the last day of the bar: the day on which it ends or ended; the as-at date where that is open.
    """

    number: int
    words: str
    standing: str
    began: date
    until: date
    visits: tuple[VisitMark, ...]

    @property
    def length_ms(self) -> int:
        """How long the bar is, its last day included, in milliseconds, as charts count time."""
        return (self.until - self.began + timedelta(days=1)) // timedelta(milliseconds=1)


@dataclass(frozen=True)
class Timeline:
    """Results, inspections and support of one school by date.

    Attributes:
        finding: what it shows, in a sentence that is worked out and claims no cause.
        trend: the measure that is drawn; None where no yearly figure is loaded.
        points: its rows, with `on` (the end of the school year) and `run`: only years of one run are comparable.
        breaks: a day between each two years drawn that are not comparable.
        inspections: those from the first day on, as `inspection_rows` gives them.
        bars: the support that can be drawn, the earliest first.
        first, last: of the axis.
        notes: what is not drawn, and why.
        table: the same as rows: Date, Until, What, In words; the newest first.
    """

    finding: str
    trend: Trend | None
    points: pd.DataFrame
    breaks: tuple[date, ...]
    inspections: pd.DataFrame
    bars: tuple[SupportBar, ...]
    as_at: date
    first: date
    last: date
    notes: tuple[str, ...]
    table: pd.DataFrame

    def is_late(self, bar: SupportBar) -> bool:
        """Whether a bar ends in the later half of the axis: its words then stand to its left."""
        return bar.until - self.first > self.last - bar.until


def timeline(viewer: Viewer, copy: Copy, profile: SchoolProfile, measure_id: str | None = None) -> Timeline | None:
    """A school's support beside its results and inspections; None where no support is recorded.

    Args:
        measure_id: one of the school's trends; the first, where it is none of them.
    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    if not profile.support:
        return None
    urn, as_at = str(profile.school["urn"]), copy.build.as_at
    trend = next((one for one in profile.trends if one.measure.id == measure_id), next(iter(profile.trends), None))
    points = _dated(trend)
    bars = tuple(_bars(viewer, copy, profile.support, urn))
    first, last = _ends(points, bars, as_at)
    inspections = profile.inspections
    shown = inspections[pd.to_datetime(inspections["start_date"]) >= pd.Timestamp(first)]
    return Timeline(
        finding=timeline_finding(profile.support, trend, as_at),
        trend=trend,
        points=points,
        breaks=tuple(_break_days(trend, points)),
        inspections=shown,
        bars=bars,
        as_at=as_at,
        first=first,
        last=last,
        notes=tuple(timeline_notes(profile.support, trend, points, len(inspections) - len(shown), first)),
        table=_table(trend, points, shown, profile.support, bars),
    )


def _dated(trend: Trend | None) -> pd.DataFrame:
    """A trend's rows with the end of their school year and the run of comparable years that they belong to."""
    if trend is None:
        return pd.DataFrame(columns=["year", "label", "value", "benchmark", "missing", "on", "run"])
    since = [int(one.since[5:]) for one in trend.measure.breaks]
    years = [int(year) for year in trend.points["year"]]
    return trend.points.assign(
        on=pd.to_datetime([year_end(year) for year in years]),
        run=[sum(first <= year for first in since) for year in years],
    )


def _break_days(trend: Trend | None, points: pd.DataFrame) -> list[date]:
    if trend is None or points.empty:
        return []
    first, last = int(points["year"].min()), int(points["year"].max())
    years = [int(one.since[5:]) for one in trend.measure.breaks]
    return [date(year, 3, 1) for year in years if first < year <= last]


def _bars(viewer: Viewer, copy: Copy, support: Sequence[Allocation], urn: str) -> list[SupportBar]:
    """The support of a school that was given or is to come, and has a first day, as bars; the earliest first."""
    found = []
    for one in support:
        if one.start_date is None or one.status in CALLED_OFF:
            continue
        made = [visit for visit in visits(copy.records, allocation_id=one.id) if visit.urn == urn]
        stands = standing(viewer, copy, one)
        found.append(
            SupportBar(
                number=one.id,
                words=_bar_words(one, stands),
                standing=stands,
                began=one.start_date,
                until=max(one.start_date, one.end_date or _last_known(one, stands, copy.build.as_at)),
                visits=tuple(VisitMark(visit.visited_on, _visit_words(visit)) for visit in made),
            )
        )
    return sorted(found, key=lambda one: (one.began, one.number))


def _last_known(one: Allocation, stands: str, as_at: date) -> date:
    """Where the bar of support without a last day ends: at the last word about it, where it is over."""
    over = stands == "ended"
    return (one.last_update or one.start_date or as_at) if over else as_at


def _bar_words(one: Allocation, stands: str) -> str:
    kind = KIND_NOT_RECORDED if one.support_type is None else one.support_type.value
    text = f"{provider_in_words(one)} · {kind} · {stands}"
    if one.end_date is None:
        text += ", its end is not recorded" if stands == "ended" else ", no end agreed"
    return text


def _visit_words(visit: Visit) -> str:
    days = "days not recorded" if visit.days is None else f"{visit.days:g} days"
    return f"Visit by {visit.visited_by}, {days}"


def _ends(points: pd.DataFrame, bars: Sequence[SupportBar], as_at: date) -> tuple[date, date]:
    """The days between which all results and all support lie, with the as-at date, and a little room."""
    days = [as_at, *(one.began for one in bars), *(one.until for one in bars)]
    if len(points):
        days.append(date(int(points["year"].min()) - 1, 9, 1))
    days += [visit.on for one in bars for visit in one.visits]
    return min(days), max(days) + _ROOM


def _table(
    trend: Trend | None,
    points: pd.DataFrame,
    inspections: pd.DataFrame,
    support: Sequence[Allocation],
    bars: Sequence[SupportBar],
) -> pd.DataFrame:
    drawn = {one.number: one for one in bars}
    rows: list[tuple[date | None, date | None, str, str]] = []
    if trend is not None:
        years = points.to_dict("records")
        rows += [(year["on"].date(), None, "result", result_words(trend, year)) for year in years]
    for one in inspections.to_dict("records"):
        rows.append((pd.Timestamp(one["start_date"]).date(), None, "inspection", f"{one['answer']}: {one['found']}"))
    for piece in support:
        words = drawn[piece.id].words if piece.id in drawn else _bar_words(piece, str(piece.status))
        rows.append((piece.start_date, piece.end_date, "support", words))
    rows += [(visit.on, None, "visit", visit.words) for one in bars for visit in one.visits]
    rows.sort(key=lambda row: (row[0] or date.min, row[2]), reverse=True)
    return pd.DataFrame(rows, columns=list(_TABLE))
