"""The sandbox: the schools of the shown build by other rules; nothing tried here changes the build or the rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.domain.errors import RulesRefused
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import STATEMENT_TITLES, Priority, Statement
from risk_model.rules.changing import OFF, Change, changed, read_change
from risk_model.rules.reader import Rule, RuleSet, StatementLevels
from risk_model.rules.sandbox_numbers import read_sandbox_numbers
from risk_model.rules.writer import write_rules
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.sandbox import bench
from risk_model.services.comparing_rules import RuleComparison, compare_rule_sets
from risk_model.services.copy import Copy
from risk_model.services.rules import threshold_line
from risk_model.services.scope import Scope

_MOST_CHANGES = 40
_DAYS_A_YEAR = 365
# each is judged twice
_MOST_MOVED = 8


@dataclass(frozen=True)
class Firmness:
    """How the list changes when each changed number is moved a little both ways.

    Attributes:
        table: one row per move of a number: Number, Moved to, Schools, Enter, Leave.
        always: schools that are on the list in every one of these cases; at_least, at_most: how long it is.
    """

    table: pd.DataFrame
    always: int
    at_least: int
    at_most: int

    @property
    def sentence(self) -> str:
        """How firm the list is, in one sentence."""
        if self.table.empty:
            return "Change a threshold, or the points of a level, to see how firm the list is."
        span = str(self.at_least) if self.at_least == self.at_most else f"{self.at_least} to {self.at_most}"
        are = "1 school is" if span == "1" else f"{span} schools are"
        return (
            f"With each changed number (the first {_MOST_MOVED}, where there are more) moved a little both ways, "
            f"one at a time, {are} a priority, {self.always} of them in every case."
        )


@dataclass(frozen=True)
class ReadChanges:
    """Changes that can be tried, and what cannot, with the reason."""

    changes: tuple[Change, ...]
    refused: tuple[str, ...]


def read_changes(viewer: Viewer, copy: Copy, codes: Sequence[str]) -> ReadChanges:
    """Changes from their short texts, as a link or a command gives them; what does not fit is left out and told.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: the build was made before builds kept their rules.
    """
    require_reader(viewer)
    rule_set, day = held_rule_set(copy.reader), copy.build.as_at
    good: list[Change] = []
    refused: list[str] = []
    for code in codes[:_MOST_CHANGES]:
        try:
            one = read_change(code)
            changed(rule_set, [*good, one], day)
        except RulesRefused as error:
            refused.append(str(error))
        else:
            good.append(one)
    if len(codes) > _MOST_CHANGES:
        refused.append(f"At most {_MOST_CHANGES} changes are tried at once.")
    return ReadChanges(tuple(good), tuple(refused))


def changes_in_words(viewer: Viewer, copy: Copy, changes: Sequence[Change]) -> list[str]:
    """Each change in words, in their order: "O1, threshold 2: −6 instead of −5 percentage points".

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    rule_set = held_rule_set(copy.reader)
    return [_in_words(rule_set, one) for one in changes]


def _in_words(rule_set: RuleSet, one: Change) -> str:
    if not one.test_no and one.field != OFF:
        level = next(level for level in rule_set.levels if level.id == one.of)
        return f"{_place(one)}: {one.value:g} instead of {getattr(level, one.field):g}"
    rule = next(rule for rule in rule_set.rules if rule.id == one.of)
    if one.field == OFF:
        return f"{one.of} does not count: {rule.title}"
    line = threshold_line(rule, one.test_no)
    unit, was = (line.unit, line.value) if one.field == "value" else ("points", line.points)
    return f"{_place(one)}: {one.value:g} instead of {was:g} {unit}"


@dataclass(frozen=True)
class Number:
    """A number that can be tried: what it is now, and its limits.

    Attributes:
        of, test_no, field: as in a change.
        label: in words; help: what it means.
    """

    of: str
    test_no: int
    field: str
    label: str
    help: str
    value: float
    step: float
    least: float | None
    most: float | None

    @property
    def place(self) -> str:
        """What the short text of a change of it begins with: "O1.2.value:"."""
        return Change(self.of, self.test_no, self.field, 0.0).code.rpartition(":")[0] + ":"


@dataclass(frozen=True)
class Control:
    """What can be tried of one rule, or of one statement's levels.

    Attributes:
        off: the short text of the change that switches the rule off; "" for levels.
    """

    of: str
    title: str
    numbers: tuple[Number, ...]
    off: str


def sandbox_controls(viewer: Viewer, copy: Copy) -> dict[str, Control]:
    """Everything that can be tried of the build's rules: every rule in force, then the levels of each statement.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: the build was made before builds kept their rules.
    """
    require_reader(viewer)
    rule_set, day = held_rule_set(copy.reader), copy.build.as_at
    rules = [
        Control(rule.id, f"{rule.id} {rule.title}", tuple(_numbers(rule_set, rule, day)), Change(rule.id, 0, OFF).code)
        for rule in rule_set.on(day)
    ]
    levels = [
        Control(one.id.value, f"Levels: {STATEMENT_TITLES[one.id]}", tuple(_level_numbers(rule_set, one)), "")
        for one in rule_set.levels
    ]
    return {one.of: one for one in (*rules, *levels)}


def _numbers(rule_set: RuleSet, rule: Rule, day: date) -> Iterator[Number]:
    for test_no, one in enumerate(rule.threshold, start=1):
        if not one.in_force(day):
            continue
        line = threshold_line(rule, test_no)
        step = read_sandbox_numbers().small_change(rule_set, Change(rule.id, test_no, "value")) or 1.0
        name = f"Threshold {test_no}"
        yield Number(rule.id, test_no, "value", f"{name}: value", line.says, one.value, step, None, None)
        yield Number(rule.id, test_no, "points", f"{name}: points", line.says, one.points, 0.5, -3.0, 5.0)


