"""A file that repeats earlier years beside the files of those years: one of two that disagree has a wrong year."""

from collections.abc import Sequence

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import DataDir
from risk_model.sources.contract import Source, matched_columns
from risk_model.sources.desk import Desk
from risk_model.sources.reading import Sheet
from risk_model.sources.typing import value_sql
from risk_model.warehouse.engine import Connection, literal, rows
from risk_model.warehouse.lake import Release, parquet_path

_FEWEST_COMPARED = 20
_REPEATED_SHARE = 0.5  # two years of one school have the same rounded figure by chance in one case of twenty


def refuse_contradicted_year(
    desk: Desk,
    con: Connection,
    data: DataDir,
    source: Source,
    sheet: Sheet,
    release: Release,
    loaded: Sequence[Release],
) -> None:
    """Refuse a file that repeats an earlier year otherwise than that year's own file has it, or the other way round.

    The file of 2024-25 has each school's figures of 2023-24 in columns of their own: they are those of the file of
    2023-24, corrections aside, or one of the two is under a wrong year. Provisional figures change too much to tell.

    Raises:
        FileRefused: most schools have other figures.
    """
    for other in loaded:
        if other.source_id != source.id or other.provisional or release.provisional:
            continue
        for figure, repeated in source.repeats.items():
            for back, again in enumerate(repeated, start=1):
                if _years_between(other, release) == back:
                    same, compared = _equal_figures(desk, con, data, source, sheet, other, again, figure)
                elif _years_between(release, other) == back:
                    same, compared = _equal_figures(desk, con, data, source, sheet, other, figure, again)
                else:
                    continue
                if compared >= _FEWEST_COMPARED and same / compared < _REPEATED_SHARE:
                    raise _contradicted(sheet, release, other, source.field_named(figure).columns[0], same, compared)


def _years_between(earlier: Release, later: Release) -> int | None:
    if earlier.period is None or later.period is None:
        return None
    return int(later.period[:4]) - int(earlier.period[:4])


def _contradicted(sheet: Sheet, release: Release, other: Release, column: str, same: int, compared: int) -> FileRefused:
    return FileRefused(
        f"{sheet.name} was not imported: {release.period} and {other.original_name}, which is loaded as "
        f"{other.period}, cannot both be right.",
        [
            f"The later file repeats the {column} of the earlier year: {same:,} of {compared:,} schools have the same "
            "figure in both. Of two files of these years nearly all have.",
            "One of the two is under a wrong year. Import this one with the right --period, or withdraw "
            f"{other.release_id} first. Nothing was changed.",
        ],
    )


def _equal_figures(
    desk: Desk, con: Connection, data: DataDir, source: Source, sheet: Sheet, other: Release, mine: str, theirs: str
) -> tuple[int, int]:
    """How many schools have the same value in a field here and in another one there, of how many that have both."""
    if mine not in matched_columns(source, sheet.header) or theirs not in matched_columns(source, other.header):
        return 0, 0
    found = rows(
        con,
        f"""
        select count(*) filter (typed.{mine} = old.{theirs}) as same, count(*) as compared
        from typed inner join {_counting_rows(desk, data, source, other)} as old using (urn)
        where scope = 'school' and typed.{mine} is not null and old.{theirs} is not null
        """,
    )[0]
    return found["same"], found["compared"]


def _counting_rows(desk: Desk, data: DataDir, source: Source, other: Release) -> str:
    """The table of the figures of a loaded release that are repeated or repeat, without rows that do not count."""
    columns = matched_columns(source, other.header)
    file = literal(parquet_path(data, other.release_id).as_posix())
    names = dict.fromkeys(["urn", *source.repeats, *(name for again in source.repeats.values() for name in again)])
    values = (f"{value_sql(source.field_named(n), columns[n])} as {n}" for n in names if n in columns)
    counts = [
        f"coalesce({value_sql(source.field_named(n), columns[n])}, '') in ('', {', '.join(map(literal, words))})"
        for n, words in source.rows_where.items()
        if n in columns
    ]
    return desk.made(
        f"repeated figures of {other.release_id} {other.rows_sha256}",
        f"select {', '.join(values)} from read_parquet({file}) where {' and '.join(counts) or 'true'}",
    )
