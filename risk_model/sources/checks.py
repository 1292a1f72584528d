"""What is looked at before a table lands: its columns, every cell that the product reads, repeated schools.

What is looked at are the tables `typed`, `cells` and `texts`, as which `laying.lay_out` has laid it out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from risk_model.domain.errors import FileRefused
from risk_model.sources.contract import TIME_PERIOD, Field, Source, matched_columns, normalised
from risk_model.sources.held_checks import example_notes, refuse_bad_lines
from risk_model.sources.reading import Sheet, Table
from risk_model.sources.typing import key_sql, markers, within_limits, year_of
from risk_model.warehouse.engine import Connection, literal, rows
from risk_model.warehouse.lake import ROW

_SHOWN = 5
_ONE_IN_IMPOSSIBLE = 200  # more than one in so many cells beyond what is possible: the file itself is in doubt
_ONE_IN_UNUSUAL = 20  # the same for what is possible and not to be believed
_FEWEST_LATER = 3
_HAPPENED = ("start_date", "ungraded_start_date", "last_changed")  # columns in which nothing can lie ahead
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
    wanted = {normalised(c) for c in matched_columns(source, table.header).values()} - _told_apart(source)
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


def _told_apart(source: Source) -> set[str]:
    """Columns of one name that a kind always has several of, and tells apart by where they stand."""
    named = (normalised(column) for one in source.fields for column in one.columns if " (column " in column)
    return {column.split(" (column ")[0] for column in named}


def refuse_longer_rows(source: Source, sheet: Sheet) -> None:
    """Refuse a table of figures with rows longer than its header: a separator too many has shifted their cells.

    A register is let through: the national one has been saved with a list in its last column.
    """
    if sheet.longer_rows and not source.is_register:
        count = len(sheet.longer_rows)
        raise FileRefused(
            f"{sheet.name} was not imported: {count:,} {'row has' if count == 1 else 'rows have'} more cells than the "
            f"header has columns (the first is line {sheet.longer_rows[0]}).",
            [
                "Most likely a text with a separator in it has lost its quotation marks: the figures behind it stand "
                "in the wrong columns, and a school would be judged by them.",
                "Correct the rows, or download the file again. Nothing was changed.",
            ],
        )


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
        raise _nobodys(con, source, sheet, found)
    other, first = counted.pop("other"), counted.pop("first_other")
    return RowCounts(**counted, notes=(_other_rows(other, first),) if other else ())


def _nobodys(con: Connection, source: Source, sheet: Sheet, found: dict[str, str]) -> FileRefused:
    """Why a table is refused in which no row says whose it is."""
    number, subject = {
        "urn": ("a six-digit URN", "school"),
        "laestab": ("a six-digit URN or a seven-digit LAESTAB", "school"),
        "la": ("a three-digit LA code", "LA"),
    }[source.keyed_by]
    keys = {"urn": ("urn",), "laestab": ("urn", "laestab"), "la": ("la_code",)}[source.keyed_by]
    columns = " or ".join(found[key] for key in keys if key in found)
    if source.held_by_la and list(example_notes(con, source)):
        return FileRefused(
            f"{sheet.name} was not imported: it holds nothing but the template's example.",
            ["Write your own lines in its place, save the file and import it again. Nothing was changed."],
        )
    return FileRefused(
        f"{sheet.name} was not imported: no row has {number}.",
        [
            f"It was read as {source.title}, and figures without one belong to no {subject}.",
            *(
                f'A row counts only where {found[name]} is "{words[0]}".'
                for name, words in source.rows_where.items()
                if name in found
            ),
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


def check_cells(con: Connection, source: Source, sheet: Sheet, as_at: date | None = None) -> list[str]:
    """Look at every cell that the product reads; gather all problems, then refuse once.

    Args:
        as_at: the day that the file describes, where it describes one.

    Returns:
        A note for each column with a few values beyond its limits: the file lands, and staging keeps them out.
    Raises:
        FileRefused: unreadable values, many that are beyond the limits, or a school twice.
    """
    found = matched_columns(source, sheet.header)
    if source.held_by_la:
        refuse_bad_lines(con, source, sheet.name, found, as_at)
    if source.is_evidence:
        return list(example_notes(con, source))
    fields = [one for one in source.fields if one.name in found and one.kind != "text"]
    seen = _seen(con)
    notes, beyond = _beyond_limits(con, source, fields, found, seen)
    problems = [
        *_bad_cells(con, fields, found, seen),
        *beyond,
        *_fractions(con, [one for one in fields if one.kind == "percent"], found, seen),
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
    return [*notes, *example_notes(con, source)]


@dataclass(frozen=True)
class _Seen:
    """What a field's different texts are read as.

    Attributes:
        lowest, highest: of those that are numbers.
        has_unread: one is neither a value nor a marker that is known.
    """

    lowest: float | None
    highest: float | None
    has_unread: bool


def _seen(con: Connection) -> dict[str, _Seen]:
    """What the different texts of each field are read as: a wide file has hundreds of columns, and few texts."""
    asked = f"""
        select field, min(number) as lowest, max(number) as highest,
               bool_or(number is null and day is null and word is null and cell not in ({_known()})) as has_unread
        from texts group by field"""
    return {row.pop("field"): _Seen(**row) for row in rows(con, asked)}


def _beyond_limits(
    con: Connection, source: Source, fields: Sequence[Field], found: dict[str, str], seen: Mapping[str, _Seen]
) -> tuple[list[str], list[str]]:
    """What to note of values beyond a field's limits, and what to refuse the file for.

    A slip in a few of many schools' cells is kept out and named. In a summary row, with which every school is
    compared, in the LA's own list, or in many cells it means that something else is wrong.
    """
    notes, problems = [], []
    limited = [one for one in fields if within_limits(one, one.name)]
    counted = _counted_beyond(con, limited, seen)
    for one in (field for field in limited if field.name in counted):
        filled, impossible, unusual, in_summary, first = counted[one.name]
        cell = rows(con, f"select {one.name}_cell as cell from cells where {ROW} = $first", {"first": first})[0]["cell"]
        where = f'Line {first}, column {found[one.name]}: "{_short(cell)}" {_expected(one)}'
        more = impossible + unusual - 1
        others = f" (and {more:,} more)" if more else ""
        few = impossible <= filled // _ONE_IN_IMPOSSIBLE and unusual <= max(1, filled // _ONE_IN_UNUSUAL)
        if few and not in_summary and not source.held_by_la:
            notes.append(f"{where}{others}: kept out of every judgement, not deleted; the quality report lists them")
        else:
            problems.append(f"{where}{others}.")
    return notes, problems


def _counted_beyond(
    con: Connection, fields: Sequence[Field], seen: Mapping[str, _Seen]
) -> dict[str, tuple[int, int, int, int, int]]:
    """For each field with a value beyond its limits: cells with a value, beyond what is possible, beyond what is usual
    only, both in a national or LA row, and the first line with one."""
    beyond = [
        one for one in fields if _is_beyond(one, seen[one.name].lowest) or _is_beyond(one, seen[one.name].highest)
    ]
    return {one.name: _beyond_in(con, one) for one in beyond}


def _is_beyond(one: Field, value: float | None) -> bool:
    if value is None:
        return False
    return (one.lowest is not None and value < one.lowest) or (one.highest is not None and value > one.highest)


def _beyond_in(con: Connection, one: Field) -> tuple[int, int, int, int, int]:
    beyond = f"not ({within_limits(one, one.name)})"
    possible = within_limits(replace(one, usual=None), one.name) or "true"
    counted = rows(
        con,
        f"""
        select count({one.name}) as filled, count(*) filter (not ({possible})) as impossible,
               count(*) filter ({beyond} and {possible}) as unusual,
               count(*) filter ({beyond} and scope in ('national', 'la')) as in_summary,
               min({ROW}) filter ({beyond}) as first
        from typed""",
    )[0]
    return (counted["filled"], counted["impossible"], counted["unusual"], counted["in_summary"], counted["first"])


def _bad_cells(
    con: Connection, fields: Sequence[Field], found: dict[str, str], seen: Mapping[str, _Seen]
) -> Iterator[str]:
    """A line for each column with cells that are neither a value nor a marker that is known."""
    for one in (field for field in fields if seen[field.name].has_unread):
        asked = f"""
            select count(*) as n, min({ROW}) as line, arg_min({one.name}_cell, {ROW}) as cell
            from typed inner join cells using ({ROW})
            where {one.name} is null and {one.name}_cell not in ({_known()})"""
        bad = rows(con, asked)[0]
        more = f" (and {bad['n'] - 1:,} more)" if bad["n"] > 1 else ""
        where = f"Line {bad['line']}, column {found[one.name]}"
        yield f'{where}: "{_short(bad["cell"])}" {_expected(one)}{more}.'


def _known() -> str:
    """SQL for the list of the texts that stand for no value."""
    return ", ".join(literal(marker) for marker in ("", *markers()))


def _short(cell: str) -> str:
    """One cell as it stands, short enough to show."""
    printed = "".join(c if c.isprintable() else "?" for c in cell)
    return printed if len(printed) <= 60 else printed[:59] + "…"


def _expected(one: Field) -> str:
    if one.kind == "date":
        return "is not a date that exists; expected dd/mm/yyyy"
    if one.kind == "code":
        expected = f"is not a code that is known; expected one of {', '.join(sorted(one.codes))}"
        return f"{expected}. If it is a new one that is right, add it to {one.codes_in}" if one.codes_in else expected
    if one.kind == "year":
        return "is not an academic year; expected two years that follow one another, such as 201617 or 2016/17"
    if one.kind == "percent":
        return "is not a percentage from 0 to 100, nor a marker that is known"
    if one.lowest is not None or one.highest is not None:
        return f"is not a number {limits_in_words(one)}, nor a marker that is known"
    return "is not a number, nor a marker that is known"


def limits_in_words(one: Field) -> str:
    """Between which values a field's count, for a sentence; empty where any may."""
    lowest = "" if one.lowest is None else f"from {one.lowest:,.12g}"
    highest = "" if one.highest is None else f"{'to' if lowest else 'up to'} {one.highest:,.12g}"
    return f"{lowest} {highest}".strip()


