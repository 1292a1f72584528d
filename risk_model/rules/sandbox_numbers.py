"""The declared numbers that the sandbox reckons with: days of entitlement, and what a small change is."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Priority
from risk_model.rules.changing import Change
from risk_model.rules.reader import RuleSet

_FILE = Path(__file__).parent / "sandbox.toml"
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
_UNITS = frozenset({"pct", "pp", "gbp", "count", "score", "years", "days", "points", "share"})
_HALF_OF_NEAR = 0.5


class Entitlement(BaseModel):
    """Days of support in a year for a school of a place that the LA maintains."""

    model_config = _STRICT

    place: Priority = Field(strict=False)
    days: float = Field(ge=0, le=365)
    why: str = Field(min_length=10)
    reference: str = Field(min_length=5)


class Step(BaseModel):
    """How far a number of a unit is moved where its rule does not say what is near."""

    model_config = _STRICT

    unit: str
    value: float = Field(gt=0)


class SandboxNumbers(BaseModel):
    """What the sandbox reckons with: one entitlement for each place, one step for each unit."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    entitlement: tuple[Entitlement, ...] = Field(strict=False)
    step: tuple[Step, ...] = Field(strict=False)

    @model_validator(mode="after")
    def _complete(self) -> "SandboxNumbers":
        if sorted(one.place for one in self.entitlement) != sorted(Priority):
            raise ValueError("every place has one entitlement")
        if sorted(one.unit for one in self.step) != sorted(_UNITS):
            raise ValueError(f"every unit has one step: {', '.join(sorted(_UNITS))}")
        return self

    @property
    def days(self) -> dict[str, float]:
        """Days a year by place."""
        return {one.place.value: one.days for one in self.entitlement}

    def small_change(self, rule_set: RuleSet, change: Change) -> float | None:
        """How far a changed number is moved to see how firm the list is, in its own unit.

        Returns:
            None where nothing is to be moved: a rule that is off, and a threshold's points.
        """
        steps = {one.unit: one.value for one in self.step}
        if change.field == "min_coverage":
            return steps["share"]
        if not change.test_no:
            return None if change.field == "off" else steps["points"]
        if change.field != "value":
            return None
        rule = next(one for one in rule_set.rules if one.id == change.of)
        threshold = rule.threshold[change.test_no - 1]
        if threshold.near is not None:
            return threshold.near * _HALF_OF_NEAR
        return steps[(threshold.measure or rule.measure).rpartition("_")[2]]


@cache
def read_sandbox_numbers(path: Path = _FILE) -> SandboxNumbers:
    """The declared numbers.

    Raises:
        RulesRefused: the file is missing or not valid.
    """
    try:
        return SandboxNumbers.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise RulesRefused(f"{path.name} is not valid.", str(error).splitlines()) from error
