"""The model card: what the rules are for, how often they were right on past inspections, and what cannot be known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from risk_model.domain.charts import Axis, Chart, Role
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import counted, level_in_words
from risk_model.scoring.accuracy import LEVELS, Baseline, Cut, Figures, Population, Question, Rate
from risk_model.services.chart_frames import dots_from
from risk_model.services.copy import Copy
from risk_model.services.model_errors import for_whom
from risk_model.services.model_figures import ShownFigures, model_figures
from risk_model.services.model_local import LocalRecord, local_record
from risk_model.services.model_words import ALTERNATIVES, BIAS, ERAS, LIMITS, NO_FIGURES, NOT_FOR, PURPOSE
from risk_model.services.proportions import auc_in_words, dot, of_100, with_interval
from risk_model.services.scope import IN_SCOPE, Scope

FIFTH = 20
# not enough evidence stands beside the others, not above or below them
_ORDERED = LEVELS[:3]
# What each question asks, as a choice on the screen; how its event reads after "of 100 schools, 42 were"; in brief.
QUESTION_TITLES = {
    "graded": "Graded inspections, to November 2025",
    "report card strict": "Report cards: every area at the expected standard",
    "report card soft": "Report cards: leadership, curriculum and achievement at the expected standard",
    "report card leadership": "Report cards: leadership and governance at the expected standard",
    "ungraded with a warning": "Ungraded inspections: a warning that the grade might not stand",
}
EVENTS = {
    "graded": "judged below good at their next graded inspection",
    "report card strict": "below the expected standard somewhere in their report card",
    "report card soft": "below the expected standard in leadership, curriculum or achievement in their report card",
    "report card leadership": "below the expected standard in leadership and governance in their report card",
    "ungraded with a warning": "warned at an ungraded inspection that the grade might not stand",
}
BRIEFLY = {
    "graded": "judged below good",
    "report card strict": "below the expected standard somewhere",
    "report card soft": "below the expected standard in one of the three",
    "report card leadership": "below the expected standard there",
    "ungraded with a warning": "warned",
}


@dataclass(frozen=True)
class ModelCard:
    """The card of the rules by which the shown build judges.

    Attributes:
        has_figures: whether any figures of a back-test are held; else every figure below is absent, and said to be.
        standing: which figures these are: of which rules, inspections and day.
        notes: what a reader must know first: figures of other rules, an invented LA.
        in_numbers: what the rules get right and wrong, in plain numbers.
        for_whom: for which schools they err, in brief.
        levels: a row per level, in words: Level, Inspections, Judged below, Of 100 (with its interval, or why it is
            withheld), and where this copy keeps a back-test the LA's in columns that begin with "Here:".
        levels_dots: the same for the chart: Level, then Of 100 and Here: of 100, each with "from", "to", "above" and
            "below" for its interval; levels_finding: what the chart shows.
        orders: a row per order of the schools: Order of the schools, Known for, AUC, Found in the riskiest fifth,
            Judged below among those; each in words, with its interval.
        cuts: a row for the riskiest 10, 20 and 30 of 100: Riskiest, of 100; Inspections; Found, of 100 judged below;
            Judged below, of 100 flagged; each in words, with its interval.
        bands: a row per tenth by score, the riskiest first: Tenth by score, Scores, Inspections, Judged below, Of 100.
        here: the LA beside England, in sentences.
        ages: how old the evidence is.
        tested_on, quantities: what the figures were worked out on.
        looks: how often the test year was looked at.
    """

    purpose: tuple[str, ...]
    not_for: tuple[str, ...]
    has_figures: bool
    standing: str
    notes: tuple[str, ...]
    in_numbers: tuple[str, ...]
    for_whom: tuple[str, ...]
    levels: pd.DataFrame
    levels_dots: pd.DataFrame
    levels_finding: str
    orders: pd.DataFrame
    cuts: pd.DataFrame
    bands: pd.DataFrame
    here: tuple[str, ...]
    ages: tuple[str, ...]
    eras: tuple[str, ...]
    bias: tuple[str, ...]
    limits: tuple[str, ...]
    looks: tuple[str, ...]
    alternatives: tuple[str, ...]
    tested_on: tuple[str, ...]
    quantities: tuple[str, ...]

    @property
    def levels_chart(self) -> Chart:
        """Of 100 schools at each level, those judged below: England's beside the LA's."""
        dots = (("Of 100", "England", Role.NATIONAL), ("Here: of 100", "This LA", Role.OWN))
        axis = Axis("Of 100 schools, judged below", from_zero=True)
        drawing = dots_from(self.levels_dots, "Level", dots, axis)
        return Chart("model_levels", self.levels_finding, drawing, self.levels, self.standing)


def model_card(viewer: Viewer, copy: Copy, scope: Scope, question: str = "graded") -> ModelCard:
    """The model card, for an LA beside England.

    Args:
        scope: its LA is the one beside England; its locality and phase play no part in what is counted.
        question: an id of QUESTION_TITLES: of which inspections.
    Raises:
        NotAllowed: the viewer may not read.
        Damaged: the figures cannot be read.
    """
    require_reader(viewer)
    figures = model_figures(viewer, copy)
    asked = figures.accuracy.question(question) if figures else None
    first = asked.populations[0] if asked and asked.populations else None
    local = local_record(viewer, copy, scope, question)
    return ModelCard(
        purpose=PURPOSE,
        not_for=NOT_FOR,
        has_figures=figures is not None,
        standing=figures.standing if figures else NO_FIGURES,
        notes=figures.notes if figures else (),
        in_numbers=_in_numbers(question, asked, first),
        for_whom=for_whom(figures),
        levels=_levels(first, local),
        levels_dots=_levels_dots(first, local),
        levels_finding=_levels_finding(first, question),
        orders=_orders(first),
        cuts=_cuts(first),
        bands=_bands(first),
        here=local.sentences,
        ages=_ages(copy, scope),
        eras=ERAS,
        bias=BIAS,
        limits=LIMITS,
        looks=(figures.looks,) if figures else (),
        alternatives=ALTERNATIVES,
        tested_on=(figures.standing, *figures.figures.releases) if figures else (NO_FIGURES,),
        quantities=_quantities(figures),
    )


def _in_numbers(question: str, asked: Question | None, population: Population | None) -> tuple[str, ...]:
    if asked is None:
        return ()
    if population is None:
        return (f"No inspection of this kind could be counted: {QUESTION_TITLES[question].lower()}.",)
    event, own = EVENTS[question], population.figures
    return (
        f"{own.n:,} inspections of {population.name} are counted; {own.failed:,} of them were {event}"
        f"{_base_rate(own)}.",
        *_levels_in_words(population.levels, event),
        *_order_in_words(own, BRIEFLY[question]),
        f"What counts: {asked.event}.",
        *_left_out(asked),
    )


def _base_rate(own: Figures) -> str:
    return "" if own.base_rate.value is None else f": {of_100(own.base_rate.value)} of 100"


def _levels_in_words(levels: Sequence[Rate], event: str) -> tuple[str, ...]:
    """ "Of 100 schools that the model calls unlikely, 42 were …": a sentence for every level."""
    return tuple(
        f"Of 100 schools that stood at “{one.name}”, {with_interval(one.rate)} were {event}."
        if one.rate.value is not None
        else f"Schools that stood at “{one.name}”: {one.rate.withheld}"
        for one in levels
    )


def _order_in_words(own: Figures, event: str) -> tuple[str, ...]:
    cut = _fifth(own)
    if own.auc.value is None or cut.found.value is None:
        return (own.auc.withheld,)
    lines = [
        f"Put a school that was {event} beside one that was not: in {of_100(own.auc.value)} of 100 such pairs the "
        "model had the first as riskier. By lots it would be 50.",
        f"In the riskiest fifth by the model stood {of_100(cut.found.value)} of 100 schools that were {event}; the "
        f"other {of_100(1 - cut.found.value)} were missed there.",
    ]
    if cut.precision.value is not None:
        lines.append(
            f"Of 100 schools in that fifth {of_100(cut.precision.value)} were {event}, and "
            f"{of_100(1 - cut.precision.value)} were not: being flagged is no finding against a school."
        )
    return tuple(lines)


def _left_out(asked: Question) -> tuple[str, ...]:
    if not asked.left_out:
        return ()
    told = "; ".join(f"{count:,} ({reason})" for reason, count in asked.left_out.items())
    return (f"Not counted: {told}.",)


def _levels_finding(population: Population | None, question: str) -> str:
    """The first and the last level that have a rate, side by side."""
    if population is None:
        return "No inspection of this kind is counted"
    known = [one for one in population.levels if one.name in _ORDERED and one.rate.value is not None]
    if len(known) < 2:
        return "Too few inspections to set the levels side by side"
    worst, best = known[0], known[-1]
    return (
        f"Of 100 schools at “{worst.name}” {of_100(worst.rate.value or 0)} were {BRIEFLY[question]}, of 100 at "
        f"“{best.name}” {of_100(best.rate.value or 0)}"
    )


def _levels(population: Population | None, local: LocalRecord) -> pd.DataFrame:
    own = {one.name: one for one in population.levels} if population else {}
    sides = [("", own), ("Here: ", local.levels)]
    return pd.DataFrame(
        [
            {
                "Level": level_in_words(level),
                **{
                    f"{side}{name}"[:1].upper() + f"{side}{name}"[1:]: said
                    for side, rates in sides
                    if level in rates
                    for name, said in _rate_in_words(rates[level]).items()
                },
            }
            for level in LEVELS
        ]
    )


def _rate_in_words(rate: Rate) -> dict[str, str | int]:
    return {"inspections": rate.n, "judged below": rate.failed, "of 100": with_interval(rate.rate)}


def _levels_dots(population: Population | None, local: LocalRecord) -> pd.DataFrame:
    own = {one.name: one.rate for one in population.levels} if population else {}
    here = {name: one.rate for name, one in local.levels.items()}
    return pd.DataFrame(
        [
            {
                "Level": level_in_words(level),
                **dot("Of 100", own.get(level)),
                **dot("Here: of 100", here.get(level)),
            }
            for level in LEVELS
        ]
    )


def _orders(population: Population | None) -> pd.DataFrame:
    """The model beside simpler orders of the same inspections, the model first."""
    if population is None:
        return pd.DataFrame()
    named = [("The model's score", population.figures, population.figures.n)]
    named += [(_baseline_named(one), one.figures, one.known) for one in population.baselines]
    return pd.DataFrame(
        [
            {
                "Order of the schools": name,
                "Known for": known,
                "AUC": auc_in_words(own.auc),
                "Found in the riskiest fifth, of 100": with_interval(_fifth(own).found),
                "Judged below among those, of 100": with_interval(_fifth(own).precision),
            }
            for name, own, known in named
        ]
    )


def _cuts(population: Population | None) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Riskiest, of 100": one.percent,
                "Inspections": one.flagged,
                "Found, of 100 judged below": with_interval(one.found),
                "Judged below, of 100 flagged": with_interval(one.precision),
            }
            for one in (population.figures.cuts if population else ())
        ]
    )


def _bands(population: Population | None) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Tenth by score": "1, the riskiest" if one.name == "1" else one.name,
                "Scores": f"{one.lowest:g} to {one.highest:g}",
                "Inspections": one.n,
                "Judged below": one.failed,
                "Of 100": with_interval(one.rate),
            }
            for one in (population.bands if population else ())
        ]
    )


def _fifth(own: Figures) -> Cut:
    return next(one for one in own.cuts if one.percent == FIFTH)


_BASELINES_IN_WORDS = {
    "last grade alone": "The last grade alone",
    "best single measure": "The best single measure: results within the phase",
    "unit weights": "The mere number of rules raised",
}


def _baseline_named(one: Baseline) -> str:
    return _BASELINES_IN_WORDS.get(one.name, one.name)


def _quantities(figures: ShownFigures | None) -> tuple[str, ...]:
    if figures is None:
        return (NO_FIGURES,)
    return tuple(
        f"{QUESTION_TITLES[one.id]}: {one.populations[-1].figures.n:,} inspections of {one.populations[-1].name}."
        for one in figures.accuracy.questions
        if one.populations
    )


_AGES_SQL = f"""
    select count(*) as schools, count(l.full_date) as inspected,
           median(date_diff('day', l.full_date, b.as_at)) as days,
           count(*) filter (where l.full_date < b.as_at - interval 4 year) as older
    from schools as s
    left join latest_inspections as l on l.urn = s.urn
    cross join build_info as b
    where {IN_SCOPE}"""
_DAYS_A_YEAR = 365.25


def _ages(copy: Copy, scope: Scope) -> tuple[str, ...]:
    """How long ago the schools were last inspected in full, here and in all that is judged."""
    here = copy.reader.rows(_AGES_SQL, Scope(scope.la_code).params)[0]
    england = copy.reader.rows(_AGES_SQL, Scope().params)[0]
    # a copy of one LA has nothing to stand beside it
    lines = [_age(here, "In this LA")] if here["schools"] < england["schools"] else []
    return (f"As at {in_words(copy.build.as_at)}.", *lines, _age(england, "Of all schools that are judged"))


def _age(row: dict[str, Any], where: str) -> str:
    if not row["inspected"]:
        return f"{where}: no full inspection of any school is known."
    never = row["schools"] - row["inspected"]
    return (
        f"{where}: half of the {counted(row['inspected'], 'school')} with a full inspection had it more than "
        f"{row['days'] / _DAYS_A_YEAR:.1f} years before, and {row['older']:,} more than four years before; of "
        f"{never:,} no full inspection is known."
    )
