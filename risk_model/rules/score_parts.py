"""The list of points that orders the schools: what one line of it says."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ScoreStep(BaseModel):
    """A dated, cited way to count points.

    Attributes:
        from_: first day on which it is in force; until is the last one.
        start, each, most: one count for every full `each` that the figure lies beyond `start`, in the measure's unit,
            `most` at most and never less than none; a negative `each` counts downwards. A line that reads no measure
            counts once.
        points: of each count.
        unknown: the points of a school whose figure is not known.
        unknown_why: why so many.
        stale_after_years: an older figure is as good as not known.
    """

    model_config = _STRICT

    from_: date = Field(alias="from")
    until: date | None = None
    start: float = 0.0
    each: float = Field(default=1.0)
    most: int = Field(default=1, ge=1, le=20)
    points: int = Field(ge=-20, le=20)
    unknown: int = Field(default=0, ge=-20, le=20)
    unknown_why: str = ""
    stale_after_years: float | None = Field(default=None, gt=0)
    why: str = Field(min_length=10)
    reference: str = Field(min_length=5)

    def in_force(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.from_ <= day and (self.until is None or day <= self.until)


class ScorePart(BaseModel):
    """One line of the list: a measure, and the points for its figure.

    Attributes:
        measure: what it reads; None for what every school of the phases has.
        instead: read where the first is not known, or too old.
        sentence: how the points are counted, in words.
        checked_by: the test that works it out by hand.
    """

    model_config = _STRICT

    id: str = Field(pattern=r"^S\d{1,2}$")
    title: str = Field(min_length=5)
    measure: str | None = None
    instead: str | None = None
    phases: tuple[str, ...] = Field(strict=False, min_length=1)
    sentence: str = Field(min_length=5)
    checked_by: str
    next_review: date
    retired_on: date | None = None
    step: tuple[ScoreStep, ...] = Field(strict=False, min_length=1)

    @property
    def measures(self) -> tuple[str, ...]:
        """What it reads, in the order in which it is looked for."""
        return tuple(one for one in (self.measure, self.instead) if one)

    def step_on(self, day: date) -> ScoreStep | None:
        """The way of counting on a day; None where the line is not in force."""
        if self.retired_on is not None and day >= self.retired_on:
            return None
        return next((one for one in self.step if one.in_force(day)), None)
