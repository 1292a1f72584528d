"""For whom the model errs: schools wrongly flagged and schools missed, group by group; and what fairness costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from risk_model.domain.charts import Axis, Chart, Role, Scatter, Spot
from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.scoring.accuracy import NOT_KNOWN
from risk_model.scoring.fairness import (
    LEAST_DISADVANTAGED,
    MOST_DISADVANTAGED,
    Fairness,
    FlagRate,
    GroupErrors,
    flag_rates,
)
from risk_model.scoring.model_figures import TradePoint
from risk_model.scoring.resampling import Estimate
from risk_model.services.chart_frames import dots_from
from risk_model.services.copy import Copy
from risk_model.services.model_figures import ShownFigures, model_figures
from risk_model.services.model_words import NO_FIGURES
from risk_model.services.proportions import auc_in_words, dot, of_100, with_interval

GROUP_TITLES = {
    "fsm fifth": "Disadvantage of the intake, in fifths",
    "phase": "Phase",
    "size": "Number of pupils",
    "type": "Maintained school or academy",
    "faith": "Religious character",
    "region": "Region",
    "coverage": "How much evidence there was",
    "era": "Framework of the inspection",
    "judgement": "Grade published, or derived from key judgements",
}
# In the order of the screen; what stands in no list here comes by its own name.
_ANSWERS = {
    "fsm fifth": {
        MOST_DISADVANTAGED: "5, the most disadvantaged",
        "4": "4",
        "3": "3",
        "2": "2",
        LEAST_DISADVANTAGED: "1, the least disadvantaged",
    },
    "size": {
        "under 100": "primary, under 100",
        "100 to 249": "primary, 100 to 249",
        "250 to 450": "primary, 250 to 450",
        "over 450": "primary, over 450",
        "under 600": "secondary, under 600",
        "600 to 1,100": "secondary, 600 to 1,100",
        "over 1,100": "secondary, over 1,100",
    },
}
_EVERYBODY = "All primary and secondary schools"
_TRADEOFF_ABSENT = (
    "The figures that are held say nothing on what another share of comparison among similar schools would have done."
)


@dataclass(frozen=True)
class ModelErrors:
    """The errors of the rules by one group, and the trade-off of fairness.

    Attributes:
        definitions: what flagged, wrongly flagged and missed mean here.
        table: a row per group, in words: Schools, Inspections, Flagged (of 100), Wrongly flagged, Missed (each with
            its interval, or why it is withheld), Times the overall (rate of wrong flags), AUC (within the group),
            Flagged today (of 100 of the shown build's schools).
        dots: the same for a chart: Schools, then Wrongly flagged and Missed with "above" and "below" for the interval.
        finding: what the chart shows; withheld: which dots it lacks, and why.
        tradeoff: a row per share compared among similar schools, the least first: Compared among similar schools,
            AUC, Found in the riskiest fifth (of 100), False positives, poorest fifth (times the overall), Missed,
            best-off fifth (of 100), These rules.
        tradeoff_words: what the points are, and why the rules stand where they do.
    """

    standing: str
    notes: tuple[str, ...]
    definitions: tuple[str, ...]
    table: pd.DataFrame
    dots: pd.DataFrame
    finding: str
    withheld: tuple[str, ...]
    tradeoff: pd.DataFrame
    tradeoff_finding: str
    tradeoff_words: tuple[str, ...]

    @property
    def chart(self) -> Chart:
        """Schools wrongly flagged and schools missed, by group."""
        dots = (("Wrongly flagged", "Wrongly flagged", Role.FIRST), ("Missed", "Missed", Role.OWN))
        drawing = dots_from(self.dots, "Schools", dots, Axis("Of 100", from_zero=True))
        return Chart("model_errors", self.finding, drawing, self.table, self.standing, self.withheld)

    @property
    def tradeoff_chart(self) -> Chart:
        """AUC against the false positives of the most disadvantaged fifth, a spot for each mix of comparisons."""
        spots = tuple(
            Spot(
                key=str(row["Compared among similar schools"]),
                name=f"{row['Compared among similar schools']} compared among similar schools",
                role=Role.OWN if row["These rules"] else Role.SIMILAR,
                x=float(row["False positives, poorest fifth"]),
                y=float(row["AUC"]),
                label=f"{row['Compared among similar schools']} {row['These rules']}".strip(),
            )
            for row in self.tradeoff.to_dict("records")
        )
        x = Axis("False positives in the most disadvantaged fifth ÷ overall", decimals=2, better="lower is fairer")
        y = Axis("AUC", decimals=3, better="higher finds more")
        return Chart("model_tradeoff", self.tradeoff_finding, Scatter(x, y, spots), self.tradeoff, self.standing)


def model_errors(viewer: Viewer, copy: Copy, by: str = "fsm fifth") -> ModelErrors:
    """For whom the rules erred on past inspections, by an id of GROUP_TITLES.

    Raises:
        NotAllowed: the viewer may not read.
        Damaged: the figures cannot be read.
    """
    require_reader(viewer)
    figures = model_figures(viewer, copy)
    if figures is None or figures.fairness is None:
        none = pd.DataFrame()
        return ModelErrors(NO_FIGURES, (), (), none, none, "", (), none, "", (_TRADEOFF_ABSENT,))
    fair = figures.fairness
    groups = _in_order([one for one in fair.groups if one.by == by], by)
    today, aucs = _flagged_today(copy), _aucs(figures)
    return ModelErrors(
        standing=figures.standing,
        notes=figures.notes,
        definitions=_definitions(fair),
        table=pd.DataFrame([_row(one, by, today, aucs) for one in (fair.everybody, *groups)]),
        dots=pd.DataFrame([_dots(one, by) for one in (fair.everybody, *groups)]),
        finding=_finding(fair, groups, by),
        withheld=tuple(line for one in (fair.everybody, *groups) for line in _withheld(one, by)),
        tradeoff=_tradeoff(figures.tradeoff),
        tradeoff_finding=_tradeoff_finding(figures.tradeoff),
        tradeoff_words=_tradeoff_words(figures),
    )


def for_whom(figures: ShownFigures | None) -> tuple[str, ...]:
    """For whom the rules err, in brief, for the model card and the transparency record."""
    if figures is None or figures.fairness is None:
        return ()
    fair = figures.fairness
    lines = [_finding(fair, [one for one in fair.groups if one.by == by], by) for by in ("fsm fifth", "phase", "size")]
    return (f"What is counted: {fair.definition}.", *(f"{line}." for line in lines))


def _definitions(fair: Fairness) -> tuple[str, ...]:
    return (
        f"Here {fair.definition}.",
        "Wrongly flagged: of 100 schools that were not judged below, how many were flagged (the false positive rate).",
        "Missed: of 100 schools that were judged below, how many were not flagged (the false negative rate).",
        "Deprivation, ethnicity, EAL and SEND never earn a point. They are used here to see whom the points hit.",
    )


def _in_order(groups: Sequence[GroupErrors], by: str) -> list[GroupErrors]:
    places = list(_ANSWERS.get(by, {}))
    return sorted(groups, key=lambda one: (places.index(one.value) if one.value in places else len(places), one.value))


def _named(by: str, value: str) -> str:
    name = _ANSWERS.get(by, {}).get(value, value)
    return name[:1].upper() + name[1:]


def _row(
    one: GroupErrors, by: str, today: dict[tuple[str, str], FlagRate], aucs: dict[tuple[str, str], Estimate]
) -> dict[str, object]:
    rate = today.get((one.by, one.value))
    return {
        "Schools": _who(one, by),
        "Inspections": one.n,
        "Flagged": with_interval(one.flag_rate),
        "Wrongly flagged": with_interval(one.false_positive_rate),
        "Missed": with_interval(one.false_negative_rate),
        "Times the overall": one.ratio.withheld if one.ratio.value is None else f"{one.ratio.value:.1f}",
        "AUC": auc_in_words(aucs.get((one.by, one.value), Estimate(withheld="not worked out"))),
        "Flagged today": of_100(rate.flagged / rate.schools) if rate and rate.schools else "not counted",
    }


def _dots(one: GroupErrors, by: str) -> dict[str, object]:
    return {
        "Schools": _who(one, by),
        **dot("Wrongly flagged", one.false_positive_rate),
        **dot("Missed", one.false_negative_rate),
    }


def _withheld(one: GroupErrors, by: str) -> list[str]:
    rates = (("wrongly flagged", one.false_positive_rate), ("missed", one.false_negative_rate))
    return [f"{_who(one, by)}, {what}: {rate.withheld}" for what, rate in rates if rate.withheld]


def _who(one: GroupErrors, by: str) -> str:
    return _EVERYBODY if one.by == "all" else _named(by, one.value)


def _aucs(figures: ShownFigures) -> dict[tuple[str, str], Estimate]:
    """How well the score orders the inspections of each group, and of everybody."""
    populations = figures.accuracy.question("graded").populations
    if not populations:
        return {}
    together = populations[0]
    return {("all", together.name): together.figures.auc} | {
        (one.by, one.value): one.figures.auc for one in together.groups
    }


def _flagged_today(copy: Copy) -> dict[tuple[str, str], FlagRate]:
    """Of the shown build's schools; nothing where the build was made before builds counted them."""
    try:
        return {(one.by, one.value): one for one in flag_rates(copy.reader)}
    except NotFound:
        return {}


def _finding(fair: Fairness, groups: Sequence[GroupErrors], by: str) -> str:
    """What the chart shows, in a sentence without its full stop."""
    if by == "fsm fifth" and fair.poorest_ratio.value is not None and fair.missed_best_off.value is not None:
        return (
            f"In the most disadvantaged fifth schools are wrongly flagged {fair.poorest_ratio.value:.1f} times as "
            f"often as overall; in the least disadvantaged {of_100(fair.missed_best_off.value)} of 100 schools that "
            "were judged below are missed"
        )
    told = [one for one in groups if one.value != NOT_KNOWN]
    wrong = [one for one in told if one.false_positive_rate.value is not None]
    missed = [one for one in told if one.false_negative_rate.value is not None]
    title = GROUP_TITLES.get(by, by)
    if not wrong or not missed:
        return f"{title}: too few inspections in any group to say for whom it errs"
    most_wrong = max(wrong, key=lambda one: (one.false_positive_rate.value or 0, one.value))
    most_missed = max(missed, key=lambda one: (one.false_negative_rate.value or 0, one.value))
    return (
        f"{title}: wrongly flagged most often are “{_named(by, most_wrong.value)}” "
        f"({of_100(most_wrong.false_positive_rate.value or 0)} of 100), missed most often "
        f"“{_named(by, most_missed.value)}” ({of_100(most_missed.false_negative_rate.value or 0)} of 100)"
    )


def _tradeoff(points: Sequence[TradePoint]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Compared among similar schools": f"{one.share_similar:.0%}",
                "AUC": one.auc,
                "Found in the riskiest fifth": of_100(one.found_fifth),
                "False positives, poorest fifth": one.fp_ratio,
                "Missed, best-off fifth": of_100(one.missed_best_off),
                "These rules": "◆ here" if one.is_ours else "",
            }
            for one in sorted(points, key=lambda one: one.share_similar)
        ]
    )


