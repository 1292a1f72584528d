"""Headers: wrong, missing, extra, renamed, doubled, hostile; and lines above them."""

import pytest

from risk_model.sources.recognising import recognised
from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, absence_text, csv_text, layout

NAME = "2023-2024/england_abs.csv"
SPINE_2018 = "URN,LA,ESTAB,LAESTAB,SCHNAME,OTHERSCHNAME,STREET,LOCALITY,ADDRESS3,TOWN,POSTCODE,TELNUM,ICLOSE,OPENDATE"


def test_wrong_columns_are_refused_with_what_was_found(desk: Desk) -> None:
    said = desk.refused(NAME, csv_text(("Colour", "Size"), [["red", "3"]]))
    assert "no kind that is known" in said
    assert "Found: Colour, Size." in said


@pytest.mark.parametrize("column", ["PERCTOT", "LA", "ESTAB", "URN"])
def test_missing_column_is_named_with_the_nearest_kind(desk: Desk, column: str) -> None:
    at = ABSENCE_HEADER.index(column)
    body = [[cell for i, cell in enumerate(row) if i != at] for row in absence_rows()]
    said = desk.refused(NAME, csv_text([c for c in ABSENCE_HEADER if c != column], body))
    assert "comes nearest to" in said
    assert column in said.split("also needs:")[1].split("\n")[0]


def test_renamed_column_is_refused_by_name_and_told_in_a_folder(desk: Desk) -> None:
    text = absence_text().replace("PERCTOT", "PERC_TOT")
    assert "(absence), which also needs: PERCTOT." in desk.refused(NAME, text)
    in_folder = desk.take_folder()[NAME]
    assert in_folder.status == "not a known kind"
    assert "which also needs: PERCTOT" in in_folder.problems[0]


def test_extra_columns_land_and_are_kept(desk: Desk) -> None:
    header = (*ABSENCE_HEADER, "NEW_IN_2026")
    report = desk.take(NAME, csv_text(header, [[*row, "7"] for row in absence_rows()]))
    assert report.status == "imported"
    assert desk.releases()[0].header == header


def test_absent_optional_columns_are_listed(desk: Desk) -> None:
    body = [["4", "", "100001", "61"], ["4", "", "100002", "64"]]
    report = desk.take("2018-2019/england_ks2final.csv", csv_text(("RECTYPE", "LEA", "URN", "PTRWM_EXP"), body))
    assert report.status == "imported"
    assert any("columns are not in this file" in p and "READPROG" in p for p in report.problems)


def test_doubled_column_that_matters_is_refused(desk: Desk) -> None:
    header = ("LA", "ESTAB", "URN", "PERCTOT", "PPERSABS10", " perctot ")
    said = desk.refused(NAME, csv_text(header, [[*row, "9.9"] for row in absence_rows()]))
    assert "stand in it twice: PERCTOT" in said
    assert "cannot be told" in said


def test_doubled_column_that_nobody_reads_lands_with_both(desk: Desk) -> None:
    header = (*ABSENCE_HEADER, "NOTE", "note", "NOTE (column 7)")
    assert desk.take(NAME, csv_text(header, [[*row, "a", "b", "c"] for row in absence_rows()])).status == "imported"
    kept = desk.releases()[0].header
    assert len(kept) == len({name.casefold() for name in kept}) == 8


@pytest.mark.parametrize("hostile", ['urn"; drop table x; --', "_row", "", "x\x1b[31m"])
def test_hostile_column_name_is_only_a_name(desk: Desk, hostile: str) -> None:
    report = desk.take(NAME, csv_text((*ABSENCE_HEADER, hostile, "Z"), [[*r, "1", "2"] for r in absence_rows()]))
    assert (report.status, report.schools) == ("imported", 3)
    assert [row["urn"] for row in desk.staged("stg_absence")] == ["100001", "100002", "100003"]


def test_hostile_column_name_in_the_place_of_urn_is_refused(desk: Desk) -> None:
    header = ("LA", "ESTAB", 'urn"; drop table x; --', "PERCTOT", "PPERSABS10")
    assert 'urn"; drop table x; --' in desk.refused(NAME, csv_text(header, absence_rows()))


def test_title_lines_above_the_header_are_left_out_and_lines_still_count(desk: Desk) -> None:
    above = "State-funded schools,,,,\r\nPublished in March,,,,\r\n"
    report = desk.take(NAME, above + absence_text())
    assert report.status == "imported"
    assert "2 lines above the header left out" in report.problems
    bad = above + absence_text().replace("4.1", "140")
    assert "Line 5, column PERCTOT" in desk.refused("2022-2023/england_abs.csv", bad)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_other_separators_are_read(desk: Desk, delimiter: str) -> None:
    report = desk.take(NAME, csv_text(ABSENCE_HEADER, absence_rows(), delimiter))
    assert (report.status, report.schools) == ("imported", 3)


def test_school_addresses_are_not_localities() -> None:
    assert recognised(SPINE_2018.split(",")) is None
    kind = recognised(layout("gias"))
    assert kind is not None
    assert kind.id == "gias"


def test_double_space_in_a_published_header_is_matched() -> None:
    header = layout("ofsted_2026")
    assert "Latest OEIF  safeguarding is effective?" in header
    kind = recognised(header)
    assert kind is not None
    assert kind.id == "ofsted_report_cards"
