"""One import of all the real files, and what is known to be in them."""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from risk_model.domain.paths import DataDir
from risk_model.scoring.staging import stage
from risk_model.sources.importing import FileReport, import_paths
from risk_model.warehouse.engine import rows, scratch
from risk_model.warehouse.lake import Release, read_releases

SECONDS_ALLOWED = 60  # usually about eight; generous, because the test machine is shared
AS_AT = date(2026, 11, 21)


@dataclass(frozen=True)
class Imported:
    """The reports by name, the releases that landed, and how long it took."""

    data: DataDir
    reports: dict[str, FileReport]
    releases: dict[str, Release]
    seconds: float

    def asked(self, name: str, sql: str) -> list[dict[str, Any]]:
        """Ask one file's staged rows; the SQL calls them `staged`."""
        release = self.releases[self.reports[name].release_id]
        with scratch() as con:
            stage(con, self.data, [release], AS_AT)
            return rows(con, sql.replace("staged", f"stg_{release.source_id}_rows"))


@pytest.fixture(scope="module")
def imported(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    data = DataDir(tmp_path_factory.mktemp("real"))
    began = time.monotonic()
    reports = import_paths(data, [real_data / "derived", real_data / "raw"])
    seconds = time.monotonic() - began
    named = {report.name: report for report in reports}
    assert len(named) == len(reports), "no two files have the same name"
    return Imported(data, named, {r.release_id: r for r in read_releases(data)}, seconds)


def test_every_file_of_a_known_kind_lands(imported: Imported) -> None:
    assert Counter(report.status for report in imported.reports.values()) == {
        "imported": 45,
        "not a known kind": 34,
    }
    assert [report.refusal for report in imported.reports.values() if report.refusal] == []
    assert len(imported.releases) == 45


def test_kinds_are_those_of_the_files(imported: Imported) -> None:
    assert Counter(report.kind for report in imported.reports.values() if report.kind) == {
        "ks2": 10,
        "ks4": 9,
        "finance": 7,
        "census": 6,
        "absence": 3,
        "ofsted": 3,
        "gias": 2,
        "gias_links": 2,
        "ofsted_report_cards": 1,
        "ofsted_events": 1,
        "ofsted_history": 1,
    }


@pytest.mark.parametrize(
    "name",
    [
        "raw/school_information/2017-2018/815_spine.csv",
        "raw/exclusions/exclusions_by_geographic_level.zip/exclusions_by_geographic_level.csv",
        "raw/workforce/2020-2021/england_swf.csv",
        "raw/ks5/2016-2017/england_ks5final.csv",
        "raw/la_level/la_indicators_2016_2025.parquet",
        "raw/meta/2018-2019_abbreviations.xlsx/Abbreviations",
    ],
)
def test_unknown_kind_is_named_and_not_taken(imported: Imported, name: str) -> None:
    assert imported.reports[name].status == "not a known kind"


@pytest.mark.parametrize(
    ("name", "read", "kept", "schools"),
    [
        ("raw/absence/2012-2013/england_abs.csv", 20_059, 20_059, 20_057),
        ("raw/absence/2018-2019/england_abs.csv", 21_217, 21_217, 21_214),
        ("raw/absence/2023-2024/england_abs.csv", 21_321, 21_321, 21_318),
        ("raw/census/2015-2016/england_census.csv", 24_290, 24_290, 24_288),
        ("raw/census/2018-2019/815_census.csv", 394, 394, 388),
        ("raw/ks2/2018-2019/850_ks2final.csv", 334, 334, 331),
        ("raw/ks4/2018-2019/england_ks4provisional.csv", 5_652, 5_652, 5_495),
        ("raw/finance/2016-2017/815_cfr.csv", 374, 374, 324),
        # Two rows have no URN and only noughts; they are kept in the lake and counted as nobody's.
        ("derived/finance/2016-2017/cfr.csv", 15_275, 15_273, 15_273),
        ("raw/gias/20220420_results_850_936.csv", 1_096, 1_096, 1_096),
        ("raw/gias/edubasealldata_sample_2024.csv", 60, 60, 60),
        ("raw/ofsted/2026-02-28_leeds_latest_inspections.csv", 279, 279, 279),
    ],
)
def test_rows_are_all_accounted_for(imported: Imported, name: str, read: int, kept: int, schools: int) -> None:
    report = imported.reports[name]
    assert (report.rows_read, report.rows_kept, report.schools) == (read, kept, schools)


def test_national_absence_is_three_phases(imported: Imported) -> None:
    found = imported.asked(
        "raw/absence/2023-2024/england_abs.csv",
        """select summary_phase, absence_pct, persistent_absence_pct from staged
           where scope = 'national' order by summary_phase""",
    )
    assert [tuple(row.values()) for row in found] == [
        ("primary", 5.5, 14.6),
        ("secondary", 8.9, 25.6),
        ("special", 13.0, 37.2),
    ]


def test_suppressed_absence_keeps_its_reason(imported: Imported) -> None:
    found = imported.asked(
        "raw/absence/2018-2019/england_abs.csv",
        """select count(*) filter (persistent_absence_pct_missing = 'suppressed') as suppressed,
                  count(absence_pct) filter (scope = 'school') as absences from staged""",
    )
    assert found == [{"suppressed": 864, "absences": 21_214}]


def test_hampshire_keeps_its_summaries_and_its_suppressed_figures(imported: Imported) -> None:
    name = "raw/ks2/2018-2019/850_ks2final.csv"
    scopes = imported.asked(name, "select record_type, scope from staged where scope <> 'school' order by 1")
    assert [tuple(row.values()) for row in scopes] == [("3", "la"), ("4", "other"), ("5", "national")]
    found = imported.asked(
        name,
        """select count(*) filter (scope = 'school') as schools,
                  count(*) filter (rwm_disadvantaged_pct_missing = 'suppressed') as suppressed,
                  count(*) filter (rwm_disadvantaged_pct_missing = 'blank') as blank,
                  count(*) filter (reading_progress_score_missing = 'suppressed') as progress_suppressed,
                  count(*) filter (
                      (rwm_disadvantaged_pct is null) = (rwm_disadvantaged_pct_missing is null)
                  ) as both
           from staged""",
    )[0]
    # 14 cells are empty, and 5 rows end before this column.
    assert found == {"schools": 331, "suppressed": 125, "blank": 14 + 5, "progress_suppressed": 4, "both": 0}


def test_register_sample_is_dated_from_inside(imported: Imported) -> None:
    release = imported.releases[imported.reports["raw/gias/edubasealldata_sample_2024.csv"].release_id]
    assert release.as_at == date(2024, 3, 11)


def test_double_space_is_read_in_the_real_file(imported: Imported) -> None:
    found = imported.asked(
        "raw/ofsted/2026-02-28_leeds_latest_inspections.csv",
        """select count(oeif_safeguarding) as n, count(*) filter (oeif_start_date is null) as without
           from staged""",
    )[0]
    assert found["n"] > 100
    assert found["without"] == 109  # graded before September 2019: the block is NULL


def test_no_figure_is_a_number_and_a_reason_at_once(imported: Imported) -> None:
    """Every figure of every staged table has a value or a reason, never both and never neither."""
    with scratch() as con:
        stage(con, imported.data, list(imported.releases.values()), AS_AT)
        columns = rows(
            con,
            """select table_name, column_name from information_schema.columns
               where table_name like 'stg%' and column_name like '%\\_missing' escape '\\'""",
        )
        assert len(columns) > 60
        for row in columns:
            figure, table = row["column_name"].removesuffix("_missing"), row["table_name"]
            wrong = rows(
                con,
                f"""select count(*) as n from {table}
                    where ({figure} is null) = ({figure}_missing is null) or isnan({figure})
                       or {figure}_missing = 'unreadable'""",
            )
            assert wrong == [{"n": 0}], (table, figure)


def test_second_import_finds_all_loaded(imported: Imported, real_data: Path) -> None:
    again = import_paths(imported.data, [real_data / "raw"])
    assert Counter(report.status for report in again) == {"already loaded": 23, "not a known kind": 30}
    assert set(imported.releases) == {release.release_id for release in read_releases(imported.data)}


def test_import_is_quick(imported: Imported) -> None:
    assert imported.seconds < SECONDS_ALLOWED
