"""Hampshire's real key stage 2 files: every measure of them a second time, in pandas."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from risk_model.domain.paths import DataDir
from risk_model.scoring.building import make_build
from risk_model.sources.importing import import_paths
from risk_model.warehouse.builds import Build
from tests.measures import ks2_by_pandas

SUMMERS = (2017, 2018, 2019)
AS_AT = date(2020, 1, 31)
# how many schools, or schools and years, have the figure; few of them are a mistake of the test, not of the product
AT_LEAST = {
    "rwm_disadvantaged_pct": 500,
    "rwm_disadvantaged_gap_pp": 150,
    "rwm_disadvantaged_vs_all_pp": 150,
    "weak_subject_years_count": 250,
    "subject_spread_pp": 250,
    "subject_spread_score": 250,
    "rwm_fall_pp": 200,
    "rwm_trend_pp": 250,
    "rwm_expected_gap_pp": 250,
}


@pytest.fixture(scope="module")
def built(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Hampshire's three years of results, and a register that has its schools."""
    data = DataDir(tmp_path_factory.mktemp("hampshire"))
    reports = import_paths(
        data, [*hampshire(real_data).values(), real_data / "raw" / "gias" / "20220420_results_850_936.csv"]
    )
    assert {report.status for report in reports} == {"imported"}
    return make_build(data, AS_AT).build


def hampshire(real_data: Path) -> dict[int, Path]:
    """The LA's own files, by summer."""
    return {summer: real_data / "raw" / "ks2" / ks2_by_pandas.period(summer) / "850_ks2final.csv" for summer in SUMMERS}


@pytest.fixture(scope="module")
def by_pandas(real_data: Path, built: Build) -> Mapping[str, Mapping[Any, Any]]:
    return ks2_by_pandas.all_measures(ks2_by_pandas.read_results(hampshire(real_data), built))


@pytest.mark.parametrize("measure_id", ks2_by_pandas.MEASURES)
def test_pandas_finds_hampshires_key_stage_2_measures(
    built: Build, by_pandas: Mapping[str, Mapping[Any, Any]], measure_id: str
) -> None:
    assert ks2_by_pandas.compared(built, by_pandas, measure_id) >= AT_LEAST.get(measure_id, 700)
