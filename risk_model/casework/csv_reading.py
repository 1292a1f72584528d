"""Reading a small CSV into rows of text, with every problem of its shape by line and column."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from risk_model.casework.checks import Problem, shown

# Where a file's column has another name than the field that it fills.
COLUMN_OF_FIELD: Mapping[str, str] = {
    "system_leader_id": "system_leader",
    "allocation_id": "support",
    "meeting_id": "meeting",
    "held_on": "date",
}


@dataclass(frozen=True)
class CsvProblem:
    """One thing that is wrong in a file.

    Attributes:
        line: counted from 1, the header among them; where a record of several lines begins.
        column: as the file should name it; "" when the whole line is meant.
        value: what stands there.
        sheet: of a workbook; "" for a CSV.
    """

    line: int
    column: str
    value: str
    problem: str
    what_to_do: str
    sheet: str = ""

    @property
    def sentence(self) -> str:
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        place = f"sheet {self.sheet}, {place}" if self.sheet else place
        return f"{place}: {self.problem} {self.what_to_do}"


@dataclass(frozen=True)
class CsvRow:
    """One record of a file: its line, and its text by column."""

    line: int
    values: dict[str, str]


def at_row(row: CsvRow, problem: Problem) -> CsvProblem:
    """A record's problem with its place in the file, and with what stands there."""
    column = COLUMN_OF_FIELD.get(problem.field, problem.field)
    value = row.values.get(column, problem.value)
    return CsvProblem(row.line, column, value, problem.problem, problem.what_to_do)


def read_csv(
    text: str, columns: Sequence[str], optional: Collection[str] = ()
) -> tuple[list[CsvRow], list[CsvProblem]]:
    """Read the text of a CSV file with a header.

    Args:
        text: the file's text; a byte-order mark before it is passed over.
        columns: every column that the file must have, in any order, capitals not minded.
        optional: those among them that may be missing.
    Returns:
        The rows that have the right number of values, and the problems. A file whose header is wrong
        gives no rows, since nobody can say which value belongs where. Blank lines are passed over.
    """
    return read_lines(csv_lines(text), columns, optional)


def read_lines(
    lines: Iterator[tuple[int, list[str]] | CsvProblem], columns: Sequence[str], optional: Collection[str] = ()
) -> tuple[list[CsvRow], list[CsvProblem]]:
    """The same for lines that were read already, each with its number; the first is the header."""
    first = next(lines, None)
    if first is None:
        return [], [CsvProblem(1, "", "", "the file is empty.", f"Its first line must be {','.join(columns)}.")]
    if isinstance(first, CsvProblem):
        return [], [first]
    header = [name.strip().casefold() for name in first[1]]
    problems = _header_problems(first[0], header, columns, optional)
    if problems:
        return [], problems
    return _rows(lines, header)


def csv_lines(text: str) -> Iterator[tuple[int, list[str]] | CsvProblem]:
    """Each line that holds something, with its number; one problem where the quotes do not close."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield CsvProblem(number, "", "", f"it cannot be read as CSV ({error}).", "Check its quotation marks.")
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, cells


def _header_problems(
    line: int, header: Sequence[str], columns: Sequence[str], optional: Collection[str]
) -> list[CsvProblem]:
    missing = [name for name in columns if name not in header and name not in optional]
    twice = [name for name in columns if header.count(name) > 1]
    unknown = [name for name in dict.fromkeys(header) if name not in columns]
    return [
        *(CsvProblem(line, name, "", "this column is missing.", "Add it; its cells may be empty.") for name in missing),
        *(CsvProblem(line, name, name, "this column is there twice.", "Take one of them out.") for name in twice),
        *(
            CsvProblem(line, name, name, f"{shown(name)} is not a known column.", "Take it out, or correct its name.")
            for name in unknown
        ),
    ]


def _rows(
    lines: Iterator[tuple[int, list[str]] | CsvProblem], header: Sequence[str]
) -> tuple[list[CsvRow], list[CsvProblem]]:
    rows: list[CsvRow] = []
    problems: list[CsvProblem] = []
    for found in lines:
        if isinstance(found, CsvProblem):
            problems.append(found)
            continue
        number, cells = found
        if len(cells) != len(header):
            problem = f"this line has {len(cells)} values, and the header {len(header)}."
            problems.append(CsvProblem(number, "", "", problem, "Put values that hold a comma in quotation marks."))
            continue
        rows.append(CsvRow(number, dict(zip(header, cells, strict=True))))
    return rows, problems
