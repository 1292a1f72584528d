"""Where a small fault can be put into a file, and which tests should notice it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
RULES = ("outcomes", "leadership", "inspection", "levels")
SCORING = (
    "risk_model/scoring/compiling.py",
    "risk_model/scoring/rule_tables.py",
    "risk_model/scoring/sql/current_values.sql",
    "risk_model/scoring/sql/levels.sql",
    "risk_model/scoring/sql/statement_levels.sql",
    "risk_model/scoring/sql/schools_at_risk.sql",
)
OF_LEVELS = ("tests/scoring/test_levels.py", "tests/rules/test_rule_set.py", "tests/golden")
# the quick ones first: most faults end there
OF_SCORING = (
    "tests/scoring/test_levels.py",
    "tests/scoring/test_rules_inspection.py",
    "tests/scoring/test_rules_leadership.py",
    "tests/scoring/test_rules_outcomes.py",
    "tests/scoring/test_properties.py",
    "tests/scoring/test_build.py",
    "tests/scoring/test_second_computation.py",
)
_SWAPS = (
    (" >= ", " > "),
    (" <= ", " < "),
    (" > ", " >= "),
    (" < ", " <= "),
    (" and ", " or "),
    (" or ", " and "),
    (" is null", " is not null"),
    (" is not null", " is null"),
    ("not is_", "is_"),
    ("min(", "max("),
    ("max(", "min("),
    (" + ", " - "),
    (" - ", " + "),
    (" * ", " + "),
    ("'true'", "'false'"),
    ('"true"', '"false"'),
    (" = 1 ", " = 0 "),
    (" else 0 ", " else 1 "),
    ("left join", "inner join"),
    (" desc", " asc"),
)


@dataclass(frozen=True)
class Fault:
    """One change of one line.

    Attributes:
        tests: what should notice it, as pytest is told.
    """

    path: str
    line: int
    before: str
    after: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before.strip()}  ->  {self.after.strip()}"


def all_faults() -> Iterator[Fault]:
    """Every fault of the rule files and of the evaluation."""
    for name in RULES:
        yield from _rule_faults(f"risk_model/rules/{name}.toml")
    for path in SCORING:
        yield from _code_faults(path)


def _rule_faults(path: str) -> Iterator[Fault]:
    """Faults of one rule file, each noticed by the test that the rule itself names."""
    lines = (PROJECT / path).read_text("utf-8").splitlines()
    tests: tuple[str, ...] = OF_LEVELS
    for number, line in enumerate(lines, 1):
        if line.startswith("[[rule]]"):
            named = next(one for one in lines[number:] if one.startswith("checked_by"))
            tests = (named.split('"')[1], "tests/rules/test_rule_set.py")
        for changed in _changed_rule_line(line):
            yield Fault(path, number, line, changed, tests)


def _changed_rule_line(line: str) -> Iterator[str]:
    number = re.fullmatch(
        r"(value|points|near|stale_after_years|stale_share|\w+_points|\w+_cap|min_coverage) = (-?[\d.]+)", line
    )
    if number:
        name, value = number[1], float(number[2])
        is_share = name in ("stale_share", "min_coverage")
        step = 0.25 if is_share else 1.0 if abs(value) >= 1 else 0.1
        yield f"{name} = {value - step if is_share and value + step > 1 else value + step}"
    months = re.fullmatch(r"core_within_months = (\d+)", line)
    if months:
        yield f"core_within_months = {int(months[1]) + 3}"
    if line.startswith('raised_when = "'):
        yield line.replace("at_least", "at_x").replace("at_most", "at_least").replace("at_x", "at_most")
    if re.fullmatch(
        r"(significant|counts_as_significant|gate|core|needs_significant|carried_levels_can_stand_in) = (true|false)",
        line,
    ):
        yield line.replace("true", "f").replace("false", "true").replace("= f", "= false")
    if re.match(r"(unless|cap) = ", line):
        yield "# " + line
    phases = re.fullmatch(r'phases = \["\w[^"]*", (.+)\]', line)
    if phases:
        yield f"phases = [{phases[1]}]"


def _code_faults(path: str) -> Iterator[Fault]:
    for number, line in enumerate((PROJECT / path).read_text("utf-8").splitlines(), 1):
        if line.lstrip().startswith(("--", "#", '"""', "import ", "from risk_model")):
            continue
        for before, after in _SWAPS:
            for found in re.finditer(re.escape(before), line):
                changed = line[: found.start()] + after + line[found.end() :]
                yield Fault(path, number, line, changed, OF_SCORING)
