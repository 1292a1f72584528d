"""Read measures.toml and the .sql files beside it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from risk_model.domain.errors import RulesRefused

FOLDER = Path(__file__).parent
Polarity = Literal["low_is_concern", "high_is_concern", "high_is_good", "none"]


class Break(BaseModel):
    """A year from which on a measure's figures are not compared with earlier ones.

    Attributes:
        since: the first academic year of the new figures, as "2022-2023".
        why: what changed.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    since: str = Field(pattern=r"^\d{4}-\d{4}$")
    why: str


class Measure(BaseModel):
    """One figure for a school and a period.

    Attributes:
        id: ends in the unit.
        unit: in words, as screens show it.
        decimals: how many the screen shows.
        source: the source it is worked out from, or "model".
        years: of how many years it is worked out, counted back from its own; 1 where it pools years but takes none
            of a predecessor school's as soon as there is one of the school's own.
        caveat: what a reader should know before comparing.
        breaks: where its years cannot be compared, oldest first.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*_(pct|pp|gbp|count|score|years|days)$")
    label: str
    unit: str
    polarity: Polarity
    decimals: int = Field(ge=0, le=3)
    source: str
    years: int = Field(default=1, ge=1)
    caveat: str = ""
    breaks: tuple[Break, ...] = Field(default=(), strict=False)

    @property
    def sql(self) -> str:
        """The measure's SQL: one statement, from its file."""
        return (FOLDER / f"{self.id}.sql").read_text("utf-8")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    measure: list[Measure]


@cache
def read_measures() -> tuple[Measure, ...]:
    """Every measure, in the order in which they are worked out.

    Raises:
        RulesRefused: the file is not valid, an id stands twice, or a .sql file is missing.
    """
    path = FOLDER / "measures.toml"
    try:
        measures = _File.model_validate(tomllib.loads(path.read_text("utf-8"))).measure
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise RulesRefused(f"{path.name} is not valid.", str(error).splitlines()) from error
    ids = [measure.id for measure in measures]
    problems = [f"{one} stands twice." for one in sorted({i for i in ids if ids.count(i) > 1})]
    problems += [f"{one}.sql is missing." for one in ids if not (FOLDER / f"{one}.sql").exists()]
    if problems:
        raise RulesRefused(f"{path.name} is not valid.", problems)
    return tuple(measures)


def measures_by_id() -> dict[str, Measure]:
    """Every measure by its id."""
    return {measure.id: measure for measure in read_measures()}
