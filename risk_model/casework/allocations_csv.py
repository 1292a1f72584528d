"""A list of allocations, looked at before anything is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from risk_model.casework.allocations import ALLOCATION_FIELDS, Allocation, NewAllocation, check_allocation
from risk_model.casework.checks import (
    Field,
    Problem,
    Values,
    check,
    in_field_order,
    is_blank,
    read_days,
    read_urn,
    shown,
)
from risk_model.casework.csv_reading import CsvProblem, CsvRow, at_row, read_csv
from risk_model.casework.shares import NewShare, check_shares
from risk_model.casework.words import AllocationStatus
from risk_model.domain.templates import EXAMPLE_URN

ALLOCATION_COLUMNS = (
    "urn",
    "provider_type",
    "provider_name",
    "system_leader",
    "role",
    "support_type",
    "need",
    "days_planned",
    "days_used",
    "start_date",
    "end_date",
    "status",
    "status_reason",
    "funding",
    "aim",
    "success_measure",
    "baseline",
    "last_update",
    "statement",
    "rules",
    "formality",
    "intensity",
    "rate_gbp",
    "grant_name",
    "commissioner",
    "quality_assurer",
    "review_date",
    "exit_outcome",
    "exit_decision",
    "override_reason",
    "shares",
)
# Lists made before these columns were asked for can still be read; only some statuses need a reason.
OPTIONAL_ALLOCATION_COLUMNS = frozenset({"status_reason", *ALLOCATION_COLUMNS[ALLOCATION_COLUMNS.index("statement") :]})

_SHARE = (Field("urn", read_urn, required=True), Field("days", read_days))
_OTHERWISE_READ = frozenset({"system_leader", "shares"})

# What makes two rows the same support: school, provider, role and start.
Key = tuple[object, ...]


@dataclass(frozen=True)
class PreviewRow:
    """One row that could be added as it stands."""

    line: int
    allocation: NewAllocation


@dataclass(frozen=True)
class Preview:
    """What a file would add, and what is wrong with the rest of it, both in the order of the lines.

    Attributes:
        recorded: how many lines are recorded already, just as they stand: there is nothing to add.
        examples: how many lines are the example of the template.
    """

    rows: tuple[PreviewRow, ...]
    problems: tuple[CsvProblem, ...]
    recorded: int = 0
    examples: int = 0

    @property
    def allocations(self) -> list[NewAllocation]:
        """The good rows, as `add_allocations` takes them."""
        return [row.allocation for row in self.rows]


def read_allocations_csv(
    text: str,
    la_code: str,
    known_urns: Collection[str],
    known_leaders: Mapping[str, int],
    existing: Sequence[Allocation] = (),
) -> Preview:
    """Read a list of allocations without writing anything.

    Args:
        text: the file's text, with the columns ALLOCATION_COLUMNS in any order; dates as yyyy-mm-dd or
            dd/mm/yyyy; a byte-order mark is passed over.
        la_code: the LA for which they are.
        known_urns: the schools of this LA.
        known_leaders: the number of each system leader of this LA by label.
        existing: what is recorded already (withdrawn ones apart). A row that is one of these, word for word, is
            counted and not added again; one with the same school, provider, role and start and other values, or
            that repeats an earlier row, is a problem.
    Returns:
        The good rows and every problem. A wrong header gives problems by column and no rows.
    """
    found, problems = read_csv(text, ALLOCATION_COLUMNS, OPTIONAL_ALLOCATION_COLUMNS)
    return preview_allocations(found, problems, la_code, known_urns, known_leaders, existing)


def preview_allocations(
    found: Sequence[CsvRow],
    shape_problems: Sequence[CsvProblem],
    la_code: str,
    known_urns: Collection[str],
    known_leaders: Mapping[str, int],
    existing: Sequence[Allocation] = (),
) -> Preview:
    """The same for rows that were read already, from a CSV or a workbook, with the problems of their shape."""
    rows: list[PreviewRow] = []
    problems = list(shape_problems)
    seen = _keys_of(existing)
    recorded = {_values(vars(each)) for each in existing if each.status != AllocationStatus.WITHDRAWN}
    own = [row for row in found if row.values["urn"].strip() != EXAMPLE_URN]
    already = 0
    for row in own:
        clean, wrong = check_allocation_row(row, la_code, known_leaders)
        if not wrong and _values(clean) in recorded:
            already += 1
            continue
        wrong += [*unknown_school(clean, known_urns), *_duplicate(clean, wrong, seen)]
        for share in clean["shares"]:
            wrong += unknown_school({"urn": share.urn} if share.urn != clean.get("urn") else {}, known_urns)
        if not wrong:
            rows.append(PreviewRow(row.line, NewAllocation(**clean)))
        problems += [at_row(row, each) for each in in_field_order(wrong, ALLOCATION_FIELDS)]
        seen.setdefault(_key(clean), f"line {row.line}")
    in_order = tuple(sorted(problems, key=lambda each: each.line))
    return Preview(tuple(rows), in_order, already, len(found) - len(own))


def _values(values: Mapping[str, Any]) -> Key:
    shares = tuple((share.urn, share.days_planned) for share in values.get("shares", ()))
    return (*(values.get(field.name) for field in ALLOCATION_FIELDS), shares)


def check_allocation_row(row: CsvRow, la_code: str, known_leaders: Mapping[str, int]) -> tuple[Values, list[Problem]]:
    """Check one row by itself: its clean values by field name, and its problems."""
    label = row.values["system_leader"].strip()
    given: dict[str, object] = {name: value for name, value in row.values.items() if name not in _OTHERWISE_READ}
    given |= {"la_code": la_code, "system_leader_id": known_leaders.get(label)}
    clean, problems = check_allocation(given)
    clean["shares"], wrong = _shares(row.values.get("shares", ""))
    problems += wrong or check_shares(clean.get("urn") or "", clean.get("days_planned"), clean["shares"])
    if not is_blank(label) and label not in known_leaders:
        problem = f"{shown(label)} is not the label of a system leader of this LA."
        problems.append(Problem("system_leader_id", label, problem, "Correct it, or record the system leader first."))
    return clean, problems


def _shares(text: str) -> tuple[tuple[NewShare, ...], list[Problem]]:
    """The schools of a group: "900012 3; 900014 2.5", the days left out where they are not settled."""
    shares: list[NewShare] = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        urn, _, days = part.partition(" ")
        clean, problems = check(
            [Field("urn", read_urn, required=True), Field("days", read_days)], {"urn": urn, "days": days}
        )
        if problems:
            what_to_do = 'Give each school\'s URN and its days, with semicolons between: "900012 3; 900014 2.5".'
            return (), [Problem("shares", part, problems[0].problem, what_to_do)]
        shares.append(NewShare(clean["urn"], clean["days"]))
    return tuple(shares), []


def unknown_school(clean: Mapping[str, Any], known_urns: Collection[str]) -> list[Problem]:
    """The problem of a line about a school that is not one of the LA's."""
    urn = clean.get("urn")
    if urn is None or urn in known_urns:
        return []
    return [Problem("urn", urn, f"{urn} is not a school of this LA.", "Correct the URN, or take the line out.")]


def _duplicate(clean: Mapping[str, Any], wrong: Sequence[Problem], seen: Mapping[Key, str]) -> list[Problem]:
    unfit = {problem.field for problem in wrong}
    if unfit & {"urn", "provider_type", "provider_name", "role", "start_date"} or _key(clean) not in seen:
        return []
    problem = f"it has the same school, provider, role and start as {seen[_key(clean)]}."
    return [Problem("urn", str(clean["urn"]), problem, "Take one of the two out.")]


def _keys_of(existing: Sequence[Allocation]) -> dict[Key, str]:
    return {_key(vars(each)): f"record {each.id}" for each in existing if each.status != AllocationStatus.WITHDRAWN}


def _key(values: Mapping[str, Any]) -> Key:
    provider = " ".join((values.get("provider_name") or "").casefold().split())
    return (
        values.get("urn"),
        values.get("provider_type"),
        provider,
        values.get("role"),
        values.get("start_date"),
    )
