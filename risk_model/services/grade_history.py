"""How often schools were judged below good at all, and what became of each grade, by phase and academic year."""

from dataclasses import dataclass
from itertools import cycle

import pandas as pd

from risk_model.domain.charts import PICKED, Axis, Chart, Line, Lines
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.scoring.grade_flows import GradeFlows, grade_flows
from risk_model.scoring.resampling import LEAST_CASES
from risk_model.services.copy import Copy
from risk_model.services.proportions import of_100

# What counts as below in each framework: the answers are never those of another one.
_BELOW = {
    "Inadequate": "below good",
    "Requires improvement": "below good",
    "No overall grade: below good": "below good, derived",
    "Report card: an area needs attention": "an area below the expected standard",
    "Report card: leadership and governance needs attention": "an area below the expected standard",
    "Report card: a category of concern": "an area below the expected standard",
}
_BEFORE_2012, _INADEQUATE = "to August 2012", "inadequate"
_TOO_FEW = "too few"


@dataclass(frozen=True)
class GradeHistory:
    """The reference table of what happened to schools of a phase, whatever any rule said.

    Attributes:
        finding: what the chart shows; notes: what is counted, and what is never put together.
        below: a row per framework and academic year, the oldest first: Academic year, Framework (with what counts as
            below in it), Below (of 100), Inspections.
        rates: a row per academic year, framework and grade, the newest first: Academic year, Framework, Grade,
            Inspections, Of, Of 100 (in words: "too few" where fewer than twenty were inspected).
        flows: the same with Grade before and Framework before: of those with that grade, what the next one was.
    """

    finding: str
    notes: tuple[str, ...]
    below: pd.DataFrame
    rates: pd.DataFrame
    flows: pd.DataFrame

    @property
    def chart(self) -> Chart:
        """The share below by academic year; each framework has a line of its own, and none is joined to another."""
        years = tuple(sorted(set(self.below["Academic year"])))
        roles = cycle(PICKED)
        lines = []
        for framework, own in self.below.groupby("Framework", sort=False):
            shares = dict(zip(own["Academic year"], own["Below"], strict=True))
            lines.append(Line(str(framework), next(roles), tuple(shares.get(year) for year in years)))
        axis = Axis("Of 100 inspections, below", from_zero=True)
        source = "Ofsted, management information, as loaded"
        return Chart("model_years", self.finding, Lines(years, axis, tuple(lines)), self.below, source, self.notes)


def grade_history(viewer: Viewer, copy: Copy) -> dict[str, GradeHistory]:
    """Base rates and grade-to-grade flows of all schools that the shown build judges: {phase: history}.

    Returns:
        The phase with the most inspections first; nothing where no inspection is loaded.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = grade_flows(copy.reader)
    counts = found.rates.groupby("phase")["n"].sum().sort_values(ascending=False, kind="stable")
    return {str(phase): _of_phase(found, str(phase)) for phase in counts.index}


def _of_phase(found: GradeFlows, phase: str) -> GradeHistory:
    rates = found.rates[found.rates["phase"] == phase]
    flows = found.flows[found.flows["phase"] == phase]
    below = _below(rates)
    return GradeHistory(_finding(below, phase), found.notes, below, _told(rates), _told(flows))


def _below(rates: pd.DataFrame) -> pd.DataFrame:
    """The shares below, year by year, each under its own framework."""
    rows = []
    for (year, era), own in rates.groupby(["academic_year", "era"], sort=True):
        told = own[own["grade"] != "not known"]
        of = int(told["n"].sum())
        is_below = told["grade"].isin([grade for grade in _BELOW if grade in set(told["grade"])])
        if of >= LEAST_CASES:
            rows.append(
                {
                    "Academic year": str(year),
                    "Framework": f"{era}: {_what_is_below(str(era), told['grade'])}",
                    "Below": float(100 * told.loc[is_below, "n"].sum() / of),
                    "Inspections": of,
                }
            )
    return pd.DataFrame(rows, columns=["Academic year", "Framework", "Below", "Inspections"])


def _what_is_below(era: str, grades: pd.Series) -> str:
    if era == _BEFORE_2012:
        return _INADEQUATE
    return next((_BELOW[grade] for grade in grades if grade in _BELOW), "below good")


def _finding(below: pd.DataFrame, phase: str) -> str:
    if below.empty:
        return f"Too few inspections of {phase} schools in any year to say how many of 100 came out below"
    last = below.iloc[-1]
    return (
        f"In {last['Academic year']} {of_100(last['Below'] / 100)} of 100 {phase} inspections came out below "
        f"({last['Framework']}; {last['Inspections']:,} inspections)"
    )


def _told(counted: pd.DataFrame) -> pd.DataFrame:
    """A table for the screen: a share of fewer than twenty is not given."""
    shares = zip(counted["share"], counted["of"], strict=True)
    told = {
        "Academic year": counted["academic_year"],
        "Framework": counted["era"],
        "Grade": counted["grade"],
        "Inspections": counted["n"],
        "Of": counted["of"],
        "Of 100": [_TOO_FEW if of < LEAST_CASES else of_100(float(share)) for share, of in shares],
    }
    if "grade_before" in counted:
        before = {"Grade before": counted["grade_before"], "Framework before": counted["era_before"]}
        told = {"Academic year": told.pop("Academic year"), **before, **told}
    return pd.DataFrame(told).reset_index(drop=True)
