"""From a figure to where it stands: the row of the file as it was published, its release, and who read it."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.measures.reader import measures_by_id
from risk_model.services.copy import Copy
from risk_model.services.data import release_facts
from risk_model.services.measure_reading import KEYS, fields_read
from risk_model.services.seeing import require_judged
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import Source, matched_columns
from risk_model.warehouse.lake import Release, read_releases, read_row, read_withdrawals


@dataclass(frozen=True)
class FigureSource:
    """One row of a published file, and what was made of it.

    Attributes:
        title: the source and its date.
        facts: of the release, as (name, text): file, publication, import, checksum.
        standing: "" while it counts; else who withdrew it, when and why.
        uses: what the build read in this row, in words: rules with their sentence, figures, inspections.
        cells: every column in the file's order: Column, Cell, Used ("● used" where a figure rests on it, "whose
            it is" for numbers and names), Read as.
    """

    title: str
    row: int
    facts: list[tuple[str, str]]
    standing: str
    uses: list[str]
    cells: pd.DataFrame


def figure_source(viewer: Viewer, copy: Copy, release_id: str, row: int) -> FigureSource:
    """The row that a figure rests on.

    Args:
        release_id, row: as a rule, a trend or an inspection names them; they may come from a link.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no such release is loaded, or it has no such row.
    """
    require_reader(viewer)
    release = next((one for one in read_releases(copy.data) if one.release_id == release_id), None)
    cells = read_row(copy.data, release.release_id, row) if release else {}
    if release is None or not cells:
        raise NotFound(
            "There is no such row in the releases that are loaded.",
            ["The link may be of another copy. Open the school's profile and follow the figure from there."],
        )
    source = source_named(release.source_id)
    if source.held_by_la:
        _require_held(viewer, copy, source, release, cells)
    rules = _rules(copy, release_id, row)
    figures = _figures(copy, release_id, row)
    measures = {str(one["measure_id"]) for one in (*rules, *figures)}
    return FigureSource(
        title=f"{source.title}, {release.label}",
        row=row,
        facts=release_facts(release),
        standing=_standing(copy, release),
        uses=[
            *(f"{one['name']}: {one['rule_id']} {one['status']}. {one['sentence']}" for one in rules),
            *(_figure_in_words(one) for one in figures),
        ],
        cells=_cells(source, release, cells, measures),
    )


def _require_held(viewer: Viewer, copy: Copy, source: Source, release: Release, cells: dict[str, str | None]) -> None:
    """What an LA holds is its own: refuse who may not see it of this school."""
    require(viewer, Right.PEOPLE)
    if viewer.la_codes is not None:
        require_judged(viewer, copy, cells.get(matched_columns(source, release.header).get("urn", "")) or "")


def _standing(copy: Copy, release: Release) -> str:
    one = read_withdrawals(copy.data).get(release.release_id)
    return f"Withdrawn by {one.withdrawn_by} on {one.withdrawn_at:%d/%m/%Y}: {one.reason}" if one else ""


def _rules(copy: Copy, release_id: str, row: int) -> list[dict[str, object]]:
    return copy.reader.rows(
        """
        select o.rule_id, o.status, o.sentence, o.measure_id, s.name
        from rule_outcomes as o inner join schools as s using (urn)
        where o.release_id = $release_id and o.source_row = $row
        order by o.rule_id, o.urn""",
        {"release_id": release_id, "row": row},
    )


def _figures(copy: Copy, release_id: str, row: int) -> list[dict[str, object]]:
    return copy.reader.rows(
        """
        select v.measure_id, v.period, v.value, v.missing_reason, s.name
        from measure_values as v inner join schools as s using (urn)
        where v.release_id = $release_id and v.source_row = $row and v.value is not null
        order by v.measure_id, v.urn""",
        {"release_id": release_id, "row": row},
    )


def _figure_in_words(one: dict[str, object]) -> str:
    measure = measures_by_id().get(str(one["measure_id"]))
    if measure is None:
        return f"{one['name']}: {one['measure_id']}"
    return f"{one['name']}: {measure.label}, {one['value']:.{measure.decimals}f} {measure.unit} ({one['period']})"


def _cells(source: Source, release: Release, cells: dict[str, str | None], measures: Iterable[str]) -> pd.DataFrame:
    column_of = matched_columns(source, release.header)
    field_of = {column: field for field, column in column_of.items()}
    used = {column_of[field] for one in measures for field in fields_read(source, one) if field in column_of}
    keys = {column for column, field in field_of.items() if field in KEYS}
    return pd.DataFrame(
        {
            "Column": list(cells),
            "Cell": ["" if cell is None else str(cell) for cell in cells.values()],
            "Used": ["● used" if column in used else "whose it is" if column in keys else "" for column in cells],
            "Read as": [field_of.get(column, "").replace("_", " ") for column in cells],
        }
    )
