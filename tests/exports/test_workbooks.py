"""A list as a workbook: what openpyxl and LibreOffice find in it, and that nothing in it acts."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from risk_model.domain.documents import Document, Section, Table
from risk_model.exports.documents import as_docx
from risk_model.exports.tables import as_csv
from risk_model.exports.workbooks import as_list_workbook
from tests.exports.office_kit import converted, pdf_of, sheets_of, text_of_word
from tests.exports.pdf_kit import page_count

NAMES = (
    '=HYPERLINK("http://example.org","press")',
    "@SUM(A1:A9)",
    "+44 1234",
    "-2+3",
    "https://example.org/school",
    "mailto:head@example.org",
    "Ysgol Gynradd Tŷ Gŵyr, Llŷn",
    "Âncora, Émile & Zoë’s Primary School",
    "007",
    "1/2",
    "TRUE",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3,
)
BANNER = "OFFICIAL-SENSITIVE: for one office"


def data_of(names: tuple[str, ...]) -> pd.DataFrame:
    count = len(names)
    return pd.DataFrame(
        {
            "URN": [f"{100000 + place}" for place in range(count)],
            "Academy": list(names),
            "Pupils": list(range(200, 200 + count)),
            "Raised on": [date(2026, 6, 22) if place % 2 else "not recorded" for place in range(count)],
        },
        dtype=object,
    )


def workbook_of(names: tuple[str, ...]) -> bytes:
    table = Table(("Academy", "Level"), tuple((name, "■ unlikely") for name in names), (3, 1))
    to_read = Document("A list", "a_list", (BANNER,), (Section("The list", text=NAMES, tables=(table,)),), BANNER)
    method = Document("Method", "a_list", (), (Section("What to know", text=("Worked out by rules.",)),))
    return as_list_workbook(to_read, data_of(names), method)


def test_it_has_a_sheet_to_read_one_of_data_and_one_of_method() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(NAMES)))
    assert book.sheetnames == ["To read", "Data", "Method"]
    assert book.properties.title == "A list"
    assert not book.properties.creator
    assert [sheet.page_setup.orientation for sheet in book] == ["landscape"] * 3


def test_every_cell_of_the_data_comes_back_as_what_it_was() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(NAMES)))["Data"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    wanted = data_of(NAMES)
    assert rows[0] == list(wanted.columns)
    found = [[one.date() if isinstance(one, datetime) else one for one in row] for row in rows[1:]]
    assert found == wanted.to_numpy().tolist()
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:D{len(NAMES) + 1}"
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("sheet", ["To read", "Data", "Method"])
def test_no_cell_is_a_formula_or_a_link(sheet: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(NAMES)))
    assert {cell.data_type for row in book[sheet].iter_rows() for cell in row} <= {"s", "n", "d"}
    assert not [cell for row in book[sheet].iter_rows() for cell in row if cell.hyperlink]


def test_the_file_holds_no_link_macro_or_outside_part() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_of(NAMES))) as archive:
        names = archive.namelist()
        text = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
    assert not [name for name in names if "external" in name.lower() or name.endswith(".bin")]
    assert b'TargetMode="External"' not in text


def test_the_classification_is_at_the_head_of_every_printed_page() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(NAMES)))
    assert [book[name].oddHeader.left.text for name in ("To read", "Data")] == [BANNER] * 2
    assert book["Method"].oddHeader.left.text is None


def test_an_ampersand_of_a_classification_is_a_letter_and_no_code() -> None:
    made = as_list_workbook(Document("A", "a", (), (), "A &D B"), data_of(("x",)), Document("M", "m", (), ()))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"<oddHeader>&amp;LA &amp;&amp;D B</oddHeader>" in archive.read("xl/worksheets/sheet1.xml")


def test_libreoffice_shows_the_same_cells(tmp_path: Path) -> None:
    sheets = sheets_of(workbook_of(NAMES), tmp_path)
    wanted = data_of(NAMES)
    shown = [[f"{one.day} {one:%B %Y}" if isinstance(one, date) else str(one) for one in row] for row in wanted.values]
    assert sheets["Data"] == [list(wanted.columns), *shown]
    read = [row[0] for row in sheets["To read"]]
    assert [name for name in NAMES if name not in read and len(name) < 100] == []


def test_three_hundred_schools_open_print_and_keep_their_names(tmp_path: Path) -> None:
    names = tuple(f"{NAMES[place % len(NAMES)]} {place}" for place in range(300))
    made = workbook_of(names)
    sheet = openpyxl.load_workbook(io.BytesIO(made))["Data"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == list(names)
    assert page_count(pdf_of(made, "xlsx", tmp_path)) > 10


def test_a_row_is_high_enough_for_the_text_that_wraps_in_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(("word " * 60,))))
    # 300 letters in a column of 48 are seven lines of 15 points
    assert book["Data"].row_dimensions[2].height == 7 * 15


def test_a_text_longer_than_a_cell_holds_is_cut_and_says_so() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(("x" * 40_000,))))["Data"]
    value = sheet["B2"].value
    assert isinstance(value, str)
    assert len(value) == 32_767
    assert value.endswith("the CSV has the rest)")


def test_libreoffice_opens_the_csv_with_every_text_as_text(tmp_path: Path) -> None:
    (made,) = converted(as_csv(data_of(NAMES)), "csv", "fods:OpenDocument Spreadsheet Flat XML", tmp_path)
    flat = made.read_text("utf-8")
    assert "table:formula" not in flat
    assert "xlink:href=" not in flat.partition("<office:body>")[2]
    assert "Ysgol Gynradd Tŷ Gŵyr, Llŷn" in flat


def test_libreoffice_reads_every_word_of_the_word_file(tmp_path: Path) -> None:
    table = Table(("Academy", "Level"), tuple((name, "■ unlikely") for name in NAMES))
    document = Document("A list", "x", (BANNER,), (Section("The list", tables=(table,), on_new_page=True),), BANNER)
    again = tmp_path / "again"
    again.mkdir()
    text = text_of_word(as_docx(document), tmp_path)
    for name in (*NAMES, BANNER, "■ unlikely"):
        assert name.strip() in text, name
    assert page_count(pdf_of(as_docx(document), "docx", again)) == 2
