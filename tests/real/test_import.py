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

SECONDS_ALLOWED = 90  # usually about fifteen; generous, because the test machine is shared
AS_AT = date(2026, 11, 21)
EXCLUSIONS = "raw/exclusions/exclusions_by_geographic_level.zip/exclusions_by_geographic_level.csv"
WRONG = """({figure} is null) = ({figure}_missing is null) or isnan({figure})
           or {figure}_missing = 'unreadable'"""


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
        "imported": 64,
        "not a known kind": 15,
    }
    assert [report.refusal for report in imported.reports.values() if report.refusal] == []
    assert len(imported.releases) == 64


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
        "ks4_destinations": 3,
        "ks5": 2,
        "workforce": 2,
        "ks4_ebacc_entries": 1,
        "exclusions": 1,
        "laestab_lookup": 1,
        "school_information": 1,
        "parent_view": 1,
        "academy_trusts": 1,
        "school_coordinates": 1,
        "la_lookup": 1,
        "la_codes": 2,
        "la_neighbours": 1,
        "la_indicators": 1,
    }


def test_only_column_dictionaries_are_of_no_known_kind(imported: Imported) -> None:
    unknown = [name for name, report in imported.reports.items() if report.status == "not a known kind"]
    assert [name for name in unknown if not name.startswith("raw/meta/")] == [
        "raw/exclusions/exclusions_by_geographic_level.zip/exclusions_by_geographic_level.meta.csv"
    ]


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
        ("raw/ks5/2015-2016/england_ks5final.csv", 3_400, 3_400, 3_246),
        ("raw/ks5/2016-2017/england_ks5final.csv", 3_376, 3_376, 3_222),
        ("raw/destinations/2018-2019/england_ks4-pupdest.csv", 3_877, 3_877, 3_728),
        ("raw/destinations/2024-2025/england_ks4-pupdest.csv", 4_163, 4_163, 4_010),
        ("raw/ks4/2020-2021/england_ks4-ebacc-entries.csv", 5_744, 5_744, 5_586),
        ("raw/workforce/2020-2021/england_swf.csv", 20_789, 20_789, 20_787),
        ("derived/workforce/2023-2024/ptr.csv", 21_912, 21_912, 21_912),
        # 235,050 rows are schools', of 25,174 LAESTABs in eleven years
        (EXCLUSIONS, 242_170, 242_170, 25_174),
        ("raw/exclusions/2017-2018_laestab_to_urn_lookup.csv", 26_346, 26_346, 25_948),
        ("raw/school_information/2017-2018/815_spine.csv", 413, 413, 413),
        ("derived/parentview/2025/parentview.csv", 5_909, 5_909, 5_909),
        ("raw/gias/grouplinks_edubaseallacademiesandfree20190601.csv", 14_621, 14_621, 8_625),
        ("derived/gias/school_coordinates_2025.csv", 25_632, 25_632, 25_632),
        ("derived/geo/la_lookup.csv", 163, 163, 0),
        ("raw/la_level/la_code_list.xlsx/Sheet1", 171, 171, 0),
        # one row is a heading, "Old SNs:"
        ("raw/la_level/statistical_neighbours_may_2025.xlsx/LA SN Groups", 159, 158, 0),
        ("raw/la_level/la_indicators_2016_2025.parquet", 641_070, 641_070, 0),
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


def test_suppressed_exclusions_keep_their_reason(imported: Imported) -> None:
    found = imported.asked(
        EXCLUSIONS,
        """select count(*) filter (permanent_exclusions_missing = 'suppressed') as suppressed,
                  count(*) filter (suspensions_per_100_missing = 'not_applicable') as without_pupils,
                  min(period) as first, max(period) as last from staged""",
    )
    assert found == [{"suppressed": 16_212, "without_pupils": 660, "first": "2006-2007", "last": "2016-2017"}]


def test_every_school_with_exclusions_has_a_urn(imported: Imported) -> None:
    with scratch() as con:
        stage(con, imported.data, list(imported.releases.values()), AS_AT)
        unknown = """select count(*) as n from stg_exclusions_rows anti join laestab_urns using (laestab)
                     where scope = 'school'"""
        assert rows(con, unknown) == [{"n": 0}]
        staged = "select count(*) as n, count(distinct urn) as schools from stg_exclusions where period = '2016-2017'"
        # two of the 21,319 LAESTABs have become one school
        assert rows(con, staged) == [{"n": 21_318, "schools": 21_318}]
        national = "select suspensions_per_100 as rate from stg_exclusions_summary where scope = 'national'"
        national += " and period = '2016-2017' order by phase_group"
        assert [row["rate"] for row in rows(con, national)] == [1.37, 9.4, 13.03]


def test_national_figures_of_16_to_18_and_of_destinations(imported: Imported) -> None:
    points = "select a_level_points_score as score from staged where scope = 'national'"
    assert imported.asked("raw/ks5/2015-2016/england_ks5final.csv", points) == [{"score": 30.45}]
    sustained = "select pupils, sustained_pct from staged where scope = 'national'"
    name = "raw/destinations/2024-2025/england_ks4-pupdest.csv"
    assert imported.asked(name, sustained) == [{"pupils": 607_348.0, "sustained_pct": 91.0}]
    small = "select count(*) as n from staged where unknown_pct_missing = 'rounds_to_zero'"
    assert imported.asked(name, small) == [{"n": 36}]


def test_england_of_the_indicators_agrees_with_the_tables(imported: Imported) -> None:
    found = imported.asked(
        "raw/la_level/la_indicators_2016_2025.parquet",
        """select year_as_published as year, value from staged
           where scope = 'national' and indicator = 'KS2RWM_Expected_STD' and value is not null order by year""",
    )
    assert [(row["year"], row["value"]) for row in found if row["year"][:4] in ("2017", "2019")] == [
        ("2017", 62.0),
        ("2019", 65.0),
    ]


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
        by_table: dict[str, list[str]] = {}
        for row in columns:
            by_table.setdefault(row["table_name"], []).append(row["column_name"].removesuffix("_missing"))
        for table, figures in by_table.items():
            counted = ", ".join(f"count(*) filter ({WRONG.format(figure=figure)}) as {figure}" for figure in figures)
            assert rows(con, f"select {counted} from {table}") == [dict.fromkeys(figures, 0)], table


def test_how_near_a_statistical_neighbour_is_stands_beside_it(imported: Imported) -> None:
    found = imported.asked(
        "raw/la_level/statistical_neighbours_may_2025.xlsx/LA SN Groups",
        "select neighbour_1, closeness_1, neighbour_4, closeness_4 from staged where la_code = '301'",
    )
    assert [tuple(row.values()) for row in found] == [("308", "Close", "333", "Somewhat close")]


def test_second_import_finds_all_loaded(imported: Imported, real_data: Path) -> None:
    again = import_paths(imported.data, [real_data / "raw"])
    assert Counter(report.status for report in again) == {"already loaded": 38, "not a known kind": 15}
    assert set(imported.releases) == {release.release_id for release in read_releases(imported.data)}


def test_import_is_quick(imported: Imported) -> None:
    assert imported.seconds < SECONDS_ALLOWED
