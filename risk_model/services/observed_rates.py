"""What came of schools at a level, in past inspections: said wherever a level is shown in detail."""

from collections.abc import Mapping

from risk_model.domain.errors import Damaged
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import Level
from risk_model.scoring.accuracy import LEVELS, Rate
from risk_model.services.copy import Copy
from risk_model.services.model_figures import ShownFigures, model_figures
from risk_model.services.proportions import of_100

_GRADED = "graded"
_NOT_REPORT_CARDS = "Those were graded inspections; a report card is not directly comparable with one."
_DAMAGED = (
    "How schools at this level fared cannot be said: the figures of the back-test cannot be read. See the Model page."
)
_NONE_HELD = "How schools at this level fared is not known yet: no figures of a back-test are held for these rules."


def observed_rate(viewer: Viewer, copy: Copy, level: str, phase: str) -> str:
    """Of schools of a phase that stood at a level of the third statement, how many were judged below; in words.

    It is a count of what happened, not a chance: the reader sees of how many inspections, when, and of which kind.

    Args:
        phase: the schools' `phase_group`.
    Returns:
        One or two sentences; where there were too few inspections, or no figures that can be read, they say that.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    figures = _figures(viewer, copy)
    if isinstance(figures, str):
        return figures
    rate = _by_phase(figures, phase).get(level)
    if rate is None or not rate.n:
        return f"No {phase} school that stood at “{Level(level)}” had a graded inspection {_when(figures)}."
    return " ".join([_sentence(rate, phase, figures), _NOT_REPORT_CARDS, *figures.notes_in_brief])


def observed_rates(viewer: Viewer, copy: Copy) -> tuple[str, ...]:
    """The same for every phase and level of the third statement, in brief: a line for each phase that has figures.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    figures = _figures(viewer, copy)
    if isinstance(figures, str):
        return (figures,)
    populations = figures.accuracy.question(_GRADED).populations
    phases = populations[-1].levels_by_phase if populations else {}
    lines = [
        f"{phase[:1].upper()}{phase[1:]} schools: {'; '.join(_in_brief(one) for one in rates if one.n)}."
        for phase, rates in phases.items()
        if any(one.n for one in rates)
    ]
    intro = f"Of 100 schools at each level, so many were judged below good at a graded inspection ({figures.months})."
    return (intro, *lines, _NOT_REPORT_CARDS, *figures.notes)


def _figures(viewer: Viewer, copy: Copy) -> ShownFigures | str:
    """The figures, or why there are none: a school's profile stands without them."""
    try:
        return model_figures(viewer, copy) or _NONE_HELD
    except Damaged:
        return _DAMAGED


def _in_brief(rate: Rate) -> str:
    said = "too few to say" if rate.rate.value is None else of_100(rate.rate.value)
    return f"“{rate.name}” {said} (n = {rate.n:,})"


def _by_phase(figures: ShownFigures, phase: str) -> Mapping[str, Rate]:
    populations = figures.accuracy.question(_GRADED).populations
    rates = populations[-1].levels_by_phase.get(phase, ()) if populations else ()
    return {one.name: one for one in rates if one.name in LEVELS}


def _sentence(rate: Rate, phase: str, figures: ShownFigures) -> str:
    if rate.rate.value is None:
        return (
            f"Only {rate.n:,} {phase} schools that stood at “{rate.name}” had a graded inspection {_when(figures)}: "
            "too few to say how many of 100 are judged below good."
        )
    return (
        f"Of {phase} schools that stood at “{rate.name}”, {of_100(rate.rate.value)} of 100 were judged below good at "
        f"their next graded inspection ({figures.months}, n = {rate.n:,})."
    )


def _when(figures: ShownFigures) -> str:
    return f"({figures.months})"
