"""What is looked at before a table lands: its columns, every cell that the product reads, repeated schools.

The table is typed once, into a table `typed` of a scratch database: `_row`, `scope`, and for each field its
value and, as `<field>_cell`, what stands in the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from risk_model.domain.errors import FileRefused
from risk_model.sources.contract import TIME_PERIOD, Field, Source, matched_columns, normalised
from risk_model.sources.reading import Sheet, Table
from risk_model.sources.typing import (
    absent_sql,
    cell_sql,
    key_sql,
    markers,
    scope_sql,
    value_of,
    value_sql,
    year_of,
)
from risk_model.warehouse.engine import Connection, rows
from risk_model.warehouse.lake import ROW

_SHOWN = 5
_FEWEST_FRACTIONS = 20


@dataclass(frozen=True)
class RowCounts:
    """How many rows of a table are what; a table keyed by LA has no school's rows."""

    school_rows: int
    summary_rows: int
    schools: int
    las: int
    lowest_urn: int | None
    notes: tuple[str, ...]


def refuse_repeated_columns(source: Source, table: Table) -> None:
    """Refuse a table in which a column that matters stands twice: nobody could say which one is meant."""
    wanted = {normalised(c) for c in matched_columns(source, table.header).values()}
    header = [normalised(column) for column in table.header]
    repeated = sorted(column for column in wanted if header.count(column) > 1)
    if repeated:
        named = [next(c for c in table.header if normalised(c) == column) for column in repeated]
        raise FileRefused(
            f"{table.name} was not imported: these columns stand in it twice: {', '.join(named)}.",
            [
                "Which one is right cannot be told. Remove the wrong one and import again.",
                "Nothing was changed.",
            ],
        )


def lay_out(con: Connection, source: Source, sheet: Sheet) -> None:
    """Make the table `typed` of a sheet's rows, in the place of an earlier one."""
    found = matched_columns(source, sheet.header)
    cells, values = [ROW], [ROW]
    for one in source.fields:
        if one.name not in found:
            values.append(f"{absent_sql(one)} as {one.name}")
        elif one.kind == "text":
            cells.append(f"{value_sql(one, found[one.name])} as {one.name}")
            values.append(one.name)
        else:
            cells.append(f"{cell_sql(found[one.name])} as {one.name}_cell")
            values.append(f"{value_of(one, f'{one.name}_cell')} as {one.name}, {one.name}_cell")
    con.register("published", sheet.rows.select([ROW, *dict.fromkeys(found.values())]))
    con.execute(f"""
        create or replace temp table typed as
        with cells as materialized (select {", ".join(cells)} from published),
        valued as (select {", ".join(values)} from cells)
        select *, {scope_sql(source)} as scope from valued""")
    con.unregister("published")


def count_rows(con: Connection, source: Source, sheet: Sheet) -> RowCounts:
    """Count a table's school and summary rows.

    Raises:
        FileRefused: no row is a school's or, in a file keyed by LA, an LA's.
    """
    found = matched_columns(source, sheet.header)
    subject = "la" if source.keyed_by == "la" else "school"
    lowest = "null" if subject == "la" else "min(try_cast(urn as integer)) filter (scope = 'school')"
    la = "la_code" if "la_code" in found else "left(laestab, 3)" if "laestab" in found else "null"
    counted = rows(
        con,
        f"""
        select count(*) filter (scope = 'school') as school_rows,
               count(*) filter (scope <> 'school') as summary_rows,
               count(distinct {key_sql(source)}) filter (scope = 'school') as schools,
               count(distinct {la}) filter (scope = '{subject}') as las,
               {lowest} as lowest_urn,
               count(*) filter (scope is null) as other,
               min({ROW}) filter (scope is null) as first_other
        from typed
        """,
    )[0]
    if not counted["las" if subject == "la" else "school_rows"]:
        raise _nobodys(source, sheet, found)
    other, first = counted.pop("other"), counted.pop("first_other")
    return RowCounts(**counted, notes=(_other_rows(other, first),) if other else ())


def _nobodys(source: Source, sheet: Sheet, found: dict[str, str]) -> FileRefused:
    """Why a table is refused in which no row says whose it is."""
    number, subject = {
        "urn": ("a six-digit URN", "school"),
        "laestab": ("a six-digit URN or a seven-digit LAESTAB", "school"),
        "la": ("a three-digit LA code", "LA"),
    }[source.keyed_by]
    keys = {"urn": ("urn",), "laestab": ("urn", "laestab"), "la": ("la_code",)}[source.keyed_by]
    columns = " or ".join(found[key] for key in keys if key in found)
    return FileRefused(
        f"{sheet.name} was not imported: no row has {number}.",
        [
            f"It was read as {source.title}, and figures without one belong to no {subject}.",
            f"Check that the column {columns} holds the {subject}s' numbers. Nothing was changed.",
        ],
    )


def _other_rows(count: int, first: int) -> str:
    if count == 1:
        return f"1 row (line {first}) is neither a school's nor a summary that is known: it is kept and not used"
    return (
        f"{count:,} rows (the first is line {first}) are neither a school's nor a summary that is known: "
        "they are kept and not used"
    )


