"""The quality report of the demo, counted a second way; and a national figure worked out by hand."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.national_checks import Check, Published, judged, read_checks, recomputed
from risk_model.services.quality import QualityReport, quality_reports
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import matched_columns
from risk_model.sources.typing import markers
from risk_model.warehouse.lake import parquet_path, read_releases
from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, csv_text, gias_text, urns

ATTAINMENT = Check("ks4", "attainment8_score", "mean", "pupils", "secondary", "", None)
SUMS = {
    "schools": 2,
    "total": 100 * 50.0 + 300 * 40.0,
    "pupils": 400.0,
    "squares": 100.0**2 + 300.0**2,
    "unweighted": 45.0,
    "without_value": 1,
    "suppressed": 1,
    "without_either": 0,
    "pupils_without_value": 10.0,
    "optional_schools": 0,
    "total_above": 0.0,
    "pupils_above": 0.0,
    "total_below": 0.0,
    "pupils_below": 0.0,
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty data directory beside a folder for files."""
    folder = tmp_path / "given"
    folder.mkdir()
    return Desk(DataDir(tmp_path / "data"), folder)


@pytest.fixture(scope="module")
def reports(demo_dir: Path) -> dict[str, QualityReport]:
    """The demo's reports by source and year."""
    found = quality_reports(local_viewer(), DataDir(demo_dir), None)
    return {one.release.release_id: one for one in found}


def test_rows_in_are_rows_kept_and_left_out_in_every_demo_release(
    reports: dict[str, QualityReport], demo_dir: Path
) -> None:
    assert set(reports) == {release.release_id for release in read_releases(DataDir(demo_dir))}
    for one in reports.values():
        stored = pd.read_parquet(parquet_path(DataDir(demo_dir), one.release.release_id), columns=["_row"])
        assert one.quality.rows_in == len(stored) + (one.release.blank_rows or 0)
        assert one.quality.rows_in == one.quality.kept + one.quality.left_out, one.release.release_id


def test_markers_of_the_demo_are_those_that_pandas_counts(reports: dict[str, QualityReport], demo_dir: Path) -> None:
    compared = 0
    for one in reports.values():
        if one.release.source_id not in ("ks2", "ks4", "absence"):
            continue
        source = source_named(one.release.source_id)
        table = pd.read_parquet(parquet_path(DataDir(demo_dir), one.release.release_id))
        found = matched_columns(source, one.release.header)
        schools = table[table[found["urn"]].str.strip().str.fullmatch(r"\d{6}")]
        for column, figure in {(marker.column, marker.figure) for marker in one.quality.marked}:
            cells = schools[column].str.strip()
            expected = Counter("blank" if cell == "" else markers()[cell] for cell in cells if cell in ("", *markers()))
            counted = Counter(
                {marker.reason.value: marker.cells for marker in one.quality.marked if marker.figure == figure}
            )
            assert counted == expected, (one.release.release_id, column)
            assert one.quality.filled[column] == len(cells) - expected.total()
            compared += 1
    assert compared > 50


def test_groups_say_what_became_of_each_row(desk: Desk) -> None:
    """Three schools, of which no register knows one; a national row; one that is nobody's; a blank line."""
    body = [*absence_rows(3), ["NAT", "PRI", "", "4.2", "9.0"], ["", "", "TOTAL", "1", "1"], [""] * 5]
    desk.take("2023-2024/england_abs.csv", csv_text(ABSENCE_HEADER, body))
    [one] = quality_reports(local_viewer(), desk.data, None)
    groups = {group.name: (group.rows, group.first_row) for group in one.quality.groups}
    assert groups == {"unknown": (3, 2), "national": (1, 5), "nobody": (1, 6), "blank": (1, None)}
    assert (one.quality.rows_in, one.quality.kept, one.quality.left_out) == (6, 1, 5)


def test_a_school_that_closed_is_told_from_one_that_no_newer_register_lists(desk: Desk) -> None:
    """Three schools of January: in September one is open, one has closed, and one is not named."""
    desk.take("edubasealldata20250101.csv", gias_text(urns(3), "01-01-2025"))
    later = gias_text(urns(2)).replace("02,Community school,Open", "02,Community school,Closed")
    desk.take("edubasealldata20250901.csv", later)
    desk.take("2023-2024/england_abs.csv", csv_text(ABSENCE_HEADER, absence_rows(3)))
    absence = next(
        one for one in quality_reports(local_viewer(), desk.data, None) if one.release.source_id == "absence"
    )
    assert {group.name: (group.rows, group.first_row) for group in absence.quality.groups} == {
        "open": (1, 2),
        "closed": (1, 3),
        "gone": (1, 4),
    }


def test_outliers_are_listed_with_line_column_and_value(desk: Desk) -> None:
    body = [[la, estab, urn, "140" if urn == "100007" else "5.4", "10.2"] for la, estab, urn, *_ in absence_rows(200)]
    desk.take("2023-2024/england_abs.csv", csv_text(ABSENCE_HEADER, body))
    [one] = quality_reports(local_viewer(), desk.data, None)
    [outlier] = one.quality.outliers
    assert (outlier.row, outlier.urn, outlier.column, outlier.cell) == (8, "100007", "PERCTOT", "140")
    assert outlier.limits == "from 0 to 100"


# figures worked out again


def test_a_mean_is_weighted_by_pupils_and_bounded_by_those_without_a_figure() -> None:
    # (100 × 50 + 300 × 40) / 400 = 42.5; ten more pupils with 0 or with 90 points: 17,000 / 410, 17,900 / 410
    one = recomputed(ATTAINMENT, SUMS, 0.1, None)
    assert one.value == 42.5
    assert one.lowest == pytest.approx(17_000 / 410)
    assert one.highest == pytest.approx(17_900 / 410)
    # three deviations of two rounding errors of 0.1 / √12: 3 × 0.1 × √(100,000 / 12) / 400
    assert one.rounding == pytest.approx(0.0685, abs=1e-4)


def test_pupils_of_the_published_row_say_how_many_are_in_no_school() -> None:
    # 450 in England: 50 of them in no school with a figure
    one = recomputed(ATTAINMENT, SUMS, 0.1, 450.0)
    assert (one.lowest, one.highest) == (pytest.approx(17_000 / 450), pytest.approx((17_000 + 50 * 90) / 450))


@pytest.mark.parametrize(
    ("published", "provisional", "origin", "verdict"),
    [
        (42.5, False, "the file's own row", "agrees"),
        (42.6, False, "the file's own row", "agrees"),  # its own half unit is 0.05, the schools' rounding 0.07
        (43.5, False, "the file's own row", "withheld figures"),  # at most 43.66
        (44.5, False, "the file's own row", "not explained"),
        (44.5, True, "the file's own row", "not explained"),
        (44.5, True, "LA indicator AVG_Attain8_Score", "provisional"),
    ],
)
def test_a_difference_is_explained_only_by_what_can_be_shown(
    published: float, provisional: bool, origin: str, verdict: str
) -> None:
    one = recomputed(ATTAINMENT, SUMS, 0.1, None)
    figure = Published(origin, published, 0.05, None, True)
    compared = judged(ATTAINMENT, "2023-2024", "England", figure, {"state-funded": one}, provisional)
    assert compared.verdict == verdict
    assert compared.difference == pytest.approx(42.5 - published)


def test_every_check_names_figures_of_its_source() -> None:
    for check in read_checks():
        source = source_named(check.source_id)
        source.field_named(check.figure)
        for weight in filter(None, check.weight.split("|")):
            source.field_named(weight)
    assert len(read_checks()) > 40