def _fractions(
    con: Connection, fields: Sequence[Field], found: dict[str, str], seen: Mapping[str, _Seen]
) -> Iterator[str]:
    """A spreadsheet shows 63% and holds 0.63: read as 0.63%, every school would look like a disaster."""
    for one in fields:
        highest = seen[one.name].highest
        if highest is None or highest > 1:
            continue
        asked = f"""
            select count({one.name}) as n, count(*) filter ({one.name} > 0) as filled,
                   min({ROW}) filter ({one.name} > 0) as line,
                   arg_min({one.name}_cell, {ROW}) filter ({one.name} > 0) as cell
            from typed inner join cells using ({ROW})"""
        counted = rows(con, asked)[0]
        if counted["n"] >= _FEWEST_FRACTIONS and 2 * counted["filled"] > counted["n"]:
            yield (
                f'Line {counted["line"]}, column {found[one.name]}: "{counted["cell"]}" looks like a fraction, '
                "as all of this column does; expected percentages, such as 63 for 63%."
            )


def _repeated_schools(con: Connection, source: Source) -> list[str]:
    if not source.one_row_per:
        return []
    keys = ", ".join(source.one_row_per)
    scope = "la" if source.keyed_by == "la" else "school"
    # where no two rows have the same hash, which is so nearly always, no two have the same key
    asked = f"select count(*) as n, count(distinct hash({keys})) as different from typed where scope = '{scope}'"
    counted = rows(con, asked)[0]
    if counted["n"] == counted["different"]:
        return []
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


