"""A file of lines that become records, CSV or workbook: which list it is, and what it would add."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from risk_model.casework.allocations import Allocation, NewAllocation
from risk_model.casework.allocations_csv import ALLOCATION_COLUMNS, preview_allocations
from risk_model.casework.csv_reading import CsvProblem, csv_lines, read_lines
from risk_model.casework.judgements import AdviserView, NewAdviserView
from risk_model.casework.leaders import NewSystemLeader, SystemLeader
from risk_model.casework.leaders_csv import LEADER_COLUMNS, preview_leaders
from risk_model.casework.views_csv import VIEW_COLUMNS, preview_views
from risk_model.domain.errors import FileRefused, RecordRefused
from risk_model.domain.templates import HOW_SHEET, WORDS_SHEET
from risk_model.sources.binary import is_workbook, workbook_lines
from risk_model.sources.recognising import recognised
from risk_model.sources.text import decoded

RecordKind = Literal["allocations", "system_leaders", "adviser_views"]
NewRecord = NewAllocation | NewSystemLeader | NewAdviserView
_Line = tuple[int, list[str]] | CsvProblem
_EXPLAINING = (HOW_SHEET, WORDS_SHEET)
_COLUMNS: dict[RecordKind, tuple[str, ...]] = {
    "allocations": ALLOCATION_COLUMNS,
    "system_leaders": LEADER_COLUMNS,
    "adviser_views": VIEW_COLUMNS,
}


@dataclass(frozen=True)
class FilePreview:
    """What a file would add, and what is wrong with the rest of it.

    Attributes:
        new: the lines that can be added, all of one kind, in the order of the file.
        problems: in the order of the lines, each with its place and the remedy.
        recorded: how many lines are recorded already, just as they stand.
        examples: how many lines are the template's example.
    """

    kind: RecordKind
    new: tuple[NewRecord, ...]
    problems: tuple[CsvProblem, ...]
    recorded: int
    examples: int

    @property
    def cells(self) -> list[dict[str, object]]:
        """The lines that can be added, as a table shows them: cells by column."""
        return [{name: _cell(value) for name, value in vars(one).items()} for one in self.new]


def preview_record_file(
    name: str,
    content: bytes,
    la_code: str,
    known_urns: Collection[str],
    leaders: Sequence[SystemLeader],
    allocations: Sequence[Allocation],
    views: Sequence[AdviserView] = (),
) -> FilePreview:
    """Look at a list of allocations, system leaders or advisers' views without writing anything; its header says
    which it is.

    Args:
        content: the bytes of a CSV, or of a workbook whose first sheet holds the lines.
        la_code: the LA for which they are.
        known_urns: the schools of this LA.
        leaders, allocations, views: what is recorded for it already.
    Raises:
        RecordRefused: the file cannot be read, or holds what is imported as evidence.
    """
    sheet, lines = _lines(name, content)
    header = _header(lines)
    _refuse_evidence(name, header)
    kind = _kind(header)
    rows, problems = read_lines(iter(lines), _COLUMNS[kind])
    new: tuple[NewRecord, ...]
    if kind == "allocations":
        by_label = {each.label: each.id for each in leaders}
        found = preview_allocations(rows, problems, la_code, known_urns, by_label, allocations)
        new = tuple(row.allocation for row in found.rows)
        wrong, recorded, examples = found.problems, found.recorded, found.examples
    elif kind == "system_leaders":
        told = preview_leaders(rows, problems, la_code, leaders)
        new = tuple(row.leader for row in told.rows)
        wrong, recorded, examples = told.problems, told.recorded, told.examples
    else:
        seen = preview_views(rows, problems, la_code, known_urns, views)
        new = tuple(row.view for row in seen.rows)
        wrong, recorded, examples = seen.problems, seen.recorded, seen.examples
    return FilePreview(kind, new, tuple(replace(each, sheet=sheet) for each in wrong), recorded, examples)


def _cell(value: object) -> object:
    """A cell; what a view rests on in words."""
    return "; ".join(piece.description for piece in value) if isinstance(value, tuple) else value


def _kind(header: Sequence[str]) -> RecordKind:
    """Support has a provider, a view a level and a day of review, a system leader a label."""
    if "provider_type" in header:
        return "allocations"
    if "level" in header and "review_by" in header:
        return "adviser_views"
    return "system_leaders" if "label" in header else "allocations"


def _header(lines: Sequence[_Line]) -> list[str]:
    """The column names of the first line."""
    first = lines[0] if lines else None
    return [cell.strip().casefold() for cell in first[1]] if isinstance(first, tuple) else []


def _refuse_evidence(name: str, header: Sequence[str]) -> None:
    source = recognised(header)
    if source is not None:
        raise RecordRefused(
            f"{name} holds no records: it is read as {source.title} ({source.id}). Nothing was changed.",
            ["Import it on the page Data, or by `python -m risk_model import FILE`."],
        )


def _lines(name: str, content: bytes) -> tuple[str, list[_Line]]:
    """A file's lines that hold something, the header first, and the sheet in which they stand.

    Raises:
        RecordRefused: the bytes are neither text nor a workbook that can be opened.
    """
    try:
        if not is_workbook(content):
            return "", list(csv_lines(decoded(content, name)[0]))
        sheets = {title: rows for title, rows in workbook_lines(content, name).items() if title not in _EXPLAINING}
    except FileRefused as refusal:
        raise RecordRefused(refusal.message.replace("was not imported", "was not read"), refusal.details) from refusal
    title, rows = next(iter(sheets.items()), ("", []))
    return title, _as_wide_as_the_header([(number, cells) for number, cells in rows if any(map(str.strip, cells))])


def _as_wide_as_the_header(lines: list[tuple[int, list[str]]]) -> list[_Line]:
    """A workbook's rows are as wide as its widest: blank cells beside the header's are no values."""
    if not lines:
        return []
    width = max((place for place, cell in enumerate(lines[0][1], start=1) if cell.strip()), default=0)
    return [(number, cells if any(map(str.strip, cells[width:])) else cells[:width]) for number, cells in lines]
