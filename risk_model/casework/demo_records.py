"""The records of the invented LA, read from its CSV files, all in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from sqlalchemy import Connection, select

from risk_model.casework.actions import ACTIONS
from risk_model.casework.agenda import AGENDA
from risk_model.casework.allocations import NewAllocation, add_allocation_or_tell
from risk_model.casework.allocations_csv import (
    ALLOCATION_COLUMNS,
    OPTIONAL_ALLOCATION_COLUMNS,
    check_allocation_row,
)
from risk_model.casework.attendance import ATTENDANCES, CONFLICTS
from risk_model.casework.changes import Kind, add_or_tell, change_row, check_new, read_row
from risk_model.casework.checks import Problem, checked_who, read_la_code, shown
from risk_model.casework.csv_reading import CsvProblem, CsvRow, at_row, read_csv
from risk_model.casework.designations import DESIGNATIONS
from risk_model.casework.escalations import ESCALATION_COLUMNS, ESCALATIONS, LADDER_STEP_COLUMNS, LADDER_STEPS
from risk_model.casework.interests import INTERESTS
from risk_model.casework.judgements import COMMENTS, add_view_or_tell
from risk_model.casework.leaders import LEADERS
from risk_model.casework.leaders_csv import LEADER_COLUMNS, OPTIONAL_LEADER_COLUMNS
from risk_model.casework.letters import LETTER_COLUMNS, add_letter_or_tell
from risk_model.casework.meetings import MEETINGS, OUTCOMES
from risk_model.casework.objectives import OBJECTIVES
from risk_model.casework.referrals import MORE_REFERRAL_COLUMNS, REFERRAL_COLUMNS, REFERRALS
from risk_model.casework.small_lists import DESIGNATION_COLUMNS, INTEREST_COLUMNS, OBJECTIVE_COLUMNS, VISIT_COLUMNS
from risk_model.casework.store import Records, writing
from risk_model.casework.tables import ADVISER_VIEW, ALLOCATION, HEAD_COMMENT, MEETING, REFERRAL, SYSTEM_LEADER
from risk_model.casework.views_csv import VIEW_COLUMNS, check_view_row, view_of
from risk_model.casework.visits import VISITS, add_visit
from risk_model.domain.errors import RecordRefused

FILES: Mapping[str, tuple[str, ...]] = {
    "system_leaders": LEADER_COLUMNS,
    "designations": DESIGNATION_COLUMNS,
    "interests": INTEREST_COLUMNS,
    "allocations": ALLOCATION_COLUMNS,
    "objectives": OBJECTIVE_COLUMNS,
    "visits": VISIT_COLUMNS,
    "meetings": ("meeting", "locality", "date", "attending", "chair", "next_on"),
    "attendances": ("meeting", "label", "role", "urn", "presence"),
    "conflicts": ("meeting", "label", "urn", "interest", "part_taken"),
    "agendas": (
        "meeting",
        "urn",
        "place",
        "reasons",
        "priority",
        "outcomes_level",
        "leadership_level",
        "inspection_level",
    ),
    "meeting_outcomes": (
        "meeting",
        "urn",
        "statement",
        "agreed_level",
        "outcome",
        "reason",
        "review_by",
        "restricted_note",
    ),
    "actions": ("meeting", "urn", "action", "owner", "due", "state", "state_reason", "done_on"),
    "referrals": REFERRAL_COLUMNS,
    "letters": LETTER_COLUMNS,
    "escalations": ESCALATION_COLUMNS,
    "ladder_steps": LADDER_STEP_COLUMNS,
    "adviser_views": VIEW_COLUMNS,
    "head_comments": ("urn", "statement", "comment", "made_by", "made_on"),
}
OPTIONAL = OPTIONAL_ALLOCATION_COLUMNS | OPTIONAL_LEADER_COLUMNS | MORE_REFERRAL_COLUMNS

# in the order in which they are added
_PARTS: Mapping[str, Kind] = {
    "attendances": ATTENDANCES,
    "conflicts": CONFLICTS,
    "agendas": AGENDA,
    "meeting_outcomes": OUTCOMES,
    "actions": ACTIONS,
}

Tell = Callable[[Sequence[CsvProblem]], None]
Rows = Mapping[str, Sequence[CsvRow]]


def load_demo_records(records: Records, who: str, folder: Path, la_code: str) -> dict[str, int]:
    """Record what the CSV files of a folder say: all of it, or nothing.

    Args:
        folder: holds one file for each name of FILES.
    Returns:
        How many records were added, by file name without its ending. All zeros when this LA has records.
    Raises:
        RecordRefused: a file is missing or cannot be read, or anything in one is wrong; every problem.
    """
    name, la = checked_who(who), read_la_code(la_code)
    with writing(records) as connection:
        if _has_records(connection, la):
            return dict.fromkeys(FILES, 0)
        rows, problems = _read_files(folder)
        if not problems:
            problems = _add_all(connection, name, la, rows)
        if problems:
            raise RecordRefused("The demo records were not loaded. Nothing was changed.", problems)
        return {file: len(found) for file, found in rows.items()}


def _has_records(connection: Connection, la_code: str) -> bool:
    tables = (SYSTEM_LEADER, ALLOCATION, MEETING, REFERRAL, ADVISER_VIEW, HEAD_COMMENT)
    return any(
        connection.execute(select(table.c.id).where(table.c.la_code == la_code).limit(1)).first() is not None
        for table in tables
    )


def _read_files(folder: Path) -> tuple[Rows, list[str]]:
    rows: dict[str, list[CsvRow]] = {}
    problems: list[str] = []
    for file, columns in FILES.items():
        try:
            text = (folder / f"{file}.csv").read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            problems.append(f"{file}.csv: it is not in {folder}. Make the demo again.")
            continue
        except UnicodeDecodeError:
            problems.append(f"{file}.csv: it is not UTF-8. Save it as CSV UTF-8.")
            continue
        rows[file], found = read_csv(text, columns, OPTIONAL)
        problems += _sentences(file, found)
    return rows, problems


def _sentences(file: str, problems: Sequence[CsvProblem]) -> list[str]:
    return [f"{file}.csv {problem.sentence}" for problem in problems]


def _add_all(connection: Connection, who: str, la_code: str, rows: Rows) -> list[str]:
    leaders, problems = _add_leaders(connection, who, la_code, rows["system_leaders"])
    for row in rows["designations"]:
        given = {**row.values, "system_leader_id": leaders.get(row.values["system_leader"].strip())}
        problems += _add(connection, DESIGNATIONS, who, "designations", row, given)[1]
    for row in rows["interests"]:
        problems += _add(connection, INTERESTS, who, "interests", row, {**row.values, "la_code": la_code})[1]
    support, found = _add_allocations(connection, who, la_code, rows["allocations"], leaders)
    problems += found
    if not problems:
        problems += _add_work(connection, who, rows, support)
    meetings, found = _add_meetings(connection, who, la_code, rows["meetings"])
    problems += found
    problems += _add_parts(connection, who, la_code, rows, meetings)
    if not problems:
        _lock(connection, who, meetings)
    raised, found = _add_by_urn(connection, REFERRALS, who, "referrals", la_code, rows)
    problems += found
    for row in rows["letters"]:
        _, wrongs = add_letter_or_tell(connection, who, {**row.values, "la_code": la_code})
        problems += _sentences("letters", [at_row(row, each) for each in wrongs])
    opened, found = _add_by_urn(connection, ESCALATIONS, who, "escalations", la_code, rows)
    problems += found
    for row in rows["ladder_steps"]:
        urn = row.values["urn"].strip()
        of = {"escalation_id": opened.get(urn), "referral_id": None if urn in opened else raised.get(urn)}
        problems += _add(connection, LADDER_STEPS, who, "ladder_steps", row, {**row.values, **of})[1]
    problems += _add_views(connection, who, la_code, rows["adviser_views"])
    for row in rows["head_comments"]:
        _, wrong = _add(connection, COMMENTS, who, "head_comments", row, {**row.values, "la_code": la_code})
        problems += wrong
    return problems


def _add_by_urn(
    connection: Connection, kind: Kind, who: str, file: str, la_code: str, rows: Rows
) -> tuple[dict[str, int], list[str]]:
    """Records of one school each: their numbers by URN, and what is wrong."""
    numbers: dict[str, int] = {}
    problems: list[str] = []
    for row in rows[file]:
        number, wrong = _add(connection, kind, who, file, row, {**row.values, "la_code": la_code})
        problems += wrong
        numbers[row.values["urn"].strip()] = number
    return numbers, problems


def _add_views(connection: Connection, who: str, la_code: str, rows: Sequence[CsvRow]) -> list[str]:
    problems: list[str] = []
    for row in rows:
        clean, wrong = check_view_row(row, la_code)
        if not wrong:
            _, wrong = add_view_or_tell(connection, who, view_of(clean))
        problems += _sentences("adviser_views", [at_row(row, each) for each in wrong])
    return problems


def _add_leaders(
    connection: Connection, who: str, la_code: str, rows: Sequence[CsvRow]
) -> tuple[dict[str, int], list[str]]:
    numbers: dict[str, int] = {}
    problems: list[str] = []
    for row in rows:
        given = {**row.values, "la_code": la_code}
        number, wrong = _add(connection, LEADERS, who, "system_leaders", row, given)
        problems += wrong
        numbers.setdefault(row.values["label"].strip(), number)
    return numbers, problems


def _add_work(connection: Connection, who: str, rows: Rows, support: Mapping[str, int]) -> list[str]:
    """Objectives and visits, each by the place of its support in allocations.csv, counted from 1."""
    problems: list[str] = []
    for file, kind in (("objectives", OBJECTIVES), ("visits", VISITS)):
        for row in rows[file]:
            given = {**row.values, "allocation_id": support.get(row.values["support"].strip())}
            case, wrong = check_new(kind, given)
            if not wrong and kind is VISITS:
                add_visit(connection, who, dict(case.after), None)
            elif not wrong:
                _, wrong = add_or_tell(connection, kind, who, given)
            problems += _sentences(file, [at_row(row, each) for each in wrong])
    return problems


def _add_allocations(
    connection: Connection, who: str, la_code: str, rows: Sequence[CsvRow], leaders: Mapping[str, int]
) -> tuple[dict[str, int], list[str]]:
    numbers: dict[str, int] = {}
    problems: list[str] = []
    for place, row in enumerate(rows, start=1):
        clean, wrong = check_allocation_row(row, la_code, leaders)
        if not wrong:
            numbers[str(place)], wrong = add_allocation_or_tell(connection, who, NewAllocation(**clean))
        problems += _sentences("allocations", [at_row(row, each) for each in wrong])
    return numbers, problems


def _add_meetings(
    connection: Connection, who: str, la_code: str, rows: Sequence[CsvRow]
) -> tuple[dict[str, int], list[str]]:
    numbers: dict[str, int] = {}
    problems: list[str] = []
    for row in rows:
        given = {field: value for field, value in row.values.items() if field not in ("meeting", "date")}
        given |= {"la_code": la_code, "held_on": row.values["date"]}
        number, wrong = _add(connection, MEETINGS, who, "meetings", row, given)
        name = row.values["meeting"].strip()
        if name in numbers:
            wrong = [
                *wrong,
                f"meetings.csv line {row.line}, meeting: {shown(name)} is there twice. Rename one.",
            ]
        problems += wrong
        numbers.setdefault(name, number)
    return numbers, problems


def _add_parts(connection: Connection, who: str, la_code: str, rows: Rows, meetings: Mapping[str, int]) -> list[str]:
    """What belongs to meetings: who was there, conflicts, agendas, outcomes, actions."""
    problems: list[str] = []
    for file, kind in _PARTS.items():
        for row in rows[file]:
            name = row.values["meeting"].strip()
            if name not in meetings:
                unknown = Problem("meeting", name, f"{shown(name)} is not in meetings.csv.", "Correct it.")
                problems += _sentences(file, [at_row(row, unknown)])
                continue
            given: dict[str, object] = {field: value for field, value in row.values.items() if field != "meeting"}
            given |= {"meeting_id": meetings[name], "la_code": la_code, "state": given.get("state") or "to come"}
            if "place" in given:
                given["place"] = int(str(given["place"])) if str(given["place"]).isdecimal() else given["place"]
            known = {field.name for field in kind.fields}
            fit = {field: value for field, value in given.items() if field in known}
            problems += _add(connection, kind, who, file, row, fit)[1]
    return problems


def _lock(connection: Connection, who: str, meetings: Mapping[str, int]) -> None:
    """The minutes of the invented meetings were locked in the afternoon of their day."""
    for number in meetings.values():
        row = read_row(connection, MEETINGS, number)
        locked_at = datetime.combine(row["held_on"], time(16), UTC)
        change_row(
            connection, MEETINGS, who, number, row["version"], {"locked_at": locked_at, "locked_by": row["chair"]}, None
        )


def _add(
    connection: Connection, kind: Kind, who: str, file: str, row: CsvRow, given: Mapping[str, object]
) -> tuple[int, list[str]]:
    number, wrong = add_or_tell(connection, kind, who, given)
    return number, _sentences(file, [at_row(row, each) for each in wrong])