def refuse_later_happenings(con: Connection, source: Source, sheet: Sheet, day: date | None) -> None:
    """Refuse a snapshot that knows what came after its day: inspections that began, changes that were made.

    One or two may be slips in a date; more, and the file is of a later day than its name or the user says.

    Raises:
        FileRefused: several rows are of a later day.
    """
    found = matched_columns(source, sheet.header)
    names = [name for name in _HAPPENED if name in found] if day and source.dating == "as at" else []
    for name in names:
        if (latest_date(con, source, name) or date.min) <= (day or date.max):
            continue
        asked = f"select count(*) as n, min({ROW}) as line, max({name}) as latest from typed where {name} > $day"
        later = rows(con, asked, {"day": day})[0]
        if day and later["n"] >= _FEWEST_LATER:
            raise FileRefused(
                f"{sheet.name} was not imported: it is said to be of {day:%d/%m/%Y}, but knows of later days.",
                [
                    f"{later['n']:,} rows (the first is line {later['line']}) have a later day in the column "
                    f"{found[name]}; the latest is {later['latest']:%d/%m/%Y}.",
                    "Old figures would pass for new ones, or new ones for old. "
                    "Say --as-at with the day that the file describes. Nothing was changed.",
                ],
            )


def latest_date(con: Connection, source: Source, field_name: str) -> date | None:
    """The latest date that a column holds, where the kind and the file have the column."""
    if all(one.name != field_name for one in source.fields):
        return None
    asked = "select max(day) as latest from texts where field = $field"
    latest: date | None = rows(con, asked, {"field": field_name})[0]["latest"]
    return latest


def periods_of_rows(con: Connection, source: Source) -> list[str]:
    """The academic years that the rows of a yearly kind say of themselves, in order; none where they say none."""
    if not (source.has_time_period and source.dating == "academic year"):
        return []
    asked = f"select distinct {year_of(TIME_PERIOD)} as period from typed where scope = 'school' order by period"
    return [row["period"] for row in rows(con, asked) if row["period"]]


def latest_period(con: Connection, source: Source) -> str | None:
    """The latest academic year that the rows say, where the kind says it by row: "2016-2017"."""
    if not source.has_time_period:
        return None
    latest: str | None = rows(con, f"select max({year_of(TIME_PERIOD)}) as latest from typed")[0]["latest"]
    return latest