def _tradeoff_finding(points: Sequence[TradePoint]) -> str:
    if len(points) < 2:
        return ""
    first, last = min(points, key=lambda one: one.share_similar), max(points, key=lambda one: one.share_similar)
    return (
        f"Comparing {last.share_similar:.0%} of each rank among similar schools instead of {first.share_similar:.0%} "
        f"moves wrong flags in the poorest fifth from {first.fp_ratio:.1f} to {last.fp_ratio:.1f} times the overall "
        f"rate, and AUC from {first.auc:.2f} to {last.auc:.2f}"
    )


def _tradeoff_words(figures: ShownFigures) -> tuple[str, ...]:
    if not figures.tradeoff:
        return (_TRADEOFF_ABSENT,)
    ours = next((one for one in figures.tradeoff if one.is_ours), None)
    stands = (
        f"These rules stand at {ours.share_similar:.0%}. {ours.why}".strip()
        if ours
        else "Which of the points these rules are is not recorded with the figures."
    )
    return (
        "A school's place in a ranking of results can be taken among all schools of its phase, or among schools with "
        "a similar intake, or partly so. Each point is one share of the second.",
        "Ranking among all finds weak schools a little better, and flags schools with a disadvantaged intake wrongly "
        "more often, while weak schools with a favoured intake stay hidden. Nobody can have both in full.",
        stands,
    )
