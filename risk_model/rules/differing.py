"""What differs between two rule sets, number by number."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from risk_model.rules.reader import Rule, RuleSet

# said only where nothing else of a threshold differs: they follow its numbers
_PROSE = frozenset({"why", "reference", "from", "until"})


@dataclass(frozen=True)
class Difference:
    """One thing that two rule sets say differently.

    Attributes:
        of: a rule's id, or a statement.
        what: "threshold 2: value", "title", "in force".
        before, after: as the files say it; "" where it says nothing.
    """

    of: str
    what: str
    before: str
    after: str


def differences(before: RuleSet, after: RuleSet, day: date) -> list[Difference]:
    """What two rule sets say differently about a day, levels first, then rules in the order of their ids.

    A threshold that is not in force on that day is history, and differs for nobody.
    """
    found: list[Difference] = []
    levels = {one.id: one for one in after.levels}
    for one in before.levels:
        found += _fields(one.id.value, "", _content(one), _content(levels[one.id]))
    earlier, later = ({rule.id: rule for rule in rule_set.on(day)} for rule_set in (before, after))
    for rule_id in sorted(earlier.keys() | later.keys(), key=lambda text: (text[0], int(text[1:]))):
        if rule_id in earlier and rule_id in later:
            found += _of_rule(earlier[rule_id], later[rule_id], day)
        else:
            title = (earlier.get(rule_id) or later[rule_id]).title
            found.append(Difference(rule_id, title, *(("in force", "") if rule_id in earlier else ("", "in force"))))
    return found


def _of_rule(before: Rule, after: Rule, day: date) -> list[Difference]:
    left, right = _content(before), _content(after)
    del left["threshold"], right["threshold"]
    found = _fields(before.id, "", left, right)
    old, new = ([_content(t) for t in rule.threshold if t.in_force(day)] for rule in (before, after))
    for number in range(max(len(old), len(new))):
        name = f"threshold {number + 1}: "
        if number < len(old) and number < len(new):
            found += _fields(before.id, name, old[number], new[number])
        else:
            sides = ("", _number(new[number])) if number >= len(old) else (_number(old[number]), "")
            found.append(Difference(before.id, f"{name}value", *sides))
    return found


def _fields(of: str, name: str, left: dict[str, Any], right: dict[str, Any]) -> list[Difference]:
    other = [key for key in left if left[key] != right[key]]
    told = [key for key in other if key not in _PROSE] or [key for key in other if key in ("why", "reference")]
    return [Difference(of, f"{name}{key.replace('_', ' ')}", _said(left[key]), _said(right[key])) for key in told]


def _content(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(by_alias=True)


def _number(threshold: dict[str, Any]) -> str:
    return f"{threshold['value']:g} {threshold['unit']}, {threshold['points']:g} points"


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_said(one)}" for name, one in value.items())
    return str(value)
