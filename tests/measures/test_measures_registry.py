"""measures.toml and the .sql files beside it say the same."""

import re

import pytest

from risk_model.measures.reader import FOLDER, Measure, read_measures

HEADER = re.compile(
    r"^-- measure: (?P<id>\w+) +unit: (?P<unit>[^,;]+?)(?: \(.*\))?, polarity: (?P<polarity>[a-z ]+?)(?: \(.*\))?$"
)
UNITS = {
    "pct": {"percent", "percentile"},
    "pp": {"percentage points"},
    "gbp": {"pounds"},
    "years": {"years"},
    "count": {
        "subjects",
        "pupils",
        "years",
        "series of two",
        "inspections",
        "judgements",
        "areas",
        "yes or no",
        "concerns",
        "notices",
        "changes",
        "signs",
        "complaints",
        "offers",
        "success measures",
    },
    "days": {"days"},
    "score": {"score", "grades", "scaled score points", "category"},
}


def every_measure() -> list[object]:
    return [pytest.param(one, id=one.id) for one in read_measures()]


def test_every_file_has_an_entry_and_every_entry_a_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == {one.id for one in read_measures()}


@pytest.mark.parametrize("measure", every_measure())
def test_the_header_names_the_measure_its_unit_and_its_polarity(measure: Measure) -> None:
    first = measure.sql.splitlines()[0]
    found = HEADER.match(first)
    assert found, first
    assert found["id"] == measure.id
    assert found["unit"] == measure.unit
    assert found["polarity"].replace(" ", "_") == measure.polarity


@pytest.mark.parametrize("measure", every_measure())
def test_the_header_has_four_lines_and_the_last_step_is_final(measure: Measure) -> None:
    lines = measure.sql.splitlines()
    assert [line.split(":")[0] for line in lines[:4]] == ["-- measure", "-- grain", "-- source", "-- missing"]
    assert lines[-1] == "select * from final"


@pytest.mark.parametrize("measure", every_measure())
def test_an_id_ends_in_its_unit(measure: Measure) -> None:
    assert measure.unit in UNITS[measure.id.rpartition("_")[2]]


@pytest.mark.parametrize("measure", every_measure())
def test_missing_is_never_filled_with_a_zero(measure: Measure) -> None:
    # a nought instead of a figure; counting judgements within one inspection is a sum of known answers
    filled = re.findall(r"coalesce\((?!\()[^(),]+, 0(?:\.0)?\)", measure.sql)
    assert not filled, filled


def test_breaks_are_academic_years_oldest_first_each_with_its_reason() -> None:
    broken = [measure for measure in read_measures() if measure.breaks]
    assert {"rwm_expected_pct", "attainment8_score", "persistent_absence_pct"} <= {one.id for one in broken}
    for measure in broken:
        years = [one.since for one in measure.breaks]
        assert years == sorted(set(years))
        assert all(int(year[5:]) == int(year[:4]) + 1 for year in years)
        assert all(one.why.endswith(".") for one in measure.breaks)