_LEVEL_LABELS = {
    "unlikely_points": ("Unlikely from so many points", 0.5, None),
    "uncertain_points": ("Uncertain from so many points", 0.5, None),
    "protective_cap": ("Protective rules take away so many points at most", 0.0, None),
    "min_coverage": ("Least coverage, as a share of the points", 0.0, 1.0),
}


def _level_numbers(rule_set: RuleSet, level: StatementLevels) -> Iterator[Number]:
    for name, (label, least, most) in _LEVEL_LABELS.items():
        step = read_sandbox_numbers().small_change(rule_set, Change(level.id.value, 0, name)) or 1.0
        yield Number(level.id.value, 0, name, label, level.why, getattr(level, name), step, least, most)


def with_number(codes: Sequence[str], number: Number, value: float | None) -> list[str]:
    """The short texts of the changes with this number as it was given; none of it where it is as in the rules."""
    others = [code for code in codes if not code.startswith(number.place)]
    if value is None or value == number.value:
        return others
    return [*others, Change(number.of, number.test_no, number.field, value).code]


def number_tried(codes: Sequence[str], number: Number) -> float:
    """What a number is after the changes."""
    tried = [read_change(code).value for code in codes if code.startswith(number.place)]
    return tried[-1] if tried else number.value


_DAYS = re.compile(r"([a-z ]{4,12}):(\d{1,3}(?:\.\d{1,2})?)", re.ASCII)


def read_entitlement(texts: Sequence[str]) -> dict[str, float]:
    """Days a year by place, as a link gives them: ["priority:12"]; what does not fit is left out."""
    found = [match for match in map(_DAYS.fullmatch, texts) if match and match[1] in set(Priority)]
    return {match[1]: float(match[2]) for match in found if float(match[2]) <= _DAYS_A_YEAR}


def entitlement_texts(days: Mapping[str, float]) -> list[str]:
    """Days a year by place as short texts for a link; those that are as declared are left out."""
    declared = read_sandbox_numbers().days
    return [f"{place}:{value:g}" for place, value in days.items() if value != declared.get(place)]


def entitlement_days(viewer: Viewer) -> dict[str, tuple[float, str]]:
    """Declared days a year by place, each with why: {"priority": (10.0, "…")}.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return {one.place.value: (one.days, one.why) for one in read_sandbox_numbers().entitlement}


def try_changes(viewer: Viewer, copy: Copy, scope: Scope, changes: Sequence[Change]) -> RuleComparison:
    """The schools in scope by the build's own rules, and by these rules with some numbers changed.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: the build was made before builds kept their rules.
        RulesRefused: a change is not possible.
    """
    require_reader(viewer)
    rule_set = held_rule_set(copy.reader)
    return compare_rule_sets(viewer, copy, scope, rule_set, changed(rule_set, changes, copy.build.as_at))


def firmness(viewer: Viewer, copy: Copy, scope: Scope, changes: Sequence[Change]) -> Firmness:
    """How firm the list is: each changed threshold, and each changed number of a level, moved a little both ways.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: a change is not possible.
    """
    require_reader(viewer)
    rule_set, day = held_rule_set(copy.reader), copy.build.as_at
    cases = _cases(rule_set, changes, day)
    columns = ["Number", "Moved to", "Schools", "Enter", "Leave"]
    if not cases:
        return Firmness(pd.DataFrame([], columns=columns), 0, 0, 0)
    with bench(copy.build, scope.params) as one:
        list_now = one.priority_schools(changed(rule_set, changes, day))
        lists = [one.priority_schools(changed(rule_set, moved, day)) for _, _, moved in cases]
    rows = [
        (name, value, len(found), len(found - list_now), len(list_now - found))
        for (name, value, _), found in zip(cases, lists, strict=True)
    ]
    lengths = [len(found) for found in (list_now, *lists)]
    return Firmness(pd.DataFrame(rows, columns=columns), len(list_now.intersection(*lists)), min(lengths), max(lengths))


def _cases(rule_set: RuleSet, changes: Sequence[Change], day: date) -> list[tuple[str, float, list[Change]]]:
    """What is moved, to what, and all changes with it; a number that cannot be moved that way is left out.

    Of many changed numbers the first few are moved: a screen waits for it.
    """
    numbers = read_sandbox_numbers()
    cases = []
    steps = [(one, step) for one in changes if (step := numbers.small_change(rule_set, one)) is not None]
    for one, step in steps[:_MOST_MOVED]:
        for value in (round(one.value - step, 6), round(one.value + step, 6)):
            moved = [Change(c.of, c.test_no, c.field, value) if c is one else c for c in changes]
            try:
                changed(rule_set, moved, day)
            except RulesRefused:
                continue
            cases.append((_place(one), value, moved))
    return cases


def _place(one: Change) -> str:
    if one.test_no:
        return f"{one.of}, threshold {one.test_no}"
    return f"{STATEMENT_TITLES[Statement(one.of)]}, {_LEVEL_LABELS[one.field][0].lower()}"


def trial_rules(viewer: Viewer, copy: Copy, changes: Sequence[Change]) -> str:
    """The build's rules with these changes, as a TOML file that `build --rules` takes.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: a change is not possible.
    """
    require_reader(viewer)
    return write_rules(changed(held_rule_set(copy.reader), changes, copy.build.as_at))
