"""Try a rule set with other numbers: single changes as short texts, and the rule set that they make.

A change is dated like everything else in a rule set: the number that was in force ends on the day before, and the
new one begins. So a trial keeps the history of what it tries, and judges earlier dates as they were judged.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import BaseModel, ValidationError

from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Statement
from risk_model.rules.reader import Rule, RuleSet, StatementLevels, Threshold

THRESHOLD_NUMBERS = ("value", "points")
LEVEL_NUMBERS = ("unlikely_points", "uncertain_points", "protective_cap", "min_coverage")
OFF = "off"
TRIAL = " trial"
_LONGEST_NAME = 60
_NUMBER = r"(-?\d{1,9}(?:\.\d{1,6})?)"
_OF_THRESHOLD = re.compile(rf"([OLN]\d{{1,2}})\.(\d{{1,2}})\.({'|'.join(THRESHOLD_NUMBERS)}):{_NUMBER}", re.ASCII)
_OF_LEVEL = re.compile(rf"({'|'.join(Statement)})\.({'|'.join(LEVEL_NUMBERS)}):{_NUMBER}", re.ASCII)
_RULE_OFF = re.compile(rf"([OLN]\d{{1,2}})\.{OFF}", re.ASCII)


@dataclass(frozen=True, order=True)
class Change:
    """One number that is tried.

    Attributes:
        of: a rule's id, or a statement for the points of its levels.
        test_no: which of the rule's thresholds, counted from 1; 0 where it is not about one.
        field: one of THRESHOLD_NUMBERS or LEVEL_NUMBERS, or "off" for a rule that does not count.
        value: the new number; 0 for "off".
    """

    of: str
    test_no: int
    field: str
    value: float = 0.0

    @property
    def code(self) -> str:
        """The change as a short text, for a link or a command: "O1.2.value:-6", "O4.off"."""
        if self.field == OFF:
            return f"{self.of}.{OFF}"
        place = f"{self.of}.{self.test_no}" if self.test_no else self.of
        return f"{place}.{self.field}:{self.value:.6f}".rstrip("0").rstrip(".")


def read_change(code: str) -> Change:
    """A change from its short text.

    Raises:
        RulesRefused: it is not one.
    """
    if found := _OF_THRESHOLD.fullmatch(code):
        return Change(found[1], int(found[2]), found[3], float(found[4]))
    if found := _OF_LEVEL.fullmatch(code):
        return Change(found[1], 0, found[2], float(found[3]))
    if found := _RULE_OFF.fullmatch(code):
        return Change(found[1], 0, OFF)
    raise RulesRefused(
        f'"{code[:40]}" is not a change that can be tried.',
        ["Examples: O1.2.value:-6, O1.2.points:1, O4.off, outcomes.unlikely_points:5."],
    )


def changed(rule_set: RuleSet, changes: Sequence[Change], day: date) -> RuleSet:
    """The rule set with other numbers from a day on; the one that is given stays as it is.

    Args:
        changes: a place may be changed once; one that changes nothing is left out.
    Raises:
        RulesRefused: a change is of a rule, threshold or statement that is not in force on that day, makes the
            rule set invalid, or stands twice.
    """
    places = [(one.of, one.test_no, one.field) for one in changes]
    twice = sorted({one.code for one in changes if places.count((one.of, one.test_no, one.field)) > 1})
    if twice:
        raise RulesRefused("The same number is changed twice.", [f"{', '.join(twice)}."])
    groups: dict[tuple[str, int], dict[str, float]] = {}
    for one in changes:
        groups.setdefault((one.of, one.test_no), {})[one.field] = one.value
    made = rule_set
    # from the last threshold of a rule to its first: one that is dated anew stands behind the old one, and a rule
    # that is off has none any more
    for (of, test_no), numbers in sorted(groups.items(), reverse=True):
        try:
            made = _with(made, of, test_no, numbers, day)
        except ValidationError as error:
            raise RulesRefused(
                f"The change of {of} was not tried: the rule set would not be valid.",
                [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}." for one in error.errors()],
            ) from error
    if made == rule_set:
        return rule_set
    name = rule_set.rule_set.removesuffix(TRIAL)
    return made.model_copy(update={"rule_set": name[: _LONGEST_NAME - len(TRIAL)] + TRIAL})


def _with(rule_set: RuleSet, of: str, test_no: int, numbers: Mapping[str, float], day: date) -> RuleSet:
    if of in set(Statement):
        levels = tuple(_level(one, numbers) if one.id == of else one for one in rule_set.levels)
        return rule_set.model_copy(update={"levels": levels})
    if of not in {rule.id for rule in rule_set.on(day)}:
        raise RulesRefused(f"{of} was not changed: the rules {rule_set.rule_set} have no such rule in force then.")
    rules = tuple(_rule(one, test_no, numbers, day) if one.id == of else one for one in rule_set.rules)
    return rule_set.model_copy(update={"rules": rules})


def _level(level: StatementLevels, numbers: Mapping[str, float]) -> StatementLevels:
    said = _said(numbers, level)
    if not said:
        return level
    return StatementLevels.model_validate({**level.model_dump(), **numbers, "why": f"A trial: {said}. {level.why}"})


def _rule(rule: Rule, test_no: int, numbers: Mapping[str, float], day: date) -> Rule:
    if OFF in numbers:
        return rule.model_copy(update={"retired_on": day})
    if not 1 <= test_no <= len(rule.threshold):
        raise RulesRefused(f"{rule.id}.{test_no} was not changed: {rule.id} has {len(rule.threshold)} thresholds.")
    old = rule.threshold[test_no - 1]
    if not old.in_force(day):
        raise RulesRefused(f"{rule.id}.{test_no} was not changed: that threshold is not in force then.")
    made = _threshold(old, numbers, day)
    return rule.model_copy(update={"threshold": rule.threshold[: test_no - 1] + made + rule.threshold[test_no:]})


def _threshold(old: Threshold, numbers: Mapping[str, float], day: date) -> tuple[Threshold, ...]:
    said = _said(numbers, old)
    if not said:
        return (old,)
    content = {**old.model_dump(by_alias=True), **numbers, "from": day, "why": f"A trial: {said}. {old.why}"}
    new = Threshold.model_validate(content)
    if old.from_ == day:
        return (new,)
    return (old.model_copy(update={"until": day - timedelta(days=1)}), new)


def _said(numbers: Mapping[str, float], old: BaseModel) -> str:
    """What is tried, in words; nothing where the numbers are those that there were."""
    other = [name for name in numbers if getattr(old, name) != numbers[name]]
    said = ", ".join(f"{name.replace('_', ' ')} {numbers[name]:g} instead of {getattr(old, name):g}" for name in other)
    return f"{said}; our choice" if said else ""
