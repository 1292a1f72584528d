"""Lists of roles, interests, objectives and visits, looked at before anything is written."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection

from risk_model.casework.allocations import Allocation
from risk_model.casework.changes import Kind, add_row, check_new
from risk_model.casework.checks import Problem, checked_who, in_field_order, shown
from risk_model.casework.csv_reading import CsvProblem, CsvRow, at_row
from risk_model.casework.designations import DESIGNATIONS, NewDesignation
from risk_model.casework.interests import INTERESTS, NewInterest
from risk_model.casework.leaders import SystemLeader
from risk_model.casework.objectives import OBJECTIVES, NewObjective
from risk_model.casework.store import Records, writing
from risk_model.casework.visits import VISITS, NewVisit, add_visit
from risk_model.domain.errors import RecordRefused
from risk_model.domain.templates import EXAMPLE_URN

SmallRecord = NewDesignation | NewInterest | NewObjective | NewVisit
Given = dict[str, object]


@dataclass(frozen=True)
class Known:
    """What is recorded for the LA that a list is for: schools, system leaders and support, by what a line names."""

    la_code: str
    urns: Collection[str]
    leaders: Mapping[str, int]
    allocations: Mapping[int, Allocation]


@dataclass(frozen=True)
class SmallList:
    """One kind of list.

    Attributes:
        columns: of the file, in any order.
        optional: those that may be missing.
        example: the cell of the template's example line, by which that line is known.
        given: a line's values by field name, and what is wrong with what it names.
    """

    kind: Kind
    record: type[SmallRecord]
    columns: tuple[str, ...]
    optional: frozenset[str]
    example: tuple[str, str]
    given: Callable[[CsvRow, Known], tuple[Given, list[Problem]]]


@dataclass(frozen=True)
class SmallPreview:
    """What a file would add, and what is wrong with the rest, in the order of the lines.

    Attributes:
        recorded: how many lines are recorded already, just as they stand.
        examples: how many lines are the example of the template.
    """

    new: tuple[SmallRecord, ...]
    problems: tuple[CsvProblem, ...]
    recorded: int
    examples: int


def preview_small_list(
    small: SmallList,
    rows: Sequence[CsvRow],
    shape_problems: Sequence[CsvProblem],
    known: Known,
    recorded: Collection[object],
) -> SmallPreview:
    """Look at a list without writing anything.

    Args:
        recorded: what is recorded of this kind, as `plain_record` gives it: such a line is counted, not added again.
    """
    new: dict[SmallRecord, int] = {}
    problems = list(shape_problems)
    column, example = small.example
    own = [row for row in rows if row.values.get(column, "").strip() != example]
    already = 0
    for row in own:
        given, wrong = small.given(row, known)
        case, found = check_new(small.kind, given)
        wrong += [problem for problem in found if problem.field not in {each.field for each in wrong}]
        record = None if wrong else small.record(**_own_fields(small.record, case.after))
        if record is not None and plain_record(record) in recorded:
            already += 1
            continue
        if record in new and record is not None:
            wrong.append(Problem(column, "", f"it says the same as line {new[record]}.", "Take one of the two out."))
        elif record is not None:
            new[record] = row.line
        problems += [at_row(row, each) for each in in_field_order(wrong, small.kind.fields)]
    in_order = tuple(sorted(problems, key=lambda each: each.line))
    return SmallPreview(tuple(new), in_order, already, len(rows) - len(own))


def plain_record(record: object) -> tuple[tuple[str, object], ...]:
    """A record's values without number and version, to tell whether a line is recorded already."""
    passed = {"id", "version", "system_leader_id"} if hasattr(record, "registered_on") else {"id", "version"}
    values = {name: value for name, value in vars(record).items() if name not in passed}
    return tuple(sorted((name, None if value is None else str(value)) for name, value in values.items()))


def _own_fields(record: type[SmallRecord], clean: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: clean[field.name] for field in fields(record) if field.name in clean}


def _leader_of(row: CsvRow, known: Known) -> tuple[Given, list[Problem]]:
    label = row.values["system_leader"].strip()
    number = known.leaders.get(label)
    given: Given = {**row.values, "system_leader_id": number}
    if number is not None:
        return given, []
    problem = f"{shown(label)} is not the label of a system leader of this LA."
    what_to_do = "Correct it, or record the system leader first."
    return given, [Problem("system_leader_id", label, problem, what_to_do)]


