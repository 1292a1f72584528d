"""Back-tests: what was found is kept, said in words, and, for England, published with the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.rules.reader import read_rules
from risk_model.scoring.accuracy import TOGETHER, Figures, Frame, Population, Question, Rate
from risk_model.scoring.fairness import GroupErrors, definition, flag_rates
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.model_figures import (
    KeptBacktest,
    ModelFigures,
    figures_of,
    kept_backtests,
    last_backtest,
    read_figures,
    save_backtest,
    write_figures,
)
from risk_model.scoring.resampling import Estimate
from risk_model.scoring.staging import counting_releases
from risk_model.services.copy import Copy
from risk_model.services.proportions import of_100
from risk_model.sources.catalogue import SOURCES
from risk_model.warehouse.lake import Release, read_standing

_ERA_TITLES = {
    "graded": "Graded inspections",
    "report card strict": "Report cards, every area and standard counted",
    "report card soft": "Report cards, three areas counted",
    "report card leadership": "Report cards, leadership and governance alone",
    "ungraded with a warning": "Ungraded inspections that ended with a warning",
}


def keep_backtest(
    viewer: Viewer, data: DataDir, frame: Frame, first: date, last: date, rules_folder: Path = RULES_FOLDER
) -> KeptBacktest:
    """Work out the figures of a back-test and keep both in this copy, below `backtests/`.

    Args:
        frame: one row per inspection, as `run_backtest` gives it.
        first, last: the period that was asked for.
    Raises:
        NotAllowed: the viewer may not change anything.
        NotStored: it could not be written.
    """
    require(viewer, Right.LOAD)
    rule_set = read_rules(rules_folder)
    read = [one for one in counting_releases(read_standing(data), last) if not _is_held(one)]
    figures = figures_of(frame, rule_set, first, last, read, date.today())
    return save_backtest(data, frame, figures.following([one.figures for one in kept_backtests(data)]))


def _is_held(release: Release) -> bool:
    """Whether it is the LA's own list and no publication: of no use to who would repeat the figures elsewhere."""
    return next((one.held_by_la for one in SOURCES if one.id == release.source_id), False)


def publish_figures(viewer: Viewer, kept: KeptBacktest, path: Path) -> ModelFigures:
    """Write a back-test's figures to the file that stands beside the rules.

    How often the period has been looked at goes on from what stood there: the same rules again are no new look.

    Raises:
        NotAllowed: the viewer may not change anything.
        Damaged: what stands there cannot be read, so that nobody could say how often was looked.
        NotStored: it could not be written.
    """
    require(viewer, Right.LOAD)
    before = read_figures(path)
    figures = replace(kept.figures, test_year_looks=1).following([before] if before else [])
    write_figures(path, figures)
    return figures


