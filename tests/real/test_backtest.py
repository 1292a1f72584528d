"""One month of real inspections, scored by what had been published before: all of them, under the numbers of then."""

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.backtesting import backtest
from risk_model.services.preparing import ImportOptions, import_files

FIRST, LAST = date(2022, 5, 3), date(2022, 5, 31)
EVENTS = "derived/ofsted/inspection_events_2005_2025.csv"
# who is who, every inspection, and the newest results and census that were out in May 2022
KNOWN = (
    "derived/ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv",
    EVENTS,
    "raw/gias/links_edubasealldata20250422.csv",
    "derived/ks2/2018-2019/england_ks2final.csv",
    "raw/census/2018-2019/england_census.csv",
)
# what came out since
LATER = (
    "derived/ks2/2022-2023/england_ks2final.csv",
    "derived/ks4/2022-2023/england_ks4final.csv",
    "raw/census/2024-2025/england_census.csv",
)


@pytest.fixture(scope="module")
def known(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataDir]:
    """England's schools and inspections, with the figures that were out."""
    data = DataDir(tmp_path_factory.mktemp("backtest"))
    import_files(local_viewer(), data, [real_data / name for name in KNOWN], ImportOptions())
    yield data
    shutil.rmtree(data.root, ignore_errors=True)


@pytest.fixture(scope="module")
def month(known: DataDir) -> pd.DataFrame:
    return backtest(local_viewer(), known, FIRST, LAST)


def _published(real_data: Path) -> set[tuple[str, str]]:
    """The graded inspections of the month: (URN, first day), read by another way."""
    with (real_data / EVENTS).open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["urn"], row["start_date"])
            for row in csv.DictReader(file)
            if row["kind"] == "graded" and FIRST.isoformat() <= row["start_date"] <= LAST.isoformat()
        }


def test_every_graded_inspection_is_scored_under_the_number_inspected(real_data: Path, month: pd.DataFrame) -> None:
    graded = month[month.kind == "graded"]
    found = set(zip(graded.urn, graded.inspection_date.dt.strftime("%Y-%m-%d"), strict=True))
    assert found == _published(real_data)
    assert len(graded) == len(found) == 296
    assert set(month.scored_as) == {"itself"}
    assert month[["score", "level", "coverage", "good_or_better"]].notna().all(axis=None)


def test_schools_that_changed_their_number_since_keep_what_was_known(month: pd.DataFrame) -> None:
    """Forty schools of the month stand under another number today; they have their own record, not an heir's half."""
    changed = month[month.urn != month.urn_now]
    assert len(changed) == 40
    assert changed.last_grade.notna().all()
    assert changed.coverage.mean() > 0.9 * month.coverage.mean()


def test_what_was_published_since_changes_nothing(real_data: Path, known: DataDir, month: pd.DataFrame) -> None:
    import_files(local_viewer(), known, [real_data / name for name in LATER], ImportOptions())
    pd.testing.assert_frame_equal(backtest(local_viewer(), known, FIRST, LAST), month)
