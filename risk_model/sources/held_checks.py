"""What the LA typed into a template, looked at cell by cell: every problem by line and column, with its remedy."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from risk_model.domain.errors import FileRefused
from risk_model.domain.templates import EXAMPLE_URN
from risk_model.sources.contract import Field, Source
from risk_model.sources.typing import markers
from risk_model.warehouse.engine import Connection, rows
from risk_model.warehouse.lake import ROW

Row = Mapping[str, Any]

LONGEST_TEXT = 300
FIRST_YEAR, LAST_YEAR = 1970, 2099  # a date outside them is a slip of the pen
_SHOWN = 50
# Control characters but line breaks and tabs, and overrides of the writing direction.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PERSON = re.compile(r"@|^(mr|mrs|ms|miss|mx|dr|prof|sir|dame)\b\.?\s", re.IGNORECASE)


def refuse_bad_lines(
    con: Connection, source: Source, name: str, found: Mapping[str, str], as_at: date | None = None
) -> None:
    """Look at every line of the tables `typed` and `cells`, gather all problems, then refuse once.

    Args:
        name: what the file, and the sheet in it, is called.
        found: the header of each field that the file has.
        as_at: the day that the file describes: nothing in it can have been seen after that day and after today.
    Raises:
        FileRefused: a cell that must be filled is blank, or holds what cannot be; a line stands there twice.
    """
    asked = f"select * from typed inner join cells using ({ROW}) where scope is distinct from 'other' order by {ROW}"
    lines = rows(con, asked)
    last_day = max(date.today(), as_at or date.min)
    problems = [problem for line in lines for problem in _problems_of(source, found, line, last_day)]
    problems += _repeated(source, lines)
    if problems:
        more = len(problems) - _SHOWN
        raise FileRefused(
            f"{name} was not imported: {_things(len(problems))} attention.",
            [
                *problems[:_SHOWN],
                *([f"And {more:,} more of the kind."] if more > 0 else []),
                "Correct these cells, save the file and import it again. Nothing was changed.",
            ],
        )


def _things(count: int) -> str:
    return "1 cell or line needs" if count == 1 else f"{count:,} cells or lines need"


def example_notes(con: Connection, source: Source) -> Iterator[str]:
    """What to tell of the example line of a template that was left in."""
    if not source.held_by_la:
        return
    left_in = rows(con, f"select {ROW} as line from typed where urn = $urn order by {ROW}", {"urn": EXAMPLE_URN})
    for row in left_in:
        yield f"line {row['line']} is the template's example (URN {EXAMPLE_URN}): it is left out"


def _problems_of(source: Source, found: Mapping[str, str], line: Row, last_day: date) -> Iterator[str]:
    if source.is_evidence and line["scope"] != "school":
        yield _problem(line, found["urn"], line["urn"] or "", "is not a URN", "Write the school's six digits.")
    for one in source.fields:
        if one.name in found and (one.name != "urn" or line["urn"] is None):
            yield from _problem_of(one, found[one.name], line, last_day, is_evidence=source.is_evidence)
    yield from _out_of_order(source, found, line)


def _problem_of(one: Field, column: str, line: Row, last_day: date, *, is_evidence: bool) -> Iterator[str]:
    """The problem of one cell, where there is one."""
    value = line[one.name]
    cell = line.get(f"{one.name}_cell", value) or ""
    if value is None and (not cell or cell in markers()):
        if one.must_be_filled:
            yield _problem(line, column, cell, "says nothing, and must not be blank", "Fill it in.")
        return
    if not is_evidence:
        return  # other lists are looked at column by column
    if one.is_past and isinstance(value, date) and value > last_day:
        yield _problem(line, column, cell, "is a day to come", "Write a day that is not later than today.")
        return
    for is_wrong, problem, remedy in _TESTS:
        if is_wrong(one, value, cell):
            yield _problem(line, column, cell, problem(one), remedy(one))
            return


def _problem(line: Row, column: str, cell: str, problem: str, remedy: str) -> str:
    printed = "".join(c if c.isprintable() else "?" for c in cell)
    shown = f'"{printed if len(printed) <= 60 else printed[:59] + "…"}"' if printed else "it"
    return f"Line {line[ROW]}, column {column}: {shown} {problem}. {remedy}"


def _is_unreadable(one: Field, value: Any, cell: str) -> bool:
    return value is None


def _is_far_off(one: Field, value: Any, cell: str) -> bool:
    return isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR


def _is_fraction(one: Field, value: Any, cell: str) -> bool:
    return one.kind == "percent" and 0 < value < 1 and "%" not in cell


def _is_impossible(one: Field, value: Any, cell: str) -> bool:
    too_low = one.low is not None and value < one.low
    return too_low or (one.high is not None and value > one.high) or (one.kind == "count" and value % 1 != 0)


def _is_too_long(one: Field, value: Any, cell: str) -> bool:
    return one.kind == "text" and len(value) > LONGEST_TEXT


def _has_hidden(one: Field, value: Any, cell: str) -> bool:
    return one.kind == "text" and bool(_HIDDEN.search(value))


def _is_person(one: Field, value: Any, cell: str) -> bool:
    return one.name == "recorded_by" and bool(_PERSON.search(value))


def _kind_wanted(one: Field) -> str:
    if one.kind == "code":
        return "is not one of the words for this column"
    return {
        "date": "is not a date that exists",
        "year": "is not an academic year",
    }.get(one.kind, "is not a number")


def _how_to_write(one: Field) -> str:
    if one.kind == "code":
        return f"Write one of: {'; '.join(sorted(one.codes))}."
    return {
        "date": "Write it as 12/03/2026 or 2026-03-12.",
        "year": "Write it as 2025-2026 or 2025/26.",
        "percent": "Write 63 (or 63%) for 63%.",
        "money": "Write pounds as 84000, a deficit as -84000.",
    }.get(one.kind, "Write it in digits.")


def _limits(one: Field) -> str:
    kind = "a whole number" if one.kind == "count" else "a number"
    return f"Write {kind} from {one.low:,.0f} to {one.high:,.0f}."


_TESTS: Sequence[tuple[Callable[[Field, Any, str], bool], Callable[[Field], str], Callable[[Field], str]]] = (
    (_is_unreadable, _kind_wanted, _how_to_write),
    (_is_far_off, lambda _: "is not a likely date", lambda _: f"Write a year from {FIRST_YEAR} to {LAST_YEAR}."),
    (
        _is_fraction,
        lambda _: "looks like a fraction of one",
        lambda _: "Write 63 (or 63%) for 63%; a true figure under one per cent with its sign: 0.6%.",
    ),
    (_is_impossible, lambda _: "cannot be", _limits),
    (_is_too_long, lambda _: f"has more than {LONGEST_TEXT} characters", lambda _: "Say it more shortly."),
    (_has_hidden, lambda _: "has hidden characters", lambda _: "Type it again."),
    (
        _is_person,
        lambda _: "looks like a person's name or address",
        lambda _: "Write a role or a label, such as School improvement adviser 3.",
    ),
)


def _out_of_order(source: Source, found: Mapping[str, str], line: Row) -> Iterator[str]:
    for smaller, larger in source.in_order:
        first, second = line.get(smaller), line.get(larger)
        if first is not None and second is not None and first > second:
            word = "later" if isinstance(first, date) else "more"
            problem = f"is {word} than {found[larger]}, {_written(second)}"
            yield _problem(line, found[smaller], _written(first), problem, "Correct one of the two.")


def _written(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else f"{value:g}"


def _repeated(source: Source, lines: Sequence[Row]) -> Iterator[str]:
    if not source.is_evidence:
        return  # looked at elsewhere, as those of published files are
    first_line: dict[tuple[Any, ...], int] = {}
    for line in lines:
        key = tuple(line[name] for name in source.one_row_per)
        first = first_line.setdefault(key, line[ROW])
        if line["scope"] == "school" and first != line[ROW]:
            alike = ", ".join(source.one_row_per)
            yield (
                f"Line {line[ROW]}, column urn: {line['urn']} stands in line {first} with the same {alike}. "
                "Take one of the two lines out, or correct it."
            )
