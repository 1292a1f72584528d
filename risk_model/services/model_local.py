"""One LA in the back-test: its own inspections beside what the rules said of the school on the day before."""

from dataclasses import dataclass, field

import pandas as pd

from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.scoring.accuracy import LEVELS, MAINSTREAM_PHASES, TOGETHER, Rate, counted, rates_by_level
from risk_model.scoring.model_figures import last_backtest
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

_NOT_KEPT = (
    "How it was in this LA cannot be said: no back-test is kept in this copy. The command “python -m risk_model "
    "backtest” makes one from the files that are loaded."
)


@dataclass(frozen=True)
class LocalRecord:
    """What the back-test of this copy holds of an LA.

    Attributes:
        sentences: how many inspections there were, and what cannot be said of so few.
        levels: by level the inspections, those judged below, and the share where there are enough for one.
    """

    sentences: tuple[str, ...]
    levels: dict[str, Rate] = field(default_factory=dict)


def local_record(viewer: Viewer, copy: Copy, scope: Scope, question: str) -> LocalRecord:
    """The LA's own inspections in the back-test that was kept last.

    Args:
        scope: its LA; locality and phase play no part.
        question: an id of the questions of a back-test: of which inspections.
    Raises:
        NotAllowed: the viewer may not read.
        Damaged: the kept back-test cannot be read.
    """
    require_reader(viewer)
    if scope.la_code is None:
        return LocalRecord(("Choose a local authority above to see it beside England.",))
    kept = last_backtest(copy.data)
    if kept is None:
        return LocalRecord((_NOT_KEPT,))
    frame = kept.frame
    own = counted(frame[frame["la_code"] == scope.la_code], question)
    own = own[own["phase"].isin(MAINSTREAM_PHASES)]
    figures = kept.figures
    when = f"from {in_words(figures.first)} to {in_words(figures.last)}, by the rules {figures.rule_set}"
    if own.empty:
        return LocalRecord((f"No school of this LA had an inspection of this kind {when}: there is nothing to count.",))
    levels = {one.name: one for one in rates_by_level(own)}
    return LocalRecord(_in_words(own, levels, when), levels)


def _in_words(own: pd.DataFrame, levels: dict[str, Rate], when: str) -> tuple[str, ...]:
    failed = int(own["event"].sum())
    told = [f"“{level}”: {levels[level].failed} of {levels[level].n}" for level in LEVELS if levels[level].n]
    few = [level for level in LEVELS if levels[level].n and levels[level].rate.withheld]
    lines = [
        f"In this LA {len(own)} inspections of {TOGETHER} are counted {when}; {failed} of them were judged below. "
        f"By the level that the school had: {'; '.join(told)}."
    ]
    if few:
        lines.append(
            f"No rate is given for {', '.join(f'“{level}”' for level in few)}: there are fewer than twenty such "
            "inspections, and one school more or less would move it by five points in a hundred or more. England's "
            "rates say more about the rules."
        )
    return tuple(lines)
