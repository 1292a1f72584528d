"""Real files under a wrong year: each is found out by what stands in it."""

from pathlib import Path

import pytest

from risk_model.domain.paths import DataDir
from risk_model.sources.importing import FileReport, ImportOptions, import_paths


def _taken(data: DataDir, path: Path, period: str | None) -> FileReport:
    return import_paths(data, [path], ImportOptions(period=period))[0]


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("raw/ks2/2017-2018/850_ks2final.csv", "2018-2019", "2017-2018"),
        ("raw/ks4/2016-2017/815_ks4final.csv", "2017-2018", "2016-2017"),
        ("raw/finance/2016-2017/815_cfr.csv", "2017-2018", "2016-2017"),
    ],
)
def test_columns_contradict_a_wrong_year(real_data: Path, tmp_path: Path, name: str, wrong: str, right: str) -> None:
    report = _taken(DataDir(tmp_path), real_data / name, wrong)
    assert f"it was given as {wrong}, but its columns are those of {right}" in report.refusal[0]


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("raw/absence/2018-2019/england_abs.csv", "2023-2024", "2018-2019"),
        ("raw/census/2018-2019/england_census.csv", "2024-2025", "2018-2019"),
        ("raw/ks4/2018-2019/england_ks4provisional.csv", "2022-2023", "2018-2019"),
        ("raw/ks5/2015-2016/england_ks5final.csv", "2016-2017", "2015-2016"),
        ("raw/destinations/2018-2019/england_ks4-pupdest.csv", "2024-2025", "2018-2019"),
    ],
)
def test_national_row_contradicts_a_wrong_year(
    real_data: Path, tmp_path: Path, name: str, wrong: str, right: str
) -> None:
    report = _taken(DataDir(tmp_path), real_data / name, wrong)
    assert f"it says {wrong}, but its national row is that of {right}" in report.refusal[0]


def test_later_file_contradicts_an_earlier_one_under_a_wrong_year(real_data: Path, tmp_path: Path) -> None:
    """The trimmed copy of 2015-16 says its year nowhere; Hampshire's file of 2017-18 repeats 2016-17."""
    data = DataDir(tmp_path)
    assert _taken(data, real_data / "derived/ks2/2015-2016/england_ks2final.csv", "2016-2017").status == "imported"
    report = _taken(data, real_data / "raw/ks2/2017-2018/850_ks2final.csv", None)
    assert "cannot both be right" in report.refusal[0]
    assert "21 of 311 schools have the same figure in both" in report.refusal[1]
