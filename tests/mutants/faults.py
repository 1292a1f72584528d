"""Where a small fault can be put into a file, and which tests should notice it."""

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from risk_model.rules.reader import PHASES

PROJECT = Path(__file__).resolve().parents[2]
RULES = ("outcomes", "leadership", "inspection")
IDLE = PROJECT / "tests" / "mutants" / "changes_nothing.toml"
LEVELS = "risk_model/rules/levels.toml"

Runs = tuple[tuple[str, ...], ...]

_OF_EVERY_RULE = ("tests/scoring/test_rules_in_force.py",)
_BY_RULE_ID = ("tests/scoring/test_context_caps.py", "tests/scoring/test_properties.py")
_RULE_SET = "tests/rules/test_rule_set.py"
# whole builds take longest, so they come last: most faults are noticed before
_OF_BUILDS = ("tests/scoring/test_build.py", "tests/scoring/test_second_computation.py", "tests/golden")
_OF_LEVELS: Runs = (
    ("tests/scoring/test_levels.py",),
    (_RULE_SET, "tests/scoring/test_changing_levels.py", *_OF_BUILDS),
)
_OF_RULES: Runs = (
    (
        "tests/scoring/test_current_values.py",
        "tests/scoring/test_rule_tables.py",
        "tests/scoring/test_rules_in_force.py",
    ),
    (
        "tests/scoring/test_rules_inspection.py",
        "tests/scoring/test_rules_leadership.py",
        "tests/scoring/test_rules_outcomes.py",
        "tests/scoring/test_context_caps.py",
    ),
    ("tests/scoring/test_properties.py", *_OF_BUILDS),
)
# the classes that it makes are compared with those of the tests, so that nothing of it can be read twice
_OF_READING: Runs = (("tests/rules",),)
CODE: dict[str, Runs] = {
    "risk_model/rules/changing.py": _OF_READING,
    "risk_model/rules/differing.py": _OF_READING,
    "risk_model/rules/reader.py": _OF_READING,
    "risk_model/rules/sandbox_numbers.py": _OF_READING,
    "risk_model/rules/writer.py": _OF_READING,
    "risk_model/scoring/compiling.py": _OF_RULES,
    "risk_model/scoring/rule_tables.py": _OF_RULES,
    "risk_model/scoring/sql/current_values.sql": _OF_RULES,
    "risk_model/scoring/sql/outcomes.sql": _OF_RULES,
    "risk_model/scoring/sql/rule_outcomes.sql": _OF_RULES,
    "risk_model/scoring/sql/levels.sql": _OF_LEVELS,
    "risk_model/scoring/sql/statement_levels.sql": _OF_LEVELS,
    "risk_model/scoring/sql/schools_at_risk.sql": _OF_LEVELS,
}
_SWAPS = (
    (" >= ", " > "),
    (" <= ", " < "),
    (" > ", " >= "),
    (" < ", " <= "),
    (" and ", " or "),
    (" or ", " and "),
    (" is null", " is not null"),
    (" is not null", " is null"),
    (" is None", " is not None"),
    (" is not None", " is None"),
    (" not in ", " in "),
    ("not is_", "is_"),
    ("min(", "max("),
    ("max(", "min("),
    (" + ", " - "),
    (" - ", " + "),
    (" * ", " + "),
    (" / ", " * "),
    ("'true'", "'false'"),
    ('"true"', '"false"'),
    (" = 1 ", " = 0 "),
    (" = 1)", " = 0)"),
    (" = 0)", " = 1)"),
    (" else 0 ", " else 1 "),
    ("left join", "inner join"),
    (" desc", " asc"),
)
# the same words where they mean something else: with these changed nothing could be read at all
_FIXED = re.compile(r"(?:path|parent) / |select \* from|create or replace|\" \+ | \+ \[| \+ \"")
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_NUMBERED = re.compile(
    rf"(value|points|near|stale_after_years|stale_share|\w+_points|\w+_cap|min_coverage) = {_NUMBER}"
)
_YES_OR_NO = re.compile(
    r"(significant|counts_as_significant|gate|core|needs_significant|carried_levels_can_stand_in) = (true|false)"
)


@dataclass(frozen=True)
class Fault:
    """One change of one line.

    Attributes:
        runs: what should notice it, the quick ones first: for each run what pytest is told.
        place: of a rule's line the rule, and the number of the threshold; else nothing.
    """

    path: str
    line: int
    before: str
    after: str
    runs: Runs
    place: str = ""

    @property
    def quick(self) -> Runs:
        """All runs but the last, which makes whole builds or reads the rules but once."""
        return self.runs[:-1]

    @property
    def name(self) -> tuple[str, str, str, str]:
        """What it is, wherever its line stands."""
        return self.path, self.place, self.before.strip(), self.after.strip()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before.strip()}  ->  {self.after.strip()}"


def all_faults() -> list[Fault]:
    """Every fault of the rule files and of the evaluation, but those that change nothing."""
    idle = faults_that_change_nothing()
    return [fault for fault in found_faults() if fault.name not in idle]


