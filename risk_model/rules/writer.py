"""Write a rule set as one TOML file, which `rules.reader` reads back equal."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from risk_model.rules.reader import RuleSet


def write_rules(rule_set: RuleSet) -> str:
    """A rule set as TOML: its id, the levels, every rule with all its dated thresholds, the list of the score.

    Returns:
        The same text for the same rule set, always; `parse_rules` makes the same rule set of it.
    """
    head = [f"rule_set = {_value(rule_set.rule_set)}", f"next_review = {_value(rule_set.next_review)}"]
    tables = [["[[statement]]", *_lines(_content(one))] for one in rule_set.levels]
    for rule in rule_set.rules:
        content = _content(rule)
        thresholds = content.pop("threshold")
        tables.append(["[[rule]]", *_lines(content)])
        tables += [["[[rule.threshold]]", *_lines(one)] for one in thresholds]
    for part in rule_set.score:
        content = _content(part)
        steps = content.pop("step")
        tables.append(["[[part]]", *_lines(content)])
        tables += [["[[part.step]]", *_lines(one)] for one in steps]
    return "\n\n".join("\n".join(lines) for lines in [head, *tables]) + "\n"


def fingerprint(rule_set: RuleSet) -> str:
    """Twelve characters that are others as soon as anything in the rule set is another, its id included."""
    return hashlib.sha256(write_rules(rule_set).encode()).hexdigest()[:12]


def _content(model: BaseModel) -> dict[str, Any]:
    """What was said of it, under the names of the file; what was left to its default stays out."""
    content = model.model_dump(by_alias=True, exclude_defaults=True)
    return {name: value for name, value in content.items() if value is not None}


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{name} = {_value(value)}" for name, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # TOML's strings are JSON's, but for one character that it wants escaped
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_lines({k: v for k, v in value.items() if v is not None})) + " }"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(f"A rule set has no {type(value).__name__}.")
