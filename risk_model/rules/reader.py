"""Read the rule files strictly: dated and cited thresholds, known measures, sentences that can be filled."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Statement
from risk_model.measures.reader import measures_by_id
from risk_model.rules.score_parts import ScorePart

FOLDER = Path(__file__).parent
RULE_FILES = ("outcomes.toml", "leadership.toml", "inspection.toml")
SCORE_FILE = "score.toml"
Direction = Literal["at_least", "at_most"]
PHASES = (
    "nursery",
    "infant",
    "first",
    "primary",
    "junior",
    "middle",
    "secondary",
    "all-through",
    "special",
    "alternative provision",
)
PLACEHOLDER = re.compile(r"\{(value|figure|benchmark|lower|upper|n|period|date)(?::([+£]?)\.(\d)f)?\}")
# not-a-number is no number: a threshold or a level of NaN would never be reached
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Condition(BaseModel):
    """A comparison of another measure, true only where that measure is known."""

    model_config = _STRICT

    measure: str
    raised_when: Direction
    value: float


class Cap(Condition):
    """The most points that a threshold gives where a condition is true."""

    points: float = Field(ge=0)


class Threshold(BaseModel):
    """A dated, cited number. Of a rule's thresholds the first that fits counts.

    Attributes:
        from_: first day on which it is in force; until is the last one.
        significant: the whole interval of the measure must lie beyond zero.
        counts_as_significant: the measure itself is worked out from published limits.
        points: what it adds; negative points protect.
        gate: sets the statement to "unlikely" by itself.
        near: how close to the value counts as a near miss, in the measure's unit.
        stale_after_years, stale_share: older evidence counts for this share, 0 for not at all.
        unless: where true, the threshold does not fit.
        cap: where true, at most so many points.
    """

    model_config = _STRICT

    from_: date = Field(alias="from")
    until: date | None = None
    value: float
    unit: str = Field(min_length=1)
    points: float = Field(ge=-3, le=5)
    why: str = Field(min_length=10)
    reference: str = Field(min_length=5)
    measure: str | None = None
    raised_when: Direction | None = None
    sentence: str | None = None
    significant: bool = False
    counts_as_significant: bool = False
    gate: bool = False
    near: float | None = Field(default=None, gt=0)
    stale_after_years: float | None = Field(default=None, gt=0)
    stale_share: float = Field(default=1.0, ge=0, le=1)
    unless: Condition | None = None
    cap: Cap | None = None

    def in_force(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.from_ <= day and (self.until is None or day <= self.until)


class Rule(BaseModel):
    """A test on a measure that adds points, sets a gate, or protects."""

    model_config = _STRICT

    id: str = Field(pattern=r"^[OLN]\d{1,2}$")
    statement: Statement = Field(strict=False)
    title: str = Field(min_length=5)
    measure: str
    phases: tuple[str, ...] = Field(strict=False, min_length=1)
    core: bool = False
    core_within_months: int | None = None
    raised_when: Direction
    sentence: str
    checked_by: str
    next_review: date
    retired_on: date | None = None
    threshold: tuple[Threshold, ...] = Field(strict=False, min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> "Rule":
        known = measures_by_id()
        for name in self.measures():
            if name not in known:
                raise ValueError(f"{self.id}: there is no measure {name}")
        for phase in self.phases:
            if phase != "all" and phase not in PHASES:
                raise ValueError(f"{self.id}: there is no phase {phase}")
        for sentence in [self.sentence, *(t.sentence for t in self.threshold if t.sentence)]:
            left = PLACEHOLDER.sub("", sentence)
            if "{" in left or "}" in left:
                raise ValueError(f"{self.id}: its sentence has a placeholder that is not known: {sentence}")
        return self

    def measures(self) -> set[str]:
        """Every measure that the rule reads."""
        named = {self.measure}
        for one in self.threshold:
            named |= {m for m in (one.measure, one.unless and one.unless.measure, one.cap and one.cap.measure) if m}
        return named

    def applies_to(self) -> tuple[str, ...]:
        """The phases it applies to, spelt out."""
        return PHASES if "all" in self.phases else self.phases


class StatementLevels(BaseModel):
    """From points to a level, for one statement."""

    model_config = _STRICT

    id: Statement = Field(strict=False)
    unlikely_points: float = Field(gt=0)
    needs_significant: bool
    uncertain_points: float = Field(gt=0)
    protective_cap: float = Field(ge=0)
    min_coverage: float = Field(ge=0, le=1)
    carried_levels_can_stand_in: bool
    why: str


class RuleSet(BaseModel):
    """All rules with one version id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule_set: str
    next_review: date
    rules: tuple[Rule, ...]
    levels: tuple[StatementLevels, ...]
    # a rule set of before there was such a list has none: its schools are in the order of the statement's points
    score: tuple[ScorePart, ...] = ()

    def on(self, day: date) -> tuple[Rule, ...]:
        """The rules in force on a day."""
        return tuple(
            rule
            for rule in self.rules
            if (rule.retired_on is None or day < rule.retired_on) and any(t.in_force(day) for t in rule.threshold)
        )


