"""How often the model is right: a back-test's scores beside what the inspections found.

Each question stands by itself, because the answers of one era are not those of another: graded inspections, report
cards counted in three ways, and ungraded inspections that ended with a warning.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
from pydantic import TypeAdapter

from risk_model.scoring.resampling import (
    DRAWS,
    LEAST_CASES,
    Estimate,
    Flags,
    Measured,
    Weights,
    auc,
    divided,
    flagged,
    measured,
    tie_starts,
    too_few,
)

PERCENTS = (10, 20, 30)
LEVELS = ("unlikely", "uncertain", "likely", "not enough evidence")
PLACES = ("priority", "watch", "find out", "universal")
# the schools that the published comparisons are about, ranked among one another; the others have too few inspections
MAINSTREAM_PHASES = ("primary", "secondary")
TOGETHER, ALL_PHASES = "primary and secondary schools", "schools of all phases"
NOT_KNOWN = "not known"
_BANDS = 10
_SATISFACTORY = "M2"
Frame: TypeAlias = pd.DataFrame | pa.Table


@dataclass(frozen=True)
class Cut:
    """What the riskiest of every hundred hold.

    Attributes:
        percent: how many of every hundred inspections of the population are flagged, in the order of `ranked`.
        flagged: how many of these inspections that is.
        found: of the inspections that failed, the share that had been flagged.
        precision: of those flagged, the share that failed.
    """

    percent: int
    flagged: int
    found: Estimate
    precision: Estimate


@dataclass(frozen=True)
class Figures:
    """How well an order foresaw what happened, in some inspections.

    Attributes:
        n, failed: inspections, and those that failed.
        base_rate: the share that failed.
        auc: the chance that a failed inspection stood as riskier than one that did not fail; 0.5 is no better than
            lots.
    """

    n: int
    failed: int
    base_rate: Estimate
    auc: Estimate
    cuts: tuple[Cut, ...]


@dataclass(frozen=True)
class Rate:
    """Of the inspections of schools at one level, or in one band of the score, the share that failed.

    Attributes:
        name: the level; or the band, counted in tenths of the population from the riskiest on.
        lowest, highest: the scores of a band; None for a level.
    """

    name: str
    n: int
    failed: int
    rate: Estimate
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class Baseline:
    """A simpler order of the same inspections.

    Attributes:
        known: of how many it was known; the others stand in its middle.
    """

    name: str
    known: int
    figures: Figures


@dataclass(frozen=True)
class Group:
    """The figures of some schools, flagged among all of the population: `by` is the question, `value` the answer."""

    by: str
    value: str
    figures: Figures


@dataclass(frozen=True)
class Population:
    """Schools that are ranked among one another.

    Attributes:
        levels: calibration by the third statement's level, "unlikely" first; levels_by_phase: the same of each phase.
        places: calibration by the place that all three statements give, "priority" first.
        bands: calibration by tenths of the score, the riskiest first.
    """

    name: str
    figures: Figures
    levels: tuple[Rate, ...]
    levels_by_phase: dict[str, tuple[Rate, ...]]
    places: tuple[Rate, ...]
    bands: tuple[Rate, ...]
    baselines: tuple[Baseline, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Question:
    """One era's question.

    Attributes:
        id: such as "graded".
        event: what counts as failing, in words; short: the same after a number of inspections.
        left_out: inspections of this kind that are not counted, by reason in words.
        populations: the primary and secondary schools, and all; none where there is no inspection to count.
    """

    id: str
    event: str
    short: str
    left_out: dict[str, int]
    populations: tuple[Population, ...]


@dataclass(frozen=True)
class Accuracy:
    """The figures of a back-test.

    Attributes:
        first, last: the first and the last day on which an inspection of it began; None where there is none.
        inspections: rows of the frame.
        draws: of the bootstrap behind each 95% interval; schools are drawn.
    """

    first: date | None
    last: date | None
    inspections: int
    draws: int
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question:
        """One of them by its id."""
        return next(one for one in self.questions if one.id == question_id)


@dataclass(frozen=True)
class _Asked:
    """A question before it is answered: of which kind of inspection, and which column holds the event."""

    id: str
    kind: str
    column: str
    event: str
    short: str
    no_answer: str


_REPORT_CARD = "an area or standard is not known, or the report card is not of this kind"
QUESTIONS = (
    _Asked(
        "graded",
        "graded",
        "failed",
        "judged below good: overall, or by the key judgements where there was no overall grade",
        "judged below good",
        "the published grades do not say whether it was good",
    ),
    _Asked(
        "report card strict",
        "report card",
        "failed",
        "an area below the expected standard, safeguarding not met, or a category of concern",
        "below the standard",
        _REPORT_CARD,
    ),
    _Asked(
        "report card soft",
        "report card",
        "failed_soft",
        "leadership and governance, curriculum and teaching or achievement below the expected standard, safeguarding "
        "not met, or a category of concern",
        "below the standard",
        _REPORT_CARD,
    ),
    _Asked(
        "report card leadership",
        "report card",
        "failed_leadership",
        "leadership and governance below the expected standard",
        "below the standard",
        _REPORT_CARD,
    ),
    _Asked(
        "ungraded with a warning",
        "ungraded",
        "is_warning",
        "an ungraded inspection that said that the grade might not stand",
        "with a warning",
        "the outcome is not published",
    ),
)
_BASELINES = {
    "last grade alone": "last_grade",
    "best single measure": "best_single",
    "unit weights": "unit_points",
}


def reckon(frame: Frame) -> Accuracy:
    """How well a back-test's scores foresaw each era's inspections, beside simpler orders, and for whom.

    Args:
        frame: one row per inspection, as `run_backtest` gives it.
    Raises:
        KeyError: the frame lacks a column.
    """
    table = as_table(frame)
    starts = pd.to_datetime(table["inspection_date"])
    return Accuracy(
        first=starts.min().date() if len(table) else None,
        last=starts.max().date() if len(table) else None,
        inspections=len(table),
        draws=DRAWS,
        questions=tuple(_question(table, asked) for asked in QUESTIONS),
    )


def headline(frame: Frame, question_id: str = "graded") -> Figures | None:
    """The figures of the primary and secondary schools together, and no more; None where none was inspected.

    Raises:
        StopIteration: there is no such question.
    """
    asked = next(one for one in QUESTIONS if one.id == question_id)
    own, _ = _counted(as_table(frame), asked)
    order = ranked(own[own["phase"].isin(MAINSTREAM_PHASES)])
    if order.empty:
        return None
    return _figures(order, order["score"].to_numpy(float), [np.ones(len(order), dtype=bool)], asked.short)[0]


def to_json(accuracy: Accuracy) -> str:
    """The figures as text, to be kept; what is empty is left away."""
    stored = TypeAdapter(Accuracy).dump_python(accuracy, mode="json", exclude_defaults=True)
    return json.dumps(stored, ensure_ascii=False, indent=1)


def from_json(text: str) -> Accuracy:
    """The figures back from their text.

    Raises:
        ValueError: the text is not of this form.
    """
    return TypeAdapter(Accuracy).validate_json(text)


def as_table(frame: Frame) -> pd.DataFrame:
    """The frame of a back-test as a DataFrame, whichever of both it was."""
    return frame if isinstance(frame, pd.DataFrame) else pd.DataFrame(frame.to_pandas())


def counted(frame: Frame, question_id: str = "graded") -> pd.DataFrame:
    """The inspections that a question counts: of its kind, with an answer and a score, `event` saying what happened.

    Raises:
        StopIteration: there is no such question.
    """
    asked = next(one for one in QUESTIONS if one.id == question_id)
    return _counted(as_table(frame), asked)[0]


def ranked(table: pd.DataFrame, column: str = "score") -> pd.DataFrame:
    """Inspections in their order of risk, the riskiest first; ties by URN, read from its end, and date.

    Numbers are given out in order of age, and academies have the newest: read from its end, a number says neither.
    """
    order = table.assign(urn_backwards=table["urn"].str[::-1]).sort_values(
        [column, "urn_backwards", "inspection_date"], ascending=[False, True, True], kind="stable"
    )
    return order.drop(columns="urn_backwards").reset_index(drop=True)


def rates_by_level(table: pd.DataFrame) -> tuple[Rate, ...]:
    """Of the counted inspections, the share that failed by the level that the school had.

    Args:
        table: as `counted` gives it.
    Returns:
        One rate for each level, "unlikely" first.
    """
    return _rates_by(table, "level", LEVELS)


def _rates_by(table: pd.DataFrame, column: str, names: Sequence[str]) -> tuple[Rate, ...]:
    return _rates(table, names, np.stack([(table[column] == name).to_numpy(bool) for name in names], axis=1))


def grouped_by(table: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """By what the figures are taken apart: the question and, of each inspection, the answer in words."""
    yield "phase", _in_words(table["phase"])
    yield "size", _in_words(table["size_band"])
    yield "fsm fifth", _in_words(table["fsm_fifth"])
    yield "type", _in_words(table["is_academy"], {True: "academy", False: "maintained"})
    yield "faith", _in_words(table["has_religious_character"], {True: "religious character", False: "none"})
    yield "region", _in_words(table["region"])
    yield "coverage", table["coverage"].map(coverage_band)
    yield "era", _in_words(table["era"])
    yield "judgement", _in_words(table["is_derived"], {True: "derived from key judgements", False: "as published"})


def coverage_band(coverage: float | None) -> str:
    """How much of the evidence there was, in words; the bands are our choice."""
    if coverage is None or pd.isna(coverage):
        return NOT_KNOWN
    if coverage < 0.5:
        return "less than half of the evidence"
    return "half to three quarters" if coverage < 0.75 else "three quarters or more"


def _in_words(values: pd.Series, words: dict[bool, str] | None = None) -> pd.Series:
    def said(value: Any) -> str:
        if pd.isna(value):
            return NOT_KNOWN
        if words is not None:
            return words[bool(value)]
        return f"{value:g}" if isinstance(value, float) else str(value)

    return values.map(said)


def _counted(table: pd.DataFrame, asked: _Asked) -> tuple[pd.DataFrame, dict[str, int]]:
    """The inspections that a question counts, and how many of its kind it does not, by reason."""
    own = table[table["kind"] == asked.kind]
    reasons = {
        "Satisfactory, before September 2012, was no failure": own["mapping"] == _SATISFACTORY,
        f"no answer: {asked.no_answer}": own[asked.column].isna(),
        "no score: the school was on no register of that day": own["score"].isna(),
    }
    is_left = pd.Series(False, index=own.index)
    left_out: dict[str, int] = {}
    for reason, holds in reasons.items():
        if count := int((holds & ~is_left).sum()):
            left_out[reason] = count
        is_left |= holds
    kept = own[~is_left]
    return kept.assign(event=kept[asked.column].astype(bool)), left_out


def _question(table: pd.DataFrame, asked: _Asked) -> Question:
    own, left_out = _counted(table, asked)
    together = own[own["phase"].isin(MAINSTREAM_PHASES)]
    named = ((TOGETHER, together), (ALL_PHASES, own))
    populations = [_population(name, one, asked.short) for name, one in named if len(one)]
    return Question(asked.id, asked.event, asked.short, left_out, tuple(populations))


def _population(name: str, table: pd.DataFrame, short: str) -> Population:
    """All figures of schools that are ranked among one another; of all phases the groups are the phases alone."""
    order = ranked(table)
    by = [one for one in grouped_by(order) if name == TOGETHER or one[0] == "phase"]
    groups = [(question, value) for question, answers in by for value in sorted(answers.unique())]
    answers_of = dict(by)
    members = [np.ones(len(order), dtype=bool)]
    members += [(answers_of[question] == value).to_numpy(bool) for question, value in groups]
    all_of_it, *of_groups = _figures(order, order["score"].to_numpy(float), members, short)
    return Population(
        name=name,
        figures=all_of_it,
        levels=rates_by_level(order),
        levels_by_phase={str(phase): rates_by_level(one) for phase, one in order.groupby("phase")},
        places=_rates_by(order, "priority", PLACES),
        bands=_bands(order),
        baselines=tuple(_baseline(table, *one, short) for one in _BASELINES.items()),
        groups=tuple(Group(*one, figures) for one, figures in zip(groups, of_groups, strict=True)),
    )


def _baseline(table: pd.DataFrame, name: str, column: str, short: str) -> Baseline:
    """What an order by one column alone would have foreseen; whoever has none stands in its middle."""
    values = table[column].astype(float)
    placed = values.where(values.notna(), values.median() if values.notna().any() else 0.5)
    order = ranked(table.assign(placed=placed), "placed")
    everyone = [np.ones(len(order), dtype=bool)]
    return Baseline(
        name, int(values.notna().sum()), _figures(order, order["placed"].to_numpy(float), everyone, short)[0]
    )


def _figures(order: pd.DataFrame, scores: Weights, members: Sequence[Flags], short: str) -> list[Figures]:
    """The figures of groups of inspections that stand in their order of risk."""
    failed = order["event"].to_numpy(bool)
    counts = [(int(one.sum()), int((one & failed).sum())) for one in members]
    enough = [not too_few(events, n - events, short) for n, events in counts]
    starts = [tie_starts(scores[one]) if says else None for one, says in zip(members, enough, strict=True)]
    belong = np.stack(members, axis=1).astype(float)
    belong_and_failed = belong * failed[:, None]

    def count(weights: Weights) -> dict[str, Weights]:
        events = weights @ belong_and_failed
        found = {"base_rate": divided(events, weights @ belong), "auc": np.full(events.shape, np.nan)}
        for place, (one, begins) in enumerate(zip(members, starts, strict=True)):
            if begins is not None:
                found["auc"][:, place] = auc(weights[:, one], failed[one], begins)
        for percent in PERCENTS:
            marked = flagged(weights, percent)
            hits = marked @ belong_and_failed
            found |= {f"found {percent}": divided(hits, events)}
            found |= {f"flagged {percent}": marked @ belong, f"precision {percent}": divided(hits, marked @ belong)}
        return found

    all_figures = measured(order["urn"].tolist(), count)
    return [_of_group(all_figures, place, *counts[place], short) for place in range(len(members))]


def _of_group(all_figures: Mapping[str, Measured], place: int, n: int, events: int, short: str) -> Figures:
    withheld = too_few(events, n - events, short)

    def given(name: str) -> Estimate:
        return Estimate(withheld=withheld) if withheld else all_figures[name].estimate(place)

    def cut(percent: int) -> Cut:
        marked = int(all_figures[f"flagged {percent}"].found[place])
        # a group of which nobody is flagged has no precision at all
        few = f"Withheld: {marked:,} flagged; fewer than {LEAST_CASES} say too little."
        is_precise = bool(withheld) or marked >= LEAST_CASES
        precise = given(f"precision {percent}") if is_precise else Estimate(withheld=few)
        return Cut(percent, marked, given(f"found {percent}"), precise)

    return Figures(n, events, _share(all_figures["base_rate"], place, n), given("auc"), tuple(map(cut, PERCENTS)))


def _share(one: Measured, place: int, n: int) -> Estimate:
    """A share of some inspections: it needs enough of them, and may be nought."""
    if n < LEAST_CASES:
        return Estimate(withheld=f"Withheld: {n:,} inspections; fewer than {LEAST_CASES} say too little.")
    return one.estimate(place)


def _rates(table: pd.DataFrame, names: Sequence[str], members: Flags) -> tuple[Rate, ...]:
    failed = table["event"].to_numpy(bool)
    belong = members.astype(float)

    def count(weights: Weights) -> dict[str, Weights]:
        return {"rate": divided(weights @ (belong * failed[:, None]), weights @ belong)}

    found = measured(table["urn"].tolist(), count)["rate"]
    sizes, events = members.sum(axis=0), (members & failed[:, None]).sum(axis=0)
    return tuple(
        Rate(name, int(sizes[place]), int(events[place]), _share(found, place, int(sizes[place])))
        for place, name in enumerate(names)
    )


def _bands(order: pd.DataFrame) -> tuple[Rate, ...]:
    """Tenths of the population by score, the riskiest first; equal scores are never taken apart."""
    scores = order["score"].to_numpy(float)
    starts = tie_starts(scores)
    lengths = np.diff(np.append(starts, len(scores)))
    # a run of equal scores belongs to the tenth in which its middle stands
    tenth = np.repeat((starts + (lengths - 1) / 2) * _BANDS // len(scores), lengths)
    numbers = [number for number in range(_BANDS) if (tenth == number).any()]
    members = np.stack([tenth == number for number in numbers], axis=1)
    rates = _rates(order, [str(number + 1) for number in numbers], members)
    return tuple(
        Rate(
            one.name, one.n, one.failed, one.rate, float(scores[own].min().round(6)), float(scores[own].max().round(6))
        )
        for one, own in zip(rates, members.T, strict=True)
    )
