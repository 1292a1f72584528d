"""Cells that cannot be: each is named with its line and column, all of a file's at once."""

import pytest

from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, absence_text, csv_text, laid_out, layout

NAME = "2023-2024/england_abs.csv"


def _ofsted(**cells: str) -> str:
    school = {"URN": "100001", "School name": "Invented Primary School", **cells}
    return laid_out(layout("ofsted_2025"), school, {"URN": "100002", "School name": "Another"}, otherwise="NULL")


def test_percentage_of_140_is_refused(desk: Desk) -> None:
    said = desk.refused(NAME, absence_text().replace("4.1", "140"))
    assert 'Line 3, column PERCTOT: "140" is not a percentage from 0 to 100' in said
    assert "A school would be judged by it" in said
    assert "Nothing was changed." in said


@pytest.mark.parametrize("cell", ["XYZ", "NaN%", "inf", "Infinity", "5,5", "1.2.3", "4 1", "--", "4.1 (est)"])
def test_text_that_is_no_number_and_no_known_marker_is_refused(desk: Desk, cell: str) -> None:
    body = absence_rows()
    body[1][3] = cell
    said = desk.refused(NAME, csv_text(ABSENCE_HEADER, body))
    assert f'Line 3, column PERCTOT: "{cell}"' in said
    assert "nor a marker that is known" in said


def test_all_problems_of_a_file_are_told_at_once(desk: Desk) -> None:
    body = absence_rows(4)
    body[0][3], body[1][4], body[2][4] = "140", "XYZ", "-3"
    body[3][2] = body[0][2]
    said = desk.refused(NAME, csv_text(ABSENCE_HEADER, body))
    assert 'Line 2, column PERCTOT: "140"' in said
    assert 'Line 3, column PPERSABS10: "XYZ"' in said
    assert 'Line 4, column PPERSABS10: "-3"' in said
    assert "School 100001 stands in it 2 times (lines 2 and 5)." in said


def test_school_twice_is_refused_and_many_are_counted(desk: Desk) -> None:
    said = desk.refused(NAME, csv_text(ABSENCE_HEADER, [*absence_rows(8), *absence_rows(8)]))
    assert said.count("stands in it 2 times") == 5
    assert "So do 3 more schools." in said


@pytest.mark.parametrize("day", ["31/02/2024", "2024-02-31", "00/01/2024", "01/02/24", "45000", "epoch"])
def test_date_that_does_not_exist_is_refused(desk: Desk, day: str) -> None:
    said = desk.refused("mi_31_August_2025.csv", _ofsted(**{"Inspection start date": day}))
    assert f'Line 2, column Inspection start date: "{day}" is not a date that exists; expected dd/mm/yyyy' in said


def test_unknown_grade_is_refused_with_those_that_are_known(desk: Desk) -> None:
    said = desk.refused("mi_31_August_2025.csv", _ofsted(**{"Overall effectiveness": "Superb"}))
    assert '"Superb" is not a code that is known; expected one of 0, 1, 2, 3, 4, 8, 9, Not judged.' in said


def test_unknown_area_grade_of_a_report_card_is_refused(desk: Desk) -> None:
    school = {"URN": "100001", "School name": "Invented", "LAESTAB": "9992001", "Achievement": "Splendid"}
    text = laid_out(layout("ofsted_2026"), school, otherwise="NULL")
    assert 'column Achievement: "Splendid"' in desk.refused("mi_2026-02-28.csv", text)


def test_no_row_with_a_urn_is_refused(desk: Desk) -> None:
    body = [[la, estab, f"{urn}.0", *rest] for la, estab, urn, *rest in absence_rows()]
    said = desk.refused(NAME, csv_text(ABSENCE_HEADER, body))
    assert "no row has a six-digit URN" in said
    assert "Pupil absence" in said


def test_fractions_in_the_place_of_percentages_are_refused(desk: Desk) -> None:
    body = [[la, estab, urn, "0.054", "0.146"] for la, estab, urn, *_ in absence_rows(25)]
    said = desk.refused(NAME, csv_text(ABSENCE_HEADER, body))
    assert 'Line 2, column PERCTOT: "0.054" looks like a fraction' in said


def test_line_of_a_cell_is_right_after_a_cell_of_two_lines(desk: Desk) -> None:
    body = [["999", "2001", "100001", "4.0", "10", "two\nlines"], ["999", "2002", "100002", "140", "10", ""]]
    said = desk.refused(NAME, csv_text((*ABSENCE_HEADER, "NOTE"), body))
    assert "Line 4, column PERCTOT" in said
