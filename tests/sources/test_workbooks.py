"""Workbooks and Parquet: the same contract as CSV."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from risk_model.sources.importing import import_paths
from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, absence_text

Cells = Sequence[Sequence[object]]
NAME = "2023-2024/absence.xlsx"
LINKS_HEADER = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]


def _workbook(sheets: dict[str, Cells]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(cells):
                sheet.write_row(i, 0, row)
    return out.getvalue()


def _absence(shift: float = 0.0, count: int = 3) -> list[list[object]]:
    """Numbers as numbers, as a spreadsheet holds them."""
    rows = absence_rows(count, shift=shift)
    return [list(ABSENCE_HEADER), *([la, int(e), int(u), float(a), float(p)] for la, e, u, a, p in rows)]


def test_numbers_of_a_workbook_are_those_of_the_csv(desk: Desk) -> None:
    report = desk.take(NAME, _workbook({"Data": _absence()}))
    assert (report.status, report.name, report.rows_read) == ("imported", f"{NAME}/Data", 3)
    from_workbook = [(row["urn"], row["absence_pct"]) for row in desk.staged("stg_absence")]
    assert from_workbook == [("100001", 4.0), ("100002", 4.1), ("100003", 4.2)]


def test_dates_are_read_as_dates_and_as_text(desk: Desk) -> None:
    cells: list[list[object]] = [
        [*LINKS_HEADER],
        [100001, 100004, "Invented", "Predecessor", date(2014, 9, 1)],
        [100002, 100005, "Invented", "Predecessor", datetime(2014, 9, 1, 0, 0)],
        [100003, 100006, "Invented", "Predecessor", "01/09/2014"],
        [100007, 100008, "Invented", "Predecessor", None],
    ]
    assert desk.take("links_2025-04-22.xlsx", _workbook({"Links": cells})).status == "imported"
    days = [row["linked_on"] for row in desk.staged("stg_gias_links_rows")]
    assert days == [date(2014, 9, 1)] * 3 + [None]


def test_several_sheets_land_each_and_a_cover_is_named(desk: Desk) -> None:
    sheets: dict[str, Cells] = {
        "Cover": [["Published in March"], ["by nobody"]],
        "Nothing": [],
        "2022-23": _absence(shift=1),
        "2023-24": _absence(),
    }
    reports = import_paths(desk.data, [desk.write("absence.xlsx", _workbook(sheets))])
    assert [(r.name.split("/")[-1], r.status, r.period) for r in reports] == [
        ("Cover", "not a known kind", ""),
        ("2022-23", "imported", "2022-2023"),
        ("2023-24", "imported", "2023-2024"),
    ]
    again = import_paths(desk.data, [desk.folder / "absence.xlsx"])
    assert [r.status for r in again] == ["not a known kind", "already loaded", "already loaded"]


def test_title_rows_and_gaps_of_a_sheet_are_left_out(desk: Desk) -> None:
    cells: list[list[object]] = [["Pupil absence"], [], *_absence()]
    report = desk.take(NAME, _workbook({"Data": cells}))
    assert report.status == "imported"
    assert "2 lines above the header left out" in report.problems


def test_bad_cell_is_named_with_its_row(desk: Desk) -> None:
    cells = _absence()
    cells[2][3] = 140
    said = desk.refused(NAME, _workbook({"Data": cells}))
    assert 'Line 3, column PERCTOT: "140" is not a percentage' in said


def test_percentages_stored_as_fractions_are_refused(desk: Desk) -> None:
    cells: list[list[object]] = [
        row if i == 0 else [*row[:3], float(str(row[3])) / 100, float(str(row[4])) / 100]
        for i, row in enumerate(_absence(count=25))
    ]
    assert "looks like a fraction" in desk.refused(NAME, _workbook({"Data": cells}))


def test_percentages_that_a_workbook_shows_are_read_as_shown(desk: Desk) -> None:
    """A spreadsheet that shows 5.5% holds 0.055: with its format it is known what is meant."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, shown = book.add_worksheet("Data"), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, ABSENCE_HEADER)
        for i in range(25):
            sheet.write_row(i + 1, 0, ["999", 2001 + i, 100001 + i])
            sheet.write_number(i + 1, 3, (55 + i) / 1000, shown)
            sheet.write_number(i + 1, 4, (146 + i) / 1000, book.add_format({"num_format": 10}))
    assert desk.take(NAME, out.getvalue()).status == "imported"
    first = desk.staged("stg_absence")[0]
    assert (first["absence_pct"], first["persistent_absence_pct"]) == (5.5, 14.6)


def test_errors_of_a_workbook_are_missing_for_a_reason_of_their_own(desk: Desk) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Data")
        for i, row in enumerate(_absence()):
            sheet.write_row(i, 0, row)
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 3, "=NA()", None, "#N/A")
        sheet.write_blank(3, 3, None)
    assert desk.take(NAME, out.getvalue()).status == "imported"
    staged = desk.staged("stg_absence")
    assert [row["absence_pct"] for row in staged] == [None, None, 4.2]
    assert [row["absence_pct_missing"] for row in staged] == ["spreadsheet_error", "spreadsheet_error", None]


@pytest.mark.parametrize("as_written", [True, False])
def test_places_of_cells_are_known_where_a_program_leaves_them_out(desk: Desk, as_written: bool) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Data")
        for i, row in enumerate(_absence()):
            sheet.write_row(i, 0, row)
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    content = out.getvalue() if as_written else _without_places(out.getvalue())
    assert desk.take(NAME, content).status == "imported"
    assert [row["absence_pct_missing"] for row in desk.staged("stg_absence")] == [None, "spreadsheet_error", None]


