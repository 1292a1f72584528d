"""A workbook of three sheets: one to read and print, one of data to sort and filter, one that says how it was made."""

import io
from collections.abc import Sequence
from math import ceil
from typing import Any

import pandas as pd
import xlsxwriter

from risk_model.domain.documents import Document, Table
from risk_model.exports.documents import writable
from risk_model.exports.tables import SAFE_WORKBOOK, write_cell

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ_SHEET, DATA_SHEET, METHOD_SHEET = "To read", "Data", "Method"
_A4 = 9
_WIDEST_DATA, _READING_WIDTH = 48, 130
_LINE, _HIGHEST = 15.0, 405.0  # points; a row can be no higher
_DATE = "d mmmm yyyy"
# a header of a printed page holds so much at most, an ampersand counting twice
_LONGEST_HEADER = 200


def as_list_workbook(to_read: Document, data: pd.DataFrame, method: Document) -> bytes:
    """A list as a workbook.

    Args:
        to_read: drawn on the first sheet: title, paragraphs, headings and tables, wrapped, on pages across.
        data: on the second: one row of headings, a row each, dates as dates, numbers as numbers, text as text.
        method: drawn on the third.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, dict(SAFE_WORKBOOK)) as workbook:
        workbook.set_properties({"title": writable(to_read.title), "author": "", "comments": ""})
        _draw(workbook, READ_SHEET, to_read)
        _write_data(workbook, data, to_read.banner)
        _draw(workbook, METHOD_SHEET, method)
    return buffer.getvalue()


def _draw(workbook: Any, name: str, document: Document) -> None:
    """A document from the top down; a table begins in the first column, and each stands under its heading."""
    title, heading, head, cell, text = _formats(workbook)
    page = workbook.add_worksheet(name)
    _set_up_page(page, document.banner)
    widths = _widths(document)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.write_string(0, 0, writable(document.title), title)
    row = 1
    for line in document.about:
        row = _write_line(page, row, line, text)
    for section in document.sections:
        page.write_string(row + 1, 0, writable(section.title), heading)
        row += 2
        for part in section.text:
            for line in (part,) if isinstance(part, str) else tuple(f"- {one}" for one in part.points):
                row = _write_line(page, row, line, text)
        for table in section.tables:
            for number, cells in enumerate([table.columns, *table.rows]):
                page.set_row(row, _height(cells, widths))
                for column, said in enumerate(cells):
                    page.write_string(row, column, writable(said), cell if number else head)
                row += 1


def _write_line(page: Any, row: int, line: str, text: Any) -> int:
    """A paragraph in lines that a page holds: what runs on over the neighbouring cells is cut by the page's edge."""
    for part in _wrapped(writable(line)):
        page.write_string(row, 0, part, text)
        row += 1
    return row


def _wrapped(line: str) -> list[str]:
    parts = [""]
    for word in line.split():
        longer = f"{parts[-1]} {word}".strip()
        if len(longer) > _READING_WIDTH and parts[-1]:
            parts.append(word)
        else:
            parts[-1] = longer
    return parts


def _height(cells: Sequence[object], widths: Sequence[int]) -> float:
    """Of a row, in points, so that its wrapped text is seen: not every program works it out when it opens a file."""
    lines = [
        sum(ceil(max(1, len(part)) / max(1, width - 2)) for part in str(text).split("\n"))
        for text, width in zip(cells, widths, strict=False)
    ]
    return min(_HIGHEST, _LINE * max(lines, default=1))


def _widths(document: Document) -> list[int]:
    """Of the columns, in characters: those of the widest table, so that the sheet is as wide as its paragraphs."""
    tables = [table for section in document.sections for table in section.tables]
    if not tables:
        return [_READING_WIDTH]
    widest: Table = max(tables, key=lambda table: len(table.columns))
    parts = widest.widths or (1,) * len(widest.columns)
    return [max(8, round(_READING_WIDTH * part / sum(parts))) for part in parts]


def _formats(workbook: Any) -> tuple[Any, ...]:
    wrapped = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#8A949E"}
    return (
        workbook.add_format({"bold": True, "font_size": 16}),
        workbook.add_format({"bold": True, "font_size": 12}),
        workbook.add_format({"bold": True, "bg_color": "#E8ECF0", **wrapped}),
        workbook.add_format(wrapped),
        workbook.add_format({"valign": "top"}),
    )


def _set_up_page(page: Any, banner: str) -> None:
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    if banner:
        # an ampersand begins a code there
        page.set_header(f"&L{writable(banner).replace('&', '&&')[:_LONGEST_HEADER]}")
    page.set_footer("&RPage &P of &N")


def _write_data(workbook: Any, data: pd.DataFrame, banner: str) -> None:
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    cell = workbook.add_format({"text_wrap": True, "valign": "top"})
    day = workbook.add_format({"num_format": _DATE, "valign": "top", "align": "left"})
    page = workbook.add_worksheet(DATA_SHEET)
    _set_up_page(page, banner)
    widths = [_data_width([name, *data[name].tolist()]) for name in data.columns]
    for row, values in enumerate([tuple(data.columns), *data.itertuples(index=False, name=None)]):
        page.set_row(row, _height(values, widths))
        for column, value in enumerate(values):
            write_cell(page, row, column, value, day, cell if row else head)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.freeze_panes(1, 2)
    page.repeat_rows(0)
    page.autofilter(0, 0, max(1, len(data)), max(0, len(data.columns) - 1))


def _data_width(values: Sequence[object]) -> int:
    longest = max(len(line) for value in values for line in str(value).split("\n"))
    return min(_WIDEST_DATA, longest + 3)
