"""What differs between two rule sets, number by number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from risk_model.rules.reader import Rule, RuleSet
from risk_model.rules.score_parts import ScorePart

# said only where nothing else of a threshold differs: they follow its numbers
_PROSE = frozenset({"why", "unknown_why", "reference", "from", "until"})
_Dated = Rule | ScorePart


@dataclass(frozen=True)
class Difference:
    """One thing that two rule sets say differently.

    Attributes:
        of: a rule's id, that of a line of the list that orders the schools, or a statement.
        what: "threshold 2: value", "step 1: points", "title", "in force".
        before, after: as the files say it; "" where it says nothing.
    """

    of: str
    what: str
    before: str
    after: str


def differences(before: RuleSet, after: RuleSet, day: date) -> list[Difference]:
    """What two rule sets say differently about a day: levels first, then rules in the order of their ids, then the
    list of points that orders the schools.

    A threshold that is not in force on that day is history, and differs for nobody.
    """
    found: list[Difference] = []
    levels = {one.id: one for one in after.levels}
    for one in before.levels:
        found += _fields(one.id.value, "", _content(one), _content(levels[one.id]))
    earlier, later = (rule_set.on(day) for rule_set in (before, after))
    found += _of_all(earlier, later, "threshold", day)
    counted, counting = ([part for part in one.score if part.step_on(day)] for one in (before, after))
    return [*found, *_of_all(counted, counting, "step", day)]


def _of_all(before: Iterable[_Dated], after: Iterable[_Dated], dated: str, day: date) -> list[Difference]:
    found: list[Difference] = []
    earlier, later = ({one.id: one for one in side} for side in (before, after))
    for one_id in sorted(earlier.keys() | later.keys(), key=lambda text: (text[0], int(text[1:]))):
        if one_id in earlier and one_id in later:
            found += _of_one(earlier[one_id], later[one_id], dated, day)
        else:
            title = (earlier.get(one_id) or later[one_id]).title
            found.append(Difference(one_id, title, *(("in force", "") if one_id in earlier else ("", "in force"))))
    return found


def _of_one(before: _Dated, after: _Dated, dated: str, day: date) -> list[Difference]:
    """What two versions of a rule, or of a line, say differently; `dated` is what of it has dates."""
    left, right = _content(before), _content(after)
    del left[dated], right[dated]
    found = _fields(before.id, "", left, right)
    old, new = ([_content(one) for one in getattr(side, dated) if one.in_force(day)] for side in (before, after))
    for number in range(max(len(old), len(new))):
        name = f"{dated} {number + 1}: "
        if number < len(old) and number < len(new):
            found += _fields(before.id, name, old[number], new[number])
        else:
            sides = ("", _number(new[number])) if number >= len(old) else (_number(old[number]), "")
            found.append(Difference(before.id, f"{name}{'value' if dated == 'threshold' else 'points'}", *sides))
    return found


def _fields(of: str, name: str, left: dict[str, Any], right: dict[str, Any]) -> list[Difference]:
    other = [key for key in left if left[key] != right[key]]
    told = [key for key in other if key not in _PROSE] or [key for key in other if key not in ("from", "until")]
    return [Difference(of, f"{name}{key.replace('_', ' ')}", _said(left[key]), _said(right[key])) for key in told]


def _content(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(by_alias=True)


def _number(dated: dict[str, Any]) -> str:
    """A threshold, or a step of a line, in its numbers."""
    if "value" in dated:
        return f"{dated['value']:g} {dated['unit']}, {dated['points']:g} points"
    return f"{dated['points']:g} points for each {dated['each']:g} from {dated['start']:g}, {dated['most']} at most"


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