def backtest_in_words(viewer: Viewer, figures: ModelFigures) -> tuple[str, ...]:
    """What a back-test found, line by line: what a terminal prints and the README quotes.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return tuple(_lines(figures))


def _lines(figures: ModelFigures) -> Iterator[str]:
    yield (
        f"Rules {figures.rule_set} on {figures.accuracy.inspections:,} inspections from {in_words(figures.first)} to "
        f"{in_words(figures.last)}, each school scored by what had been published the day before. "
        f"95% intervals in brackets."
    )
    for question in figures.accuracy.questions:
        yield from _question_lines(question)
    if figures.fairness is not None:
        fair = figures.fairness
        yield f"Fairness: {fair.definition}."
        yield f"  False positives, most disadvantaged fifth, times the overall rate: {_or_why(fair.poorest_ratio)}."
        yield f"  Weak schools missed in the least disadvantaged fifth: {_or_why(fair.missed_best_off)}."
    yield (
        f"What came of these inspections has been looked at {figures.test_year_looks} "
        f"{'time' if figures.test_year_looks == 1 else 'times'}."
    )


def _question_lines(question: Question) -> Iterator[str]:
    title = _ERA_TITLES[question.id]
    if not question.populations:
        yield f"{title}: none in the period."
    for population in question.populations:
        own = population.figures
        counted = f"n = {own.n:,}, {own.failed:,} of them {question.short}"
        yield f"{title}, {population.name}: {counted}: {_or_why(own.base_rate)}."
        if own.auc.value is None:
            yield f"  {own.auc.withheld}"
            continue
        yield f"  AUC {_or_why(own.auc)}{_beside(population)}."
        yield f"  {_cuts(own, question.short)}."
        if population.name == TOGETHER:
            yield from _calibration(population, question.short)


def _beside(population: Population) -> str:
    told = [f"{one.name} {one.figures.auc.value:.2f}" for one in population.baselines if one.figures.auc.value]
    return f"; beside it {', '.join(told)}" if told else ""


def _cuts(own: Figures, short: str) -> str:
    return "; ".join(
        f"riskiest {one.percent}%: {_or_why(one.found)} of those {short} found, precision {_or_why(one.precision)}"
        for one in own.cuts
    )


def _calibration(population: Population, short: str) -> Iterator[str]:
    """Of 100 schools at each level and place, how many; and by phase."""
    yield f"  Of 100 schools at each level {short}: {_of_each(population.levels)}."
    for phase, rates in population.levels_by_phase.items():
        yield f"  The same, {phase} alone: {_of_each(rates)}."
    yield f"  Of 100 schools at each place {short}: {_of_each(population.places)}."


def _of_each(rates: Sequence[Rate]) -> str:
    return ", ".join(
        f"{one.name} {of_100(one.rate.value)} (n = {one.n:,})"
        if one.rate.value is not None
        else f"{one.name} withheld (n = {one.n:,})"
        for one in rates
    )


def _or_why(one: Estimate) -> str:
    """A figure to two decimals with its interval, or that it is withheld."""
    if one.value is None or one.low is None or one.high is None:
        return "withheld"
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"


@dataclass(frozen=True)
class FairnessReport:
    """Who is flagged today, beside for whom the back-test erred.

    Attributes:
        table: one row per group: By, Group, Schools, Flagged today, Priority today (shares of the shown build's primary
            and secondary schools), then of the back-test Inspections, Failed, Flagged, False positive, False negative,
            Times overall; text, and where a figure is withheld that is said.
        sentences: what the columns mean and which back-test stands beside.
    """

    table: pd.DataFrame
    sentences: tuple[str, ...]


def fairness_report(viewer: Viewer, copy: Copy) -> FairnessReport:
    """Flag rates of the shown build beside the errors of the back-test that this copy kept last.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: an earlier version of the product made the build, and did not count.
    """
    require_reader(viewer)
    kept = last_backtest(copy.data)
    fair = kept.figures.fairness if kept is not None else None
    tested: dict[tuple[str, str], GroupErrors] = {}
    if fair is not None:
        tested = {(one.by, one.value): one for one in (fair.everybody, *fair.groups)}
    today = {(one.by, one.value): one for one in flag_rates(copy.reader)}
    named = list(dict.fromkeys([*today, *tested]))
    rows = [
        {
            "By": by,
            "Group": value,
            **_of_today(today.get((by, value))),
            **_of_backtest(tested.get((by, value))),
        }
        for by, value in named
    ]
    return FairnessReport(pd.DataFrame(rows), tuple(_fairness_sentences(copy, kept)))


def _of_today(one: object) -> Mapping[str, str]:
    schools, flagged, priority = (getattr(one, name, None) for name in ("schools", "flagged", "priority"))
    if not schools or flagged is None or priority is None:
        return {"Schools": "none", "Flagged today": "", "Priority today": ""}
    return {
        "Schools": f"{schools:,}",
        "Flagged today": f"{flagged / schools:.0%}",
        "Priority today": f"{priority / schools:.0%}",
    }


def _of_backtest(one: GroupErrors | None) -> Mapping[str, str]:
    if one is None:
        return dict.fromkeys(
            ("Inspections", "Failed", "Flagged", "False positive", "False negative", "Times overall"), ""
        )
    return {
        "Inspections": f"{one.n:,}",
        "Failed": f"{one.failed:,}",
        "Flagged": _or_why(one.flag_rate),
        "False positive": _or_why(one.false_positive_rate),
        "False negative": _or_why(one.false_negative_rate),
        "Times overall": _or_why(one.ratio),
    }


def _fairness_sentences(copy: Copy, kept: KeptBacktest | None) -> Iterator[str]:
    yield (
        "Today: flagged = the riskiest fifth of all primary and secondary schools of the shown build, by the third "
        "statement's score; priority = the place that the levels give."
    )
    if kept is None or kept.figures.fairness is None:
        yield (
            "No back-test with graded inspections is kept here, so nobody can say for whom the rules err: "
            "`python -m risk_model backtest --from DATE --to DATE` makes one."
        )
        return
    figures = kept.figures
    yield (
        f"Back-test: {definition(figures.fairness.share if figures.fairness else 0.2)}; rules {figures.rule_set}, "
        f"{in_words(figures.first)} to {in_words(figures.last)}. False positive: flagged, of those that did not fail. "
        "False negative: not flagged, of those that failed."
    )
    shown = held_rule_set(copy.reader).rule_set
    if shown != figures.rule_set:
        yield f"The shown build was judged by the rules {shown}: the back-test says nothing of these yet."
