"""Coverage: every school that is expected is either known or has a reason; counted a second way from the files."""

import csv

import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy, opened
from risk_model.services.coverage import coverage, coverage_grid, coverage_table
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")


@pytest.mark.parametrize(
    "scope", [LA, Scope(), Scope("999", phase="primary"), Scope("999", locality="nowhere")], ids=str
)
def test_known_and_missing_together_are_the_schools_that_are_expected(scope: Scope, demo_copy: Copy) -> None:
    lines = coverage(WHO, demo_copy, scope)
    assert lines
    for one in lines:
        assert one.known + sum(one.missing.values()) == one.expected, one.sentence
        assert one.known <= one.known_in_england <= one.expected_in_england


def test_known_is_what_the_file_itself_says(demo_copy: Copy, demo_data: DataDir) -> None:
    path = next((demo_data.demo / "absence" / "2024-2025").glob("*.csv"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        figures = {row["URN"]: row["PPERSABS10"] for row in csv.DictReader(file)}
    schools = school_list(WHO, demo_copy, LA)
    expected = set(schools.loc[schools["phase"] != "nursery", "urn"])
    known = {urn for urn in expected if figures.get(urn, "").replace(".", "", 1).isdigit()}
    line = next(one for one in coverage(WHO, demo_copy, LA) if (one.source_id, one.period) == ("absence", "2024-2025"))
    assert (line.known, line.expected) == (len(known), len(expected))
    assert f"2024-25: {len(known)} of {len(expected)} schools" in line.sentence


def test_results_are_expected_of_schools_that_have_the_year_group_alone(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, LA)
    lines = {one.source_id: one for one in coverage(WHO, demo_copy, LA)}
    assert lines["ks2"].schools == "schools with a year 6"
    assert lines["ks2"].expected == int(schools["phase"].isin(["primary", "junior", "middle", "all-through"]).sum())
    assert lines["ks4"].expected < len(schools)


def test_the_grid_has_a_cell_for_every_source_and_year(demo_copy: Copy) -> None:
    lines = coverage(WHO, demo_copy, LA)
    grid = coverage_grid(WHO, demo_copy, lines)
    assert not grid.isna().any().any()
    years = list(grid.columns[1:])
    assert years == sorted(years, reverse=True)
    cells = set(grid.iloc[:, 1:].to_numpy().ravel())
    assert {cell[0] for cell in cells} <= set("●◐○□·–")
    assert len(coverage_table(lines)) == len(lines)


def test_where_no_yearly_file_is_loaded_nothing_is_claimed(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        assert coverage(WHO, copy, Scope("850")) == []
        assert coverage_grid(WHO, copy, []).empty
