"""A file of lines that become records, CSV or workbook: which list it is, and what it would add."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from risk_model.casework.allocations import Allocation, NewAllocation, allocations
from risk_model.casework.allocations_csv import (
    ALLOCATION_COLUMNS,
    OPTIONAL_ALLOCATION_COLUMNS,
    preview_allocations,
)
from risk_model.casework.csv_reading import CsvProblem, CsvRow, csv_lines, read_lines
from risk_model.casework.designations import Designation, designations
from risk_model.casework.interests import Interest, interests
from risk_model.casework.judgements import AdviserView, NewAdviserView, NewEvidence, adviser_views
from risk_model.casework.leaders import NewSystemLeader, SystemLeader, system_leaders
from risk_model.casework.leaders_csv import LEADER_COLUMNS, OPTIONAL_LEADER_COLUMNS, preview_leaders
from risk_model.casework.objectives import Objective, objectives
from risk_model.casework.shares import NewShare
from risk_model.casework.small_lists import SMALL_LISTS, SmallRecord, known_of, plain_record, preview_small_list
from risk_model.casework.store import Records
from risk_model.casework.views_csv import VIEW_COLUMNS, preview_views
from risk_model.casework.visits import Visit, visits
from risk_model.domain.errors import FileRefused, RecordRefused
from risk_model.domain.templates import HOW_SHEET, WORDS_SHEET
from risk_model.sources.binary import is_workbook, workbook_lines
from risk_model.sources.recognising import recognised
from risk_model.sources.text import decoded

RecordKind = Literal[
    "allocations", "system_leaders", "adviser_views", "designations", "interests", "objectives", "visits"
]
NewRecord = NewAllocation | NewSystemLeader | NewAdviserView | SmallRecord
_Line = tuple[int, list[str]] | CsvProblem
_EXPLAINING = (HOW_SHEET, WORDS_SHEET)
# Each kind's columns, and those among them that a list may lack.
_COLUMNS: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "allocations": (ALLOCATION_COLUMNS, OPTIONAL_ALLOCATION_COLUMNS),
    "system_leaders": (LEADER_COLUMNS, OPTIONAL_LEADER_COLUMNS),
    "adviser_views": (VIEW_COLUMNS, frozenset()),
    **{kind: (small.columns, small.optional) for kind, small in SMALL_LISTS.items()},
}


@dataclass(frozen=True)
class Recorded:
    """What is recorded for one LA, to tell what a file adds to it."""

    leaders: Sequence[SystemLeader] = ()
    allocations: Sequence[Allocation] = ()
    views: Sequence[AdviserView] = ()
    designations: Sequence[Designation] = ()
    interests: Sequence[Interest] = ()
    objectives: Sequence[Objective] = ()
    visits: Sequence[Visit] = ()


def recorded_for(records: Records, la_code: str | None) -> Recorded:
    """What is recorded for one LA, or for all."""
    return Recorded(
        leaders=system_leaders(records, la_code=la_code),
        allocations=allocations(records, la_code=la_code),
        views=adviser_views(records, la_code=la_code),
        designations=designations(records, la_code=la_code),
        interests=interests(records, la_code=la_code),
        objectives=objectives(records, la_code=la_code),
        visits=visits(records, la_code=la_code),
    )


@dataclass(frozen=True)
class FilePreview:
    """What a file would add, and what is wrong with the rest of it.

    Attributes:
        new: the lines that can be added, all of one kind, in the order of the file.
        problems: in the order of the lines, each with its place and the remedy.
        recorded: how many lines are recorded already, just as they stand.
        examples: how many lines are the template's example.
        lines: of a list of support, where each of `new` stands in the file.
    """

    kind: RecordKind
    new: tuple[NewRecord, ...]
    problems: tuple[CsvProblem, ...]
    recorded: int
    examples: int
    lines: tuple[int, ...] = ()

    @property
    def cells(self) -> list[dict[str, object]]:
        """The lines that can be added, as a table shows them: cells by column."""
        return [{name: _cell(value) for name, value in vars(one).items()} for one in self.new]


def preview_record_file(
    name: str, content: bytes, la_code: str, known_urns: Collection[str], recorded: Recorded
) -> FilePreview:
    """Look at a list of records without writing anything; its header says which list it is.

    Args:
        content: the bytes of a CSV, or of a workbook whose first sheet holds the lines.
        la_code: the LA for which they are.
        known_urns: the schools of this LA.
        recorded: what is recorded for it already.
    Raises:
        RecordRefused: the file cannot be read, or holds what is imported as evidence.
    """
    sheet, lines = _lines(name, content)
    header = _header(lines)
    _refuse_evidence(name, header)
    kind = _kind(header)
    rows, problems = read_lines(iter(lines), *_COLUMNS[kind])
    found = _preview(kind, rows, problems, la_code, known_urns, recorded)
    return replace(found, problems=tuple(replace(each, sheet=sheet) for each in found.problems))


def _preview(
    kind: RecordKind,
    rows: Sequence[CsvRow],
    problems: Sequence[CsvProblem],
    la_code: str,
    known_urns: Collection[str],
    recorded: Recorded,
) -> FilePreview:
    if kind == "allocations":
        by_label = {each.label: each.id for each in recorded.leaders}
        support = preview_allocations(rows, problems, la_code, known_urns, by_label, recorded.allocations)
        new = tuple(row.allocation for row in support.rows)
        lines = tuple(row.line for row in support.rows)
        return FilePreview(kind, new, support.problems, support.recorded, support.examples, lines)
    if kind == "system_leaders":
        told = preview_leaders(rows, problems, la_code, recorded.leaders)
        leaders = tuple(row.leader for row in told.rows)
        return FilePreview(kind, leaders, told.problems, told.recorded, told.examples)
    if kind == "adviser_views":
        seen = preview_views(rows, problems, la_code, known_urns, recorded.views)
        views = tuple(row.view for row in seen.rows)
        return FilePreview(kind, views, seen.problems, seen.recorded, seen.examples)
    known = known_of(la_code, known_urns, recorded.leaders, recorded.allocations)
    same = {plain_record(one) for one in getattr(recorded, kind)}
    small = preview_small_list(SMALL_LISTS[kind], rows, problems, known, same)
    return FilePreview(kind, small.new, small.problems, small.recorded, small.examples)


def _cell(value: object) -> object:
    """A cell; what a view rests on, and how days are shared out, in words."""
    return "; ".join(map(_piece, value)) if isinstance(value, tuple) else value


def _piece(piece: NewEvidence | NewShare) -> str:
    if isinstance(piece, NewEvidence):
        return piece.description
    return piece.urn if piece.days_planned is None else f"{piece.urn} {piece.days_planned:g}"


def _kind(header: Sequence[str]) -> RecordKind:
    """The list that has this column; one that has none of them is told what a list of support lacks."""
    tells: tuple[tuple[str, RecordKind], ...] = (
        ("provider_type", "allocations"),
        ("review_by", "adviser_views"),
        ("visited_on", "visits"),
        ("objective", "objectives"),
        ("registered_on", "interests"),
        ("designated_by", "designations"),
        ("from_date", "designations"),
        ("label", "system_leaders"),
    )
    return next((kind for column, kind in tells if column in header), "allocations")


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
