"""Vintages of which only the publisher's list of columns is at hand: known, and read with all that is named in them."""

import csv
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from risk_model.sources.contract import Source, matched_columns, year_in_header
from risk_model.sources.recognising import recognised

# list of columns: (kind, columns in the file, fields that the product reads, the year that the names give away)
LISTS = {
    "2016-2017_ks4final_meta.csv": ("ks4", 416, 99, "2016-2017"),
    "2017-2018_ks2_meta.csv": ("ks2", 326, 102, "2017-2018"),
    "2018-2019_ks2_meta.csv": ("ks2", 318, 104, "2018-2019"),
    "2024-2025_ks2_meta.csv": ("ks2", 311, 103, "2024-2025"),
    "2018-2019_ks4_final_meta.csv": ("ks4", 505, 110, "2018-2019"),
    "2024-2025_ks4provisional_meta.xlsx": ("ks4", 497, 109, None),
    "2018-2019_abs_meta.csv": ("absence", 5, 5, None),
    "2018-2019_census_meta.csv": ("census", 22, 14, None),
    "2024-2025_census_meta.csv": ("census", 23, 15, None),
    "2024-2025_ks4-pupdest_meta.csv": ("ks4_destinations", 82, 26, None),
    "2018-2019_cfr_meta.csv": ("finance", 146, 22, "2018-2019"),
}


def _columns(path: Path) -> list[str]:
    """The names of a list's columns: they stand under "Field Name", "Metafile heading" and the like."""
    if path.suffix == ".xlsx":
        rows = [
            [str(cell) for cell in row] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        ]
    else:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
        rows = list(csv.reader(text.splitlines()))
    names = ("Field Reference", "Metafile heading", "Field Name", "Variable", "Field")
    at = next(place for name in names for place, cell in enumerate(rows[0]) if cell.strip() == name)
    return [row[at].strip() for row in rows[1:] if len(row) > at and row[at].strip()]


def _kind(real_data: Path, name: str) -> tuple[Source | None, list[str]]:
    columns = _columns(real_data / "raw" / "meta" / name)
    return recognised(columns), columns


@pytest.mark.parametrize("name", LISTS)
def test_vintage_is_known_by_its_columns_and_read(real_data: Path, name: str) -> None:
    kind, width, fields, year = LISTS[name]
    source, columns = _kind(real_data, name)
    assert source is not None
    assert (source.id, len(columns)) == (kind, width)
    assert len(set(matched_columns(source, columns).values())) == fields
    assert year_in_header(source, columns) == year


def test_newest_results_have_what_is_judged(real_data: Path) -> None:
    source, columns = _kind(real_data, "2024-2025_ks2_meta.csv")
    assert source is not None
    found = matched_columns(source, columns)
    assert found["rwm_expected_previous_pct"] == "PTRWM_EXP_24"
    assert found["rwm_expected_two_years_before_pct"] == "PTRWM_EXP_23"
    assert found["rwm_disadvantaged_previous_pct"] == "PTRWM_EXP_FSM6CLA1A_24"
    source, columns = _kind(real_data, "2024-2025_ks4provisional_meta.xlsx")
    assert source is not None
    found = matched_columns(source, columns)
    assert found["attainment8_previous_score"] == "ATT8SCR_PREV"
    assert found["key_stage2_score"] == "KS2ASS"
    assert found["attainment8_prior_middle_score"] == "ATT8SCR_MID"