class _RuleFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    rule: list[Rule]


class _LevelFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    # it stands on every screen and in every export: short, and never markup
    rule_set: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z .+_-]{0,59}$")
    next_review: date
    statement: list[StatementLevels]


class _ScoreFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    part: list[ScorePart]


class _WholeFile(_LevelFile, _RuleFile):
    """A rule set in one file."""

    part: list[ScorePart] = []


Model = TypeVar("Model", bound=BaseModel)


def read_rules(path: Path = FOLDER) -> RuleSet:
    """The rule set of a folder: outcomes.toml, leadership.toml, inspection.toml, levels.toml, score.toml; or of one
    file.

    Raises:
        RulesRefused: a file is missing or not valid, or an id stands twice.
    """
    if path.is_file():
        whole = _read(path, _WholeFile)
        return _checked(whole, whole.rule, whole.part)
    levels = _read(path / "levels.toml", _LevelFile)
    rules = [rule for name in RULE_FILES for rule in _read(path / name, _RuleFile).rule]
    return _checked(levels, rules, _read(path / SCORE_FILE, _ScoreFile).part)


def parse_rules(text: str, name: str = "The rule set") -> RuleSet:
    """The rule set that a text holds, all of it in one, as `rules.writer` writes it.

    Args:
        name: where the text is from, for the errors.
    Raises:
        RulesRefused: it is not valid, or an id stands twice.
    """
    whole = parse_toml(text, name, _WholeFile)
    return _checked(whole, whole.rule, whole.part)


def _checked(levels: _LevelFile, rules: Sequence[Rule], parts: Sequence[ScorePart]) -> RuleSet:
    repeated = sorted(_repeated([*(rule.id for rule in rules), *(part.id for part in parts)]))
    if repeated:
        raise RulesRefused("The rules are not valid.", [f"The id {one} stands twice." for one in repeated])
    twice = sorted(_repeated(one.id for one in levels.statement))
    if twice:
        raise RulesRefused("levels.toml is not valid.", [f"It has levels for {', '.join(twice)} twice."])
    missing = set(Statement) - {one.id for one in levels.statement}
    if missing:
        raise RulesRefused("levels.toml is not valid.", [f"It has no levels for {', '.join(sorted(missing))}."])
    wrong = [problem for part in parts for problem in _problems(part)]
    if wrong:
        raise RulesRefused(f"{SCORE_FILE} is not valid.", wrong)
    return RuleSet(
        rule_set=levels.rule_set,
        next_review=levels.next_review,
        rules=tuple(rules),
        levels=tuple(levels.statement),
        score=tuple(parts),
    )


def _problems(part: ScorePart) -> list[str]:
    """What a line of the score names that there is not, or does not say."""
    known = measures_by_id()
    found = [f"{part.id}: there is no measure {name}" for name in part.measures if name not in known]
    found += [f"{part.id}: there is no phase {phase}" for phase in part.phases if phase not in (*PHASES, "all")]
    if part.instead and not part.measure:
        found.append(f"{part.id}: it has a measure to read instead, and none to read first")
    for step in part.step:
        if step.each == 0:
            found.append(f"{part.id}: each is 0, and nothing can be counted by it")
        if part.measure and not step.unknown_why:
            found.append(f"{part.id}: it does not say why a figure that is not known counts as it does (unknown_why)")
    return found


def _repeated(ids: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {one for one in ids if one in seen or seen.add(one)}  # type: ignore[func-returns-value]


def _read(path: Path, model: type[Model]) -> Model:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise RulesRefused(
            f"{path.name} is missing.", [f"A rule set has {', '.join(RULE_FILES)}, levels.toml and {SCORE_FILE}."]
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise RulesRefused(
            f"{path.name} cannot be read as text.", ["A rule set is TOML in UTF-8. Nothing was changed."]
        ) from error
    return parse_toml(text, path.name, model)


def parse_toml(text: str, name: str, model: type[Model]) -> Model:
    """What a TOML text says, read strictly by a model; also for the other files of declared numbers.

    Args:
        name: where the text is from, for the errors.
    Raises:
        RulesRefused: it is not valid.
    """
    try:
        content: dict[str, Any] = tomllib.loads(text)
        return model.model_validate(content)
    except RecursionError as error:
        raise RulesRefused(f"{name} is not valid TOML: its lists stand too deep in one another.") from error
    except tomllib.TOMLDecodeError as error:
        raise RulesRefused(f"{name} is not valid TOML: {error}.") from error
    except ValidationError as error:
        problems = [f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise RulesRefused(f"{name} is not valid.", problems) from error