def _without_places(content: bytes) -> bytes:
    """A workbook whose rows and cells do not say where they stand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = given.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb'(<(?:row|c)) r="[A-Z0-9]+"', rb"\1", part)
            made.writestr(name, part)
    return out.getvalue()


def _opendocument(sheets: dict[str, str]) -> bytes:
    """A spreadsheet of OpenDocument with the rows given as its own XML."""
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
    tables = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items())
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{manifest}">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return out.getvalue()


def _text(*cells: str) -> str:
    return "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )


def _typed(kind: str, value: str, shown: str) -> str:
    named = "date-value" if kind == "date" else "value"
    return (
        f'<table:table-cell office:value-type="{kind}" office:{named}="{value}"><text:p>{shown}</text:p>'
        "</table:table-cell>"
    )


def _rows(*rows: str) -> str:
    return "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)


ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)


def test_opendocument_with_titles_sheets_and_formats_is_read(desk: Desk) -> None:
    """As an LA's own copy looks: a merged title, a gap, numbers, percentages, an error, and a cover sheet."""
    merged = (
        '<table:table-cell table:number-columns-spanned="5" office:value-type="string"><text:p>Pupil absence in '
        "schools in England, 2023/24</text:p></table:table-cell><table:covered-table-cell "
        'table:number-columns-repeated="4"/>'
    )
    gap = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    school = _text("999") + _typed("float", "2001", "2001")
    data = (
        _rows(merged)
        + gap
        + _rows(
            _text(*ABSENCE_HEADER),
            school + _typed("float", "100001", "100001") + _typed("percentage", "0.055", "5.5%") + _text("SUPP"),
            school + _typed("float", "100002", "100002") + ERROR + _typed("percentage", "0.07", "7%"),
        )
    )
    content = _opendocument({"Cover": _rows(_text("Published in March")), "Absence": data})
    reports = import_paths(desk.data, [desk.write("absence.ods", content)])
    assert [(r.name, r.status, r.period) for r in reports] == [
        (f"{desk.folder.name}/absence.ods/Cover", "not a known kind", ""),
        (f"{desk.folder.name}/absence.ods/Absence", "imported", "2023-2024"),
    ]
    staged = desk.staged("stg_absence")
    assert [(row["urn"], row["absence_pct"], row["absence_pct_missing"]) for row in staged] == [
        ("100001", 5.5, None),
        ("100002", None, "spreadsheet_error"),
    ]
    assert [(row["persistent_absence_pct"], row["row_number"]) for row in staged] == [(None, 5), (7.0, 6)]


def test_dates_of_opendocument_are_read(desk: Desk) -> None:
    link = _typed("float", "100001", "100001") + _typed("float", "100004", "100004") + _text("Invented", "Predecessor")
    content = _opendocument({"Links": _rows(_text(*LINKS_HEADER), link + _typed("date", "2014-09-01", "01/09/14"))})
    assert desk.take("links_2025-04-22.ods", content).status == "imported"
    assert desk.staged("stg_gias_links_rows")[0]["linked_on"] == date(2014, 9, 1)


def test_workbook_of_nothing_known_is_refused_by_sheet(desk: Desk) -> None:
    path = desk.write(NAME, _workbook({"A": [["Colour"], ["red"]], "B": [["Size"], [3]]}))
    reports = import_paths(desk.data, [path])
    assert [report.status for report in reports] == ["refused", "refused"]
    assert "Found: Colour." in desk.fit_to_read(reports[0])


def test_workbook_without_a_table_is_refused(desk: Desk) -> None:
    assert "none of its sheets has a table" in desk.refused(NAME, _workbook({"A": []}))


def test_locked_workbook_is_refused(desk: Desk) -> None:
    said = desk.refused(NAME, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    assert "not a workbook that can be opened" in said
    assert "password" in said


def test_csv_named_xlsx_and_workbook_named_csv_are_told_by_their_bytes(desk: Desk) -> None:
    assert desk.take("2022-2023/england_abs.xlsx", absence_text(shift=1)).status == "imported"
    assert desk.take("2023-2024/england_abs.csv", _workbook({"Data": _absence()})).status == "imported"


def _parquet(path: Path, urns: pa.Array) -> bytes:
    table = pa.table(
        {
            "LA": ["999"] * 3,
            "ESTAB": pa.array([2001, 2002, 2003]),
            "URN": urns,
            "PERCTOT": pa.array([4.0, 4.1, None]),
            "PPERSABS10": ["10.0", "SUPP", "z"],
        }
    )
    pq.write_table(table, path)
    return path.read_bytes()


def test_parquet_is_read_as_text(desk: Desk, tmp_path: Path) -> None:
    content = _parquet(tmp_path / "a.parquet", pa.array([100001.0, 100002.0, 100003.0]))
    assert desk.take("2023-2024/absence.parquet", content).status == "imported"
    rows = desk.staged("stg_absence")
    assert [(r["urn"], r["absence_pct"], r["absence_pct_missing"]) for r in rows] == [
        ("100001", 4.0, None),
        ("100002", 4.1, None),
        ("100003", None, "blank"),
    ]
    assert [r["persistent_absence_pct_missing"] for r in rows] == [None, "suppressed", "not_applicable"]


def test_damaged_parquet_is_refused(desk: Desk) -> None:
    assert "not a Parquet file" in desk.refused("2023-2024/absence.parquet", b"PAR1 and no more")
