"""Ofsted's files of every vintage: which kind each is, where its header stands, and what an unknown code says."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from risk_model.domain.paths import LOOKUPS
from risk_model.sources.contract import Field
from risk_model.sources.importing import import_paths
from risk_model.sources.ofsted import EVENTS, HISTORY, INSPECTIONS, MANAGEMENT_INFORMATION, REPORT_CARDS
from risk_model.sources.recognising import recognised
from risk_model.sources.typing import value_of
from risk_model.warehouse.engine import rows, scratch
from tests.sources.kit import Desk, laid_out, layout

HERE = Path(__file__).parent / "layouts"


def vintage(name: str) -> list[str]:
    """The header of a published file, or the columns known of it."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (vintage("ofsted_2015_inspections"), "ofsted_inspections"),
        (vintage("ofsted_2018_latest"), "ofsted"),
        (vintage("ofsted_2019_inspections"), "ofsted_inspections"),
        (vintage("ofsted_2022_latest"), "ofsted"),
        (vintage("ofsted_2023_latest"), "ofsted"),
        (vintage("ofsted_2024_inspections"), "ofsted_inspections"),
        (layout("ofsted_2025"), "ofsted"),
        (vintage("ofsted_2026_in_year"), "ofsted_inspections"),
        (layout("ofsted_2026"), "ofsted_report_cards"),
        (vintage("ofsted_2026_most_recent"), "ofsted_report_cards"),
        (layout("ofsted_events"), "ofsted_events"),
        (["URN", "Overall effectiveness", "Inspection start date"], "ofsted_history"),
        (["URN", "School name", "Overall effectiveness", "Inspection start date"], "ofsted"),
    ],
)
def test_every_vintage_is_told_by_its_header(header: list[str], kind: str) -> None:
    found = recognised(header)
    assert found is not None
    assert found.id == kind


# one school of each vintage: a grade, a category, safeguarding, an inspection without grades
ONE_OF_EACH = [
    (
        "ofsted_2015_inspections",
        "inspections 2005 to 2015.csv",
        {"Overall effectiveness: how good is the school": "4", "Category of concern": "NTI"},
        {"overall": "4", "category": "NTI", "start_date": date(2011, 3, 9), "end_date": date(2011, 3, 10)},
    ),
    (
        "ofsted_2018_latest",
        "latest as at 31 August 2018.csv",
        {"Is safeguarding effective?": "Yes", "16 to 19 study programmes": "2", "Total pupils": "1,204"},
        {"safeguarding": "Yes", "sixth_form": "2", "pupils": 1204.0, "start_date": date(2011, 3, 9)},
    ),
    (
        "ofsted_2019_inspections",
        "1 September 2015 to 31 August 2019.csv",
        {
            "Outcomes for S8 inspections that did not convert": "School remains Good (Improving) - S5 Next",
            "Personal development, behaviour and welfare": "3",
        },
        {"ungraded_outcome": "School remains Good (Improving) - S5 Next", "behaviour_and_welfare": "3"},
    ),
    (
        "ofsted_2022_latest",
        "latest as at 28 Feb 2022.csv",
        {
            "Date of latest section 8 inspection": "05/10/2021",
            "Section 8 inspection overall outcome": "School remains Good",
        },
        {"ungraded_start_date": date(2021, 10, 5), "ungraded_outcome": "School remains Good"},
    ),
    (
        "ofsted_2023_latest",
        "latest as at 31 August 2023.csv",
        {"Previous inspection end date": "12/05/2009", "Previous safeguarding is effective?": "9"},
        {"previous_end_date": date(2009, 5, 12), "previous_safeguarding": "9"},
    ),
    (
        "ofsted_2024_inspections",
        "published by 30 Sep 2024.csv",
        {"Previous overall effectiveness": "3", "URN at time of previous inspection": "100009"},
        {"previous_overall": "3", "previous_urn_at_time": "100009"},
    ),
    (
        "ofsted_2026_in_year",
        "published by 31 May 2026.csv",
        {"Leadership and governance": "Strong standard", "Safeguarding standards": "Met"},
        {"leadership_and_governance": "Strong standard", "safeguarding": "Met"},
    ),
    (
        "ofsted_2026_most_recent",
        "latest as at 31 May 2026.csv",
        {"Post-16 provision (where applicable)": "Exceptional", "Post-16 provision - date of grade": "11/03/2026"},
        {"post_16": "Exceptional", "post_16_date": date(2026, 3, 11)},
    ),
]


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=lambda case: case[0])
def test_a_school_of_each_vintage_is_read(case: tuple[str, str, dict[str, str], dict[str, object]], desk: Desk) -> None:
    name, file, cells, expected = case
    header = vintage(name)
    began = next(column for column in ("Inspection start date", "Inspection date") if column in header)
    usual = {"URN": "100001", "School name": "Invented School", "Inspection number": "10000001", began: "09/03/2011"}
    usual |= {"Inspection end date": "10/03/2011"}
    row = {column: cell for column, cell in usual.items() if column in header} | cells
    content = f"Title line of the file\r\n{laid_out(header, row, otherwise='NULL')}"
    report = desk.take(file, content.encode("cp1252"))
    assert report.status == "imported", report
    (staged,) = desk.staged(f"stg_{report.kind}_rows")
    assert {name: staged[name] for name in expected} == expected
    assert staged["row_number"] == 3


