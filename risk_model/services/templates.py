"""What the LA holds itself: the templates to fill in, how much of each kind is loaded, and one school's lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import RECORD_TEMPLATES, recorded_for
from risk_model.domain.errors import NotFound
from risk_model.domain.templates import Template, TemplateColumn
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.exports.templates import template_as_csv, template_as_xlsx
from risk_model.services.copy import Copy
from risk_model.sources.held import EVIDENCE_TEMPLATES
from risk_model.warehouse.lake import read_standing

__all__ = [
    "HeldKind",
    "HeldLine",
    "Template",
    "TemplateColumn",
    "columns_table",
    "held_kinds",
    "held_lines",
    "held_table",
    "template_file",
    "templates",
]

_LOCALITIES = "localities"


@dataclass(frozen=True)
class HeldKind:
    """One kind that the LA fills in, and how much of it there is.

    Attributes:
        lines: how many count in the build that is shown; of records, how many there are.
        schools: of how many schools.
        newest: the day of the newest line; of localities the day of the list; None where there is none.
        waiting: files that are loaded and wait for the next build.
    """

    template: Template
    lines: int
    schools: int
    newest: date | None
    waiting: int


@dataclass(frozen=True)
class HeldLine:
    """One line that the LA holds about a school.

    Attributes:
        says: the cells of the line in words, blank ones left out.
        source: the file and the row in it.
    """

    kind: str
    title: str
    seen_on: date
    recorded_by: str
    says: str
    note: str
    source: str
    release_id: str
    row_number: int


def templates(viewer: Viewer) -> list[Template]:
    """Every kind that the LA fills in: evidence first, then what becomes records.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return [*EVIDENCE_TEMPLATES, *RECORD_TEMPLATES]


def template_file(viewer: Viewer, kind: str, ending: str) -> bytes:
    """A template as a file, with one filled example line.

    Args:
        kind: one of `templates`.
        ending: ".csv" or ".xlsx"; the workbook explains each column on a second sheet.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no such kind, or no such form.
    """
    require_reader(viewer)
    by_kind = {template.kind: template for template in templates(viewer)}
    if kind not in by_kind:
        raise NotFound(f'There is no template called "{kind[:40]}".', [f"Kinds: {', '.join(by_kind)}."])
    writers = {".csv": template_as_csv, ".xlsx": template_as_xlsx}
    writer = writers.get(ending.casefold())
    if writer is None:
        raise NotFound(f'A template cannot be written as "{ending[:20]}".', ["Use .csv or .xlsx."])
    return writer(by_kind[kind])


def held_kinds(viewer: Viewer, copy: Copy, la_code: str | None = None) -> list[HeldKind]:
    """How much of each kind there is, in the order of `templates`.

    Args:
        la_code: counts the records of this LA; of None those of all. Evidence is counted for the whole copy.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    counted = _counted(copy)
    read = {row["release_id"] for row in copy.reader.rows("select release_id from releases")}
    waiting = [one.source_id for one in read_standing(copy.data) if one.release_id not in read]
    recorded = _recorded(copy, la_code)
    kinds = []
    for template in templates(viewer):
        if template.is_records:
            found = recorded[template.kind]
            named = {urn for urns in found for urn in urns}
            kinds.append(HeldKind(template, len(found), len(named), None, 0))
            continue
        lines, schools, newest = counted.get(template.kind, (0, 0, None))
        kinds.append(HeldKind(template, lines, schools, newest, waiting.count(template.kind)))
    return kinds


def _recorded(copy: Copy, la_code: str | None) -> dict[str, list[tuple[str, ...]]]:
    """Of each kind of record the schools of every line; a line about no school has none."""
    found = recorded_for(copy.records, la_code)
    return {
        "allocations": [one.urns for one in found.allocations],
        "system_leaders": [() for _ in found.leaders],
        "adviser_views": [(one.urn,) for one in found.views],
        "designations": [() for _ in found.designations],
        "interests": [(one.urn,) if one.urn else () for one in found.interests],
        "objectives": [() for _ in found.objectives],
        "visits": [(one.urn,) for one in found.visits],
    }


def _counted(copy: Copy) -> dict[str, tuple[int, int, date | None]]:
    """Lines, schools and newest day of each kind that the build has read."""
    counted: dict[str, tuple[int, int, date | None]] = {}
    if _has_lines(copy):
        for row in copy.reader.rows(
            "select source_id, count(*) as n, count(distinct urn) as schools, max(seen_on) as newest "
            "from held_evidence group by source_id"
        ):
            counted[row["source_id"]] = (row["n"], row["schools"], row["newest"])
    placed = copy.reader.rows("select count(*) as n from schools where locality is not null")[0]["n"]
    if placed:
        lists = copy.reader.rows(
            "select max(published_on) as newest from releases where source_id = $kind", {"kind": _LOCALITIES}
        )
        counted[_LOCALITIES] = (placed, placed, lists[0]["newest"])
    return counted


def _has_lines(copy: Copy) -> bool:
    """Whether the build keeps the LA's lines; one that an earlier version of the product made does not."""
    asked = "select 1 from information_schema.tables where table_name = 'held_evidence'"
    return bool(copy.reader.rows(asked))


def held_lines(viewer: Viewer, copy: Copy, urn: str) -> list[HeldLine]:
    """What the LA holds about one school, as known on the build's date, the newest line first.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    if not _has_lines(copy):
        return []
    rows = copy.reader.rows(
        """
        select h.*, r.original_name
        from held_evidence as h left join releases as r using (release_id)
        where h.urn = $urn
        order by h.seen_on desc, h.source_id, h.row_number""",
        {"urn": urn},
    )
    return [
        HeldLine(
            kind=row["source_id"],
            title=row["title"],
            seen_on=row["seen_on"],
            recorded_by=row["recorded_by"],
            says=row["says"],
            note=row["note"] or "",
            source=f"{row['original_name']}, row {row['row_number']}",
            release_id=row["release_id"],
            row_number=row["row_number"],
        )
        for row in rows
    ]


def held_table(lines: Sequence[HeldLine]) -> pd.DataFrame:
    """A school's lines as a table: Seen on, Kind, What it says, Note, Recorded by, File and row."""
    return pd.DataFrame(
        {
            "Seen on": [one.seen_on for one in lines],
            "Kind": [one.title for one in lines],
            "What it says": [one.says for one in lines],
            "Note": [one.note for one in lines],
            "Recorded by": [one.recorded_by for one in lines],
            "File and row": [one.source for one in lines],
        }
    )


def columns_table(template: Template) -> pd.DataFrame:
    """A template's columns as a table: Column, Needed, What it means, What a cell may hold, Example."""
    return pd.DataFrame(
        {
            "Column": [one.name for one in template.columns],
            "Needed": ["yes" if one.is_needed else "no" for one in template.columns],
            "What it means": [one.meaning for one in template.columns],
            "What a cell may hold": [one.allowed for one in template.columns],
            "Example": [one.example for one in template.columns],
        }
    )
