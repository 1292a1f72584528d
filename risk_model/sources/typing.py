"""How a text cell becomes a value, or the reason why there is none: SQL made from the contracts.

Column names reach SQL only when they equal a contract's header, case and spacing aside.
"""

import csv
from collections.abc import Collection, Mapping
from functools import cache

from risk_model.domain.paths import LOOKUPS
from risk_model.sources.contract import Field, Source, matched_columns
from risk_model.warehouse.engine import identifier, literal

# Thousands in threes only: "5,5" is not fifty-five. An exponent, because spreadsheets write 7.0E-2.
_DIGITS = r"(\d{1,3}(,\d{3})+|\d*)(\.\d*)?([eE][-+]?\d+)?"
# A column under another's name shows itself by its signs: "0.3%" is no count of pupils, and "£12" no percentage.
_NUMBERS = {"count": f"-?{_DIGITS}", "percent": f"-?{_DIGITS}%?", "money": f"-?£?-?{_DIGITS}"}
_NUMBER = f"-?£?-?{_DIGITS}%?"
_EARLIEST_DATE = "date '1000-01-01'"  # "01/02/24" would be the year 24
_DATE_FORMATS = "['%d/%m/%Y', '%d-%m-%Y', '%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%d/%m/%Y %H:%M:%S']"
_CELL = "\0"  # stands for a cell where there are many: no name of a column has it
_YEAR = "20[0-9]{2}[-/ ]?(20)?[0-9]{2}"
_SQL_TYPE = {"text": "varchar", "code": "varchar", "year": "varchar", "date": "date"}


@cache
def markers() -> dict[str, str]:
    """What each marker in a cell means: {"SUPP": "suppressed", …}."""
    with (LOOKUPS / "markers.csv").open(encoding="utf-8", newline="") as file:
        return {row["marker"]: row["reason"] for row in csv.DictReader(file)}


def cell_sql(column: str) -> str:
    """SQL for a cell without the spaces around it: LA rows have a single one where others are empty."""
    return f"trim({identifier(column)})"


def value_sql(one: Field, column: str) -> str:
    """SQL for a field's value: typed, NULL where the cell is a marker, blank, unreadable or beyond the limits."""
    value = value_of(one, cell_sql(column))
    counts = within_limits(one, value)
    return f"case when {counts} then {value} end" if counts else value


def within_limits(one: Field, value: str) -> str:
    """SQL that tells whether a value counts; empty where the field has no limits.

    The one place for the limits: the import counts by it what is beyond them, staging keeps that out, and the
    quality report lists it.
    """
    if one.lowest is not None and one.highest is not None:
        return f"{value} between {one.lowest} and {one.highest}"
    if one.lowest is not None:
        return f"{value} >= {one.lowest}"
    return f"{value} <= {one.highest}" if one.highest is not None else ""


def value_of(one: Field, cell: str) -> str:
    """SQL for what a cell says, within the limits or not, from SQL that gives it without the spaces around it."""
    if one.kind == "text":
        return f"case when {cell} in ('', 'NULL') then null else {cell} end"
    if one.kind == "code" and one.any_case:
        cases = " ".join(f"when {literal(code.casefold())} then {literal(code)}" for code in sorted(one.codes))
        return f"case lower({cell}) {cases} end"
    if one.kind == "code":
        cases = "".join(f" when {cell} = {literal(code)} then {literal(other)}" for code, other in one.same_as)
        return f"case{cases} when {cell} in ({_listed(sorted(one.codes))}) then {cell} end"
    if one.kind == "date":
        day = f"cast(try_strptime({cell}, {_DATE_FORMATS}) as date)"
        # Words are no dates: to DuckDB "epoch" and "infinity" are.
        return f"case when {cell} < 'A' and {day} >= {_EARLIEST_DATE} then {day} end"
    if one.kind == "year":
        return year_of(cell)
    number = f"try_cast(translate({cell}, '%,£', '') as double)"
    return f"case when regexp_full_match({cell}, {literal(_NUMBERS.get(one.kind, _NUMBER))}) then {number} end"


def year_of(cell: str) -> str:
    """SQL for an academic year as "2016-2017", NULL where a text is not two years that follow one another."""
    first = f"try_cast(left({cell}, 4) as integer)"
    follow = f"try_cast(right({cell}, 2) as integer) = ({first} + 1) % 100"
    year = f"left({cell}, 4) || '-' || ({first} + 1)"
    return f"case when regexp_full_match({cell}, {literal(_YEAR)}) and {follow} then {year} end"


def sql_type(one: Field) -> str:
    """The SQL type of a field's values: "varchar", "date" or "double"."""
    return _SQL_TYPE.get(one.kind, "double")


