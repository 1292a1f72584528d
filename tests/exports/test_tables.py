"""Files that leave the house: text stays text, a date a date, and what is missing stays empty."""

import csv
import io
import re
import zipfile
from datetime import date
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from risk_model.exports.tables import as_csv, as_parquet, as_xlsx

FORMULAS = [
    '=HYPERLINK("http://example.org")',
    "+1+2",
    "-1+2",
    "@SUM(A1)",
    "\t=1+2",
    "\r=1+2",
    "\n=1+2",
    "=cmd|' /C calc'!A0",
]
PLAIN_TEXTS = ["Alder Bank", "http://example.org", "007", "1e5", "St Zoë’s, Ł", "'quoted'", 'a "b"; c,d']


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _sheet(content: bytes, sheet: str = "Schools") -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def _xml(content: bytes, part: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(part).decode("utf-8")


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_text_that_begins_like_a_formula_is_disarmed(text: str) -> None:
    rows = _rows(as_csv(pd.DataFrame({"School": [text]})))
    assert rows == [["School"], [f"'{text}"]]


@pytest.mark.parametrize("text", PLAIN_TEXTS)
def test_csv_other_text_is_unchanged(text: str) -> None:
    assert _rows(as_csv(pd.DataFrame({"School": [text]})))[1] == [text]


def test_csv_negative_number_stays_a_number() -> None:
    assert _rows(as_csv(pd.DataFrame({"Progress": [-0.62]})))[1] == ["-0.62"]


@pytest.mark.parametrize("heading", ["=1+2", "@SUM(A1)"])
def test_csv_heading_that_begins_like_a_formula_is_disarmed(heading: str) -> None:
    assert _rows(as_csv(pd.DataFrame({heading: ["a"]})))[0] == [f"'{heading}"]


def test_csv_begins_with_a_byte_order_mark_and_ends_its_lines_for_spreadsheets() -> None:
    content = as_csv(pd.DataFrame({"School": ["Zoë"]}))
    assert content == b"\xef\xbb\xbfSchool\r\nZo\xc3\xab\r\n"


def test_csv_missing_values_of_every_type_stay_empty() -> None:
    table = pd.DataFrame(
        {
            "number": [1.5, float("nan")],
            "whole": pd.array([3, pd.NA], dtype="Int64"),
            "text": ["a", None],
            "day": [date(2026, 11, 20), None],
            "time": pd.Series([pd.Timestamp("2026-11-20"), pd.NaT]),
        }
    )
    rows = _rows(as_csv(table))
    assert rows[1] == ["1.5", "3", "a", "2026-11-20", "2026-11-20"]
    assert rows[2] == ["", "", "", "", ""]


@pytest.mark.parametrize("text", [*FORMULAS, *PLAIN_TEXTS])
def test_xlsx_text_is_a_string_cell_and_never_a_formula_or_a_link(text: str) -> None:
    content = as_xlsx(pd.DataFrame({"School": [text]}))
    xml = _xml(content)
    assert "<f>" not in xml
    assert "hyperlink" not in xml.casefold()
    # t="s" is a shared string
    assert re.search(r'<c r="A2"[^>]* t="s"', xml), xml
    # XML reads a carriage return as a line end
    assert _sheet(content)[1] == [text.replace("\r", "\n")] or _sheet(content)[1] == [text]


def test_xlsx_heading_and_notes_are_string_cells() -> None:
    content = as_xlsx(pd.DataFrame({"=1+2": ["a"]}), about=["=1+2", "http://example.org"])
    assert "<f>" not in _xml(content) + _xml(content, "xl/worksheets/sheet2.xml")
    assert _sheet(content, "About") == [["=1+2"], ["http://example.org"]]


def test_xlsx_numbers_dates_and_truth_keep_their_type() -> None:
    table = pd.DataFrame(
        {
            "number": [-0.62],
            "whole": pd.array([3], dtype="Int64"),
            "day": [date(2026, 11, 20)],
            "time": pd.to_datetime(["2026-11-20"]),
            "truth": [True],
            "urn": ["100001"],
        }
    )
    row = _sheet(as_xlsx(table))[1]
    assert row == [-0.62, 3.0, date(2026, 11, 20), date(2026, 11, 20), True, "100001"]


def test_xlsx_missing_values_have_no_cell() -> None:
    table = pd.DataFrame(
        {
            "name": ["a"],
            "number": [float("nan")],
            "whole": pd.array([pd.NA], dtype="Int64"),
            "text": [None],
            "time": pd.Series([pd.NaT]),
        }
    )
    xml = _xml(as_xlsx(table))
    assert re.findall(r'<c r="([A-Z]+2)"', xml) == ["A2"]


def test_xlsx_of_no_rows_has_its_headings() -> None:
    content = as_xlsx(pd.DataFrame(columns=["School", "URN"]), about=["0 schools."])
    assert _sheet(content) == [["School", "URN"]]


def test_parquet_keeps_types_and_text() -> None:
    table = pd.DataFrame({"urn": ["100001"], "score": [1.5], "name": ["=1+2"]})
    back = pd.read_parquet(io.BytesIO(as_parquet(table)))
    assert back.to_dict("list") == {"urn": ["100001"], "score": [1.5], "name": ["=1+2"]}
