"""Read the ladders of escalation: which steps there are, which come first, what is asked before each."""

import tomllib
from collections import Counter
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Route
from risk_model.rules.reader import FOLDER

ESCALATION_FILE = "escalation.toml"
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
_ID = Field(pattern="^[a-z_]{3,60}$")


class Check(BaseModel):
    """A question that is asked before a step.

    Attributes:
        for_church_schools: it is asked only of a school of a diocese.
    """

    model_config = _STRICT

    id: str = _ID
    text: str = Field(min_length=5)
    reference: str = ""
    for_church_schools: bool = False


class Step(BaseModel):
    """One step of a ladder.

    Attributes:
        says: what it is; reference: the law or guidance that says so, "" where it is our own choice.
        first: steps that must have been taken before, all of them.
        checks: ids of the questions that are asked before it.
        answers: steps whose wait for an answer it ends.
        answer_days: days in which the other side is to answer or comply; None where nothing is waited for.
        papers: what is put on file.
        status: what the referral of an academy becomes; "" on the ladder of maintained schools.
    """

    model_config = _STRICT

    id: str = _ID
    title: str = Field(min_length=3)
    says: str = Field(min_length=5)
    reference: str = ""
    first: tuple[str, ...] = Field(strict=False)
    checks: tuple[str, ...] = Field(strict=False, default=())
    answers: tuple[str, ...] = Field(strict=False, default=())
    answer_days: int | None = Field(ge=1, le=365, default=None)
    papers: tuple[str, ...] = Field(strict=False, default=())
    status: str = ""


class Ladder(BaseModel):
    """The steps for one kind of school, in their order.

    Attributes:
        route: of the schools it is for.
        not_for: types of school of that route to which its law does not apply by itself; not_for_why says why.
    """

    model_config = _STRICT

    id: str = _ID
    route: str
    title: str = Field(min_length=3)
    not_for: tuple[str, ...] = Field(strict=False, default=())
    not_for_why: str = ""
    steps: tuple[Step, ...] = Field(alias="step", strict=False, min_length=1)

    @model_validator(mode="after")
    def _check(self) -> "Ladder":
        before: set[str] = set()
        for step in self.steps:
            late = sorted((set(step.first) | set(step.answers)) - before)
            if late:
                raise ValueError(f"{step.id} leans on {late[0]}, which does not stand before it")
            if step.id in before:
                raise ValueError(f"step {step.id} is there twice")
            if bool(step.status) != (self.route == Route.REGIONAL_DIRECTOR):
                raise ValueError(f"{step.id}: a step has a status on the ladder of academies, and on no other")
            before.add(step.id)
        if bool(self.not_for) != bool(self.not_for_why):
            raise ValueError(f"{self.id}: not_for and not_for_why belong together")
        return self

    def step(self, step_id: str) -> Step | None:
        """The step of an id; None where there is none, or no longer."""
        return next((one for one in self.steps if one.id == step_id), None)

    def place(self, step_id: str) -> int:
        """The place of a step, counted from 1; 0 where there is none."""
        return next((place for place, one in enumerate(self.steps, start=1) if one.id == step_id), 0)

    def missing_before(self, step: Step, taken: Collection[str]) -> list[Step]:
        """The steps that must come before one and have not been taken, in their order."""
        return [one for one in self.steps if one.id in step.first and one.id not in taken]


class Comparison(BaseModel):
    """One of the comparisons by which the law calls standards low, and what evidences it.

    Attributes:
        rules: any of these, raised.
        ranks: measures of a school's place among similar schools, as a percentile; any of these `below` evidences it.
    """

    model_config = _STRICT

    id: str = _ID
    title: str = Field(min_length=3)
    rules: tuple[str, ...] = Field(strict=False, min_length=1)
    ranks: tuple[str, ...] = Field(strict=False, default=())
    below: float = Field(ge=0, le=100, default=0.0)


class LowStandards(BaseModel):
    """By what standards may be called low, and how many comparisons we ask for."""

    model_config = _STRICT

    needed: int = Field(ge=1)
    reference: str = Field(min_length=3)
    why: str = Field(min_length=3)
    comparisons: tuple[Comparison, ...] = Field(alias="comparison", strict=False, min_length=1)


class EscalationSettings(BaseModel):
    """All of escalation.toml.

    Attributes:
        from_: the day from which it holds.
        is_own: whether it is the LA's own file.
    """

    model_config = ConfigDict(**_STRICT, populate_by_name=True)

    from_: date = Field(alias="from")
    why: str = Field(min_length=3)
    low_standards: LowStandards
    ladders: tuple[Ladder, ...] = Field(alias="ladder", strict=False)
    checks: tuple[Check, ...] = Field(alias="check", strict=False)
    is_own: bool = False

    @model_validator(mode="after")
    def _check(self) -> "EscalationSettings":
        routes = [one.route for one in self.ladders]
        wanted = [Route.LA_SUPPORT.value, Route.REGIONAL_DIRECTOR.value]
        if sorted(routes) != sorted(wanted):
            raise ValueError(f"one ladder is needed for each of: {', '.join(wanted)}")
        steps = [step for ladder in self.ladders for step in ladder.steps]
        compared = [rule for one in self.low_standards.comparisons for rule in one.rules]
        for what, given in (
            ("step", [step.id for step in steps]),
            ("check", [one.id for one in self.checks]),
            ("rule", compared),
            ("status", [step.status for step in steps if step.status]),
        ):
            twice = sorted(name for name, count in Counter(given).items() if count > 1)
            if twice:
                raise ValueError(f"{what} {twice[0]} is there twice")
        known = {one.id for one in self.checks}
        for step in steps:
            lost = [one for one in step.checks if one not in known]
            if lost:
                raise ValueError(f"{step.id} asks {lost[0]}, which is no check")
        if self.low_standards.needed > len(self.low_standards.comparisons):
            raise ValueError("low_standards needs more comparisons than there are")
        return self

    def ladder_for(self, route: str) -> Ladder | None:
        """The ladder for schools of a route; None for schools out of scope."""
        return next((one for one in self.ladders if one.route == route), None)

    def checks_of(self, step: Step, *, is_church_school: bool) -> list[Check]:
        """The questions that are asked before a step at a school, in the order of the step."""
        by_id = {one.id: one for one in self.checks}
        asked = [by_id[one] for one in step.checks]
        return [one for one in asked if is_church_school or not one.for_church_schools]


def read_escalation_settings(data_folder: Path | None = None) -> EscalationSettings:
    """The ladders: the LA's own where its data directory has them, else the product's.

    Raises:
        RulesRefused: the file is not valid; says what and where.
    """
    own = None if data_folder is None else data_folder / ESCALATION_FILE
    is_own = own is not None and own.is_file()
    path = own if own is not None and is_own else FOLDER / ESCALATION_FILE
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return EscalationSettings(**given, is_own=is_own)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesRefused(f"{ESCALATION_FILE} cannot be read: {error}.", [_WHAT_TO_DO]) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}." for one in error.errors()]
        raise RulesRefused(f"{ESCALATION_FILE} is not valid.", [*problems, _WHAT_TO_DO]) from error


_WHAT_TO_DO = f"Correct {ESCALATION_FILE} in the data directory, or take it away to use the product's own."