def absent_sql(one: Field) -> str:
    """SQL for the value of a field that a file does not have: NULL, of the field's type."""
    return f"cast(null as {sql_type(one)})"


@cache
def _marker_cases() -> str:
    """SQL that tells the markers by their reasons, for any cell."""
    # one by one: of a list that it is to search, the engine makes a join, for each of a hundred columns
    reasons = {"": "blank", **markers()}
    return " ".join(f"when {_CELL} = {literal(marker)} then {literal(reason)}" for marker, reason in reasons.items())


def reason_sql(one: Field, column: str) -> str:
    """SQL for why a field has no value: NULL where it has one, 'implausible' where the cell's is beyond the limits,
    'unreadable' where nobody knows."""
    cell = cell_sql(column)
    cases = _marker_cases().replace(_CELL, cell)
    value = value_of(one, cell)
    counts = within_limits(one, value)
    has_one = f"case when not ({counts}) then 'implausible' end" if counts else "null"
    return f"case when ({value}) is not null then {has_one} {cases} else 'unreadable' end"


def typed_columns(source: Source, header: tuple[str, ...]) -> str:
    """SQL for every field of a source, as a list of select items: `field` and, for figures, `field_missing`.

    A field that the file does not have is NULL, for the reason 'not_in_file'.
    """
    found = matched_columns(source, header)
    items = []
    for one in source.fields:
        column = found.get(one.name)
        value = value_sql(one, column) if column else absent_sql(one)
        reason = reason_sql(one, column) if column else "'not_in_file'"
        if column and one.share_of in found:
            # the census prints 0.00% for nurseries of which it counts nobody
            of_nobody = f"{value} = 0 and coalesce({_number_sql(found[one.share_of])}, 0) = 0"
            reason = f"case when {of_nobody} then 'not_available' else {reason} end"
            value = f"case when {of_nobody} then null else {value} end"
        items.append(f"{value} as {one.name}")
        if one.kind not in _SQL_TYPE:
            items.append(f"{reason} as {one.name}_missing")
    return ",\n       ".join(items)


def _number_sql(column: str) -> str:
    return value_of(Field("", (), "number"), cell_sql(column))


def empty_columns(source: Source) -> str:
    """The same list for a source of which nothing is loaded."""
    return typed_columns(source, ()).replace("'not_in_file'", "'not_loaded'")


def scope_sql(source: Source) -> str:
    """SQL for what a row is: 'school', 'national', 'la', 'other', or NULL for a row that nobody knows.

    A school row has a six-digit URN or, in files keyed by it, a seven-digit LAESTAB; summary rows are told by
    the contract. In files keyed by LA every other row with a three-digit code is an LA's.
    """
    cases = " ".join(f"when {_where(s.where)} then {literal(s.scope)}" for s in source.summaries)
    if source.keyed_by == "la":
        return f"case {cases} when regexp_full_match(la_code, '[0-9]{{3}}') then 'la' end"
    school = "regexp_full_match(urn, '[0-9]{6}')"
    if source.keyed_by == "laestab":
        school += " or regexp_full_match(laestab, '[0-9]{7}')"
    if source.held_by_la and cases:
        return f"case {cases} when {school} then 'school' end"  # the example line of a template is no school's
    return f"case {_left_out(source)} when {school} then 'school' {cases} end"


def scope_fields(source: Source) -> Collection[str]:
    """The fields by which `scope_sql` tells what a row is."""
    keys = {"urn": ("urn",), "laestab": ("urn", "laestab"), "la": ("la_code",)}[source.keyed_by]
    return dict.fromkeys([*keys, *source.rows_where, *(name for one in source.summaries for name in one.where)])


def _left_out(source: Source) -> str:
    """SQL for the rows that say of themselves that they do not count, such as those of boys alone."""
    return " ".join(
        f"when {name} not in ('', {_listed(list(words))}) then 'other'" for name, words in source.rows_where.items()
    )


def key_sql(source: Source) -> str:
    """SQL for what names a row's subject: the school's URN or else its LAESTAB, or the LA's code."""
    return {"urn": "urn", "laestab": "coalesce(urn, laestab)", "la": "la_code"}[source.keyed_by]


def summary_phase_sql(source: Source) -> str:
    """SQL for the phase that a summary row stands for, NULL for a school's row."""
    if not source.summaries:
        return "cast(null as varchar)"
    cases = " ".join(f"when {_where(s.where)} then {literal(s.phase)}" for s in source.summaries)
    return f"case {cases} end"


def _where(conditions: Mapping[str, str]) -> str:
    return " and ".join(f"{name} = {literal(value)}" for name, value in conditions.items())


def _listed(values: list[str]) -> str:
    return ", ".join(literal(value) for value in values)