def test_sheets_of_a_workbook_are_told_apart(desk: Desk) -> None:
    """A cover, the inspections of the year and the most recent ones, each with lines above its header."""
    in_year = {"URN": "100001", "Inspection number": "10000001", "Inspection start date": "13/01/2026"}
    recent = {"URN": "100001", "School name": "Invented School", "LAESTAB": "9992001"}
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Cover").write_row(0, 0, ["State-funded schools inspections and outcomes"])
        for sheet, header, cells, above in (
            ("D1_In_year_inspections", vintage("ofsted_2026_in_year"), in_year, 1),
            ("D2_Most_recent_inspections", vintage("ofsted_2026_most_recent"), recent, 3),
        ):
            page = book.add_worksheet(sheet)
            for line in range(above):
                page.write_row(line, 0, [f"Title {line}"])
            page.write_row(above, 0, header)
            page.write_row(above + 1, 0, [cells.get(column, "NULL") for column in header])
    reports = import_paths(desk.data, [desk.write("management_information_as_at_2026-05-31.xlsx", out.getvalue())])
    assert [(report.kind, report.status, report.rows_kept) for report in reports] == [
        ("", "not a known kind", 0),
        ("ofsted_inspections", "imported", 1),
        ("ofsted_report_cards", "imported", 1),
    ]


def test_an_unknown_code_names_the_code_the_row_and_the_place_to_add_it(desk: Desk) -> None:
    header = vintage("ofsted_2024_inspections")
    row = {
        "URN": "100001",
        "Inspection number": "1",
        "Inspection start date": "09/03/2024",
        "Quality of education": "2",
    }
    good, bad = row, row | {"Section 8 inspection overall outcome": "School shines"}
    said = desk.refused("all inspections.csv", laid_out(header, good, bad, otherwise="NULL"))
    assert 'Line 3, column Section 8 inspection overall outcome: "School shines" is not a code that is known' in said
    assert "add it to data/lookups/inspection_codes.csv (list ungraded_outcome)" in said


def test_a_code_that_is_listed_as_another_is_read_as_that_one() -> None:
    """What a colleague adds to the list, so that a new spelling needs no code."""
    field = Field(
        "overall", ("Overall",), "code", codes=frozenset({"1", "Outstanding"}), same_as=(("Outstanding", "1"),)
    )
    with scratch() as con:
        sql = (
            f"select {value_of(field, 'cell')} as read_as from (values ('1'), ('Outstanding'), ('Superb')) as t (cell)"
        )
        assert [row["read_as"] for row in rows(con, sql)] == ["1", "1", None]


def test_every_listed_code_is_one_that_the_judgements_know() -> None:
    """A code may be read as another one; what it is read as is a code of the same list that is read as itself."""
    with (LOOKUPS / "inspection_codes.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    plain = {(row["list"], row["code"]) for row in listed if row["code"] == row["read_as"]}
    assert {(row["list"], row["read_as"]) for row in listed} == plain
    assert len({(row["list"], row["code"]) for row in listed}) == len(listed)
    assert all(row["meaning"] for row in listed)


def test_every_code_of_the_inspection_files_says_where_it_is_listed() -> None:
    for source in (MANAGEMENT_INFORMATION, REPORT_CARDS, INSPECTIONS, EVENTS, HISTORY):
        coded = [field for field in source.fields if field.kind == "code" and field.name != "event_kind"]
        assert coded
        for field in coded:
            assert field.codes_in.startswith("data/lookups/inspection_codes.csv"), (source.id, field.name)
