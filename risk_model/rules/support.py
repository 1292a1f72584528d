"""Read what an LA may settle about support: areas of need, entitlement, when help counts as stale."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Priority
from risk_model.rules.reader import FOLDER

SUPPORT_FILE = "support.toml"
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Area(BaseModel):
    """One area of need.

    Attributes:
        rules: a school has the need where one of them is raised.
        support: kinds of support that answer it.
        topics: ids of what a system leader's specialism should be about (topics of people.toml).
    """

    model_config = _STRICT

    id: str = Field(pattern="^[a-z_]+$")
    title: str = Field(min_length=3)
    rules: tuple[str, ...] = Field(strict=False)
    support: tuple[str, ...] = Field(strict=False, min_length=1)
    topics: tuple[str, ...] = Field(strict=False, min_length=1)


class Entitlement(BaseModel):
    """How many person-days a year a maintained school of this priority may expect."""

    model_config = _STRICT

    priority: str
    days: float = Field(ge=0)
    why: str = Field(min_length=1)


class SupportSettings(BaseModel):
    """All of support.toml.

    Attributes:
        from_: the day from which they hold.
        source: where they were read: the product's own file, or the LA's.
    """

    model_config = ConfigDict(**_STRICT, populate_by_name=True)

    from_: date = Field(alias="from")
    stale_after_days: int = Field(ge=1)
    why_stale: str = Field(min_length=1)
    areas: tuple[Area, ...] = Field(alias="area", strict=False, min_length=1)
    entitlements: tuple[Entitlement, ...] = Field(alias="entitlement", strict=False)
    is_own: bool = False

    @model_validator(mode="after")
    def _check(self) -> "SupportSettings":
        for what, given in (("area", [one.id for one in self.areas]), ("rule", _all_rules(self.areas))):
            twice = sorted(name for name, count in Counter(given).items() if count > 1)
            if twice:
                raise ValueError(f"{what} {twice[0]} is there twice")
        priorities = [one.priority for one in self.entitlements]
        wanted = [priority.value for priority in Priority]
        if sorted(priorities) != sorted(wanted):
            raise ValueError(f"one entitlement is needed for each of: {', '.join(wanted)}")
        return self

    def days_for(self, priority: str) -> float:
        """The person-days a year that a maintained school of this priority may expect."""
        return next(one.days for one in self.entitlements if one.priority == priority)

    def area_of_rule(self, rule_id: str) -> Area | None:
        """The area in which a raised rule shows a need; None for rules that carry another's or protect."""
        return next((area for area in self.areas if rule_id in area.rules), None)


def _all_rules(areas: tuple[Area, ...]) -> list[str]:
    return [rule for area in areas for rule in area.rules]


def read_support_settings(data_folder: Path | None = None) -> SupportSettings:
    """The settings of support: the LA's own where its data directory has them, else the product's.

    Raises:
        RulesRefused: the file is not valid; says what and where.
    """
    own = None if data_folder is None else data_folder / SUPPORT_FILE
    is_own = own is not None and own.is_file()
    path = own if own is not None and is_own else FOLDER / SUPPORT_FILE
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return SupportSettings(**given, is_own=is_own)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesRefused(f"{SUPPORT_FILE} cannot be read: {error}.", [_WHAT_TO_DO]) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}." for one in error.errors()]
        raise RulesRefused(f"{SUPPORT_FILE} is not valid.", [*problems, _WHAT_TO_DO]) from error


_WHAT_TO_DO = f"Correct {SUPPORT_FILE} in the data directory, or take it away to use the product's own."