def check_cells(con: Connection, source: Source, sheet: Sheet) -> None:
    """Look at every cell that the product reads; gather all problems, then refuse once.

    Raises:
        FileRefused: unreadable or impossible values, or a school twice.
    """
    found = matched_columns(source, sheet.header)
    fields = [one for one in source.fields if one.name in found and one.kind != "text"]
    problems = [
        *_bad_cells(con, fields, found),
        *_fractions(con, [one for one in fields if one.kind == "percent"], found),
        *_repeated_schools(con, source),
    ]
    if problems:
        raise FileRefused(
            f"{sheet.name} was not imported: it holds what cannot be.",
            [
                *problems,
                "A school would be judged by it, so the whole file is left out. "
                "Download it again, or correct it and import it. Nothing was changed.",
            ],
        )


def _bad_cells(con: Connection, fields: Sequence[Field], found: dict[str, str]) -> Iterator[str]:
    """A line for each column with cells that are neither a possible value nor a marker that is known."""
    for one in fields:
        bad = [row for row in rows(con, _bad_sql(one)) if not _is_marker(row)]
        if bad:
            first = min(bad, key=lambda row: row["line"])
            count = sum(row["n"] for row in bad)
            more = f" (and {count - 1:,} more)" if count > 1 else ""
            where = f"Line {first['line']}, column {found[one.name]}"
            yield f'{where}: "{_short(first["cell"])}" {_expected(one)}{more}.'


def _bad_sql(one: Field) -> str:
    tests = [f"{one.name} is null"]
    if one.low is not None:
        tests.append(f"{one.name} < {one.low}")
    if one.high is not None:
        tests.append(f"{one.name} > {one.high}")
    return f"""
        select {one.name}_cell as cell, any_value({one.name}) is null as is_empty,
               count(*) as n, min({ROW}) as line
        from typed where {" or ".join(tests)} group by cell"""


def _is_marker(row: dict[str, Any]) -> bool:
    return row["is_empty"] and (not row["cell"] or row["cell"] in markers())


def _short(cell: str) -> str:
    """One cell as it stands, short enough to show."""
    printed = "".join(c if c.isprintable() else "?" for c in cell)
    return printed if len(printed) <= 60 else printed[:59] + "…"


def _expected(one: Field) -> str:
    if one.kind == "date":
        return "is not a date that exists; expected dd/mm/yyyy"
    if one.kind == "code":
        return f"is not a code that is known; expected one of {', '.join(sorted(one.codes))}"
    if one.kind == "year":
        return "is not an academic year; expected two years that follow one another, such as 201617 or 2016/17"
    if one.kind == "percent":
        return "is not a percentage from 0 to 100, nor a marker that is known"
    if one.low is not None:
        return f"is not a number from {one.low:,g} to {one.high:,g}, nor a marker that is known"
    return "is not a number, nor a marker that is known"


def _fractions(con: Connection, fields: Sequence[Field], found: dict[str, str]) -> Iterator[str]:
    """A spreadsheet shows 63% and holds 0.63: read as 0.63%, every school would look like a disaster."""
    for one in fields:
        asked = f"""
            select count({one.name}) as n, max({one.name}) as highest,
                   count(*) filter ({one.name} > 0) as filled,
                   min({ROW}) filter ({one.name} > 0) as line,
                   arg_min({one.name}_cell, {ROW}) filter ({one.name} > 0) as cell
            from typed"""
        seen = rows(con, asked)[0]
        if seen["n"] >= _FEWEST_FRACTIONS and seen["highest"] <= 1 and 2 * seen["filled"] > seen["n"]:
            yield (
                f'Line {seen["line"]}, column {found[one.name]}: "{seen["cell"]}" looks like a fraction, '
                "as all of this column does; expected percentages, such as 63 for 63%."
            )


def _repeated_schools(con: Connection, source: Source) -> list[str]:
    if not source.one_row_per:
        return []
    keys = ", ".join(source.one_row_per)
    scope = "la" if source.keyed_by == "la" else "school"
    repeated: list[dict[str, Any]] = rows(
        con,
        f"""
        select any_value({key_sql(source)}) as key, count(*) as n, min({ROW}) as first_row, max({ROW}) as last_row
        from typed where scope = '{scope}'
        group by {keys} having count(*) > 1 order by first_row
        """,
    )
    called = "LA" if source.keyed_by == "la" else "School"
    shown = [
        f"{called} {r['key']} stands in it {r['n']} times (lines {r['first_row']} and {r['last_row']})."
        for r in repeated[:_SHOWN]
    ]
    more = len(repeated) - _SHOWN
    return [*shown, f"So do {more:,} more {called if called == 'LA' else 'school'}s."] if more > 0 else shown


def latest_date(con: Connection, source: Source, field_name: str) -> date | None:
    """The latest date that a column holds, where the kind and the file have the column."""
    if all(one.name != field_name for one in source.fields):
        return None
    latest: date | None = rows(con, f"select max({field_name}) as latest from typed")[0]["latest"]
    return latest


def latest_period(con: Connection, source: Source) -> str | None:
    """The latest academic year that the rows say, where the kind says it by row: "2016-2017"."""
    if not source.has_time_period:
        return None
    latest: str | None = rows(con, f"select max({year_of(TIME_PERIOD)}) as latest from typed")[0]["latest"]
    return latest
