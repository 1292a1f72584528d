"""A template as CSV or as a workbook: headers, one filled example line, and what each column means."""

import io
from datetime import date
from typing import Any

import pandas as pd
import xlsxwriter

from risk_model.domain.templates import HOW_SHEET, WORDS_SHEET, Template, TemplateColumn
from risk_model.exports.tables import SAFE_WORKBOOK, as_csv

_NUMBERS = frozenset({"count", "number", "percent", "money"})
_LAST_ROW = 5_000  # how far down a workbook offers the words and checks what is typed
_SHEET_NAME = 31  # what Excel takes at most, as are the next two
_MESSAGE = 255
_MESSAGE_TITLE = 32


def template_as_csv(template: Template) -> bytes:
    """A template's header and its example line, as CSV in UTF-8 with a byte-order mark."""
    line = {column.name: [example_value(column)] for column in template.columns}
    return as_csv(pd.DataFrame(line, dtype=object))


def template_as_xlsx(template: Template) -> bytes:
    """A template as a workbook: the lines, how to fill them in, and the words that are allowed.

    Dates are dates, columns with a list of words offer it, and the header stays in view. The import reads the first
    sheet alone.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, dict(SAFE_WORKBOOK)) as workbook:
        _write_lines(workbook, template)
        _write_how(workbook, template)
        if any(column.words for column in template.columns):
            _write_words(workbook, template)
    return buffer.getvalue()


def example_value(column: TemplateColumn) -> str | float | int | date | None:
    """The example of a column as the value that it is; None where the example leaves it blank."""
    if not column.example:
        return None
    if column.kind == "date":
        return date.fromisoformat(column.example)
    if column.kind in _NUMBERS:
        number = float(column.example)
        return int(number) if number.is_integer() else number
    return column.example


def sheet_name(template: Template) -> str:
    """What the sheet of the lines is called: the title, as far as a workbook allows."""
    allowed = "".join(c for c in template.title if c not in "[]:*?/\\'")
    return allowed[:_SHEET_NAME].strip()


def _write_lines(workbook: Any, template: Template) -> None:
    needed = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#D9E2F3"})
    optional = workbook.add_format({"bold": True, "bottom": 1})
    day = workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    plain = workbook.add_format({"align": "left"})
    page = workbook.add_worksheet(sheet_name(template))
    offered = [column for column in template.columns if column.words]
    for place, column in enumerate(template.columns):
        page.write_string(0, place, column.name, needed if column.is_needed else optional)
        value = example_value(column)
        form = day if column.kind == "date" else plain
        width = max(12, len(column.name), *(len(word) for word in (column.example, *column.words))) + 2
        page.set_column(place, place, min(45, width), form)
        if isinstance(value, date):
            page.write_datetime(1, place, value, day)
        elif isinstance(value, int | float):
            page.write_number(1, place, value, plain)
        elif value:
            page.write_string(1, place, value, plain)
        page.data_validation(1, place, _LAST_ROW, place, _validation(column, offered))
    page.freeze_panes(1, 0)


def _validation(column: TemplateColumn, offered: list[TemplateColumn]) -> dict[str, Any]:
    """What a cell takes: a word of the list, a date, a number; with the meaning beside it while it is filled in."""
    told = {
        "input_title": column.name[:_MESSAGE_TITLE],
        "input_message": column.meaning[:_MESSAGE],
        "error_title": column.name[:_MESSAGE_TITLE],
        "error_message": f"Write {column.allowed}."[:_MESSAGE],
    }
    if column.words:
        place = offered.index(column)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        source = f"='{WORDS_SHEET}'!${letter}$2:${letter}${len(column.words) + 1}"
        return {"validate": "list", "source": source, **told}
    if column.kind == "date":
        between = {"criteria": "between", "minimum": date(1970, 1, 1), "maximum": date(2099, 12, 31)}
        return {"validate": "date", **between, **told}
    if column.kind == "count":
        return {"validate": "integer", "criteria": ">=", "value": 0, **told}
    if column.kind == "percent":
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100, **told}
    if column.kind in _NUMBERS:
        return {"validate": "decimal", "criteria": "between", "minimum": -1e9, "maximum": 1e9, **told}
    return {"validate": "any", **told}


def _write_how(workbook: Any, template: Template) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    page = workbook.add_worksheet(HOW_SHEET)
    page.set_column(0, 0, 26, wrapped)
    page.set_column(1, 2, 60, wrapped)
    page.set_column(3, 3, 32, wrapped)
    page.set_column(4, 4, 10, wrapped)
    above = [
        template.title,
        template.purpose,
        f"Write your lines over the example on the first sheet. "
        f"A line with the {' '.join(template.example_mark)} is left out.",
        "Leave a cell blank where the answer is not known: blank is not zero. Columns with a coloured head are needed.",
    ]
    for row, text in enumerate(above):
        page.write_string(row, 0, text, workbook.add_format({"bold": row == 0}))
    first = len(above) + 1
    for place, text in enumerate(("Column", "What it means", "What a cell may hold", "Example", "Needed")):
        page.write_string(first, place, text, bold)
    for row, column in enumerate(template.columns, start=first + 1):
        cells = (column.name, column.meaning, column.allowed, column.example, "yes" if column.is_needed else "no")
        for place, text in enumerate(cells):
            page.write_string(row, place, text, wrapped)


def _write_words(workbook: Any, template: Template) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1})
    page = workbook.add_worksheet(WORDS_SHEET)
    for place, column in enumerate(one for one in template.columns if one.words):
        page.write_string(0, place, column.name, bold)
        page.set_column(place, place, max(len(word) for word in (column.name, *column.words)) + 2)
        for row, word in enumerate(column.words, start=1):
            page.write_string(row, place, word)
