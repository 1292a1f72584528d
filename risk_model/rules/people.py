"""Who is eligible to help, and how a leader is matched to a need: dated, cited declarations, read strictly."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from risk_model.domain.errors import RulesRefused
from risk_model.rules.reader import parse_toml

PEOPLE_FILE = "people.toml"
_DELIVERED = Path(__file__).parent / PEOPLE_FILE
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
_WORD = re.compile(r"[^\W_]+")
EVERY_ROLE = "all"
EligibilityKind = Literal["years_as_head", "home_school_inspection", "designation_held", "home_school_place"]
MatchKind = Literal["specialism", "phase", "distance", "free_days", "eligibility", "track_record", "no_conflict"]


class Step(BaseModel):
    """A dated number or choice, with why and from where.

    Attributes:
        from_: first day on which it is in force; until is the last one.
        reference: a published source, or "our choice".
    """

    model_config = _STRICT

    from_: date = Field(alias="from")
    until: date | None = None
    why: str = Field(min_length=10)
    reference: str = Field(min_length=5)

    def in_force(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.from_ <= day and (self.until is None or day <= self.until)


class EligibilityStep(Step):
    """What a rule asks for.

    Attributes:
        years: for years_as_head, how many at least.
        report_cards: for home_school_inspection, which outcomes of a report card equal good.
        places: for home_school_place, in which places the home school must not be.
    """

    years: float | None = Field(default=None, gt=0, le=50)
    report_cards: tuple[Literal["meets", "mixed", "below"], ...] = Field(default=(), strict=False)
    places: tuple[Literal["priority", "watch", "find out"], ...] = Field(default=(), strict=False)


class MatchStep(Step):
    """The most points of one line of the match; near_km and far_km, in a straight line, for the distance alone."""

    points: int = Field(ge=1, le=20)
    near_km: float | None = Field(default=None, gt=0)
    far_km: float | None = Field(default=None, gt=0)


class SupplyStep(Step):
    """For how many flagged schools without support one leader with free days is enough."""

    schools_per_leader: float = Field(gt=0)


class EligibilityRule(BaseModel):
    """One condition for those who help in some roles. It never hides anybody."""

    model_config = _STRICT

    id: str = Field(pattern=r"^E\d{1,2}$")
    title: str = Field(min_length=5)
    kind: EligibilityKind
    roles: tuple[str, ...] = Field(strict=False, min_length=1)
    next_review: date
    step: tuple[EligibilityStep, ...] = Field(strict=False, min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        needed = {"years_as_head": "years", "home_school_inspection": "report_cards", "home_school_place": "places"}
        name = needed.get(self.kind)
        for step in self.step:
            given = [field for field in needed.values() if getattr(step, field)]
            if given != ([name] if name else []):
                raise ValueError(f"{self.id}: a step of {self.kind} has {name or 'no number'}, and nothing else")
        return self

    def applies_to(self, role: str) -> bool:
        """Whether the condition is one for this role."""
        return EVERY_ROLE in self.roles or role in self.roles

    def step_on(self, day: date) -> EligibilityStep | None:
        """What it asks for on a day; None where it is not in force."""
        return next((one for one in self.step if one.in_force(day)), None)


class MatchLine(BaseModel):
    """One line of the match: what is compared, and for how many points."""

    model_config = _STRICT

    id: str = Field(pattern=r"^M\d{1,2}$")
    title: str = Field(min_length=5)
    kind: MatchKind
    next_review: date
    step: tuple[MatchStep, ...] = Field(strict=False, min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for step in self.step:
            has = (step.near_km is not None, step.far_km is not None)
            if has != ((True, True) if self.kind == "distance" else (False, False)):
                raise ValueError(f"{self.id}: near_km and far_km are there for the distance, and for nothing else")
            if step.near_km is not None and step.far_km is not None and step.near_km > step.far_km:
                raise ValueError(f"{self.id}: near_km is more than far_km")
        return self

    def step_on(self, day: date) -> MatchStep | None:
        """How it counts on a day; None where it is not in force."""
        return next((one for one in self.step if one.in_force(day)), None)


class TermStart(BaseModel):
    """A school term for the count of days: its name, and month and day on which it starts."""

    model_config = _STRICT

    name: str = Field(pattern=r"^[a-z][a-z0-9 ]{1,19}$")
    starts: str = Field(pattern=r"^\d\d-\d\d$")

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:
        # not a leap year: a term that starts on 29 February would start nowhere in most years
        date.fromisoformat(f"2001-{self.starts}")
        return self

    def in_year(self, year: int) -> date:
        """Its first day in a calendar year."""
        return date.fromisoformat(f"{year}-{self.starts}")


class Topic(BaseModel):
    """What needs, specialisms and strengths are about, in the words by which people write it."""

    model_config = _STRICT

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=3)
    words: tuple[str, ...] = Field(strict=False, min_length=1)

    def is_in(self, text: str) -> bool:
        """Whether a text names it, in whole words and whatever the capitals."""
        said = _spaced(text)
        return any(_spaced(word) in said for word in self.words)


class _PeopleFile(BaseModel):
    """What people.toml holds."""

    model_config = _STRICT

    version: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z .+_-]{0,59}$")
    next_review: date
    exclude_own_locality: bool
    exclude_why: str = Field(min_length=10)
    term: tuple[TermStart, ...] = Field(strict=False, min_length=1, max_length=6)
    eligibility: tuple[EligibilityRule, ...] = Field(strict=False)
    match: tuple[MatchLine, ...] = Field(strict=False)
    supply: tuple[SupplyStep, ...] = Field(strict=False, min_length=1)
    topic: tuple[Topic, ...] = Field(strict=False, min_length=1)


class PeopleRules(_PeopleFile):
    """Everything that people.toml declares.

    Attributes:
        is_own: the LA's own copy was read, not the delivered one.
    """

    is_own: bool

    def topics_in(self, text: str | None) -> tuple[Topic, ...]:
        """The topics that a text names, in the order of the file; none where nothing is said."""
        return tuple(one for one in self.topic if text and one.is_in(text))

    def lines_on(self, day: date) -> tuple[tuple[MatchLine, MatchStep], ...]:
        """The lines of the match that are in force on a day, each with how it counts then."""
        steps = ((line, line.step_on(day)) for line in self.match)
        return tuple((line, step) for line, step in steps if step is not None)

    def supply_on(self, day: date) -> SupplyStep | None:
        """What counts as short on a day; None where nothing is declared for it."""
        return next((one for one in self.supply if one.in_force(day)), None)


def read_people_rules(roles: Collection[str], own_folder: Path | None = None) -> PeopleRules:
    """The declarations about people: an LA's own people.toml where its folder has one, else the delivered file.

    Args:
        roles: the words that a role may have; a rule for any other would never apply.
        own_folder: the data directory.
    Raises:
        RulesRefused: the file cannot be read, is not valid, names a role that there is not, or an id stands twice.
    """
    own = own_folder / PEOPLE_FILE if own_folder is not None else None
    if own is None or not own.is_file():
        return PeopleRules(**dict(_checked(_read(_DELIVERED), roles, PEOPLE_FILE)), is_own=False)
    return PeopleRules(**dict(_checked(_read(own), roles, f"The LA's own {PEOPLE_FILE}")), is_own=True)


def _read(path: Path) -> _PeopleFile:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesRefused(
            f"{PEOPLE_FILE} cannot be read as text.",
            ["It is TOML in UTF-8. Correct it, or take it away: then the delivered one is read."],
        ) from error
    return parse_toml(text, PEOPLE_FILE, _PeopleFile)


def _checked(rules: _PeopleFile, roles: Collection[str], name: str) -> _PeopleFile:
    ids = [*(one.id for one in rules.eligibility), *(one.id for one in rules.match), *(one.id for one in rules.topic)]
    problems = [f"{one} stands twice." for one in _repeated(ids)]
    problems += [f"The term {one} stands twice." for one in _repeated(one.name for one in rules.term)]
    problems += [f"Two terms start on {one}." for one in _repeated(one.starts for one in rules.term)]
    problems += [f"{one} counts twice in the match." for one in _repeated(one.kind for one in rules.match)]
    problems += [
        f"{rule.id}: there is no role {role}."
        for rule in rules.eligibility
        for role in rule.roles
        if role != EVERY_ROLE and role not in roles
    ]
    if problems:
        raise RulesRefused(f"{name} is not valid.", [*problems, "Correct it, or take it away."])
    return rules


def _repeated(words: Iterable[str]) -> list[str]:
    listed = list(words)
    return sorted({one for one in listed if listed.count(one) > 1})


def _spaced(text: str) -> str:
    """A text as its words between single spaces, so that a phrase is found at whole words only."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "
