"""Ofsted's real files: one history, with every source, and the few places where files differ."""

from pathlib import Path

import pytest

from risk_model.domain.paths import DataDir
from risk_model.scoring.building import make_build
from risk_model.sources.importing import import_paths
from risk_model.warehouse.builds import Build
from tests.real.test_judgements import AS_AT
from tests.scoring.kit import build_rows

FILES = (
    "raw/ofsted/2026-02-28_leeds_latest_inspections.csv",
    "derived/ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv",
    "derived/ofsted/latest_graded_inspections_as_at_2024-08-31.csv",
    "derived/ofsted/latest_graded_inspections_as_at_2019-11-30.csv",
    "derived/ofsted/graded_inspections_2005_to_2020.csv",
    "derived/ofsted/inspection_events_2005_2025.csv",
    "raw/gias/links_edubasealldata20250422.csv",
)


@pytest.fixture(scope="module")
def build(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    data = DataDir(tmp_path_factory.mktemp("inspected"))
    reports = import_paths(data, [real_data / name for name in FILES])
    assert [report.status for report in reports] == ["imported"] * len(FILES), reports
    return make_build(data, AS_AT).build


def only(build: Build, sql: str) -> object:
    (row,) = build_rows(build, sql)
    (value,) = row.values()
    return value


def test_every_mention_is_a_source_of_one_inspection(build: Build) -> None:
    mentioned = only(build, "select count(*) from inspection_sources")
    assert isinstance(mentioned, int)
    assert mentioned > 200_000
    each_once = "select count(*) from (select distinct urn, release_id, row_number, part from inspection_sources)"
    assert only(build, each_once) == mentioned
    inspections = only(build, "select count(*) from inspections")
    assert only(build, "select count(distinct inspection_id) from inspection_sources") == inspections
    assert only(build, "select count(*) from inspection_sources where is_the_one_used") == inspections


def test_short_inspections_that_converted_count_once(build: Build) -> None:
    """63 in the file of August 2025, each with the number of the full inspection that it became."""
    sql = "select count(*) from inspection_sources where kind = 'converted' and release_id like 'ofsted-2025%'"
    assert only(build, sql) == 63
    assert only(build, "select count(*) from inspections where mapping = 'M11'") == 0


def test_satisfactory_is_never_requires_improvement(build: Build) -> None:
    sql = "select mapping, min(start_date) >= '2012-09-01' as since from inspections where overall = '3' group by 1"
    assert {row["mapping"]: row["since"] for row in build_rows(build, sql)} == {"M2": False, "M5": True}
    assert only(build, "select max(start_date) < '2012-09-01' from inspections where mapping = 'M2'") is True


def test_the_places_where_files_differ_are_these(build: Build) -> None:
    """A first day that files put a day apart, and three grades of leadership that differ between 2024 and 2025.

    Two of those reports (145126, 146183) have a publication date after August 2024: they were published anew.
    """
    sql = "select urn, field, value_used, value_there from inspection_contradictions order by urn, field, value_there"
    assert [tuple(row.values()) for row in build_rows(build, sql)] == [
        ("113638", "first day", "2013-12-10", "2013-12-11"),
        ("113638", "first day", "2013-12-10", "2013-12-11"),
        ("124024", "leadership and management", "2", "3"),
        ("145126", "leadership and management", "1", "2"),
        ("146183", "leadership and management", "2", "3"),
    ]
    counted = "select count(*) from inspections where urn = '113638' and year(start_date) = 2013"
    assert only(build, counted) == 1


def test_a_school_that_ofsted_says_was_never_inspected_has_no_judgement(build: Build) -> None:
    """It was made of several: what one of those was given is history, not the grade of all."""
    assert only(build, "select count(*) from inspections where urn = '150149' and is_one_of_several") != 0
    assert only(build, "select full_date from latest_inspections where urn = '150149'") is None
