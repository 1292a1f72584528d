"""A table as CSV, XLSX or Parquet. Text is text: never a formula, never a link."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import pandas as pd
import xlsxwriter

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDEST = 60
# what a cell of a workbook holds at most
_MOST_CHARACTERS = 32_767
_CUT = " … (cut here: a cell of a workbook holds no more; the CSV has the rest)"
# What every workbook is opened with: a text is never taken for a formula, a link or a number.
SAFE_WORKBOOK: Mapping[str, bool] = MappingProxyType(
    {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
)


def as_csv(table: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8 with a byte-order mark, which spreadsheets need; formulas are disarmed."""
    safe = table.map(_safe_cell).rename(columns=_safe_cell)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def as_xlsx(table: pd.DataFrame, *, sheet: str = "Schools", about: Sequence[str] = ()) -> bytes:
    """A table as a workbook, with a second sheet that says what it is.

    Args:
        about: lines for the second sheet: what was chosen, of which date, from which sources.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, dict(SAFE_WORKBOOK)) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        day = workbook.add_format({"num_format": "d mmm yyyy"})
        page = workbook.add_worksheet(sheet[:31])
        for column, name in enumerate(table.columns):
            page.write_string(0, column, str(name), bold)
            values = table[name].tolist()
            for row, value in enumerate(values, start=1):
                write_cell(page, row, column, value, day)
            widest = max([len(str(name)), *(len(str(v)) for v in values[:200])])
            page.set_column(column, column, min(_WIDEST, widest + 2))
        page.freeze_panes(1, 0)
        if len(table.columns):
            page.autofilter(0, 0, max(1, len(table)), len(table.columns) - 1)
        notes = workbook.add_worksheet("About")
        notes.set_column(0, 0, 110)
        for row, line in enumerate(about):
            notes.write_string(row, 0, line)
    return buffer.getvalue()


def as_parquet(table: pd.DataFrame) -> bytes:
    """A table as Parquet, types kept."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def write_cell(page: Any, row: int, column: int, value: object, day: object, plain: object = None) -> None:
    """Write a value into a sheet as what it is: a number, a date, or a text that is never a formula or a link.

    Args:
        day: the format of dates; plain: that of everything else.
    """
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value, plain)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, plain)
    elif isinstance(value, datetime | date):
        page.write_datetime(row, column, value, day)
    else:
        page.write_string(row, column, _fitting(str(value)), plain)


def _fitting(text: str) -> str:
    """A text as a cell can hold it: a longer one would be left out without a word."""
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - len(_CUT)] + _CUT


def _safe_cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    # pandas' missing time is a datetime by type, and would be written as "NaT"
    if value is pd.NaT:
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value
