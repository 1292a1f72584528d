"""What is looked at before a file lands: cells, repeated rows and columns, and whether its year can be true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import DataDir
from risk_model.sources.contract import Field, Source, matched_columns, normalised
from risk_model.sources.reading import Sheet
from risk_model.sources.typing import reason_sql, scope_sql, value_sql
from risk_model.warehouse.engine import literal, query_table, rows, scratch
from risk_model.warehouse.lake import ROW, Release, parquet_path

_SHOWN = 5
_SAME_SHARE = 0.9
_FEWEST_COMPARED = 20


@dataclass(frozen=True)
class RowCounts:
    """How many rows of a table are what."""

    school_rows: int
    summary_rows: int
    schools: int
    las: int
    lowest_urn: int | None
    notes: tuple[str, ...]


def refuse_repeated_columns(source: Source, sheet: Sheet) -> None:
    """Refuse a table in which a column that matters stands twice: nobody could say which one is meant."""
    wanted = {normalised(c) for c in matched_columns(source, sheet.header).values()}
    seen: set[str] = set()
    repeated = []
    for column in sheet.header:
        key = normalised(column)
        if key in seen and key in wanted:
            repeated.append(column)
        seen.add(key)
    if repeated:
        raise FileRefused(
            f"{_short(sheet)} was not imported: these columns stand in it twice: {', '.join(repeated)}.",
            ["Which one is right cannot be told. Remove the wrong one and import again. Nothing was changed."],
        )


def _typed(source: Source, sheet: Sheet) -> str:
    found = matched_columns(source, sheet.header)
    items = [f"{value_sql(one, found[one.name])} as {one.name}" for one in source.fields if one.name in found]
    return ", ".join([ROW, *items])


def count_rows(source: Source, sheet: Sheet) -> RowCounts:
    """Count a table's school and summary rows.

    Raises:
        FileRefused: no row is a school's.
    """
    found = matched_columns(source, sheet.header)
    la = "la_code" if "la_code" in found else "left(laestab, 3)" if "laestab" in found else "null"
    counted = query_table(
        sheet.table,
        f"""
        with typed as (select {_typed(source, sheet)} from published),
        scoped as (select *, {scope_sql(source)} as scope from typed)
        select count(*) filter (scope = 'school') as school_rows,
               count(*) filter (scope in ('national', 'la')) as summary_rows,
               count(distinct urn) filter (scope = 'school') as schools,
               count(distinct {la}) filter (scope = 'school') as las,
               min(try_cast(urn as integer)) filter (scope = 'school') as lowest_urn
        from scoped
        """,
    )[0]
    if not counted["school_rows"]:
        raise FileRefused(
            f"{_short(sheet)} was not imported: no row has a six-digit URN.",
            [f"It was read as {source.title}. Check that the URN column holds the schools' numbers."],
        )
    other = sheet.table.num_rows - counted["school_rows"] - counted["summary_rows"]
    notes = (f"{other:,} rows are neither a school's nor a national or LA row that is read",) if other else ()
    return RowCounts(**counted, notes=notes)


def check_cells(source: Source, sheet: Sheet) -> list[str]:
    """Look at every cell that the product reads; gather all problems, then refuse once.

    Returns:
        Notes that do not stand in the way.
    Raises:
        FileRefused: unreadable or impossible values, or a school twice.
    """
    found = matched_columns(source, sheet.header)
    queries = [
        _cell_query(one, found[one.name], "urn" in found and found["urn"] or ROW)
        for one in source.fields
        if one.name in found and one.kind != "text"
    ]
    bad = query_table(sheet.table, " union all ".join(queries)) if queries else []
    problems = [line for row in bad if (line := _cell_problem(source, row))]
    problems.extend(_repeated_rows(source, sheet))
    if problems:
        raise FileRefused(
            f"{_short(sheet)} was not imported: {len(problems)} of its columns or rows hold what cannot be.",
            [*problems, "Correct the file, or download it again, and import it. Nothing was changed."],
        )
    return []


def _cell_query(one: Field, column: str, urn_column: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    value = value_sql(one, column)
    tests = [f"({reason_sql(one, column)}) = 'unreadable'"]
    if one.low is not None:
        tests.append(f"({value}) < {one.low}")
    if one.high is not None:
        tests.append(f"({value}) > {one.high}")
    return f"""
        select {literal(one.name)} as field, {literal(column)} as column_name, count(*) as n,
               min({ROW}) as first_row, arg_min(trim({quoted}), {ROW}) as first_cell
        from published where {" or ".join(tests)}"""


def _cell_problem(source: Source, row: dict[str, Any]) -> str | None:
    if not row["n"]:
        return None
    one = source.field_named(row["field"])
    cell = str(row["first_cell"])[:60]
    more = f" (and {row['n'] - 1:,} more)" if row["n"] > 1 else ""
    return f'Line {row["first_row"]}, column {row["column_name"]}: "{cell}" {_expected(one)}{more}.'


def _expected(one: Field) -> str:
    if one.kind == "date":
        return "is not a date that exists; expected dd/mm/yyyy"
    if one.kind == "code":
        return f"is not a code that is known; expected one of {', '.join(sorted(one.codes))}"
    if one.kind == "percent":
        return "is not a percentage from 0 to 100"
    if one.low is not None:
        return f"is not a number from {one.low:,g} to {one.high:,g}"
    return "is not a number"


def _repeated_rows(source: Source, sheet: Sheet) -> list[str]:
    if not source.one_row_per:
        return []
    keys = ", ".join(source.one_row_per)
    repeated = query_table(
        sheet.table,
        f"""
        with typed as (select {_typed(source, sheet)} from published)
        select {keys}, count(*) as n, min({ROW}) as first_row, max({ROW}) as last_row
        from typed where regexp_full_match(urn, '[0-9]{{6}}')
        group by {keys} having count(*) > 1 order by first_row limit {_SHOWN}
        """,
    )
    return [
        f"School {r['urn']} stands in it {r['n']} times (lines {r['first_row']} and {r['last_row']})." for r in repeated
    ]


def latest_date(source: Source, sheet: Sheet, field_name: str) -> date | None:
    """The latest date that a column holds, where the file has the column."""
    found = matched_columns(source, sheet.header)
    if field_name not in found:
        return None
    value = value_sql(source.field_named(field_name), found[field_name])
    latest: date | None = query_table(sheet.table, f"select max({value}) as latest from published")[0]["latest"]
    return latest


def refuse_other_year(
    data: DataDir, source: Source, sheet: Sheet, release: Release, loaded: Sequence[Release]
) -> None:
    """Refuse a file whose figures are those of another year that is loaded already."""
    for other in loaded:
        if other.source_id != source.id or other.period is None or other.period == release.period:
            continue
        same, compared = _same_figures(data, source, sheet, other)
        if compared >= _FEWEST_COMPARED and same / compared >= _SAME_SHARE:
            raise FileRefused(
                f"{_short(sheet)} was not imported: it says {release.period}, but holds the figures of {other.period}.",
                [
                    f"{same:,} of {compared:,} schools have the very figures of {other.original_name}, "
                    f"which is loaded as {other.period}.",
                    f"Find the file of {release.period}; or, if it is the earlier one that is wrong, "
                    "import this with the right --period. Nothing was changed.",
                ],
            )


def _same_figures(data: DataDir, source: Source, sheet: Sheet, other: Release) -> tuple[int, int]:
    """How many schools have the same figures in both, of how many that have figures in both.

    Compared field by field: half of the figures may be a coincidence, all of them are not.
    """
    mine, theirs = matched_columns(source, sheet.header), matched_columns(source, other.header)
    shared = [name for name in source.compare if name in mine and name in theirs]
    if not shared:
        return 0, 0
    own = ", ".join(f"{value_sql(source.field_named(n), mine[n])} as {n}" for n in shared)
    old = ", ".join(f"{value_sql(source.field_named(n), theirs[n])} as {n}" for n in shared)
    urn = source.field_named("urn")
    both = " and ".join(f"own.{n} is not distinct from old.{n}" for n in shared)
    filled = " or ".join(f"(own.{n} is not null and old.{n} is not null)" for n in shared)
    with scratch() as con:
        con.register("published", sheet.table)
        found = rows(
            con,
            f"""
            with own as (select {value_sql(urn, mine["urn"])} as urn, {own} from published),
            old as (select {value_sql(urn, theirs["urn"])} as urn, {old}
                    from read_parquet({literal(parquet_path(data, other.release_id).as_posix())}))
            select count(*) filter ({both}) as same, count(*) as compared
            from own inner join old using (urn)
            where regexp_full_match(urn, '[0-9]{{6}}') and ({filled})
            """,
        )[0]
    return found["same"], found["compared"]


def _short(sheet: Sheet) -> str:
    return PurePosixPath(sheet.name).name
