"""A school's figures over the years, with the national line and the gaps."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from risk_model.domain.charts import Axis, Break, Chart, Line, Lines, Role
from risk_model.domain.words import MISSING_IN_WORDS, MissingReason
from risk_model.measures.reader import Measure, measures_by_id
from risk_model.services.chart_frames import optional
from risk_model.services.copy import Copy
from risk_model.sources.catalogue import source_named
from risk_model.sources.national_gaps import years_without_file

# What the trends show, by phase group, in this order: measures with a value per year.
_TRENDS = {
    "primary": ("rwm_expected_pct", "reading_progress_score", "maths_progress_score", "persistent_absence_pct"),
    "secondary": ("attainment8_score", "progress8_score", "basics_grade5_pct", "persistent_absence_pct"),
    "special": ("persistent_absence_pct", "absence_pct", "pupils_count"),
    "alternative provision": ("persistent_absence_pct", "absence_pct", "pupils_count"),
    "nursery": ("pupils_count",),
}
_COLUMNS = (
    "year",
    "label",
    "value",
    "lower",
    "upper",
    "benchmark",
    "denominator",
    "missing",
    "source",
    "origin",
    "inherited_from",
    "release_id",
    "source_row",
)


@dataclass(frozen=True)
class Trend:
    """A measure over the years.

    Attributes:
        points: one row per year, oldest first, years without a figure too: year (the one it ends in), label
            ("2023-24"), value, lower, upper, benchmark, denominator, missing (in words, "" where there is a
            value), source (file and row), above and below (from the value to its limits),
            origin (of the national figure: "published" or "schools loaded"), release_id and source_row (of the
            figure; missing where there is none), inherited_from (the predecessor school's URN, missing where the
            figure is the school's own).
        finding: what the chart shows, in a sentence worked out from the figures.
    """

    measure: Measure
    points: pd.DataFrame
    finding: str

    @cached_property
    def chart(self) -> Chart:
        """The figures over the years beside England's."""
        points = self.points
        own = Line(
            "School",
            Role.OWN,
            optional(points["value"]),
            optional(points["lower"]) if points["upper"].notna().any() else (),
            optional(points["upper"]) if points["upper"].notna().any() else (),
            tuple(_SHORT_REASONS.get(reason, "no figure") if reason else "" for reason in points["missing"]),
        )
        breaks = tuple(Break(f"{one.since[:4]}-{one.since[7:]}", one.why) for one in self.measure.breaks)
        shown = tuple(one for one in breaks if one.period in set(points["label"][1:]))
        notes = (
            self.inherited_note,
            self.national_note,
            self.measure.caveat,
            *(f"Not comparable from {one.period} on: {one.why}" for one in shown),
        )
        return Chart(
            key=f"trend_{self.measure.id}",
            finding=self.finding,
            drawing=Lines(
                tuple(points["label"]),
                measure_axis(self.measure),
                (own, Line("England", Role.NATIONAL, optional(points["benchmark"]))),
                shown,
            ),
            table=self.table,
            source=source_named(self.measure.source).title,
            notes=tuple(note for note in notes if note),
            origins=tuple(self.sources),
        )

    @property
    def national_note(self) -> str:
        """Which years' national figure was not published with the file, "" where all were."""
        worked_out = self.points.loc[self.points["origin"] == "schools loaded", "label"]
        if worked_out.empty:
            return ""
        return f"The national figure of {', '.join(worked_out)} is worked out from the schools loaded."

    @property
    def inherited_note(self) -> str:
        """Which years' figures are those of a predecessor school, "" where all are the school's own."""
        inherited = self.points[self.points["inherited_from"].notna()]
        if inherited.empty:
            return ""
        schools = " and ".join(f"URN {urn}" for urn in inherited["inherited_from"].unique())
        return f"The figures of {', '.join(inherited['label'])} are those of the predecessor school ({schools})."

    @property
    def sources(self) -> list[tuple[str, str, str, int]]:
        """Where the figures stand, newest first: (year, file and row in words, release, row)."""
        known = self.points[self.points["source"] != ""].iloc[::-1]
        columns = (known[name] for name in ("label", "source", "release_id", "source_row"))
        return [(label, source, release_id, int(row)) for label, source, release_id, row in zip(*columns, strict=True)]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The points as a table for the screen."""
        headings = {
            "label": "Year",
            "value": self.measure.unit.capitalize(),
            "lower": "Lower limit",
            "upper": "Upper limit",
            "benchmark": "National",
            "denominator": "Pupils counted",
            "missing": "Why there is no figure",
            "source": "File and row",
        }
        return self.points[list(headings)].rename(columns=headings)


# What a gap of a chart says where the whole reason has no room; the table has it in full.
_SHORT_REASONS = {
    MISSING_IN_WORDS[reason]: words
    for reason, words in (
        (MissingReason.SUPPRESSED, "suppressed"),
        (MissingReason.TOO_FEW_PUPILS, "too few pupils"),
        (MissingReason.NOT_PUBLISHED, "not published"),
        (MissingReason.NOT_PUBLISHED_THAT_YEAR, "not published"),
        (MissingReason.NOT_LOADED, "not loaded"),
        (MissingReason.NOT_IN_RELEASE, "not in the files"),
        (MissingReason.NEW_SCHOOL, "new school"),
        (MissingReason.LOW_COVERAGE, "withheld"),
    )
}
_NOWHERE = MissingReason.NOT_PUBLISHED_THAT_YEAR.value
_BETTER = {
    "low_is_concern": "higher is better",
    "high_is_concern": "lower is better",
    "high_is_good": "higher is better",
    "none": "",
}


def measure_axis(measure: Measure) -> Axis:
    """An axis of a measure: its unit, its decimals, and which side is better, in words."""
    suffix = "%" if measure.unit == "percent" else ""
    return Axis(f"{measure.label}, {measure.unit}", suffix, measure.decimals, better=_BETTER[measure.polarity])


_TRENDS_SQL = """
    select v.measure_id, v.period, v.value, v.lower, v.upper, v.benchmark, v.denominator, v.missing_reason,
           v.release_id, v.source_row, v.caveat, v.inherited_from, l.original_name,
           (select min(b.origin) from benchmarks as b
            where b.measure_id = v.measure_id and b.period = v.period and b.scope = 'national'
                and b.value = v.benchmark) as origin
    from measure_values as v
    left join releases as l using (release_id)
    where v.urn = $urn and v.measure_id in (select unnest($measures))
    order by v.measure_id, v.period"""


def school_trends(copy: Copy, urn: str, phase_group: str) -> list[Trend]:
    """A school's figures over the years, for the measures that its phase has.

    Called by services that have asked for the viewer already.
    """
    known = measures_by_id()
    wanted = _TRENDS.get(phase_group, ())
    points = copy.reader.frame(_TRENDS_SQL, {"urn": urn, "measures": list(wanted)})
    trends = []
    for measure_id in wanted:
        own = points[(points["measure_id"] == measure_id) & points["period"].str.fullmatch(r"\d{4}-\d{4}")]
        if own["value"].notna().any():
            filled = _every_year(own, years_without_file(known[measure_id].source))
            trends.append(Trend(known[measure_id], filled, trend_finding(known[measure_id], filled)))
    return trends


def _every_year(points: pd.DataFrame, unpublished: Collection[str]) -> pd.DataFrame:
    """The figures with a row for every year from the first value on: a gap is drawn, not bridged.

    Args:
        unpublished: years of which there is no file, so that nobody can load one.
    """
    by_year = points.assign(year=points["period"].str[5:].astype("int64")).set_index("year")
    first = by_year.index[by_year["value"].notna()].min()
    years = pd.RangeIndex(first, by_year.index.max() + 1, name="year")
    filled = by_year.reindex(years).reset_index()
    filled["label"] = [f"{year - 1}-{str(year)[2:]}" for year in filled["year"]]
    nowhere = {int(one[5:]) for one in unpublished}
    absent = filled["year"].isin(nowhere).map({True: _NOWHERE, False: MissingReason.NOT_LOADED.value})
    reasons = filled["missing_reason"].where(filled["period"].notna(), absent)
    filled["missing"] = reasons.map(missing_in_words)
    filled["source"] = [
        f"{file}, row {int(row)}" if isinstance(file, str) and pd.notna(row) else ""
        for file, row in zip(filled["original_name"], filled["source_row"], strict=True)
    ]
    filled["above"] = filled["upper"] - filled["value"]
    filled["below"] = filled["value"] - filled["lower"]
    return filled[[*_COLUMNS, "above", "below"]]


def trend_finding(measure: Measure, points: pd.DataFrame) -> str:
    """The latest figure against the national one, and against the first, in one sentence."""
    valued = points[points["value"].notna()]
    last = valued.iloc[-1]
    text = f"{measure.label}: {figure_in_words(last['value'], measure)} in {last['label']}"
    if pd.notna(last["benchmark"]) and measure.polarity != "none":
        side = side_of(last["value"], last["benchmark"], measure)
        national = "average of 0" if last["benchmark"] == 0 else figure_in_words(last["benchmark"], measure)
        text += f", {side} the national {national}"
    missing = points[points["value"].isna() & (points["year"] > last["year"])]
    if len(missing):
        text += f"; nothing newer: {missing.iloc[-1]['missing']}"
    return text


def side_of(value: float, other: float, measure: Measure) -> str:
    """On which side of another figure one lies: "above", "below", or "level with" where both read the same."""
    if figure_in_words(value, measure) == figure_in_words(other, measure):
        return "level with"
    return "above" if value > other else "below"


def figure_in_words(value: float, measure: Measure) -> str:
    """A figure as text, with its sign where that tells and its percent sign: "+1.2", "61%"."""
    # what rounds to nothing has no sign
    rounded = round(value, measure.decimals) + 0.0
    is_signed = rounded != 0 and (measure.id.endswith("progress_score") or measure.id == "progress8_score")
    sign = "+" if is_signed else ""
    return f"{rounded:{sign},.{measure.decimals}f}{'%' if measure.unit.startswith('percent') else ''}"


def missing_in_words(reason: object) -> str:
    """Why a figure is missing, as a screen says it; "" where nothing is missing."""
    return MISSING_IN_WORDS[MissingReason(reason)] if isinstance(reason, str) else ""