def _school_of(row: CsvRow, known: Known) -> tuple[Given, list[Problem]]:
    urn = row.values.get("urn", "").strip()
    given: Given = {**row.values, "la_code": known.la_code}
    if not urn or urn in known.urns:
        return given, []
    return given, [Problem("urn", urn, f"{shown(urn)} is not a school of this LA.", "Correct the URN.")]


def _support_of(row: CsvRow, known: Known) -> tuple[Given, list[Problem]]:
    text = row.values["support"].strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    support = None if number is None else known.allocations.get(number)
    given: Given = {**row.values, "allocation_id": number}
    if support is None:
        problem = f"{shown(text)} is not the number of support of this LA."
        what_to_do = 'Give the number that the page Support shows under "Number".'
        return given, [Problem("allocation_id", text, problem, what_to_do)]
    if "urn" in row.values and not row.values["urn"].strip():
        given["urn"] = support.urn
    urn = str(given.get("urn", support.urn)).strip()
    if urn in support.urns:
        return given, []
    what_to_do = f"Give one of: {', '.join(support.urns)}."
    return given, [Problem("urn", urn, f"support number {number} is not for the school {shown(urn)}.", what_to_do)]


DESIGNATION_COLUMNS = ("system_leader", "role", "specialism", "designated_by", "from_date", "to_date", "note")
INTEREST_COLUMNS = (
    "label",
    "role",
    "registered_on",
    "urn",
    "phase",
    "specialisms",
    "strengths",
    "days_per_term",
    "status",
    "status_reason",
)
OBJECTIVE_COLUMNS = ("support", "objective", "success_measure", "baseline", "target", "due", "progress", "checked_on")
VISIT_COLUMNS = ("support", "urn", "visited_on", "visited_by", "days", "note", "next_step")
EXAMPLE_LEADER = "System leader 00"
EXAMPLE_SUPPORT = "0"

SMALL_LISTS: Mapping[str, SmallList] = {
    "designations": SmallList(
        DESIGNATIONS,
        NewDesignation,
        DESIGNATION_COLUMNS,
        frozenset({"specialism", "designated_by", "note"}),
        ("system_leader", EXAMPLE_LEADER),
        _leader_of,
    ),
    "interests": SmallList(
        INTERESTS,
        NewInterest,
        INTEREST_COLUMNS,
        frozenset({"strengths", "status_reason"}),
        ("urn", EXAMPLE_URN),
        _school_of,
    ),
    "objectives": SmallList(
        OBJECTIVES,
        NewObjective,
        OBJECTIVE_COLUMNS,
        frozenset({"progress", "checked_on", "target"}),
        ("support", EXAMPLE_SUPPORT),
        _support_of,
    ),
    "visits": SmallList(
        VISITS,
        NewVisit,
        VISIT_COLUMNS,
        frozenset({"next_step"}),
        ("support", EXAMPLE_SUPPORT),
        _support_of,
    ),
}


def known_of(
    la_code: str, urns: Collection[str], leaders: Sequence[SystemLeader], allocations: Sequence[Allocation]
) -> Known:
    """What is recorded, as a list's lines name it."""
    return Known(la_code, urns, {one.label: one.id for one in leaders}, {one.id: one for one in allocations})


def add_small_records(records: Records, who: str, new: Sequence[SmallRecord]) -> int:
    """Record the lines of a previewed list in one transaction: all of them, or none.

    Returns:
        How many were added.
    Raises:
        RecordRefused: a line cannot be recorded after all; the first such line is named.
    """
    name = checked_who(who)
    with writing(records) as connection:
        for place, record in enumerate(new, start=1):
            try:
                _add(connection, name, record)
            except RecordRefused as refusal:
                message = f"None of the {len(new)} lines was added: number {place} cannot be. Nothing was changed."
                raise RecordRefused(message, refusal.details) from refusal
    return len(new)


def _add(connection: Connection, who: str, record: SmallRecord) -> None:
    if isinstance(record, NewVisit):
        # a list is recorded after the event: what was used was used, and the page shows where it is more than planned
        add_visit(connection, who, asdict(record), "Recorded from a list of visits.")
        return
    kind = next(small.kind for small in SMALL_LISTS.values() if small.record is type(record))
    add_row(connection, kind, who, asdict(record))
