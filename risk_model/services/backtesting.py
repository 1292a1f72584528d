"""The model tried on inspections of the past: scored by what was known on the day before, beside what came of them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.scoring.backtest import run_backtest


def backtest(
    viewer: Viewer,
    data: DataDir,
    first: date,
    last: date,
    rules_folder: Path = RULES_FOLDER,
    progress: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Score every inspection of a period by what had been published before it began.

    Takes some ten seconds for each month of England's schools, and as much room as two builds while it runs.

    Args:
        first, last: the inspections that start on these days or between.
    Returns:
        One row per inspection, as `run_backtest` gives it; the first columns are urn, inspection_date, era, phase,
        good_or_better, score, level, coverage.
    Raises:
        NotAllowed: the viewer may not change anything: it needs the disk for a while.
        BacktestRefused, BuildRefused: there is nothing to score, or nothing to score by.
    """
    require(viewer, Right.LOAD)
    return run_backtest(data, first, last, rules_folder, progress)


def backtest_counts(viewer: Viewer, frame: pd.DataFrame) -> pd.DataFrame:
    """How many inspections a back-test scored: one row per era and kind, by era and kind.

    Returns:
        Era, Kind, Inspections, With an answer (whether they found the school below, yes or no), On the register under
        the number inspected, Without enough evidence for a level.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    counted = frame.assign(
        answered=frame["failed"].notna(),
        itself=frame["scored_as"] == "itself",
        grey=frame["level"] == "not enough evidence",
    )
    found = counted.groupby(["era", "kind"], sort=True).agg(
        n=("urn", "size"), answered=("answered", "sum"), itself=("itself", "sum"), grey=("grey", "sum")
    )
    found = found.reset_index()
    found.columns = [
        "Era",
        "Kind",
        "Inspections",
        "With an answer",
        "Under the number inspected",
        "Without enough evidence",
    ]
    return found
