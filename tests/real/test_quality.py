"""The quality report on every real release: rows that add up, figures that pandas finds, too."""

from pathlib import Path

import pandas as pd
import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.national_checks import ENGLAND, Comparison
from risk_model.services.quality import QualityReport, outliers_table, quality_reports
from risk_model.sources.importing import import_paths
from risk_model.warehouse.lake import parquet_path, read_releases

Reports = dict[str, QualityReport]


@pytest.fixture(scope="module")
def data(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """All real files, imported once."""
    data = DataDir(tmp_path_factory.mktemp("quality"))
    import_paths(data, [real_data / "derived", real_data / "raw"])
    return data


@pytest.fixture(scope="module")
def reports(data: DataDir) -> Reports:
    """The report on each release, by the name of its file."""
    return {one.release.original_name: one for one in quality_reports(local_viewer(), data, None)}


def test_rows_in_are_rows_kept_and_left_out_in_every_release(data: DataDir, reports: Reports) -> None:
    assert len(reports) == len(read_releases(data)) > 60
    for name, one in reports.items():
        stored = len(pd.read_parquet(parquet_path(data, one.release.release_id), columns=["_row"]))
        assert one.release.blank_rows is not None
        assert one.quality.rows_in == stored + one.release.blank_rows == one.quality.kept + one.quality.left_out, name


def test_ofsteds_blank_lines_are_left_out_and_counted(reports: Reports) -> None:
    report = next(one for name, one in reports.items() if "as_at_31_August_2025" in name)
    groups = {group.name: group.rows for group in report.quality.groups}
    assert groups["open"] == 21_990
    assert report.quality.left_out == report.release.blank_rows


def test_suppressed_cells_are_those_that_pandas_counts(data: DataDir, reports: Reports) -> None:
    report = reports["raw/ks2/2018-2019/850_ks2final.csv"]
    table = pd.read_parquet(parquet_path(data, report.release.release_id))
    schools = table[table["URN"].str.fullmatch(r"\d{6}")]
    counted = {marker.column: marker.cells for marker in report.quality.marked if marker.reason == "suppressed"}
    assert counted["PTRWM_EXP_FSM6CLA1A"] == (schools["PTRWM_EXP_FSM6CLA1A"] == "SUPP").sum() == 125
    assert all(cells == (schools[column].str.strip() == "SUPP").sum() for column, cells in counted.items())


def test_spending_beyond_belief_is_listed_and_kept_out(data: DataDir, reports: Reports) -> None:
    report = reports["derived/finance/2024-2025/finance.csv"]
    table = pd.read_parquet(parquet_path(data, report.release.release_id))
    spends = pd.to_numeric(table["Spend per pupil (GBP)"], errors="coerce")
    beyond = table[(spends < 1_000) | (spends > 200_000)]
    listed = outliers_table([report])
    assert set(zip(listed["URN"], listed["Value"], listed["Line"], strict=True)) == set(
        zip(beyond["URN"], beyond["Spend per pupil (GBP)"], beyond["_row"], strict=True)
    )
    assert {"577161", "-20636"} <= set(listed["Value"])


def test_a_percentage_over_100_is_listed(reports: Reports) -> None:
    [outlier] = reports["raw/census/2024-2025/england_census.csv"].quality.outliers
    assert (outlier.column, outlier.cell, outlier.row) == ("PSENELSE", "104.17%", 12413)


def _england(report: QualityReport, figure: str, phase: str, origin: str) -> Comparison:
    return next(
        one
        for one in report.compared
        if one.place == ENGLAND and one.check.figure == figure and one.check.phase == phase and origin in one.origin
    )


@pytest.mark.parametrize("phase", ["primary", "secondary", "special"])
def test_pupils_of_the_census_add_up_to_its_national_row(data: DataDir, reports: Reports, phase: str) -> None:
    report = reports["raw/census/2018-2019/england_census.csv"]
    one = _england(report, "pupils", phase, "own row")
    table = pd.read_parquet(parquet_path(data, report.release.release_id))
    kind = {"primary": "State-funded primary", "secondary": "State-funded secondary"}
    schools = table[table["URN"].str.fullmatch(r"\d{6}")]
    of_phase = schools[schools["SCHOOLTYPE"] == kind.get(phase, "State-funded special school")]
    by_hand = pd.to_numeric(of_phase["NOR"].str.replace(",", ""), errors="coerce").sum()
    assert (one.recomputed, one.published, one.verdict) == (by_hand, by_hand, "agrees")


def test_destinations_are_the_national_row_to_within_rounding(data: DataDir, reports: Reports) -> None:
    report = reports["raw/destinations/2024-2025/england_ks4-pupdest.csv"]
    one = _england(report, "sustained_pct", "secondary", "own row")
    table = pd.read_parquet(parquet_path(data, report.release.release_id))
    schools = table[table["RECTYPE"].isin(["1", "2"]) & ~table["NFTYPE"].isin(["NMSS", "FESI"])]
    pupils, share = (
        pd.to_numeric(schools[column].str.rstrip("%"), errors="coerce") for column in ("COHORT", "OVERALL_DESTPER")
    )
    has_both = pupils.notna() & share.notna()
    by_hand = (pupils * share)[has_both].sum() / pupils[has_both].sum()
    assert one.recomputed == pytest.approx(by_hand)
    assert (one.published, one.verdict) == (91.0, "agrees")


def test_key_stage_2_agrees_with_the_la_indicators(reports: Reports) -> None:
    """Pupil-weighted 53.9, 61.7 and 64.9, where the indicators say 54, 62 and 65."""
    for year, expected in (("2015-2016", 53.9), ("2016-2017", 61.7), ("2017-2018", 64.9)):
        one = _england(reports[f"derived/ks2/{year}/england_ks2final.csv"], "rwm_expected_pct", "primary", "indicator")
        assert one.recomputed == pytest.approx(expected, abs=0.35)
        assert one.verdict in ("agrees", "withheld figures")


def test_free_meals_of_2016_that_stand_as_nought_are_not_explained(reports: Reports) -> None:
    """January 2016 has 0 for seven schools in ten: no rounding and no withheld figure makes 25% of that."""
    report = reports["raw/census/2015-2016/england_census.csv"]
    one = _england(report, "fsm6_pct", "primary", "indicator")
    assert one.recomputed < 5 < one.published
    assert one.verdict == "not explained"


def test_the_file_of_one_la_is_not_compared_with_england(reports: Reports) -> None:
    report = reports["raw/ks2/2018-2019/850_ks2final.csv"]
    assert {one.place for one in report.compared} == {"850"}