def faults_that_change_nothing() -> set[tuple[str, str, str, str]]:
    """The names of faults that somebody has read and found to change nothing, each with its reason in the file."""
    listed = tomllib.loads(IDLE.read_text("utf-8"))["fault"]
    return {(one["path"], one.get("place", ""), one["before"], one["after"]) for one in listed if one["why"]}


def found_faults() -> Iterator[Fault]:
    """Every fault of the rule files and of the evaluation, whether it changes anything or not."""
    for name in RULES:
        yield from _rule_faults(f"risk_model/rules/{name}.toml")
    yield from _level_faults()
    for path, runs in CODE.items():
        yield from _code_faults(path, runs)


def _rule_faults(path: str) -> Iterator[Fault]:
    """Faults of one rule file, noticed by the test that the rule names, or by another of the rule."""
    lines = (PROJECT / path).read_text("utf-8").splitlines()
    runs: Runs = ()
    rule_id, test = "", 0
    for number, line in enumerate(lines, 1):
        if line.startswith("[[rule]]"):
            test = 0
            rule_id = next(one for one in lines[number:] if one.startswith("id = ")).split('"')[1]
            checked_by = next(one for one in lines[number:] if one.startswith("checked_by")).split('"')[1]
            module = checked_by.partition("::")[0]
            runs = ((checked_by,), _OF_EVERY_RULE, ("-k", rule_id, module, *_BY_RULE_ID), ("-k", rule_id, _RULE_SET))
        test += line.startswith("[[rule.threshold]]")
        for changed in _changed_rule_line(line):
            yield Fault(path, number, line, changed, runs, f"{rule_id}.{test}" if test else rule_id)


def _level_faults() -> Iterator[Fault]:
    for number, line in enumerate((PROJECT / LEVELS).read_text("utf-8").splitlines(), 1):
        for changed in _changed_rule_line(line):
            yield Fault(LEVELS, number, line, changed, _OF_LEVELS)


def _changed_rule_line(line: str) -> Iterator[str]:
    number = _NUMBERED.fullmatch(line)
    if number:
        yield f"{number[1]} = {_another(number[1], float(number[2]))}"
    months = re.fullmatch(r"core_within_months = (\d+)", line)
    if months:
        yield f"core_within_months = {int(months[1]) + 3}"
    begins = re.fullmatch(r"from = (\d{4}-\d\d-\d\d)", line)
    if begins:
        yield f"from = {date.fromisoformat(begins[1]) + timedelta(days=1)}"
    if line.startswith('raised_when = "'):
        yield _turned(line)
    if _YES_OR_NO.fullmatch(line):
        yield line.replace("true", "f").replace("false", "true").replace("= f", "= false")
    if re.match(r"(unless|cap) = ", line):
        yield "# " + line
        yield _turned(line)
        for found in re.finditer(rf"(value|points) = {_NUMBER}", line):
            told = f"{found[1]} = {_another(found[1], float(found[2]))}"
            yield line[: found.start()] + told + line[found.end() :]
    if line.startswith("phases = "):
        phases = PHASES if '"all"' in line else re.findall(r'"([^"]+)"', line)
        for left_out in (phases[0], phases[-1]):
            kept = ", ".join(f'"{phase}"' for phase in phases if phase != left_out)
            yield f"phases = [{kept}]"


def _another(name: str, value: float) -> float:
    """A number that is not the same, and that the reader takes."""
    is_share = name in ("stale_share", "min_coverage")
    step = 0.25 if is_share else 1.0 if abs(value) >= 1 else 0.1
    return value - step if is_share and value + step > 1 else value + step


def _turned(line: str) -> str:
    return line.replace("at_least", "at_x").replace("at_most", "at_least").replace("at_x", "at_most")


def _code_faults(path: str, runs: Runs) -> Iterator[Fault]:
    text = (PROJECT / path).read_text("utf-8")
    for number, line, end in _code_lines(path, text):
        for before, after in _SWAPS:
            for found in re.finditer(re.escape(before), _FIXED.sub(_blank, line[:end])):
                changed = line[: found.start()] + after + line[found.end() :]
                if _can_be_read(path, text, number, changed):
                    yield Fault(path, number, line, changed, runs)


def _blank(found: re.Match[str]) -> str:
    return "#" * len(found[0])


def _code_lines(path: str, text: str) -> Iterator[tuple[int, str, int]]:
    """The lines that do something, each with its number and the length of what is no comment."""
    lines = text.splitlines()
    if path.endswith(".sql"):
        for number, line in enumerate(lines, 1):
            yield number, line, line.find("--") if "--" in line else len(line)
        return
    idle = _idle_lines(text)
    comments = {
        token.start[0]: token.start[1]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    for number, line in enumerate(lines, 1):
        if number not in idle:
            yield number, line, comments.get(number, len(line))


def _idle_lines(text: str) -> set[int]:
    """The lines of docstrings and imports."""
    idle = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str))
    ]
    return {number for node in idle for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def _can_be_read(path: str, text: str, number: int, changed: str) -> bool:
    """What Python cannot even read is no fault that a test has to find."""
    if not path.endswith(".py"):
        return True
    lines = text.splitlines()
    lines[number - 1] = changed
    try:
        ast.parse("\n".join(lines))
    except SyntaxError:
        return False
    return True
