"""A list of system leaders, looked at before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from risk_model.casework.checks import Problem, Values, in_field_order
from risk_model.casework.csv_reading import CsvProblem, CsvRow, at_row
from risk_model.casework.leaders import LEADER_FIELDS, NewSystemLeader, SystemLeader, check_system_leader
from risk_model.domain.templates import EXAMPLE_URN

LEADER_COLUMNS = tuple(field.name for field in LEADER_FIELDS if field.name != "la_code")
# Lists made before these columns were asked for can still be read.
OPTIONAL_LEADER_COLUMNS = frozenset(LEADER_COLUMNS[LEADER_COLUMNS.index("strengths") :])


@dataclass(frozen=True)
class LeaderRow:
    """One row that could be added as it stands."""

    line: int
    leader: NewSystemLeader


@dataclass(frozen=True)
class LeaderPreview:
    """What a file would add, and what is wrong with the rest of it, both in the order of the lines.

    Attributes:
        recorded: how many lines are recorded already, just as they stand: there is nothing to add.
        examples: how many lines are the example of the template.
    """

    rows: tuple[LeaderRow, ...]
    problems: tuple[CsvProblem, ...]
    recorded: int = 0
    examples: int = 0


def preview_leaders(
    found: Sequence[CsvRow],
    shape_problems: Sequence[CsvProblem],
    la_code: str,
    existing: Sequence[SystemLeader] = (),
) -> LeaderPreview:
    """Look at a list of system leaders without writing anything.

    Args:
        found: its rows, with the columns LEADER_COLUMNS, and the problems of their shape.
        la_code: the LA for which they are.
        existing: the system leaders of this LA. A row that is one of these, word for word, is counted and not added
            again; one with the same label and other values, or that repeats an earlier row, is a problem.
    """
    rows: list[LeaderRow] = []
    problems = list(shape_problems)
    by_label = {each.label: each for each in existing}
    own = [row for row in found if row.values["home_urn"].strip() != EXAMPLE_URN]
    lines: dict[str, int] = {}
    already = 0
    for row in own:
        clean, wrong = check_system_leader({**row.values, "la_code": la_code})
        label = clean.get("label") or ""
        if not wrong and label in by_label and clean == _values(by_label[label]):
            already += 1
            continue
        wrong += _same_label(label, by_label, lines)
        if not wrong:
            rows.append(LeaderRow(row.line, NewSystemLeader(**clean)))
        problems += [at_row(row, each) for each in in_field_order(wrong, LEADER_FIELDS)]
        lines.setdefault(label, row.line)
    in_order = tuple(sorted(problems, key=lambda each: each.line))
    return LeaderPreview(tuple(rows), in_order, already, len(found) - len(own))


def _values(leader: SystemLeader) -> Values:
    return {field.name: getattr(leader, field.name) for field in LEADER_FIELDS}


def _same_label(label: str, recorded: dict[str, SystemLeader], lines: dict[str, int]) -> list[Problem]:
    if label and label in lines:
        problem = f"line {lines[label]} has the same label."
        return [Problem("label", label, problem, "Give another label, or take one of the two lines out.")]
    if label not in recorded:
        return []
    problem = "this LA has a system leader with this label, and with other values."
    return [Problem("label", label, problem, "Give another label, or take the line out.")]
